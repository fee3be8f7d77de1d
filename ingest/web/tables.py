"""HTML tables as grids: merged cells in every place they cover, which rows are the header, which tables are layout."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from text.tables import is_period

#: A table of more cells than this, merged ones counted as often as they cover, is read without its structure.
_MOST_CELLS = 300_000
#: What spans more columns than this is taken to span the whole table.
_WIDEST_SPAN = 200
#: An unmarked cell longer than this, in characters of its source, holds prose that a table only places.
_LONGEST_CELL = 600
_TAGS_OF_ROLES = {"table": "table", "grid": "table", "treegrid": "table", "row": "tr", "rowgroup": "tbody"} | {
    "cell": "td",
    "gridcell": "td",
    "columnheader": "th",
    "rowheader": "th",
}
#: What the first column of a header is called: ``项目``, ``Item``
_LABEL = re.compile(
    r"|项目|項目|指标|指標|名称|名稱|类别|類別|科目|年份|年度|item|name|metric|category|year|indicator", re.I
)


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a table, as elements, by row and column; None where a row is short.

    A merged cell stands in every place that it covers. ``headers`` rows on top are marked as the header; 0 where
    nothing is marked. ``above`` and ``below`` are cells as wide as the table, over its header and under its last row.
    """

    rows: Sequence[Sequence[Any]]
    headers: int
    above: Sequence[Any]
    below: Sequence[Any]


def make_tables(root: Any) -> None:
    """Make tables of elements that are tables by their roles alone: ``<div role="row"><div role="cell">``."""
    for holder in [element for element in root.iter() if element.get("role") in ("table", "grid", "treegrid")]:
        for element in holder.iter():
            element.tag = _TAGS_OF_ROLES.get(element.get("role", ""), element.tag)


def grid_of(table: Any) -> Grid | None:
    """The grid of a table of data; None for one that only places things on the page, or that is too large."""
    rows = list(_rows_of(table))
    if not rows or _only_places(table, rows):
        return None
    rows.sort(key=lambda row: {"thead": 0, "tfoot": 2}.get(row.getparent().tag, 1))
    cells = _placed(rows)
    if cells is None:
        return None
    first, last = 0, len(cells)
    while first < last - 1 and _is_one_cell(cells[first]) and not is_period(_words(cells[first][0])):
        first += 1
    while first < last - 1 and _is_one_cell(cells[last - 1]):
        last -= 1
    return Grid(
        cells[first:last],
        _marked_headers(cells[first:last]),
        [row[0] for row in cells[:first]],
        [row[0] for row in cells[last:]],
    )


def header_rows(grid: Grid, texts: Sequence[Sequence[str]]) -> int:
    """How many rows on top are the header, by their marks, else by what they say; 0 where that is not certain."""
    top = texts[0]
    if grid.headers:
        return grid.headers
    if len(texts) < 2 or any(map(_is_figure, top[1:])) or not any(top[1:]):
        return 0
    if any(cell is not None and cell is beside for cell, beside in pairwise(grid.rows[0])):
        return 1 if any(map(_is_figure, texts[1][1:])) or len(texts) < 3 else 2
    if any(cell is not None and cell is under for cell, under in zip(*grid.rows[:2], strict=True)):
        return 0
    if len(top) > 2 or _LABEL.fullmatch(top[0]):
        return 1
    figures = sum(any(map(str.isdigit, row[1])) for row in texts[1:])
    return int(figures * 2 > len(texts) - 1 and not any(map(str.isdigit, top[1])))


def _rows_of(table: Any) -> Iterator[Any]:
    """The rows of a table, not those of tables inside it."""
    from lxml import etree

    walk = etree.iterwalk(table, events=("start",), tag=("table", "tr"))
    for _, element in walk:
        if element.tag == "table" and element is not table:
            walk.skip_subtree()
        elif element.tag == "tr" and _cells_of(element):
            yield element


