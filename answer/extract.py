"""An answer from the reports' own sentences, no LLM."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from answer.quantities import Quantity, parse
from answer.question import Question, entities
from index.generation import LONGEST_TITLE
from index.search import Search
from index.words import STOP, words
from ingest.clean import plain
from ingest.sentences import quotable
from records import Hit, Report

Features = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer: where it is, its words without markup, and the hit it was found in."""

    report: Report
    start: int
    end: int
    text: str
    hit: Hit
    rank: int
    """Of the hit, from 0."""
    place: int
    """Of the sentence within its passage, from 0."""


#: What each column of ``features`` is.
NAMES = (
    "covered",  # weighted share of the question that the sentence covers
    "covered_in_context",  # the same with the sentence before, the headings and the title
    "covered_in_passage",
    "least_covered",  # of the question's weightiest words, the worst covered one, in context
    "words_shared",  # the same by equal words, weighted by rarity among the candidates
    "words_shared_in_context",
    "bigrams_shared",  # pairs of neighbouring question words that are neighbours in the sentence too
    "hit_score",  # the passage's score, best one 0
    "hit_rank",
    "has_kind",  # what is asked for (a number, a date, a name ...) is there and was not in the question
    "lacks_kind",
    "has_cue",  # a word that comes with such answers: because, is called, located in
    "new_words",  # share of the sentence that the question does not say
    "length",  # log of its tokens
    "is_short",
    "is_first",
    "is_question",
    "covered_rank",  # share of the candidates that cover less
)

_KIND_UNITS: dict[str, Callable[[Quantity], bool]] = {
    "number": lambda q: q.kind not in ("version",) and q.unit != "date",
    "share": lambda q: q.kind == "share",
    "date": lambda q: q.unit == "date",
    "version": lambda q: q.kind in ("version", "number"),
}
_CUES = {
    "reason": r"因为|由于|因此|所以|导致|为了|原因|以便|使得|从而|缘于|出于|源于|\bbecause\b|\bdue to\b|\bsince\b|\btherefore\b|\bso that\b|\bas a result\b|\bcaused?\b|\breason|\bin order to\b|\bthus\b|\bled to\b",
    "definition": r"是(?:一[种个款项]|指)|指的是|即|称为|旨在|\bis an?\b|\bare\b|\brefers? to\b|\bmeans\b|\bknown as\b|\bdefined\b",
    "place": r"位于|在.{1,12}(?:省|市|县|国|州|区|镇|村|岛|山|河|洲|地)|\bin [A-Z]|\bat [A-Z]|\blocated\b|\bnear\b|\bfrom [A-Z]",
    "how": r"通过|利用|使用|采用|借助|以.{1,10}方式|\bby \w+ing\b|\busing\b|\bthrough\b|\bvia\b",
    "list": r"、.{1,20}、|以及|包括|分别|[:：]|, .{2,40}, (?:and|or) |\binclud|\bsuch as\b|\bas well as\b",
    "comparison": r"比|较|相比|高于|低于|不同|\bthan\b|\bcompared\b|\bwhile\b|\bwhereas\b|\bunlike\b",
    "yesno": r"不|没有|无|可以|能够|支持|\bnot\b|\bno\b|\bcan\b|\bdoes\b|\bsupport",
}
_CUE = {kind: re.compile(pattern, re.ASCII) for kind, pattern in _CUES.items()}


@lru_cache(maxsize=20_000)
def _words_of(text: str) -> tuple[str, ...]:
    return tuple(word for word in words(text) if word not in STOP)


