from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import xlsxwriter
from openpyxl import Workbook

from ingest.office.numberformat import shown
from ingest.office.sheets import read_csv, read_xlsx
from ingest.written import Unreadable, Written
from records import told


def csv(text: str, name: str = "a.csv", encoding: str = "utf-8") -> str:
    return read_csv(text.encode(encoding), name).text


def xlsx(*sheets: Callable[[Any], None], name: str = "a.xlsx") -> Written:
    """What is read of a workbook; each function fills a sheet."""
    book = Workbook()
    for number, fill in enumerate(sheets):
        fill(book.active if not number else book.create_sheet())
    file = io.BytesIO()
    book.save(file)
    return read_xlsx(file.getvalue(), name)


def rows(*values: Sequence[Any]) -> Callable[[Any], None]:
    def fill(sheet: Any) -> None:
        for row in values:
            sheet.append(list(row))

    return fill


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_title_unit_and_notes_of_a_csv_are_lines_around_its_table(encoding: str) -> None:
    text = '分季度产量,,\n单位：万吨,,\n季度,产量,增长率\n一季度,"4,310",12.3%\n二季度,"4,500",\n注：未经审计的数据,,\n'
    written = read_csv(text.encode(encoding), "data/out_put.csv")
    assert written.text == (
        "分季度产量\n\n单位：万吨\n\n| 季度 | 产量 | 增长率 |\n| --- | --- | --- |\n"
        "| 一季度 | 4,310 | 12.3% |\n| 二季度 | 4,500 |  |\n\n注：未经审计的数据\n"
    )
    assert (written.about, written.pages, written.left_out) == ({"title": "分季度产量"}, (), ())


@pytest.mark.parametrize(
    "text",
    [
        "name,value\nA,1\nB,2\n",
        "name;value\nA;1\nB;2\n",
        "name\tvalue\nA\t1\nB\t2\n",
        "name|value\nA|1\nB|2\n",
        "name, value\nA, 1\nB, 2\n",
        '"name";"value"\r\n"A";"1"\r\n"B";"2"\r\n',
        "sep=;\nname;value\nA;1\nB;2\n",
        ",,\nname,value,\nA,1,\nB,2\n",
    ],
)
def test_whatever_parts_the_cells_they_are_the_same(text: str) -> None:
    assert csv(text) == "| name | value |\n| --- | --- |\n| A | 1 |\n| B | 2 |\n"


def test_decimal_commas_are_no_delimiters() -> None:
    assert "| Nord | 1,5 | 2,5 |" in csv("Region;2022;2023\nNord;1,5;2,5\nSud;3,5;4,5\n")


def test_commas_of_sentences_are_no_delimiters() -> None:
    text = "Comment\nGood, but slow\nSlow, really, slow\nNice\n"
    assert csv(text) == "Comment\n\nGood, but slow\n\nSlow, really, slow\n\nNice\n"


def test_a_single_column_of_figures_stands_under_its_name() -> None:
    assert csv("Visitors\n31\n42\n") == "| Visitors |\n| --- |\n| 31 |\n| 42 |\n"


def test_quoted_cells_may_hold_delimiters_line_breaks_and_bars() -> None:
    assert csv('a,b\n"x, y","one\ntwo"\nz,p|q\n').endswith("| x, y | one two |\n| z | p\\|q |\n")


def test_a_quotation_mark_that_is_never_closed_swallows_nothing() -> None:
    assert csv('size,price\n1,"x\n2,4\n3,5\n').endswith("| 1 | x |\n| 2 | 4 |\n| 3 | 5 |\n")
    assert '| 5" pipe | 4 |' in csv('item,price\n5" pipe,4\nvalve,6\n')


def test_figures_are_as_they_were_written() -> None:
    text = csv("项目,值\n甲,007\n乙,1.50\n丙,-3e-5\n丁,(12)\n")
    assert [line for line in text.split("\n") if "0" in line or "12" in line or "e-5" in line] == [
        "| 甲 | 007 |",
        "| 乙 | 1.50 |",
        "| 丙 | -3e-5 |",
        "| 丁 | (12) |",
    ]


def test_a_row_of_years_above_the_names_is_part_of_the_header() -> None:
    text = csv("项目,2023年,,2022年,\n,金额,占比,金额,占比\n收入,5,10%,4,9%\n")
    assert text.startswith("| 项目 | 2023年 金额 | 2023年 占比 | 2022年 金额 | 2022年 占比 |\n")


