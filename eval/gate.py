"""The gate: which figures fell under the committed baseline by more than chance explains.

``eval/baseline.json`` holds what each question scored when it was raised (``python -m eval --raise-baseline``). A
figure fails when the 95 % interval of its paired difference lies wholly on the worse side, and it is worth it.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.intervals import interval, resampled, wilson
from eval.questions import EvalQuestion
from eval.run import Outcome
from eval.scores import BY_NAME, FIGURES, Figure, Scores, scores
from eval.trials import Trial

#: The figures that are held to the baseline, and the columns they need.
GATED = tuple(figure for figure in FIGURES if figure.worth)
COLUMNS = tuple(dict.fromkeys(name for figure in GATED for name in figure.needs))


@dataclass(frozen=True, slots=True)
class Change:
    """A figure before and now on the same questions, and the 95 % interval of the difference now less before."""

    name: str
    old: float
    new: float
    low: float
    high: float
    count: int

    @property
    def moved(self) -> bool:
        """Is the difference more than chance explains?"""
        return self.low > 0 or self.high < 0

    @property
    def fell(self) -> bool:
        """Did the figure get worse, by more than chance explains and by what is worth a failure?"""
        figure = BY_NAME.get(self.name, Figure(self.name))
        better = self.new - self.old if figure.more else self.old - self.new
        return self.moved and -better > figure.worth

    def __str__(self) -> str:
        span = f"[{self.low:+.3f}, {self.high:+.3f}]"
        return f"{self.name}: {self.old:.3f} -> {self.new:.3f}, {self.new - self.old:+.3f} {span} of {self.count}"


@dataclass(frozen=True, slots=True)
class Baseline:
    """What each question scored when the baseline was raised, by id; and of each kind of tampering, right and tried.

    ``marks`` tell a question that was changed since from the one that was asked.
    """

    commit: str
    scores: Mapping[str, Scores]
    marks: Mapping[str, int]
    tamper: Mapping[str, tuple[int, int]]

    @classmethod
    def read(cls, path: Path) -> Baseline | None:
        """The baseline in a file; None where there is none. Raises ValueError for one that is none."""
        if not path.is_file():
            return None
        try:
            made = json.loads(path.read_text("utf-8"))
            names = made["columns"]
            rows = {
                id_: {name: value for name, value in zip(names, values, strict=True) if value is not None}
                for id_, (_, *values) in made["questions"].items()
            }
            marks = {id_: values[0] for id_, values in made["questions"].items()}
            tamper = {kind: (right, of) for kind, (right, of) in made["tamper"].items()}
            return cls(made["commit"], rows, marks, tamper)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(
                f"{path} is no baseline ({error!r}). Make it anew: python -m eval --raise-baseline"
            ) from None


def raise_baseline(path: Path, outcomes: Sequence[Outcome], trials: Sequence[Trial], commit: str) -> None:
    """Writes what each question scores now, a line a question."""
    lines = []
    for outcome in outcomes:
        found = scores(outcome)
        values = [_short(found.get(name)) for name in COLUMNS]
        lines.append(f"{json.dumps(outcome.question.id)}: {json.dumps([mark(outcome.question), *values])}")
    head = {"commit": commit, "columns": COLUMNS, "tamper": counted(trials)}
    text = json.dumps(head, ensure_ascii=False)[:-1] + ', "questions": {\n' + ",\n".join(lines) + "\n}}\n"
    path.write_text(text, encoding="utf-8")


def _short(value: float | None) -> float | int | None:
    return value if value is None or value != int(value) else int(value)


def mark(question: EvalQuestion) -> int:
    """A number that is another one when a question, its facts or its evidence are."""
    return zlib.crc32(repr((question.question, question.facts, question.evidence, question.must_not)).encode())


def changes(outcomes: Sequence[Outcome], baseline: Baseline) -> list[Change]:
    """Each gated figure on the questions that the baseline knows as they are, in the order of the table."""
    same = [o for o in outcomes if baseline.marks.get(o.question.id) == mark(o.question)]
    old, new = [baseline.scores[o.question.id] for o in same], [scores(o) for o in same]
    return paired(old, new, [o.question.pair or o.question.id for o in same])


def paired(
    old: Sequence[Scores], new: Sequence[Scores], clusters: Sequence[str], figures: Sequence[Figure] = GATED
) -> list[Change]:
    """What became of each figure, question by question: both are drawn again together."""
    if not old:
        return []
    weights = resampled(clusters)
    found = []
    for figure in figures:
        before, now = figure.value(old), figure.value(new)
        if before is None or now is None:
            continue
        with np.errstate(invalid="ignore"):
            low, high = interval(figure.of(new, weights) - figure.of(old, weights))
        found.append(Change(figure.name, before, now, low, high, figure.count(new)))
    return found


def counted(trials: Sequence[Trial]) -> dict[str, tuple[int, int]]:
    """Of each kind of tampering and language, how many verdicts were right, and how many there were."""
    found: dict[str, tuple[int, int]] = {}
    for trial in trials:
        right, of = found.get(f"{trial.kind} {trial.language}", (0, 0))
        found[f"{trial.kind} {trial.language}"] = right + trial.right, of + 1
    return dict(sorted(found.items()))


def tamper_fell(trials: Sequence[Trial], baseline: Baseline) -> list[str]:
    """The kinds of tampering whose share is now under the 95 % interval of the baseline's, in words.

    Where only a part was tried, its own interval has to lie under that one.
    """
    fallen = []
    for kind, (right, of) in counted(trials).items():
        before = baseline.tamper.get(kind)
        if before and of and (right / of if of >= before[1] else wilson(right, of)[1]) < (low := wilson(*before)[0]):
            share = before[0] / before[1]
            fallen.append(f"tamper: {kind}: {share:.3f} -> {right / of:.3f}, under {low:.3f}, of {of}")
    return fallen
