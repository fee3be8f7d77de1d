"""HTML elements -> Markdown: headings, paragraphs, lists, tables, definitions and code, in their order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from ingest.web.tables import Grid, grid_of, header_rows
from ingest.written import table
from text.language import HAN, weight

#: Elements that begin and end a line of their own.
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol p section summary table tbody td tfoot"
    " th thead tr ul".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_HAN = f"{HAN}\u3000-\u303f\uff00-\uffef"
#: Characters that are not seen: soft hyphens, places where a word may break.
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
#: Lists are set in no deeper than this.
_DEEPEST = 8
#: What ends a sentence or a part of one: nothing needs to stand before what follows.
_STOPS = "。！？；：，、.!?;:,…"
#: ``Rent: 48,000 a year``
_LABELLED = re.compile(r"[^:：]{1,30}[:：]\s*\S")
#: A paragraph all in bold that is no longer than this is a heading.
_LONGEST_HEADING = 80
_SUPERSCRIPTS = str.maketrans("0123456789-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")
#: What a power stands behind: ``5 m``, ``km``, ``平方米``, ``R``, or the base of one: ``× 10``
_UNIT_BEFORE = re.compile(r"(?:(?<![A-Za-z])(?:[A-Zµμ]|[a-zµμ]{1,2}|inch|mile|feet)|[米里寸尺])$")
_BASE_BEFORE = re.compile(r"(?<![\d.,$€£¥])(?:2|10)$")
#: A letter as an exponent: ``x^a``, ``2^n``, ``10^-k``
_EXPONENT = re.compile(r"(?<!\w)(?:[A-Za-z]\^[-−]?[a-z]|\d{1,2}\^[-−]?[kmnx])$")
#: What marks a note: ``1``, ``[2]``, ``a``, ``*``, ``1,2``, ``(3)``
_NOTE = re.compile(r"[\[(（［]?\s*(\d{1,3}(?:\s*[,，–-]\s*\d{1,3})*|[a-z]|[*†‡§]+)\s*[\])）］]?")
_PERMALINK = re.compile(r"[¶#§🔗]|\[(?:edit|编辑|編輯)\]")
#: Alternative texts that say nothing of their picture: ``logo``, ``图片``, ``IMG_0123.jpg``
_EMPTY_ALT = re.compile(
    r"(?:\W|\d|_)*(?:(?:image|img|photo|picture|logo|icon|banner|avatar|figure|图片?|图像|图标|头像|截图)(?:\W|\d|_)*)*"
    r"|\S*\.(?:png|jpe?g|gif|svg|webp|bmp)",
    re.I,
)
#: A picture outside of a table whose words are shorter, in English characters, is decoration.
_LEAST_ALT = 15
#: Characters at the start of a paragraph that Markdown would take for its marks: ``# 1 in sales``, ``| a``
_MARK = re.compile(r"(?=#{1,6}\s|\||>|```|~~~)")


def markdown(root: Any) -> str:
    """The Markdown of an element whose hidden parts and comments are gone; "" where it says nothing."""
    writer = _Writer()
    writer.write(root)
    pieces: list[str] = []
    before = ""
    for kind, block in writer.blocks:
        pieces += ["\n" if kind == before == "item" else "\n\n" if before else "", block]
        before = kind
    return "".join([*pieces, "\n"]) if pieces else ""


def words_of(element: Any) -> str:
    """The words of an element on one line."""
    return " ".join(_spaced("".join(element.itertext())).split())


@dataclass(slots=True)
class _List:
    """A list that is being written: the mark of its next item."""

    ordered: bool
    letter: str
    number: int
    step: int

    def mark(self, own: str | None) -> str:
        """``- ``, ``3. `` or ``- c. ``; ``own`` is the number that the item itself gives."""
        if not self.ordered:
            return "- "
        self.number = int(own) if own and own.lstrip("-").isdigit() else self.number
        number, self.number = self.number, self.number + self.step
        if self.letter and 1 <= number <= 26:
            return f"- {chr(ord(self.letter) + number - 1)}. "
        return f"{number}. "


@dataclass(slots=True)
class _Writer:
    """What was written: blocks of a kind, and the pieces of the line that is still open.

    ``item`` is the mark of a list item without words so far; in one with words (``in_item``), further lines are joined
    to it. ``term`` is what the next line defines. In a cell all tables are read as lines.
    """

    in_cell: bool = False
    blocks: list[tuple[str, str]] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    bold: int = 0
    bold_characters: int = 0
    heading: int = 0
    quotes: int = 0
    lists: list[_List] = field(default_factory=list)
    item: str = ""
    in_item: bool = False
    term: str = ""
    defined: str = ""
    in_term: bool = False
    after_link: bool = False

    def write(self, root: Any) -> None:
        """Writes all that is in an element."""
        from lxml import etree

        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if event == "start":
                if element is not root and self._whole(element):
                    walk.skip_subtree()
                else:
                    self._begin(element)
                    self._say(element.text)
            else:
                self._end(element)
                if element is not root:
                    self._say(element.tail)
        self._flush()

    def _say(self, text: str | None) -> None:
        if text:
            text = _spaced(text)
            self.after_link = self.after_link and not text
            self.pieces.append(text)
            self.bold_characters += len(text.replace(" ", "")) if self.bold else 0

    def _whole(self, element: Any) -> bool:
        """Writes an element at once, where it is not the sum of its parts: a table, code, a note's mark, a formula."""
        tag = element.tag
        if tag == "table" and not self.in_cell:
            grid = grid_of(element)
            if grid:
                self._flush()
                self._table(grid, element)
            return grid is not None
        if tag == "pre" and not self.in_cell:
            self._flush()
            self._code(element)
        elif tag == "sup" or _is_note_mark(element):
            self._say(_raised("".join(self.pieces[-3:]), element))
        elif tag == "sub":
            words = words_of(element)
            self._say(f"_{words}" if "".join(self.pieces[-1:])[-1:].isdigit() and words[:1].isdigit() else words)
        elif tag == "math":
            self._say(_formula(element))
        elif tag == "code" and not len(element) and "`" not in (element.text or "`"):
            self._say(f"`{element.text}`")
        elif tag == "img":
            words = _alternative(element)
            self._say(f" {words} " if self.in_cell or weight(words) >= _LEAST_ALT else "")
        elif not (tag == "a" and self.heading and _PERMALINK.fullmatch(words_of(element))):
            return False
        return True

    def _begin(self, element: Any) -> None:
        tag = element.tag
        if tag in _BLOCKS and not (self.in_cell and tag in ("td", "th")):
            self._flush()
        if tag in _HEADINGS:
            self.heading = self.heading or _HEADINGS[tag]
        elif tag in ("ul", "ol", "menu", "dir"):
            self._define()
            self.lists.append(_list(element))
            self.item, self.in_item = "", False
        elif tag == "li":
            depth = min(max(len(self.lists) - 1, 0), _DEEPEST)
            self.item = "  " * depth + (self.lists[-1].mark(element.get("value")) if self.lists else "- ")
            self.in_item = False
        elif tag == "blockquote":
            self.quotes += 1
        elif tag == "dt":
            self.in_term = True
        elif tag == "dd":
            self.term = self.defined
        elif tag in ("b", "strong"):
            self.bold += 1
        elif tag == "br":
            self.pieces.append("\n")
        elif tag in ("td", "th") or (tag == "a" and self.after_link):
            self.pieces.append(" ")
        elif tag == "q":
            self.pieces.append("“")

    def _end(self, element: Any) -> None:
        tag = element.tag
        if tag == "dt" and self.in_term:
            self.in_term = False
            words = " ".join("".join(self.pieces).split()).rstrip(":：")
            if self.term:
                self._block("paragraph", self.term)
            self.term = self.defined = words
            self.pieces.clear()
        elif tag in _HEADINGS and self.heading == _HEADINGS[tag]:
            self._title()
        elif tag in _BLOCKS and not (self.in_cell and tag in ("td", "th")):
            self._flush()
        if tag in ("ul", "ol", "menu", "dir"):
            self.lists.pop()
            self.item, self.in_item = "", False
        elif tag == "li":
            self.item, self.in_item = "", False
        elif tag == "blockquote":
            self.quotes -= 1
        elif tag == "dd":
            self._define()
        elif tag == "dl" and self.term:
            self._block("paragraph", self.term)
            self.term = ""
        elif tag in ("b", "strong"):
            self.bold -= 1
        elif tag == "q":
            self.pieces.append("”")
        self.after_link = tag == "a"

    def _flush(self) -> None:
        """Writes the open line as a paragraph, a list's item or what defines a term."""
        if self.heading or self.in_term:
            self.pieces.append(" ")
            return
        text = "".join(self.pieces)
        is_bold = self.bold_characters and self.bold_characters == len("".join(text.split()))
        lines = _lines(text)
        self.pieces.clear()
        self.bold_characters = 0
        if not lines:
            return
        if self.term:
            lines[0] = self._meant(lines[0])
        if self.item or self.in_item:
            words = joined(lines)
            if self.item:
                self._block("item", self.item + words)
            else:
                self.blocks[-1] = ("item", f"{self.blocks[-1][1]} {words}")
            self.item, self.in_item = "", True
            return
        if (
            is_bold
            and not self.in_cell
            and len(lines) == 1
            and len(lines[0]) <= _LONGEST_HEADING
            and lines[0][-1] not in _STOPS
        ):
            lines = [f"**{lines[0]}**"]
        for line in lines:
            self._block("paragraph", _MARK.sub(r"\\", line, count=1) if _MARK.match(line) else line)

    def _meant(self, words: str) -> str:
        """``term: words``; the term is used up."""
        term, self.term = self.term, ""
        if not words:
            return f"{term}:"
        return f"{term}：{words}" if re.match(f"[{_HAN}]", term[-1]) else f"{term}: {words}"

    def _define(self) -> None:
        """Writes a term that is still without its definition on a line of its own."""
        self._flush()
        if self.term:
            self._block("paragraph", self._meant(""))

    def _title(self) -> None:
        words = " ".join("".join(self.pieces).split())
        level, self.heading = self.heading, 0
        self.pieces.clear()
        self.bold_characters = 0
        if words:
            self.item, self.in_item = "", False
            self._block("heading", words if self.in_cell else f"{'#' * level} {words}")

    def _block(self, kind: str, text: str) -> None:
        self.blocks.append((kind, "> " * self.quotes + text))
        self.in_item = self.in_item and kind == "item"

    def _code(self, element: Any) -> None:
        for line_break in element.iter("br"):
            line_break.tail = "\n" + (line_break.tail or "")
        text = "".join(element.itertext()).strip("\n")
        if text.strip():
            self._define()
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
            self.blocks.append(("code", f"{fence}\n{text}\n{fence}"))
            self.item, self.in_item = "", False

    def _table(self, grid: Grid, element: Any) -> None:
        self._define()
        captions = [part for part in (element.find("caption"), _figure_caption(element)) if part is not None]
        for part in (*captions, *grid.above):
            self._lines_of(part)
        head = max(grid.headers, 1)
        cells: dict[Any, str] = {}
        for number, row in enumerate(grid.rows):
            for column, cell in enumerate(row):
                if cell is not None and cell not in cells:
                    cells[cell] = _cell_text(cell, is_name=number < head or column == 0)
        texts = [["" if cell is None else cells[cell] for cell in row] for row in grid.rows]
        if written := table(texts, header_rows(grid, texts)):
            self.blocks.append(("table", written.rstrip("\n")))
        for part in grid.below:
            self._lines_of(part)
        self.item, self.in_item = "", False

    def _lines_of(self, element: Any) -> None:
        for line in _cell_lines(element):
            self._block("paragraph", line)


