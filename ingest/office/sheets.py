"""CSV, TSV and XLSX -> Markdown: tables under their headers, values as their reader sees them."""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from pathlib import PurePosixPath
from typing import Any

from ingest.decode import decode
from ingest.office import grid
from ingest.office.numberformat import shown
from ingest.office.package import opened
from ingest.written import Written, broken, newlines
from records import Told

#: What may part the cells of a line; where two fit alike, the first.
_DELIMITERS = "\t|;,"
_NO_DELIMITER = "\x1f"
#: So many rows and columns of a table are read, and so many cells of a file.
_MOST_ROWS, _MOST_COLUMNS, _MOST_CELLS = 50_000, 1_000, 2_000_000
#: A workbook whose sheets are larger than this is read row by row, without looking at merged and hidden cells.
_LARGE_BYTES = 60 * 2**20
#: A formula without a value: ``<c r="A1"><f>SUM(B1:B9)</f><v/></c>``
_UNCOMPUTED = re.compile(
    rb'<c (?![^>]*t="str")[^>]*>\s*<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>'
)
#: The value of a formula that may not have been computed, in a workbook that asks for that.
_ZERO = re.compile(rb"(<f(?:\s[^>]*)?(?:/>|>[^<]*</f>))\s*<v>0</v>")
_ANEW = b'fullCalcOnLoad="1"'
#: The name that a program gives a sheet: ``Sheet1``, ``工作表1``
_NO_NAME = re.compile(r"(?:sheet|工作表)\s*\d*", re.I)


