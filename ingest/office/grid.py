"""A grid of cells -> its tables with their headers, and the lines above and below them, as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from ingest.written import table
from text.language import HAN, weight
from text.tables import is_figure, is_period, is_unit

#: The cells of a row, "" where there is none; all rows of a grid are of one width.
Row = Sequence[str]

#: What stands for a figure that is not there: ``-``, ``—``, ``n/a``.
_VOID = re.compile(r"[-–—/*.…]+|n/?a|不适用|无", re.I)
#: ``注：不含税``, ``Source: own survey``: a line below a table.
_BELOW = re.compile(r"(?:[附备]?注|说明|(?:数据|资料)?来源|notes?|sources?)\s*\d*\s*[:：.]", re.I)
#: Names of a column that fit whatever it holds, so that a table of two columns is known to have a header.
_ANY_VALUE = re.compile(
    r"(?:数[值量据]|金额|内容|说明|描述|信息|取?值|结果|values?|amounts?|details?|descriptions?)\s*(?:[(（].*)?",
    re.I | re.S,
)
#: Headers are looked for in so many rows; a title has at most so much weight.
_HEADER_ROWS, _LONGEST_TITLE = 6, 90
#: At most so many tables stand beside one another.
_BESIDE = 8
_HAN_BREAK = re.compile(rf"(?<=[{HAN}（）])\s*\n\s*(?=[{HAN}（）])")


@dataclass(frozen=True, slots=True)
class _Block:
    """Rows without a blank one between them, read: lines above, header, body, lines below."""

    above: tuple[str, ...] = ()
    header: tuple[Row, ...] = ()
    body: tuple[Row, ...] = ()
    below: tuple[str, ...] = ()


def written(rows: Sequence[Row]) -> list[str]:
    """The tables and lines of a grid in reading order, each a Markdown paragraph.

    Blank rows part tables, and blank columns where what follows names its own rows. A table without a header goes on
    under that of the table above where it fills the same columns.
    """
    pieces: list[str] = []
    headers: list[tuple[Row, ...]] = []
    waiting: tuple[Row, ...] = ()  # names without anything under them yet
    for block in map(_read, _blocks(rows)):
        if block.body and not block.header and not block.above:
            header = next((header for header in reversed(headers[-_BESIDE:]) if _fits(header, block.body)), ())
            block = replace(block, header=header)
        if waiting != block.header:
            pieces += map(_line, waiting)
        waiting = () if block.body else block.header
        headers.append(block.header)
        pieces += [*block.above, *([_table(block)] if block.body else []), *block.below]
    return [*pieces, *map(_line, waiting)]


def title(rows: Sequence[Row]) -> str:
    """The first row where it is one short text and something follows; else ""."""
    filled = [row for row in rows[:50] if any(row)]
    if len(filled) < 2 or not _is_single(filled[0]):
        return ""
    words = _line(filled[0])
    named = any(map(str.isalpha, words)) and not (
        is_unit(words) or is_figure(words) or words.endswith(("。", ".", ":", "："))
    )
    return words if named and 2 <= weight(words) <= _LONGEST_TITLE else ""


def one_line(text: str) -> str:
    """The text of a title or name without its line breaks: ``营业\\n收入`` -> ``营业收入``."""
    return " ".join(_HAN_BREAK.sub("", text).split())


def _blocks(rows: Sequence[Row]) -> Iterator[list[Row]]:
    for blank, band in groupby(rows, lambda row: not any(row)):
        if not blank:
            yield from _side_by_side(list(band))


def _side_by_side(rows: list[Row]) -> Iterator[list[Row]]:
    """The tables beside one another in a band of rows; each keeps its place in the row, the others' cells are ""."""
    top = next((n for n, row in enumerate(rows) if not _is_single(row)), len(rows))
    gap = _gap(rows[top:])
    if not gap:
        yield rows
        return
    if top:
        yield rows[:top]
    for part in (
        [[*row[:gap], *[""] * (len(row) - gap)] for row in rows[top:]],
        [[*[""] * gap, *row[gap:]] for row in rows[top:]],
    ):
        yield from _blocks(part)


