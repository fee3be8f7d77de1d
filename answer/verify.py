"""Does this span support this claim?

What can be checked exactly is checked first: numbers with their units, years and versions, negation and direction, names.
What remains is meaning: how much of the claim the span covers, by shared words in one language and by a ``Meaning`` across
languages, where a ``Judge`` also reads whether the span says otherwise.
"""
# ruff: noqa: E501 (patterns and sentences in two languages read better on one line)

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import exp, log
from typing import Protocol

from answer.across import mean, reversed_across
from answer.question import entities
from answer.reader import Verdict
from answer.reading import Reading, alike, clause, read
from index.interaction import Meaning
from index.pairs import Inference
from records import Support
from text.fold import fold, letters
from text.language import GRAMMAR, language_of
from text.markdown import unmarked
from text.periods import years
from text.quantities import Quantity, bounds_agree, numbered_names, parse, same
from text.words import root

#: The least share of a claim's words that the span must have, in one language. Of human paraphrases with their evidence (WiCE dev,
#: supported) 90 % reach .38; of sentences held against another paragraph of the same report 1 to 5 % do.
WORDS_FLOOR = 0.4
#: The same where a Meaning reads too: the mean of the shared words and of what it covers. 90 % of the paraphrases reach .48.
READ_FLOOR = 0.47
#: Across languages: the log odds that a text translates (or says) the other, from the mean cosine, the weight of the pieces that
#: are the same in both (names, figures: they tell little), and the log of how many pieces there are. Logistic regression on
#: news (NTREX-128) and cloud-native documentation, 800 sentence pairs each way, against one of the next three sentences:
#: ``python -m eval.across`` fits them to another model. 97 % of translations reach the floor, 7 % of the neighbours do.
ODDS_COSINE, ODDS_SAME, ODDS_LENGTH, ODDS_CONSTANT = 28.3, -15.4, 1.41, -15.2
#: What each of a claim's first two figures adds, which the span was found to say: they are seldom there by chance.
ODDS_FIGURE = 1.5
#: The least of it, as a probability.
ACROSS_FLOOR = 0.36
#: From this chance on the judge finds that a span in the other language says otherwise.
CONTRADICTED = 0.75
#: From this chance on the second opinion decides.
SURE = 0.5
#: A cosine from which a piece counts as the same.
SAME_PIECE = 0.985


class Judge(Protocol):
    """Reads a claim together with a span."""

    def judge(self, claim: str, span: str, /) -> Verdict:
        """Does the span support the claim?"""


class Second(Protocol):
    """A second opinion, asked where figures, negation and names hold."""

    def infer(self, span: str, claim: str, /) -> Inference:
        """Does the claim follow from the span?"""


@dataclass(frozen=True, slots=True)
class Held:
    """A claim held against a span, as far as a ``meaning`` can tell."""

    claim: Reading
    span: Reading
    meaning: Meaning | None

    @property
    def across(self) -> bool:
        """Are they in two languages?"""
        return self.claim.language != self.span.language

    def support(self, why: str, of: str = "", score: float | None = None) -> Support:
        """The verdict, with what ``_WHY`` has for it."""
        least, *told = _WHY[why]
        score = least if score is None else round(score, 3)
        return Support(score >= 0.5, score, told[self.claim.language == "zh"].format(of))


