"""Sentences that may answer, and how a table's row is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answer.candidates import (
    Candidate,
    answering_cell,
    as_asked,
    candidates,
    excerpt,
    is_header,
    readable,
    whole_list,
    with_items,
)
from answer.choose import worth_quoting
from answer.question import understand
from index.search import Search
from ingest.read import report_from_text
from records import Hit, Passage
from tests.answer.conftest import over
from text.tables import over_rows, row_at

TABLE = """# Annual report 2024

| Item | 2023 | 2024 |
| --- | ---: | ---: |
| Revenue | 4,310 | 5,020 |
| **Staff** | 120 | - |
|  | 7 | 8 |

After the table.
"""


def row(words: str) -> int:
    return TABLE.index(words)


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("Revenue |", "Revenue: 2023 4,310, 2024 5,020"),
        ("**Staff**", "Staff: 2023 120"),
        ("7 | 8", "2023 7, 2024 8"),
    ],
)
def test_a_row_is_read_with_its_header(words: str, read: str) -> None:
    report = report_from_text(TABLE, "a.md")
    assert readable(report, row(words), TABLE.index("\n", row(words)), "en") == read


def test_a_chinese_row_is_read_with_chinese_marks() -> None:
    text = "| 项目 | 2023 年 |\n| --- | --- |\n| 营业收入 | 4,310 |\n"
    start = text.index("营业收入")
    assert readable(report_from_text(text, "a.md"), start, text.index(" |\n", start), "zh") == "营业收入：2023 年 4,310"


QUARTERS = """（单位：万元）

