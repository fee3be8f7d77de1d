"""Several rankings into one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]

#: Scores that differ by less than this share of the highest are alike: they are not spread as far as others.
_ALIKE = 0.05


def standardized(scores: Scores) -> Scores:
    """Scores with mean 0 and deviation 1 over the candidates, or less where they are alike: comparable rankings."""
    deviation = max(float(scores.std()), _ALIKE * float(np.abs(scores).max(initial=0.0)))
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
