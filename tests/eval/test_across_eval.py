"""The check across languages is measured on pairs of sentences."""

import json
import re
from pathlib import Path

import pytest

from eval.across import main

PAIRS = [
    (f"这座桥长 {n} 米，由{zh}建造。", f"The bridge is {n} metres long and was built by {en}.")
    for n, (zh, en) in enumerate(
        [("国王", "the king"), ("市政府", "the city government"), ("工程师", "engineers")] * 5, 21
    )
]


def test_the_command_prints_shares(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [json.dumps({"zh": zh, "en": en}) for zh, en in PAIRS]
    (tmp_path / "pairs.jsonl").write_text("\n".join(lines), "utf-8")
    assert main([str(tmp_path / "pairs.jsonl"), "--sentences", "10"]) == 0
    told = capsys.readouterr().out
    assert re.search(r"zh -> en  kept [01]\.\d+  moved [01]\.\d+  number 1\.000", told)


def test_too_few_pairs_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "few.jsonl").write_text("", "utf-8")
    assert main([str(tmp_path / "few.jsonl")]) == 1
    assert "should have 10 or more" in capsys.readouterr().err
