"""The shipped questions can be judged by the shipped reports; bad lines are named."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from eval.metrics import missing
from eval.questions import EvalQuestion, parse, read, without_reports
from records import Turn
from settings import ROOT

QUESTIONS, PROBLEMS = read(ROOT / "eval" / "questions.jsonl")
GOOD: dict[str, object] = {
    "id": "a",
    "question": "How many?",
    "language": "en",
    "kind": "number",
    "answerable": True,
    "facts": [["3"]],
    "reports": ["a.md"],
}


def line(**changes: object) -> str:
    return json.dumps(GOOD | changes, ensure_ascii=False)


def test_the_shipped_questions_are_all_read() -> None:
    assert PROBLEMS == []
    assert len(QUESTIONS) >= 30


def test_both_languages_have_their_half_and_every_kind_is_asked() -> None:
    languages = Counter(q.language for q in QUESTIONS)
    assert min(languages.values()) >= 0.4 * len(QUESTIONS)
    kinds = {"number", "share", "date", "version", "name", "list", "reason", "definition", "comparison", "follow-up"}
    assert kinds <= {q.kind for q in QUESTIONS}
    assert sum(not q.answerable for q in QUESTIONS) >= 8
    assert all(q.history for q in QUESTIONS if q.kind == "follow-up")
    assert {q.languages for q in QUESTIONS} >= {("zh",), ("en",)}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.id)
def test_every_report_language_of_a_question_holds_all_its_facts(question: EvalQuestion) -> None:
    """So a question can be answered from the digests of either language, and its alternatives cover both."""
    for language in ("zh", "en"):
        paths = [path for path in question.reports if path.endswith(f".{language}.md")]
        text = "\n".join((ROOT / "reports" / path).read_text(encoding="utf-8") for path in paths)
        assert not paths or missing(text, question.facts) == []


def test_a_line_becomes_a_question() -> None:
    question = parse(line(history=[{"question": "Why?", "answer": "So."}, {"question": "And?"}], languages=["zh"]))
    assert question.facts == (("3",),)
    assert question.history == (Turn("Why?", "So."), Turn("And?", ""))
    assert question.languages == ("zh",)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("{", "no JSON"),
        ("[]", "this is a list"),
        (line(language="fr"), "language has value 'fr'. It should be zh or en."),
        (line(languages=["fr"]), "languages has value 'fr'. It should be zh or en."),
        (line(question=" "), "question has value ' '. It should be a text."),
        (line(answerable="yes"), "answerable has value 'yes'. It should be true or false."),
        (line(facts=[]), "needs facts and reports"),
        (line(facts="3"), "facts has value '3'. It should be a list of lists of strings."),
        (line(facts=["3"]), "each group of facts has value '3'"),
        (line(facts=[[]]), "empty group"),
        (line(reports="a.md"), "reports has value 'a.md'"),
        (line(history=["Why?"]), "history has value"),
        (line(history=[{"question": "Why?", "answer": 3}]), "an answer in history has value 3"),
    ],
)
def test_a_bad_line_says_what_is_wrong_with_it(bad: str, said: str) -> None:
    with pytest.raises(ValueError, match=r".") as error:
        parse(bad)
    assert said in str(error.value)


def test_bad_lines_are_named_by_number_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    text = "\n".join(["\ufeff" + line(), "", "{", line(), line(id="b", question="多少？")]) + "\n"
    path.write_bytes(text.encode() + b"\xff\xfe\n")
    questions, problems = read(path)
    assert [q.id for q in questions] == ["a", "b"]
    assert [p.line for p in problems] == [3, 4, 6]
    assert str(problems[1]) == "line 4 skipped: the id 'a' is taken by line 1."


def test_questions_about_reports_that_are_not_indexed_are_set_aside() -> None:
    known, unknown = parse(line()), parse(line(id="b", reports=["a.md", "b.md"]))
    assert without_reports([known, unknown], ["a.md"]) == ([known], {"b": ["b.md"]})
