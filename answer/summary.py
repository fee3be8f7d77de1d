"""What a report is about: a sentence for each of its weightiest parts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from answer.candidates import Candidate, candidates
from answer.question import Question
from index.encoder import unit
from index.search import Search
from ingest.split import split
from records import Hit
from text.words import content_words

#: The size of what is summed up in one sentence, as passages are measured; the shortest sentence that does, in words.
_SECTION, _WORDS = 900, 4
#: A question names a report whose title covers so much of what it speaks of, by weight.
_NAMED = 0.6


def summary(search: Search, question: Question, hits: Sequence[Hit], most: int) -> list[Candidate]:
    """The sentence nearest to the middle of each of the weightiest sections of the report that the question names, in
    its order.

    None where it names no report: its title has too little of what the question speaks of.
    """
    own = [hit for hit in hits if hit.passage.language == question.language]
    hit = (own or list(hits))[0]
    report = search.report(hit.passage.report_id)
    named, asked = search.matches(question.subject, [report.title])
    if not asked.any() or float(named[0] @ asked / asked.sum()) < _NAMED:
        return []
    sections: dict[tuple[str, ...], list[Candidate]] = {}
    for passage in split(report, _SECTION):
        for candidate in next(candidates(search, [Hit(passage, hit.score)])):
            if len(content_words(candidate.text)) >= _WORDS and not candidate.text.endswith((":", "：")):
                sections.setdefault(passage.headings, []).append(candidate)
    groups = list(sections.values())
    if not groups:
        return []
    vectors = [search.encode([candidate.text for candidate in group]) for group in groups]
    middle = unit(np.concatenate(vectors).mean(axis=0, keepdims=True))[0]
    weights = [float((rows @ middle).sum()) for rows in vectors]
    weightiest = sorted(range(len(groups)), key=lambda i: -weights[i])[:most]
    picked = [
        groups[i][int((vectors[i] @ (unit(vectors[i].mean(axis=0, keepdims=True))[0] + middle)).argmax())]
        for i in weightiest
    ]
    return sorted(picked, key=lambda candidate: candidate.start)
