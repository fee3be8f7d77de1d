"""One reader per kind of file: Markdown, plain text, HTML, PDF (page by page) and DOCX -> Report.

The text of Markdown and plain text files is the decoded file itself, only newlines are made ``\\n``. The others are
written out as Markdown: a paragraph a line, ``#`` before headings, ``-`` before list items, ``|`` around table cells.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from ingest.clean import FRONT_MATTER, KINDS, content, is_front_matter, kind_of, plain
from ingest.split import headings_of, language_of, weight
from records import Report


class Unreadable(ValueError):
    """A file that cannot be read; the text names the file, the reason and what to do."""


@dataclass(frozen=True, slots=True)
class _Written:
    """What a reader found: the text, where pages start, and what the file says of itself (names as in front matter)."""

    text: str
    pages: tuple[int, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)


def read(path: Path, root: Path) -> Report:
    """The report in the file; ``Report.path`` is relative to ``root``. Raises Unreadable."""
    name = path.relative_to(root).as_posix()
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise Unreadable(
            f"{name}: {path.suffix or 'a name without an ending'} is no kind of report. Save it as {_KNOWN}."
        )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{name}: cannot be opened ({error.strerror}). Check its permissions.") from error
    if not data.strip():
        raise Unreadable(f"{name}: the file is empty. Put the report's text in it or delete it.")
    written = _READERS[kind](data, name)
    if not written.text.strip():
        raise Unreadable(f"{name}: there is no text in it. Save it with its text as {_KNOWN}.")
    return _report(written, name, kind, hashlib.sha256(data).hexdigest())


def report_from_text(text: str, path: str) -> Report:
    """A report of text that comes without a file; ``path`` is what it is called and tells its kind by its ending."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    kind = kind_of(path)
    if kind not in ("markdown", "text"):
        kind = "text"
    text = _newlines(text)
    return _report(_Written(text, about=_front_matter(text)), path, kind, digest)


#: So many broken characters in a UTF-8 file are taken for damage; more, for another encoding.
_BROKEN_SHARE = 0.002


