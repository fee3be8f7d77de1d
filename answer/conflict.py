"""Figures that differ between reports: the same quantity of the same thing with another value, and which is later.

Only what is surely the same is held against each other: same unit, same bounds, no other period, and the same words for what
is counted. Better to miss a conflict than to invent one.
"""
# ruff: noqa: E501 (tables of words, and patterns with Chinese, read better on one line)

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from answer.quantities import Quantity, parse, same
from answer.question import language_of
from records import Citation, Conflict, Report

#: How much of what two figures count must be said in the same words.
SAME_THING = 0.6
_KINDS = ("number", "share", "multiple", "money", "measure", "version", "ordinal")


@dataclass(frozen=True, slots=True)
class _Figure:
    """A quantity of a quote: what it counts (words after it and before it, in its clause), and the years said there."""

    mark: int
    report_id: str
    quantity: Quantity
    after: tuple[str, ...]
    before: frozenset[str]
    years: frozenset[int]
    names: frozenset[str]
    text: str


def conflicts(citations: Sequence[Citation], report_of: Callable[[str], Report], language: str) -> tuple[Conflict, ...]:
    """Quoted figures of different reports that say different values of the same thing, in the order of their marks.

    ``what`` names the thing and both values in ``language`` (``zh`` or ``en``); ``later`` is the mark of the quote from the report
    published later, None where neither is known to be.
    """
    figures = [figure for citation in citations for figure in _figures(citation)]
    found: list[Conflict] = []
    seen: set[tuple[int, int]] = set()
    for position, one in enumerate(figures):
        for other in figures[position + 1 :]:
            marks = (one.mark, other.mark)
            if marks in seen or one.report_id == other.report_id or not _differ(one, other):
                continue
            if any(_agree(one, figure) and figure.mark == other.mark for figure in figures):
                continue
            seen.add(marks)
            found.append(Conflict(_what(one, other, language), marks, _later(one, other, report_of)))
    return tuple(found)


_GLUE = frozenset(
    "a an the of in on at to for by with and or from is are was were be been has have had it its this that than as more over about up "
    "nearly almost around least most some per total overall reached reaching rose grew fell went number now".split()
)
_HAN_GLUE = re.compile(r"[的了是在有达到至为约近超过高多个家名位人次款项条种以上与和及或其中增长下降占比共已将]")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9+#.-]*|[\u4e00-\u9fff]+")
_CLAUSE = re.compile(r"[,，。;；!！?？、\n]|\.\s|\band\b|\bwhile\b|和|以及")


