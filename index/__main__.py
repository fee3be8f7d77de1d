"""The index from the command line: build, watch, status, show, search, verify, remove, backup, restore."""

from __future__ import annotations

import argparse
import json
import os
import re
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from index.backup import backup, restore
from index.batch import earlier_turns, end_with_the_reader, half_of, read_lines, write_lines
from index.commands import Parser
from index.encoder import ModelMissing
from index.generation import Built, Busy, NoIndex, Taken, Unwritable, Vanished, build, open_store, verify, withdraw
from index.search import Search
from index.show import as_json, as_text, find
from records import Hit, Turn
from settings import Settings
from text.words import content_words

#: What follows on an earlier question: it opens so, or has no more words of its own than this.
_FOLLOWING = re.compile(r"\s*(?:那|它|(?:and|what about|how about)\b)", re.IGNORECASE)
_FEW_WORDS = 3
#: How often ``watch`` may look, in seconds.
_SOONEST, _LATEST = 0.1, 86_400
#: More reports than this are only counted, unless each is asked for.
_MANY = 50


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; 0 when it went well, 1 with a sentence on stderr when not."""
    options = _parser().parse_args(arguments)
    try:
        settings = Settings.read(os.environ)
        given = {name: getattr(options, name, None) for name in ("reports", "index", "model")}
        if empty := [name for name, value in given.items() if value == ""]:
            raise ValueError(f"--{empty[0]} is empty. Leave it out, or name a folder.")
        changes: dict[str, Any] = {
            name: value if name == "model" else Path(value) for name, value in given.items() if value
        }
        return int(options.run(replace(settings, **changes), options))
    except (
        NoIndex,
        Busy,
        Unwritable,
        Vanished,
        ModelMissing,
        NotADirectoryError,
        FileNotFoundError,
        ValueError,
    ) as error:
        print(error, file=sys.stderr)
        return 1
    except (sqlite3.Error, OSError, RuntimeError) as error:  # of the disk, of SQLite and of tantivy
        print(f"The index cannot be used: {error}. `python -m index verify` says more.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _build(settings: Settings, options: argparse.Namespace) -> int:
    built = build(settings, _say, options.yes)
    if not options.quiet:
        _tell_each(built, options.verbose)
    print(_summary(built))
    return 1 if built.kept else 0


def _watch(settings: Settings, options: argparse.Namespace) -> int:
    """Follows the folder until it is stopped; looks every ``--every`` seconds. What is amiss is said once."""
    if not _SOONEST <= options.every <= _LATEST:
        raise ValueError(f"--every is {options.every:g}. It should be from {_SOONEST} to {_LATEST} seconds.")
    _say(f"Watching {settings.reports}. Stop with Ctrl-C.")
    said: object = ()
    while True:
        try:
            built = build(settings)
        except (Busy, NoIndex, NotADirectoryError, Unwritable, Vanished) as error:
            now: object = str(error)
            if now != said:
                _say(str(error))
        else:
            now = built.problems
            if built.added or built.changed or built.removed or now and now != said:
                _tell_each(built, verbose=False)
                print(_summary(built))
        said = now
        time.sleep(options.every)


def _status(settings: Settings, options: argparse.Namespace) -> int:
    with open_store(settings) as store:
        reports = store.reports(store.generation, texts=False).values()
        print(f"generation {store.generation}, {len(reports)} reports, {store.count(store.generation)} passages")
        print(f"made by {store.meta('made_by')}")
        for report in reports:
            print(f"{report.path}\t{report.language}\t{report.published or '-'}\t{report.title}")
    return 0


def _show(settings: Settings, options: argparse.Namespace) -> int:
    with open_store(settings) as store:
        report, passages = find(store, options.report)
        if options.json:
            print(json.dumps(as_json(report, passages), ensure_ascii=False))
        else:
            print("\n".join(as_text(report, passages)))
    return 0


def _search(settings: Settings, options: argparse.Namespace) -> int:
    if options.k < 1:
        raise ValueError(f"--k is {options.k}. It should be 1 or more.")
    search = Search.open(settings)
    if not options.batch:
        if not options.question:
            raise ValueError("Nothing to search for. Give a question, or --batch QUESTIONS.jsonl --out HITS.jsonl.")
        if half := half_of(options.question):
            raise ValueError(f"The question has half a character ({half}), which is no text. Please mend it.")
        for hit in search.search(options.question, options.k):
            print(_line(search, hit), end="\n\n")
        return 0
    asked, problems = read_lines(options.batch, ("id", "question"))
    write_lines(options.out, _found(asked, search, options.k, problems))
    for problem in problems:
        print(problem, file=sys.stderr)
    return 0


def _found(asked: Sequence[dict[str, Any]], search: Search, k: int, problems: list[str]) -> Iterator[dict[str, Any]]:
    for row in asked:
        try:
            question = _whole(row["question"], earlier_turns(row))
        except ValueError as error:
            problems.append(f"Question {row['id']!r} {error}; skipped.")
            continue
        yield {"id": row["id"], "hits": [_row(search, hit) for hit in search.search(question, k)]}


def _verify(settings: Settings, options: argparse.Namespace) -> int:
    found = verify(settings)
    print("\n".join(found) or "The index is whole.")
    return 1 if found else 0


def _remove(settings: Settings, options: argparse.Namespace) -> int:
    """Deletes reports from the folder and lets the index follow; none if one of them is no report."""
    files = [settings.reports / path for path in options.paths]
    for path, file in zip(options.paths, files, strict=True):
        if not file.resolve().is_relative_to(settings.reports.resolve()):
            raise ValueError(f"{path} is not inside {settings.reports}. Give a path below the folder of reports.")
        if not file.is_file() and not settings.database:
            raise FileNotFoundError(f"{file} is no report. `python -m index status` lists them.")
    for file in files:
        file.unlink(missing_ok=True)
    withdraw(settings, options.paths)
    built = build(settings, yes=True)
    _tell_each(built, verbose=False)
    print(_summary(built))
    return 0


def _backup(settings: Settings, options: argparse.Namespace) -> int:
    backup(settings, options.file)
    print(f"The index is saved in {options.file}. Save the folder {settings.reports} beside it.")
    return 0


def _restore(settings: Settings, options: argparse.Namespace) -> int:
    built = restore(settings, options.file)
    print(f"Restored: generation {built.generation}, {built.passages} passages.")
    return 0


def _whole(question: str, earlier: Sequence[Turn]) -> str:
    """A follow-up with the question before it, itself made whole; any other question as it is.

    ``那 2025 年呢?`` after ``贡献公司有多少家?`` -> ``贡献公司有多少家? 那 2025 年呢?``. ``earlier`` is oldest first.
    """
    asked = [turn for turn in earlier if turn.question.strip()]
    if asked and (_FOLLOWING.match(question) or len(content_words(question)) <= _FEW_WORDS):
        return f"{_whole(asked[-1].question, asked[:-1])} {question}"
    return question


def _row(search: Search, hit: Hit) -> dict[str, object]:
    report, passage = search.report(hit.passage.report_id), hit.passage
    return {
        "report": report.id,
        "path": report.path,
        "start": passage.start,
        "end": passage.end,
        "page": passage.page,
        "text": search.text(passage),
        "score": round(hit.score, 6),
    }


def _line(search: Search, hit: Hit) -> str:
    report = search.report(hit.passage.report_id)
    place = " > ".join([report.path, *hit.passage.headings])
    return f"{hit.score:.3f}  {place}\n{search.text(hit.passage)}"


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def _tell_each(built: Built, verbose: bool) -> None:
    """A line for each file that was read or skipped; of many, only for those that were skipped."""
    if verbose or len(built.taken) <= _MANY:
        for taken in built.taken:
            _say(_read(taken))
    for problem in built.problems:
        _say(f"skipped {problem.path}: {problem.reason.removeprefix(f'{problem.path}: ')}")
    for path, first in built.twice:
        _say(f"skipped {path}: the same content as {first}")


def _read(taken: Taken) -> str:
    """``read a/b.pdf: 12 pages, 3 tables, 48 passages; left out: page 3 is an image without text``."""
    counts = [("page", taken.pages), ("table", taken.tables), ("passage", taken.passages)]
    said = ", ".join(f"{count} {name}{'s' * (count != 1)}" for name, count in counts if count or name == "passage")
    left_out = f"; left out: {'; '.join(taken.left_out)}" if taken.left_out else ""
    return f"read {taken.path}: {said}{left_out}"


def _summary(built: Built) -> str:
    skipped = len(built.problems) + len(built.twice)
    partly = sum(bool(taken.left_out) for taken in built.taken)
    return (
        f"generation {built.generation}: {len(built.added)} added, {len(built.changed)} changed,"
        f" {len(built.removed)} removed, {built.unchanged} unchanged"
        + (f", {skipped} skipped" if skipped else "")
        + (f", {partly} read in part" if partly else "")
        + f"; {built.passages} passages; {built.seconds:.1f} s"
    )


def _parser() -> Parser:
    parser = Parser(prog="python -m index", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for run, name, about in (
        (_build, "build", "make the index follow the folder of reports"),
        (_watch, "watch", "build whenever the folder changes"),
        (_status, "status", "what the index holds"),
        (_show, "show", "a report as it was read: what is known of it, its pages, its passages"),
        (_search, "search", "the passages that fit a question"),
        (_verify, "verify", "is the index whole?"),
        (_remove, "remove", "delete reports and let the index follow"),
        (_backup, "backup", "save the index as one file"),
        (_restore, "restore", "put a saved index in the place of the present one"),
    ):
        command = commands.add_parser(name, help=about, description=about)
        command.set_defaults(run=run)
        command.add_argument("--index", metavar="DIR", help="where the index is kept")
        command.add_argument("--reports", metavar="DIR", help="the folder of reports")
        if name in ("build", "watch"):
            command.add_argument("--model", metavar="NAME", help="a sentence-transformers name or folder")
        if name == "build":
            command.add_argument("--yes", action="store_true", help="let reports go, even most of them at once")
            command.add_argument("--quiet", action="store_true", help="print only the summary")
            command.add_argument("--verbose", action="store_true", help="a line for each report, however many")
        if name == "show":
            command.add_argument("report", help="its path below the folder of reports, its id, or a part of its path")
            command.add_argument("--json", action="store_true", help="one JSON object")
        if name == "watch":
            command.add_argument("--every", type=float, default=2.0, metavar="SECONDS", help="how often to look")
        if name == "search":
            command.add_argument("question", nargs="?", help="what to search for")
            command.add_argument(
                "--batch", type=Path, metavar="Q.jsonl", help='lines of {"id", "question", "history"?}'
            )
            command.add_argument("--out", type=Path, metavar="H.jsonl", help="where the hits go; stdout without it")
            command.add_argument("--k", type=int, default=10, help="how many passages")
        if name == "remove":
            command.add_argument("paths", nargs="+", help="paths below the folder of reports")
        if name in ("backup", "restore"):
            command.add_argument("file", type=Path, help="the saved index")
    return parser


if __name__ == "__main__":
    end_with_the_reader()
    sys.exit(main())
