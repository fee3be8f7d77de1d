"""The tamper gate, with a verifier that can be computed by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval import report
from eval.questions import EvalQuestion, Evidence
from eval.trials import gate, golden, row_trials, translations
from ingest.read import report_from_text

ASKED = EvalQuestion("q", "How long?", "en", "number", True, (("40",),), ("a.md",))


def same_words(claim: str, span: str) -> tuple[bool, str]:
    return claim.replace(" not", "") == span, "other words"


def test_the_gate_counts_what_is_kept_and_what_is_caught() -> None:
    """The verifier wants equal words, blind to 'not'."""
    trials = gate(["The pier was 40 km of oak.", "Gulls nest there."], "en", same_words)
    own = [trial for trial in trials if "pier" in trial.claim]
    assert [t.kind for t in own] == ["untouched", "number", "unit", "negation", "trimmed", "moved"]
    assert [t.kind for t in own if not t.right] == ["negation"]
    by_kind = {(t.kind, t.claim): t for t in trials}
    assert not by_kind["negation", "The pier was not 40 km of oak."].right
    assert by_kind["moved", "Gulls nest there."].span == "The pier was 40 km of oak."
    trimmed = next(t for t in trials if t.kind == "trimmed")
    assert (trimmed.claim, trimmed.span) == ("The pier was 40 km of oak.", "The pier was")


def test_what_is_tried_of_a_claim_does_not_hang_on_the_others() -> None:
    alone = gate(["The pier was 40 km of oak."], "en", same_words)
    among = gate(["The pier was 40 km of oak.", "Gulls nest there."], "en", same_words)
    assert [t for t in among if t.claim in {a.claim for a in alone} and t.kind != "moved"] == alone


def test_a_claim_alone_cannot_be_moved() -> None:
    trials = gate(["Gulls nest there.", "Gulls nest there."], "en", same_words)
    assert "moved" not in {trial.kind for trial in trials}


def test_a_translated_claim_should_be_kept() -> None:
    trials = translations(["two", "three"], ["二", "四"], "en", lambda claim, span: (span == "二", "other"))
    assert [(t.kind, t.language, t.right) for t in trials] == [("translated", "en", True), ("translated", "en", False)]
    assert report.failures([], trials)[0].wrong == "not kept: other | 四"
    with pytest.raises(ValueError, match="shorter"):
        translations(["two"], [], "en", lambda *_: (True, ""))


def test_gold_answers_are_the_evidence_of_answerable_questions_in_its_language() -> None:
    evidence = (Evidence("a.md", "The pier was **40 km** of oak."), Evidence("b.md", "码头长 40 米。"))
    asked = replace(ASKED, evidence=evidence)
    absent = replace(ASKED, answerable=False, evidence=(Evidence("a.md", "Gulls nest there."),))
    assert golden([asked, asked, absent], "en") == ["The pier was 40 km of oak."]
    assert golden([asked], "zh") == ["码头长 40 米。"]


def test_a_figure_of_another_column_is_a_falsehood() -> None:
    """The verifier takes any words of the span, whatever their order."""
    text = "| Line | 2022 | 2023 |\n| --- | --- | --- |\n| Coast | 8,120 | 9,340 |\n| Isle | none | 312 |\n"
    row = report_from_text(text, "lines.md")

    def any_words(claim: str, span: str) -> tuple[bool, str]:
        return all(word in span for word in claim.split()), "new words"

    true, false = row_trials([row], "en", any_words)
    assert {true.claim, false.claim} <= {f"Coast: {y} {n}" for y in ("2022", "2023") for n in ("8,120", "9,340")}
    told = [(t.kind, t.right, t.claim.removeprefix("Coast: ") in t.span) for t in (true, false)]
    assert told == [("row", True, True), ("column", False, False)]
    assert row_trials([row], "zh", any_words) == []
