"""Sentences that may answer: every quotable one of the passages found, with what stands above it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from answer.reader import Excerpt
from index.prepare import LONGEST_TITLE
from index.search import Search
from index.steer import years_of
from ingest.clean import plain
from ingest.sentences import quotable
from records import Hit, Report


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
_LONGEST_LIST = 1_200
#: A line that is a list's item, by its mark.
_ITEM_LINE = re.compile(r"[^\S\n]*(?:[-*+•·]|\d{1,2}[.)、])\s")
_LINE_END = re.compile(r"\s*\n\s*")
_DELIMITER = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")


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
    header = header_of(report.text, passage.start)
    if header:
        lines.append(report.text[slice(*header)])
    spans = quotable(report.text, passage.start, passage.end)
    sentences = tuple((start - passage.start, end - passage.start) for start, end in spans)
    return Excerpt(report.text[passage.start : passage.end], "\n".join(filter(None, lines)), sentences)


def candidates(search: Search, hits: Sequence[Hit]) -> Iterator[list[Candidate]]:
    """Every sentence of each hit's passage, in the order of its excerpt's."""
    for rank, hit in enumerate(hits):
        report = search.report(hit.passage.report_id)
        spans = quotable(report.text, hit.passage.start, hit.passage.end)
        yield [
            Candidate(report, start, end, readable(report, start, end, hit.passage.language), hit, rank, place)
            for place, (start, end) in enumerate(spans)
        ]


def readable(report: Report, start: int, end: int, language: str) -> str:
    """The words of a span in one line; a table row with its header: ``| Revenue | 90 |`` -> ``Revenue: 2024 90``."""
    text = plain(report.text[start:end]).strip()
    if "|" in report.text[start:end] and is_row(report.text, start):
        return _row(report.text, start, language)
    return _LINE_END.sub("" if language == "zh" else " ", text)


def _row(text: str, start: int, language: str) -> str:
    first, *rest = _cells(text, start)
    header = header_of(text, start)
    names = _cells(text, header[0])[1:] if header else []
    named = names if len(names) == len(rest) else [""] * len(rest)
    told = [f"{name} {cell}".strip() for name, cell in zip(named, rest, strict=True) if cell.strip("-—–/ ")]
    if not told:
        return first
    colon, comma = ("：", "，") if language == "zh" else (": ", ", ")
    return f"{first}{colon}{comma.join(told)}" if first else comma.join(told)


def _cells(text: str, start: int) -> list[str]:
    """The words of each cell of the row at a place."""
    row = text[text.rfind("\n", 0, start) + 1 : _line_end(text, start)].strip().removeprefix("|").removesuffix("|")
    return [plain(cell).strip() for cell in re.split(r"(?<!\\)\|", row)]


def is_row(text: str, start: int) -> bool:
    """Does the line around a place belong to a table?"""
    return text.startswith("|", text.rfind("\n", 0, start) + 1)


def header_of(text: str, start: int) -> tuple[int, int] | None:
    """The span of the header of the table whose row stands at a place; None for the header itself, outside tables."""
    line = text.rfind("\n", 0, start) + 1
    if not text.startswith("|", line):
        return None
    first = line
    while first > 0:
        before = text.rfind("\n", 0, first - 1) + 1
        if not text.startswith("|", before):
            break
        first = before
    if first == line:
        return None
    end = text.find("\n", first)
    return (first, end) if _DELIMITER.fullmatch(text, end + 1, _line_end(text, end + 1)) else None


def is_header(text: str, start: int) -> bool:
    """Is the row at a place the header of its table?"""
    end = _line_end(text, start)
    return is_row(text, start) and bool(_DELIMITER.fullmatch(text, end + 1, _line_end(text, end + 1)))


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def with_items(candidate: Candidate) -> Candidate:
    """A sentence that announces a list, with the list: ``The users are:`` and its items."""
    if not candidate.text.endswith((":", "：")):
        return candidate
    passage, text = candidate.hit.passage, candidate.report.text
    spans = quotable(text, candidate.end, passage.end)
    items = list(takewhile(lambda span: _ITEM_LINE.match(text, text.rfind("\n", 0, span[0]) + 1), spans))
    return _listed(candidate, candidate.start, candidate.text, items)


def whole_list(candidate: Candidate) -> Candidate:
    """A list's item with the whole list and the line that announces it, an announcement with its list; others as they
    are.
    """
    text = candidate.report.text
    line = text.rfind("\n", 0, candidate.start) + 1
    if not _ITEM_LINE.match(text, line):
        return with_items(candidate)
    first, start, lead = line, line, ""
    while start > 0:
        before = text.rfind("\n", 0, start - 1) + 1
        words = text[before : start - 1].strip()
        if _ITEM_LINE.match(text, before):
            first = before
        elif words:
            lead = plain(words) if words.endswith((":", "：")) else ""
            break
        start = before
    end = _line_end(text, line)
    while end < len(text):
        after = _line_end(text, end + 1)
        if text[end + 1 : after].strip() and not _ITEM_LINE.match(text, end + 1):
            break
        end = after
    return _listed(candidate, before if lead else first, lead, quotable(text, first, end))


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