def _cell_text(cell: Any, is_name: bool) -> str:
    """The words of a cell on one line, its items and lines parted by semicolons, those of a name by nothing new."""
    if not len(cell):
        return words_of(cell)
    lines = _cell_lines(cell)
    return joined(lines) if is_name else joined(lines, "; ")


def _cell_lines(cell: Any) -> list[str]:
    writer = _Writer(in_cell=True)
    writer.write(cell)
    return [block.strip().removeprefix("- ") for _, block in writer.blocks]


def joined(lines: Sequence[str], between: str = " ") -> str:
    """Lines as one; Chinese lines that ``between`` does not part are joined without a space."""
    text = ""
    for line in lines:
        if not text:
            text = line
        elif between == " " and re.match(f"[{_HAN}]{{2}}", text[-1] + line[0]):
            text += line
        else:
            text += (" " if text[-1] in _STOPS else between) + line
    return text


def _spaced(text: str) -> str:
    """The text with plain spaces for all its white space; a line's end between two Chinese characters is none."""
    text = text.translate(_UNSEEN)
    if "\n" in text:
        text = re.sub(rf"(?<=[{_HAN}])[ \t\r]*\n\s*(?=[{_HAN}])", "", text)
    text = re.sub(r"\s+", " ", text)
    return re.sub(r"<(?=[A-Za-z/!])", "&lt;", text) if "<" in text else text


