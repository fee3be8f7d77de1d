"""How the threshold of declining trades answers for errors: the risk-coverage curve of quoted answers.

``python -m eval.risk --questions FILE...``: each file has one JSON object a line, {"question", "passage", "answers"}.
Each question is asked of its own passage among the four nearest others, and, without its own, of the five nearest:
there the right answer is to decline. Writes risk-coverage.md and risk-coverage.png.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from answer.assistant import Assistant
from answer.choose import read_choice
from index.batch import read_lines
from index.commands import Parser
from index.encoder import ModelMissing
from index.search import Search
from ingest.read import report_from_text
from records import LANGUAGES
from settings import ROOT, Settings
from text.fold import letters
from text.language import language_of

#: Passages a question is asked of.
PASSAGES = 5
#: The passages of a file that the nearest are looked for among; longer ones are left out, in characters.
POOL, LONGEST = 600, 3_500
THRESHOLDS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class Trial:
    """A question and the passages it is asked of; without its own passage there is no answer."""

    question: str
    answers: tuple[str, ...]
    passages: tuple[str, ...]
    is_answerable: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """How sure an answer was, in [0, 1], and whether what it quotes holds the fact asked for."""

    language: str
    is_answerable: bool
    confidence: float
    is_right: bool


@dataclass(frozen=True, slots=True)
class Point:
    """Shares in [0, 1] where answers below ``threshold`` are declined; nan where nothing is left to count."""

    threshold: float
    answerable_declined: float
    right_among_answered: float
    unanswerable_declined: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask, and write both files; 0 when it went well, 1 with a sentence on stderr when not."""
    parser = Parser(prog="python -m eval.risk", description="When is it better to decline?")
    parser.add_argument("--questions", nargs="+", type=Path, required=True, help="questions with passage and answers")
    parser.add_argument("--count", type=int, default=300, help="how many questions of each file (default: 300)")
    parser.add_argument("--out", type=Path, default=ROOT / "docs", help="the folder both files are written to")
    chosen = parser.parse_args(arguments)
    if not find_spec("matplotlib"):  # before the questions, which take minutes
        print("matplotlib is not installed: `python tools/install.py dev bench` brings it.", file=sys.stderr)
        return 1
    try:
        settings = Settings.read(os.environ)
        like = Search.empty(settings)
        outcomes: list[Outcome] = []
        for path in chosen.questions:
            rows, problems = read_lines(path, ("question", "passage"))
            for problem in problems:
                print(problem, file=sys.stderr)
            outcomes += [asked(trial, like, settings) for trial in trials(rows, chosen.count, like)]
        if not outcomes:
            raise ValueError(f"{chosen.questions[0]} has no question that can be asked.")
        chosen.out.mkdir(parents=True, exist_ok=True)
        threshold = settings.decline_below or read_choice(bool(settings.reader)).sure
        text = table(outcomes, threshold)
        (chosen.out / "risk-coverage.md").write_text(text, "utf-8")
        draw(outcomes, threshold, chosen.out / "risk-coverage.png")
    except (ModelMissing, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(text)
    return 0


def trials(rows: Sequence[dict[str, object]], count: int, like: Search) -> Iterator[Trial]:
    """Two trials a question: its own passage among the nearest others, and the nearest others alone.

    Another passage that holds the answer is none of the others.
    """
    pool = list(dict.fromkeys(str(row["passage"]) for row in rows if len(str(row["passage"])) < LONGEST))
    random.Random(0).shuffle(pool)
    pool = pool[:POOL]
    known = set(pool)
    kept = [row for row in rows if row["passage"] in known and row.get("answers")]
    random.Random(1).shuffle(kept)
    reports = [replace(report_from_text(text, f"{i}.txt"), id=str(i)) for i, text in enumerate(pool)]
    search = Search.over(reports, like)
    for row in kept[:count]:
        question, own = str(row["question"]), str(row["passage"])
        given = row["answers"]
        answers = tuple(map(str, given)) if isinstance(given, list) else (str(given),)
        near = dict.fromkeys(pool[int(hit.passage.report_id)] for hit in search.search(question, 12 * PASSAGES))
        others = [text for text in near if text != own and not holds(text, answers)][:PASSAGES]
        mixed = [own, *others[: PASSAGES - 1]]
        random.Random(question).shuffle(mixed)
        yield Trial(question, answers, tuple(mixed), True)
        yield Trial(question, answers, tuple(others), False)


def asked(trial: Trial, like: Search, settings: Settings) -> Outcome:
    """What the assistant answers when it declines nothing."""
    reports = [report_from_text(text, f"passages/{i}.txt") for i, text in enumerate(trial.passages)]
    assistant = Assistant(Search.over(reports, like), replace(settings, decline_below=-1.0, llm_url=""))
    *_, answer = assistant.reply(trial.question)
    quoted = "".join(citation.quote for citation in answer.citations)
    is_right = trial.is_answerable and holds(quoted, trial.answers)
    return Outcome(language_of(trial.question), trial.is_answerable, answer.confidence, is_right)


def holds(text: str, answers: Sequence[str]) -> bool:
    """Is one of the answers in the text, but for spaces, marks, widths and case?"""
    said = letters(text)
    return any(letters(answer) in said for answer in answers if letters(answer))


def curve(outcomes: Sequence[Outcome], thresholds: Sequence[float]) -> list[Point]:
    """A point for each threshold, in their order."""
    points = []
    for threshold in thresholds:
        there = [outcome for outcome in outcomes if outcome.is_answerable]
        answered = [outcome.is_right for outcome in there if outcome.confidence >= threshold]
        absent = [outcome.confidence < threshold for outcome in outcomes if not outcome.is_answerable]
        points.append(
            Point(
                threshold,
                1 - len(answered) / len(there) if there else float("nan"),
                float(np.mean(answered)) if answered else float("nan"),
                float(np.mean(absent)) if absent else float("nan"),
            )
        )
    return points


def table(outcomes: Sequence[Outcome], shipped: float) -> str:
    """The curve of each language as Markdown; the threshold that is shipped is bold."""
    lines = [
        "# When to decline",
        "",
        "Written by `python -m eval.risk`. Each question is asked of five passages, once with its own among them and",
        "once without. What is counted as declined are the answers whose confidence is below the threshold: these are",
        "told as unsure, or not at all. An answer is right when what it quotes holds the fact asked for. The threshold",
        "from which an answer is sure, as shipped, is bold.",
    ]
    thresholds = sorted({*THRESHOLDS, shipped})
    for language, name in zip(LANGUAGES, ("Chinese", "English"), strict=True):
        own = [outcome for outcome in outcomes if outcome.language == language]
        if not own:
            continue
        lines += ["", f"## {name}: {sum(outcome.is_answerable for outcome in own)} questions", ""]
        lines += ["| threshold | answerable declined | right among answered | unanswerable declined |"]
        lines += ["| ---: | ---: | ---: | ---: |"]
        for point in curve(own, thresholds):
            shares = (point.answerable_declined, point.right_among_answered, point.unanswerable_declined)
            cells = [f"{point.threshold:.2f}", *(f"{100 * share:.1f} %" for share in shares)]
            mark = "**" if point.threshold == shipped else ""
            lines.append("| " + " | ".join(f"{mark}{cell}{mark}" for cell in cells) + " |")
    return "\n".join([*lines, "", "![Risk and coverage](risk-coverage.png)", ""])


def draw(outcomes: Sequence[Outcome], shipped: float, path: Path) -> None:
    """Draws risk over coverage, and what is declined rightly over what is not."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(10, 4))
    for language, name in zip(LANGUAGES, ("Chinese", "English"), strict=True):
        own = [outcome for outcome in outcomes if outcome.language == language]
        if not own:
            continue
        points = curve(own, sorted(outcome.confidence for outcome in own))
        (here,) = curve(own, [shipped])
        (line,) = left.plot(
            [1 - point.answerable_declined for point in points],
            [1 - point.right_among_answered for point in points],
            label=name,
        )
        left.plot(1 - here.answerable_declined, 1 - here.right_among_answered, "o", color=line.get_color())
        right.plot(
            [point.answerable_declined for point in points],
            [point.unanswerable_declined for point in points],
            label=name,
        )
        right.plot(here.answerable_declined, here.unanswerable_declined, "o", color=line.get_color())
    left.set(xlabel="coverage: answerable questions answered", ylabel="risk: wrong among them", xlim=(0, 1))
    right.set(xlabel="answerable declined", ylabel="unanswerable declined", xlim=(0, 1), ylim=(0, 1))
    for axes in (left, right):
        axes.grid(alpha=0.3)
        axes.legend(title=f"dot: as shipped ({shipped:g})")
    figure.tight_layout()
    figure.savefig(str(path), dpi=120)
    pyplot.close(figure)


if __name__ == "__main__":
    sys.exit(main())
