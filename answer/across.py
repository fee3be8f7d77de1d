"""What two texts in two languages say the other way round: opposites and denials, aligned by meaning."""

from __future__ import annotations

from collections.abc import Sequence

from answer.reading import Reading, sides
from index.interaction import Covered, Meaning

#: All measured by ``python -m eval.across``; how is in docs/tried.md.
#: How much nearer the opposites of a claim's word must be to the span than the words like it, as cosines, to mean that
#: it was turned; the least cosine at which either is taken to be in the span.
NEARER, THERE = 0.2, 0.3
#: What a text denies is denied by the other, too, if it is so much as near to where the other denies as to all of it.
AS_NEAR = 0.65
#: The least mean cosine at which what is denied is taken to be in the other text at all.
FOUND = 0.35
#: How far round a denial what the other text denies is looked for: in Chinese characters, or three letters.
ROUND = 16


def reversed_across(claim: Reading, span: Reading, meaning: Meaning | None) -> tuple[str, str] | None:
    """``("reversed", words)`` where the claim turns a direction of the span, ``("negated", words)`` where one of them
    denies alone. Without a ``meaning`` directions are compared by the words of opposites alone, and denials are not.
    """
    for what, places in claim.said.items():
        if isinstance(what, int) and _turned(what, claim, span, meaning):
            return "reversed", claim.around(places[0].at)
    if meaning and (_denies_alone(claim, span, meaning) or _denies_alone(span, claim, meaning)):
        return "negated", claim.text[:40]
    return None


def _turned(pair: int, claim: Reading, span: Reading, meaning: Meaning | None) -> bool:
    """Has the span the other side of a pair of opposites that the claim has one side of?

    Which side a text is on is told by its words alone: how far a denial reaches differs between languages.
    """
    signs, others = ({-p.sign if p.denied else p.sign for p in text.said.get(pair, ())} for text in (claim, span))
    if len(signs) > 1 or signs & others:
        return False
    if meaning is None:
        return bool(others)
    sign = signs.pop()
    like, opposite = (_nearest(sides(pair, side, claim.language), span.text, meaning) for side in (sign, -sign))
    return opposite >= THERE and opposite > like + NEARER


def _nearest(words: Sequence[str], span: str, meaning: Meaning) -> float:
    """The best cosine of these words in the span, of those that are one piece; -1 where none is."""
    pieces = meaning.coverage(" ".join(words), span)
    return max((piece.best for piece in pieces if piece.word.strip("▁ ").lower() in words), default=-1.0)


def _denies_alone(one: Reading, other: Reading, meaning: Meaning) -> bool:
    """Does the first text deny what nothing in the second explains?"""
    reach = ROUND if other.language == "zh" else 3 * ROUND
    windows = []
    for start, end in other.denials:
        near = [token for token in other.tokens if token.end > start - reach and token.start < end + reach]
        windows.append(other.text[near[0].start : near[-1].end])
    return not all(_explained(_denied(one, denial), other.text, windows, meaning) for denial in one.denials)


def _explained(denied: str, other: str, windows: Sequence[str], meaning: Meaning) -> bool:
    """Is what is denied in one of the windows of the other text, or too far from all of it to tell?"""
    cosine = _cosine(denied, other, meaning)
    return cosine < FOUND or any(_cosine(denied, window, meaning) >= AS_NEAR * cosine for window in windows)


def _denied(text: Reading, denial: tuple[int, int]) -> str:
    """What is denied: two words, or four Chinese characters, that say something after it; before it at a text's end."""
    content = [token for token in text.tokens if token.content]
    most = 4 if text.language == "zh" else 2
    after = [token for token in content if token.start >= denial[1]][:most]
    kept = after or [token for token in content if token.end <= denial[0]][-most:]
    return text.text[kept[0].start : kept[-1].end] if kept else ""


def _cosine(words: str, text: str, meaning: Meaning) -> float:
    return mean(meaning.coverage(words, text)) if words else 0.0


def mean(pieces: Sequence[Covered]) -> float:
    """The mean cosine of pieces by their weight, none less than 0; 0 where there are none."""
    total = sum(piece.weight for piece in pieces)
    return sum(piece.weight * max(0.0, piece.best) for piece in pieces) / total if total else 0.0
