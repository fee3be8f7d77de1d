"""Years: which a report is about, and which a question asks for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from records import Report
from text.periods import asks_latest, relative_years, years


def years_of(report: Report) -> frozenset[int]:
    """The years a report is about: of its title or name, else of the period it covers, else of its publication."""
    named = frozenset(years(f"{report.title} {report.path}")) or frozenset(years(report.period))
    return named or frozenset({report.year} if report.year else ())


def years_asked(question: str, today: date, latest: Callable[[], int]) -> frozenset[int]:
    """The years a question names: ``2024``, ``去年`` as seen from ``today``, ``the latest`` as ``latest``."""
    asked = {*years(question), *(today.year + offset for offset in relative_years(question))}
    if not asked and asks_latest(question):
        asked.add(latest())
    return frozenset(asked)
