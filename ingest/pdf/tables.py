"""Tables with ruling lines: the cells that edges of a page enclose, each with the words inside."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.pdf.glyphs import BROKEN, Edge, Glyph, Page
from ingest.pdf.lines import Piece, joined, pieces
from ingest.written import table
from text.language import weight
from text.tables import is_figure

#: In points: edges so near one another are one; so near, they touch; shorter ones rule nothing.
_ONE, _TOUCH, _SHORTEST = 1.6, 3.0, 8.0
#: A gap between columns that no line rules, in parts of a letter's size; one with a line in its midst.
_RIVER, _WIDER = 0.8, 0.5
#: So much of a table's inner lines is drawn on average; a line that is drawn less is no table's.
_DRAWN, _STRAY = 0.35, 0.12
#: More crossings than this are a drawing's, no table's.
_MOST_CROSSINGS = 200_000
#: Cells with more characters than this, in every column, hold a page's text and no table's.
_LONGEST = 420


#: ``2021-03-04``, ``2021年3月4日``: a day names no column.
_DATE = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?")


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its edges in points and its rows; words of a merged cell stand in every cell that it covers.

    ``columns`` tells from where to where each goes.
    ``headers`` rows on top name the columns; ``bold``: are all words of the first row bold, unlike those of the second?
    """

    left: float
    right: float
    bottom: float
    top: float
    rows: tuple[tuple[str, ...], ...]
    columns: tuple[tuple[float, float], ...]
    headers: int
    bold: bool


#: Rows (from above) and columns; a cell is the places that it covers and its lines.
_Place = tuple[int, int]
_Cell = tuple[set[_Place], list[Piece]]


@dataclass(frozen=True, slots=True)
class _Frame:
    """Lines that belong together: where the upright and the flat ones stand, and the edges themselves."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    edges: tuple[Edge, ...]


def ruled(page: Page) -> tuple[list[Grid], list[Glyph]]:
    """The tables that lines rule on a page, and the glyphs outside of them."""
    rest = list(page.glyphs)
    if len(page.edges) < 3:
        return [], rest
    grids = []
    for frame in sorted(_frames(page.edges), key=lambda frame: -(frame.xs[-1] - frame.xs[0])):
        inside = [glyph for glyph in rest if not glyph.turn % 90 and _is_inside(glyph, frame)]
        if len(inside) < 4:
            continue
        if grid := _grid(frame, inside):
            taken = set(map(id, inside))
            rest = [glyph for glyph in rest if id(glyph) not in taken]
            grids.append(grid)
    return grids, rest


def text_of(lines: Iterable[Piece]) -> str:
    """The lines of a cell as one."""
    text = ""
    for line in lines:
        if text.endswith((BROKEN, "-")) and line.text[:1].islower():
            text = text[:-1] + ("" if text.endswith(BROKEN) else "-") + line.text
        elif " " not in line.text and "://" in text.rpartition(" ")[2]:  # a link goes on
            text += line.text
        else:
            text = joined(text, line.text)
    return text.replace(BROKEN, "-")


def _is_inside(glyph: Glyph, frame: _Frame) -> bool:
    x, y = _middle(glyph)
    return frame.xs[0] < x < frame.xs[-1] and frame.ys[0] < y < frame.ys[-1]


def _middle(glyph: Glyph) -> tuple[float, float]:
    """Where the middle of a glyph stands on the page."""
    x, y = (glyph.left + glyph.right) / 2, glyph.base + 0.3 * glyph.size
    if not glyph.turn:
        return x, y
    return {0: (x, y), 90: (-y, x), 180: (-x, -y), 270: (y, -x)}[glyph.turn]


def _frames(edges: Sequence[Edge]) -> Iterator[_Frame]:
    flat = _merged(edge for edge in edges if not edge.upright)
    upright = _merged(edge for edge in edges if edge.upright)
    if len(flat) * len(upright) > _MOST_CROSSINGS:
        return
    lone = set(map(id, flat))
    for group in _stacked(_touching(flat, upright)):
        lone -= {id(edge) for edge in group}
        yield from _frame(group)
    stacks: defaultdict[tuple[int, int], list[Edge]] = defaultdict(list)
    for edge in flat:
        if id(edge) in lone:
            stacks[round(edge.start / 4), round(edge.end / 4)].append(edge)
    for stack in stacks.values():
        if len(stack) >= 3:
            for frame in _frame(stack):
                shorter = [edge for edge in flat if id(edge) in lone and _is_shorter(edge, frame)]
                yield replace(frame, edges=(*frame.edges, *shorter))


def _is_shorter(edge: Edge, frame: _Frame) -> bool:
    """Does a flat edge go over a part of a frame's width, inside of it?"""
    inside = frame.ys[0] + _TOUCH < edge.at < frame.ys[-1] - _TOUCH
    reaches = frame.xs[0] - _TOUCH <= edge.start and edge.end <= frame.xs[-1] + _TOUCH
    return inside and reaches and edge.end - edge.start < 0.8 * (frame.xs[-1] - frame.xs[0])


