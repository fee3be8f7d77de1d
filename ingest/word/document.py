"""DOCX -> Markdown: what a reader of the finished pages sees, headings, lists, tables and notes in their order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from ingest.drawn import with_tables
from ingest.office.charts import chart, diagram
from ingest.word.numbering import Label, Numbering, spaced
from ingest.word.parts import Element, Parts, R, W, number, switch, value, within
from ingest.word.styles import Style, Styles
from ingest.word.table import cells_of, grid, rows_of
from ingest.word.words import PAGE, Notes, Story
from ingest.written import Unreadable, Written, newlines, table
from records import Told
from text.language import HAN, language_of

#: ``Page 3 of 9``, ``第 3 页 共 9 页``, ``- 3 -``, where the numbers are marks of where they were.
_PAGE_NUMBER = re.compile(
    rf"(?:[-–—|/·]\s*)?(?:第|page|p\.)?\s*{PAGE}(?:\s*页)?"
    rf"(?:\s*[,，/|]?\s*(?:共|of)?\s*{PAGE}(?:\s*页)?)?(?:\s*[-–—|/·])?",
    re.I,
)
#: What names a table: ``表 2 各区产量``, ``Table 2``
_TABLE = re.compile(r"(?:续?表|table)\s*[\dA-Z一二三四五六七八九十]", re.I)
_BREAK_IN_WORD = re.compile(rf"(?<=[{HAN}])\s*\n\s*(?=[{HAN}])")
#: A line that is broken behind a stop ends a paragraph.
_BREAK_AFTER_STOP = re.compile(r"(?<=[。！？；：.!?;:])\s*\n\s*")
#: A line of so many characters was full, and its break is none of meaning.
_FULL_LINE = 30
#: No heading is longer and ends in a stop.
_LONG_HEADING = 60
_TEMPLATE_DAYS = ("2013-12-23",)  # when python-docx's own template was made
_NOBODY = frozenset(
    "python-docx|microsoft office user|microsoft|microsoft corporation|user|users|windows user|windows|admin|unknown"
    "|administrator|author|微软用户|微软中国|用户|作者|未知|lenovo|dell|hp|hewlett-packard|acer|asus|un-named"
    "|apache poi|company|公司名称".split("|")
)
#: Titles that programs give: ``Microsoft Word - draft.doc``, ``Document1``
_NO_TITLE = re.compile(r"microsoft word\b.*|word document|(?:document|文档)\s*\d*|untitled|title|标题|\[.*\]", re.I)
_NAMES: Mapping[str, tuple[str, str]] = {"zh": ("脚注", "页眉和页脚"), "en": ("Notes", "Page headers and footers")}


def read_docx(data: bytes, name: str) -> Written:
    """The report in a DOCX file. Raises Unreadable: a password, an old format, a broken file, one that is too large."""
    parts = Parts(data, name)
    try:
        reader = _Reader(parts)
        blocks = reader.document()
    except RecursionError as error:
        raise Unreadable(
            name,
            Told(
                "its tables or text boxes are nested too deeply. Save it anew as .docx.",
                "表格或文本框嵌套太深。请重新存成 .docx。",
            ),
        ) from error
    return Written(newlines(_markdown(blocks)), about=_about(parts, blocks), left_out=tuple(reader.left_out()))


#: What is drawn, as counted in Chinese.
_DRAWN = {"picture": "张图片", "chart": "张图表", "diagram": "张示意图"}


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, heading, item of a list, caption or table; ``level`` from 1 for headings, from 0 for items.

    ``tabbed`` is a paragraph that keeps its tabs.
    """

    kind: str
    text: str
    level: int = 0


