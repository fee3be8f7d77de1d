"""DOCX -> Markdown: headings, paragraphs, lists and tables in their order."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from ingest.written import Unreadable, Written, newlines


def read_docx(data: bytes, name: str) -> Written:
    """The report in a DOCX file. Raises Unreadable: a password, an old format, a broken file."""
    import docx

    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(f"{name}: is protected by a password or an old .doc file. Save it as .docx without one.")
    try:
        document = docx.Document(io.BytesIO(data))
        text = re.sub(r"\n{3,}", "\n\n", "\n".join(_docx_lines(document))).strip() + "\n"
        said = document.core_properties
        created = said.created.date().isoformat() if said.created else ""
    except Exception as error:  # zip, XML and relation errors alike
        raise Unreadable(
            f"{name}: is no whole DOCX file ({error}). Open it in its program and save it again."
        ) from error
    about = {
        "name": said.title or "",
        "publisher": said.author if said.author not in ("python-docx", "Microsoft Office User") else "",
        # the date of the template that python-docx writes with
        "published": created if created != "2013-12-23" else "",
    }
    return Written(newlines(text), about=about)


def _docx_lines(document: Any) -> Iterator[str]:
    """Headings, paragraphs, list items and tables in their order, with a blank line between paragraphs."""
    in_list = False
    for element in _docx_blocks(document.element.body):
        if element.tag.endswith("}tbl"):
            yield from ["", *_docx_rows(element), ""]
            continue
        words = " ".join(_docx_words(element).split())
        style = _docx_style(document, element)
        if not words or re.match(r"toc\b|目录", style, re.I):
            continue
        heading = re.match(r"(?:heading|标题)\s*(\d)", style, re.I)
        listed = re.match(r"list\b|列表", style, re.I) or element.xpath("./w:pPr/w:numPr")
        if in_list and not listed:
            yield ""
        in_list = bool(listed)
        if heading or style.lower() in ("title", "标题"):
            yield from ["#" * min(6, int(heading[1]) if heading else 1) + " " + words, ""]
        elif listed:
            depth = element.xpath("./w:pPr/w:numPr/w:ilvl/@w:val")
            level = int(depth[0]) if depth else int(style[-1]) - 1 if style[-1:].isdigit() else 0
            yield "  " * level + "- " + words
        else:
            yield from [words, ""]


def _docx_blocks(body: Any) -> Iterator[Any]:
    for element in body:
        if element.tag.endswith(("}p", "}tbl")):
            yield element
        elif element.tag.endswith("}sdt"):
            for inner in element.xpath("./w:sdtContent"):
                yield from _docx_blocks(inner)


def _docx_words(element: Any) -> str:
    """The words of a paragraph or cell, links and inserted changes too, deleted ones and doubled fall-backs not."""
    pieces = []
    for node in element.iter():
        tag = node.tag.rsplit("}", 1)[-1] if isinstance(node.tag, str) else ""
        if tag == "t" and not any(above.tag.endswith("}Fallback") for above in node.iterancestors()):
            pieces.append(node.text or "")
        elif tag in ("tab", "br", "cr", "p"):
            pieces.append(" ")
    return "".join(pieces)


def _docx_style(document: Any, element: Any) -> str:
    style_id = element.style
    for style in document.styles:
        if style.style_id == style_id:
            return str(style.name)
    return ""


def _docx_rows(table: Any) -> Iterator[str]:
    for number, row in enumerate(table.xpath("./w:tr | ./w:sdt/w:sdtContent/w:tr")):
        cells = [" ".join(_docx_words(cell).split()).replace("|", "\\|") for cell in row.xpath("./w:tc")]
        yield "| " + " | ".join(cells) + " |"
        if number == 0:
            yield "|" + " --- |" * len(cells)
