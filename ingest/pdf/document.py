"""PDF pages -> Markdown: paragraphs and headings in reading order, tables, notes; running heads and feet left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.pdf import recognize
from ingest.pdf.glyphs import Page, images_of, pages_of
from ingest.pdf.layout import regions, with_labels, with_outer_rows, without_running
from ingest.pdf.lines import Piece, joined, pieces
from ingest.pdf.paragraphs import Block, Look, blocks, further, look_of, with_headings
from ingest.pdf.quality import is_readable
from ingest.pdf.tables import Grid, row_offset, ruled
from ingest.written import Unreadable, Written
from records import Told

#: ``Microsoft Word - x.doc``, ``a.html``, ``untitled``, ``(anonymous)``, ``文档1``: names that programs give.
_NO_TITLE = re.compile(
    r"microsoft \w+ -.*|.*\.(?:docx?|pptx?|xlsx?|html?|pdf|indd|tex|wps|rtf|txt|md)"
    r"|\W*(?:untitled|anonymous|unspecified|unknown|(?:powerpoint )?presentation|document|slide)\W*\d*\W*"
    r"|\W*(?:幻灯片|演示文稿|文档|无标题|未命名)\W*\d*\W*",
    re.I,
)
#: What to do with what is scanned.
_HOW = Told(
    "text recognition reads it (python tools/install.py ocr; make index)",
    "文字识别（OCR）可以读取（python tools/install.py ocr，然后 make index）",
)
#: What is said of a page, in English and Chinese.
_NO_TEXT = f"is an image without text; {_HOW}", f"是没有文字的图像；{_HOW.chinese}"
_NO_SENSE = f"has text that cannot be read; {_HOW}", f"的文字读不出来；{_HOW.chinese}"
_FEW_WORDS = f"is an image with a few words; {_HOW}", f"是只有几个字的图像；{_HOW.chinese}"
_RECOGNIZED = (
    "is an image; its words were recognized, and some may be misread",
    "是图像，文字由识别（OCR）得来，可能有误读",
)
_NOTHING_RECOGNIZED = "is an image in which no words were recognized", "是图像，没有识别出文字"
_LETTERS = re.compile(r"[^\W\d_]{2}")
#: A page with fewer letters than this and a picture over so much of it is a scan with a stamp.
_FEW, _PICTURED = 30, 0.5


@dataclass(frozen=True, slots=True)
class _Part:
    """What was found on a page: its pieces of lines and its tables; ``wrong`` says why nothing was kept.

    ``senseless``: there is text, of letters that mean nothing.
    """

    pieces: tuple[Piece, ...] = ()
    grids: tuple[Grid, ...] = ()
    wrong: Told | None = None
    senseless: bool = False


def read_pdf(data: bytes, name: str) -> Written:
    """The report in a PDF. Raises Unreadable: a password, a broken file, pages without text."""
    pages, said = pages_of(data, name)
    parts = [_part(page, number) for number, page in enumerate(pages, 1)]
    _recognize(data, pages, parts)
    if not any(part.pieces or part.grids for part in parts):
        raise Unreadable(name, _nothing(parts))
    running = without_running([part.pieces for part in parts], [(page.width, page.height) for page in pages])
    kept = [with_labels(page) for page in running]
    look = look_of([piece for page in kept for piece in page], [glyph for page in pages for glyph in page.glyphs])
    written = [blocks(regions(with_outer_rows(page, part.grids)), look) for page, part in zip(kept, parts, strict=True)]
    text, starts = _joined(written, look)
    about = {"title": _title(kept, look) or _named(said.get("Title", "")), "publisher": _named(said.get("Author", ""))}
    return Written(text, starts, about, tuple(part.wrong for part in parts if part.wrong))


def _part(page: Page, number: int) -> _Part:
    grids, rest = ruled(page)
    found = pieces(rest)
    text = " ".join([*(piece.text for piece in found), *(cell for grid in grids for row in grid.rows for cell in row)])
    if not text.strip():
        return _Part(wrong=_of_page(number, *_NO_TEXT) if page.pictured or page.edges else None)
    if not is_readable(text):
        return _Part(wrong=_of_page(number, *_NO_SENSE), senseless=True)
    stamped = len(text) < _FEW and page.pictured > _PICTURED
    return _Part(tuple(found), tuple(grids), _of_page(number, *_FEW_WORDS) if stamped else None)


def _recognize(data: bytes, pages: list[Page], parts: list[_Part]) -> None:
    """Puts what text recognition reads on scanned pages in the place of what is wrong with them, if it is installed."""
    scanned = [number for number, part in enumerate(parts) if part.wrong and pages[number].width]
    if not scanned or not recognize.is_there():
        return
    for number, image in zip(scanned, images_of(data, scanned, recognize.SCALE), strict=True):
        page = replace(pages[number], glyphs=recognize.glyphs_in(image, pages[number]), edges=(), pictured=0.0)
        part = _part(page, number + 1)
        if part.pieces:
            pages[number], parts[number] = page, replace(part, wrong=_of_page(number + 1, *_RECOGNIZED))
        elif not parts[number].senseless:
            parts[number] = replace(parts[number], wrong=_of_page(number + 1, *_NOTHING_RECOGNIZED))


def _of_page(number: int, english: str, chinese: str) -> Told:
    return Told(f"page {number} {english}", f"第 {number} 页{chinese}")


def _nothing(parts: Sequence[_Part]) -> Told:
    count = len(parts)
    if recognize.is_there():
        return Told(
            f"none of its {count} pages has words, and none were recognized. Scan it again, more sharply.",
            f"全部 {count} 页都没有文字，也没有识别出文字。请重新扫描得清楚一些。",
        )
    if any(part.senseless for part in parts):
        return Told(
            f"none of its {count} pages has text that can be read; {_HOW}.",
            f"全部 {count} 页的文字都读不出来；{_HOW.chinese}。",
        )
    return Told(
        f"none of its {count} pages has text; they are scanned; {_HOW}.",
        f"全部 {count} 页都没有文字，是扫描件；{_HOW.chinese}。",
    )


def _joined(pages: Sequence[list[Block]], look: Look) -> tuple[str, tuple[int, ...]]:
    """The text of all pages, and the offset at which each starts; what goes on over a page is whole."""
    every: list[Block] = []
    begins: list[tuple[int, int]] = []  # the block a page starts in, and where: a character, or a row of a table
    for page in pages:
        begins.append((len(every), 0))
        if every and (more := further(every[-1], page, look)):
            every[-1], begins[-1] = more.block, (len(every) - 1, more.start)
            page = page[more.used :]
        every += page
    return _text(with_headings(every), begins)


def _text(every: Sequence[Block], begins: Sequence[tuple[int, int]]) -> tuple[str, tuple[int, ...]]:
    text = ""
    places = []
    for number, block in enumerate(every):
        places.append(len(text))
        items = [other.text.lstrip().startswith("- ") for other in every[number : number + 2]]
        text += block.text + ("\n" if items == [True, True] else "\n\n")
    starts = []
    for number, inside in begins:
        grid = every[number].grid if number < len(every) else None
        place = places[number] if number < len(places) else len(text)
        starts.append(place + (row_offset(grid, inside) if grid and inside else inside))
    return text, tuple(starts)


def _title(pages: Sequence[Sequence[Piece]], look: Look) -> str:
    """The largest words of the first page that has any, if they are far larger than the text's."""
    first = [piece for piece in (pages[0] if pages else ()) if not piece.aside and _LETTERS.search(piece.text)]
    largest = max((piece.size for piece in first), default=0.0)
    words = ""
    for piece in first:
        words = joined(words, piece.text) if piece.size == largest else words
    return words if largest >= look.body * 1.4 and len(words) <= 150 else ""


def _named(words: str) -> str:
    """A property of the file, unless it is what a program puts there."""
    return "" if _NO_TITLE.fullmatch(words.strip()) else words.strip()