def read_csv(data: bytes, name: str) -> Written:
    """The tables of a file of comma- or otherwise separated values. Raises Unreadable where it is no text."""
    text = newlines(decode(data, name))
    said = re.match(r"sep=(.)\n", text)  # a line for spreadsheet programs: sep=;
    text = text[said.end() :] if said else text
    delimiter = said[1] if said else _delimiter(text)
    rows = [[cell.strip() for cell in row[:_MOST_COLUMNS]] for row in islice(_records(text, delimiter), _MOST_ROWS + 1)]
    most = min(_MOST_ROWS, _MOST_CELLS // max([1, *map(len, rows)]))
    left_out = [_only_first(most)] if len(rows) > most else []
    rows = _evened(rows[:most])
    return Written(
        "\n\n".join(grid.written(rows)) + "\n",
        about={"title": grid.title(rows) or _stem(name)},
        left_out=tuple(left_out),
    )


def _only_first(most: int) -> Told:
    return Told(f"only the first {most:,} rows were read", f"只读入了前 {most:,} 行")


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    """The rows of cells; where a quotation mark is never closed, quotation marks are letters like others."""
    odd = text.count('"') % 2
    try:
        rows = list(islice(csv.reader(io.StringIO(text), delimiter=delimiter), _MOST_ROWS + 1))
    except csv.Error:  # a cell larger than any cell is
        odd, rows = 1, []
    if odd and (not rows or any("\n" in cell for cell in rows[-1])):
        lines = text.split("\n")
        return ([cell.strip('"') for cell in line.split(delimiter)] for line in lines)
    return iter(rows)


def _delimiter(text: str) -> str:
    """What parts the cells: what gives most rows as many cells as a row beside them, else a comma; but one that no
    text holds where the commas are those of sentences.
    """
    best, most = ",", 0.5
    for delimiter in _DELIMITERS:
        try:
            records = csv.reader(text[:50_000].split("\n")[:200], delimiter=delimiter)
            widths = [len(row) for row in records if any(row)]
        except csv.Error:
            continue
        runs = [(width, len(list(run))) for width, run in groupby(widths)]
        share = sum(run for width, run in runs if width > 1 and (run > 1 or len(widths) == 1)) / max(1, len(widths))
        # sentences have a blank behind their commas, and no comma in the name above them
        if widths[:1] == [1] and share < 0.8 and text.count(delimiter + " ") > text.count(delimiter) / 2:
            best = _NO_DELIMITER if best == delimiter else best
        elif share > most:
            best, most = delimiter, share
    return best


def read_xlsx(data: bytes, name: str) -> Written:
    """The visible sheets of a workbook, each a section. Raises Unreadable: a password, an old format, a broken file."""
    import openpyxl

    parts = opened(data, name, "XLSX")
    sheets = [part for part in parts.infolist() if re.match(r"/?xl/worksheets/[^/]+\.xml", part.filename)]
    large = sum(part.file_size for part in sheets) > _LARGE_BYTES
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of every extension that it does not know
            file, uncomputed = _computed(data, parts, sheets)
            book = openpyxl.load_workbook(file, data_only=True, read_only=large, keep_links=False)
            return _workbook(book, name, large, uncomputed)
    except Exception as error:  # zip, XML and value errors alike
        raise broken(name, "XLSX", error) from error


def _workbook(book: Any, name: str, large: bool, uncomputed: int) -> Written:
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    left_out = [
        Told(f"sheet {sheet.title!r} is hidden", f"工作表“{sheet.title}”已隐藏")
        for sheet in book.worksheets
        if sheet not in visible
    ]
    if large:
        left_out.append(
            Told(
                "the workbook is so large that merged and hidden cells were read like all others",
                "工作簿太大，合并的和隐藏的单元格都按普通单元格读入",
            )
        )
    if uncomputed:
        left_out.append(
            Told(
                f"formulas without a computed value: {uncomputed:,}; open the workbook in its program and save it",
                f"有 {uncomputed:,} 个公式没有算出的值；请用原来的程序打开工作簿后保存",
            )
        )
    pieces: list[str] = []
    title, room = "", _MOST_CELLS
    for sheet in visible:
        rows, missing = _streamed(sheet, room) if large else _sheet(sheet, room)
        room -= sum(map(len, rows))
        left_out += [
            Told(f"sheet {sheet.title!r}: {what}", f"工作表“{sheet.title}”：{what.chinese}") for what in missing
        ]
        if body := grid.written(rows):
            title = title or ("" if pieces else grid.title(rows))
            named = len(visible) > 1 or not _NO_NAME.fullmatch(sheet.title)
            pieces += [f"## {' '.join(sheet.title.split())}", *body] if named else body
    text = "\n\n".join(pieces)
    return Written(text + "\n" if text else "", about={"title": title or _stem(name)}, left_out=tuple(left_out))


def _sheet(sheet: Any, room: int) -> tuple[list[list[str]], list[Told]]:
    """The visible cells of a sheet as rows of text, merged ones filled, and what was left out."""
    # the cells that there are: iter_rows would make all others too, up to a million rows
    cells = {place: text for place, cell in sheet._cells.items() if (text := _text(cell))}
    rows, columns = sorted({row for row, _ in cells}), sorted({column for _, column in cells})
    hidden_rows = {row for row, said in sheet.row_dimensions.items() if said.hidden}
    hidden_columns = {
        column
        for said in sheet.column_dimensions.values()
        if said.hidden
        for column in range(said.min, min(said.max, columns[-1] if columns else 0) + 1)
    }
    seen_rows, seen_columns = _visible(rows, hidden_rows), _visible(columns, hidden_columns)
    _fill(cells, sheet.merged_cells.ranges, sorted(set(rows) - hidden_rows), seen_columns)
    left_out = [
        Told(f"hidden {what}: {len(hidden):,}", f"有 {len(hidden):,} {counted}已隐藏")
        for what, counted, hidden in (
            ("rows", "行", hidden_rows & set(rows)),
            ("columns", "列", hidden_columns & set(columns)),
        )
        if hidden
    ]
    most = min(_MOST_ROWS, room // max(1, len(seen_columns)))
    if len(seen_rows) > most:
        left_out.append(_only_first(most))
    values = [[cells.get((row, column), "") for column in seen_columns] for row in seen_rows[:most]]
    return values, left_out


def _streamed(sheet: Any, room: int) -> tuple[list[list[str]], list[Told]]:
    """The same of a large sheet, row by row."""
    sheet.reset_dimensions()  # what a file says of its own size may be wrong
    rows: list[list[str]] = []
    for row in sheet.iter_rows():
        if len(rows) >= _MOST_ROWS or room <= 0:
            return _evened(rows), [_only_first(len(rows))]
        texts = [_text(cell) for cell in row]
        if any(texts) or (rows and rows[-1]):
            rows.append(texts if any(texts) else [])
            room -= len(texts)
    return _evened(rows), []


def _evened(rows: list[list[str]]) -> list[list[str]]:
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


def _text(cell: Any) -> str:
    """What a cell shows; nothing for an error."""
    value = cell.value
    if value is None or cell.data_type == "e":
        return ""
    if isinstance(value, str):
        return value.replace("_x000D_", "").strip()
    return shown(value, cell.number_format)


def _fill(
    cells: dict[tuple[int, int], str], merged: Iterable[Any], rows: Sequence[int], columns: Sequence[int]
) -> None:
    """Give the words of a merged cell to every row and column that it covers."""
    for area in merged:
        words = cells.get((area.min_row, area.min_col))
        if words:
            for row in rows[bisect_left(rows, area.min_row) : bisect_right(rows, area.max_row)]:
                for column in columns[bisect_left(columns, area.min_col) : bisect_right(columns, area.max_col)]:
                    cells[row, column] = words


def _visible(used: Sequence[int], hidden: set[int]) -> list[int]:
    """The rows or columns with words that are not hidden, and a blank one wherever such stand between them."""
    places: list[int] = []
    for place in used:
        if place not in hidden:
            between = range(places[-1] + 1, place) if places else range(0)
            places += [*[n for n in between if n not in hidden][:1], place]
    return places


def _computed(data: bytes, parts: zipfile.ZipFile, sheets: Sequence[zipfile.ZipInfo]) -> tuple[io.BytesIO, int]:
    """The workbook with computed values alone, and how many of its formulas have none.

    Programs that only write give formulas no value, or 0 and the request to compute all anew when it is opened.
    """
    pages = {part.filename: parts.read(part) for part in sheets}
    if _ANEW in parts.read("xl/workbook.xml") and any(_ZERO.search(page) for page in pages.values()):
        pages = {name: _ZERO.sub(rb"\1", page) for name, page in pages.items()}
        data = _replaced(parts, pages)
    return io.BytesIO(data), sum(len(_UNCOMPUTED.findall(page)) for page in pages.values())


def _replaced(parts: zipfile.ZipFile, pages: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as copy:
        for part in parts.infolist():
            copy.writestr(part.filename, pages.get(part.filename) or parts.read(part))
    return file.getvalue()


def _stem(name: str) -> str:
    return PurePosixPath(name).stem.replace("_", " ")
