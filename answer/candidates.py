"""Sentences that may answer: every quotable one of the passages found, with what stands above it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile

from answer.question import Question
from answer.reader import Excerpt
from index.prepare import LONGEST_TITLE
from index.search import Search
from index.steer import years_of
from records import Hit, Report, Row, Table
from text.markdown import ITEM, plain
from text.periods import parts, years
from text.sentences import quotable
from text.tables import label_column, line_end, over_rows, row_at, section_of, table_at
from text.tables import words as cell_words


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer: where it is, its words without markup, and the hit it was found in."""

    report: Report
    start: int
    end: int
    text: str
    hit: Hit
    rank: int
    """Of the hit, from 0."""
    place: int
    """Of the sentence within its passage, from 0."""


#: The longest list that is quoted whole, in characters.
_LONGEST_LIST = 1_800
_LINE_END = re.compile(r"\s*\n\s*")
#: What a cell without a value has.
_EMPTY = "-—–/ "


def above(report: Report, hit: Hit) -> str:
    """What stands above a passage: the title, with the year where it names none, and the headings."""
    title = report.title if len(report.title) <= LONGEST_TITLE else ""
    years = [str(year) for year in sorted(years_of(report)) if str(year) not in title]
    headings = (heading for heading in hit.passage.headings if heading != report.title)
    return " > ".join(filter(None, (" ".join([title, *years[:1]]).strip(), *headings)))


def excerpt(report: Report, hit: Hit) -> Excerpt:
    """The passage as it is read."""
    passage = hit.passage
    lines = [above(report, hit)]
    lines += over_rows(report.text, passage.start)
    spans = _sentences(report.text, passage.start, passage.end)
    sentences = tuple((start - passage.start, end - passage.start) for start, end in spans)
    return Excerpt(report.text[passage.start : passage.end], "\n".join(filter(None, lines)), sentences)


@lru_cache(maxsize=64)  # what is read is looked at again as candidates
def _sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    return quotable(text, start, end)


def candidates(search: Search, hits: Sequence[Hit], first: int = 0) -> Iterator[list[Candidate]]:
    """Every sentence of each hit's passage, in the order of its excerpt's; the hits rank from ``first`` on."""
    for rank, hit in enumerate(hits, first):
        report = search.report(hit.passage.report_id)
        spans = _sentences(report.text, hit.passage.start, hit.passage.end)
        yield [
            Candidate(report, start, end, readable(report, start, end, hit.passage.language), hit, rank, place)
            for place, (start, end) in enumerate(spans)
        ]


def readable(report: Report, start: int, end: int, language: str) -> str:
    """The words of a span in one line; a table row with its header: ``| Revenue | 90 |`` -> ``Revenue: 2024 90``."""
    if row := row_at(report.text, start):
        return row_words(report.text, *row, language)
    return _LINE_END.sub("" if language == "zh" else " ", plain(report.text[start:end]).strip())


def row_words(text: str, table: Table, row: Row, language: str, question: Question | None = None) -> str:
    """A row with what its columns are called, and its unit: ``营业收入：2023年 4,812，2022年 4,310（单位：万元）``.

    Of a question only the columns that may answer it are told; one of the time asked for is told though it is
    empty: ``2023年 —``.
    """
    label = label_column(text, table)
    cells = [plain(cell_words(text, cell)).strip() for cell in row.cells]
    kept = [column for column in columns(table, row, question) if column != label]
    told = []
    for column in kept:
        name, value = plain(table.names[column]), cells[column]
        if value.strip(_EMPTY):
            told.append(f"{name} {value}".strip())
        elif len(kept) < len(row.cells) - 1 and (years(name) or parts(name)):  # asked for, and empty
            told.append(f"{name} —")
    first = " ".join(filter(None, (section_of(text, table, row), cells[label] if label < len(cells) else "")))
    if not told:
        return first
    colon, comma, unit = ("：", "，", "（单位：{}）") if language == "zh" else (": ", ", ", " ({})")
    ending = unit.format(table.unit) if table.unit and any(c.isdigit() for c in "".join(told)) else ""
    return (f"{first}{colon}" if first else "") + comma.join(told) + ending


def columns(table: Table, row: Row, question: Question | None) -> list[int]:
    """The columns of a row that may answer a question: where some are called by the years or parts of years that it
    names, those and the ones that no year (or part) is named of; else all.
    """
    kept = list(range(min(len(table.names), len(row.cells))))
    for asked, named in ((question.years, years), (question.parts, parts)) if question else ():
        of = {column: set(named(table.names[column])) for column in kept}
        if any(of[column] & set(asked) for column in kept):
            kept = [column for column in kept if not of[column] or of[column] & set(asked)]
    return kept


def as_asked(candidate: Candidate, question: Question) -> Candidate:
    """A row with the columns that a question asks for; any other sentence as it is."""
    found = row_at(candidate.report.text, candidate.start)
    if not found:
        return candidate
    return replace(candidate, text=row_words(candidate.report.text, *found, candidate.hit.passage.language, question))


def answering_cell(candidate: Candidate, words: tuple[int, int], question: Question) -> tuple[int, int] | None:
    """The words that answer, in a row widened to their cell; there the only figure that may answer, where the words lie
    in no cell that may.
    """
    text = candidate.report.text
    if not (found := row_at(text, candidate.start)):
        return words
    table, row = found
    label = label_column(text, table)
    cells = [row.cells[column] for column in columns(table, row, question) if column != label]
    if here := [cell for cell in cells if cell[0] <= words[0] < cell[1]]:
        return here[0]
    figures = [cell for cell in cells if any(c.isdigit() for c in text[slice(*cell)])]
    return figures[0] if len(figures) == 1 else None