def _merged(edges: Iterable[Edge]) -> list[Edge]:
    """Edges on one line that touch made one; short ones left out."""
    lines: list[list[Edge]] = []
    for edge in sorted(edges, key=lambda edge: edge.at):
        if lines and edge.at - lines[-1][0].at <= _ONE:
            lines[-1].append(edge)
        else:
            lines.append([edge])
    found: list[Edge] = []
    for line in lines:
        at = line[0].at
        start, end = 0.0, -1e9
        for edge in sorted(line, key=lambda edge: edge.start):
            if edge.start > end + _TOUCH:
                found.append(Edge(edge.upright, at, start, end))
                start, end = edge.start, edge.end
            end = max(end, edge.end)
        found.append(Edge(line[0].upright, at, start, end))
    return [edge for edge in found if edge.end - edge.start >= _SHORTEST]


def _touching(flat: Sequence[Edge], upright: Sequence[Edge]) -> list[list[Edge]]:
    """Edges in groups: those of a group cross or touch one another."""
    groups: list[list[Edge]] = []
    crossed = {id(line): [edge for edge in flat if _cross(edge, line)] for line in upright}
    seen: set[int] = set()
    by_flat: defaultdict[int, list[Edge]] = defaultdict(list)
    for line in upright:
        for edge in crossed[id(line)]:
            by_flat[id(edge)].append(line)
    for line in upright:
        group, waiting = [], [line]
        while waiting:
            edge = waiting.pop()
            if id(edge) not in seen:
                seen.add(id(edge))
                group.append(edge)
                waiting += crossed[id(edge)] if edge.upright else by_flat[id(edge)]
        if len(group) >= 4:
            groups.append(group)
    return groups


def _stacked(groups: Sequence[list[Edge]]) -> list[list[Edge]]:
    """The groups, those of shaded rows with white ones between them made one."""
    found: list[list[Edge]] = []
    for group in sorted(groups, key=lambda group: -max(edge.at for edge in group if not edge.upright)):
        above = next((n for n in reversed(range(len(found))) if _is_below(found[n], group)), None)
        if above is None:
            found.append(group)
        else:
            found[above] = found[above] + group
    return found


def _is_below(above: Sequence[Edge], group: Sequence[Edge]) -> bool:
    """Are two groups bands of the same columns, with room for a row or two between them?"""
    ours, theirs = (_places(edge.at for edge in edges if edge.upright) for edges in (above, group))
    if len(ours) != len(theirs) or any(abs(a - b) > _TOUCH for a, b in zip(ours, theirs, strict=True)):
        return False
    heights = [edge.at for edge in group if not edge.upright]
    gap = min(edge.at for edge in above if not edge.upright) - max(heights)
    return -_TOUCH <= gap <= 3 * (max(heights) - min(heights))


def _cross(flat: Edge, upright: Edge) -> bool:
    return (
        flat.start - _TOUCH <= upright.at <= flat.end + _TOUCH
        and upright.start - _TOUCH <= flat.at <= upright.end + _TOUCH
    )


