"""What is asked of the assistant itself, and reports that a question names in full."""

import pytest

from answer.meta import named, reply
from ingest.read import report_from_text

REPORTS = [
    report_from_text("# 港口年报 2024\n\n货运量增长了。\n", "a.md"),
    report_from_text("# Port review 2023\n\nFreight fell.\n", "b.md"),
]


@pytest.mark.parametrize(
    ("question", "language", "said"),
    [
        ("你好！", "zh", "你好！请问这些报告里的内容，每句回答都会指向原文。"),
        ("Thank you.", "en", "You are welcome."),
        ("有哪些报告？", "zh", "这里有 2 份报告：《港口年报 2024》、《Port review 2023》。"),
        ("Which reports are there?", "en", "There are 2 reports: 港口年报 2024; Port review 2023."),
        ("你好，货运量是多少？", "zh", ""),
        ("What can you do about falling freight?", "en", ""),
        ("有哪些报告提到货运量？", "zh", ""),
    ],
)
def test_only_whole_phrases_are_answered_by_the_assistant_itself(question: str, language: str, said: str) -> None:
    assert reply(question, language, REPORTS) == said


def test_an_empty_collection_says_so() -> None:
    assert reply("有哪些报告", "zh", []) == "还没有报告。"


@pytest.mark.parametrize(
    ("question", "paths"),
    [
        ("《港口年报 2024》讲了什么？", ("a.md",)),
        ("What is “Port Review 2023” about?", ("b.md",)),
        ('Compare "Port review 2023" with 《港口年报2024》', ("a.md", "b.md")),
        ("《港口年报》讲了什么？", ()),
        ("What does the port review say?", ()),
    ],
)
def test_a_quoted_title_names_its_report(question: str, paths: tuple[str, ...]) -> None:
    assert named(question, REPORTS) == paths
