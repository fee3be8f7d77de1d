"""Match word by word across languages: late interaction on static vectors.

After ColBERT's MaxSim (Khattab and Zaharia, 2020), with vectors that need no transformer: each token of the question
looks for its nearest token in the passage, and most of all in one place of it. A token weighs as much as it is rare and
as training made its vector long.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.encoder import Ids, StaticEncoder, Token, Vectors
from index.words import bare

#: Cosines below this are chance.
_FLOOR = 0.1
#: A collection of few passages says little about what is rare: so many passages from anywhere, of so many pieces, are
#: counted with it.
_BACKGROUND, _USUAL_LENGTH = 30.0, 120.0
#: A place is two stretches of so many tokens, one after the other; what is found in one place counts so much, what is
#: found anywhere the rest.
_STRETCH, _IN_ONE_PLACE = 12, 0.6
#: Tokens lighter than this share of the heaviest, were they near to nothing else, change no score worth the time.
_LIGHT = 0.05
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
        self._lengths: NDArray[np.float32] = np.sqrt(np.einsum("ij,ij->i", encoder.vectors, encoder.vectors))
        self._units: Vectors = encoder.vectors / np.maximum(self._lengths, 1e-9)[:, None]
        self._usual = _usual_share(encoder)
        for piece, token in encoder.tokenizer.get_vocab().items():
            if not any(letter.isalnum() for letter in piece):
                self._lengths[token] = 0.0

    def tokens(self, texts: Sequence[str]) -> list[Ids]:
        """The distinct token ids of each text, ascending."""
        return [np.unique(ids) for ids in self._encoder.token_ids(texts)]

    def held(self, frequency: NDArray[np.float32], passages: int) -> Held:
        """What is needed of the pieces of a collection: ``frequency[t]`` of its ``passages`` hold token t."""
        pieces = np.flatnonzero(frequency > 0)
        places = np.full(len(frequency), len(pieces), dtype=np.int32)
        places[pieces] = np.arange(len(pieces))
        units = np.zeros((self._units.shape[1], len(pieces) + 1), dtype=np.float32)
        units[:, :-1] = self._units[pieces].T
        weights = self._weights(pieces, frequency[pieces], passages)
        return Held(pieces, places, units, np.append(frequency[pieces], 0), np.append(weights, 0), passages)

    def question(self, text: str, held: Held) -> Question:
        """The question, weighed for a collection that holds these pieces."""
        ids = np.array(list(dict.fromkeys(self._encoder.token_ids([bare(text)])[0].tolist())), dtype=Token)
        alone = self._weights(ids, held.frequency[held.places[ids]], held.passages)
        ids = ids[(alone > 0) & (alone >= _LIGHT * alone.max(initial=0.0))]
        near, soft = self._units[ids] @ held.units, np.zeros(len(ids), dtype=np.float32)
        for row, cosines in enumerate(near):  # one at a time: a row fits into the cache, all of them do not
            cosines *= cosines >= _FLOOR
            soft[row] = min((cosines * held.frequency).max(), held.passages)
        return Question(ids, near, self._weights(ids, soft, held.passages), held)

    def _weights(self, pieces: NDArray[Any], held_by: Vectors, passages: int) -> Vectors:
        """How much pieces matter: training's length, and how rare it is that a passage holds one, as in BM25.

        Some passages from anywhere are counted with the collection's.
        """
        held = held_by + _BACKGROUND * self._usual[pieces]
        rarity = np.log1p(np.maximum(passages + _BACKGROUND - held + 0.5, 0) / (held + 0.5))
        weights: Vectors = (rarity * self._lengths[pieces]).astype(np.float32)
        return weights

    def coverage(self, claim: str, span: str) -> list[Covered]:
        """Each distinct token of the claim with its weight and its nearest cosine in the span."""
        claimed, spanned = self._encoder.token_ids([claim, span])
        ids = np.array(list(dict.fromkeys(claimed.tolist())), dtype=Token)
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
class Held:
    """The pieces that a collection's ``passages`` hold [held], and one more that stands for all others.

    ``places`` [vocabulary] says where each is among them. ``units`` [dimension, held + 1] are their directions,
    ``frequency`` in how many passages they are, ``weights`` how much they matter there; all are 0 for the last one.
    """

    pieces: NDArray[np.int64]
    places: NDArray[np.int32]
    units: Vectors
    frequency: NDArray[np.float32]
    weights: NDArray[np.float32]
    passages: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question's tokens, their cosines to the pieces of the collection [tokens, held + 1], and their weights."""

    ids: Ids
    near: Vectors
    weights: Vectors
    held: Held

    def scores(self, texts: Ids, counts: NDArray[np.int64]) -> Vectors:
        """The weighted share of the question that each text covers, most of all in one place, in [0, 1].

        ``texts`` are the tokens of all in reading order, one text after the other; ``counts`` says how many each has.
        """
        found = np.zeros(len(counts), dtype=np.float32)
        filled = counts > 0
        if not filled.any() or not len(self.ids):
            return found
        stretches = -(-counts[filled] // _STRETCH)
        last = np.cumsum(stretches) - 1
        first = last + 1 - stretches
        inside = np.arange(last[-1] + 1) - np.repeat(first, stretches)
        starts = np.repeat((np.cumsum(counts) - counts)[filled], stretches) + _STRETCH * inside
        places = self.held.places[texts]
        best = np.stack([np.maximum.reduceat(np.take(near, places), starts) for near in self.near])
        following = np.minimum(np.arange(len(starts)) + 1, np.repeat(last, stretches))
        in_place = self.weights @ np.maximum(best, best[:, following])
        anywhere = self.weights @ np.maximum.reduceat(best, first, axis=1)
        covered = _IN_ONE_PLACE * np.maximum.reduceat(in_place, first) + (1 - _IN_ONE_PLACE) * anywhere
        found[filled] = covered / max(float(self.weights.sum()), 1e-9)
        return found

    def covers(self, texts: Ids, counts: NDArray[np.int64]) -> Vectors:
        """The weighted share of each text that the question covers, in [0, 1]; small for one that says much more.

        It tells a sentence from its neighbour that says the same and more. ``texts`` and ``counts`` as in ``scores``.
        """
        found = np.zeros(len(counts), dtype=np.float32)
        filled = counts > 0
        if filled.any() and len(self.ids):
            starts = (np.cumsum(counts) - counts)[filled]
            places = self.held.places[texts]
            weights = self.held.weights
            said = np.maximum(np.add.reduceat(weights[places], starts), 1e-9)
            covered = np.add.reduceat((weights * self.near.max(axis=0))[places], starts) / said
            found[filled] = covered * np.minimum(1.0, float(self.weights.sum()) / said)
        return found

    def matches(self, texts: Ids, counts: NDArray[np.int64]) -> Vectors:
        """The best cosine of each question token in each text [texts, tokens].

        ``texts`` are the tokens of all, one text after the other; ``counts`` says how many each has.
        """
        found = np.zeros((len(counts), len(self.ids)), dtype=np.float32)
        filled = counts > 0
        if filled.any():
            starts, places = (np.cumsum(counts) - counts)[filled], self.held.places[texts]
            for column, near in enumerate(self.near):
                found[filled, column] = np.maximum.reduceat(near[places], starts)
        return found

    def expanded(self) -> dict[int, float]:
        """The pieces worth looking for, the question's own and those near to them in either language.

        Piece -> what multiplies BM25's own rarity so that a passage with the piece gains what interaction would give.
        """
        wanted: dict[int, float] = {}
        for token in np.argsort(-self.weights)[:_WEIGHTY]:
            near = self.near[token]
            alike = np.flatnonzero(near >= _NEAR)
            for place in alike[np.argsort(-near[alike])[:_NEAREST]].tolist():
                piece, held_by = int(self.held.pieces[place]), float(self.held.frequency[place])
                rarity = float(np.log1p((self.held.passages - held_by + 0.5) / (held_by + 0.5)))
                gain = float(self.weights[token] * near[place]) / rarity
                wanted[piece] = max(wanted.get(piece, 0.0), gain)
        return {piece: gain for piece, gain in wanted.items() if gain > 0}


def stacked(texts: Sequence[Ids]) -> tuple[Ids, NDArray[np.int64]]:
    """The tokens of several texts one after the other, and how many each has."""
    counts = np.array([len(text) for text in texts], dtype=np.int64)
    return np.concatenate([np.zeros(0, dtype=Token), *texts]), counts
