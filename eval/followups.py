"""Are follow-ups told, and is what they leave unsaid found: ``python -m eval.followups [FILE]``.

A row of the file: ``history`` (``question``, ``answer``), ``question``, ``whole`` (as it is searched), ``follows``, and
where they were written ``must`` and ``never``, what must stand in the whole question and what must not.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from answer.question import understand
from eval.metrics import mean
from index.commands import Parser
from records import Turn
from settings import ROOT
from text.fold import fold
from text.language import GRAMMAR, language_of
from text.periods import years
from text.words import words


@dataclass(frozen=True, slots=True)
class Told:
    """What was made of one question: ``kept``, the share of the unsaid words that its whole form has; ``dated``, has it
    the years and no other; ``fitting``, the share of its words that belong there; ``held``, has it all that it must,
    nothing that it must not, and no year twice: ``None`` where that was not written.
    """

    language: str
    follows: bool
    right: bool
    kept: float
    dated: bool
    fitting: float
    held: bool | None


def told(row: dict[str, Any]) -> Told:
    """One row, judged."""
    question, whole = row["question"], row["whole"]
    made = understand(question, [Turn(turn["question"], turn["answer"]) for turn in row["history"]]).whole
    wanted, said, own = _content(whole), _content(made), _content(question)
    unsaid = wanted - own
    return Told(
        language=language_of(question),
        follows=row["follows"],
        right=(made != question) == row["follows"],
        kept=len(unsaid & said) / len(unsaid) if unsaid else 1.0,
        dated=set(years(made)) == set(years(whole)),
        fitting=len(said & (wanted | own)) / len(said) if said else 1.0,
        held=_holds(made, row["must"], row["never"]) if "must" in row else None,
    )


def _holds(whole: str, must: Sequence[str], never: Sequence[str]) -> bool:
    text, twice = (
        _letters(whole),
        max(Counter(re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", whole)).values(), default=0) > 1,
    )
    return (
        not twice
        and all(_letters(words) in text for words in must)
        and not any(_letters(words) in text for words in never)
    )


def _letters(text: str) -> str:
    return re.sub(r"\s", "", fold(text).lower())


def _content(text: str) -> set[str]:
    return {word for word in words(fold(text).lower()) if word not in GRAMMAR}


def table(rows: Iterable[Told]) -> Iterator[str]:
    """The figures by language, as Markdown."""
    rows = list(rows)
    yield "| questions | | told right | of follow-ups | of whole | unsaid found | years right | words that fit | held |"
    yield "| --- |" + " ---: |" * 8
    for language, name in (("zh", "Chinese"), ("en", "English"), ("", "all")):
        held = [row for row in rows if language in ("", row.language)]
        follow, whole = [row for row in held if row.follows], [row for row in held if not row.follows]
        shares = (
            mean([row.right for row in held]),
            mean([row.right for row in follow]),
            mean([row.right for row in whole]),
            mean([row.kept for row in follow]),
            mean([row.dated for row in follow]),
            mean([row.fitting for row in follow]),
            mean([row.held for row in follow if row.held is not None]),
        )
        shown = " | ".join("–" if share is None else f"{share:.3f}" for share in shares)
        yield f"| {name} | {len(held)} | {shown} |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table; 0."""
    parser = Parser(
        prog="python -m eval.followups",
        description="Are follow-ups told from whole questions, and is what they leave unsaid found?",
    )
    file = ROOT / "eval" / "followups.jsonl"
    parser.add_argument(
        "file", nargs="?", type=Path, default=file, help='lines of {"history", "question", "whole", "follows"}'
    )
    lines = parser.parse_args(arguments).file.read_text("utf-8").splitlines()
    print("\n".join(table(told(json.loads(line)) for line in lines)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
