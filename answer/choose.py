"""Which sentences are quoted, in which order, and how sure that is: what the reader and search say, and exact
signals, weighed.

The weights are learned (`python -m train choice`) and lie in models/choice.json.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from answer.candidates import (
    Candidate,
    above,
    answering_cell,
    as_asked,
    candidates,
    is_header,
    series,
    whole_list,
    with_items,
)
from answer.question import Question
from answer.reader import Reading
from index.search import Search
from index.steer import years_of
from records import Hit
from settings import ROOT
from text.fold import fold, letters
from text.periods import parts, years
from text.quantities import parse, same
from text.tables import is_unit, row_at, row_name, row_names

Array = NDArray[np.float32]

#: What each column of ``signals`` is.
NAMES = (
    "odds",  # the reader's log odds that the sentence answers
    "margin",  # how far above "none answers"
    "behind",  # how far behind the best sentence of all that was read
    "answers",  # that its passage answers
    "words",  # the likeliest words that answer, against none
    "hit",  # the passage's score in search, the best one 0
    "rank",  # of the passage, log
    "covered",  # weighted share of the question that the sentence covers, word by word
    "covered_gap",  # how far behind the best
    "covered_in_passage",
    "other_year",  # the question names a year; the sentence names others only, and so does what stands above it
    "year_beside",  # the sentence names others only, but what stands above it the very year: ``up from 2023``
    "report_of_other",  # the sentence names none, what stands above it others only
    "no_year",  # the year stands nowhere near
    "lacks_name",  # the share of the question's names that neither passage nor what stands above knows
    "lacks_name_across",  # that they do not know, but may say in another script: ``Midea``, ``美的``
    "lacks_figure",  # a figure or version of the question stands neither in the sentence nor above it
    "has_figure",  # a digit that the question does not say
    "other_part",  # the question names a quarter or half of a year; the sentence, or what stands above, names others
    "is_row",
    "names_row",  # the question has what names the row
    "other_row",  # the question has what names another row of the table, and not what names this one
    "names_column",  # the question has what one of its columns is called
    "is_lead",  # ends in a colon
    "is_question",
    "length",  # log of its characters, a Chinese one counting 2.5
)


@dataclass(frozen=True, slots=True)
class Line:
    """A learned line: log odds are ``values @ weights + bias``, the values standardized by ``mean`` and ``scale``."""

    weights: Array
    mean: Array
    scale: Array
    bias: float

    def chances(self, rows: Array) -> Array:
        """One chance in [0, 1] a row."""
        odds = ((rows - self.mean) / self.scale) @ self.weights + self.bias
        return (1.0 / (1.0 + np.exp(-np.clip(odds, -30, 30)))).astype(np.float32)

    @classmethod
    def from_json(cls, made: dict[str, Any], names: Sequence[str]) -> Line:
        """What training wrote, by the names of the values. Raises KeyError for one that it does not know."""
        columns = [made["values"][name] for name in names]
        table = np.array([[c["weight"], c["mean"], c["scale"]] for c in columns], dtype=np.float32)
        return cls(table[:, 0], table[:, 1], table[:, 2], float(made["bias"]))


@dataclass(frozen=True, slots=True)
class Choice:
    """What was learned: how a sentence, how an answer is judged; from which chance on one is sure, and given at all."""

    sentence: Line
    confidence: Line
    sure: float
    unsure: float
    further: float
    further_share: float


@cache
def read_choice(with_reader: bool, path: Path = ROOT / "models" / "choice.json") -> Choice:
    """The learned weights at ``path``, for answers with a reader or without. Raises FileNotFoundError."""
    if not path.is_file():
        raise FileNotFoundError(
            f"{path} is missing: the learned weights of sentence choice. `python -m train choice` makes it."
        )
    made = json.loads(path.read_text("utf-8"))["reader" if with_reader else "search"]
    lines = Line.from_json(made["sentence"], NAMES), Line.from_json(made["confidence"], OF_CONFIDENCE)
    return Choice(*lines, made["sure"], made["unsure"], made["further"], made["further_share"])


def signals(
    search: Search,
    question: Question,
    found: Sequence[Sequence[Candidate]],
    readings: Sequence[Reading],
    best: float | None = None,
) -> Array:
    """One row a candidate, float32 [candidates, len(NAMES)], the candidates of each passage one after the other.

    ``best`` is the score of the best hit of all, where it is none of these.
    """
    flat = [candidate for of_hit in found for candidate in of_hit]
    covered, weights = search.matches(question.whole, [candidate.text for candidate in flat])
    share = weights / max(float(weights.sum()), 1e-9)
    hits = [of_hit[0].hit for of_hit in found if of_hit]
    in_passages = search.matches_of(question.whole, [hit.passage for hit in hits]) @ share
    asked, best = question.whole, max(hit.score for hit in hits) if best is None else best
    asked_years = set(question.years)
    rows: list[list[float]] = []
    for place, (of_hit, reading) in enumerate(
        zip([f for f in found if f], [r for f, r in zip(found, readings, strict=True) if f], strict=True)
    ):
        hit, report = of_hit[0].hit, of_hit[0].report
        over = above(report, hit)
        passage = f"{over} {report.path} {search.text(hit.passage)}"
        about, near = {*years_of(report), *years(over)}, years(passage) if asked_years else ()
        names = [_lacking(question, hit.passage.language, passage, alike) for alike in (True, False)]
        for candidate, odds, (_, _, words) in zip(of_hit, reading.odds, reading.words, strict=True):
            letters = len(candidate.text) + 1.5 * sum(c > "\u3000" for c in candidate.text)
            digits = {c for c in "0123456789" if c in candidate.text and c not in asked}
            rows.append([
                odds, odds - reading.none, 0.0, reading.answers, words,
                hit.score - best, float(np.log1p(candidate.rank)), 0.0, 0.0, float(in_passages[place]),
                *_of_years(asked_years, set(years(candidate.text)), about, near), *names,
                _lacks(question, f"{over} {candidate.text}"),
                bool(digits), _other_part(question, candidate.text, over), *_of_table(question, candidate),
                candidate.text.endswith((":", "：")),
                candidate.text.endswith(("?", "？")), float(np.log1p(letters)),
            ])  # fmt: skip
    made = np.array(rows, dtype=np.float32)
    made[:, NAMES.index("covered")] = covered @ share
    return relative(made)


def _of_years(asked: set[int], said: set[int], about: set[int], near: Sequence[int]) -> tuple[bool, bool, bool, bool]:
    """``other_year``, ``year_beside``, ``report_of_other``, ``no_year``."""
    others, of_it = bool(asked and said) and not said & asked, bool(about & asked)
    return (
        others and not of_it,
        others and of_it,
        bool(asked and about) and not said and not of_it,
        bool(asked) and not of_it and asked.isdisjoint(near),
    )


def _lacking(question: Question, language: str, text: str, alike: bool) -> float:
    """The share of the question's names that a text in a language lacks: of names that it would write ``alike``, or of
    the others.
    """
    of = [n for n in question.names if (n.isascii() if language == "en" else question.language == "zh") is alike]
    told = fold(text.lower()) if of else ""
    return sum(fold(name.lower()) not in told for name in of) / max(len(question.names), 1)


def _other_part(question: Question, text: str, over: str) -> bool:
    """Does the question name a part of a year, and the sentence, or else what stands above it, only others?"""
    of = (parts(text) or parts(over)) if question.parts else frozenset()
    return bool(of) and not of & question.parts


def _of_table(question: Question, candidate: Candidate) -> tuple[bool, bool, bool, bool]:
    """``is_row``, ``names_row``, ``other_row``, ``names_column``."""
    if not (found := row_at(candidate.report.text, candidate.start)):
        return False, False, False, False
    asked = letters(question.whole)
    label = letters(row_name(candidate.report.text, *found))
    rows = _rows_named(candidate.report.text, found[0].start, asked)
    return (
        True,
        label in rows,
        bool(rows) and label not in rows,
        any(_is_name(name) and name in asked for name in map(letters, found[0].names)),
    )


@lru_cache(maxsize=256)
def _rows_named(text: str, start: int, asked: str) -> frozenset[str]:
    """Which names of the table's rows the question has, in letters: looked for once for all its rows."""
    return frozenset(name for name in map(letters, row_names(text, start)) if _is_name(name) and name in asked)


