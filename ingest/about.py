"""What a file says of itself: its title, who published it and when, its language, where it came from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

import yaml

from ingest.clean import FRONT_MATTER, content, is_front_matter, plain
from ingest.split import headings_of, language_of, weight
from ingest.written import Written
from records import Report


def report_of(written: Written, name: str, kind: str, digest: str) -> Report:
    """The report of what was read; ``name`` is its path, ``digest`` the SHA-256 of the file."""
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


def front_matter(text: str) -> dict[str, str]:
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
