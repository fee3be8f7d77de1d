"""What Word's styles say of a paragraph or a run: a heading's level, a list's number, hidden or raised words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ingest.word.parts import Element, W, number, switch, value

#: ``heading 1``, ``标题 2``
_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.I)
#: ``toc 1``, ``TOC Heading``, ``table of figures``, ``目录 2``
_CONTENTS = re.compile(r"toc\b|table of figures|目录|图表目录", re.I)
#: ``List``, ``List Bullet 2``, ``列表 3``; not ``List Paragraph``
_LIST = re.compile(r"(?:list(?: bullet| number)?|列表)\s*([1-9]?)", re.I)


@dataclass(frozen=True, slots=True)
class Style:
    """A style with all that it inherits.

    ``level`` is a heading's, from 1; 0: none. ``num_id`` and ``depth`` name a list and a level (from 0) in it;
    ``numbered_by`` is the id of the style that says so. ``bulleted`` is the level (from 1) of a list that only the
    style's name tells. ``hidden`` and ``raised`` are None where no style says.
    """

    name: str = ""
    level: int = 0
    num_id: str | None = None
    depth: int | None = None
    numbered_by: str = ""
    hidden: bool | None = None
    raised: bool | None = None

    @property
    def is_contents(self) -> bool:
        """Is it a line of a table of contents?"""
        return _CONTENTS.match(self.name) is not None

    @property
    def is_caption(self) -> bool:
        """Does it name a table or a figure?"""
        return self.name.lower() in ("caption", "题注")

    @property
    def bulleted(self) -> int:
        """The level of a list that only the style's name tells: ``List 2`` -> 2; 0: none."""
        found = _LIST.fullmatch(self.name)
        return int(found[1] or 1) if found else 0


class Styles:
    """The styles of a document, each resolved once."""

    def __init__(self, root: Element | None) -> None:
        styles = root.findall(f"{W}style") if root is not None else []
        self._elements = {style.get(f"{W}styleId", ""): style for style in styles}
        self._resolved: dict[str | None, Style] = {None: Style()}

    def of(self, style_id: str | None) -> Style:
        """The style of that id; an empty one where there is none. A style that is based on itself inherits nothing."""
        if style_id not in self._resolved:
            self._resolved[style_id] = Style()  # what a circle of styles finds
            self._resolved[style_id] = self._read(style_id or "")
        return self._resolved[style_id]

    def _read(self, style_id: str) -> Style:
        element = self._elements.get(style_id)
        if element is None:
            return Style()
        base = self.of(value(element, "basedOn"))
        name = value(element, "name") or ""
        properties, run = element.find(f"{W}pPr"), element.find(f"{W}rPr")
        style = replace(
            base,
            name=name,
            level=_level(name, number(properties, "outlineLvl"), base.level),
            hidden=_own(switch(run, "vanish"), base.hidden),
            raised=_own(raised(run), base.raised),
        )
        numbering = properties.find(f"{W}numPr") if properties is not None else None
        if numbering is None:
            return style
        depth = number(numbering, "ilvl")
        return replace(
            style,
            num_id=value(numbering, "numId") or base.num_id,
            depth=base.depth if depth is None else depth,
            numbered_by=style_id,
        )


def raised(run: Element | None) -> bool | None:
    """Do a run's properties raise its words, as a note's mark is? None where they do not say."""
    said = value(run, "vertAlign")
    return None if said is None else said == "superscript"


def _level(name: str, outline: int | None, inherited: int) -> int:
    if outline is not None:
        return outline + 1 if 0 <= outline < 9 else 0
    found = _HEADING.fullmatch(name)
    if found:
        return int(found[1])
    return 1 if name.lower() in ("title", "标题") else inherited


def _own(own: bool | None, inherited: bool | None) -> bool | None:
    return inherited if own is None else own
