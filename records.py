"""What flows: Report, Passage, Hit, Citation, Claim, Answer.

Every offset counts characters (Unicode code points) of ``Report.text``; a span is ``[start, end)``.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

#: What a sentence may end with.
_ENDS = tuple(".!?。！？…:：;；")
#: What may close behind it.
_CLOSING = '"”’』」)）'
#: How sure an answer is, surest first.
CERTAINTIES = ("sure", "unsure", "none")
#: The languages we know; ``""`` where there is nothing to tell it by.
LANGUAGES = ("zh", "en")


class Told(str):
    """A sentence in English that has the same in Chinese with it: ``Told("slide 2 is hidden", "第 2 页已隐藏")``.

    Without Chinese, as what others wrote comes, it is told in Chinese as it is.
    """

    chinese: str

    def __new__(cls, english: str, chinese: str = "") -> Told:
        """The sentence."""
        told = super().__new__(cls, english)
        told.chinese = chinese or english
        return told


def told(sentence: str) -> Told:
    """The sentence with its Chinese, if it has any."""
    return sentence if isinstance(sentence, Told) else Told(sentence)


@dataclass(frozen=True, slots=True)
class Report:
    """A file that was read: its text as read, and what its front matter says of it.

    ``id`` is made from the content; ``path`` is relative to the reports folder, with ``/``.
    ``pages[i]`` is the offset at which page ``i + 1`` starts; empty for files that have no pages.
    ``published`` is an ISO date, year-month or year (``2025-01-07``, ``2025-01``, ``2025``) or ``""``.
    ``period`` is what it is about, where it says so: ``2023``, ``2023-Q3``, ``2023-H1``, ``2023-9M``, ``FY2024``.
    ``left_out`` says in sentences what of the file was not read or was mended, and why (``Told``).
    """

    id: str
    path: str
    sha256: str
    title: str
    publisher: str
    published: str
    language: str
    source: str
    text: str
    pages: tuple[int, ...] = ()
    period: str = ""
    left_out: tuple[str, ...] = ()

    @property
    def year(self) -> int | None:
        """The year of publication: ``2025-01-07`` -> 2025."""
        return int(self.published[:4]) if self.published[:4].isdigit() else None

    def page_at(self, offset: int) -> int | None:
        """The page (from 1) that holds ``offset``; None for files without pages."""
        return max(1, bisect_right(self.pages, offset)) if self.pages else None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its span from its first cell's words to its last one's, and the span of each cell."""

    start: int
    end: int
    cells: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a report's text, ``[start, end)``.

    ``names`` has what each column is called (``2023 Amount``, where the header has two rows); ``headers`` the header's
    rows, ``rows`` those of the body. ``caption`` are the lines above it that name it or its unit, ``unit`` what all
    its figures are in (``万元``), "" where nothing says.
    """

    start: int
    end: int
    caption: tuple[int, int] | None
    unit: str
    names: tuple[str, ...]
    headers: tuple[Row, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A place in a report: its text is ``report.text[start:end]``, always.

    ``headings`` are those above it, outermost first. Ids are never reused.
    """

    id: int
    report_id: str
    start: int
    end: int
    headings: tuple[str, ...]
    page: int | None
    language: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that search found; a higher score is better."""

    passage: Passage
    score: float


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact words a claim rests on: ``report.text[start:end] == quote``, always."""

    mark: int
    report_id: str
    sha256: str
    start: int
    end: int
    page: int | None
    quote: str


@dataclass(frozen=True, slots=True)
class Support:
    """Does the cited span support the claim: the verdict, a score in [0, 1], and why, in words."""

    supported: bool
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of an answer, with what it rests on and whether that was found to hold.

    ``answer_span`` are the words of its first citation's quote that answer: ``report.text[start:end]``, inside the
    quote; None where the whole sentence does, or nobody looked.
    """

    text: str
    citations: tuple[Citation, ...]
    support: Support | None = None
    answer_span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two quoted spans that give different values for the same thing; ``later`` is the mark of the newer one."""

    what: str
    marks: tuple[int, ...]
    later: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown: claims in reading order, or, where there are none, the nearest passages.

    ``certainty`` is ``sure``; ``unsure``, where the claims are only the nearest that the reports say; or ``none``.
    ``question`` is the question as it was understood (a follow-up made whole); ``note`` says in the
    question's language what the reader should know (unsure, declined, fell back to quoting).
    ``confidence`` is in [0, 1].
    """

    question: str
    language: str
    claims: tuple[Claim, ...] = ()
    certainty: str = "sure"
    conflicts: tuple[Conflict, ...] = ()
    nearest: tuple[Hit, ...] = ()
    note: str = ""
    confidence: float = 0.0

    @property
    def abstained(self) -> bool:
        """Is there no answer?"""
        return self.certainty == "none"

    @property
    def text(self) -> str:
        """The claims that hold as one text; the note when there are none."""
        text = ""
        for claim in self.claims:
            if claim.support is None or claim.support.supported:
                full_stop = "。" if any(c >= "\u2e80" for c in claim.text) else "."
                stop = "" if claim.text.rstrip(_CLOSING).endswith(_ENDS) else full_stop
                text += (" " if text[-1:].isascii() and text else "") + claim.text + stop
        return text or self.note

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All citations in the order of their marks, each once."""
        found = {c.mark: c for claim in self.claims for c in claim.citations}
        return tuple(found[mark] for mark in sorted(found))


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the same chat and the answer's text."""

    question: str
    answer: str = ""
