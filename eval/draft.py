"""Questions for your own reports: ``python -m eval draft --reports DIR --out FILE`` proposes them, a person confirms.

Each is made from a figure and what it is called, in a sentence or a table's cell, with its facts and evidence. Reword
it as people ask and set ``"confirmed": true``; ``python -m eval --index DIR --questions FILE`` asks it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.batch import write_lines
from index.commands import Parser
from ingest.read import Unreadable, read
from records import Report, Table
from text.language import language_of
from text.markdown import plain
from text.quantities import parse
from text.sentences import quotable
from text.tables import label_column, tables, words


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question, the fact that answers it, and the words of the report that hold it."""

    kind: str
    question: str
    fact: str
    quote: str


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
    title = plain(report.title)
    for proposal in (*_of_sentences(report, title), *_of_tables(report, title)):
        if proposal.question not in seen:
            seen.add(proposal.question)
            yield proposal


#: ``The fleet`` in ``The fleet grew to 31 ferries.``: what a figure is of, up to the verb.
_SUBJECT_EN = re.compile(
    r"^(?P<what>(?:The|Total|Average|Net|Gross|Our|Its) [a-z][\w '-]{2,60}?)"
    r" (?:was|were|is|are|reached|totall?ed|amounted to|came to|rose to|fell to|grew to) "
    r"(?:about |nearly |almost |some |around )?$"
)
#: ``全年货运量`` in ``全年货运量达到 3.2 万吨``
_SUBJECT_ZH = re.compile(
    r"(?:^|[，。；：])(?P<what>[㐀-鿿]{3,20}?)(?:为|达到|达|共计|合计|约为|增至|升至|降至|减至)\s*约?\s*$"
)
#: What points at something said before: no question can be made of it alone.
_POINTS = re.compile(r"^(?:其|该|这|此|它|两者|前者|后者)|^(?:Its|Our)\b")


def _of_sentences(report: Report, title: str) -> Iterator[Proposal]:
    """``The fleet grew to 31 ferries.`` -> ``According to “Fjord 2024”, what was the fleet?`` with 31 ferries."""
    spans = quotable(report.text, 0, len(report.text))
    for quote in (report.text[start:end] for start, end in spans):
        if "|" in quote or "\n" in quote:
            continue
        for quantity in (q for q in parse(quote) if q.certain and q.kind not in ("year", "date", "ordinal", "version")):
            pattern = _SUBJECT_ZH if language_of(quote) == "zh" else _SUBJECT_EN
            match = pattern.search(quote[: quantity.start])
            if match and not _POINTS.search(match["what"]):
                what, fact = match["what"].strip(), quote[quantity.start : quantity.end].strip()
                yield Proposal("number", _asked(what, title, language_of(quote)), fact, quote)
                break


def _of_tables(report: Report, title: str) -> Iterator[Proposal]:
    """A cell by the names of its row and column: ``In “Fjord 2024”, what is given as 2024 for Coast?``"""
    for table in tables(report.text):
        label = label_column(report.text, table)
        for row in table.rows:
            name = _cell(report, row.cells, label)
            for column, span in enumerate(row.cells):
                fact, heading = words(report.text, span).strip(), _name(table, column)
                is_figure = fact and not re.search(r"[^\W\d]{4,}", fact) and any(q.certain for q in parse(fact))
                if column != label and name and heading and is_figure:
                    language = language_of(name + heading) or report.language
                    quote = report.text[row.start : row.end]
                    yield Proposal("table", _asked((name, heading), title, language), fact, quote)


def _name(table: Table, column: int) -> str:
    return table.names[column].strip() if column < len(table.names) else ""


def _cell(report: Report, cells: Sequence[tuple[int, int]], column: int) -> str:
    return plain(words(report.text, cells[column])).strip() if column < len(cells) else ""


def _asked(what: str | tuple[str, str], title: str, language: str) -> str:
    """The question about what a figure is called, in its language; the report is named, as there may be others."""
    if language == "zh":
        thing = what if isinstance(what, str) else f"{what[0]}的“{what[1]}”"
        return f"《{title}》里，{thing}是多少？"
    thing = what[0].lower() + what[1:] if isinstance(what, str) else f"“{what[1]}” for {what[0]}"
    return f"According to “{title}”, what was {thing}?"
