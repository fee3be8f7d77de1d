"""Pieces of lines -> a page in reading order: running heads away, columns one after the other, figures with labels."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import TypeVar

from ingest.pdf.aligned import aligned, goes_across, is_above
from ingest.pdf.lines import HAN, Piece, joined
from ingest.pdf.tables import Grid
from text.language import weight
from text.tables import is_figure

#: Heads and feet stand in so much of a page's height at its top and bottom, in so many lines at most.
_MARGIN, _MOST_LINES = 1 / 8, 4
#: A figure that stands large over its label: ``4,600+``, ``98%``, ``$1.2B``, ``EUR 9.2m``, ``312 km``, ``12.5亿元``
_LARGE = re.compile(
    r"[<>≤≥~≈+−-]?\s*(?:[A-Z]{3}|[$¥￥€£])?\s*\d[\d,.]*\s*(?:[%‰x×+kKMB]|[万亿]?[元个人家次倍天座名项所间艘辆条份款岁位处栋套张亩米]?|bn|mn?"
    r"|million|billion|[kMGT]?(?:g|m|t|W|Wh)|ha|k?m[²³])*\+?"
)
#: ``3``, ``07.``
_CHAPTER = re.compile(r"\d{1,2}\.?")
#: A gap wider than this many letters parts cells, not words.
_CELL = 1.8
_ROMAN = re.compile(r"[ivxl]+", re.I)
Item = Piece | Grid
_Kind = TypeVar("_Kind", bound=Item)


@dataclass(frozen=True, slots=True)
class Region:
    """Lines and tables of one column in their order; ``right`` is where its lines end."""

    items: tuple[Item, ...]
    right: float


# Running heads and feet


def without_running(pages: Sequence[Sequence[Piece]], sizes: Sequence[tuple[float, float]]) -> list[list[Piece]]:
    """The pages without heads and feet: what stands at one place of several, the same but for the page's number.

    ``sizes``: width and height of each page.
    """
    edges = [_edge_rows(page, *size) for page, size in zip(pages, sizes, strict=True)]
    places: defaultdict[str, list[tuple[int, Piece]]] = defaultdict(list)
    for number, sides in enumerate(edges):
        for piece in (piece for side in sides for row in side for piece in row):
            places[_key(piece)].append((number, piece))
    kept = []
    marks = Counter(_mark(piece) for page in pages for piece in page if piece.aside)
    for number, page in enumerate(pages):
        away = {id(piece) for piece in page if piece.aside and marks[_mark(piece)] > 1}
        for side in edges[number]:
            for row, inner in zip(side, [*side, None][1:], strict=True):
                others = [piece for piece in row if not _repeats(number, piece, places[_key(piece)], sizes)]
                repeats = len(others) < len(row) and all(re.fullmatch(r"\d{1,3}", piece.text) for piece in others)
                if not repeats or not _is_set_off(row, inner, page):
                    break
                away.update(id(piece) for piece in row)
        kept.append([piece for piece in page if id(piece) not in away])
    return kept


def _edge_rows(page: Sequence[Piece], width: float, height: float) -> tuple[list[list[Piece]], list[list[Piece]]]:
    """The rows in the upper and in the lower margin, outermost first; none that are far from the one before."""
    rows = _rows([piece for piece in page if not piece.aside])
    top = [row for row in rows if row[0].base > height * (1 - _MARGIN)]
    bottom = [row for row in rows if row[0].base < height * _MARGIN]
    return _near_edge(top), _near_edge(bottom[::-1])


def _near_edge(rows: Sequence[list[Piece]]) -> list[list[Piece]]:
    found = list(rows[:1])
    for row in rows[1:_MOST_LINES]:
        if abs(row[0].base - found[-1][0].base) > 3 * max(row[0].size, found[-1][0].size):
            break
        found.append(row)
    return found


def _mark(piece: Piece) -> tuple[str, int, int]:
    """What stands where: a mark across the page, a head along its side."""
    return piece.text, round(piece.left / 4), round(piece.base / 4)


def _key(piece: Piece) -> str:
    text = re.sub(r"\d+", "0", piece.text.lower())
    return "0" if _ROMAN.fullmatch(text) else text


def _repeats(
    number: int, piece: Piece, others: Sequence[tuple[int, Piece]], sizes: Sequence[tuple[float, float]]
) -> bool:
    """Does another page have the words at that place, figures alike but for one that counts the pages?"""
    width = sizes[number][0]
    for other, there in others:
        if other == number or abs(there.base - piece.base) > 4:
            continue
        offs = (
            there.left - piece.left,
            there.right - piece.right,
            there.left + there.right - piece.left - piece.right,
            there.left + piece.right - width,  # on the other side, as of a left page
        )
        if min(map(abs, offs)) <= 6 and _counts(piece.text, there.text, other - number):
            return True
    return False


def _counts(text: str, there: str, pages: int) -> bool:
    ours, theirs = re.findall(r"\d+", text), re.findall(r"\d+", there)
    steps = [int(b) - int(a) for a, b in zip(ours, theirs, strict=False) if a != b]
    return len(ours) == len(theirs) and steps in ([], [pages])


def _is_set_off(row: Sequence[Piece], inner: Sequence[Piece] | None, page: Sequence[Piece]) -> bool:
    """Is there room between a row and what stands farther inside, and is it set no larger?"""
    base, size = row[0].base, row[0].size
    top = base > median(piece.base for piece in page)
    if inner is None:
        inside = [piece for piece in page if (piece.base < base - 1 if top else piece.base > base + 1)]
        if not inside:
            return True
        inner = [min(inside, key=lambda piece: abs(piece.base - base))]
    gap = row[0].bottom - inner[0].top if top else inner[0].bottom - row[0].top
    usual = median(piece.size for piece in page)
    return size < 1.3 * usual and (gap > 0.6 * min(size, inner[0].size) or abs(size - inner[0].size) > 1)


# Figures set large


def with_labels(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, those of figures set large joined to the small words they belong to: ``members: 4,600+``."""
    rest = list(pieces)
    for number in sorted(pieces, key=lambda piece: -piece.size):
        if number.aside or not _LARGE.fullmatch(number.text) or weight(number.text) > 16:
            continue
        if label := _label(number, rest):
            text = label[0].text
            for line in label[1:]:
                text = joined(text, line.text)
            text = text.rstrip(":： ") + ("：" if HAN.match(text[-1]) else ": ") + number.text
            both = [number, *label]
            made = replace(
                label[0],
                text=text,
                left=min(piece.left for piece in both),
                right=max(piece.right for piece in both),
                bottom=min(piece.bottom for piece in both),
                top=max(piece.top for piece in both),
                alone=True,
            )
            gone = set(map(id, both))
            rest = [made if piece is number else piece for piece in rest if piece is number or id(piece) not in gone]
    return rest


