"""What readers say of an answer: good or not, and a note; kept with what was asked, answered and cited."""

from __future__ import annotations

import hashlib
import json
import logging
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI, Request
from pydantic import BaseModel, Field

from answer.feedback import Cited, Feedback, FeedbackFile, Near
from web.api import LONGEST_QUESTION, Parts, check_text
from web.guard import line
from web.kept import KeptAnswer, KeptClaim
from web.problems import Problem, where

log = logging.getLogger("wenbao")

#: The longest note, in characters, and the largest answer with all that it cites, in bytes.
LONGEST_NOTE, _LARGEST = 1000, 2**17


class Said(BaseModel):
    """What a reader says of an answer; ``good`` is None where they take it back. ``turn`` is the browser's own id."""

    turn: str = Field(min_length=8, max_length=64)
    good: bool | None
    note: str = Field("", max_length=LONGEST_NOTE)
    question: str = Field(max_length=LONGEST_QUESTION)
    answer: KeptAnswer


def add_routes(app: FastAPI, parts: Parts) -> None:
    """Adds the route, unless the settings say that nobody is asked."""
    if not parts.settings.feedback:
        return
    file = FeedbackFile(Path(parts.settings.feedback))

    @app.post("/page/feedback")
    def feedback(request: Request, said: Said) -> dict[str, bool]:
        """Keeps it, in the place of what the same reader said of the same answer before."""
        whole = json.dumps(said.model_dump(), ensure_ascii=False)
        check_text(whole)
        if len(whole.encode()) > _LARGEST:
            raise Problem(
                413, "这个回答太长，意见存不下。", "The answer is too long to be kept with what you say of it."
            )
        user = getattr(request.state, "user", None)
        id_ = hashlib.sha256(f"{user.name if user else ''}\0{said.turn}".encode()).hexdigest()[:16]
        try:
            if said.good is None:
                file.remove(id_)
            else:
                file.put(_kept(id_, said.good, said, parts))
        except (OSError, sqlite3.Error) as error:
            log.error(line("no feedback", error=where(error)))
            raise Problem(
                500, "意见没有存下来，请稍后再试。", "This could not be kept. Please try again later."
            ) from error
        return {"kept": said.good is not None}


def _kept(id_: str, good: bool, said: Said, parts: Parts) -> Feedback:
    answer = said.answer
    paths = {report.id: report.path for report in parts.library.reports(texts=False)}
    return Feedback(
        id_,
        datetime.now(UTC).isoformat(timespec="seconds"),
        good,
        said.note.strip(),
        said.question.strip(),
        answer.question,
        answer.language,
        answer.certainty,
        answer.answer(parts.library).text,
        tuple(cited for claim in answer.claims for cited in _cited(claim)),
        tuple(Near(paths.get(one.report, ""), one.start, one.end, one.score) for one in answer.nearest),
        answer.generation,
    )


def _cited(claim: KeptClaim) -> Iterator[Cited]:
    """The quotes of a claim, the first with the words that answer."""
    for place, one in enumerate(claim.citations):
        words = ""
        if claim.answer_span and place == 0 and one.start <= claim.answer_span[0]:
            words = one.quote[claim.answer_span[0] - one.start : max(0, claim.answer_span[1] - one.start)]
        yield Cited(one.path, one.sha256, one.start, one.end, one.page, one.quote, words)
