"""An answer from the reports' own sentences, no LLM."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from answer.features import NAMES, Candidate, Features, features, relative
from answer.question import Question
from answer.several import sides, summary
from index.search import Search
from index.steer import YEAR, years_of
from ingest.clean import plain
from ingest.sentences import quotable


@dataclass(frozen=True, slots=True)
class Choice:
    """The learned weights of sentence choice and of confidence; made by ``python -m train choice``."""

    weights: Features
    bias: float

    def probabilities(self, rows: Features) -> Features:
        """The chance that each row's sentence answers, in [0, 1]."""
        chances: Features = (1.0 / (1.0 + np.exp(-(rows @ self.weights + self.bias)))).astype(np.float32)
        return chances

    @classmethod
    def from_json(cls, made: dict[str, Any]) -> Choice:
        """What ``python -m train choice`` wrote: a weight for each feature by name, and ``bias``."""
        return cls(np.array(list(made["weights"].values()), dtype=np.float32), float(made["bias"]))


@cache
def read_choice(path: Path) -> tuple[Choice, Choice]:
    """The learned weights at ``path``: of sentence choice and of confidence. Raises FileNotFoundError."""
    if not path.is_file():
        raise FileNotFoundError(
            f"{path} is missing: the learned weights of sentence choice. `python -m train choice` makes it."
        )
    made = json.loads(path.read_text("utf-8"))
    return Choice.from_json(made["sentence"]), Choice.from_json(made["confidence"])


def confidence_row(rows: Features, probabilities: Features) -> Features:
    """What confidence is judged by: the best sentence's odds, how much of the question it and its passage cover.

    Few and plain on purpose: with more, it judges well what it learned from and badly reports of another kind
    (docs/tried.md).
    """
    best = int(probabilities.argmax())
    chance = float(probabilities[best])
    odds = math.log((chance + 1e-4) / (1.0001 - chance))
    return np.array([odds, *(rows[best, NAMES.index(name)] for name in OF_CONFIDENCE)], dtype=np.float32)


OF_CONFIDENCE = ("covered_in_passage", "covered_in_context", "length")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The sentences that answer, in an order that reads, the chance in [0, 1] that they do, and the best of them."""

    sentences: tuple[Candidate, ...]
    confidence: float
    best: Candidate | None


#: Sentences are added until the chance that one of them answers is this; questions for several things go further.
_ENOUGH, _ENOUGH_FOR_SEVERAL = 0.93, 0.98
#: No further sentence is quoted that answers with less than this chance, or less than this share of the best one's.
_FURTHER, _FURTHER_SHARE = 0.06, 0.15
#: What is left of a sentence's odds when it says another year than the question, or its report is of another year; when
#: the year stands at least in its passage; when a figure or version of the question stands neither in it nor above it.
_OTHER_YEAR, _YEAR_NEARBY, _OTHER_FIGURE = 0.1, 0.5, 0.1
#: The same for each Latin name of the question that the passage does not know.
_NO_SUCH_NAME = 0.3
#: The same where a number, share, date or version is asked for and the sentence has none.
_NO_FIGURE = 0.35
#: The question's language wins if its confidence is this share of the other's.
_OWN_LANGUAGE = 0.5
_SEVERAL = ("list", "comparison", "summary", "reason")
_CHOICE = Path(__file__).resolve().parent.parent / "models" / "choice.json"


def choose(search: Search, question: Question, found: Sequence[Candidate], most: int) -> Chosen:
    """The fewest sentences that answer, at most ``most``, of the candidates.

    In reading order, but the best one first unless several things are asked for.
    """
    if not found:
        return Chosen((), 0.0, None)
    if question.kind == "summary":
        sentences, sure = summary(search, question, found, most)
        return Chosen(tuple(sentences), sure, sentences[0] if sentences else None)
    rows = features(search, question, found)
    factors = _factors(search, question, found) * np.where(rows[:, NAMES.index("lacks_figure")] > 0, _NO_FIGURE, 1.0)
    own = np.array([candidate.hit.passage.language == question.language for candidate in found])
    ways = [_judge(rows, factors, part) for part in (own, ~own) if part.any()]
    way = ways[0] if ways[0].sure >= _OWN_LANGUAGE * ways[-1].sure else ways[-1]
    both = sides(question, found, _weighed(ways, len(found)))[:most]
    picked = [found[row] for row in both or way.places[fewest(way.chances, most, question.kind)]]
    best, reports = picked[0], [candidate.report.id for candidate in picked]
    picked.sort(key=lambda candidate: (reports.index(candidate.report.id), candidate.start))
    if question.kind not in _SEVERAL:
        picked.sort(key=lambda candidate: candidate is not best)
    return Chosen(tuple(with_items(candidate) for candidate in picked), way.sure, with_items(best))


def _weighed(ways: Sequence[_Judged], size: int) -> Features:
    """The chances of all candidates, those of the question's language at twice the weight."""
    chances = np.zeros(size, dtype=np.float32)
    for weight, way in zip((1.0, 0.5), ways, strict=False):
        chances[way.places] = weight * way.chances
    return chances


