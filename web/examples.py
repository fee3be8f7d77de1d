"""Questions to start from: made of the newest reports, each asked before it is offered, made anew when they change."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice, zip_longest

from answer.proposed import Proposal, about, of_rows, of_sections
from records import Answer, Citation, Report
from text.markdown import one_line
from web.changes import Library
from web.problems import where
from web.render import newest_first, title_of

log = logging.getLogger("wenbao")

#: How many questions are offered, how many are tried for them, and of how many reports.
_OFFERED, _TRIED, _REPORTS = 4, 6, 4

Ask = Callable[[str], Iterator[Answer]]


class Examples:
    """Questions for each language, as far as they are known; a thread in the background finds them."""

    def __init__(self, library: Library, ask: Ask) -> None:
        self._library, self._ask = library, ask
        self._lock = threading.Lock()
        self._known: dict[str, tuple[tuple[str, ...], list[str]]] = {}
        self._making: set[str] = set()

    def of(self, language: str) -> tuple[list[str], bool]:
        """The questions, and whether they are of the reports as they are now; if not, they will be, soon."""
        ids = tuple(report.id for report in self._library.reports(texts=False))
        with self._lock:
            made_of, questions = self._known.get(language, ((), []))
            if made_of == ids:
                return questions, True
            if language not in self._making:
                self._making.add(language)
                threading.Thread(target=self._make, args=(language,), name="examples", daemon=True).start()
        return [], False

    def _make(self, language: str) -> None:
        questions: list[str] = []
        ids = tuple(report.id for report in self._library.reports(texts=False))
        try:
            for proposal in islice(candidates(self._newest(language), language), _TRIED):
                if len(questions) < _OFFERED and leads_to(proposal, self._ask):
                    questions.append(proposal.question)
        except Exception as error:  # a page without examples is better than none
            log.warning("no examples: %s", where(error))
        with self._lock:
            self._known[language] = (ids, questions)
            self._making.discard(language)

    def _newest(self, language: str) -> list[Report]:
        """The newest reports, those in the language first, one of each title."""
        known = newest_first(self._library.reports(texts=False))
        titles: dict[str, Report] = {}
        for report in sorted(known, key=lambda report: report.language != language):
            titles.setdefault(title_of(report), report)
        return [self._library.report(report.id) for report in list(titles.values())[:_REPORTS]]


def leads_to(proposal: Proposal, ask: Ask) -> tuple[Citation, ...]:
    """Asks it silently: what the answer begins with, nothing where it is not sure or says something else."""
    whole = next(iter(deque(ask(proposal.question), maxlen=1)), None)
    return whole.claims[0].citations if whole and proposal.is_answered_by(whole) else ()


def candidates(reports: Sequence[Report], language: str) -> Iterator[Proposal]:
    """Questions that may do, of each report in turn: its figures, what it is about, its headings."""
    of_each = [_of(report, language) for report in reports]
    seen: set[str] = set()
    for proposal in filter(None, chain.from_iterable(zip_longest(*of_each))):
        if proposal.question not in seen:
            seen.add(proposal.question)
            yield proposal


def _of(report: Report, language: str) -> Iterator[Proposal]:
    """Its names are in its language: a question in another one only asks what it is about."""
    if not one_line(report.title):
        return
    in_language = report.language == language
    if in_language:
        yield from islice(of_rows(report, language), 1)
    yield from about(report, language)
    if in_language:
        yield from islice(of_sections(report, language), 1)
