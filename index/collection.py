"""One generation, open for search: its passages as columns, and the rankings over them.

Small columns are held in memory; tokens, vectors and keywords are mapped; what a passage says is read when asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoder import Ids, Token, Vectors
from index.keywords import Entry, KeywordIndex, distinct
from index.prepare import Prepared
from index.segments import COUNTED, Kept, Segment, frequencies
from index.steer import years_of
from index.store import Store
from records import Passage, Report

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a search may find: which rows, and the rows of their reports; ``reports`` None for all."""

    rows: Mask
    reports: list[int] | None
    size: int


class Collection:
    """Passages by row: their ids ascending, those of reports that died since among them until they are cleared away."""

    def __init__(self, store: Store, generation: int, segments: Sequence[Segment], keywords: KeywordIndex, pieces: int):
        self._store, self._segments, self._keywords = store, segments, keywords
        self.generation = generation
        self._first = np.cumsum([0, *(len(segment) for segment in segments)])
        self._ids = _joined(segments, "id", np.int64)
        self._reports = _joined(segments, "report", np.int32)
        self.is_chinese = _joined(segments, "chinese", np.bool_)
        #: Where the tokens of each segment, and of each row, begin among those of all.
        self._first_token = np.cumsum([0, *(len(segment.tokens) for segment in segments)])
        ends = [segment.columns["end"] + first for segment, first in zip(segments, self._first_token, strict=False)]
        self._begins = np.concatenate([np.zeros(1, dtype=np.int64), *ends])
        is_alive = np.zeros(store.last_row + 1, dtype=bool)
        is_alive[store.alive(generation)] = True
        self._alive: Mask = is_alive[self._reports]
        self.size = int(self._alive.sum())
        #: In how many living passages each piece is.
        self.frequency: NDArray[np.float32] = np.zeros(pieces, dtype=np.float32)
        for segment in segments:
            self.frequency[: len(segment.frequency)] += segment.frequency[:pieces]
        dead = np.flatnonzero(~self._alive)
        for first in range(0, len(dead), COUNTED):
            gone = frequencies(*self.tokens(dead[first : first + COUNTED]))
            self.frequency[: len(gone)] -= gone[:pieces]
        # not a method of this one: what knows itself is not let go of, nor is its store, when its last reader leaves
        self.report = lru_cache(maxsize=64)(partial(_report, store, generation))

    @classmethod
    def open(cls, store: Store, folder: Path, keywords: Path, kept: Sequence[Kept], pieces: int) -> Collection:
        """The generation that ``store`` holds. Raises OSError, ValueError or RuntimeError for a file that is amiss."""
        segments = [Segment.read(folder, segment) for segment in kept]
        return cls(store, store.generation, segments, KeywordIndex(keywords), pieces)

    @classmethod
    def over(cls, reports: Iterable[tuple[Report, Prepared]], dimension: int, pieces: int) -> Collection:
        """These reports alone, in memory."""
        store, keywords = Store(), KeywordIndex()
        for report, made in reports:
            row, first = store.add(report, made.passages, made.tokens, made.vectors, 0)
            entries = enumerate(zip(made.words, made.tokens, strict=True), first)
            keywords.add(Entry(id_, row, said, distinct(held)) for id_, (said, held) in entries)
        keywords.commit()
        return cls(store, 0, [Segment.build(store.columns(0, 1, dimension))], keywords, pieces)

    def renew(self) -> None:
        """Lets the store's log be emptied; no other generation may be made meanwhile."""
        self._store.renew()

    def scope(self, allow: Callable[[Report], bool] | None) -> Scope:
        """What is alive, of all reports or of those that ``allow`` lets through; it sees them without their texts."""
        if allow is None:
            return Scope(self._alive, None, self.size)
        rows = [row for row, report in self._about.items() if allow(report)]
        is_allowed = np.zeros(self._store.last_row + 1, dtype=bool)
        is_allowed[rows] = True
        allowed = self._alive & is_allowed[self._reports]
        return Scope(allowed, rows, int(allowed.sum()))

    def by_words(self, words: Sequence[str], k: int, scope: Scope) -> tuple[Rows, Vectors]:
        """Rows and BM25 scores of the ``k`` passages that hold most of ``words``, best first."""
        return self._rows_of_found(self._keywords.search(words, k, scope.reports), scope)

    def by_pieces(self, weights: dict[int, float], k: int, scope: Scope) -> Rows:
        """Rows of the ``k`` passages that hold the heaviest of these pieces, best first."""
        return self._rows_of_found(self._keywords.search_pieces(weights, k, scope.reports), scope)[0]

    def by_vector(self, vector: Vectors, k: int, scope: Scope) -> tuple[Rows, Vectors]:
        """Rows and cosines of the ``k`` passages nearest to ``vector`` [dimension], nearest first."""
        allowed = scope.rows if scope.size < len(self._ids) else None
        rows, cosines = [], []
        for segment, first in zip(self._segments, self._first, strict=False):
            some = None if allowed is None else allowed[first : first + len(segment)]
            places, near = segment.vectors.search(vector, k, some)
            rows.append(places + first)
            cosines.append(near)
        if not rows:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        all_rows, all_cosines = np.concatenate(rows), np.concatenate(cosines)
        best = np.argsort(-all_cosines, kind="stable")[:k]
        return all_rows[best], all_cosines[best]

    def cosines(self, vector: Vectors, rows: Rows) -> Vectors:
        """The cosine of ``vector`` [dimension] with each of these passages."""
        near = np.zeros(len(rows), dtype=np.float32)
        places: Rows = np.searchsorted(self._first, rows, side="right") - 1
        for place in np.unique(places):
            here = places == place
            near[here] = self._segments[place].vectors.cosines(vector, rows[here] - self._first[place])
        return near

    def tokens(self, rows: Rows) -> tuple[Ids, NDArray[np.int64]]:
        """The tokens of these passages in reading order, one after the other, and how many each has."""
        begins, counts = self._begins[rows], self._begins[rows + 1] - self._begins[rows]
        wanted = np.arange(counts.sum()) + np.repeat(begins - np.cumsum(counts) + counts, counts)
        found = np.zeros(len(wanted), dtype=Token)
        for segment, first in zip(self._segments, self._first_token, strict=False):
            here = (wanted >= first) & (wanted < first + len(segment.tokens))
            found[here] = segment.tokens[wanted[here] - first]
        return found, counts

    def rows(self, ids: Sequence[int]) -> Rows:
        """The rows of passages that are here, by id, in their order."""
        found: Rows = np.searchsorted(self._ids, np.asarray(ids, dtype=np.int64))
        return found

    def passages(self, rows: Rows) -> list[Passage]:
        """The passages in these rows."""
        return self._store.passages(self._ids[rows].tolist())

    def reports(self, texts: bool) -> list[Report]:
        """All reports, ordered by path; without ``texts`` their text is empty."""
        return list((self._store.reports(self.generation) if texts else self._about).values())

    def is_of_year(self, rows: Rows, years: Iterable[int]) -> Mask:
        """Is each of these passages of a report about one of these years?"""
        is_of: Mask = np.zeros(self._store.last_row + 1, dtype=bool)
        for year in years:
            is_of[self._by_year.get(year, [])] = True
        found: Mask = is_of[self._reports[rows]]
        return found

    @property
    def latest_year(self) -> int:
        """The latest year that a report is about; 0 without any."""
        return max(self._by_year, default=0)

    @cached_property
    def _by_year(self) -> dict[int, list[int]]:
        """The rows of the reports about each year."""
        found: dict[int, list[int]] = {}
        for row, report in self._about.items():
            for year in years_of(report):
                found.setdefault(year, []).append(row)
        return found

    @cached_property
    def _about(self) -> dict[int, Report]:
        """The reports by row, without their texts."""
        return self._store.reports(self.generation, texts=False)

    def _rows_of_found(self, found: list[tuple[int, float]], scope: Scope) -> tuple[Rows, Vectors]:
        """What of this was found among the passages that may be found: the keywords may know newer and older ones."""
        ids = np.array([id_ for id_, _ in found], dtype=np.int64)
        scores = np.array([score for _, score in found], dtype=np.float32)
        if not len(self._ids):
            return ids[:0], scores[:0]
        rows = np.minimum(np.searchsorted(self._ids, ids), len(self._ids) - 1)
        here = (self._ids[rows] == ids) & scope.rows[rows]
        return rows[here], scores[here]


def _report(store: Store, generation: int, report_id: str) -> Report:
    found = store.report(report_id, generation)
    if found is None:
        raise KeyError(report_id)
    return found


def _joined(segments: Sequence[Segment], column: str, kind: type) -> NDArray[np.generic]:
    return np.concatenate([np.zeros(0, dtype=kind), *(segment.columns[column] for segment in segments)]).astype(kind)
