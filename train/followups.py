"""Learns which questions follow from earlier ones, from questions written by hand with what was asked before."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from answer.question import signals

#: A word has a weight of its own where the questions after so many conversations have it.
_OFTEN = 3
#: How little weights are held down: of 1 and 3, and ``_OFTEN`` of 3, 5 and 8, the best on conversations left out.
_FREE = 3.0


def learn(path: Path) -> dict[str, float]:
    """The line as it is written: the weight of each signal, and the bias.

    A row of ``path``: ``history`` (``question``, ``answer``), ``question``, ``follows``.
    """
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    values = [signals(row["question"], *_before(row["history"])) for row in rows]
    heard = {(name, json.dumps(row["history"])) for row, told in zip(rows, values, strict=True) for name in told}
    often = Counter(name for name, _ in heard)
    known = [{name: value for name, value in told.items() if often[name] >= _OFTEN} for told in values]
    table, follows = DictVectorizer(sparse=False), [row["follows"] for row in rows]
    line = LogisticRegression(C=_FREE, max_iter=3_000)
    line.fit(table.fit_transform(known), follows)
    weights = zip(table.get_feature_names_out(), line.coef_[0], strict=True)
    return {name: round(float(weight), 3) for name, weight in weights} | {"(bias)": round(float(line.intercept_[0]), 3)}


def _before(history: list[dict[str, str]]) -> tuple[str, str]:
    return " ".join(turn["question"] for turn in history), history[-1]["answer"]
