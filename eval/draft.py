"""Questions for your own reports: ``python -m eval draft --reports DIR --out FILE`` proposes them, a person confirms.

Each is made from a figure and what it is called, in a sentence or a table's cell, with its facts and evidence. Reword
it as people ask and set ``"confirmed": true``; ``python -m eval --index DIR --questions FILE`` asks it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from answer.proposed import Proposal, of_figures, of_rows
from index.batch import write_lines
from index.commands import Parser
from ingest.read import Unreadable, read
from records import Report
from text.language import language_of


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes the proposals; 0 when it went well, 1 with a sentence on stderr when not."""
    parser = Parser(prog="python -m eval draft", description="Questions for your own reports")
    parser.add_argument("--reports", type=Path, required=True, metavar="DIR", help="the folder of reports")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the JSONL file to write")
    parser.add_argument("--count", type=int, default=20, help="at most so many of each report (default: 20)")
    chosen = parser.parse_args(arguments)
    if chosen.out.exists():
        print(f"{chosen.out} exists. Name another file, or your confirmed questions would be lost.", file=sys.stderr)
        return 1
    if not chosen.reports.is_dir():
        print(f"{chosen.reports} is no folder. Name the folder of your reports with --reports.", file=sys.stderr)
        return 1
    write_lines(chosen.out, (row for report in _reports(chosen.reports) for row in rows(report, chosen.count)))
    return 0


def _reports(folder: Path) -> Iterator[Report]:
    """The reports of a folder by path; a file that is none is told and left out."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(".")):
        try:
            yield read(path, folder)
        except Unreadable as error:
            print(error, file=sys.stderr)


def unconfirmed(path: Path) -> set[str]:
    """The ids of the questions in a file that nobody has confirmed: ``"confirmed": false``."""
    found = set()
    for line in path.read_text("utf-8", errors="replace").splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict) and row.get("confirmed") is False:
            found.add(str(row.get("id")))
    return found


def rows(report: Report, most: int) -> list[dict[str, object]]:
    """At most so many proposals of a report, spread over it, as lines of a questions file."""
    proposals = list(proposed(report))
    step = max(1, len(proposals) / max(most, 1))
    picked = [proposals[int(i * step)] for i in range(min(most, len(proposals)))]
    stem = re.sub(r"\W+", "-", report.path).strip("-")
    return [
        {
            "id": f"{stem}-{number}",
            "language": language_of(one.question) or "en",
            "kind": one.kind,
            "question": one.question,
            "answerable": True,
            "facts": [[one.fact]],
            "evidence": [{"report": report.path, "quote": one.quote}],
            "reports": [report.path],
            "confirmed": False,
        }
        for number, one in enumerate(picked, start=1)
    ]


def proposed(report: Report) -> Iterator[Proposal]:
    """The proposals of a report: those of its sentences, then those of its tables; each question once."""
    seen: set[str] = set()
    for proposal in (*of_figures(report), *of_rows(report)):
        if proposal.question not in seen:
            seen.add(proposal.question)
            yield proposal
