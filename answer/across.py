"""What two texts in two languages say the other way round: opposites and denials, aligned by meaning."""
# ruff: noqa: E501 (patterns with Chinese read better on one line)

from __future__ import annotations

import re
from collections.abc import Sequence

from answer.reading import ONE_LANGUAGE, Covered, Meaning, Reading, denials, read, sides
from text.language import language_of
from text.words import tokens_of

#: All measured by ``python -m eval.across``; how is in docs/tried.md.
#: How much nearer the opposites of a claim's word must be to the span than the words like it, as cosines, to mean that it was turned.
NEARER = 0.2
#: The least cosine at which either is taken to be in the span.
THERE = 0.3
#: What a text denies is found where the other denies if it is so much as near there as anywhere, or if a word of it is there
#: whose cosine is so high.
AS_NEAR, SURELY = 0.75, 0.6
#: What is denied may be anywhere if its mean cosine is less: where the other text denies too, and where it does not.
FOUND, FOUND_UNDENIED = 0.35, 0.2
#: How far round a denial, and round a word that may stand for one, what is denied is looked for: Chinese characters, or three letters.
ROUND, ROUND_SOFT = 16, 4
#: A span is the claim's sentence and no more, where it is at most so many times as long.
WHOLE = 1.5

#: Words that may stand where the other language denies: ``unless`` for 除非, ``only`` for 才, ``unable`` for 不能.
_SOFT_EN = re.compile(
    r"\b(?:unless|only|few|little|lack\w*|refus\w+|den(?:y|ie[sd]|ying)|prevent\w*|avoid\w*|stop\w*|until|except|miss\w*|absen\w+|far from|"
    r"instead|rather|despite|regardless|doubt\w*|wrong|bad|poor|im(?:possib)\w+|independent\w*|dis(?:agree|able|connect|allow|appear|like|cont|miss|rupt)\w*|"
    r"un(?:able|like|aware|certain|clear|happy|fair|known|limited|necess|success|expect|avail|chang|usual|support|related|healthy|tag|reg|desir|want|compl|"
    r"mount|avoid|wel|sure|us|der)\w*|in(?:compat|complet|correct|consist|capab|suffic|dep|valid|effect|adequ|access|exper|secur)\w*|non-?\w+|"
    r"\w{3,}less|fail\w*|ban\w*|prohibit\w*|forbid\w*|reject\w*|too|exclu\w+|no|nor|illegal|ignor\w+|skip\w*|omit\w*|los[et]|loss|without|neither|"
    r"otherwise|whether|against|hard|difficult\w*|barely|seldom|out of|away|beyond|ceas\w+|quit|other than|outside|opaque|agnostic|remain\w*|same|held|reluctan\w*|mostly)\b",
    re.I,
)
_SOFT_ZH = re.compile(
    r"[不没未无非免拒缺禁否失别勿少难才仅只反莫绝毫零空]|除|避|防|停|止|除非|忽略|跳过|丢|异|错|直到|罕|受阻|离|脱|戒|弃|而是|却|但"
)


def reversed_across(said: str, known: str, meaning: Meaning | None) -> tuple[str, str] | None:
    """``("reversed", words)`` or ``("negated", words)`` where the claim turns a direction of the span, or one of them denies alone.

    Without a ``meaning`` opposites are those of few senses only, and denials are counted.
    """
    claim, span = read(said), read(known)
    turned = _opposite_said(claim, span)
    if turned is None and meaning:
        turned = _opposite_meant(said, known, claim, span, meaning)
    if turned is not None:
        start = claim.starts[turned]
        return "reversed", said[max(0, start - 8) : start + 16].strip()
    is_whole = _size(span) <= WHOLE * _size(claim)
    if _denies_alone(said, known, meaning) or (is_whole and _denies_alone(known, said, meaning)):
        return "negated", said[:40]
    return None


def _opposite_said(claim: Reading, span: Reading) -> int | None:
    """The place of a word of the claim whose pair of opposites the span has the other way round throughout."""
    for concept, found in claim.signed.items():
        if isinstance(concept, str) or concept in ONE_LANGUAGE:
            continue
        places = [place for place in found if (concept, place[0]) not in claim.alone]
        others = [place for place in span.signed.get(concept, ()) if (concept, place[0]) not in span.alone]
        if not places or not others or len(others) > 2:
            continue
        if any(turned for _, _, turned in places) != any(turned for _, _, turned in others):
            continue  # how far a negation reaches differs between languages: denials are looked at apart
        if not {sign for _, sign, _ in places} & {sign for _, sign, _ in others}:
            return places[0][0]
    return None


