"""What is measured, as pure functions: facts, citations, declining, the tamper gate, retrieval, time.

A *source* is a pair (path of a report, text of it that was cited or found). *Facts* are groups of alternative strings:
a text has a fact when it holds one string of the group.
"""

from __future__ import annotations

import math
import random
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from records import Citation, Report

Facts = Sequence[Sequence[str]]
Source = tuple[str, str]

_CHINESE = r"[㐀-鿿豈-﫿、。，！？；：（）《》“”]"
_DASHES = str.maketrans({"–": "-", "—": "-", "‑": "-", "−": "-", "～": "-", "~": "-", "“": '"', "”": '"'})


def normal(text: str) -> str:
    """The text as facts are compared: numbers, widths, case and spaces made alike.

    ``"１,011 家"`` -> ``"1011家"``, ``"95 percent"`` -> ``"95%"``, ``"2 – 5"`` -> ``"2-5"``,
    ``"Gateway  API"`` -> ``"gateway api"``.
    """
    text = re.sub(r"(?<=[0-9０-９])[,，](?=[0-9０-９]{3}(?![0-9０-９]))", "", text)
    text = re.sub(rf"\s*({_CHINESE})\s*", r"\1", text)
    text = unicodedata.normalize("NFKC", text.translate(_DASHES)).casefold().replace("**", "").replace("`", "")
    text = re.sub(r"(?<=\d)\s*(?:%|per ?cent\b)", "%", text)
    text = re.sub(r"(?<=\d)\s*-\s*(?=\d)", "-", text)
    return re.sub(r"\s+", " ", text).strip()


def holds(text: str, fact: str) -> bool:
    """Does the text say the string, numbers as whole numbers and names from their beginning.

    ``95%`` is not in ``195%``, ``1.1`` not in ``1.15`` and ``AWS`` not in ``laws``; ``tenant`` is in ``tenants``.
    """
    wanted = normal(fact)
    before = r"(?<![0-9a-z])(?<!\d\.)" if re.match(r"[0-9a-z]", wanted) else ""
    after = r"(?!\d|\.\d)" if wanted[-1:].isdigit() else ""
    return bool(wanted) and re.search(before + re.escape(wanted) + after, normal(text)) is not None


def missing(text: str, facts: Facts) -> list[Sequence[str]]:
    """The groups of which the text holds no string, in their order; none missing: the text has all the facts."""
    return [group for group in facts if not any(holds(text, fact) for fact in group)]


def mean(values: Iterable[float]) -> float | None:
    """The mean; None of nothing. Of booleans it is the share which is true."""
    found = [float(value) for value in values]
    return sum(found) / len(found) if found else None


def valid(citation: Citation, report: Report) -> bool:
    """Citation validity: is the quote, character by character, the cited span of the very report that was read?"""
    same = citation.report_id == report.id and citation.sha256 == report.sha256
    return same and 0 <= citation.start < citation.end and report.text[citation.start : citation.end] == citation.quote


def citation_precision(cited: Sequence[Source], facts: Facts, reports: Collection[str]) -> float | None:
    """The share of the citations that are of an expected report and have at least one of the facts.

    None when nothing was cited. Facts a, b; cited "a", "nothing": .5.
    """
    return mean(path in reports and _any(quote, facts) for path, quote in cited)


def citation_recall(cited: Sequence[Source], facts: Facts, reports: Collection[str]) -> float:
    """The share of the facts that some citation of an expected report has; 1.0 of no facts.

    Facts a, b; cited "a", "nothing": .5.
    """
    return _share(" \n ".join(quote for path, quote in cited if path in reports), facts)


def declined(doubted: bool, text: str, facts: Facts) -> bool:
    """Was an unanswerable question declined: doubted or not answered at all, or told what a report says of its own gap.

    ``facts`` are that saying ("the figure is missing"); without any, only doubting counts.
    """
    return doubted or (bool(facts) and not missing(text, facts))


def recall_at(k: int, found: Sequence[Source], facts: Facts, reports: Collection[str]) -> float:
    """Retrieval recall@k: the share of the facts that the best k hits of expected reports have together.

    Facts a, b; found "a", "x", "b": .5 at 1 and 2, 1.0 at 3.
    """
    return _share(" \n ".join(text for path, text in found[:k] if path in reports), facts)


def reciprocal_rank(found: Sequence[Source], facts: Facts, reports: Collection[str]) -> float:
    """1 / rank of the first hit of an expected report that has at least one fact; 0.0 when there is none.

    Its mean over the questions is the MRR. Found "x", "a": .5.
    """
    for rank, (path, text) in enumerate(found, start=1):
        if path in reports and _any(text, facts):
            return 1 / rank
    return 0.0


def percentile(values: Sequence[float], percent: float) -> float | None:
    """The smallest value that at least ``percent`` of the values do not exceed (nearest rank); None of nothing.

    50 of 1, 2, 3, 4 -> 2; 95 -> 4.
    """
    if not values:
        return None
    return sorted(values)[max(1, math.ceil(percent / 100 * len(values))) - 1]


#: What leaves a claim true.
TRUE = ("untouched", "translated")


@dataclass(frozen=True, slots=True)
class Trial:
    """A claim that was put before the verifier with the span it should be judged by.

    ``kind`` says what was done to the claim: one of ``TRUE`` or a kind of tampering; ``right`` whether the verdict was:
    supported for a true claim, unsupported for all others.
    """

    kind: str
    language: str
    claim: str
    span: str
    right: bool
    why: str


#: claim, span -> supported, and why
Verdict = Callable[[str, str], tuple[bool, str]]
#: claim, kind, randomness -> the claim made false, or None where this claim offers nothing to change
Tamper = Callable[[str, str, random.Random], str | None]


def gate(
    sentences: Sequence[str], language: str, kinds: Sequence[str], tamper: Tamper, verdict: Verdict, seed: int = 0
) -> list[Trial]:
    """The tamper gate: what the verifier says of sentences that are true and of the same sentences made false.

    Each sentence is its own evidence. It is tried ``untouched``, tampered with in each of the kinds which it offers,
    and ``moved``: judged by the sentence half the collection away, as a citation that points at the wrong place.
    The trials are in the order of the sentences; the same seed gives the same trials.
    """
    trials: list[Trial] = []
    rng = random.Random(seed)
    distinct = list(dict.fromkeys(sentences))
    for position, sentence in enumerate(distinct):
        supported, why = verdict(sentence, sentence)
        trials.append(Trial("untouched", language, sentence, sentence, supported, why))
        for kind in kinds:
            changed = tamper(sentence, kind, rng)
            if changed is not None and changed != sentence:
                supported, why = verdict(changed, sentence)
                trials.append(Trial(kind, language, changed, sentence, not supported, why))
        if len(distinct) > 1:
            elsewhere = distinct[(position + len(distinct) // 2) % len(distinct)]
            supported, why = verdict(sentence, elsewhere)
            trials.append(Trial("moved", language, sentence, elsewhere, not supported, why))
    return trials


def translations(claims: Sequence[str], spans: Sequence[str], language: str, verdict: Verdict) -> list[Trial]:
    """What the verifier says of claims in ``language`` that each rest on their translation.

    Raises ValueError when the two are not as many.
    """
    judged = [(claim, span, verdict(claim, span)) for claim, span in zip(claims, spans, strict=True)]
    return [Trial("translated", language, claim, span, supported, why) for claim, span, (supported, why) in judged]


def _any(text: str, facts: Facts) -> bool:
    return len(missing(text, facts)) < len(facts)


def _share(text: str, facts: Facts) -> float:
    return 1 - len(missing(text, facts)) / len(facts) if facts else 1.0
