"""Questions that bring their own passages: asked of these and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from eval.questions import EvalQuestion
from eval.run import Outcome, ask
from eval.suite import connect
from index.search import Search
from ingest.read import report_from_text
from settings import Settings


@dataclass(frozen=True, slots=True)
class Case:
    """A question and the texts it is asked of; the first is ``passages/0.txt`` to citations, and so on."""

    question: EvalQuestion
    passages: tuple[str, ...]


def path_of(place: int) -> str:
    """What the passage at a place is called: 0 -> ``passages/0.txt``."""
    return f"passages/{place}.txt"


def ask_case(case: Case, like: Search, settings: Settings) -> Outcome:
    """What becomes of a case, with the model and settings of a search."""
    named = [(text, path_of(place)) for place, text in enumerate(case.passages) if text.strip()]
    search = Search.over([report_from_text(text, path) for text, path in named], like)
    return ask(case.question, connect(search, settings))
