"""False premises get the sentence that denies them; true ones, and what is of something else, are left alone."""

import pytest

from answer.assistant import Assistant
from index.search import Search
from ingest.read import report_from_text
from records import Answer
from settings import Settings

EN = """# Orchard annual report 2024

## Market

The market share of Orchard rose to 60% in 2024. Contributing companies grew by 90% to 1,011 in 2024.
Tail latency decreased by 5 times with netkit. Orchard does not support Windows nodes.
Google adopted Orchard for its clusters in 2020. The foundation accepted the proposal. Revenue fell by 3% in 2023.
"""
ZH = """# Orchard 年度报告 2024

## 市场

2024 年 Orchard 的市场份额上升到 60%。贡献公司数量增长了 90%，达到 1,011 家。
netkit 使尾部延迟降低了 5 倍。Orchard 不支持 Windows 节点。基金会接受了该提案。2023 年收入下降了 3%。
"""


@pytest.fixture(scope="module")
def english(empty: Search) -> Search:
    return Search.over([report_from_text(EN, "orchard-2024.en.md")], empty)


@pytest.fixture(scope="module")
def chinese(empty: Search) -> Search:
    return Search.over([report_from_text(ZH, "orchard-2024.zh.md")], empty)


def _ask(search: Search, question: str) -> Answer:
    *_, answer = Assistant(search, Settings()).reply(question)
    return answer


OTHERWISE = {"zh": "报告的说法相反：", "en": "The report says otherwise:"}


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Why did the market share of Orchard fall in 2024?", "rose to 60%"),
        ("What caused the decline of Orchard's market share?", "rose to 60%"),
        ("When did the market share of Orchard drop?", "rose to 60%"),
        ("By how much did the market share of Orchard fall?", "rose to 60%"),
        ("Why did contributing companies decrease in 2024?", "grew by 90%"),
        ("Why did contributing companies reach 2,000 in 2024?", "1,011"),
        ("Why does Orchard support Windows nodes?", "does not support"),
        ("Why did Google not adopt Orchard for its clusters?", "adopted"),
        ("Why did the foundation reject the proposal?", "accepted"),
        ("Why did revenue grow in 2023?", "fell by 3%"),
    ],
)
def test_a_false_premise_gets_the_sentence_that_denies_it(english: Search, question: str, said: str) -> None:
    answer = _ask(english, question)
    assert answer.note == OTHERWISE["en"]
    (claim,) = answer.claims
    assert said in claim.text
    assert not answer.abstained


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("为什么 2024 年 Orchard 的市场份额下降了？", "上升到 60%"),
        ("是什么原因导致贡献公司数量减少？", "增长了 90%"),
        ("为什么 Orchard 的贡献公司减少了？", "增长了 90%"),
        ("为什么尾部延迟提高了？", "降低了 5 倍"),
        ("Orchard 为什么支持 Windows 节点？", "不支持"),
        ("基金会为什么拒绝该提案？", "接受"),
        ("2023 年收入为什么增长？", "下降了 3%"),
    ],
)
def test_so_it_does_in_chinese(chinese: Search, question: str, said: str) -> None:
    answer = _ask(chinese, question)
    assert answer.note == OTHERWISE["zh"]
    assert said in answer.text


def test_across_languages_the_note_is_in_the_questions_language(english: Search, chinese: Search) -> None:
    answer = _ask(english, "Orchard 的市场份额为什么下滑？")
    assert (answer.note, "rose" in answer.text) == (OTHERWISE["zh"], True)
    answer = _ask(chinese, "Why did Orchard's market share decline?")
    assert (answer.note, "上升" in answer.text) == (OTHERWISE["en"], True)


@pytest.mark.parametrize(
    "question",
    [
        "Why did the market share of Orchard rise in 2024?",
        "Why did the market share of Orchard fall in 2019?",
        "Why does Orchard not support Windows nodes?",
        "Why did individual contributors decrease?",
        "By how much did contributing companies grow?",
        "Why did revenue fall in 2023?",
        "为什么 Orchard 的市场份额上升？",
        "为什么 Orchard 不支持 Windows 节点？",
        "为什么个人贡献者减少？",
        "2021 年 Orchard 的市场份额为什么下降？",
    ],
)
def test_what_no_sentence_denies_is_not_contradicted(english: Search, chinese: Search, question: str) -> None:
    for search in (english, chinese):
        assert _ask(search, question).note not in OTHERWISE.values()


def test_one_sentence_that_agrees_is_enough_to_hold_back(empty: Search) -> None:
    text = "The market share rose to 60% in Europe. The market share fell in Asia."
    search = Search.over([report_from_text(text, "market.txt")], empty)
    assert _ask(search, "Why did the market share fall?").note not in OTHERWISE.values()


def test_another_company_is_another_subject(empty: Search) -> None:
    search = Search.over([report_from_text("2024 年乙方公司的收入增长了 3%。", "a.txt")], empty)
    assert _ask(search, "为什么甲方公司的收入下降了？").note not in OTHERWISE.values()
    assert _ask(search, "为什么乙方公司的收入下降了？").note == OTHERWISE["zh"]


def test_the_same_comparison_the_other_way_round_is_none(empty: Search) -> None:
    search = Search.over([report_from_text("The latency of Flannel is higher than that of Orchard.", "a.txt")], empty)
    assert _ask(search, "Why is the latency of Orchard lower than that of Flannel?").note not in OTHERWISE.values()
