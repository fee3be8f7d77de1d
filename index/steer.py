"""Years: which a report is about, and which a question asks for."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from records import Report

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_RELATIVE = (
    (-2, re.compile(r"前年|\btwo years ago\b", re.I)),
    (-1, re.compile(r"去年|上一?年度|\blast year\b|\bprevious year\b", re.I)),
    (0, re.compile(r"今年|本年度|\bthis year\b", re.I)),
)
_LATEST = re.compile(r"最新|最近(?:一[年期份]|的)|\b(?:latest|newest|most recent)\b", re.I)


def years_of(report: Report) -> frozenset[int]:
    """The years a report is about: those of its title or name, else of its publication."""
    named = frozenset(int(year) for year in YEAR.findall(f"{report.title} {report.path}"))
    return named or frozenset({report.year} if report.year else ())


def years_asked(question: str, today: date, latest: Callable[[], int]) -> frozenset[int]:
    """The years a question names: ``2024``, ``去年`` as seen from ``today``, ``the latest`` as ``latest``."""
    years = {int(year) for year in YEAR.findall(question)}
    years |= {today.year + offset for offset, said in _RELATIVE if said.search(question)}
    if not years and _LATEST.search(question):
        years |= {latest()}
    return frozenset(years)
