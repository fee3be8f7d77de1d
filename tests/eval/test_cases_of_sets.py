"""Public sets, noise and drafts: questions that are made from what others wrote."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from eval import draft, noise, public
from eval.cases import Case
from eval.questions import EvalQuestion, Evidence, parse
from index.search import Search
from ingest.read import report_from_text
from settings import Settings

LIKE = Search.empty(Settings())


def lines(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def chosen(**options: object) -> argparse.Namespace:
    return argparse.Namespace(**{"noise": 0.4, "sources": None} | options)


def test_squad_asks_each_question_of_its_own_paragraph(tmp_path: Path) -> None:
    asked = [
        {"id": "a", "question": "How long is the pier?", "answers": [{"text": "40 m"}, {"text": "40"}]},
        {"id": "b", "question": "Who owns it?", "answers": [], "is_impossible": True},
    ]
    data = {"data": [{"paragraphs": [{"context": "The pier is 40 m long.", "qas": asked}]}]}
    (tmp_path / "squad.json").write_text(json.dumps(data), "utf-8")
    first, second = public.squad(tmp_path / "squad.json", chosen())
    assert (first.question.facts, first.passages) == ((("40 m", "40"),), ("The pier is 40 m long.",))
    assert first.question.evidence == (Evidence("passages/0.txt", "The pier is 40 m long."),)
    assert (first.question.answerable, second.question.answerable) == (True, False)


ROW: dict[str, Any] = {
    "id": 7,
    "query": "码头多长？",
    "answer": [["40 米", "40米"]],
    "positive": ["码头长 40 米。", "码头有 40 米长。", "40 米的码头。"],
    "negative": ["海鸥在此筑巢。", "灯塔建于 1903 年。", "渡轮常晚点。", "桥宽 9 米。", "岛上有林。"],
}


@pytest.mark.parametrize(("share", "right"), [(0.4, 3), (0.8, 1), (1.0, 0)])
def test_rgb_mixes_negatives_by_the_noise_and_has_no_answer_at_1(tmp_path: Path, share: float, right: int) -> None:
    (case,) = public.rgb(lines(tmp_path / "rgb.jsonl", ROW), chosen(noise=share))
    assert len(case.passages) == 5
    assert sum(text in ROW["positive"] for text in case.passages) == right
    assert case.question.answerable is bool(right)
    assert case.question.language == "zh"


def test_rgb_takes_a_passage_of_each_part_that_is_asked_for(tmp_path: Path) -> None:
    row = ROW | {"answer": ["40 米", ["9 米"]], "positive": [["码头长 40 米。", "又说 40 米。"], ["桥宽 9 米。"]]}
    (case,) = public.rgb(lines(tmp_path / "rgb.jsonl", row), chosen(noise=0.6))
    assert {"码头长 40 米。", "桥宽 9 米。"} <= set(case.passages)
    assert case.question.facts == (("40 米",), ("9 米",))


def test_dragonball_asks_of_its_documents_and_wants_their_references(tmp_path: Path) -> None:
    documents = lines(tmp_path / "docs.jsonl", {"doc_id": 3, "content": "The pier is 40 m long. Gulls nest."})
    truth = {"doc_ids": [3], "references": ["The pier is 40 m long."], "keypoints": ["It is 40 m long"]}
    query = {"query_id": 9, "content": "How long is the pier?", "query_type": "Factual Question"}
    path = lines(tmp_path / "queries.jsonl", {"query": query, "ground_truth": truth})
    (case,) = public.dragonball(path, chosen(sources=documents))
    assert case.question.facts == (("The pier is 40 m long.",),)
    with pytest.raises(ValueError, match="Give --sources"):
        list(public.dragonball(path, chosen()))


def test_a_response_is_flagged_for_a_sentence_that_its_source_does_not_say() -> None:
    source = "The pier is 40 m long.\nGulls nest there."
    assert not public.unsupported("The pier is 40 m long. Gulls nest there.", source, LIKE)
    assert public.unsupported("The pier is 90 m long.", source, LIKE)
    assert public.detection([(True, True), (True, False), (False, True)]) == (0.5, 0.5, 0.5)


def test_the_command_asks_a_set_and_tells_what_papers_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = lines(tmp_path / "rgb.jsonl", ROW, {"nonsense": 1})
    assert public.main(["rgb", "--data", str(path)]) == 0
    said = capsys.readouterr()
    assert "published: accuracy of ChatGPT" in said.out
    assert "facts found" in said.out
    assert "line 2 has no 'query'" in said.err
    assert public.main(["squad", "--data", str(path)]) == 2


def test_the_command_finds_hallucinated_responses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sources = lines(tmp_path / "s.jsonl", {"source_id": 1, "source_info": {"question": "?", "passages": "It is 40 m."}})
    rows = [
        {"source_id": 1, "response": "It is 40 m.", "labels": []},
        {"source_id": 1, "response": "It is 90 m.", "labels": [{"start": 6, "end": 10}]},
    ]
    assert public.main(["ragtruth", "--data", str(lines(tmp_path / "r.jsonl", *rows)), "--sources", str(sources)]) == 0
    assert "2 responses  precision 1.000  recall 1.000  F1 1.000" in capsys.readouterr().out


TOWNS = {"Arl": "40 m", "Bex": "52 m", "Cor": "61 m", "Dun": "73 m", "Elm": "84 m", "Fen": "95 m", "Gat": "18 m"}
HARBOURS = [
    report_from_text(f"The pier of {town} is {long} long and was painted last spring.", f"{town}.txt")
    for town, long in TOWNS.items()
]
ARL = EvalQuestion(
    "arl", "How long is the pier of Arl?", "en", "number", True, (("40 m",),), ("Arl.txt",),
    evidence=(Evidence("Arl.txt", "The pier of Arl is 40 m long and was painted last spring."),),
)  # fmt: skip


def test_noise_adds_passages_without_the_facts_until_only_they_are_left() -> None:
    made: Sequence[tuple[float, Case]] = list(noise.cases(ARL, Search.over(HARBOURS, LIKE)))
    assert [share for share, _ in made] == list(noise.LEVELS)
    assert [len(case.passages) for _, case in made] == [1, 2, 3, 4, 5, 5]
    assert [sum("40 m" in text for text in case.passages) for _, case in made] == [1, 1, 1, 1, 1, 0]
    assert [case.question.answerable for _, case in made] == [True] * 5 + [False]
    assert made[2][1].passages[int(made[2][1].question.evidence[0].report[9])] == HARBOURS[0].text


def test_the_curve_has_a_line_for_each_level() -> None:
    found = noise.levels([ARL], Search.over(HARBOURS, LIKE), Settings(reader=""))
    rows = noise.table(found).splitlines()[2:]
    assert [row.split(" | ")[0] for row in rows] == ["| 0", "| 0.2", "| 0.4", "| 0.6", "| 0.8", "| 1"]
    assert rows[0].split(" | ")[2] == "1.000"
    assert rows[-1].split(" | ")[2:4] == ["", ""]


FJORD = """# Fjord Ferries 2024

