"""Answers that take more than one place: both sides of a comparison, a summary across a report's headings."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from answer.features import Candidate, Features, candidates
from answer.question import Question
from index.encoder import unit
from index.search import Search
from index.steer import YEAR, years_of
from index.words import bare, content_words
from ingest.split import split
from records import Hit

#: What a summary is asked with, and what it is asked of; what is left names the report.
_ASKED_WITH = re.compile(
    r"总结|概括|概述|摘要|主要内容|要点|主要(?:观点|结论|发现)|简述|介绍|一下|这[份篇个]|报告|文章|年报|年度"
    r"|\b(?:summar\w+|overview|main (?:points|findings|ideas|takeaways)|key (?:points|takeaways|findings)|gist|in short"
    r"|brief\w*|the|this|annual|reports?|article|about|say|says|give|me)\b",
    re.I,
)
#: The size of what is summed up in one sentence, as passages are measured.
_SECTION = 900


def sides(question: Question, found: Sequence[Candidate], chances: Features) -> list[int]:
    """The best place for each of the years that a question holds against one another; none for fewer than two years."""
    rows: list[int] = []
    for year in question.years if len(question.years) > 1 else ():
        of_year = [row for row, candidate in enumerate(found) if year in _years(candidate)]
        if of_year:
            rows.append(max(of_year, key=lambda row: float(chances[row])))
    return list(dict.fromkeys(rows)) if len(rows) > 1 else []


def _years(candidate: Candidate) -> frozenset[int]:
    """The years a sentence speaks of: its own, else its report's."""
    return frozenset(map(int, YEAR.findall(candidate.text))) or years_of(candidate.report)


def summary(search: Search, question: Question, found: Sequence[Candidate], most: int) -> tuple[list[Candidate], float]:
    """A sentence for each of the weightiest sections of the report that fits best, in its order, and the chance that it
    is the report meant, by how much more than half of what the question names its title and best passage cover.
    """
    own = [candidate.hit for candidate in found if candidate.hit.passage.language == question.language]
    hit = own[0] if own else found[0].hit
    report = search.report(hit.passage.report_id)
    sections: dict[tuple[str, ...], list[Candidate]] = {}
    for passage in split(report, _SECTION):
        for candidate in candidates(search, [Hit(passage, hit.score)]):
            if len(content_words(candidate.text)) > 3 and not candidate.text.endswith((":", "：")):
                sections.setdefault(passage.headings, []).append(candidate)
    groups = list(sections.values())
    vectors = [search.encode([candidate.text for candidate in group]) for group in groups]
    if not groups:
        return [], 0.0
    middle = unit(np.concatenate(vectors).mean(axis=0, keepdims=True))[0]
    weights = [float((rows @ middle).sum()) for rows in vectors]
    weightiest = sorted(range(len(groups)), key=lambda i: -weights[i])[:most]
    picked = [
        groups[i][int((vectors[i] @ (unit(vectors[i].mean(axis=0, keepdims=True))[0] + middle)).argmax())]
        for i in weightiest
    ]
    return sorted(picked, key=lambda candidate: candidate.start), _named(search, question, report.title, hit)


def _named(search: Search, question: Question, title: str, hit: Hit) -> float:
    rest = _ASKED_WITH.sub(" ", bare(question.whole))
    if not content_words(rest):
        return 0.5
    matches, weights = search.matches(rest, [f"{title} {search.text(hit.passage)}"])
    share = float(matches[0] @ weights / max(float(weights.sum()), 1e-9))
    return max(0.0, 2 * share - 1)
