"""The same quantity with another value in another report: a conflict, or what changed between two years.

Figures are compared exactly (value, unit, bound, years, names). They count the same thing if each clause, told with
the other's figure, is supported by the other. Better to miss a conflict than to invent one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product

from answer.reading import clause
from answer.verify import names_of
from index.steer import years_of
from records import Citation, Conflict, Report
from text.markdown import unmarked
from text.periods import years
from text.quantities import Quantity, parse, same

_KINDS = ("number", "share", "multiple", "money", "measure", "version")
#: Two clauses count the same thing if each, told with the other's figure, is supported so well by the other.
SAME_THING = 0.75
#: The longest name of a thing, in characters.
_THING = 40


@dataclass(frozen=True, slots=True)
class _Figure:
    """A quantity in its clause, dates left out of it, with the years of its text and the names of its clause."""

    quantity: Quantity
    clause: str
    written: str
    years: tuple[int, ...]
    names: frozenset[str]

    def told_as(self, written: str) -> str:
        """The clause with another figure in the place of its own."""
        return self.clause.replace(self.written, written, 1)

    @property
    def thing(self) -> str:
        """What is counted: the clause without its figure; empty where that is long."""
        rest = self.told_as(" ").strip(" .。:：-*#")
        return " ".join(rest.split()) if len(rest) <= _THING else ""

    def is_in(self, report: Report) -> bool:
        """Does a report say the number, as it is written?"""
        digits = self.quantity.written
        return digits[:1].isdigit() and bool(re.search(rf"(?<![\d.,]){re.escape(digits)}(?!\d|[.,]\d)", report.text))


ReportOf = Callable[[str], Report]
#: How well a span supports a claim, in [0, 1]: ``verify``'s score.
Score = Callable[[str, str], float]


def compared(
    citations: Sequence[Citation], report_of: ReportOf, language: str, score: Score
) -> tuple[tuple[Conflict, ...], str]:
    """What quotes of different reports say of one another: conflicts, in the order of their marks; and values of two
    years, in words.

    ``what`` of a conflict names the thing and both values in ``language``; ``later`` is the mark of the report
    published later, None where neither is known to be. ``Two years: contributing companies: 980 [1] (2023), 1,011 [2]
    (2024); [2] is later.``
    """
    found: list[Conflict] = []
    note = ""
    for one, other in combinations(citations, 2):
        pair = differing(one, other, score) if one.report_id != other.report_id else None
        if pair is None:
            continue
        reports, marks = (report_of(one.report_id), report_of(other.report_id)), (one.mark, other.mark)
        if pair[1].is_in(reports[0]) and pair[0].is_in(reports[1]):
            continue  # both give both values: of two things
        first, second = (_year(figure, report) for figure, report in zip(pair, reports, strict=True))
        told = _told(pair, marks, (first, second), language)
        order = by_time(*reports)
        if not (pair[0].years and pair[1].years and first and second and first != second):
            found.append(Conflict(told, marks, marks[order < 0] if order else None))
        elif not note:
            note = _OVER_TIME[language].format(told, marks[first < second])
    return tuple(found), note


_OVER_TIME = {"zh": "年份不同：{}；[{}] 较新。", "en": "Two years: {}; [{}] is later."}


def differing(one: Citation, other: Citation, score: Score) -> tuple[_Figure, _Figure] | None:
    """The first two figures of two quotes that are two values of one thing; None where none surely are, or a value
    agrees.
    """
    pairs = _pairs(_figures(one.quote), _figures(other.quote))
    return next((pair for pair in pairs if _same_thing(*pair, score)), None)


def _pairs(here: Sequence[_Figure], there: Sequence[_Figure]) -> Iterator[tuple[_Figure, _Figure]]:
    """Figures of two texts that may be two values of one thing: same unit, other value, no other name."""
    agreeing = [(a, b) for a, b in product(here, there) if same(a.quantity, b.quantity)]
    for figure, another in product(here, there):
        one, other = figure.quantity, another.quantity
        alike = one.kind == other.kind and one.unit == other.unit
        named = figure.names <= another.names or another.names <= figure.names
        agrees = any(figure is a or another is b for a, b in agreeing)
        if alike and named and not agrees and not _bounded(one, other):
            yield figure, another


def _bounded(one: Quantity, other: Quantity) -> bool:
    """May both be true: ``more than 900`` and 1,011?"""
    low, high = sorted((one, other), key=lambda quantity: quantity.low)
    return low.bound == ">" or high.bound == "<" or low.low <= high.low <= low.high


def _same_thing(one: _Figure, other: _Figure, score: Score) -> bool:
    return all(score(_told_by(f, g), g.clause) >= SAME_THING for f, g in ((one, other), (other, one)))


def _told_by(figure: _Figure, other: _Figure) -> str:
    """The clause with the other's figure, without names that only its own report says: ``Orchard has 9 members`` of an
    Orchard's report that says ``9 members``.
    """
    told = figure.told_as(other.written)
    for name in figure.names - other.names:
        told = told.replace(name, "")
    return " ".join(told.split())


@lru_cache(maxsize=4096)
def _figures(text: str) -> tuple[_Figure, ...]:
    text = unmarked(text)
    quantities = [quantity for quantity in parse(text) if quantity.certain]
    found = []
    for quantity in quantities:
        if quantity.kind not in _KINDS or quantity.unit == "date":
            continue
        start, end = clause(text, quantity.start, quantity.end)
        dates = [date for date in quantities if date.unit == "date" and start <= date.start < end]
        pieces = [start, *(edge for date in dates for edge in (date.start, date.end)), end]
        told = " ".join(text[a:b].strip(" ,，;；。") for a, b in zip(pieces[::2], pieces[1::2], strict=True)).strip()
        names = frozenset(names_of(told, opening=True))
        found.append(_Figure(quantity, told, text[quantity.start : quantity.end].strip(), years(text), names))
    return tuple(found)


def another_value(best: Citation, others: Sequence[Citation], score: Score) -> Citation | None:
    """The first of other quotes, of another report, that says another value of what the best one says."""
    return next(
        (other for other in others if other.report_id != best.report_id and differing(best, other, score)), None
    )


def recency(report: Report) -> tuple[str, int, str]:
    """Orders reports by time, later ones greater: year of publication, year in the title, date of publication."""
    return report.published[:4], max(years_of(report), default=0), report.published


def by_time(one: Report, other: Report) -> int:
    """Above 0 where the first report is the later one, below 0 where the second is, 0 where neither is known to be.

    By the dates of publication as far as both are known, then by the years that their titles name.
    """
    known = min(len(one.published), len(other.published))
    first, second = one.published[:known], other.published[:known]
    if first != second:
        return 1 if first > second else -1
    return max(years_of(one), default=0) - max(years_of(other), default=0) if known else 0


def _year(figure: _Figure, report: Report) -> int | None:
    """The year a figure is of: the one said with it, or its report's; None where several are, or none is known."""
    named = figure.years or tuple(years_of(report))
    return named[0] if len(named) == 1 else None


def _told(pair: Sequence[_Figure], marks: Sequence[int], of: Sequence[int | None], language: str) -> str:
    """``贡献公司: 1,011 家 [1] (2024), 980 家 [2] (2023)``: the thing in the reports' words, values, marks, years."""
    dated = None not in of and of[0] != of[1]
    opens, closes, comma, colon = ("（", "）", "，", "：") if language == "zh" else (" (", ")", ", ", ": ")
    values = [
        f"{figure.written} [{mark}]" + (f"{opens}{year}{closes}" if dated else "")
        for figure, mark, year in zip(pair, marks, of, strict=True)
    ]
    thing = pair[0].thing or pair[1].thing
    return (thing + colon if thing else "") + comma.join(values)
