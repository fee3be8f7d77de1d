"""Characters that mean the same are matched as one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.fold import fold, letters, overlap


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("臺灣的營業收入", "台湾的营业收入"),
        ("後來 髮型 乾淨", "后来 发型 干净"),
        ("⼈⼝", "人口"),
        ("ＦＹ２０２４", "FY2024"),
        ("plain ASCII", "plain ASCII"),
        ("，。：“”", "，。：“”"),
    ],
)
def test_like_characters_become_one(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_keeps_every_place_and_is_done_once(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


def test_letters_are_what_marks_and_widths_and_case_leave() -> None:
    assert letters("**Ａ-b** 1,０11 家_") == letters("ab 1011家") == "ab1011家"


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("The pier is 40 m long.", "the pier is 40 m LONG", True),
        ("货运量达 1,011 吨", "货运量达１，０１１吨，增长 9%", True),
        ("Half of it is here.", "Half of i", True),
        ("Half of it is here.", "Half", True),
        ("The pier is 40 m long.", "The bridge is 90 m wide.", False),
        ("---", "The pier", False),
    ],
)
def test_texts_overlap_by_half_of_the_shorter(one: str, other: str, together: bool) -> None:
    assert overlap(one, other) is overlap(other, one) is together