def decode(data: bytes, name: str) -> str:
    """Text of bytes: by its byte order mark, else UTF-8, else GB18030 or Big5, whichever gives more common characters.

    Raises Unreadable when it is no text in any of them.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            try:
                return _checked(data.decode(encoding), name)
            except UnicodeDecodeError as error:
                raise Unreadable(f"{name}: is marked as {encoding} and is not. Save it as UTF-8.") from error
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if not broken or (broken <= len(text) * _BROKEN_SHARE and sum(c > "\x7f" for c in text) >= 20 * broken):
        return _checked(text, name)
    runs = re.findall(rb"[\x80-\xff]+", data)
    guesses = ["cp1252"] if sum(len(run) == 1 for run in runs) > 0.8 * len(runs) else ["gb18030", "big5hkscs"]
    best, text = 0.15, ""
    for encoding in guesses:
        try:
            decoded = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        share = 1.0 if encoding == "cp1252" else _common_share(decoded)
        if share > best:
            best, text = share, decoded
    if not text:
        raise Unreadable(f"{name}: its characters are neither UTF-8, GB18030 nor Big5. Save it as UTF-8.")
    return _checked(text, name)


#: Characters that no text holds.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


def _checked(text: str, name: str) -> str:
    controls = len(_CONTROL.findall(text, 0, 20000))
    if "\0" in text or controls > 0.01 * min(len(text), 20000) + 2:
        raise Unreadable(f"{name}: holds binary data, not text. Save it as {_KNOWN}.")
    return text


#: The most frequent characters of Chinese text, simplified and traditional.
_COMMON = frozenset(
    "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还"
    "发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己"
    "话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五"
    "太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及今"
    "京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请交爱让认算论百吃义科怎元社术结六功指思非流每青管夫连远资队"
    "這來國個說們為時學對後麼沒於還發當無開從動兩長樣現將與進實點聲話問機給業間門東見電頭經過運關產萬體別處總場師書員報馬張難數車應親"
    "務解記邊風戰接許覺題統請愛讓認論義術結遠資隊網絡雲據開報業務導計設構變調權協議類價權標準測試驗證環境應該達廣選項區團創優質績增長率營"
    "，。、；：？！“”‘’（）《》「」『』【】—…·％０１２３４５６７８９"
)


def _common_share(text: str) -> float:
    """The share of common characters among those that are not ASCII."""
    foreign = [c for c in text if c > "\x7f"]
    return sum(c in _COMMON for c in foreign) / len(foreign) if foreign else 0.0


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


# ---------------------------------------------------------------- what a file says of itself


def _report(written: _Written, name: str, kind: str, digest: str) -> Report:
    about = written.about
    stem = PurePosixPath(name).stem
    title = plain(about.get("title", ""))
    if not title and kind != "pdf":  # the first heading of a PDF may be that of a chapter
        title = _first_heading(written.text, kind) or about.get("name", "")
    title = title or stem.replace("_", " ")
    body = "".join(written.text[a:b] for a, b in content(written.text, kind)[:50])[:20000]
    return Report(
        id=digest[:16],
        path=name,
        sha256=digest,
        title=" ".join(title.split())[:200],
        publisher=about.get("publisher", "") or _publisher_in(written.text, kind),
        published=_iso(about.get("published", "")) or _date_in(stem) or _year_in(title) or _year_in(stem),
        language=_known_language(about.get("language", "")) or language_of(plain(body)) or language_of(title),
        source=about.get("source", ""),
        text=written.text,
        pages=written.pages,
    )


def _front_matter(text: str) -> dict[str, str]:
    """Title, publisher, published, language and source of YAML (or TOML) front matter; those that are there."""
    front = FRONT_MATTER.match(text)
    if not front or not is_front_matter(front):
        return {}
    values = _yaml(front[1]) if front[1] is not None else _yaml(re.sub(r"(?m)^(\w+)\s*=\s*", r"\1: ", front[2] or ""))
    wanted = {
        "title": ("title",),
        "publisher": ("publisher", "authors", "author", "organization"),
        "published": ("published", "date"),
        "language": ("language", "lang"),
        "source": ("source", "url", "externalUrl", "canonical"),
    }
    found = {}
    for name, keys in wanted.items():
        for key in keys:
            value = values.get(key)
            if isinstance(value, list):
                value = ", ".join(str(item) for item in value if isinstance(item, str))
            if isinstance(value, str) and value.strip():
                found[name] = value.strip()
                break
    return found


def _yaml(text: str) -> Mapping[str, object]:
    """The values of a YAML mapping, all as text; when it is broken, those of its ``name: value`` lines."""
    try:
        values = yaml.load(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError:
        values = {key: value.strip("\"' ") for key, value in re.findall(r"(?m)^([\w-]+):[ \t]*(.+)$", text)}
    return values if isinstance(values, dict) else {}


def _first_heading(text: str, kind: str) -> str:
    """The first heading of level 1, else the first of all, else a short first line."""
    headings = headings_of(text[:50000], content(text[:50000], kind), kind)
    first = next((h for h in headings if h[2] == 1), headings[0] if headings else None)
    if first:
        return first[3]
    for start, end in content(text[:5000], kind)[:1]:
        line = plain(text[start:end].strip().split("\n")[0])
        if 2 <= weight(line) <= 150 and line[-1] not in "。.!?！？；;,，":
            return line
    return ""


def _publisher_in(text: str, kind: str) -> str:
    """Who a reprint is to name: ``转载请注明作者和出处乱世浮生`` -> ``乱世浮生``."""
    note = re.search(
        r"转载\S{0,10}注明(?:作者和?|来源和?|出处和?)+[:：\s]?([\w·]{2,20})(?=[,，。.)）\s])", text[-2000:]
    )
    return note[1] if note and kind in ("text", "markdown", "html") else ""


def _known_language(value: str) -> str:
    code = value.lower()[:2]
    return code if code in ("zh", "en") else ""


_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:[-_/.年](0?[1-9]|1[0-2])(?:[-_/.月](0?[1-9]|[12]\d|3[01])(?!\d)日?)?)?(?!\d)"
)
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")


def _iso(value: str) -> str:
    """The ISO date, year-month or year at the start of a value: ``2025-01-07T17:02`` -> ``2025-01-07``."""
    value = value.strip().removeprefix("D:")
    found = re.match(_COMPACT.pattern, value[:8]) or re.match(
        r"((?:19|20)\d\d)(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})(?!\d))?)?(?!\d)", value
    )
    if not found:
        return ""
    year, month, day = found[1], int(found[2] or 0), int(found[3] or 0)
    if not 1 <= month <= 12:
        return year
    return f"{year}-{month:02}-{day:02}" if 1 <= day <= 31 else f"{year}-{month:02}"


def _date_in(stem: str) -> str:
    """A whole date in a file name: ``2019-05-03-survey`` -> ``2019-05-03``; "" when there is none, or several."""
    dates = {_iso("-".join(m.groups())) for m in _DATE.finditer(stem) if m[3]} | {
        _iso(m[0]) for m in _COMPACT.finditer(stem)
    }
    return dates.pop() if len(dates) == 1 else ""


def _year_in(words: str) -> str:
    """The one year that is named: ``Cilium 2025 年度报告`` -> ``2025``; "" when none or several are."""
    years = set(re.findall(r"(?<![\d.])((?:19|20)\d\d)(?![\d.]\d|\d)", words))
    return years.pop() if len(years) == 1 else ""


# ---------------------------------------------------------------- the readers


def _read_text(data: bytes, name: str) -> _Written:
    text = _newlines(decode(data, name))
    return _Written(text, about=_front_matter(text))


def _read_html(data: bytes, name: str) -> _Written:
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
    return _Written(_newlines(text or ""), about=about)


def _decode_html(data: bytes, name: str) -> str:
    """By byte order mark, else as its ``charset`` says, else as any text."""
    said = re.search(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)|<\?xml[^>]+encoding=[\"']([\w-]+)", data[:4096], re.I)
    if said and not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        charset = (said[1] or said[2]).decode("ascii").lower()
        charset = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "iso-8859-1": "cp1252"}.get(
            charset, charset
        )
        try:
            return _checked(data.decode(charset), name)
        except (UnicodeDecodeError, LookupError):
            pass
    return decode(data, name)


def _read_pdf(data: bytes, name: str) -> _Written:
    from ingest.pdf import pdf_text

    try:
        text, pages, about = pdf_text(data)
    except ValueError as error:
        raise Unreadable(f"{name}: {error}") from error
    return _Written(text, pages, about)


def _read_docx(data: bytes, name: str) -> _Written:
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
    return _Written(_newlines(text), about=about)


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


_READERS: Mapping[str, Callable[[bytes, str], _Written]] = {
    "markdown": _read_text,
    "text": _read_text,
    "html": _read_html,
    "pdf": _read_pdf,
    "docx": _read_docx,
}
_KNOWN = "Markdown (.md), text (.txt), HTML, PDF or DOCX"
