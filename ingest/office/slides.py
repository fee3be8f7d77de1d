"""PPTX -> Markdown: slide by slide its title, text in reading order, tables, charts as tables, and notes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.office import grid
from ingest.office.charts import chart, diagram, find
from ingest.office.package import opened
from ingest.office.places import Item, in_order, pair_within, paired, title_among
from ingest.written import Written, broken
from records import Told
from text.language import language_of

#: Titles and authors that programs and their templates write themselves.
_NO_TITLE = re.compile(
    r"(?:microsoft )?powerpoint(?: presentation| 演示文稿)|演示文稿\s*\d*|presentation\s*\d*|(?:slide|幻灯片)\s*\d+",
    re.I,
)
_NO_AUTHOR = ("Steve Canny", "python-pptx", "Microsoft Office User", "Administrator")
#: Placeholders of every slide: date, foot, slide number, head.
_ON_EVERY_SLIDE = ("DATE", "FOOTER", "SLIDE_NUMBER", "HEADER")
#: Placeholders whose paragraphs are list items unless they say otherwise.
_LISTS = ("BODY", "OBJECT", "VERTICAL_BODY", "VERTICAL_OBJECT")


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where a group's own coordinates stand on the slide: ``left + x * across``, ``top + y * down``."""

    left: float = 0.0
    top: float = 0.0
    across: float = 1.0
    down: float = 1.0

    def place(self, shape: Any) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of a shape on the slide."""
        left = self.left + (shape.left or 0) * self.across
        top = self.top + (shape.top or 0) * self.down
        right, bottom = left + (shape.width or 0) * self.across, top + (shape.height or 0) * self.down
        return round(left), round(top), round(right), round(bottom)

    def within(self, group: Any) -> _Scale:
        """The scale of what is in a group."""
        left, top, right, bottom = self.place(group)
        place = group._element.grpSpPr.xfrm
        if place is None or place.chExt is None or not (place.chExt.cx and place.chExt.cy):
            return self
        across, down = (right - left) / place.chExt.cx, (bottom - top) / place.chExt.cy
        return _Scale(left - place.chOff.x * across, top - place.chOff.y * down, across, down)


_SLIDE = _Scale()


def read_pptx(data: bytes, name: str) -> Written:
    """The slides of a presentation, a page each. Raises Unreadable: a password, an old format, a broken file."""
    import pptx

    opened(data, name, "PPTX")
    try:
        deck = pptx.Presentation(io.BytesIO(data))
        said = deck.core_properties
        about = {
            "name": "" if _NO_TITLE.fullmatch(said.title or "") else said.title or "",
            "publisher": "" if said.author in _NO_AUTHOR else said.author or "",
        }
        return _deck(deck, {key: value for key, value in about.items() if value})
    except Exception as error:  # zip, XML and relation errors alike
        raise broken(name, "PPTX", error) from error


def _deck(deck: Any, about: dict[str, str]) -> Written:
    text = ""
    pages: list[int] = []
    left_out: list[Told] = []
    for number, slide in enumerate(deck.slides, 1):
        pages.append(len(text))
        if slide._element.get("show") == "0":
            left_out.append(Told(f"slide {number} is hidden", f"第 {number} 张幻灯片已隐藏"))
            continue
        pieces = list(_slide(slide, number, bool(text), deck.slide_height))
        text += "".join(f"{piece}\n\n" for piece in pieces)
        if not pieces and len(slide.shapes):
            left_out.append(
                Told(f"slide {number} holds pictures without text", f"第 {number} 张幻灯片只有图片，没有文字")
            )
        elif any("chartex" in (uri or "") for uri in find(slide._element, ".//a:graphicData/@uri")):
            left_out.append(
                Told(
                    f"slide {number} has a chart of a kind that is not read",
                    f"第 {number} 张幻灯片上有一种读不了的图表",
                )
            )
    # pages of hidden slides at the end may begin where the text ends
    end = max(0, len(text) - 1)
    return Written(text[:end], tuple(min(page, end) for page in pages), about, tuple(left_out))


def _slide(slide: Any, number: int, follows: bool, height: int) -> Iterator[str]:
    """A slide's paragraphs: its title as a heading, what stands on it, its notes."""
    placed = slide.shapes.title
    others = [shape for shape in slide.shapes if placed is None or shape._element is not placed._element]
    items = in_order([item for shape in others for item in _items(shape)])
    title = grid.one_line(placed.text_frame.text.replace("\v", "\n")) if placed is not None else ""
    if not title and (top := title_among(items, height)):
        title, items = top.words, [item for item in items if item is not top]
    cover = placed is not None and "CENTER_TITLE" in str(placed.placeholder_format.type) and not follows
    body = [paragraph for item in paired(items) for paragraph in item.paragraphs]
    notes = _notes(slide)
    if title:
        yield ("# " if cover else "## ") + title
    elif follows and (body or notes):  # not to stand under the title of the slide before
        yield f"## {'第 ' + str(number) + ' 页' if language_of(' '.join(body + notes)) == 'zh' else f'Slide {number}'}"
    yield from _joined(body)
    yield from notes


