"""What speaks for a sentence as an answer: one row of features a candidate."""
# ruff: noqa: E501  (the cues read best one kind a line)

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from answer.quantities import Quantity, parse
from answer.question import Question, entities
from index.prepare import LONGEST_TITLE
from index.search import Search
from index.words import STOP, bare, words
from ingest.clean import plain
from ingest.sentences import quotable
from records import Hit, Report

Features = NDArray[np.float32]

#: A true translation of a word is about this near on the shipped model, where the same word is at 1
#: (median of the words that have one, on the development news pairs): across languages cosines are read in this scale.
_ACROSS = 0.65


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer: where it is, its words without markup, and the hit it was found in."""

    report: Report
    start: int
    end: int
    text: str
    hit: Hit
    rank: int
    """Of the hit, from 0."""
    place: int
    """Of the sentence within its passage, from 0."""


#: What each column of ``features`` is.
NAMES = (
    "covered",  # weighted share of the question that the sentence covers
    "covered_in_context",  # the same with the sentence before, the headings and the title
    "covered_with_next",  # the same with the sentence after
    "covered_in_passage",
    "least_covered",  # of the question's weightiest words, the worst covered one, in context
    "covered_gap",  # how far behind the best candidate
    "context_gap",
    "words_shared",  # the same by equal words, weighted by rarity among the candidates
    "words_shared_in_context",
    "words_gap",
    "bigrams_shared",  # pairs of neighbouring question words that are neighbours in the sentence too
    "letters_shared",  # pairs of Chinese characters, and English words, by rarity: no segmenter can part them
    "together",  # the shared words stand close to one another: their number over the stretch they take
    "hit_score",  # the passage's score, best one 0
    "hit_rank",
    "has_figure",  # a number, share, date or version is asked for, is there, and was not in the question
    "lacks_figure",
    "lacks_count",  # the same where it is asked how many: such an answer has a figure 19 times of 20
    "has_name",
    "lacks_name",
    "has_cue",  # a word that comes with such answers: because, is called, located in
    "new_words",  # share of the sentence that the question does not say
    "length",  # log of its words
    "is_short",
    "is_first",
    "is_question",
    "is_lead",  # ends in a colon: what is announced comes after
)

_KIND_UNITS: dict[str, Callable[[Quantity], bool]] = {
    "number": lambda q: q.kind not in ("version",) and q.unit != "date",
    "share": lambda q: q.kind == "share",
    "date": lambda q: q.unit == "date",
    "version": lambda q: q.kind in ("version", "number"),
}
_CUES = {
    "reason": r"因为|由于|因此|所以|导致|为了|原因|以便|使得|从而|缘于|出于|源于|\bbecause\b|\bdue to\b|\bsince\b|\btherefore\b|\bso that\b|\bas a result\b|\bcaused?\b|\breason|\bin order to\b|\bthus\b|\bled to\b",
    "definition": r"是(?:一[种个款项]|指)|指的是|即|称为|旨在|\bis an?\b|\bare\b|\brefers? to\b|\bmeans\b|\bknown as\b|\bdefined\b",
    "place": r"位于|在.{1,12}(?:省|市|县|国|州|区|镇|村|岛|山|河|洲|地)|\bin [A-Z]|\bat [A-Z]|\blocated\b|\bnear\b|\bfrom [A-Z]",
    "how": r"通过|利用|使用|采用|借助|以.{1,10}方式|\bby \w+ing\b|\busing\b|\bthrough\b|\bvia\b",
    "list": r"、.{1,20}、|以及|包括|分别|[:：]|, .{2,40}, (?:and|or) |\binclud|\bsuch as\b|\bas well as\b",
    "comparison": r"比|较|相比|高于|低于|不同|\bthan\b|\bcompared\b|\bwhile\b|\bwhereas\b|\bunlike\b",
    "yesno": r"不|没有|无|可以|能够|支持|\bnot\b|\bno\b|\bcan\b|\bdoes\b|\bsupport",
}
_CUE = {kind: re.compile(pattern, re.ASCII) for kind, pattern in _CUES.items()}


@lru_cache(maxsize=20_000)
def _words_of(text: str) -> tuple[str, ...]:
    return tuple(word for word in words(text) if word not in STOP)


@lru_cache(maxsize=20_000)
def _quantities_of(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((kind, q.written.lower()) for q in parse(text) for kind, fits in _KIND_UNITS.items() if fits(q))


@lru_cache(maxsize=20_000)
def _names_of(text: str) -> frozenset[str]:
    return frozenset(name.lower() for name in entities(text))


def candidates(search: Search, hits: Sequence[Hit]) -> list[Candidate]:
    """Every sentence worth quoting in the passages, the same words once, best passage first."""
    found: list[Candidate] = []
    seen: set[str] = set()
    for rank, hit in enumerate(hits):
        report = search.report(hit.passage.report_id)
        for place, (start, end) in enumerate(quotable(report.text, hit.passage.start, hit.passage.end)):
            text = _readable(plain(report.text[start:end]).strip(), hit.passage.language)
            letters = "".join(filter(str.isalnum, text)).lower()
            if letters and letters not in seen:
                seen.add(letters)
                found.append(Candidate(report, start, end, text, hit, rank, place))
    return found


def _readable(text: str, language: str) -> str:
    """In one line, a table row as one reads it aloud: ``Growth | 90%`` -> ``Growth: 90%``."""
    text = _LINE_END.sub("" if language == "zh" else " ", text)
    first, *rest = text.split(" | ")
    if not rest:
        return text
    return first + ("：" + "，".join(rest) if language == "zh" else ": " + ", ".join(rest))


def features(search: Search, question: Question, found: Sequence[Candidate]) -> Features:
    """One row a candidate, float32 [candidates, len(NAMES)]; needs at least one candidate."""
    asked = question.whole
    texts = [candidate.text for candidate in found]
    across = np.array([candidate.hit.passage.language != question.language for candidate in found])
    scale = np.where(across, 1 / _ACROSS, 1.0).astype(np.float32)[:, None]
    in_text, weights = search.matches(asked, texts)
    in_text = np.minimum(in_text * scale, 1.0)
    in_context = np.maximum(in_text, np.minimum(_matches_above(search, asked, found) * scale, 1.0))
    with_next = in_text.copy()
    for i in range(1, len(found)):
        if _follows(found, i):
            in_context[i] = np.maximum(in_context[i], in_text[i - 1])
            with_next[i - 1] = np.maximum(with_next[i - 1], in_text[i])
    in_passage = np.maximum(in_context, np.minimum(_matches_of_hits(search, asked, found) * scale, 1.0))
    share = weights / max(float(weights.sum()), 1e-9)
    heavy = share >= np.sort(share)[-3:].min() if len(share) else np.zeros(0, dtype=bool)
    columns: dict[str, Any] = {
        "covered": in_text @ share,
        "covered_in_context": in_context @ share,
        "covered_with_next": with_next @ share,
        "covered_in_passage": in_passage @ share,
        "least_covered": in_context[:, heavy].min(axis=1, initial=1.0),
    }
    columns |= _shares(asked, found)
    for name, covered in (("words_shared", "covered"), ("words_shared_in_context", "covered_in_context")):
        columns[name] = np.where(across, np.maximum(columns[name], columns[covered]), columns[name])
    columns["letters_shared"] = np.where(across, columns["words_shared"], columns["letters_shared"])
    columns["bigrams_shared"] = np.where(across, 0.3 * columns["covered"], columns["bigrams_shared"])
    columns["together"] = np.where(across, 0.3 * columns["covered"], columns["together"])
    columns["covered_gap"], columns["context_gap"] = columns["covered"], columns["covered_in_context"]
    columns["words_gap"] = columns["words_shared"]
    columns["hit_score"] = [candidate.hit.score for candidate in found]
    columns["hit_rank"] = [min(candidate.rank, 9) for candidate in found]
    columns |= _of_kind(question, texts)
    sizes = np.array([len(_words_of(text)) for text in texts])
    columns["length"], columns["is_short"] = np.log1p(sizes), sizes <= 3
    columns["is_first"] = [candidate.place == 0 for candidate in found]
    columns["is_question"] = [text.rstrip("\"”' ").endswith(("?", "？")) for text in texts]
    columns["is_lead"] = [text.endswith((":", "：")) for text in texts]
    return relative(np.stack([np.asarray(columns[name], dtype=np.float32) for name in NAMES], axis=1))


def relative(rows: Features) -> Features:
    """The rows with what is measured against the best candidate measured anew: for a part of the candidates."""
    rows = rows.copy()
    columns = [NAMES.index(name) for name in ("covered_gap", "context_gap", "words_gap", "hit_score")]
    rows[:, columns] -= rows[:, columns].max(axis=0)
    rank = NAMES.index("hit_rank")
    rows[:, rank] = np.unique(rows[:, rank], return_inverse=True)[1]
    return rows


def _matches_of_hits(search: Search, asked: str, found: Sequence[Candidate]) -> Features:
    """The best match of each question word in the passage of each candidate."""
    passages = {candidate.rank: candidate.hit.passage for candidate in found}
    matches = search.matches_of(asked, list(passages.values()))
    row = {rank: i for i, rank in enumerate(passages)}
    return matches[[row[candidate.rank] for candidate in found]]


def _shares(asked: str, found: Sequence[Candidate]) -> dict[str, Any]:
    """The columns that compare words letter by letter."""
    words_of = [_words_of(candidate.text) for candidate in found]
    rarity = _rarity(words_of)
    said = _words_of(bare(asked))
    in_context = [[*there, *_words_in_context(found, i)] for i, there in enumerate(words_of)]
    letters_of = [_letters_of(candidate.text) for candidate in found]
    letters_rarity, letters = _rarity(letters_of), _letters_of(bare(asked))
    return {
        "words_shared": np.array([_shared(said, there, rarity) for there in words_of]),
        "words_shared_in_context": np.array([_shared(said, there, rarity) for there in in_context]),
        "bigrams_shared": np.array([_bigrams(said, there) for there in words_of]),
        "letters_shared": np.array([_shared(letters, there, letters_rarity) for there in letters_of]),
        "together": np.array([_together(said, there) for there in words_of]),
        "new_words": np.array([_new(said, there) for there in words_of]),
    }


def _of_kind(question: Question, texts: Sequence[str]) -> dict[str, list[bool]]:
    """The columns about what kind of thing is asked for: is it there, and not already in the question?"""
    figures, names = question.kind in _KIND_UNITS, question.kind == "name"
    given, named = {written for _, written in _quantities_of(question.whole)}, _names_of(question.whole)
    has_figure = [
        figures and any(kind == question.kind and written not in given for kind, written in _quantities_of(text))
        for text in texts
    ]
    has_name = [names and bool(_names_of(text) - named) for text in texts]
    cue = _CUE.get(question.kind)
    return {
        "has_figure": has_figure,
        "lacks_figure": [figures and not has for has in has_figure],
        "lacks_count": [question.kind == "number" and not has for has in has_figure],
        "has_name": has_name,
        "lacks_name": [names and not has for has in has_name],
        "has_cue": [bool(cue and cue.search(text)) for text in texts],
    }


def _above(candidate: Candidate) -> tuple[str, ...]:
    """What stands above the sentence: title and headings."""
    title = candidate.report.title if len(candidate.report.title) <= LONGEST_TITLE else ""
    return (title, *candidate.hit.passage.headings)


def _follows(found: Sequence[Candidate], i: int) -> bool:
    """Does the candidate come right after the one before it in the same passage?"""
    return i > 0 and found[i].place > 0 and found[i - 1].rank == found[i].rank


def _words_in_context(found: Sequence[Candidate], i: int) -> Iterator[str]:
    """The words a reader has in mind at the sentence: of title, headings and the sentence before."""
    for line in (*_above(found[i]), *([found[i - 1].text] if _follows(found, i) else [])):
        yield from _words_of(line)


def _matches_above(search: Search, asked: str, found: Sequence[Candidate]) -> Features:
    """The best match of each question word in the title and headings above each candidate."""
    lines = list(dict.fromkeys(line for candidate in found for line in _above(candidate)))
    matches, _ = search.matches(asked, lines)
    row = {line: i for i, line in enumerate(lines)}
    return np.stack([matches[[row[line] for line in _above(candidate)]].max(axis=0) for candidate in found])


def _rarity(texts: Sequence[tuple[str, ...]]) -> dict[str, float]:
    held = Counter(word for text in texts for word in set(text))
    return {word: math.log1p((len(texts) - n + 0.5) / (n + 0.5)) for word, n in held.items()}


def _shared(said: Sequence[str], there: Sequence[str], rarity: dict[str, float]) -> float:
    known, unseen = set(there), math.log1p(2 * len(rarity) + 1)
    weights = {word: rarity.get(word, unseen) for word in said}
    return sum(weight for word, weight in weights.items() if word in known) / max(sum(weights.values()), 1e-9)


def _bigrams(said: Sequence[str], there: Sequence[str]) -> float:
    pairs = set(pairwise(said))
    return len(pairs & set(pairwise(there))) / max(len(pairs), 1)


def _new(said: Sequence[str], there: Sequence[str]) -> float:
    return sum(word not in said for word in there) / max(len(there), 1)


def _together(said: Sequence[str], there: Sequence[str]) -> float:
    """Shared words over the shortest stretch from the first to the last of them, square root for their number."""
    wanted = set(said)
    places = [i for i, word in enumerate(there) if word in wanted]
    if not places:
        return 0.0
    return len({there[i] for i in places}) / (places[-1] - places[0] + 3)


@lru_cache(maxsize=20_000)
def _letters_of(text: str) -> tuple[str, ...]:
    han = (run[i : i + 2] for run in _HAN.findall(text) for i in range(len(run) - 1))
    return (*han, *(word for word in _words_of(text) if word.isascii()))


_LINE_END = re.compile(r"\s*\n\s*")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
