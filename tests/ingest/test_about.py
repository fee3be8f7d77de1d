import os
from pathlib import Path

import pytest

from ingest.about import front_matter, sidecar_of
from ingest.library import read_new, scan
from ingest.period import period_named, period_of, series_of
from ingest.read import read, report_from_text
from records import told

BODY = "The harbour moved more freight than ever before, and it says so in many words.\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "---\ntitle: A\ntags:\n- x\nauthors:\n  - name: B\n  - name: C\ndate: 2024-05-01 # when\nx: |\n  a\n---\n",
            {"title": "A", "publisher": "B, C", "published": "2024-05-01"},
        ),
        ("---\ntitle: A\ntitle: B\n---\n", {"title": "B"}),
        ("---\ntitle: Review: ports\nlayout:\tpost\n---\n", {"title": "Review: ports"}),
        ("\ufeff\n---\ntitle: A\n---\n", {"title": "A"}),
        ("---\n# made by hand\nTitle: A\n---\n", {"title": "A"}),
        ("---\n标题: 港口年报\n发布机构: 某港务局\n---\n", {"title": "港口年报", "publisher": "某港务局"}),
        ("+++\ntitle = 'K'\ndate = 2024-05-02\n[params]\na = 1\n+++\n", {"title": "K", "published": "2024-05-02"}),
        ("+++\ntitle = not quoted\n+++\n", {"title": "not quoted"}),
        ('{\n"title": "J", "date": "2024"}\n\n', {"title": "J", "published": "2024"}),
        ("---\ntitle: A\n...\n", {"title": "A"}),
        ("Title: A\nAuthor: B\nDate: 2024-05-01\n\n", {"title": "A", "publisher": "B", "published": "2024-05-01"}),
        ("标题：港口年报\n发布机构：某港务局\n\n", {"title": "港口年报", "publisher": "某港务局"}),
        ("---\n---\n", {}),
    ],
)
def test_front_matter_is_read_in_every_shape_and_is_no_part_of_the_report(text: str, said: dict[str, str]) -> None:
    assert front_matter(f"{text}{BODY}") == said
    report = report_from_text(f"{text}{BODY}", "a.md")
    assert report.text.endswith(BODY)
    assert report.title == said.get("title", "a")


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nA rule stands above.\n\n---\n\nMore.\n",
        "---\nImportant: the plant closed in 2023.\n---\nMore.\n",
        "---\nNote: a paragraph.\n\nWe saw many ships.\n---\n",
        "---\n# A heading\n\nWords below it.\n---\n",
        "---\nhttps://example.org/a\n---\n",
        '{"rows": 1}\nMore.\n',
        "Title: fee\nAmount: 12 pounds\n\nMore.\n",
    ],
)
def test_what_stands_between_rules_is_no_front_matter(text: str) -> None:
    assert front_matter(text) == {}


