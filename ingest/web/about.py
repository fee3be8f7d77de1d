"""What an HTML page says of itself: its title, publisher, date and address, where it names them as such."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import copy
from typing import Any

from ingest.web.main import take_out_hidden
from ingest.web.markdown import words_of
from text.language import weight

#: The names of ``meta`` elements, the surest first.
_DATES = (
    "article:published_time og:published_time citation_publication_date citation_date dc.date.issued"
    " dcterms.issued dcterms.date dc.date datepublished publishdate publish_date publication_date pubdate date"
).split()
_PUBLISHERS = "og:site_name publisher dc.publisher dcterms.publisher citation_publisher author dc.creator".split()
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? )?"
_MONTH = rf"(?P<name>{'|'.join(_MONTHS)})[a-z]*\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
#: ``2024-03-01``, ``2024年3月1日``, ``2024/3``, ``20240301``
_NUMERIC = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?:\s?[-/.年]\s?(?P<month>\d{1,2})(?!\d)(?:\s?[-/.月]\s?(?P<day>\d{1,2})(?!\d))?"
    r"|(?P<month2>\d\d)(?P<day2>\d\d)(?!\d)|(?![\d/.-]))"
)
#: ``3 March 2024``, ``Fri, 01 Mar 2024``
_DAY_FIRST = re.compile(rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH},? {_YEAR}", re.I)
#: ``March 3, 2024``, ``March 2024``
_MONTH_FIRST = re.compile(rf"{_WEEKDAY}{_MONTH} (?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? )?{_YEAR}", re.I)
#: What stands before the date a page was published: ``发布时间：``, ``Published on``, ``Date published:``
_LABEL = re.compile(
    r"(?:^|[|·•—,，;；\s])(?:(?:发布|發布|发表|發表|刊发|公布|发文|出版)(?:时间|時間|日期|于|於)\s*[:：]?"
    r"|(?:Published|Posted|Publication date|Date published|Date of publication)(?: on)?\s*:?)\s*"
)
#: Lines that name the day of publication stand in the first so many, and are no longer, in English characters.
_LINES, _LONGEST_LINE = 200, 160
#: What stands between a title and the name of its site: `` - ``, ``|``, ``_``, ``——``
_SEPARATOR = r"(?:\s+[-–—|·•»:]\s+|\s*[|_｜»]\s*|\s*——?\s*)"
#: Titles that editors give: ``无标题文档``, ``Untitled-1``
_NO_TITLE = re.compile(r"(?:无标题文档|未命名|untitled|document|index|home|首页|new page|网页)[\s\d-]*|[\W\d]*", re.I)


def about_page(root: Any) -> dict[str, str]:
    """Title, publisher, published and source of a page; those that it states."""
    stated = _metas(root)
    linked = list(_linked_data(root))
    site = stated.get("og:site_name", "")
    links = (link.get("href", "") for link in root.iter("link") if link.get("rel", "").lower() == "canonical")
    about = {
        "title": _title(root, stated, site),
        "publisher": next(_publishers(stated, linked), ""),
        "published": _published(root, stated, linked),
        "source": next((url for url in (*links, stated.get("og:url", "")) if re.match("https?://", url)), ""),
    }
    return {key: value for key, value in about.items() if value}


def date_of(text: str) -> str:
    """The ISO date, month or year that a text begins with: ``3 March 2024, 10:00`` -> ``2024-03-03``; else ""."""
    text = text.strip()
    found = _NUMERIC.match(text) or _DAY_FIRST.match(text) or _MONTH_FIRST.match(text)
    if not found:
        return ""
    said = found.groupdict()
    name = said.get("name")
    month = _MONTHS.index(name[:3].lower()) + 1 if name else int(said["month"] or said["month2"] or 0)
    day = int(said.get("day") or said.get("day2") or 0)
    if month > 12 or day > 31:
        return ""
    return said["year"] + (f"-{month:02}" if month else "") + (f"-{day:02}" if month and day else "")


def _metas(root: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        content = " ".join(meta.get("content", "").split())
        if content:
            found.setdefault(name.lower(), content)
    return found


def _linked_data(root: Any) -> Iterator[dict[str, Any]]:
    """The objects of schema.org that say they are the page or what is written on it."""
    for script in root.iter("script"):
        if "ld+json" not in script.get("type", ""):
            continue
        try:
            data = json.loads("".join(script.itertext()))
        except (ValueError, RecursionError):
            continue
        parts = data if isinstance(data, list) else [data]
        for part in parts:
            inner = part.get("@graph") if isinstance(part, dict) else None
            for item in inner if isinstance(inner, list) else [part]:
                if isinstance(item, dict) and re.search(r"Article|Posting|Report|WebPage|Book", str(item.get("@type"))):
                    yield item


def _title(root: Any, stated: dict[str, str], site: str) -> str:
    """``og:title``, else the only ``h1`` or ``title``, whichever says more of the page and not of its site."""
    title = next((words_of(element) for element in root.iter("title")), "")
    headings = [words for heading in root.iter("h1") if (words := _seen(heading)) and words != site]
    heading = headings[0] if len(headings) == 1 and weight(headings[0]) <= 200 else ""
    title = "" if _NO_TITLE.fullmatch(title) else _without(title, site)
    said = _without(stated.get("og:title", ""), site)
    if said and said != site:
        return said
    if heading and title.startswith(heading):
        rest = title[len(heading) :]
        title = title if re.search(r"(?:19|20)\d\d", rest) or not re.match(_SEPARATOR, rest) else heading
    return title if title and (not heading or heading in title) else heading or title


def _seen(element: Any) -> str:
    copied = copy(element)
    take_out_hidden(copied)
    return words_of(copied)


def _without(title: str, site: str) -> str:
    """A title without the site's name at its end or start: ``Growth - Example News`` -> ``Growth``."""
    if not site or title == site:
        return title
    name = re.escape(site)
    for pattern in (rf"(.+?){_SEPARATOR}{name}", rf"{name}{_SEPARATOR}(.+)"):
        if found := re.fullmatch(pattern, title):
            return found[1]
    return title


