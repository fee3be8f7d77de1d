"""Statistics of many questions, held against values computed by hand and against all pairs."""

from __future__ import annotations

import numpy as np
import pytest

from eval.intervals import RESAMPLES, auc, between, interval, mean, once, resampled, risk_area, wilson


def test_the_figure_itself_counts_each_question_once() -> None:
    assert mean(once(4), np.array([1.0, 0, 1, 1]))[0] == 0.75
    assert np.isnan(mean(once(0), np.array([]))[0])


def test_a_resample_draws_questions_of_one_cluster_together() -> None:
    weights = resampled(["a", "b", "b", "c"])
    assert weights.shape == (RESAMPLES, 4)
    assert (weights[:, 1] == weights[:, 2]).all()
    assert (weights[:, [0, 1, 3]].sum(1) == 3).all()
    assert (weights == resampled(["a", "b", "b", "c"])).all()


def test_the_interval_of_a_mean_is_as_wide_as_the_normal_one() -> None:
    values = np.array([1.0, 0.0] * 200)
    low, high = interval(mean(resampled([str(i) for i in range(400)]), values))
    assert [low, high] == pytest.approx([0.451, 0.549], abs=0.01)


def test_the_area_under_the_curve_counts_ties_half() -> None:
    assert auc(once(3), np.array([0.9, 0.8, 0.3]), np.array([1.0, 0, 1]))[0] == 0.5
    assert auc(once(2), np.array([0.5, 0.5]), np.array([1.0, 0]))[0] == 0.5
    assert np.isnan(auc(once(2), np.array([0.5, 0.6]), np.ones(2))[0])


def test_the_area_under_the_curve_is_the_share_of_pairs_in_order() -> None:
    rng = np.random.default_rng(1)
    confidence, right = rng.integers(0, 9, 40) / 8, rng.integers(0, 2, 40).astype(float)
    weights = rng.integers(0, 4, (3, 40)).astype(float)
    good, bad = right == 1, right == 0
    order = (np.sign(confidence[good][:, None] - confidence[bad]) + 1) / 2
    wanted = [row[good] @ order @ row[bad] / (row[good].sum() * row[bad].sum()) for row in weights]
    assert auc(weights, confidence, right) == pytest.approx(np.array(wanted))


def test_risk_is_averaged_over_coverage() -> None:
    assert risk_area(once(2), np.array([0.9, 0.5]), np.array([1.0, 0]))[0] == 0.25
    assert risk_area(once(2), np.array([0.5, 0.9]), np.array([1.0, 0]))[0] == 0.75
    assert risk_area(once(2), np.array([0.5, 0.5]), np.array([1.0, 0]))[0] == 0.5


def test_languages_are_held_against_one_another() -> None:
    assert between(once(3), np.array([1.0, 0, 1]), np.array([1.0, 1, 0]))[0] == -0.5


def test_wilson_intervals_are_those_of_the_books() -> None:
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(10, 10) == pytest.approx((0.7225, 1.0), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)
