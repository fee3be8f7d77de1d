"""The figures of the suite: what one answer scores in each, and how many answers make one figure.

Everything that compares (the table, the gate, the parts switched off) takes its figures from here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from eval import metrics
from eval.intervals import Array, Statistic, auc, between, mean, once, risk_area
from eval.run import Outcome
from records import CERTAINTIES, LANGUAGES
from text.language import language_of

#: The kind of questions whose facts are the values of two reports that disagree.
CONFLICT = "conflict"
#: A question's value in each figure that it counts for.
Scores = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of many questions: a statistic of their scores in ``columns``, by default their mean in its own.

    ``worth`` is the smallest difference worth a failure, 0 where none is; ``more`` whether more is better.
    """

    name: str
    worth: float = 0.02
    more: bool = True
    columns: tuple[str, ...] = ()
    statistic: Statistic = mean

    def of(self, rows: Sequence[Scores], weights: Array | None = None) -> Array:
        """Its value a resample; the figure itself, one value, without weights."""
        table = np.array([[row.get(name, np.nan) for row in rows] for name in self.needs], dtype=np.float64)
        weights = once(len(rows)) if weights is None else weights
        there = ~np.isnan(table).any(axis=0)
        return self.statistic(weights[:, there], *table[:, there])

    def value(self, rows: Sequence[Scores]) -> float | None:
        """The figure; None where no question counts for it."""
        value = float(self.of(rows)[0]) if rows else np.nan
        return None if np.isnan(value) else value

    def count(self, rows: Sequence[Scores]) -> int:
        """How many questions count for it."""
        return sum(all(name in row for name in self.needs) for row in rows)

    @property
    def needs(self) -> tuple[str, ...]:
        """The columns that it is made of."""
        return self.columns or (self.name,)


FIGURES = (
    Figure("wrong figure said sure", 0.005, more=False),
    Figure("facts found"),
    Figure("fact recall"),
    Figure("follow-ups found", 0.05),
    Figure("fact in the first sentence"),
    Figure("conflict told", 0.1),
    Figure("conflict told where none is", 0.005, more=False),
    Figure("answer span exact", 0.0),
    Figure("answer span F1"),
    Figure("citation validity", 0.001),
    Figure("citation precision"),
    Figure("citation recall"),
    Figure("evidence precision"),
    Figure("evidence recall"),
    Figure("claims supported", 0.01),
    Figure("citations needed", 0.01),
    Figure("answerable answered sure"),
    Figure("answerable answered unsure", 0.0, more=False),
    Figure("answerable declined", more=False),
    Figure("sure answers right"),
    Figure("unanswerable answered sure", more=False),
    Figure("declining precision"),
    Figure("declining recall"),
    Figure("confidence AUC", columns=("confidence", "right"), statistic=auc),
    Figure("risk-coverage area", more=False, columns=("confidence", "right"), statistic=risk_area),
    Figure("facts found, zh less en", 0.0, columns=("facts found", "chinese"), statistic=between),
    Figure("retrieval recall@1", 0.0),
    Figure("retrieval recall@5"),
    Figure("retrieval recall@10", 0.0),
    Figure("retrieval MRR"),
    Figure("own language: recall@5", 0.0),
    Figure("own language: MRR", 0.0),
    Figure("own language: nDCG@10"),
    Figure("across: recall@5", 0.0),
    Figure("across: MRR", 0.0),
    Figure("across: nDCG@10"),
)
BY_NAME = {figure.name: figure for figure in FIGURES}


@lru_cache(maxsize=4096)  # the table, the gate, the failures and the page all ask for them
def scores(outcome: Outcome) -> Scores:
    """What one answer scores in each figure that its question counts for, rounded to what is kept."""
    parts = (_of_all, _of_answerable if outcome.question.answerable else _of_unanswerable, _of_retrieval)
    found = {name: value for part in parts for name, value in part(outcome).items() if value is not None}
    return MappingProxyType({name: round(float(value), 4) for name, value in found.items()})


_Some = dict[str, float | None]


