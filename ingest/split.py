"""Sentences -> passages that keep their headings, pages and offsets."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from dataclasses import dataclass

from ingest.clean import content, kind_of
from records import Passage, Report
from text.fold import letters
from text.language import language_of, weight
from text.lists import over_items, parts
from text.markdown import FENCES, HEADING, plain
from text.sentences import MARK, sentences
from text.tables import table_at

_UNDERLINE = re.compile(r"[^\S\n]*(=+|-+)[^\S\n]*$")
_CLOSING = re.compile(
    r"(?:前言|引言|摘要|概述|总结|结语|结论|小结|附录|参考(?:文献|资料)|未来展望|展望"
    r"|introduction|summary|conclusions?|references|appendix|outlook)[:：]?",
    re.I,
)
_BOLD = re.compile(r"[^\S\n]*(?:\*\*|__)([^*_]{1,80}?)[:：]?(?:\*\*|__)[:：]?[^\S\n]*$")
_CHAPTER = re.compile(
    r"(?:(第[一二三四五六七八九十百\d]{1,4}[章篇部卷编]|part\s+[\divx]+\b|chapter\s+\d+\b)"
    r"|(第[一二三四五六七八九十百\d]{1,4}节|[一二三四五六七八九十]{1,3}、|趋势[一二三四五六七八九十])"
    r"|([(（][一二三四五六七八九十]{1,3}[)）])|(\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+(?=\S))",
    re.I,
)
#: A heading without marks of its own: below every marked one.
_UNMARKED = 7
#: Headings without a body that the next passage carries, at most.
_CARRIED = 3


@dataclass(slots=True)
class _Section:
    """Headings, outermost first, and the spans of the sentences under them."""

    headings: tuple[str, ...]
    line: tuple[int, int]
    spans: list[tuple[int, int]]


def split(report: Report, size: int) -> list[Passage]:
    """The passages in reading order, apart from one another, ids from 0; every sentence of the content is in one.

    ``size`` is the most a passage holds, in English characters, a Chinese one counting 2.5; only a single longer
    sentence exceeds it. A passage stays inside its section and starts at the section's body; of a list that tells of
    one thing after the other it holds one, and it carries the items that its first line is set in under.
    """
    passages: list[Passage] = []
    kind = kind_of(report.path)
    spans = content(report.text, kind)
    barriers = _barriers(report.text, spans)
    for section in _sections(report.text, spans, kind):
        things = parts(report.text, section.spans[0][0], section.spans[-1][1]) if section.spans else []
        for start, end in _pack(report.text, section.spans, size, sorted([*barriers, *things])):
            text = report.text[start:end]
            language = language_of(text) or report.language
            page = report.page_at(start)
            headings = (*section.headings, *over_items(report.text, start))
            passages.append(Passage(len(passages), report.id, start, end, headings, page, language))
    return passages


def headings_of(text: str, spans: list[tuple[int, int]], kind: str) -> list[tuple[int, int, int, str]]:
    """The headings among the lines of the content's spans: (start, end, level from 1, words), in order."""
    lines: list[tuple[int, int, str]] = []
    for first, last in spans:
        position = first
        for line in text[first:last].split("\n"):
            if position < last:
                lines.append((position, min(position + len(line) + 1, last), line))
            position += len(line) + 1
    found = []
    fenced = False
    skip = -1
    for number, (start, end, line) in enumerate(lines):
        stripped = line.strip()
        if stripped.startswith(FENCES):
            fenced = not fenced
        if fenced or not stripped or number == skip:
            continue
        after = lines[number + 1][2] if number + 1 < len(lines) else ""
        before = lines[number - 1][2] if number else ""
        if marked := HEADING.match(line):
            words = marked[2].rstrip()
            closed = words.rstrip("#")
            found.append((start, end, len(marked[1]), plain(words if closed[-1:].strip() else closed)))
        elif not before.strip() and _UNDERLINE.match(after) and len(after.strip()) >= 3 and not MARK.match(line):
            found.append((start, lines[number + 1][1], 1 if "=" in after else 2, plain(line)))
            skip = number + 1
        elif bold := _BOLD.match(line):
            if not before.strip() and not after.strip() and bold[1][-1] not in "。.!?！？":
                found.append((start, end, _UNMARKED, bold[1].strip()))
        elif kind == "text" and (level := _title_level(lines, number)):
            found.append((start, end, level, stripped))
        elif kind == "pdf" and number and not any(c.isdigit() for c in line) and _title_level(lines, number):
            found.append((start, end, _UNMARKED, stripped))
    return [heading for heading in found if heading[3]]