def _label(number: Piece, pieces: Sequence[Piece]) -> list[Piece]:
    """The lines that a figure set large belongs to: beside it, else below or above, whichever is clearly nearer."""
    if beside := _beside(number, pieces):
        return beside
    near = [piece for piece in pieces if piece is not number and _is_over(number, piece) and _names(number, piece)]
    below = sorted((piece for piece in near if piece.top <= number.bottom + 0.3 * number.size), key=lambda p: -p.base)
    above = sorted((piece for piece in near if piece.bottom >= number.top - 0.3 * number.size), key=lambda p: p.base)
    down = number.base - below[0].top if below else 1e9
    up = above[0].bottom - number.base - 0.7 * number.size if above else 1e9
    if min(down, up) > 1.2 * number.size or max(down, up) < 1.6 * max(min(down, up), 0.1 * number.size):
        return []
    lines = below if down < up else above
    label = lines[:1]
    for line in lines[1:]:
        if abs(line.size - label[0].size) > 0.6 or abs(label[-1].base - line.base) > 1.5 * line.size:
            break
        label.append(line)
    return label if down < up else label[::-1]


def _beside(number: Piece, pieces: Sequence[Piece]) -> list[Piece]:
    """The lines right of a figure set large, level with it and set in alike, where nothing stands between; none of a
    chapter's number.
    """
    if _CHAPTER.fullmatch(number.text):
        return []
    level = [
        piece
        for piece in pieces
        if piece is not number and piece.left >= number.right and number.bottom <= piece.base <= number.top
    ]
    first = min(level, key=lambda piece: piece.left, default=None)
    if not first or first.left - number.right > 4 * number.size or not all(_names(number, piece) for piece in level):
        return []
    lines = [piece for piece in level if abs(piece.left - first.left) < 0.5 * first.size]
    return sorted(lines, key=lambda piece: -piece.base) if len(lines) == len(level) and not first.aside else []


