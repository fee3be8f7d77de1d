"""Which whole state of store, keywords and vectors is current: building, following the folder, repairing.

A build adds rows that nobody sees yet, brings keywords and vectors up to them, and then makes all of it current with
one SQLite commit. Killed at any moment, the last whole generation answers, and the next build goes on from there.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from index.encoder import Encoder, Ids, StaticEncoder, load
from index.keywords import KeywordIndex
from index.store import FORMAT, Store
from index.vectors import VectorIndex
from index.words import words
from ingest.clean import plain
from ingest.library import Problem, scan
from ingest.split import split
from records import Passage, Report
from settings import Settings

STORE = "reports.sqlite"
KEYWORDS = "keywords"
#: Reports that are encoded and committed together.
_BATCH = 64
#: A longer title is a first sentence, not a name.
LONGEST_TITLE = 120


class Busy(RuntimeError):
    """Another build of the same index is running."""


class NoIndex(RuntimeError):
    """There is no index to open; the text says the command that builds one."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did, by path."""

    generation: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    twice: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...]
    passages: int
    seconds: float


def build(settings: Settings, say: Callable[[str], None] = lambda _: None) -> Built:
    """Makes the index at ``settings.index`` follow the folder ``settings.reports``; only what changed is encoded.

    Raises NotADirectoryError for a folder that is none, Busy when another build runs, ModelMissing.
    """
    if not settings.reports.is_dir():
        raise NotADirectoryError(
            f"{settings.reports} is not a folder. Name the folder of reports with --reports or WENBAO_REPORTS."
        )
    settings.index.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(settings.index / "lock", timeout=0), Store(settings.index / STORE) as store:
            return _Build(settings, store, say).run()
    except Timeout:
        raise Busy(f"Another build of {settings.index} is running. Wait for it to end.") from None


class _Build:
    def __init__(self, settings: Settings, store: Store, say: Callable[[str], None]) -> None:
        self._settings, self._store, self._say = settings, store, say
        self._encoder = load(settings.model)
        self._current = store.generation
        self._next = self._current + 1
        self._made_by = f"{self._encoder.name} format {FORMAT} size {settings.passage_size}"

    def run(self) -> Built:
        begun = time.monotonic()
        store, known = self._store, self._store.known()
        if store.meta("started_by") != self._made_by:
            known = {}
            with store.transaction():
                store.retire(store.known(), self._next)
                store.set_meta("started_by", self._made_by)
        found = scan(self._settings.reports, known)
        dead = self._retire(found.gone)
        for first in range(0, len(found.added) + len(found.changed), _BATCH):
            batch = [*found.added, *found.changed][first : first + _BATCH]
            self._add(batch)
            self._say(f"{first + len(batch)} of {len(found.added) + len(found.changed)} reports")
        if found.added or found.changed or dead or store.unfinished(self._current) or faults(self._settings, store):
            self._derive()
        return Built(
            store.generation,
            tuple(report.path for report in found.added),
            tuple(report.path for report in found.changed),
            tuple(found.gone),
            len(found.unchanged),
            tuple(found.twice),
            tuple(found.problems),
            store.count(store.generation),
            time.monotonic() - begun,
        )

    def _retire(self, paths: Sequence[str]) -> list[int]:
        if not paths:
            return []
        with self._store.transaction():
            return self._store.retire(paths, self._next)

    def _add(self, reports: Sequence[Report]) -> None:
        split_reports = [(report, split(report, self._settings.passage_size)) for report in reports]
        texts = [searchable(report, passage) for report, passages in split_reports for passage in passages]
        tokens, vectors = encode(self._encoder, texts)
        with self._store.transaction():
            self._store.retire([report.path for report in reports], self._next)
            first = 0
            for report, passages in split_reports:
                last = first + len(passages)
                self._store.add(report, passages, tokens[first:last], vectors[first:last], self._next)
                first = last

    def _derive(self) -> None:
        """Brings keywords and vectors to the next generation, then makes it current."""
        store, folder = self._store, self._settings.index
        reports = store.reports(self._next)
        rows = list(store.passages(self._next))
        keywords = KeywordIndex(folder / KEYWORDS)
        held, alive = store.ids(self._current), {passage.id for passage, *_ in rows}
        if len(keywords) < len(held):
            keywords.clear()
            held = set()
        keywords.change(
            (passage.id, words(searchable(reports[row], passage)))
            for passage, row, *_ in rows
            if passage.id not in held
        )
        path = vectors_path(folder, self._next)
        ids = np.array([passage.id for passage, *_ in rows], dtype=np.int64)
        stacked = [vector for *_, vector in rows]
        vectors = np.stack(stacked) if stacked else np.zeros((0, self._encoder.dimension), dtype=np.float32)
        VectorIndex.build(ids, vectors).write(path)
        with store.transaction():
            for key, value in {
                "generation": self._next,
                "vectors_sha256": sha256(path),
                "made_by": self._made_by,
                "model": self._settings.model,
            }.items():
                store.set_meta(key, str(value))
            # the generation before stays for readers that hold it
            store.forget(self._current)
        keywords.change((), held - alive)
        for old in folder.glob("vectors-*.faiss"):
            if old not in (path, vectors_path(folder, self._current)):
                old.unlink()


