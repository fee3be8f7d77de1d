"""One reader per kind of file -> Report: Markdown, text, HTML, EPUB, PDF and PPTX (page by page), DOCX, XLSX, CSV.

The text of Markdown and plain text files is the decoded file itself, but that newlines are made ``\\n`` and tables
drawn in other ways Markdown tables. The others are written out as Markdown: a paragraph a line, ``#`` before headings,
``-`` before list items, ``|`` around table cells.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

from ingest.about import front_matter, report_of, with_sidecar
from ingest.clean import KINDS, kind_of
from ingest.decode import decode, decoded
from ingest.drawn import with_tables
from ingest.office.sheets import read_csv, read_xlsx
from ingest.office.slides import read_pptx
from ingest.pdf.document import read_pdf
from ingest.web.epub import read_epub
from ingest.web.html import read_html
from ingest.word.document import read_docx
from ingest.written import KNOWN, Unreadable, Written, newlines, unopened
from records import Report, Told

__all__ = ["Unreadable", "decode", "read", "report_from_text"]


def read(path: Path, root: Path) -> Report:
    """The report in the file; ``Report.path`` is relative to ``root``. Raises Unreadable."""
    name = path.relative_to(root).as_posix()
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        english, chinese = path.suffix or "a name without an ending", path.suffix or "没有扩展名的文件"
        raise Unreadable(
            name,
            Told(
                f"{english} is no kind of report. Save it as {KNOWN}.",
                f"{chinese} 不是能读的报告。请存成 {KNOWN.chinese}。",
            ),
        )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise unopened(name, error) from error
    if not data.strip():
        raise Unreadable(
            name,
            Told(
                "the file is empty. Put the report's text in it or delete it.",
                "文件是空的。请放入报告的正文，或者删掉它。",
            ),
        )
    written = _READERS[kind](data, name)
    if not written.text.strip():
        raise Unreadable(
            name,
            Told(
                f"there is no text in it. Save it with its text as {KNOWN}.",
                f"里面没有文字。请连同文字存成 {KNOWN.chinese}。",
            ),
        )
    return report_of(with_sidecar(written, path), name, kind, hashlib.sha256(data).hexdigest())


def report_from_text(text: str, path: str) -> Report:
    """A report of text that comes without a file; ``path`` is what it is called and tells its kind by its ending."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    kind = kind_of(path)
    if kind not in ("markdown", "text"):
        kind = "text"
    text = with_tables(newlines(text), kind)
    return report_of(Written(text, about=front_matter(text)), path, kind, digest)


def _read_text(data: bytes, name: str) -> Written:
    text, mended = decoded(data, name)
    text = with_tables(newlines(text), kind_of(name))
    return Written(text, about=front_matter(text), left_out=mended)


_READERS: Mapping[str, Callable[[bytes, str], Written]] = {
    "markdown": _read_text,
    "text": _read_text,
    "html": read_html,
    "pdf": read_pdf,
    "docx": read_docx,
    "pptx": read_pptx,
    "xlsx": read_xlsx,
    "csv": read_csv,
    "epub": read_epub,
}
