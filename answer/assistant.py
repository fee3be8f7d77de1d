"""Question in, answer out: search, read, then quote or write, then check.

Assistant.reply yields the answer so far; the last one is whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import replace
from datetime import date

import numpy as np

from answer import meta
from answer.candidates import Candidate, candidates, excerpt
from answer.choose import Choice, Considered, choose, consider, read_choice, standing, stands_worse
from answer.compare import another_value, compared, recency
from answer.generate import Source, Writer, WriterUnavailable, cited_sentences
from answer.question import Question, understand
from answer.reader import Reader, Reads, Unread, load_reader
from answer.summary import summary
from answer.verify import Judge, verify
from index.pairs import PairModel
from index.search import Filters, Search
from index.steer import years_of
from records import Answer, Citation, Claim, Hit, Report, Turn
from settings import Settings
from text.tables import row_at

#: Passages offered instead of an answer.
_NEAREST = 3
#: Passages an LLM is shown.
_SHOWN = 6
#: Passages that are read at once; more are read, as many again, until the answer is sure.
_READ = 8
#: Sentences of other reports that are looked at for another value of what is quoted.
_HELD_AGAINST = 4

_NOTES = {
    "unsure": {
        "zh": "报告没有直接回答；最接近的说法是：",
        "en": "The reports do not answer this directly. The nearest they say:",
    },
    "declined": {
        "zh": "这些报告没有回答这个问题。下面是最接近的段落。",
        "en": "The reports do not say. These are the nearest passages.",
    },
    "nothing": {"zh": "这些报告里没有与这个问题相关的内容。", "en": "The reports hold nothing on this question."},
    "empty": {"zh": "请输入一个问题。", "en": "Please ask a question."},
    "fell back": {
        "zh": "没有用上模型：{}。以下为原文引用。",
        "en": "The model was not used: {}. These are quotations.",
    },
}


class Assistant:
    """Answers questions from the reports of one search; holds no conversation of its own.

    Raises ModelMissing where the reader, or the model an LLM is to be checked by, cannot be loaded.
    """

    def __init__(self, search: Search, settings: Settings) -> None:
        self._search, self._settings = search, settings
        self._reader: Reads = load_reader(settings.reader)
        self._choice: Choice = read_choice(not isinstance(self._reader, Unread))
        if settings.decline_below:
            self._choice = replace(self._choice, unsure=settings.decline_below)
        self._writer = Writer(settings) if settings.llm_url else None
        self._second = PairModel(settings.nli_model) if settings.llm_url and settings.nli_model else None

    def quoting(self) -> Assistant:
        """The same without an LLM."""
        other = copy(self)
        other._writer = None
        return other

    def reply(
        self,
        question: str,
        earlier: Sequence[Turn] = (),
        filters: Filters = Filters(),  # noqa: B008
        max_sentences: int | None = None,
    ) -> Iterator[Answer]:
        """The answer so far; the last one is whole. Never raises for what was asked."""
        pinned = copy(self)
        pinned._search = self._search.pinned()
        return pinned._reply(question, earlier, filters, max_sentences)

    def _reply(
        self, question: str, earlier: Sequence[Turn], filters: Filters, max_sentences: int | None
    ) -> Iterator[Answer]:
        note, written_for = "", None
        if self._writer and earlier:
            try:
                written_for = self._writer.rewrite(understand(question, earlier), earlier)
            except WriterUnavailable as reason:
                note = str(reason)
        asked = understand(written_for or question, () if written_for else earlier, date.today())
        asked = replace(asked, asked=question)
        if not any(map(str.isalnum, question)):
            yield Answer(question, asked.language, certainty="none", note=_said("empty", asked.language))
            return
        reports = self._search.reports(texts=False)
        if said := meta.reply(question, asked.language, reports):
            yield Answer(question, asked.language, certainty="none", note=said)
            return
        if not filters.reports:
            filters = replace(filters, reports=meta.named(asked.whole, reports))
        several = asked.several or asked.compares or asked.summary
        most = max_sentences or self._settings.max_sentences * (2 if several else 1)
        hits = self._search.search(asked.whole, self._settings.hits, filters)
        if self._writer and hits and not note:
            try:
                yield from self._written(asked, self._ranked(asked, hits))
                return
            except WriterUnavailable as reason:
                note = str(reason)
        answer = self._quoted(asked, hits, most)
        if note:
            fell_back = _said("fell back", asked.language).format(note.rstrip("。."))
            answer = replace(answer, note=f"{fell_back} {answer.note}".strip())
        for shown in range(1, len(answer.claims)):
            yield replace(answer, claims=answer.claims[:shown], conflicts=())
        yield answer

    def _quoted(self, asked: Question, hits: Sequence[Hit], most: int) -> Answer:
        if asked.summary and hits:
            parts = summary(self._search, asked, hits, most)
            if parts:
                return self._answer(asked, hits, parts, [None] * len(parts), 1.0)
        considered = self._considered(asked, hits)
        if considered is None or considered.confidence < self._choice.unsure:
            return self._declined(asked, hits, considered.confidence if considered else 0.0)
        chosen = choose(considered, self._choice, asked, most)
        sentences = list(chosen.sentences)
        words = dict(zip(sentences, chosen.words, strict=True))
        sentences = self._with_another_value(asked, considered, sentences, chosen.best, most)
        return self._answer(
            asked, hits, sentences, [words.get(candidate) for candidate in sentences], chosen.confidence
        )

    def _answer(
        self,
        asked: Question,
        hits: Sequence[Hit],
        sentences: Sequence[Candidate],
        words: Sequence[tuple[int, int] | None],
        sure: float,
    ) -> Answer:
        """The sentences as claims that cite themselves, and what their figures say of one another."""
        claims = []
        for mark, (candidate, span) in enumerate(zip(sentences, words, strict=True), 1):
            citation = cite(mark, candidate)
            # a row's names of columns stand in its table's header, not in its quote
            said = citation.quote if row_at(candidate.report.text, candidate.start) else candidate.text
            claims.append(Claim(candidate.text, (citation,), verify(said, citation.quote), span))
        certainty = "sure" if sure >= self._choice.sure else "unsure"
        note = _said("unsure", asked.language) if certainty == "unsure" else ""
        return self._compared(
            Answer(
                asked.whole,
                asked.language,
                tuple(claims),
                certainty,
                nearest=tuple(hits[:_NEAREST]),
                note=note,
                confidence=sure,
            )
        )

    def _considered(self, asked: Question, hits: Sequence[Hit]) -> Considered | None:
        """The hits read, the first ones, and on while it is not sure."""
        found = considered = None
        for at in range(0, len(hits), _READ):
            some = hits[at : at + _READ]
            readings = self._reader.read(asked.whole, [excerpt(self._report(hit), hit) for hit in some])
            found = standing(self._search, asked, hits[: at + _READ], readings, found)
            considered = consider(found, self._choice) if found else None
            if considered and considered.confidence >= self._choice.sure:
                break
        return considered

    def _ranked(self, asked: Question, hits: Sequence[Hit]) -> list[Hit]:
        """The hits by the likeliest sentence of each, best first, as far as they were read."""
        considered = self._considered(asked, hits)
        if considered is None:
            return list(hits)
        best: dict[int, float] = {}
        for candidate, chance in zip(considered.candidates, considered.chances, strict=True):
            best[candidate.rank] = max(best.get(candidate.rank, 0.0), float(chance))
        return [hits[rank] for rank in sorted(range(len(hits)), key=lambda rank: -best.get(rank, 0.0))]

    def _with_another_value(
        self, asked: Question, considered: Considered, sentences: list[Candidate], best: Candidate, most: int
    ) -> list[Candidate]:
        """The sentences to quote, and the one that says another value of the same in another report; at most ``most``.

        Where the latest is asked for, it comes first.
        """
        quoted = cite(0, best)
        likely = np.argsort(-considered.chances, kind="stable").tolist()
        others = [
            candidate
            for candidate in (
                considered.candidates[place] for place in likely if not stands_worse(considered.rows, place, likely[0])
            )
            if candidate.report.id != best.report.id
            and any(map(str.isdigit, candidate.text))
            and (not asked.years or years_of(candidate.report) & set(asked.years))
        ][:_HELD_AGAINST]
        found = another_value(quoted, [cite(0, candidate) for candidate in others], self._score)
        other = next((c for c in others if found and (c.report.id, c.start) == (found.report_id, found.start)), None)
        if other is not None and not any(c.start == other.start and c.report.id == other.report.id for c in sentences):
            sentences = [*sentences[: max(1, most - 1)], other]
        return (
            sorted(sentences, key=lambda candidate: recency(candidate.report), reverse=True)
            if asked.latest
            else sentences
        )

    @property
    def _judge(self) -> Judge | None:
        return self._reader if isinstance(self._reader, Reader) else None

    def _score(self, claim: str, span: str) -> float:
        return verify(claim, span, self._search.meaning, judge=self._judge).score

    def _compared(self, answer: Answer) -> Answer:
        """The answer with what its figures say of one another: conflicts, and values of two years."""
        conflicts, note = compared(answer.citations, self._search.report, answer.language, self._score)
        return replace(answer, conflicts=conflicts, note=" ".join(filter(None, (answer.note, note))))

    def _declined(self, asked: Question, hits: Sequence[Hit], confidence: float) -> Answer:
        note = _said("declined" if hits else "nothing", asked.language)
        nearest = tuple(hits[:_NEAREST])
        return Answer(asked.whole, asked.language, certainty="none", nearest=nearest, note=note, confidence=confidence)

    def _written(self, asked: Question, hits: Sequence[Hit]) -> Iterator[Answer]:
        """What the LLM writes, each sentence checked against the sentence of the passage it rests on."""
        assert self._writer
        shown = hits[:_SHOWN]
        sources = [
            Source(mark, self._report(hit).title, self._report(hit).published, self._search.text(hit.passage))
            for mark, hit in enumerate(shown, 1)
        ]
        text = ""
        for text in self._writer.write(asked, sources):
            answer = self._checked(asked, hits, text, is_whole=False)
            if answer.claims:
                yield answer
        answer = self._checked(asked, hits, text, is_whole=True)
        if any(claim.support and claim.support.supported for claim in answer.claims):
            yield self._compared(answer)
        else:
            yield self._declined(asked, hits, 0.0)

    def _checked(self, asked: Question, hits: Sequence[Hit], text: str, is_whole: bool) -> Answer:
        """What was written so far as an answer; the second opinion is asked about whole sentences only."""
        written = cited_sentences(text, range(1, len(hits[:_SHOWN]) + 1))
        claims: list[Claim] = []
        marks: dict[tuple[str, int], int] = {}
        for place, sentence in enumerate(written, 1):
            spans = [self._best_span(sentence.text, hits[mark - 1]) for mark in sentence.marks]
            citations = tuple(
                cite(marks.setdefault((candidate.report.id, candidate.start), len(marks) + 1), candidate)
                for candidate in spans
            )
            quotes = " ".join(citation.quote for citation in citations)
            second = self._second if is_whole or place < len(written) else None
            support = verify(sentence.text, quotes, self._search.meaning, second, self._judge)
            if support.supported or self._settings.unsupported == "strike":
                claims.append(Claim(sentence.text, citations, support))
        sure = min((claim.support.score for claim in claims if claim.support), default=0.0)
        nearest = tuple(hits[:_NEAREST])
        return Answer(asked.whole, asked.language, tuple(claims), nearest=nearest, confidence=sure)

    def _best_span(self, claim: str, hit: Hit) -> Candidate:
        """The sentence of the passage that supports the claim best; the whole passage if it takes more than one."""
        report, passage = self._report(hit), hit.passage
        whole = Candidate(report, passage.start, passage.end, self._search.text(passage), hit, 0, 0)
        (found,) = candidates(self._search, [hit])
        judged = [
            (verify(claim, candidate.text, self._search.meaning, judge=self._judge), candidate) for candidate in found
        ]
        held = [(support.score, candidate) for support, candidate in judged if support.supported]
        return max(held, key=lambda pair: pair[0])[1] if held else whole

    def _report(self, hit: Hit) -> Report:
        return self._search.report(hit.passage.report_id)


def cite(mark: int, candidate: Candidate) -> Citation:
    """The citation of a sentence where it stands."""
    report, start, end = candidate.report, candidate.start, candidate.end
    return Citation(mark, report.id, report.sha256, start, end, report.page_at(start), report.text[start:end])


def _said(what: str, language: str) -> str:
    return _NOTES[what][language]
