"""What the reader learns from: a question and a passage with the places that answer it, or a claim and a span with a
verdict.
"""

from __future__ import annotations

from dataclasses import dataclass

#: What a claim's span does to it; ``UNSUPPORTED`` is one of the two before it, not known which.
SUPPORTED, CONTRADICTED, UNKNOWN, UNSUPPORTED = range(4)


@dataclass(frozen=True, slots=True)
class Lesson:
    """One example.

    ``question`` is asked of ``passage``, above which stand the lines of ``above`` (title, headings, a table's
    header). ``evidence`` are the spans of the passage that answer, ``[start, end)`` in characters: whole sentences,
    list items or table rows; none where it does not answer. ``answer`` is the span of the words asked for, None where
    they are not known. Where ``verdict`` is not None, ``question`` is a claim that is held against the passage.
    """

    question: str
    passage: str
    above: str = ""
    evidence: tuple[tuple[int, int], ...] = ()
    answer: tuple[int, int] | None = None
    verdict: int | None = None
    source: str = ""
