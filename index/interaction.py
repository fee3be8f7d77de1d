"""Match word by word across languages: late interaction on static vectors.

After ColBERT's MaxSim (Khattab and Zaharia, 2020), with vectors that need no transformer: each token of the question
looks for its nearest token in the passage, and most of all in one place of it. A token weighs as much as it is rare and
as training made its vector long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.encoder import Ids, StaticEncoder, Token, Vectors
from index.pieces import Pieces, nearest
from text.words import bare

#: Cosines below this are chance.
_FLOOR = 0.1
#: A collection of few passages says little about what is rare: so many passages from anywhere are counted with it.
_BACKGROUND = 30.0
#: A place is two stretches of so many tokens, one after the other; what is found in one place counts so much, what is
#: found anywhere the rest.
_STRETCH, _IN_ONE_PLACE = 12, 0.6
#: Tokens lighter than this share of the heaviest, were they near to nothing else, change no score worth the time.
_LIGHT = 0.05
#: Pieces that are in most passages, compared with every question.
_COMMON = 4_096
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
        self.encoder = encoder
        self.pieces = Pieces.of(encoder)
        self._matter: NDArray[np.float32] = encoder.lengths * self.pieces.says

    def tokens(self, texts: Sequence[str]) -> list[Ids]:
        """The distinct token ids of each text, ascending."""
        return [np.unique(ids) for ids in self.encoder.token_ids(texts)]

    def held(self, frequency: NDArray[np.float32], passages: int) -> Held:
        """What is needed of a collection: ``frequency[t]`` of its ``passages`` hold token t."""
        common = np.argpartition(-frequency, min(_COMMON, len(frequency) - 1))[:_COMMON]
        common = common[np.argsort(-frequency[common], kind="stable")]
        weights = self._weights(frequency, passages) * (frequency > 0)
        return Held(frequency, weights, passages, common, self.encoder.units(common))

    def question(self, text: str, held: Held) -> Question:
        """The question, weighed for a collection that holds these pieces."""
        ids = np.array(list(dict.fromkeys(self.encoder.token_ids([bare(text)])[0].tolist())), dtype=Token)
        alone = self._weights(held.frequency[ids], held.passages, ids)
        ids = ids[(alone > 0) & (alone >= _LIGHT * alone.max(initial=0.0))]
        units = self.encoder.units(ids)
        weights = self._weights(self._held_by_like(ids, units, held), held.passages, ids)
        return Question(ids, units, weights, held, self)

    def _held_by_like(self, ids: Ids, units: Vectors, held: Held) -> Vectors:
        """How many passages hold something like each token: the most of what any piece is held by, times its cosine.

        Common pieces first: one that fewer passages hold than were found already cannot be the one.
        """
        found = held.frequency[ids]
        near = units @ held.common_units.T
        near *= near >= _FLOOR
        found = np.maximum(found, (near * held.frequency[held.common]).max(axis=1, initial=0.0))
        rest = held.frequency > found.min(initial=held.passages)
        rest[held.common] = False
        if rest.any():
            others = np.flatnonzero(rest)
            near = self.encoder.near(units, others)
            near *= near >= _FLOOR
            found = np.maximum(found, (near * held.frequency[others]).max(axis=1))
        most: Vectors = np.minimum(found, held.passages)
        return most

    def like(self, ids: Ids, units: Vectors) -> Ids:
        """The pieces of the vocabulary nearest to each of these, nearest first; at most NOTED for each."""
        if self.pieces.nearest is not None:
            return self.pieces.nearest[ids]
        return nearest(self.encoder, self.pieces.says, units)

    def _weights(self, held_by: Vectors, passages: int, pieces: Ids | slice = slice(None)) -> Vectors:
        """How much pieces matter: training's length, and how rare it is that a passage holds one, as in BM25.

        Some passages from anywhere are counted with the collection's.
        """
        held = held_by + _BACKGROUND * self.pieces.usual[pieces]
        rarity = np.log1p(np.maximum(passages + _BACKGROUND - held + 0.5, 0) / (held + 0.5))
        weights: Vectors = (rarity * self._matter[pieces]).astype(np.float32)
        return weights

    def coverage(self, claim: str, span: str) -> list[Covered]:
        """Each distinct token of the claim with its weight and its nearest cosine in the span."""
        claimed, spanned = self.encoder.token_ids([claim, span])
        ids = np.array(list(dict.fromkeys(claimed.tolist())), dtype=Token)
        if not len(ids):
            return []
        near = self.encoder.near(self.encoder.units(ids), np.unique(spanned))
        best = near.max(axis=1, initial=-1.0)
        names = self.encoder.tokenizer
        return [
            Covered(str(names.id_to_token(int(token))), float(weight), float(cosine))
            for token, weight, cosine in zip(ids, self._matter[ids], best, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Held:
    """By piece: in how many of a collection's ``passages`` it is, and how much it matters there.

    ``common`` are the pieces in most passages, most first, ``common_units`` their directions.
    """

    frequency: NDArray[np.float32]
    weights: Vectors
    passages: int
    common: NDArray[np.int64]
    common_units: Vectors


@dataclass(frozen=True, slots=True)
class Question:
    """A question's tokens, their directions [tokens, dimension], and their weights in a collection."""

    ids: Ids
    units: Vectors
    weights: Vectors
    held: Held
    interaction: Interaction

    def scores(self, texts: Ids, counts: NDArray[np.int64]) -> tuple[Vectors, Vectors]:
        """What the question and each text share [texts] twice, both in [0, 1].

        First the weighted share of the question that a text covers, most of all in one place; then the weighted share
        of the text that the question covers, small for one that says much more: it tells a sentence from its neighbour
        that says the same and more. ``texts`` are the tokens of all in reading order, one text after the other;
        ``counts`` says how many each has.
        """
        found, covered = np.zeros(len(counts), dtype=np.float32), np.zeros(len(counts), dtype=np.float32)
        filled = counts > 0
        if filled.any() and len(self.ids):
            near, places, pieces = self._near(texts)
            starts = (np.cumsum(counts) - counts)[filled]
            found[filled] = self._found(near, places, starts, counts[filled])
            covered[filled] = self._covered(near, places, starts, self.held.weights[pieces])
        return found, covered

    def _near(self, texts: Ids) -> tuple[Vectors, NDArray[np.int32], NDArray[np.int64]]:
        """Cosines to the distinct pieces of ``texts`` [tokens, pieces], where each token is among them, and the pieces.

        Cosines are 0 where they are chance, and for pieces that no passage holds.
        """
        size = len(self.held.frequency)
        is_there = np.zeros(size, dtype=bool)
        is_there[texts] = True
        pieces = np.flatnonzero(is_there)
        place = np.empty(size, dtype=np.int32)
        place[pieces] = np.arange(len(pieces), dtype=np.int32)
        near = self.interaction.encoder.near(self.units, pieces)
        near *= (near >= _FLOOR) & (self.held.frequency[pieces] > 0)
        return near, place[texts], pieces

    def _found(
        self, near: Vectors, places: NDArray[np.int32], starts: NDArray[np.int64], counts: NDArray[np.int64]
    ) -> Vectors:
        """The weighted share of the question that each text covers."""
        stretches = -(-counts // _STRETCH)
        last = np.cumsum(stretches) - 1
        first = last + 1 - stretches
        inside = np.arange(last[-1] + 1) - np.repeat(first, stretches)
        begins = np.repeat(starts, stretches) + _STRETCH * inside
        best = np.stack([np.maximum.reduceat(np.take(row, places), begins) for row in near])
        following = np.minimum(np.arange(len(begins)) + 1, np.repeat(last, stretches))
        in_place = self.weights @ np.maximum(best, best[:, following])
        anywhere = self.weights @ np.maximum.reduceat(best, first, axis=1)
        found: Vectors = _IN_ONE_PLACE * np.maximum.reduceat(in_place, first) + (1 - _IN_ONE_PLACE) * anywhere
        found /= max(float(self.weights.sum()), 1e-9)
        return found

    def _covered(
        self, near: Vectors, places: NDArray[np.int32], starts: NDArray[np.int64], weights: Vectors
    ) -> Vectors:
        """The weighted share of each text that the question covers; ``weights`` are those of the pieces."""
        said = np.maximum(np.add.reduceat(weights[places], starts), 1e-9)
        covered = np.add.reduceat((weights * near.max(axis=0))[places], starts) / said
        share: Vectors = (covered * np.minimum(1.0, float(self.weights.sum()) / said)).astype(np.float32)
        return share

    def matches(self, texts: Ids, counts: NDArray[np.int64]) -> Vectors:
        """The best cosine of each question token in each text [texts, tokens].

        ``texts`` are the tokens of all, one text after the other; ``counts`` says how many each has.
        """
        found = np.zeros((len(counts), len(self.ids)), dtype=np.float32)
        filled = counts > 0
        if filled.any():
            starts, (near, places, _) = (np.cumsum(counts) - counts)[filled], self._near(texts)
            for column, row in enumerate(near):
                found[filled, column] = np.maximum.reduceat(row[places], starts)
        return found

    def expanded(self) -> dict[int, float]:
        """The pieces worth looking for, the question's own and, of those nearest to them, what the collection holds.

        Piece -> what multiplies BM25's own rarity so that a passage with the piece gains what interaction would give.
        """
        wanted: dict[int, float] = {}
        weighty = np.argsort(-self.weights)[:_WEIGHTY]
        frequency, encoder = self.held.frequency, self.interaction.encoder
        alike = self.interaction.like(self.ids[weighty], self.units[weighty])
        for token, pieces in zip(weighty.tolist(), alike, strict=True):
            held = pieces[frequency[pieces] > 0][:_NEAREST]
            near = encoder.near(self.units[[token]], held)[0]
            rarity = np.log1p((self.held.passages - frequency[held] + 0.5) / (frequency[held] + 0.5))
            gains = np.where(near >= _NEAR, self.weights[token] * near / rarity, 0.0)
            for piece, gain in zip(held.tolist(), gains.tolist(), strict=True):
                wanted[piece] = max(wanted.get(piece, 0.0), gain)
        return {piece: gain for piece, gain in wanted.items() if gain > 0}


def stacked(texts: Sequence[Ids]) -> tuple[Ids, NDArray[np.int64]]:
    """The tokens of several texts one after the other, and how many each has."""
    counts = np.array([len(text) for text in texts], dtype=np.int64)
    return np.concatenate([np.zeros(0, dtype=Token), *texts]), counts
