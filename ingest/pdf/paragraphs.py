"""The lines of a PDF -> paragraphs, list items and headings as Markdown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.pdf.glyphs import BROKEN, Glyph
from ingest.pdf.layout import Region
from ingest.pdf.lines import HAN, Piece, joined
from ingest.pdf.tables import Grid, markdown
from text.language import weight
from text.tables import is_unit

#: What begins an item of a list.
_BULLET = re.compile(r"[•●○■□▪◦‣◆►➢✓✔⚫\uf0b7\uf0a7\uf0d8–-]\s+")
#: ``1. ``, ``2) ``, ``(a) ``, ``（3）``, ``4、``, ``三、``, ``[^1]:``
_NUMBER = re.compile(
    r"\d{1,3}[.)]\s+|\([a-z\d]{1,2}\)\s+|[（(](?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]|\d{1,2}、|[一二三四五六七八九十]{1,3}、|\[\^[^\]]+\]:"
)
_LEADER = re.compile(r"\.{4,}|(?:\. ){4,}|…{2,}")
#: ``4.1 Volumes 17``: a line of a table of contents.
_CONTENTS_ENTRY = re.compile(r"\D.*\s\d{1,3}")
_STOP = tuple("。.!?！？：:;；”’」』）)")
#: A heading is so much larger than the text, and has so many characters at most; headings have so many sizes.
_LARGER, _LONGEST_HEADING, _HEADING_SIZES = 1.12, 120, 5
#: Lines of text have more characters than this, those of headings and lists may have fewer.
_LONG_LINE = 30
#: More bold letters than this share, and bold marks no heading.
_MOSTLY = 0.35


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, an item or a heading as Markdown, or a table. ``level``: that of a heading, 0 for all else.

    ``full``: its last line goes to the end of its column, so that it may go on in the next one. ``alone``: it is
    whole.
    """

    text: str
    level: int = 0
    size: float = 0.0
    full: bool = False
    alone: bool = False
    grid: Grid | None = None


#: ``续表 3-1``, ``Table 2 (continued)``: the line above the further part of a table.
_CONTINUED = re.compile(r"[(（]?续(?:上?表|前).{0,30}|(?:表|table).{0,40}[(（ ](?:续表?|continued|cont\.?)[)）]?", re.I)


@dataclass(frozen=True, slots=True)
class Further:
    """A block with what goes on with it: where that starts in it (a character, or a row of a table), and how many
    blocks it was.
    """

    block: Block
    start: int
    used: int


@dataclass(frozen=True, slots=True)
class Look:
    """How a report is set: the size of its text, those of its headings from the largest, is bold rare, its words.

    ``leading``: from line to line of a paragraph, in parts of the letters' size; 0 where nothing tells.
    """

    body: float
    leading: float
    sizes: tuple[float, ...]
    bold_is_rare: bool
    words: Counter[str]


def look_of(lines: Sequence[Piece], glyphs: Sequence[Glyph]) -> Look:
    """How a report is set, from its lines outside of tables and all of its glyphs."""
    mostly = sum(glyph.bold for glyph in glyphs) > _MOSTLY * len(glyphs)
    body = _body([line for line in lines if mostly or not line.bold], glyphs)
    large = {line.size for line in lines if line.size > body * _LARGER and len(line.text) <= _LONGEST_HEADING}
    words = Counter(word for line in lines for word in re.findall(r"\w+(?:-\w+)*", line.text.lower()))
    return Look(body, _leading(lines), tuple(sorted(large, reverse=True)[-_HEADING_SIZES:]), not mostly, words)


def _body(lines: Sequence[Piece], glyphs: Sequence[Glyph]) -> float:
    """The size of the text: the largest that a seventh of its long lines have; without these, that of most letters."""
    sizes: Counter[float] = Counter()
    for line in lines:
        if weight(line.text) > _LONG_LINE:
            sizes[line.size] += len(line.text)
    if 2.5 * sizes.total() > len(glyphs):  # figures and programs may be smaller, and more
        return max(size for size, count in sizes.items() if count * 7 >= sizes.total())
    every = Counter(glyph.size for glyph in glyphs).most_common(1)
    return round(every[0][0] * 2) / 2 if every else 10.0


def _leading(lines: Sequence[Piece]) -> float:
    """The distance that most lines of a few words have to the next one below them."""
    steps: Counter[float] = Counter()
    for line, below in pairwise(lines):
        step = (line.base - below.base) / line.size
        alike = abs(line.size - below.size) < 0.3 and abs(line.left - below.left) < 3 * line.size
        if alike and 0.9 < step < 2.6 and line.right - line.left > 12 * line.size:
            steps[round(step, 1)] += 1
    return min((step for step, count in steps.items() if 3 * count >= max(steps.values())), default=0.0)


