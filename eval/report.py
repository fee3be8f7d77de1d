"""What is said of an evaluation: one table, a readable list of failures, one JSON file."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from eval import metrics
from eval.metrics import Trial
from eval.run import Outcome
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

    None where nothing was measured. ``count`` is how many things were measured, both languages together.
    """

    metric: str
    zh: float | None
    en: float | None
    all: float | None
    count: int
    floor: Floor | None = None

    @property
    def passed(self) -> bool | None:
        """Did every language that was measured reach the floor; None without a floor or anything measured."""
        measured = [value for value in (self.zh, self.en) if value is not None]
        if self.floor is None or not measured:
            return None
        return all(self.floor.reached(value) for value in measured)


def rows(outcomes: Sequence[Outcome], trials: Sequence[Trial]) -> list[Row]:
    """Every metric, in the order of the table; shares are in [0, 1], times in milliseconds."""
    answerable = [o for o in outcomes if o.question.answerable]
    unanswerable = [o for o in outcomes if not o.question.answerable]
    answered = [o for o in outcomes if not o.answer.abstained]

    def of(o: Outcome) -> tuple[metrics.Facts, tuple[str, ...]]:
        return o.question.facts, o.question.reports

    table = [
        _row("facts found", answerable, lambda o: [not o.missing]),
        _row("citation validity", outcomes, lambda o: [c not in o.invalid for c in o.answer.citations]),
        _row(
            "citation precision",
            [o for o in answerable if o.sure],
            lambda o: _some(metrics.citation_precision(o.cited, *of(o))),
        ),
        _row("citation recall", answerable, lambda o: [metrics.citation_recall(o.cited, *of(o))]),
        _row("claims supported", answered, _supported),
        _row("answerable declined", answerable, lambda o: [o.declined]),
        _row("answerable answered sure", answerable, lambda o: [o.sure]),
        _row("unanswerable answered sure", unanswerable, lambda o: [not o.declined]),
        _row("retrieval recall@1", answerable, lambda o: [metrics.recall_at(1, o.found, *of(o))]),
        _row("retrieval recall@5", answerable, lambda o: [metrics.recall_at(5, o.found, *of(o))]),
        _row("retrieval MRR", answerable, lambda o: [metrics.reciprocal_rank(o.found, *of(o))]),
    ]
    for kind in sorted({trial.kind for trial in trials}, key=lambda kind: (kind not in metrics.TRUE, kind)):
        name = f"tamper: {kind} {'kept' if kind in metrics.TRUE else 'caught'}"
        tried = [(t.language, float(t.right)) for t in trials if t.kind == kind]
        table.append(_measure(name, tried, metrics.mean))
    times = [(o.question.language, o.seconds * 1000) for o in outcomes]
    table.append(_measure("answer p50, ms", times, lambda values: metrics.percentile(values, 50)))
    table.append(_measure("answer p95, ms", times, lambda values: metrics.percentile(values, 95)))
    return table


def _row(metric: str, outcomes: Sequence[Outcome], values: Callable[[Outcome], Iterable[float]]) -> Row:
    return _measure(metric, [(o.question.language, float(v)) for o in outcomes for v in values(o)], metrics.mean)


def _measure(
    metric: str, values: Sequence[tuple[str, float]], summary: Callable[[Sequence[float]], float | None]
) -> Row:
    zh, en = (summary([value for language, value in values if language == wanted]) for wanted in LANGUAGES)
    return Row(metric, zh, en, summary([value for _, value in values]), len(values), FLOORS.get(metric))


def _some(value: float | None) -> list[float]:
    return [] if value is None else [value]


def _supported(outcome: Outcome) -> list[bool]:
    wrong = len(outcome.unsupported)
    return [False] * wrong + [True] * (len(outcome.answer.claims) - wrong)


def table(lines: Sequence[Row]) -> str:
    """The one table: metric, zh, en, all, how many, floor, pass or FAIL."""
    cells: list[tuple[str, ...]] = [("metric", "zh", "en", "all", "of", "floor", "")]
    for row in lines:
        values = (
            "-" if v is None else f"{v:.1f}" if row.metric.endswith(", ms") else f"{v:.3f}"
            for v in (row.zh, row.en, row.all)
        )
        verdict = {None: "", True: "pass", False: "FAIL"}[row.passed]
        cells.append((row.metric, *values, str(row.count), str(row.floor or ""), verdict))
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    rule = tuple("-" * width for width in widths)
    lined = [cells[0], rule, *cells[1:]]
    return "\n".join("  ".join(_cell(i, text, widths[i]) for i, text in enumerate(line)).rstrip() for line in lined)


def _cell(column: int, text: str, width: int) -> str:
    return text.rjust(width) if 1 <= column <= 4 else text.ljust(width)


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that was not right: the id of the question or kind of tampering, what was asked, what is wrong."""

    where: str
    asked: str
    wrong: str


def failures(outcomes: Sequence[Outcome], trials: Sequence[Trial]) -> list[Failure]:
    """Everything that was not right: the questions in their order, then the trials of the tamper gate."""
    found = [Failure(o.question.id, o.question.question, wrong) for o in outcomes for wrong in _wrongs(o)]
    for trial in trials:
        if not trial.right:
            said = "not kept" if trial.kind in metrics.TRUE else "not caught"
            found.append(Failure(f"{trial.kind} {trial.language}", trial.claim, f"{said}: {trial.why} | {trial.span}"))
    return found


def _wrongs(o: Outcome) -> Iterable[str]:
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


def listing(found: Sequence[Failure], most: int = 3) -> str:
    """The failures to read: all of the questions, and at most ``most`` of each kind of tampering and language."""
    lines: list[str] = []
    shown: dict[str, int] = {}
    for failure in found:
        shown[failure.where] = shown.get(failure.where, 0) + 1
        if shown[failure.where] <= most:
            lines += [f"{failure.where}: {_short(failure.asked)}", f"    {_short(failure.wrong)}"]
    lines += [f"{where}: and {count - most} more" for where, count in shown.items() if count > most]
    return "\n".join(lines)


def _short(text: str, length: int = 240) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else f"{text[: length - 1]}…"


def write(
    path: Path,
    outcomes: Sequence[Outcome],
    trials: Sequence[Trial],
    problems: Sequence[str],
    *,
    model: str,
    writer: str,
) -> None:
    """The one result file: what was evaluated, the table, the failures, and every question with its answer."""
    result = {
        "commit": commit(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "model": model,
        "writer": writer,
        "metrics": [
            asdict(row) | {"floor": str(row.floor) if row.floor else None, "passed": row.passed}
            for row in rows(outcomes, trials)
        ],
        "problems": list(problems),
        "failures": [asdict(failure) for failure in failures(outcomes, trials)],
        "questions": [_question(outcome) for outcome in outcomes],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


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
