"""Answers from the command line: one question, a file of them, or claims to check."""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from answer.assistant import Assistant
from answer.generate import Writer, WriterUnavailable
from answer.reader import Reader, load_reader
from answer.verify import verify
from index.batch import earlier_turns, end_with_the_reader, half_of, read_lines, write_lines
from index.commands import Parser
from index.encoder import ModelMissing, load
from index.search import NoIndex, Search, meaning_of
from ingest.read import report_from_text
from records import Answer
from settings import Settings


def main(arguments: list[str] | None = None) -> int:
    """Runs the command; 0 when it went well, 1 with a sentence on stderr when not."""
    options = _parser().parse_args(arguments)
    try:
        settings = Settings.read(os.environ)
        if options.index:
            settings = replace(settings, index=options.index)
        if options.max_sentences is not None and options.max_sentences < 1:
            raise ValueError(f"--max-sentences is {options.max_sentences}. It should be 1 or more.")
        if options.try_llm:
            return _try_llm(settings)
        if options.check:
            return _check(settings, options)
        if options.batch:
            return _batch(settings, options)
        if not options.question:
            raise ValueError("Nothing was asked. Give a question, --batch QUESTIONS.jsonl or --check CLAIMS.jsonl.")
        if half := half_of(options.question):
            raise ValueError(f"The question has half a character ({half}), which is no text. Please mend it.")
        search = Search.open(settings)
        *_, answer = Assistant(search, settings).reply(options.question, max_sentences=options.max_sentences)
        print(_shown(answer, search))
        return 0
    except (NoIndex, ModelMissing, FileNotFoundError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    except (sqlite3.Error, OSError, RuntimeError) as error:  # of the disk, of SQLite and of tantivy
        print(f"The index cannot be used: {error}. `python -m index verify` says more.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _try_llm(settings: Settings) -> int:
    """Says what comes of asking the LLM; 1 where it cannot be used."""
    if not settings.llm_url:
        raise ValueError(
            "There is no LLM to try. Name one: WENBAO_LLM_URL=http://localhost:11434/v1 WENBAO_LLM_MODEL=NAME"
        )
    try:
        for line in Writer(settings).tried():
            print(line, flush=True)
    except WriterUnavailable as reason:
        print(f"It cannot be used: {reason}", file=sys.stderr)
        return 1
    return 0


def _batch(settings: Settings, options: argparse.Namespace) -> int:
    rows, problems = read_lines(options.batch, ("id", "question"))
    # questions that bring their own passages need no index
    search = Search.empty(settings) if rows and all("passages" in row for row in rows) else Search.open(settings)
    write_lines(options.out, _answers(rows, search, settings, problems, options.max_sentences))
    return _told(problems)


def _answers(
    rows: Sequence[dict[str, Any]], search: Search, settings: Settings, problems: list[str], most: int | None
) -> Iterator[dict[str, Any]]:
    for row in rows:
        try:
            earlier, over = earlier_turns(row), _over(row, search)
        except ValueError as error:
            problems.append(f"Question {row['id']!r} {error}; skipped.")
            continue
        *_, answer = Assistant(over, settings).reply(row["question"], earlier, max_sentences=most)
        yield {
            "id": row["id"],
            "answer": answer.text,
            "cited": [
                {
                    "mark": citation.mark,
                    "report": citation.report_id,
                    "path": over.report(citation.report_id).path,
                    "quote": citation.quote,
                    "start": citation.start,
                    "end": citation.end,
                    "page": citation.page,
                }
                for citation in answer.citations
            ],
            "certainty": answer.certainty,
            "abstained": answer.abstained,
            "language": answer.language,
        }


def _over(row: dict[str, Any], search: Search) -> Search:
    """The search for this question: over its own ``passages`` where it brings some."""
    passages = row.get("passages")
    if passages is None:
        return search
    if not isinstance(passages, list) or not all(isinstance(text, str) for text in passages):
        raise ValueError("has 'passages' that should be a list of texts")
    reports = [report_from_text(text, f"passages/{i}.txt") for i, text in enumerate(passages) if text.strip()]
    return Search.over(reports, search)


def _check(settings: Settings, options: argparse.Namespace) -> int:
    rows, problems = read_lines(options.check, ("id", "claim", "passage"))
    reader = load_reader(settings.reader)
    judge = reader if isinstance(reader, Reader) else None
    meaning = meaning_of(load(settings.model))

    def verdicts() -> Iterator[dict[str, Any]]:
        for row in rows:
            support = verify(row["claim"], row["passage"], meaning, judge=judge)
            yield {"id": row["id"], "supported": support.supported, "score": support.score, "why": support.why}

    write_lines(options.out, verdicts())
    return _told(problems)


def _told(problems: Sequence[str]) -> int:
    for problem in problems:
        print(problem, file=sys.stderr)
    return 0


def _shown(answer: Answer, search: Search) -> str:
    if answer.abstained:
        places = [search.report(hit.passage.report_id).path for hit in answer.nearest]
        lines = [
            f"  {path}: {search.text(hit.passage)[:120]!r}" for path, hit in zip(places, answer.nearest, strict=True)
        ]
        return "\n".join([answer.note, *lines])
    lines = []
    for claim in answer.claims:
        marks = "".join(f"[{citation.mark}]" for citation in claim.citations)
        struck = "" if claim.support is None or claim.support.supported else f"  (unsupported: {claim.support.why})"
        lines.append(f"{claim.text} {marks}{struck}")
    lines.append("")
    for citation in answer.citations:
        report = search.report(citation.report_id)
        page = f", page {citation.page}" if citation.page else ""
        lines.append(f"[{citation.mark}] {report.path}{page}, characters {citation.start}-{citation.end}")
    return "\n".join([*([answer.note, ""] if answer.note else []), *lines])


def _parser() -> Parser:
    parser = Parser(prog="python -m answer", description=__doc__)
    parser.add_argument("question", nargs="?", help="what to ask")
    parser.add_argument("--index", type=Path, metavar="DIR", help="where the index is kept")
    parser.add_argument(
        "--batch", type=Path, metavar="Q.jsonl", help='lines of {"id", "question", "history"?, "passages"?}'
    )
    parser.add_argument("--check", type=Path, metavar="C.jsonl", help='lines of {"id", "claim", "passage"}')
    parser.add_argument("--try-llm", action="store_true", help="is the LLM there, and how fast does it write?")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where the lines go; stdout without it")
    parser.add_argument("--max-sentences", type=int, metavar="N", help="the longest answer, in sentences")
    return parser


if __name__ == "__main__":
    end_with_the_reader()
    sys.exit(main())
