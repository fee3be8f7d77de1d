"""Which sentences are quoted, told by chances that one can compute by hand."""

from dataclasses import replace

import numpy as np
import pytest

from answer.candidates import Candidate, candidates
from answer.choose import NAMES, OF_CONFIDENCE, Choice, Considered, Line, choose, confidence_row, relative, signals
from answer.question import understand
from answer.reader import Unread
from index.search import Search
from tests.answer.conftest import over

FLAT = Line(np.zeros(1, np.float32), np.zeros(1, np.float32), np.ones(1, np.float32), 0.0)
CHOICE = Choice(FLAT, FLAT, 0.5, 0.1, further=0.3, further_share=0.5)
TEXT = (
    "# Orchard 2024\n\nFirst things first. The bridge was opened in May. It cost 3 million euros. Trees grow in 2023."
)


def considered(search: Search, *chances: float) -> Considered:
    found = [c for of_hit in candidates(search, search.search("bridge", 4)) for c in of_hit]
    assert len(found) == len(chances)
    words = tuple((c.start, c.end, 1.0) for c in found)
    return Considered(
        tuple(found), np.zeros((len(found), len(NAMES)), np.float32), np.array(chances, np.float32), words, 0.7
    )


@pytest.fixture(scope="module")
def orchard(empty: Search) -> Search:
    return over(empty, {"orchard-2024.md": TEXT})


def quoted(found: Considered, question: str, most: int = 3) -> list[str]:
    return [candidate.text for candidate in choose(found, CHOICE, understand(question), most).sentences]


def test_the_best_comes_first_and_others_follow_only_if_they_may_answer(orchard: Search) -> None:
    assert quoted(considered(orchard, 0.1, 0.6, 0.9, 0.2), "x?") == [
        "It cost 3 million euros.",
        "The bridge was opened in May.",
    ]
    assert quoted(considered(orchard, 0.1, 0.4, 0.9, 0.2), "x?") == ["It cost 3 million euros."]
    assert quoted(considered(orchard, 0.1, 0.6, 0.9, 0.8), "x?", most=2) == [
        "It cost 3 million euros.",
        "Trees grow in 2023.",
    ]


def test_an_answer_that_is_not_sure_shows_the_next_best_too(orchard: Search) -> None:
    found = replace(considered(orchard, 0.01, 0.2, 0.9, 0.02), confidence=0.4)
    assert quoted(found, "x?") == ["It cost 3 million euros.", "The bridge was opened in May."]


def test_several_things_stand_in_the_order_of_the_report(orchard: Search) -> None:
    asked = "Which things are said of the bridge?"
    assert quoted(considered(orchard, 0.1, 0.6, 0.9, 0.2), asked) == [
        "The bridge was opened in May.",
        "It cost 3 million euros.",
    ]


def test_a_comparison_of_years_has_each_years_best_sentence(orchard: Search) -> None:
    found = considered(orchard, 0.1, 0.2, 0.9, 0.05)
    assert quoted(found, "compare 2023 and 2024") == ["It cost 3 million euros.", "Trees grow in 2023."]


def test_what_restates_a_quoted_sentence_is_left_out(empty: Search) -> None:
    search = over(empty, ["The bridge was opened in May.\n\nThe bridge was opened in May 2024."])
    assert len(quoted(considered(search, 0.8, 0.9), "x?")) == 1


def test_what_differs_in_a_figure_restates_nothing(empty: Search) -> None:
    search = over(empty, ["Members of the north channel: 1876.\n\nMembers of the north channel: 1895."])
    assert len(quoted(considered(search, 0.8, 0.9), "x?")) == 2


def test_a_comparison_of_names_has_each_ones_best_sentence(empty: Search) -> None:
    search = over(empty, ["The Alder bridge is long. The Birch bridge is short. Alder and Birch are bridges."])
    assert quoted(considered(search, 0.6, 0.1, 0.9), "Compare Alder and Birch") == [
        "The Alder bridge is long.",
        "The Birch bridge is short.",
    ]


def test_a_passage_in_another_language_is_held_to_the_same_chance(empty: Search) -> None:
    search = over(empty, ["The bridge was opened in May. It cost 3 million euros."])
    assert len(quoted(considered(search, 0.35, 0.32), "这座桥花了多少钱？")) == 2