def test_a_row_of_units_below_the_names_is_part_of_the_header() -> None:
    assert csv("项目,收入,增长率\n,万元,%\n甲,5,3\n").startswith("| 项目 | 收入 万元 | 增长率 % |\n| ---")


def test_the_first_row_of_figures_is_no_header() -> None:
    assert csv("甲,12,3\n乙,14,5\n") == "|  |  |  |\n| --- | --- | --- |\n| 甲 | 12 | 3 |\n| 乙 | 14 | 5 |\n"


def test_pairs_of_names_and_values_have_no_header() -> None:
    text = csv("公司名称,星河数据\n成立日期,2001-01-01\n员工,300\n")
    assert text.startswith("|  |  |\n| --- | --- |\n| 公司名称 | 星河数据 |\n")
    assert csv("指标,数值（万元）\n收入,5\n状态,良好\n").startswith("| 指标 | 数值（万元） |\n| ---")


def test_blank_rows_part_tables() -> None:
    text = csv("Region,Revenue\nNorth,4.3\n\nTeam,Staff\nField,12\n")
    assert (
        text
        == "| Region | Revenue |\n| --- | --- |\n| North | 4.3 |\n\n| Team | Staff |\n| --- | --- |\n| Field | 12 |\n"
    )


def test_a_table_goes_on_under_its_header_after_a_blank_row_only_where_it_fills_the_columns() -> None:
    text = csv("科目,期末,期初\n\n资产,5,4\n\n权益,2,2\n\n员工,120\n")
    assert text.count("| 科目 | 期末 | 期初 |") == 2
    assert text.endswith("|  |  |\n| --- | --- |\n| 员工 | 120 |\n")


def test_what_stands_above_the_names_is_no_header() -> None:
    text = csv("编制单位：海风公司,,2022年12月31日,单位：元\n资产,期末数,期初数,附注\n现金,12,10,一\n")
    assert text.startswith("编制单位：海风公司 2022年12月31日 单位：元\n\n| 资产 | 期末数 | 期初数 | 附注 |\n")
    assert csv("报告期,2023,,\n产品,一季,二季,三季\n甲,1,2,3\n").startswith("报告期 2023\n\n| 产品 | 一季 |")


def test_a_line_that_begins_like_a_heading_is_none() -> None:
    assert csv("# of users by region\n\nRegion,Users\nNorth,4\n").startswith("\\# of users by region\n\n| Region")


def test_a_file_is_its_own_title_where_no_row_is_one() -> None:
    assert read_csv(b"a,b\n1,2\n", "x/sales_2023.csv").about == {"title": "sales 2023"}


def test_a_long_csv_is_cut_and_says_so() -> None:
    written = read_csv(b"a,b\n" + b"1,2\n" * 200_000, "a.csv")
    assert written.text.count("\n") == 50_001
    assert written.left_out == ("only the first 50,000 rows were read",)


def test_a_binary_csv_cannot_be_read() -> None:
    with pytest.raises(Unreadable, match=r"a\.csv"):
        read_csv(b"a,b\n\x00\x01\x02,4\n" * 9, "a.csv")


def income(sheet: Any) -> None:
    sheet.title = "利润表"
    rows(
        ["2023年度利润表"],
        [None, None, None, None, "单位：万元"],
        ["项目", "2023年", None, "2022年", None],
        [None, "本部", "子公司", "本部", "子公司"],
        ["一、主要业务"],
        ["产品销售", 4310, 0.1 + 0.2, -12, 0.123],
        ["更新时间", datetime(2023, 6, 1), "#DIV/0!", 12345678901234, True],
    )(sheet)
    for cell, code in {"B6": "#,##0", "D6": "#,##0;[Red]#,##0", "E6": "0.0%", "B7": "yyyy-mm-dd"}.items():
        sheet[cell].number_format = code
    for area in ("A1:E1", "A3:A4", "B3:C3", "D3:E3", "A5:E5"):
        sheet.merge_cells(area)


def test_a_sheet_reads_as_it_is_seen() -> None:
    assert xlsx(income) == Written(
        "## 利润表\n\n2023年度利润表\n\n单位：万元\n\n"
        "| 项目 | 2023年 本部 | 2023年 子公司 | 2022年 本部 | 2022年 子公司 |\n| --- | --- | --- | --- | --- |\n"
        "| 一、主要业务 |  |  |  |  |\n| 产品销售 | 4,310 | 0.3 | -12 | 12.3% |\n"
        "| 更新时间 | 2023-06-01 |  | 12345678901234 | TRUE |\n",
        about={"title": "2023年度利润表"},
    )


