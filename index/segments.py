"""What search needs of the passages, in files that are mapped, not read: columns, tokens, vectors.

A segment holds the passages of a stretch of ids; it is written once and never changed. A few of them, the largest
first, are a generation. What died since is left out by whoever reads.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoder import Ids
from index.store import Rows
from index.vectors import VectorIndex

#: A passage: its id, its report's row, is it Chinese, and where its tokens end.
_COLUMNS = np.dtype([("id", "<i8"), ("report", "<i4"), ("chinese", "?"), ("end", "<i8")])
#: Texts whose tokens are counted together.
COUNTED = 10_000
_FILES = ("passages.npy", "tokens.npy", "frequency.npy", "vectors.faiss")


@dataclass(frozen=True, slots=True)
class Kept:
    """What a generation notes of a segment: its folder, how large and with which SHA-256, and its first id."""

    name: str
    bytes: int
    sha256: str
    first: int


class Segment:
    """Passages with ascending ids: ids [n], reports [n], chinese [n], ends [n] of their stretch of tokens, as read.

    ``frequency[t]`` of them hold token t, for the tokens up to the highest there is.
    """

    def __init__(self, columns: NDArray[np.void], tokens: Ids, frequency: NDArray[np.int32], vectors: VectorIndex):
        self.columns, self.tokens, self.frequency, self.vectors = columns, tokens, frequency, vectors

    @classmethod
    def build(cls, rows: Rows) -> Segment:
        """A segment of these passages."""
        columns = np.zeros(len(rows.ids), dtype=_COLUMNS)
        columns["id"], columns["report"], columns["chinese"] = rows.ids, rows.reports, rows.chinese
        columns["end"] = np.cumsum(rows.counts)
        return cls(columns, rows.tokens, frequencies(rows.tokens, rows.counts), VectorIndex.build(rows.vectors))

    @classmethod
    def read(cls, folder: Path, kept: Kept) -> Segment:
        """The segment that ``write`` left in ``folder``, mapped. Raises OSError, ValueError or RuntimeError."""
        folder = folder / kept.name
        if (there := size(folder)) != kept.bytes:  # mapping a file cut short could end the process
            raise ValueError(f"{kept.name} is {'missing' if there < 0 else 'not what was written'}")
        columns, tokens, frequency = (np.load(folder / name, mmap_mode="r") for name in _FILES[:3])
        return cls(columns, np.asarray(tokens), np.asarray(frequency), VectorIndex.read(folder / _FILES[3]))

    def write(self, folder: Path) -> Kept:
        """Written beside, flushed, then renamed: the folder is there whole or not at all."""
        beside = folder.with_suffix(".part")
        for old in (beside, folder):
            shutil.rmtree(old, ignore_errors=True)
        beside.mkdir(parents=True)
        np.save(beside / _FILES[0], self.columns)
        np.save(beside / _FILES[1], self.tokens)
        np.save(beside / _FILES[2], self.frequency)
        self.vectors.write(beside / _FILES[3])
        for path in (*(beside / name for name in _FILES), beside):
            _flush(path)
        beside.rename(folder)
        _flush(folder.parent)
        return Kept(folder.name, size(folder), checksum(folder), int(self.columns["id"][0]) if len(self) else 0)

    def __len__(self) -> int:
        return len(self.columns)


def frequencies(tokens: Ids, counts: NDArray[np.int64]) -> NDArray[np.int32]:
    """In how many texts each token is, for those up to the highest: text after text, ``counts`` long."""
    found, ends = np.zeros(0, dtype=np.int64), np.concatenate([[0], np.cumsum(counts)])
    for first in range(0, len(counts), COUNTED):
        some = counts[first : first + COUNTED]
        held = tokens[ends[first] : ends[first + len(some)]].astype(np.int64)
        once = np.unique(np.repeat(np.arange(len(some)), some) << 32 | held) & 0xFFFFFFFF
        more = np.bincount(once, minlength=len(found))
        more[: len(found)] += found
        found = more
    return found.astype(np.int32)


def reports_of(folder: Path) -> NDArray[np.int32]:
    """The row of its report for each passage of the segment in ``folder``."""
    reports: NDArray[np.int32] = np.load(folder / _FILES[0], mmap_mode="r")["report"]
    return reports


def size(folder: Path) -> int:
    """The bytes of a segment's files; -1 when one is missing."""
    try:
        return sum((folder / name).stat().st_size for name in _FILES)
    except OSError:
        return -1


def checksum(folder: Path) -> str:
    """The hex SHA-256 of a segment's files, one after the other."""
    digests = hashlib.sha256()
    for name in _FILES:
        with (folder / name).open("rb") as file:
            digests.update(hashlib.file_digest(file, "sha256").digest())
    return digests.hexdigest()


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
