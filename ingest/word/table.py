"""A table of Word -> rows of cells, merged ones filled, with how many rows on top are its header."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.word.parts import Element, W, number, switch, value, within
from text.tables import is_figure

#: A header has no more rows, where nothing marks them.
_HEADER_ROWS = 3
#: Nor has a table more columns by what its cells say of themselves; Word allows 63.
_COLUMNS = 256


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell from its first column (from 0) over ``span`` of them; ``goes_on`` where it belongs to the one above."""

    column: int
    span: int
    text: str
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's rows, all of one width; ``above`` and ``below`` are rows that a single cell filled, over and under."""

    rows: tuple[tuple[str, ...], ...]
    headers: int
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


def rows_of(table: Element) -> list[Element]:
    """The rows that are shown when all changes are accepted."""
    rows = [(child, child.find(f"{W}trPr")) for child in within(table) if child.tag == f"{W}tr"]
    return [row for row, said in rows if not switch(said, "hidden") and not switch(said, "del")]


def cells_of(row: Element) -> list[Element]:
    """The cells of a row, as they stand in the file."""
    return [child for child in within(row) if child.tag == f"{W}tc"]


def grid(table: Element, words: Callable[[Element], str]) -> Grid:
    """The table as rows of cells; ``words`` tells what a cell says, and is asked once for each in reading order."""
    elements = rows_of(table)
    rows = [_row(element, words) for element in elements]
    width = max((cell.column + cell.span for row in rows for cell in row), default=0)
    first, last = 0, len(rows)
    while first < last and (_title(rows[first], width) or not any(cell.text for cell in rows[first])):
        first += 1
    while first < last and _title(rows[last - 1], width):
        last -= 1
    filled = _filled(rows[first:last], width)
    marked = sum(1 for _ in _leading(elements[first:last]))
    return Grid(
        filled,
        marked if 1 < marked < len(filled) else _headers(rows[first:last], filled),
        tuple(filter(None, (_title(row, width) for row in rows[:first]))),
        tuple(_title(row, width) for row in rows[last:]),
    )


def _row(element: Element, words: Callable[[Element], str]) -> list[Cell]:
    cells: list[Cell] = []
    column = min(max(0, number(element.find(f"{W}trPr"), "gridBefore") or 0), _COLUMNS)
    for cell in cells_of(element):
        properties = cell.find(f"{W}tcPr")
        span = max(1, min(number(properties, "gridSpan") or 1, _COLUMNS - column))
        goes_on = _continues(properties, "vMerge")
        if _continues(properties, "hMerge") and cells:
            cells[-1] = Cell(cells[-1].column, cells[-1].span + span, cells[-1].text, cells[-1].goes_on)
        else:
            cells.append(Cell(column, span, "" if goes_on else words(cell), goes_on))
        column += span
    return cells


def _continues(properties: Element | None, merge: str) -> bool:
    """Is a cell the further part of a merged one? ``<w:vMerge/>`` says so, ``restart`` begins one."""
    found = properties.find(W + merge) if properties is not None else None
    return found is not None and value(properties, merge) != "restart"


def _filled(rows: Sequence[Sequence[Cell]], width: int) -> tuple[tuple[str, ...], ...]:
    filled: list[tuple[str, ...]] = []
    for row in rows:
        texts = [""] * width
        for cell in row:
            text = filled[-1][cell.column] if cell.goes_on and filled else cell.text
            texts[cell.column : cell.column + cell.span] = [text] * cell.span
        filled.append(tuple(texts))
    return tuple(filled)


def _title(row: Sequence[Cell], width: int) -> str:
    """The words of a row that one cell fills in a table of several columns, "" for all others."""
    return row[0].text if width > 1 and len(row) == 1 and row[0].span == width else ""


def _leading(rows: Sequence[Element]) -> Sequence[Element]:
    """The rows on top that Word repeats on every page."""
    end = next((n for n, row in enumerate(rows) if not switch(row.find(f"{W}trPr"), "tblHeader")), len(rows))
    return rows[:end]


def _headers(rows: Sequence[Sequence[Cell]], filled: Sequence[Sequence[str]]) -> int:
    """How many rows the header has by its looks: cells merged across have their parts' names, no figures, below."""
    if len(rows) < 3:
        return 1
    deep = 1
    while deep < min(_HEADER_ROWS, len(rows) - 1) and any(cell.goes_on for cell in rows[deep]):
        deep += 1
    if (
        deep == 1
        and any(cell.span > 1 and cell.text for cell in rows[0])
        and not any(cell.text for cell in rows[1][:1])
    ):
        deep = 2
    reaches = deep > 1 and any(cell.span > 1 for row in rows[: deep - 1] for cell in row)
    return deep if reaches and not any(is_figure(cell) for row in filled[:deep] for cell in row) else 1
