"""The tables of a text: rows and cells where they stand, what each column is called, the lines above that name it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import TypeVar

from records import Row, Table
from text.language import HAN
from text.markdown import BAR, ITEM

#: A row: ``| Revenue | 4,310 |``
_ROW = re.compile(r"^[^\S\n]*\|.*$", re.M)
#: The line under a header: ``| --- | :-: |``
_RULE = re.compile(r"[^\S\n]*\|?(?:[^\S\n]*:?-+:?[^\S\n]*\|)*[^\S\n]*(?::?-+:?[^\S\n]*)?")
#: ``表 3-1 各园区面积``, ``附表 2``, ``Table 2. Staff``, ``Table B: Staff``
_NUMBERED = re.compile(
    r"(?:附?表|图表|續表|续表|table|exhibit)\s*[\d一二三四五六七八九十]|(?:table|exhibit)\s+[A-Z]{1,4}\s*[.:–-]", re.I
)
#: ``续表 1``, ``Table 2 (continued)``
_CONTINUED = re.compile(r"[续續]表|.*[（(](?:[续續]|cont(?:inue)?d\.?|cont\.)[)）]", re.I)
#: ``单位：万元``, ``(in millions)``, ``Unit: t``, ``($ thousands)``, ``USD million``; no ``编制单位：某公司``
_UNIT = re.compile(
    rf"(?:(?<![{HAN}])(?:货币|计量|金额)?(?:单位|單位)|units?)\s*[:：]"
    r"\s*(?P<named>[^\s（）()，,；;。|:：]+(?: [^\s（）()，,；;。|:：]+(?=[\s）)]|$))*)"
    r"|[(（]\s*(?P<scaled>(?:all figures )?(?:in\s+)?(?:(?:[A-Z]{3}|US\$|[$€£¥])\s*)?(?:in\s+)?"
    r"(?:thousand|million|billion)s?(?:\s+of)?(?:\s+[A-Za-z$€£¥]+)?)\s*[)）]",
    re.I,
)
#: A line that names a table is not longer than this; a header's names may stand in so many rows.
_LONGEST_CAPTION, _HEADER_ROWS = 120, 3
#: ``MWh``, ``万立方米``, ``tonnes``: what figures of a column are in, as a header's second row says it.
_LONGEST_UNIT = 10
#: ``单位：万元``, ``(in millions)``, ``USD thousands``: a line, or a header's corner, that says the unit of all figures
_UNIT_LINE = re.compile(
    r"[(（]?\s*(?:(?:货币)?单位|單位|units?|币种)\s*[:：].*"
    r"|[(（]?\s*(?:all figures )?(?:in )?(?:[A-Z]{3}|US\$|[$€£¥])? ?(?:in )?(?:thousands|millions|billions)\b.*",
    re.I,
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
#: A period as a column is called, one alternative a line: ``2023``, ``FY2023``, ``2023年度``, ``2023A``, ``2023 Q3``
_PERIOD = re.compile(
    r"(?:FY|CY)?\s*(?:19|20)\d\d(?:\s*(?:年[度末底初报]?|[AEFP]|-?[QH][1-4])"
    r"|\s?年\s?\d{1,2}(?:\s?[-–—~至]\s?\d{1,2})?\s?月(?:\s?\d{1,2}\s?日|[末底])?"  # 2023 年 6 月 30 日, 2023年1-6月
    r"|\s?[-/–]\s?(?:19|20)\d\d"  # 2022/2023
    r"|[-/.]\d{1,2}月?(?:[-/.]?\d{1,2}日?)?"  # 2023-06-30, 2022/23
    r"|(?:0[1-9]|1[0-2])(?:[0-3]\d)?)?"  # 202306, 20230630
    r"|(?:FY|CY)\s*'?\d\d(?:\s?/\s?\d\d)?"  # FY24
    r"|[QH][1-4](?:\s*(?:FY)?\s*(?:19|20)\d\d)?"  # Q3 2023
    r"|[1-4][QH]\s*'?(?:20)?\d\d"  # 1Q24
    r"|\d{1,2}(?:\s*[-–—至]\s*\d{1,2})?\s*(?:月(?:\d{1,2}日)?|季度)"  # 6月, 1-6月, 6月30日
    r"|[0-3]?\d[./][01]?\d[./](?:19|20)\d\d"  # 31.12.2023
    rf"|(?:[0-3]?\d\s+)?{_MONTH}(?:\s+[0-3]?\d,)?\s*[-\s]\s*'?(?:(?:19|20)\d\d|\d\d(?!\d))",  # 31 December 2023, Dec-23
    re.I,
)
#: ``4,310``, ``-12.3%``, ``(5)``, ``¥1.2亿``, ``300 人``, ``4.3bn``: what a table's body holds and a header does not
_FIGURE = re.compile(
    r"[-+−–~≈<>≤≥(（]*\s*(?:[A-Z]{2,3}|RMB)?\s*[$¥￥€£]?\s*[-−]?\d[\d,，.\s]*"
    r"\s*(?:[%％‰x×]|[万亿千百]*(?:[元人个家台吨件户次倍天座名项所间艘辆条份款岁位处栋套张亩米]|公[里顷]|平方公?[里米]|立方米)?"
    r"|[kKmMbB]n?|thousand|million|billion)?\s*[)）+]?"
)


def is_figure(cell: str) -> bool:
    """Is a cell a number, and no year or month that may name a column?"""
    cell = cell.strip()
    return any(c.isdigit() for c in cell) and not is_period(cell) and _FIGURE.fullmatch(cell) is not None


def is_period(cell: str) -> bool:
    """Is a cell nothing but a period, so that it may name a column: ``2023年末``, ``FY2023``, ``Q3``, ``1-6月``?"""
    return _PERIOD.fullmatch(cell) is not None


def is_unit(line: str) -> bool:
    """Does a line say the unit of all figures?"""
    return _UNIT_LINE.match(line) is not None


@lru_cache(maxsize=64)
def tables(text: str) -> tuple[Table, ...]:
    """The tables of a Markdown text in its order."""
    if "|" not in text:
        return ()
    found: list[Table] = []
    for lines in _runs(text):
        if table := _table(text, lines):
            alike = bool(found) and table.names[1:] == found[-1].names[1:]
            if alike and not table.caption and not text[found[-1].end : table.start].strip():  # its other side
                table = replace(table, caption=found[-1].caption, unit=found[-1].unit)
            called = text[slice(*table.caption)].strip(" *_") if table.caption else ""
            if found and not table.unit and _CONTINUED.match(called) and table.names == found[-1].names:
                table = replace(table, unit=found[-1].unit)
            found.append(table)
    return tuple(found)


def table_at(text: str, place: int) -> tuple[Table, Row | None] | None:
    """The table around a place, and the row of its body there (None in its header); None outside of tables."""
    found = tables(text)
    at = bisect_right(found, place, key=lambda table: table.start) - 1
    if at < 0 or place >= found[at].end:
        return None
    table = found[at]
    line = text.rfind("\n", 0, place) + 1
    row = bisect_left(table.rows, line, key=lambda row: row.start)
    here = row < len(table.rows) and table.rows[row].start <= line_end(text, line)
    return table, table.rows[row] if here else None


def row_at(text: str, place: int) -> tuple[Table, Row] | None:
    """The table and the row of its body at a place; None in headers and outside of tables."""
    found = table_at(text, place)
    return (found[0], found[1]) if found and found[1] else None


def over_rows(text: str, place: int) -> list[str]:
    """The lines above a row of a table's body: what names the table, and its header. Nothing elsewhere."""
    if not (found := row_at(text, place)):
        return []
    table, _ = found
    caption = " ".join(text[slice(*table.caption)].split()) if table.caption else ""
    header = f"| {' | '.join(table.names)} |" if any(table.names) else ""
    return [line for line in (caption, header) if line]