class _Reader:
    """Reads a document's body, then its notes, then what stands in its margins."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._styles = Styles(parts.one("styles"))
        self._numbering = Numbering(parts.one("numbering"), self._styles)
        self._notes = Notes()
        self._body = Story(self._styles, self._notes)
        self._carried = ""  # words whose paragraph goes on in the next
        self._cells = 0  # how deep inside of tables
        self._embedded = 0

    def document(self) -> list[_Block]:
        """All blocks in reading order."""
        root = self._parts.root(self._parts.main)
        body = root.find(f"{W}body") if root is not None else None
        if body is None:
            return []
        marks = Counter(mark.get(f"{W}fldCharType") for mark in body.iter(f"{W}fldChar"))
        self._body.has_whole_fields = marks["begin"] == marks["end"]
        blocks = _captions_above(list(_tables_of_tabs(self._blocks(body, self._body))))
        text = "\n".join(block.text for block in blocks)
        notes, margins = _NAMES[language_of(text[:20_000]) or "en"]
        level = _below_title(blocks)
        for title, found in ((notes, self._note_texts()), (margins, self._margin_texts(body, text))):
            if found and level:
                blocks.append(_Block("heading", title, level))
            blocks += [_Block("paragraph", words) for words in found]
        return blocks

    def left_out(self) -> Iterator[Told]:
        """What was not read, and why."""
        for kind, count in sorted((+self._body.unread).items()):
            yield Told(
                f"{count} {kind}{'s were' if count > 1 else ' was'} not read: what is drawn cannot be quoted.",
                f"有 {count} {_DRAWN[kind]}没有读入：画出来的内容无法引用。",
            )
        if self._embedded:
            yield Told(
                f"{self._embedded} embedded file(s) were not read: save what is in them as reports of their own.",
                f"有 {self._embedded} 个嵌入的文件没有读入：请把其中的内容另存为单独的报告。",
            )

    def _blocks(self, container: Element, story: Story) -> Iterator[_Block]:
        for child in within(container):
            if child.tag == f"{W}p":
                yield from self._paragraph(child, story)
            elif child.tag == f"{W}tbl":
                yield from self._left_over()
                yield from self._table(child, story)
            elif child.tag == f"{W}altChunk":
                self._embedded += 1
        yield from self._left_over()

    def _left_over(self) -> Iterator[_Block]:
        """Words whose paragraph was to go on, where none follows."""
        words, self._carried = _one_line(self._carried), ""
        if words:
            yield _Block("paragraph", words)

    def _paragraph(self, element: Element, story: Story) -> Iterator[_Block]:
        properties = element.find(f"{W}pPr")
        style = self._styles.of(value(properties, "pStyle"))
        words = _PAGE_NUMBER.sub(" ", self._carried + story.words(element, style))
        boxes, story.boxes = story.boxes, []
        self._carried = ""
        runs_on = _runs_on(properties)
        if not runs_on and not style.is_contents:
            yield from self._written(words, properties, style)
        for box in boxes:
            yield from self._blocks(box, story) if box.tag == f"{W}txbxContent" else self._graphic(box, story)
        self._carried = words if runs_on else ""

    def _written(self, words: str, properties: Element | None, style: Style) -> Iterator[_Block]:
        label = self._label(properties, style)
        line = _one_line(words)
        if not line:
            return
        outline = number(properties, "outlineLvl")
        level = style.level if outline is None else outline + 1 if 0 <= outline < 9 else 0
        if level and not (len(line) > _LONG_HEADING and line.endswith(("。", "；", ".", ";"))):
            yield _Block("heading", spaced(label.text if label else "", line), min(6, level))
        elif label and label.text.startswith("第"):
            yield _Block("paragraph", spaced(label.text, line))
        elif label:
            yield _Block("item", spaced(label.text, line), max(label.depth, style.bulleted - 1))
        elif style.is_caption:
            yield _Block("caption", line)
        elif self._cells:
            yield _Block("paragraph", line)
        elif "\t" in words.strip():
            yield _Block("tabbed", words.rstrip())
        else:
            yield from _paragraphs(words)

    def _label(self, properties: Element | None, style: Style) -> Label | None:
        """What Word writes before the paragraph; None where it is in no list."""
        own = properties.find(f"{W}numPr") if properties is not None else None
        num_id = value(own, "numId") or style.num_id
        depth = number(own, "ilvl")
        if num_id is None:
            return Label("", style.bulleted - 1) if style.bulleted else None
        if depth is None and value(own, "numId") is None:
            depth = style.depth
        return self._numbering.label(num_id, depth, style.numbered_by)

    def _table(self, element: Element, story: Story) -> Iterator[_Block]:
        """A table, with the tables that are inside of its cells after it; a frame of one column is no table."""
        rows = [cells_of(row) for row in rows_of(element)]
        if all(len(row) < 2 for row in rows):
            for row in rows:
                for cell in row:
                    yield from self._blocks(cell, story)
            return
        firsts = {row[0] for row in rows if row}
        inner: list[_Block] = []
        label = ""

        def words(cell: Element) -> str:
            nonlocal label
            self._cells += 1
            blocks = list(self._blocks(cell, story))
            self._cells -= 1
            text = " ".join(block.text for block in blocks if block.kind != "table")
            label = text if cell in firsts else label
            tables = [block for block in blocks if block.kind == "table"]
            if tables and label and cell not in firsts:
                inner.append(_Block("paragraph", label + ("：" if language_of(label) == "zh" else ":")))
            inner.extend(tables)
            return text

        read = grid(element, words)
        yield from (_Block("paragraph", title) for title in read.above)
        if text := table(read.rows, read.headers):
            yield _Block("table", text)
        yield from (_Block("paragraph", title) for title in read.below)
        yield from inner

    def _graphic(self, element: Element, story: Story) -> Iterator[_Block]:
        """A chart's title and data, or a diagram's words as a list."""
        is_chart = element.tag.endswith("}chart")
        kind, reference = ("chart", "id") if is_chart else ("diagramData", "dm")
        parts = self._parts.related(kind, self._parts.main) if story is self._body else {}
        try:
            data = self._parts.data(parts[element.get(R + reference, "")])
            said = _chart(data) if is_chart else ["\n".join(diagram(data))]
        except Exception:  # a part that is not there, or not whole: the report is read without it
            said = []
        if not any(said):
            self._body.unread["chart" if is_chart else "diagram"] += 1
        for text in filter(None, said):
            yield _Block("table" if text.startswith("|") else "paragraph", text)

    def _note_texts(self) -> list[str]:
        texts = {}
        for kind in ("footnote", "endnote"):
            root = self._parts.one(f"{kind}s")
            for note in root if root is not None else ():
                texts[kind, note.get(f"{W}id", "")] = note
        return [
            f"{mark} {words}"
            for kind, note_id, mark in list(self._notes)
            if (kind, note_id) in texts and (words := self._line(texts[kind, note_id]))
        ]

    def _line(self, container: Element) -> str:
        """All words of a note on one line."""
        return " ".join(map(_flat, self._blocks(container, Story(self._styles, self._notes))))

    def _margin_texts(self, body: Element, text: str) -> list[str]:
        """The words of page headers and footers that are shown, each once, without those that the body has too."""
        found: dict[str, None] = {}
        for kind in ("header", "footer"):
            paths = self._parts.related(kind, self._parts.main)
            for part in dict.fromkeys(paths.get(used, "") for used in self._used(body, kind)):
                root = self._parts.root(part)
                if root is not None:
                    blocks = self._blocks(root, Story(self._styles, self._notes))
                    found |= dict.fromkeys(map(_flat, blocks))
        # without letters it is a page's number
        return [words for words in found if words not in text and re.search(r"[^\W\d_]", words)]

    def _used(self, body: Element, kind: str) -> Iterator[str]:
        """The ids of the headers or footers that some page shows."""
        settings = self._parts.one("settings")
        for section in body.iter(f"{W}sectPr"):
            shown = {
                "default": True,
                "first": switch(section, "titlePg"),
                "even": switch(settings, "evenAndOddHeaders"),
            }
            for reference in section.findall(f"{W}{kind}Reference"):
                if shown.get(reference.get(f"{W}type", "default")):
                    yield reference.get(f"{R}id", "")


def _paragraphs(words: str) -> Iterator[_Block]:
    return (_Block("paragraph", _one_line(part, " ")) for part in _BREAK_AFTER_STOP.split(words.strip()))


def _tables_of_tabs(blocks: Iterable[_Block]) -> Iterator[_Block]:
    """The blocks, paragraphs one below the other whose tabs part columns made tables."""
    for tabbed, run in groupby(blocks, lambda block: block.kind == "tabbed"):
        if not tabbed:
            yield from run
            continue
        paragraphs = [block.text for block in run]
        text = with_tables("\n".join(paragraphs), "text")
        if text == "\n".join(paragraphs):
            yield from (found for words in paragraphs for found in _paragraphs(words))
            continue
        for piece in text.split("\n\n"):
            if piece.startswith("| "):
                yield _Block("table", piece)
            else:
                yield from (found for line in piece.split("\n") for found in _paragraphs(line))


def _chart(data: bytes) -> list[str]:
    from lxml import etree

    return chart(etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True)))


def _flat(block: _Block) -> str:
    """The block's words on one line, a table's without its bars."""
    words = re.sub(r"\|(?: --- \|)*", " ", block.text) if block.kind == "table" else block.text
    return " ".join(words.split())


def _runs_on(properties: Element | None) -> bool:
    """Does the next paragraph go on in the line of this one? Its end is deleted, moved away or hidden, or it is a
    large first letter.
    """
    if properties is None:
        return False
    frame, mark = properties.find(f"{W}framePr"), properties.find(f"{W}rPr")
    if frame is not None and frame.get(f"{W}dropCap", "none") != "none":
        return True
    removed = switch(mark, "del") or switch(mark, "moveFrom")
    return bool(removed or (switch(mark, "vanish") and not switch(mark, "specVanish")))


def _one_line(words: str, between: str = "") -> str:
    """The words on one line: a break inside of Chinese leaves ``between``, nothing at the end of a full line."""
    if "\n" in words:
        full = max(len(line) for line in words.split("\n")) >= _FULL_LINE
        words = _BREAK_IN_WORD.sub("" if full else between, words)
    return " ".join(words.replace("\xad", "").replace("\u2011", "-").split())


def _captions_above(blocks: list[_Block]) -> list[_Block]:
    """Captions of tables put above them, in a document that has all of them underneath."""
    kinds = [block.kind for block in blocks]
    named = [n for n, block in enumerate(blocks) if block.kind == "caption" and _TABLE.match(block.text)]
    if all(n and kinds[n - 1] == "table" and "table" not in kinds[n + 1 : n + 3] for n in named):
        for n in named:
            blocks[n - 1 : n + 1] = [blocks[n], blocks[n - 1]]
    return blocks


def _below_title(blocks: Sequence[_Block]) -> int:
    """The level of a chapter: the one under the only heading of the highest, else the highest; 0 without headings."""
    levels = [block.level for block in blocks if block.kind == "heading"]
    return min(6, min(levels) + (levels.count(min(levels)) == 1)) if levels else 0


def _markdown(blocks: Sequence[_Block]) -> str:
    """The blocks with a blank line between them, none between the items of a list."""
    lines: list[str] = []
    before = ""
    for block in blocks:
        if before and not before == block.kind == "item":
            lines.append("")
        marks = {"heading": "#" * block.level + " ", "item": "  " * block.level + "- "}
        lines.append(marks.get(block.kind, "") + block.text.rstrip())
        before = block.kind
    return "\n".join(lines) + "\n" if lines else ""


def _about(parts: Parts, blocks: Sequence[_Block]) -> dict[str, str]:
    """What the file's properties say that is likely to be of the report and not of a template."""
    core = _texts(parts.one("metadata/core-properties", ""))
    title = "" if _NO_TITLE.fullmatch(core.get("title", "")) else core.get("title", "")
    company = _texts(parts.one("extended-properties", "")).get("Company", "")
    headings = " ".join(block.text for block in blocks if block.kind == "heading" and block.level == 1)
    return {
        "name": title,
        "publisher": next(
            (who for who in (company, core.get("creator", "")) if who and who.lower() not in _NOBODY), ""
        ),
        "published": _on_cover(parts) or _published(core, f"{parts.name} {title} {headings[:200]}"),
    }