@dataclass(frozen=True, slots=True)
class _Judged:
    """The candidates of one language as if there were no others: their places among all, chances, and confidence."""

    places: NDArray[np.int64]
    chances: Features
    sure: float


def _judge(rows: Features, factors: Features, part: NDArray[np.bool_]) -> _Judged:
    sentence, confidence = read_choice(_CHOICE)
    rows, factors = relative(rows[part]), factors[part]
    plain_chances = sentence.probabilities(rows)
    chances = _steered(plain_chances, factors)
    sure = confidence.probabilities(confidence_row(rows, plain_chances)[None])
    steered = _steered(sure, factors[chances.argmax()][None])
    return _Judged(np.flatnonzero(part), chances, float(steered[0]))


def fewest(chances: Features, most: int, kind: str) -> list[int]:
    """The rows to quote, best first: until one of them answers surely enough, or none is worth it."""
    enough = _ENOUGH_FOR_SEVERAL if kind in _SEVERAL else _ENOUGH
    order = np.argsort(-chances, kind="stable")[:most].tolist()
    picked: list[int] = order[:1]
    doubt = 1.0 - float(chances[order[0]])
    for row in order[1:]:
        chance = float(chances[row])
        if 1 - doubt >= enough or chance < _FURTHER or chance < _FURTHER_SHARE * float(chances[order[0]]):
            break
        picked.append(row)
        doubt *= 1 - chance
    return picked


def with_items(candidate: Candidate) -> Candidate:
    """A sentence that announces a list, with the list: ``The users are:`` and its items."""
    if not candidate.text.endswith((":", "：")):
        return candidate
    passage, text = candidate.hit.passage, candidate.report.text
    items = [span for span in quotable(text, candidate.end, passage.end) if _ITEM.search(text[candidate.end : span[0]])]
    taken = [span for span in items if span[1] - candidate.start <= _LONGEST_LIST]
    if not taken:
        return candidate
    said = [plain(text[start:end]).strip().rstrip("。.;；") for start, end in taken]
    joint, stop = ("；", "。") if candidate.hit.passage.language == "zh" else ("; ", ".")
    words = candidate.text + ("" if joint == "；" else " ") + joint.join(said) + stop
    return replace(candidate, end=taken[-1][1], text=words)


#: A list item's mark, somewhere between the announcement and the item.
_ITEM = re.compile(r"\n[^\S\n]*(?:[-*+•·]|\d{1,2}[.)、])\s")
#: The longest list that is quoted whole, in characters.
_LONGEST_LIST = 1_200


def _steered(chances: Features, factors: Features) -> Features:
    """The chances with their odds multiplied."""
    odds = chances / np.maximum(1 - chances, 1e-6) * factors
    steered: Features = (odds / (1 + odds)).astype(np.float32)
    return steered


def _factors(search: Search, question: Question, found: Sequence[Candidate]) -> Features:
    """What is left of each sentence's odds once the question's years, figures, versions and names are looked for."""
    factors = np.ones(len(found), dtype=np.float32)
    years = {str(year) for year in question.years}
    figures = {quantity.written for quantity in question.numbers} | set(question.versions)
    names = [name.lower() for name in question.entities if name.isascii()]
    for i, candidate in enumerate(found):
        above = " ".join([candidate.report.title, *candidate.hit.passage.headings])
        about = {str(year) for year in years_of(candidate.report)}
        said = set(YEAR.findall(candidate.text))
        passage = f"{above} {search.text(candidate.hit.passage)}"
        if years and question.kind not in ("date", "comparison") and said and not said & years:
            factors[i] *= _OTHER_YEAR
        elif years and not years & (said | about | set(YEAR.findall(above))):
            factors[i] *= _YEAR_NEARBY if years & set(YEAR.findall(passage)) else _OTHER_YEAR
        if any(figure not in f"{above} {candidate.text}" for figure in figures):
            factors[i] *= _OTHER_FIGURE
        factors[i] *= _NO_SUCH_NAME ** sum(name not in passage.lower() for name in names)
    return factors