def words(text: str, span: tuple[int, int]) -> str:
    """What a cell says: ``\\|`` is a bar."""
    return text[slice(*span)].replace("\\|", "|")


def section_of(text: str, table: Table, row: Row) -> str:
    """What a row stands under inside its table: the nearest row above that says one thing in all its cells
    (``| 2022年 | 2022年 | 2022年 |``), or nothing but a name with a colon. Where other rows are called alike, also one
    with nothing but a name, or the name that a gap in the first column goes on with. "" where there is none.
    """
    sections, alike = _sections(text, table.start)
    kinds = ["certain", "alone", "group"][
        : (3 if row.cells[0][0] == row.cells[0][1] else 2) if row.start in alike else 1
    ]
    above = reversed(sections[: bisect_right(sections, row.start, key=lambda section: section[0])])
    start, name, _ = next((section for section in above if section[2] in kinds), (row.start, "", ""))
    return name if start < row.start else ""


@lru_cache(maxsize=256)
def _sections(text: str, start: int) -> tuple[tuple[tuple[int, str, str], ...], frozenset[int]]:
    """Where the sections of the table at a place begin, their names, and how sure it is that they are some: rows that
    say so, names ``alone``, names of a ``group`` of rows. And the rows that are called like others.
    """
    table = next(table for table in tables(text) if table.start == start)
    found, names = [], []
    for row in table.rows:
        said = [words(text, cell) for cell in row.cells]
        first, others = (said[0], said[1:]) if said else ("", [])
        names.append(others[0] if others and not first and not is_figure(others[0]) else first)
        if not first or not others or first.isdigit():
            continue
        certain = set(said) == {first} or (first.endswith((":", "：")) and not any(others))
        kind = "certain" if certain else "group" if any(others) else "alone"
        found.append((row.start, first.strip("*_").rstrip(":："), kind))
    counts = Counter(filter(None, names))
    alike = frozenset(row.start for row, name in zip(table.rows, names, strict=True) if counts[name] > 1)
    return tuple(found), alike