def _gap(rows: Sequence[Row]) -> int:
    """A blank column with whole tables on both sides, that on the right with names of its rows; 0 without one."""
    used = _columns(rows)
    gaps = [(left, right) for left, right in pairwise(used[1:-1]) if right - left > 1]
    for left, right in gaps if len(gaps) < _BESIDE else ():
        cells = [row[right] for row in rows[1:] if row[right]]
        if len(cells) > 1 and sum(not is_figure(cell) and not _VOID.fullmatch(cell) for cell in cells) > len(cells) / 2:
            return left + 1
    return 0


def _columns(rows: Sequence[Row]) -> list[int]:
    """The columns with a word in any of the rows."""
    filled: set[int] = set()
    width = max((len(row) for row in rows), default=0)
    for row in rows:
        filled.update(n for n, cell in enumerate(row) if cell)
        if len(filled) == width:
            break
    return sorted(filled)


def _read(rows: Sequence[Row]) -> _Block:
    used = _columns(rows)
    if len(used) == 1:
        return _column(rows, used[0])
    top = next((n for n, row in enumerate(rows) if not _is_above(row, used)), len(rows))
    bottom = next((n for n in range(len(rows), top, -1) if not _is_below(rows[n - 1], used)), top)
    inner = rows[top:bottom]
    first, last = _header(inner, used)
    return _Block(
        tuple(_line(row) for row in rows[:top]) + tuple(_line(row) for row in inner[:first]),
        tuple(inner[first:last]),
        tuple(inner[last:]),
        tuple(_line(row) for row in rows[bottom:]),
    )


def _column(rows: Sequence[Row], column: int) -> _Block:
    """A single column: figures under their name, or else a line each."""
    first = next((n for n, row in enumerate(rows) if is_figure(row[column])), None)
    if not first:
        return _Block(above=tuple(_line(row) for row in rows))
    return _Block(tuple(_line(row) for row in rows[: first - 1]), (rows[first - 1],), tuple(rows[first:]))


def _is_single(row: Row) -> bool:
    """Is there one text in the row, in one cell or in a merged one?"""
    return len({cell for cell in row if cell}) == 1


def _is_above(row: Row, used: Sequence[int]) -> bool:
    """Is the row a line above a table: a title, a unit, ``编制单位：…`` beside ``单位：万元``?"""
    cells = [cell for cell in row if cell]
    if any(re.match(r"[^:：]{1,20}[:：]\s*\S", cell) for cell in cells):
        return len(cells) < len(used)
    if not _is_single(row) or is_figure(cells[0]):
        return False
    # the name of a group of columns begins after the column that names the rows
    group = not row[used[0]] and (len(cells) > 1 or is_period(cells[0]))
    return not group


def _is_below(row: Row, used: Sequence[int]) -> bool:
    return (
        _is_single(row)
        and bool(row[used[0]])
        and (_BELOW.match(row[used[0]]) is not None or weight(row[used[0]]) > 120)
    )


def _header(rows: Sequence[Row], used: Sequence[int]) -> tuple[int, int]:
    """Where the header's rows begin and end; (0, 0) where there is none."""
    whole = next((n for n, row in enumerate(rows[:_HEADER_ROWS]) if _names_all(row, used)), None)
    if whole is None and rows and _names(rows[0]) and 2 * sum(map(bool, rows[0])) >= len(used):
        whole = 0
    if whole is None or any(not _names(row) for row in rows[:whole]):
        return 0, 0
    first = whole
    while first and _is_group(rows[first - 1], rows[whole], used):
        first -= 1
    last = whole + 1
    while last < min(len(rows), _HEADER_ROWS) and _goes_on(
        rows[last - 1], rows[last], rows[last + 1 : last + 20], used
    ):
        last += 1
    pairs = len(used) == 2 and last == 1 and _is_pairs(rows, used)
    return (0, 0) if pairs else (first, last)


