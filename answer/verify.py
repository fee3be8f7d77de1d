"""Does this span support this claim?

What can be checked exactly is checked first: numbers with their units, years and versions, negation and direction, names, who
did what to whom. What remains is meaning: how much of the claim the span covers, by shared words in one language and by a
``Meaning`` across languages, where a ``Judge`` also reads whether the span says otherwise.
"""
# ruff: noqa: E501 (tables of words, and patterns with Chinese, read better on one line)

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from math import exp, log
from typing import Protocol

from answer.across import reversed_across
from answer.question import entities
from answer.reading import Meaning, alike, read, shared_words, units_of
from records import Support
from text.fold import fold
from text.language import language_of
from text.markdown import unmarked
from text.periods import years
from text.quantities import Quantity, bounds_agree, numbered_names, parse, same
from text.words import root, tokens_of

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


class Inference(Protocol):
    """The chances, in [0, 1], that a claim follows from a span and that it contradicts it."""

    @property
    def entailment(self) -> float:
        """That it follows."""

    @property
    def contradiction(self) -> float:
        """That it cannot be."""


class Verdict(Protocol):
    """The chance, in [0, 1], that a span contradicts a claim."""

    @property
    def contradicted(self) -> float:
        """That it says otherwise."""


class Judge(Protocol):
    """Reads a claim together with a span."""

    def judge(self, claim: str, span: str, /) -> Verdict:
        """Does the span support the claim?"""


class Second(Protocol):
    """A second opinion, asked where figures, negation and names hold."""

    def infer(self, span: str, claim: str, /) -> Inference:
        """Does the claim follow from the span?"""


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
    said, known = fold(unmarked(claim)), fold(unmarked(span))
    language = language_of(said) or "en"
    if not tokens_of(said):
        return Support(False, 0.0, _WHY["empty"][language])
    if _is_part(said, known):
        return Support(True, 1.0, _WHY["verbatim"][language])
    across = language != (language_of(known) or "en")
    for reason in _objections(said, known, across, meaning):
        if reason is not None:
            kind, thing = reason
            return Support(False, _FAILED[kind], _WHY[kind][language].format(thing))
    inferred = second.infer(known, said) if second and known else None
    if inferred and max(inferred.entailment, inferred.contradiction) >= SURE:
        if inferred.contradiction >= SURE:
            return Support(False, round(0.5 * (1 - inferred.contradiction), 3), _WHY["contradicted"][language])
        return Support(True, round(inferred.entailment, 3), _WHY["entailed"][language])
    covered = _covered(said, known, across, meaning)
    if covered is None:
        return Support(True, 0.5, _WHY["unread"][language])
    share, floor = covered
    percent = round(100 * share)
    if share < floor:
        return Support(False, round(0.5 * share / floor, 3), _WHY["uncovered"][language].format(percent))
    against = judge.judge(said, known).contradicted if judge and across else 0.0
    if against >= CONTRADICTED:
        return Support(False, round(0.5 * (1 - against), 3), _WHY["opposite"][language])
    return Support(True, round(0.5 + 0.5 * (share - floor) / (1 - floor), 3), _WHY["covered"][language].format(percent))


#: The score of a claim that failed a check: how far from support each failure leaves it.
_FAILED = {"number": 0.1, "bound": 0.1, "reversed": 0.1, "negated": 0.1, "swapped": 0.15, "name": 0.2}
_WHY = {
    "empty": {"en": "It says nothing that could be checked.", "zh": "其中没有可以核对的内容。"},
    "verbatim": {"en": "The span says it in these words.", "zh": "引文原话如此。"},
    "number": {"en": "The span does not say {}.", "zh": "引文中没有“{}”。"},
    "bound": {"en": "The span bounds {} the other way.", "zh": "引文中“{}”的上下限相反。"},
    "reversed": {"en": "The span says the opposite of “{}”.", "zh": "引文所说与“{}”相反。"},
    "negated": {"en": "One of the two denies what the other says: “{}”.", "zh": "一处肯定，一处否定：“{}”。"},
    "swapped": {"en": "In the span the roles are the other way round: {}.", "zh": "引文中的主客关系相反：{}。"},
    "name": {"en": "The span does not mention {}.", "zh": "引文没有提到“{}”。"},
    "covered": {"en": "The span covers {} % of it, figures and names agree.", "zh": "引文覆盖其中 {}%，数字与名称一致。"},
    "uncovered": {"en": "The span covers only {} % of it.", "zh": "引文只覆盖其中 {}%。"},
    "opposite": {"en": "The span says otherwise.", "zh": "引文所说与此不同。"},
    "entailed": {"en": "Figures and names agree, and the second opinion is that it follows.", "zh": "数字与名称一致，第二意见认为引文支持它。"},
    "contradicted": {"en": "The second opinion is that the span contradicts it.", "zh": "第二意见认为引文与它矛盾。"},
    "unread": {"en": "Figures and names agree; the meaning was not compared.", "zh": "数字与名称一致，含义未作比较。"},
}  # fmt: skip

