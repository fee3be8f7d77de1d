"""What stands where on a slide -> its reading order, large figures read with their small labels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from text.language import language_of, weight
from text.tables import is_figure

#: ``01`` and ``3``: the number of a point, not a figure.
_ORDINAL = re.compile(r"0\d|\d")
#: A label of a large figure has at most this weight; the figure is so much larger.
_LONGEST_LABEL, _LARGER = 60, 1.25
#: Slides of more shapes than this, drawings of small parts, are read by their places alone.
_MOST_CUT = 300
#: Letters whose size a slide does not say are taken to be of this many points.
_USUAL_SIZE = 18.0
#: How many times nearer a figure's label is than the next.
_NEARER = 2.0


@dataclass(frozen=True, slots=True)
class Item:
    """What stands at a place of a slide: Markdown paragraphs; ``size`` is that of its letters in points, 0 unknown.

    ``members`` are those of a group, in reading order.
    """

    left: int
    top: int
    right: int
    bottom: int
    paragraphs: tuple[str, ...] = ()
    size: float = 0.0
    members: tuple[Item, ...] = ()

    @property
    def words(self) -> str:
        """Its text where that is a single plain line, else ""."""
        plain = len(self.paragraphs) == 1 and not self.paragraphs[0].startswith(("|", "- ", " ", "#"))
        return self.paragraphs[0] if plain and "\n" not in self.paragraphs[0] else ""


#: How wide a gap is, and what stands behind it.
_Cut = tuple[int, list[Item]]


def in_order(items: list[Item]) -> list[Item]:
    """Top-down and left to right: cut at the widest gap that goes through all of a region, and so on within."""
    below: _Cut = (-1, [])
    across: _Cut = (-1, [])
    if 1 < len(items) <= _MOST_CUT:
        below, across = _widest(items, "top", "bottom"), _widest(items, "left", "right")
    gap, rest = max(below, across, key=lambda cut: cut[0])
    if gap < 0:
        return sorted(items, key=lambda item: (item.top, item.left))
    if rest is across[1] and below[0] >= 0 and _names_rows(items, rest):
        rest = below[1]
    first = [item for item in items if all(item is not other for other in rest)]
    return in_order(first) + in_order(rest)


def _names_rows(items: Sequence[Item], right: Sequence[Item]) -> bool:
    """Do narrow items on the left name the wide ones beside them, row by row?"""
    left = sorted((item for item in items if all(item is not other for other in right)), key=lambda item: item.top)
    beside = list(zip(left, sorted(right, key=lambda item: item.top), strict=False))
    return len(left) == len(right) and all(
        one.top < other.bottom and other.top < one.bottom and one.right - one.left < 0.6 * (other.right - other.left)
        for one, other in beside
    )


def _widest(items: Sequence[Item], start: str, end: str) -> _Cut:
    """The widest gap in one direction, and the items behind it; -1 where there is none."""
    ordered = sorted(items, key=lambda item: int(getattr(item, start)))
    best, reached = -1, getattr(ordered[0], end)
    rest: list[Item] = []
    for number, item in enumerate(ordered[1:], 1):
        gap = getattr(item, start) - reached
        if gap > best:
            best, rest = gap, ordered[number:]
        reached = max(reached, getattr(item, end))
    return best, rest


def title_among(items: Sequence[Item], height: int) -> Item | None:
    """The one short line with the largest letters, in the upper quarter of a slide: its title where none is marked."""
    largest = max((item.size for item in _flat(items)), default=0.0)
    found = [item for item in items if item.words and item.size == largest and item.top < height / 4]
    short = len(found) == 1 and largest and weight(found[0].words) <= 90 and not is_figure(found[0].words)
    return found[0] if short and len(_flat(items)) > 1 else None


def _flat(items: Sequence[Item]) -> list[Item]:
    return [inner for item in items for inner in (_flat(item.members) if item.members else [item])]


def paired(items: Sequence[Item]) -> list[Item]:
    """The items, groups opened, with each large figure and the small label that is clearly its own made one."""
    flat: list[Item] = []
    for item in items:
        members = paired(item.members) if item.members else [item]
        if len(item.members) == 2 and len(members) == 2:
            members = _pair_of_two(members)
        flat += members
    figures = [item for item in flat if _is_figure(item.words)]
    labels = [item for item in flat if _is_label(item.words)]
    for figure in figures:
        label = _nearest(figure, labels)
        if label and _nearest(label, figures) is figure and figure.size > (label.size or _USUAL_SIZE) * _LARGER:
            flat = _merged(flat, figure, label)
    return flat


def _pair_of_two(members: list[Item]) -> list[Item]:
    for figure, label in (members, members[::-1]):
        if _is_figure(figure.words) and _is_label(label.words):
            return _merged(members, figure, label)
    return members


def pair_within(lines: Sequence[tuple[str, float]]) -> str:
    """``label: figure`` of a text of two lines, one a figure in larger letters; else ""."""
    if len(lines) != 2:
        return ""
    for (figure, large), (label, small) in (lines, lines[::-1]):
        if _is_figure(figure) and _is_label(label) and large > (small or _USUAL_SIZE) * _LARGER:
            return _labelled(label, figure)
    return ""


def _merged(items: Sequence[Item], figure: Item, label: Item) -> list[Item]:
    both = replace(figure, paragraphs=(_labelled(label.words, figure.words),))
    return [both if item is figure else item for item in items if item is not label]


def _labelled(label: str, figure: str) -> str:
    label = label.rstrip(":： ")
    return f"{label}：{figure}" if language_of(label) == "zh" else f"{label}: {figure}"


def _is_figure(words: str) -> bool:
    return bool(words) and is_figure(words) and not _ORDINAL.fullmatch(words)


def _is_label(words: str) -> bool:
    if not any(c.isalpha() for c in words) or weight(words) > _LONGEST_LABEL or is_figure(words):
        return False
    return words[-1] not in "。.!！?？" and not re.search(r"[:：]\s*\S", words)  # no sentence, and has no figure yet


def _nearest(item: Item, others: Sequence[Item]) -> Item | None:
    """The one above or below it in its column that is clearly nearer than all others there; None without one."""
    beside = sorted(((_distance(item, other), n) for n, other in enumerate(others) if _same_column(item, other)))
    if not beside or any(later < _NEARER * max(first, 1) for (first, _), (later, _) in list(pairwise(beside))[:1]):
        return None
    distance, number = beside[0]
    near = distance <= max(item.bottom - item.top, others[number].bottom - others[number].top)
    return others[number] if near else None


def _same_column(one: Item, other: Item) -> bool:
    shared = min(one.right, other.right) - max(one.left, other.left)
    return shared > 0.6 * min(one.right - one.left, other.right - other.left)


def _distance(one: Item, other: Item) -> int:
    """How far apart the edges are that face each other."""
    return max(0, max(one.top, other.top) - min(one.bottom, other.bottom))
