"""Tampering changes one fact, in a way that the verifier can be held to."""

import random
import re

import pytest

from answer.verify import verify
from eval.tamper import KINDS, tamper, trimmed
from text.quantities import parse

SENTENCES = [
    "Contributing companies grew by 90% to 1,011 since Cilium joined CNCF in 2021.",
    "Nearly 10,000 pull requests were merged, and activity increased 55 times.",
    "The release does not support Windows, but it is faster than Calico.",
    "Cilium 1.16 reduces tail latency by up to 5x and supports multicast.",
    "贡献公司数量增长了 90%，达到 1,011 家，Cilium 是第三大项目。",
    "Cilium 1.16 支持多播，尾部延迟降低了 5 倍。",
    "TikTok 没有停用 IPv6，用户增加到三万人。",
]


@pytest.mark.parametrize("claim", SENTENCES)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_tampered_differs_and_is_caught(claim: str, kind: str) -> None:
    caught = 0
    for seed in range(8):
        changed = tamper(claim, kind, random.Random(seed))
        if changed is None:
            return
        assert changed != claim
        caught += not verify(changed, claim).supported
    assert caught >= 7


def test_a_changed_number_is_another_value_of_the_same_unit() -> None:
    for seed in range(20):
        changed = tamper("It grew 90% to 1,011 companies.", "number", random.Random(seed))
        assert changed is not None
        values = [(q.low, q.unit) for q in parse(changed)]
        assert [unit for _, unit in values] == ["%", ""]
        assert sum(value in (90, 1011) for value, _ in values) == 1


def test_the_same_seed_changes_the_same() -> None:
    one, other = (tamper(SENTENCES[0], "number", random.Random(3)) for _ in range(2))
    assert one == other


@pytest.mark.parametrize(
    ("claim", "kind", "expected"),
    [
        ("The share is large.", "negation", "The share is not large."),
        ("It supports IPv6.", "negation", "It does not support IPv6."),
        ("该版本支持 IPv6。", "negation", "该版本不支持 IPv6。"),
        ("份额下降。", "direction", "份额上升。"),
        ("Prices rose.", "direction", "Prices fell."),
        ("It paid 5 million.", "unit", "It paid 5 billion."),
        ("运量 3.2 万吨", "unit", "运量 3.2 亿吨"),
        ("上半年亏损。", "period", "下半年亏损。"),
        ("Q3 was wet.", "period", "Q4 was wet."),
        ("远帆港务公司运货。", "entity", "海棠公司运货。"),
        ("Corvid Bank lent Marrable £5 million.", "roles", "Marrable lent Corvid Bank £5 million."),
        ("Marrable bought the Kiln Lane maltings.", "roles", "Kiln Lane bought the Marrable maltings."),
        ("远桥银行起诉了砚池科技有限公司。", "roles", "砚池科技有限公司起诉了远桥银行。"),
        ("Tallow makes beer.", "opening", "Lisbon makes beer."),
    ],
)
def test_by_example(claim: str, kind: str, expected: str) -> None:
    assert tamper(claim, kind, random.Random(0)) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_to_change_gives_none(kind: str) -> None:
    assert tamper("Hello there!", kind, random.Random(0)) is None
    assert tamper("你好！", kind, random.Random(0)) is None


@pytest.mark.parametrize(
    "claim",
    ["Marrable and Ostlere brew.", "Marrable thrives. Ostlere sued nobody.", "Cilium 支持 Kubernetes 的 Gateway API。"],
)
def test_roles_are_exchanged_only_where_one_does_something_to_the_other(claim: str) -> None:
    assert tamper(claim, "roles", random.Random(0)) is None


@pytest.mark.parametrize("claim", ["The pier is long.", "They left.", "码头很长。"])
def test_only_a_first_word_that_names_something_is_replaced(claim: str) -> None:
    assert tamper(claim, "opening", random.Random(0)) is None


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(ValueError, match="'colour' is no kind of tampering"):
        tamper("It grew.", "colour", random.Random(0))


def test_another_year_or_version_stands_in_the_same_place() -> None:
    for seed in range(5):
        year = tamper("In 2021 the pier was 40 m long.", "year", random.Random(seed))
        assert year is not None
        assert re.fullmatch(r"In 20(18|19|20|22|23|24) the pier was 40 m long.", year)
        version = tamper("Orchard 2.9 added a cache.", "version", random.Random(seed))
        assert version in ("Orchard 2.10 added a cache.", "Orchard 2.11 added a cache.")


def test_a_trimmed_quote_lacks_a_figure_of_the_claim() -> None:
    claim = "Output rose to 612 tonnes."
    assert trimmed(claim, claim, random.Random(0)) == "Output rose to"
    assert trimmed("612 tonnes, yes 612 tonnes", claim, random.Random(0)) is None
    assert trimmed("Output rose.", claim, random.Random(0)) is None
