"""What is said of an evaluation: one table, a readable list of failures, one JSON file."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from eval import metrics
from eval.gate import Change
from eval.intervals import Interval, interval, resampled, wilson
from eval.run import Outcome
from eval.scores import FIGURES, by_kind, clusters, scores
from eval.trials import TRUE, Trial
from records import LANGUAGES


@dataclass(frozen=True, slots=True)
class Floor:
    """What both languages must reach: at least ``value``, or at most where ``most``."""

    value: float
    most: bool = False

    def reached(self, measured: float) -> bool:
        """Is a measured value good enough."""
        return measured <= self.value if self.most else measured >= self.value

    def __str__(self) -> str:
        return f"{'<=' if self.most else '>='} {self.value:.2f}"


#: The floor of each metric that has one; raise one when the answers got better, never lower it to pass.
FLOORS = {
    "wrong figure said sure": Floor(0.10, most=True),
    "facts found": Floor(0.75),
    "citation validity": Floor(1.0),
    "citation precision": Floor(0.85),
    "citation recall": Floor(0.80),
    "claims supported": Floor(0.95),
    "answerable declined": Floor(0.06, most=True),
    "unanswerable answered sure": Floor(0.50, most=True),
    "tamper: untouched kept": Floor(0.90),
    "tamper: number caught": Floor(0.95),
    "tamper: negation caught": Floor(0.85),
    "tamper: direction caught": Floor(0.85),
    "tamper: moved caught": Floor(0.90),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: a metric for Chinese, for English and for both, with its floor.

    None where nothing was measured. ``count`` is how many things were measured, both languages together; ``span`` the
    95 % interval of both together.
    """

    metric: str
    zh: float | None
    en: float | None
    all: float | None
    count: int
    floor: Floor | None = None
    span: Interval | None = None

    @property
    def passed(self) -> bool | None:
        """Did every language that was measured reach the floor; None without a floor or anything measured."""
        measured = [value for value in (self.zh, self.en) if value is not None]
        if self.floor is None or not measured:
            return None
        return all(self.floor.reached(value) for value in measured)


def rows(outcomes: Sequence[Outcome], trials: Sequence[Trial]) -> list[Row]:
    """Every figure of which something was measured, in the order of the table; shares in [0, 1], times in ms."""
    scored = [scores(outcome) for outcome in outcomes]
    languages = [outcome.question.language for outcome in outcomes]
    weights = resampled(clusters(outcomes)) if outcomes else None
    table = []
    for figure in FIGURES:
        one, other = (
            figure.value([row for row, language in zip(scored, languages, strict=True) if language == wanted])
            for wanted in LANGUAGES
        )
        every = figure.value(scored)
        if every is not None and weights is not None:
            span, floor = interval(figure.of(scored, weights)), FLOORS.get(figure.name)
            table.append(Row(figure.name, one, other, every, figure.count(scored), floor, span))
    for kind in sorted({trial.kind for trial in trials}, key=lambda kind: (kind not in TRUE, kind)):
        table.append(_tampered(kind, [trial for trial in trials if trial.kind == kind]))
    for percent in (50, 95):
        times = [(o.question.language, o.seconds * 1000) for o in outcomes if o.seconds]
        zh, en = (metrics.percentile([t for lang, t in times if lang == wanted], percent) for wanted in LANGUAGES)
        every = metrics.percentile([t for _, t in times], percent)
        table += [Row(f"answer p{percent}, ms", zh, en, every, len(times))] if times else []
    return table


def _tampered(kind: str, trials: Sequence[Trial]) -> Row:
    name = f"tamper: {kind} {'kept' if kind in TRUE else 'caught'}"
    zh, en = (metrics.mean(t.right for t in trials if t.language == wanted) for wanted in LANGUAGES)
    right = sum(trial.right for trial in trials)
    return Row(name, zh, en, right / len(trials), len(trials), FLOORS.get(name), wilson(right, len(trials)))


