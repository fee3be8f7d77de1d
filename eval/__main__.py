"""``python -m eval``: how good are the answers, and which figures fell.

Prints one table, the gravest failures and what fell under the baseline; writes one result file and a page of it. Exit
status: 1 when a figure fell under the baseline, or, where there is none, a floor is missed; 2 when nothing could be
measured.
``python -m eval public``: public question sets; ``python -m eval draft``: questions for your own reports;
``python -m eval feedback``: what readers said of answers, and questions of it.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from eval import answers, draft, feedback, page, public, report
from eval.collection import collected, on_the_day
from eval.gate import Baseline, Change, changes, raise_baseline, tamper_fell
from eval.questions import EvalQuestion, read, without_reports
from eval.run import Outcome, ask
from eval.suite import CLAIMS, CLAIMS_FAST, connect, fast, tamper_trials
from eval.trials import Trial
from index.batch import end_with_the_reader
from index.commands import Parser
from index.search import Search
from settings import ROOT, Settings

_OTHERS = {"public": public.main, "draft": draft.main, "feedback": feedback.main}
BASELINE = ROOT / "eval" / "baseline.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the eval suite; returns the exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments and arguments[0] in _OTHERS:
        return _OTHERS[arguments[0]](arguments[1:])
    chosen = _parser().parse_args(arguments)
    if chosen.raise_baseline and (chosen.answers or chosen.fast and chosen.baseline == BASELINE):
        print("The baseline is what our own answers to all questions score. Raise it without --fast and --answers.")
        return 2
    try:
        with on_the_day():
            return _run(chosen)
    except (RuntimeError, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2


def _run(chosen: argparse.Namespace) -> int:
    settings = Settings.read(os.environ)
    settings = replace(settings, index=chosen.index) if chosen.index else collected(settings)
    search = Search.open(settings)
    baseline = Baseline.read(chosen.baseline)
    questions, problems = _questions(chosen, search, settings)
    parts = connect(search, settings)
    if chosen.answers:
        outcomes, left_out = answers.outcomes(chosen.answers, questions, search.reports(), parts)
        problems += left_out
        trials: list[Trial] = []
    else:
        ask(questions[0], parts)  # what is loaded with the first question is not part of its time
        outcomes = [ask(question, parts) for question in questions]
        trials = tamper_trials(search, settings, parts, questions, CLAIMS_FAST if chosen.fast else CLAIMS)
    for problem in problems:
        print(problem, file=sys.stderr)
    if not outcomes:
        raise ValueError(f"{chosen.answers} answers no question of {chosen.questions}.")
    if chosen.raise_baseline:
        raise_baseline(chosen.baseline, outcomes, trials, report.commit())
        print(f"wrote {chosen.baseline}", file=sys.stderr)
    moved = changes(outcomes, baseline) if baseline else []
    if not (baseline or chosen.raise_baseline):
        print(f"There is no baseline {chosen.baseline}. Make it: python -m eval --raise-baseline", file=sys.stderr)
    table = report.rows(outcomes, trials)
    _tell(chosen, table, outcomes, trials, moved)
    writer = str(chosen.answers) if chosen.answers else settings.llm_model if settings.llm_url else "quoting"
    made = report.result(table, outcomes, trials, problems, moved, model=Path(settings.model).name, writer=writer)
    report.write(chosen.out, made)
    chosen.out.with_suffix(".html").write_text(page.page(made, table, outcomes, trials, moved), encoding="utf-8")
    told = f"{len(outcomes)} questions, {len(trials)} tamper trials, written to {chosen.out} and .html"
    print(f"\n{told}", file=sys.stderr if chosen.markdown else sys.stdout)
    fallen = tamper_fell(trials, baseline) if baseline else []
    missed = not (baseline or chosen.fast) and any(row.passed is False for row in table)
    fell = _fell(moved, fallen)
    return int((fell or missed) and not chosen.raise_baseline)


def _parser() -> Parser:
    parser = Parser(prog="python -m eval", description="How good are the answers, and what fell?")
    parser.add_argument("--index", type=Path, help="the folder of an index (default: one of the sample reports)")
    parser.add_argument("--questions", type=Path, default=ROOT / "eval" / "questions.jsonl", help="a JSONL file")
    parser.add_argument("--answers", type=Path, help="score these answers, as python -m answer --batch writes them")
    parser.add_argument("--fast", action="store_true", help="a fixed part of the questions; no floors")
    parser.add_argument("--baseline", type=Path, default=BASELINE, help="what figures may not fall under")
    parser.add_argument("--raise-baseline", action="store_true", help="make what is measured now the baseline")
    parser.add_argument("--markdown", action="store_true", help="print the table for a README, and nothing else")
    parser.add_argument("--out", type=Path, default=ROOT / "var" / "eval.json", help="where the result is written")
    return parser


def _questions(chosen: argparse.Namespace, search: Search, settings: Settings) -> tuple[list[EvalQuestion], list[str]]:
    """The questions to ask, and a sentence for each that is not. Raises ValueError where none is left."""
    questions, bad_lines = read(chosen.questions)
    problems = [f"{chosen.questions.name}: {problem}" for problem in bad_lines]
    unconfirmed = draft.unconfirmed(chosen.questions)
    problems += [f"{len(unconfirmed)} questions are not confirmed, and not asked."] if unconfirmed else []
    questions = [question for question in questions if question.id not in unconfirmed]
    questions, strangers = without_reports(questions, [r.path for r in search.reports()])
    problems += [f"{id_} skipped: the index does not hold {', '.join(paths)}" for id_, paths in strangers.items()]
    if not questions:
        for problem in problems:
            print(problem, file=sys.stderr)
        raise ValueError(f"No question of {chosen.questions} can be asked of the index {settings.index}.")
    return (fast(questions) if chosen.fast else questions), problems


def _tell(
    chosen: argparse.Namespace,
    table: Sequence[report.Row],
    outcomes: Sequence[Outcome],
    trials: Sequence[Trial],
    moved: Sequence[Change],
) -> None:
    if chosen.markdown:
        print(report.markdown(table, outcomes), end="")
        return
    print(report.table(table, moved))
    if found := report.failures(outcomes, trials):
        print(f"\nFailures\n{report.listing(found)}")


def _fell(moved: Sequence[Change], fallen: Sequence[str]) -> bool:
    """Says what fell under the baseline; did anything?"""
    fell = [*map(str, (change for change in moved if change.fell)), *fallen]
    for line in fell:
        print(f"FELL under the baseline: {line}", file=sys.stderr)
    if moved and not fell:
        print(f"Nothing fell under the baseline, on {max(c.count for c in moved)} questions.", file=sys.stderr)
    return bool(fell)


if __name__ == "__main__":
    end_with_the_reader()
    sys.exit(main())