Place = TypeVar("Place", int, float)


def columns_of(spans: Iterable[tuple[Place, Place]]) -> list[tuple[Place, Place]]:
    """From where to where each column goes, of the cells of any rows: those that overlap are in one."""
    found: list[tuple[Place, Place]] = []
    for left, right in sorted(spans):
        if found and left < found[-1][1]:
            found[-1] = (found[-1][0], max(right, found[-1][1]))
        else:
            found.append((left, right))
    return found


def row_name(text: str, table: Table, row: Row) -> str:
    """What a row is called: the words of its first cell that is no running number, or the name that it goes on with."""
    column = label_column(text, table)
    return (words(text, row.cells[column]) if column < len(row.cells) else "") or section_of(text, table, row)


def row_names(text: str, start: int) -> tuple[str, ...]:
    """What the rows of the table that starts at a place are called."""
    return _called(text, start)[1]


def label_column(text: str, table: Table) -> int:
    """The column that names the rows: the first that is no running number or rank."""
    return _called(text, table.start)[0]


@lru_cache(maxsize=256)
def _called(text: str, start: int) -> tuple[int, tuple[str, ...]]:
    """The column that names the rows of the table at a place, and their names, or those that they go on with."""
    table = next(table for table in tables(text) if table.start == start)

    def names_in(column: int) -> list[str]:
        return [words(text, row.cells[column]) if column < len(row.cells) else "" for row in table.rows]

    def names_rows(column: int) -> bool:
        filled = [bare for name in names_in(column) if (bare := name.strip(" .#*、"))]
        return bool(filled) and not all(name.isdigit() and len(name) <= 4 for name in filled)

    column = next(filter(names_rows, range(len(table.names))), 0)
    called = zip(names_in(column), table.rows, strict=True)
    return column, tuple(name or section_of(text, table, row) for name, row in called)


def _runs(text: str) -> Iterator[list[tuple[int, int]]]:
    """The lines of each table, as spans: lines that begin with a bar, one directly under the other."""
    lines = [match.span() for match in _ROW.finditer(text)]
    run = lines[:1]
    for before, line in pairwise(lines):
        if line[0] != before[1] + 1:
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _table(text: str, lines: Sequence[tuple[int, int]]) -> Table | None:
    rules = [n for n, line in enumerate(lines[: _HEADER_ROWS + 1]) if _is_rule(text[slice(*line)])]
    above = rules[0] if rules else 0
    rows = [_row(text, *line) for n, line in enumerate(lines) if n != above or not rules]
    if not any(row.cells for row in rows):
        return None
    headers, body = rows[:above], rows[above:]
    if not any(row.start < row.end and row.cells and any(a < b for a, b in row.cells) for row in headers):
        headers = [body.pop(0)] if _names_columns(text, body) else headers
    elif above == 1:
        while body[1:] and len(headers) < _HEADER_ROWS and _goes_on(text, headers, body[0]):
            headers.append(body.pop(0))
        if len(headers) == 1 and _says_units(text, body):
            headers.append(body.pop(0))
    width = max(len(row.cells) for row in rows)
    caption = _caption(text, lines[0][0])
    unit = _UNIT.search(text[slice(*caption)]) if caption else None
    return Table(
        lines[0][0],
        lines[-1][1],
        caption,
        (unit["named"] or unit["scaled"]).strip() if unit else "",
        _names(text, headers, width),
        tuple(headers),
        tuple(body),
    )