@pytest.mark.parametrize("shape", ["---\ntitle: {}\n---\n", "+++\ntitle = {}\n+++\n", '{{"title": {}\n'])
@pytest.mark.parametrize("deep", ["[" * 5000, "[a," * 5000, "{a: " * 5000])
def test_deep_nesting_is_read_without_an_error(shape: str, deep: str) -> None:
    text = shape.format(deep) + BODY
    assert report_from_text(text, "a.md").text == text


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("import { a } from 'b'\n\n# Harbour review\n\n" + BODY, "Harbour review"),
        ("# ![logo](logo.png)\n\n# Harbour review\n\n" + BODY, "Harbour review"),
        ("{{< toc >}}\n\n## Harbour review\n\n" + BODY, "Harbour review"),
        ("# 目录\n\n- 一\n\n# 港口回顾\n\n正文在这里。\n", "港口回顾"),
        ("# Contents\n\n# Harbour review\n\n" + BODY, "Harbour review"),
        ("# 2023\n\n" + BODY, "my file"),
        ("# https://example.org/a\n\n" + BODY, "my file"),
        ("| Port | Tons |\n| --- | --- |\n| North | 5 |\n", "my file"),
        ("---\n\n" + BODY, "my file"),
        ("const a = 1;\n\n" + BODY, "my file"),
        (f"# {'The harbour is long ' * 12}\n\n{BODY}", "my file"),
        ("---\ntitle: Untitled\n---\n# Harbour review\n\n" + BODY, "Harbour review"),
        ("---\ntitle: Microsoft Word - Harbour review.docx\n---\n" + BODY, "Harbour review"),
        ("# 使用 C#\n\n正文在这里。\n", "使用 C#"),
        ("# Harbour review ##\n\n" + BODY, "Harbour review"),
    ],
)
def test_titles_are_words_that_name_a_report(text: str, title: str) -> None:
    assert report_from_text(text, "2019-05-03_my_file.md").title == title


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("星港公司2023年年度报告", "2023"),
        ("2021年度培训总结", "2021"),
        ("二〇二二年度工作报告", "2022"),
        ("２０２３年度报告", "2023"),
        ("Annual Report 2024", "2024"),
        ("annual-report-2024", "2024"),
        ("FY2023 results", "FY2023"),
        ("report_FY23", "FY2023"),
        ("fiscal year 2023 review", "FY2023"),
        ("2023财年业绩", "FY2023"),
        ("2022-23 Annual Report", "2022-23"),
        ("FY2011-12 report", "2011-12"),
        ("2022—2023学年总结", "2022-23"),
        ("2024年上半年经营情况", "2024-H1"),
        ("2024年半年度报告", "2024-H1"),
        ("2024年1-6月经营情况", "2024-H1"),
        ("H1 2024 results", "2024-H1"),
        ("2023年下半年回顾", "2023-H2"),
        ("2023年第三季度报告", "2023-Q3"),
        ("2023Q3财报", "2023-Q3"),
        ("3Q23 results", "2023-Q3"),
        ("2023年三季报", "2023-Q3"),
        ("Third quarter of fiscal year 2024", "FY2024-Q3"),
        ("2023年前三季度业绩", "2023-9M"),
    ],
)
def test_a_period_that_is_stated_is_found(words: str, period: str) -> None:
    assert period_named(words) == period


@pytest.mark.parametrize(
    "words",
    [
        "2011-12 report",
        "2020-2024年统计",
        "growth-2023-2024",
        "2023年总结及2024年计划",
        "2025年展望",
        "2030年碳达峰行动方案",
        "云服务报告（2024年5月）",
        "report-2023-04",
        "user-survey-march-2019",
        "2019-05-03-survey",
        "20230503报告",
        "State of Cloud 2024",
        "Interim Report 2024",
        "v1.2025",
        "GB/T 1234-2019 解读报告",
        "1990年代回顾",
        "Q1-Q3 2023 results",
        "1Q-3Q 2023",
        "A harbour report",
    ],
)
def test_no_period_is_guessed(words: str) -> None:
    assert period_named(words) == ""


def test_several_quarters_are_no_single_one() -> None:
    assert period_named("2023年第三、四季度报告") == "2023"


@pytest.mark.parametrize(
    ("top", "period"),
    [
        ("截至2023年12月31日止年度的业绩", "2023"),
        ("截至2024年6月30日止六个月", "2024-H1"),
        ("Accounts for the year ended 30 June 2024", "FY2024"),
        ("For the fiscal year ended December 31, 2023", "2023"),
        ("本总结的报告期为2021年1月至12月，由人事部编写。", "2021"),
        ("报告期：2021年1月1日—2021年9月30日", "2021-9M"),
        ("Reporting period: 1 July 2022 to 30 June 2023", "2022-23"),
        ("# Harbour\n\n2023年年度报告\n\n与2022年相比增长。", "2023"),
        ("报告期为2021年1月至10月", ""),
        ("截至2023年12月31日止年度与截至2022年12月31日止年度", ""),
        ("In the annual report 2022 we said that it would grow by much more than that.", ""),
    ],
)
def test_the_first_page_states_a_period_in_so_many_words_or_not_at_all(top: str, period: str) -> None:
    assert period_of("Harbour", "harbour", top) == period


def test_front_matter_counts_before_the_title_and_a_name_that_contradicts_it_leaves_no_period() -> None:
    assert report_from_text("---\nperiod: 2023-Q2\n---\n# Annual Report 2024\n", "a.md").period == "2023-Q2"
    assert report_from_text("# Annual Report 2024\n", "annual-report-2023.md").period == ""
    assert report_from_text("# 2023 annual report\n", "2023-Q3 report.md").period == "2023-Q3"