def test_a_cell_merged_over_rows_names_each_of_them() -> None:
    def fill(sheet: Any) -> None:
        rows(["大区", "城市", "门店"], ["东部", "甲城", 3], [None, "乙城", 4])(sheet)
        sheet.merge_cells("A2:A3")

    assert "| 东部 | 甲城 | 3 |\n| 东部 | 乙城 | 4 |" in xlsx(fill).text


def test_each_sheet_is_a_section_and_a_lone_one_without_a_name_is_none() -> None:
    table = rows(["Item", "2023"], ["Sales", 5])
    assert xlsx(table).text == "| Item | 2023 |\n| --- | --- |\n| Sales | 5 |\n"
    assert xlsx(table, table).text.count("## Sheet") == 2


def test_what_is_hidden_is_left_out_and_said() -> None:
    def fill(sheet: Any) -> None:
        sheet.title = "Public"
        rows(["Item", "2023", "Secret"], ["Sales", 5, 901], ["Bribes", 902, 903], ["Costs", 4, 904])(sheet)
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["C"].hidden = True

    def hide(sheet: Any) -> None:
        rows(["Draft", 905])(sheet)
        sheet.title, sheet.sheet_state = "Draft", "hidden"

    written = xlsx(fill, hide)
    assert written.text == "## Public\n\n| Item | 2023 |\n| --- | --- |\n| Sales | 5 |\n| Costs | 4 |\n"
    assert written.left_out == (
        "sheet 'Draft' is hidden",
        "sheet 'Public': hidden rows: 1",
        "sheet 'Public': hidden columns: 1",
    )
    assert [told(one).chinese for one in written.left_out] == [
        "工作表“Draft”已隐藏",
        "工作表“Public”：有 1 行已隐藏",
        "工作表“Public”：有 1 列已隐藏",
    ]


def test_a_formula_without_a_value_is_an_empty_cell_and_said() -> None:
    written = xlsx(rows(["Item", "2023"], ["Sales", 5], ["Twice", "=B2*2"], ["Costs", 3]))
    assert "| Twice |  |" in written.text
    assert written.left_out == ("formulas without a computed value: 1; open the workbook in its program and save it",)


def test_a_formula_that_is_to_be_computed_anew_has_no_value_yet() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row("A1", ["Item", "2023"])
        sheet.write_row("A2", ["Sales", 5])
        sheet.write("A3", "Twice")
        sheet.write_formula("B3", "=B2*2")
        sheet.write("A4", "Half")
        sheet.write_formula("B4", "=B2/2", None, 2.5)
    written = read_xlsx(file.getvalue(), "a.xlsx")
    assert "| Twice |  |\n| Half | 2.5 |\n" in written.text
    assert written.left_out[0].startswith("formulas without a computed value: 1;")


def test_a_very_large_workbook_is_read_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.office.sheets._LARGE_BYTES", 0)
    monkeypatch.setattr("ingest.office.sheets._MOST_ROWS", 7)
    written = xlsx(income)
    assert "| 项目 | 2023年 本部 | 2023年 子公司 | 2022年 本部 | 2022年 子公司 |" in written.text
    assert "| 产品销售 | 4,310 | 0.3 | -12 | 12.3% |" in written.text
    assert "merged and hidden cells were read like all others" in written.left_out[0]
    written = xlsx(rows(("a", "b"), *[("x", n) for n in range(99)]))
    assert written.left_out[1] == "sheet 'Sheet': only the first 7 rows were read"


def test_tables_beside_one_another_are_two() -> None:
    text = xlsx(
        rows(["部门", "人数", None, "地区", "门店"], ["研发", 12, None, "东部", 3], ["销售", 30, None, "西部", 4])
    ).text
    assert text == (
        "| 部门 | 人数 |\n| --- | --- |\n| 研发 | 12 |\n| 销售 | 30 |\n\n"
        "| 地区 | 门店 |\n| --- | --- |\n| 东部 | 3 |\n| 西部 | 4 |\n"
    )


def test_a_blank_column_between_figures_parts_no_table() -> None:
    assert (
        "| Sales | 5 | 4 |"
        in xlsx(rows(["Item", "2023", None, "2022"], ["Sales", 5, None, 4], ["Costs", 3, None, 2])).text
    )


def test_the_unit_in_the_corner_of_a_table_stands_above_it() -> None:
    text = xlsx(rows(["(in millions)", "2023", "2022"], ["Cloud", 4.5, 3.2])).text
    assert text == "(in millions)\n\n|  | 2023 | 2022 |\n| --- | --- | --- |\n| Cloud | 4.5 | 3.2 |\n"