def test_the_questions_own_language_answers_where_it_says_the_same_figure(empty: Search) -> None:
    reports = {"bridge.zh.md": "这座桥花了 31 万欧元。", "bridge.en.md": "It cost 31 thousand euros. It has 9 arches."}
    search = over(empty, reports)
    texts = [c.text for of_hit in candidates(search, search.search("bridge", 4)) for c in of_hit]
    chances = {"这座桥花了 31 万欧元。": 0.9, "It cost 31 thousand euros.": 0.2, "It has 9 arches.": 0.1}
    found = considered(search, *(chances[text] for text in texts))
    assert quoted(found, "What did the bridge cost?") == ["It cost 31 thousand euros."]
    assert quoted(found, "这座桥花了多少钱？") == ["这座桥花了 31 万欧元。"]


def test_a_series_is_given_whole_where_several_things_are_asked_for(empty: Search) -> None:
    text = "# Plans\n\nFirst, we plant trees.\n\nThey grow.\n\nSecond, we mend the bridge.\n\nThird, we rest."
    found = considered(over(empty, [text]), 0.1, 0.0, 0.9, 0.0)
    whole = ["First, we plant trees.", "Second, we mend the bridge.", "Third, we rest."]
    assert quoted(found, "What are the plans?") == whole
    assert quoted(found, "When is the bridge mended?") == ["Second, we mend the bridge."]


def test_the_signals_say_what_is_exact(empty: Search) -> None:
    search = over(
        empty,
        {
            "orchard-2023.md": "# Orchard 2023\n\nKestrel had 12 staff.",
            "orchard-2024.md": "# Orchard 2024\n\nKestrel had 15 staff. In 2022 it had 9:",
        },
    )
    question = understand("How many staff did Kestrel have in 2024?")
    hits = search.search(question.whole, 4)
    found = list(candidates(search, hits))
    from answer.candidates import excerpt

    readings = Unread().read(question.whole, [excerpt(search.report(hit.passage.report_id), hit) for hit in hits])
    rows = signals(search, question, found, readings)
    flat = [candidate for of_hit in found for candidate in of_hit]

    def told(name: str, words: str) -> float:
        return float(next(rows[i, NAMES.index(name)] for i, c in enumerate(flat) if words in c.text))

    def years(words: str) -> list[float]:
        return [told(name, words) for name in ("other_year", "year_beside", "report_of_other", "no_year")]

    assert [years("12 staff"), years("15 staff"), years("2022")] == [[0, 0, 1, 1], [0, 0, 0, 0], [0, 1, 0, 0]]
    assert told("lacks_name", "15 staff") == 0
    assert told("lacks_name", "In 2022") == 0  # its passage names it
    assert told("is_lead", "In 2022") == 1
    assert told("has_figure", "15 staff") == 1
    other = replace(question, names=("Zabbix",))
    assert signals(search, other, found, readings)[:, NAMES.index("lacks_name")].tolist() == [1.0] * len(flat)


def test_confidence_looks_at_the_best_sentence_and_how_far_it_is_ahead() -> None:
    rows = np.zeros((3, len(NAMES)), np.float32)
    rows[:, NAMES.index("rank")] = 0, 1, 2
    rows[:, NAMES.index("margin")] = 5, 6, 7
    row = confidence_row(rows, np.array([0.2, 0.9, 0.5], np.float32))
    told = dict(zip(OF_CONFIDENCE, row.tolist(), strict=True))
    assert told["margin"] == 6
    assert told["lead"] == pytest.approx(np.log(9), abs=0.01)


def test_relative_signals_are_measured_against_the_best() -> None:
    rows = np.zeros((2, len(NAMES)), np.float32)
    rows[:, NAMES.index("odds")] = 3, 1
    assert relative(rows)[:, NAMES.index("behind")].tolist() == [0, -2]


def test_a_line_is_read_by_the_names_of_its_values() -> None:
    made = {
        "values": {"b": {"weight": 2.0, "mean": 1.0, "scale": 2.0}, "a": {"weight": 0.0, "mean": 0.0, "scale": 1.0}},
        "bias": 0.5,
    }
    line = Line.from_json(made, ("a", "b"))
    assert line.chances(np.array([[9.0, 1.0]], np.float32))[0] == pytest.approx(1 / (1 + np.exp(-0.5)))
    with pytest.raises(KeyError):
        Line.from_json(made, ("c",))


def test_a_candidate_is_where_it_says(orchard: Search) -> None:
    found: list[Candidate] = [c for of_hit in candidates(orchard, orchard.search("bridge", 4)) for c in of_hit]
    assert all(c.report.text[c.start : c.end] == c.text for c in found)
