"""Lists in lists: the items that a line is set in under, and where a list tells of one thing after the other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from text.language import HAN, weight
from text.markdown import FENCES, ITEM, plain

#: A longer item is a sentence of its own, and no name of those under it.
_LONGEST_NAME = 120
#: What a short item is called, so long at most: the words before a colon, else two Chinese characters, else a word.
_CALLED, _SHORT = re.compile(rf"[^:：]{{1,40}}(?=[:：])|[{HAN}]{{2}}|\S+"), 60


@dataclass(slots=True)
class _Item:
    """An item: where its line begins, how far it is set in, its words, and the items set in under it."""

    start: int
    indent: int
    words: str
    under: list[_Item] = field(default_factory=list)


def over_items(text: str, place: int) -> list[str]:
    """What the items are called that the line at a place is set in under, outermost first; nothing outside of lists.

    ``- Orchid hall\\n  - Deposit: 400`` -> ``["Orchid hall"]`` at the deposit.
    """
    line = text.rfind("\n", 0, place) + 1
    item = ITEM.match(text, line)
    if not item or not (indent := _width(item[1])):
        return []
    found: list[str] = []
    while line > 0 and indent:
        end, line = line - 1, text.rfind("\n", 0, line - 1) + 1
        words = text[line:end]
        if not words.strip():
            continue
        above = ITEM.match(text, line, end)
        if above and _width(above[1]) < indent:
            indent = _width(above[1])
            found.append(_name(words))
        elif not above and not words[0].isspace():
            break
    return [name for name in reversed(found) if 0 < weight(name) <= _LONGEST_NAME]


def parts(text: str, start: int, end: int) -> list[int]:
    """Where the second and later parts begin of the lists in [start, end) that tell of one thing after the other:
    items side by side with others under them of which some are called alike.
    """
    found: list[int] = []
    levels = list(_lists(text, start, end))
    while levels:
        side_by_side = levels.pop()
        called = [{name for item in above.under if (name := _called(item.words))} for above in side_by_side]
        times = Counter(name for names in called for name in names)
        alike = [
            above.start
            for above, names in zip(side_by_side, called, strict=True)
            if any(times[name] > 1 for name in names)
        ]
        found += alike[1:]
        levels += [above.under for above in side_by_side if above.under]
    return sorted(found)


def _lists(text: str, start: int, end: int) -> Iterator[list[_Item]]:
    """The outermost items of each list; none of code."""
    top: list[_Item] = []
    open_items: list[_Item] = []
    fenced = False
    line = start
    for words in text[start:end].split("\n"):
        begins, line = line, line + len(words) + 1
        if words.lstrip().startswith(FENCES):
            fenced = not fenced
        if fenced or not words.strip():
            continue
        if not (mark := ITEM.match(words)):
            if not words[0].isspace():  # a paragraph
                yield top
                top, open_items = [], []
            continue
        item = _Item(begins, _width(mark[1]), _name(words))
        while open_items and open_items[-1].indent >= item.indent:
            open_items.pop()
        (open_items[-1].under if open_items else top).append(item)
        open_items.append(item)
    yield top


def _width(indent: str) -> int:
    return len(indent.expandtabs(4))


def _name(line: str) -> str:
    """An item's words without its mark: ``1. **Orchid hall**:`` -> ``Orchid hall``."""
    mark = ITEM.match(line)
    return plain(line[mark.end() if mark else 0 :]).strip().rstrip(":：")


def _called(words: str) -> str:
    """What an item is called: ``Deposit: 400 euros`` -> ``deposit``; "" for a sentence."""
    found = _CALLED.match(words)
    return found[0].strip().lower() if found and (weight(words) <= _SHORT) else ""
