"""The records keep what they promise: places in texts, marks in order, and no change."""

from __future__ import annotations

import dataclasses
from bisect import bisect_right

import pytest
from hypothesis import given
from hypothesis import strategies as st

import records
from records import Answer, Citation, Claim, Report, Support


def report(text: str = "", published: str = "", pages: tuple[int, ...] = ()) -> Report:
    return Report("id", "a.md", "0" * 64, "Title", "", published, "en", "", text, pages)


def citation(mark: int, quote: str = "q") -> Citation:
    return Citation(mark, "id", "0" * 64, 0, len(quote), None, quote)


@pytest.mark.parametrize(
    ("published", "year"), [("2025-01-07", 2025), ("2025-01", 2025), ("2025", 2025), ("", None), ("soon", None)]
)
def test_the_year_of_a_report(published: str, year: int | None) -> None:
    assert report(published=published).year == year


def test_the_page_that_holds_an_offset() -> None:
    paged = report("aaabbbccc", pages=(0, 3, 6))
    assert [paged.page_at(offset) for offset in (0, 2, 3, 5, 6, 8)] == [1, 1, 2, 2, 3, 3]
    assert report("aaa").page_at(1) is None


@given(st.lists(st.integers(1, 50), min_size=1, max_size=8), st.integers(0, 400))
def test_pages_never_go_back(lengths: list[int], offset: int) -> None:
    starts = tuple(sum(lengths[:page]) for page in range(len(lengths)))
    paged = report("x" * sum(lengths), pages=starts)
    page = paged.page_at(offset)
    assert page == max(1, bisect_right(starts, offset))
    assert (paged.page_at(offset + 1) or 0) >= (page or 0)


def test_an_answer_reads_as_its_language_does() -> None:
    claims = (Claim("A grew.", (citation(1),)), Claim("B fell.", (citation(2),)))
    assert Answer("?", "en", claims).text == "A grew. B fell."
    assert Answer("?", "zh", (Claim("甲增长。", ()), Claim("乙下降。", ()))).text == "甲增长。乙下降。"
    rows = Claim("Takings (£): 5", ()), Claim("São Paulo: 3", ())
    assert Answer("?", "en", rows).text == "Takings (£): 5. São Paulo: 3."
    assert Answer("?", "en", certainty="none", note="The reports do not say.").text == "The reports do not say."


def test_citations_come_in_the_order_of_their_marks_each_once() -> None:
    one, two, three = citation(1), citation(2, "two"), citation(3)
    answer = Answer("?", "en", (Claim("A", (three, one)), Claim("B", (one, two))))
    assert answer.citations == (one, two, three)
    assert Answer("?", "en").citations == ()


def test_records_are_frozen_slotted_and_hashable() -> None:
    kinds = [kind for kind in vars(records).values() if dataclasses.is_dataclass(kind)]
    assert len(kinds) == 11
    for kind in kinds:
        assert isinstance(kind, type)
        assert hasattr(kind, "__slots__")
        assert kind.__hash__ is not object.__hash__
    support = Support(True, 1.0, "the same words")
    assert len({Claim("A", (citation(1),), support), Claim("A", (citation(1),), support)}) == 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        support.score = 0.0  # type: ignore[misc]
