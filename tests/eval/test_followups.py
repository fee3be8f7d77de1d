"""How follow-ups are measured: what must stand in the whole question, and what must not."""

import json

import pytest

from eval.followups import told
from settings import ROOT

HISTORY = [{"question": "青岚科技2023年的营业收入是多少？", "answer": "48.12亿元"}]
ROW = {"history": HISTORY, "question": "2022年呢", "whole": "青岚科技2022年的营业收入是多少？", "follows": True}


@pytest.mark.parametrize(
    ("must", "never", "held"),
    [
        (["青岚科技", "2022", "营业 收入"], ["2023"], True),
        (["青岚科技", "净利润"], [], False),
        (["青岚科技"], ["营业收入"], False),
    ],
)
def test_a_whole_question_holds_what_it_must_and_nothing_that_it_must_not(
    must: list[str], never: list[str], held: bool
) -> None:
    judged = told(ROW | {"must": must, "never": never})
    assert judged.held is held
    assert judged.right


def test_where_nothing_was_written_nothing_is_held() -> None:
    assert told(ROW).held is None


def test_no_conversation_that_is_measured_was_learned_from() -> None:
    def conversations(path: str) -> set[str]:
        rows = map(json.loads, (ROOT / path).read_text("utf-8").splitlines())
        return {row["history"][0]["question"] for row in rows}

    learned = conversations("train/followups.jsonl")
    assert learned.isdisjoint(conversations("eval/followups-held.jsonl"))
    assert learned.isdisjoint(conversations("eval/followups.jsonl"))
