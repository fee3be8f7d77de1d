"""Learns which questions follow from earlier ones, from questions written by hand with what was asked before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sklearn.linear_model import LogisticRegression

from answer.question import SIGNALS, signals

#: What a lost follow-up costs, a whole question that is taken for one costing 1: it is searched without its subject.
_LOST = 1.5


def learn(path: Path) -> dict[str, Any]:
    """The line as it is written: a weight for each signal, and the bias.

    A row of ``path``: ``history`` (``question``, ``answer``), ``question``, ``follows``.
    """
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    values = [signals(row["question"], *_before(row["history"])) for row in rows]
    follows = [row["follows"] for row in rows]
    line = LogisticRegression(max_iter=3_000, class_weight={True: _LOST, False: 1.0}).fit(values, follows)
    weights = dict(zip(SIGNALS, (round(float(weight), 3) for weight in line.coef_[0]), strict=True))
    return {"weights": weights, "bias": round(float(line.intercept_[0]), 3)}


def _before(history: list[dict[str, str]]) -> tuple[str, str]:
    return " ".join(turn["question"] for turn in history), history[-1]["answer"]