@pytest.mark.parametrize(
    ("titles", "series"),
    [
        (("星港公司2020年年度报告", "星港公司 2024 年度报告", "星港公司二〇二一年度报告"), "星港公司年度报告"),
        (("Annual Report 2020", "2024 Annual Report", "FY23: annual report"), "annual report"),
        (("2023年第三季度报告", "2024年第一季度报告", "2024Q1 季度报告"), "季度报告"),
        (("港口简报（第12期）", "港口简报 第 3 期", "#4 港口简报"), "港口简报"),
        (("Third quarter 2023 results", "Q1 2024 quarter results"), "quarter results"),
    ],
)
def test_titles_of_one_series_are_alike_without_their_time(titles: tuple[str, ...], series: str) -> None:
    assert {series_of(title) for title in titles} == {series}


def test_titles_of_two_series_stay_apart() -> None:
    assert series_of("星港公司2023年年度报告") != series_of("月港公司2023年年度报告")
    assert series_of("2023年年度报告") != series_of("2023年半年度报告")


@pytest.mark.parametrize(
    ("text", "publisher"),
    [
        ("# 港口年报\n\n**发布机构：** 某港务局\n\n正文。\n", "某港务局"),
        ("# Review\n\nPublished by the Harbour Institute\n\n" + BODY, "Harbour Institute"),
        ("# Review\n\n" + BODY * 60 + "\nPublished by Nobody\n", ""),
    ],
)
def test_the_publisher_is_named_near_the_top(text: str, publisher: str) -> None:
    assert report_from_text(text, "a.md").publisher == publisher


def test_a_sidecar_says_better_than_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Draft 7\n\n" + BODY)
    (tmp_path / "a.toml").write_text(
        'title = "Harbour review"\npublisher = "Port"\npublished = 2024-03-01\nperiod = "FY2023"'
    )
    report = read(tmp_path / "a.md", tmp_path)
    assert (report.title, report.publisher, report.published, report.period) == (
        "Harbour review",
        "Port",
        "2024-03-01",
        "FY2023",
    )
    (tmp_path / "a.md.toml").write_text('title = "Nearer"')
    assert sidecar_of(tmp_path / "a.md") == tmp_path / "a.md.toml"
    assert read(tmp_path / "a.md", tmp_path).title == "Nearer"


@pytest.mark.parametrize("broken", [b"title = ", b"\xff\xfe", b"a = " + b"[" * 5000])
def test_a_broken_sidecar_is_told_of_and_ignored(tmp_path: Path, broken: bytes) -> None:
    (tmp_path / "a.md").write_text("# Draft 7\n\n" + BODY)
    (tmp_path / "a.toml").write_bytes(broken)
    report = read(tmp_path / "a.md", tmp_path)
    assert report.title == "Draft 7"
    assert report.left_out[0].startswith("a.toml cannot be read as TOML")


def test_a_sidecar_is_neither_a_report_nor_a_problem_and_another_toml_is_one(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(BODY)
    for name in ("a.toml", "a.md.toml", "alone.toml"):
        (tmp_path / name).write_text('title = "x"')
    found = scan(tmp_path)
    assert [report.title for report in read_new(tmp_path, found)] == ["x"]
    assert [problem.path for problem in found.problems] == ["alone.toml"]


def test_only_what_programs_leave_behind_is_passed_over(tmp_path: Path) -> None:
    for number, name in enumerate(
        ("#3 简报.md", "~draft.md", "#x.md#", ".hidden.md", "~$r.docx", "r.md~", ".r.md.swp")
    ):
        (tmp_path / name).write_text(f"{number} {BODY}")
    found = scan(tmp_path)
    assert [report.path for report in read_new(tmp_path, found)] == ["#3 简报.md", "~draft.md"]
    assert found.problems == []


def test_a_name_that_is_not_utf8_is_a_problem_that_can_be_printed(tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + "简报.md".encode("gb18030"))).write_text(BODY)
    except OSError:
        pytest.skip("this file system holds UTF-8 names only")
    (tmp_path / "a.md").write_text("A. " + BODY)
    found = scan(tmp_path)
    assert found.new == ["a.md"]
    assert [problem.path for problem in found.problems] == ["简报.md"]
    assert "its name is not in UTF-8" in found.problems[0].reason


def test_what_was_mended_in_a_file_is_said_of_the_report(tmp_path: Path) -> None:
    line = "港口报告显示吞吐量增长了两倍。\n"
    (tmp_path / "a.txt").write_bytes(line.encode() * 2 + line.encode("gb18030"))
    report = read(tmp_path / "a.txt", tmp_path)
    assert report.text == line * 3
    assert report.left_out == ("Line 3 is read as GB18030, unlike the rest.",)
    assert told(report.left_out[0]).chinese == "第 3 行按 GB18030 读入，与其余部分不同。"
