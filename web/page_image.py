"""A page of a PDF as an image, the quoted words boxed. PDFium is not thread safe: one page at a time."""

from __future__ import annotations

import io
import re
import threading
import unicodedata
from collections.abc import Sequence
from typing import Any

from text.fold import letters
from text.markdown import BAR

#: Pixels for each point of the page: 144 dots an inch; and the most pixels a side may have.
_SCALE, _LARGEST = 2.0, 4000
#: How far a box stands off its words, in pixels, and its colours.
_MARGIN = 2
_FILL, _LINE = (254, 240, 138), (202, 138, 4)
_LOCK = threading.Lock()

Box = tuple[float, float, float, float]
#: The words of a quote that stand apart on the page: the cells of a table's row, the items of a list.
_APART = re.compile(rf"{BAR.pattern}|\n")


def page_png(data: bytes, number: int, quote: str) -> bytes:
    """Page ``number`` (from 1) of a PDF as a PNG, the words of ``quote`` boxed as far as they stand there.

    Raises ValueError where there is no such page, or it cannot be drawn.
    """
    import pypdfium2

    with _LOCK:
        try:
            document = pypdfium2.PdfDocument(data)
            try:
                if not 1 <= number <= len(document):
                    raise ValueError(f"The file has no page {number}; it has {len(document)}.")
                return _drawn(document[number - 1], quote)
            finally:
                document.close()
        except pypdfium2.PdfiumError as error:
            raise ValueError(f"Page {number} cannot be drawn: {error}.") from error


def _drawn(page: Any, quote: str) -> bytes:
    from PIL import Image, ImageChops, ImageDraw

    scale = min(_SCALE, _LARGEST / max(page.get_size()))
    image = page.render(scale=scale).to_pil().convert("RGB")
    marked = Image.new("RGB", image.size, "white")
    pen = ImageDraw.Draw(marked)
    for box in boxes(page, quote):
        pen.rectangle(_pixels(page, box, scale), fill=_FILL, outline=_LINE, width=2)
    written = io.BytesIO()
    ImageChops.multiply(image, marked).save(written, "PNG")
    return written.getvalue()


def _pixels(page: Any, box: Box, scale: float) -> Box:
    """A box of the page, whose corner is at the bottom, as one of the image, whose corner is at the top."""
    left, _, _, top = page.get_mediabox()
    crop = page.get_cropbox()
    left, top = max(left, crop[0]), min(top, crop[3])
    return (
        (box[0] - left) * scale - _MARGIN,
        (top - box[3]) * scale - _MARGIN,
        (box[2] - left) * scale + _MARGIN,
        (top - box[1]) * scale + _MARGIN,
    )


def boxes(page: Any, quote: str) -> list[Box]:
    """Where the words of a quote stand on a page: left, bottom, right, top, one a line of it; none if not there."""
    textpage = page.get_textpage()
    letters, places = _letters(textpage)
    found: list[Box] = []
    position = 0
    for words in _APART.split(quote):
        wanted = "".join(map(_folded, words))
        at = letters.find(wanted, position) if wanted else -1
        if at < 0:
            at = letters.find(wanted) if len(wanted) > 3 else -1
        if at >= 0:
            position = at + len(wanted)
            found += _joined([textpage.get_charbox(index) for index in places[at:position]])
    return found


def _letters(textpage: Any) -> tuple[str, list[int]]:
    """The letters and figures of a page in one string, and the character of the page that each is."""
    import pypdfium2.raw as raw

    letters, places = [], []
    for index in range(textpage.count_chars()):
        code = raw.FPDFText_GetUnicode(textpage, index)
        for letter in _folded(chr(code)) if 0 < code < 0x110000 else "":
            letters.append(letter)
            places.append(index)
    return "".join(letters), places


def _folded(words: str) -> str:
    """Letters and figures alone, joined ones apart: ``**Ａ-ﬁ**`` -> ``afi``."""
    return letters(unicodedata.normalize("NFKC", words))


def _joined(characters: Sequence[Box]) -> list[Box]:
    """The boxes of characters in a row as one box for each line."""
    lines: list[Box] = []
    for left, bottom, right, top in characters:
        last = lines[-1] if lines else None
        if last and min(top, last[3]) - max(bottom, last[1]) > 0 and left > last[0]:
            lines[-1] = (last[0], min(bottom, last[1]), max(right, last[2]), max(top, last[3]))
        else:
            lines.append((left, bottom, right, top))
    return lines
