"""Learns which sentence answers, and when none does, from questions with their passage and answer.

Two logistic regressions (scikit-learn), written as JSON with a weight for each feature: ``sentence`` gives the chance
that a candidate answers, ``confidence`` the chance that the best ones do, taught with questions whose passage was taken
away.
"""

from __future__ import annotations

import json
import lzma
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from answer.extract import OF_CONFIDENCE, Choice, confidence_row, fewest
from answer.features import NAMES, Candidate, candidates, features, relative
from answer.question import understand
from index.search import Search
from ingest.read import report_from_text

#: Passages searched together, in turn: from what a question brings along to a small library.
_POOLS = (6, 25, 100, 400)
#: Questions of each language.
_QUESTIONS = 6500
_SOURCES = {
    "cmrc2018-train": "zh",
    "drcd-dev-t2s": "zh",
    "squad-train-para": "en",
    "qed-nq-dev": "en",
    "covid-qa": "en",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and where in which passage its answer stands."""

    question: str
    passage: str
    start: int
    end: int


def questions(path: Path, seed: int) -> list[Asked]:
    """Questions whose answer's place is known, as many Chinese as English."""
    by_language: dict[str, list[Asked]] = {"zh": [], "en": []}
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["start"] >= 0 and row["src"] in _SOURCES and len(row["p"]) < 3000:
                end = row["start"] + len(row["answer"])
                by_language[_SOURCES[row["src"]]].append(Asked(row["q"], row["p"], row["start"], end))
    rng = random.Random(seed)
    picked = [asked for rows in by_language.values() for asked in rng.sample(rows, min(_QUESTIONS, len(rows)))]
    return picked


@dataclass(frozen=True, slots=True)
class Example:
    """A question's candidates: which of them answer, which say the answer's words, which stand in its passage."""

    kind: str
    rows: np.ndarray
    answers: np.ndarray
    mentions: np.ndarray
    at_home: np.ndarray


def examples(asked: Sequence[Asked], like: Search, hits: int, seed: int) -> Iterator[Example]:
    """One a question, searched among passages of a like topic, in pools of several sizes."""
    passages = _by_topic(list(dict.fromkeys(a.passage for a in asked)), like)
    by_passage: dict[str, list[Asked]] = {}
    for a in asked:
        by_passage.setdefault(a.passage, []).append(a)
    for pool in _pools(passages, random.Random(seed)):
        reports = [replace(report_from_text(text, f"{i}.txt"), id=str(i)) for i, text in enumerate(pool)]
        search = Search.over(reports, like)
        for report in reports:
            for a in by_passage[report.text if report.text in by_passage else pool[int(report.id)]]:
                question = understand(a.question)
                found = candidates(search, search.search(question.whole, hits))
                if found:
                    at_home = np.array([c.report.id == report.id for c in found])
                    answers = np.array([_holds(c, a) for c in found]) & at_home
                    answer = a.passage[a.start : a.end].lower()
                    mentions = np.array([answer in c.text.lower() for c in found]) | answers
                    yield Example(question.kind, features(search, question, found), answers, mentions, at_home)


def _by_topic(passages: list[str], search: Search) -> list[str]:
    """The passages with like ones side by side: halved again and again along their main direction."""
    vectors = search.encode(passages)

    def halved(rows: np.ndarray) -> Iterator[int]:
        if len(rows) <= 2:
            yield from rows.tolist()
            return
        centred = vectors[rows] - vectors[rows].mean(axis=0)
        direction = np.linalg.svd(centred, full_matrices=False)[2][0] if len(rows) < 1000 else _main(centred)
        order = np.argsort(centred @ direction)
        yield from halved(rows[order[: len(rows) // 2]])
        yield from halved(rows[order[len(rows) // 2 :]])

    return [passages[row] for row in halved(np.arange(len(passages)))]


def _main(centred: np.ndarray) -> np.ndarray:
    """The main direction of many rows."""
    direction: np.ndarray = np.linalg.eigh(centred.T @ centred)[1][:, -1]
    return direction


def _pools(passages: Sequence[str], rng: random.Random) -> Iterator[Sequence[str]]:
    """Stretches of the passages, each size holding about as many passages in all."""
    first = 0
    while first < len(passages):
        size = rng.choices(_POOLS, weights=[1 / size for size in _POOLS])[0]
        yield passages[first : first + size]
        first += size


def _holds(candidate: Candidate, asked: Asked) -> bool:
    return candidate.start <= asked.start < candidate.end


def learn(found: Sequence[Example], say: Callable[[str], None] = print) -> dict[str, Any]:
    """The two networks as JSON, with their figures on a tenth of the questions that they have not seen."""
    cut = len(found) * 9 // 10
    order = np.random.default_rng(0).permutation(len(found))
    seen, held = [found[i] for i in order[:cut]], [found[i] for i in order[cut:]]
    rows = np.concatenate([e.rows for e in seen])
    labels = np.concatenate([e.answers for e in seen])
    sentence = _line(rows, labels, NAMES)
    sentence_choice = Choice.from_json(sentence)
    hits = [_rank(sentence_choice, e) for e in held if e.answers.any()]
    figures = {f"answer among the first {n}": float(np.mean([rank < n for rank in hits])) for n in (1, 2, 3)}

    def judged(some: Sequence[Example]) -> tuple[np.ndarray, np.ndarray]:
        """Each question as it is, and without its passage."""
        inputs, outcomes = [], []
        for example in some:
            every = np.ones(len(example.rows), dtype=bool)
            for part in (every, ~example.at_home & ~example.mentions):
                if part.any():
                    rows = relative(example.rows[part])
                    probabilities = sentence_choice.probabilities(rows)
                    picked = fewest(probabilities, 3, example.kind)
                    inputs.append(confidence_row(rows, probabilities))
                    outcomes.append(bool(example.answers[part][picked].any()))
        return np.stack(inputs), np.array(outcomes)

    confidence = _line(*judged(seen), ("odds", *OF_CONFIDENCE))
    rows, outcomes = judged(held)
    sure = Choice.from_json(confidence).probabilities(rows)
    for declined in (0.03, 0.06, 0.12):
        threshold = float(np.quantile(sure[outcomes], declined))
        figures[f"unanswerable declined when {declined:.0%} of answers are"] = float(
            (sure[~outcomes] < threshold).mean()
        )
        figures[f"threshold there, {declined:.0%}"] = threshold
    for name, value in figures.items():
        say(f"{name}: {value:.3f}")
    return {"sentence": sentence, "confidence": confidence, "figures": figures}


def _rank(choice: Choice, example: Example) -> int:
    order = np.argsort(-choice.probabilities(example.rows), kind="stable")
    return int(np.flatnonzero(example.answers[order])[0])


def _line(rows: np.ndarray, labels: np.ndarray, names: Sequence[str]) -> dict[str, Any]:
    """A logistic regression on standardized features, its weights brought back to the features as they are."""
    scaler = StandardScaler().fit(rows)
    learned = LogisticRegression(max_iter=1000).fit(scaler.transform(rows), labels)
    weights = learned.coef_[0] / scaler.scale_
    bias = float(learned.intercept_[0] - weights @ scaler.mean_)
    return {"weights": dict(zip(names, np.round(weights, 5).tolist(), strict=True)), "bias": round(bias, 5)}
