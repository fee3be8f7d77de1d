"""Questions that a report may answer, made of its figures, the rows of its tables and its headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from ingest.split import split
from records import Answer, Citation, Report, Table
from text.language import language_of, weight
from text.markdown import one_line
from text.quantities import Quantity, parse
from text.sentences import quotable
from text.tables import label_column, tables, words

#: The longest name of a heading, a row, a column or a figure, as passages are measured: 80 letters, 32 characters.
_LONGEST = 80
#: How long a passage is whose heading is taken, as passages are measured.
_SECTION = 900

_ABOUT = {"zh": "《{title}》讲了什么？", "en": "What is “{title}” about?"}
_SECTIONS = {"zh": "《{title}》里关于“{name}”说了什么？", "en": "What does “{title}” say about “{name}”?"}
_FIGURES = {"zh": "《{title}》里，{name}是多少？", "en": "In “{title}”, what is the figure for “{name}”?"}
_CELLS = {"zh": "《{title}》里，{name}的“{column}”是多少？", "en": "In “{title}”, what is “{column}” for “{name}”?"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question that names its report, and the words it was made of: ``report.text[start:end]`` is ``quote``.

    ``kind`` is ``number``, ``table``, ``section`` or ``about``; ``fact`` the figure that answers, "" where none does.
    """

    kind: str
    question: str
    report_id: str
    start: int
    end: int
    quote: str
    fact: str = ""

    def is_answered_by(self, answer: Answer) -> bool:
        """Is it sure, and does it begin with the words that the question was made of, or others that hold its fact?"""
        first = answer.claims[0].citations if answer.certainty == "sure" and answer.claims else ()
        return any(meet(self, citation) or self._holds(citation) for citation in first)

    def _holds(self, citation: Citation) -> bool:
        return citation.report_id == self.report_id and bool(self.fact) and self.fact in citation.quote


def meet(one: Proposal | Citation, citation: Citation) -> bool:
    """Have the words of one and those that a citation quotes some in common?"""
    return one.report_id == citation.report_id and one.start < citation.end and citation.start < one.end


def about(report: Report, language: str) -> Iterator[Proposal]:
    """What it is about; nothing of a report without a title."""
    if title := one_line(report.title):
        question = _ABOUT[language].format(title=title)
        yield Proposal("about", question, report.id, 0, len(report.text), report.text)


def of_sections(report: Report, language: str) -> Iterator[Proposal]:
    """What it says under each heading, in its order, each once."""
    title, seen = one_line(report.title), set[str]()
    for headings, passages in groupby(split(report, _SECTION), lambda passage: passage.headings):
        first, *rest = passages
        start, end = first.start, (rest or [first])[-1].end
        name = one_line(headings[-1]) if headings else ""
        if name in (title, *seen) or not _is_name(name):
            continue
        seen.add(name)
        question = _SECTIONS[language].format(title=title, name=name)
        yield Proposal("section", question, report.id, start, end, report.text[start:end])


def of_rows(report: Report, language: str = "") -> Iterator[Proposal]:
    """Each figure of its tables by the name of its row, and of its column where the row has several.

    In the language of these names, unless one is given.
    """
    title = one_line(report.title)
    for table in tables(report.text):
        label = label_column(report.text, table)
        for row in table.rows:
            cells = [one_line(words(report.text, cell)) for cell in row.cells]
            name = cells[label] if label < len(cells) else ""
            figures = [at for at, cell in enumerate(cells[: len(table.names)]) if at != label and _is_figure(cell)]
            if not _is_name(name):
                continue
            for at in figures:
                column = _column(table, at) if len(figures) > 1 else ""
                template = _CELLS if column else _FIGURES
                if column or len(figures) == 1:
                    tongue = language or language_of(name + column) or report.language
                    question = template[tongue].format(title=title, name=name, column=column)
                    quote = report.text[row.start : row.end]
                    yield Proposal("table", question, report.id, row.start, row.end, quote, cells[at])


#: ``The fleet`` in ``The fleet grew to 31 ferries.``: what a figure is of, up to the verb.
_SUBJECT_EN = re.compile(
    r"^(?P<what>(?:The|Total|Average|Net|Gross|Our|Its) [a-z][\w '-]{2,60}?)"
    r" (?:was|were|is|are|reached|totall?ed|amounted to|came to|rose to|fell to|grew to) "
    r"(?:about |nearly |almost |some |around )?$"
)
#: ``全年货运量`` in ``全年货运量达到 3.2 万吨``
_SUBJECT_ZH = re.compile(
    r"(?:^|[，。；：])(?P<what>[㐀-鿿]{3,20}?)(?:为|达到|达|共计|合计|约为|增至|升至|降至|减至)\s*约?\s*$"
)
#: What points at something said before: no question can be made of it alone.
_POINTS = re.compile(r"^(?:其|该|这|此|它|两者|前者|后者)|^(?:Its|Our)\b")


def of_figures(report: Report, start: int = 0, end: int | None = None, language: str = "") -> Iterator[Proposal]:
    """Figures of the sentences in ``text[start:end]`` by what they are called, one of a sentence.

    ``The fleet grew to 31 ferries.`` -> ``In “Fjord 2024”, what is the figure for “the fleet”?`` with 31 ferries.
    """
    title = one_line(report.title)
    for first, last in quotable(report.text, start, len(report.text) if end is None else end):
        quote = report.text[first:last]
        if "|" in quote or "\n" in quote:
            continue
        own = language_of(quote)
        for quantity in filter(_counts, parse(quote)):
            match = (_SUBJECT_ZH if own == "zh" else _SUBJECT_EN).search(quote[: quantity.start])
            if match and not _POINTS.search(match["what"]):
                what, fact = one_line(match["what"]), quote[quantity.start : quantity.end].strip()
                question = _FIGURES[language or own or "en"].format(title=title, name=what[0].lower() + what[1:])
                yield Proposal("number", question, report.id, first, last, quote, fact)
                break


def _is_figure(cell: str) -> bool:
    """``8,120``, ``3.2 万吨``, ``12 %``; no sentence with a figure in it."""
    return not re.search(r"[^\W\d]{4,}", cell) and any(map(_counts, parse(cell)))


def _counts(quantity: Quantity) -> bool:
    """Does it say how much, and not when or which?"""
    return quantity.certain and quantity.kind not in ("year", "date", "ordinal", "version")


def _column(table: Table, at: int) -> str:
    name = one_line(table.names[at])
    return name if _is_name(name) or name.isdigit() else ""


def _is_name(text: str) -> bool:
    """Is this whole, short and of words?"""
    is_short = len(text) > 1 and weight(text) <= _LONGEST
    return is_short and any(map(str.isalpha, text)) and not text.endswith(("…", "...", ":", "："))