def _frame(group: Sequence[Edge]) -> Iterator[_Frame]:
    """The frame of a group of edges; where outer lines are missing, the inner ones' ends stand for them."""
    flat = [edge for edge in group if not edge.upright]
    upright = [edge for edge in group if edge.upright]
    xs = _places([edge.at for edge in upright] + [end for edge in flat for end in (edge.start, edge.end)])
    ys = _places([edge.at for edge in flat] + [end for edge in upright for end in (edge.start, edge.end)])
    if len(xs) < 2 or len(ys) < 3:
        return
    drawn = [_share(upright, x, ys) for x in xs]
    xs = (xs[0], *(x for x, share in zip(xs[1:-1], drawn[1:-1], strict=True) if share > _STRAY), xs[-1])
    inner = [share for share in drawn[1:-1] if share > _STRAY]
    across = [_share(flat, y, xs) for y in ys[1:-1]]
    if all(sum(shares) >= _DRAWN * len(shares) for shares in (inner, across)):
        yield _Frame(xs, ys, tuple(group))


def _share(edges: Sequence[Edge], at: float, ends: Sequence[float]) -> float:
    """What share of the way from the first end to the last one is drawn there."""
    drawn = sum(edge.end - edge.start for edge in edges if abs(edge.at - at) <= _TOUCH)
    return drawn / (ends[-1] - ends[0])


def _places(values: Iterable[float]) -> tuple[float, ...]:
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > _TOUCH:
            places.append(value)
    return tuple(places)


def _grid(frame: _Frame, glyphs: Sequence[Glyph]) -> Grid | None:
    """The table in a frame; None where what it frames is no table."""
    drawn = len(frame.xs) > 2
    if _cuts_words(frame, glyphs):
        return None
    xs = frame.xs if drawn else _with_rivers(frame, glyphs)
    if len(xs) < 3:
        return None
    cells = _cells(frame, xs, glyphs) if drawn else _loose_cells(frame, xs, glyphs)
    rows = [row for band in _bands(cells, len(frame.ys) - 1) for row in band]
    rows = [row for row in rows if row]
    texts = [_texts(row, len(xs) - 1) for row in rows]
    if not _is_table(texts) or _is_chart(cells, texts) or (not drawn and _is_prose(rows, frame)):
        return None
    weights = [all(line.bold for _, lines in row for line in lines) for row in rows]
    bold = weights[0] and not weights[1]
    return Grid(xs[0], xs[-1], frame.ys[0], frame.ys[-1], tuple(texts), tuple(pairwise(xs)), headers_of(texts), bold)


def _is_table(rows: Sequence[Sequence[str]]) -> bool:
    filled = [[cell for cell in row if cell] for row in rows]
    columns = [[row[n] for row in rows if row[n]] for n in range(len(rows[0]))]
    if sum(map(bool, filled)) < 2 or sum(map(bool, columns)) < 2 or len({cell for row in filled for cell in row}) < 3:
        return False
    return any(max(map(len, column)) <= _LONGEST for column in columns if column)


def _is_chart(cells: Sequence[_Cell], rows: Sequence[Sequence[str]]) -> bool:
    """Are it a chart's lines around a few words or figures?"""
    parts = len(cells) + sum(not cell for row in rows for cell in row)
    below = [covered for covered, _ in cells if all(row for row, _ in covered)]
    wide = sum(len({column for _, column in covered}) > 1 for covered in below)
    return 4 * len(cells) < parts or 3 * wide > len(below) + 3 or not says_what(rows)


def says_what(rows: Sequence[Sequence[str]]) -> bool:
    """Do some cells hold words, which say what the figures of the others are?"""
    filled = [cell for row in rows for cell in row if cell]
    return 6 * sum(not is_figure(cell) and any(map(str.isalnum, cell)) for cell in filled) > len(filled)


def _is_prose(rows: Sequence[Sequence[_Cell]], frame: _Frame) -> bool:
    """Are the words between flat lines text or a program, set in, or columns of text between a few lines?"""
    if 2 * sum(len({min(covered) for covered, _ in row}) > 1 for row in rows) < len(rows):
        return True
    if len(frame.ys) > 4:
        return False
    by_column: defaultdict[int, list[float]] = defaultdict(list)
    for row in rows:
        for covered, lines in row:
            by_column[min(column for _, column in covered)] += [weight(line.text) for line in lines]
    return sum(sum(widths) > 25 * len(widths) for widths in by_column.values()) > 1


