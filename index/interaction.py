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
        held = np.flatnonzero(frequency)
        cosines = self._units[held] @ self._units[ids].T
        cosines[cosines < _FLOOR] = 0.0
        near = np.zeros((len(self._units), len(ids)), dtype=np.float32)
        near[held] = cosines
        soft = np.minimum((cosines * frequency[held, None]).max(axis=0, initial=0.0), passages)
        held_by = soft + _BACKGROUND * self._usual[ids]
        rarity = np.log1p((passages + _BACKGROUND - held_by + 0.5) / (held_by + 0.5)).astype(np.float32)
        return Question(ids, near, rarity * self._lengths[ids])

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
    """A question's tokens, their cosines to every piece [pieces, tokens], and their weights [tokens]."""

    ids: Ids
    near: Vectors
    weights: Vectors

    def scores(self, texts: Sequence[Ids]) -> Vectors:
        """The weighted share of the question that each text covers, in [0, 1]."""
        return self.matches(texts) @ self.weights / max(float(self.weights.sum()), 1e-9)

    def matches(self, texts: Sequence[Ids]) -> Vectors:
        """The best cosine of each question token in each text [texts, tokens]."""
        found = np.zeros((len(texts), len(self.ids)), dtype=np.float32)
        filled = [row for row, ids in enumerate(texts) if len(ids)]
        if filled and len(self.ids):
            starts = np.cumsum([0, *(len(texts[row]) for row in filled[:-1])])
            found[filled] = np.maximum.reduceat(
                self.near[np.concatenate([texts[row] for row in filled])], starts, axis=0
            )
        return found