def _is_rule(line: str) -> bool:
    return "-" in line and _RULE.fullmatch(line) is not None


def _row(text: str, start: int, end: int) -> Row:
    """The row of a line, its cells without the bars and blanks around them."""
    bars = [match.start() for match in BAR.finditer(text, start, end)]
    if text[bars[-1] + 1 : end].strip():
        bars.append(end)
    cells = tuple(_trimmed(text, first + 1, last) for first, last in pairwise(bars))
    filled = [cell for cell in cells if cell[0] < cell[1]]
    return Row(filled[0][0] if filled else start, filled[-1][1] if filled else end, cells)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return start, start + len(piece.strip())


def _names_columns(text: str, body: Sequence[Row]) -> bool:
    """Does the first row under an empty header name three columns or more, those of figures in the rows below?"""
    said = [[words(text, cell) for cell in row.cells] for row in body]
    top = said[0] if said else []
    if len(top) < 3 or not all(top[1:]) or any(map(is_figure, top)):
        return False
    below = [row for row in said[1:] if len(row) == len(top)]
    figures = [any(is_figure(row[column]) for row in below) for column in range(1, len(top))]
    # where names stand right of figures, too, each row is names and their values
    return any(figures) and figures == sorted(figures) and all(any(map(is_figure, row[1:])) for row in below)


def _goes_on(text: str, headers: Sequence[Row], row: Row) -> bool:
    """Is the row under a header with gaps a second header: no name of its own, and names or periods alone?"""
    above = [words(text, cell) for cell in headers[-1].cells]
    cells = [words(text, cell) for cell in row.cells]
    if not cells or not (cells[0] == "" or cells[0] == above[0]) or "" not in above[1:]:
        return False
    named = [cell for cell in cells[1:] if cell]
    return len(named) > 1 and all(is_period(cell) or not any(c.isdigit() for c in cell) for cell in named)


def _says_units(text: str, body: Sequence[Row]) -> bool:
    """Is the first row under a header one of short words without a name, and are there figures alone below each?"""
    said = [[words(text, cell) for cell in row.cells] for row in body]
    top = said[0] if len(said) > 2 else []
    if len(top) < 3 or top[0] or not all(0 < len(cell) <= _LONGEST_UNIT and not is_figure(cell) for cell in top[1:]):
        return False
    below = [cell for row in said[1:] if len(row) == len(top) and row[0] for cell in row[1:] if cell]
    return bool(below) and all(map(is_figure, below))


def _names(text: str, headers: Sequence[Row], width: int) -> tuple[str, ...]:
    """What each column is called, from above to below; a gap in an upper row belongs to the cell before it."""
    rows = []
    for number, row in enumerate(headers):
        cells = [words(text, cell) for cell in row.cells] + [""] * (width - len(row.cells))
        if number < len(headers) - 1:
            for column in range(2, width):
                cells[column] = cells[column] or cells[column - 1]
        rows.append(cells)
    return tuple(" ".join(dict.fromkeys(filter(None, (row[column] for row in rows)))) for column in range(width))


def _caption(text: str, start: int) -> tuple[int, int] | None:
    """The lines above a table that name it or its unit: at most two, with a number, a unit, or a colon at the end."""
    found: tuple[int, int] | None = None
    line, end = _line_before(text, start)
    inside = ITEM.match(text, line, end)
    if inside and len(inside[1]) < text.index("|", start) - start:
        return inside.end(), end  # the item of a list that the table stands in
    for _ in range(2):
        line, end = _line_before(text, found[0] if found else start)
        said = text[line:end].strip(" *_")
        if not said or len(said) > _LONGEST_CAPTION or said.startswith(("#", "|", "- ")):
            break
        if not (_NUMBERED.match(said) or _UNIT.search(said) or said.endswith((":", "："))):
            break
        found = (line, found[1] if found else end)
    return found


def _line_before(text: str, start: int) -> tuple[int, int]:
    """The line before a place that is not blank."""
    while start > 0 and text[start - 1].isspace():
        start -= 1
    return text.rfind("\n", 0, start) + 1, start


def line_end(text: str, start: int) -> int:
    """Where the line that holds a place ends."""
    end = text.find("\n", start)
    return len(text) if end < 0 else end
