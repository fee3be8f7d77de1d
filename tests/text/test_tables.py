"""Tables: rows, cells, names of columns, captions and units, where they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.tables import (
    is_figure,
    is_period,
    is_unit,
    label_column,
    over_rows,
    row_at,
    row_names,
    section_of,
    table_at,
    tables,
    words,
)

TWO_HEADERS = """表 3 经营情况

（单位：万元）

| 项目 | 2023年 |  | 2022年 |  |
| --- | ---: | ---: | ---: | ---: |
|  | 金额 | 占比 | 金额 | 占比 |
| 营业收入 | 4,812 | 100% | 4,310 | 100% |
| 研发费用 | 615 |  | 498 | 11.6% |

表后的一段话。
"""


def cells(text: str, at: str) -> list[str]:
    found = row_at(text, text.index(at))
    assert found is not None
    return [words(text, cell) for cell in found[1].cells]


def test_two_rows_of_headers_name_each_column() -> None:
    (table,) = tables(TWO_HEADERS)
    assert table.names == ("项目", "2023年 金额", "2023年 占比", "2022年 金额", "2022年 占比")
    assert [TWO_HEADERS[row.start : row.end] for row in table.rows] == [
        "营业收入 | 4,812 | 100% | 4,310 | 100%",
        "研发费用 | 615 |  | 498 | 11.6%",
    ]


def test_an_empty_cell_stays_where_it_is() -> None:
    assert cells(TWO_HEADERS, "研发费用") == ["研发费用", "615", "", "498", "11.6%"]


def test_the_lines_above_name_a_table_and_its_unit() -> None:
    (table,) = tables(TWO_HEADERS)
    assert table.caption is not None
    assert TWO_HEADERS[slice(*table.caption)] == "表 3 经营情况\n\n（单位：万元）"
    assert table.unit == "万元"
    assert over_rows(TWO_HEADERS, TWO_HEADERS.index("研发费用")) == [
        "表 3 经营情况 （单位：万元）",
        "| 项目 | 2023年 金额 | 2023年 占比 | 2022年 金额 | 2022年 占比 |",
    ]


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("单位：亿元 币种：人民币", "亿元"),
        ("（单位:平方米）", "平方米"),
        ("Revenue by segment (in millions of euros)", "in millions of euros"),
        ("Consolidated figures (USD million)", "USD million"),
        ("Staff (Unit: people)", "people"),
        ("Units: t CO2", "t CO2"),
        ("Table 7. Members", ""),
    ],
)
def test_units_are_read_from_the_line_above(line: str, unit: str) -> None:
    (table,) = tables(f"{line}\n\n| a | b |\n| - | - |\n| c | 1 |\n")
    assert table.unit == unit


def test_a_paragraph_above_a_table_is_no_caption() -> None:
    (table,) = tables("Sales rose in every region last year.\n\n| a | b |\n| - | - |\n| c | 1 |\n")
    assert table.caption is None


def test_figures_under_a_header_with_gaps_are_no_header() -> None:
    text = "| Region | Sales |  |\n| --- | --- | --- |\n|  | 12 | 14 |\n"
    (table,) = tables(text)
    assert table.names == ("Region", "Sales", "")
    assert len(table.rows) == 1


def test_a_table_without_a_rule_has_no_header() -> None:
    (table,) = tables("| a | 1 |\n| b | 2 |\n")
    assert table.headers == ()
    assert table.names == ("", "")
    assert len(table.rows) == 2


def test_rows_stand_under_the_section_above_them() -> None:
    text = """| 项目 | 金额 | 占比 |
