"""The risk-coverage curve, on outcomes that can be counted by hand."""

import json
import math
from pathlib import Path

import pytest

from eval.risk import Outcome, curve, holds, main, table, trials
from index.search import Search
from settings import Settings

OUTCOMES = [
    Outcome("en", True, 0.9, True),
    Outcome("en", True, 0.6, False),
    Outcome("en", True, 0.3, True),
    Outcome("en", True, 0.1, False),
    Outcome("en", False, 0.5, False),
    Outcome("en", False, 0.05, False),
]


def test_a_point_says_what_a_threshold_declines_and_what_is_right_among_the_rest() -> None:
    low, middle, high, beyond = curve(OUTCOMES, [0.0, 0.2, 0.6, 0.95])
    assert (low.answerable_declined, low.right_among_answered, low.unanswerable_declined) == (0.0, 0.5, 0.0)
    assert (middle.answerable_declined, middle.unanswerable_declined) == (0.25, 0.5)
    assert middle.right_among_answered == pytest.approx(2 / 3)
    assert (high.answerable_declined, high.right_among_answered, high.unanswerable_declined) == (0.5, 0.5, 1.0)
    assert beyond.answerable_declined == 1.0
    assert math.isnan(beyond.right_among_answered)


def test_the_table_marks_the_threshold_that_is_shipped() -> None:
    lines = table(OUTCOMES, 0.2).splitlines()
    assert "| **0.20** | **25.0 %** | **66.7 %** | **50.0 %** |" in lines
    assert "## English: 4 questions" in lines
    assert not any("Chinese" in line for line in lines)


def test_an_answer_is_found_whatever_its_marks_and_widths() -> None:
    assert holds("贡献公司达 １，０１１ 家。", ["1,011家"])
    assert not holds("It grew.", ["fell", "。"])


BUILDERS = {"red": "Acme", "blue": "Bolt", "green": "Crane", "old": "Delta", "new": "Echo", "long": "Fox"}
ROWS: list[dict[str, object]] = [
    {
        "question": f"Who built the {thing} bridge?",
        "passage": f"The {thing} bridge was built by {who}.",
        "answers": [who],
    }
    for thing, who in BUILDERS.items()
]


def test_a_question_is_asked_with_its_passage_and_without() -> None:
    made = list(trials(ROWS, 3, Search.empty(Settings())))
    assert [trial.is_answerable for trial in made] == [True, False] * 3
    for trial in made:
        assert len(trial.passages) == 5
        assert any(holds(text, trial.answers) for text in trial.passages) == trial.is_answerable


def test_the_command_writes_a_table_and_a_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib is not installed: `python tools/install.py bench` brings it")
    questions = tmp_path / "questions.jsonl"
    questions.write_text("\n".join(map(json.dumps, ROWS)) + "\nnonsense\n", "utf-8")
    assert main(["--questions", str(questions), "--count", "2", "--out", str(tmp_path)]) == 0
    assert "## English: 2 questions" in (tmp_path / "risk-coverage.md").read_text("utf-8")
    assert (tmp_path / "risk-coverage.png").read_bytes().startswith(b"\x89PNG")
    assert "line 7" in capsys.readouterr().err


def test_no_question_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eval.risk.find_spec", lambda _: True)  # plots are not drawn here
    (tmp_path / "none.jsonl").write_text("", "utf-8")
    assert main(["--questions", str(tmp_path / "none.jsonl"), "--out", str(tmp_path)]) == 1
    assert "has no question" in capsys.readouterr().err
