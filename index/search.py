"""Search: question + filters -> hits."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial

import numpy as np
from filelock import FileLock, Timeout

from index.collection import Collection, Rows, Scope
from index.encoder import Encoder, Ids, StaticEncoder, Vectors, load
from index.fuse import fuse
from index.generation import KEYWORDS, LOCK, NoIndex, follow, is_behind, kept, open_store, server_of
from index.interaction import Held, Interaction, Meaning, Question, stacked
from index.pairs import Reranker
from index.prepare import prepare, searchable
from index.steer import years_asked
from records import Hit, Passage, Report
from settings import Settings
from text.language import language_of
from text.words import bare, content_words, words

__all__ = ["Filters", "NoIndex", "Search", "meaning_of"]

#: A build may make a newer generation current while one is being opened.
_ATTEMPTS = 5
#: Collections up to this size are scored whole; larger ones through candidates.
_SMALL = 1_000
#: The weights of keywords and meaning when question and passage share a language, and when not: words of an English
#: question that stand in a Chinese passage as they are mislead more than they help.
#: Measured on the development questions: docs/tried.md.
_SAME, _FROM_CHINESE, _FROM_ENGLISH = (0.3, 0.7), (0.1, 0.9), (0.02, 0.9)
#: The weight of mean vectors within a language, and across languages, where they agree when single words do not.
_MEAN = 0.15, 0.5
#: A word's translation is never as near as the word itself: what a passage in the other language covers counts so much
#: more, or passages of little worth in the question's own language would come before it.
_TRANSLATED = 1.3
#: What a passage has ahead, in deviations, when the question covers all of it.
_COVERED = 12.0
#: What a report of the year that the question names has ahead, in deviations: it steers, and hides no other.
_STEER = 0.5
#: Passages that a cross-encoder, where there is one, ranks once more.
_RANKED_AGAIN = 30


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


class Search:
    """The same search for the page, the commands and the tests."""

    def __init__(self, settings: Settings, encoder: Encoder, collection: Collection, interaction: Interaction | None):
        self._settings, self._encoder, self._interaction = settings, encoder, interaction
        self._collection = collection
        # not a method of this one: what knows itself is not let go of when its last reader leaves
        self._tokens = lru_cache(maxsize=50_000)(partial(_tokens_of, interaction))
        self._scope = lru_cache(maxsize=8)(_scope)
        self._held = lru_cache(maxsize=1)(partial(_held, interaction))
        self._server = server_of(settings, encoder) if settings.database else None
        self._reranker: Reranker | None = None
        self._kept: tuple[str, Collection, Question] | None = None
        self._lock = threading.Lock()

    @classmethod
    def open(cls, settings: Settings) -> Search:
        """The current generation of the index at ``settings.index``, on the model that built it.

        Raises NoIndex, ModelMissing.
        """
        if settings.database:
            encoder = load(settings.model)
        else:
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
        made = zip(reports, prepare(encoder, reports, settings.passage_size), strict=True)
        return cls(settings, encoder, Collection.over(made, encoder.dimension, _pieces(encoder)), like._interaction)

    def with_settings(self, settings: Settings) -> Search:
        """The same passages, searched as other settings say."""
        return Search(settings, self._encoder, self._collection, self._interaction)

    def pinned(self) -> Search:
        """The same search, which stays at the generation that is open now: all that one question reads is of one."""
        return copy(self)

    def refresh(self) -> bool:
        """Opens a newer generation if there is one; was there one? Asks the server first, where there is one."""
        with self._lock:
            if self._server and is_behind(self._settings, self._server):
                follow(self._settings, self._server)
            return self._reopened()

    def _reopened(self) -> bool:
        with open_store(self._settings) as store:
            if store.generation == self._collection.generation:
                return False
            for _ in range(_ATTEMPTS):
                try:
                    opened = self._opened()
                except (OSError, ValueError, RuntimeError) as error:
                    fault = f"{error}"
                else:
                    # clearing away what it needs begins only after the next generation was made current
                    if opened.generation == store.generation:
                        self._collection, self._kept = opened, None
                        self._scope.cache_clear()
                        self._held.cache_clear()
                        self._renew()
                        return True
                    fault = "it keeps changing"
            raise NoIndex(
                f"The index at {self._settings.index} cannot be opened: {fault}."
                f" Repair it: python -m index build --reports {self._settings.reports} --index {self._settings.index}"
            )

    def _renew(self) -> None:
        """Lets the store's log be emptied, now that nobody reads from the generation before."""
        with suppress(Timeout, OSError), FileLock(self._settings.index / LOCK, timeout=0):
            self._collection.renew()

    def _opened(self) -> Collection:
        store, folder = open_store(self._settings), self._settings.index
        store.hold()
        return Collection.open(store, folder, folder / KEYWORDS, kept(store), _pieces(self._encoder))

    @property
    def generation(self) -> int:
        """The generation that is open; 0 for one in memory."""
        return self._collection.generation

    @property
    def meaning(self) -> Meaning | None:
        """Word by word comparison; None when the model is not static."""
        return self._interaction

    def reports(self, texts: bool = True) -> list[Report]:
        """All reports, ordered by path; without ``texts``, which takes a while for thousands, their text is empty."""
        return self._collection.reports(texts)

    def report(self, report_id: str) -> Report:
        """The report with this id. Raises KeyError."""
        return self._collection.report(report_id)

    def text(self, passage: Passage) -> str:
        """The passage's text, as read."""
        return self.report(passage.report_id).text[passage.start : passage.end]

    def search(self, question: str, k: int = 10, filters: Filters = Filters()) -> list[Hit]:
        """The ``k`` passages that fit best, best first; none for a question without words."""
        collection = self._collection
        scope = self._scope(collection, filters)
        if not question.strip() or not scope.size:
            return []
        reach = scope.size if scope.size <= _SMALL else self._settings.candidates
        said = content_words(bare(question)) or words(question)
        matched = collection.by_words(said, reach, scope)
        vector = self._encoder.encode([question])[0] if self._settings.use_vectors else None
        rows = self._candidates(question, matched[0], vector, scope)
        if not len(rows):
            return []
        scores = self._scores(question, rows, matched, vector) + _STEER * self._is_of_its_year(question, rows)
        most = max(k, _RANKED_AGAIN) if self._settings.reranker else k
        best = np.argsort(-scores, kind="stable")[:most]
        passages = collection.passages(rows[best])
        hits = [Hit(passage, float(score)) for passage, score in zip(passages, scores[best], strict=True)]
        return self._ranked_again(question, hits)[:k] if self._settings.reranker else hits

    def _ranked_again(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """The hits by the cross-encoder's scores, best first."""
        if self._reranker is None:
            self._reranker = Reranker(self._settings.reranker)
        texts = [searchable(self.report(hit.passage.report_id), hit.passage) for hit in hits]
        scores = self._reranker.scores(question, texts)
        ranked = [Hit(hit.passage, float(score)) for hit, score in zip(hits, scores, strict=True)]
        return sorted(ranked, key=lambda hit: -hit.score)

    def _is_of_its_year(self, question: str, rows: Rows) -> Vectors:
        """1 for passages of reports about a year that the question names, 0 for others [rows]."""
        collection = self._collection
        years = years_asked(question, date.today(), lambda: collection.latest_year)
        return collection.is_of_year(rows, years).astype(np.float32)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of the texts on the index's model [texts, dimension]."""
        return self._encoder.encode(texts)

    def matches(self, question: str, texts: Sequence[str]) -> tuple[Vectors, Vectors]:
        """How well each text covers each word of the question [texts, words], and the words' weights [words].

        Word by word on static vectors; by equal words for any other model.
        """
        asked = self._asked(question)
        if asked:
            return asked.matches(*stacked([self._tokens(text) for text in texts])), asked.weights
        said = content_words(question)
        known = [set(words(text)) for text in texts]
        found = np.array([[word in text for word in said] for text in known], dtype=np.float32)
        return found.reshape(len(texts), len(said)), np.ones(len(said), dtype=np.float32)

    def matches_of(self, question: str, passages: Sequence[Passage]) -> Vectors:
        """As ``matches``, for passages of this collection with their headings and titles; [passages, words]."""
        asked, collection = self._asked(question), self._collection
        if asked:
            return asked.matches(*collection.tokens(collection.rows([passage.id for passage in passages])))
        return self.matches(question, [searchable(self.report(p.report_id), p) for p in passages])[0]

    def _asked(self, question: str) -> Question | None:
        """The question weighed for this collection; the last one is kept: one answer asks for it several times."""
        if self._interaction is None:
            return None
        collection, kept = self._collection, self._kept
        if kept is None or kept[0] != question or kept[1] is not collection:
            asked = self._interaction.question(question, self._held(collection))
            self._kept = kept = (question, collection, asked)
        return kept[2]

    def _candidates(self, question: str, matched: Rows, vector: Vectors | None, scope: Scope) -> Rows:
        """Rows worth scoring, ascending: all of a small collection, else the best by words, pieces and vector."""
        if scope.size <= _SMALL:
            return np.flatnonzero(scope.rows)
        collection, settings = self._collection, self._settings
        found = [matched] if settings.use_keywords else []
        asked = self._asked(question) if settings.use_interaction else None
        if asked:
            found.append(collection.by_pieces(asked.expanded(), settings.candidates, scope))
        if vector is not None:
            found.append(collection.by_vector(vector, settings.candidates, scope)[0])
        return np.unique(np.concatenate(found)) if found else matched[:0]

    def _scores(self, question: str, rows: Rows, matched: tuple[Rows, Vectors], vector: Vectors | None) -> Vectors:
        collection, settings = self._collection, self._settings
        is_chinese = language_of(question) == "zh"
        same, across = collection.is_chinese[rows] == is_chinese, _FROM_CHINESE if is_chinese else _FROM_ENGLISH
        rankings, covered = [], np.zeros(len(rows), dtype=np.float32)
        if settings.use_keywords:
            rankings.append((_spread(*matched, rows), np.where(same, _SAME[0], across[0])))
        asked = self._asked(question) if settings.use_interaction else None
        if asked:
            found, covered = asked.scores(*collection.tokens(rows))
            found *= np.where(same, 1.0, _TRANSLATED)
            rankings.append((found, np.where(same, _SAME[1], across[1])))
        if vector is not None:
            alone = not rankings
            weights = np.ones(len(rows)) if alone else np.where(same, *_MEAN)
            rankings.append((collection.cosines(vector, rows), weights))
        return _COVERED * covered + fuse([(scores, weights.astype(np.float32)) for scores, weights in rankings])


def _held(interaction: Interaction | None, collection: Collection) -> Held:
    assert interaction
    return interaction.held(collection.frequency, collection.size)


def _tokens_of(interaction: Interaction | None, text: str) -> Ids:
    assert interaction
    return interaction.tokens([text])[0]


def _scope(collection: Collection, filters: Filters) -> Scope:
    return collection.scope(filters.allow if filters != Filters() else None)


def _spread(found: Rows, scores: Vectors, rows: Rows) -> Vectors:
    """The scores of what was found at the places of ``rows``, ascending; 0 for what was not found."""
    spread = np.zeros(len(rows), dtype=np.float32)
    places = np.searchsorted(rows, found)
    here = places < len(rows)
    here[here] = rows[places[here]] == found[here]
    spread[places[here]] = scores[here]
    return spread


def _pieces(encoder: Encoder) -> int:
    return len(encoder.vectors) if isinstance(encoder, StaticEncoder) else 1


def meaning_of(encoder: Encoder) -> Interaction | None:
    """Word by word comparison on the model; None when it is not static."""
    return Interaction(encoder) if isinstance(encoder, StaticEncoder) else None


def _empty(encoder: Encoder) -> Collection:
    return Collection.over([], encoder.dimension, _pieces(encoder))
