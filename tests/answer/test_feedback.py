"""What readers say of answers is kept whole, once for each answer, and for its owner alone."""

from __future__ import annotations

import sqlite3
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from answer import feedback
from answer.feedback import Cited, Feedback, FeedbackFile, Near

SAID = Feedback(
    "id-1",
    "2026-11-29T07:10:00+00:00",
    False,
    "错的年份 <b>",
    "那今年呢？",
    "2025 年的货运呢？",
    "zh",
    "unsure",
    "货运增长了 9%。",
    (Cited("harbour.md", "abc", 3, 12, None, "Freight grew by 9 %.", "9 %"),),
    (Near("harbour.md", 3, 12, 0.4), Near("", 1, 2, 0.1)),
    7,
)


@pytest.fixture
def file(tmp_path: Path) -> FeedbackFile:
    return FeedbackFile(tmp_path / "state" / "feedback.sqlite")


def test_what_was_said_comes_back_as_it_was(file: FeedbackFile) -> None:
    assert file.all() == []
    assert not file.path.parent.exists()
    file.put(SAID)
    assert FeedbackFile(file.path).all() == [SAID]
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_of_one_answer_the_last_word_stands_and_can_be_taken_back(file: FeedbackFile) -> None:
    other = replace(SAID, id="id-2", good=True)
    for said in (SAID, other, replace(SAID, good=True, note="better")):
        file.put(said)
    assert [(one.id, one.good, one.note) for one in file.all()] == [("id-2", True, SAID.note), ("id-1", True, "better")]
    file.remove("id-1")
    file.remove("id-3")
    assert file.all() == [other]


def test_the_oldest_goes_where_there_is_too_much(file: FeedbackFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feedback, "_MOST", 2)
    for number in range(4):
        file.put(replace(SAID, id=f"id-{number}"))
    assert [one.id for one in file.all()] == ["id-2", "id-3"]


def test_what_is_no_database_is_left_alone(file: FeedbackFile) -> None:
    file.path.parent.mkdir()
    file.path.write_bytes(b"no database at all " * 100)
    with pytest.raises(sqlite3.Error):
        file.put(SAID)
    assert file.path.read_bytes() == b"no database at all " * 100
