"""Glyphs -> pieces of lines: joined by their baseline, raised figures told from numbers, letter-spacing closed up."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from ingest.pdf.glyphs import BROKEN, Glyph, turned

HAN = re.compile(
    "[\u2e80-\u2fdf\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)
#: Radicals, which look like the characters; forms kept for old encodings; ligatures: ``⽔ 金 ﬁ``.
_FOLDED = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufb06\U0002f800-\U0002fa1f]")
#: Radicals that Unicode folds to nothing, each before its character.
_PAIRS = (
    "⺠民⺩王⺫目⺬示⺮竹⺶羊⺷羊⺸羊⺼月⻁虎⻃西⻄西⻅见⻆角⻇角⻉贝⻋车⻑長⻒長⻓长⻔门⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食⻟食⻢马⻣骨⻤鬼⻥鱼"
    "⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻲亀⻳龟⺟母"
)
_RADICALS = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
_PUNCTUATION = re.compile("[\u3001-\u3011\uff01-\uff0f\uff1a-\uff1f\uff3b-\uff3d\uff5b-\uff5d“”‘’]")
#: Not seen: soft hyphen, zero width, marks of direction and order.
_UNSEEN = re.compile("[\x00-\x01\x03-\x08\xad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")

_SUPERSCRIPTS = str.maketrans("0123456789-−+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁺")
_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
#: What a power stands on: ``10``, ``1.5×10``; ``m``, ``km``, ``cm``; ``x``
_TEN = re.compile(r"(?<![\d.,])10$")
_UNIT = re.compile(r"(?<![A-Za-z])(?:[kcdmhμ]?m|ft|in|s|[a-zA-Z])$")
#: What a note is called: ``1``, ``1,2``, ``a``, ``*``, ``†``, ``①``, ``[3]``, ``(2)``
_NOTE = re.compile(r"[\[(（]?(\d{1,3}(?:[,，、]\d{1,3})*|[a-z]|[*†‡§]{1,3}|[①-⑳])[\])）]?")
#: ``1st``, ``2nd``: no note, though raised.
_ORDINAL = ("st", "nd", "rd", "th")
#: A note's mark between a figure and its unit: ``12.5[^1]亿元`` -> ``12.5亿元[^1]``
_INSIDE = re.compile(r"(?<=\d)(\[\^[^\]]+\])([%％‰℃°万亿千百十元年月日个人倍]+)")
#: ``[^1]:Without tax`` -> ``[^1]: Without tax``
_NOTE_BEGINS = re.compile(r"^(\[\^[^\]]+\]:)\s*")
#: A bullet, or an item's number, that stands before its words with a gap: ``•``, ``1.``, ``(a)``, ``三、``
MARKER = re.compile(
    r"[•●○■□▪◦‣◆►➢✓✔⚫\uf0b7\uf0a7\uf0d8–-]|\d{1,3}[.)、]|[(（](?:[a-z]{1,3}|\d{1,2}|[一二三四五六七八九十]{1,3})[)）]|[一二三四五六七八九十]{1,3}、"
)
#: In parts of a letter's size: a wider gap parts pieces; a narrower one is no space.
_APART, _CLOSE = 0.9, 0.08
#: So much smaller and higher stands a raised figure.
_SMALLER, _HIGHER = 0.88, 0.2


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a line without a wide gap: their edges and baseline in points, the size and weight of most letters.

    ``aside``: they are turned, or stand one below the other. ``alone``: a figure with its label, which is whole.
    ``row``: words and figures side by side, which go on with no other line.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    base: float
    size: float
    bold: bool
    aside: bool = False
    alone: bool = False
    row: bool = False


@dataclass(slots=True)
class _Run:
    """Glyphs as the file has them one after the other, on one baseline."""

    glyphs: list[Glyph]
    base: float
    size: float

    @property
    def left(self) -> float:
        return min(self.glyphs[0].left, self.glyphs[-1].left)

    @property
    def right(self) -> float:
        return max(self.glyphs[0].right, self.glyphs[-1].right)


def pieces(glyphs: Iterable[Glyph]) -> list[Piece]:
    """The pieces of the lines that glyphs make, from above to below and left to right; turned ones come last."""
    found: list[Piece] = []
    by_turn: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        by_turn.setdefault(glyph.turn, []).append(glyph)
    for turn in sorted(by_turn):
        runs = list(_runs(by_turn[turn]))
        if turn == 0:
            stacks, runs = _stacks(runs)
            found += stacks
        made = [piece for row in _rows(runs) for piece in _cut(row)]
        found += made if turn == 0 else [_turned_back(piece, turn) for piece in made]
    return found


#: ``增长1`` / ``.8%``, ``下降0.7`` / ``%；``, ``收入9.`` / ``7亿元``: a figure that a line of Chinese text ends in
_BROKEN_FIGURE = re.compile(
    rf"\d\n(?:[.,]\d|[%％‰])|(?:{HAN.pattern})\d{{1,3}}(?:\.\n\d{{1,2}}|,\n\d{{3}})[%％]?(?![年月日])(?:{HAN.pattern})"
)


def joined(text: str, following: str) -> str:
    """Two parts of a line as one: no space where Chinese meets Chinese, nor inside of a figure in Chinese text."""
    close = not text or not following or (HAN.match(text[-1]) and HAN.match(following[0]))
    close = close or _BROKEN_FIGURE.search(f"{text[-16:]}\n{following[:16]}")
    return text + ("" if close else " ") + following


def _runs(glyphs: Sequence[Glyph]) -> Iterator[_Run]:
    run: _Run | None = None
    for glyph in glyphs:
        if run and _goes_on(run, glyph):
            run.glyphs.append(glyph)
            if glyph.size > run.size / _SMALLER and glyph.base < run.base:  # the run began with a raised figure
                run.base, run.size = glyph.base, glyph.size
            continue
        if run:
            yield run
        run = _Run([glyph], glyph.base, glyph.size)
    if run:
        yield run


def _goes_on(run: _Run, glyph: Glyph) -> bool:
    size = max(run.size, glyph.size)
    gap = glyph.left - run.glyphs[-1].right
    if not -0.5 * size < gap < _APART * size:
        return False
    off = glyph.base - run.base
    if abs(off) <= 0.12 * size:
        return glyph.size <= run.size / 0.6 or gap < 0.3 * size
    small = min(run.size, glyph.size) <= _SMALLER * size
    return small and gap < 0.45 * size and (-0.35 if glyph.size < run.size else -0.65) * size < off < 0.65 * size


def _stacks(runs: list[_Run]) -> tuple[list[Piece], list[_Run]]:
    """Columns of characters that stand one below the other, read from above, and the runs that do not."""
    chains: list[list[_Run]] = []
    for run in runs:
        if chains and len(run.glyphs) <= 2 and _stands_below(chains[-1][-1], run):
            chains[-1].append(run)
        else:
            chains.append([run])
    upright = [chain for chain in chains if len(chain) >= 4 and not _beside_lines(chain, runs)]
    if not upright:
        return [], runs
    away = {id(run) for chain in upright for run in chain}
    found: list[Piece] = []
    for chain in upright:
        glyphs = [glyph for run in chain for glyph in run.glyphs]
        piece = _piece(glyphs, "".join(glyph.char for glyph in glyphs), aside=True)
        before = found[-1] if found else None
        if before and 0 < before.left - piece.left < 3 * piece.size and piece.top > before.bottom:
            text, left, right = before.text + piece.text, piece.left, before.right
            bottom, top = min(before.bottom, piece.bottom), max(before.top, piece.top)
            piece = Piece(text, left, right, bottom, top, before.base, piece.size, piece.bold, aside=True)
            found.pop()
        found.append(piece)
    return found, [run for run in runs if id(run) not in away]


def _stands_below(above: _Run, run: _Run) -> bool:
    size = max(above.size, run.size)
    char, last = run.glyphs[0].char, above.glyphs[-1].char
    if len(above.glyphs) > 2 or not (HAN.match(char) or char.isdigit()) or not (HAN.match(last) or last.isdigit()):
        return False
    middle = abs(above.left + above.right - run.left - run.right) / 2
    # a mark of punctuation stands in the corner of its square
    least, most = (-0.7, 2.7) if _PUNCTUATION.match(char) or _PUNCTUATION.match(last) else (0.7, 1.6)
    return middle < 0.35 * size and least * size < above.base - run.base < most * size


def _beside_lines(chain: Sequence[_Run], runs: Sequence[_Run]) -> bool:
    """Do longer words stand on the baselines of stacked characters, as in a table?"""
    if sum(HAN.match(run.glyphs[0].char) is not None for run in chain) < len(chain) / 2:
        return True
    lines = [run for run in runs if len(run.glyphs) > 2]
    beside = sum(any(abs(line.base - run.base) < 0.3 * run.size for line in lines) for run in chain)
    return 2 * beside >= len(chain)


def _rows(runs: list[_Run]) -> Iterator[list[_Run]]:
    """Runs on one baseline, from above to below; a raised figure is with the words it is raised above."""
    row: list[_Run] = []
    for run in _with_raised(sorted(runs, key=lambda run: (-run.base, run.left))):
        if row and row[0].base - run.base > 0.25 * min(row[0].size, run.size):
            yield row
            row = []
        row.append(run)
    if row:
        yield row


def _with_raised(runs: list[_Run]) -> list[_Run]:
    """The runs, those of raised figures that the file draws elsewhere put into the words they belong to."""
    marks = [run for run in runs if len(run.glyphs) <= 4 and _NOTE.fullmatch("".join(g.char for g in run.glyphs))]
    if not marks:
        return runs
    away = set()
    for mark in marks:
        for host in runs:
            higher = (mark.base - host.base) / host.size
            inside = host.left < mark.left < host.right + 0.4 * host.size
            if mark.size <= _SMALLER * host.size and _HIGHER <= higher <= 0.7 and inside:
                host.glyphs = sorted([*host.glyphs, *mark.glyphs], key=lambda glyph: glyph.left)
                away.add(id(mark))
                break
    return [run for run in runs if id(run) not in away]


def _cut(row: list[_Run]) -> Iterator[Piece]:
    """The pieces of a row: cut at wide gaps, not between single characters that are set wide, nor behind a bullet."""
    glyphs = _seen_once(sorted((glyph for run in row for glyph in run.glyphs), key=lambda glyph: glyph.left))
    parts: list[list[Glyph]] = []
    for glyph in glyphs:
        if parts and glyph.left - parts[-1][-1].right < _APART * max(glyph.size, parts[-1][-1].size):
            parts[-1].append(glyph)
        else:
            parts.append([glyph])
    for part in _closed_up(parts):
        if text := read(part):
            yield _piece(part, text)


def _seen_once(glyphs: list[Glyph]) -> Iterator[Glyph]:
    """Glyphs without those drawn twice at one place to look bold."""
    before: Glyph | None = None
    for glyph in glyphs:
        twice = before and before.char == glyph.char and glyph.left - before.left < 0.12 * glyph.size
        if not (twice and before and glyph.right - glyph.left > 0.2 * glyph.size):
            before = glyph
            yield glyph


def _closed_up(parts: list[list[Glyph]]) -> Iterator[list[Glyph]]:
    """Parts of a row, single Chinese characters with like gaps made one (``目　录``), bullets with their words."""
    waiting: list[Glyph] = []
    gaps: list[float] = []
    singles = 0
    for part in parts:
        single = len(part) == 1 and HAN.match(part[0].char) is not None
        gap = part[0].left - waiting[-1].right if waiting else 0.0
        bullet = waiting and MARKER.fullmatch("".join(glyph.char for glyph in waiting)) and gap < 4 * part[0].size
        like = not gaps or abs(gap - gaps[-1]) < 0.3 * part[0].size
        if bullet or (single and singles == len(waiting) > 0 and like and gap < 4 * part[0].size):
            waiting += [part[0]._replace(apart=bool(bullet)), *part[1:]]
            gaps.append(gap)
            singles += single
            continue
        if waiting:
            yield waiting
        waiting, gaps, singles = list(part), [], int(single)
    if waiting:
        yield waiting


def _piece(glyphs: Sequence[Glyph], text: str, aside: bool = False) -> Piece:
    base, size = _main(glyphs)
    bold = sum(glyph.bold for glyph in glyphs) > 0.95 * len(glyphs)
    lowest, highest = min(glyph.base for glyph in glyphs), max(glyph.base for glyph in glyphs)
    left, right = min(glyph.left for glyph in glyphs), max(glyph.right for glyph in glyphs)
    bottom, top = min(base, lowest if aside else base) - 0.2 * size, (highest if aside else base) + 0.8 * size
    return Piece(text, left, right, bottom, top, base, round(size * 2) / 2, bold, aside)


def _main(glyphs: Sequence[Glyph]) -> tuple[float, float]:
    """The baseline and size of most letters."""
    first = glyphs[0]
    if all(glyph.base == first.base and glyph.size == first.size for glyph in glyphs):
        return first.base, first.size
    (base, size), _ = Counter([(glyph.base, glyph.size) for glyph in glyphs]).most_common(1)[0]
    return base, size


def _turned_back(piece: Piece, turn: int) -> Piece:
    """A piece of turned text at its place on the page."""
    corners = [turned(x, y, turn) for x in (piece.left, piece.right) for y in (piece.bottom, piece.top)]
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    bottom, top = min(y for _, y in corners), max(y for _, y in corners)
    return Piece(piece.text, left, right, bottom, top, bottom, piece.size, piece.bold, aside=True)


def read(glyphs: Sequence[Glyph]) -> str:
    """What glyphs on a line say: spaces by the file and the gaps, raised figures as powers or as notes' marks."""
    base, size = _main(glyphs)
    text, mark = "", ""
    for glyph, space in zip(glyphs, _spaces(glyphs), strict=True):
        if _is_raised(glyph, base, size):
            mark += (" " if space and mark else "") + glyph.char.translate(_PLAIN)
            continue
        if mark:
            text, mark = _with_mark(text, mark), ""
        text += (" " if space and text else "") + glyph.char
    if mark:
        text = _with_mark(text, mark)
    text = _UNSEEN.sub("", text)
    if _FOLDED.search(text):
        text = _FOLDED.sub(lambda m: _RADICALS.get(m[0]) or unicodedata.normalize("NFKC", m[0]), text)
    return _NOTE_BEGINS.sub(r"\1 ", _INSIDE.sub(r"\2\1", text)) if "[^" in text else text


