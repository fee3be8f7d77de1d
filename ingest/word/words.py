"""A paragraph of Word -> its words as a reader of the finished page sees them, with the marks of its notes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from ingest.word.equation import equation, superscript
from ingest.word.parts import MC, Element, M, W, switch, value, within
from ingest.word.styles import Style, Styles, raised

#: Stands where a page's number was.
PAGE = "\x00"

#: Fields whose results are no words of the report: they go with the page, or with the day it is opened.
_OUTSIDE = frozenset("TOC INDEX STYLEREF DATE TIME FILENAME".split())
_PAGES = frozenset("PAGE NUMPAGES SECTIONPAGES".split())
#: ``m``, ``km``, ``x``, ``平方米`` before a raised 2: a power, no note.
_BASE = re.compile(r"(?<![A-Za-z])(?:[A-Za-z]|[mcdkn]m|[μµ]m|hm|ft|in|yd|mi)$|(?<=[\d\s])(?:千|厘|毫|分)?米$")
#: ``3.2×10`` before a raised 8
_TEN = re.compile(r"(?<![\d.,])10$")
#: ``1``, ``[3]``, ``[2,5-7]``, ``注1``, ``①``, ``a``: what is raised to point at a note
_MARK = re.compile(r"[\[［(（]?(?:注|注释|note)?([\d①-⑳]{1,3}(?:[,，、–-]\d{1,3})*|[a-z])[\]］)）]?")
#: A mark inside of a figure: ``12.5[^1]亿元`` -> ``12.5亿元[^1]``
_INSIDE = re.compile(r"(?<=\d)((?:\[\^[^\]\s]+\])+)([%％‰℃°A-Za-z\u4e00-\u9fff]+)")

#: What the Symbol font shows for its codes.
_GREEK = dict(
    zip(
        "ABCDEFGHIKLMNOPQRSTUWXYZabcdefghiklmnopqrstuwxyz",
        "ΑΒΧΔΕΦΓΗΙΚΛΜΝΟΠΘΡΣΤΥΩΞΨΖαβχδεφγηικλμνοπθρστυωξψζ",
        strict=True,
    )
)
_SIGNS = dict(zip("\xa3\xa5\xb0\xb1\xb3\xb4\xb7\xb8\xb9\xbb\xd6\xd7\xe5\x2d", "≤∞°±≥×•÷≠≈√⋅∑−", strict=True))
_SYMBOL = {**{chr(code): chr(code) for code in range(0x20, 0x40)}, **_GREEK, **_SIGNS}
_WINGDINGS = dict(zip("\xfc\xfb\xfe\xfd\xa8\x6f\x71\x52\x54\x53", "✓✗☑☒☐☐☐☑☒☒", strict=True))


class Notes:
    """The foot- and endnotes that are pointed at, in the order of their marks."""

    def __init__(self) -> None:
        self._labels: dict[tuple[str, str], int] = {}

    def mark(self, kind: str, note_id: str) -> str:
        """The mark of a note of a kind, ``footnote`` or ``endnote``: ``[^2]``."""
        return f"[^{self._labels.setdefault((kind, note_id), len(self._labels) + 1)}]"

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        """Kind, id and mark of each."""
        return ((kind, note_id, f"[^{label}]") for (kind, note_id), label in self._labels.items())


@dataclass(slots=True)
class _Field:
    code: str = ""
    is_result: bool = False


@dataclass(slots=True)
class Story:
    """The words of one run of text - the body, a header, a note - whose fields may reach over its paragraphs.

    ``boxes`` are the text boxes, charts and diagrams met since they were last taken, ``unread`` counts pictures.
    Where a field has no end, none hides anything.
    """

    styles: Styles
    notes: Notes
    boxes: list[Element] = field(default_factory=list)
    unread: Counter[str] = field(default_factory=Counter)
    has_whole_fields: bool = True
    _fields: list[_Field] = field(default_factory=list)
    _pieces: list[tuple[str, bool]] = field(default_factory=list)
    _style: Style = field(default_factory=Style)

    def words(self, paragraph: Element, style: Style) -> str:
        """The paragraph's words; ``\\n`` where a line is broken by hand."""
        self._pieces, self._style = [], style
        self._read(paragraph)
        text = ""
        for is_raised, pieces in groupby(self._pieces, key=lambda piece: piece[1]):
            words = "".join(piece for piece, _ in pieces)
            text += _raised(text, words) if is_raised else words
        # neighbours become one mark: Markdown reads ``[^1][^2]`` as a link
        return _INSIDE.sub(r"\2\1", text).replace("][^", ",") if "[^" in text else text

    def _read(self, element: Element) -> None:
        for child in within(element):
            tag = child.tag
            if tag == f"{W}r":
                self._run(child)
            elif tag == f"{W}fldSimple":
                self._simple_field(child)
            elif tag in (f"{M}oMath", f"{M}oMathPara"):
                self._add(equation(child), False)

    def _run(self, run: Element) -> None:
        properties = run.find(f"{W}rPr")
        hidden = is_raised = None
        if properties is not None:
            own = self.styles.of(value(properties, "rStyle"))
            hidden, is_raised = switch(properties, "vanish"), raised(properties)
            hidden = own.hidden if hidden is None else hidden
            is_raised = own.raised if is_raised is None else is_raised
        hidden = self._style.hidden if hidden is None else hidden
        is_raised = self._style.raised if is_raised is None else is_raised
        self._inside(run, bool(hidden), bool(is_raised))

    def _inside(self, run: Element, hidden: bool, is_raised: bool) -> None:
        marked = False  # a note's own sign follows its mark, and is not wanted beside it
        for child in within(run):
            tag = child.tag
            if tag in (f"{W}fldChar", f"{W}instrText"):
                self._field(child, hidden)
            elif hidden:
                continue
            elif tag == f"{W}t":
                if not marked:
                    self._add(child.text or "", is_raised)
            elif tag in _PLAIN:
                self._add(_PLAIN[tag], False)
            elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
                kind = "footnote" if tag == f"{W}footnoteReference" else "endnote"
                marked = child.get(f"{W}customMarkFollows") in ("1", "true", "on")
                self._add(self.notes.mark(kind, child.get(f"{W}id", "")) if self._shown else "", False)
            elif tag == f"{W}sym":
                self._add(_symbol(child), is_raised)
            elif tag == f"{W}ruby":
                base = child.find(f"{W}rubyBase")
                self._read(base if base is not None else child)
            elif tag not in _SILENT and self._shown:
                self._drawn(child)

    @property
    def _shown(self) -> bool:
        return not self.has_whole_fields or all(
            field.is_result and not _code(field.code) & _OUTSIDE for field in self._fields
        )

    def _add(self, words: str, is_raised: bool) -> None:
        if words and (not self._fields or self._shown):
            is_page = any(_code(field.code) & _PAGES for field in self._fields)
            self._pieces.append((PAGE, False) if is_page else (words, is_raised))

    def _field(self, element: Element, hidden: bool) -> None:
        kind = element.get(f"{W}fldCharType")
        if element.tag == f"{W}instrText":
            if self._fields:
                self._fields[-1].code += element.text or ""
        elif kind == "begin":
            self._add("" if hidden else _ticked(element.find(f"{W}ffData/{W}checkBox")), False)
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].is_result = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _simple_field(self, element: Element) -> None:
        self._fields.append(_Field(element.get(f"{W}instr", ""), is_result=True))
        self._read(element)
        self._fields.pop()

    def _drawn(self, element: Element) -> None:
        """Text boxes, charts and pictures inside of a drawing."""
        name = element.tag.rsplit("}", 1)[-1]
        if name in _BOXES:
            self.boxes.append(element)
            return
        self.unread["picture"] += name in _PICTURES
        for child in within(element):
            self._drawn(child)