def _cuts_words(frame: _Frame, glyphs: Sequence[Glyph]) -> bool:
    """Do edges stand in the midst of lines, as those of a ground behind words do, or close under them?"""
    lines = pieces(glyphs)
    under = [
        y
        for y in frame.ys
        if any(line.left - 2 < frame.xs[0] and -0.3 * line.size < y - line.base < 0.05 * line.size for line in lines)
    ]
    if 2 * len(under) > len(frame.ys):
        return True
    inner = [edge for edge in frame.edges if edge.upright and frame.xs[0] + _TOUCH < edge.at < frame.xs[-1] - _TOUCH]
    cut = 0
    for line in lines:
        cut += any(
            line.left + 2 < edge.at < line.right - 2
            and edge.start < line.base + 0.3 * line.size < edge.end
            and not _is_between(edge.at, line, glyphs)
            for edge in inner
        )
    return 7 * cut > len(lines)


def _is_between(at: float, line: Piece, glyphs: Sequence[Glyph]) -> bool:
    """Does an edge stand in a gap of a line that is wider than one between words, as between narrow cells?"""
    level = [glyph for glyph in glyphs if abs(glyph.base - line.base) < 0.3 * line.size]
    before = max((glyph.right for glyph in level if glyph.left < at), default=at)
    after = min((glyph.left for glyph in level if glyph.left >= at), default=at)
    return before < at and after - before > _WIDER * line.size


def _with_rivers(frame: _Frame, glyphs: Sequence[Glyph]) -> tuple[float, ...]:
    """The frame's sides, and the middle of every gap that runs down through most of its bands."""
    lines = pieces(glyphs)
    top = [line for line in lines if line.base > frame.ys[-2]]
    named = not any(is_figure(line.text) for line in top)  # the first band may have names over several columns
    body = [line for line in lines if line.base < frame.ys[-2] or not named] or lines
    size = max((line.size for line in body), default=10.0)
    covered = sorted((line.left, line.right) for line in body)
    middles, end = [], covered[0][1] if covered else 0.0
    for left, right in covered:
        if left - end >= _RIVER * size:
            middles.append(_free(end, left, top if named else ()))
        end = max(end, right)
    return (frame.xs[0], *middles, frame.xs[-1])


def _free(left: float, right: float, names: Iterable[Piece]) -> float:
    """The middle of the widest part of a gap that no name stands in; of the gap where there is none."""
    ends = sorted(
        (max(name.left, left), min(name.right, right)) for name in names if name.left < right and name.right > left
    )
    parts, start = [], left
    for begins, goes in [*ends, (right, right)]:
        parts.append((begins - start, (start + begins) / 2))
        start = max(start, goes)
    width, middle = max(parts)
    return middle if width > 0 else (left + right) / 2


def _cells(frame: _Frame, xs: Sequence[float], glyphs: Sequence[Glyph]) -> list[_Cell]:
    """The cells with words, as lines are drawn between them."""
    ys = frame.ys
    held: defaultdict[_Place, list[int]] = defaultdict(list)
    for number, glyph in enumerate(glyphs):
        x, y = _middle(glyph)
        row, column = len(ys) - 1 - bisect_right(ys, y), bisect_right(xs, x) - 1
        held[max(0, min(row, len(ys) - 2)), max(0, min(column, len(xs) - 2))].append(number)
    group = {(row, column): {(row, column)} for row in range(len(ys) - 1) for column in range(len(xs) - 1)}
    for row, column in list(group):
        y, x = (ys[-1 - row] + ys[-2 - row]) / 2, (xs[column] + xs[column + 1]) / 2
        if column + 2 < len(xs) and not _has_edge(frame.edges, True, xs[column + 1], y):
            _unite(group, (row, column), (row, column + 1))
        if row + 2 < len(ys) and not _has_edge(frame.edges, False, ys[-2 - row], x):
            _unite(group, (row, column), (row + 1, column))
    found: list[_Cell] = []
    for covered in {id(cells): cells for cells in group.values()}.values():
        inside = sorted(number for place in covered for number in held.get(place, ()))
        if inside:
            found += _parted(covered, pieces(glyphs[number] for number in inside), xs)
    return found


def _parted(covered: set[_Place], lines: list[Piece], xs: Sequence[float]) -> list[_Cell]:
    """A cell, or several where no line parts them and every word stands in a column of its own: a shaded row."""
    rows = {row for row, _ in covered}
    columns = {column for _, column in covered}
    if len(rows) > 1 or len(columns) == 1:
        return [(covered, lines)]
    by_column: defaultdict[int, list[Piece]] = defaultdict(list)
    for line in lines:
        columns_of = _columns_of(line, xs)
        if len(columns_of) > 1:
            return [(covered, lines)]
        by_column[columns_of[0]].append(line)
    if len(by_column) < 2:
        return [(covered, lines)]
    return [({(row, column)}, own) for row in rows for column, own in by_column.items()]


