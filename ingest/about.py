"""What a file says of itself: its title, who published it and when, what time it is about, where it came from."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Container
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePosixPath

from ingest.clean import content
from ingest.front import front_of, said_in
from ingest.period import period_of
from ingest.split import headings_of
from ingest.written import Written
from records import Report, Told
from text.language import language_of, weight
from text.markdown import plain

#: What a sidecar may say; no sidecar is larger, in bytes.
_SIDECAR = ("title", "publisher", "published", "language", "source", "period", "series")
_LARGEST_SIDECAR = 100_000
#: A sentence, and no title, is as long as this, in English characters.
_LONGEST_TITLE = 150
#: So many characters on top may name the publisher or the period.
_TOP = 3000
#: Titles that name no report, without the numbers behind them: ``Sheet1``, ``第 1 页``
_NO_TITLE = frozenset(
    "目录|目次|封面|首页|标题|无标题|文档|新建文档|工作表|幻灯片|演示文稿"
    "|contents|table of contents|cover|home|title|untitled|document|sheet|slide|presentation"
    "|powerpoint presentation|readme|index".split("|")
)
#: ``Microsoft Word - draft.docx`` -> ``draft``
_MADE_WITH = re.compile(
    r"(?:microsoft (?:word|excel|powerpoint)|wps文字)\s*-\s*|\.(?:docx?|xlsx?|pptx?|pdf|html?|md|txt|wps)\Z", re.I
)
#: ``import { a } from "b"``, ``const a = 1;``, ``}``, ``{{< toc >}}``
_CODE = re.compile(
    r"(?:import|export|from|const|let|var|def|class|function|package|using|return)\b.*(?:[{;=]|\w\()|#include|.*(?:[{};]|=>)\Z|\W*\{\{"
)
#: Words of a link that stands alone: ``https://a.b/c``
_LINK = re.compile(r"<?(?:https?://|www\.)\S+")
#: A date in front of or behind a name: ``2019-05-03-survey``, ``survey_20190503``
_DATED = re.compile(r"(?:19|20)\d\d(?:([-_.])\d{1,2}\1\d{1,2}|\d{4})(?!\d)")
#: ``发布机构：某某研究院``, ``Publisher: Some Institute``, ``Published by the Some Institute``
_PUBLISHED_BY = re.compile(
    r"^[\s>*_#-]{0,8}(?:(?:发布机构|发布单位|发布方|出版机构|出版单位|编制单位|publisher)[*_]{0,2}\s?[:：]"
    r"|(?:published|issued) by\s(?:the\s)?)[*_\s]{0,4}([^\n。;；|:：]{2,60}?)[*_\s.]{0,4}$",
    re.I | re.M,
)


def report_of(written: Written, name: str, kind: str, digest: str) -> Report:
    """The report of what was read; ``name`` is its path, ``digest`` the SHA-256 of the file."""
    about = written.about
    stem = PurePosixPath(name).stem
    title = _said_title(about.get("title", ""))
    if not title and kind != "pdf":  # the first heading of a PDF may be that of a chapter
        title = _title_in(written.text, kind)
    title = title or _said_title(about.get("name", "")) or _readable(stem)
    body = "".join(written.text[a:b] for a, b in content(written.text, kind)[:50])[:20000]
    top = plain(written.text[: min(_TOP, *written.pages[1:2], len(written.text))])
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
        period=period_of(title, stem, top, about.get("period", "")),
        left_out=written.left_out,
    )


def front_matter(text: str) -> dict[str, str]:
    """Title, publisher, published, language, source, period and series of front matter; those that are there."""
    front = front_of(text)
    return said_in(front) if front else {}


def sidecar_of(path: Path) -> Path | None:
    """The file beside a report that says what the report is: ``a.pdf.toml``, else ``a.toml``; None without one."""
    beside = (path.with_name(f"{path.name}.toml"), path.with_suffix(".toml"))
    return next((sidecar for sidecar in beside if sidecar.is_file()), None)


def is_sidecar(name: str, names: Container[str], stems: Container[str]) -> bool:
    """Does a file's name say that it is about a report beside it? ``names`` and ``stems`` are those of the reports."""
    told = name.removesuffix(".toml")
    return told != name and (told in names or told in stems)


def with_sidecar(written: Written, path: Path) -> Written:
    """What was read, with what the report's sidecar says of it; a broken sidecar is told of and does not count."""
    sidecar = sidecar_of(path)
    if not sidecar:
        return written
    try:
        with sidecar.open("rb") as file:
            values = tomllib.loads(file.read(_LARGEST_SIDECAR).decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        why = Told(
            f"{sidecar.name} cannot be read as TOML ({error}) and was ignored. Mend it or delete it.",
            f"{sidecar.name} 不是能读的 TOML，没有采用。请改正或删掉它。",
        )
        return replace(written, left_out=(*written.left_out, why))
    said = {key: str(values[key]).strip() for key in _SIDECAR if isinstance(values.get(key), str | int | date)}
    return replace(written, about={**written.about, **said})


def _said_title(said: str) -> str:
    """A title from front matter or properties; "" where it is that of no report: ``Untitled``, ``Document1``."""
    title = plain(_MADE_WITH.sub("", _MADE_WITH.sub("", said.strip())))
    return title if _may_be_title(title) else ""


def _may_be_title(words: str) -> bool:
    """Not code, a link, a number, a date, or what names no report."""
    letters = "".join(char for char in words if char.isalpha() and char not in "年月日第页")
    named = words.lower().strip(" \t0123456789.:：-—–*#_")
    return bool(letters) and named not in _NO_TITLE and not _CODE.match(words) and not _LINK.fullmatch(words)


def _title_in(text: str, kind: str) -> str:
    """The first heading of level 1 that may be a title, else the first of all, else a short first line."""
    spans = content(text[:50000], kind)
    headings = [heading for heading in headings_of(text[:50000], spans, kind) if _is_short_title(heading[3])]
    first = next((heading for heading in headings if heading[2] == 1), headings[0] if headings else None)
    if first:
        return first[3]
    for start, end in spans[:1]:
        line = text[start:end].strip().split("\n")[0]
        words = plain(line)
        if not line.startswith(("|", "`", "~")) and _is_short_title(words) and words[-1] not in "。.!?！？；;,，:：":
            return words
    return ""


def _is_short_title(words: str) -> bool:
    return 2 <= weight(words) <= _LONGEST_TITLE and _may_be_title(words)


def _readable(stem: str) -> str:
    """A file's name as a title: ``2019-05-03_cloud_survey`` -> ``cloud survey``."""
    words = " ".join(_DATED.sub(" ", stem).replace("_", " ").split()).strip(" -–—.")
    return words if any(char.isalpha() for char in words) else stem.replace("_", " ")


def _publisher_in(text: str, kind: str) -> str:
    """Who publishes it by its first lines, or is to be named in a reprint: ``转载请注明作者和出处某某`` -> ``某某``."""
    if said := _PUBLISHED_BY.search(text[:_TOP]):
        return plain(said[1])
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
