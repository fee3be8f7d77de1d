"""Questions to start from: made of the newest reports, each asked before it is offered, made anew when they change."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, zip_longest

from ingest.split import split
from records import Answer, Report
from text.tables import label_column, tables
from text.tables import words as cell_words
from web.changes import Library
from web.problems import where
from web.render import newest_first, plain, title_of

log = logging.getLogger("wenbao")

#: How many questions are offered, how many are tried for them, and of how many reports.
_OFFERED, _TRIED, _REPORTS = 4, 6, 4
#: How long a passage is whose heading is taken, in characters.
_SECTION = 900
#: The longest name of a heading, a row or a column that a question is made of, in characters.
_LONGEST = 40

Ask = Callable[[str], Iterator[Answer]]
_ABOUT = {"zh": "《{}》讲了什么？", "en": "What is “{}” about?"}
_HEADED = {"zh": "《{}》里关于“{}”说了什么？", "en": "What does “{}” say about “{}”?"}
_COUNTED = {"zh": "《{}》里，{}是多少？", "en": "In “{}”, what is the figure for “{}”?"}


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
            for question in islice(candidates(self._newest(language), language), _TRIED):
                if len(questions) < _OFFERED and self._is_answered(question):
                    questions.append(question)
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

    def _is_answered(self, question: str) -> bool:
        whole = next(iter(deque(self._ask(question), maxlen=1)), None)
        return whole is not None and whole.certainty == "sure" and bool(whole.claims)


def candidates(reports: Sequence[Report], language: str) -> Iterator[str]:
    """Questions that may do, of each report in turn: its figures, what it is about, its headings."""
    of_each = [_of(report, language) for report in reports]
    seen: set[str] = set()
    for turn in zip_longest(*of_each):
        for question in filter(None, turn):
            if question not in seen:
                seen.add(question)
                yield question


def _of(report: Report, language: str) -> Iterator[str]:
    """All of them name the report, as others may have such a figure or heading too."""
    title = plain(report.title)
    if not title:
        return
    in_language = report.language == language
    if in_language:
        yield from (_COUNTED[language].format(title, name) for name in islice(_figures(report), 1))
    yield _ABOUT[language].format(title)
    if in_language:
        yield from (_HEADED[language].format(title, name) for name in islice(_headings(report), 1))


def _figures(report: Report) -> Iterator[str]:
    """The names of the rows that have one figure."""
    for table in tables(report.text):
        label = label_column(report.text, table)
        for row in table.rows:
            cells = [plain(cell_words(report.text, cell)) for cell in row.cells]
            figures = [
                column
                for column, cell in enumerate(cells[: len(table.names)])
                if column != label and any(map(str.isdigit, cell))
            ]
            if len(figures) == 1 and label < len(cells) and _is_name(cells[label]):
                yield cells[label]


def _headings(report: Report) -> Iterator[str]:
    """What its sections are called, each once."""
    title, seen = plain(report.title), set[str]()
    for passage in split(report, _SECTION):
        heading = plain(passage.headings[-1]) if passage.headings else ""
        if heading != title and heading not in seen and _is_name(heading):
            seen.add(heading)
            yield heading


def _is_name(text: str) -> bool:
    """Is this whole, short and of words?"""
    return 1 < len(text) <= _LONGEST and any(map(str.isalpha, text)) and not text.endswith(("…", "...", ":", "："))