@lru_cache(maxsize=20_000)
def _quantities_of(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((kind, q.written.lower()) for q in parse(text) for kind, fits in _KIND_UNITS.items() if fits(q))


@lru_cache(maxsize=20_000)
def _names_of(text: str) -> frozenset[str]:
    return frozenset(name.lower() for name in entities(text))


def candidates(search: Search, hits: Sequence[Hit]) -> list[Candidate]:
    """Every sentence worth quoting in the passages, each once, best passage first."""
    found: list[Candidate] = []
    seen: set[tuple[str, int]] = set()
    for rank, hit in enumerate(hits):
        report = search.report(hit.passage.report_id)
        for place, (start, end) in enumerate(quotable(report.text, hit.passage.start, hit.passage.end)):
            text = plain(report.text[start:end]).strip()
            if text and (report.id, start) not in seen:
                seen.add((report.id, start))
                found.append(Candidate(report, start, end, text, hit, rank, place))
    return found


def features(search: Search, question: Question, found: Sequence[Candidate]) -> Features:
    """One row a candidate, float32 [candidates, len(NAMES)]; needs at least one candidate."""
    asked = question.whole
    texts = [candidate.text for candidate in found]
    in_text, weights = search.matches(asked, texts)
    in_context = np.maximum(in_text, _matches_above(search, asked, found))
    for i in range(1, len(found)):
        if _follows(found, i):
            in_context[i] = np.maximum(in_context[i], in_text[i - 1])
    passages = {candidate.rank: candidate.hit.passage for candidate in found}
    in_hits = search.matches_of(asked, list(passages.values()))
    of_hit = {rank: i for i, rank in enumerate(passages)}
    in_passage = np.maximum(in_context, in_hits[[of_hit[candidate.rank] for candidate in found]])
    share = weights / max(float(weights.sum()), 1e-9)
    heavy = share >= np.sort(share)[-3:].min() if len(share) else np.zeros(0, dtype=bool)
    columns = {
        "covered": in_text @ share,
        "covered_in_context": in_context @ share,
        "covered_in_passage": in_passage @ share,
        "least_covered": in_context[:, heavy].min(axis=1, initial=1.0),
    }
    words_of = [_words_of(text) for text in texts]
    rarity = _rarity(words_of)
    said = _words_of(asked)
    columns["words_shared"] = np.array([_shared(said, there, rarity) for there in words_of])
    columns["words_shared_in_context"] = np.array(
        [_shared(said, [*there, *_words_in_context(found, i)], rarity) for i, there in enumerate(words_of)]
    )
    columns["bigrams_shared"] = np.array([_bigrams(said, _words_of(text)) for text in texts])
    scores = np.array([candidate.hit.score for candidate in found])
    columns["hit_score"] = scores - scores.max()
    columns["hit_rank"] = np.array([min(candidate.rank, 9) for candidate in found])
    has = np.array([_has_kind(question, text) for text in texts])
    columns["has_kind"], columns["lacks_kind"] = has > 0, has < 0
    cue = _CUE.get(question.kind)
    columns["has_cue"] = np.array([bool(cue and cue.search(text)) for text in texts])
    columns["new_words"] = np.array([_new(said, _words_of(text)) for text in texts])
    sizes = np.array([len(_words_of(text)) for text in texts])
    columns["length"] = np.log1p(sizes)
    columns["is_short"] = sizes <= 3
    columns["is_first"] = np.array([candidate.place == 0 for candidate in found])
    columns["is_question"] = np.array([text.rstrip("\"”' ").endswith(("?", "？")) for text in texts])
    order = columns["covered"].argsort().argsort()
    columns["covered_rank"] = order / max(len(found) - 1, 1)
    return np.stack([np.asarray(columns[name], dtype=np.float32) for name in NAMES], axis=1)


def _above(candidate: Candidate) -> tuple[str, ...]:
    """What stands above the sentence: title and headings."""
    title = candidate.report.title if len(candidate.report.title) <= LONGEST_TITLE else ""
    return (title, *candidate.hit.passage.headings)


def _follows(found: Sequence[Candidate], i: int) -> bool:
    """Does the candidate come right after the one before it in the same passage?"""
    return i > 0 and found[i].place > 0 and found[i - 1].rank == found[i].rank


def _words_in_context(found: Sequence[Candidate], i: int) -> Iterator[str]:
    """The words a reader has in mind at the sentence: of title, headings and the sentence before."""
    for line in (*_above(found[i]), *([found[i - 1].text] if _follows(found, i) else [])):
        yield from _words_of(line)


def _matches_above(search: Search, asked: str, found: Sequence[Candidate]) -> Features:
    """The best match of each question word in the title and headings above each candidate."""
    lines = list(dict.fromkeys(line for candidate in found for line in _above(candidate)))
    matches, _ = search.matches(asked, lines)
    row = {line: i for i, line in enumerate(lines)}
    return np.stack([matches[[row[line] for line in _above(candidate)]].max(axis=0) for candidate in found])


def _rarity(texts: Sequence[tuple[str, ...]]) -> dict[str, float]:
    held = Counter(word for text in texts for word in set(text))
    return {word: math.log1p((len(texts) - n + 0.5) / (n + 0.5)) for word, n in held.items()}


def _shared(said: Sequence[str], there: Sequence[str], rarity: dict[str, float]) -> float:
    known, unseen = set(there), math.log1p(2 * len(rarity) + 1)
    weights = {word: rarity.get(word, unseen) for word in said}
    return sum(weight for word, weight in weights.items() if word in known) / max(sum(weights.values()), 1e-9)


def _bigrams(said: Sequence[str], there: Sequence[str]) -> float:
    pairs = set(zip(said, said[1:], strict=False))
    return len(pairs & set(zip(there, there[1:], strict=False))) / max(len(pairs), 1)


def _new(said: Sequence[str], there: Sequence[str]) -> float:
    return sum(word not in said for word in there) / max(len(there), 1)


def _has_kind(question: Question, text: str) -> int:
    """1 when what is asked for is in the text and not already in the question, -1 when it is missing, 0 if no matter."""
    if question.kind in _KIND_UNITS:
        given = {written for _, written in _quantities_of(question.whole)}
        return 1 if any(k == question.kind and w not in given for k, w in _quantities_of(text)) else -1
    if question.kind == "name":
        return 1 if _names_of(text) - _names_of(question.whole) else -1
    if question.kind in _CUE:
        return 1 if _CUE[question.kind].search(text) else -1
    return 0


@dataclass(frozen=True, slots=True)
class Choice:
    """The learned weights of sentence choice and of confidence; made by ``python -m train choice``."""

    mean: Features
    scale: Features
    layers: tuple[tuple[Features, Features], ...]

    def probabilities(self, rows: Features) -> Features:
        """The chance that each row's sentence answers, in [0, 1]."""
        values: NDArray[np.float64] = (rows - self.mean) / self.scale
        for weights, bias in self.layers[:-1]:
            values = np.maximum(values @ weights + bias, 0.0)
        weights, bias = self.layers[-1]
        odds = (values @ weights + bias)[:, 0]
        chances: Features = (1.0 / (1.0 + np.exp(-odds))).astype(np.float32)
        return chances

    @classmethod
    def from_json(cls, made: dict[str, Any]) -> Choice:
        """What ``python -m train choice`` wrote."""

        def array(values: object) -> Features:
            return np.array(values, dtype=np.float32)

        layers = tuple((array(weights), array(bias)) for weights, bias in made["layers"])
        return cls(array(made["mean"]), array(made["scale"]), layers)


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
    """What confidence is judged by: the best two chances, the best sentence's features, the best of each feature."""
    best = np.sort(probabilities)[::-1]
    odds = np.log((best + 1e-4) / (1.0001 - best))
    second = odds[1] if len(odds) > 1 else np.float32(-9)
    top = rows[int(probabilities.argmax())]
    wanted = [NAMES.index(name) for name in _OF_COVERAGE]
    return np.concatenate([[odds[0], second], top, rows[:, wanted].max(axis=0)]).astype(np.float32)


_OF_COVERAGE = ("covered", "covered_in_context", "covered_in_passage", "words_shared", "words_shared_in_context")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The sentences that answer, in reading order, and the chance in [0, 1] that they do."""

    sentences: tuple[Candidate, ...]
    confidence: float


#: A further sentence is quoted when its chance is at least this, and at least this share of the best one's.
_FURTHER, _FURTHER_SHARE = 0.12, 0.25
#: A passage in another language answers as well when its words are nearest; the same language reads easier.
_OTHER_LANGUAGE = 0.5
#: What is left of the chance of a sentence whose report is of another year than the question names.
_OTHER_YEAR = 0.35
_CHOICE = Path(__file__).resolve().parent.parent / "models" / "choice.json"


def choose(search: Search, question: Question, hits: Sequence[Hit], most: int) -> Chosen:
    """The fewest sentences that answer, at most ``most``, from the passages found."""
    found = candidates(search, hits)
    if not found:
        return Chosen((), 0.0)
    sentence, confidence = read_choice(_CHOICE)
    rows = features(search, question, found)
    chances = sentence.probabilities(rows)
    steered = chances * _steering(question, found)
    sure = float(confidence.probabilities(confidence_row(rows, steered)[None])[0])
    order = np.argsort(-steered, kind="stable")
    best = float(steered[order[0]])
    picked: list[Candidate] = []
    for row in order:
        candidate = found[row]
        worth = not picked or (steered[row] >= _FURTHER and steered[row] >= _FURTHER_SHARE * best)
        if worth and len(picked) < most and not any(_same_words(candidate, other) for other in picked):
            picked.append(candidate)
    ranks = {candidate.report.id: i for i, candidate in reversed(list(enumerate(picked)))}
    picked.sort(key=lambda candidate: (ranks[candidate.report.id], candidate.start))
    return Chosen(tuple(picked), sure)


def years_of(report: Report) -> frozenset[int]:
    """The years a report is about: those of its title or name, else of its publication."""
    named = frozenset(int(year) for year in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", f"{report.title} {report.path}"))
    return named or frozenset({report.year} if report.year else ())


def _steering(question: Question, found: Sequence[Candidate]) -> Features:
    """What a candidate's chance is multiplied by: the question's language and years win where there is a choice."""
    factors = np.ones(len(found), dtype=np.float32)
    for i, candidate in enumerate(found):
        if candidate.hit.passage.language != question.language:
            factors[i] *= _OTHER_LANGUAGE
        about = years_of(candidate.report)
        if question.years and about and not about & set(question.years):
            if not any(str(year) in candidate.text for year in question.years):
                factors[i] *= _OTHER_YEAR
    return factors


def _same_words(one: Candidate, other: Candidate) -> bool:
    return one.text == other.text