The fleet grew to 31 ferries. Its debt fell to 4 million euros. In 2024 the sea was calm.

全年货运量达到 3.2 万吨，职工有所增加。

| Line | Passengers | Cancelled (%) |
| --- | --- | --- |
| Coast | 8,120 | 1.4 |
"""


def test_a_draft_asks_for_the_figures_by_what_they_are_called() -> None:
    proposals = list(draft.proposed(report_from_text(FJORD, "fjord.md")))
    assert [(one.question, one.fact) for one in proposals] == [
        ("In “Fjord Ferries 2024”, what is the figure for “the fleet”?", "31"),
        ("《Fjord Ferries 2024》里，全年货运量是多少？", "3.2 万吨"),
        ("In “Fjord Ferries 2024”, what is “Passengers” for “Coast”?", "8,120"),
        ("In “Fjord Ferries 2024”, what is “Cancelled (%)” for “Coast”?", "1.4"),
    ]
    assert all(one.quote in FJORD and one.fact in one.quote for one in proposals)


def test_the_command_writes_questions_that_nobody_confirmed_yet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "fjord.md").write_text(FJORD, "utf-8")
    (tmp_path / "reports" / "empty.md").write_text("", "utf-8")
    out = tmp_path / "q.jsonl"
    options = ["--reports", str(tmp_path / "reports"), "--out", str(out), "--count", "2"]
    assert draft.main(options) == 0
    rows = out.read_text("utf-8").splitlines()
    assert [parse(row).facts for row in rows] == [(("31",),), (("8,120",),)]
    assert draft.unconfirmed(out) == {"fjord-md-1", "fjord-md-2"}
    assert "empty.md" in capsys.readouterr().err
    assert draft.main(options) == 1
    assert "your confirmed questions would be lost" in capsys.readouterr().err
