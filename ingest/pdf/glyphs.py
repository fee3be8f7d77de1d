"""The pages of a PDF as PDFium sees them: glyphs and lines where they stand. The only place that knows PDFium."""

from __future__ import annotations

import ctypes
import math
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from ingest.written import Unreadable
from records import Told

#: PDFium is not thread safe.
_ONE_AT_A_TIME = threading.Lock()
#: What PDFium gives for a hyphen at which a line breaks a word.
BROKEN = "\x02"
#: ``FZHTK--GBK1-0``, ``SimHei``, ``Arial-BoldMT``: fonts of headings.
_HEAVY = re.compile(rb"bold|black|heavy|simhei|heiti|[-+]hei|hei[-,]|\+ht", re.I)
#: A page with more drawn objects is a map or a picture; its lines rule no table.
_MOST_OBJECTS = 6000
#: Lines thicker than this are areas, and their edges may rule a table; so long is the shortest edge, in points.
_THICKEST, _SHORTEST = 3.0, 4.0


class Glyph(NamedTuple):
    """A character: where it stands in points, its baseline, the size and weight of its letters, how far it is turned.

    ``apart``: a space, or the end of a line, comes before it in the file. ``turn`` counts degrees, against the clock.
    A tuple, since a page has thousands.
    """

    char: str
    left: float
    right: float
    base: float
    size: float
    bold: bool
    apart: bool
    turn: int


@dataclass(frozen=True, slots=True)
class Edge:
    """A straight line, or the side of an area: it stands at ``at`` and goes from ``start`` to ``end``."""

    upright: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Page:
    """What is on a page: its width and height, glyphs in the order of the file, edges, how much a picture covers."""

    width: float
    height: float
    glyphs: tuple[Glyph, ...] = ()
    edges: tuple[Edge, ...] = ()
    pictured: float = 0.0


def pages_of(data: bytes, name: str) -> tuple[list[Page], dict[str, str]]:
    """The pages of a PDF, and its properties by their names there (``Title``).

    Raises Unreadable: a password, a broken file.
    """
    import pypdfium2

    with _ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if "password" in str(error).lower():
                why = Told("is protected by a password. Save it without one.", "有密码保护。请存成不带密码的文件。")
                raise Unreadable(name, why) from error
            why = Told(f"is no whole PDF ({error}). Download or export it again.", "不是完整的 PDF。请重新下载或导出。")
            raise Unreadable(name, why) from error
        try:
            return [_page(document, number) for number in range(len(document))], document.get_metadata_dict()
        finally:
            document.close()


def images_of(data: bytes, numbers: Sequence[int], scale: float) -> Iterator[Any]:
    """The pages of these numbers (from 0) of a PDF that ``pages_of`` read, as RGB images: uint8 [height, width, 3].

    ``scale``: pixels a point.
    """
    import pypdfium2

    with _ONE_AT_A_TIME:
        document = pypdfium2.PdfDocument(data)
    try:
        for number in numbers:
            with _ONE_AT_A_TIME:
                image = document[number].render(scale=scale, rev_byteorder=True).to_numpy()[:, :, :3].copy()
            yield image
    finally:
        with _ONE_AT_A_TIME:
            document.close()


def _page(document: Any, number: int) -> Page:
    import pypdfium2

    try:
        page = document[number]
        shown = _View(page.get_bbox(), page.get_rotation())
        words = page.get_textpage()
        glyphs = tuple(_glyphs(words, shown))
        words.close()
        edges, pictured = _drawn(page, shown)
        page.close()
    except pypdfium2.PdfiumError:  # one broken page among whole ones
        return Page(0.0, 0.0)
    return Page(shown.width, shown.height, glyphs, edges, pictured)