def _is_over(number: Piece, piece: Piece) -> bool:
    if piece.aside or piece.alone or piece.left >= number.right or piece.right <= number.left:
        return False
    middle = abs(number.left + number.right - piece.left - piece.right) / 2
    return middle < number.size or abs(piece.left - number.left) < 0.6 * number.size


def _names(number: Piece, label: Piece) -> bool:
    letters = sum(char.isalpha() for char in label.text)
    return letters >= 2 and label.size * 1.5 <= number.size and weight(label.text) <= 60 and not is_figure(label.text)


# Rows of a table outside of its lines


def with_outer_rows(pieces: Sequence[Piece], grids: Sequence[Grid]) -> list[Item]:
    """The pieces and tables, with the rows that stand right above or below the lines: a header, a row not shaded."""
    rest: list[Piece] = list(pieces)
    found: list[Grid] = []
    for grid in grids:
        names = _row_beside(grid, rest, above=True)
        bold = not grid.bold and all(piece.bold for piece in names.values())
        if names and (bold or not grid.headers):
            top = max(piece.top for piece in names.values())
            grid = replace(grid, rows=(_filled(names, grid), *grid.rows), headers=1, top=top)
            rest = _without(rest, names)
        while more := _row_beside(grid, rest, above=False):
            bottom = min(piece.bottom for piece in more.values())
            grid = replace(grid, rows=(*grid.rows, _filled(more, grid)), bottom=bottom)
            rest = _without(rest, more)
        found.append(grid)
    return [*rest, *found]


def _filled(cells: dict[int, Piece], grid: Grid) -> tuple[str, ...]:
    return tuple(cells[n].text if n in cells else "" for n in range(len(grid.columns)))


def _without(pieces: Sequence[Piece], cells: dict[int, Piece]) -> list[Piece]:
    gone = {id(piece) for piece in cells.values()}
    return [piece for piece in pieces if id(piece) not in gone]


def _row_beside(grid: Grid, pieces: Sequence[Piece], above: bool) -> dict[int, Piece]:
    """The pieces right above or below a table by their columns; none where they fill no columns or are no header."""
    near = [piece for piece in pieces if not piece.aside and _is_next(grid, piece, above)]
    if not near:
        return {}
    base = min(piece.base for piece in near) if above else max(piece.base for piece in near)
    cells: dict[int, Piece] = {}
    for piece in (piece for piece in near if abs(piece.base - base) < 2):
        inside = [min(piece.right, right) - max(piece.left, left) for left, right in grid.columns]
        column = inside.index(max(inside))
        if inside[column] < 0.8 * (piece.right - piece.left) or column in cells or (above and is_figure(piece.text)):
            return {}
        cells[column] = piece
    return cells if len(cells) >= max(2, len(grid.columns) - 1) else {}


def _is_next(grid: Grid, piece: Piece, above: bool) -> bool:
    gap = piece.base - grid.top if above else grid.bottom - piece.top
    return -1 <= gap < 1.6 * piece.size


# Reading order