def test_numbers_that_are_years_may_head_columns() -> None:
    assert xlsx(rows(["项目", 2023, 2022], ["收入", 5, 4])).text.startswith("| 项目 | 2023 | 2022 |\n| ---")


def test_a_cell_far_away_costs_nothing() -> None:
    def fill(sheet: Any) -> None:
        rows(["Item", "2023"], ["Sales", 5])(sheet)
        sheet["XFD1048576"] = "far"

    assert xlsx(fill).text == "| Item | 2023 |\n| --- | --- |\n| Sales | 5 |\n\nfar\n"


@pytest.mark.parametrize("data", [b"\xd0\xcf\x11\xe0" + b"\0" * 600, b"PK\x03\x04 and no more", b"words"])
def test_no_workbook_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(Unreadable, match=r"^a\.xlsx: .*(Save it|save it)"):
        read_xlsx(data, "a.xlsx")


def test_a_zip_without_a_workbook_is_none() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        parts.writestr("a.txt", "words")
    with pytest.raises(Unreadable, match="no whole XLSX file"):
        read_xlsx(file.getvalue(), "a.xlsx")


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts, parts.open("xl/worksheets/sheet1.xml", "w") as part:
        for _ in range(201):
            part.write(bytes(2**20))
    with pytest.raises(Unreadable, match="201 MiB when unpacked"):
        read_xlsx(file.getvalue(), "a.xlsx")


@pytest.mark.parametrize(
    ("value", "code", "seen"),
    [
        (0.1234, "0.0%", "12.3%"),
        (4310, "#,##0", "4,310"),
        (2.675, "0.00", "2.68"),
        (4310, '"¥"#,##0', "¥4,310"),
        (1234.5, "[$¥-804]#,##0.00", "¥1,234.50"),
        (-1234, "$#,##0", "-$1,234"),
        (-5, "#,##0_);(#,##0)", "(5)"),
        (-5, "#,##0;[Red]#,##0", "-5"),
        (-0.0001, "0.0", "0.0"),
        (0, '_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-;_-@_-', "-"),
        (0, "#,###", ""),
        (5, ";;;", ""),
        (43100, '0!.0,"万"', "4.3万"),
        (99, '[>=10000]0!.0,"万";0', "99"),
        (-7, '[>=10000]0!.0,"万";0', "-7"),
        (1234567, '0.0,,"M"', "1.2M"),
        (0.5, "#.00", "0.50"),
        (2, "0.##", "2"),
        (5, "000", "005"),
        (12.5, 'General"元"', "12.5元"),
        (123456, "0.00E+00", "123456"),
        (0.5, "# ?/?", "0.5"),
        (0.1 + 0.2, "General", "0.3"),
        (12345678901234567890, "General", "12345678901234567890"),
        (1.5e-7, "General", "0.00000015"),
        (float("nan"), "0", ""),
        (datetime(2023, 6, 1), 'yyyy"年"m"月"', "2023-06"),
        (datetime(2023, 6, 1, 9, 30), "yyyy/m/d h:mm", "2023-06-01 09:30"),
        (datetime(2023, 6, 1), "yyyy", "2023"),
        (date(2023, 6, 1), "mm-dd-yy", "2023-06-01"),
        (time(9, 5), "h:mm", "09:05"),
        (timedelta(hours=30, minutes=5), "[h]:mm:ss", "30:05:00"),
        (45078.0, "yyyy-mm", "2023-06"),
    ],
)
def test_a_value_shows_as_its_number_format_writes_it(value: object, code: str, seen: str) -> None:
    assert shown(value, code) == seen


def test_two_sides_of_a_balance_sheet_are_two_tables() -> None:
    rows = [
        "资产,期末,期初,负债,期末,期初",
        "货币资金,100,90,短期借款,50,40",
        "存货,70,65,应付账款,30,35",
        "资产总计,170,155,负债合计,80,75",
    ]
    text = read_csv("\n".join(rows).encode(), "r.csv").text
    assert "| 短期借款 | 50 | 40 |" in text.splitlines()
    assert text.count("| 期末 | 期初 |\n") == 2


def test_names_that_repeat_over_figures_alone_are_one_table() -> None:
    rows = ["地区,收入,利润,收入,收入,利润", "北,1,2,3,4,5", "南,6,7,8,9,10"]
    assert read_csv("\n".join(rows).encode(), "r.csv").text.count("---") == 6