def _publishers(stated: dict[str, str], linked: list[dict[str, Any]]) -> Iterator[str]:
    """Who published the page: the site, the publisher, else the author; addresses are no names."""
    values = [stated.get(name) for name in _PUBLISHERS[:-2]]
    values += [_name(item.get(key)) for key in ("publisher", "author") for item in linked]
    values += [stated.get(name) for name in _PUBLISHERS[-2:]]
    return (value for value in values if value and not re.match(r"https?:|www\.|@", value) and weight(value) <= 100)


def _name(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_name, value[:5])))
    name = value.get("name") if isinstance(value, dict) else value
    return " ".join(name.split()) if isinstance(name, str) else ""


def _published(root: Any, stated: dict[str, str], linked: list[dict[str, Any]]) -> str:
    """When the page was published, as it says in its metadata, beside its title or on a line that is labelled so."""
    values = [stated[name] for name in _DATES if name in stated]
    values += [str(item["datePublished"]) for item in linked if item.get("datePublished")]
    for value in values:
        if date := date_of(value):
            return date
    for dates in (_time_elements(root), _labelled(root)):
        found = set(filter(None, map(date_of, dates)))
        if found:
            return found.pop() if len(found) == 1 else ""
    return ""


def _time_elements(root: Any) -> Iterator[str]:
    """The dates of ``time`` elements that are marked as that of publication, or stand in the header of an article."""
    for time in root.iter("time"):
        header = next(time.iterancestors("header"), None)
        marked = (
            time.get("pubdate") is not None
            or "published" in time.get("class", "")
            or time.get("itemprop") == "datePublished"
        )
        titled = header is not None and next(header.iter("h1", "h2"), None) is not None
        if (marked or titled) and "updated" not in time.get("class", "").replace("published", ""):
            yield time.get("datetime") or words_of(time)


def _labelled(root: Any) -> Iterator[str]:
    """What stands behind the label of a date of publication, on a short line near the top that is no sentence."""
    body = root.find(".//body")
    parts = () if body is None else body.iter("p", "div", "span", "li", "td", "time")
    leaves = (part for part in parts if not any(child.tag in ("p", "div", "li", "ul", "table") for child in part))
    lines = filter(None, map(words_of, leaves))
    for number, line in enumerate(lines):
        if number >= _LINES:
            return
        if weight(line) <= _LONGEST_LINE and not re.search(r"。|[a-z]\.(?: |$)", line):
            yield from (line[label.end() :] for label in _LABEL.finditer(line))
