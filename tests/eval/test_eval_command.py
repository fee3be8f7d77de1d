"""python -m eval with a fake search and assistant: what it prints, writes and exits with."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from eval import __main__ as command
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
    monkeypatch.setattr(command, "Assistant", FakeAssistant)
    for name in ("WENBAO_INDEX", "WENBAO_LLM_URL"):
        monkeypatch.delenv(name, raising=False)


def questions(path: Path, *changes: dict[str, object]) -> Path:
    """A questions file of one good question, changed in each way; ids are q0, q1, ..."""
    good = {"question": "How many?", "language": "en", "kind": "number", "answerable": True, "facts": [["1,011"]]}
    lines = [good | {"id": f"q{i}", "reports": ["cilium.en.md"]} | change for i, change in enumerate(changes)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def run(tmp_path: Path, *changes: dict[str, object]) -> tuple[int, dict[str, Any]]:
    out = tmp_path / "eval.json"
    status = command.main(["--questions", str(questions(tmp_path / "q.jsonl", *changes)), "--out", str(out)])
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
