"""Questions as people type them keep their meaning; what is made false is false."""

import os
import random
import re
import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from settings import ROOT
from train.wording import Wording, changed, is_chinese

DICTIONARY = [
    ("revenue", "收入"),
    ("income", "收入"),
    ("to grow", "增长"),
    ("bank", "银行"),
    ("rate", "比率"),
    ("ratio", "比率"),
    ("node", "节点"),
]


def all_of(make: Callable[[random.Random], str | None], tries: int = 300) -> set[str | None]:
    """What comes out for as many seeds."""
    return {make(random.Random(seed)) for seed in range(tries)}


def figures(text: str) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)?", text)


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        ("收入是多少？", True),
        ("Cilium 1.16 的延迟是多少", True),
        ("What does 收入 mean in this report?", False),
        ("How much?", False),
        ("2024", False),
        ("", False),
    ],
)
def test_a_text_is_chinese_by_its_words(text: str, chinese: bool) -> None:
    assert is_chinese(text) is chinese


# ---------------------------------------------------------------------------------- questions that are not answered now


@settings(deadline=None, max_examples=200)
@given(
    st.integers(1990, 2030),
    st.lists(st.integers(1985, 2035), max_size=30),
    st.sampled_from(["How much did Acme earn in {}?", "{}年银行的收入是多少？", "what rose in {}", "{} 年报"]),
    st.integers(0, 999),
)
def test_a_changed_question_is_another_and_its_year_is_not_in_the_passage(
    year: int, told: list[int], form: str, seed: int
) -> None:
    question = form.format(year)
    passage = f"In {year} Acme earned 5 million. 银行的收入为5亿元。" + " ".join(
        f"It rose in {other}." for other in told
    )
    made = changed(question, passage, random.Random(seed))
    assert made != question
    if made and figures(made) != figures(question):
        (figure,) = figures(made)
        assert 1 <= abs(int(figure) - year) <= 4
        assert figure not in passage


def test_most_often_it_is_the_year_that_changes() -> None:
    made = [changed("How much in 2019?", "In 2019 it was 5.", random.Random(seed)) for seed in range(200)]
    assert sum(text is not None and "2019" not in text for text in made) > 140


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("How many people live in Geneva?", "Geneva has 200,000 people."),
        ("Kubernetes 的作用是什么", "Kubernetes 管理容器。"),
        ("kubernetes 怎么安装", "用脚本安装 kubernetes。"),
        ("怎么安装kubernetes集群", "用脚本安装 kubernetes。"),
        ("ｋｕｂｅｒｎｅｔｅｓ 怎么安装", "用脚本安装 kubernetes。"),
        ("中华人民共和国的首都在哪里？", "中华人民共和国的首都是北京。"),
    ],
)
def test_a_changed_question_is_never_the_same(question: str, passage: str) -> None:
    made = all_of(lambda rng: changed(question, passage, rng))
    assert question not in made
    assert made - {None}


def test_no_name_that_the_passage_speaks_of_is_put_into_a_question() -> None:
    cities = "Riga, Osaka, Geneva, Toronto, Lima and Prague"
    made = all_of(lambda rng: changed("How many people live in Oslo?", f"Oslo is larger than {cities}.", rng))
    named = [match[1] for text in made - {None} if (match := re.search(r"many people live in (\w+)\?", text or ""))]
    assert len(set(named)) > 10
    assert not set(named) & {"Oslo", *re.findall(r"[A-Z]\w+", cities)}


def test_a_question_in_which_nothing_can_be_changed_stays_unasked() -> None:
    assert all_of(lambda rng: changed("why?", "Because.", rng)) == {None}


@pytest.mark.parametrize(
    ("question", "passage", "possible"),
    [
        ("what was the highest score", "It was 5.", {"what was the lowest score"}),
        ("when did profits rise after tax", "In May.", {"when did profits rise before tax"}),
        ("最高得分是多少", "五分。", {"最低得分是多少"}),
    ],
)
def test_a_question_may_be_turned(question: str, passage: str, possible: set[str]) -> None:
    assert all_of(lambda rng: changed(question, passage, rng)) == possible


# ---------------------------------------------------------------------------------------- sentences that are made false


@pytest.mark.parametrize(
    ("sentence", "possible"),
    [
        ("The plant opened in 2019.", {f"The plant opened in {y}." for y in (2017, 2018, 2020, 2021, 2022)}
         | {"The plant closed in 2019."}),
        ("It supports both.", {"It does not support both."}),
        ("It was sold.", {"It was not sold.", "It was never sold."}),
        ("It was not sold.", {"It was sold."}),
        ("He supported it.", {"He opposed it."}),
        ("公司支持两种格式。", {"公司反对两种格式。", "公司不支持两种格式。", "公司并不支持两种格式。"}),
        ("系统无法启动。", {"系统启动。", "系统能够启动。", "系统无法停止。"}),
        ("该行没有分支。", {"该行有分支。"}),
    ],
)  # fmt: skip
def test_a_sentence_is_made_false(sentence: str, possible: set[str]) -> None:
    assert all_of(lambda rng: Wording(rng).tampered(sentence)) - {None} == possible


