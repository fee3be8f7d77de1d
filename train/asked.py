"""Lessons from reports and questions that were written for it, in other words than the report's.

``train/asked`` has invented reports (``NAME.zh.md``, ``NAME.en.md``), each with its questions and claims
(``NAME.jsonl``): half of the questions across languages, a third without an answer. ``real.jsonl`` has questions on
public reports that are kept elsewhere, with places instead of quotes. What stands in ``choice/`` the reader does not
learn: the choice is learned from it.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

from answer.candidates import excerpt
from index.search import Filters, Search
from ingest.read import read
from records import Report
from train.lesson import CONTRADICTED, SUPPORTED, UNKNOWN, Lesson
from train.lessons import without

#: Passages of the report that search ranks first for a question and that are read; of those that do not answer, so many
#: are kept beside the ones that do, and so many where none does.
_PASSAGES, _BESIDE, _INSTEAD = 16, 2, 2
#: Of passages that answer, so many are read a second time without what answers.
_NEAR_MISSES = 0.5
_VERDICTS = {"supported": SUPPORTED, "contradicted": CONTRADICTED, "unknown": UNKNOWN}


Row = dict[str, Any]


def rows(folder: Path) -> Iterator[tuple[str, Row]]:
    """Each question or claim with the path of its report."""
    for path in sorted(folder.glob("*.jsonl")):
        own = next((report.name for report in folder.glob(f"{path.stem}.*.md")), "")
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            yield row.get("report", own), row


def with_reports(folder: Path, elsewhere: Path, like: Search) -> list[tuple[list[tuple[str, Row]], Search]]:
    """The questions of ``folder`` with a search over its reports; those of ``real.jsonl`` with one over theirs.

    Of these a report that is not in ``elsewhere``, or reads otherwise than when the places were noted, is left out.
    """
    own, real = list[tuple[str, Row]](), list[tuple[str, Row]]()
    for path, row in rows(folder):
        (real if "report" in row else own).append((path, row))
    invented = [read(path, folder) for path in sorted(folder.glob("*.md"))]
    noted = {path: row["read"] for path, row in real}
    public = [read(elsewhere / path, elsewhere) for path in sorted(noted) if (elsewhere / path).is_file()]
    same = [report for report in public if crc32(report.text.encode()) == noted[report.path]]
    return [(own, Search.over(invented, like)), (real, Search.over(same, like))]


def lessons(asked: Sequence[tuple[str, Row]], search: Search, rng: random.Random) -> Iterator[Lesson]:
    """The lessons of questions on the reports of ``search``: a question with each passage that answers it, with some
    that would if nothing were taken out, and with some that do not, of those that search ranks first in its report;
    claims with their spans.
    """
    reports = {report.path: report for report in search.reports()}
    for path, row in asked:
        if report := reports.get(path):
            yield from _claimed(row) if "claim" in row else _asked(row, report, search, rng)


def _claimed(row: Row) -> Iterator[Lesson]:
    yield Lesson(row["claim"], "\n".join(row["evidence"]), verdict=_VERDICTS[row["verdict"]], source="asked-claim")


def _asked(row: Row, report: Report, search: Search, rng: random.Random) -> Iterator[Lesson]:
    places = list(_places(row, report))
    answer = next(filter(None, (_within(report.text, place, row) for place in places)), None)
    beside = list[Lesson]()
    for hit in search.search(row["q"], _PASSAGES, Filters(reports=(report.path,))):
        read = excerpt(report, hit)
        start, end = hit.passage.start, hit.passage.end
        own = tuple((max(s, start) - start, min(e, end) - start) for s, e in places if s < end and e > start)
        at = (answer[0] - start, answer[1] - start) if answer and start <= answer[0] and answer[1] <= end else None
        lesson = Lesson(row["q"], read.text, read.above, own, at if own else None, source="asked")
        if own:
            yield lesson
            if rng.random() < _NEAR_MISSES and (near := without(lesson)):
                yield near
        else:
            beside.append(lesson)
    yield from rng.sample(beside[:5], min(len(beside[:5]), _BESIDE if places else _INSTEAD))


def _places(row: Row, report: Report) -> Iterator[tuple[int, int]]:
    """Where the evidence stands in the report; a quote that is not found is left out."""
    for quote in row["evidence"]:
        if isinstance(quote, str):
            at = report.text.find(quote)
            if at >= 0:
                yield at, at + len(quote)
        else:
            yield quote[0], quote[1]


def _within(text: str, place: tuple[int, int], row: Row) -> tuple[int, int] | None:
    """Where the words that answer stand within one piece of evidence."""
    words: str = row.get("answer", "")
    at = text.find(words, *place) if words else -1
    return (at, at + len(words)) if at >= 0 else None