#: A text box, and what points at a chart or a diagram.
_BOXES = frozenset(("txbxContent", "chart", "relIds"))
_PICTURES = frozenset(("pic", "imagedata"))
_SILENT = frozenset(
    [f"{W}{name}" for name in ("rPr", "delText", "delInstrText", "footnoteRef", "endnoteRef", "annotationRef", "pgNum")]
    + [f"{W}{name}" for name in ("softHyphen", "lastRenderedPageBreak", "commentReference", "separator")]
    + [f"{MC}Fallback"]
)
_PLAIN: Mapping[str, str] = {
    f"{W}tab": "\t",
    f"{W}ptab": " ",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}


def _ticked(box: Element | None) -> str:
    """A box of a form, ticked or not."""
    ticked = switch(box, "checked")
    return "" if box is None else "☑" if (switch(box, "default") if ticked is None else ticked) else "☐"


def _code(code: str) -> frozenset[str]:
    """The kind of a field as its code names it: ``PAGE  \\* MERGEFORMAT`` -> {"PAGE"}."""
    return frozenset(code.upper().split()[:1])


def _raised(before: str, words: str) -> str:
    """Raised words behind others: a power as raised signs, degrees, a note's mark as ``[^1]``, the rest as it is."""
    bare = words.strip()
    if bare in ("o", "0", "º", "○") and before[-1:].isdigit():
        return "°"
    if power := superscript(bare) if _TEN.search(before) or _is_power(before, bare) else None:
        return power
    if mark := _MARK.fullmatch(re.sub(r"\s", "", bare)):
        return f"[^{mark[1]}]" if before.strip() else f"{bare} "
    if before.endswith("]") and bare in (",", "，", "、"):
        return ""
    return f"^{words}" if before[-1:].isdigit() and bare[:1].isdigit() else words


def _is_power(before: str, bare: str) -> bool:
    return _BASE.search(before) is not None and re.fullmatch(r"[23]|[-−–][123]|n", bare) is not None


def _symbol(element: Element) -> str:
    """What a character of a symbol font shows; "" for those we do not know."""
    font = element.get(f"{W}font", "")
    code = element.get(f"{W}char", "")
    if not re.fullmatch(r"[0-9A-Fa-f]{2,6}", code):
        return ""
    sign = chr(min(int(code, 16), 0x10FFFF))
    own = {"Symbol": _SYMBOL, "Wingdings": _WINGDINGS, "Wingdings 2": {"\x52": "☑", "\xa3": "☐", "\x50": "✓"}}.get(font)
    if own is not None:
        return own.get(chr(ord(sign) & 0xFF), "")
    return "" if 0xD800 <= ord(sign) <= 0xF8FF else sign
