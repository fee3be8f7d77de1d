"""What the choice is learned from: evidence, facts, thresholds; and that a signal which tells is given weight."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from answer.candidates import candidates
from answer.choose import NAMES, Line
from answer.question import understand
from index.search import Search
from ingest.read import report_from_text
from settings import Settings
from train.choice import Asked, Example, holds, is_evidence, learn, natural, thresholds


@pytest.mark.parametrize(
    ("text", "fact", "held"),
    [
        ("It grew to 1,011 companies.", "1011", True),
        ("It grew to 1,0110 companies.", "1,011", False),
        ("占 25.71%，较去年提升", "25.71%", True),
        ("占 125.71%", "25.71%", False),
        ("The **Golden 12K** list", "golden 12k", True),
        ("shipping", "hip", False),
        ("约 10.5", "10", False),
        ("由 社区 维护", "社区维护", True),
    ],
)
def test_facts_are_held_as_wholes(text: str, fact: str, held: bool) -> None:
    assert holds(text, fact) is held


def test_evidence_overlaps_by_half_of_the_shorter_in_its_own_report() -> None:
    search = Search.over(
        [report_from_text("It cost **3 million** euros. Trees grow.", f"{name}.md") for name in ("a", "b")],
        Search.empty(Settings()),
    )
    asked = Asked(understand("cost?"), "a.md", (("3 million",),), (("a.md", "It cost 3 million euros, they say."),))
    found = [c for of_hit in candidates(search, search.search("cost euros trees", 4)) for c in of_hit]
    held = {(c.report.path, c.text) for c in found if is_evidence(c, asked)}
    assert held == {("a.md", "It cost 3 million euros.")}


def test_thresholds_keep_what_they_promise() -> None:
    sure = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.75, 0.1], np.float32)
    right = np.array([1, 1, 1, 0, 0, 0, 0, 0], bool)
    answerable = np.array([1, 1, 1, 1, 1, 1, 0, 0], bool)
    made = thresholds(sure, right, answerable)
    assert made["sure"] == pytest.approx(0.8)  # below it an unanswerable one of two would be sure
    assert made["unsure"] <= 0.42


def test_questions_are_read_with_what_they_need(tmp_path: Path) -> None:
    row = {
        "question": "And in 2024?",
        "history": [{"question": "How many bridges did Acme build in 2023?", "answer": "9"}],
        "answerable": True,
        "facts": [["12", "twelve"]],
        "evidence": [{"report": "a.md", "quote": "Twelve in 2024."}],
    }
    no = row | {"answerable": False, "facts": [], "evidence": []}
    (tmp_path / "q.jsonl").write_text(f"{json.dumps(row)}\n{json.dumps(no)}\n", "utf-8")
    first, second = natural(tmp_path / "q.jsonl", date(2026, 1, 1))
    assert "2024" in first.question.whole
    assert "Acme" in first.question.whole
    assert (first.group, first.facts, first.answerable) == ("a.md", (("12", "twelve"),), True)
    assert (second.answerable, second.evidence) == (False, ())


def test_a_signal_that_tells_gets_weight_and_one_that_is_left_out_none() -> None:
    search = Search.over([report_from_text("One is so. Two is it. Three is no.", "a.md")], Search.empty(Settings()))
    found = [c for of_hit in candidates(search, search.search("one two three", 4)) for c in of_hit]
    chance = np.random.default_rng(0)
    examples = []
    for number in range(60):
        rows = chance.normal(size=(len(found), len(NAMES))).astype(np.float32)
        truths = np.array(["Two" in c.text for c in found]) if number % 3 else np.zeros(len(found), bool)
        rows[:, NAMES.index("words")] += 4 * truths
        facts = (("Two",),) if number % 3 else ()
        words = tuple((c.start, c.end, 0.0) for c in found)
        asked = Asked(understand("x?"), f"g{number}", facts, ())
        examples.append(Example(asked, tuple(found), words, rows, truths, 1.0))
    told: list[str] = []
    made = learn(examples, 3, [name for name in NAMES if name != "odds"], told.append)
    values = made["sentence"]["values"]
    assert values["words"]["weight"] > 2 * abs(values["covered"]["weight"])
    assert values["odds"]["weight"] == 0
    assert "sure from" in told[0]
    line = Line.from_json(made["sentence"], NAMES)
    answered = [e for e in examples if e.truths.any()]
    assert np.mean([e.truths[line.chances(e.rows).argmax()] for e in answered]) > 0.9
