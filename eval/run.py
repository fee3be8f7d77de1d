"""Asks the eval questions and keeps what came back, as it was shown and cited."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from eval import metrics
from eval.questions import EvalQuestion
from records import Answer, Citation, Claim, Hit, Report, Support
from text.tables import over_rows


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
    ``unsupported`` are the claims whose own citations do not support them, with the verifier's reason.
    ``seconds`` run from the question to the whole answer.
    """

    question: EvalQuestion
    answer: Answer
    cited: tuple[metrics.Source, ...]
    invalid: tuple[Citation, ...]
    unsupported: tuple[tuple[str, str], ...]
    found: tuple[metrics.Source, ...]
    seconds: float

    @property
    def shown(self) -> str:
        """The answer's text with the quotes it rests on: all that a reader sees."""
        return "\n".join([self.answer.text, *(quote for _, quote in self.cited)])

    @property
    def sure(self) -> bool:
        """Was it answered without a doubt."""
        return self.answer.certainty == "sure"

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
    citations = answer.citations
    return Outcome(
        question=question,
        answer=answer,
        cited=tuple((parts.report(c.report_id).path, c.quote) for c in citations),
        invalid=tuple(c for c in citations if not metrics.valid(c, parts.report(c.report_id))),
        unsupported=() if answer.abstained else tuple(_unsupported(answer.claims, parts)),
        found=tuple(_source(hit, parts) for hit in hits),
        seconds=seconds,
    )


def _unsupported(claims: Sequence[Claim], parts: Parts) -> Iterator[tuple[str, str]]:
    for claim in claims:
        support = parts.verify(claim.text, "\n".join(_read(citation, parts) for citation in claim.citations))
        if not claim.citations or not support.supported:
            yield claim.text, support.why if claim.citations else "it cites nothing"


def _source(hit: Hit, parts: Parts) -> metrics.Source:
    report = parts.report(hit.passage.report_id)
    return report.path, report.text[hit.passage.start : hit.passage.end]


def _read(citation: Citation, parts: Parts) -> str:
    """A quote as it is read: a table's row under its header."""
    text = parts.report(citation.report_id).text
    return "\n".join([*over_rows(text, citation.start), citation.quote])
