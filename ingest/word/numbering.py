"""The numbers that Word computes before paragraphs: ``第三条``, ``1.2.3``, ``（一）``, ``a)``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ingest.word.parts import MC, Element, W, number, switch, value
from ingest.word.styles import Styles

_DEPTHS = tuple("012345678")
_HIGHEST = 32767


@dataclass(frozen=True, slots=True)
class _Level:
    """A level of a list: ``text`` is its pattern, ``%1.%2``; ``restart`` the level (from 1) after which it begins anew.

    ``style`` is the id of the paragraph style that stands for it.
    """

    start: int = 1
    form: str = "decimal"
    text: str = ""
    restart: int | None = None
    legal: bool = False
    style: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """What stands before a paragraph of a list, "" where that is a bullet or not sure; its level, from 0."""

    text: str
    depth: int


class Numbering:
    """Counts a document's numbered paragraphs as they come; lists of the same kind go on counting one another."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._kinds = {e.get(f"{W}abstractNumId", ""): e for e in _all(root, "abstractNum")}
        self._lists = {e.get(f"{W}numId", ""): e for e in _all(root, "num")}
        self._levels: dict[str, Mapping[int, _Level]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()

    def label(self, num_id: str, depth: int | None, style_id: str = "") -> Label | None:
        """The next paragraph's label in a list; None where it is in none. Without a depth the style tells it."""
        if num_id not in self._lists or num_id == "0":
            return None
        if num_id not in self._levels:
            self._levels[num_id] = self._read(num_id)
        levels = self._levels[num_id]
        if depth is None:
            depth = next((at for at, level in levels.items() if level.style and level.style == style_id), 0)
        if depth not in levels:
            return Label("", min(max(0, depth), len(_DEPTHS) - 1))
        counts = self._counted(num_id, depth, levels)
        level = levels[depth]
        if level.form == "none" and not level.text.strip():
            return None
        return Label("" if level.form == "bullet" else _filled(level, levels, counts), depth)

    def _counted(self, num_id: str, depth: int, levels: Mapping[int, _Level]) -> dict[int, int]:
        """The counts by level after one more paragraph."""
        counts = self._counts.setdefault(self._kind_of(num_id), {})
        first = (num_id, depth) not in self._begun
        self._begun.add((num_id, depth))
        begins = depth not in counts or (first and depth in self._starts(num_id))
        counts[depth] = levels[depth].start if begins else counts[depth] + 1
        for deeper, level in levels.items():
            after = deeper if level.restart is None else level.restart
            if deeper > depth and depth < after:
                counts.pop(deeper, None)
        return counts

    def _kind_of(self, num_id: str) -> str:
        """The id of the kind of list; one that is said by a list style is the kind of that style's list."""
        kind = value(self._lists[num_id], "abstractNumId") or ""
        link = value(self._kinds.get(kind), "numStyleLink")
        linked = self._styles.of(link).num_id if link else None
        return (value(self._lists.get(linked), "abstractNumId") or kind) if linked else kind

    def _starts(self, num_id: str) -> dict[int, int]:
        """Where the levels of a list begin that does not go on counting others, by their depth."""
        found = self._lists[num_id].findall(f"{W}lvlOverride")
        starts = {e.get(f"{W}ilvl", ""): number(e, "startOverride") for e in found}
        return {int(at): start for at, start in starts.items() if at in _DEPTHS and start is not None}

    def _read(self, num_id: str) -> Mapping[int, _Level]:
        """The levels of a list by their depth, those in their place that it has of its own."""
        own = [e for override in self._lists[num_id].findall(f"{W}lvlOverride") for e in override.findall(f"{W}lvl")]
        shared = _all(self._kinds.get(self._kind_of(num_id)), "lvl")
        levels = {int(at): _level(e) for e in [*shared, *own] if (at := e.get(f"{W}ilvl", "")) in _DEPTHS}
        begun = {at: replace(levels[at], start=start) for at, start in self._starts(num_id).items() if at in levels}
        return levels | begun


def _all(element: Element | None, name: str) -> list[Element]:
    return element.findall(W + name) if element is not None else []


def _level(element: Element) -> _Level:
    start = number(element, "start")
    return _Level(
        start=0 if start is None else start,
        form=value(element, "numFmt") or ("decimal" if element.find(f"{MC}AlternateContent") is None else "custom"),
        text=value(element, "lvlText") or "",
        restart=number(element, "lvlRestart"),
        legal=switch(element, "isLgl") is True,
        style=value(element, "pStyle") or "",
    )


def _filled(level: _Level, levels: Mapping[int, _Level], counts: Mapping[int, int]) -> str:
    """The pattern with the counts in it: ``第%1条`` -> ``第三条``; "" where one of them is not known."""
    parts = []
    for part in re.split(r"(%[1-9])", level.text):
        if not re.fullmatch(r"%[1-9]", part):
            parts.append(part)
            continue
        at = int(part[1]) - 1
        form = levels.get(at, level).form
        said = numeral(counts[at], "decimal" if level.legal else form) if at in counts else ""
        if not said and form != "none":
            return ""
        parts.append(said)
    return "".join(parts).strip()


def numeral(count: int, form: str) -> str:
    """A count as Word writes it: ``3, "chineseCounting" -> "三"``; "" where it has no such form that we know."""
    write = _FORMS.get(form)
    least = 0 if form in ("decimal", "decimalZero") else 1
    return write(count) if write and least <= count <= _HIGHEST else ""


def spaced(label: str, words: str) -> str:
    """The label before the words: ``1.`` and ``（一）`` -> ``1. words``, ``（一）words``."""
    return f"{label}{'' if not label or label[-1] in '、）】》：' else ' '}{words}" if words else label


def _letters(count: int) -> str:
    """1, 2, 26, 27 -> ``a b z aa``."""
    return chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)


