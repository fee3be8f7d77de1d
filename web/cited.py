"""An answer as plain text for programs that show text: its sentences with their marks, then the words behind each."""

from __future__ import annotations

from collections.abc import Callable

from records import Answer, Citation, Claim, Report
from text.markdown import plain

#: What stands above the list of sources; ``without_sources`` finds it again.
_HEADINGS = {"en": "Sources:", "zh": "来源："}
_NEAREST = {"en": "Nearest passages:", "zh": "最接近的段落："}
#: As much of a nearest passage as is shown, in characters.
_SHOWN = 300


def cited_text(answer: Answer, report_of: Callable[[str], Report]) -> str:
    """The answer in Markdown; what did not hold is left out.

    ``Revenue grew. [1]\\n\\nSources:\\n\\n- [1] Annual report, page 3: “Revenue grew by 12 %.”``
    """
    claims = held(answer)
    if not claims:
        nearest = [(report_of(hit.passage.report_id), hit.passage) for hit in answer.nearest]
        lines = [
            f"- {_place(report, passage.page, report.text[passage.start : passage.end], answer.language)}"
            for report, passage in nearest
        ]
        return _joined(answer.note, *([_NEAREST[_known(answer.language)], "\n".join(lines)] if lines else []))
    sentences = "\n".join(f"{claim.text} {''.join(f'[{c.mark}]' for c in claim.citations)}" for claim in claims)
    sources = "\n".join(
        f"- [{c.mark}] {_place(report_of(c.report_id), c.page, c.quote, answer.language, whole=True)}"
        for c in held_citations(answer)
    )
    return _joined(answer.note, sentences, _HEADINGS[_known(answer.language)], sources)


def held(answer: Answer) -> list[Claim]:
    """The claims that nobody found unsupported."""
    return [claim for claim in answer.claims if claim.support is None or claim.support.supported]


def held_citations(answer: Answer) -> list[Citation]:
    """What those rest on, in the order of the marks, each once."""
    marked = {citation.mark: citation for claim in held(answer) for citation in claim.citations}
    return [marked[mark] for mark in sorted(marked)]


def without_sources(text: str) -> str:
    """The sentences alone, as they are remembered of an earlier turn."""
    for heading in (*_HEADINGS.values(), *_NEAREST.values()):
        text = text.partition(f"\n\n{heading}\n")[0]
    return text.strip()


def _place(report: Report, page: int | None, words: str, language: str, whole: bool = False) -> str:
    words = " ".join(plain(words).split())
    if not whole and len(words) > _SHOWN:
        words = words[:_SHOWN] + "…"
    title = " ".join(plain(report.title).split()) or report.path
    if language == "zh":
        return f"《{title}》{f'第 {page} 页' if page else ''}：“{words}”"
    return f"{title}{f', page {page}' if page else ''}: “{words}”"


def _joined(*parts: str) -> str:
    return "\n\n".join(filter(None, parts))


def _known(language: str) -> str:
    return "zh" if language == "zh" else "en"
