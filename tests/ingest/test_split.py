import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.read import report_from_text
from ingest.split import split
from records import Passage, Report
from text.language import weight
from text.markdown import plain

LINES = st.lists(
    st.sampled_from(
        [
            "# One\n",
            "## Two\n",
            "\n",
            "A sentence. Another one.\n",
            "增长了 12.3%。" * 12 + "\n",
            "- item: x\n",
            "趋势一:网络\n",
            "| a | b |\n",
            "**Bold**\n",
            "word " * 60 + ".\n",
            "<!-- c -->\n",
            "Edit this page\n",
            "Under\n---\n",
            "```\ncode\n```\n",
        ]
    ),
    max_size=30,
).map("".join)


def texts(report: Report, size: int = 900) -> list[str]:
    return [report.text[p.start : p.end] for p in split(report, size)]


@settings(deadline=None)
@given(LINES, st.sampled_from(["a.md", "a.txt"]), st.integers(50, 400))
def test_passages_are_apart_in_order_and_hold_every_word_of_the_body(text: str, path: str, size: int) -> None:
    report = report_from_text(text, path)
    passages = split(report, size)
    assert [p.id for p in passages] == list(range(len(passages)))
    assert all(a.end <= b.start for a, b in itertools.pairwise(passages))
    found = [text[p.start : p.end] for p in passages]
    assert all(piece == piece.strip() and piece for piece in found)
    assert "".join(found).count("Another one.") == text.count("Another one.")
    assert "Edit this page" not in "".join(found)


@settings(deadline=None)
@given(LINES, st.integers(100, 400))
def test_only_single_sentences_exceed_the_size(text: str, size: int) -> None:
    for piece in texts(report_from_text(text, "a.md"), size):
        assert weight(piece) <= size or piece.count(". ") <= 1


def test_one_short_paragraph_is_one_passage() -> None:
    text = "它成立于1999年。总部在北京。" * 20
    (passage,) = split(report_from_text(text, "p-1.txt"), 900)
    assert (passage.start, passage.end, passage.headings) == (0, len(text), ())


def test_headings_nest_and_body_comes_first() -> None:
    report = report_from_text(
        "# A\n\nOne.\n\n## B\n\nTwo.\n\nSetext\n------\n\nThree.\n\n**Bold**\n\nFour.\n\n# C\nFive.\n", "a.md"
    )
    assert [(p.headings, report.text[p.start : p.end]) for p in split(report, 900)] == [
        (("A",), "One."),
        (("A", "B"), "Two."),
        (("A", "Setext"), "Three."),
        (("A", "Setext", "Bold"), "Four."),
        (("C",), "Five."),
    ]


def test_a_heading_without_body_is_carried_to_the_next() -> None:
    report = report_from_text("## A\n\n## B\n\nText.\n", "a.md")
    assert [p.headings for p in split(report, 900)] == [("A", "B")]


def test_headings_alone_are_a_passage() -> None:
    assert texts(report_from_text("# Only a title\n", "a.md")) == ["# Only a title"]


def test_titles_of_plain_text() -> None:
    body = "基础设施正在走向统一，传统的虚拟化负载正在被纳入管理体系中。"
    report = report_from_text(
        f"年度报告洞察\n\n{body}\n\n趋势一:AI 的网络化\n\n{body}\n\n第二段没有句号\n\n总结\n\n{body}", "a.txt"
    )
    assert [p.headings for p in split(report, 900)][::2] == [("年度报告洞察",), ("年度报告洞察", "总结")]
    assert split(report, 900)[1].headings == ("年度报告洞察", "趋势一:AI 的网络化")


def test_the_line_that_introduces_a_list_stays_with_it() -> None:
    report = report_from_text("Filler sentence here. " * 4 + "\n\nWe expect:\n\n- one thing\n- two things\n", "a.md")
    assert texts(report, 100)[-1].startswith("We expect:\n\n- one thing")


def test_no_passage_reaches_across_what_is_left_out() -> None:
    report = report_from_text("One.\n\nShare on Twitter\n\nTwo.\n\n![i](i.png)\n\nThree.\n", "a.md")
    assert [plain(text).split() for text in texts(report)] == [["One."], ["Two.", "Three."]]


def test_size_counts_chinese_characters_more() -> None:
    report = report_from_text("增长了百分之五十。" * 100, "a.txt")
    assert max(len(text) for text in texts(report)) == 360
    assert weight("增长ab") == 7


def test_pages_and_languages() -> None:
    report = Report("i", "a.pdf", "", "", "", "", "en", "", "English here.\n\n中文在第二页。\n", (0, 15))
    found = [(p.page, p.language) for p in split(report, 15)]
    assert found == [(1, "en"), (2, "zh")]


@pytest.mark.parametrize("text", ["", "   \n", "---\n"])
def test_nothing_gives_no_passage(text: str) -> None:
    empty: list[Passage] = []
    assert split(report_from_text(text, "a.md"), 900) == empty


def test_of_a_list_that_tells_of_one_thing_after_the_other_each_is_a_passage() -> None:
    halls = "- Tulip hall\n  - Size: 80\n  - Fee: 150\n- Orchid hall\n  - Size: 220\n"
    text = f"# Halls\n\nThe halls are:\n\n{halls}\nThe end.\n"
    report = report_from_text(text, "a.md")
    assert [(p.headings, report.text[p.start : p.end]) for p in split(report, 900)] == [
        (("Halls",), "The halls are:\n\n- Tulip hall\n  - Size: 80\n  - Fee: 150"),
        (("Halls",), "- Orchid hall\n  - Size: 220\n\nThe end."),
    ]


def test_a_passage_that_goes_on_with_a_list_carries_what_its_items_are_under() -> None:
    items = "".join(f"  - item {number} with some words of its own\n" for number in range(9))
    report = report_from_text(f"- Orchid hall\n{items}", "a.md")
    first, second, *_ = split(report, 150)
    assert (first.headings, second.headings) == ((), ("Orchid hall",))