def regions(items: Iterable[Item]) -> list[Region]:
    """The items in reading order, column by column; what is turned or stands upright comes last, but for the names of
    columns.
    """
    turned: list[Piece] = []
    lines: list[Item] = []
    for item in items:
        if isinstance(item, Piece) and item.aside:
            turned.append(item)
        else:
            lines.append(item)
    names = _turned_names(turned, [item for item in lines if isinstance(item, Piece)])
    used = {id(piece) for _, over in names for piece in over}
    lines += [name for name, _ in names]
    aside = [Region((piece,), piece.right) for piece in turned if id(piece) not in used]
    return [*_ordered(_rows(lines)), *aside]


def _turned_names(turned: Sequence[Piece], lines: Sequence[Piece]) -> list[tuple[Piece, list[Piece]]]:
    """Names that stand turned over the figures of a row, each set level above its figure, with the pieces it is of."""
    found: list[tuple[Piece, list[Piece]]] = []
    rows = _rows(lines) if len(turned) > 1 else []
    for number, row in enumerate(rows):
        figures = [piece for piece in row[1:] if is_figure(piece.text)]
        if len(figures) < 2 or len(figures) < len(row) - 1:
            continue
        above = [piece for other in rows[:number] for piece in other if piece.right > figures[0].left]
        near = [piece for piece in turned if row[0].base <= piece.bottom]
        near = [piece for piece in near if not any(piece.bottom > other.base > row[0].base for other in above)]
        lowest = min(near, key=lambda piece: piece.bottom, default=None)
        if not lowest or lowest.bottom - row[0].base > 4 * row[0].size:
            continue
        near = [p for p in near if min(abs(p.bottom - lowest.bottom), abs(p.top - lowest.top)) < lowest.size]
        pitch = min(b.left + b.right - a.left - a.right for a, b in pairwise(figures)) / 2
        over: list[list[Piece]] = [[] for _ in figures]
        for piece in near:
            offs = [abs(_foot(piece) - (figure.left + figure.right) / 2) for figure in figures]
            if min(offs) < 0.6 * pitch:
                over[offs.index(min(offs))].append(piece)
        if not all(over):
            continue
        corner = rows[number - 1] if number else []
        level = len(corner) == 1 and corner[0].right < figures[0].left and corner[0].base < lowest.top
        base = corner[0].base if level else lowest.bottom + 0.2 * lowest.size
        for figure, names in zip(figures, over, strict=True):
            text = ""
            for piece in names:
                text = joined(text, piece.text)
            bottom, top = base - 0.2 * figure.size, base + 0.8 * figure.size
            found.append((replace(figure, text=text, base=base, bottom=bottom, top=top, bold=names[0].bold), names))
        turned = [piece for piece in turned if not any(piece is other for names in over for other in names)]
    return found


def _foot(piece: Piece) -> float:
    """Where turned words stand: in their midst, or at the lower end of slanted ones."""
    slanted = piece.right - piece.left > 2 * piece.size
    return piece.left + 0.7 * piece.size if slanted else (piece.left + piece.right) / 2


def _rows(items: Iterable[_Kind]) -> list[list[_Kind]]:
    """Items side by side in rows, from above to below; each row from left to right."""
    rows: list[list[_Kind]] = []
    for item in sorted(items, key=lambda item: -item.top):
        if rows and _is_beside(rows[-1][0], item):
            rows[-1].append(item)
        else:
            rows.append([item])
    return [sorted(row, key=lambda item: item.left) for row in rows]


def _is_beside(first: Item, item: Item) -> bool:
    overlap = min(first.top, item.top) - max(first.bottom, item.bottom)
    return overlap > 0.35 * min(first.top - first.bottom, item.top - item.bottom)