def blocks(regions: Iterable[Region], look: Look) -> list[Block]:
    """The blocks of a page in their order; paragraphs that go on in the next column are whole."""
    found: list[Block] = []
    for region in regions:
        made = list(_blocks(region, look))
        if found and (more := further(found[-1], made, look)):
            found[-1] = more.block
            made = made[more.used :]
        found += made
    return found


def further(before: Block, after: Sequence[Block], look: Look) -> Further | None:
    """The last block of a column or page with what goes on with it in the next; None where nothing does."""
    if before.grid:
        return _more_rows(before.grid, after)
    if not after or not _goes_on(before, after[0]):
        return None
    text = _joined(before.text, after[0].text, look.words)
    return Further(Block(text, 0, after[0].size, after[0].full), len(text) - len(after[0].text), 1)


def _goes_on(before: Block, after: Block) -> bool:
    """Does the first block of a column or page go on with the last one of that before?"""
    if before.grid or after.grid or before.level or after.level or after.text.lstrip().startswith("- "):
        return False
    if before.alone or after.alone or abs(before.size - after.size) > 0.6:
        return False
    text = before.text
    if _NUMBER.match(after.text) or text.endswith(_STOP):
        return False
    if after.text[0].islower() or text.endswith((BROKEN, ",", "，", "、")):
        return True
    return before.full and len(text) > 30 and bool(HAN.match(after.text[0]) if HAN.match(text[-1]) else True)


def _stands_again(line: str) -> bool:
    """Is it a line over each part of a table: ``续表 3-1``, ``单位：万元``?"""
    return _CONTINUED.fullmatch(line) is not None or (len(line) <= 30 and is_unit(line))


def _more_rows(table: Grid, page: Sequence[Block]) -> Further | None:
    """The table with its rows in the next column or page; None where it ends."""
    used = 0
    while used < min(2, len(page)) and _stands_again(page[used].text):
        used += 1
    more = page[used].grid if used < len(page) else None
    if not more or not _has_columns_of(table, more):
        return None
    rows, head = more.rows, table.rows[: table.headers]
    if head and rows[: len(head)] == head:
        rows = rows[len(head) :]
    elif more.bold or (used and not _CONTINUED.fullmatch(page[0].text)):
        return None  # a header of its own
    whole = replace(table, rows=(*table.rows, *rows), bottom=more.bottom)
    return Further(Block(markdown(whole), grid=whole), len(table.rows), used + 1)


def _has_columns_of(table: Grid, more: Grid) -> bool:
    """Do two tables have columns of the same width? A left page may stand farther in than a right one."""
    if len(table.columns) != len(more.columns):
        return False
    shifts = [
        {round(there - here) for here, there in zip(ours, theirs, strict=True)}
        for ours, theirs in zip(table.columns, more.columns, strict=True)
    ]
    return any(all(min(abs(off - shift) for off in offs) <= 4 for offs in shifts) for shift in shifts[0])


def _blocks(region: Region, look: Look) -> Iterator[Block]:
    lines: list[Piece] = []
    for item in region.items:
        if isinstance(item, Grid):
            yield from _paragraphs(lines, region.right, look)
            yield Block(markdown(item), grid=item)
            lines = []
        else:
            lines.append(item)
    yield from _paragraphs(lines, region.right, look)


def _paragraphs(lines: Sequence[Piece], right: float, look: Look) -> Iterator[Block]:
    """The lines of a column joined to paragraphs; headings with ``#``, list items with ``-``."""
    groups: list[list[Piece]] = []
    usual = _pitch(lines)
    for line in lines:
        pitch = look.leading * line.size if look.leading and line.size >= look.body - 1 else usual
        if groups and _follows(groups[-1], line, min(pitch, usual) or pitch, right, look):
            groups[-1].append(line)
        else:
            groups.append([line])
    above: Piece | None = None
    stopped = True
    lefts = sorted({round(group[0].left) for group in groups if _BULLET.match(group[0].text)})
    for group in groups:
        text = group[0].text
        for line in group[1:]:
            text = _joined(text, line.text, look.words)
        level = _level(group, text, look)
        if level > len(look.sizes) and above and above.bottom - group[0].top < usual * 0.3 and not stopped:
            level = 0  # bold words in the midst of a paragraph
        above, stopped = group[-1], bool(level) or text.endswith(_STOP)
        full = right - group[-1].right < 2 * group[-1].size
        alone = any(piece.alone or piece.aside or piece.row for piece in group)
        if bullet := None if level else _BULLET.match(text):
            deep = sum(group[0].left - left > group[0].size for left in lefts)
            text = "  " * deep + "- " + text[bullet.end() :]
        if text.strip("-# "):
            yield Block(text, level, group[0].size, full, alone)