| 项目 | 2024年第一季度 | 2024年第二季度 | 2023年第一季度 | 备注 |
| --- | ---: | ---: | ---: | --- |
| 1. 利润 | 31 | 42 | 27 | 未经审计 |
"""


@pytest.mark.parametrize(
    ("question", "read", "cell"),
    [
        ("2024年一季度利润多少", "1. 利润：2024年第一季度 31，备注 未经审计（单位：万元）", "31"),
        ("第二季度利润", "1. 利润：2024年第二季度 42，备注 未经审计（单位：万元）", "42"),
        ("FY23 profit?", "1. 利润：2023年第一季度 27，备注 未经审计（单位：万元）", "27"),
        ("2019年利润", None, None),
    ],
)
def test_a_row_tells_the_columns_that_are_asked_for(question: str, read: str | None, cell: str | None) -> None:
    report = report_from_text(QUARTERS, "quarters.md")
    start = QUARTERS.index("1. 利润")
    passage = Passage(0, report.id, 0, len(QUARTERS), (), None, "zh")
    row = Candidate(report, start, len(QUARTERS) - 3, "", Hit(passage, 1.0), 0, 0)
    whole = "1. 利润：2024年第一季度 31，2024年第二季度 42，2023年第一季度 27，备注 未经审计（单位：万元）"
    assert as_asked(row, understand(question)).text == (read or whole)
    label = (start, start + 5)
    found = answering_cell(row, label, understand(question))
    assert (QUARTERS[slice(*found)] if found else None) == cell


@pytest.mark.parametrize(
    ("question", "read"),
    [("staff in 2024?", "Staff: 2024 —"), ("staff?", "Staff: 2023 120"), ("staff 2023", "Staff: 2023 120")],
)
def test_an_empty_cell_is_told_where_its_year_is_asked_for(question: str, read: str) -> None:
    report = report_from_text(TABLE, "a.md")
    start, end = row("**Staff**"), TABLE.index("\n", row("**Staff**"))
    candidate = Candidate(report, start, end, "", Hit(Passage(0, report.id, 0, len(TABLE), (), None, "en"), 1.0), 0, 0)
    assert as_asked(candidate, understand(question)).text == read


def test_the_line_that_tells_a_tables_unit_is_not_quoted() -> None:
    def quoted(text: str, words: str) -> bool:
        report = report_from_text(text, "a.md")
        hit = Hit(Passage(0, report.id, 0, len(text), (), None, "zh"), 1.0)
        start = text.index(words)
        return worth_quoting(Candidate(report, start, start + len(words), words, hit, 0, 0))

    assert not quoted(QUARTERS, "（单位：万元）")
    assert quoted("填报单位：青石镇水务站\n\n全年供水 90 万吨。\n", "填报单位：青石镇水务站")


def test_a_header_is_known_as_one_and_is_none_of_its_own() -> None:
    assert over_rows(TABLE, row("**Staff**")) == ["| Item | 2023 | 2024 |"]
    assert is_header(TABLE, row("Item |"))
    assert not is_header(TABLE, row("Revenue |"))
    assert over_rows(TABLE, row("Item |")) == []
    assert over_rows(TABLE, row("After")) == []
    assert row_at(TABLE, row("Revenue |")) is not None
    assert row_at(TABLE, row("After")) is None


def test_what_is_read_begins_with_title_year_and_headings_and_a_split_tables_header(empty: Search) -> None:
    rows = "\n".join(f"| Item number {i} of the long table of the report | {i} |" for i in range(40))
    text = f"# Yearly figures\n\n## Money\n\n| What | How much |\n| --- | --- |\n{rows}\n"
    search = over(empty, {"figures-2024.md": text})
    hits = search.search("item number 39 of the table", 20)
    last = next(hit for hit in hits if "number 39 " in search.text(hit.passage))
    read = excerpt(search.report(last.passage.report_id), last)
    assert read.above.splitlines() == ["Yearly figures 2024 > Money", "| What | How much |"]
    assert [read.text[start:end] for start, end in read.sentences][
        -1
    ] == "Item number 39 of the long table of the report | 39"


def test_candidates_stand_in_the_order_of_what_is_read(network: Search) -> None:
    hits = network.search("contributing companies", 4)
    for found, hit in zip(candidates(network, hits), hits, strict=True):
        report = network.report(hit.passage.report_id)
        spans = excerpt(report, hit).sentences
        assert [(c.start - hit.passage.start, c.end - hit.passage.start) for c in found] == list(spans)


def test_an_announcement_takes_its_items_along(network: Search) -> None:
    hit = next(hit for hit in network.search("用户来自哪些行业", 4) if "金融" in network.text(hit.passage))
    announced = next(c for c in next(candidates(network, [hit])) if c.text.endswith("："))
    assert with_items(announced).text == "用户来自四个行业：金融；物流；媒体；电信。"


@given(st.lists(st.lists(st.text("ab1 |\\-", max_size=5), min_size=1, max_size=4), min_size=1, max_size=5))
def test_any_table_is_read(cells: list[list[str]]) -> None:
    text = "\n".join("| " + " | ".join(row) + " |" for row in cells)
    report = report_from_text(f"x\n\n{text}\n", "a.md")
    for line in range(len(report.text)):
        readable(report, line, min(line + 9, len(report.text)), "en")


LIST = "# Goals\n\nFor next year we plan:\n\n- More tests\n- Fewer bugs\n- A new site\n\nThat is all.\n"


@pytest.mark.parametrize("words", ["More tests", "Fewer bugs", "A new site", "For next year we plan:"])
def test_a_list_is_given_whole_under_its_lead_in(empty: Search, words: str) -> None:
    search = over(empty, {"goals.md": LIST})
    hit = next(hit for hit in search.search("tests bugs site", 3) if "Fewer" in search.text(hit.passage))
    item = next(c for c in next(candidates(search, [hit])) if c.text == words)
    listed = whole_list(item)
    assert listed.text == "For next year we plan: More tests; Fewer bugs; A new site."
    assert LIST[listed.start : listed.end].split("\n")[0] == "For next year we plan:"
    assert LIST[listed.start : listed.end].endswith("A new site")


def test_what_is_no_list_stays_as_it_is(empty: Search) -> None:
    search = over(empty, {"goals.md": LIST})
    sentence = next(
        c for f in candidates(search, search.search("That is all", 3)) for c in f if c.text == "That is all."
    )
    assert whole_list(sentence) == sentence