#: What is told of a verdict, in English and in Chinese, and its score where nothing else gives one.
_WHY: dict[str, tuple[float, str, str]] = {
    "empty": (0.0, "It says nothing that could be checked.", "其中没有可以核对的内容。"),
    "verbatim": (1.0, "The span says it in these words.", "引文原话如此。"),
    "number": (0.1, "The span does not say {}.", "引文中没有“{}”。"),
    "bound": (0.1, "The span bounds {} the other way.", "引文中“{}”的上下限相反。"),
    "reversed": (0.1, "The span says the opposite of “{}”.", "引文所说与“{}”相反。"),
    "negated": (0.1, "One of the two denies what the other says: “{}”.", "一处肯定，一处否定：“{}”。"),
    "swapped": (0.15, "In the span the roles are the other way round: {}.", "引文中的主客关系相反：{}。"),
    "name": (0.2, "The span does not mention {}.", "引文没有提到“{}”。"),
    "covered": (0.5, "The span covers {} % of it, figures and names agree.", "引文覆盖其中 {}%，数字与名称一致。"),
    "uncovered": (0.0, "The span covers only {} % of it.", "引文只覆盖其中 {}%。"),
    "opposite": (0.0, "The span says otherwise.", "引文所说与此不同。"),
    "entailed": (0.5, "Figures and names agree, and the second opinion is that it follows.", "数字与名称一致，第二意见认为引文支持它。"),
    "contradicted": (0.0, "The second opinion is that the span contradicts it.", "第二意见认为引文与它矛盾。"),
    "unread": (0.5, "Figures and names agree; the meaning was not compared.", "数字与名称一致，含义未作比较。"),
}  # fmt: skip
#: What may stand round a sentence.
_MARKS = " .。;；,，!！?？\"'"
#: What is found against a claim: a kind of ``_WHY``, and the words that are meant.
Reason = tuple[str, str] | None


def verify(
    claim: str,
    span: str,
    meaning: Meaning | None = None,
    second: Second | None = None,
    judge: Judge | None = None,
) -> Support:
    """Does the span, and nothing else, support the claim? ``why`` is in the claim's language.

    A ``second`` opinion is asked about what passed all that can be checked exactly; where it is sure, it decides.

    A score of .5 and more is support. ``verify("贡献公司达 1,011 家", "Contributing companies grew by 90% to 1,011.")`` supports, 1,012 not.
    """
    held = Held(read(fold(unmarked(claim))), read(fold(unmarked(span))), meaning)
    said, known = held.claim.text, held.span.text
    if not held.claim.tokens:
        return held.support("empty")
    if said.strip(_MARKS) == known.strip(_MARKS):
        return held.support("verbatim")
    for reason in _objections(held):
        if reason:
            return held.support(*reason)
    inferred = second.infer(known, said) if second and known else None
    if inferred and inferred.contradiction >= SURE:
        return held.support("contradicted", score=0.5 * (1 - inferred.contradiction))
    if inferred and inferred.entailment >= SURE:
        return held.support("entailed", score=inferred.entailment)
    covered = _covered(held)
    if covered is None:
        return held.support("unread")
    share, floor = covered
    percent = f"{100 * share:.0f}"
    if share < floor:
        return held.support("uncovered", percent, 0.499 * share / floor)
    against = judge.judge(said, known).contradicted if judge and held.across else 0.0
    if against >= CONTRADICTED:
        return held.support("opposite", score=0.5 * (1 - against))
    return held.support("covered", percent, 0.5 + 0.5 * (share - floor) / (1 - floor))


def _objections(held: Held) -> Iterator[Reason]:
    """What each exact check says, None where it finds nothing; a later check is made only if it is asked for."""
    yield _missing_quantity(held)
    yield _of_another_year(held)
    yield _reversed(held)
    yield _swapped(held)
    yield _missing_name(held)
    yield _replaced_opening(held)


def _missing_quantity(held: Held) -> Reason:
    """The first number, date or version of the claim that the span does not say."""
    said, there = parse(held.claim.text), parse(held.span.text)
    figures = any(quantity.unit != "date" for quantity in said)
    for quantity in said:
        text = held.claim.text[quantity.start : quantity.end].strip()
        of_figure = figures and quantity.unit == "date"  # the year of a figure is held against the figure
        if not held.across and not of_figure and _misplaced(quantity, held):
            return "number", text
        agreeing = [other for other in there if same(quantity, other)]
        if quantity.certain and not agreeing:
            return "number", text
        if quantity.certain and agreeing and not any(bounds_agree(quantity, other) for other in agreeing):
            return "bound", text
    return None


#: Another value in a place so alike, and so much more alike than any place that has the claim's value, means a changed figure.
PLACE_ALIKE, PLACE_MARGIN = 0.75, 0.2


