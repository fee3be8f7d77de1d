"""Characters that mean the same are matched as one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.fold import fold


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
