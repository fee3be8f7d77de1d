from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from index.generation import build
from index.search import Search
from index.steer import years_asked, years_of
from ingest.read import report_from_text
from settings import Settings

OLD = replace(report_from_text("x", "annual.md"), title="Cilium 2024 年度报告", published="2025-01-07")
NEW = replace(report_from_text("x", "b.md"), title="Cilium", published="2025-12-18")


def test_a_title_says_what_year_a_report_is_about_before_its_date_does() -> None:
    assert years_of(OLD) == {2024}
    assert years_of(NEW) == {2025}


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("2024 年有多少公司?", {2024}),
        ("去年的报告怎么说?", {2025}),
        ("What did the report say last year?", {2025}),
        ("the latest number of companies", {2025}),
        ("最新的版本是哪个?", {2025}),
        ("有多少公司?", set()),
        ("端口 20240 是什么?", set()),
    ],
)
def test_the_years_a_question_asks_for(question: str, years: set[int]) -> None:
    assert years_asked(question, date(2026, 11, 22), lambda: 2025) == years


@pytest.mark.parametrize(("year", "first"), [("2023", "a.md"), ("2024", "b.md"), ("最新", "b.md")])
def test_a_year_steers_towards_its_report_and_hides_no_other(tmp_path: Path, year: str, first: str) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    for name, title in (("a.md", "港口年报 2023"), ("b.md", "港口年报 2024")):
        (folder / name).write_text(f"# {title}\n\n港口吞吐量继续增长，新增了三条航线。\n\n编号 {name}\n", "utf-8")
    settings = Settings(reports=folder, index=tmp_path / "index")
    build(settings)
    search = Search.open(settings)
    hits = search.search(f"{year} 年港口新增了几条航线?")
    paths = [search.report(hit.passage.report_id).path for hit in hits]
    assert paths[0] == first
    assert {*paths} == {"a.md", "b.md"}
