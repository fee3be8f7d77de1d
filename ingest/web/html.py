"""HTML -> Markdown: the page's own words, without what stands around them."""

from __future__ import annotations

import codecs
import re
from typing import Any

from ingest.decode import checked, decode
from ingest.web.about import about_page
from ingest.web.main import main_part, take_out_hidden
from ingest.web.markdown import markdown
from ingest.web.tables import make_tables
from ingest.written import Unreadable, Written
from records import Told

#: ``<meta charset="gbk">``, ``<META ... CONTENT="text/html; charset=gb2312">``, ``<?xml ... encoding="big5"?>``
_CHARSET = re.compile(
    rb"<meta\b[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w:.-]+)|<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w:.-]+)", re.I
)
#: A page says its encoding this near to its start, in bytes, if at all.
_HEAD = 65536
#: Encodings by the names of smaller ones that pages give for them.
_WIDER = {
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "x-x-big5": "big5hkscs",
}
#: Names that tools write whatever the page holds: the bytes say more.
_WESTERN = ("iso-8859-1", "latin1", "us-ascii", "ascii", "windows-1252")
_MEANINGLESS = ("utf-8", "utf8", "utf-16", *_WESTERN)
#: So many characters of a page may be broken in the encoding it names.
_BROKEN_SHARE = 0.002
#: Elements that only hold others: where a page nests too many of them, they are read as the ends of paragraphs.
_HOLDERS = re.compile(rb"</?(?:div|span|font|section|center|b|i|u|em|strong|small|big|blockquote)\b[^<>]*>", re.I)
#: All tags but those around what is not read, and headings: ``<td class="a">``, not ``<script>``
_TAGS = re.compile(
    rb"</?(?!(?:html|head|body|title|meta|link|script|style|template|noscript|h[1-6])\b)[a-z][^<>]*>", re.I
)
_FLATTENED = Told(
    "its tables and lists were read as lines: more than 2,048 elements stand in one another",
    "表格和列表按普通的行读入：元素嵌套超过 2,048 层",
)


def read_html(data: bytes, name: str) -> Written:
    """The report in an HTML page. Raises Unreadable where it is none."""
    root, left_out = parse(_decode_html(data, name))
    about = about_page(root)
    body = root if root.tag == "body" else root.find(".//body")
    scripts = next(root.iter("script"), None) is not None
    text = ""
    if body is not None:
        take_out_hidden(body)
        make_tables(body)
        text = markdown(main_part(body))
    if not text and scripts:
        raise Unreadable(
            name,
            Told(
                "there is no text in it, scripts fetch its words. Print the page to PDF and put that here.",
                "里面没有文字，网页的内容由脚本载入。请把网页打印成 PDF 再放进来。",
            ),
        )
    return Written(text, about=about, left_out=left_out)


def markdown_of(html: str) -> str:
    """A part of a page as Markdown, what is hidden in it left out; "" where it says nothing."""
    root, _ = parse(html)
    take_out_hidden(root)
    return markdown(root)


def parse(html: str) -> tuple[Any, tuple[str, ...]]:
    """The root element of a page, however broken, without comments; and what of it was not read."""
    from lxml import etree
    from lxml import html as lxml_html

    data = html.replace("\0", "").encode("utf-8", "replace")
    for pattern in (None, _HOLDERS, _TAGS):
        source = pattern.sub(b"<p>", data) if pattern else data
        parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
        try:
            root = etree.fromstring(source or b"<p>", parser)
        except etree.ParserError:  # nothing but comments
            break
        if not any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
            return root, (_FLATTENED,) if pattern is _TAGS else ()
    return lxml_html.Element("html"), ()


def _decode_html(data: bytes, name: str) -> str:
    """By byte order mark; as UTF-8 where it is that; else as its ``charset`` says; else as any text."""
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return decode(data, name)
    try:
        return checked(data.decode("utf-8"), name)
    except UnicodeDecodeError:
        pass
    named = [(found[1] or found[2]).decode("ascii").lower() for found in _CHARSET.finditer(data[:_HEAD])]
    for charset in [_WIDER.get(charset, charset) for charset in named if charset not in _MEANINGLESS]:
        try:
            text = data.decode(charset, "replace")
        except LookupError:
            continue
        if text.count("\ufffd") <= len(text) * _BROKEN_SHARE:
            return checked(text, name)
    try:
        return decode(data, name)
    except Unreadable:
        if not named or named[0] not in _WESTERN:
            raise
        return checked(data.decode("cp1252", "replace"), name)
