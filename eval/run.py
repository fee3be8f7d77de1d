"""Asks the eval questions and keeps what came back, as it was shown and cited."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from eval import metrics
from eval.questions import EvalQuestion
from records import Answer, Citation, Claim, Hit, Report, Row, Support, Table
from text.tables import label_column, over_rows, row_at, words


@dataclass(frozen=True, slots=True)
class Parts:
    """What is evaluated, as functions.

    ``reply`` streams the answer so far, the last one whole; ``search`` gives hits, best first, for the question as it
    was understood; ``verify`` takes a claim and a span.
    """

    reply: Callable[[EvalQuestion], Iterator[Answer]]
    search: Callable[[str, EvalQuestion], Sequence[Hit]]
    report: Callable[[str], Report]
    verify: Callable[[str, str], Support]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question.

    ``cited`` and ``found`` are (path, text) of the citations in the order of their marks and of the hits, best first.
    ``unsupported`` are the claims whose own citations do not support them, with the verifier's reason; ``needless`` the
    marks of citations that their claim would not miss. ``spans`` are the words of the quotes that answer.
    ``seconds`` run from the question to the whole answer.
    """

    question: EvalQuestion
    answer: Answer
    cited: tuple[metrics.Source, ...]
    invalid: tuple[Citation, ...]
    unsupported: tuple[tuple[str, str], ...]
    found: tuple[metrics.Source, ...]
    seconds: float
    needless: tuple[int, ...] = ()
    spans: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The answer's text with the quotes it rests on: all that a reader sees."""
        return "\n".join([self.answer.text, *(quote for _, quote in self.cited)])

    @property
    def sure(self) -> bool:
        """Was it answered without a doubt."""
        return self.answer.certainty == "sure"

    @property
    def right(self) -> bool:
        """Does it say all the facts there are; of an unanswerable question, the report's own word on the gap."""
        return bool(self.question.facts) and not self.missing

    @property
    def declined(self) -> bool:
        """Did the answer say that the reports do not tell: of an unanswerable question, a doubt says so too."""
        if self.question.answerable:
            return self.answer.abstained
        return metrics.declined(not self.sure, self.shown, self.question.facts)

    @property
    def missing(self) -> list[Sequence[str]]:
        """The facts that the answer lacks; all of them when it was declined."""
        if self.answer.abstained:
            return list(self.question.facts)
        return metrics.missing(self.shown, self.question.facts)


def ask(question: EvalQuestion, parts: Parts) -> Outcome:
    """Put one question to the assistant, and its understood form to search.

    Raises RuntimeError naming the question when the assistant yields no answer at all.
    """
    started = time.perf_counter()
    last = deque(parts.reply(question), maxlen=1)
    seconds = time.perf_counter() - started
    if not last:
        raise RuntimeError(f"The assistant gave no answer to {question.id} ({question.question}).")
    answer = last[0]
    hits = parts.search(answer.question or question.question, question)
    return judged(question, answer, parts, tuple(_source(hit, parts) for hit in hits), seconds)


def judged(
    question: EvalQuestion, answer: Answer, parts: Parts, found: tuple[metrics.Source, ...] = (), seconds: float = 0.0
) -> Outcome:
    """What an answer comes to, whoever gave it."""
    citations = answer.citations
    claims = () if answer.abstained else answer.claims
    return Outcome(
        question=question,
        answer=answer,
        cited=tuple((parts.report(c.report_id).path, c.quote) for c in citations),
        invalid=tuple(c for c in citations if not metrics.valid(c, parts.report(c.report_id))),
        unsupported=tuple(_unsupported(claims, parts)),
        found=found,
        seconds=seconds,
        needless=tuple(_needless(claims, parts)),
        spans=tuple(_spans(claims, parts)),
    )


def _unsupported(claims: Sequence[Claim], parts: Parts) -> Iterator[tuple[str, str]]:
    for claim in claims:
        support = parts.verify(claim.text, _joined(claim.citations, parts))
        if not claim.citations or not support.supported:
            yield claim.text, support.why if claim.citations else "it cites nothing"


def _needless(claims: Sequence[Claim], parts: Parts) -> Iterator[int]:
    """Marks of citations that do not support their claim alone, where the others of that claim do without it.

    Gao et al., Enabling Large Language Models to Generate Text with Citations (2023), define citation precision so.
    """
    for claim in claims:
        for citation in claim.citations if len(claim.citations) > 1 else ():
            others = [other for other in claim.citations if other is not citation]
            alone, without = _joined([citation], parts), _joined(others, parts)
            if not parts.verify(claim.text, alone).supported and parts.verify(claim.text, without).supported:
                yield citation.mark


def _spans(claims: Sequence[Claim], parts: Parts) -> Iterator[str]:
    for claim in claims:
        if claim.answer_span and claim.citations:
            start, end = claim.answer_span
            yield parts.report(claim.citations[0].report_id).text[start:end]


def _joined(citations: Sequence[Citation], parts: Parts) -> str:
    return "\n".join(_read(citation, parts) for citation in citations)


def _source(hit: Hit, parts: Parts) -> metrics.Source:
    report = parts.report(hit.passage.report_id)
    return report.path, report.text[hit.passage.start : hit.passage.end]


def _read(citation: Citation, parts: Parts) -> str:
    text = parts.report(citation.report_id).text
    found = row_at(text, citation.start)
    return as_read(text, *found) if found else citation.quote


def as_read(text: str, table: Table, row: Row) -> str:
    """A row of a table as it is read: under its header, each cell told with its column, and as it stands.

    ``Coast | 8,120`` under ``Line | Passengers`` has the line ``Coast: Passengers 8,120``.
    """
    label, cells = label_column(text, table), [words(text, span).strip() for span in row.cells]
    named = [pair for place, pair in enumerate(zip(table.names, cells, strict=False)) if place != label and pair[1]]
    told = f"{''.join(cells[label : label + 1])}: {', '.join(' '.join(pair) for pair in named)}"
    return "\n".join([*over_rows(text, row.start), told, text[row.start : row.end]])
