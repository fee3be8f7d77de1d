"""Figures that differ between reports: the same quantity of the same thing with another value, and which is later.

Only what is surely the same is held against each other: same unit, same bounds, no other period, and the same words for what
is counted. Better to miss a conflict than to invent one.
"""
# ruff: noqa: E501 (tables of words, and patterns with Chinese, read better on one line)

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from answer.quantities import Quantity, parse, same
from answer.question import Question, language_of
from answer.reading import Meaning
from index.steer import years_of
from records import Citation, Conflict, Report

#: How much of what two figures count must be said in the same words.
SAME_THING = 0.6
#: How much of what a quote shares with the question the other one must share too.
SAME_SUBJECT = 0.6
#: Across languages: the weighted mean cosine of what two figures count, each way.
SAME_THING_ACROSS = 0.55
#: The least that must be said alike before two figures that nothing follows, in English words.
SAID_ALIKE = 1.5
_KINDS = ("number", "share", "multiple", "money", "measure", "version", "ordinal")
#: Which figures may answer which kind of question.
_ANSWERS = {
    "number": ("number", "multiple", "money", "measure"),
    "share": ("share", "number", "multiple"),
    "version": ("version", "number"),
}


@dataclass(frozen=True, slots=True)
class _Figure:
    """A quantity of a text: what it counts (words after it and before it, in its clause), and the years said there."""

    quantity: Quantity
    after: tuple[str, ...]
    before: frozenset[str]
    thing: str
    years: frozenset[int]
    names: frozenset[str]
    text: str


_Cited = tuple[Citation, _Figure]


def conflicts(
    citations: Sequence[Citation],
    report_of: Callable[[str], Report],
    language: str,
    meaning: Meaning | None = None,
    question: str = "",
) -> tuple[Conflict, ...]:
    """Quoted figures of different reports that say different values of the same thing, in the order of their marks.

    ``what`` names the thing, both values and, where they are known to differ, the years of their reports in ``language`` (``zh`` or
    ``en``); ``later`` is the mark of the quote from the report published later, None where neither is known to be. A ``meaning``
    lets figures in two languages be compared; with a ``question``, both quotes must speak of what it speaks of.
    """
    found: dict[tuple[int, int], Conflict] = {}
    for one, other in _pairs(citations):
        marks = (one[0].mark, other[0].mark)
        if marks in found or not _differ(one[1], other[1], meaning) or _agrees(one[1], other[0], meaning):
            continue
        if not _both_of(question, one[0], other[0], report_of):
            continue
        found[marks] = Conflict(_what(one, other, report_of, language), marks, _later(one, other, report_of))
    return tuple(found.values())


def over_time(
    citations: Sequence[Citation],
    report_of: Callable[[str], Report],
    language: str,
    meaning: Meaning | None = None,
    question: str = "",
) -> str:
    """Quoted figures that say the same thing of two years, in words; ``""`` where there are none. Asked as ``conflicts``.

    ``Two years: contributing companies: 980 [1] (2023), 1,011 [2] (2024); [2] is later.``
    """
    for one, other in _pairs(citations):
        years = _year(one, report_of), _year(other, report_of)
        if None in years or years[0] == years[1] or not _differ(one[1], other[1], meaning, of_one_time=False):
            continue
        if _differ(one[1], other[1], meaning) or _agrees(one[1], other[0], meaning):
            continue  # a conflict
        if not _both_of(question, one[0], other[0], report_of):
            continue
        later = (one if max(years, key=lambda year: year or 0) == years[0] else other)[0].mark
        return _OVER_TIME[language].format(_what(one, other, report_of, language), later)
    return ""


_OVER_TIME = {"zh": "年份不同：{}；[{}] 较新。", "en": "Two years: {}; [{}] is later."}


def another_value(
    question: Question,
    quoted: Sequence[Citation],
    others: Sequence[Citation],
    report_of: Callable[[str], Report],
    meaning: Meaning | None = None,
) -> tuple[Citation, Citation] | None:
    """What is quoted and, among other sentences, what says another value of it in another report: of the same time or another.

    Only figures that may answer the question count; where it names one year, those of that year. The first of ``others`` is taken, for
    what is latest that of the latest report. None where there is none.
    """
    wanted = _ANSWERS.get(question.kind, _KINDS if question.latest else ())
    asked = _asked_for(question, quoted, wanted)
    found: list[tuple[_Cited, _Cited]] = []
    for citation in others if asked else ():
        for figure in _figures(citation.quote):
            for one in asked:
                other = (citation, figure)
                if one[0].report_id == citation.report_id or not _differ(one[1], figure, meaning, of_one_time=False):
                    continue
                if len(question.years) == 1 and _year(other, report_of) not in question.years:
                    continue
                both = _both_of(question.whole, one[0], citation, report_of)
                if both and not _agrees(one[1], citation, meaning):
                    found.append((one, other))
    if not found:
        return None
    if question.latest:
        found.sort(key=lambda pair: recency(report_of(pair[1][0].report_id)), reverse=True)
    one, other = found[0]
    return one[0], other[0]


