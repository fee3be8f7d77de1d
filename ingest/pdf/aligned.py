"""Tables without lines: rows whose figures stand below one another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ingest.pdf.lines import Piece
from ingest.pdf.tables import Grid, in_their_midst, says_what, text_of
from text.language import weight
from text.tables import columns_of, is_figure, is_period, is_unit

#: ``编制单位：某公司``
_LABELLED = re.compile(r"[^:：]{1,20}[:：]\s*\S")
#: What stands for a figure that is not there: ``-``, ``—``, ``n/a``, ``n.m.``
_VOID = re.compile(r"[-–—*]+|n\.?[/.]?[am]\.?|不适用", re.I)
#: ``4.1 Volumes``, ``第三章 业务``, ``三、业务``
_NUMBERED = re.compile(r"\d+(?:\.\d+)*\.?\s|第.{1,3}[章节部]|[一二三四五六七八九十]+、")
_LEADER = re.compile(r"\.{4,}|…{2,}|·{4,}")
#: Longer words are no cell's where no line is drawn; a row with a longer piece is text.
_LONGEST_CELL, _SHORT_CELL, _LONGEST_LINE = 60, 24, 90
#: Rows over the first figures that may name the columns; in parts of a letter's size, the widest gap inside.
_HEADER_ROWS, _GAP = 4, 2.4

Row = Sequence[Piece]
#: The pieces of a row by their columns.
Cells = list[list[Piece]]


def is_above(row: Row) -> bool:
    """Is the row a line above a table: ``编制单位：甲`` beside ``单位：元``? A unit in a corner has years beside it."""
    return len(row) > 1 and all(is_unit(piece.text) or _LABELLED.match(piece.text) for piece in (row[0], row[-1]))


def goes_across(table: Grid, gap: tuple[float, float]) -> bool:
    """Are the columns of a table right of a gap figures alone, so that their names stand left of it?"""
    right = [n for n, (left, _) in enumerate(table.columns) if left >= gap[0]]
    cells = [row[n] for row in table.rows[table.headers :] for n in right if row[n]]
    return bool(cells) and len(right) < len(table.columns) and all(map(_is_value, cells))


def aligned(rows: Sequence[Row]) -> tuple[Grid, int] | None:
    """The table that begins with the first row, and how many rows it takes; None where there is none.

    Every figure must fall in a column of its own, and those of a column must stand right, left or middle aligned.
    Under bold names, words alone will do.
    """
    near = _near(rows)
    named = len(near) > 2 and len(near[0]) > 1 and _is_bold(near[0]) and not any(map(_is_bold, near[1:]))
    named = named and not any(is_period(piece.text) for piece in near[1])
    data = [number for number, row in enumerate(near) if (number or not named) and _is_data(row, named)]
    if len(data) < 2 or data[0] > _HEADER_ROWS or (data[0] == 0 and len(data) < 3):
        return None
    told = [near[number] for number in (range(len(near)) if named else data)][: data[-1] + 1]
    columns = columns_of((piece.left, piece.right) for row in told for piece in row)
    near = near[: _end(near, data, columns)]
    if len(columns) < 2:
        return None
    cells = [_cells(row, columns, number < data[0]) for number, row in enumerate(near)]
    fitting = [row for row in cells if row is not None]
    if len(fitting) < len(cells) or not _stands([fitting[number] for number in data]):
        return None
    head = data[0]
    while head > 1 and not any(fitting[head - 1][1:]):  # names rows, not columns
        head -= 1
    lines = [*fitting[:head], *_wrapped(near[head:], _with_names(fitting[head:]), {n - head for n in data})]
    texts = [tuple(text_of(cell) for cell in row) for row in lines]
    body = texts[head:]
    if 2 * len(data) < len(body) or _is_contents(body) or not says_what(texts):
        return None
    if len(data) == 2 and not (all(map(all, body)) and len(set(texts[head - 1])) == len(columns)):
        return None  # two rows show no columns, unless nothing is missing
    every = [piece for row in near for piece in row]
    bold = _is_bold(near[0]) and not _is_bold(near[-1])
    left, right = min(piece.left for piece in every), max(piece.right for piece in every)
    bottom, top = min(piece.bottom for piece in every), max(piece.top for piece in every)
    return Grid(left, right, bottom, top, tuple(texts), tuple(columns), head, bold), len(near)


def _with_names(rows: Sequence[Cells]) -> list[Cells]:
    """The rows, names of the first column that stand in the midst of several in each of these."""
    names = [row[0] for row in rows if row[0]]
    if not all(row[1] and not _is_value(row[1][0].text) for row in rows):
        return list(rows)
    over = in_their_midst([name[0].base for name in names], [row[1][0].base for row in rows])
    return [[names[n], *row[1:]] for n, row in zip(over, rows, strict=True)] if over else list(rows)


def _is_bold(row: Row) -> bool:
    return all(piece.bold for piece in row)


def _end(near: Sequence[Row], data: Sequence[int], columns: Sequence[tuple[float, float]]) -> int:
    """Where the table ends: behind the last row with figures and the lines that wrapped words of it take."""
    end = data[-1] + 1
    steps = [above[0].base - row[0].base for above, row in pairwise(near[: end + 1])]
    while end < len(near) and near[end - 1][0].base - near[end][0].base <= 1.1 * min(steps):
        if max(steps) <= 1.25 * min(steps) or _cells(near[end], columns, header=False) is None:
            break
        end += 1
    return end


def _wrapped(near: Sequence[Row], cells: Sequence[Cells], data: set[int]) -> list[Cells]:
    """The rows, lines that stand closer to one another than rows do put together, where one of them has figures and the
    others fill fewer columns.
    """
    steps = [above[0].base - row[0].base for above, row in pairwise(near)]
    if not steps or max(steps) <= 1.25 * min(steps):
        return list(cells)
    groups = [[0]]
    for number, step in enumerate(steps, 1):
        if step <= 1.1 * min(steps):
            groups[-1].append(number)
        else:
            groups.append([number])
    found: list[Cells] = []
    for group in groups:
        filled = [sum(map(bool, cells[n])) for n in group]
        if len(data.intersection(group)) == 1 and filled.count(max(filled)) == 1:
            found.append([[piece for n in group for piece in cells[n][column]] for column in range(len(cells[0]))])
        else:
            found += [cells[n] for n in group]
    return found


def _near(rows: Sequence[Row]) -> list[Row]:
    """The first rows, as long as they are cells: no text, no wide gap, nothing set much larger."""
    found: list[Row] = []
    for row in rows:
        if any(piece.alone or piece.aside or _is_text(piece.text) for piece in row):
            break
        size = max(piece.size for piece in row)
        if found:
            gap = min(piece.bottom for piece in found[-1]) - max(piece.top for piece in row)
            usual = max(piece.size for piece in found[0])
            if gap > _GAP * usual or not usual / 1.4 < size < usual * 1.4:
                break
        found.append(row)
    return found


def _is_text(words: str) -> bool:
    return weight(words) > _LONGEST_LINE or _LEADER.search(words) is not None


def _is_data(row: Row, named: bool) -> bool:
    """Has the row figures, or, under bold names, several short cells?"""
    longest = max(weight(piece.text) for piece in row)
    if not named or longest > _SHORT_CELL:
        return longest <= _LONGEST_CELL and any(_is_value(piece.text) for piece in row[1:])
    return len(row) > 1


def _is_value(text: str) -> bool:
    return is_figure(text) or _VOID.fullmatch(text) is not None


def _cells(row: Row, columns: Sequence[tuple[float, float]], header: bool) -> Cells | None:
    """The pieces of a row by their columns; None where they do not fit. A header's piece may be over several."""
    cells: Cells = [[] for _ in columns]
    if header and (groups := _groups(row, columns)):
        return groups
    for piece in row:
        over = [n for n, (left, right) in enumerate(columns) if piece.left < right - 0.5 and piece.right > left + 0.5]
        if not over and header:
            over = _between(piece, columns)
        if not over or (len(over) > 1 and not header) or any(cells[n] for n in over):
            return None
        for n in over:
            cells[n].append(piece)
    return cells