def _opposite_meant(said: str, known: str, claim: Reading, span: Reading, meaning: Meaning) -> int | None:
    """The place of a word of the claim to whose opposites the span has something nearer than to the words like it."""
    chinese = language_of(said) == "zh"
    for concept, found in claim.signed.items():
        signs = {-sign if turned else sign for _, sign, turned in found}
        if isinstance(concept, str) or len(signs) > 1 or all((concept, place) in claim.alone for place, _, _ in found):
            continue
        sign = signs.pop()
        if any((-other if turned else other) == sign for _, other, turned in span.signed.get(concept, ())):
            continue
        like, opposite = (_nearest(sides(concept, side, chinese), known, meaning) for side in (sign, -sign))
        if opposite >= THERE and opposite > like + NEARER:
            return found[0][0]
    return None


def _nearest(words: Sequence[str], span: str, meaning: Meaning) -> float:
    """The best cosine of these words in the span, of those that are one piece; -1 where none is."""
    pieces = meaning.coverage(" ".join(words), span)
    return max((piece.best for piece in pieces if piece.word.strip("▁ ").lower() in words), default=-1.0)


def _denies_alone(one: str, other: str, meaning: Meaning | None) -> bool:
    """Does the first text deny what nothing in the second explains?"""
    spans, hard = denials(one), denials(other)
    chinese = language_of(other) == "zh"
    soft = [match.span() for match in (_SOFT_ZH if chinese else _SOFT_EN).finditer(other)]
    if meaning is None or not spans:
        return len(spans) > len(hard) + len(soft)
    step = 1 if chinese else 3
    windows = [
        _window(other, start - step * reach, end + step * reach)
        for places, reach in ((hard, ROUND), (soft, ROUND_SOFT))
        for start, end in places
    ]
    return not all(_explained(_denied(one, span), other, windows, meaning) for span in spans)


def _explained(denied: str, other: str, windows: Sequence[str], meaning: Meaning) -> bool:
    """Is what is denied in one of the windows of the other text, or too far from all of it to tell?"""
    there = meaning.coverage(denied, other) if denied else ()
    cosine = _mean(there)
    if cosine < (FOUND if windows else FOUND_UNDENIED):
        return True
    sure = {piece.word: piece.best for piece in there if piece.weight > 0 and piece.best >= SURELY}
    for window in windows:
        near = meaning.coverage(denied, window)
        if _mean(near) >= AS_NEAR * cosine:
            return True
        if any(piece.best >= sure[piece.word] - 0.02 for piece in near if piece.word in sure):
            return True
    return False


def _window(text: str, start: int, end: int) -> str:
    """``text[start:end]`` with the Latin words that it would cut."""
    start = max(0, start)
    while start and text[start - 1 : start + 1].isascii() and text[start - 1 : start + 1].isalnum():
        start -= 1
    while end < len(text) and text[end - 1 : end + 1].isascii() and text[end - 1 : end + 1].isalnum():
        end += 1
    return text[start:end]


def _denied(text: str, span: tuple[int, int]) -> str:
    """What a denial denies: the two words, or four Chinese characters, that say something after it; before it at a sentence's end."""
    content = [token for token in tokens_of(text) if token.content]
    most = 4 if language_of(text) == "zh" else 2
    after = [token for token in content if token.start >= span[1]][:most]
    kept = after or [token for token in content if token.end <= span[0]][-most:]
    return text[kept[0].start : kept[-1].end] if kept else ""


def _mean(pieces: Sequence[Covered]) -> float:
    """The weighted mean cosine; 0 where there are no pieces."""
    total = sum(piece.weight for piece in pieces)
    return sum(piece.weight * max(0.0, piece.best) for piece in pieces) / total if total else 0.0


def _size(reading: Reading) -> float:
    """How much a text says, in English words: 1.6 Chinese characters are one."""
    return sum(0.6 if unit[0] >= "\u3400" else 1.0 for unit in reading.units)
