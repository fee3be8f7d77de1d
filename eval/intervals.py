"""How sure a figure is: resampled questions, 95 % intervals, and figures of many questions at once.

A *statistic* takes weights, how often each question counts in each resample [resamples, questions], and one column of
values for each thing it needs [questions], nan where a question has none; it gives a value a resample.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Statistic = Callable[..., Array]
Interval = tuple[float, float]

#: How often the questions are drawn again.
RESAMPLES = 2_000
#: The normal quantile of a 95 % interval.
_Z = 1.959964


def resampled(clusters: Sequence[str], seed: int = 0) -> Array:
    """How often each question counts in each resample: the clusters are drawn with replacement, always the same.

    Questions of one cluster (one fact asked for in other words) are drawn together, as they succeed and fail together.
    Seen in Efron and Tibshirani, An Introduction to the Bootstrap (1993).
    """
    names, places = np.unique(np.array(clusters), return_inverse=True)
    chance = np.full(len(names), 1 / max(len(names), 1))
    drawn = np.random.default_rng(seed).multinomial(len(names), chance, size=RESAMPLES)
    return drawn[:, places].astype(np.float64)


def once(count: int) -> Array:
    """Each question once: what gives the figure itself."""
    return np.ones((1, count))


def mean(weights: Array, values: Array) -> Array:
    """The weighted mean: 1, 0 once each -> .5; nan of nothing."""
    return _divided(weights @ values, weights.sum(1))


def auc(weights: Array, confidence: Array, right: Array) -> Array:
    """The chance that a right answer is more confident than a wrong one; equal ones count half.

    Confidences .9, .8, .3 of a right, a wrong and a right answer -> .5; nan where all are right, or none.
    """
    good, bad = (_by_level(weights * share, confidence) for share in (right, 1 - right))
    below = np.cumsum(bad, axis=1) - bad
    return _divided((good * (below + bad / 2)).sum(1), good.sum(1) * bad.sum(1))


def risk_area(weights: Array, confidence: Array, right: Array) -> Array:
    """The area under the risk-coverage curve: the share of wrong answers among the surest ones, averaged over coverage.

    Answers of equal confidence count as one step. Confidences .9, .5 of a right and a wrong answer: risks 0 and .5
    -> .25. Geifman and El-Yaniv, Selective Classification for Deep Neural Networks (2017).
    """
    wrong, every = (_by_level(weights * share, confidence)[:, ::-1] for share in (1 - right, np.ones_like(right)))
    risk = _divided(np.cumsum(wrong, axis=1), np.cumsum(every, axis=1), nothing=0.0)
    return _divided((risk * every).sum(1), every.sum(1))


def between(weights: Array, values: Array, chinese: Array) -> Array:
    """The mean of the Chinese questions less that of the English ones: 1, 0 of Chinese, 1 of English ones -> -.5."""
    return mean(weights * chinese, values) - mean(weights * (1 - chinese), values)


def interval(drawn: Array) -> Interval:
    """The 95 % interval of a statistic's resamples; nan where it was never there."""
    there = drawn[~np.isnan(drawn)]
    low, high = np.percentile(there, (2.5, 97.5)) if len(there) else (np.nan, np.nan)
    return float(low), float(high)


def wilson(right: int, of: int) -> Interval:
    """The 95 % interval of a share, after Wilson (1927): 8 of 10 -> (.49, .94), 10 of 10 -> (.72, 1.0)."""
    if not of:
        return 0.0, 1.0
    share, z2 = right / of, _Z * _Z
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z / (1 + z2 / of) * float(np.sqrt(share * (1 - share) / of + z2 / (4 * of * of)))
    return max(0.0, middle - half), min(1.0, middle + half)


def _by_level(weights: Array, values: Array) -> Array:
    """The weights summed over equal values, least value first [resamples, levels]."""
    levels, places = np.unique(values, return_inverse=True)
    indicator = np.zeros((len(values), len(levels)))
    indicator[np.arange(len(values)), places] = 1.0
    return weights @ indicator


def _divided(above: Array, below: Array, nothing: float = np.nan) -> Array:
    return np.divide(above, below, out=np.full_like(above, nothing, dtype=np.float64), where=below > 0)