def table(lines: Sequence[Row], changes: Sequence[Change] = ()) -> str:
    """The one table: metric, zh, en, all, its interval, how many, floor, pass or FAIL, and what moved how much."""
    moved = {change.name: change for change in changes if change.moved}
    cells: list[tuple[str, ...]] = [("metric", "zh", "en", "all", "95 %", "of", "floor", "", "moved")]
    for row in lines:
        change = moved.get(row.metric)
        said = f"{change.new - change.old:+.3f}{' FELL' if change.fell else ''}" if change else ""
        cells.append((row.metric, *_values(row), str(row.count), str(row.floor or ""), _verdict(row), said))
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    rule = tuple("-" * width for width in widths)
    lined = [cells[0], rule, *cells[1:]]
    return "\n".join("  ".join(_cell(i, text, widths[i]) for i, text in enumerate(line)).rstrip() for line in lined)


def _values(row: Row) -> tuple[str, str, str, str]:
    """zh, en, all and the interval in digits."""
    digits = 1 if row.metric.endswith(", ms") else 3
    zh, en, every = ("-" if v is None else f"{v:.{digits}f}" for v in (row.zh, row.en, row.all))
    return zh, en, every, f"{row.span[0]:.3f}-{row.span[1]:.3f}" if row.span else ""


def _verdict(row: Row) -> str:
    return {None: "", True: "pass", False: "FAIL"}[row.passed]


def markdown(lines: Sequence[Row], outcomes: Sequence[Outcome]) -> str:
    """The table for a README, and one of the kinds of questions."""
    made = ["| | zh | en | all | 95 % | of |", "| --- | ---: | ---: | ---: | :---: | ---: |"]
    for row in lines:
        zh, en, every, span = _values(row)
        made.append(f"| {row.metric} | {zh} | {en} | {every} | {span.replace('-', ' – ')} | {row.count} |")
    return "\n".join([*made, "", *_kinds_table(outcomes)]) + "\n"


#: What is told of each kind of question.
OF_KIND = (
    "facts found",
    "answerable answered sure",
    "sure answers right",
    "declining recall",
    "wrong figure said sure",
)


def kinds(outcomes: Sequence[Outcome]) -> dict[str, tuple[int, list[float | None]]]:
    """Of each kind of question, how many there are and its figures, in the order of ``OF_KIND``."""
    figures = [figure for figure in FIGURES if figure.name in OF_KIND]
    figures.sort(key=lambda figure: OF_KIND.index(figure.name))
    found = by_kind(outcomes, lambda outcome: outcome.question.kind)
    return {kind: (len(scored), [figure.value(scored) for figure in figures]) for kind, scored in found.items()}


def _kinds_table(outcomes: Sequence[Outcome]) -> list[str]:
    lines = [f"| kind | of | {' | '.join(OF_KIND)} |", f"| --- | ---: |{' ---: |' * len(OF_KIND)}"]
    for kind, (count, values) in kinds(outcomes).items():
        cells = " | ".join("" if value is None else f"{value:.3f}" for value in values)
        lines.append(f"| {kind} | {count} | {cells} |")
    return lines