class _View:
    """How a page is shown: its visible part, turned by quarters with the clock."""

    def __init__(self, box: tuple[float, float, float, float], turned: int) -> None:
        self.left, self.bottom, self.right, self.top = box
        self.turned = turned
        upright = turned in (0, 180)
        across, up = self.right - self.left, self.top - self.bottom
        self.width, self.height = (across, up) if upright else (up, across)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the file as it is shown, from the lower left corner."""
        if self.turned == 0:
            return x - self.left, y - self.bottom
        if self.turned == 90:
            return y - self.bottom, self.right - x
        if self.turned == 180:
            return self.right - x, self.top - y
        return self.top - y, x - self.left


def _glyphs(words: Any, shown: _View) -> Iterator[Glyph]:
    import pypdfium2.raw as pdfium

    raw, box = words.raw, pdfium.FS_RECTF()
    here, unicode_of, box_of = ctypes.byref(box), pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
    apart, upper, before = True, 0, (0.0, 0.0)
    style = _Style(0.0, 0.0, False, 0)
    for index in range(words.count_chars()):
        code = unicode_of(raw, index)
        if code in (0xFFFE, 2):
            code = 2
        elif code <= 32 or code in (0xA0, 0x3000):
            apart = True
            continue
        elif 0xD800 <= code < 0xDC00:
            upper = code
            continue
        elif 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((upper - 0xD800) << 10) + code - 0xDC00 if upper else 0xFFFD
        upper = 0
        box_of(raw, index, here)
        left, bottom, right, top = box.left, box.bottom, box.right, box.top
        if apart or style.turn or (bottom, top) != before:
            style = _style(raw, index, bottom, shown.turned, pdfium)
        before = (bottom, top)
        x, y, across = left - shown.left, bottom + style.base - shown.bottom, right - shown.left
        if style.turn or shown.turned:
            across, up = shown.point(right, top)
            x, y = shown.point(left, bottom)
            x, across, y, up = min(x, across), max(x, across), min(y, up), max(y, up)
            if style.turn:
                yield _turned(chr(code), (x, y, across, up), style, apart)
                apart = False
                continue
            y += style.base
        if -1 <= x <= shown.width + 1 and -style.size <= y <= shown.height + 1:
            yield Glyph(chr(code), x, across, y, style.size, style.bold, apart, 0)
        apart = False


class _Style(NamedTuple):
    """How letters look: the baseline above the box's bottom, their size in points, weight, and turn on the page."""

    base: float
    size: float
    bold: bool
    turn: int


def _style(raw: Any, index: int, bottom: float, turned: int, pdfium: Any) -> _Style:
    matrix, x, y = pdfium.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetMatrix(raw, index, matrix)
    pdfium.FPDFText_GetCharOrigin(raw, index, x, y)
    # some programs write size 1 and scale the page
    size = pdfium.FPDFText_GetFontSize(raw, index) * math.hypot(matrix.c, matrix.d) or 1.0
    turn = round(math.degrees(math.atan2(matrix.b, matrix.a)) - turned) % 360
    name = ctypes.create_string_buffer(128)
    pdfium.FPDFText_GetFontInfo(raw, index, name, 128, ctypes.c_int())
    bold = _HEAVY.search(name.value) is not None or pdfium.FPDFText_GetFontWeight(raw, index) >= 600
    base = y.value - bottom if not turned else 0.2 * size
    return _Style(base, round(float(size), 1), bold, turn if 1 < turn < 359 else 0)


