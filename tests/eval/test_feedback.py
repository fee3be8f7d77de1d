"""Questions from what readers said: listed, chosen, and written in the form of the eval."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from answer.feedback import FeedbackFile
from eval import draft, feedback
from eval.__main__ import main
from eval.questions import Evidence, read
from tests.answer.test_feedback import SAID

GOOD = replace(SAID, id="id-2", good=True, note="", certainty="sure")
DECLINED = replace(SAID, id="id-3", good=True, note="", certainty="none", cited=(), answer="")


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    path = tmp_path / "feedback.sqlite"
    for said in (SAID, GOOD, DECLINED):
        FeedbackFile(path).put(said)
    return path


def test_the_command_lists_what_was_said_a_line_each(
    kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    FeedbackFile(kept).put(replace(SAID, note="two\nlines\x1b[31m"))
    monkeypatch.setenv("WENBAO_FEEDBACK", str(kept))
    assert main(["feedback"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "id-2  2026-11-29 07:10  good  sure    那今年呢？",
        "id-3  2026-11-29 07:10  good  none    那今年呢？",
        "id-1  2026-11-29 07:10  bad   unsure  那今年呢？ -- two lines [31m",
    ]


def test_a_good_answer_brings_its_facts_and_any_other_waits_for_a_person(kept: Path, tmp_path: Path) -> None:
    out = tmp_path / "q.jsonl"
    assert main(["feedback", "--file", str(kept), "--take", "all", "--out", str(out)]) == 0
    questions, problems = read(out)
    assert [(one.id, one.question, one.answerable, one.facts) for one in questions] == [
        ("feedback-id-2", SAID.understood, True, (("9 %",),)),
        ("feedback-id-3", SAID.understood, False, ()),
    ]
    assert questions[0].evidence == (Evidence("harbour.md", "Freight grew by 9 %."),)
    assert [one.reports for one in questions] == [("harbour.md",), ("harbour.md",)]
    assert [str(problem) for problem in problems] == [
        "line 1 skipped: an answerable question needs facts and reports, so that its answer can be judged."
    ]
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert rows[0]["said"] == {"good": False, "note": SAID.note, "certainty": "unsure", "answer": SAID.answer}
    assert draft.unconfirmed(out) == {row["id"] for row in rows}


def test_only_those_that_are_chosen_are_written_and_no_file_is_overwritten(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "q.jsonl"
    assert main(["feedback", "--file", str(kept), "--take", "id-3", "id-2", "--out", str(out)]) == 0
    assert [json.loads(line)["id"] for line in out.read_text("utf-8").splitlines()] == [
        "feedback-id-2",
        "feedback-id-3",
    ]
    for options, told in (
        (["--take", "all", "--out", str(out)], "would be lost"),
        (["--take", "id-9", "--out", str(tmp_path / "r.jsonl")], "No feedback has the id id-9"),
        (["--take", "id-2"], "Give --take and --out together"),
        (["--out", str(tmp_path / "r.jsonl")], "Give --take and --out together"),
    ):
        assert main(["feedback", "--file", str(kept), *options]) == 1
        assert told in capsys.readouterr().err
    assert not (tmp_path / "r.jsonl").exists()


@pytest.mark.parametrize("content", [None, b"no database at all " * 100], ids=["nothing yet", "damaged"])
def test_a_file_without_feedback_is_told(
    tmp_path: Path, content: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "feedback.sqlite"
    if content:
        path.write_bytes(content)
    assert feedback.main(["--file", str(path)]) == (1 if content else 0)
    said = capsys.readouterr()
    assert str(path) in (said.err if content else said.out)
