"""What fell is told from what chance explains, question by question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from eval.gate import Baseline, Change, changes, counted, paired, raise_baseline, tamper_fell
from eval.questions import EvalQuestion
from eval.run import Outcome
from eval.scores import BY_NAME, Scores
from eval.trials import Trial
from records import Answer, Claim

ASKED = EvalQuestion("q", "How long is the pier?", "en", "number", True, (("40 m",),), ("a.md",))
RIGHT, WRONG = Answer("", "en", (Claim("It is 40 m long.", ()),)), Answer("", "en", (Claim("It is 90 m long.", ()),))


def outcomes(*answers: Answer) -> list[Outcome]:
    return [
        Outcome(replace(ASKED, id=f"q{place}"), answer, (), (), (), (), 0.1) for place, answer in enumerate(answers)
    ]


def found(*values: float) -> list[Scores]:
    return [{"facts found": value} for value in values]


def facts_found(old: Sequence[Scores], new: Sequence[Scores]) -> Change:
    clusters = [str(place) for place in range(len(old))]
    (change,) = paired(old, new, clusters, [BY_NAME["facts found"]])
    return change


def test_a_figure_that_fell_for_many_questions_fails() -> None:
    change = facts_found(found(*[1.0] * 20), found(*[1.0] * 10, *[0.0] * 10))
    assert (change.old, change.new, change.count) == (1.0, 0.5, 20)
    assert change.high < 0
    assert change.fell
    assert str(change).startswith("facts found: 1.000 -> 0.500, -0.500 [-0.7")


def test_what_chance_explains_does_not_fail() -> None:
    assert not facts_found(found(*[1.0] * 20), found(*[1.0] * 19, 0.0)).fell
    assert not facts_found(found(1.0, 0.0), found(0.0, 1.0)).fell


def test_a_small_sure_difference_is_not_worth_a_failure() -> None:
    change = facts_found(found(*[1.0] * 20), found(*[0.99] * 20))
    assert change.moved
    assert not change.fell


def test_more_wrong_figures_fail_though_they_rise() -> None:
    change = Change("wrong figure said sure", 0.0, 0.02, 0.008, 0.03, 100)
    assert change.fell
    assert not replace(change, old=0.02, new=0.0, low=-0.03, high=-0.008).fell


def test_a_baseline_is_read_as_it_was_raised_and_equal_answers_move_nothing(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    trials = [Trial("number", "en", "91", "90", True, ""), Trial("number", "en", "92", "90", False, "")]
    raise_baseline(path, outcomes(RIGHT, WRONG), trials, "abc")
    baseline = Baseline.read(path)
    assert baseline is not None
    assert (baseline.commit, baseline.tamper) == ("abc", {"number en": (1, 2)})
    assert [baseline.scores[name]["facts found"] for name in ("q0", "q1")] == [1.0, 0.0]
    assert not any(change.moved for change in changes(outcomes(RIGHT, WRONG), baseline))
    assert path.read_text("utf-8").count("\n") == 4


def test_answers_that_got_worse_fall_under_their_baseline(tmp_path: Path) -> None:
    raise_baseline(tmp_path / "b.json", outcomes(*[RIGHT] * 20), [], "abc")
    baseline = Baseline.read(tmp_path / "b.json")
    assert baseline is not None
    fell = [change.name for change in changes(outcomes(*[WRONG] * 20), baseline) if change.fell]
    assert {"wrong figure said sure", "facts found", "sure answers right"} <= set(fell)


def test_a_question_that_was_changed_or_added_is_not_compared(tmp_path: Path) -> None:
    raise_baseline(tmp_path / "b.json", outcomes(RIGHT), [], "abc")
    baseline = Baseline.read(tmp_path / "b.json")
    assert baseline is not None
    changed = [replace(o, question=replace(o.question, question="How wide?")) for o in outcomes(WRONG)]
    assert changes(changed, baseline) == []
    assert max(change.count for change in changes(outcomes(RIGHT, WRONG), baseline)) == 1


def test_a_figure_that_the_baseline_does_not_know_is_not_compared() -> None:
    new = [{"facts found": 1.0, "conflict told": 0.0}] * 3
    assert [change.name for change in paired(found(1.0, 1.0, 1.0), new, ["a", "b", "c"])] == ["facts found"]


def test_no_baseline_is_none_and_a_broken_one_says_what_to_do(tmp_path: Path) -> None:
    assert Baseline.read(tmp_path / "none.json") is None
    (tmp_path / "b.json").write_text("{}", "utf-8")
    with pytest.raises(ValueError, match="python -m eval --raise-baseline"):
        Baseline.read(tmp_path / "b.json")


def test_a_kind_of_tampering_falls_when_it_leaves_the_interval_of_its_baseline() -> None:
    baseline = Baseline("abc", {}, {}, {"number en": (95, 100), "year zh": (5, 5)})
    trials = [Trial("number", "en", "c", "s", place >= 20, "") for place in range(100)]
    assert counted(trials) == {"number en": (80, 100)}
    assert tamper_fell(trials, baseline) == ["tamper: number en: 0.950 -> 0.800, under 0.888, of 100"]
    assert tamper_fell(trials[10:], baseline) == []