_Reason = tuple[str, str] | None


def _is_part(said: str, known: str) -> bool:
    """Is the claim the span, or whole clauses of it?"""
    said = said.strip(" .。;；,，!！?？\"'").casefold()
    folded = known.casefold()
    at = folded.find(said)
    while said and at >= 0:
        before, after = folded[:at].rstrip(" \"'("), folded[at + len(said) :].lstrip(" \"')")
        opens = not before or before[-1] in ".。;；,，!！?？:：、-"
        closes = not after or after[0] in ".。;；,，!！?？:：、-("
        if opens and closes and not (before and before[-1] in ",，、:：" and _DENIED_BEFORE.search(before)):
            return True
        at = folded.find(said, at + 1)
    return False


_DENIED_BEFORE = re.compile(r"(?:not true that|no evidence that|denied that|并非|不是|没有证据|否认)[^.。;；]{0,12}$")


def _objections(said: str, known: str, across: bool, meaning: Meaning | None) -> Iterator[_Reason]:
    """What each exact check says, None where it finds nothing; a later check is made only if it is asked for."""
    yield _missing_quantity(said, known, across)
    yield _of_another_year(said, known)
    yield _reversed(said, known, across, meaning)
    yield _swapped(said, known, across)
    yield _missing_name(said, known, across)


def _missing_quantity(said: str, known: str, across: bool) -> _Reason:
    """The first number, date or version of the claim that the span does not say."""
    there, here = parse(known), parse(said)
    figures = any(quantity.unit != "date" for quantity in here)
    for quantity in here:
        text = said[quantity.start : quantity.end].strip()
        bound = figures and quantity.unit == "date"  # the year of a figure is held against the figure
        if not across and not bound and _misplaced(quantity, said, known):
            return "number", text
        if not quantity.certain:
            continue
        agreeing = [other for other in there if same(quantity, other)]
        if not agreeing and not _ends_said(quantity, there):
            return "number", text
        if agreeing and not any(bounds_agree(quantity, other) for other in agreeing):
            return "bound", text
    return None


#: What parts the clauses of a sentence, and the cells of a row that is read aloud; not the comma of ``4,310``.
_CLAUSE_END = re.compile(r"[，；;。！？!?\n|]|(?<!\d),|,(?!\d{3}(?!\d))|\.(?=\s|$)")


def _of_another_year(said: str, known: str) -> _Reason:
    """The first figure that the span tells of other years than the claim: ``2022: 5`` of ``2023 5, 2022 4``."""
    there = [quantity for quantity in parse(known) if quantity.unit != "date"]
    for quantity in parse(said):
        asked = set(years(_clause(said, quantity)) or years(said))
        if quantity.unit == "date" or not asked or quantity.written in map(str, asked):
            continue
        told = [set(years(_clause(known, other))) for other in there if same(quantity, other)]
        if told and all(of and not of & asked for of in told):
            return "number", said[quantity.start : quantity.end].strip()
    return None


def _clause(text: str, quantity: Quantity) -> str:
    """The clause that holds a quantity."""
    start = max((end.end() for end in _CLAUSE_END.finditer(text, 0, quantity.start)), default=0)
    end = _CLAUSE_END.search(text, quantity.end)
    return text[start : end.start() if end else len(text)]


#: Another value in a place so alike, and so much more alike than any place that has the claim's value, means a changed figure.
PLACE_ALIKE, PLACE_MARGIN = 0.75, 0.2


def _misplaced(quantity: Quantity, said: str, known: str) -> bool:
    """Does the span say another value where the claim says this one, and this one at most elsewhere?"""
    claim, span = read(said), read(known)
    i = bisect_left(claim.starts, quantity.start)
    agreeing, other = 0.0, 0.0
    for candidate in parse(known):
        j = bisect_left(span.starts, candidate.start)
        if candidate.kind != quantity.kind or i >= len(claim.units) or j >= len(span.units):
            continue
        likeness = alike(claim, i, span, j)
        if same(quantity, candidate):
            agreeing = max(agreeing, likeness)
        else:
            other = max(other, likeness)
    return other >= PLACE_ALIKE and other > agreeing + PLACE_MARGIN


def _ends_said(quantity: Quantity, there: Sequence[Quantity]) -> bool:
    """A range whose two ends the span says apart."""
    if quantity.low == quantity.high:
        return False
    ends = [replace(quantity, low=end, high=end) for end in (quantity.low, quantity.high)]
    return all(any(same(end, other) for other in there) for end in ends)