def _is_raised(glyph: Glyph, base: float, size: float) -> bool:
    if glyph.char in "¹²³⁰⁴⁵⁶⁷⁸⁹":
        return True
    return glyph.size <= _SMALLER * size and glyph.base - base >= _HIGHER * size


def _with_mark(text: str, mark: str) -> str:
    """Words and what is raised behind them: ``m``, ``2`` -> ``m²``; ``$320``, ``1`` -> ``$320[^1]``."""
    power = re.fullmatch(r"[-−+]?\d{1,2}", mark) is not None
    if power and (_TEN.search(text) or (_UNIT.search(text) and mark in ("2", "3", "-1", "−1", "-2", "−2"))):
        return text + mark.translate(_SUPERSCRIPTS)
    if note := _NOTE.fullmatch(mark):
        name = re.sub("[，、]", ",", note[1])
        return f"{text}[^{name}]" if text else f"[^{name}]:"
    if mark in _ORDINAL or not mark[0].isalnum():
        return text + mark
    return f"{text}^{mark}" if text[-1:].isdigit() else joined(text, mark)


def _spaces(glyphs: Sequence[Glyph]) -> list[bool]:
    """Before which glyphs there is a space."""
    gaps = [0.0, *(after.left - before.right for before, after in itertools.pairwise(glyphs))]
    spaces = [False, *(_is_space(a, b, gap) for (a, b), gap in zip(itertools.pairwise(glyphs), gaps[1:], strict=True))]
    starts = [n for n, space in enumerate(spaces) if space or n == 0]
    singles = {start for start, end in itertools.pairwise([*starts, len(glyphs)]) if _is_single(glyphs[start:end])}
    if len(singles) >= 4 and len(singles) >= 0.6 * len(starts):  # set wide: only a wider gap is a space
        usual = median(gaps[n] for n in starts[1:])
        return [space and gap > 1.6 * usual for space, gap in zip(spaces, gaps, strict=True)]
    for before, n in itertools.pairwise(starts):  # ``目 录`` in the midst of a line
        if {before, n} <= singles and HAN.match(glyphs[before].char) and HAN.match(glyphs[n].char):
            spaces[n] = False
    return spaces


def _is_single(word: Sequence[Glyph]) -> bool:
    """Is it one character, with or without a mark of punctuation?"""
    return word[0].char.isalpha() and (len(word) == 1 or (len(word) == 2 and bool(_PUNCTUATION.match(word[1].char))))


def _is_space(before: Glyph, after: Glyph, gap: float) -> bool:
    size = min(before.size, after.size)
    if after.apart and before.char.isdigit() and after.char.isdigit():  # two figures, or one that is drawn by digits
        return abs(gap) > 0.03 * size
    if after.char == BROKEN or gap < _CLOSE * size:
        return False
    if HAN.match(before.char) and HAN.match(after.char):
        marked = _PUNCTUATION.match(before.char) or _PUNCTUATION.match(after.char)
        return after.apart and gap > 0.2 * size and not marked
    return after.apart or gap > 0.3 * size