def _lines(text: str) -> list[str]:
    """The lines between line breaks; those that were only wrapped are one."""
    lines = [" ".join(line.split()) for line in text.split("\n")]
    if len(lines) > 2 and _is_wrapped([line for line in lines if line]):
        paragraphs = "\n".join(lines).split("\n\n")
        lines = [joined([line for line in paragraph.split("\n") if line]) for paragraph in paragraphs]
    return [line for line in lines if line]


def _is_wrapped(lines: Sequence[str]) -> bool:
    """Were lines cut to one width: nearly as long, most in the middle of a sentence, not each a name's value?"""
    inner = lines[:-1]
    if len(inner) < 2 or min(map(len, inner)) < 15 or all(map(_LABELLED.match, lines)):
        return False
    cut = sum(line[-1] not in "。！？：；.!?:;" for line in inner)
    return min(map(len, inner)) * 3 >= max(map(len, inner)) * 2 and cut * 2 > len(inner)


def _list(element: Any) -> _List:
    items = [child for child in element if child.tag == "li"]
    backwards = element.get("reversed") is not None
    start = element.get("start", "").strip()
    number = int(start) if re.fullmatch(r"-?\d{1,9}", start) else len(items) if backwards else 1
    letter = element.get("type", "")
    return _List(element.tag == "ol", letter if letter in ("a", "A") else "", number, -1 if backwards else 1)


