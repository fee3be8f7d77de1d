"""The suite has a collection and a day of its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import answer.assistant
import index.search
from eval.collection import DAY, collected, gather, on_the_day
from index.search import Search
from settings import Settings


def folder(path: Path, **files: str) -> Path:
    path.mkdir(exist_ok=True)
    for name, text in files.items():
        (path / f"{name}.md").write_text(text, "utf-8")
    return path


def test_the_reports_of_all_folders_are_gathered_and_what_is_gone_goes(tmp_path: Path) -> None:
    one, other = folder(tmp_path / "one", pier="The pier."), folder(tmp_path / "two", gull="Gulls.", moon="The moon.")
    into = tmp_path / "all"
    gather((one, other), into)
    assert sorted(path.name for path in into.iterdir()) == ["gull.md", "moon.md", "pier.md"]
    written = (into / "pier.md").stat().st_mtime_ns
    (other / "moon.md").unlink()
    (other / "gull.md").write_text("Terns.", "utf-8")
    gather((one, other), into)
    assert sorted(path.name for path in into.iterdir()) == ["gull.md", "pier.md"]
    assert (into / "gull.md").read_text("utf-8") == "Terns."
    assert (into / "pier.md").stat().st_mtime_ns == written


def test_two_reports_of_one_path_are_named(tmp_path: Path) -> None:
    folders = folder(tmp_path / "one", pier="The pier."), folder(tmp_path / "two", pier="A pier.")
    with pytest.raises(ValueError, match="have the same path"):
        gather(folders, tmp_path / "all")


def test_the_index_follows_the_reports(tmp_path: Path) -> None:
    one = folder(tmp_path / "one", pier="# Pier\n\nThe pier is 40 m long.")
    settings = collected(Settings(), (one,), tmp_path / "var")
    assert [report.path for report in Search.open(settings).reports()] == ["pier.md"]
    folder(one, gull="# Gulls\n\nGulls nest there.")
    collected(Settings(), (one,), tmp_path / "var")
    assert [report.path for report in Search.open(settings).reports()] == ["gull.md", "pier.md"]


def test_every_question_is_asked_on_the_same_day() -> None:
    with on_the_day():
        assert [vars(module)["date"].today() for module in (answer.assistant, index.search)] == [DAY, DAY]
    assert vars(answer.assistant)["date"] is date
