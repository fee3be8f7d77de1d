"""Figures that differ between reports, and those that only look as if they did."""

import pytest

from answer.conflict import conflicts
from records import Citation, Report

PUBLISHED = {"a": "2024-01-10", "b": "2025-01-07", "c": "2025", "d": ""}


def report_of(report_id: str) -> Report:
    return Report(report_id, f"{report_id}.md", report_id, report_id, "", PUBLISHED[report_id], "en", "", "")


def cited(*quotes: tuple[str, str]) -> list[Citation]:
    return [
        Citation(i, report, report, 0, len(quote), None, quote) for i, (report, quote) in enumerate(quotes, start=1)
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cilium has 980 contributing companies.", "Cilium has 1,011 contributing companies."),
        ("Cilium 有 980 家贡献公司。", "Cilium 有 1,011 家贡献公司。"),
        ("25% of surveyed users run virtual machines.", "30% of surveyed users run virtual machines."),
        ("The market share of Cilium is 40%.", "The market share of Cilium is 55%."),
        ("Cilium 的市场份额为 40%。", "Cilium 的市场份额为 55%。"),
        ("Revenue was 1.2 million dollars.", "Revenue was 1.5 million dollars."),
    ],
)
def test_two_values_of_one_thing_are_a_conflict(one: str, other: str) -> None:
    (conflict,) = conflicts(cited(("a", one), ("b", other)), report_of, "en")
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
        ("In 2023 Cilium had 980 contributing companies.", "In 2024 Cilium had 1,011 contributing companies."),
        ("Cilium has 980 contributing companies.", "Calico has 1,011 contributing companies."),
        ("Cilium has 980 contributing companies.", "Cilium has 4,464 individual contributors."),
        ("Cilium has 980 contributing companies.", "Cilium grew contributing companies by 90%."),
        ("More than 900 companies contribute.", "1,011 companies contribute."),
        ("贡献公司增长了 90%。", "个人贡献者增长了 252%。"),
        ("Latency is 5 ms.", "Throughput is 9 ms of traffic."),
    ],
)
def test_another_thing_period_unit_or_a_bound_is_none(one: str, other: str) -> None:
    assert conflicts(cited(("a", one), ("b", other)), report_of, "en") == ()


def test_one_report_does_not_contradict_itself() -> None:
    quotes = cited(("a", "Cilium has 980 contributing companies."), ("a", "Cilium has 1,011 contributing companies."))
    assert conflicts(quotes, report_of, "en") == ()


@pytest.mark.parametrize(
    ("one", "other", "later"), [("a", "b", 2), ("b", "a", 1), ("b", "c", None), ("a", "d", None), ("a", "c", 2)]
)
def test_later_is_the_one_published_later(one: str, other: str, later: int | None) -> None:
    quotes = cited((one, "Cilium has 980 contributing companies."), (other, "Cilium has 1,011 contributing companies."))
    (conflict,) = conflicts(quotes, report_of, "zh")
    assert conflict.later == later


def test_what_reads_in_the_language_asked_for() -> None:
    quotes = cited(("a", "Cilium 有 980 家贡献公司。"), ("b", "Cilium 有 1,011 家贡献公司。"))
    assert conflicts(quotes, report_of, "zh")[0].what == "贡献公司：980 [1]，1,011 [2]"


def test_nothing_cited_is_no_conflict() -> None:
    assert conflicts([], report_of, "en") == ()
