"""How well claims are checked across languages, and the constants of that check fitted anew to the model.

``python -m eval.across FILE...``: each file has one JSON object a line, {"zh", "en"}, the same sentence in two
languages, in the order they stand in a text. Prints, each way: translations kept; neighbours, turned numbers, denials
and directions caught; then the constants of ``answer.verify`` that a logistic regression finds, for another model.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections import Counter
from collections.abc import Sequence
from math import log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from answer.reading import Meaning
from answer.verify import SAME_PIECE, verify
from eval.tamper import tamper
from index.batch import read_lines
from index.encoder import ModelMissing, load
from index.search import meaning_of
from settings import Settings

#: Sentences shorter than this many characters say too little to be told apart.
SHORTEST = 12
KINDS = ("number", "negation", "direction")
Pair = tuple[str, str]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and fit; 0 when it went well, 1 with a sentence on stderr when not."""
    parser = argparse.ArgumentParser(prog="python -m eval.across", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="sentences in two languages, JSON lines")
    parser.add_argument("--sentences", type=int, default=300, help="how many of each file (default: 300)")
    chosen = parser.parse_args(arguments)
    try:
        meaning = meaning_of(load(Settings.read(os.environ).model))
        if meaning is None:
            raise ValueError("The model is not static: nothing aligns its words. Set WENBAO_MODEL to a static one.")
        read = {path: pairs(path, chosen.sentences) for path in chosen.files}
    except (ModelMissing, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    for path, found in read.items():
        for name, way in (("zh -> en", 0), ("en -> zh", 1)):
            shares = measured([(one[way], one[1 - way]) for one, _ in found], [n[1 - way] for _, n in found], meaning)
            print(path.name, name, *(f"{what} {share:.3f}" for what, share in shares.items()), sep="  ")
    print(fitted([pair for found in read.values() for pair in found], meaning))
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


def measured(translations: Sequence[Pair], neighbours: Sequence[str], meaning: Meaning) -> dict[str, float]:
    """Shares in [0, 1]: translations kept; then of each kind of falsehood, those that are caught."""
    kept = sum(verify(claim, span, meaning).supported for claim, span in translations)
    moved = [verify(claim, span, meaning) for (claim, _), span in zip(translations, neighbours, strict=True)]
    shares = {"kept": kept / len(translations), "moved": 1 - sum(support.supported for support in moved) / len(moved)}
    tried, caught = Counter[str](), Counter[str]()
    for claim, span in translations:
        for kind in KINDS:
            false = tamper(claim, kind, random.Random(0))
            if false is not None:
                tried[kind] += 1
                caught[kind] += not verify(false, span, meaning).supported
    return shares | {kind: caught[kind] / tried[kind] for kind in KINDS if tried[kind]}


def fitted(found: Sequence[tuple[Pair, Pair]], meaning: Meaning) -> str:
    """The constants ``ODDS_*`` as answer/verify.py writes them, and the probabilities that translations reach."""
    rows, truths = [], []
    for pair, neighbour in found:
        for way in (0, 1):
            for span, truth in ((pair[1 - way], 1.0), (neighbour[1 - way], 0.0)):
                if features := row(pair[way], span, meaning):
                    rows.append(features)
                    truths.append(truth)
    columns, wanted = np.array(rows), np.array(truths)
    weights = regression(columns, wanted)
    chances = 1 / (1 + np.exp(-columns @ weights))
    cosine, same, length, constant = (float(weight) for weight in weights)
    reached = np.quantile(chances[wanted == 1], (0.01, 0.02, 0.03, 0.05, 0.1))
    passing = [float((chances[wanted == 0] >= floor).mean()) for floor in reached]
    told = ", ".join(
        f"{share:.0%} of translations are below {floor:.3f} and {wrong:.1%} of neighbours above"
        for share, floor, wrong in zip((0.01, 0.02, 0.03, 0.05, 0.1), reached, passing, strict=True)
    )
    return (
        f"ODDS_COSINE, ODDS_SAME, ODDS_LENGTH, ODDS_CONSTANT = {cosine:.3g}, {same:.3g}, {length:.3g}, {constant:.3g}"
        f"\n{told}"
    )


def row(claim: str, span: str, meaning: Meaning) -> tuple[float, float, float, float] | None:
    """What the probability is made of: mean cosine, weight of the same pieces, log of their number, one."""
    pieces = meaning.coverage(claim, span)
    total = sum(piece.weight for piece in pieces)
    if not total:
        return None
    cosine = sum(piece.weight * max(0.0, piece.best) for piece in pieces) / total
    alike = sum(piece.weight for piece in pieces if piece.best >= SAME_PIECE) / total
    return cosine, alike, log(1 + len(pieces)), 1.0


def regression(rows: NDArray[np.float64], truths: NDArray[np.float64], ridge: float = 1e-3) -> NDArray[np.float64]:
    """Logistic regression by Newton's method: the weights of the columns."""
    weights = np.zeros(rows.shape[1])
    for _ in range(30):
        chances = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (truths - chances) - ridge * weights
        bend = (rows * (chances * (1 - chances))[:, None]).T @ rows + ridge * np.eye(rows.shape[1])
        weights = weights + np.linalg.solve(bend, slope)
    return weights


if __name__ == "__main__":
    sys.exit(main())
