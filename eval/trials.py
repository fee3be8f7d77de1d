"""The tamper gate: what the verifier says of true claims, and of the same claims made false."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from eval.questions import EvalQuestion
from eval.run import as_read
from eval.tamper import KINDS, tamper, trimmed
from records import Report, Row, Table
from text.fold import overlap
from text.language import language_of
from text.markdown import plain
from text.quantities import parse
from text.tables import label_column, tables, words

#: What leaves a claim true.
TRUE = ("untouched", "translated", "row")


@dataclass(frozen=True, slots=True)
class Trial:
    """A claim that was put before the verifier with the span it should be judged by.

    ``kind`` says what was done to the claim: one of ``TRUE`` or a kind of tampering; ``right`` whether the verdict was:
    supported for a true claim, unsupported for all others.
    """

    kind: str
    language: str
    claim: str
    span: str
    right: bool
    why: str


#: claim, span -> supported, and why
Verdict = Callable[[str, str], tuple[bool, str]]


def gate(claims: Sequence[str], language: str, verdict: Verdict, seed: int = 0) -> list[Trial]:
    """What the verifier says of claims that are true and of the same claims made false.

    Each claim is its own evidence. It is tried ``untouched``; tampered with in each of the kinds which it offers;
    ``trimmed``: judged by itself without one of its figures; and ``moved``: judged by the claim half the list away, as
    a citation that points at the wrong place. The same seed gives the same trials.
    """
    trials: list[Trial] = []
    distinct = list(dict.fromkeys(claims))

    def judged(kind: str, claim: str, span: str) -> None:
        supported, why = verdict(claim, span)
        trials.append(Trial(kind, language, claim, span, supported == (kind in TRUE), why))

    for position, claim in enumerate(distinct):
        chance = random.Random(f"{seed} {claim}")  # of the claim alone: another claim before it changes nothing
        judged("untouched", claim, claim)
        for kind in KINDS:
            if (false := tamper(claim, kind, chance)) is not None:
                judged(kind, false, claim)
        if (left := trimmed(claim, claim, chance)) is not None:
            judged("trimmed", claim, left)
        elsewhere = distinct[(position + len(distinct) // 2) % len(distinct)]
        if not overlap(claim, elsewhere):
            judged("moved", claim, elsewhere)
    return trials


def translations(claims: Sequence[str], spans: Sequence[str], language: str, verdict: Verdict) -> list[Trial]:
    """What the verifier says of claims in ``language`` that each rest on their translation.

    Raises ValueError when the two are not as many.
    """
    judged = [(claim, span, verdict(claim, span)) for claim, span in zip(claims, spans, strict=True)]
    return [Trial("translated", language, claim, span, supported, why) for claim, span, (supported, why) in judged]


def row_trials(reports: Iterable[Report], language: str, verdict: Verdict) -> list[Trial]:
    """What the verifier says of ``Coast: Passengers 8,120`` for each row of a table, and of another column's figure.

    ``row`` should be kept, ``column`` caught: a figure that stands in the row, told as what it is not.
    """
    trials: list[Trial] = []
    for report in reports:
        for table in tables(report.text) if report.language == language else ():
            for row in table.rows:
                told = _told(report.text, table, row)
                if told:
                    span = as_read(report.text, table, row)
                    for kind, claim in zip(("row", "column"), told, strict=True):
                        supported, why = verdict(claim, span)
                        trials.append(Trial(kind, language, claim, span, supported == (kind in TRUE), why))
    return trials


def _told(text: str, table: Table, row: Row) -> tuple[str, str] | None:
    """A figure of a row told with its column, and another one of the row in its place; None for fewer than two."""
    label, cells = label_column(text, table), [words(text, span).strip() for span in row.cells]
    figures = [
        (name, cell)
        for place, (name, cell) in enumerate(zip(table.names, cells, strict=False))
        if place != label and name and any(quantity.certain for quantity in parse(cell))
    ]
    if len({cell for _, cell in figures}) < 2 or not cells[label]:
        return None
    (name, own), *_ = figures = random.Random(" ".join(cells)).sample(figures, len(figures))
    other = next(cell for _, cell in figures if cell != own)
    return f"{cells[label]}: {name} {own}", f"{cells[label]}: {name} {other}"


def golden(questions: Iterable[EvalQuestion], language: str) -> list[str]:
    """The gold answers of a language: what the reports say word for word to the questions that they answer."""
    quotes = (plain(e.quote).strip() for q in questions if q.answerable for e in q.evidence)
    return list(dict.fromkeys(quote for quote in quotes if language_of(quote) == language))
