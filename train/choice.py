"""Learns which sentence answers, and how sure an answer is, from questions with their evidence.

Two lines for answers with the reader and two for answers without it. ``sentence`` gives
the chance that a candidate answers; ``confidence`` that what is quoted holds every fact asked for, taught on chances
from reports that ``sentence`` had not seen (cross-validation by report). The thresholds come from the same unseen
chances.
"""

from __future__ import annotations

import json
import random
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from answer.candidates import Candidate, excerpt
from answer.choose import NAMES, OF_CONFIDENCE, Choice, Considered, Line, choose, confidence_row, standing
from answer.question import Question, understand
from answer.reader import Reads
from index.search import Search
from ingest.read import read, report_from_text
from records import Turn
from text.fold import overlap
from text.markdown import plain
from train.asked import rows

Array = NDArray[np.float32]

#: Signals that only a reader gives.
_READ = ("odds", "margin", "behind", "answers", "words")
#: Passages that are read for a question, and in how many parts reports are for cross-validation.
_PASSAGES, _FOLDS = 16, 8
#: What a question of ``train/asked/choice`` counts, one of ../shared/natural being 1.
_OF_OWN = 0.5
#: What large weights of the sentences' line cost.
_RIDGE = 5e-3
#: Of sure answers at least so many are right; of questions without an answer at most so many are answered as sure.
SURE_RIGHT, SURE_WRONG = 0.88, 0.125
#: No further sentence is quoted that answers with less than this chance, or this share of the best one's. Of .05 to
#: .3 and .2 to .8, these keep two thirds of what sure answers cite to the evidence; lower ones find more facts and
#: cite more beside them.
FURTHER, FURTHER_SHARE = 0.25, 0.6
#: Of questions that have an answer at most so many are told that there is none.
LOST = 0.0075


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what an answer must say: groups of forms, one form of a group is enough; and the quotes that say
    it.
    """

    question: Question
    group: str
    facts: tuple[tuple[str, ...], ...]
    evidence: tuple[tuple[str, str], ...]
    """Path of a report, and a quote of it."""

    @property
    def answerable(self) -> bool:
        """Do the reports answer?"""
        return bool(self.facts or self.evidence)


@dataclass(frozen=True, slots=True)
class Example:
    """A question with its candidates: their signals, which of them are evidence."""

    asked: Asked
    candidates: tuple[Candidate, ...]
    words: tuple[tuple[int, int, float], ...]
    rows: Array
    truths: NDArray[np.bool_]
    weight: float


def natural(path: Path, today: date) -> Iterator[Asked]:
    """The questions of a file in the form of ../shared/natural; each without an answer is a group of its own."""
    for number, line in enumerate(path.read_text("utf-8").splitlines()):
        row = json.loads(line)
        earlier = [Turn(turn["question"], turn["answer"]) for turn in row["history"]]
        facts = tuple(map(tuple, row["facts"])) if row["answerable"] else ()
        evidence = tuple((quote["report"], quote["quote"]) for quote in row["evidence"]) if row["answerable"] else ()
        yield Asked(
            understand(row["question"], earlier, today),
            evidence[0][0] if evidence else f"none-{number}",
            facts,
            evidence,
        )


def asked_of_passages(
    path: Path, count: int, pool: int, like: Search, rng: random.Random
) -> Iterator[tuple[Asked, Search]]:
    """Questions with an answer in a passage (../shared/dev), each among other passages; of every third its own is
    taken away.
    """
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    rng.shuffle(rows)
    texts = list(dict.fromkeys(row["passage"] for row in rows))
    for number, row in enumerate(rows[:count]):
        others = [
            text
            for text in rng.sample(texts, pool)
            if text != row["passage"] and not any(a in text for a in row["answers"])
        ]
        away = number % 3 == 0
        held = others if away else [row["passage"], *others]
        reports = [report_from_text(text, f"{i}.txt") for i, text in enumerate(held)]
        facts = () if away else (tuple(row["answers"]),)
        evidence = () if away else (("0.txt", row["answers"][0]),)
        yield (
            Asked(understand(row["question"]), f"{path.name}-{number % 40}", facts, evidence),
            Search.over(reports, like),
        )


def asked_of_own(folder: Path, like: Search) -> Iterator[tuple[Asked, Search]]:
    """The questions of ``train/asked/choice``, each asked of its own report alone, which the reader has not learned."""
    search = {path.name: Search.over([read(path, folder)], like) for path in sorted(folder.glob("*.md"))}
    for name, row in rows(folder):
        if "q" in row:
            facts = ((row["answer"],),) if row.get("answer") else ()
            evidence = tuple((name, quote) for quote in row["evidence"])
            yield Asked(understand(row["q"]), name, facts, evidence), search[name]


def example(asked: Asked, search: Search, reader: Reads, weight: float) -> Example | None:
    """The question with what search and the reader say; None where nothing is found."""
    hits = search.search(asked.question.whole, _PASSAGES)
    excerpts = [excerpt(search.report(hit.passage.report_id), hit) for hit in hits]
    found = standing(search, asked.question, hits, reader.read(asked.question.whole, excerpts))
    if found is None:
        return None
    truths = np.array([is_evidence(candidate, asked) for candidate in found.candidates], dtype=bool)
    return Example(asked, found.candidates, found.words, found.rows, truths, weight)


def is_evidence(candidate: Candidate, asked: Asked) -> bool:
    """Does the sentence overlap a quote of its report by half of the shorter of the two, letters and digits alone?"""
    own = plain(candidate.report.text[candidate.start : candidate.end])
    name = Path(candidate.report.path).name
    return any(Path(path).name == name and overlap(own, plain(quote)) for path, quote in asked.evidence)


def holds(text: str, fact: str) -> bool:
    """Does a text say a fact: figures as whole figures, Latin words from their beginning, Chinese anywhere?"""
    text, fact = (_normal(t) for t in (text, fact))
    before = r"(?<![0-9a-z])(?<!\d\.)" if re.match(r"[0-9a-z]", fact) else ""
    after = r"(?!\d|\.\d)" if fact[-1:].isdigit() else ""
    return bool(fact) and re.search(before + re.escape(fact) + after, text) is not None


def _normal(text: str) -> str:
    text = re.sub(r"[*_`]", "", unicodedata.normalize("NFKC", text).casefold())
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", " ".join(text.split()))


def learn(examples: Sequence[Example], most: int, names: Sequence[str], say: Callable[[str], None]) -> dict[str, Any]:
    """The two lines and the thresholds as they are written."""
    columns = [NAMES.index(name) for name in names]
    fold_of = {group: i % _FOLDS for i, group in enumerate(sorted({example.asked.group for example in examples}))}
    folds = [fold_of[example.asked.group] for example in examples]
    chances: list[Array] = [np.zeros(0, np.float32)] * len(examples)
    for fold in range(_FOLDS):
        line = _sentence_line([e for e, f in zip(examples, folds, strict=True) if f != fold], columns)
        for i, e in enumerate(examples):
            if folds[i] == fold:
                chances[i] = line.chances(e.rows)
    whole = _sentence_line(examples, columns)
    settled = {"further": FURTHER, "further_share": FURTHER_SHARE}
    rows = np.stack([confidence_row(e.rows, c) for e, c in zip(examples, chances, strict=True)])
    used = [i for i, name in enumerate(OF_CONFIDENCE) if name in ("log_odds", "lead") or name in names]
    right = np.array([is_right(e, c, settled, most) for e, c in zip(examples, chances, strict=True)])
    weights = np.array([e.weight for e in examples])
    sure = np.zeros(len(examples))
    for fold in range(_FOLDS):
        there = np.array(folds) != fold
        line = _fitted(rows[there], right[there], weights[there], used, 0.3)
        sure[~there] = line.chances(rows[~there])
    confidence = _fitted(rows, right, weights, used, 0.3)
    own = np.array([e.weight >= 1 for e in examples])
    answerable = np.array([e.asked.answerable for e in examples])
    made = {**settled, **thresholds(sure[own], right[own], answerable[own])}
    say(report(sure[own], right[own], answerable[own], made))
    return {
        "sentence": _written(whole, NAMES),
        "confidence": _written(confidence, OF_CONFIDENCE),
        **made,
    }


def is_right(example: Example, chances: Array, settled: dict[str, float], most: int) -> bool:
    """Do the sentences that would be quoted hold every fact (where none is noted: is one of them evidence)?"""
    if not example.asked.answerable:
        return False
    considered = Considered(example.candidates, example.rows, chances, example.words, 1.0)
    line = Line(np.zeros(1, np.float32), np.zeros(1, np.float32), np.ones(1, np.float32), 0.0)
    choice = Choice(line, line, 0.5, 0.0, settled["further"], settled["further_share"])
    chosen = choose(considered, choice, example.asked.question, most).sentences
    if not example.asked.facts:
        return any(is_evidence(candidate, example.asked) for candidate in chosen)
    said = " ".join(candidate.text for candidate in chosen)
    return all(any(holds(said, form) for form in group) for group in example.asked.facts)


def thresholds(sure: Array, right: NDArray[np.bool_], answerable: NDArray[np.bool_]) -> dict[str, float]:
    """The least confidence that is sure, and that is given at all, by what the unseen chances say."""
    best = 1.0
    for limit in np.unique(np.round(sure, 3))[::-1]:
        given = (sure >= limit) & answerable
        if given.any() and right[given].mean() >= SURE_RIGHT and (sure[~answerable] >= limit).mean() <= SURE_WRONG:
            best = float(limit)
    return {"sure": best, "unsure": min(best, round(float(np.quantile(sure[answerable], LOST)), 3))}


def report(sure: Array, right: NDArray[np.bool_], answerable: NDArray[np.bool_], made: dict[str, float]) -> str:
    """In one line, how the unseen questions came out."""
    from sklearn.metrics import roc_auc_score

    given, told = sure >= made["sure"], sure < made["unsure"]
    good = float(right[given & answerable].mean()) if (given & answerable).any() else 0.0
    return (
        f"right {right[answerable].mean():.3f},"
        f" AUC of right {roc_auc_score(right, sure):.3f}, of answerable {roc_auc_score(answerable, sure):.3f};"
        f" sure from {made['sure']:.3f}: {given[answerable].mean():.3f} of answerable, right {good:.3f},"
        f" {given[~answerable].mean():.3f} of unanswerable;"
        f" none below {made['unsure']:.3f}: {told[answerable].mean():.3f} and {told[~answerable].mean():.3f}"
    )


def _sentence_line(examples: Sequence[Example], columns: Sequence[int]) -> Line:
    """A line that puts the evidence of each question before its other candidates: the chance that a choice by softmax
    takes
    evidence is made as great as can be. Its scores are then brought to the scale of log odds, over all candidates.
    """
    answered = [example for example in examples if example.truths.any()]
    scaler = StandardScaler().fit(np.concatenate([example.rows[:, list(columns)] for example in answered]))
    longest = max(len(example.rows) for example in answered)
    rows = torch.zeros(len(answered), longest, len(columns))
    held, truths = (torch.zeros(len(answered), longest, dtype=torch.bool) for _ in range(2))
    for place, example in enumerate(answered):
        count = len(example.rows)
        rows[place, :count] = torch.from_numpy(scaler.transform(example.rows[:, list(columns)])).float()
        held[place, :count], truths[place, :count] = True, torch.from_numpy(example.truths)
    share = torch.tensor([example.weight for example in answered])
    weights = torch.zeros(len(columns), requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=80)

    def cost() -> torch.Tensor:
        optimizer.zero_grad()
        scores = (rows @ weights).masked_fill(~held, -1e9)
        missed = torch.logsumexp(scores, 1) - torch.logsumexp(scores.masked_fill(~truths, -1e9), 1)
        total = (missed * share).sum() / share.sum() + _RIDGE * (weights**2).sum()
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimizer.step(cost)  # type: ignore[no-untyped-call]
    found = weights.detach().numpy()
    judged = [example for example in examples if example.truths.any() or not example.asked.answerable]
    scores = np.concatenate([scaler.transform(example.rows[:, list(columns)]) @ found for example in judged])
    right = np.concatenate([example.truths for example in judged])
    shares = np.concatenate([np.full(len(example.rows), example.weight) for example in judged])
    odds = LogisticRegression(C=1e3).fit(scores[:, None], right, shares)
    weight, mean, scale = np.zeros((3, len(NAMES)), np.float32)
    line = Line(weight, mean, scale + 1, float(odds.intercept_[0]))
    line.weights[list(columns)], line.mean[list(columns)] = found * odds.coef_[0, 0], scaler.mean_
    line.scale[list(columns)] = scaler.scale_
    return line


def _fitted(rows: Array, truths: NDArray[np.bool_], weights: Array, columns: Sequence[int], strength: float) -> Line:
    """A line through some columns; the others weigh nothing."""
    scaler = StandardScaler().fit(rows[:, list(columns)])
    model = LogisticRegression(C=strength, max_iter=2000).fit(scaler.transform(rows[:, list(columns)]), truths, weights)
    weight, mean, scale = np.zeros((3, rows.shape[1]), np.float32)
    line = Line(weight, mean, scale + 1, float(model.intercept_[0]))
    line.weights[list(columns)], line.mean[list(columns)] = model.coef_[0], scaler.mean_
    line.scale[list(columns)] = scaler.scale_
    return line


def _written(line: Line, names: Sequence[str]) -> dict[str, Any]:
    columns = zip(names, line.weights, line.mean, line.scale, strict=True)
    return {
        "values": {
            n: {"weight": round(float(w), 5), "mean": round(float(m), 5), "scale": round(float(s), 5)}
            for n, w, m, s in columns
        },
        "bias": round(line.bias, 5),
    }


def make(
    questions: Path,
    search: Search,
    reader: Reads,
    dev: Path | None,
    own: Path,
    most: int,
    say: Callable[[str], None],
    today: date,
) -> dict[str, Any]:
    """The learned choice with the reader and without, from ``questions`` on the reports of ``search``, passages of
    ``dev``, and the reports with questions in ``own``. The thresholds come from ``questions`` alone.
    """
    rng = random.Random(0)
    asked: list[tuple[Asked, Search, float]] = [(one, search, 1.0) for one in natural(questions, today)]
    for name in ("qa-zh-cmrc2018-dev.jsonl", "qa-en-dev.jsonl") if dev else ():
        asked += [(one, over, 0.15) for one, over in asked_of_passages(dev / name, 150, 12, search, rng)]  # type: ignore[operator]
    asked += [(one, over, _OF_OWN) for one, over in asked_of_own(own, search)]
    found = [made for one, over, weight in asked if (made := example(one, over, reader, weight))]
    say(f"{len(found)} questions, {sum(len(e.rows) for e in found)} sentences")
    unread = [name for name in NAMES if name not in _READ]
    return {"reader": learn(found, most, NAMES, say), "search": learn(found, most, unread, say)}
