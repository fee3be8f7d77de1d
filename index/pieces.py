"""What search needs to know of every piece of a vocabulary; made once, with the model."""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class Pieces:
    """By piece: ``usual`` is the share of passages anywhere that hold it, ``says`` whether it has a letter or a digit.

    ``nearest`` [pieces, NOTED] are the pieces nearest to it that say something, nearest first; None if nobody noted.
    """

    usual: NDArray[np.float32]
    says: NDArray[np.bool_]
    nearest: Ids | None = None

    @classmethod
    def of(cls, encoder: StaticEncoder) -> Pieces:
        """What was noted with the model; all but ``nearest`` is found out if nothing was."""
        try:
            noted = load_file(encoder.folder / _FILE)
            if len(noted["usual"]) == len(encoder.vectors):
                return cls(noted["usual"], noted["says"], noted["nearest"])
        except (OSError, SafetensorError, KeyError):
            pass
        says = np.zeros(len(encoder.vectors), dtype=bool)
        for piece, token in encoder.tokenizer.get_vocab().items():
            says[token] = any(letter.isalnum() for letter in piece)
        return cls(_usual_share(encoder), says)


def note(folder: Path) -> None:
    """Writes beside the model in ``folder`` what ``Pieces.of`` reads; takes minutes for 126,000 pieces."""
    encoder = StaticEncoder(folder)
    known = Pieces.of(encoder)
    units = encoder.units(np.arange(len(encoder.vectors), dtype=Token)) * known.says[:, None]
    found = [nearest(units[first : first + _AT_ONCE], units, NOTED) for first in range(0, len(units), _AT_ONCE)]
    tensors = {"usual": known.usual, "says": known.says, "nearest": np.concatenate(found)}
    save_file(tensors, folder / _FILE)


def nearest(asked: Vectors, units: Vectors, k: int) -> Ids:
    """The rows of ``units`` [n, dimension] nearest to each of ``asked`` [m, dimension], nearest first [m, k]."""
    near = asked @ units.T
    k = min(k, len(units))
    best = np.argpartition(near, -k, axis=1)[:, -k:]
    order = np.argsort(-np.take_along_axis(near, best, axis=1), axis=1, kind="stable")
    found: Ids = np.take_along_axis(best, order, axis=1).astype(Token)
    return found


def _usual_share(encoder: StaticEncoder) -> NDArray[np.float32]:
    """The share of passages anywhere that hold each piece, from the vocabulary's own log probabilities."""
    pieces = json.loads(encoder.tokenizer.to_str())["model"].get("vocab", [])
    chances = np.zeros(len(encoder.vectors), dtype=np.float32)
    if isinstance(pieces, list):  # a unigram vocabulary; others say nothing of frequency
        chances[: len(pieces)] = np.exp([chance for _, chance in pieces])
    share: NDArray[np.float32] = 1 - np.exp(-_USUAL_LENGTH * chances)
    return share
