"""Match word by word across languages: late interaction on static vectors.

After ColBERT's MaxSim (Khattab and Zaharia, 2020), with vectors that need no transformer: each token of the question
looks for its nearest token in the passage. A token weighs as much as it is rare and as training made its vector long.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.encoder import Ids, StaticEncoder, Vectors
from index.words import bare

#: Cosines below this are chance.
_FLOOR = 0.1
#: A collection of few passages says little about what is rare: so many passages from anywhere, of so many pieces, are
#: counted with it.
_BACKGROUND, _USUAL_LENGTH = 30.0, 120.0
#: Pieces this near to one of the question's are looked for in its place; so many, for so many of the weightiest.
_NEAR, _NEAREST, _WEIGHTY = 0.45, 8, 12


@dataclass(frozen=True, slots=True)
class Covered:
    """A token of a claim: how much it matters, and the cosine of the nearest token of the span."""

    word: str
    weight: float
    best: float


class Meaning(Protocol):
    """How far the words of a span cover those of a claim, whichever language each is in."""

    def coverage(self, claim: str, span: str) -> list[Covered]:
        """One a distinct token of the claim, in order."""


class Interaction:
    """Scores texts, given as token ids, against a question word by word."""

    def __init__(self, encoder: StaticEncoder) -> None:
        self._encoder = encoder
        self._lengths: NDArray[np.float32] = np.linalg.norm(encoder.vectors, axis=1)
        self._units: Vectors = encoder.vectors / np.maximum(self._lengths, 1e-9)[:, None]
        self._usual = _usual_share(encoder)
        for piece, token in encoder.tokenizer.get_vocab().items():
            if not any(letter.isalnum() for letter in piece):
                self._lengths[token] = 0.0

    def tokens(self, texts: Sequence[str]) -> list[Ids]:
        """The distinct token ids of each text, ascending."""
        return [np.unique(ids) for ids in self._encoder.token_ids(texts)]

    def question(self, text: str, frequency: NDArray[np.float32], passages: int) -> Question:
        """The question, weighed for a collection: ``frequency[t]`` of its ``passages`` hold token t."""
        ids = np.array(list(dict.fromkeys(self._encoder.token_ids([bare(text)])[0].tolist())), dtype=np.uint16)
        near = self._units[ids] @ self._units.T
        near[near < _FLOOR] = 0.0
        near *= frequency > 0
        soft = np.minimum((near * frequency).max(axis=1, initial=0.0), passages)
        held_by = soft + _BACKGROUND * self._usual[ids]
        rarity = np.log1p((passages + _BACKGROUND - held_by + 0.5) / (held_by + 0.5)).astype(np.float32)
        return Question(ids, near, rarity * self._lengths[ids], frequency, passages)

    def coverage(self, claim: str, span: str) -> list[Covered]:
        """Each distinct token of the claim with its weight and its nearest cosine in the span."""
        claimed, spanned = self._encoder.token_ids([claim, span])
        ids = np.array(list(dict.fromkeys(claimed.tolist())), dtype=np.uint16)
        if not len(ids):
            return []
        near = self._units[ids] @ self._units[np.unique(spanned)].T
        best = near.max(axis=1, initial=-1.0)
        names = self._encoder.tokenizer
        return [
            Covered(str(names.id_to_token(int(token))), float(weight), float(cosine))
            for token, weight, cosine in zip(ids, self._lengths[ids], best, strict=True)
        ]


def _usual_share(encoder: StaticEncoder) -> NDArray[np.float32]:
    """The share of passages anywhere that hold each piece, from the vocabulary's own log probabilities."""
    pieces = json.loads(encoder.tokenizer.to_str())["model"].get("vocab", [])
    chances = np.zeros(len(encoder.vectors), dtype=np.float32)
    if isinstance(pieces, list):  # a unigram vocabulary; others say nothing of frequency
        chances[: len(pieces)] = np.exp([chance for _, chance in pieces])
    share: NDArray[np.float32] = 1 - np.exp(-_USUAL_LENGTH * chances)
    return share


@dataclass(frozen=True, slots=True)
class Question:
    """A question's tokens, their cosines to every piece [tokens, pieces], and their weights [tokens].

    ``frequency[t]`` of the collection's ``passages`` hold token t.
    """

    ids: Ids
    near: Vectors
    weights: Vectors
    frequency: NDArray[np.float32]
    passages: int

    def scores(self, texts: Ids, counts: NDArray[np.int64]) -> Vectors:
        """The weighted share of the question that each text covers, in [0, 1]."""
        return self.matches(texts, counts) @ self.weights / max(float(self.weights.sum()), 1e-9)

    def matches(self, texts: Ids, counts: NDArray[np.int64]) -> Vectors:
        """The best cosine of each question token in each text [texts, tokens].

        ``texts`` are the tokens of all, one text after the other; ``counts`` says how many each has.
        """
        found = np.zeros((len(counts), len(self.ids)), dtype=np.float32)
        filled = counts > 0
        if filled.any():
            starts = (np.cumsum(counts) - counts)[filled]
            for column, near in enumerate(self.near):
                found[filled, column] = np.maximum.reduceat(near[texts], starts)
        return found

    def expanded(self) -> dict[int, float]:
        """The pieces worth looking for, the question's own and those near to them in either language.

        Piece -> what multiplies BM25's own rarity so that a passage with the piece gains what interaction would give.
        """
        wanted: dict[int, float] = {}
        for token in np.argsort(-self.weights)[:_WEIGHTY]:
            near = self.near[token]
            alike = np.flatnonzero(near >= _NEAR)
            for piece in alike[np.argsort(-near[alike])[:_NEAREST]].tolist():
                held = float(self.frequency[piece])
                rarity = float(np.log1p((self.passages - held + 0.5) / (held + 0.5)))
                gain = float(self.weights[token] * near[piece]) / rarity
                wanted[piece] = max(wanted.get(piece, 0.0), gain)
        return {piece: gain for piece, gain in wanted.items() if gain > 0}


def stacked(texts: Sequence[Ids]) -> tuple[Ids, NDArray[np.int64]]:
    """The tokens of several texts one after the other, and how many each has."""
    counts = np.array([len(text) for text in texts], dtype=np.int64)
    return np.concatenate([np.zeros(0, dtype=np.uint16), *texts]), counts
