"""What tells a follow-up from a whole question: a learned line, and what the static model says of words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from math import log1p
from types import MappingProxyType

import numpy as np

from index.encoder import StaticEncoder, static
from settings import ROOT

#: Words whose vectors are no longer than this only join others: ``the`` 3, ``多少`` 19, ``revenue`` 40.
_TELLING = 20.0
#: From this cosine on two are of a kind: 净利润 and 营业收入 0.50, 净息差 and 不良贷款率 0.12;
#: 海外 and 营业收入 0.10.
_ALIKE = 0.11


def follows(told: Mapping[str, float]) -> bool:
    """Does a question follow from the one before it, by what ``answer.question.signals`` says of them?"""
    weights = _learned()
    return sum(weights.get(name, 0.0) * value for name, value in told.items()) + weights["(bias)"] > 0


def worded(asked: str, before: str) -> dict[str, float]:
    """``(weight)``: how much the words of a question say that those before lack, each as much as its vector is long.
    ``(near)``: how near its words are to those before, from 0 to 1.
    """
    model = _model()
    ids, known = (np.unique(found) for found in model.token_ids([asked, before]))
    ids = ids[model.lengths[ids] > _TELLING]
    lengths = model.lengths[ids] / _TELLING
    near = (model.units(ids) @ model.units(known).T).max(axis=1, initial=0.0)
    return {
        "(weight)": log1p(float(lengths[~np.isin(ids, known)].sum())),
        "(near)": float(near @ lengths) / max(1.0, float(lengths.sum())),
    }


def alike(one: str, other: str) -> bool:
    """Are these of a kind, so that one takes the other's place: ``净利润`` that of ``营业收入``, ``海外`` not."""
    first, second = _model().encode([one, other])
    return float(first @ second) > _ALIKE


@cache
def _learned() -> Mapping[str, float]:
    """The weights of the signals, and what is added. Raises FileNotFoundError where they are missing."""
    path = ROOT / "models" / "followups.json"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: what tells follow-ups. `python -m train followups` makes it.")
    return MappingProxyType(json.loads(path.read_text("utf-8")))


@cache
def _model() -> StaticEncoder:
    """The shipped model, which the line was learned with, whatever the index is built on."""
    return static(ROOT / "models" / "wenbao-static")
