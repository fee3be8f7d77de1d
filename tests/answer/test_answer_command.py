import json
from pathlib import Path
from typing import Any

import pytest

from answer.__main__ import main
from index.__main__ import main as index_main
from records import CERTAINTIES


def _write(path: Path, *rows: Any) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows) + "\n", "utf-8")
    return path


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("command")
    (folder / "reports" / "年报").mkdir(parents=True)
    (folder / "reports" / "年报" / "a.md").write_text("# 年报 2024\n\n贡献公司达到 1,011 家。\n\n其他内容。\n", "utf-8")
    (folder / "reports" / "bad.xlsx").write_bytes(b"PK")
    assert index_main(["build", "--reports", str(folder / "reports"), "--index", str(folder / "index")]) == 0
    return folder


def test_search_batch_keeps_its_contract(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = _write(
        built / "q.jsonl", {"id": 1, "question": "贡献公司有多少家"}, "not json", {"id": 3}, {"id": 4, "question": "x"}
    )
    out = built / "h.jsonl"
    assert (
        index_main(["search", "--index", str(built / "index"), "--batch", str(asked), "--out", str(out), "--k", "5"])
        == 0
    )
    rows = _read(out)
    assert [row["id"] for row in rows] == [1, 4]
    hit = rows[0]["hits"][0]
    assert set(hit) == {"report", "path", "start", "end", "page", "text", "score"}
    assert hit["path"] == "年报/a.md"
    assert (built / "reports" / hit["path"]).read_text("utf-8")[hit["start"] : hit["end"]] == hit["text"]
    said = capsys.readouterr().err
    assert "line 2 is not JSON" in said
    assert "line 3 has no 'question'" in said


def test_answer_batch_keeps_its_contract(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = _write(
        built / "q2.jsonl",
        {"id": "a", "question": "贡献公司有多少家?"},
        {
            "id": "b",
            "question": "Which company built the bridge?",
            "passages": ["The bridge was built by Acme.", "x y z"],
        },
        {"id": "c", "question": "那 2024 年呢?", "history": [{"question": "2025 年贡献公司有多少家?", "answer": "?"}]},
        {"id": "d", "question": "x", "passages": "wrong"},
        {"id": "e", "question": "火星上的温度是多少?"},
    )
    out = built / "a.jsonl"
    arguments = ["--index", str(built / "index"), "--batch", str(asked), "--out", str(out), "--max-sentences", "2"]
    assert main(arguments) == 0
    rows = {row["id"]: row for row in _read(out)}
    assert list(rows) == ["a", "b", "c", "e"]
    for row in rows.values():
        assert set(row) == {"id", "answer", "cited", "certainty", "abstained", "language"}
        assert row["certainty"] in CERTAINTIES
        assert row["abstained"] is (row["certainty"] == "none")
        assert len(row["cited"]) <= 2
    cited = rows["a"]["cited"][0]
    assert set(cited) == {"mark", "report", "path", "quote", "start", "end", "page"}
    assert (built / "reports" / cited["path"]).read_text("utf-8")[cited["start"] : cited["end"]] == cited["quote"]
    assert "1,011" in rows["a"]["answer"]
    assert "Acme" in rows["b"]["answer"]
    assert {c["path"] for c in rows["b"]["cited"]} == {"passages/0.txt"}
    assert "1,011" in rows["c"]["answer"]
    assert rows["e"]["certainty"] != "sure"
    assert "Question 'd' has 'passages'" in capsys.readouterr().err


def test_check_keeps_its_contract(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    claims = _write(
        built / "c.jsonl",
        {"id": 1, "claim": "贡献公司达到 1,011 家", "passage": "贡献公司数量增长了 90%，达到 1,011 家。"},
        {"id": 2, "claim": "贡献公司达到 1,012 家", "passage": "贡献公司数量增长了 90%，达到 1,011 家。"},
        {"id": 3, "claim": ""},
        {"id": 4, "claim": "half \ud83d", "passage": "x"},
    )
    out = built / "v.jsonl"
    assert main(["--check", str(claims), "--out", str(out)]) == 0
    first, second = _read(out)
    assert set(first) == {"id", "supported", "score", "why"}
    assert first["supported"]
    assert not second["supported"]
    assert "1,012" in second["why"]
    said = capsys.readouterr().err
    assert "line 3" in said
    assert "line 4 has half a character (U+D83D)" in said


def test_questions_with_their_own_passages_need_no_index(tmp_path: Path) -> None:
    asked = _write(
        tmp_path / "q.jsonl", {"id": 1, "question": "桥是谁建造的?", "passages": ["这座桥由阿克米公司建造。"]}
    )
    assert main(["--index", str(tmp_path / "none"), "--batch", str(asked), "--out", str(tmp_path / "a.jsonl")]) == 0
    assert "阿克米" in _read(tmp_path / "a.jsonl")[0]["answer"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--index", "/nowhere", "x?"], "There is no index at /nowhere. Build one: python -m index build"),
        ([], "Nothing was asked."),
        (["x", "--max-sentences", "0"], "--max-sentences is 0. It should be 1 or more."),
        (["--batch", "/nowhere.jsonl"], "/nowhere.jsonl is no file."),
        (["--batch", "x" * 5000], " cannot be read (File name too long)."),
        (["--check", "x" * 5000], " cannot be read (File name too long)."),
        (["--index", "x" * 5000, "x?"], "The index cannot be used:"),
        (["half \udc80"], "The question has half a character (U+DC80)"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 1
    assert said in capsys.readouterr().err
