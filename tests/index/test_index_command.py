"""python -m index, as it is typed."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index import generation
from index.__main__ import _whole, main
from index.encoder import StaticEncoder
from index.search import Search
from index.show import as_text
from ingest.library import Scan, read_new
from records import Passage, Report, Told, Turn, told
from settings import ROOT, Settings


@pytest.fixture
def built(settings: Settings, capsys: pytest.CaptureFixture[str]) -> Settings:
    """The index of two small reports."""
    assert run(settings, "build") == 0
    capsys.readouterr()
    return settings


def run(settings: Settings, command: str, *arguments: str) -> int:
    return main([command, "--reports", str(settings.reports), "--index", str(settings.index), *arguments])


def batch(settings: Settings, *rows: Any) -> dict[Any, list[dict[str, Any]]]:
    """The hits of each question, by its id."""
    asked, out = settings.index.parent / "问题.jsonl", settings.index.parent / "新" / "结果.jsonl"
    asked.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), "utf-8")
    assert run(settings, "search", "--batch", str(asked), "--out", str(out), "--k", "2") == 0
    found = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    return {row["id"]: row["hits"] for row in found}


def test_build_says_what_it_did_and_names_what_it_could_not_read(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    (settings.reports / "图.xlsx").write_bytes(b"PK")
    (settings.reports / "copy.md").write_bytes((settings.reports / "fruit.md").read_bytes())
    assert run(settings, "build") == 0
    said = capsys.readouterr()
    assert "generation 1: 2 added, 0 changed, 0 removed, 0 unchanged, 2 skipped; 3 passages" in said.out
    read, read_too, skipped, twice = said.err.splitlines()
    assert (read, read_too) == ("read copy.md: 1 passage", "read 网络.md: 2 passages")
    assert skipped.startswith("skipped 图.xlsx: ")
    assert skipped.count("图.xlsx") == 1
    assert twice == "skipped fruit.md: the same content as copy.md"
    assert run(settings, "build") == 0
    said = capsys.readouterr()
    assert "generation 1: 0 added, 0 changed, 0 removed, 2 unchanged" in said.out
    assert "read" not in said.err


def test_build_says_how_much_it_read_and_what_it_left_out(
    settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (settings.reports / "fruit.md").unlink()
    (settings.reports / "港.md").write_text(
        "# 港口\n\n吞吐量如下。\n\n| 年 | 万吨 |\n| --- | --- |\n| 2024 | 5 |\n", "utf-8"
    )
    fault = Told("page 3 is an image without text", "第 3 页是没有文字的图像")

    def in_part(folder: Path, found: Scan, say: Callable[[str], None]) -> Generator[Report, None, None]:
        for report in read_new(folder, found, say):
            yield replace(report, pages=(0, 3), left_out=(fault,)) if report.path == "港.md" else report

    monkeypatch.setattr(generation, "read_new", in_part)
    assert run(settings, "build") == 0
    said = capsys.readouterr()
    assert f"read 港.md: 2 pages, 1 table, 1 passage; left out: {fault}" in said.err.splitlines()
    assert "2 added, 0 changed, 0 removed, 0 unchanged, 1 read in part; 3 passages" in said.out
    assert run(settings, "show", "港") == 0
    assert f"left out   {fault}" in capsys.readouterr().out
    kept = [told(one).chinese for report in Search.open(settings).reports() for one in report.left_out]
    assert kept == ["第 3 页是没有文字的图像"]


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [((), ["skipped x.odd"]), (("--verbose",), ["read"] * 53 + ["skipped x.odd"]), (("--quiet",), [])],
)
def test_of_many_reports_only_those_are_named_that_were_skipped(
    settings: Settings, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], lines: list[str]
) -> None:
    for number in range(51):
        (settings.reports / f"{number}.txt").write_text(f"Bridge {number} is open.", "utf-8")
    (settings.reports / "x.odd").touch()
    assert run(settings, "build", *arguments) == 0
    said = capsys.readouterr()
    assert "generation 1: 53 added, 0 changed, 0 removed, 0 unchanged, 1 skipped" in said.out
    told = [line for line in said.err.splitlines() if " of 53" not in line]
    assert len(told) == len(lines)
    assert all(line.startswith(begin) for line, begin in zip(told, lines, strict=True))


def test_build_lets_most_reports_go_only_when_told_to(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(4):
        (settings.reports / f"{number}.txt").write_text(f"Bridge {number} is open.", "utf-8")
    assert run(settings, "build") == 0
    for path in settings.reports.iterdir():
        path.unlink()
    capsys.readouterr()
    assert run(settings, "build") == 1
    assert "6 of 6 reports are not in" in capsys.readouterr().err
    assert run(settings, "build", "--yes") == 0
    assert "6 removed" in capsys.readouterr().out


def test_show_prints_a_report_as_it_was_read(built: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(built, "show", "网络") == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line]
    assert lines[:6] == [
        "path       网络.md",
        "title      网络报告 2024",
        "publisher  -",
        "published  2024",
        "period     2024",
        "language   zh",
    ]
    assert lines[7:] == [
        "pages      -",
        "tables     0",
        "passages   2",
        "# 网络报告 2024",
        "## 性能",
        "── passage 1, 网络报告 2024 > 性能 ──",
        "延迟降低了 5 倍。",
        "── in no passage ──",
        "## 社区",
        "── passage 2, 网络报告 2024 > 社区 ──",
        "贡献公司达到 1,011 家。",
    ]


def test_show_marks_pages_and_passages_where_they_begin() -> None:
    report = Report("1", "a.pdf", "", "Quays", "", "", "en", "", "First.\n\nSecond,\nlong.\n\nThird.", (0, 8))
    passages = [
        Passage(7, "1", 0, 6, ("Quays",), 1, "en"),
        Passage(8, "1", 8, 21, ("Quays", "West"), 2, "en"),
    ]
    lines = [line for line in as_text(report, passages) if line]
    assert [line.strip("\n") for line in lines[-8:]] == [
        "══ page 1 ══",
        "── passage 1, page 1, Quays ──",
        "First.",
        "══ page 2 ══",
        "── passage 2, page 2, Quays > West ──",
        "Second,\nlong.",
        "── in no passage ──",
        "Third.",
    ]


def test_show_for_machines_gives_every_offset(built: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(built, "show", "fruit.md", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["path"], found["title"], found["published"], found["left_out"]) == (
        *("fruit.md", "Fruit report 2025", "2025"),
        [],
    )
    (passage,) = found["passages"]
    assert found["text"][passage["start"] : passage["end"]].strip() == "The harvest of apples fell by 12% in autumn."
    assert run(built, "show", found["id"], "--json") == 0
    assert json.loads(capsys.readouterr().out) == found


@pytest.mark.parametrize(
    ("wanted", "said"), [("nowhere", "'nowhere' is no report."), (".md", "'.md' is in 2 paths (fruit.md, 网络.md).")]
)
def test_show_wants_one_report(built: Settings, wanted: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(built, "show", wanted) == 1
    assert said in capsys.readouterr().err


def test_status_lists_the_reports(built: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(built, "status") == 0
    first, made_by, *reports = capsys.readouterr().out.splitlines()
    assert first == "generation 1, 2 reports, 3 passages"
    assert StaticEncoder(Path(built.model)).name in made_by
    assert [line.split("\t") for line in reports] == [
        ["fruit.md", "en", "2025", "Fruit report 2025"],
        ["网络.md", "zh", "2024", "网络报告 2024"],
    ]


def test_search_shows_the_best_passage_first(built: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(built, "search", "延迟降低了多少?", "--k", "1") == 0
    place, text = capsys.readouterr().out.strip().splitlines()
    assert place.endswith("网络.md > 网络报告 2024 > 性能")
    assert text == "延迟降低了 5 倍。"


def test_a_batch_goes_on_past_bad_lines(built: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    found = batch(
        built,
        {"id": "果", "question": "apples"},
        "{",
        [1],
        {"id": 4, "question": " "},
        "",
        {"id": 6, "question": "贡献公司", "history": "那 2024 年呢?"},
        {"id": 7, "question": "贡献公司", "history": [{"answer": "?"}]},
        {"id": 8, "question": "贡献公司", "history": None},
    )
    assert list(found) == ["果", 8]
    assert (found["果"][0]["path"], found[8][0]["path"]) == ("fruit.md", "网络.md")
    assert len(found[8]) == 2
    for hit in (*found["果"], *found[8]):
        text = (built.reports / hit["path"]).read_text("utf-8")
        assert text[hit["start"] : hit["end"]] == hit["text"]
    said = capsys.readouterr().err.splitlines()
    faults = ["line 2 is not JSON", "line 3 is not an object", "line 4 has an empty or strange 'question'"]
    faults += ["Question 6 has a 'history' that is no list", "Question 7 has a 'history' whose turns should be"]
    for fault in faults:
        assert sum(fault in line for line in said) == 1


@pytest.mark.parametrize(
    ("question", "history", "fact"),
    [
        ("那 2024 年呢?", [{"question": "贡献公司达到多少家?", "answer": "?"}], "1,011"),
        ("它降低了几倍?", ["网络的延迟有变化吗?"], "5 倍"),
        ("And in 2025?", [{"question": "延迟?"}, {"question": "How much did the harvest of apples fall?"}], "12%"),
        ("Why?", ["How much did the harvest of apples fall?", "And in autumn?"], "12%"),
        ("By how much did latency improve in the network?", ["How many apples were harvested?"], "5 倍"),
    ],
)
def test_a_follow_up_finds_what_the_earlier_question_was_about(
    built: Settings, question: str, history: list[Any], fact: str
) -> None:
    hits = batch(built, {"id": 1, "question": question, "history": history})[1]
    assert fact in hits[0]["text"]


@pytest.mark.parametrize(
    ("question", "history", "follows"),
    [
        ("那 2025 年呢?", ["贡献公司有多少家?"], True),
        ("What about the number of people who wrote code in 2025?", ["Who?"], True),
        ("Why?", ["How did it begin?", "And the second release of Cilium?"], True),
        ("Why?", [], False),
        ("Why?", ["", "  "], False),
        ("Android phones had which share of the market in 2025?", ["Who?"], False),
        ("Tetragon 在内核中拦截攻击的原因是什么?", ["谁?"], False),
    ],
)
def test_only_a_follow_up_is_made_whole(question: str, history: list[str], follows: bool) -> None:
    assert _whole(question, [Turn(asked) for asked in history]) == (
        " ".join([*history, question]) if follows else question
    )


def test_verify_finds_a_damaged_file_and_build_repairs_it(built: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(built, "verify") == 0
    assert capsys.readouterr().out == "The index is whole.\n"
    (vectors,) = built.index.glob("segment-*/vectors.faiss")
    vectors.write_bytes(b"rubbish")
    assert run(built, "verify") == 1
    assert capsys.readouterr().out == f"{vectors.parent.name} is not what was written.\n"
    assert run(built, "build") == 0
    assert run(built, "verify") == 0


def test_remove_deletes_the_file_and_its_passages(built: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(built, "remove", "网络.md") == 0
    assert "1 removed" in capsys.readouterr().out
    assert not (built.reports / "网络.md").exists()
    hits = batch(built, {"id": 1, "question": "延迟"})[1]
    assert {hit["path"] for hit in hits} == {"fruit.md"}


@pytest.mark.parametrize(
    ("path", "said"), [("没有.md", "is no report. `python -m index status`"), ("../secret.md", "is not inside")]
)
def test_remove_touches_nothing_if_one_of_the_paths_is_wrong(
    built: Settings, path: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = built.reports.parent / "secret.md"
    secret.write_text("mine", "utf-8")
    assert run(built, "remove", "fruit.md", path) == 1
    assert path in (told := capsys.readouterr().err)
    assert said in told
    assert secret.exists()
    assert (built.reports / "fruit.md").exists()


def test_watch_follows_the_folder_until_it_is_stopped(
    settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []

    def a_report_comes_then_none_then_the_reader_leaves(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 1:
            (settings.reports / "桥.txt").write_text("The bridge was opened in 1932.", "utf-8")
        if len(waited) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", a_report_comes_then_none_then_the_reader_leaves)
    assert run(settings, "watch", "--every", "0.5") == 130
    rounds = capsys.readouterr().out.splitlines()
    assert [line.split(",")[0] for line in rounds] == ["generation 1: 2 added", "generation 2: 1 added"]
    assert waited == [0.5] * 3
    assert batch(settings, {"id": 1, "question": "bridge"})[1][0]["path"] == "桥.txt"


def test_watch_survives_a_folder_that_goes_and_says_so_once(
    settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    away, waited = settings.reports.with_name("away"), list[float]()

    def the_folder_goes_and_comes_back(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 1:
            settings.reports.rename(away)
        if len(waited) == 3:
            away.rename(settings.reports)
            (settings.reports / "桥.txt").write_text("The bridge was opened in 1932.", "utf-8")
        if len(waited) == 4:
            raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", the_folder_goes_and_comes_back)
    assert run(settings, "watch") == 130
    said = capsys.readouterr()
    assert said.err.count("is not a folder") == 1
    assert [line.split(",")[0] for line in said.out.splitlines()] == ["generation 1: 2 added", "generation 2: 1 added"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["build", "--reports", "/nowhere/报告"], "/nowhere/报告 is not a folder. Name the folder of reports with"),
        (["search", "--index", "/nowhere/索引", "x"], "There is no index at /nowhere/索引. Build one: python -m index"),
        (["status", "--index", "/nowhere"], "There is no index at /nowhere."),
        (["verify", "--index", "/nowhere"], "There is no index at /nowhere."),
        (["search", "x", "--k", "0"], "--k is 0. It should be 1 or more."),
        (["watch", "--every", "-1"], "--every is -1. It should be from 0.1 to 86400 seconds."),
        (["watch", "--every", "nan"], "--every is nan."),
        (["watch", "--every", "inf"], "--every is inf."),
        (["build", "--reports", ""], "--reports is empty. Leave it out, or name a folder."),
        (["build", "--index", ""], "--index is empty."),
        (["build", "--model", ""], "--model is empty."),
        (["search", "--index", "/nowhere", "--batch", "x" * 5000], "There is no index at /nowhere."),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 1
    assert said in capsys.readouterr().err


def test_a_batch_needs_a_question_file_that_is_there(built: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(built, "search", "--batch", "没有.jsonl") == 1
    assert "没有.jsonl is no file." in capsys.readouterr().err
    assert run(built, "search") == 1
    assert "Nothing to search for." in capsys.readouterr().err


def test_what_cannot_be_read_or_written_is_said_before_the_work(
    built: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = tmp_path / "问.jsonl"
    asked.write_text('{"id": 1, "question": "apples"}', "utf-8")
    folder, inside = tmp_path / "夹", asked / "结果.jsonl"
    folder.mkdir()
    for path, why in ((folder, "Is a directory"), (inside, ""), (Path("x" * 5000), "File name too long")):
        assert run(built, "search", "--batch", str(asked), "--out", str(path)) == 1
        said = capsys.readouterr().err
        assert f"{path} cannot be written ({why}" in said
        assert "Give --out the path of a file." in said
        assert run(built, "backup", str(path)) == 1
        said = capsys.readouterr().err
        assert f"{path} cannot be written (" in said
        assert "Give the path of a file." in said
    for path, why in ((folder, "is no file"), (Path("x" * 5000), "cannot be read (File name too long)")):
        assert run(built, "search", "--batch", str(path)) == 1
        assert f"{path} {why}. Give a file with one JSON object a line." in capsys.readouterr().err
    assert run(built, "search", "half \udc80") == 1
    assert "The question has half a character (U+DC80)" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.endswith(".part")) == []


def test_a_pipe_is_written_to_and_a_link_leads_where_it_led(built: Settings, tmp_path: Path) -> None:
    asked, pipe, link, kept = (tmp_path / name for name in ("q.jsonl", "pipe", "link", "kept.jsonl"))
    asked.write_text('{"id": 1, "question": "apples"}', "utf-8")
    os.mkfifo(pipe)
    link.symlink_to(kept)
    with ThreadPoolExecutor(1) as reader:
        told = reader.submit(pipe.read_text, "utf-8")
        assert run(built, "search", "--batch", str(asked), "--out", str(pipe)) == 0
        assert json.loads(told.result(20))["id"] == 1
    assert pipe.is_fifo()
    assert run(built, "backup", str(pipe)) == 1
    assert pipe.is_fifo()
    assert run(built, "search", "--batch", str(asked), "--out", str(link)) == 0
    assert link.is_symlink()
    assert json.loads(kept.read_text("utf-8"))["id"] == 1


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("[" * 100_000, "is not JSON"),
        ('{"a":' * 100_000, "is not JSON"),
        ('{"id": NaN, "question": "apples"}', "is not JSON (NaN is no number)"),
        ('{"id": 1, "question": "half \\ud83d"}', "has half a character (U+D83D)"),
        ('{"id": "\\ud800", "question": "apples"}', "has half a character (U+D800)"),
        ('{"id": 1, "question": "apples", "history": ["\\udc00"]}', "has half a character (U+DC00)"),
        ('{"id": {"a": 1}, "question": "apples"}', "has an empty or strange 'id'"),
        (f'{{"id": {"9" * 5000}, "question": "apples"}}', "is not JSON"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_line_that_nothing_can_be_made_of_is_named(
    built: Settings, line: str, fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert list(batch(built, line, {"id": 2, "question": "apples"})) == [2]
    assert f"line 1 {fault}" in capsys.readouterr().err


def test_lines_may_begin_with_a_mark_and_end_as_on_windows(built: Settings) -> None:
    asked, out = built.index.parent / "q.jsonl", built.index.parent / "h.jsonl"
    asked.write_bytes("\ufeff".encode() + b'{"id": 1, "question": "apples"}\r\n\r\n{"id": 2, "question": "apples"}\r\n')
    assert run(built, "search", "--batch", str(asked), "--out", str(out)) == 0
    assert [json.loads(line)["id"] for line in out.read_text("utf-8").splitlines()] == [1, 2]


def test_what_the_terminal_has_no_character_for_is_written_as_its_number(built: Settings) -> None:
    command = [sys.executable, "-m", "index", "status", "--index", str(built.index)]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    told = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert "\\u7f51\\u7edc.md\tzh\t2024" in told.stdout
