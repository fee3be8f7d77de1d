"""Figures that differ between reports, and those that only look as if they did."""
# ruff: noqa: E501 (pairs of sentences read better on one line)

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from answer.conflict import another_value, by_time, conflicts, over_time
from answer.question import understand
from answer.reading import Covered
from records import Citation, Conflict, Report

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
    assert conflicts(quotes, report_of, "zh")[0].what == "贡献公司：980 [1]（2024），1,011 [2]（2025）"


def test_nothing_cited_is_no_conflict() -> None:
    assert conflicts([], report_of, "en") == ()


def asked(question: str, quoted: str, *others: tuple[str, str]) -> tuple[Citation, Citation] | None:
    (first,) = cited(("a", quoted))
    return another_value(understand(question), [first], cited(("a", ""), *others)[1:], report_of)


@pytest.mark.parametrize(
    ("question", "quoted", "other"),
    [
        ("How many contributing companies does it have?", "It has 980 contributing companies.", "It has 1,011 contributing companies."),
        ("What is the market share of Orchard?", "The market share of Orchard is 40%.", "The market share of Orchard is 55%."),
        ("它有多少家贡献公司？", "它有 980 家贡献公司。", "贡献公司达到 1,011 家。"),
        ("最新版本是哪个版本？", "最新的稳定版本是 1.15。", "最新的稳定版本是 1.17。"),
        ("How many contributing companies does it have?", "In 2023 it had 980 contributing companies.", "In 2024 it had 1,011 contributing companies."),
    ],
)  # fmt: skip
def test_another_value_of_what_is_asked_for_is_found(question: str, quoted: str, other: str) -> None:
    found = asked(question, quoted, ("b", "Something else entirely, 12 of them."), ("b", other))
    assert found
    assert (found[0].quote, found[1].quote) == (quoted, other)


@pytest.mark.parametrize(
    ("question", "quoted", "other"),
    [
        ("How many contributing companies did it have in 2023?", "In 2023 it had 980 contributing companies.", "In 2024 it had 1,011 contributing companies."),
        ("Who maintains it?", "It has 980 contributing companies.", "It has 1,011 contributing companies."),
        ("How many stars does it have?", "It has 9 stars and 980 contributing companies.", "It has 1,011 contributing companies."),
        ("它有多少人？", "人口为 14,355 人。", "人口为 77 平方公里。"),
        ("How many contributing companies does it have?", "It has 980 contributing companies.", "It has 980 contributing companies."),
    ],
)  # fmt: skip
def test_what_was_not_asked_for_is_not(question: str, quoted: str, other: str) -> None:
    assert asked(question, quoted, ("b", other)) is None


def test_for_what_is_latest_the_latest_report_is_taken() -> None:
    said = "Orchard has {} contributing companies."
    others = (("d", said.format("1,000")), ("b", said.format("1,240")))
    found = asked("How many contributing companies does Orchard have at most currently?", said.format(980), *others)
    assert found
    assert "1,240" in found[1].quote


def test_values_of_two_years_are_told_with_their_years_and_are_no_conflict() -> None:
    quotes = cited(
        ("a", "In 2023 it had 980 contributing companies."), ("b", "In 2024 it had 1,011 contributing companies.")
    )
    assert conflicts(quotes, report_of, "en") == ()
    told = over_time(quotes, report_of, "en")
    assert told == "Two years: contributing companies: 980 [1] (2023), 1,011 [2] (2024); [2] is later."
    assert over_time(quotes, report_of, "zh").startswith("年份不同")
    assert over_time(cited(("a", "It has 980 contributing companies.")), report_of, "en") == ""


class Dictionary:
    """A Meaning that knows two things by their names."""

    def coverage(self, claim: str, span: str) -> Sequence[Covered]:
        def thing(text: str) -> str:
            return "firm" if "公司" in text or "compan" in text.lower() else "person"

        return [Piece(claim, 1.0, 0.9 if thing(claim) == thing(span) else 0.1)]


@dataclass(frozen=True)
class Piece:
    word: str
    weight: float
    best: float


def test_two_languages_are_compared_where_the_things_mean_the_same() -> None:
    zh, firms, people = "贡献公司达到 1,011 家。", "It has 1,240 contributing companies.", "It has 4,464 contributors."
    (conflict,) = conflicts(cited(("a", zh), ("b", firms)), report_of, "en", Dictionary())
    assert conflict.later == 2
    assert conflicts(cited(("a", zh), ("b", people)), report_of, "en", Dictionary()) == ()
    assert conflicts(cited(("a", zh), ("b", firms)), report_of, "en") == ()


def test_of_two_reports_of_one_year_the_one_whose_title_names_the_later_year_is_later() -> None:
    annual = Report("x", "annual-2024.md", "x", "Annual report 2024", "", "2025-01-07", "en", "", "")
    after = Report("y", "annual-2025.md", "y", "Annual report 2025", "", "2025", "en", "", "")
    assert by_time(annual, after) < 0 < by_time(after, annual)
    quotes = cited(("x", "Orchard has 980 contributing companies."), ("y", "Orchard has 1,011 contributing companies."))
    (conflict,) = conflicts(quotes, lambda report_id: {"x": annual, "y": after}[report_id], "en")
    assert conflict == Conflict("contributing companies: 980 [1] (2024), 1,011 [2] (2025)", (1, 2), 2)
