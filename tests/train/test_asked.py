"""Questions written on reports become lessons: what answers is marked where it stands, what does not is beside it."""

import json
import random
from collections import Counter
from pathlib import Path
from zlib import crc32

import pytest

from index.search import Search
from ingest.read import read
from settings import ROOT, Settings
from train.asked import lessons, rows, with_reports
from train.lesson import CONTRADICTED

WRITTEN = ROOT / "train" / "asked"
TEXT = """# Harbour works 2024

## Staff

The quay employed 41 people. Nobody was hurt.

## Boats

| Month | Boats |
| --- | --- |
| May | 12 |
| June | 19 |
"""


@pytest.fixture(scope="module")
def nothing() -> Search:
    return Search.empty(Settings())


def test_a_question_is_a_lesson_with_each_passage_that_answers_and_some_that_do_not(
    tmp_path: Path, nothing: Search
) -> None:
    asked = [
        {"q": "how many hands?", "lang": "en", "evidence": ["The quay employed 41 people."], "answer": "41"},
        {"q": "boats in june", "lang": "en", "evidence": ["| June | 19 |"], "answer": "19"},
        {"q": "boats in July", "lang": "en", "evidence": []},
        {"claim": "Someone was hurt.", "lang": "en", "evidence": ["Nobody was hurt."], "verdict": "contradicted"},
    ]
    (tmp_path / "quay.en.md").write_text(TEXT, "utf-8")
    (tmp_path / "quay.jsonl").write_text("\n".join(map(json.dumps, asked)), "utf-8")
    ((own, over), (real, _)) = with_reports(tmp_path, tmp_path / "elsewhere", nothing)
    assert not real
    found = list(lessons(own, over, random.Random(0)))
    told = {lesson.question: lesson for lesson in found if lesson.evidence}
    staff, boats = told["how many hands?"], told["boats in june"]
    assert [staff.passage[s:e] for s, e in staff.evidence] == ["The quay employed 41 people."]
    assert staff.answer is not None
    assert staff.passage[slice(*staff.answer)] == "41"
    assert "Harbour works 2024" in staff.above
    assert [boats.passage[s:e] for s, e in boats.evidence] == ["| June | 19 |"]
    assert any(lesson.question == "boats in July" and not lesson.evidence for lesson in found)
    assert [(x.passage, x.verdict) for x in found if x.verdict is not None] == [("Nobody was hurt.", CONTRADICTED)]


def test_places_in_a_public_report_hold_as_long_as_it_reads_the_same(tmp_path: Path, nothing: Search) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "quay.md").write_text(TEXT, "utf-8")
    at = TEXT.index("The quay")
    row = {"report": "quay.md", "read": crc32(TEXT.encode()), "q": "how many hands?", "lang": "en"}
    row |= {"evidence": [[at, at + 28]], "answer": "41"}
    (tmp_path / "real.jsonl").write_text(json.dumps(row), "utf-8")
    _, (real, over) = with_reports(tmp_path, elsewhere, nothing)
    found = [x for x in lessons(real, over, random.Random(0)) if x.evidence]
    assert [x.passage[slice(*x.evidence[0])] for x in found] == ["The quay employed 41 people."]
    (elsewhere / "quay.md").write_text(TEXT.replace("41", "142"), "utf-8")
    _, (real, over) = with_reports(tmp_path, elsewhere, nothing)
    assert not list(lessons(real, over, random.Random(0)))


@pytest.mark.parametrize("folder", [WRITTEN, WRITTEN / "choice"], ids=["asked", "choice"])
def test_every_quote_stands_in_its_report_and_every_answer_in_a_quote(folder: Path) -> None:
    texts = {path.name: read(path, folder).text for path in folder.glob("*.md")}
    kinds = Counter[tuple[str, bool]]()
    for name, row in rows(folder):
        if "report" in row:
            continue  # of a public report, which is not here
        assert name in texts, row
        assert all(quote in texts[name] for quote in row["evidence"]), row
        assert not row.get("answer") or any(row["answer"] in quote for quote in row["evidence"]), row
        if "q" in row:
            kinds[row["lang"], bool(row["evidence"])] += 1
        else:
            assert row["verdict"] in ("supported", "contradicted", "unknown")
            assert row["evidence"], row
    assert set(kinds) == {("zh", True), ("zh", False), ("en", True), ("en", False)}
    assert 0.8 < sum(kinds[k] for k in kinds if k[0] == "zh") / sum(kinds[k] for k in kinds if k[0] == "en") < 1.25
