"""Search: question + filters -> hits."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder, Ids, StaticEncoder, Vectors, load
from index.fuse import fuse
from index.generation import KEYWORDS, NoIndex, encode, open_store, searchable, vectors_path
from index.interaction import Interaction, Meaning, Question
from index.keywords import KeywordIndex
from index.vectors import VectorIndex
from index.words import bare, content_words, words
from ingest.split import language_of, split
from records import Hit, Passage, Report
from settings import Settings

__all__ = ["Filters", "NoIndex", "Search", "meaning_of"]

#: Collections up to this size are scored whole; larger ones through candidates.
_SMALL = 4_000
#: The weights of keywords and meaning when question and passage share a language, and when not.
#: Measured on the development questions: docs/tried.md.
_SAME, _ACROSS = (0.3, 0.7), (0.1, 0.9)
#: The weight of mean vectors across languages, where they agree when single words do not; within one they only blur.
_MEAN = 0.4


@dataclass(frozen=True, slots=True)
class Filters:
    """Only passages of these; an empty tuple allows all. ``reports`` are paths."""

    reports: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    publishers: tuple[str, ...] = ()

    def allow(self, report: Report) -> bool:
        """Does the filter let this report through?"""
        return (
            (not self.reports or report.path in self.reports)
            and (not self.languages or report.language in self.languages)
            and (not self.years or report.year in self.years)
            and (not self.publishers or report.publisher in self.publishers)
        )


class Collection:
    """Passages in memory: what search needs of one generation."""

    def __init__(
        self,
        reports: Sequence[Report],
        passages: Sequence[Passage],
        tokens: Sequence[Ids],
        keywords: KeywordIndex,
        vectors: VectorIndex,
        pieces: int,
    ) -> None:
        self.reports = {report.id: report for report in reports}
        self.passages = list(passages)
        self.tokens = list(tokens)
        self.keywords, self.vectors = keywords, vectors
        self.rows = {passage.id: row for row, passage in enumerate(self.passages)}
        self.is_chinese: NDArray[np.bool_] = np.array([p.language == "zh" for p in self.passages], dtype=bool)
        frequency = np.zeros(pieces, dtype=np.float32)
        for ids in self.tokens:
            frequency[ids] += 1
        self.frequency = frequency

    def allowed(self, filters: Filters) -> NDArray[np.bool_]:
        """Which passages the filters let through [passages]."""
        reports = {id_ for id_, report in self.reports.items() if filters.allow(report)}
        return np.array([passage.report_id in reports for passage in self.passages], dtype=bool)


class Search:
    """The same search for the page, the commands and the tests."""

    def __init__(self, settings: Settings, encoder: Encoder, collection: Collection, interaction: Interaction | None):
        self._settings, self._encoder, self._interaction = settings, encoder, interaction
        self._collection = collection
        self._generation = 0
        self._tokens = lru_cache(maxsize=50_000)(self._tokens_of)
        self._kept: tuple[str, Collection, Question] | None = None
        self._lock = threading.Lock()

    @classmethod
    def open(cls, settings: Settings) -> Search:
        """The current generation of the index at ``settings.index``, on the model that built it.

        Raises NoIndex, ModelMissing.
        """
        with open_store(settings) as store:
            encoder = load(store.meta("model"))
        search = cls(settings, encoder, _empty(encoder), meaning_of(encoder))
        search.refresh()
        return search

    @classmethod
    def empty(cls, settings: Settings) -> Search:
        """A search over nothing on the settings' model: what ``over`` starts from where there is no index."""
        encoder = load(settings.model)
        return cls(settings, encoder, _empty(encoder), meaning_of(encoder))

    @classmethod
    def over(cls, reports: Sequence[Report], like: Search) -> Search:
        """A search over these reports alone, in memory, with the model and settings of another."""
        encoder, settings = like._encoder, like._settings
        passages: list[Passage] = []
        texts: list[str] = []
        for report in reports:
            for passage in split(report, settings.passage_size):
                fields = (passage.start, passage.end, passage.headings, passage.page, passage.language)
                passages.append(Passage(len(passages), report.id, *fields))
                texts.append(searchable(report, passage))
        tokens, vectors = encode(encoder, texts)
        keywords = KeywordIndex()
        keywords.change((row, words(text)) for row, text in enumerate(texts))
        ids = np.arange(len(texts), dtype=np.int64)
        collection = Collection(
            reports, passages, tokens, keywords, VectorIndex.build(ids, vectors), len(like._collection.frequency)
        )
        return cls(settings, encoder, collection, like._interaction)

    def refresh(self) -> bool:
        """Opens a newer generation if there is one; was there one?"""
        with self._lock, open_store(self._settings) as store:
            generation = store.generation
            if generation == self._generation:
                return False
            rows = list(store.passages(generation))
            self._collection = Collection(
                list(store.reports(generation).values()),
                [passage for passage, *_ in rows],
                [tokens for _, _, tokens, _ in rows],
                KeywordIndex(self._settings.index / KEYWORDS),
                VectorIndex.read(vectors_path(self._settings.index, generation)),
                _pieces(self._encoder),
            )
            self._generation = generation
            return True

    @property
    def generation(self) -> int:
        """The generation that is open; 0 for one in memory."""
        return self._generation

    @property
    def meaning(self) -> Meaning | None:
        """Word by word comparison; None when the model is not static."""
        return self._interaction

    def reports(self) -> list[Report]:
        """All reports, ordered by path."""
        return sorted(self._collection.reports.values(), key=lambda report: report.path)

    def report(self, report_id: str) -> Report:
        """The report with this id. Raises KeyError."""
        return self._collection.reports[report_id]

    def text(self, passage: Passage) -> str:
        """The passage's text, as read."""
        return self.report(passage.report_id).text[passage.start : passage.end]

    def search(self, question: str, k: int = 10, filters: Filters = Filters()) -> list[Hit]:
        """The ``k`` passages that fit best, best first; none for a question without words."""
        collection = self._collection
        if not question.strip() or not collection.passages:
            return []
        matched = dict(collection.keywords.search(content_words(bare(question)) or words(question), self._reach))
        rows = self._candidates(question, matched)
        if filters != Filters():
            rows = rows[collection.allowed(filters)[rows]]
        if not len(rows):
            return []
        scores = self._scores(question, rows, matched)
        best = np.argsort(-scores, kind="stable")[:k]
        return [Hit(collection.passages[rows[i]], float(scores[i])) for i in best]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of the texts on the index's model [texts, dimension]."""
        return self._encoder.encode(texts)

    def matches(self, question: str, texts: Sequence[str]) -> tuple[Vectors, Vectors]:
        """How well each text covers each word of the question [texts, words], and the words' weights [words].

        Word by word on static vectors; by equal words for any other model.
        """
        asked = self._asked(question)
        if asked:
            return asked.matches([self._tokens(text) for text in texts]), asked.weights
        said = content_words(question)
        known = [set(words(text)) for text in texts]
        found = np.array([[word in text for word in said] for text in known], dtype=np.float32)
        return found.reshape(len(texts), len(said)), np.ones(len(said), dtype=np.float32)

    def matches_of(self, question: str, passages: Sequence[Passage]) -> Vectors:
        """As ``matches``, for passages of this collection with their headings and titles; [passages, words]."""
        asked, collection = self._asked(question), self._collection
        if asked:
            return asked.matches([collection.tokens[collection.rows[passage.id]] for passage in passages])
        return self.matches(question, [searchable(self.report(p.report_id), p) for p in passages])[0]

    def _asked(self, question: str) -> Question | None:
        """The question weighed for this collection; the last one is kept: one answer asks for it several times."""
        if self._interaction is None:
            return None
        collection, kept = self._collection, self._kept
        if kept is None or kept[0] != question or kept[1] is not collection:
            asked = self._interaction.question(question, collection.frequency, len(collection.passages))
            self._kept = kept = (question, collection, asked)
        return kept[2]

    def _tokens_of(self, text: str) -> Ids:
        assert self._interaction
        return self._interaction.tokens([text])[0]

    @property
    def _reach(self) -> int:
        small = len(self._collection.passages) <= _SMALL
        return len(self._collection.passages) if small else self._settings.candidates

    def _candidates(self, question: str, matched: dict[int, float]) -> NDArray[np.int64]:
        """Rows worth scoring, ascending."""
        collection = self._collection
        if len(collection.passages) <= _SMALL:
            return np.arange(len(collection.passages))
        near, _ = collection.vectors.search(self._encoder.encode([question])[0], self._settings.candidates)
        ids = {*near.tolist(), *matched} & collection.rows.keys()
        return np.array(sorted(collection.rows[id_] for id_ in ids), dtype=np.int64)

    def _scores(self, question: str, rows: NDArray[np.int64], matched: dict[int, float]) -> Vectors:
        collection, settings = self._collection, self._settings
        same = collection.is_chinese[rows] == (language_of(question) == "zh")
        rankings = []
        if settings.use_keywords:
            found = [matched.get(collection.passages[row].id, 0.0) for row in rows]
            rankings.append((np.array(found, dtype=np.float32), np.where(same, _SAME[0], _ACROSS[0])))
        asked = self._asked(question) if settings.use_interaction else None
        if asked:
            scores = asked.scores([collection.tokens[row] for row in rows])
            rankings.append((scores, np.where(same, _SAME[1], _ACROSS[1])))
        if settings.use_vectors:
            alone = not rankings
            weights = np.ones(len(rows)) if alone else np.where(same, 0.0, _MEAN)
            rankings.append((self._cosines(question, rows), weights))
        return fuse([(scores, weights.astype(np.float32)) for scores, weights in rankings])

    def _cosines(self, question: str, rows: NDArray[np.int64]) -> Vectors:
        collection = self._collection
        ids = np.array([collection.passages[row].id for row in rows], dtype=np.int64)
        return collection.vectors.cosines(self._encoder.encode([question])[0], ids)


def _pieces(encoder: Encoder) -> int:
    return len(encoder.vectors) if isinstance(encoder, StaticEncoder) else 1


def meaning_of(encoder: Encoder) -> Interaction | None:
    """Word by word comparison on the model; None when it is not static."""
    return Interaction(encoder) if isinstance(encoder, StaticEncoder) else None


def _empty(encoder: Encoder) -> Collection:
    none = np.zeros((0, encoder.dimension), dtype=np.float32)
    vectors = VectorIndex.build(np.zeros(0, dtype=np.int64), none)
    return Collection([], [], [], KeywordIndex(), vectors, _pieces(encoder))
