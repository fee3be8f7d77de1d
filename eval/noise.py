"""How much noise an answer bears: ``python -m eval.noise [--count 100]`` asks each question among distracting passages.

Each answerable question is asked of the passage that holds its evidence and of 0, 1, 2, 3 and 4 others that search
takes for near and that hold none of the facts; at last of five such others alone, where it must decline. The levels
are those of RGB: Chen et al., Benchmarking Large Language Models in Retrieval-Augmented Generation (2024).
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eval.cases import Case, ask_case, path_of
from eval.collection import collected, on_the_day
from eval.intervals import wilson
from eval.metrics import is_gold, missing
from eval.questions import EvalQuestion, Evidence, read
from eval.run import Outcome
from index.commands import Parser
from index.search import Filters, Search
from records import Hit
from settings import ROOT, Settings

#: Shares of noise among five passages; at 1 nothing answers.
LEVELS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
PASSAGES = 5
#: So many hits are looked through for distracting ones.
_NEAR = 60


@dataclass(frozen=True, slots=True)
class Level:
    """What became of the questions at a share of noise."""

    noise: float
    outcomes: tuple[Outcome, ...]

    def count(self, what: str) -> int:
        """How many were ``right``, ``sure``, or ``sure and right``."""
        kept = {"right": lambda o: o.right, "sure": lambda o: o.sure, "sure and right": lambda o: o.sure and o.right}
        return sum(map(kept[what], self.outcomes))


def main(arguments: Sequence[str] | None = None) -> int:
    """Asks, and prints a line a level; 0 when it went well, 2 with a sentence on stderr when not."""
    parser = Parser(prog="python -m eval.noise", description="How much noise does an answer bear?")
    parser.add_argument("--index", type=Path, help="the folder of an index (default: one of the sample reports)")
    parser.add_argument("--questions", type=Path, default=ROOT / "eval" / "questions.jsonl", help="a JSONL file")
    parser.add_argument("--count", type=int, default=100, help="how many questions (default: 100)")
    chosen = parser.parse_args(arguments)
    try:
        settings = Settings.read(os.environ)
        settings = replace(settings, index=chosen.index) if chosen.index else collected(settings)
        search = Search.open(settings)
        questions, problems = read(chosen.questions)
        for problem in problems:
            print(problem, file=sys.stderr)
        with on_the_day():
            found = levels(_drawn(questions, search, chosen.count), search, settings)
    except (RuntimeError, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(table(found))
    return 0


def _drawn(questions: Sequence[EvalQuestion], search: Search, count: int) -> list[EvalQuestion]:
    """At most so many answerable questions with evidence in the index, always the same. Raises ValueError for none."""
    known = {report.path for report in search.reports(texts=False)}
    kept = [q for q in questions if q.answerable and not q.history and {e.report for e in q.evidence} & known]
    if not kept:
        raise ValueError("No question has evidence in a report of this index. Give --questions with evidence.")
    return random.Random(0).sample(kept, min(count, len(kept)))


def levels(questions: Sequence[EvalQuestion], search: Search, settings: Settings) -> list[Level]:
    """Each level with its outcomes; a question without enough distracting passages is left out of all."""
    by_level: dict[float, list[Outcome]] = {noise: [] for noise in LEVELS}
    for question in questions:
        for noise, case in cases(question, search):
            by_level[noise].append(ask_case(case, search, settings))
    return [Level(noise, tuple(outcomes)) for noise, outcomes in by_level.items()]


def cases(question: EvalQuestion, search: Search) -> Iterator[tuple[float, Case]]:
    """The question at each share of noise: its own passages among so many others, in an order drawn for it."""
    gold = [(evidence.report, evidence.quote) for evidence in question.evidence]
    hits = search.search(question.question, _NEAR, Filters(languages=question.languages))
    sources = [(_path(hit, search), search.text(hit.passage)) for hit in hits]
    own = [text for path, text in sources if is_gold((path, text), gold)]
    held: list[str] = []
    for text in own:  # as few as hold all the facts together
        if missing("\n".join(held), question.facts) and len(missing("\n".join([*held, text]), question.facts)) < len(
            missing("\n".join(held), question.facts)
        ):
            held.append(text)
    others = [
        text for path, text in sources if text not in own and len(missing(text, question.facts)) == len(question.facts)
    ]
    if missing("\n".join(held), question.facts) or len(others) < PASSAGES:
        return
    for noise in LEVELS:
        passages = others[:PASSAGES] if noise == 1 else [*held, *others[: round(noise * PASSAGES)]]
        random.Random(f"{question.id} {noise}").shuffle(passages)
        yield noise, Case(_asked(question, passages, noise < 1), tuple(passages))


def _path(hit: Hit, search: Search) -> str:
    return search.report(hit.passage.report_id).path


def _asked(question: EvalQuestion, passages: Sequence[str], answerable: bool) -> EvalQuestion:
    """The question as it is judged among these passages."""
    paths = tuple(path_of(place) for place in range(len(passages)))
    if not answerable:
        return replace(question, answerable=False, facts=(), reports=paths, evidence=())
    holding = [text for text in passages if len(missing(text, question.facts)) < len(question.facts)]
    evidence = tuple(Evidence(path, text) for path, text in zip(paths, passages, strict=True) if text in holding)
    return replace(question, reports=paths, evidence=evidence)


def table(found: Sequence[Level]) -> str:
    """The levels as Markdown: right, and sure and right, with 95 % intervals; at 1 what was sure all the same."""
    lines = [
        "| noise | questions | right | 95 % | sure | sure and right |",
        "| ---: | ---: | ---: | :---: | ---: | ---: |",
    ]
    for level in found:
        of = len(level.outcomes)
        right, sure, both = (level.count(what) for what in ("right", "sure", "sure and right"))
        low, high = wilson(right, of)
        shares = [f"{count / of:.3f}" if of else "" for count in (right, sure, both)]
        cells = ["", "", shares[1], ""] if level.noise == 1 else [shares[0], f"{low:.3f} – {high:.3f}", *shares[1:]]
        lines.append(f"| {level.noise:g} | {of} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
