"""Answers that were given elsewhere, in the format of ``python -m answer --batch``, as outcomes to score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.questions import EvalQuestion
from eval.run import Outcome, Parts, judged
from index.batch import read_lines
from records import CERTAINTIES, Answer, Citation, Claim, Report
from text.language import language_of
from text.sentences import quotable

#: What stands where a citation's report is not in the collection: nothing it says is the text of a report.
_UNKNOWN = Report("", "", "", "", "", "", "", "", "")


def outcomes(
    path: Path, questions: Sequence[EvalQuestion], reports: Sequence[Report], parts: Parts
) -> tuple[list[Outcome], list[str]]:
    """The outcome of each question that the file answers, and a sentence for each line or question that is left out.

    Each sentence of an answer rests on those of its quotes that support it alone; on all of them where none does.
    Raises ValueError.
    """
    rows, problems = read_lines(path, ("id", "certainty"))
    by_id, by_path = {row["id"]: row for row in rows}, {report.path: report for report in reports}
    known = {report.id: report for report in reports} | {"": _UNKNOWN}
    parts = Parts(parts.reply, parts.search, lambda id_: known[id_], parts.verify)
    found = []
    for question in questions:
        row = by_id.pop(question.id, None)
        if row is None:
            problems.append(f"{question.id} has no answer in {path.name}.")
            continue
        try:
            found.append(judged(question, _answer(row, question, by_path, parts), parts))
        except (KeyError, TypeError, ValueError) as error:
            problems.append(f"The answer to {question.id} in {path.name} cannot be read: {error!r}; skipped.")
    problems += [f"{id_} in {path.name} is the id of no question." for id_ in by_id]
    return found, problems


def _answer(row: Mapping[str, Any], question: EvalQuestion, reports: Mapping[str, Report], parts: Parts) -> Answer:
    certainty = row["certainty"]
    if certainty not in CERTAINTIES:
        raise ValueError(f"certainty has value {certainty!r}; it should be {', '.join(CERTAINTIES)}")
    text = str(row.get("answer") or "")
    if certainty == "none":
        return Answer(question.question, question.language, certainty="none", note=text, confidence=_sure(row))
    citations = [_citation(cited, reports) for cited in row.get("cited") or ()]
    sentences = [text[start:end] for start, end in quotable(text, 0, len(text))]
    own = [[c for c in citations if parts.verify(sentence, c.quote).supported] or citations for sentence in sentences]
    if own:  # a quote that supports no sentence was cited all the same
        own[-1] = [c for c in citations if c in own[-1] or not any(c in some for some in own)]
    claims = tuple(Claim(sentence, tuple(some)) for sentence, some in zip(sentences, own, strict=True))
    return Answer(question.question, language_of(text), claims, certainty, confidence=_sure(row))


def _sure(row: Mapping[str, Any]) -> float:
    """Its own confidence where it tells one; else by its certainty."""
    value = row.get("confidence")
    return float(value) if value is not None else {"sure": 1.0, "unsure": 0.5, "none": 0.0}[row["certainty"]]


def _citation(cited: Mapping[str, Any], reports: Mapping[str, Report]) -> Citation:
    report = reports.get(cited["path"], _UNKNOWN)
    span = int(cited["start"]), int(cited["end"])
    return Citation(int(cited["mark"]), report.id, report.sha256, *span, cited.get("page"), str(cited["quote"]))