def _cell(column: int, text: str, width: int) -> str:
    return text.rjust(width) if 1 <= column <= 5 else text.ljust(width)


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that was not right: the id of the question or kind of tampering, what was asked, what is wrong."""

    where: str
    asked: str
    wrong: str


def failures(outcomes: Sequence[Outcome], trials: Sequence[Trial]) -> list[Failure]:
    """Everything that was not right: wrong figures said sure, the other questions in order, then the tamper gate."""
    gravest_first = sorted(outcomes, key=lambda o: not scores(o).get("wrong figure said sure"))
    found = [Failure(o.question.id, o.question.question, wrong) for o in gravest_first for wrong in wrongs(o)]
    for trial in trials:
        if not trial.right:
            said = "not kept" if trial.kind in TRUE else "not caught"
            found.append(Failure(f"{trial.kind} {trial.language}", trial.claim, f"{said}: {trial.why} | {trial.span}"))
    return found


def wrongs(o: Outcome) -> Iterable[str]:
    """What is wrong with an answer, in words."""
    if scores(o).get("wrong figure said sure"):
        yield f"A WRONG FIGURE, SAID SURE | {o.answer.text}"
    if o.question.answerable and o.declined:
        yield "declined, though the reports answer it"
    elif o.question.answerable and o.missing:
        yield f"lacks {'; '.join(' or '.join(group) for group in o.missing)} | {o.answer.text}"
    elif not o.question.answerable and not o.declined:
        yield f"answered, though the reports do not say | {o.answer.text}"
    for citation in o.invalid:
        yield f"mark {citation.mark} is not the text at {citation.start}-{citation.end}: {citation.quote}"
    for claim, why in o.unsupported:
        yield f"unsupported ({why}): {claim}"


def listing(found: Sequence[Failure], most: int = 3, longest: int = 24) -> str:
    """The failures to read, ``longest`` at most: at most ``most`` of each question, kind of tampering and language."""
    lines: list[str] = []
    shown: dict[str, int] = {}
    for failure in found:
        shown[failure.where] = shown.get(failure.where, 0) + 1
        if shown[failure.where] <= most:
            lines.append(f"{failure.where}: {_short(failure.asked)}\n    {_short(failure.wrong)}")
    left = [f"and {len(lines) - longest} more places"] if len(lines) > longest else []
    repeated = [f"{where}: and {count - most} more" for where, count in shown.items() if count > most]
    return "\n".join([*lines[:longest], *left, *repeated])


def _short(text: str, length: int = 240) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else f"{text[: length - 1]}…"


def result(
    lines: Sequence[Row],
    outcomes: Sequence[Outcome],
    trials: Sequence[Trial],
    problems: Sequence[str],
    changes: Sequence[Change] = (),
    *,
    model: str,
    writer: str,
) -> dict[str, object]:
    """All there is to say: what was evaluated, the ``lines`` of the table, the failures, and every question with its
    answer.
    """
    return {
        "commit": commit(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "model": model,
        "writer": writer,
        "metrics": [
            asdict(row) | {"floor": str(row.floor) if row.floor else None, "passed": row.passed} for row in lines
        ],
        "changes": [asdict(change) for change in changes],
        "problems": list(problems),
        "failures": [asdict(failure) for failure in failures(outcomes, trials)],
        "questions": [_question(outcome) for outcome in outcomes],
    }


def write(path: Path, made: dict[str, object]) -> None:
    """Writes a result to ``path``, and beside it to a file of its commit, ``eval/COMMIT.json``."""
    text = json.dumps(made, ensure_ascii=False, indent=1) + "\n"
    for place in (path, path.with_suffix("") / f"{made['commit']}.json"):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")


def _question(o: Outcome) -> dict[str, object]:
    paths = [path for path, _ in o.cited]
    return {
        "id": o.question.id,
        "language": o.question.language,
        "kind": o.question.kind,
        "question": o.question.question,
        "understood": o.answer.question,
        "answerable": o.question.answerable,
        "certainty": o.answer.certainty,
        "answer": o.answer.text,
        "note": o.answer.note,
        "confidence": o.answer.confidence,
        "missing": [list(group) for group in o.missing] if o.question.answerable else [],
        "citations": [
            {"mark": c.mark, "path": path, "start": c.start, "end": c.end, "page": c.page, "quote": c.quote}
            for c, path in zip(o.answer.citations, paths, strict=True)
        ],
        "reciprocal_rank": metrics.reciprocal_rank(o.found, o.question.facts, o.question.reports),
        "scores": dict(scores(o)),
        "ms": round(o.seconds * 1000, 1),
    }


def commit() -> str:
    """The commit of the checkout, with ``+`` when files differ from it; ``unknown`` outside of git."""
    root = Path(__file__).resolve().parent.parent
    try:
        name = _git(root, "rev-parse", "--short", "HEAD")
        return f"{name}+" if _git(root, "status", "--porcelain") else name
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()
