"""Figures that differ between reports, and those that only look as if they did."""

from dataclasses import replace

import pytest

from answer.compare import another_value, by_time, compared
from answer.verify import verify
from records import Citation, Conflict, Report

PUBLISHED = {"a": "2024-01-10", "b": "2024-12-07", "c": "2024", "d": "", "later": "2025-03-01"}


def score(claim: str, span: str) -> float:
    """By words alone, without a reader."""
    return verify(claim, span).score


def report_of(report_id: str) -> Report:
    return Report(report_id, f"{report_id}.md", report_id, report_id, "", PUBLISHED[report_id], "en", "", "")


def cited(*quotes: tuple[str, str]) -> list[Citation]:
    return [
        Citation(i, report, report, 0, len(quote), None, quote) for i, (report, quote) in enumerate(quotes, start=1)
    ]


def conflicts(*quotes: tuple[str, str]) -> tuple[Conflict, ...]:
    return compared(cited(*quotes), report_of, "en", score)[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cilium has 980 contributing companies.", "Cilium has 1,011 contributing companies."),
        ("Cilium 有 980 家贡献公司。", "Cilium 有 1,011 家贡献公司。"),
        ("25% of surveyed users run virtual machines.", "30% of surveyed users run virtual machines."),
        ("Cilium 的市场份额为 40%。", "Cilium 的市场份额为 55%。"),
        ("Revenue was 1.2 million dollars.", "Revenue was 1.5 million dollars."),
    ],
)
def test_two_values_of_one_thing_are_a_conflict(one: str, other: str) -> None:
    (conflict,) = conflicts(("a", one), ("b", other))
    assert conflict.marks == (1, 2)
    assert conflict.later == 2
    assert "[1]" in conflict.what
    assert "[2]" in conflict.what


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cilium has 980 contributing companies.", "Cilium has 980 contributing companies."),
        ("Revenue was 1.2 million dollars.", "Revenue was 1,200,000 dollars."),
        ("Cilium 有 1 万名用户。", "Cilium 有 10,000 名用户。"),
        ("Cilium has 980 contributing companies.", "Calico has 1,011 contributing companies."),
        ("Cilium has 980 contributing companies.", "Cilium has 4,464 individual contributors."),
        ("More than 900 companies contribute.", "1,011 companies contribute."),
        ("贡献公司增长了 90%。", "个人贡献者增长了 252%。"),
        ("Latency is 5 ms.", "Throughput is 9 ms of traffic."),
    ],
)
def test_another_thing_unit_or_a_bound_is_none(one: str, other: str) -> None:
    assert conflicts(("a", one), ("b", other)) == ()


def test_two_reports_that_both_give_both_values_do_not_differ() -> None:
    said = "Growth in contributing companies: 90%", "贡献者的增幅：252%"
    quotes = cited(("a", "Contributors grew by 90%."), ("b", "Contributors grew by 252%."))
    both = {"a": replace(report_of("a"), text=said[0] + said[1]), "b": replace(report_of("b"), text=said[1] + said[0])}
    assert compared(quotes, report_of, "en", score)[0]
    assert not compared(quotes, both.__getitem__, "en", score)[0]
    both["b"] = replace(both["b"], text="It grew by 252%, and by 190% in Asia.")
    assert compared(quotes, both.__getitem__, "en", score)[0]


def test_one_report_does_not_contradict_itself() -> None:
    assert conflicts(("a", "It has 980 companies."), ("a", "It has 1,011 companies.")) == ()


@pytest.mark.parametrize(("one", "other", "later"), [("a", "b", 2), ("b", "a", 1), ("b", "c", None), ("a", "d", None)])
def test_later_is_the_one_published_later(one: str, other: str, later: int | None) -> None:
    (conflict,) = conflicts((one, "It has 980 companies."), (other, "It has 1,011 companies."))
    assert conflict.later == later


def test_values_of_two_years_are_told_with_their_years_and_are_no_conflict() -> None:
    quotes = cited(("a", "In 2023 it had 980 companies."), ("later", "In 2024 it had 1,011 companies."))
    found, told = compared(quotes, report_of, "en", score)
    assert found == ()
    assert told == "Two years: In it had companies: 980 [1] (2023), 1,011 [2] (2024); [2] is later."
    assert compared(quotes, report_of, "zh", score)[1].startswith("年份不同")
    assert compared(quotes[:1], report_of, "en", score) == ((), "")


def test_another_value_is_looked_for_in_other_reports() -> None:
    best, *others = cited(
        ("a", "It has 980 companies."),
        ("a", "It has 990 companies."),
        ("b", "Something else entirely, 12 of them."),
        ("b", "It has 1,011 companies."),
    )
    assert another_value(best, others, score) == others[2]
    assert another_value(best, others[:2], score) is None


def test_of_two_reports_of_one_year_the_one_whose_title_names_the_later_year_is_later() -> None:
    annual = Report("x", "annual-2024.md", "x", "Annual report 2024", "", "2025-01-07", "en", "", "")
    after = Report("y", "annual-2025.md", "y", "Annual report 2025", "", "2025", "en", "", "")
    assert by_time(annual, after) < 0 < by_time(after, annual)
