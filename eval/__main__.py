"""``python -m eval [--index DIR] [--questions FILE] [--out FILE]``: how good are the answers.

Prints one table and the failures, writes one result file. Exit status: 0 when every floor is reached, 1 when one is
missed, 2 when nothing could be measured.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from answer.assistant import Assistant
from answer.reader import Reader, load_reader
from answer.verify import verify
from eval import report
from eval.metrics import Trial, gate, translations
from eval.questions import EvalQuestion, read, without_reports
from eval.run import Parts, ask
from eval.tamper import KINDS, tamper
from index.batch import end_with_the_reader
from index.generation import NoIndex
from index.search import Filters, Search
from ingest.clean import plain
from ingest.sentences import quotable
from ingest.split import split
from records import LANGUAGES, Answer, Hit, Report, Support
from settings import ROOT, Settings

#: At most so many sentences of each language go through the tamper gate.
SENTENCES = 300


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the eval suite; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m eval", description="How good are the answers?")
    parser.add_argument("--index", type=Path, help="the folder of the index (default: the setting)")
    parser.add_argument("--questions", type=Path, default=ROOT / "eval" / "questions.jsonl", help="a JSONL file")
    parser.add_argument("--out", type=Path, default=ROOT / "var" / "eval.json", help="where the result is written")
    chosen = parser.parse_args(arguments)
    try:
        settings = Settings.read(os.environ)
        settings = replace(settings, index=chosen.index) if chosen.index else settings
        search = Search.open(settings)
        questions, bad_lines = read(chosen.questions)
    except (NoIndex, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    questions, strangers = without_reports(questions, [r.path for r in search.reports()])
    problems = [f"{chosen.questions.name}: {problem}" for problem in bad_lines]
    problems += [f"{id} skipped: the index does not hold {', '.join(paths)}" for id, paths in strangers.items()]
    for problem in problems:
        print(problem, file=sys.stderr)
    if not questions:
        print(f"No question of {chosen.questions} can be asked of the index {settings.index}.", file=sys.stderr)
        return 2

    parts = connect(search, settings)
    try:
        ask(questions[0], parts)  # what is loaded with the first question is not part of its time
    except (OSError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 2
    outcomes = [ask(question, parts) for question in questions]
    trials = tamper_trials(search, settings, parts)
    table = report.rows(outcomes, trials)
    print(report.table(table))
    if found := report.failures(outcomes, trials):
        print(f"\nFailures\n{report.listing(found)}")
    writer = settings.llm_model if settings.llm_url else "quoting"
    report.write(chosen.out, outcomes, trials, problems, model=Path(settings.model).name, writer=writer)
    print(f"\n{len(outcomes)} questions, {len(trials)} tamper trials, written to {chosen.out}")
    return 1 if any(row.passed is False for row in table) else 0


def connect(search: Search, settings: Settings) -> Parts:
    """The assistant, search and verifier as the functions that are evaluated."""
    assistant = Assistant(search, settings)

    def reply(question: EvalQuestion) -> Iterator[Answer]:
        return assistant.reply(question.question, question.history, Filters(languages=question.languages))

    def find(whole: str, question: EvalQuestion) -> list[Hit]:
        return search.search(whole, k=settings.hits, filters=Filters(languages=question.languages))

    reader = load_reader(settings.reader)
    judge = reader if isinstance(reader, Reader) else None

    def supports(claim: str, span: str) -> Support:
        return verify(claim, span, search.meaning, judge=judge)

    return Parts(reply, find, search.report, supports)


def tamper_trials(search: Search, settings: Settings, parts: Parts) -> list[Trial]:
    """The tamper gate on the sentences of the collection, at most ``SENTENCES`` of each language.

    Where a report is there in both languages (``NAME.zh.md``, ``NAME.en.md``) sentence by sentence, each sentence is
    also tried on its translation.
    """

    def verdict(claim: str, span: str) -> tuple[bool, str]:
        support = parts.verify(claim, span)
        return support.supported, support.why

    by_path = {found.path: sentences(found, settings.passage_size) for found in search.reports()}
    trials: list[Trial] = []
    for language in LANGUAGES:
        paths = [found.path for found in search.reports() if found.language == language]
        distinct = list(dict.fromkeys(s for path in paths for s in by_path[path] if len(s) >= 12))
        if len(distinct) > SENTENCES:
            distinct = random.Random(0).sample(distinct, SENTENCES)
        trials += gate(distinct, language, KINDS, tamper, verdict)
        for path in paths:
            for other in (o for o in LANGUAGES if o != language):
                spans = by_path.get(path.replace(f".{language}.", f".{other}."), [])
                if len(spans) == len(by_path[path]):
                    trials += translations(by_path[path], spans, language, verdict)
    return trials


def sentences(found: Report, size: int) -> list[str]:
    """The sentences of a report that can be quoted, in order, without marks of format."""
    spans = [span for passage in split(found, size) for span in quotable(found.text, passage.start, passage.end)]
    return [plain(found.text[start:end]).strip() for start, end in spans]


if __name__ == "__main__":
    end_with_the_reader()
    sys.exit(main())