def _roman(count: int) -> str:
    """4 -> ``iv``."""
    written = ""
    for size, digits in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1), "m cm d cd c xc l xl x ix v iv i".split(), strict=True
    ):
        written += digits * (count // size)
        count %= size
    return written


def _chinese(count: int, digits: str = "零一二三四五六七八九", places: str = " 十百千") -> str:
    """3, 10, 21, 105 -> ``三 十 二十一 一百零五``."""
    if count > 9999:
        return ""
    written, gap = "", False
    for place in range(3, -1, -1):
        digit = count // 10**place % 10
        if digit:
            written += (digits[0] if gap and written else "") + digits[digit] + places[place].strip()
        gap = not digit
    return written[1:] if 10 <= count < 20 and places[1] == "十" else written


def _one_of(signs: str) -> Callable[[int], str]:
    return lambda count: signs[count - 1] if count <= len(signs) else ""


def _ordinal(count: int) -> str:
    """1, 12, 23 -> ``1st 12th 23rd``."""
    teens = count % 100 in (11, 12, 13)
    return f"{count}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(count % 10, 'th')}"


_CHINESE = "chineseCounting chineseCountingThousand japaneseCounting taiwaneseCounting taiwaneseCountingThousand"
_FORMS: Mapping[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda count: f"{count:02}",
    "decimalFullWidth": lambda count: str(count).translate({ord("0") + n: ord("０") + n for n in range(10)}),
    "lowerLetter": _letters,
    "upperLetter": lambda count: _letters(count).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda count: _roman(count).upper(),
    "ordinal": _ordinal,
    "numberInDash": lambda count: f"- {count} -",
    "decimalEnclosedCircle": _one_of("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"),
    "decimalEnclosedCircleChinese": _one_of("①②③④⑤⑥⑦⑧⑨⑩"),
    "decimalEnclosedParen": lambda count: f"({count})",
    "ideographTraditional": _one_of("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _one_of("子丑寅卯辰巳午未申酉戌亥"),
    "ideographDigital": lambda count: "".join("〇一二三四五六七八九"[int(digit)] for digit in str(count)),
    "chineseLegalSimplified": lambda count: _chinese(count, "零壹贰叁肆伍陆柒捌玖", " 拾佰仟"),
    "ideographLegalTraditional": lambda count: _chinese(count, "零壹貳參肆伍陸柒捌玖", " 拾佰仟"),
    **dict.fromkeys(_CHINESE.split(), _chinese),
}
