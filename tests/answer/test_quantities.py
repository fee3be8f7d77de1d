"""What numbers say: their value, unit, kind and bound, in both languages."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.quantities import bounds_agree, numbered_names, parse, same


def said(text: str) -> list[tuple[float, str]]:
    return [(round(q.low, 6), q.unit) for q in parse(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10,000 PRs", [(10000, "")]),
        ("1 万", [(10000, "")]),
        ("1.2亿", [(120_000_000, "")]),
        ("10k", [(10000, "")]),
        ("1.5 million users", [(1_500_000, "")]),
        ("3 billion", [(3e9, "")]),
        ("两万", [(20000, "")]),
        ("三十二家公司", [(32, "")]),
        ("贡献公司达1,011家", [(1011, "")]),
        ("twenty-five nodes", [(25, "")]),
        ("25%", [(25, "%")]),
        ("25 percent", [(25, "%")]),
        ("25 per cent", [(25, "%")]),
        ("百分之二十五", [(25, "%")]),
        ("三成用户", [(30, "%")]),
        ("three quarters of them", [(75, "%")]),
        ("one in five children", [(20, "%")]),
        ("上升 3 个百分点", [(3, "pp")]),
        ("3 percentage points", [(3, "pp")]),
        ("增长了 55 倍", [(55, "x")]),
        ("5x faster", [(5, "x")]),
        ("a fivefold rise", [(5, "x")]),
        ("it doubled", [(2, "x")]),
        ("使可扩展性翻倍", [(2, "x")]),
        ("$1.5bn", [(1.5e9, "USD")]),
        ("2.8 亿美元", [(2.8e8, "USD")]),
        ("十周年", [(10, "year")]),
        ("ten years", [(10, "year")]),
        ("the 10th anniversary", [(10, "year")]),
        ("第三大", [(3, "ordinal")]),
        ("the third largest", [(3, "ordinal")]),
        ("120 minutes", [(7200, "s")]),
        ("2 小时", [(7200, "s")]),
        ("4.40 am", [(round(4 + 40 / 60, 6), "clock")]),
        ("1990s", [(1990, "decade")]),
        ("20世纪90年代", [(1990, "decade")]),
    ],
)
def test_values_are_the_same_however_they_are_written(text: str, expected: list[tuple[float, str]]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2015 年 12 月 16 日", 20151216),
        ("16 December 2015", 20151216),
        ("December 16, 2015", 20151216),
        ("2015-12-16", 20151216),
        ("Dec 2015", 20151200),
        ("二〇一五年三月", 20150300),
        ("in 2015", 20150000),
        ("12月16日", 1216),
    ],
)
def test_dates(text: str, date: int) -> None:
    assert [q.low for q in parse(text)] == [date]


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("v1.17.2", ["1.17.2"]),
        ("Cilium 1.17/1.18 增加了支持", ["1.17", "1.18"]),
        ("Gateway API 1.0", ["1.0"]),
        ("version 3 of it", ["3"]),
    ],
)
def test_versions_are_no_decimals(text: str, versions: list[str]) -> None:
    assert [q.written for q in parse(text) if q.kind == "version"] == versions


@pytest.mark.parametrize("text", ["2-5 nodes", "2 到 5 个", "between 2 and 5", "两到五个", "2 to 5", "2~5 个"])
def test_ranges_are_one_quantity(text: str) -> None:
    assert [(q.low, q.high) for q in parse(text)] == [(2, 5)]


def test_a_scale_is_shared_by_a_range() -> None:
    assert [(q.low, q.high) for q in parse("2-3 million users")] == [(2e6, 3e6)]
    assert [(q.low, q.unit) for q in parse("grew by 90% to 1,011")] == [(90, "%"), (1011, "")]


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("more than 50%", ">"),
        ("超过 50%", ">"),
        ("at least 50", ">"),
        ("50 以上", ">"),
        ("10 多家", ">"),
        ("not more than 50", "<"),
        ("不到 50%", "<"),
        ("nearly 50", "~"),
        ("近 50 个", "~"),
        ("50 左右", "~"),
        ("exactly fifty", ""),
    ],
)
def test_bounds(text: str, bound: str) -> None:
    assert [q.bound for q in parse(text)] == [bound]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("IPv6 和 BGPv2", ("ipv6", "bgpv2")),
        ("K8s on H100", ("k8s", "h100")),
        ("GPT-4, CVE-2022-1234", ("gpt-4", "cve-2022-1234")),
        ("4 层负载均衡", ("layer4",)),
        ("Layer 4 load balancing", ("layer4",)),
    ],
)
def test_names_that_carry_digits_are_no_quantities(text: str, names: tuple[str, ...]) -> None:
    assert numbered_names(text) == names
    assert parse(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "统一的网络",
        "四川和三角洲",
        "十分重要",
        "一些用户",
        "数百万用户",
        "成百上千个 GPU",
        "红十字会",
        "周四大约",
        "千万不要",
        "万一",
    ],
)
def test_chinese_words_that_only_look_like_numbers(text: str) -> None:
    assert [q for q in parse(text) if q.certain] == []


@pytest.mark.parametrize(
    ("claim", "span", "expected"),
    [
        ("1.2 million", "1,234,567", True),
        ("1,200", "1,234", False),
        ("10,000", "1 万", True),
        ("25%", "百分之二十五", True),
        ("25%", "25 users", False),
        ("55 倍", "55 times", True),
        ("2015", "2015 年 12 月 16 日", True),
        ("16 December 2015", "2015 年", False),
        ("16 December 2015", "2015-12-16", True),
        ("1.16", "1.17", False),
        ("version 1.1", "1.10", False),
        ("60 days", "两个月", True),
        ("第三", "third", True),
        ("more than 1,000", "1,011", True),
        ("more than 1,000", "1,911", False),
        ("2-5", "2 到 5", True),
        ("2-6", "2 到 5", False),
        ("$5", "5 元", False),
    ],
)
def test_equality_knows_units_and_precision(claim: str, span: str, expected: bool) -> None:
    assert any(same(c, s) for c in parse(claim) for s in parse(span)) is expected


def test_opposite_bounds_do_not_agree() -> None:
    over, under = parse("more than 50%")[0], parse("低于 50%")[0]
    assert not bounds_agree(over, under)
    assert bounds_agree(over, parse("50%")[0])


@given(st.integers(min_value=11, max_value=9_999_999))
def test_an_integer_equals_itself_in_every_spelling(number: int) -> None:
    (quantity,) = parse(f"共 {number:,} 个")
    assert quantity.low == number
    (plain,) = parse(f"there are {number:,} of them")
    assert same(plain, quantity)


@given(st.text(max_size=80))
def test_any_text_parses_and_spans_lie_inside_in_order(text: str) -> None:
    found = parse(text)
    assert all(0 <= q.start < q.end <= len(text) and q.low <= q.high for q in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