def _on_cover(parts: Parts) -> str:
    """The day of publication that is filled in on Word's cover page."""
    root = parts.root(parts.main)
    for control in root.iter(f"{W}sdtPr") if root is not None else ():
        bound, day = control.find(f"{W}dataBinding"), control.find(f"{W}date")
        if bound is not None and day is not None and "PublishDate" in bound.get(f"{W}xpath", ""):
            return day.get(f"{W}fullDate", "")[:10]
    return ""


def _texts(properties: Element | None) -> dict[str, str]:
    """The properties by their names: ``dc:title -> title``."""
    found = properties if properties is not None else ()
    return {element.tag.rsplit("}", 1)[-1]: " ".join((element.text or "").split()) for element in found}


def _published(core: Mapping[str, str], named: str) -> str:
    """The day the file was made, where it may be the report's: "" where it went on from a file of more than a year
    before, or a title names only other years.
    """
    made, changed = _day(core.get("created", "")), _day(core.get("modified", ""))
    if made is None or made.year < 1990 or (changed and (changed - made).days > 366):
        return ""
    years = [int(year) for year in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", named)]
    return made.isoformat() if not years or abs(made.year - max(years)) < 2 else ""


def _day(value: str) -> date | None:
    """The day of a time stamp: ``2024-03-05T08:00:00Z``; None for none, and for that of a template."""
    if value[:10] in _TEMPLATE_DAYS:
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None