def encode(encoder: Encoder, texts: Sequence[str]) -> tuple[list[Ids], np.ndarray]:
    """The distinct tokens and the vector of each text; no tokens for a model that is not static."""
    if isinstance(encoder, StaticEncoder):
        ids = encoder.token_ids(texts)
        return [np.unique(text) for text in ids], encoder.mean(ids)
    return [np.zeros(0, dtype=np.uint16) for _ in texts], encoder.encode(texts)


def searchable(report: Report, passage: Passage) -> str:
    """What a passage is found by: the report's title, the headings above it, and its words."""
    title = report.title if len(report.title) <= LONGEST_TITLE else ""
    headings = [heading for heading in passage.headings if heading != title]
    return "\n".join(filter(None, [title, *headings, plain(report.text[passage.start : passage.end])]))


def vectors_path(folder: Path, generation: int) -> Path:
    """Where the vectors of ``generation`` are."""
    return folder / f"vectors-{generation}.faiss"


def sha256(path: Path) -> str:
    """The hex SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify(settings: Settings) -> list[str]:
    """What is wrong with the index, a sentence each; empty when it is whole. ``build`` repairs it.

    Raises NoIndex when there is none.
    """
    with open_store(settings) as store:
        reports = store.reports(store.generation)
        outside = [
            f"Passage {passage.id} of {reports[row].path} lies outside its report."
            for passage, row, *_ in store.passages(store.generation)
            if not 0 <= passage.start < passage.end <= len(reports[row].text)
        ]
        return outside + faults(settings, store)


def faults(settings: Settings, store: Store) -> list[str]:
    """What is wrong with the files derived from the store's current generation, a sentence each."""
    path = vectors_path(settings.index, store.generation)
    found = []
    if not path.exists():
        found.append(f"{path.name} is missing.")
    elif sha256(path) != store.meta("vectors_sha256"):
        found.append(f"{path.name} is not what was written.")
    keywords, passages = len(KeywordIndex(settings.index / KEYWORDS)), store.count(store.generation)
    if keywords < passages:
        found.append(f"{KEYWORDS} holds {keywords} of {passages} passages.")
    return found


def open_store(settings: Settings) -> Store:
    """The store of a built index. Raises NoIndex."""
    path = settings.index / STORE
    command = f"python -m index build --reports {settings.reports} --index {settings.index}"
    if not path.is_file():
        raise NoIndex(f"There is no index at {settings.index}. Build one: {command}")
    store = Store(path)
    if store.generation == 0:
        store.__exit__()
        raise NoIndex(f"The index at {settings.index} was never finished. Build it: {command}")
    return store
