"""Question in, answer out: search, then quote or write, then check.

Assistant.reply yields the answer so far; the last one is whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from answer.conflict import another_value, conflicts, over_time, recency
from answer.extract import Chosen, choose
from answer.features import Candidate, candidates
from answer.generate import Source, Writer, WriterUnavailable, cited_sentences
from answer.premise import contradicting
from answer.question import Question, understand
from answer.verify import verify
from index.pairs import PairModel
from index.search import Filters, Search
from records import Answer, Citation, Claim, Hit, Report, Turn
from settings import Settings

#: Passages offered instead of an answer.
_NEAREST = 3
#: Passages an LLM is shown.
_SHOWN = 6

_DIGIT = re.compile(
    r"[\d一二三四五六七八九十两]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|half|twice)\b", re.I
)

_NOTES = {
    "declined": {
        "zh": "这些报告没有回答这个问题。下面是最接近的段落。",
        "en": "The reports do not say. These are the nearest passages.",
    },
    "nothing": {"zh": "这些报告里没有与这个问题相关的内容。", "en": "The reports hold nothing on this question."},
    "empty": {"zh": "请输入一个问题。", "en": "Please ask a question."},
    "otherwise": {"zh": "报告的说法相反：", "en": "The report says otherwise:"},
    "fell back": {
        "zh": "没有用上模型：{}。以下为原文引用。",
        "en": "The model was not used: {}. These are quotations.",
    },
}


class Assistant:
    """Answers questions from the reports of one search; holds no conversation of its own.

    Raises ModelMissing where an LLM is to be checked by a model that cannot be loaded.
    """

    def __init__(self, search: Search, settings: Settings) -> None:
        self._search, self._settings = search, settings
        self._writer = Writer(settings) if settings.llm_url else None
        self._second = PairModel(settings.nli_model) if settings.llm_url and settings.nli_model else None

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
            fell_back = _said("fell back", asked.language).format(note.rstrip("。."))
            answer = replace(answer, note=f"{fell_back} {answer.note}".strip())
        for shown in range(1, len(answer.claims)):
            yield replace(answer, claims=answer.claims[:shown], conflicts=())
        yield answer

    def _quoted(self, asked: Question, hits: Sequence[Hit], most: int) -> Answer:
        if not hits:
            return self._declined(asked, hits, 0.0)
        found = candidates(self._search, hits)
        otherwise = self._otherwise(asked, hits, found)
        if otherwise:
            return otherwise
        chosen = choose(self._search, asked, found, most)
        if asked.latest and chosen.confidence < self._settings.decline_below:
            chosen = choose(self._search, replace(asked, whole=asked.timeless), found, most)
        if not chosen.sentences or chosen.confidence < self._settings.decline_below:
            return self._declined(asked, hits, chosen.confidence)
        sentences = self._with_another_value(asked, found, chosen, most)
        cited = [cite(mark, candidate) for mark, candidate in enumerate(sentences, 1)]
        claims = tuple(
            Claim(candidate.text, (citation,), verify(candidate.text, citation.quote, self._search.meaning))
            for candidate, citation in zip(sentences, cited, strict=True)
        )
        return self._compared(
            Answer(
                asked.whole,
                asked.language,
                claims,
                nearest=tuple(hits[:_NEAREST]),
                confidence=chosen.confidence,
            )
        )

    def _compared(self, answer: Answer) -> Answer:
        """The answer with what its figures say of one another: conflicts, and values of two years."""
        about = (answer.citations, self._search.report, answer.language, self._search.meaning, answer.question)
        note = " ".join(filter(None, (answer.note, over_time(*about))))
        return replace(answer, conflicts=conflicts(*about), note=note)

    def _with_another_value(
        self,
        asked: Question,
        found: Sequence[Candidate],
        choice: Chosen,
        most: int,
    ) -> list[Candidate]:
        """The sentences to quote, and the one that says another value of the same in another report.

        At most ``most``; the one that answers best always stays. Where the latest is asked for, it comes first.
        """
        chosen = choice.sentences
        quoted = {cite(0, candidate): candidate for candidate in chosen}
        others = quoted | {cite(0, candidate): candidate for candidate in found if _DIGIT.search(candidate.text)}
        pair = another_value(asked, tuple(quoted), tuple(others), self._search.report, self._search.meaning)
        if pair is None:
            return sorted(chosen, key=_recency, reverse=True) if asked.latest else list(chosen)
        one, other = (others[citation] for citation in pair)
        if asked.latest:
            first, then = sorted((one, other), key=_recency, reverse=True)
            return [first, then, *(c for c in chosen if c not in (one, other))][:most]
        if other in chosen:
            return list(chosen)
        if len(chosen) < most:
            return [*chosen, other]
        spare = [candidate for candidate in chosen if candidate not in (choice.best, one)]
        return [*(c for c in chosen if c != spare[-1]), other] if spare else list(chosen)

    def _otherwise(self, asked: Question, hits: Sequence[Hit], found: Sequence[Candidate]) -> Answer | None:
        """The sentence that denies what the question takes for granted, said as such."""
        candidate = contradicting(asked, found, self._search.meaning)
        if candidate is None:
            return None
        citation = cite(1, candidate)
        support = verify(candidate.text, citation.quote, self._search.meaning)
        return Answer(
            asked.whole,
            asked.language,
            (Claim(candidate.text, (citation,), support),),
            nearest=tuple(hits[:_NEAREST]),
            note=_said("otherwise", asked.language),
            confidence=support.score,
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
        text = ""
        for text in self._writer.write(asked, sources):
            answer = self._checked(asked, hits, text, is_whole=False)
            if answer.claims:
                yield answer
        answer = self._checked(asked, hits, text, is_whole=True)
        if any(claim.support and claim.support.supported for claim in answer.claims):
            yield self._compared(answer)
        else:
            found = candidates(self._search, hits)
            yield self._otherwise(asked, hits, found) or self._declined(asked, hits, 0.0)

    def _checked(self, asked: Question, hits: Sequence[Hit], text: str, is_whole: bool) -> Answer:
        """What was written so far as an answer; the second opinion is asked about whole sentences only."""
        written = cited_sentences(text, range(1, len(hits[:_SHOWN]) + 1))
        claims: list[Claim] = []
        marks: dict[tuple[str, int], int] = {}
        for place, sentence in enumerate(written, 1):
            spans = [best_span(sentence.text, hits[mark - 1], self._search) for mark in sentence.marks]
            citations = tuple(
                cite(marks.setdefault((candidate.report.id, candidate.start), len(marks) + 1), candidate)
                for candidate in spans
            )
            quotes = " ".join(citation.quote for citation in citations)
            second = self._second if is_whole or place < len(written) else None
            support = verify(sentence.text, quotes, self._search.meaning, second)
            if support.supported or self._settings.unsupported == "strike":
                claims.append(Claim(sentence.text, citations, support))
        sure = min((claim.support.score for claim in claims if claim.support), default=0.0)
        nearest = tuple(hits[:_NEAREST])
        return Answer(asked.whole, asked.language, tuple(claims), nearest=nearest, confidence=sure)

    def _report(self, hit: Hit) -> Report:
        return self._search.report(hit.passage.report_id)


def _recency(candidate: Candidate) -> tuple[str, int, str]:
    return recency(candidate.report)


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
