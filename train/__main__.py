"""Makes models/ from the training pairs: vocabulary, token vectors, sentence choice.

python -m train --data ../shared/training            all of it, about half an hour on two cores
python -m train choice --data ../shared/training     only the learned weights of sentence choice
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from index.pieces import note
from index.search import Search
from settings import ROOT, Settings
from train import choice
from train.contrast import refine, tokens, train
from train.data import Pair, is_general, pairs, places, spelled, syllables
from train.model import save
from train.teacher import reduced, start
from train.tokenizer import learn

#: Pieces of the vocabulary at most; the length of a vector in training, and of its main directions that are kept.
PIECES, TRAINED, DIMENSION = 128_000, 256, 192
#: The share of software documentation that the vocabulary is learned from; the rest is read whole.
_FOR_VOCABULARY = 0.15
#: Steps and rate of mean-vector training and of late-interaction training, and what turning away costs in both.
_STEPS, _RATE, _REFINING, _REFINING_RATE, _HOLD = 2_500, 0.1, 1_000, 0.02, 2.0
_LONGEST = 128


def main(arguments: list[str] | None = None) -> int:
    """Runs the command; 0 when it went well."""
    parser = argparse.ArgumentParser(prog="python -m train", description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("what", nargs="?", choices=("all", "choice"), default="all", help="what to make")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "training", help="the training pairs")
    parser.add_argument("--out", type=Path, default=ROOT / "models", help="where the models go")
    options = parser.parse_args(arguments)
    if not (options.data / "parallel.jsonl.xz").is_file():
        print(f"{options.data} has no parallel.jsonl.xz. Name the training data with --data.", file=sys.stderr)
        return 1
    begun = time.monotonic()
    folder = options.out / "wenbao-static"
    if options.what == "all":
        _make_model(options.data, folder)
        _say(f"model written to {folder} after {time.monotonic() - begun:.0f} s")
    search = Search.empty(replace(Settings(), model=str(folder)))
    asked = choice.questions(options.data / "qa.jsonl.xz", seed=0)
    found = list(choice.examples(asked, search, Settings().hits, seed=0))
    made = choice.learn(found, _say)
    (options.out / "choice.json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    _say(f"done after {time.monotonic() - begun:.0f} s")
    return 0


def _make_model(data: Path, folder: Path) -> None:
    import wordfreq

    found = [*pairs(data), *places(), *spelled()]
    _say(f"{len(found)} pairs")
    english, chinese = (wordfreq.get_frequency_dict(language, "large") for language in ("en", "zh"))
    tokenizer = learn(_texts(found), PIECES, english, chinese, syllables())
    left = tokens(tokenizer, [pair.left for pair in found], _LONGEST)
    right = tokens(tokenizer, [pair.right for pair in found], _LONGEST)
    groups = _numbered([pair.source for pair in found])
    _say(f"{len(left.ids) + len(right.ids)} tokens")
    either = np.array([pair.translation for pair in found])
    vectors = start(tokenizer, TRAINED)
    _say(f"{len(vectors)} pieces")
    vectors = train(left, right, groups, vectors, steps=_STEPS, rate=_RATE, hold=_HOLD, say=_say)
    vectors = refine(vectors, left, right, groups, either, steps=_REFINING, rate=_REFINING_RATE, hold=_HOLD, say=_say)
    save(folder, tokenizer, reduced(vectors, DIMENSION))
    note(folder)


def _texts(found: Sequence[Pair]) -> Iterator[str]:
    """The texts of a share of the pairs, those of general sources whole, each once."""
    rng, seen = random.Random(1), set[str]()
    for pair in found:
        if rng.random() < (1 if is_general(pair.source) else _FOR_VOCABULARY):
            for text in (pair.left, pair.right):
                if text not in seen:
                    seen.add(text)
                    yield text


def _numbered(names: Sequence[str]) -> np.ndarray:
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names])


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