def _asked_for(question: Question, quoted: Sequence[Citation], kinds: Sequence[str]) -> list[_Cited]:
    """The quoted figures that share the most with the question; in another language than its own any may be meant."""
    said = set(_words(question.whole))
    figures = [(citation, figure) for citation in quoted for figure in _figures(citation.quote)]
    figures = [cited for cited in figures if cited[1].quantity.kind in kinds]
    foreign = [cited for cited in figures if language_of(cited[0].quote) != question.language]
    shared = [len(said & {*figure.after, *figure.before} - figure.names) for _, figure in figures]
    most = max(shared, default=0)
    return foreign + [c for c, n in zip(figures, shared, strict=True) if n == most > 0 and c not in foreign]


def _both_of(question: str, one: Citation, other: Citation, report_of: Callable[[str], Report]) -> bool:
    """Do two quotes, with their reports' titles, share what either shares with the question: ``谢尔的面积`` and not ``面积`` alone?"""
    if len({language_of(text) for text in (question, one.quote, other.quote)}) > 1:
        return True
    said = frozenset(_words(question))
    shares = [said & set(_words(f"{report_of(c.report_id).title} {c.quote}")) for c in (one, other)]
    return not any(shares) or len(shares[0] & shares[1]) >= SAME_SUBJECT * max(map(len, shares))


def _pairs(citations: Sequence[Citation]) -> Iterator[tuple[_Cited, _Cited]]:
    """Each two figures of different reports, in the order of their marks."""
    figures = [(citation, figure) for citation in citations for figure in _figures(citation.quote)]
    return ((one, other) for one, other in combinations(figures, 2) if one[0].report_id != other[0].report_id)


_GLUE = frozenset(
    "a an the of in on at to for by with and or from is are was were be been has have had it its this that than as more over about up "
    "nearly almost around least most some per total overall reached reaching rose grew fell went number now".split()
)
_HAN_GLUE = re.compile(
    r"[的了是在有达到至为约近超过高多个家名位人次款项条种以上与和及或其中增长下降占比共已将]|数量|总数"
)
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9+#.-]*|[\u4e00-\u9fff]+")
#: What is counted in, right after the number: 14,355 人 and 77 平方英里 are not of one thing.
_MEASURE = re.compile(r"\s?(?:平方[公英]?[里尺米]?|立方|[家个人名位款项头只条架辆艘座所次岁件篇种届])")
_CLAUSE = re.compile(r"[,，。;；!！?？、\n]|\.\s|\band\b|\bwhile\b|和|以及")