def _names(row: Row) -> bool:
    return not any(is_figure(cell) for cell in row)


def _names_all(row: Row, used: Sequence[int]) -> bool:
    """Does the row name every column, but for the first, which may go without?"""
    return _names(row) and all(row[column] and not _VOID.fullmatch(row[column]) for column in used[1:])


def _is_group(row: Row, below: Row, used: Sequence[int]) -> bool:
    """Does the row name groups of the columns below it (``2023`` over ``收入`` and ``利润``)?"""
    if row[used[0]] in ("", below[used[0]]) or not below[used[0]]:
        return True
    cells = [row[column] for column in used]
    filled = [n for n, cell in enumerate(cells) if cell]
    return _has_merged(cells) or filled != list(range(len(filled)))


def _has_merged(cells: Row) -> bool:
    return any(left == right != "" for left, right in pairwise(cells[1:]))


def _goes_on(above: Row, row: Row, below: Sequence[Row], used: Sequence[int]) -> bool:
    """Is the row under a header's row still header: names alone, none for the row itself, and figures under them?"""
    filled = [column for column in used[1:] if row[column]]
    if not filled or not _names(row) or row[used[0]] not in ("", above[used[0]]):
        return False
    merged = row[used[0]] != "" or any(row[column] == above[column] for column in filled)
    return merged or any(is_figure(cells[column]) for cells in below for column in filled)


def _is_pairs(rows: Sequence[Row], used: Sequence[int]) -> bool:
    """Are two columns names and values of one thing (``成立日期 | 2001-01-01``), so that no row names the others?"""
    label, value = used
    if any(row[label].endswith((":", "：")) for row in rows):
        return True
    if is_period(rows[0][value]) or _ANY_VALUE.fullmatch(rows[0][value]):
        return False
    kinds = {(is_figure(row[value]), is_period(row[value])) for row in rows[1:] if row[value]}
    return len(kinds) > 1


def _fits(header: Sequence[Row], body: Sequence[Row]) -> bool:
    """Does a table without a header go on under this one: the same columns, all filled in its first row?"""
    columns = _columns(header)
    return bool(columns) and set(_columns(body)) <= set(columns) and all(body[0][column] for column in columns[1:])


def _table(block: _Block) -> str:
    """The table, its unit in a line above it where the header's corner says it."""
    used = _columns([*block.header, *block.body])
    header = [[one_line(row[column]) for column in used] for row in block.header]
    for row in header[:-1]:
        _fill(row)
    unit = ""
    if header and is_unit(header[-1][0]):
        unit = header[-1][0]
        for row in header:
            row[0] = row[0].replace(unit, "")
    body = [_section([row[column] for column in used]) for row in block.body]
    kept = [n for n in range(len(used)) if any(row[n] for row in body) or not _repeats(header, n)]
    rows = [[row[n] for n in kept] for row in [*(header or [[""] * len(used)]), *body]]
    text = table(rows, max(1, len(header))).rstrip("\n")
    return f"{unit}\n\n{text}" if unit else text


def _fill(row: list[str]) -> None:
    """A gap belongs to the name on its left, where the row has no merged cells to say so."""
    if not _has_merged(row):
        for n in range(2, len(row)):
            row[n] = row[n] or row[n - 1]


def _repeats(header: Sequence[Row], column: int) -> bool:
    return bool(header) and column > 0 and all(row[column] in ("", row[column - 1]) for row in header)


def _section(row: list[str]) -> list[str]:
    """A row that is one merged cell names the rows below it; its words are said once."""
    if len(row) > 2 and all(cell == row[0] for cell in row) and not is_figure(row[0]) and not _VOID.fullmatch(row[0]):
        return [row[0], *[""] * (len(row) - 1)]
    return row


def _line(row: Row) -> str:
    """The words of a row as a line of text."""
    words = " ".join(dict.fromkeys(one_line(cell) for cell in row if cell))
    return "\\" + words if words.startswith(("#", "|")) else words