def _is_name(said: str) -> bool:
    return len(said) > 1 and not said.isdigit()


def _lacks(question: Question, text: str) -> bool:
    """Does a figure or version of the question stand nowhere in the text?"""
    if any(version not in text for version in question.versions):
        return True
    there = parse(text) if question.numbers else ()
    return any(not any(same(number, other) for other in there) for number in question.numbers)


def relative(rows: Array) -> Array:
    """The rows with what is measured against the best candidate measured anew: for a part of the candidates."""
    rows = rows.copy()
    for name, of in (("behind", "odds"), ("covered_gap", "covered")):
        rows[:, NAMES.index(name)] = rows[:, NAMES.index(of)] - rows[:, NAMES.index(of)].max()
    return rows


#: What confidence is judged by, besides the best sentence's own signals.
OF_CONFIDENCE = (
    "log_odds",
    "margin",
    "answers",
    "words",
    "covered",
    "covered_gap",
    "covered_in_passage",
    "other_year",
    "lacks_figure",
    "rank",
    "lead",
)


def confidence_row(rows: Array, chances: Array) -> Array:
    """How the best candidate stands, for ``Choice.confidence``; ``lead``: how far its log odds are ahead of the second
    passage's.
    """
    order = np.argsort(-chances, kind="stable")
    best = int(order[0])
    odds = np.log((chances + 1e-5) / (1.00001 - chances))
    ranks = rows[:, NAMES.index("rank")]
    others = odds[ranks != ranks[best]]
    lead = float(odds[best] - others.max()) if len(others) else 3.0
    own = [float(rows[best, NAMES.index(name)]) for name in OF_CONFIDENCE[1:-1]]
    return np.array([float(odds[best]), *own, min(lead, 6.0)], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Considered:
    """What was read for a question: sentences, their signals, the chance that each answers, and its words that do."""

    candidates: tuple[Candidate, ...]
    rows: Array
    chances: Array
    words: tuple[tuple[int, int, float], ...]
    """Spans of the report's text, and how much likelier they are than no answer."""
    confidence: float


@dataclass(frozen=True, slots=True)
class Chosen:
    """The sentences that are quoted, in an order that reads; the best of them; their words that answer, where there
    are some.
    """

    sentences: tuple[Candidate, ...]
    words: tuple[tuple[int, int] | None, ...]
    best: Candidate
    confidence: float


@dataclass(frozen=True, slots=True)
class Standing:
    """How the sentences worth quoting stand to a question: each with its signals and its words that answer, as in
    ``Considered``.
    """

    candidates: tuple[Candidate, ...]
    rows: Array
    words: tuple[tuple[int, int, float], ...]


def standing(
    search: Search,
    question: Question,
    hits: Sequence[Hit],
    readings: Sequence[Reading],
    before: Standing | None = None,
) -> Standing | None:
    """Every sentence of the hits that is worth quoting, the same words once; None where there is none.

    ``before`` is what came of the first of the hits; ``readings`` are those of the last ones, which are looked at now.
    """
    first = len(hits) - len(readings)
    found = list(candidates(search, hits[first:], first))
    if not any(found):
        return before
    rows = signals(search, question, found, readings, hits[0].score)
    flat = [candidate for of_hit in found for candidate in of_hit]
    words = [
        (start + candidate.hit.passage.start, end + candidate.hit.passage.start, score)
        for of_hit, reading in zip(found, readings, strict=True)
        for candidate, (start, end, score) in zip(of_hit, reading.words, strict=True)
    ]
    kept, seen = [], {letters(candidate.text) for candidate in before.candidates} if before else set[str]()
    for i, candidate in enumerate(flat):
        said = letters(candidate.text)
        if worth_quoting(candidate) and said not in seen:
            seen.add(said)
            kept.append(i)
    if not kept:
        return before
    made = Standing(tuple(flat[i] for i in kept), rows[kept], tuple(words[i] for i in kept))
    if before:
        made = Standing(
            before.candidates + made.candidates, np.concatenate([before.rows, made.rows]), before.words + made.words
        )
    return replace(made, rows=relative(made.rows))


def consider(found: Standing, choice: Choice) -> Considered:
    """How likely each sentence answers, and how sure the best one makes the answer."""
    chances = choice.sentence.chances(found.rows)
    sure = float(choice.confidence.chances(confidence_row(found.rows, chances)[None])[0])
    return Considered(found.candidates, found.rows, chances, found.words, sure)


def choose(considered: Considered, choice: Choice, question: Question, most: int) -> Chosen:
    """The fewest sentences that answer, at most ``most``: the best one first, but in reading order where several
    things are asked for. An answer that is not sure has some more of the nearest.
    """
    candidates, chances = considered.candidates, considered.chances
    order = _by_chance(considered, question)
    picked = sides(considered, order, question)[:most] or order[:1]
    sure = considered.confidence >= choice.sure
    most += 0 if sure else WHEN_UNSURE
    highest = chances.max()
    least = max(choice.further, choice.further_share * highest) if sure else DOUBTFUL * highest
    for place in order[1:]:
        if len(picked) >= most:
            break
        if place in picked or chances[place] < least or stands_worse(considered.rows, place, order[0]):
            continue
        if not any(_restates(candidates[place], candidates[other]) for other in picked):
            picked.append(place)
    first = candidates[picked[0]]
    reports = [candidates[place].report.id for place in picked]
    picked.sort(key=lambda place: (reports.index(candidates[place].report.id), candidates[place].start))
    if not (question.several or question.compares):
        picked.sort(key=lambda place: candidates[place] is not first)
    quoted: list[Candidate] = []
    spans: list[tuple[int, int] | None] = []
    for place in picked:
        start, end, score = considered.words[place]
        for told in _whole(candidates[place], question):
            if not any(_inside(told, other) for other in quoted):
                quoted.append(told)
                answers = score > 0 and told.start <= start < told.end
                spans.append(answering_cell(told, (start, end), question) if answers else None)
    return Chosen(tuple(quoted), tuple(spans), _whole(first, question)[0], considered.confidence)


def _by_chance(considered: Considered, question: Question) -> list[int]:
    """The places of the candidates, the likeliest first; one of another language gives way to one in the question's
    that says the same figures.
    """
    own = np.array([candidate.hit.passage.language == question.language for candidate in considered.candidates])
    chances = considered.chances
    order: list[int] = np.argsort(-np.where(own, 1.0, OTHER_LANGUAGE) * chances, kind="stable").tolist()
    best = order[0]
    start, end, score = considered.words[best]
    said = {*_FIGURE.findall(considered.candidates[best].report.text[start:end])} if score > 0 else set()
    for place in order if said and not own[best] else ():
        likely = own[place] and chances[place] >= DOUBTFUL * chances[best]
        if likely and said <= {*_FIGURE.findall(considered.candidates[place].text)}:
            return [place, *(other for other in order if other not in (place, best))]
    return order


def stands_worse(rows: Array, place: int, best: int) -> bool:
    """Does a sentence speak of another year, name or figure than asked, where the best one does not?"""
    return any(rows[place, NAMES.index(name)] > rows[best, NAMES.index(name)] for name in EXACT)


#: Signals that compare exactly: what stands worse in one of them than the best sentence is not quoted beside it.
EXACT = (
    "other_year",
    "year_beside",
    "report_of_other",
    "lacks_name",
    "lacks_name_across",
    "lacks_figure",
    "other_part",
    "other_row",
)


def _whole(candidate: Candidate, question: Question) -> list[Candidate]:
    """An announcement with its list; where a list is asked for, an item with all of it, a sentence of a series with the
    others; of a row what was asked.
    """
    candidate = as_asked(candidate, question)
    if not (question.several or question.summary):
        return [with_items(candidate)]
    return series(candidate) or [whole_list(candidate)]


def _inside(one: Candidate, other: Candidate) -> bool:
    return one.report.id == other.report.id and other.start <= one.start and one.end <= other.end


#: An answer that is not sure shows whatever has this share of the best sentence's chance: the right one is often the
#: second.
DOUBTFUL = 0.1
#: And has so many more sentences: two hold .03 more of the natural questions' facts, three .04.
WHEN_UNSURE = 2

#: Of two sentences that may answer, one in the question's language comes first if its chance is at least this share
#: of the other's, so that the reader's own language answers where reports of both say it. On the natural questions,
#: whose facts stand in one language each, .6 loses 1.6 points of the facts.
OTHER_LANGUAGE = 0.8


def sides(considered: Considered, order: Sequence[int], question: Question) -> list[int]:
    """The likeliest sentence of each of the years, or else of the names, that a question compares; none for fewer than
    two. ``order``: the places of the candidates, the likeliest first.
    """
    if len(question.years) > 1:
        told = [[year in _years(candidate) for candidate in considered.candidates] for year in question.years]
    elif question.compares and len(question.names) > 1:
        texts = [fold(candidate.text.lower()) for candidate in considered.candidates]
        has = np.array([[fold(name.lower()) in text for text in texts] for name in question.names])
        told = (has & (has.sum(axis=0) == 1)).tolist()  # a sentence that names both sides is of neither
    else:
        return []
    places = [next(place for place in order if of[place]) for of in told if any(of[place] for place in order)]
    return list(dict.fromkeys(places)) if len(set(places)) > 1 else []


def _years(candidate: Candidate) -> frozenset[int]:
    """The years a sentence speaks of: its own, else its report's."""
    return frozenset(years(candidate.text)) or years_of(candidate.report)


def _restates(one: Candidate, other: Candidate) -> bool:
    """Does one sentence say hardly anything that the other does not? By its figures, and by pairs of letters."""
    if {*_FIGURE.findall(one.text)} - {*_FIGURE.findall(other.text)}:
        return False
    pairs, others = ({text[i : i + 2] for i in range(len(text) - 1)} for text in (one.text.lower(), other.text.lower()))
    return len(pairs & others) >= _SAID_AGAIN * max(len(pairs), 1)


_FIGURE = re.compile(r"\d[\d,.]*")
#: A sentence that shares so many of its pairs of letters with one that is quoted says it again.
_SAID_AGAIN = 0.9


def worth_quoting(candidate: Candidate) -> bool:
    """Is it a sentence or a row: no header of a table, no line that tells its unit, no bare link, no mere dashes?"""
    text, start = candidate.report.text, candidate.start
    if is_header(text, start) or is_unit(candidate.text) and text[candidate.end :].lstrip().startswith("|"):
        return False
    return sum(c.isalnum() for c in candidate.text) > 1