def _columns_of(line: Piece, xs: Sequence[float]) -> list[int]:
    found = [n for n in range(len(xs) - 1) if line.left < xs[n + 1] - 1 and line.right > xs[n] + 1]
    return found or [max(0, min(bisect_right(xs, line.left) - 1, len(xs) - 2))]


def _has_edge(edges: Sequence[Edge], upright: bool, at: float, place: float) -> bool:
    return any(
        edge.upright == upright and abs(edge.at - at) <= _TOUCH and edge.start - 1 <= place <= edge.end + 1
        for edge in edges
    )


def _unite(group: dict[_Place, set[_Place]], one: _Place, two: _Place) -> None:
    if group[one] is not group[two]:
        group[one] |= group[two]
        for place in group[two]:
            group[place] = group[one]


def _loose_cells(frame: _Frame, xs: Sequence[float], glyphs: Sequence[Glyph]) -> list[_Cell]:
    """The cells of bands between flat lines; a piece across a gap covers the columns on both sides."""
    bands: defaultdict[int, list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        bands[len(frame.ys) - 1 - bisect_right(frame.ys, _middle(glyph)[1])].append(glyph)
    found: dict[tuple[int, tuple[int, ...]], list[Piece]] = {}
    for band in sorted(bands):
        for piece in pieces(bands[band]):
            columns = _columns_of(_over_rule(piece, frame), xs)
            found.setdefault((band, tuple(columns)), []).append(piece)
    return [({(band, column) for column in columns}, lines) for (band, columns), lines in found.items()]


def _over_rule(piece: Piece, frame: _Frame) -> Piece:
    """A name as wide as the rule close under it, which goes over the columns that it names; others as they are."""
    for edge in frame.edges:
        under = not edge.upright and _is_shorter(edge, frame) and 0 < piece.base - edge.at < piece.size
        if under and edge.start - _TOUCH <= piece.left and piece.right <= edge.end + _TOUCH:
            return replace(piece, left=edge.start, right=edge.end)
    return piece


def _bands(cells: Sequence[_Cell], bands: int) -> Iterator[list[list[_Cell]]]:
    """The rows of every band between two lines: one, or as many as figures stand below one another in a column."""
    for band in range(bands):
        here = [(covered, lines) for covered, lines in cells if any(row == band for row, _ in covered)]
        bases = _figure_lines([lines for covered, lines in here if all(row == band for row, _ in covered)])
        yield _split(here, bases) if bases else [here]


def _texts(cells: Iterable[_Cell], width: int) -> tuple[str, ...]:
    row = [""] * width
    for covered, lines in cells:
        for column in {column for _, column in covered}:
            row[column] = joined(row[column], text_of(lines))
    return tuple(row)


def _figure_lines(cells: Iterable[list[Piece]]) -> list[float]:
    """The baselines on which figures stand in the cell that has the most below one another; none for single ones."""
    most: list[float] = []
    for lines in cells:
        if len(lines) >= 2 and all(is_figure(line.text) or line.text in "-–—" for line in lines):
            most = max(most, [line.base for line in lines], key=len)
    return most


def _split(cells: Sequence[_Cell], bases: list[float]) -> list[list[_Cell]]:
    """The rows of a band that no line parts, by the baselines of its figures; other lines are rows of their own.

    Names of the first column that stand in the midst of several rows are in each of these.
    """
    names = [line for covered, lines in cells for line in lines if {column for _, column in covered} == {0}]
    others = [(covered, lines) for covered, lines in cells if {column for _, column in covered} != {0}]
    rows = _apart([*bases, *(line.base for _, lines in others for line in lines)])
    if any(column == 1 for covered, _ in others for _, column in covered) and (
        over := in_their_midst([line.base for line in names], rows)
    ):
        covered = next(covered for covered, _ in cells if {column for _, column in covered} == {0})
        return [[(covered, [names[n]]), *_level(others, base)] for n, base in zip(over, rows, strict=True)]
    return [_level(cells, base) for base in _apart([*rows, *(line.base for line in names)])]


def in_their_midst(names: Sequence[float], rows: Sequence[float]) -> list[int]:
    """Which name belongs to each row, by their baselines from above, where each stands in the midst of its rows.

    ``[2, 5] of [1, 2, 3, 4, 5, 6] -> [0, 0, 0, 1, 1, 1]``; [] where they do not, or may as well stand on the first one.
    """
    if not names or not rows or names[0] > rows[0] - 3 or names[-1] < rows[-1] + 3:
        return []
    found: list[int] = []
    for number, name in enumerate(names):
        first = len(found)
        if first == len(rows):
            return []
        last = 2 * name - rows[first]
        end = next((n for n in range(first, len(rows)) if abs(rows[n] - last) <= 3), -1)
        found += [number] * (end + 1 - first)
        if end < first:
            return []
    return found if len(found) == len(rows) else []


def _apart(bases: Iterable[float]) -> list[float]:
    """Baselines from above, each once."""
    found: list[float] = []
    for base in sorted(bases, reverse=True):
        if not found or found[-1] - base > 3:
            found.append(base)
    return found


def _level(cells: Iterable[_Cell], base: float) -> list[_Cell]:
    here = ((covered, [line for line in lines if abs(line.base - base) <= 3]) for covered, lines in cells)
    return [(covered, lines) for covered, lines in here if lines]


def headers_of(rows: Sequence[Sequence[str]]) -> int:
    """How many rows on top name the columns: none where they hold figures, or where the first column names values."""
    if len(rows) < 2 or any(map(_is_value, rows[0])):
        return 0
    if len(rows[0]) == 2 and (any(row[0].endswith((":", "：")) for row in rows) or _is_form(rows[1:])):
        return 0
    deep = 1
    while deep < min(3, len(rows) - 1) and _names_more(rows[deep - 1], rows[deep]):
        deep += 1
    return deep


def _is_form(rows: Sequence[Sequence[str]]) -> bool:
    """Are the second cells of different kinds: a day, an amount, a name?"""
    kinds = {(is_figure(row[1]), _DATE.fullmatch(row[1]) is not None) for row in rows if len(row[1]) > 1}
    return len(kinds) > 1 and any(_DATE.fullmatch(row[1]) for row in rows)


def _names_more(above: Sequence[str], row: Sequence[str]) -> bool:
    """Does a row under the header's first go on with it: cells merged over both, or parts of one merged across?"""
    if any(map(_is_value, row)) or row[0] not in ("", above[0]):
        return False
    down = any(cell and cell == over for cell, over in zip(row, above, strict=True))
    across = any(one and one == two for one, two in pairwise(above))
    return down or across


def _is_value(cell: str) -> bool:
    return is_figure(cell) or _DATE.fullmatch(cell) is not None


def markdown(grid: Grid) -> str:
    """The table; rows of one cell above and below it are paragraphs of their own."""
    above, headers, below = _ends(grid)
    rows = list(grid.rows[above : len(grid.rows) - below])
    if not headers:
        rows.insert(0, ("",) * len(rows[0]))
    titles, notes = [row[0] for row in grid.rows[:above]], [row[0] for row in grid.rows[len(grid.rows) - below :]]
    return "\n\n".join([*titles, table(rows, max(1, headers)).rstrip("\n"), *notes])


def row_offset(grid: Grid, number: int) -> int:
    """Where in the table's Markdown a row of its body begins."""
    above, headers, _ = _ends(grid)
    text = markdown(grid)
    lines = text.split("\n")
    skipped = 2 * above + 2 + number - above - headers
    return min(sum(len(line) + 1 for line in lines[:skipped]), len(text))


def _ends(grid: Grid) -> tuple[int, int, int]:
    """How many rows are a title above the table, how many its header, how many notes below it."""
    above = below = 0
    while above < len(grid.rows) - 1 and _is_one(grid.rows[above]):
        above += 1
    while below < len(grid.rows) - above - 1 and _is_one(grid.rows[-1 - below]):
        below += 1
    return above, headers_of(grid.rows[above : len(grid.rows) - below]) if above else grid.headers, below


def _is_one(row: Sequence[str]) -> bool:
    return len(row) > 1 and bool(row[0]) and len(set(row)) == 1