def _groups(row: Row, columns: Sequence[tuple[float, float]]) -> Cells | None:
    """Names that stand in the midst over several columns, but for one over the first column; None where they do not.

    Where names share the columns evenly they may stand somewhat beside the midst.
    """
    corner = [piece for piece in row[:1] if piece.left < columns[0][1]]
    names = row[len(corner) :]
    each, left_over = divmod(len(columns) - 1, len(names) or len(columns))
    if len(names) < 1 + len(corner) or len(names) == len(columns) - 1:
        return None
    cells: Cells = [corner]
    for piece in names:
        first = len(cells)
        ends = range(first, len(columns)) if left_over else range(first + each - 1, len(columns))[:1]
        offs = [abs(piece.left + piece.right - columns[first][0] - columns[end][1]) / 2 for end in ends]
        if not offs or min(offs) > (
            0.6 * piece.size if left_over else 0.25 * (columns[ends[0]][1] - columns[first][0])
        ):
            return None
        cells += [[piece]] * (ends[offs.index(min(offs))] + 1 - first)
    return cells if len(cells) == len(columns) else None


def _between(piece: Piece, columns: Sequence[tuple[float, float]]) -> list[int]:
    """The column nearest to a header's name beside it; both, where it stands in their midst."""
    middle = (piece.left + piece.right) / 2
    off = sorted((max(left - middle, middle - right), n) for n, (left, right) in enumerate(columns))
    if len(off) > 1 and off[1][0] < 1.5 * off[0][0]:
        return sorted((off[0][1], off[1][1]))
    return [off[0][1]]


def _stands(rows: Sequence[Cells]) -> bool:
    """Is every column of figures aligned, and are most cells filled?"""
    filled = sum(bool(cell) for row in rows for cell in row)
    if filled < 0.6 * len(rows) * len(rows[0]):
        return False
    for column in zip(*rows, strict=True):
        figures = [cell[0] for cell in column if cell and _is_value(cell[0].text)]
        if len(figures) < 2 or 2 * len(figures) < sum(map(bool, column)):
            continue
        limit = 0.35 * median(piece.size for piece in figures)
        sides = (
            [piece.right for piece in figures],
            [piece.left for piece in figures],
            [(piece.left + piece.right) / 2 for piece in figures],
        )
        if not any(sum(abs(at - median(side)) <= limit for at in side) >= 0.8 * len(side) for side in sides):
            return False
    return True


def _is_contents(rows: Sequence[Sequence[str]]) -> bool:
    """Chapters and page numbers that do not fall: numbered ones, or many of which several stand on one page?"""
    if len(rows[0]) != 2:
        return False
    pages = [row[1] for row in rows if row[1]]
    if len(pages) < 3 or not all(page.isdigit() and len(page) <= 3 for page in pages):
        return False
    steps = [int(b) - int(a) for a, b in pairwise(pages)]
    numbered = sum(_NUMBERED.match(row[0]) is not None for row in rows)
    return min(steps) >= 0 and (2 * numbered >= len(rows) or (len(rows) >= 8 and 0 in steps))