def _misplaced(quantity: Quantity, held: Held) -> bool:
    """Does the span say another value where the claim says this one, and this one at most elsewhere?"""
    claim, span = held.claim, held.span
    likeness = {True: 0.0, False: 0.0}
    for other in parse(span.text):
        i, j = claim.at(quantity.start), span.at(other.start)
        if other.kind == quantity.kind and i < len(claim.tokens) and j < len(span.tokens):
            agrees = same(quantity, other)
            likeness[agrees] = max(likeness[agrees], alike(claim, i, span, j))
    return likeness[False] >= PLACE_ALIKE and likeness[False] > likeness[True] + PLACE_MARGIN


def _of_another_year(held: Held) -> Reason:
    """The first figure that the span tells of other years than the claim: ``2022: 5`` of ``2023 5, 2022 4``."""
    for quantity in parse(held.claim.text):
        asked = set(_years_of(quantity, held.claim.text) or years(held.claim.text))
        if quantity.unit == "date" or not asked or quantity.written in map(str, asked):
            continue
        others = (other for other in parse(held.span.text) if other.unit != "date" and same(quantity, other))
        told = [set(_years_of(other, held.span.text)) for other in others]
        if told and all(of and not of & asked for of in told):
            return "number", held.claim.text[quantity.start : quantity.end].strip()
    return None


def _years_of(quantity: Quantity, text: str) -> tuple[int, ...]:
    """The years of the clause that holds a quantity."""
    start, end = clause(text, quantity.start, quantity.end)
    return years(text[start:end])


#: How alike the surroundings of two opposites must be for one to contradict the other.
CONTEXT_FLOOR = 0.4


def _reversed(held: Held) -> Reason:
    """A word of the claim whose opposite, or whose denial, stands in the same place of the span."""
    if held.across:
        return reversed_across(held.claim, held.span, held.meaning)
    for what, places in held.claim.said.items():
        others = held.span.said.get(what, ())
        for place in places:
            if all(other.sign == place.sign for other in others):
                continue
            likeness = [(alike(held.claim, place.at, held.span, other.at), other) for other in others]
            agree = max((near for near, other in likeness if other.sign == place.sign), default=0.0)
            for near, other in likeness:
                if other.sign != place.sign and near > max(CONTEXT_FLOOR, agree + 1e-9):
                    kind = "negated" if place.denied != other.denied else "reversed"
                    return kind, held.claim.around(place.at)
    return None


