"""The check across languages is measured and fitted on pairs of sentences."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from eval.across import main, regression

PAIRS = [
    (f"这座桥长 {n} 米，由{zh}建造。", f"The bridge is {n} metres long and was built by {en}.")
    for n, (zh, en) in enumerate(
        [("国王", "the king"), ("市政府", "the city government"), ("工程师", "engineers")] * 5, 21
    )
]


def test_a_regression_finds_the_weights_that_made_the_chances() -> None:
    chance = np.random.default_rng(0)
    rows = np.column_stack([chance.normal(size=(20_000, 2)), np.ones(20_000)])
    truths = (chance.random(20_000) < 1 / (1 + np.exp(-rows @ [2.0, -1.0, 0.5]))).astype(float)
    assert regression(rows, truths) == pytest.approx([2.0, -1.0, 0.5], abs=0.1)


def test_the_command_prints_shares_and_constants(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [json.dumps({"zh": zh, "en": en}) for zh, en in PAIRS]
    (tmp_path / "pairs.jsonl").write_text("\n".join(lines), "utf-8")
    assert main([str(tmp_path / "pairs.jsonl"), "--sentences", "10"]) == 0
    told = capsys.readouterr().out
    assert re.search(r"zh -> en  kept [01]\.\d+  moved 1\.000  number 1\.000", told)
    assert "ODDS_COSINE, ODDS_SAME, ODDS_LENGTH, ODDS_CONSTANT = " in told


def test_too_few_pairs_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "few.jsonl").write_text("", "utf-8")
    assert main([str(tmp_path / "few.jsonl")]) == 1
    assert "should have 10 or more" in capsys.readouterr().err