def _title_level(lines: list[tuple[int, int, str]], number: int) -> int:
    """The level of a line of plain text that reads like a title, with a longer body under it; 0 for all others.

    The first line of the file is level 1, numbered ones 2 to 5, others 3.
    """
    line = lines[number][2].strip()
    before = lines[number - 1][2].strip() if number else ""
    rest = (lines[later][2].strip() for later in range(number + 1, min(number + 8, len(lines))))
    after = next((text for text in rest if text), "")
    chapter = _CHAPTER.match(line)
    if before or not after or weight(line) > 100 or line[-1] in '。.!?！？；;,，、…:：|”’"':
        return 0
    if len(line) < 2 or not any(c.isalpha() for c in line) or line[0] in '-*+•●▪◦·>|(（["“':
        return 0
    if not chapter and (len(line.split()) > 12 or line[0].islower() or "http" in line or "。" in line or "@" in line):
        return 0
    body = weight(after) > 1.5 * weight(line) or after[-1] in "。.!?！？:："
    if not any(text.strip() for _, _, text in itertools.islice(lines, number)):
        return 1
    if chapter and (body or _CHAPTER.match(after)):
        if chapter[4]:
            return min(5, 2 + chapter[4].count("."))
        return 1 if chapter[1] else 2 if chapter[2] else 3
    if _CLOSING.fullmatch(line):
        return 2
    return 3 if body else 0


def _sections(text: str, spans: list[tuple[int, int]], kind: str) -> list[_Section]:
    """The content cut at its headings; a heading without a body is carried to the section after it."""
    headings = headings_of(text, spans, kind)
    sections: list[_Section] = []
    above: list[tuple[int, str]] = []
    carried: list[str] = []
    marks = [*headings, (len(text), len(text), 0, "")]
    position = spans[0][0] if spans else 0
    line = (position, position)
    for start, end, level, words in marks:
        body = _sentences_within(text, spans, position, start)
        if body:
            sections.append(_Section((*carried, *(name for _, name in above)), line, body))
            carried = []
        elif above and (not level or level <= above[-1][0]):
            carried = [*carried, above[-1][1]][-_CARRIED:]
        if not level:
            break
        while above and above[-1][0] >= level:
            above.pop()
        above.append((level, words))
        line, position = (start, end), end
    if not sections and headings:
        start, end, _, _ = headings[0]
        sections.append(_Section((), (start, end), _sentences_within(text, spans, start, headings[-1][1])))
    return sections


def _sentences_within(text: str, spans: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """The sentences of the content in [start, end), those without a letter or digit left out."""
    found: list[tuple[int, int]] = []
    for at in range(bisect_right(spans, start, key=lambda span: span[1]), len(spans)):
        first, last = spans[at]
        if first >= end:
            break
        first, last = max(first, start), min(last, end)
        if first < last:
            found += [(first + a, first + b) for a, b in sentences(text[first:last])]
    wordless = sum(1 for _ in itertools.takewhile(lambda span: not letters(text[slice(*span)]), found))
    del found[:wordless]
    while found and not letters(text[slice(*found[-1])]):
        found.pop()
    return found


def _barriers(text: str, spans: list[tuple[int, int]]) -> list[int]:
    """Where content begins again after words that were left out: no passage reaches across."""
    return [b[0] for a, b in itertools.pairwise(spans) if plain(text[a[1] : b[0]])]


def _pack(text: str, spans: list[tuple[int, int]], size: int, barriers: list[int]) -> list[tuple[int, int]]:
    """The sentences packed into passages, one after the other; paragraphs stay together where they fit."""
    groups: list[list[tuple[int, int]]] = []
    for span in spans:
        if groups and _together(text, groups[-1][-1], span):
            groups[-1].append(span)
        else:
            groups.append([span])
    packed: list[list[tuple[int, int]]] = []
    for group in groups:
        apart = packed and bisect_right(barriers, packed[-1][0][0]) != bisect_right(barriers, group[0][0])
        if packed and not apart and _fits(text, [packed[-1][0], group[-1]], size):
            packed[-1] += group
        elif _fits(text, group, size):
            packed.append(group)
        else:
            for number, span in enumerate(group):
                if packed and (number or not apart) and _fits(text, [packed[-1][0], span], size):
                    packed[-1].append(span)
                else:
                    packed.append([span])
    trimmed = []
    for group in packed:
        start, end = group[0][0], group[-1][1]
        whole = text[start:end]
        start += len(whole) - len(whole.lstrip())
        trimmed.append((start, start + len(whole.strip())))
    return trimmed


def _together(text: str, before: tuple[int, int], span: tuple[int, int]) -> bool:
    """Does the sentence belong to the paragraph of the one before? A line that introduces a list belongs to it, what
    names a table and its header to the first row.
    """
    last = text[before[0] : span[0]].rstrip()
    if text.startswith("|", span[0]) and _under_header(text, before[0], span[0]):
        return True
    if last.endswith((":", "：", "?", "？")) and MARK.match(text, span[0]):
        return True
    return "\n" not in text[before[0] + len(last) : span[0]]


def _under_header(text: str, before: int, row: int) -> bool:
    """Is it a table's header after the line that names the table, or the first row after the header?"""
    found = table_at(text, row)
    if not found:
        return False
    table, _ = found
    begins = table.caption[0] if table.caption else table.start
    return begins <= before and row <= (table.rows[0].start if table.rows else table.end)


def _fits(text: str, spans: list[tuple[int, int]], size: int) -> bool:
    return weight(text[spans[0][0] : spans[-1][1]].strip()) <= size
