"""An index that an earlier version left, and one saved or put back while another is built: no report is lost."""

from __future__ import annotations

import shutil
import sqlite3
import tarfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

import app
from index.backup import backup, restore
from index.generation import STORE, Busy, NoIndex, Vanished, build, verify
from index.search import Search
from index.store import FORMAT
from settings import Settings

#: Indexes of these two reports, each made by the version that had its form; every older form has one.
DATA = Path(__file__).parents[1] / "data"
OLDER = tuple(range(1, FORMAT))
REPORTS = {
    "harbour.md": "# 港口年报 2024\n\n## 运量\n\n2024 年港口的货运量增长了 12.5%，达到 3.2 亿吨。\n",
    "lighthouse.md": "# Lighthouse report 2025\n\nThe lighthouse at Northcape is 47 metres tall.\n",
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    folder = tmp_path / "reports"
    folder.mkdir()
    for name, text in REPORTS.items():
        (folder / name).write_text(text, "utf-8")
    return Settings(reports=folder, index=tmp_path / "index")


@pytest.fixture
def telling(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build says how far it is before every report, instead of every few seconds."""
    monkeypatch.setattr("ingest.library._PAUSE", -1)


@pytest.fixture(params=OLDER, ids=lambda number: f"form {number}")
def left(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    """Over the two reports, the index that an earlier version left."""
    with tarfile.open(DATA / f"index-format-{request.param}.tar.xz") as packed:
        packed.extractall(settings.index, filter="data")
    return settings


def found(settings: Settings, question: str) -> str:
    search = Search.open(settings)
    return search.text(search.search(question, 1)[0].passage)


def form(file: Path) -> int:
    with closing(sqlite3.connect(file)) as database:
        return int(database.execute("pragma user_version").fetchone()[0])


def test_an_older_index_is_made_anew_from_its_reports(left: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NoIndex, match=r"was made by another version\. Build it anew: python -m index build"):
        Search.open(left)
    app.open_index(left)  # as the page does when it starts
    assert "Building the index" in capsys.readouterr().out
    assert {report.path for report in Search.open(left).reports()} == set(REPORTS)
    assert "12.5%" in found(left, "货运量增长了多少")
    assert "47 metres" in found(left, "How tall is the lighthouse?")
    assert (form(left.index / STORE), verify(left)) == (FORMAT, [])
    assert not list(left.index.glob("vectors-*"))  # where the first form had its vectors


def test_an_older_index_is_kept_while_its_reports_are_away(left: Settings) -> None:
    before = (left.index / STORE).read_bytes()
    left.reports.rename(left.reports.with_name("elsewhere"))
    left.reports.mkdir()
    with pytest.raises(Vanished, match="has to be made anew, but its reports are not in"):
        build(left)
    assert (left.index / STORE).read_bytes() == before
    left.reports.rmdir()
    left.reports.with_name("elsewhere").rename(left.reports)
    assert len(build(left).added) == 2


def test_an_older_save_is_refused_and_the_present_index_stays(left: Settings, tmp_path: Path) -> None:
    saved = tmp_path / "saved.sqlite"
    shutil.copy(left.index / STORE, saved)
    present = replace(left, index=tmp_path / "present")
    build(present)
    with pytest.raises(ValueError, match=f"its form is {form(saved)}, and this version reads {FORMAT}"):
        restore(present, saved)
    assert "47 metres" in found(present, "How tall is the lighthouse?")


@pytest.mark.usefixtures("telling")
def test_what_is_saved_while_a_build_runs_is_a_whole_index(settings: Settings, tmp_path: Path) -> None:
    build(settings)
    for number in range(3):
        (settings.reports / f"quay-{number}.md").write_text(f"# Quay {number}\n\nQuay {number} is {number}07 m long.\n")
    saved: list[Path] = []

    def save(line: str) -> None:
        saved.append(tmp_path / f"saved-{len(saved)}.sqlite")
        backup(settings, saved[-1])

    build(settings, save)
    backup(settings, tmp_path / "saved-after.sqlite")
    assert saved
    for file in (saved[0], saved[-1], tmp_path / "saved-after.sqlite"):
        elsewhere = replace(settings, index=tmp_path / f"of-{file.stem}")
        built = restore(elsewhere, file)
        assert {report.path for report in Search.open(elsewhere).reports()} == {
            *REPORTS,
            *(f"quay-{number}.md" for number in range(3)),
        }
        assert not built.removed
        assert "207 m" in found(elsewhere, "How long is quay 2?")
        assert verify(elsewhere) == []


@pytest.mark.usefixtures("telling")
def test_nothing_is_put_back_into_an_index_that_is_being_built(settings: Settings, tmp_path: Path) -> None:
    build(settings)
    saved = tmp_path / "saved.sqlite"
    backup(settings, saved)
    (settings.reports / "quay.md").write_text("# Quay\n\nThe quay is 900 metres long.\n")
    refused: list[str] = []

    def put_back(line: str) -> None:
        with pytest.raises(Busy) as told:
            restore(settings, saved)
        refused.append(str(told.value))

    build(settings, put_back)
    assert refused
    assert "is running" in refused[0]
    assert "900 metres" in found(settings, "How long is the quay?")
    assert verify(settings) == []
