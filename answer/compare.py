"""The same quantity with another value in another report: a conflict, or what changed between two years.

Figures are compared exactly (value, unit, bound, years, names). They count the same thing if each clause, told with
the other's figure, is supported by the other. Better to miss a conflict than to invent one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from answer.verify import capitals
from index.steer import years_of
from records import Citation, Conflict, Report
from text.markdown import unmarked
from text.quantities import Quantity, parse, same

_KINDS = ("number", "share", "multiple", "money", "measure", "version")
_CLAUSE = re.compile(r"[,，;；。!！?？\n](?!\d)|\.\s")
#: Two clauses count the same thing if each, told with the other's figure, is supported so well by the other.
SAME_THING = 0.75
#: The longest name of a thing, in characters.
_THING = 40


@dataclass(frozen=True, slots=True)
class _Figure:
    """A quantity in its clause, dates left out of it, with the years of its sentence and the names of its clause."""

    quantity: Quantity
    clause: str
    written: str
    years: frozenset[int]
    names: frozenset[str]

    def told_as(self, written: str) -> str:
        """The clause with another figure in the place of its own."""
        return self.clause.replace(self.written, written, 1)

    @property
    def thing(self) -> str:
        """What is counted: the clause without its figure; empty where that is long."""
        rest = self.told_as(" ").strip(" .。:：-*#")
        return " ".join(rest.split()) if len(rest) <= _THING else ""


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
        reports = report_of(one.report_id), report_of(other.report_id)
        if all(_has(report, figure) for report, figure in zip(reports, reversed(pair), strict=True)):
            continue  # both give both values: of two things
        years = [_year(figure, report) for figure, report in zip(pair, reports, strict=True)]
        order = by_time(*reports)
        told = _told(pair, (one.mark, other.mark), years, language)
        if pair[0].years and pair[1].years and years[0] != years[1] and None not in years:
            later = one.mark if (years[0] or 0) > (years[1] or 0) else other.mark
            note = note or _OVER_TIME[language].format(told, later)
            continue
        later_mark = (one.mark if order > 0 else other.mark) if order else None
        found.append(Conflict(told, (one.mark, other.mark), later_mark))
    return tuple(found), note


_OVER_TIME = {"zh": "年份不同：{}；[{}] 较新。", "en": "Two years: {}; [{}] is later."}


def _has(report: Report, figure: _Figure) -> bool:
    """Does a report say the number of a figure, as it is written?"""
    number = _NUMBER.search(figure.written)
    return bool(number and re.search(rf"(?<![\d.,]){re.escape(number.group())}(?!\d|[.,]\d)", report.text))


#: ``1,011`` in ``1,011 家``
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")


def differing(one: Citation, other: Citation, score: Score) -> tuple[_Figure, _Figure] | None:
    """The first two figures of two quotes that are two values of one thing; None where none surely are, or a value
    agrees.
    """
    for figure, another in _pairs(one.quote, other.quote):
        if _same_thing(figure, another, score):
            return figure, another
    return None


def _pairs(one: str, other: str) -> Iterator[tuple[_Figure, _Figure]]:
    """Figures of two texts that may be two values of one thing: same unit, other value, no other name."""
    here, there = _figures(one), _figures(other)
    for figure in here:
        if any(same(figure.quantity, another.quantity) for another in there):
            continue
        for another in there:
            alike = (figure.quantity.kind, figure.quantity.unit) == (another.quantity.kind, another.quantity.unit)
            named = figure.names <= another.names or another.names <= figure.names
            if (
                alike
                and named
                and not any(same(f.quantity, another.quantity) for f in here)
                and not _bounded(figure.quantity, another.quantity)
            ):
                yield figure, another


def _bounded(one: Quantity, other: Quantity) -> bool:
    """May both be true: ``more than 900`` and 1,011?"""
    low, high = sorted((one, other), key=lambda quantity: quantity.low)
    return low.bound == ">" or high.bound == "<" or low.low <= high.low <= low.high


def _same_thing(one: _Figure, other: _Figure, score: Score) -> bool:
    ways = ((one, other), (other, one))
    return all(score(_unnamed(f.told_as(g.written), f.names - g.names), g.clause) >= SAME_THING for f, g in ways)


def _unnamed(clause: str, names: frozenset[str]) -> str:
    """A clause without names that only its own report says: ``Orchard has 9 members`` of an Orchard's report that says
    ``9 members``.
    """
    return " ".join(_LATIN.sub(lambda word: "" if word.group().lower() in names else word.group(), clause).split())


_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9.+/&'-]*")


@lru_cache(maxsize=4096)
def _figures(text: str) -> tuple[_Figure, ...]:
    text = unmarked(text)
    quantities = [quantity for quantity in parse(text) if quantity.certain]
    years = frozenset(int(q.low) // 10000 for q in quantities if q.unit == "date" and q.low >= 10**7)
    cuts = [0, *(match.end() for match in _CLAUSE.finditer(text)), len(text)]
    found = []
    for quantity in quantities:
        if quantity.kind not in _KINDS or quantity.unit == "date":
            continue
        start = max(cut for cut in cuts if cut <= quantity.start)
        end = min((cut for cut in cuts if cut >= quantity.end), default=len(text))
        dates = [date for date in quantities if date.unit == "date" and start <= date.start < end]
        pieces = [start, *(edge for date in dates for edge in (date.start, date.end)), end]
        clause = " ".join(text[a:b].strip(" ,，;；。") for a, b in zip(pieces[::2], pieces[1::2], strict=True)).strip()
        found.append(_Figure(quantity, clause, text[quantity.start : quantity.end].strip(), years, capitals(clause)))
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
    years = figure.years or years_of(report)
    return next(iter(years)) if len(years) == 1 else None


def _told(pair: tuple[_Figure, _Figure], marks: tuple[int, int], years: Sequence[int | None], language: str) -> str:
    """``贡献公司: 1,011 家 [1] (2024), 980 家 [2] (2023)``: the thing in the reports' words, values, marks, years."""
    several = None not in years and years[0] != years[1]
    opens, closes, comma, colon = ("（", "）", "，", "：") if language == "zh" else (" (", ")", ", ", ": ")
    values = [
        f"{figure.written} [{mark}]" + (f"{opens}{year}{closes}" if several else "")
        for figure, mark, year in zip(pair, marks, years, strict=True)
    ]
    thing = next((figure.thing for figure in pair if figure.thing), "")
    return (thing + colon if thing else "") + comma.join(values)
