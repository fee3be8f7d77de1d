"""Question in, answer out: search, then quote or write, then check.

Assistant.reply yields the answer so far; the last one is whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from answer.conflict import conflicts
from answer.extract import choose
from answer.features import Candidate, candidates
from answer.generate import Source, Writer, WriterUnavailable, cited_sentences
from answer.question import Question, understand
from answer.verify import verify
from index.search import Filters, Search
from records import Answer, Citation, Claim, Hit, Report, Turn
from settings import Settings

#: Passages offered instead of an answer.
_NEAREST = 3
#: Passages an LLM is shown.
_SHOWN = 6

_NOTES = {
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
    """Answers questions from the reports of one search; holds no conversation of its own."""

    def __init__(self, search: Search, settings: Settings) -> None:
        self._search, self._settings = search, settings
        self._writer = Writer(settings) if settings.llm_url else None

    def reply(
        self,
        question: str,
        earlier: Sequence[Turn] = (),
        filters: Filters = Filters(),  # noqa: B008
        max_sentences: int | None = None,
    ) -> Iterator[Answer]:
        """The answer so far; the last one is whole. Never raises for what was asked."""
        most = max_sentences or self._settings.max_sentences
        note, written_for = "", None
        if self._writer and earlier:
            try:
                written_for = self._writer.rewrite(understand(question, earlier), earlier)
            except WriterUnavailable as reason:
                note = str(reason)
        asked = understand(written_for or question, () if written_for else earlier, date.today())
        asked = replace(asked, asked=question)
        if not re.search(r"\w", question):
            yield Answer(question, asked.language, abstained=True, note=_NOTES["empty"][asked.language])
            return
        hits = self._search.search(asked.whole, self._settings.hits, filters)
        if self._writer and hits and not note:
            try:
                yield from self._written(asked, hits)
                return
            except WriterUnavailable as reason:
                note = str(reason)
        answer = self._quoted(asked, hits, most)
        if note:
            answer = replace(answer, note=_said("fell back", asked.language).format(note.rstrip("。.")))
        for shown in range(1, len(answer.claims)):
            yield replace(answer, claims=answer.claims[:shown], conflicts=())
        yield answer

    def _quoted(self, asked: Question, hits: Sequence[Hit], most: int) -> Answer:
        if not hits:
            return self._declined(asked, hits, 0.0)
        chosen = choose(self._search, asked, hits, most)
        if not chosen.sentences or chosen.confidence < self._settings.decline_below:
            return self._declined(asked, hits, chosen.confidence)
        cited = [cite(mark, candidate) for mark, candidate in enumerate(chosen.sentences, 1)]
        claims = tuple(
            Claim(candidate.text, (citation,), verify(candidate.text, citation.quote, self._search.meaning))
            for candidate, citation in zip(chosen.sentences, cited, strict=True)
        )
        found = conflicts(cited, self._search.report, asked.language)
        return Answer(
            asked.whole,
            asked.language,
            claims,
            conflicts=found,
            nearest=tuple(hits[:_NEAREST]),
            confidence=chosen.confidence,
        )

    def _declined(self, asked: Question, hits: Sequence[Hit], confidence: float) -> Answer:
        note = _said("declined" if hits else "nothing", asked.language)
        nearest = tuple(hits[:_NEAREST])
        return Answer(asked.whole, asked.language, abstained=True, nearest=nearest, note=note, confidence=confidence)

    def _written(self, asked: Question, hits: Sequence[Hit]) -> Iterator[Answer]:
        """What the LLM writes, each sentence checked against the sentence of the passage it rests on."""
        assert self._writer
        shown = hits[:_SHOWN]
        sources = [
            Source(mark, self._report(hit).title, self._report(hit).published, self._search.text(hit.passage))
            for mark, hit in enumerate(shown, 1)
        ]
        answer = self._declined(asked, hits, 0.0)
        for text in self._writer.write(asked, sources):
            claims = tuple(self._claims(text, shown))
            kept = tuple(
                c for c in claims if self._settings.unsupported == "strike" or (c.support and c.support.supported)
            )
            if kept:
                sure = [claim.support.score for claim in kept if claim.support]
                answer = Answer(asked.whole, asked.language, kept, nearest=tuple(hits[:_NEAREST]), confidence=min(sure))
                yield answer
        if not any(claim.support and claim.support.supported for claim in answer.claims):
            yield self._declined(asked, hits, 0.0)
        else:
            yield replace(answer, conflicts=conflicts(answer.citations, self._search.report, asked.language))

    def _claims(self, text: str, shown: Sequence[Hit]) -> Iterator[Claim]:
        marks: dict[tuple[str, int], int] = {}
        for sentence in cited_sentences(text, range(1, len(shown) + 1)):
            spans = [best_span(sentence.text, shown[mark - 1], self._search) for mark in sentence.marks]
            citations = tuple(
                cite(marks.setdefault((candidate.report.id, candidate.start), len(marks) + 1), candidate)
                for candidate in spans
            )
            quotes = " ".join(citation.quote for citation in citations)
            yield Claim(sentence.text, citations, verify(sentence.text, quotes, self._search.meaning))

    def _report(self, hit: Hit) -> Report:
        return self._search.report(hit.passage.report_id)


def cite(mark: int, candidate: Candidate) -> Citation:
    """The citation of a sentence where it stands."""
    report, start, end = candidate.report, candidate.start, candidate.end
    return Citation(mark, report.id, report.sha256, start, end, report.page_at(start), report.text[start:end])


def best_span(claim: str, hit: Hit, search: Search) -> Candidate:
    """The sentence of the passage that supports the claim best; the whole passage if it takes more than one."""
    found = candidates(search, [hit])
    report, passage = search.report(hit.passage.report_id), hit.passage
    whole = Candidate(report, passage.start, passage.end, search.text(passage), hit, 0, 0)
    judged = [(verify(claim, candidate.text, search.meaning), candidate) for candidate in found]
    held = [(support.score, candidate) for support, candidate in judged if support.supported]
    return max(held, key=lambda pair: pair[0])[1] if held else whole


def _said(what: str, language: str) -> str:
    return _NOTES[what][language]
