"""Makes models/ from the training data: the static model that finds, the reader that reads, the choice that weighs
both.

python -m train --data ../shared/training            the static model, about half an hour on two cores
python -m train reader --data ../shared/training     the reader; goes on from its checkpoint until --minutes are spent
python -m train reader --further --minutes 60        the reader that is there, further, on reports alone
python -m train choice --natural ../shared/natural --dev ../shared/dev    the learned weights of sentence choice
python -m train followups                            the learned line that tells follow-ups from whole questions
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from answer.reader import load_reader
from index.commands import Parser
from index.generation import build
from index.pieces import note
from index.search import Search
from settings import ROOT, Settings
from train import asked, choice, followups, invented, lessons, reader
from train.contrast import refine, tokens, train
from train.data import Pair, is_general, pairs, places, spelled, syllables
from train.e5 import load, packed
from train.lesson import Lesson
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
#: Invented lessons in a round of the reader's; lessons of another round that are watched.
_INVENTED, _WATCHED = 40_000, 700
#: The share of the reader's time for questions on reports, at this share of the usual rate.
_ON_REPORTS, _RATE_ON_REPORTS = 0.25, 0.5
#: What is trained further is the mean of the weights before and after, which count so much.
_LEARNED_LAST = 0.6
#: Tokens of a round of these: questions on reports, claims on them, other lessons; of so many.
_QUESTIONS, _CLAIMS, _OTHERS, _OTHER_LESSONS = 620_000, 90_000, 130_000, 30_000
#: The day on which the questions of the choice were written: what "this year" means in them.
_ASKED_ON = date(2026, 11, 28)


def main(arguments: list[str] | None = None) -> int:
    """Runs the command; 0 when it went well."""
    parser = Parser(prog="python -m train", description="Makes the shipped models from the training data.")
    parser.add_argument(
        "what", nargs="?", choices=("all", "reader", "choice", "followups"), default="all", help="what to make"
    )
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "training", help="the training pairs")
    parser.add_argument("--out", type=Path, default=ROOT / "models", help="where the models go")
    parser.add_argument(
        "--natural",
        type=Path,
        default=ROOT.parent / "shared" / "natural",
        help="questions and their reports, for the choice",
    )
    parser.add_argument(
        "--dev", type=Path, default=ROOT.parent / "shared" / "dev", help="questions with passages, for the choice"
    )
    parser.add_argument(
        "--reports",
        type=Path,
        default=ROOT.parent / "shared" / "reports",
        help="public reports that questions are about",
    )
    parser.add_argument("--further", action="store_true", help="train the reader that is there on reports alone")
    parser.add_argument("--minutes", type=float, default=150, help="how long the reader is trained in all")
    parser.add_argument(
        "--work", type=Path, default=ROOT / "var" / "train", help="where the reader's checkpoint is kept"
    )
    options = parser.parse_args(arguments)
    if options.what == "followups":
        made = followups.learn(ROOT / "train" / "followups.jsonl")
        (options.out / "followups.json").write_text(
            json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
        return 0
    if not (options.data / "parallel.jsonl.xz").is_file():
        print(f"{options.data} has no parallel.jsonl.xz. Name the training data with --data.", file=sys.stderr)
        return 1
    begun = time.monotonic()
    folder = options.out / "wenbao-static"
    if options.what == "all":
        _make_model(options.data, folder)
    elif options.what == "reader":
        folder = options.out / "wenbao-reader"
        _make_reader(options.data, options.reports, folder, options.work, options.minutes, options.further)
    else:
        made = _make_choice(options.natural, options.dev, options.out)
        (options.out / "choice.json").write_text(
            json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    _say(f"done after {time.monotonic() - begun:.0f} s")
    return 0


def _make_choice(natural: Path, dev: Path, models: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as index:
        settings = replace(
            Settings(), reports=natural / "reports", index=Path(index), model=str(models / "wenbao-static")
        )
        build(settings)
        search = Search.open(settings)
        return choice.make(
            natural / "questions.jsonl",
            search,
            load_reader(str(models / "wenbao-reader")),
            dev,
            ROOT / "train" / "asked" / "choice",
            settings.max_sentences,
            _say,
            _ASKED_ON,
        )


def _make_reader(data: Path, reports: Path, folder: Path, work: Path, minutes: float, further: bool) -> None:
    import torch

    torch.manual_seed(0)
    (work / "reports").mkdir(parents=True, exist_ok=True)
    search = Search.empty(Settings())
    if further:
        made, tokenizer = reader.shipped(folder)
    else:
        encoder = load(packed())
        made, tokenizer = reader.begun(encoder, reader.kept_pieces(encoder, _sample(data)))
    _say(f"{tokenizer.get_vocab_size()} pieces")

    def encoded(found: Iterable[Lesson]) -> list[reader.Example]:
        return [example for lesson in found if (example := reader.encoded(lesson, tokenizer))]

    def usual(number: int) -> list[reader.Example]:
        return encoded(lessons.mixture(data, search.encode, number, list(invented.lessons(_INVENTED, number))))

    if not further:
        watched = usual(-1)[:_WATCHED]
        reader.train(made, usual, minutes * (1 - _ON_REPORTS), work, _say, watched)
        minutes *= _ON_REPORTS
    written, rng = ROOT / "train" / "asked", random.Random(0)
    asked_of = asked.with_reports(written, reports, search)
    on_reports = encoded(lesson for rows, over in asked_of for lesson in asked.lessons(rows, over, rng))
    others = encoded(lessons.mixture(data, search.encode, -2, []))
    decks = (
        (reader.Deck(example for example in on_reports if example.verdict < 0), _QUESTIONS),
        (reader.Deck(example for example in on_reports if example.verdict >= 0), _CLAIMS),
        (reader.Deck(rng.sample(others, min(len(others), _OTHER_LESSONS))), _OTHERS),
    )

    def dealt(number: int) -> list[reader.Example]:
        return [example for deck, tokens in decks for example in deck.deal(tokens, random.Random(number))]

    (unseen,) = [own for own in asked.with_reports(written / "choice", reports, search) if own[0]]
    watched = encoded(asked.lessons(*unseen, rng))
    before = {name: weight.clone() for name, weight in made.state_dict().items()}
    reader.train(made, dealt, minutes, work / "reports", _say, watched, rate=_RATE_ON_REPORTS)
    if further:
        reader.blend(made, before, _LEARNED_LAST)
    reader.export(made, tokenizer, folder)


def _sample(data: Path) -> Iterator[str]:
    """The texts that a vocabulary is counted on: all questions, a share of the pairs."""
    rng = random.Random(0)
    for name in ("parallel", "structure", "qa", "reader", "claims", "questions_parallel"):
        for row in lessons.rows(data / f"{name}.jsonl.xz"):
            if name not in ("parallel", "structure") or rng.random() <= _FOR_VOCABULARY:
                yield from (row[key] for key in ("en", "zh", "a", "b", "q", "p", "claim", "span") if row.get(key))


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