def _pitch(lines: Sequence[Piece]) -> float:
    """The usual distance from line to line."""
    gaps = sorted(a.base - b.base for a, b in pairwise(lines) if 0 < a.base - b.base < 60)
    return gaps[len(gaps) // 2] if gaps else 0.0


def _follows(group: Sequence[Piece], line: Piece, pitch: float, right: float, look: Look) -> bool:
    """Does the line go on with the paragraph?"""
    before = group[-1]
    if any(piece.alone or piece.aside or piece.row for piece in (before, line)):
        return False
    if before.text.endswith(BROKEN) or _BULLET.fullmatch(before.text + " "):
        return True
    gap = before.base - line.base
    starts_item = _BULLET.match(line.text) or _NUMBER.match(line.text)
    amid = line.text[0].isdigit() and not before.text.endswith(_STOP) and gap < pitch * 1.1  # ``in\n2. division``
    if gap <= 0 or (starts_item and not amid):
        return False
    if abs(line.size - group[0].size) > 0.6 or (line.bold != before.bold and (line.bold or len(group) == 1)):
        return False
    if line.size > look.body * _LARGER:
        return gap <= line.size * 1.8
    if _LEADER.search(before.text) and not line.text[0].islower():
        return False
    if _CONTENTS_ENTRY.fullmatch(before.text) and _CONTENTS_ENTRY.fullmatch(line.text):
        return False
    ended = before.text.endswith(_STOP)
    if pitch and gap > pitch * 1.3 and (ended or gap > pitch * 1.9 or line.text[0].isupper()):
        return False
    short = (right - before.right) / max(right - group[0].left, 1.0)
    if ended and (short > 0.12 or line.left > before.left + line.size):
        return False
    if line.left > before.left + 1.5 * line.size and len(group) > 1 and short > 0.05 and not line.text[0].islower():
        return False
    return not (short > 0.4 and not line.text[0].islower() and before.text[-1] not in ",，、;；-—(（")


def _joined(text: str, following: str, words: Counter[str]) -> str:
    """Two lines as one: no space between Chinese characters, a word broken by a hyphen whole again."""
    if text.endswith((BROKEN, "-")) and following[:1].isalpha() and len(text) > 1 and text[-2].isalpha():
        head, tail = re.split(r"[^\w]", text[:-1])[-1], re.match(r"\w+", following)
        one = (head + (tail[0] if tail else "")).lower()
        parted = f"{head}-{tail[0] if tail else ''}".lower()
        in_link = "://" in text.split()[-1]
        if words[one] >= words[parted] and (text.endswith(BROKEN) or words[one]) and not in_link:
            return text[:-1] + following
        return text[:-1] + "-" + following
    if text.endswith(BROKEN):
        return text[:-1] + "-" + following
    return joined(text, following)


def _level(group: Sequence[Piece], text: str, look: Look) -> int:
    """The level a heading may have by its size, one below all for bold words at the text's size; 0 for all else."""
    if group[0].alone or group[0].aside or group[0].row or len(text) > _LONGEST_HEADING or len(group) > 3:
        return 0
    if not any(char.isalpha() for char in text) or text[-1] in "。.,，;；!！、" or _LEADER.search(text):
        return 0
    size = group[0].size
    if look.sizes and size >= look.sizes[-1]:
        return next(level for level, least in enumerate(look.sizes, 1) if size >= least)
    short = len(text) <= 80 and len(group) <= 2 and text[-1] not in ":："
    if short and look.bold_is_rare and size >= look.body and all(line.bold for line in group):
        return 0 if _BULLET.match(text) else min(6, len(look.sizes) + 1)
    return 0


def with_headings(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, headings marked with ``#``; what has nothing below it is no heading and becomes a paragraph."""
    found = []
    for number, block in enumerate(blocks):
        if block.level:
            after = next((other for other in blocks[number + 1 :]), None)
            heads = after is not None and (not after.level or after.level > block.level)
            block = Block(f"{'#' * block.level} {block.text}", block.level) if heads else Block(block.text)
        found.append(block)
    return found
