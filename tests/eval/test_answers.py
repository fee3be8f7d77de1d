"""Answers that were given elsewhere are judged as ours are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from eval.answers import outcomes
from eval.questions import EvalQuestion
from eval.run import Outcome, Parts
from records import Report, Support

TEXT = "The pier is 40 m long. Gulls nest there."
PIER = Report("r", "pier.md", "abc", "Pier", "", "2024", "en", "", TEXT)
ASKED = EvalQuestion("q", "How long is the pier?", "en", "number", True, (("40 m",),), ("pier.md",))
PARTS = Parts(
    lambda _: iter(()), lambda *_: [], lambda _: PIER, lambda claim, span: Support(claim.strip(".") in span, 1.0, "")
)


def cited(mark: int, quote: str, start: int, path: str = "pier.md") -> dict[str, Any]:
    return {"mark": mark, "report": "r", "path": path, "quote": quote, "start": start, "end": start + len(quote)}


def judged(tmp_path: Path, *rows: dict[str, Any]) -> tuple[list[Outcome], list[str]]:
    path = tmp_path / "answers.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return outcomes(path, [ASKED], [PIER], PARTS)


def test_each_sentence_rests_on_the_quotes_that_support_it(tmp_path: Path) -> None:
    quotes = [cited(1, TEXT[:22], 0), cited(2, TEXT[23:], 23)]
    (found,), _ = judged(tmp_path, {"id": "q", "answer": TEXT, "certainty": "sure", "cited": quotes})
    assert [[c.mark for c in claim.citations] for claim in found.answer.claims] == [[1], [2]]
    assert (found.right, found.invalid, found.unsupported) == (True, (), ())


def test_a_quote_that_supports_nothing_was_cited_all_the_same(tmp_path: Path) -> None:
    quotes = [cited(1, TEXT[:22], 0), cited(2, TEXT[23:], 23)]
    (found,), _ = judged(tmp_path, {"id": "q", "answer": TEXT[:22], "certainty": "sure", "cited": quotes})
    assert [path for path, _ in found.cited] == ["pier.md", "pier.md"]
    assert found.needless == (2,)


def test_a_quote_of_an_unknown_report_or_place_is_invalid(tmp_path: Path) -> None:
    quotes = [cited(1, TEXT[:22], 0, "other.md"), cited(2, TEXT[:22], 1)]
    (found,), _ = judged(tmp_path, {"id": "q", "answer": TEXT[:22], "certainty": "sure", "cited": quotes})
    assert [citation.mark for citation in found.invalid] == [1, 2]


def test_declining_is_taken_at_its_word(tmp_path: Path) -> None:
    (found,), _ = judged(tmp_path, {"id": "q", "answer": "The reports do not say.", "certainty": "none", "cited": []})
    assert found.declined
    assert found.answer.confidence == 0.0


def test_what_cannot_be_judged_is_named(tmp_path: Path) -> None:
    found, problems = judged(tmp_path, {"id": "q", "certainty": "quite"}, {"id": "z", "certainty": "sure"})
    assert found == []
    assert "certainty has value 'quite'" in problems[0]
    assert problems[1] == "z in answers.jsonl is the id of no question."
    assert judged(tmp_path)[1] == ["q has no answer in answers.jsonl."]
