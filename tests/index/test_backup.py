"""An index saved and put back: it answers as before, whatever became of the one it replaces."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from index.backup import backup, restore
from index.generation import build
from index.search import NoIndex, Search
from settings import Settings


def found(settings: Settings, question: str) -> list[str]:
    search = Search.open(settings)
    return [search.text(hit.passage) for hit in search.search(question, 3)]


def test_what_was_saved_answers_elsewhere_without_reading_again(settings: Settings, tmp_path: Path) -> None:
    build(settings)
    before = found(settings, "apples")
    backup(settings, tmp_path / "saved.sqlite")
    elsewhere = replace(settings, index=tmp_path / "elsewhere")
    built = restore(elsewhere, tmp_path / "saved.sqlite")
    assert (built.unchanged, built.added, built.changed) == (2, (), ())
    assert found(elsewhere, "apples") == before
    assert "12%" in before[0]


def test_a_damaged_index_is_put_right(settings: Settings, tmp_path: Path) -> None:
    build(settings)
    before = found(settings, "贡献公司")
    backup(settings, tmp_path / "saved.sqlite")
    (settings.index / "reports.sqlite").write_bytes(b"no database")
    restore(settings, tmp_path / "saved.sqlite")
    assert found(settings, "贡献公司") == before
    assert "1,011" in before[0]


def test_what_changed_since_is_followed(settings: Settings, tmp_path: Path) -> None:
    build(settings)
    backup(settings, tmp_path / "saved.sqlite")
    (settings.reports / "fruit.md").write_text("# Fruit report 2025\n\nThe harvest of apples fell by 14%.\n", "utf-8")
    shutil.rmtree(settings.index)
    built = restore(settings, tmp_path / "saved.sqlite")
    assert built.changed == ("fruit.md",)
    assert any("14%" in text for text in found(settings, "apples"))
    assert not any("12%" in text for text in found(settings, "apples"))


@pytest.mark.parametrize("content", [None, b"no database at all", b""])
def test_what_is_no_saved_index_changes_nothing(settings: Settings, tmp_path: Path, content: bytes | None) -> None:
    build(settings)
    if content is not None:
        (tmp_path / "saved.sqlite").write_bytes(content)
    with pytest.raises(ValueError, match=r"saved\.sqlite is no saved index"):
        restore(settings, tmp_path / "saved.sqlite")
    assert "12%" in found(settings, "apples")[0]


def test_without_an_index_nothing_is_saved(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(NoIndex):
        backup(settings, tmp_path / "saved.sqlite")
    assert not (tmp_path / "saved.sqlite").exists()
