"""A question that takes for granted what a report denies: ``Why did the share fall?`` where the report says it rose.

Only what is surely about the same is held against the question: the same subject in the same clause, of the same year, with the
opposite word, a denial, or another figure; and no sentence that says what the question says. Better to miss a false premise than to
contradict a true one.
"""
# ruff: noqa: E501 (patterns with Chinese read better on one line)

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from answer.features import Candidate
from answer.quantities import Quantity, parse, same
from answer.question import Question, entities, language_of
from answer.reading import ONE_LANGUAGE, Meaning, concept_of, opposites, read, units_of, unmarked
from index.steer import years_of
from index.words import bare

#: Opposites that a premise may turn on, each named by one of its words: what moved, for any question about it ...
_MOVED = frozenset(concept_of(word) for word in ("increase", "accelerate", "strengthen", "improve"))
#: ... and, where a reason or a way is asked for, what somebody did or how something is.
_DONE = _MOVED | {
    concept_of(word)
    for word in (
        "support", "accept", "allow", "enable", "include", "join", "win", "success", "safe", "profitable", "encourage",
        "encrypt", "upgrade", "install", "legal", "stable", "easy", "cheap", "optimistic",
    )
}  # fmt: skip
_TURNS_ON = {"reason": _DONE, "how": _DONE, "number": _MOVED, "share": _MOVED, "date": _MOVED}
#: Where it is compared, the other way round may be the same: ``B is higher than A``.
_COMPARED = re.compile(
    r"\bthan\b|\bcompared\b|\bversus\b|比|相较|高于|低于|大于|小于|多于|少于|优于|劣于|而不是|而非|\band not\b|\brather\b|\binstead\b",
    re.I,
)
_ASKING = re.compile(
    r"(?:是)?(?:什么)?(?:主要)?(?:原因|理由)(?:是|在于)?(?:什么)?|导致了?|造成了?|达到了?|总共|一共|使得|让|怎么会|会(?=[\u4e00-\u9fff]{0,4}[?？])"
    r"|\b(?:what|which)?\s?(?:(?:is|are|was|were)\s)?(?:the\s)?(?:main\s)?reasons?\s(?:for|why|that|behind)\b|\b(?:caus(?:e[sd]?|ing)|led to|leads? to|made|makes?|drove|drives?|reach(?:ed|es)?|amount(?:ed)? to)\b",
    re.I | re.ASCII,
)
_CLAUSE = re.compile(
    r"[,;:!?，。；：！？](?!\d)|\.\s|\b(?:but|although|though|while|whereas)\b|但|而是|却|同时|并且?(?!非|未|没|不)"
)

#: How much of what the question speaks of must stand in the clause, and in the sentence with what stands above it.
IN_CLAUSE, IN_SENTENCE = 0.6, 0.75
#: The same where only a denial, or a figure, speaks against it; and how much that must be, in English words.
DENIED_IN_CLAUSE, DENIED_IN_SENTENCE, DENIED_THINGS = 0.85, 0.9, 1.5
#: Across languages: the mean cosine of the words it speaks of. On the shipped model clauses that speak of the same thing have .54
#: and more in the tests' reports, the other clauses there .17 at most.
ACROSS_IN_CLAUSE = 0.5
#: A sentence that has so much of it and says the same as the question speaks for the question.
SPEAKS_FOR = 0.5
#: The least that a question must speak of, in English words; and what it must speak of besides names.
SUBJECT, BESIDES_NAMES = 1.0, 0.5


@dataclass(frozen=True, slots=True)
class _Premise:
    """What a question takes for granted: concept -> sign; what it speaks of, names apart; its figures."""

    signs: dict[int | str, int]
    denied: frozenset[str]
    subject: str
    things: dict[str, float]
    names: frozenset[str]
    figures: tuple[Quantity, ...]


def contradicting(question: Question, found: Sequence[Candidate], meaning: Meaning | None = None) -> Candidate | None:
    """The first sentence, best passage first, that denies what the question takes for granted; None where none surely does."""
    premise = _premise(question)
    if premise is None:
        return None
    against: Candidate | None = None
    for candidate in found:
        if question.years and not _of_years(candidate, question.years):
            continue
        verdict = _judged(premise, question, candidate, meaning)
        if verdict > 0:
            return None
        if verdict < 0 and against is None:
            against = candidate
    return against


def _premise(question: Question) -> _Premise | None:
    """What the question takes for granted; None where that could not be denied."""
    usable = _TURNS_ON.get(question.kind)
    said = unmarked(bare(_ASKING.sub(" ", question.whole)))
    if usable is None or _COMPARED.search(said):
        return None
    reading = read(said)
    places = [(concept, place) for concept, found in reading.signed.items() for place in found]
    signs: dict[int | str, int] = {}
    for concept, (_, sign, _) in places:
        if isinstance(concept, int) and concept in usable and signs.setdefault(concept, sign) != sign:
            return None  # says both
    denied = frozenset(concept for concept, (_, _, turned) in places if isinstance(concept, str) and turned)
    blank = said
    for start, end in opposites(said, signs):
        blank = blank[:start] + " " * (end - start) + blank[end:]
    figures = tuple(q for q in parse(said) if q.certain and q.unit != "date" and q.kind != "version")
    for quantity in parse(said):
        blank = blank[: quantity.start] + " " * (quantity.end - quantity.start) + blank[quantity.end :]
    subject = re.sub(r"[的了]", " ", blank)
    names = frozenset(unit for name in entities(subject) for unit in units_of(name))
    things = {unit: weight for unit, weight in units_of(subject).items() if not (unit in names and unit.isascii())}
    spoken_of = sum(units_of(subject).values()) + (BESIDES_NAMES if question.years else 0)
    if sum(things.values()) < BESIDES_NAMES or spoken_of < SUBJECT:
        return None
    return _Premise(signs, denied, subject, things, names, figures)


