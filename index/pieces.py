"""What search needs to know of every piece of a vocabulary; made once, with the model."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from index.encoder import Ids, StaticEncoder, Token, Vectors

#: So many pieces near to each are noted, the piece itself among them.
NOTED = 16
#: The tokens of a passage from anywhere.
_USUAL_LENGTH = 120.0
_FILE = "pieces.safetensors"
#: Pieces whose neighbours are looked for at once.
_AT_ONCE = 512
#: One vector in so many tells a model from others.
_MARKED = 101


@dataclass(frozen=True, slots=True)
class Pieces:
    """By piece: ``usual`` is the share of passages anywhere that hold it, ``says`` whether it has a letter or a digit.

    ``nearest`` [pieces, NOTED] are the pieces nearest to it that say something, nearest first; None if not noted.
    """

    usual: NDArray[np.float32]
    says: NDArray[np.bool_]
    nearest: Ids | None = None

    @classmethod
    def of(cls, encoder: StaticEncoder) -> Pieces:
        """What was noted with the model; all but ``nearest`` is found out if nothing was, or of another model."""
        try:
            noted = load_file(encoder.folder / _FILE)
            if noted["model"].tobytes() == _mark(encoder):
                return cls(noted["usual"], noted["says"], noted["nearest"])
        except (OSError, SafetensorError, KeyError):
            pass
        return cls(_usual_share(encoder), _says(encoder))


def note(folder: Path) -> None:
    """Writes beside the model in ``folder`` what ``Pieces.of`` reads; takes minutes for 126,000 pieces."""
    encoder = StaticEncoder(folder)
    says, everything = _says(encoder), np.arange(len(encoder.vectors), dtype=Token)
    blocks = (everything[first : first + _AT_ONCE] for first in range(0, len(everything), _AT_ONCE))
    found = np.concatenate([nearest(encoder, says, encoder.units(block)) for block in blocks])
    model = np.frombuffer(_mark(encoder), dtype=np.uint8)
    tensors = {"usual": _usual_share(encoder), "says": says, "nearest": found, "model": model}
    save_file(tensors, folder / _FILE)


def nearest(encoder: StaticEncoder, says: NDArray[np.bool_], units: Vectors) -> Ids:
    """The pieces nearest to each of ``units`` [n, dimension] among those that say something, nearest first.

    NOTED for each, or as many as there are.
    """
    near = units @ encoder.vectors.T
    near *= says / np.maximum(encoder.lengths, 1e-9)
    k = min(NOTED, near.shape[1])
    best = np.argpartition(near, -k, axis=1)[:, -k:]
    order = np.argsort(-np.take_along_axis(near, best, axis=1), axis=1, kind="stable")
    found: Ids = np.take_along_axis(best, order, axis=1).astype(Token)
    return found


def _mark(encoder: StaticEncoder) -> bytes:
    """What tells a model from others: a digest of some of its vectors, as reading all would take longer."""
    return hashlib.sha256(encoder.vectors[::_MARKED].tobytes() + str(encoder.vectors.shape).encode()).digest()


def _says(encoder: StaticEncoder) -> NDArray[np.bool_]:
    """Has the piece a letter or a digit?"""
    says = np.zeros(len(encoder.vectors), dtype=bool)
    for piece, token in encoder.tokenizer.get_vocab().items():
        if token < len(says):
            says[token] = any(letter.isalnum() for letter in piece)
    return says


def _usual_share(encoder: StaticEncoder) -> NDArray[np.float32]:
    """The share of passages anywhere that hold each piece, from the vocabulary's own log probabilities."""
    pieces = json.loads(encoder.tokenizer.to_str())["model"].get("vocab", [])
    chances = np.zeros(len(encoder.vectors), dtype=np.float32)
    if isinstance(pieces, list):  # a unigram vocabulary; others say nothing of frequency
        chances[: len(pieces)] = np.exp([chance for _, chance in pieces[: len(chances)]])
    share: NDArray[np.float32] = 1 - np.exp(-_USUAL_LENGTH * chances)
    return share
