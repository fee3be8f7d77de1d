"""How well claims are checked across languages.

``python -m eval.across FILE...``: each file has one JSON object a line, {"zh", "en"}, the same sentence in two
languages, in the order they stand in a text. Prints, each way: translations kept; neighbours, turned numbers, denials
and directions caught.
"""

from __future__ import annotations

import os
import random
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from answer.reader import Reader, load_reader
from answer.verify import Judge, verify
from eval.tamper import tamper
from index.batch import read_lines
from index.commands import Parser
from index.encoder import ModelMissing, load
from index.interaction import Meaning
from index.search import meaning_of
from settings import Settings

#: Sentences shorter than this many characters say too little to be told apart.
SHORTEST = 12
KINDS = ("number", "negation", "direction")
Pair = tuple[str, str]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; 0 when it went well, 1 with a sentence on stderr when not."""
    parser = Parser(prog="python -m eval.across", description="How well are claims checked across languages?")
    parser.add_argument("files", nargs="+", type=Path, help="sentences in two languages, JSON lines")
    parser.add_argument("--sentences", type=int, default=300, help="how many of each file (default: 300)")
    chosen = parser.parse_args(arguments)
    try:
        settings = Settings.read(os.environ)
        reader = load_reader(settings.reader)
        judge, meaning = reader if isinstance(reader, Reader) else None, meaning_of(load(settings.model))
        read = {path: pairs(path, chosen.sentences) for path in chosen.files}
    except (ModelMissing, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    for path, found in read.items():
        for name, way in (("zh -> en", 0), ("en -> zh", 1)):
            shares = measured(
                [(one[way], one[1 - way]) for one, _ in found], [n[1 - way] for _, n in found], judge, meaning
            )
            print(path.name, name, *(f"{what} {share:.3f}" for what, share in shares.items()), sep="  ")
    return 0


def pairs(path: Path, most: int) -> list[tuple[Pair, Pair]]:
    """At most ``most`` sentence pairs, each with one of the next three. Raises ValueError where there are too few."""
    rows, problems = read_lines(path, ("zh", "en"))
    for problem in problems:
        print(problem, file=sys.stderr)
    texts = [(row["zh"], row["en"]) for row in rows if len(row["zh"]) >= SHORTEST and len(row["en"]) >= SHORTEST]
    if len(texts) < 10:
        raise ValueError(f"{path} has {len(texts)} pairs of sentences. It should have 10 or more.")
    chance = random.Random(0)
    places = chance.sample(range(len(texts) - 3), min(most, len(texts) - 3))
    return [(texts[i], texts[i + chance.choice((1, 2, 3))]) for i in places]


def measured(
    translations: Sequence[Pair], neighbours: Sequence[str], judge: Judge | None, meaning: Meaning | None
) -> dict[str, float]:
    """Shares in [0, 1]: translations kept; then of each kind of falsehood, those that are caught."""
    kept = sum(verify(claim, span, meaning, None, judge).supported for claim, span in translations)
    moved = [
        verify(claim, span, meaning, None, judge) for (claim, _), span in zip(translations, neighbours, strict=True)
    ]
    shares = {"kept": kept / len(translations), "moved": 1 - sum(support.supported for support in moved) / len(moved)}
    tried, caught = Counter[str](), Counter[str]()
    for claim, span in translations:
        for kind in KINDS:
            false = tamper(claim, kind, random.Random(0))
            if false is not None:
                tried[kind] += 1
                caught[kind] += not verify(false, span, meaning, None, judge).supported
    return shares | {kind: caught[kind] / tried[kind] for kind in KINDS if tried[kind]}


if __name__ == "__main__":
    sys.exit(main())
