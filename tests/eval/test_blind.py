"""A part that is switched off is off, and on again afterwards; what moves without it is told."""

from __future__ import annotations

import json
from pathlib import Path
from unittest.mock import patch

import pytest

from answer import verify as verifier
from answer.assistant import Assistant
from eval import blind
from eval.blind import PARTS, Effect, measured, table
from eval.gate import Change
from eval.questions import EvalQuestion, read
from eval.run import ask
from eval.suite import connect
from index.search import Filters, Search
from ingest.read import report_from_text
from records import Hit, Turn
from settings import ROOT, Settings

SETTINGS = Settings(reader="")
SEARCH = Search.over(
    [
        report_from_text("# Pier of Arl 2024\n\nThe pier of Arl was 40 m long in 2024.", "arl-2024.md"),
        report_from_text("# Pier of Arl 2023\n\nThe pier of Arl was 38 m long in 2023.", "arl-2023.md"),
    ],
    Search.empty(SETTINGS),
)


@pytest.mark.parametrize("name", PARTS)
def test_every_part_can_be_switched_off(name: str) -> None:
    with PARTS[name].off(SETTINGS) as without:
        *_, answer = Assistant(SEARCH.with_settings(without), without).reply("How long was the pier of Arl in 2024?")
    assert answer.citations
    assert verifier.verify("It is 41 m.", "It is 40 m.").supported is False


def test_without_its_check_a_changed_figure_is_not_caught() -> None:
    with PARTS["check: figures"].off(SETTINGS):
        assert verifier.verify("The pier of Arl was 41 m long.", "The pier of Arl was 40 m long.").supported


def test_without_follow_ups_earlier_turns_are_not_read() -> None:
    earlier = [Turn("How long was the pier of Arl in 2024?", "40 m")]
    with PARTS["follow-ups"].off(SETTINGS) as without:
        *_, alone = Assistant(SEARCH, without).reply("And in 2023?", earlier)
    *_, whole = Assistant(SEARCH, SETTINGS).reply("And in 2023?", earlier)
    assert alone.question == "And in 2023?"
    assert whole.question == "How long was the pier of Arl in 2023?"


def test_what_the_assistant_searched_is_not_searched_once_more() -> None:
    asked = EvalQuestion("q", "How long was the pier?", "en", "number", True, (("40 m",),), ("arl-2024.md",))
    searched, original = [], Search.search

    def counted(self: Search, question: str, k: int = 10, filters: Filters = Filters()) -> list[Hit]:  # noqa: B008
        searched.append(question)
        return original(self, question, k, filters)

    with patch.object(Search, "search", counted):
        outcome = ask(asked, connect(SEARCH, SETTINGS))
    assert searched == [outcome.answer.question]
    assert len(outcome.found) == 2


def test_the_shipped_questions_have_every_kind_that_is_there_for_a_part() -> None:
    questions, _ = read(ROOT / "eval" / "questions.jsonl")
    assert {part.kind for part in PARTS.values()} - {"", *(question.kind for question in questions)} == set()


def test_only_the_questions_that_match_are_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = {"language": "en", "answerable": True, "facts": [["40 m"]], "reports": ["arl-2024.md"]}
    asked = [{"id": "pier-1", "kind": "title"}, {"id": "pier-2", "kind": "number"}, {"id": "title-3", "kind": "number"}]
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(json.dumps(line | one | {"question": f"{one['id']}?"}) for one in asked), "utf-8")
    monkeypatch.setattr(blind, "collected", lambda _: SETTINGS)
    monkeypatch.setattr(Search, "open", lambda _: SEARCH)
    monkeypatch.setattr(blind, "measured", lambda questions, *_: print(*(q.id for q in questions)) or {})
    assert blind.main(["--questions", str(path), "--match", "title", "--parts", "conflicts"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "pier-1 title-3"
    assert blind.main(["--questions", str(path), "--match", "bridge"]) == 2
    assert blind.main(["--questions", str(path), "--count", "1", "--parts", "conflicts", "quoted titles"]) == 0
    assert "pier-1" in capsys.readouterr().out.split()


def test_what_a_person_wrote_under_the_table_stays(tmp_path: Path) -> None:
    path = tmp_path / "blind.md"
    blind.write(path, "# What the suite sees\n\nold\n")
    path.write_text(path.read_text("utf-8") + "\n## What may go\n\nNothing.\n\n## Why\n", "utf-8")
    blind.write(path, "# What the suite sees\n\nnew\n")
    assert path.read_text("utf-8") == "# What the suite sees\n\nnew\n\n## What may go\n\nNothing.\n\n## Why\n"


def test_what_no_question_sees_is_told() -> None:
    asked = EvalQuestion("q", "How long was the pier?", "en", "number", True, (("40 m",),), ("arl-2024.md",))
    names = ("quoted titles", "check: figures")
    found = measured([asked] * 3, SEARCH, SETTINGS, {name: PARTS[name] for name in names})
    assert found["quoted titles"] == Effect(0, ())
    assert "tamper: number" in {change.name for change in found["check: figures"].moves}
    lines = table({"a": Effect(0, ()), "b": Effect(2, (Change("facts found", 0.9, 0.5, -0.6, -0.2, 20),))})
    assert lines.splitlines()[2:] == [
        "| a | 0 | **none: the suite is blind to it** |",
        "| b | 2 | facts found -0.400 (-0.600 – -0.200) |",
    ]
