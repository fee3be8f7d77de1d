"""What is evaluated, as functions: the assistant and the verifier of a search, the fast part, the tamper gate."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from copy import copy
from functools import lru_cache
from typing import TypeVar

from answer.assistant import Assistant
from answer.reader import Reader, load_reader
from answer.verify import verify
from eval.questions import EvalQuestion
from eval.run import Parts
from eval.trials import Trial, gate, golden, row_trials, translations
from index.search import Filters, Search
from ingest.split import split
from records import LANGUAGES, Answer, Hit, Report, Support
from settings import Settings
from text.markdown import plain
from text.sentences import quotable

#: At most so many claims of each language go through the tamper gate; so many when it should be fast.
CLAIMS, CLAIMS_FAST = 300, 40
#: So many questions make the fast part.
FAST = 60
#: Follow-ups that it has at least, where there are so many.
_FOLLOW_UPS = 10
Thing = TypeVar("Thing")


def fast(questions: Sequence[EvalQuestion], most: int = FAST) -> list[EvalQuestion]:
    """A part of the questions, in their order: every kind in each language as often as in all, always the same; and so
    many follow-ups that they are seen.
    """

    def stratum(question: EvalQuestion) -> tuple[str, bool, str, str]:
        drawn = hashlib.sha256(question.id.encode()).hexdigest()
        return question.language, question.answerable, question.kind, drawn

    by_stratum = sorted(questions, key=stratum)
    most = min(most, len(questions))
    kept = {by_stratum[i * len(by_stratum) // most].id for i in range(most)}
    kept |= {question.id for question in [q for q in by_stratum if q.history and q.answerable][:_FOLLOW_UPS]}
    return [question for question in questions if question.id in kept]


def _once(search: Search) -> Search:
    """The same search, which keeps its last hits: what is scored is the assistant's own search, not one more."""
    kept = copy(search)
    vars(kept)["search"] = lru_cache(maxsize=1)(kept.search)  # a pinned copy of it has it too
    return kept


def connect(search: Search, settings: Settings) -> Parts:
    """The assistant, search and verifier as the functions that are evaluated."""
    search = _once(search)
    assistant = Assistant(search, settings)

    def reply(question: EvalQuestion) -> Iterator[Answer]:
        return assistant.reply(question.question, question.history, Filters(languages=question.languages))

    def find(whole: str, question: EvalQuestion) -> list[Hit]:
        return search.search(whole, settings.hits, Filters(languages=question.languages))

    reader = load_reader(settings.reader)
    judge = reader if isinstance(reader, Reader) else None

    def supports(claim: str, span: str) -> Support:
        return verify(claim, span, search.meaning, judge=judge)

    return Parts(reply, find, search.report, supports)


def tamper_trials(
    search: Search, settings: Settings, parts: Parts, questions: Sequence[EvalQuestion], most: int = CLAIMS
) -> list[Trial]:
    """The tamper gate on the gold answers, at most ``most`` of each language; on all sentences where there are none.

    Where a report is there in both languages (``NAME.zh.md``, ``NAME.en.md``) sentence by sentence, each sentence is
    also tried on its translation.
    """

    def verdict(claim: str, span: str) -> tuple[bool, str]:
        support = parts.verify(claim, span)
        return support.supported, support.why

    by_path = {found.path: sentences(found, settings.passage_size) for found in search.reports()}
    trials: list[Trial] = []
    for language in LANGUAGES:
        paths = [found.path for found in search.reports() if found.language == language]
        claims = golden(questions, language) or list(dict.fromkeys(s for path in paths for s in by_path[path]))
        trials += gate(_some([claim for claim in claims if len(claim) >= 12], most), language, verdict)
        trials += row_trials(search.reports(), language, verdict)
        for path in paths:
            for other in (o for o in LANGUAGES if o != language):
                spans = by_path.get(path.replace(f".{language}.", f".{other}."), [])
                if len(spans) == len(by_path[path]):
                    pairs = _some(list(zip(by_path[path], spans, strict=True)), most)
                    trials += translations([c for c, _ in pairs], [s for _, s in pairs], language, verdict)
    return trials


def _some(things: list[Thing], most: int) -> list[Thing]:
    """At most so many of them, drawn with a fixed seed."""
    return things if len(things) <= most else random.Random(0).sample(things, most)


def sentences(found: Report, size: int) -> list[str]:
    """The sentences of a report that can be quoted, in order, without marks of format."""
    spans = [span for passage in split(found, size) for span in quotable(found.text, passage.start, passage.end)]
    return [plain(found.text[start:end]).strip() for start, end in spans]