def is_header(text: str, start: int) -> bool:
    """Does a table's header stand at a place?"""
    found = table_at(text, start)
    return found is not None and found[1] is None


def with_items(candidate: Candidate, wanted: bool = False) -> Candidate:
    """A sentence that announces a list, with the list: ``The users are:`` and its items. One that is ``wanted`` may
    follow any sentence and go on in the next passages.
    """
    if not (wanted or candidate.text.endswith((":", "："))):
        return candidate
    text, end = candidate.report.text, candidate.hit.passage.end
    spans = quotable(text, candidate.end, min(candidate.end + _LONGEST_LIST, len(text)) if wanted else end)
    items = list(takewhile(lambda span: ITEM.match(text, text.rfind("\n", 0, span[0]) + 1), spans))
    return _listed(candidate, candidate.start, candidate.text, items)


def whole_list(candidate: Candidate) -> Candidate:
    """A list's item with the whole list and the line that announces it, an announcement with its list; others as they
    are.
    """
    text = candidate.report.text
    line = text.rfind("\n", 0, candidate.start) + 1
    if not ITEM.match(text, line):
        return with_items(candidate, wanted=True)
    first, start, lead = line, line, ""
    while start > 0:
        before = text.rfind("\n", 0, start - 1) + 1
        words = text[before : start - 1].strip()
        if ITEM.match(text, before):
            first = before
        elif words:
            lead = plain(words) if words.endswith((":", "：")) else ""
            break
        start = before
    end = line_end(text, line)
    while end < len(text):
        after = line_end(text, end + 1)
        if text[end + 1 : after].strip() and not ITEM.match(text, end + 1):
            break
        end = after
    return _listed(candidate, before if lead else first, lead, quotable(text, first, end))


def series(candidate: Candidate) -> list[Candidate]:
    """The sentences that one is counted with, or that it announces: ``第一种是``, ``第二种是``; ``First, ...``.

    None where it is of no such series in its section.
    """
    text, start, end = candidate.report.text, candidate.start, candidate.end
    first = max(text.rfind("\n#", 0, start), start - _SERIES, 0)
    last = text.find("\n#", end, end + _SERIES)
    spans = quotable(text, first, last if last >= 0 else min(end + _SERIES, len(text)))
    counted = [(span, *_counted(text, span[0])) for span in spans]
    here = next((i for i, (span, *_) in enumerate(counted) if span[0] <= start < span[1]), len(counted))
    if here + 1 < len(counted) and not counted[here][1] and counted[here + 1][1] == 1:
        here += 1  # it announces what comes next
    if here == len(counted) or not counted[here][1]:
        return []
    kind = counted[here][2]
    alike = [(span, number) for span, number, of in counted if number and of == kind]
    own = next(i for i, (span, _) in enumerate(alike) if span == counted[here][0])
    begin = own + 1 - alike[own][1]
    if begin < 0 or [number for _, number in alike[begin : own + 1]] != list(range(1, alike[own][1] + 1)):
        return []
    members = [span for i, (span, number) in enumerate(alike[begin:], 1) if number == i]
    language = candidate.hit.passage.language
    told = [replace(candidate, start=s, end=e, text=readable(candidate.report, s, e, language)) for s, e in members]
    return told if len(told) > 1 else []


def _counted(text: str, at: int) -> tuple[int, str]:
    """The number of a sentence in its series, 0 in none, and what is counted: ``第二种是`` -> ``(2, "种")``."""
    match = _COUNTED.match(text, at)
    if not match:
        return 0, ""
    if match["en"]:
        return _ENGLISH.index(match["en"]) + 1, "en"
    return "一二三四五六七八九十".index(match["zh"] or match["is"]) + 1, match["of"] or "" if match["zh"] else "是"


#: How far before and after a sentence its series may stand, in characters.
_SERIES = 6_000
#: ``第一，``, ``第二种是``, ``三是``, ``First,``: what counts the sentences of a series.
_COUNTED = re.compile(
    r"[*_]*(?:第(?P<zh>[一二三四五六七八九十])(?P<of>[^\s，,、：:。]?)|(?P<is>[一二三四五六七八九十])是"
    r"|(?P<en>First|Second|Third|Fourth|Fifth|Sixth)(?:ly)?,)"
)
_ENGLISH = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth")


def _listed(candidate: Candidate, start: int, lead: str, items: Sequence[tuple[int, int]]) -> Candidate:
    """The candidate as a list: what announces it, and as many items as may be quoted; as it is where there are none."""
    text, chinese = candidate.report.text, candidate.hit.passage.language == "zh"
    taken = [span for span in items if span[1] - start <= _LONGEST_LIST]
    if not taken or candidate.start > taken[-1][1]:
        return candidate
    said = [plain(text[first:last]).strip().rstrip("。.;；") for first, last in taken]
    joint, stop = ("；", "。") if chinese else ("; ", ".")
    words = lead + (" " if lead and not chinese else "") + joint.join(said) + stop
    return replace(candidate, start=start if lead else taken[0][0], end=taken[-1][1], text=words)
