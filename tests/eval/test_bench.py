from dataclasses import fields
from pathlib import Path

import pytest

from eval import bench
from eval.bench import Measured, ReaderMeasured, p95, table
from eval.bench_peers import PeerMeasured
from eval.synthetic import PASSAGES, Writer
from ingest.read import read
from ingest.split import split
from settings import Settings

MODEL = Path(Settings().model)


def _measured(passages: int, build_rate: float) -> Measured:
    values = {field.name: 1.0 for field in fields(Measured)}
    return Measured(**{**values, "passages": passages, "build_rate": build_rate})  # type: ignore[arg-type]


def test_synthetic_reports_are_the_same_for_the_same_seed_and_split_into_their_passages(tmp_path: Path) -> None:
    for folder in ("one", "other"):
        Writer(MODEL, seed=3).write(tmp_path / folder, 0, 2)
    one, other = (sorted((tmp_path / folder).rglob("*.md")) for folder in ("one", "other"))
    assert [path.read_text("utf-8") for path in one] == [path.read_text("utf-8") for path in other]
    reports = [read(path, tmp_path) for path in one]
    assert [report.language for report in reports] == ["en", "zh"]
    assert [len(split(report, Settings().passage_size)) for report in reports] == [PASSAGES, PASSAGES]


def test_a_question_is_made_of_the_words_of_its_passage() -> None:
    writer = Writer(MODEL)
    assert writer.question("A bridge carries trains.") == "What is A bridge carries trains?"
    assert writer.question("大桥很长。") == "大桥很长是什么？"


def test_the_table_has_a_column_a_size_and_says_how_much_faster() -> None:
    page = table([_measured(2_000, 300.0), _measured(1_000_000, 500.0)], [PeerMeasured("Peer", 10.0, 1.0, 2.0, 0.5)])
    assert "| passages | 2,000 | 1,000,000 |" in page
    assert "| build, passages/s | 300 | 500 |" in page
    assert "| Peer | 10 | 30.0 | 1.0 | 2.0 | 0.500 |" in page


def test_p95_is_what_95_in_100_stay_under() -> None:
    assert p95(list(range(101))) == 95


def test_the_table_tells_how_fast_the_reader_is() -> None:
    page = table([_measured(2_000, 300.0)], [], ReaderMeasured(812.4, 61.0, 95.6, 98.2))
    assert "Loading it takes 812 ms." in page
    assert "in 61 ms (median; p95 96 ms), which is 98 sentences a second." in page


def test_what_is_not_installed_is_told_before_anything_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "find_spec", lambda name: None if name == "matplotlib" else name)
    assert bench.main(["--out", str(tmp_path / "docs")]) == 1
    assert capsys.readouterr().err == "matplotlib not installed: `python tools/install.py dev bench` brings it.\n"
    assert not (tmp_path / "docs").exists()
