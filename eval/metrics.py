"""What is measured of one question, as pure functions: facts, words, citations, declining, retrieval, time.

A *source* is a pair (path of a report, text of it that was cited or found). *Facts* are groups of alternative strings:
a text has a fact when it holds one string of the group.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from records import Citation, Report
from text.fold import letters, overlap
from text.quantities import parse

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


def is_gold(source: Source, evidence: Sequence[Source]) -> bool:
    """Is a cited or found text some of the evidence: of the same report, and half of the shorter of the two?"""
    return any(path == source[0] and overlap(quote, source[1]) for path, quote in evidence)


def gold_precision(cited: Sequence[Source], evidence: Sequence[Source]) -> float | None:
    """The share of the citations that are evidence; None when nothing was cited.

    Evidence "alpha beta" of a; cited "alpha beta" of a, "alpha beta" of b: .5.
    """
    return mean(is_gold(source, evidence) for source in cited)


def gold_recall(cited: Sequence[Source], evidence: Sequence[Source], facts: Facts) -> float:
    """The share of the facts of which some evidence was cited: evidence in two languages for one fact is needed once.

    A fact that no evidence says word for word is had with any evidence. Facts a, b; evidence "a" in two reports, "b"
    in one; cited "a" of one: .5.
    """
    had = [quote for path, quote in evidence if any(path == p and overlap(quote, text) for p, text in cited)]
    groups = [[quote for _, quote in evidence if not missing(quote, [group])] for group in facts]
    return mean(any(quote in had for quote in group) if group else bool(had) for group in groups) or 0.0


def ranks(found: Sequence[Source], evidence: Sequence[Source], others: Sequence[Source] = ()) -> list[int]:
    """The ranks, from 1, of the hits that are evidence; what is evidence among the ``others`` alone is passed over.

    Found x, other, gold: [2].
    """
    found = [hit for hit in found if is_gold(hit, evidence) or not is_gold(hit, others)]
    return [rank for rank, hit in enumerate(found, start=1) if is_gold(hit, evidence)]


def ndcg(at: Sequence[int], lost: int = 0, most: int = 10) -> float:
    """nDCG@10 of hits that are either right or not: ranks of the right ones, and how many were not found at all.

    Right at 1 and 3: (1 + 1/2) / (1 + 1/log2(3)) = .920; right at 2 alone: .631. Järvelin and Kekäläinen (2002).
    """
    gain = sum(1 / math.log2(1 + rank) for rank in at if rank <= most)
    ideal = sum(1 / math.log2(1 + rank) for rank in range(1, min(most, len(at) + lost) + 1))
    return gain / ideal if ideal else 0.0


def span_exact(spans: Sequence[str], facts: Facts) -> float:
    """The share of the facts that some answer span is, but for marks, widths, case and spaces.

    Spans "1,011", "in May"; facts "1011", "June": .5.
    """
    said = {letters(span) for span in spans}
    return mean(any(letters(fact) in said for fact in group) for group in facts) or 0.0


def span_f1(spans: Sequence[str], facts: Facts) -> float:
    """The mean over the facts of the best F1 in words of an answer span with one of its strings; a Chinese character
    is a word, as in CMRC 2018.

    Span "about 1,011 firms", fact "1,011 firms": precision 2/3, recall 1, F1 .8.
    """
    return mean(max((_f1(span, fact) for span in spans for fact in group), default=0.0) for group in facts) or 0.0


def _f1(span: str, fact: str) -> float:
    said, wanted = (Counter(_WORD.findall(normal(text))) for text in (span, fact))
    same = sum((said & wanted).values())
    return 2 * same / (said.total() + wanted.total()) if same else 0.0


#: ``1.5%``, ``firms``, one Chinese character
_WORD = re.compile(r"[0-9]+(?:\.[0-9]+)*%?|[㐀-鿿]|[^\W\d_㐀-鿿]+")


def are_figures(facts: Facts) -> bool:
    """Is each fact a figure: ``[["1,011"], ["六成", "60%"]]`` are, ``[["Kenya"], ["3"]]`` are not."""
    return bool(facts) and all(any(q.certain for q in parse(text)) for group in facts for text in group)


def wrong_figure(said: str, shown: str, facts: Facts, must_not: Sequence[str]) -> bool:
    """Does an answer tell a wrong figure: it says what no right answer does, or of facts that are figures shows none.

    ``said`` are the answer's own words, ``shown`` those and its quotes. Fact "612"; said "It was 598.": True.
    """
    lacks = are_figures(facts) and len(missing(shown, facts)) == len(facts)
    return lacks or any(holds(said, text) for text in must_not)


def _any(text: str, facts: Facts) -> bool:
    return len(missing(text, facts)) < len(facts)


def _share(text: str, facts: Facts) -> float:
    return 1 - len(missing(text, facts)) / len(facts) if facts else 1.0
