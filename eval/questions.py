"""The eval questions: one JSON object a line, read with every bad line named."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from records import LANGUAGES, Turn


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of a report that a question is answered by: ``quote`` stands in the text of ``report``, a path."""

    report: str
    quote: str


@dataclass(frozen=True, slots=True)
class EvalQuestion:
    """A question and what a right answer has.

    ``facts`` are groups of alternative strings; an answer has a fact when it holds one string of its group, and is
    right when it has them all. An unanswerable question may have facts too: the words by which a report itself says
    that it does not know, or that things are not as the question has them. ``reports`` are the paths that may be
    cited; of an unanswerable question those that come nearest. ``languages`` restricts the search, so that a question
    meets reports of the other language alone; empty: all.

    ``evidence`` are the words of the reports that hold the facts. ``must_not`` are strings no right answer holds.
    ``absent`` are strings that no paragraph and no table of any report has together: why a question has no answer.
    Questions of one ``pair`` ask for one fact in other words.
    """

    id: str
    question: str
    language: str
    kind: str
    answerable: bool
    facts: tuple[tuple[str, ...], ...]
    reports: tuple[str, ...]
    history: tuple[Turn, ...] = ()
    languages: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    must_not: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    pair: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of the questions file that was skipped, and why; lines count from 1."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line} skipped: {self.reason}"


def read(path: Path) -> tuple[list[EvalQuestion], list[Problem]]:
    """The questions of a JSONL file in its order, and the lines which are none. Blank lines are nothing.

    Raises OSError when the file cannot be opened.
    """
    questions: list[EvalQuestion] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            question = parse(line.decode("utf-8-sig"))
        except ValueError as error:
            problems.append(Problem(number, str(error)))
            continue
        if question.id in seen:
            problems.append(Problem(number, f"the id {question.id!r} is taken by line {seen[question.id]}."))
            continue
        seen[question.id] = number
        questions.append(question)
    return questions, problems


def parse(line: str) -> EvalQuestion:
    """One line as a question. Raises ValueError with the field, its value and what it should be."""
    try:
        data = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"this is no JSON ({error}).") from None
    if not isinstance(data, dict):
        raise ValueError(f"a question is a JSON object, and this is a {type(data).__name__}.")
    language = _text(data, "language")
    if language not in LANGUAGES:
        raise ValueError(f"language has value {language!r}. It should be {' or '.join(LANGUAGES)}.")
    answerable = data.get("answerable")
    if not isinstance(answerable, bool):
        raise ValueError(f"answerable has value {answerable!r}. It should be true or false.")
    groups = data.get("facts", [])
    if not isinstance(groups, list):
        raise ValueError(f"facts has value {groups!r}. It should be a list of lists of strings.")
    facts = tuple(_texts(group, "each group of facts") for group in groups)
    if not all(facts):
        raise ValueError("facts has an empty group. Each group needs a string that a right answer holds.")
    reports = _texts(data.get("reports", []), "reports")
    if answerable and not (facts and reports):
        raise ValueError("an answerable question needs facts and reports, so that its answer can be judged.")
    languages = _texts(data.get("languages", []), "languages")
    if unknown := [value for value in languages if value not in LANGUAGES]:
        raise ValueError(f"languages has value {unknown[0]!r}. It should be {' or '.join(LANGUAGES)}.")
    return EvalQuestion(
        id=_text(data, "id"),
        question=_text(data, "question"),
        language=language,
        kind=_text(data, "kind"),
        answerable=answerable,
        facts=facts,
        reports=reports,
        history=_turns(data.get("history", [])),
        languages=languages,
        evidence=_evidence(data.get("evidence", [])),
        must_not=_texts(data.get("must_not", []), "must_not"),
        absent=_texts(data.get("absent", []), "absent"),
        pair=_text(data, "pair") if "pair" in data else "",
    )


def without_reports(
    questions: Sequence[EvalQuestion], known: Sequence[str]
) -> tuple[list[EvalQuestion], dict[str, list[str]]]:
    """The questions whose reports are all known, and for each of the others (by id) the paths that are not."""
    unknown = {q.id: [path for path in q.reports if path not in known] for q in questions}
    unknown = {id: paths for id, paths in unknown.items() if paths}
    return [q for q in questions if q.id not in unknown], unknown


def _text(data: Mapping[str, object], field: str) -> str:
    value = data.get(field)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{field} has value {value!r}. It should be a text.")
    return value


def _texts(value: object, field: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise ValueError(f"{field} has value {value!r}. It should be a list of strings.")
    return tuple(value)


def _evidence(value: object) -> tuple[Evidence, ...]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ValueError(f'evidence has value {value!r}. It should be a list of {{"report", "quote"}}.')
    return tuple(Evidence(_text(item, "report"), _text(item, "quote")) for item in value)


def _turns(value: object) -> tuple[Turn, ...]:
    if not isinstance(value, list) or not all(isinstance(turn, dict) for turn in value):
        raise ValueError(f'history has value {value!r}. It should be a list of {{"question", "answer"}}.')
    for turn in value:
        if not isinstance(turn.get("answer", ""), str):
            raise ValueError(f"an answer in history has value {turn['answer']!r}. It should be a text.")
    return tuple(Turn(_text(turn, "question"), turn.get("answer", "")) for turn in value)
