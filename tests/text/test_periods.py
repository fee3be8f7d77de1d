"""Years and parts of years, as people write them."""

import pytest

from text.periods import asks_latest, parts, relative_years, without_latest, years


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("2023 年报告和 2022 年报告", (2023, 2022)),
        ("What was net income in FY2023?", (2023,)),
        ("FY23 results", (2023,)),
        ("3Q23 revenue", (2023,)),
        ("美的 24Q2 的营收", (2024,)),
        ("25H1 profit", (2025,)),
        ("2023Q3营收", (2023,)),
        ("二〇二二年全市", (2022,)),
        ("二零二一年度", (2021,)),
        ("23年那份问卷", (2023,)),
        ("season 2022-23", (2022, 2023)),
        ("on 2024-03-01", (2024,)),
        ("2021年12月至2022年3月", (2021, 2022)),
        ("成立25 年来", ()),
        ("近20年", ()),
        ("order 20231 of 120245", ()),
        ("version 1.20.23", ()),
        ("the class of '24 grew", (2024,)),
    ],
)
def test_years_are_read_however_they_are_written(text: str, named: tuple[int, ...]) -> None:
    assert years(text) == named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("2023年第三季度", {"Q3"}),
        ("Q3 2023 and Q4 2023", {"Q3", "Q4"}),
        ("the third quarter of 2023", {"Q3"}),
        ("前三季度营收", {"9M"}),
        ("2024年上半年", {"H1"}),
        ("first-half profit", {"H1"}),
        ("the whole year", set()),
        ("3Q23 revenue", {"Q3"}),
        ("25H1 profit", {"H1"}),
        ("FAQ1 on this", set()),
        ("一、二季度", {"Q2"}),
    ],
)
def test_parts_of_years_are_read(text: str, named: set[str]) -> None:
    assert parts(text) == named


def test_years_as_seen_from_today() -> None:
    assert relative_years("去年和今年比") == (-1, 0)
    assert relative_years("in the past year") == (-1,)
    assert relative_years("in the past years") == ()


def test_the_latest_is_asked_for_and_taken_out() -> None:
    assert asks_latest("the most recent report on staff")
    assert not asks_latest("the report on staff")
    assert without_latest("最新的报告 staff") == "的报告 staff"
