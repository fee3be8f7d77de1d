import pytest

from text.words import content_words, root, tokens_of, words


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Cilium 1.16 把尾部延迟降低了 5 倍", ["cilium", "1.16", "尾部", "延迟", "降低", "5", "5倍"]),
        ("贡献公司达到 1,011 家", ["1011", "1011家", "公司"]),
        ("BGPv2 and IPv6", ["bgpv2", "ipv6"]),
        ("增长了 12.3%", ["12.3%", "12.3"]),
        ("部署 2-5 个集群", ["2", "5", "集群"]),
        ("GPU-operator policies", ["gpu-operator", "gpu", "operator", "policy"]),
        ("Ｃｉｌｉｕｍ １．１６", ["cilium", "1.16"]),
        ("2015 年 12 月 16 日", ["2015", "2015年", "12月", "16日"]),
    ],
)
def test_words_are_kept_whole(text: str, wanted: list[str]) -> None:
    found = words(text)
    assert [word for word in wanted if word not in found] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("clusters", "cluster"),
        ("policies", "policy"),
        ("running", "run"),
        ("deployed", "deploys"),
        ("Cilium's", "cilium"),
    ],
)
def test_forms_of_an_english_word_meet(one: str, other: str) -> None:
    assert words(one) == words(other)


def test_words_hold_no_space_because_the_keyword_index_splits_there() -> None:
    assert not [word for word in words("a b\u3000c\u00a0d 5 倍\n5\u00a0亿") if word.strip() != word or " " in word]


def test_content_words_leave_out_what_carries_no_meaning() -> None:
    assert content_words("What is the theme of Cilium?") == ["theme", "cilium"]
    assert content_words("Cilium 的主题是什么") == ["cilium", "主题"]


@pytest.mark.parametrize(
    "forms",
    [
        ("acquire", "acquires", "Acquired", "acquiring"),
        ("service", "services"),
        ("run", "running"),
        ("policy", "policies"),
    ],
)
def test_forms_of_a_word_share_a_root(forms: tuple[str, ...]) -> None:
    assert len({root(form) for form in forms}) == 1


@pytest.mark.parametrize("apart", [("the", "they"), ("not", "note"), ("part", "party"), ("found", "foundation")])
def test_other_words_do_not(apart: tuple[str, str]) -> None:
    assert root(apart[0]) != root(apart[1])


def test_words_that_are_compared_have_their_places_and_grammar_has_no_content() -> None:
    found = tokens_of("The 份额 is 1,011")
    assert [(token.start, token.end, token.root, token.content) for token in found] == [
        (0, 3, "the", False),
        (4, 5, "份", True),
        (5, 6, "额", True),
        (7, 9, "is", False),
        (10, 15, "1,011", True),
    ]