def _is_note_mark(element: Any) -> bool:
    kind = element.get("{http://www.idpf.org/2007/ops}type") or element.get("epub:type") or element.get("role") or ""
    return kind in ("noteref", "doc-noteref") and element.find(".//sup") is None


def _raised(before: str, element: Any) -> str:
    """What a raised text reads as behind the words before it: a power, a note's mark, or the words themselves.

    ``$320``, ``1`` -> ``[^1]``; ``m``, ``2`` -> ``²``; ``10``, ``6`` -> ``^6``; ``1``, ``st`` -> ``st``
    """
    words = words_of(element)
    before = before.rpartition("\n")[2]
    if (element.tail or "").lstrip()[:1] in ("/", "⁄"):  # a fraction
        return f" {words}"
    linked = element.tag == "a" or element.find(".//a") is not None or element.getparent().tag == "a"
    if not linked and re.fullmatch(r"[-−]?\d{1,3}", words):
        if _BASE_BEFORE.search(before):
            return f"^{words}"
        if re.fullmatch("[2-4]|[-−][1-4]", words) and _UNIT_BEFORE.search(before):
            return words.translate(_SUPERSCRIPTS)
    if not linked and _EXPONENT.search(f"{before}^{words}"):
        return f"^{words}"
    if note := _NOTE.fullmatch(words):
        mark = f"[^{''.join(note[1].split())}]"
        return mark if before.strip() else f"{mark}: "
    if re.match(r"[\[〔［]", words):  # "[note 1]", "[citation needed]"
        return ""
    return words if words.isalpha() and len(words) <= 3 else f" {words}"


def _formula(element: Any) -> str:
    """A formula as it was typed, where it says so, else its parts with spaces between: ``1 2`` is never ``12``."""
    typed = element.get("alttext") or next(
        (words_of(part) for part in element.iter("annotation") if "tex" in part.get("encoding", "")), ""
    )
    for part in element.xpath(".//mfrac[*] | .//msup[*]"):
        part[0].tail = "/" if part.tag == "mfrac" else "^"
    return f" {typed or ' '.join(part.strip() for part in element.itertext() if part.strip())} "


def _alternative(element: Any) -> str:
    """What a picture says in words, unless its caption says the same."""
    words = " ".join(_spaced(element.get("alt", "")).split())
    figure = next(element.iterancestors("figure"), None)
    caption = figure.find(".//figcaption") if figure is not None else None
    if _EMPTY_ALT.fullmatch(words) or (caption is not None and words in words_of(caption)):
        return ""
    return words


def _figure_caption(element: Any) -> Any:
    """The caption of a figure that is one table: taken from under it, to be written above."""
    figure = next(element.iterancestors("figure"), None)
    parts = [] if figure is None else list(figure.iter("table", "figcaption"))
    if [part.tag for part in parts] != ["table", "figcaption"]:
        return None
    caption = parts[1]
    above = copy(caption)
    caption.clear(keep_tail=True)
    return above
