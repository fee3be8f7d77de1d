"""python -m eval with a fake search and assistant: what it prints, writes and exits with."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from eval import __main__ as command
from eval import suite
from eval.questions import EvalQuestion
from index.generation import NoIndex
from index.search import Filters, Search
from records import Answer, Citation, Claim, Hit, Passage, Report, Turn
from settings import Settings

SENTENCES = {"zh": "Cilium 有 1,011 家贡献公司。", "en": "Cilium has 1,011 contributing companies."}
REPORTS = {
    language: Report(language, f"cilium.{language}.md", "abc", "Cilium", "", "2024", language, "", text)
    for language, text in SENTENCES.items()
}


class FakeSearch:
    """Two reports of one sentence each, found in the order zh, en unless filtered."""

    meaning = None

    def reports(self) -> list[Report]:
        return list(REPORTS.values())

    def report(self, report_id: str) -> Report:
        return REPORTS[report_id]

    def search(self, question: str, k: int = 10, filters: Filters = Filters()) -> list[Hit]:  # noqa: B008
        found = [r for r in REPORTS.values() if not filters.languages or r.language in filters.languages]
        return [Hit(Passage(0, r.id, 0, len(r.text), (), None, r.language), 1.0) for r in found[:k]]


class FakeAssistant:
    """Quotes the first hit; declines what asks for a price; counts the earlier turns in what it understood."""

    def __init__(self, search: FakeSearch, settings: Settings) -> None:
        self.search = search

    def reply(self, question: str, earlier: Sequence[Turn], filters: Filters) -> Iterator[Answer]:
        if "price" in question:
            yield Answer(question, "en", certainty="none", note="not told")
            return
        report = self.search.report(self.search.search(question, filters=filters)[0].passage.report_id)
        cited = Citation(1, report.id, "abc", 0, len(report.text), None, report.text)
        yield Answer(f"{question} +{len(earlier)}", report.language, (Claim(report.text, (cited,)),))


@pytest.fixture(autouse=True)
def fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Search, "open", lambda settings: FakeSearch())
    monkeypatch.setattr(suite, "Assistant", FakeAssistant)
    for name in ("WENBAO_INDEX", "WENBAO_LLM_URL"):
        monkeypatch.delenv(name, raising=False)


def questions(path: Path, *changes: dict[str, object]) -> Path:
    """A questions file of one good question, changed in each way; ids are q0, q1, ..."""
    good = {"question": "How many?", "language": "en", "kind": "number", "answerable": True, "facts": [["1,011"]]}
    lines = [good | {"id": f"q{i}", "reports": ["cilium.en.md"]} | change for i, change in enumerate(changes)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def run(tmp_path: Path, *changes: dict[str, object]) -> tuple[int, dict[str, Any]]:
    return run_with(tmp_path, questions(tmp_path / "q.jsonl", *changes))


def run_with(tmp_path: Path, asked: Path, *more: str) -> tuple[int, dict[str, Any]]:
    out = tmp_path / "eval.json"
    where = ["--index", str(tmp_path / "index"), "--out", str(out), "--baseline", str(tmp_path / "baseline.json")]
    status = command.main(["--questions", str(asked), *where, *more])
    return status, json.loads(out.read_text(encoding="utf-8")) if out.exists() else {}


def test_filters_and_history_reach_the_assistant(tmp_path: Path) -> None:
    _, result = run(tmp_path, {"languages": ["en"], "history": [{"question": "Who?"}]}, {"languages": ["zh"]})
    first, second = result["questions"]
    assert first["understood"] == "How many? +1"
    assert first["citations"][0]["path"] == "cilium.en.md"
    assert second["citations"][0]["path"] == "cilium.zh.md"
    assert first["reciprocal_rank"] == 1.0


def test_a_missed_floor_exits_with_1_and_names_the_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, result = run(tmp_path, {"facts": [["4,464"]], "languages": ["en"]})
    said = capsys.readouterr().out
    assert status == 1
    assert "FAIL" in said
    assert "q0: How many?\n    lacks 4,464 |" in said
    assert result["failures"][0]["where"] == "q0"


def test_reached_floors_exit_with_0(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "tamper_trials", lambda *_: [])
    unanswerable = {"question": "What price?", "answerable": False, "facts": [], "reports": []}
    status, result = run(tmp_path, {"languages": ["en"]}, unanswerable)
    assert status == 0
    assert result["failures"] == []
    assert "Failures" not in capsys.readouterr().out


def test_reports_in_both_languages_are_tried_on_their_translations(tmp_path: Path) -> None:
    _, result = run(tmp_path, {"languages": ["en"]})
    row = next(m for m in result["metrics"] if m["metric"] == "tamper: translated kept")
    assert row["count"] == 2


def test_questions_that_cannot_be_asked_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, result = run(tmp_path, {"languages": ["en"]}, {"reports": ["other.md"]}, {"language": "fr"})
    said = capsys.readouterr().err
    assert "q.jsonl: line 3 skipped: language has value 'fr'" in said
    assert "q1 skipped: the index does not hold other.md" in said
    assert status in (0, 1)
    assert len(result["questions"]) == 1


def test_nothing_to_ask_exits_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, {"reports": ["other.md"]}) == (2, {})
    assert "No question of" in capsys.readouterr().err


def test_without_an_index_the_command_that_builds_one_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nothing(settings: Settings) -> FakeSearch:
        raise NoIndex(f"There is no index at {settings.index}. Build one: python -m index build")

    monkeypatch.setattr(Search, "open", nothing)
    assert command.main(["--index", str(tmp_path / "none")]) == 2
    assert "Build one: python -m index build" in capsys.readouterr().err


def test_a_raised_baseline_holds_what_follows_to_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    english: dict[str, object] = {"languages": ["en"]}
    asked = questions(tmp_path / "q.jsonl", *[english] * 20)
    run_with(tmp_path, asked)
    assert "There is no baseline" in capsys.readouterr().err
    run_with(tmp_path, asked, "--raise-baseline")
    run_with(tmp_path, asked, "--fast")
    assert "Nothing fell under the baseline, on 20 questions." in capsys.readouterr().err
    answers = tmp_path / "answers.jsonl"
    rows = [{"id": f"q{i}", "answer": "It has 7.", "certainty": "sure", "cited": []} for i in range(20)]
    answers.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    status, result = run_with(tmp_path, asked, "--answers", str(answers))
    assert status == 1
    assert "FELL under the baseline: wrong figure said sure: 0.000 -> 1.000" in capsys.readouterr().err
    assert next(c for c in result["changes"] if c["name"] == "facts found")["new"] == 0.0


def test_the_fast_part_has_every_kind_as_often_as_all_have(tmp_path: Path) -> None:
    many = [
        EvalQuestion(f"{kind}{language}{i}", "?", language, kind, True, (("1",),), ("a.md",))
        for kind, count in (("number", 60), ("reason", 30))
        for language in ("zh", "en")
        for i in range(count)
    ]
    part = suite.fast(many, 18)
    assert len(part) == 18
    assert [sum(q.kind == kind for q in part) for kind in ("number", "reason")] == [12, 6]
    assert [sum(q.language == language for q in part) for language in ("zh", "en")] == [9, 9]
    assert part == suite.fast(many, 18)
    assert suite.fast(many[:4], 18) == many[:4]


def test_a_question_that_nobody_confirmed_is_not_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, result = run(tmp_path, {"languages": ["en"]}, {"confirmed": False}, {"confirmed": True})
    assert [question["id"] for question in result["questions"]] == ["q0", "q2"]
    assert "1 questions are not confirmed" in capsys.readouterr().err


def test_the_page_beside_the_result_asks_no_other_host(tmp_path: Path) -> None:
    run(tmp_path, {"facts": [["4,464"]], "languages": ["en"], "kind": "<b>"})
    page = (tmp_path / "eval.html").read_text("utf-8")
    assert "lacks 4,464" in page
    assert 'data-kind="&lt;b&gt;"' in page
    assert "http" not in page.replace("http-equiv", "")
    assert page.count("<svg") == 2


def test_markdown_alone_is_printed_where_it_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_with(tmp_path, questions(tmp_path / "q.jsonl", {"languages": ["en"]}), "--markdown")
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith("|") or not line for line in lines)
