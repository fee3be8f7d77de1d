"""Questions made of a report: what they are called by, and which answers are theirs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from answer.proposed import Proposal, about, of_figures, of_rows, of_sections
from ingest.read import report_from_text
from records import Answer, Citation, Claim

FJORD = report_from_text(
    """# Fjord Ferries 2024

## The **year**

The fleet grew to 31 ferries. Its debt fell to 4 million euros. Sales were calm.

| Line | Passengers | Cancelled (%) |
| --- | --- | --- |
| Coast | 8,120 | 1.4 |
| Fjord | third | |

| Item | Figure |
| --- | --- |
| Harbours | 12 |

## Outlook

Calm.

## Staff

Six.

## Outlook

Calmer still.
""",
    "fjord.md",
)


def test_rows_are_asked_for_by_their_name_and_by_the_column_where_they_have_several_figures() -> None:
    assert [(one.question, one.fact) for one in of_rows(FJORD, "en")] == [
        ("In “Fjord Ferries 2024”, what is “Passengers” for “Coast”?", "8,120"),
        ("In “Fjord Ferries 2024”, what is “Cancelled (%)” for “Coast”?", "1.4"),
        ("In “Fjord Ferries 2024”, what is the figure for “Harbours”?", "12"),
    ]
    assert next(of_rows(FJORD, "zh")).question == "《Fjord Ferries 2024》里，Coast的“Passengers”是多少？"


def test_figures_headings_and_the_whole_are_asked_for_where_they_stand() -> None:
    (figure,) = of_figures(FJORD, language="en")
    assert figure.question == "In “Fjord Ferries 2024”, what is the figure for “the fleet”?"
    assert list(of_figures(FJORD, figure.end)) == []
    year, outlook, staff = of_sections(FJORD, "en")
    assert year.question == "What does “Fjord Ferries 2024” say about “The year”?"
    assert "31 ferries" in year.quote
    assert (outlook.quote, staff.quote) == ("Calm.", "Six.")
    assert [one.question for one in about(FJORD, "zh")] == ["《Fjord Ferries 2024》讲了什么？"]
    for one in (figure, year, outlook):
        assert FJORD.text[one.start : one.end] == one.quote


def answered(quote: str, report_id: str = FJORD.id, certainty: str = "sure") -> Answer:
    start = FJORD.text.index(quote)
    cited = Citation(1, report_id, FJORD.sha256, start, start + len(quote), None, quote)
    return Answer("?", "en", (Claim(quote, (cited,)),), certainty)


@pytest.mark.parametrize(
    ("answer", "is_answer"),
    [
        (answered("Coast | 8,120 | 1.4"), True),
        (answered("The fleet grew to 31 ferries."), False),
        (answered("Coast | 8,120 | 1.4", report_id="another"), False),
        (answered("Coast | 8,120 | 1.4", certainty="unsure"), False),
        (Answer("?", "en", certainty="none"), False),
    ],
    ids=["its row", "another sentence", "another report", "unsure", "declined"],
)
def test_an_answer_is_its_own_where_it_begins_with_the_words_that_it_was_made_of(
    answer: Answer, is_answer: bool
) -> None:
    coast: Proposal = next(of_rows(FJORD, "en"))
    assert coast.is_answered_by(answer) is is_answer


def test_other_words_of_the_report_that_hold_the_fact_answer_too() -> None:
    coast = next(of_rows(FJORD, "en"))
    assert replace(coast, fact="31").is_answered_by(answered("The fleet grew to 31 ferries."))
    assert not replace(coast, fact="").is_answered_by(answered("The fleet grew to 31 ferries."))
