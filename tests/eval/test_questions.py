"""The shipped questions can be judged by the shipped reports, are worded as people ask, and bad lines are named."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import pytest

from eval.metrics import holds, missing, normal
from eval.questions import EvalQuestion, Evidence, parse, read, without_reports
from ingest.read import read as read_report
from records import Turn
from settings import ROOT
from text.language import weight
from text.words import content_words

QUESTIONS, PROBLEMS = read(ROOT / "eval" / "questions.jsonl")
FOLDERS = (ROOT / "reports", ROOT / "eval" / "reports")
REPORTS = [
    read_report(path, folder)
    for folder in FOLDERS
    for path in sorted(folder.iterdir())
    if path.suffix in (".md", ".html", ".pdf", ".docx")
]
TEXTS = {report.path: report.text for report in REPORTS}
LANGUAGE = {report.path: report.language for report in REPORTS}
#: Reports whose text is the file itself; how the others are laid out as Markdown may change.
PLAIN = ".md"
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


def packed(text: str, path: str) -> str:
    """A text as quotes of that report are compared: without spaces, and without marks unless it is its file's own text.

    ``"| Grain | 612 |"`` of a PDF -> ``grain612``
    """
    return re.sub(r"\s+" if path.endswith(PLAIN) else r"[\W_]+", "", text).casefold()


PACKED = {path: packed(text, path) for path, text in TEXTS.items()}


def quotes(question: EvalQuestion) -> str:
    return "\n".join(evidence.quote for evidence in question.evidence)


def direction(question: EvalQuestion) -> str:
    """Is the question asked in the language of its reports, in the other one, or about no report at all."""
    if not question.reports:
        return "none"
    return "same" if question.language in {LANGUAGE[path] for path in question.reports} else "across"


def overlap(question: EvalQuestion) -> float:
    """The share of the question's words that its evidence in the same language has too: 0 where it shares none."""
    asked = content_words(question.question)
    told = "\n".join(e.quote for e in question.evidence if LANGUAGE[e.report] == question.language)
    return len(set(asked) & set(content_words(told))) / max(len(asked), 1)


#: Overlaps by pair: of the answerable questions that have evidence in their own language.
OVERLAPS: dict[str, list[float]] = defaultdict(list)
for asked_of in QUESTIONS:
    if asked_of.answerable and direction(asked_of) == "same":
        OVERLAPS[asked_of.pair].append(overlap(asked_of))


def blocks() -> list[str]:
    """Every paragraph and every table of the reports, under its report's title, as facts are compared."""
    parts = ((report.title, part) for report in REPORTS for part in re.split(r"\n\s*\n", report.text))
    return [normal(f"{title}: {part}") for title, part in parts]


def test_the_shipped_questions_are_all_read() -> None:
    assert PROBLEMS == []
    assert len(QUESTIONS) >= 700


def test_no_two_reports_of_the_collection_share_a_path() -> None:
    assert len(TEXTS) == len(REPORTS) >= 17
    sizes = [weight(report.text) for report in REPORTS if report.path in used()]
    assert min(sizes) >= 1_500


def used() -> set[str]:
    return {path for question in QUESTIONS for path in question.reports}


def test_every_report_is_asked_about_and_every_report_asked_about_is_there() -> None:
    assert used() == set(TEXTS)


def test_both_languages_have_their_half_and_every_kind_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    languages = Counter(question.language for question in QUESTIONS)
    kinds = Counter(question.kind for question in QUESTIONS)
    directions = Counter(direction(question) for question in QUESTIONS)
    with capsys.disabled():
        print(f"\n{len(QUESTIONS)} questions: {dict(languages)}, {dict(directions)}\n{dict(kinds)}")
    assert min(languages.values()) >= 0.45 * len(QUESTIONS)
    assert directions["across"] >= len(QUESTIONS) / 3
    assert sum(not question.answerable for question in QUESTIONS) >= len(QUESTIONS) / 4
    floors = {"number": 100, "reason": 80, "table": 60, "list": 40, "comparison": 40, "name": 30, "definition": 30}
    floors |= {"follow-up": 25, "yesno": 15, "summary": 12, "wrong-year": 30, "missing-detail": 40}
    floors |= {"other-entity": 20, "false-premise": 25, "injection": 15, "share": 10, "date": 5, "version": 5}
    floors |= {"year-of-report": 10, "latest": 10, "namesake": 10, "exact-figure": 10, "conflict": 12, "agreement": 2}
    floors |= {"title": 12, "role": 10}
    assert {kind: kinds[kind] for kind, floor in floors.items() if kinds[kind] < floor} == {}


