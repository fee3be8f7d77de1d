"""PDF pages -> Markdown: lines joined to paragraphs, headings by their size, running heads and feet left out."""

from __future__ import annotations

import ctypes
import itertools
import math
import re
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingest.written import Unreadable, Written

#: PDFium is not thread safe.
_ONE_AT_A_TIME = threading.Lock()

_BULLET = re.compile(
    r"[•●○■□▪◦‣◆►➢✓✔⚫\uf0b7\uf0a7\uf0d8–-]\s+|\d{1,3}[.)]\s+|\([a-z\d]{1,2}\)\s+|[（(]\d{1,2}[)）]|\d{1,2}、|[一二三四五六七八九十]{1,3}、"
)
_HAN = re.compile("[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef]")
_PAGE_NUMBER = re.compile(r"(?:page |第 ?|[-–—] ?)?\d{1,4}(?: ?页| ?[-–—]| ?(?:/|of) ?\d{1,4})?", re.I)
_LEADER = re.compile(r"\.{4,}|(?:\. ){4,}|…{2,}")
#: What PDFium gives for a hyphen at which a line breaks a word.
_BROKEN = "\x02"
_CONTENTS_ENTRY = re.compile(r"\D.*\s\d{1,3}")
_STOP = tuple("。.!?！？：:;；”’」』）)")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a page: words, and in points its left, right, bottom and top edge and the size of its letters.

    ``margin``: it stands in the top or bottom eighth of the page.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    bold: bool
    margin: bool


def read_pdf(data: bytes, name: str) -> Written:
    """The report in a PDF. Raises Unreadable: a password, a broken file, pages without text."""
    try:
        text, pages, about = pdf_text(data)
    except ValueError as error:
        raise Unreadable(f"{name}: {error}") from error
    return Written(text, pages, about)


def pdf_text(data: bytes) -> tuple[str, tuple[int, ...], dict[str, str]]:
    """The text of a PDF, the offsets its pages start at, and its title, author and date.

    Raises ValueError with the reason and what to do: a password, a broken file, pages without text.
    """
    with _ONE_AT_A_TIME:
        pages, about = _lines(data)
    if not any(pages):
        raise ValueError(
            f"none of its {len(pages)} pages has text; they are scanned. Run it through text recognition first."
        )
    pages = _without_running_lines(pages)
    body = _body_size(pages)
    sizes = _heading_sizes(pages, body)
    known = _words_of(pages)
    about["title"] = _title(pages, body) or about["title"]
    text = ""
    starts = []
    for lines in pages:
        paragraphs = _paragraphs(lines, body, sizes, known)
        if paragraphs and _continues(text, paragraphs[0]):
            text = text.rstrip("\n")
            text += "" if _HAN.match(text[-1]) else " "
        starts.append(len(text))
        for words, after in itertools.zip_longest(paragraphs, paragraphs[1:], fillvalue=""):
            text += words + ("\n" if words.startswith("- ") and after.startswith("- ") else "\n\n")
    return text, tuple(starts), about


def _lines(data: bytes) -> tuple[list[list[_Line]], dict[str, str]]:
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise ValueError("is protected by a password. Save it without one.") from error
        raise ValueError(f"is no whole PDF ({error}). Download or export it again.") from error
    try:
        said = document.get_metadata_dict()
        about = {
            "title": said.get("Title", ""),
            "publisher": said.get("Author", ""),
            "published": said.get("CreationDate", ""),
        }
        pages: list[list[_Line]] = []
        for number in range(len(document)):
            try:
                page = document[number]
                words = page.get_textpage()
                pages.append(list(_page_lines(words, page.get_height(), pdfium)))
                words.close()
                page.close()
            except pypdfium2.PdfiumError:  # one broken page among whole ones
                pages.append([])
    finally:
        document.close()
    return pages, about


def _page_lines(words: Any, height: float, pdfium: Any) -> Iterator[_Line]:
    """The lines of a page in reading order; one broken inside a word ends in the mark that PDFium puts there."""
    raw = words.raw
    line: list[tuple[int, str]] = []
    for index in range(words.count_chars()):
        char = chr(pdfium.FPDFText_GetUnicode(raw, index))
        if char == "\ufffe":
            char = _BROKEN
        if char in "\r\n":
            if made := _line(line, height, raw, pdfium):
                yield made
            line = []
        elif char == _BROKEN:
            line.append((index, char))
            if made := _line(line, height, raw, pdfium):
                yield made
            line = []
        elif char != "\0":
            line.append((index, char))
    if made := _line(line, height, raw, pdfium):
        yield made


