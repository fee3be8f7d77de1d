"""Next questions after an answer: made of the reports it cites, each asked silently before it is offered."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain, islice, zip_longest

from answer.proposed import Proposal, about, meet, of_figures, of_rows, of_sections
from index.search import Filters
from records import Answer, Citation, Report
from text.markdown import one_line
from web.api import Answers
from web.changes import Library
from web.desk import Desk
from web.examples import leads_to
from web.guard import line
from web.problems import where

log = logging.getLogger("wenbao")

#: How many questions are offered, how many are tried for them, and of how many of the cited reports.
_OFFERED, _TRIED, _REPORTS = 3, 6, 2
#: How many answers may wait for theirs, and for how long each does, in seconds.
_WAITING, _PATIENCE = 4, 20.0
#: How far from the cited words figures are looked for, in characters.
_NEAR = 20_000


class Suggestions:
    """Finds next questions, one at a time and only while ``desk``, where people's questions are answered, is idle."""

    def __init__(self, library: Library, assistant: Answers, desk: Desk[Answer]) -> None:
        self._library, self._assistant, self._answering = library, assistant.quoting(), desk
        self._desk = Desk[list[str]](1, _WAITING, _PATIENCE)

    def after(self, answers: Sequence[Answer], asked: Sequence[str], filters: Filters) -> Iterator[list[str]]:
        """Those found so far, again after each try, for the last answer of a chat: none that was asked in it before, or
        leads to words that it cites already. Whoever reads no further ends the work. Raises Problem when busy.
        """
        return self._desk.put(partial(self._found, answers, asked, filters))

    def _found(self, answers: Sequence[Answer], asked: Sequence[str], filters: Filters) -> Iterator[list[str]]:
        found: list[str] = []
        shown = [citation for answer in answers for citation in answer.citations]

        def ask(question: str) -> Iterator[Answer]:
            yield from self._assistant.reply(question, (), filters)

        try:
            known = {*asked}
            for proposal in islice(self._candidates(answers[-1], shown, known), _TRIED):
                if not self._answering.idle or len(found) == _OFFERED:
                    return
                words = leads_to(proposal, ask)
                if words and not any(meet(one, other) for one in words for other in shown):
                    found.append(proposal.question)
                    shown += words
                yield list(found)
        except Exception as error:  # an answer without suggestions is better than none
            log.warning(line("no suggestions", error=where(error)))

    def _candidates(self, answer: Answer, shown: Sequence[Citation], known: set[str]) -> Iterator[Proposal]:
        """Questions on the cited reports in turn that are not known yet and do not lead back to what is shown."""
        cited = {citation.report_id: citation for citation in reversed(answer.citations)}
        first_cited = list(reversed(cited.values()))[:_REPORTS]
        of_each = [candidates(self._library.report(one.report_id), answer.language, one) for one in first_cited]
        for proposal in filter(None, chain.from_iterable(zip_longest(*of_each))):
            leads_on = proposal.kind == "about" or not any(meet(proposal, one) for one in shown)
            if leads_on and proposal.question not in known:
                known.add(proposal.question)
                yield proposal


def candidates(report: Report, language: str, cited: Citation) -> Iterator[Proposal]:
    """Questions on a report that may do, those of each kind by how near to the cited words they lead, in turn.

    The names of rows and headings are in the report's language: in another one there is only what it is about.
    """
    if not one_line(report.title):
        return
    if report.language == language:
        near = (max(0, cited.start - _NEAR), min(len(report.text), cited.end + _NEAR))
        kinds = (
            of_rows(report, language),
            of_figures(report, *near, language=language),
            of_sections(report, language),
        )
        nearest = [sorted(kind, key=lambda one: abs(one.start - cited.start)) for kind in kinds]
        yield from filter(None, chain.from_iterable(zip_longest(*nearest)))
    yield from about(report, language)
