"""Text recognition of scanned pages: an image -> glyphs where they stand. Needs the extra ``ocr``; the only place that
knows RapidOCR and OpenCV.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from typing import Any

from ingest.pdf.glyphs import Glyph, Page
from ingest.pdf.lines import HAN

#: Pixels a point: 200 dots an inch.
SCALE = 200 / 72
#: A line whose letters are less certain than this on average is left out: a figure misread is worse than one lost.
_LEAST_CERTAIN = 0.8
#: Of a line's height: the size of its letters, and how high its baseline stands above the bottom.
_SIZE, _BASE = 0.75, 0.22
#: The heights of lines of one size waver by so much.
_WAVERS = 0.18
#: In parts of a letter's size: words that a wider gap parts belong to two columns; so far apart are words at least.
_WIDE, _NARROW = 1.2, 0.2
#: In parts of a figure's height: how high a note's mark is, and how far its foot stands above that of the line.
_LOWEST, _HIGHEST, _RAISED = 0.35, 0.78, 0.3

_Corners = Sequence[Sequence[float]]
_Letter = tuple[str, float, _Corners]


def is_there() -> bool:
    """Is the extra installed?"""
    return find_spec("rapidocr") is not None


def glyphs_in(image: Any, page: Page) -> tuple[Glyph, ...]:
    """The letters on the image (RGB, uint8 [height, width, 3]) of a page, line by line, in points of the page."""
    read = _engine()(image, return_word_box=True, return_single_char_box=True)
    if not read.txts:
        return ()
    across, up = page.width / image.shape[1], page.height / image.shape[0]
    usual = statistics.median(map(_height, read.boxes))
    glyphs = list[Glyph]()
    for corners, letters, text, certain in zip(read.boxes, read.word_results, read.txts, read.scores, strict=True):
        if certain >= _LEAST_CERTAIN:
            height = (usual if abs(_height(corners) - usual) < _WAVERS * usual else _height(corners)) * up
            base = page.height - (corners[2][1] + corners[3][1]) / 2 * up + height * _BASE
            placed = [(_side(letter, min) * across, _side(letter, max) * across) for letter in letters]
            glyphs += _of_line(text, placed, _raised(image, corners, letters), base, round(height * _SIZE, 1))
    return tuple(glyphs)


def _height(corners: _Corners) -> float:
    """How high a line is in the image, whose corners are given from the upper left with the clock."""
    return (corners[3][1] + corners[2][1] - corners[0][1] - corners[1][1]) / 2


def _side(letter: _Letter, edge: Any) -> float:
    return float(edge(x for x, _ in letter[2]))


def _of_line(
    text: str, places: Sequence[tuple[float, float]], raised: set[int], base: float, size: float
) -> Iterator[Glyph]:
    """The glyphs of a line whose letters stand from left to right as given, in points.

    Their boxes waver, so they are spread evenly over what is written without a space or a wide gap.
    """
    letters = [(char, text[at - 1 : at].isspace()) for at, char in enumerate(text) if not char.isspace()]
    runs = list[list[int]]()
    for number, (_, spaced) in enumerate(letters):
        if not runs or spaced or places[number][0] - places[number - 1][1] > _WIDE * size:
            runs.append([])
        runs[-1].append(number)
    before = 0.0
    for run in runs:
        left = max(places[run[0]][0], before)
        right = max(places[run[-1]][1], left)
        whole = right - left
        widths = [2 if HAN.match(letters[number][0]) else 1 for number in run]
        for number, width in zip(run, widths, strict=True):
            here = left + whole * width / sum(widths)
            high, small = (0.4 * size, 0.6 * size) if number in raised else (0.0, size)
            yield Glyph(letters[number][0], left, here, base + high, round(small, 1), False, number == run[0], 0)
            left = here
        before = right + _NARROW * size


def _raised(image: Any, corners: _Corners, letters: Sequence[_Letter]) -> set[int]:
    """Which letters of a line are raised figures behind figures: marks of notes, which recognition reads as more
    figures (``$320¹`` as ``$3201``).
    """
    import cv2

    figures = {number for number, (char, *_) in enumerate(letters) if char.isdigit()}
    behind = {number for number in figures if number - 1 in figures}
    if not behind:
        return set()
    xs, ys = ([int(corner[axis]) for corner in corners] for axis in (0, 1))
    left, top = max(min(xs), 0), max(min(ys), 0)
    grey = cv2.cvtColor(image[top : max(ys), left : max(xs)], cv2.COLOR_RGB2GRAY)
    _, ink = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    if ink.mean() > 127:
        ink = 255 - ink  # white letters on a dark ground
    _, _, shapes, _ = cv2.connectedComponentsWithStats(ink)
    middles = [(_side(letter, min) + _side(letter, max)) / 2 - left for letter in letters]
    # the letter nearest to each shape, which is given by its left edge, top, width, height
    nearest = [min(range(len(middles)), key=lambda one: abs(middles[one] - x - w / 2)) for x, _, w, _, _ in shapes]
    whole = [
        (height, upper + height)
        for number, (_, upper, _, height, _) in zip(nearest[1:], shapes[1:], strict=True)
        if number in figures and height > 0.4 * _height(corners)
    ]
    high, foot = (statistics.median(values) for values in zip(*whole, strict=True)) if whole else (0, 0)
    return {
        number
        for number, (_, upper, _, height, _) in zip(nearest[1:], shapes[1:], strict=True)
        if number in behind and _LOWEST * high < height < _HIGHEST * high and foot - upper - height > _RAISED * high
    }


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "critical"})