#: ``Cilium``, ``eBPF``, ``in-toto``, ``AT&T``
_LATIN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9]*(?:[-.+/&'][A-Za-z0-9]+)*")


@lru_cache(maxsize=4096)
def names_of(text: str, opening: bool = False) -> tuple[str, ...]:
    """The names in Latin letters: words with a capital that no sentence's start explains; with ``opening`` those too."""
    found = []
    for match in _LATIN.finditer(text):
        name = match.group().removesuffix("'s")
        before = text[: match.start()].rstrip()
        opens = (not before or before[-1] in ".?!:;。！？：；\"'“(") and not opening and language_of(text) != "zh"
        if len(name) > 1 and name.lower() not in GRAMMAR and any(map(str.isupper, name[1:] if opens else name)):
            found.append(name)
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=4096)
def _latin(text: str) -> tuple[frozenset[str], str]:
    """The Latin words of a text and their parts, bare, and the initials of all."""
    words = _LATIN.findall(text)
    parts = {_bare(part) for word in words for part in (word, *re.split(r"[-.+/&']", word))}
    return frozenset(parts), "".join(word[0].lower() for word in words if word.lower() not in GRAMMAR)


def _bare(name: str) -> str:
    """``PR`` and ``PRs`` -> ``pr``."""
    return root(letters(name[:-1] if len(name) > 2 and name.endswith("s") else name))


def _has_name(name: str, known: str) -> bool:
    """Is the name in the text, in other letters too: ``CNCF`` in ``Cloud Native Computing Foundation``?"""
    words, initials = _latin(known)
    own = _bare(name)
    if own in words or (name.isupper() and 3 <= len(name) <= 5 and name.lower() in initials):
        return True
    return len(own) > 4 and (own in letters(known) or any(len(word) > 4 and own.startswith(word) for word in words))


#: A paraphrase may leave this share of a claim's name words to the span's surroundings (first names, titles) ...
NAMES_MISSING = 0.4
#: ... unless it shares more than this of its words with the span: then the missing name took another's place.
NEARLY_VERBATIM = 0.75


def _missing_name(held: Held) -> Reason:
    """The first name of the claim that the span does not have; one that may be translated only where another took its place."""
    said, known = held.claim.text, held.span.text
    for name in numbered_names(said):
        if letters(name) not in letters(known) and name not in numbered_names(known):
            return "name", name
    names = names_of(said)
    missing = [name for name in names if not _has_name(name, known)]
    if held.across and held.claim.language == "en" and all(_has_name(name, said) for name in names_of(known)):
        return None
    few = len(missing) <= NAMES_MISSING * len(names) and held.claim.shared(held.span) <= NEARLY_VERBATIM
    return ("name", missing[0]) if missing and (held.across or not few) else None


def _replaced_opening(held: Held) -> Reason:
    """A capitalised first word that the span lacks where it has all the rest: ``Envoy runs it`` of ``Cilium runs it``."""
    opening = _LATIN.match(held.claim.text)
    if held.across or held.claim.language == "zh" or not opening or opening.group().lower() in GRAMMAR:
        return None
    if not opening.group()[0].isupper() or _has_name(opening.group(), held.span.text):
        return None
    rest = read(held.claim.text[opening.end() :])
    return ("name", opening.group()) if len(rest.units) >= 3 and rest.shared(held.span) >= 0.99 else None


#: What joins two names without saying which does something to which; and what says that the second does.
_EVEN = frozenset("and or with versus vs between like join meet partner equal 和 与 及 或 跟 同".split())
_PASSIVE = frozenset("by 被 由".split())
#: So many words or Chinese characters may stand between them.
_NEAR = 20


def _swapped(held: Held) -> Reason:
    """Two names that the claim joins by a verb, and the span by the same verb the other way round."""
    told = _deeds(held.span) if not held.across else ()
    for one, verb, other in _deeds(held.claim) if told else ():
        same_verb = {(doer, done) for doer, words, done in told if words & verb}
        if (other, one) in same_verb and (one, other) not in same_verb:
            return "swapped", f"{one} / {other}"
    return None


@lru_cache(maxsize=2048)
def _deeds(text: Reading) -> tuple[tuple[str, frozenset[str], str], ...]:
    """Who, with which words between, whom: names that are neighbours inside a clause."""
    names = dict.fromkeys([*names_of(text.text, opening=True)[:1], *entities(text.text)])
    places = sorted((match.start(), name) for name in names for match in re.finditer(re.escape(name), text.text))
    found = []
    for (start, one), (then, other) in pairwise(places):
        first, last = text.at(start + len(one)), text.at(then)
        roots = {token.root for token in text.tokens[first:last]}
        verb = frozenset(text.units[i] for i in range(first, last) if i in text.units)
        if one != other and verb and not roots & _EVEN and last - first <= _NEAR:
            found.append((other, verb, one) if roots & _PASSIVE else (one, verb, other))
    return tuple(found)


def _covered(held: Held) -> tuple[float, float] | None:
    """The share of the claim that the span covers, in [0, 1], and the least that supports; None where nothing can tell."""
    pieces = held.meaning.coverage(held.claim.text, held.span.text) if held.meaning else []
    total, shared = sum(piece.weight for piece in pieces), held.claim.shared(held.span)
    if not total:
        return None if held.across else (shared, WORDS_FLOOR)
    cosine = mean(pieces)
    if not held.across:
        return (shared + cosine) / 2, READ_FLOOR
    same_in_both = sum(piece.weight for piece in pieces if piece.best >= SAME_PIECE) / total
    figures = min(2, sum(quantity.certain for quantity in parse(held.claim.text)))
    odds = ODDS_COSINE * cosine + ODDS_SAME * same_in_both + ODDS_LENGTH * log(1 + len(pieces)) + ODDS_CONSTANT
    odds += ODDS_FIGURE * figures
    return 1 / (1 + exp(-odds)), ACROSS_FLOOR
