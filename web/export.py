"""A chat as a file: Markdown or Word, each answer with its sources under it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from records import Answer, Citation, Report
from text.markdown import escaped, one_line
from web.render import title_of
from web.texts import TEXT


@dataclass(frozen=True, slots=True)
class Exported:
    """A question, its answer (None where it has none), and what is wrong with a quote by its mark."""

    question: str
    answer: Answer | None
    report_of: Callable[[str], Report]
    stale: dict[int, str]


def markdown(title: str, turns: Sequence[Exported], language: str) -> str:
    """The chat as Markdown: ``Freight grew by 9 %. [1]`` and under it ``[1] Harbour report, p. 3: "…"``."""
    blocks = [f"# {escaped(title)}"]
    for turn in turns:
        blocks.append(f"## {escaped(turn.question)}")
        blocks += [escaped(line) for line in _said(turn, language)]
        if sources := [escaped(line) for line in _sources(turn, language)]:
            blocks += [f"**{TEXT[language]['sources']}**", "\n".join(f"- {line}" for line in sources)]
    return "\n\n".join(blocks) + "\n"


def word(title: str, turns: Sequence[Exported], language: str) -> bytes:
    """The chat as a Word file."""
    import docx

    document = docx.Document()
    document.core_properties.title = _clean(title)
    document.core_properties.author = ""
    document.add_heading(_clean(title), 0)
    for turn in turns:
        document.add_heading(_clean(turn.question), 1)
        for line in _said(turn, language):
            document.add_paragraph(_clean(line))
        if sources := list(_sources(turn, language)):
            document.add_heading(TEXT[language]["sources"], 2)
            for line in sources:
                document.add_paragraph(_clean(line))
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _said(turn: Exported, language: str) -> Iterator[str]:
    """The answer's notes and sentences; a sentence that its source does not support says so."""
    text, answer = TEXT[language], turn.answer
    if answer is None:
        yield text["unanswered"]
        return
    if answer.note or answer.abstained:
        yield one_line(answer.note) or text["declined"]
    for claim in answer.claims:
        marks = "".join(f" [{citation.mark}]" for citation in claim.citations)
        refused = claim.support and not claim.support.supported
        quoted = any(
            one_line(claim.text) == one_line(citation.quote) or "|" in citation.quote for citation in claim.citations
        )
        yield f"{one_line(claim.text)}{marks}" + (f" ({text['unsupported']})" if refused and not quoted else "")
    for conflict in answer.conflicts:
        marks = "".join(f" [{mark}]" for mark in conflict.marks)
        yield f"{text['conflict']}{text['colon']}{one_line(conflict.what)}{marks}"


def _sources(turn: Exported, language: str) -> Iterator[str]:
    for citation in turn.answer.citations if turn.answer else ():
        yield _source(citation, turn, TEXT[language])


def _source(citation: Citation, turn: Exported, text: dict[str, str]) -> str:
    report = turn.report_of(citation.report_id)
    page = text["page"].format(citation.page) if citation.page else ""
    about = text["comma"].join(part for part in (title_of(report), report.publisher, report.published, page) if part)
    told = f" ({text[turn.stale[citation.mark]].rstrip(':： ')})" if citation.mark in turn.stale else ""
    return f"[{citation.mark}] {about}{text['colon']}“{one_line(citation.quote)}”{told}"


def _clean(text: str) -> str:
    """Text that XML can hold: without control characters and halves of characters."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)
