"""python -m index, as it is typed."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from index.__main__ import _whole, main
from index.encoder import StaticEncoder
from records import Turn
from settings import Settings


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
    assert "generation 1: 2 added, 0 changed, 0 removed, 0 unchanged; 3 passages" in said.out
    assert "skipped 图.xlsx: " in said.err
    assert "the same content as" in said.err
    assert run(settings, "build") == 0
    assert "generation 1: 0 added, 0 changed, 0 removed, 2 unchanged" in capsys.readouterr().out


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


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["build", "--reports", "/nowhere/报告"], "/nowhere/报告 is not a folder. Name the folder of reports with"),
        (["search", "--index", "/nowhere/索引", "x"], "There is no index at /nowhere/索引. Build one: python -m index"),
        (["status", "--index", "/nowhere"], "There is no index at /nowhere."),
        (["verify", "--index", "/nowhere"], "There is no index at /nowhere."),
        (["search", "x", "--k", "0"], "--k is 0. It should be 1 or more."),
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
