"""Opposites and denials across languages, by a Meaning that knows some words of both."""

from collections.abc import Sequence

import pytest

from answer.across import reversed_across
from answer.reading import read
from index.interaction import Covered

#: What each concept is called; a word is a piece, and pieces of one concept have cosine .8.
CONCEPTS = (
    ("windows", "Windows"),
    ("support supports", "支持"),
    ("release", "版本"),
    ("reliable", "可靠"),
    ("network", "网络"),
    ("user users", "用户"),
    ("lift soar surge climb", "走高"),
    ("plunge slump", "走低"),
)


class Dictionary:
    """One piece for each known word of the claim, in order."""

    def coverage(self, claim: str, span: str) -> list[Covered]:
        there = {i for i, names in enumerate(CONCEPTS) for name in known(names) if name in span.lower()}
        pieces: list[Covered] = []
        for i, names in enumerate(CONCEPTS):
            pieces += [
                Covered(name, 1.0, 0.8 if i in there else 0.05) for name in known(names) if name in claim.lower()
            ]
        return pieces


def known(names: Sequence[str]) -> list[str]:
    return " ".join(names).lower().split()


MEANING = Dictionary()


@pytest.mark.parametrize(
    ("claim", "span", "kind"),
    [
        ("The release does not support Windows.", "该版本支持 Windows。", "negated"),
        ("该版本不支持 Windows。", "The release supports Windows.", "negated"),
        ("The release supports Windows.", "该版本不支持 Windows。", "negated"),
        ("Users soar.", "用户走低。", "reversed"),
    ],
)
def test_what_is_turned_is_caught_across_languages(claim: str, span: str, kind: str) -> None:
    reason = reversed_across(read(claim), read(span), MEANING)
    assert reason
    assert reason[0] == kind


@pytest.mark.parametrize(
    ("claim", "span"),
    [
        ("The release does not support Windows.", "该版本不支持 Windows。"),
        ("The release supports Windows.", "该版本支持 Windows。"),
        ("Users increased.", "用户增加了。"),
        ("Users soar.", "用户走高。"),
    ],
)
def test_what_says_the_same_is_left_alone(claim: str, span: str) -> None:
    assert reversed_across(read(claim), read(span), MEANING) is None
    assert reversed_across(read(claim), read(span), None) is None


def test_without_a_meaning_opposites_are_told_by_their_words() -> None:
    claim, span = read("Users increased."), read("用户减少了。")
    assert reversed_across(claim, span, None) == ("reversed", "Users increased.")


def test_a_denial_of_something_else_far_away_excuses_none() -> None:
    claim = "The release does not support Windows."
    far = "网络不可靠，" + "这里还有许多其他的话要说，" * 4 + "该版本支持 Windows。"
    assert reversed_across(read(claim), read(far), MEANING) == ("negated", claim[:40])
    assert reversed_across(read(claim), read(far), None) is None