@lru_cache(maxsize=4096)
def _figures(text: str) -> tuple[_Figure, ...]:
    """The figures of a text, each with the words of its own clause."""
    quantities = [q for q in parse(text) if q.certain]
    years = frozenset(int(q.low) // 10000 for q in quantities if q.kind in ("year", "date") and q.low >= 10**7)
    names = frozenset(
        match.group().lower() for match in re.finditer(r"[A-Z][A-Za-z0-9]*|(?<![A-Za-z])[a-z]+[A-Z]\w*", text)
    )
    found = []
    for quantity in quantities:
        if quantity.kind not in _KINDS or (quantity.kind == "ordinal" and quantity.low == 1):
            continue
        ends = [match.start() for match in _CLAUSE.finditer(text, quantity.end)]
        starts = [match.end() for match in _CLAUSE.finditer(text, 0, quantity.start)]
        after = text[quantity.end : ends[0] if ends else len(text)]
        before = text[starts[-1] if starts else 0 : quantity.start]
        if starts and not _words(before) and not _words(after):
            before = text[starts[-2] if len(starts) > 1 else 0 : quantity.start]
        thing = " ".join(_parts(after) or _parts(before))
        found.append(_Figure(quantity, tuple(_words(after)), frozenset(_words(before)), thing, years, names, text))
    return tuple(found)


def _words(text: str) -> list[str]:
    """What a text speaks of: English words in a rough singular, pairs of Chinese characters; no grammar, no digits."""
    found: list[str] = []
    for part in _parts(text):
        if part[0] >= "\u4e00":
            found += [part[i : i + 2] for i in range(len(part) - 1)]
        else:
            part = part.lower()
            found.append(part[:-1] if len(part) > 3 and part.endswith("s") else part)
    return found


def _parts(text: str) -> list[str]:
    """The English words and the runs of Chinese characters of a text that are no grammar."""
    found: list[str] = []
    for match in _WORD.finditer(text):
        word = match.group().strip(".-")
        if word[:1] >= "\u4e00":
            found += [part for part in _HAN_GLUE.split(word) if part]
        elif word.lower() not in _GLUE:
            found.append(word)
    return found


def _weight(words: Collection[str]) -> float:
    """How much words say, in English words: a pair of Chinese characters is half of one."""
    return sum(0.5 if word[0] >= "\u4e00" else 1.0 for word in words)


def _share(one: Sequence[str] | frozenset[str], other: Sequence[str] | frozenset[str]) -> float:
    """How much of the shorter of two is in the other; 0 where either is empty."""
    smaller, larger = sorted((set(one), set(other)), key=len)
    return len(smaller & larger) / len(smaller) if smaller else 0.0


def _same_thing(one: _Figure, other: _Figure, meaning: Meaning | None, of_one_time: bool) -> bool:
    """Do two figures count the same: in the same words, or words that mean the same, over the same years, of the same names?"""
    if one.quantity.unit != other.quantity.unit or one.quantity.kind != other.quantity.kind:
        return False
    if of_one_time and one.years and other.years and not one.years & other.years:
        return False
    names, others = _names(one, other), _names(other, one)
    if names and others and not (names <= others or others <= names):
        return False
    if language_of(one.text) != language_of(other.text):
        return _means_the_same(one, other, meaning)
    measures = {_MEASURE.match(figure.text, figure.quantity.end) for figure in (one, other)}
    if len({match[0].strip() for match in measures if match}) > 1:
        return False
    counted_alike = _share(one.after[:3], other.after[:3]) >= SAME_THING
    if one.before and one.before == other.before and not (one.after or other.after):
        return True
    said_alike = _share(one.before, other.before) >= SAME_THING and _weight(one.before & other.before) >= SAID_ALIKE
    if one.after and other.after:
        return counted_alike and (_share(one.before, other.before) >= SAME_THING or not (one.before and other.before))
    if bool(one.after) != bool(other.after) and not said_alike:
        first, then = (one, other) if one.after else (other, one)
        return len(first.after) <= 3 and frozenset(first.after) == then.before
    return said_alike


def _names(figure: _Figure, other: _Figure) -> frozenset[str]:
    """The names round a figure; a capital that only opens the sentence is none where the other text has the word small."""
    opening = re.match(r"\W*([A-Z][a-z]+)\b", figure.text)
    word = opening[1].lower() if opening else ""
    small = bool(word) and (re.search(rf"\b{word}\b", other.text) or language_of(other.text) == "zh")
    return figure.names - {word} if small else figure.names


def _means_the_same(one: _Figure, other: _Figure, meaning: Meaning | None) -> bool:
    """Do the counted things mean the same across languages, each way?"""
    if meaning is None or not one.thing or not other.thing:
        return False
    return all(
        _meant(*way, meaning) >= SAME_THING_ACROSS for way in ((one.thing, other.thing), (other.thing, one.thing))
    )


def _meant(thing: str, other: str, meaning: Meaning) -> float:
    pieces = meaning.coverage(thing, other)
    total = sum(piece.weight for piece in pieces)
    return sum(piece.weight * max(0.0, piece.best) for piece in pieces) / total if total else 0.0


def _differ(one: _Figure, other: _Figure, meaning: Meaning | None, of_one_time: bool = True) -> bool:
    if same(one.quantity, other.quantity) or same(other.quantity, one.quantity):
        return False
    low, high = sorted((one.quantity, other.quantity), key=lambda quantity: quantity.low)
    if low.bound == ">" or high.bound == "<" or low.low <= high.low <= low.high:
        return False
    return _same_thing(one, other, meaning, of_one_time)


def _agrees(figure: _Figure, citation: Citation, meaning: Meaning | None) -> bool:
    """Does the quote say the figure's value of the same thing too?"""
    return any(
        same(figure.quantity, other.quantity) and _same_thing(figure, other, meaning, of_one_time=True)
        for other in _figures(citation.quote)
    )


def recency(report: Report) -> tuple[str, int, str]:
    """Orders reports by time, later ones greater: year of publication, year that the title names, date of publication."""
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


def _later(one: _Cited, other: _Cited, report_of: Callable[[str], Report]) -> int | None:
    """The mark of the quote whose report is the later one."""
    order = by_time(report_of(one[0].report_id), report_of(other[0].report_id))
    return (one[0].mark if order > 0 else other[0].mark) if order else None


def _year(cited: _Cited, report_of: Callable[[str], Report]) -> int | None:
    """The year a figure is of: the one said with it, or that of its report; None where several are, or none is known."""
    citation, figure = cited
    years = figure.years or years_of(report_of(citation.report_id))
    return next(iter(years)) if len(years) == 1 else None


def _what(one: _Cited, other: _Cited, report_of: Callable[[str], Report], language: str) -> str:
    """``贡献公司: 1,011 家 [1] (2024), 980 家 [2] (2023)``: the thing in the reports' words, both values, marks and years."""
    thing = next((name for name in (_thing(one[1]), _thing(other[1])) if name), "")
    years = [_year(cited, report_of) for cited in (one, other)]
    told = all(years) and years[0] != years[1]
    opens, closes = ("（", "）") if language == "zh" else (" (", ")")
    first, second = (
        f"{_written(figure)} [{citation.mark}]" + (f"{opens}{year}{closes}" if told else "")
        for (citation, figure), year in zip((one, other), years, strict=True)
    )
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
