"""Rankings are made comparable by how far their scores lie apart, but scores that are alike stay alike."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fuse import fuse, standardized


def _scores(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float32)


def test_scores_apart_have_mean_0_and_deviation_1() -> None:
    assert standardized(_scores(0, 10)).tolist() == pytest.approx([-1, 1])


def test_scores_alike_are_not_spread_apart() -> None:
    first, second = standardized(_scores(0.80, 0.81)).tolist()
    assert 0 < second - first < 0.5


def test_scores_that_say_nothing_count_nothing() -> None:
    assert standardized(_scores(0, 0, 0)).tolist() == [0, 0, 0]


def test_a_weight_may_differ_from_candidate_to_candidate() -> None:
    words, meaning = _scores(0, 10), _scores(10, 0)
    fused = fuse([(words, _scores(1, 0)), (meaning, _scores(1, 1))])
    assert fused.tolist() == pytest.approx([-1 + 1, 0 - 1])


@given(st.lists(st.floats(0, 1, width=32), min_size=1, max_size=20))
def test_standardizing_keeps_the_order_and_stays_within_bounds(values: list[float]) -> None:
    scores = _scores(*values)
    found = standardized(scores)
    assert float(found.std()) <= 1 + 1e-3
    assert abs(float(found.mean())) < 1e-2
    best = int(scores.argmax())
    assert found[best] == found.max()