def _of_all(o: Outcome) -> _Some:
    question, claims = o.question, o.answer.claims
    told = not o.answer.abstained
    counts = question.must_not or metrics.are_figures(question.facts)
    wrong = metrics.wrong_figure(o.answer.text, o.shown, question.facts, question.must_not)
    return {
        "wrong figure said sure": o.sure and wrong if counts else None,
        "conflict told": _told(o) if question.kind == CONFLICT else None,
        "conflict told where none is": bool(o.answer.conflicts) if question.kind != CONFLICT else None,
        "citation validity": metrics.mean(c not in o.invalid for c in o.answer.citations),
        "claims supported": 1 - len(o.unsupported) / len(claims) if told and claims else None,
        "citations needed": metrics.mean(c.mark not in o.needless for c in o.answer.citations) if told else None,
        "sure answers right": o.right if o.sure else None,
        "declining precision": not question.answerable if o.answer.abstained else None,
        "confidence": o.answer.confidence,
        "right": o.right,
        "chinese": question.language == "zh",
        "certainty": CERTAINTIES.index(o.answer.certainty),
    }


def _told(o: Outcome) -> bool:
    """Does the answer say that two reports disagree, with both values?"""
    return any(not metrics.missing(conflict.what, o.question.facts) for conflict in o.answer.conflicts)


def _first(o: Outcome) -> bool:
    """Has the first sentence of the answer a fact: what is asked for, and not what is told beside it?"""
    claims = () if o.answer.abstained else o.answer.claims
    said = [text for claim in claims[:1] for text in (claim.text, *(c.quote for c in claim.citations))]
    return len(metrics.missing("\n".join(said), o.question.facts)) < len(o.question.facts)


def _of_answerable(o: Outcome) -> _Some:
    question, gold = o.question, gold_of(o)
    facts, reports = question.facts, question.reports
    return {
        "facts found": not o.missing,
        "fact recall": 1 - len(o.missing) / len(facts),
        "follow-ups found": not o.missing if question.history else None,
        "fact in the first sentence": _first(o),
        "answer span exact": metrics.span_exact(o.spans, facts) if o.spans else None,
        "answer span F1": metrics.span_f1(o.spans, facts) if o.spans else None,
        "citation precision": metrics.citation_precision(o.cited, facts, reports) if o.sure else None,
        "citation recall": metrics.citation_recall(o.cited, facts, reports),
        "evidence precision": metrics.gold_precision(o.cited, gold) if gold and o.sure else None,
        "evidence recall": metrics.gold_recall(o.cited, gold, facts) if gold else None,
        "answerable answered sure": o.sure,
        "answerable answered unsure": o.answer.certainty == "unsure",
        "answerable declined": o.declined,
    }


def _of_unanswerable(o: Outcome) -> _Some:
    return {"unanswerable answered sure": not o.declined, "declining recall": o.answer.abstained}


def _of_retrieval(o: Outcome) -> _Some:
    question = o.question
    if not (question.answerable and o.found):
        return {}
    facts, reports = question.facts, question.reports
    found: _Some = {f"retrieval recall@{k}": metrics.recall_at(k, o.found, facts, reports) for k in (1, 5, 10)}
    found["retrieval MRR"] = metrics.reciprocal_rank(o.found, facts, reports)
    for language in LANGUAGES:
        gold = [source for source in gold_of(o) if language_of(source[1]) == language]
        if gold and language in (question.languages or LANGUAGES):
            way = "own language" if language == question.language else "across"
            found |= {f"{way}: {name}": value for name, value in _ranked(o, gold).items()}
    return found


def _ranked(o: Outcome, gold: Sequence[metrics.Source]) -> dict[str, float]:
    """How well search ranks the evidence that a language has."""
    at = metrics.ranks(o.found, gold, gold_of(o))
    lost = [source for source in gold if not metrics.ranks(o.found, [source])]
    near = [source for source in gold if any(rank <= 5 for rank in metrics.ranks(o.found, [source], gold_of(o)))]
    return {
        "recall@5": len(near) / len(gold),
        "MRR": 1 / at[0] if at else 0.0,
        "nDCG@10": metrics.ndcg(at, len(lost)),
    }


def gold_of(o: Outcome) -> list[metrics.Source]:
    """The evidence of a question as sources."""
    return [(e.report, e.quote) for e in o.question.evidence]


def clusters(outcomes: Sequence[Outcome]) -> list[str]:
    """What each question is drawn together with: the others of its pair."""
    return [o.question.pair or o.question.id for o in outcomes]


def by_kind(outcomes: Sequence[Outcome], choose: Callable[[Outcome], str]) -> dict[str, list[Scores]]:
    """The scores of the questions of each kind, kinds in order."""
    found: dict[str, list[Scores]] = {}
    for outcome in sorted(outcomes, key=choose):
        found.setdefault(choose(outcome), []).append(scores(outcome))
    return found
