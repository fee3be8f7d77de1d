"""HTML -> Markdown: the page's own words, without what stands around them."""

from __future__ import annotations

import codecs
import re

from ingest.decode import checked, decode
from ingest.written import Unreadable, Written, newlines


def read_html(data: bytes, name: str) -> Written:
    """The report in an HTML page. Raises Unreadable where it is none."""
    import trafilatura
    from trafilatura.settings import use_config

    # Chinese says in 80 characters what its defaults, made for English, expect in 250
    config = use_config()
    config["DEFAULT"]["MIN_EXTRACTED_SIZE"] = config["DEFAULT"]["MIN_OUTPUT_SIZE"] = "40"
    html = _decode_html(data, name)
    try:
        text = trafilatura.extract(
            html,
            output_format="markdown",
            include_formatting=True,
            include_tables=True,
            include_comments=False,
            config=config,
        )
        found = trafilatura.extract_metadata(html)
    except Exception as error:  # whatever its parsers raise on broken pages
        raise Unreadable(f"{name}: is no HTML that can be read ({error}). Save the page again.") from error
    if not (text or "").strip():
        text = trafilatura.html2txt(html)
    about = {}
    if found is not None:
        values = {
            "title": found.title,
            "publisher": found.sitename or found.author,
            "published": found.date,
            "source": found.url,
            "language": found.language,
        }
        about = {key: str(value).strip() for key, value in values.items() if value}
    return Written(newlines(text or ""), about=about)


def _decode_html(data: bytes, name: str) -> str:
    """By byte order mark, else as its ``charset`` says, else as any text."""
    said = re.search(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)|<\?xml[^>]+encoding=[\"']([\w-]+)", data[:4096], re.I)
    if said and not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        charset = (said[1] or said[2]).decode("ascii").lower()
        charset = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "iso-8859-1": "cp1252"}.get(
            charset, charset
        )
        try:
            return checked(data.decode(charset), name)
        except (UnicodeDecodeError, LookupError):
            pass
    return decode(data, name)
