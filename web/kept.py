"""Answers as a browser keeps them: JSON to Answer, and which of its quotes still stand in their reports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, Field

from records import Answer, Citation, Claim, Conflict, Hit, Passage, Report, Support
from web.changes import Library


class KeptCitation(BaseModel):
    """A citation, with what its report was called."""

    mark: int
    report: str
    path: str
    title: str
    sha256: str
    quote: str
    start: int
    end: int
    page: int | None


class KeptSupport(BaseModel):
    """A verdict."""

    supported: bool
    score: float
    why: str


class KeptClaim(BaseModel):
    """A sentence."""

    text: str
    citations: list[KeptCitation]
    answer_span: tuple[int, int] | None = None
    support: KeptSupport | None = None


class KeptConflict(BaseModel):
    """What two quotes say differently."""

    what: str
    marks: list[int]
    later: int | None


class KeptPassage(BaseModel):
    """One of the nearest passages."""

    report: str
    headings: list[str]
    start: int
    end: int
    page: int | None
    text: str
    score: float


class KeptAnswer(BaseModel):
    """An answer, in the shape that the API gives it."""

    question: str
    language: Literal["zh", "en"]
    certainty: Literal["sure", "unsure", "none"]
    confidence: float = 0.0
    note: str = ""
    claims: list[KeptClaim] = []
    conflicts: list[KeptConflict] = []
    nearest: list[KeptPassage] = []
    generation: int = Field(0, ge=0, lt=2**63)

    @property
    def citations(self) -> Iterator[KeptCitation]:
        """All of them, as often as they are made."""
        for claim in self.claims:
            yield from claim.citations

    def answer(self, library: Library) -> Answer:
        """The answer again; of the nearest passages those that still stand."""
        claims = tuple(
            Claim(
                claim.text,
                tuple(_citation(one) for one in claim.citations),
                Support(claim.support.supported, claim.support.score, claim.support.why) if claim.support else None,
                claim.answer_span,
            )
            for claim in self.claims
        )
        conflicts = tuple(Conflict(one.what, tuple(one.marks), one.later) for one in self.conflicts)
        nearest = tuple(_hit(one) for one in self.nearest if _stands(library, one.report, one.start, one.end, one.text))
        return Answer(
            self.question, self.language, claims, self.certainty, conflicts, nearest, self.note, self.confidence
        )


class Kept:
    """The reports behind a kept answer: as they are now, and by name alone where they are gone."""

    def __init__(self, kept: KeptAnswer, library: Library) -> None:
        self._kept, self._library = kept, library
        self._named = {one.report: one for one in kept.citations}

    def report(self, report_id: str) -> Report:
        """The report of an id; only its name, if it is gone. Raises KeyError for one that the answer does not name."""
        try:
            return self._library.report(report_id)
        except KeyError:
            one = self._named[report_id]
            return Report(one.report, one.path, one.sha256, one.title, "", "", self._kept.language, "", "")

    def stale(self) -> dict[int, str]:
        """What is wrong with a quote, by its mark: ``changed``, or ``gone`` with its report."""
        paths = {report.path for report in self._library.reports(texts=False)}
        return {
            one.mark: "changed" if one.path in paths else "gone"
            for one in self._kept.citations
            if not _stands(self._library, one.report, one.start, one.end, one.quote, one.sha256)
        }


def _citation(one: KeptCitation) -> Citation:
    return Citation(one.mark, one.report, one.sha256, one.start, one.end, one.page, one.quote)


def _hit(one: KeptPassage) -> Hit:
    passage = Passage(0, one.report, one.start, one.end, tuple(one.headings), one.page, "")
    return Hit(passage, one.score)


def _stands(library: Library, report_id: str, start: int, end: int, words: str, sha256: str = "") -> bool:
    try:
        report = library.report(report_id)
    except KeyError:
        return False
    return 0 <= start <= end and report.text[start:end] == words and sha256 in ("", report.sha256)