def test_a_sentence_is_made_false_by_another_name() -> None:
    made = all_of(lambda rng: Wording(rng).tampered("He met Rossi again.")) - {None}
    assert len(made) > 10
    assert all(re.fullmatch(r"He met (?!Rossi )[A-Z]\w+ again\.", text or "") for text in made)


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 10**7), st.booleans(), st.integers(0, 99))
def test_another_figure_is_another_number(number: int, parted: bool, seed: int) -> None:
    written = f"{number:,}" if parted else str(number)
    made = Wording(random.Random(seed)).tampered(f"{written} units.")
    assert made is None or float(made.split()[0].replace(",", "")) != number


@pytest.mark.parametrize("sentence", ["Hello there friend.", "你好。", ""])
def test_what_says_nothing_is_not_made_false(sentence: str) -> None:
    assert all_of(lambda rng: Wording(rng).tampered(sentence)) == {None}


@pytest.mark.parametrize(
    ("sentence", "possible"),
    [
        ("It rose, then fell, then rose.", {"It rose, then fell", "It rose, then fell, then rose."}),
        ("It rose (by 5%).", {"It rose .", "It rose (by 5%)."}),
        ("收入增长，利润下降，现金不变。", {"收入增长，利润下降", "收入增长，利润下降，现金不变。"}),
    ],
)
def test_a_shorter_sentence_follows_from_the_whole(sentence: str, possible: set[str]) -> None:
    assert all_of(lambda rng: Wording(rng).shorter(sentence)) == possible


# ------------------------------------------------------------------------------------------------------- other wordings


def slips(name: str) -> set[str]:
    """A name with a letter lost, or two letters changed round."""
    lost = {name[:i] + name[i + 1 :] for i in range(len(name))}
    return lost | {name[:i] + name[i + 1] + name[i] + name[i + 2 :] for i in range(len(name) - 1)}


@pytest.mark.parametrize("dictionary", [[], DICTIONARY], ids=["no dictionary", "a dictionary"])
@pytest.mark.parametrize(
    ("question", "name", "figure"),
    [
        ("How many nodes did Cilium support in version 1.16?", "cilium", "1.16"),
        ("Which Corporate rate did Marlowe pay in 2024?", "marlowe", "2024"),
        ("What is the Corporate rate of 12%?", "corporate", "12"),
        ("When did Whyte leave the bank in 1998?", "whyte", "1998"),
        ("Cilium 1.16 支持多少节点？", "cilium", "1.16"),
    ],
)
def test_another_wording_keeps_names_and_figures(
    dictionary: list[tuple[str, str]], question: str, name: str, figure: str
) -> None:
    made = all_of(lambda rng: Wording(rng, dictionary).reworded(question, False))
    assert len(made) > 10
    for text in made:
        assert text
        assert figure in text
        assert {name, *slips(name)} & set(re.findall("[a-z]+", text.lower())), text


@pytest.mark.parametrize(
    ("question", "some"),
    [
        ("How many nodes are there?", {"number of nodes are there?", "how many nodes are there? thanks"}),
        ("收入是多少？", {"收入是多少", "请问收入是多少？", "收入是有多少？"}),
    ],
)
def test_people_ask_in_many_ways(question: str, some: set[str]) -> None:
    assert some <= all_of(lambda rng: Wording(rng).reworded(question, False), 2000)


def test_a_word_may_be_said_by_another_of_the_same_translation() -> None:
    made = all_of(lambda rng: Wording(rng, DICTIONARY).reworded("did revenue rise?", False), 500)
    assert {"did revenue rise?", "did income rise?"} <= made


@pytest.mark.parametrize(
    ("question", "words", "gone"),
    [
        ("How much did revenue grow in 2024?", ["收入", "增长", "2024", "多少"], ["revenue", "grow", "much", "in"]),
        ("Why does Cilium have nodes?", ["Cilium", "节点", "为什么"], ["have", "nodes"]),
        ("2024年银行的收入为什么增长？", ["2024", "bank", "grow", "why"], ["银行", "收入", "增长"]),
        ("Cilium 的节点有多少", ["cilium", "node", "how many"], ["节点"]),
    ],
)
def test_across_languages_it_is_asked_word_by_word(question: str, words: list[str], gone: list[str]) -> None:
    for text in all_of(lambda rng: Wording(rng, DICTIONARY).reworded(question, True)):
        assert text
        assert all(word in text for word in words), text
        assert not any(word in text for word in gone), text


def test_another_process_words_a_question_alike() -> None:
    code = (
        "import random\nfrom train.wording import Wording, changed\n"
        f"wording = Wording(random.Random(0), {DICTIONARY})\n"
        "print([wording.reworded('did revenue rise at the rate of the node', False) for _ in range(50)])\n"
        "print([changed('中央银行和商业银行的作用', '商业银行 中央银行 作用', random.Random(n)) for n in range(50)])"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": seed}, stdout=subprocess.PIPE
        )
        for seed in ("1", "2")
    ]
    one, other = (process.communicate()[0] for process in running)
    assert one == other != b""


def test_without_a_dictionary_a_question_stays_in_its_language() -> None:
    assert all(text and is_chinese(text) for text in all_of(lambda rng: Wording(rng).reworded("收入是多少？", True)))
