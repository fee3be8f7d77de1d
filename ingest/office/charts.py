"""What charts and SmartArt drawings of Office files say: a chart as a table of its data, a drawing as a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from ingest.office import grid
from ingest.office.numberformat import shown
from ingest.written import table

_SPACES = {
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "d": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}


def find(element: Any, path: str) -> Any:
    """What a path finds below an element, in any part of the file."""
    return _path(path)(element)


@lru_cache(maxsize=64)
def _path(path: str) -> Any:
    from lxml import etree

    return etree.XPath(path, namespaces=_SPACES)


def chart(space: Any) -> list[str]:
    """A chart's titles, and its data: a row for each category, a column for each series."""
    titles = [
        grid.one_line("".join(find(title, ".//a:t/text()")))
        for title in find(space, ".//c:title[not(parent::c:catAx or parent::c:dateAx)]")
    ]
    tables: dict[tuple[str, ...], list[list[str]]] = {}
    for number, series in enumerate(find(space, ".//c:ser"), 1):
        values = _points(series, "val", "yVal")
        names = _points(series, "cat", "xVal")
        labels = tuple(names.get(n, str(n + 1)) for n in range(max([*values, *names], default=-1) + 1))
        name = "".join(find(series, "./c:tx//c:v/text()")) or f"{number}"
        column = [name, *(values.get(n, "") for n in range(len(labels)))]
        tables.setdefault(labels, []).append(column)
    written = [
        table(list(zip(["", *labels], *columns, strict=True))).rstrip("\n") for labels, columns in tables.items()
    ]
    return [*dict.fromkeys(filter(None, titles)), *filter(None, written)]


def _points(series: Any, *names: str) -> dict[int, str]:
    """The values of a series, or the names of its categories, by their number, as their format shows them."""
    said = [found for name in names for found in find(series, f"./c:{name}")]
    if not said:
        return {}
    if levels := find(said[0], ".//c:lvl"):
        return _levels([{int(point.get("idx")): _value(point) for point in find(level, "./c:pt")} for level in levels])
    figures = find(said[0], ".//c:numCache | .//c:numLit")
    code = "".join(find(figures[0], "./c:formatCode/text()")) if figures else ""
    labelled = "./c:dLbls[c:showVal/@val='1']/c:numFmt[@sourceLinked='0']/@formatCode"
    if "val" in names and (labels := find(series, f"{labelled} | .{labelled}")):
        code = labels[0]  # those of the series come before those of all
    return {
        int(point.get("idx")): _figure(_value(point), point.get("formatCode") or code) if figures else _value(point)
        for point in find(said[0], ".//c:pt")
    }


def _value(point: Any) -> str:
    return " ".join("".join(find(point, "./c:v/text()")).split())


def _levels(levels: Sequence[dict[int, str]]) -> dict[int, str]:
    """Names of categories in levels, the innermost first: ``2023`` over ``Q1``, ``Q2`` -> ``2023 Q1``, ``2023 Q2``."""
    names = dict(levels[0])
    for level in levels[1:]:
        outer = ""
        for number in sorted(names):
            outer = level.get(number, outer)
            names[number] = f"{outer} {names[number]}".strip()
    return names


def _figure(value: str, code: str) -> str:
    try:
        return shown(float(value), code)
    except ValueError:  # an error of the sheet behind the chart: #N/A
        return ""


def diagram(blob: bytes) -> list[str]:
    """The words of a SmartArt drawing as a list, each under what it belongs to."""
    from lxml import etree

    model = etree.fromstring(blob, etree.XMLParser(resolve_entities=False, no_network=True))
    words = {
        point.get("modelId"): grid.one_line(" ".join(find(point, ".//a:t/text()")))
        for point in find(model, ".//d:pt")
        if point.get("type", "node") in ("node", "asst", "doc")
    }
    links = [link for link in find(model, ".//d:cxn") if link.get("type", "parOf") == "parOf"]
    below: dict[str, list[str]] = {}
    for link in sorted(links, key=lambda link: int(link.get("srcOrd", 0))):
        below.setdefault(link.get("srcId"), []).append(link.get("destId"))
    tops = [point for point in words if not any(point in points for points in below.values())]
    return [line for top in tops for line in _branch(top, words, below, 0, set())]


def _branch(
    point: str, words: dict[str, str], below: dict[str, list[str]], depth: int, seen: set[str]
) -> Iterator[str]:
    if point in seen or point not in words:
        return
    seen.add(point)
    if words[point]:
        yield "  " * depth + "- " + words[point]
    for inner in below.get(point, ()):
        yield from _branch(inner, words, below, depth + bool(words[point]), seen)