def _cells_of(row: Any) -> list[Any]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def _only_places(table: Any, rows: Sequence[Any]) -> bool:
    """Does a table only place things: one cell a row, one row of no headings, other tables or prose in its cells?"""
    cells = [cell for row in rows for cell in _cells_of(row)]
    if table.get("role") in ("presentation", "none") or len(cells) == len(rows):
        return True
    if any(cell.tag == "th" for cell in cells) or table.find("caption") is not None:
        return False
    if len(rows) == 1 or next(table.iterdescendants("table", "h1", "h2", "h3", "article"), None) is not None:
        return True
    return len(cells) <= 3 * len(rows) and any(len(_words(cell)) > _LONGEST_CELL for cell in cells)


def _placed(rows: Sequence[Any]) -> list[list[Any]] | None:
    """The rows' cells in their columns; None when they are too many. A span ends with its part of the table."""
    placed: list[dict[int, Any]] = []
    begun: set[int] = set()
    open_spans: dict[int, tuple[Any, int]] = {}
    part = None
    size = 0
    for row in rows:
        if row.getparent() is not part:
            part = row.getparent()
            open_spans = {}
        line = {column: cell for column, (cell, _) in open_spans.items()}
        spans = {column: (cell, left - 1) for column, (cell, left) in open_spans.items() if left > 1}
        column = 0
        for cell in _cells_of(row):
            while column in line:
                column += 1
            begun.add(column)
            down = _span(cell, "rowspan")
            for covered in range(column, column + _span(cell, "colspan")):
                line.setdefault(covered, cell)
                if down > 1 and line[covered] is cell:
                    spans[covered] = (cell, down - 1)
        open_spans = spans
        placed.append(line)
        size += len(line)
        if size > _MOST_CELLS:
            return None
    columns = sorted(begun)  # one that no cell begins in only makes a merged cell wider
    if len(columns) * len(placed) > _MOST_CELLS:
        return None
    return [[line.get(column) for column in columns] for line in placed]


def _span(cell: Any, name: str) -> int:
    """``colspan="2"`` -> 2; ``rowspan="0"`` reaches to the end of its part of the table."""
    found = re.match(r"\s*(\d{1,6})", cell.get(name, ""))
    count = int(found[1]) if found else 1
    if name == "rowspan":
        return count or 65534
    return min(max(count, 1), _WIDEST_SPAN)


def _is_one_cell(row: Sequence[Any]) -> bool:
    return len(row) > 1 and row[0] is not None and all(cell is row[0] for cell in row)


def _marked_headers(rows: Sequence[Sequence[Any]]) -> int:
    """How many rows on top stand in a ``thead``, else how many have nothing but ``th``, the first one bold words."""
    in_head = sum(row[0] is not None and _part_of(row[0]) == "thead" for row in rows)
    if 0 < in_head < len(rows):
        return in_head
    count = 0
    while count < len(rows) and _is_header(rows[count], bold=count == 0):
        count += 1
    count = min(count, 1) if count == len(rows) else count
    while 0 < count < len(rows) - 1 and _reaches_down(rows[count - 1], rows[count]):
        count += 1
    return count


def _reaches_down(header: Sequence[Any], row: Sequence[Any]) -> bool:
    """Does a merged cell of a header reach into the row below it, which has no figures?"""
    merged = any(cell is not None and cell is under for cell, under in zip(header, row, strict=True))
    return merged and not any(_is_figure(_words(cell)) for cell in row if cell is not None)


def _is_header(row: Sequence[Any], bold: bool) -> bool:
    """Is every cell with words marked as a header, and one beyond the first column among them?"""
    cells = [cell for cell in row if cell is not None and _words(cell)]
    marked = all(cell.tag == "th" or (bold and _is_bold(cell)) for cell in cells)
    return marked and any(cell is not row[0] for cell in cells)


def _is_bold(cell: Any) -> bool:
    return _words(cell) == "".join("".join(bold.itertext()) for bold in cell.iter("b", "strong")).strip()


def _part_of(cell: Any) -> str:
    return str(cell.getparent().getparent().tag)


def _words(cell: Any) -> str:
    return "".join(cell.itertext()).strip()


def _is_figure(text: str) -> bool:
    """``4,812``, ``12 %`` and ``10:00`` are figures; ``2023年``, ``Q3`` and ``Top 10`` say what figures are of."""
    if not any(c.isdigit() for c in text) or is_period(text):
        return False
    return not text[0].isalpha() and sum(c.isalpha() for c in text) <= 2
