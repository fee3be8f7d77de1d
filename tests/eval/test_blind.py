"""A part that is switched off is off, and on again afterwards; what moves without it is told."""

from __future__ import annotations

import pytest

from answer import verify as verifier
from answer.assistant import Assistant
from eval.blind import PARTS, Effect, measured, table
from eval.gate import Change
from eval.questions import EvalQuestion
from index.search import Search
from ingest.read import report_from_text
from records import Turn
from settings import Settings

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