def _line(chars: list[tuple[int, str]], height: float, raw: Any, pdfium: Any) -> _Line | None:
    seen = [(index, char) for index, char in chars if not char.isspace() and char != _BROKEN]
    if not seen:
        return None
    notes = _raised_figures(seen, raw, pdfium)
    if len(notes) < len(seen):
        chars = [pair for pair in chars if pair[0] not in notes]
        seen = [pair for pair in seen if pair[0] not in notes]
    text = " ".join("".join(char for _, char in chars).split())
    if any("\ud800" <= char <= "\udfff" for char in text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    first, last, middle = seen[0][0], seen[-1][0], seen[len(seen) // 2][0]
    box, end = pdfium.FS_RECTF(), pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(raw, first, box)
    pdfium.FPDFText_GetLooseCharBox(raw, last, end)
    size = _size(raw, middle, pdfium)
    name = ctypes.create_string_buffer(128)
    pdfium.FPDFText_GetFontInfo(raw, middle, name, 128, ctypes.c_int())
    heavy = re.search(rb"bold|black|heavy|semibold", name.value, re.I) is not None
    bold = heavy or pdfium.FPDFText_GetFontWeight(raw, middle) >= 600
    bottom, top = min(box.bottom, end.bottom), max(box.top, end.top)
    margin = top < height / 8 or bottom > height * 7 / 8
    return _Line(text, box.left, end.right, bottom, top, round(size * 2) / 2, bold, margin)


def _size(raw: Any, index: int, pdfium: Any) -> float:
    """The size of a letter in points; some programs write size 1 and scale the page."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(raw, index, matrix)
    return float(pdfium.FPDFText_GetFontSize(raw, index) * math.hypot(matrix.c, matrix.d))


def _raised_figures(seen: list[tuple[int, str]], raw: Any, pdfium: Any) -> set[int]:
    """The figures of footnotes after words: small and raised. Not those of ``m2`` or ``10 6``."""
    found: set[int] = set()
    word = ""
    for (before, letter), (index, char) in itertools.pairwise(seen):
        word = word + letter if letter.isalpha() and letter.isascii() else ""
        if not char.isdigit() or not char.isascii():
            continue
        noted = before in found or len(word) >= 3 or _HAN.match(letter) or letter in '.,;:)"”'
        if not noted:
            continue
        size, least = _size(raw, before, pdfium), _size(raw, index, pdfium)
        box, base = pdfium.FS_RECTF(), pdfium.FS_RECTF()
        pdfium.FPDFText_GetLooseCharBox(raw, before, base)
        pdfium.FPDFText_GetLooseCharBox(raw, index, box)
        height = base.top - base.bottom
        if before in found or (least < 0.8 * size and box.bottom > base.bottom + 0.12 * height):
            if before in found and abs(least - size) > 0.5:
                continue
            found.add(index)
    return found


def _without_running_lines(pages: list[list[_Line]]) -> list[list[_Line]]:
    """The pages without what stands at the top or bottom of many of them: titles, page numbers."""

    def key(line: _Line) -> str:
        return re.sub(r"\d+", "0", line.text.lower())

    def edges(lines: list[_Line]) -> list[_Line]:
        ordered = sorted((line for line in lines if line.margin), key=lambda line: -line.top)
        return [*ordered[:3], *ordered[3:][-3:]]

    places = Counter(key(line) for lines in pages for line in {key(line): line for line in edges(lines)}.values())
    often = max(3, len([lines for lines in pages if lines]) // 5)
    running = {words for words, count in places.items() if count >= often}
    kept = []
    for lines in pages:
        away = {
            id(line)
            for line in edges(lines)
            if key(line) in running or (len(pages) > 1 and _PAGE_NUMBER.fullmatch(line.text))
        }
        kept.append([line for line in lines if id(line) not in away])
    return kept


def _body_size(pages: list[list[_Line]]) -> float:
    """The largest size that a seventh of the letters have; figures and code may be smaller."""
    sizes: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            sizes[line.size] += len(line.text)
    return max(
        (size for size, count in sizes.items() if count * 7 >= sizes.total()), default=sizes.most_common(1)[0][0]
    )


def _title(pages: list[list[_Line]], body: float) -> str:
    """The largest words of the first page that has any, if they are far larger than the body's."""
    first = pages[0] if pages else []
    largest = max((line.size for line in first), default=0.0)
    words = " ".join(line.text for line in first if line.size == largest)
    return words if largest >= body * 1.4 and len(words) <= 150 and any(c.isalpha() for c in words) else ""


def _heading_sizes(pages: list[list[_Line]], body: float) -> list[float]:
    """The sizes of headings, largest first, the smallest five: well above the body's and seen in short lines."""
    sizes = {line.size for lines in pages for line in lines if line.size > body * 1.12 and len(line.text) <= 120}
    return sorted(sizes, reverse=True)[-5:]


def _paragraphs(lines: list[_Line], body: float, sizes: list[float], known: Counter[str]) -> list[str]:
    """The lines of a page joined to paragraphs; headings with ``#``, list items with ``-``."""
    groups: list[list[_Line]] = []
    pitch = _pitch(lines)
    right = max((line.right for line in lines), default=0.0)
    for line in lines:
        if groups and _follows(groups[-1], line, pitch, right, body):
            groups[-1].append(line)
        else:
            groups.append([line])
    written = []
    above: _Line | None = None
    stopped = True
    for group in groups:
        text = group[0].text
        for line in group[1:]:
            text = _joined(text, line.text, known)
        text = text.replace(_BROKEN, "-")
        level = _level(group, text, body, sizes)
        if level > len(sizes) and above is not None and above.bottom - group[0].bottom < pitch * 1.2 and not stopped:
            level = 0  # bold words in the midst of a paragraph
        above, stopped = group[-1], bool(level) or text.endswith(_STOP)
        if level:
            written.append("#" * level + " " + text)
        elif bullet := _BULLET.match(text):
            numbered = any(char.isalnum() for char in bullet[0])
            written.append(text if numbered else "- " + text[bullet.end() :])
        else:
            written.append(text)
    return [text for text in written if text.strip("-# ")]


def _pitch(lines: list[_Line]) -> float:
    """The usual distance from line to line."""
    gaps = sorted(a.bottom - b.bottom for a, b in itertools.pairwise(lines) if 0 < a.bottom - b.bottom < 60)
    return gaps[len(gaps) // 2] if gaps else 0.0


def _follows(group: list[_Line], line: _Line, pitch: float, right: float, body: float) -> bool:
    """Does the line go on with the paragraph?"""
    before = group[-1]
    if before.text.endswith(_BROKEN):
        return True
    height = max(before.top - before.bottom, 1.0)
    if min(before.top, line.top) - max(before.bottom, line.bottom) > height * 0.5 and line.left > before.left:
        return True  # the same line, cut by a raised figure or a gap
    if _BULLET.fullmatch(before.text + " "):
        return True
    if _BULLET.match(line.text) and not (line.text[0].isdigit() and not before.text.endswith(_STOP)):
        return False
    if abs(line.size - group[0].size) > 0.6 or (line.bold != before.bold and (line.bold or len(group) == 1)):
        return False
    if line.size > body * 1.12:
        return 0 < before.bottom - line.bottom <= line.size * 1.8
    if _LEADER.search(before.text) and not line.text[0].islower():
        return False
    if _CONTENTS_ENTRY.fullmatch(before.text) and _CONTENTS_ENTRY.fullmatch(line.text):
        return False
    ended = before.text.endswith(_STOP)
    width = max(right - group[0].left, 1.0)
    short = (right - before.right) / width
    gap = before.bottom - line.bottom
    if gap < 0:  # the next column or page
        return not ended
    if pitch and gap > pitch * 1.45 and (ended or gap > pitch * 1.9 or line.text[0].isupper()):
        return False
    if ended and (short > 0.12 or line.left > before.left + line.size):
        return False
    starts = not line.text[0].islower()
    return not (short > 0.4 and starts and before.text[-1] not in ",，、;；-—(（")


def _joined(text: str, following: str, known: Counter[str]) -> str:
    """Two lines as one: no space between Chinese characters, a word broken by a hyphen whole again."""
    if text.endswith((_BROKEN, "-")) and following[:1].isalpha() and len(text) > 1 and text[-2].isalpha():
        head, tail = re.split(r"[^\w]", text[:-1])[-1], re.match(r"\w+", following)
        whole = (head + (tail[0] if tail else "")).lower()
        parted = f"{head}-{tail[0] if tail else ''}".lower()
        in_link = "://" in text.split()[-1]
        if text.endswith(_BROKEN) and known[whole] >= known[parted] and not in_link:
            return text[:-1] + following
        return text[:-1] + "-" + following
    if text.endswith(_BROKEN):
        return text[:-1] + "-" + following
    close = _HAN.match(text[-1:]) and _HAN.match(following[:1])
    return text + ("" if close else " ") + following


def _level(group: list[_Line], text: str, body: float, sizes: list[float]) -> int:
    """The level of a heading by its size, one below all for bold words at the body's size; 0 for other paragraphs."""
    if (
        len(text) > 150
        or not any(char.isalpha() for char in text)
        or text[-1] in "。.,，;；!！"
        or _LEADER.search(text)
    ):
        return 0
    size = group[0].size
    if sizes and size >= sizes[-1]:
        return next(level for level, least in enumerate(sizes, 1) if size >= least)
    short = len(text) <= 80 and len(group) <= 2 and text[-1] not in ":："
    if short and size >= body and all(line.bold for line in group) and not _BULLET.match(text):
        return min(6, len(sizes) + 1)
    return 0


def _continues(text: str, paragraph: str) -> bool:
    """Does the first paragraph of a page go on with the last one of the page before?"""
    last = text.rstrip("\n").rsplit("\n", 1)[-1]
    if not last or last.startswith("#") or paragraph.startswith(("#", "- ")) or _BULLET.match(paragraph):
        return False
    if last.endswith(_STOP):
        return False
    return paragraph[0].islower() or bool(_HAN.match(last[-1]) and _HAN.match(paragraph[0]) and len(last) > 30)


def _words_of(pages: list[list[_Line]]) -> Counter[str]:
    """How often each word, and each two joined by a hyphen, stands inside a line."""
    counts: Counter[str] = Counter()
    for lines in pages:
        for line in lines:
            for word in re.findall(r"\w+(?:-\w+)*", line.text.lower()):
                counts[word] += 1
    return counts
