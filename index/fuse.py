"""Several rankings into one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]


def standardized(scores: Scores) -> Scores:
    """Scores with mean 0 and deviation 1 over the candidates: what makes different rankings comparable."""
    deviation = float(scores.std())
    if deviation < 1e-9:
        return np.zeros_like(scores)
    result: Scores = (scores - scores.mean()) / np.float32(deviation)
    return result


def fuse(rankings: list[tuple[Scores, Scores]]) -> Scores:
    """The weighted sum of standardized scores; each ranking is (scores, weights), both one a candidate.

    A weight may differ from candidate to candidate: words say little about a passage in the other language.
    """
    total = np.zeros_like(rankings[0][0])
    for scores, weights in rankings:
        total += weights * standardized(scores)
    return total