def test_follow_ups_have_a_history_and_some_searches_are_kept_to_one_language() -> None:
    assert [q.id for q in QUESTIONS if q.kind == "follow-up" and not q.history] == []
    assert {q.languages for q in QUESTIONS} >= {("zh",), ("en",)}


def test_every_report_language_of_a_question_holds_all_its_facts() -> None:
    """So a question can be answered from the digests of either language, and its alternatives cover both."""
    for question in QUESTIONS:
        for language in {LANGUAGE[path] for path in question.reports}:
            text = "\n".join(TEXTS[path] for path in question.reports if LANGUAGE[path] == language)
            assert missing(text, question.facts) == [], question.id


def test_every_quote_stands_in_its_report() -> None:
    pairs = [(question.id, evidence) for question in QUESTIONS for evidence in question.evidence]
    lost = [(id, e.quote) for id, e in pairs if packed(e.quote, e.report) not in PACKED[e.report]]
    assert lost == []


def test_every_fact_stands_in_the_quotes_that_are_its_evidence() -> None:
    assert [(q.id, fault) for q in QUESTIONS if (fault := missing(quotes(q), q.facts))] == []
    assert [q.id for q in QUESTIONS if q.answerable and not q.evidence] == []


def test_evidence_is_of_the_reports_that_may_be_cited() -> None:
    assert [q.id for q in QUESTIONS for e in q.evidence if e.report not in q.reports] == []


def test_no_question_holds_its_own_answer() -> None:
    asked = [(q, form) for q in QUESTIONS if q.answerable for group in q.facts for form in group]
    assert [(q.id, form) for q, form in asked if holds(q.question, form)] == []


def test_nothing_that_an_answer_must_not_hold_is_in_its_evidence() -> None:
    assert [(q.id, word) for q in QUESTIONS for word in q.must_not if holds(quotes(q), word)] == []


def test_no_question_is_asked_twice() -> None:
    asked = Counter((normal(q.question), q.history, q.languages) for q in QUESTIONS)
    assert [question for question, count in asked.items() if count > 1] == []


def test_every_fact_is_asked_in_two_wordings_or_more() -> None:
    wordings = Counter(question.pair for question in QUESTIONS if question.answerable)
    assert [pair for pair, count in wordings.items() if count < 2 or not pair] == []


def test_questions_of_a_pair_want_the_same_facts() -> None:
    wanted: dict[str, set[frozenset[frozenset[str]]]] = defaultdict(set)
    for question in QUESTIONS:
        if question.answerable:
            wanted[question.pair].add(frozenset(frozenset(group) for group in question.facts))
    assert [pair for pair, facts in wanted.items() if len(facts) > 1] == []


def test_questions_share_few_words_with_what_answers_them() -> None:
    assert median(value for values in OVERLAPS.values() for value in values) < 0.45
    assert median(min(values) for values in OVERLAPS.values()) < 0.30


def test_what_an_unanswerable_question_asks_for_is_nowhere_in_the_reports() -> None:
    """Its words of absence stand together in no paragraph or table, nor in one and its report's title."""
    texts = blocks()
    told = [(q.id, q.absent, text[:120]) for q in QUESTIONS if q.absent for text in texts if together(q.absent, text)]
    assert told == []


def together(words: Sequence[str], text: str) -> bool:
    return all(normal(word) in text for word in words)


def test_why_an_unanswerable_question_has_no_answer_is_said() -> None:
    """By words that the reports do not have together, or by a report's own saying that it does not know."""
    kinds = ("wrong-year", "other-entity", "missing-detail")
    assert [q.id for q in QUESTIONS if q.kind in kinds and not q.absent and not q.facts] == []
    assert [q.id for q in QUESTIONS if q.answerable and q.absent] == []


def test_a_line_becomes_a_question() -> None:
    question = parse(line(history=[{"question": "Why?", "answer": "So."}, {"question": "And?"}], languages=["zh"]))
    assert question.facts == (("3",),)
    assert (question.evidence, question.must_not, question.absent, question.pair) == ((), (), (), "")
    assert question.history == (Turn("Why?", "So."), Turn("And?", ""))
    assert question.languages == ("zh",)


def test_a_line_may_say_what_its_answer_rests_on() -> None:
    evidence = [{"report": "a.md", "quote": "There are 3."}]
    question = parse(line(evidence=evidence, must_not=["4"], absent=["2019", "ships"], pair="ships"))
    assert question.evidence == (Evidence("a.md", "There are 3."),)
    assert (question.must_not, question.absent, question.pair) == (("4",), ("2019", "ships"), "ships")


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
        (line(evidence=["There are 3."]), "evidence has value"),
        (line(evidence=[{"report": "a.md"}]), "quote has value None"),
        (line(must_not="4"), "must_not has value '4'"),
        (line(pair=""), "pair has value ''"),
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
