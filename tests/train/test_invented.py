"""Invented lessons are in order: spans that hold the words, half of them noes, both languages in all directions."""

import re
from collections import Counter
from collections.abc import Sequence

import pytest

from text.sentences import quotable
from train.invented import lessons
from train.lesson import CONTRADICTED, SUPPORTED, UNKNOWN, UNSUPPORTED, Lesson
from train.wording import is_chinese

YEAR = re.compile(r"20\d\d")


@pytest.fixture(scope="module")
def made() -> Sequence[Lesson]:
    return list(lessons(800, 3))


@pytest.fixture(scope="module")
def asked(made: Sequence[Lesson]) -> Sequence[Lesson]:
    return [lesson for lesson in made if lesson.verdict is None]


def words_at(lesson: Lesson, span: tuple[int, int]) -> str:
    return lesson.passage[span[0] : span[1]]


def test_spans_lie_in_the_passage_and_the_answer_in_one_of_them(made: Sequence[Lesson]) -> None:
    for lesson in made:
        for start, end in lesson.evidence:
            assert 0 <= start < end <= len(lesson.passage)
        if lesson.answer:
            assert words_at(lesson, lesson.answer).strip() == words_at(lesson, lesson.answer) != ""
            assert any(s <= lesson.answer[0] and lesson.answer[1] <= e for s, e in lesson.evidence)


def test_evidence_is_what_can_be_quoted(made: Sequence[Lesson]) -> None:
    """But for a few: a quoted question without a stop runs into the answer, a group "35–44" has no letters."""
    spans = [(lesson, span) for lesson in made for span in lesson.evidence]
    odd = [
        words_at(lesson, span) for lesson, span in spans if span not in quotable(lesson.passage, 0, len(lesson.passage))
    ]
    assert len(odd) <= 0.02 * len(spans), odd


def test_texts_are_filled_in(made: Sequence[Lesson]) -> None:
    for lesson in made:
        assert lesson.question
        assert lesson.passage
        assert not re.search(r"[{}\x01\x02]", lesson.question + lesson.passage + lesson.above), lesson


def test_about_half_are_noes(asked: Sequence[Lesson]) -> None:
    assert 0.4 < sum(not lesson.evidence for lesson in asked) / len(asked) < 0.6


def test_what_is_called_a_no_has_no_answer(asked: Sequence[Lesson]) -> None:
    for lesson in asked:
        assert bool(lesson.evidence) != ("-not-" in lesson.source)
        assert lesson.evidence or not lesson.answer


def test_questions_and_passages_go_in_all_four_directions(made: Sequence[Lesson]) -> None:
    ways = Counter((is_chinese(lesson.question), is_chinese(lesson.passage)) for lesson in made)
    assert len(ways) == 4
    assert min(ways.values()) > 60


def test_all_kinds_of_lessons_are_made(made: Sequence[Lesson]) -> None:
    kinds = {lesson.source.removeprefix("invented-").removeprefix("not-") for lesson in made}
    assert {"fact", "whether", "list", "table", "survey", "compare", "claim", "claim-whether"} <= kinds
    assert {"org", "year", "absent", "near", "vague", "opposite", "echo"} <= kinds
    assert {lesson.verdict for lesson in made} == {None, SUPPORTED, CONTRADICTED, UNKNOWN, UNSUPPORTED}


def test_a_claim_has_evidence_where_its_span_tells_of_it(made: Sequence[Lesson]) -> None:
    for lesson in made:
        if lesson.verdict is not None:
            assert bool(lesson.evidence) == (lesson.verdict in (SUPPORTED, CONTRADICTED)), lesson


def test_another_year_than_the_asked_one_is_told_of(made: Sequence[Lesson]) -> None:
    others = [lesson for lesson in made if lesson.source == "invented-not-year"]
    assert len(others) > 5
    for lesson in others:
        assert not set(YEAR.findall(lesson.question)) & set(YEAR.findall(lesson.above)), lesson


def test_a_seed_gives_the_same_lessons_again(made: Sequence[Lesson]) -> None:
    assert list(lessons(40, 3)) == list(made[:40])
    assert list(lessons(40, 4)) != list(made[:40])