def _joined(paragraphs: Sequence[str]) -> Iterator[str]:
    """Paragraphs with the items of a list line under line."""
    items: list[str] = []
    for paragraph in paragraphs:
        if paragraph.lstrip().startswith("- "):
            items.append(paragraph)
            continue
        if items:
            yield "\n".join(items)
            items = []
        yield paragraph
    if items:
        yield "\n".join(items)


def _notes(slide: Any) -> list[str]:
    frame = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    lines = [words for paragraph in frame.paragraphs if (words := _line(paragraph))] if frame is not None else []
    if not lines:
        return []
    return [("备注：" if language_of(" ".join(lines)) == "zh" else "Notes: ") + lines[0], *lines[1:]]


def _items(shape: Any, scale: _Scale = _SLIDE) -> Iterator[Item]:
    """What a shape says, where it stands; nothing for pictures and what is on every slide."""
    place = scale.place(shape)
    if shape.is_placeholder and any(kind in str(shape.placeholder_format.type) for kind in _ON_EVERY_SLIDE):
        return
    if shape._element.tag.endswith("}grpSp"):
        inner = scale.within(shape)
        members = in_order([item for member in shape.shapes for item in _items(member, inner)])
        if members:
            yield Item(*place, members=tuple(members))
        return
    paragraphs = _paragraphs(shape)
    if paragraphs:
        yield Item(*place, paragraphs=tuple(paragraphs), size=_size(shape))


def _paragraphs(shape: Any) -> list[str]:
    if getattr(shape, "has_table", False) and shape.has_table:
        return grid.written(_table_rows(shape.table))
    if getattr(shape, "has_chart", False) and shape.has_chart:
        return chart(shape.chart._chartSpace)
    if relation := find(shape._element, ".//d:relIds/@r:dm"):
        return diagram(shape.part.related_part(relation[0]).blob)
    if not shape.has_text_frame:
        return []
    listed = shape.is_placeholder and any(f"{kind} (" in str(shape.placeholder_format.type) for kind in _LISTS)
    lines = [paragraph for paragraph in shape.text_frame.paragraphs if _line(paragraph)]
    if figure := pair_within([(_line(line), _largest(line)) for line in lines]):
        return [figure]
    return [_mark(line, listed and len(lines) > 1) + _line(line) for line in lines]


def _line(paragraph: Any) -> str:
    words = " ".join(str(paragraph.text).split())
    return f"\\{words}" if words.startswith(("#", "|")) else words


def _mark(paragraph: Any, listed: bool) -> str:
    """``- `` before a list item, two spaces deeper per level; "" before a paragraph."""
    said = [element.tag.rpartition("}")[2] for element in find(paragraph._p, "./a:pPr/*")]
    if "buNone" in said or not (listed or paragraph.level or {"buChar", "buAutoNum", "buBlip"} & set(said)):
        return ""
    return f"{'  ' * paragraph.level}- "


def _size(shape: Any) -> float:
    sizes = [_largest(paragraph) for paragraph in shape.text_frame.paragraphs] if shape.has_text_frame else []
    return max(sizes, default=0.0)


def _largest(paragraph: Any) -> float:
    """The size of the largest letters in points; 0 where the slide does not say."""
    sizes = find(paragraph._p, "./a:r/a:rPr/@sz | ./a:pPr/a:defRPr/@sz")
    return max((int(size) / 100 for size in sizes), default=0.0)


def _table_rows(shown_table: Any) -> list[list[str]]:
    """The words of all cells, those of a merged one in every place that it covers."""
    rows = [[_cell(cell) for cell in row.cells] for row in shown_table.rows]
    for number, row in enumerate(shown_table.rows):
        for column, cell in enumerate(row.cells):
            if cell.is_merge_origin:
                for covered in rows[number : number + cell.span_height]:
                    covered[column : column + cell.span_width] = [rows[number][column]] * cell.span_width
    return rows


def _cell(cell: Any) -> str:
    return str(cell.text_frame.text).replace("\v", "\n").strip()