def _ordered(rows: Sequence[list[Item]]) -> list[Region]:
    found: list[Region] = []
    here: list[tuple[int, list[Item]]] = []  # what was read of a row, by its number
    tables: dict[int, Grid] = {}
    number = 0
    while number < len(rows):
        row = rows[number]
        if len(row) > 1 or _is_parted(rows, number):
            lines = _plain(rows[number:])
            above = int(bool(lines) and is_above(lines[0]))
            if table := aligned(lines[above:]):
                here += [(number, _line(row))] * above
                here.append((number + above, [table[0]]))
                number += above + table[1]
                tables[number] = table[0]
                continue
            if band := _band(rows, number, here[0][0] if here else number, tables):
                columns, start, number = band
                found += _region([item for at, items in here if at < start for item in items])
                found += [region for column in columns for region in _ordered(_rows(column))]
                here = []
                continue
        here.append((number, _line(row)))
        number += 1
    return [*found, *_region([item for _, items in here for item in items])]


def _plain(rows: Sequence[list[Item]]) -> list[list[Piece]]:
    """The rows as far as no table stands in them."""
    lines = [[item for item in row if isinstance(item, Piece)] for row in rows]
    return lines[: next((n for n, row in enumerate(lines) if len(row) < len(rows[n])), len(lines))]


def _is_parted(rows: Sequence[list[Item]], number: int) -> bool:
    """Does the next row stand wholly beside this one, as lines of columns do whose lines are not level?"""
    if number + 1 == len(rows):
        return False
    row, below = rows[number], rows[number + 1]
    height = min(item.top - item.bottom for item in (row[0], below[0]))
    return _gap_between(row, below) > 0 and row[0].bottom - below[0].top < 0.5 * height


def _gap_between(row: Sequence[Item], below: Sequence[Item]) -> float:
    return max(below[0].left - row[-1].right, row[0].left - below[-1].right)


def _region(items: list[Item]) -> list[Region]:
    return [Region(tuple(items), max(item.right for item in items))] if items else []


def _line(row: Sequence[Item]) -> list[Item]:
    """The items of a row: those on one baseline joined to a line, which goes on with nothing where it has figures."""
    found: list[Item] = []
    for item in row:
        before = found[-1] if found else None
        if isinstance(before, Piece) and isinstance(item, Piece) and _is_level(before, item):
            text, bold = f"{before.text} {item.text}", before.bold and item.bold
            size = max(before, item, key=lambda piece: weight(piece.text)).size
            cells = before.row or is_figure(item.text) or item.left - before.right > _CELL * size
            found[-1] = replace(before, text=text, right=item.right, bold=bold, size=size, row=cells)
        else:
            found.append(item)
    return found


def _is_level(before: Piece, item: Piece) -> bool:
    return not (before.alone or item.alone) and abs(before.base - item.base) <= 0.35 * min(before.size, item.size)


def _band(
    rows: Sequence[list[Item]], start: int, least: int, tables: Mapping[int, Grid]
) -> tuple[list[list[Item]], int, int] | None:
    """The columns that gaps part around a row, and the rows where they begin (``least`` or later) and end.

    None where there are none. ``tables`` are those found above, by the row behind each: what goes across stays whole.
    """
    size = median(item.size if isinstance(item, Piece) else 10.0 for item in rows[start])
    first = sorted([*rows[start], *(rows[start + 1] if _is_parted(rows, start) else ())], key=lambda item: item.left)
    rivers = [(a.right, b.left) for a, b in pairwise(first) if b.left - a.right > 0.6 * size]
    end = start + 1
    while end < len(rows) and (left := _narrowed(rivers, rows[end], size)):
        if len(left) < len(rivers) and len(rows[end]) == 1 and rows[end][0].left < first[0].left + size:
            break  # a line over several columns
        if len(rows[end]) > len(rivers) + 1 and (table := aligned(_plain(rows[end:]))) and _crosses(table[0], rivers):
            break
        rivers, end = left, end + 1
    while (
        start > least
        and not (start in tables and _crosses(tables[start], rivers))
        and len(left := _narrowed(rivers, rows[start - 1], size)) == len(rivers) > 0
    ):
        rivers, start = left, start - 1
    band = rows[start:end]
    while rivers:
        columns = _parted([item for row in band for item in row], rivers)
        weak = next((n for n in range(len(rivers)) if _follows_markers(columns, rivers, n)), None)
        if weak is None:
            weak = next((n for n in range(len(rivers)) if not _parts_text(columns, n, band)), None)
        if weak is None:
            end -= _trailing(band, rivers[0][0]) if end < len(rows) else 0
            return _parted([item for row in rows[start:end] for item in row], rivers), start, end
        del rivers[weak]
    return None


