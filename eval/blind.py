"""What the suite is blind to: ``python -m eval.blind [--count 20] [--match KIND]`` switches off each part in turn.

A part that is switched off and moves no figure is one that no question sees. What the reader said is remembered, so
that only what a part changes is done again.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from answer import choose
from answer.choose import NAMES, relative
from answer.question import understand
from answer.reader import Excerpt, Reader, Reading
from eval.collection import collected, on_the_day
from eval.gate import Change, paired
from eval.questions import EvalQuestion, read, without_reports
from eval.run import Outcome, ask
from eval.scores import FIGURES, Figure, clusters, scores
from eval.suite import CLAIMS, CLAIMS_FAST, connect, fast, tamper_trials
from eval.trials import Trial
from index.commands import Parser
from index.search import Search
from settings import ROOT, Settings


@dataclass(frozen=True, slots=True)
class Part:
    """What is switched off: by settings, and by what stands in a name's place; ``verifies``: is it of the verifier.

    Questions of its ``kind`` are there for it: they are asked with every part of the questions.
    """

    settings: Mapping[str, Any] = field(default_factory=dict)
    patches: Mapping[str, object] = field(default_factory=dict)
    verifies: bool = False
    kind: str = ""

    @contextmanager
    def off(self, settings: Settings) -> Iterator[Settings]:
        """The settings without it; inside, nothing has it."""
        with ExitStack() as stack:
            for name, instead in self.patches.items():
                stack.enter_context(patch(name, instead))
            yield replace(settings, **self.settings)


def _nothing(*_: object) -> None:
    return None


def _without(*columns: str) -> Callable[..., choose.Array]:
    """The signals of sentences with some of them always 0."""
    original, places = choose.signals, [NAMES.index(name) for name in columns]

    def signals(*arguments: Any) -> choose.Array:
        rows = original(*arguments)
        rows[:, places] = 0.0
        return relative(rows)

    return signals


def _check(name: str, kind: str = "") -> Part:
    return Part(patches={f"answer.verify.{name}": _nothing}, verifies=True, kind=kind)


PARTS: dict[str, Part] = {
    "reader": Part({"reader": ""}),
    "keywords": Part({"use_keywords": False}),
    "mean vectors": Part({"use_vectors": False}),
    "late interaction": Part({"use_interaction": False}),
    "years of reports": Part(patches={"index.search._STEER": 0.0}, kind="year-of-report"),
    "exact names": Part(
        patches={"answer.choose.signals": _without("lacks_name", "lacks_name_across")}, kind="namesake"
    ),
    "exact years": Part(
        patches={"answer.choose.signals": _without("other_year", "year_beside", "report_of_other", "no_year")}
    ),
    "exact figures": Part(patches={"answer.choose.signals": _without("lacks_figure")}, kind="exact-figure"),
    "conflicts": Part(
        patches={
            "answer.assistant.compared": lambda *_: ((), ""),
            "answer.assistant.another_value": _nothing,
        },
        kind="conflict",
    ),
    "the latest": Part(
        patches={
            "answer.question.asks_latest": lambda _: False,
            "index.steer.asks_latest": lambda _: False,
        },
        kind="latest",
    ),
    "follow-ups": Part(
        patches={"answer.assistant.understand": lambda asked, _, day=None: understand(asked, (), day)},
        kind="follow-up",
    ),
    "quoted titles": Part(patches={"answer.meta.named": lambda *_: ()}, kind="title"),
    "declining": Part({"decline_below": -1.0}),
    "check: figures": _check("_missing_quantity"),
    "check: a figure's year": _check("_of_another_year"),
    "check: a figure's place": Part(patches={"answer.verify._misplaced": lambda *_: False}, verifies=True),
    "check: direction and negation": _check("_reversed"),
    "check: who did what": _check("_swapped", "role"),
    "check: names": _check("_missing_name"),
    "check: an opening name": _check("_replaced_opening"),
    "check: words covered": Part(patches={"answer.verify._covered": lambda *_: (1.0, 0.0)}, verifies=True),
    "check: the reader across languages": Part(patches={"answer.verify.CONTRADICTED": 2.0}, verifies=True),
}


@dataclass(frozen=True, slots=True)
class Effect:
    """What is other without a part: how many answers, and the figures that move, what moves most first."""

    answers: int
    moves: tuple[Change, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures each part; 0 when it went well, 2 with a sentence on stderr when not."""
    parser = Parser(prog="python -m eval.blind", description="Which part does no question see?")
    parser.add_argument("--questions", type=Path, default=ROOT / "eval" / "questions.jsonl", help="a JSONL file")
    parser.add_argument(
        "--count", type=int, help="ask so many questions, and those that are there for a part (default: all)"
    )
    parser.add_argument("--match", metavar="TEXT", help="ask only those whose id or kind has this, e.g. conflict")
    parser.add_argument(
        "--parts", nargs="+", choices=list(PARTS), default=list(PARTS), metavar="PART", help="only these"
    )
    parser.add_argument("--write", action="store_true", help="write the table to docs/blind.md")
    chosen = parser.parse_args(arguments)
    try:
        settings = collected(Settings.read(os.environ))
        search = Search.open(settings)
        questions, _ = without_reports(read(chosen.questions)[0], [r.path for r in search.reports(texts=False)])
        questions = [q for q in questions if (chosen.match or "") in f"{q.id} {q.kind}"]
        drawn = fast(questions, chosen.count) if chosen.count else questions
        kinds = {PARTS[name].kind for name in chosen.parts}
        asked = [q for q in questions if q in drawn or q.kind in kinds]
        if not asked:
            raise ValueError(f"{chosen.questions} has no question that can be asked of {settings.reports}.")
        with on_the_day(), remembered():
            found = measured(asked, search, settings, {name: PARTS[name] for name in chosen.parts}, not chosen.count)
    except (RuntimeError, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    made = table(found)
    print(made)
    if chosen.write:
        write(ROOT / "docs" / "blind.md", _ABOUT.format(count=len(asked), table=made))
    return 0


def write(path: Path, told: str) -> None:
    """Puts what was measured at the head of a file; what was written under a second heading (``## ``) stays."""
    _, heading, rest = (path.read_text("utf-8") if path.is_file() else "").partition("\n## ")
    path.write_text(told + heading + rest, encoding="utf-8")


@contextmanager
def remembered() -> Iterator[None]:
    """Inside, the reader reads each excerpt for each question once."""
    readings: dict[tuple[str, Excerpt], Reading] = {}
    original = Reader.read

    def reading(self: Reader, question: str, excerpts: Sequence[Excerpt]) -> list[Reading]:
        new = [excerpt for excerpt in dict.fromkeys(excerpts) if (question, excerpt) not in readings]
        readings.update(zip([(question, excerpt) for excerpt in new], original(self, question, new), strict=True))
        return [readings[question, excerpt] for excerpt in excerpts]

    with patch.object(Reader, "read", reading):
        yield


def measured(
    questions: Sequence[EvalQuestion], search: Search, settings: Settings, parts: Mapping[str, Part], whole: bool = True
) -> dict[str, Effect]:
    """What is other without each part. Only a part of the verifier can move the tamper gate."""
    most = CLAIMS if whole else CLAIMS_FAST
    before = _asked(questions, search, settings)
    trials = _tried(questions, search, settings, most) if any(part.verifies for part in parts.values()) else []
    found = {}
    for name, part in parts.items():
        with part.off(settings) as without:
            now = _asked(questions, search, without)
            changes = _changes(before, now)
            if part.verifies:
                changes += _tampered(trials, _tried(questions, search, without, most))
        moves = sorted((change for change in changes if change.moved), key=lambda change: -abs(change.new - change.old))
        found[name] = Effect(
            sum(one.answer != other.answer for one, other in zip(before, now, strict=True)), tuple(moves)
        )
        print(f"{name}: {found[name].answers} answers change, {len(moves)} figures move", file=sys.stderr)
    return found


def _asked(questions: Sequence[EvalQuestion], search: Search, settings: Settings) -> list[Outcome]:
    parts = connect(search.with_settings(settings), settings)
    return [ask(question, parts) for question in questions]


def _tried(questions: Sequence[EvalQuestion], search: Search, settings: Settings, most: int) -> list[Trial]:
    return tamper_trials(search, settings, connect(search, settings), questions, most)


def _changes(before: Sequence[Outcome], now: Sequence[Outcome]) -> list[Change]:
    return paired([scores(o) for o in before], [scores(o) for o in now], clusters(before), FIGURES)


def _tampered(before: Sequence[Trial], now: Sequence[Trial]) -> list[Change]:
    """The same trials judged twice: the share that is judged rightly, of each kind."""
    kinds = dict.fromkeys(trial.kind for trial in before)
    old, new = ([{f"tamper: {t.kind}": float(t.right)} for t in trials] for trials in (before, now))
    return paired(old, new, [trial.span for trial in before], [Figure(f"tamper: {kind}") for kind in kinds])


def table(found: Mapping[str, Effect], most: int = 6) -> str:
    """A line for each part: how many answers change without it, and the figures that move, at most so many."""
    lines = ["| without | answers that change | figures that move |", "| --- | ---: | --- |"]
    for name, effect in found.items():
        told = [f"{c.name} {c.new - c.old:+.3f} ({c.low:+.3f} – {c.high:+.3f})" for c in effect.moves[:most]]
        more = [f"and {len(effect.moves) - most} more"] if len(effect.moves) > most else []
        lines.append(
            f"| {name} | {effect.answers} | {'; '.join([*told, *more]) or '**none: the suite is blind to it**'} |"
        )
    return "\n".join(lines)


_ABOUT = """# What the suite sees

Written by `python -m eval.blind --write`: each part switched off in turn, {count} questions asked anew. A figure moves
where the 95 % interval of its paired difference leaves out 0.

{table}
"""


if __name__ == "__main__":
    sys.exit(main())
