"""Front matter, in YAML, TOML or JSON: where it ends, and what it says of the report."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import yaml

#: No front matter is longer, in characters.
LONGEST = 100_000

#: What we look for, and how front matter calls it, in any case; the first that is there counts.
_KEYS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "标题"),
    "publisher": ("publisher", "authors", "author", "organization", "发布机构", "作者"),
    "published": ("published", "date", "发布日期", "日期"),
    "language": ("language", "lang", "语言"),
    "source": ("source", "url", "externalurl", "canonical"),
    "period": ("period", "报告期"),
    "series": ("series", "系列"),
}
#: A block with one of these is front matter, whatever else stands in it.
_KNOWN = {key for keys in _KEYS.values() for key in keys} | {"layout", "tags", "categories", "draft", "description"}

_OPENING = re.compile(r"\ufeff?(?:[ \t]*\n)*(---|\+\+\+)[ \t]*\n")
_CLOSING: Mapping[str, re.Pattern[str]] = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.M),
    "+++": re.compile(r"^\+\+\+[ \t]*(?:\n|\Z)", re.M),
}
#: ``Title: x`` on top, and lines of a name and its value up to a blank line
_BARE = re.compile(r"\ufeff?((?:title|标题)[ \t]*[:：][^\n]*\n(?:[\w-]+[ \t]*[:：][^\n]*\n)+)[ \t]*(?:\n|\Z)", re.I)
_LINE_END = re.compile(r"[ \t]*(?:\n|\Z)")
#: ``title: x``, ``date=x``; no address
_KEY = re.compile(r"[\"']?([\w.-]+)[\"']?[ \t]*[:=](?!//)")
#: So deep nothing that we look for is nested, and parsers give up late.
_DEEP = re.compile(r"(?:[\[{][^\[\]{}]{0,20}){20}")
#: What stands between keys: a blank or indented line, ``# a comment``, ``- an item``, brackets, a ``[table]``
_BETWEEN = re.compile(r"\s*$|\s|#|-(?:\s|$)|[\[\]{}]")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """A block of ``yaml``, ``toml`` or ``json``: its text, and the offset behind it."""

    shape: str
    text: str
    end: int


def front_of(text: str) -> FrontMatter | None:
    """The front matter at the top of a text; None where there is none, as under a rule."""
    opening = _OPENING.match(text, 0, LONGEST)
    if not opening:
        return _json_of(text) if text[:1] == "{" else _bare_of(text)
    closing = _CLOSING[opening[1]].search(text, opening.end(), opening.end() + LONGEST)
    if not closing:
        return None
    inner = text[opening.end() : closing.start()]
    shape = "yaml" if opening[1] == "---" else "toml"
    return FrontMatter(shape, inner, closing.end()) if _is_front_matter(inner) else None


def said_in(front: FrontMatter) -> dict[str, str]:
    """Title, publisher, published, language, source, period and series; those that are there."""
    values = {key.lower(): value for key, value in _values(front).items() if isinstance(key, str)}
    found = {name: next(filter(None, (_words(values.get(key)) for key in keys)), "") for name, keys in _KEYS.items()}
    return {name: value for name, value in found.items() if value}


def _bare_of(text: str) -> FrontMatter | None:
    """``Title: x`` and lines like it on top of a text, up to a blank one, where each says something that we know. They
    are read by people, too, and stay part of the report.
    """
    found = _BARE.match(text, 0, LONGEST)
    pairs = [re.split("[:：]", line, maxsplit=1) for line in found[1].splitlines()] if found else []
    if not found or len(pairs) < 2 or any(key.strip().lower() not in _KNOWN for key, _ in pairs):
        return None
    said = "\n".join(f"{key.strip()}: {json.dumps(value.strip())}" for key, value in pairs)
    return FrontMatter("yaml", said, 0)


def _json_of(text: str) -> FrontMatter | None:
    """``{"title": "x"}`` on top of a text, alone on its lines."""
    try:
        values, end = json.JSONDecoder().raw_decode(text[:LONGEST])
    except (ValueError, RecursionError):
        return None
    known = isinstance(values, dict) and not _KNOWN.isdisjoint(key.lower() for key in values)
    behind = _LINE_END.match(text, end)
    return FrontMatter("json", text[:end], behind.end()) if known and behind else None


def _is_front_matter(inner: str) -> bool:
    """Do the lines read ``name: value`` from the first on? Prose between two rules, with a colon or two, does not."""
    lines = [line for line in inner.split("\n") if line.strip()]
    keys = [key[1] for line in lines if (key := _KEY.match(line))]
    fitting = sum(bool(_KEY.match(line) or _BETWEEN.match(line)) for line in lines)
    if not lines:
        return True
    if not keys or not (_KEY.match(lines[0]) or lines[0].lstrip()[0] in "#["):
        return False
    if any(key.lower() in _KNOWN for key in keys):
        return 3 * fitting >= 2 * len(lines)
    return fitting == len(lines) and keys[0][0].islower()


def _values(front: FrontMatter) -> Mapping[str, object]:
    """The values of the block; where it is broken, those of its lines ``name: value`` or ``name = value``."""
    values: object = None
    try:
        if _DEEP.search(front.text):
            raise ValueError("nested too deeply")
        if front.shape == "yaml":
            values = yaml.load(front.text, Loader=yaml.BaseLoader)
        else:
            values = tomllib.loads(front.text) if front.shape == "toml" else json.loads(front.text)
    except (yaml.YAMLError, ValueError, RecursionError):
        pairs = re.findall(r"(?m)^([\w.-]+)[ \t]*[:=][ \t]*(\S.*)$", front.text)
        values = {key: value.strip("\"' \t") for key, value in pairs}
    return values if isinstance(values, dict) else {}


def _words(value: object) -> str:
    """A value as words: ``["A", {"name": "B"}]`` -> ``A, B``; "" where it says nothing in words."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_words, value[:20]))) if not _nested(value) else ""
    if isinstance(value, dict):
        name = value.get("name")
        return name.strip() if isinstance(name, str) else ""
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _nested(values: list[object]) -> bool:
    return any(isinstance(value, list) for value in values)
