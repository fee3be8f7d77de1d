"""Tables that a text draws in other ways -> Markdown tables: HTML, rows without outer bars, boxes, aligned columns."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice, pairwise

from ingest.web.html import markdown_of
from ingest.written import table
from text.language import WIDE, weight
from text.markdown import BAR, FENCES
from text.tables import columns_of, is_figure

#: ``<table class="a">``, ``</table>``
_HTML = re.compile(r"<(/?)table\b[^<>]*>", re.I)
#: ``Site | 2024`` over ``--- | ---``, and the rows below
_BARE = re.compile(
    r"^(?P<header>[^|\n]+\|[^\n]*)\n[^\S\n]*:?-+:?[^\S\n]*(?:\|[^\S\n]*:?-+:?[^\S\n]*)+(?=\n|\Z)(?:\n[^\n]*\|[^\n]*)*",
    re.M,
)
#: ``+------+-----+`` and the lines below it that begin with a plus or a bar
_BOX = re.compile(r"^[^\S\n]*\+(?:[-=:]+\+)+[^\S\n]*(?:\n[^\S\n]*[+|][^\n]*)+", re.M)
_BORDER = re.compile(r"\+(?:[-=:]+\+)+")
#: The same of lines: ``┌──┬──┐``, ``│ a │ b │``
_LINED = re.compile(r"^[^\S\n]*[┌╔┏][─━═┬╦┳╤┐╗┓]+[^\S\n]*(?:\n[^\S\n]*[│║┃├╠┣╞└╚┗][^\n]*)+", re.M)
_LINES = str.maketrans("─━═│┃║", "--=|||") | dict.fromkeys(map(ord, "┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝┏┳┓┣╋┫┗┻┛╞╪╡╤╧"), "+")
#: ``> `` before ``| Hull | 79 |``
_QUOTED_ROW = re.compile(r"^[^\S\n]*(?:>[^\S\n]*)+(?=\|)", re.M)
#: Code of no language: its lines
_FENCED = re.compile(r"^```[^\S\n]*(?:te?xt)?\n((?:(?!```)[^\n]*\n){2,200})```[^\S\n]*$", re.M)
#: What parts the cells of a line: dots that lead to a figure, a tab, two blanks or more.
_GAP = re.compile(r"[^\S\n]{0,40}\.{5,}[^\S\n]*|[ \u3000]*\t[ \u3000\t]*|[ \u3000]{2,}")
#: Where a cell with a figure may begin: ``    4,310``, ``....... EUR 12.50``
_FIGURE = re.compile(r"(?:  |\u3000\u3000|\.{5})[^\S\n]{0,40}[^\s\d]{0,4} ?\d")
#: A line that rules: ``-----  ----``
_RULE = re.compile(r"\s*[-=_─━═][-=_─━═ \t]*")
#: Lines one below the other, none blank.
_TOGETHER = re.compile(r"(?:^[^\S\n]*+\S[^\n]*+(?:\n|\Z)){2,}+", re.M)
#: What stands for a figure that is not there: ``-``, ``n/a``
_VOID = re.compile(r"[-–—*]+|n/?a|不适用", re.I)
#: ``12.50 EUR``, ``312 km``
_WITH_UNIT = re.compile(r"(.*\d)\s+[A-Za-z%€£¥°²³/]{1,8}")
#: What ends sentences and parts of them, no cells.
_STOPS = ".。,，;；"
#: What a row of words is called: no bullet, number or ``name:``
_NAME = re.compile(r"[^\W\d_]{2}.*(?<![:：])\Z")
#: Longer words are no cell's where no line is drawn, in a table without figures shorter ones; a table has at most so
#: many columns, its header so many rows.
_LONGEST_CELL, _SHORT_CELL, _MOST_COLUMNS, _HEADER_ROWS = 60, 30, 40, 3

#: A cell where it stands on its line: from, to, its words.
Cell = tuple[int, int, str]


def with_tables(text: str, kind: str) -> str:
    """The text with Markdown tables in place of those that it draws in other ways; all else as it is.

    ``kind`` is "markdown" or "text"; in text alone blanks part columns.
    """
    if "<table" in text or "<TABLE" in text:
        text = _replaced(text, _of_html(text))
    if kind == "markdown" and "> |" in text:
        text = _QUOTED_ROW.sub("", text)
    if kind == "markdown" and FENCES[0] in text:
        text = _FENCED.sub(lambda found: _of_code(found[0], found[1]), text)
    if "-|" in text or "- |" in text or ":|" in text or ": |" in text:
        text = _replaced(text, ((*found.span(), _of_bare_rows(found)) for found in _BARE.finditer(text)))
    for pattern, mark in ((_BOX, "-+"), (_BOX, "=+"), (_LINED, "─┬"), (_LINED, "━┳"), (_LINED, "═╦"), (_LINED, "═╤")):
        if mark in text:
            text = _replaced(text, ((*found.span(), _of_box(found[0])) for found in pattern.finditer(text)))
    if kind == "text" and ("  " in text or "\t" in text or "....." in text or "\u3000\u3000" in text):
        text = _replaced(text, _of_blanks(text))
    return text


def _replaced(text: str, tables: Iterable[tuple[int, int, str]]) -> str:
    """The text with what stands at places replaced by tables, where there are some, but for lines of code."""
    fences = [match.start() for match in re.finditer(r"^[^\S\n]*(?:```|~~~)", text, re.M)] if FENCES[0] in text else []
    pieces, done = [], 0
    for start, end, written in tables:
        if not written or start < done or bisect_left(fences, start) % 2:
            continue
        pieces += [text[done:start].rstrip(" \t"), "" if not start or text.endswith("\n\n", 0, start) else "\n"]
        pieces.append(written.rstrip("\n") + "\n")
        done = end + text.startswith("\n", end)
        pieces.append("" if done >= len(text) or text.startswith("\n", done) else "\n")
    return "".join([*pieces, text[done:]]) if done else text


def _of_code(code: str, lines: str) -> str:
    """Code that is one table and nothing else as a table; other code as it is."""
    written = with_tables(lines, "text").strip("\n")
    return written if all(line.startswith("| ") for line in written.split("\n")) else code


def _of_html(text: str) -> Iterator[tuple[int, int, str]]:
    """The tables in HTML: where they begin and end, and as Markdown. One that code names is none."""
    begun: list[int] = []
    for tag in _HTML.finditer(text):
        if not tag[1]:
            begun.append(tag.start())
        elif begun:
            start = begun.pop()
            if not begun and "`" not in text[text.rfind("\n", 0, start) + 1 : start]:
                yield start, tag.end(), markdown_of(text[start : tag.end()])


def _of_bare_rows(found: re.Match[str]) -> str:
    header, rule, *rows = found[0].split("\n")
    if len(BAR.findall(header.strip().strip("|"))) != len(BAR.findall(rule.strip().strip("|"))):
        return ""
    return "\n".join(
        f"| {line.strip().removeprefix('|').removesuffix('|').strip()} |" for line in (header, rule, *rows)
    )


def _of_box(drawn: str) -> str:
    """A table drawn with bars between borders; "" where its rows have not the same cells all along."""
    lines = [line.strip().translate(_LINES) for line in drawn.split("\n")]
    groups: list[list[list[str]]] = []
    borders = 0
    for line in lines:
        if _BORDER.fullmatch(line):
            borders += 1
            groups.append([])
        else:
            groups[-1].append([cell.strip() for cell in line.strip("|").split("|")])
    width = lines[0].count("+") - 1
    groups = [group for group in groups if group]
    if not groups or any(len(row) != width for group in groups for row in group):
        return ""
    heads = next((n for n, line in enumerate(lines) if "=" in line and _BORDER.fullmatch(line)), 0)
    header = sum(_BORDER.fullmatch(line) is not None for line in lines[:heads]) or int(borders > 2)
    rows: list[list[str]] = []
    for number, group in enumerate(groups):
        for place, row in enumerate(group):
            # between borders of its own, or without a name, a line goes on with the row above
            if place and (borders > 3 or number < header or not row[0]):
                rows[-1] = [" ".join(filter(None, both)) for both in zip(rows[-1], row, strict=True)]
            else:
                rows.append(row)
    return table(rows if header else [[""] * width, *rows], max(header, 1))


def _of_blanks(text: str) -> Iterator[tuple[int, int, str]]:
    """The tables whose columns blanks, tabs or leading dots part."""
    for found in _TOGETHER.finditer(text):
        lines = found[0].rstrip("\n").split("\n")
        if "\t" not in found[0] and len(_FIGURE.findall(found[0])) < 2 and not _has_column(lines):
            continue  # seen sooner than by looking at every cell
        rows = _rows(lines)
        done = 0
        while drawn := _of_figures(rows, done) or _of_words(rows, done):
            first, last, written = drawn
            start = found.start() + sum(len(line) + 1 for line in lines[:first])
            yield start, start + len("\n".join(lines[first:last])), written
            done = last


def _has_column(lines: Sequence[str]) -> bool:
    """Do the last cells of three lines begin below one another?"""
    starts = [line.rfind("  ") + len(WIDE.findall(line)) if "  " in line else -1 for line in lines]
    return any(a == b == c != -1 for a, b, c in zip(starts, starts[1:], starts[2:], strict=False))


def _rows(lines: Sequence[str]) -> list[list[Cell]]:
    """The cells of each line where they stand, a Chinese character as wide as two others; none of a line that rules.

    Where tabs part them, a cell stands where it is counted.
    """
    tabs = {line.count("\t") for line in lines if "\t" in line}
    if not tabs:
        return [[] if _RULE.fullmatch(line) else list(_cells(line)) for line in lines]
    if len(tabs) == 1:
        return [[(n, n + 1, words.strip(" ")) for n, words in enumerate(line.rstrip().split("\t"))] for line in lines]
    # as many tabs as the words need: in a row with a gap, only the first cell's column is certain
    cells = [re.split(r" *\t[ \t]*", line.rstrip()) for line in lines]
    most = max(map(len, cells))
    return [[(n, n + 1 if not n or len(row) == most else most, words) for n, words in enumerate(row)] for row in cells]


def _cells(line: str) -> Iterator[Cell]:
    start, last = len(line) - len(line.lstrip()), len(line.rstrip())
    if line.isascii() and line.find("  ", start, last) < 0 and line.find(".....", start, last) < 0:
        yield start, last, line[start:last]
        return
    for gap in [*_GAP.finditer(line, start, last), None]:
        end = gap.start() if gap else last
        wide = len(WIDE.findall(line, 0, start))
        if words := line[start:end]:
            yield start + wide, end + wide + len(WIDE.findall(words)), words
        start = gap.end() if gap else end


def _of_figures(rows: Sequence[list[Cell]], after: int) -> tuple[int, int, str] | None:
    """The first table of figures from a line on: its first line, the one behind its last, and as Markdown.

    Of each figure it must be certain what it stands under: its row has a cell for every column, or the columns stand
    apart. A list of chapters with their pages is no table.
    """
    first = next((n for n in range(after, len(rows)) if _is_data(rows[n])), len(rows))
    data, last = [], first
    for number in range(first, len(rows)):
        if _is_data(rows[number]):
            data.append(rows[number])
            last = number + 1
        elif len(rows[number]) > 1 or number > last:
            break
    width = max(map(len, data), default=0)
    if len(data) < 2 or width > _MOST_COLUMNS:
        return None
    columns = columns_of((left, right) for row in data for left, right, _ in row)
    if len(columns) < width:
        if not all(len(row) == width and all(_is_value(cell[2]) for cell in row[1:]) for row in data):
            return None
        columns = [cell[:2] for cell in data[0]]
    body = [_placed(row, columns) for row in rows[first:last] if row]
    header: list[list[str]] = []
    top, line = first, first - int(first - 1 > after and not rows[first - 1])  # under a line that rules
    while line > after and len(header) < _HEADER_ROWS and (names := _names(rows[line - 1], columns, over=bool(header))):
        top = line = line - 1
        header = [names, *header]
    certain = bool(header) or (len(columns) == width and not _is_contents(body))
    if not all(body) or not certain:
        return None
    return top, last, table([*(header or [[""] * width]), *body], max(1, len(header)))


def _of_words(rows: Sequence[list[Cell]], after: int) -> tuple[int, int, str] | None:
    """The same of a table of words: three lines or more whose cells all begin below one another."""
    first = after
    for starts, run in groupby(islice(rows, after, None), lambda row: tuple(left for left, _, _ in row)):
        body = [[words for _, _, words in row] for row in run]
        last = first + len(body)
        fits = all(weight(words) <= _SHORT_CELL and words[-1] not in _STOPS for row in body for words in row if words)
        named = all(_NAME.search(row[0]) for row in body)
        if len(starts) > 1 and len(body) > 2 and fits and named and not _is_contents(body):
            return first, last, table([[""] * len(starts), *body])
        first = last
    return None


def _is_data(row: Sequence[Cell]) -> bool:
    """Is the row a name and figures?"""
    return (
        len(row) > 1
        and any(_is_value(cell[2]) for cell in row[1:])
        and all(weight(cell[2]) <= _LONGEST_CELL for cell in row)
    )


def _is_value(words: str) -> bool:
    with_unit = _WITH_UNIT.fullmatch(words)
    return is_figure(with_unit[1] if with_unit else words) or _VOID.fullmatch(words) is not None


def _placed(row: Sequence[Cell], columns: Sequence[tuple[int, int]]) -> list[str]:
    """The words of a row by their columns; [] where a cell does not stand in one column of its own."""
    words = [""] * len(columns)
    if len(row) == len(columns):
        return [cell[2] for cell in row]
    for left, right, said in row:
        over = [n for n, (start, end) in enumerate(columns) if left < end and right > start]
        if len(over) != 1 or words[over[0]]:
            return []
        words[over[0]] = said
    return words


def _names(row: Sequence[Cell], columns: Sequence[tuple[int, int]], over: bool) -> list[str]:
    """The names of the columns in a line above the figures, ``over`` other names those of groups of columns, too;
    [] where the line names none.
    """
    said = [cell[2] for cell in row]
    if (
        len(row) < 2
        or any(map(_is_value, said))
        or max(map(weight, said)) > _LONGEST_CELL
        or said[0].endswith((":", "："))
    ):
        return []
    if len(row) == len(columns):
        return [words or (over and n > 1 and said[n - 1]) or "" for n, words in enumerate(said)]
    corner = 0 if row[0][0] >= columns[0][1] else 1
    each, left_over = divmod(len(columns) - 1, len(row) - corner)
    if left_over or each > 1 and not (over and len(row) - corner > 1):
        return []
    for n, (left, right, _) in enumerate(row[corner:]):
        if left >= columns[(n + 1) * each][1] or right <= columns[1 + n * each][0]:
            return []
    return [said[0] if corner else "", *(words for words in said[corner:] for _ in range(each))]


def _is_contents(rows: Sequence[Sequence[str]]) -> bool:
    """Names with page numbers that do not fall?"""
    pages = [row[1] for row in rows if len(row) == 2 and row[1].isdigit() and len(row[1]) <= 4]
    return len(pages) == len(rows) > 2 and all(int(a) <= int(b) for a, b in pairwise(pages))
