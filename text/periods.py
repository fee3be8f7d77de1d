"""Years and parts of years that a text names, Chinese and English alike: FY23, 二〇二二年, 2023Q3, 去年."""

from __future__ import annotations

import re
from functools import lru_cache

#: ``2023``, in ``2023-04-01``, ``FY2023``, ``2023Q3`` too
_WRITTEN = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
#: ``二〇二二年``, ``二零二二 年``
_IN_CHINESE = re.compile(r"([一二][〇○零一二三四五六七八九]{3})\s?年")
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
#: ``2022-23``, ``2022/23``: a year that ends in the next
_ACROSS = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/–](\d\d)(?![\d/-])")
#: ``23年``, not ``25 年来``; ``FY23``, ``3Q23``, ``'23``, ``23Q3``
_SHORT = re.compile(
    r"(?<![\d近约去了.])([12]\d)\s?年(?![前后来间期内以多])"
    r"|\b(?:FY|CY|[1-4]Q|Q[1-4]|H[12]|[12]H)\s?['’]?([12]\d)(?!\d)"
    r"|(?<=\s)['’]([12]\d)\b"
    r"|(?<![\d.])([12]\d)(?:Q[1-4]|H[12])(?!\d)",
    re.I,
)
_RELATIVE = (
    (-2, re.compile(r"前年|\btwo years ago\b|\bthe year before last\b", re.I)),
    (-1, re.compile(r"去年|上一?年度|\b(?:last|past|previous) year(?!s)", re.I)),
    (0, re.compile(r"今年|本年度|\bthis year(?!s)", re.I)),
    (1, re.compile(r"明年|\bnext year\b", re.I)),
)
_LATEST = re.compile(
    r"最新|最近(?:一[年期份]|的)|目前|现在|当前"
    r"|\b(?:latest|newest|most recent|currently|current|nowadays|up to date)\b",
    re.I | re.ASCII,
)
#: Each part of a year, and how it is written.
_PARTS = {
    "Q1": re.compile(r"(?<![a-z])Q1(?!\d)|\b1Q|(?<!前)(?<!后)(?:第?一|1)\s?季度?|\bfirst[- ]quarter\b", re.I),
    "Q2": re.compile(r"(?<![a-z])Q2(?!\d)|\b2Q|(?<!前)(?<!后)(?:第?二|2)\s?季度?|\bsecond[- ]quarter\b", re.I),
    "Q3": re.compile(r"(?<![a-z])Q3(?!\d)|\b3Q|(?<!前)(?<!后)(?:第?三|3)\s?季度?|\bthird[- ]quarter\b", re.I),
    "Q4": re.compile(r"(?<![a-z])Q4(?!\d)|\b4Q|(?:第?四|4)\s?季度?|\bfourth[- ]quarter\b", re.I),
    "H1": re.compile(r"(?<![a-z])H1(?!\d)|\b1H|上半年|半年度|中期报告|\bfirst[- ]half\b|\bhalf[- ]year(?:ly)?\b", re.I),
    "H2": re.compile(r"(?<![a-z])H2(?!\d)|\b2H|下半年|\bsecond[- ]half\b", re.I),
    "9M": re.compile(r"前三(?:个)?季度?|1\s?[-—至]\s?9\s?月|\b(?:first )?nine months\b|\b9M\b", re.I),
}


@lru_cache(maxsize=8192)
def years(text: str) -> tuple[int, ...]:
    """The years a text names, each once, in its order: ``FY23 和 2022 年`` -> ``(2023, 2022)``."""
    found = [(match.start(), int(match[1])) for match in _WRITTEN.finditer(text)]
    if "年" in text:
        found += [(match.start(), int(match[1].translate(_DIGITS))) for match in _IN_CHINESE.finditer(text)]
    for match in _ACROSS.finditer(text):
        if int(match[2]) == (int(match[1]) + 1) % 100:
            found.append((match.start() + 1, int(match[1]) + 1))
    found += [(match.start(), 2000 + int(match[match.lastindex or 1])) for match in _SHORT.finditer(text)]
    return tuple(dict.fromkeys(year for _, year in sorted(found)))


def relative_years(text: str) -> tuple[int, ...]:
    """The years that a text names as seen from today: ``去年`` -> ``(-1,)``."""
    return tuple(offset for offset, said in _RELATIVE if said.search(text))


@lru_cache(maxsize=8192)
def parts(text: str) -> frozenset[str]:
    """The parts of a year that a text names: ``2023年第三季度`` -> ``{"Q3"}``; also H1, H2 and 9M."""
    return frozenset(part for part, said in _PARTS.items() if said.search(text))


def asks_latest(text: str) -> bool:
    """Is the newest meant: ``最新的报告``, ``the latest figures``?"""
    return _LATEST.search(text) is not None


def without_latest(text: str) -> str:
    """The text without the words that ask for what is latest: ``最新的贡献公司数`` -> ``贡献公司数``."""
    return re.sub(r"\s{2,}", " ", _LATEST.sub(" ", text)).strip()