def _turned(char: str, box: tuple[float, float, float, float], style: _Style, apart: bool) -> Glyph:
    """A glyph of turned text, at its place when the page is turned so that the text stands upright."""
    x, y = turned((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, -style.turn)
    quarter = style.turn % 180 == 90
    wide = (box[3] - box[1] if quarter else box[2] - box[0]) / 2
    if style.turn % 90:
        wide = style.size / 4  # the box of an aslant letter says little
    return Glyph(char, x - wide, x + wide, y - 0.3 * style.size, style.size, style.bold, apart, style.turn)


def turned(x: float, y: float, degrees: float) -> tuple[float, float]:
    """A point turned around the page's lower left corner, against the clock."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return x * cosine - y * sine, x * sine + y * cosine


_Matrix = tuple[float, float, float, float, float, float]


def _drawn(page: Any, shown: _View) -> tuple[tuple[Edge, ...], float]:
    """The edges of what is drawn on a page, and the share of it that its largest picture covers."""
    import pypdfium2.raw as pdfium

    edges: list[Edge] = []
    pictured = 0.0
    area = shown.width * shown.height or 1.0
    objects = [
        (pdfium.FPDFPage_GetObject(page.raw, number), (1.0, 0.0, 0.0, 1.0, 0.0, 0.0))
        for number in range(pdfium.FPDFPage_CountObjects(page.raw))
    ]
    seen = 0
    while objects and seen < _MOST_OBJECTS:
        seen += 1
        item, matrix = objects.pop()
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_FORM:
            inner = _product(_matrix_of(item, pdfium), matrix)
            count = pdfium.FPDFFormObj_CountObjects(item)
            objects += [(pdfium.FPDFFormObj_GetObject(item, number), inner) for number in range(count)]
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            across, up = _spread(item, matrix, pdfium)
            pictured = max(pictured, across * up / area)
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            edges += _edges(item, matrix, shown, pdfium)
    return (tuple(edges) if seen < _MOST_OBJECTS else ()), pictured


def _matrix_of(item: Any, pdfium: Any) -> _Matrix:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(item, matrix)
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _product(one: _Matrix, two: _Matrix) -> _Matrix:
    a, b, c, d, e, f = two
    return (
        one[0] * a + one[1] * c,
        one[0] * b + one[1] * d,
        one[2] * a + one[3] * c,
        one[2] * b + one[3] * d,
        one[4] * a + one[5] * c + e,
        one[4] * b + one[5] * d + f,
    )


def _spread(item: Any, matrix: _Matrix, pdfium: Any) -> tuple[float, float]:
    """How wide and high a picture is shown."""
    a, b, c, d, _, _ = _product(_matrix_of(item, pdfium), matrix)
    return abs(a) + abs(c), abs(b) + abs(d)


def _edges(item: Any, matrix: _Matrix, shown: _View, pdfium: Any) -> Iterator[Edge]:
    """The straight edges of a path; a thin area is one line, that of a page's ground none."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
    if not (fill.value or stroke.value):
        return
    a, b, c, d, e, f = _product(_matrix_of(item, pdfium), matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    corners: list[tuple[float, float]] = []
    sides: list[tuple[tuple[float, float], tuple[float, float]]] = []
    first = (0.0, 0.0)
    for number in range(min(pdfium.FPDFPath_CountSegments(item), 400)):
        segment = pdfium.FPDFPath_GetPathSegment(item, number)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = shown.point(x.value * a + y.value * c + e, x.value * b + y.value * d + f)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_BEZIERTO:
            sides = []
            break  # a round thing is a picture's, no table's
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            first = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            sides.append((corners[-1] if corners else point, point))
        corners.append(point)
        if pdfium.FPDFPathSegment_GetClose(segment):
            sides.append((point, first))
    if not corners:
        return
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    bottom, top = min(y for _, y in corners), max(y for _, y in corners)
    if right - left > 0.97 * shown.width and top - bottom > 0.9 * shown.height:
        return
    if top - bottom <= _THICKEST and right - left >= _SHORTEST:
        yield Edge(False, (bottom + top) / 2, left, right)
    elif right - left <= _THICKEST and top - bottom >= _SHORTEST:
        yield Edge(True, (left + right) / 2, bottom, top)
    else:
        yield from (edge for start, end in sides if (edge := _side(start, end)))


def _side(start: tuple[float, float], end: tuple[float, float]) -> Edge | None:
    across, up = abs(start[0] - end[0]), abs(start[1] - end[1])
    if up < 0.5 and across >= _SHORTEST:
        return Edge(False, start[1], *sorted((start[0], end[0])))
    if across < 0.5 and up >= _SHORTEST:
        return Edge(True, start[0], *sorted((start[1], end[1])))
    return None