| --- | ---: | ---: |
| 合计 | 9 | 100% |
| 2023年 | 2023年 | 2023年 |
| 净利润 | 5 | 50% |
| 负债： |  |  |
| 借款 | 2 |  |
| 应付 |  |  |
"""
    (table,) = tables(text)
    assert [section_of(text, table, row) for row in table.rows] == ["", "", "2023年", "", "负债", "负债"]


def test_ranks_do_not_name_rows() -> None:
    text = "| No. | City | Staff |\n|---|---|---|\n| 1 | Lyon | 12 |\n| 2 | Brest | 9 |\n"
    assert label_column(text, tables(text)[0]) == 1


def test_a_place_in_the_header_has_a_table_and_no_row() -> None:
    found = table_at(TWO_HEADERS, TWO_HEADERS.index("占比"))
    assert found is not None
    assert found[1] is None
    assert table_at(TWO_HEADERS, TWO_HEADERS.index("表后")) is None


WORDS = st.text("ab1年,.\\| ", max_size=8).map(lambda cell: cell.replace("\\", "").replace("|", "\\|").strip())


@given(st.lists(st.lists(WORDS, min_size=3, max_size=3), min_size=1, max_size=6), st.sampled_from(["", "Above.\n\n"]))
def test_every_cell_lies_where_it_stands(rows: list[list[str]], before: str) -> None:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    text = before + "\n".join(["| x | y | z |", "|---|---|---|", *lines]) + "\n\nAfter.\n"
    (table,) = tables(text)
    assert [[text[slice(*cell)] for cell in row.cells] for row in table.rows] == rows


@pytest.mark.parametrize(
    "cell",
    "2023,2023年,2023年末,2023 年度,FY2023,2023A,2022/23,2023-06,2023年6月30日,2023 年 6 月,202306,20230630,Q3,Q3 2023"
    ",2023 Q3,H1,6月,1-6月".split(","),
)
def test_a_period_may_name_a_column_and_is_no_figure(cell: str) -> None:
    assert is_period(cell)
    assert not is_figure(cell)


@pytest.mark.parametrize("cell", ["4,310", "20235", "-12.3%", "(5)", "¥1.2亿", "300 人", "4.3bn", "８.1％", "12.5 ％"])
def test_a_number_with_its_unit_is_a_figure(cell: str) -> None:
    assert is_figure(cell)
    assert not is_period(cell)


@pytest.mark.parametrize("cell", ["", "-", "营业收入", "2023年年度报告", "Top 10", "IPv6"])
def test_names_are_neither(cell: str) -> None:
    assert not is_figure(cell)
    assert not is_period(cell)


def test_a_line_may_say_the_unit() -> None:
    assert all(map(is_unit, ("单位：万元", "（货币单位: 元）", "(in millions)", "USD thousands", "Unit: t")))
    assert not any(map(is_unit, ("编制单位", "In 2023 it grew", "united")))


DATES = "31.12.2024|31/12/2024|31 December 2024|Dec. 31, 2024|Dec-24|FY24|2022/2023|2024年1-6月|6月30日|1Q24|2024F"


@pytest.mark.parametrize("period", DATES.split("|"))
def test_dates_and_short_years_name_columns(period: str) -> None:
    assert is_period(period)
    assert not is_figure(period)


@pytest.mark.parametrize("figure", ["12.5", "1,204", "31", "1 204 118", "(4.1)", "10.5.3"])
def test_figures_are_no_dates(figure: str) -> None:
    assert is_figure(figure)


def test_under_an_empty_header_names_over_figures_are_the_header() -> None:
    text = "|  |  |  |\n|---|---|---|\n| 电站 | 1月 | 2月 |\n| 石门 | 310 | 280 |\n| 柳溪 | 120 | 118 |\n"
    (table,) = tables(text)
    assert table.names == ("电站", "1月", "2月")
    assert len(table.rows) == 2


@pytest.mark.parametrize(
    "text",
    [
        "| | |\n|---|---|\n| Founded | 1974 |\n| Employees | 2,310 |\n",
        "| | | | |\n|---|---|---|---|\n| 公司 | 青岭 | 法人 | 周立 |\n| 资本 | 3 | 员工 | 1,204 |\n",
    ],
)
def test_names_beside_their_values_are_no_header(text: str) -> None:
    (table,) = tables(text)
    assert not any(table.names)


def test_rows_that_are_called_alike_are_told_apart_by_the_name_above_them() -> None:
    gaps = (
        "| Site | Item | 2024 |\n|---|---|---|\n| Leeds | Power | 388 |\n|  | Water | 1,190 |\n"
        "| Hull | Power | 231 |\n|  | Water | 602 |\n|  | Total | 9 |\n"
    )
    alone = "| Item | 2024 |\n|---|---|\n| Leeds |  |\n| Power | 388 |\n| Hull |  |\n| Power | 231 |\n| Total | 619 |\n"
    for text, wanted in ((gaps, ["", "Leeds", "", "Hull", ""]), (alone, ["", "Leeds", "", "Hull", ""])):
        (table,) = tables(text)
        assert [section_of(text, table, row) for row in table.rows] == wanted
    assert row_names(gaps, 0) == ("Leeds", "Leeds", "Hull", "Hull", "")


def test_a_table_inside_a_lists_item_is_named_by_it() -> None:
    table = "  | 指标 | 2024 |\n  | --- | --- |\n  | 事故 | 9 |\n"
    text = f"- 一厂\n\n{table}\n- 二厂\n\n{table}"
    assert over_rows(text, text.rindex("事故")) == ["二厂", "| 指标 | 2024 |"]


def test_a_table_that_goes_on_keeps_its_unit() -> None:
    text = (
        "表 1 指标（单位：万元）\n\n| 项目 | 2024年 |\n|---|---|\n| 收入 | 60,118 |\n\n"
        "续表 1\n\n| 项目 | 2024年 |\n|---|---|\n| 净利润 | 5,902 |\n"
    )
    assert [table.unit for table in tables(text)] == ["万元", "万元"]


def test_who_drew_a_table_up_is_not_its_unit() -> None:
    text = "编制单位：青岭水务 单位：元 币种：人民币\n\n| 项目 | 2024年 |\n|---|---|\n| 收入 | 60,118 |\n"
    assert tables(text)[0].unit == "元"


def test_the_other_side_of_a_table_has_its_unit_too() -> None:
    text = (
        "单位：元\n\n| 资产 | 期末 |\n|---|---|\n| 货币资金 | 100 |\n\n| 负债 | 期末 |\n|---|---|\n| 借款 | 50 |\n\n"
        "| 人员 | 人数 |\n|---|---|\n| 研发 | 5 |\n"
    )
    assert [table.unit for table in tables(text)] == ["元", "元", ""]


@pytest.mark.parametrize(
    ("second", "below", "names"),
    [
        ("|  | t | MWh |", "| Bern | 3,300 | 640 |", ("Plant", "Output t", "Energy MWh")),
        ("|  | 万立方米 | m3 |", "| Bern | open | 640 |", ("Plant", "Output", "Energy")),
        ("|  | old | new |", "| Bern | old | 640 |", ("Plant", "Output", "Energy")),
        ("| Bonn | t | MWh |", "| Bern | 3,300 | 640 |", ("Plant", "Output", "Energy")),
    ],
)
def test_a_second_row_of_units_is_of_the_header(second: str, below: str, names: tuple[str, ...]) -> None:
    (table,) = tables(f"| Plant | Output | Energy |\n| --- | --- | --- |\n{second}\n| Basel | 5,100 | 820 |\n{below}\n")
    assert table.names == names


@pytest.mark.parametrize("cell", ["27座", "1,430 公里", "12.5万平方米", "3 份", "8间"])
def test_a_number_with_its_measure_is_a_figure(cell: str) -> None:
    assert is_figure(cell)