def _judged(premise: _Premise, question: Question, candidate: Candidate, meaning: Meaning | None) -> int:
    """-1 where the sentence denies the premise, 1 where it says the same, 0 where it says neither."""
    text = unmarked(candidate.text)
    across = language_of(text) != question.language
    if across:
        return _judged_across(premise, text, candidate, meaning)
    above = " ".join([candidate.report.title, *candidate.hit.passage.headings])
    there = units_of(text)
    in_context = there.keys() | units_of(unmarked(above)).keys()
    share = _share(premise.things, in_context)
    if share < SPEAKS_FOR or not premise.names <= in_context:
        return 0
    verdict = 0
    for clause in _clauses(text):
        near = _share(premise.things, units_of(clause).keys())
        reading = read(clause)
        for concept, sign in premise.signs.items():
            signs = {other for _, other, _ in reading.signed.get(concept, ())}
            if sign in signs and near >= SPEAKS_FOR:
                return 1
            if signs == {-sign} and near >= IN_CLAUSE and share >= IN_SENTENCE and not _COMPARED.search(clause):
                verdict = -1
        told = (
            near >= DENIED_IN_CLAUSE and share >= DENIED_IN_SENTENCE and sum(premise.things.values()) >= DENIED_THINGS
        )
        if told and not premise.signs and question.kind == "reason":
            verdict = verdict or _denied(premise, question, clause, candidate)
    return verdict


def _denied(premise: _Premise, question: Question, clause: str, candidate: Candidate) -> int:
    """-1 where a clause about all that the question speaks of denies it, or says it with another figure."""
    reading = read(clause)
    if bool(reading.denials) != bool(premise.denied):
        turned = {concept for concept, places in reading.signed.items() for _, _, turned in places if turned}
        stated = premise.denied & reading.signed.keys() if premise.denied else turned & premise.things.keys()
        return -1 if stated else 0
    if (
        premise.figures
        and question.years
        and not any(same(q, o) for q in premise.figures for o in parse(candidate.text))
    ):
        others = [o for o in parse(clause) if o.certain]
        return -1 if any(o.unit == q.unit and o.kind == q.kind for q in premise.figures for o in others) else 0
    return 0


def _judged_across(premise: _Premise, text: str, candidate: Candidate, meaning: Meaning | None) -> int:
    """The same in another language: opposites of few senses only, and words that mean what the question speaks of."""
    signs = {concept: sign for concept, sign in premise.signs.items() if concept not in ONE_LANGUAGE}
    above = unmarked(" ".join([candidate.report.title, *candidate.hit.passage.headings]))
    if meaning is None or not signs or not premise.names <= units_of(f"{text} {above}").keys():
        return 0
    verdict = 0
    for clause in _clauses(text):
        reading = read(clause)
        for concept, sign in signs.items():
            said = {other for _, other, _ in reading.signed.get(concept, ())}
            if not said or _COMPARED.search(clause):
                continue
            near = _meant(premise, clause, meaning)
            if sign in said and near >= SPEAKS_FOR:
                return 1
            if said == {-sign} and near >= ACROSS_IN_CLAUSE:
                verdict = -1
    return verdict


def _meant(premise: _Premise, clause: str, meaning: Meaning) -> float:
    """The weighted mean cosine of the words that the question speaks of, names apart."""
    pieces = [p for p in meaning.coverage(premise.subject, clause) if p.word.strip("▁ ").lower() not in premise.names]
    total = sum(piece.weight for piece in pieces)
    return sum(piece.weight * max(0.0, piece.best) for piece in pieces) / total if total else 0.0


def _of_years(candidate: Candidate, years: Sequence[int]) -> bool:
    """Does the sentence speak of one of these years: said in it, or, where it says none, above it?"""
    said = _years(candidate.text)
    return (
        bool(said & set(years))
        if said
        else bool((years_of(candidate.report) | _years(" ".join(candidate.hit.passage.headings))) & set(years))
    )


@lru_cache(maxsize=4096)
def _years(text: str) -> frozenset[int]:
    return frozenset(int(q.low) // 10000 for q in parse(text) if q.unit == "date" and q.low >= 10**7)


def _clauses(text: str) -> Iterator[str]:
    start = 0
    for match in [*_CLAUSE.finditer(text), None]:
        end = match.start() if match else len(text)
        if text[start:end].strip():
            yield text[start:end]
        start = match.end() if match else end


def _share(wanted: dict[str, float], there: Collection[str]) -> float:
    return sum(weight for unit, weight in wanted.items() if unit in there) / (sum(wanted.values()) or 1.0)