def _crosses(table: Grid, rivers: Sequence[tuple[float, float]]) -> bool:
    return any(goes_across(table, river) for river in rivers)


def _narrowed(rivers: Sequence[tuple[float, float]], row: Sequence[Item], size: float) -> list[tuple[float, float]]:
    """What of the gaps a row leaves open."""
    return [gap for river in rivers for gap in _open(river, row, 0.6 * size)]


def _open(river: tuple[float, float], row: Sequence[Item], least: float) -> list[tuple[float, float]]:
    """What of a gap a row leaves open."""
    left, right = river
    for item in row:
        if item.left < right and item.right > left:
            if item.left - left >= right - item.right:
                right = min(right, item.left)
            else:
                left = max(left, item.right)
    return [(left, right)] if right - left > least else []


def _parted(items: Sequence[Item], rivers: Sequence[tuple[float, float]]) -> list[list[Item]]:
    columns: list[list[Item]] = [[] for _ in range(len(rivers) + 1)]
    for item in items:
        columns[sum(item.left + item.right > left + right for left, right in rivers)].append(item)
    return columns


def _parts_text(columns: Sequence[list[Item]], number: int, band: Sequence[list[Item]]) -> bool:
    """Is the gap behind a column one between columns of text, not between a name and what is said of it?"""
    left, right = columns[number], columns[number + 1]
    if not left or not right:
        return False
    ours, theirs = set(map(id, left)), set(map(id, right))
    both = sum(any(id(i) in ours for i in row) and any(id(i) in theirs for i in row) for row in band)
    if _is_filled(left) and sum(left[-1].bottom < item.base < left[0].top for item in right if isinstance(item, Piece)):
        both = max(both, 2)
    lines = [item for item in (*left, *right) if isinstance(item, Piece)]
    if len(lines) < len(left) + len(right):  # a table beside text
        return both > 0
    if both < 2 or all(_is_short(item) for item in right if isinstance(item, Piece)):
        return False
    if _is_markers(left) or sum(item.text.endswith((":", "：")) for item in lines if id(item) in ours) * 2 > len(left):
        return False
    level = both >= 0.8 * max(len(left), len(right))
    return not (level and median(weight(item.text) for item in lines) <= 16)


def _follows_markers(columns: Sequence[list[Item]], rivers: Sequence[tuple[float, float]], number: int) -> bool:
    """Is the gap one between the numbers of items and their words?"""
    left, right = rivers[number]
    before = rivers[number - 1] if number else (left - 1000, left)
    return _is_markers(columns[number]) and right - left < 0.6 * (before[1] - before[0])


def _is_filled(column: Sequence[Item]) -> bool:
    """Are there several lines, of which most go on to the same edge?"""
    lines = [item for item in column if isinstance(item, Piece)]
    edge = max((line.right for line in lines), default=0.0)
    wide = [line for line in lines if edge - line.right < 0.2 * (edge - line.left)]
    return len(lines) >= 4 and 2 * len(wide) >= len(lines) and median(weight(line.text) for line in wide) >= 20


def _is_short(piece: Piece) -> bool:
    return is_figure(piece.text) or weight(piece.text) <= 4


def _is_markers(items: Sequence[Item]) -> bool:
    return all(isinstance(item, Piece) and weight(item.text) <= 4 for item in items)


def _trailing(band: Sequence[list[Item]], river: float) -> int:
    """How many rows at a band's end belong to what follows over its whole width: a heading in the left column."""
    for number in range(len(band) - 1, 0, -1):
        above, row = band[number - 1][0], band[number]
        if any(item.right > river for item in row):
            return 0
        if above.bottom - row[0].top > 0.9 * (row[0].top - row[0].bottom):
            return len(band) - number
    return 0