#: How alike the surroundings of two opposites must be for one to contradict the other.
CONTEXT_FLOOR = 0.4


def _reversed(said: str, known: str, across: bool, meaning: Meaning | None) -> _Reason:
    """A word of the claim whose opposite, or whose denial, stands in the same place of the span."""
    claim, span = read(said), read(known)
    if across:
        return reversed_across(said, known, meaning)
    for concept, places in claim.signed.items():
        others = span.signed.get(concept)
        if not others:
            continue
        for i, sign, turned in places:
            if all(sign == other[1] for other in others):
                continue
            agree = max((alike(claim, i, span, j) for j, other, _ in others if other == sign), default=0.0)
            contrary, was_turned = max(
                (alike(claim, i, span, j), other_turned) for j, other, other_turned in others if other != sign
            )
            if contrary > max(CONTEXT_FLOOR, agree + 1e-9):
                start = claim.starts[i]
                kind = "negated" if turned != was_turned or isinstance(concept, str) else "reversed"
                return kind, said[max(0, start - 8) : start + 16].strip()
    return None


_NAME = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9]*(?:[-.+/&'][A-Za-z0-9]+)*")
_NOT_A_NAME = frozenset(
    "I A The An In On At For From By With As If It Its This That These Those There He She They We You But And Or So Also When While Where What "
    "Who Which How Why His Her Their Our Mr Mrs Ms Dr Sir January February March April May June July August September October November December "
    "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Monday Tuesday Wednesday Thursday Friday Saturday Sunday I'm I've I'll I'd It's Its".split()
)
_SENTENCE_OPENS = re.compile(r"(?:^|[.!?:;。！？：；\"'“(]\s*|\n)$")


@lru_cache(maxsize=4096)
def _names(text: str) -> tuple[tuple[int, str], ...]:
    """The names in Latin letters of a text with where they start: capitals that no sentence's start explains, and, in Chinese, any Latin word."""
    chinese = language_of(text) == "zh"
    found = []
    for match in _NAME.finditer(text):
        name = re.sub(r"'s?$", "", match.group())
        if name in _NOT_A_NAME or len(name) < 2 or _UNIT_WORD.fullmatch(name):
            continue
        inner = any(c.isupper() for c in name[1:])
        opens = bool(_SENTENCE_OPENS.search(text[max(0, match.start() - 3) : match.start()]))
        if inner or (name[0].isupper() and (chinese or not opens)):
            found.append((match.start(), name))
    return tuple(found)


_UNIT_WORD = re.compile(
    r"(?i:a|p)\.?m|[KMG]i?[Bb](?:ps)?|km|cm|mm|kg|ms|[VvQ]?\d[\w.]*|U\.?S\.?A?|UK|U\.K|UN|EU|AI|CEO|APIs?|PRs?|IDs?|URLs?|OS|IP|IT|TV|Prof|Q[1-4]|H[12]|AM|PM|BC|AD"
)


def capitals(text: str) -> frozenset[str]:
    """The words of a text that begin with a capital and are no grammar, in small letters: names, and what opens a sentence."""
    return frozenset(word.lower() for word in _NAME.findall(text) if word[0].isupper() and word not in _NOT_A_NAME)


def _bare_name(name: str) -> str:
    name = re.sub(r"[^a-z0-9]", "", name.lower())
    return name[:-1] if len(name) > 3 and name[-1] == "s" else name


@lru_cache(maxsize=4096)
def _letters(text: str) -> tuple[frozenset[str], str, str]:
    """The Latin words of a text, bare; all its letters in one; the initials of its words."""
    words = [match.group() for match in _NAME.finditer(text)]
    parts = [part for word in words for part in (word, *re.split(r"[-.+/&']", word))]
    letters = re.sub(r"[^a-z0-9]", "", text.lower())
    initials = "".join(word[0].lower() for word in words if word.lower() not in ("of", "the", "and", "for"))
    if "kubernetes" in letters or "k8s" in letters:
        parts, letters = [*parts, "kubernetes", "k8s"], letters + "kubernetesk8s"
    return frozenset(map(_bare_name, parts)), letters, initials


def _has_name(name: str, known: str) -> bool:
    """Is the name in the text, in other letters too: ``CNCF`` in ``Cloud Native Computing Foundation``?"""
    words, letters, initials = _letters(known)
    bare = _bare_name(name)
    if (
        bare in words
        or (len(bare) > 4 and bare in letters)
        or (name.isupper() and 3 <= len(name) <= 5 and name.lower() in initials)
    ):
        return True
    own = root(name)
    return any(
        root(word) == own or (len(own) > 4 and len(word) > 4 and (word.startswith(own) or own.startswith(word)))
        for word in words
    )


def _missing_name(said: str, known: str, across: bool) -> _Reason:
    """The first name of the claim that the span does not have; one that may be translated only where another took its place."""
    squeezed = _letters(known)[1]
    for name in numbered_names(said):
        if re.sub(r"[^a-z0-9]", "", name) not in squeezed and name not in numbered_names(known):
            return "name", name
    names = list(dict.fromkeys(name for _, name in _names(said)))
    missing = [name for name in names if not _has_name(name, known)]
    if not missing:
        return _replaced_opening(said, known) if not across else None
    if across and language_of(said) == "en":
        strangers = [name for _, name in _names(known) if not _has_name(name, said)]
        return ("name", missing[0]) if strangers else None
    if across or len(missing) > NAMES_MISSING * len(names) or shared_words(said, known) > NEARLY_VERBATIM:
        return "name", missing[0]
    return None


#: A paraphrase may leave this share of a claim's name words to the span's surroundings (first names, titles) ...
NAMES_MISSING = 0.4
#: ... unless it shares more than this of its words with the span: then the missing name took another's place.
NEARLY_VERBATIM = 0.75


def _replaced_opening(said: str, known: str) -> _Reason:
    """A capitalised first word that the span lacks where it has all the rest: ``Envoy runs it`` of ``Cilium runs it``."""
    opening = _NAME.match(said)
    if not opening or not said[0].isupper() or opening.group() in _NOT_A_NAME or language_of(said) == "zh":
        return None
    rest = said[opening.end() :]
    if _has_name(opening.group(), known) or len(units_of(rest)) < 3 or shared_words(rest, known) < 0.99:
        return None
    return "name", opening.group()


def _swapped(said: str, known: str, across: bool) -> _Reason:
    """Two names that the claim joins by a verb, and the span by the same verb the other way round."""
    if across:
        return None
    for one, verb, other, passive in _deeds(said):
        told = [(first, last, voice) for first, same_verb, last, voice in _deeds(known) if same_verb & verb]
        straight = any(
            (first, last) == ((one, other) if voice == passive else (other, one)) for first, last, voice in told
        )
        turned = any(
            (last, first) == ((one, other) if voice == passive else (other, one)) for first, last, voice in told
        )
        if turned and not straight:
            return "swapped", f"{one} / {other}"
    return None


_PASSIVE = re.compile(r"\bby\b|被|由|为.{1,12}所")
_EVEN = frozenset("and or with versus vs between like join meet partner equal".split()) | set("和与及或跟同")


@lru_cache(maxsize=2048)
def _deeds(text: str) -> tuple[tuple[str, frozenset[str], str, bool], ...]:
    """Who, with which words between, whom, and whether passively: names that are neighbours inside a clause."""
    names = _people(text)
    found = []
    for (start, one), (then, other) in pairwise(names):
        between = text[start + len(one) : then]
        if one == other or len(between) > 60 or re.search(r"[.;!?。；！？]\s|[。；！？]", between):
            continue
        tokens = tokens_of(between)
        if language_of(text) == "zh":
            verbs = {a.root + b.root for a, b in pairwise(tokens) if a.root >= "\u3400" and b.root >= "\u3400"}
        else:
            verbs = {token.root for token in tokens if token.content}
        if verbs and not {token.root for token in tokens} & _EVEN:
            found.append((one.lower(), frozenset(verbs), other.lower(), bool(_PASSIVE.search(between))))
    return tuple(found)


def _people(text: str) -> list[tuple[int, str]]:
    """The names that may do something: Latin names, a run of them as one, and Chinese organisations."""
    found: list[tuple[int, str]] = []
    opening = [word for word in _NAME.findall(text)[:1] if word.lower() in capitals(text)]
    for name in dict.fromkeys([*opening, *entities(text)]):
        found += [(match.start(), name) for match in re.finditer(re.escape(name), text)]
    return sorted(found)


def _covered(said: str, known: str, across: bool, meaning: Meaning | None) -> tuple[float, float] | None:
    """The share of the claim that the span covers, in [0, 1], and the least that supports; None where nothing can tell."""
    pieces = meaning.coverage(said, known) if meaning else ()
    total = sum(piece.weight for piece in pieces)
    if not total:
        return None if across else (shared_words(said, known), WORDS_FLOOR)
    cosine = sum(piece.weight * max(0.0, piece.best) for piece in pieces) / total
    if not across:
        return (shared_words(said, known) + cosine) / 2, READ_FLOOR
    alike = sum(piece.weight for piece in pieces if piece.best >= SAME_PIECE) / total
    figures = min(2, sum(quantity.certain for quantity in parse(said)))
    odds = ODDS_COSINE * cosine + ODDS_SAME * alike + ODDS_LENGTH * log(1 + len(pieces)) + ODDS_CONSTANT
    odds += ODDS_FIGURE * figures
    return 1 / (1 + exp(-odds)), ACROSS_FLOOR