def _figures(citation: Citation) -> list[_Figure]:
    """The figures of a quote, each with the words of its own clause."""
    quote = citation.quote
    quantities = [q for q in parse(quote) if q.certain]
    years = frozenset(int(q.low) // 10000 for q in quantities if q.kind in ("year", "date") and q.low >= 10**7)
    names = frozenset(
        match.group().lower() for match in re.finditer(r"[A-Z][A-Za-z0-9]*|(?<![A-Za-z])[a-z]+[A-Z]\w*", quote)
    )
    found = []
    for quantity in quantities:
        if quantity.kind not in _KINDS or (quantity.kind == "ordinal" and quantity.low == 1):
            continue
        ends = [match.start() for match in _CLAUSE.finditer(quote, quantity.end)]
        starts = [match.end() for match in _CLAUSE.finditer(quote, 0, quantity.start)]
        after = quote[quantity.end : ends[0] if ends else len(quote)]
        before = quote[starts[-1] if starts else 0 : quantity.start]
        if not _words(before) and starts:
            before = quote[starts[-2] if len(starts) > 1 else 0 : quantity.start]
        found.append(
            _Figure(
                citation.mark,
                citation.report_id,
                quantity,
                tuple(_words(after)),
                frozenset(_words(before)),
                years,
                names,
                quote,
            )
        )
    return found


def _words(text: str) -> list[str]:
    """What a text speaks of: English words in a rough singular, pairs of Chinese characters; no grammar, no digits."""
    found: list[str] = []
    for match in _WORD.finditer(text):
        word = match.group()
        if word[0] >= "\u4e00":
            for part in _HAN_GLUE.split(word):
                found += [part[i : i + 2] for i in range(len(part) - 1)]
        elif word.lower().strip(".-") not in _GLUE:
            word = word.lower().strip(".-")
            found.append(word[:-1] if len(word) > 3 and word.endswith("s") else word)
    return found


def _share(one: Sequence[str] | frozenset[str], other: Sequence[str] | frozenset[str]) -> float:
    """How much of the shorter of two is in the other; 0 where either is empty."""
    smaller, larger = sorted((set(one), set(other)), key=len)
    return len(smaller & larger) / len(smaller) if smaller else 0.0


def _same_thing(one: _Figure, other: _Figure) -> bool:
    """Do two figures count the same? In the same language, in the same words, over the same years, of the same names."""
    if one.quantity.unit != other.quantity.unit or one.quantity.kind != other.quantity.kind:
        return False
    if language_of(one.text) != language_of(other.text):
        return False
    if one.years and other.years and not one.years & other.years:
        return False
    if one.names and other.names and not (one.names <= other.names or other.names <= one.names):
        return False
    counted_alike = _share(one.after[:3], other.after[:3]) >= SAME_THING
    if one.before and one.before == other.before and not (one.after or other.after):
        return True
    said_alike = _share(one.before, other.before) >= SAME_THING and len(one.before & other.before) >= 2
    if one.after and other.after:
        return counted_alike and (_share(one.before, other.before) >= SAME_THING or not (one.before and other.before))
    return said_alike


def _differ(one: _Figure, other: _Figure) -> bool:
    if not _same_thing(one, other):
        return False
    if same(one.quantity, other.quantity) or same(other.quantity, one.quantity):
        return False
    low, high = sorted((one.quantity, other.quantity), key=lambda quantity: quantity.low)
    return not (low.bound == ">" or high.bound == "<" or low.low <= high.low <= low.high)


def _agree(one: _Figure, other: _Figure) -> bool:
    return same(one.quantity, other.quantity) and _same_thing(one, other)


def _later(one: _Figure, other: _Figure, report_of: Callable[[str], Report]) -> int | None:
    """The mark of the quote whose report was published later; where only a part of a date is known, by that part."""
    first, second = report_of(one.report_id).published, report_of(other.report_id).published
    known = min(len(first), len(second))
    if not known or first[:known] == second[:known]:
        return None
    return one.mark if first[:known] > second[:known] else other.mark


def _what(one: _Figure, other: _Figure, language: str) -> str:
    """``贡献公司: 1,011 家 [1], 980 家 [2]``: the thing in the reports' words, and both values with their marks."""
    thing = _thing(one) or _thing(other)
    first, second = (f"{_written(figure)} [{figure.mark}]" for figure in (one, other))
    if language == "zh":
        return f"{thing}：{first}，{second}" if thing else f"{first}，{second}"
    return f"{thing}: {first}, {second}" if thing else f"{first}, {second}"


def _written(figure: _Figure) -> str:
    return figure.text[figure.quantity.start : figure.quantity.end].strip()


def _thing(figure: _Figure) -> str:
    """The clause of the figure without the figure, shortened."""
    start, end = figure.quantity.start, figure.quantity.end
    starts = [match.end() for match in _CLAUSE.finditer(figure.text, 0, start)]
    ends = [match.start() for match in _CLAUSE.finditer(figure.text, end)]
    before = figure.text[starts[-1] if starts else 0 : start].strip(" ,，:：-*#")
    after = figure.text[end : ends[0] if ends else len(figure.text)].strip(" .。,，")
    chosen = after if len(_words(after)) else before
    chosen = re.sub(r"^(?:家|个|名|位|款|项|of)\s?", "", chosen)
    return chosen if len(chosen) <= 40 else chosen[:40].rsplit(" ", 1)[0] + "…"
