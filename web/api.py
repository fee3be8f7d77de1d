"""The HTTP side of the chat: ask, list, show a passage, take reports in and out, stay healthy."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import re
import time
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any, Literal, Protocol, TypeVar

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.concurrency import iterate_in_threadpool, run_in_threadpool
from fastapi.responses import HTMLResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict
from starlette.datastructures import UploadFile

from index.generation import NoIndex
from index.search import Filters
from ingest.split import split
from records import Answer, Citation, Hit, Report, Turn
from settings import Settings
from web.accounts import Accounts, add_routes
from web.changes import EVERYTHING, Changes, Library, refresh
from web.desk import Desk
from web.guard import Guard, line
from web.metrics import KIND, Metrics
from web.panel import SURROUNDINGS, passage_html, surroundings
from web.problems import Problem, no_index, refuse, speak, where
from web.render import answer_html

__all__ = ["EVERYTHING", "LONGEST_QUESTION", "Parts", "Problem", "ask", "checked", "find", "headings_at", "make_api"]

log = logging.getLogger("wenbao")
T = TypeVar("T")

#: The longest question, and the longest answer of an earlier turn, in characters.
LONGEST_QUESTION, LONGEST_ANSWER = 2000, 10_000
#: How many earlier turns a question may bring along.
MOST_TURNS = 20
#: How many sentences an answer may be asked to have.
MOST_SENTENCES = 20
#: Seconds within which there is an answer or a refusal, where no LLM has to be waited for.
_PATIENCE = 8.0


#: The form that brings a report, for the description of the API.
_FORM = {
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "properties": {"file": {"type": "string", "format": "binary"}},
            "required": ["file"],
        }
    }
}
#: The lines of a stream, one after the other.
Lines = Generator[dict[str, Any], None, None]
#: ``12-17``
_SPAN = re.compile(r"(\d{1,12})-(\d{1,12})")


class Answers(Protocol):
    """Whoever answers."""

    def reply(
        self,
        question: str,
        earlier: Sequence[Turn] = (),
        filters: Filters = EVERYTHING,
        max_sentences: int | None = None,
    ) -> Iterator[Answer]:
        """The answer so far; the last one is whole."""

    def quoting(self) -> Answers:
        """The same without an LLM."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the page and the API are made from; ``build`` makes the index follow the reports folder.

    ``desk`` is where questions wait, ``changes`` the only one who changes the folder, ``metrics`` what is counted of it
    all: one of each for all who ask.
    """

    settings: Settings
    library: Library
    assistant: Answers
    build: Callable[[], object]
    desk: Desk[Answer] = field(init=False)
    changes: Changes = field(init=False)
    metrics: Metrics = field(init=False)

    def __post_init__(self) -> None:
        chosen = self.settings
        patience = None if chosen.llm_url else _PATIENCE
        desk = Desk[Answer](chosen.answering, chosen.waiting, chosen.answer_timeout, patience)
        metrics = Metrics(chosen, lambda: desk.waiting)
        object.__setattr__(self, "desk", desk)
        object.__setattr__(self, "metrics", metrics)
        object.__setattr__(self, "changes", Changes(chosen, self.library, metrics.counting(self.build)))


class Earlier(BaseModel):
    """An earlier question of the same chat and what was answered."""

    question: str
    answer: str = ""


class Narrowed(BaseModel):
    """Which reports may answer, by path, language, year and publisher; an empty list leaves the choice open."""

    reports: list[str] = []
    languages: list[Literal["zh", "en"]] = []
    years: list[int] = []
    publishers: list[str] = []


class Asked(BaseModel):
    """A question as it comes over HTTP."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    question: str
    """In Chinese or English; at most 2,000 characters."""
    history: list[Earlier] = []
    """The earlier turns of the conversation, oldest first; at most 20."""
    filters: Narrowed = Narrowed()
    """Only these reports may answer."""
    max_sentences: int | None = None
    """The longest answer, from 1 to 20 sentences."""
    html: bool = False
    """Is the answer wanted as the page shows it, too?"""


def ask(
    parts: Parts,
    question: str,
    earlier: Sequence[Turn] = (),
    filters: Filters = EVERYTHING,
    max_sentences: int | None = None,
) -> Iterator[Answer]:
    """The answer so far; the last one is whole. Begun at once; raises Problem before or between them."""
    checked(question, earlier, max_sentences)

    def work() -> Iterator[Answer]:
        refresh(parts.library)
        yield from parts.assistant.reply(question.strip(), earlier, filters, max_sentences)

    begun = time.monotonic()
    return _told(parts.desk.put(work), question, parts.metrics, begun)


def _told(answers: Iterator[Answer], question: str, metrics: Metrics, begun: float) -> Iterator[Answer]:
    """The answers, with every error as a Problem; the log learns what happened and not what was asked."""
    last = None
    try:
        for last in answers:
            yield last
        if last:
            metrics.answered(last.certainty, time.monotonic() - begun)
    except Problem:
        raise
    except NoIndex as error:
        log.error(line("no index", error=where(error)))
        raise no_index(error) from error
    except Exception as error:
        digest = hashlib.sha256(question.encode()).hexdigest()[:12]
        log.error(line("no answer", error=where(error), characters=len(question), question_sha256=digest))
        raise Problem(
            500,
            "回答时出错了，详情在服务器日志里。请再试一次。",
            "Answering failed; the server's log says why. Please try again.",
        ) from error


def checked(question: str, earlier: Sequence[Turn] = (), max_sentences: int | None = None) -> None:
    """Raises Problem when a question is empty, too long, no text, or brings or wants too much."""
    if not question.strip():
        raise Problem(422, "请先输入问题。", "Please type a question first.")
    if len(question) > LONGEST_QUESTION:
        raise Problem(
            422,
            f"问题有 {len(question):,} 个字符，最多 {LONGEST_QUESTION:,} 个。请缩短后再问。",
            f"The question has {len(question):,} characters; {LONGEST_QUESTION:,} is the most. Please shorten it.",
        )
    if len(earlier) > MOST_TURNS:
        raise Problem(
            422,
            f"history 有 {len(earlier):,} 轮，最多 {MOST_TURNS} 轮。请只留最近的几轮。",
            f"history has {len(earlier):,} turns; {MOST_TURNS} is the most. Please keep the latest ones.",
        )
    for number, turn in enumerate(earlier, 1):
        for name, text, most in (
            ("question", turn.question, LONGEST_QUESTION),
            ("answer", turn.answer, LONGEST_ANSWER),
        ):
            if len(text) > most:
                raise Problem(
                    422,
                    f"history 第 {number} 轮的 {name} 有 {len(text):,} 个字符，最多 {most:,} 个。请缩短后再问。",
                    f"The {name} of turn {number} of history has {len(text):,} characters; {most:,} is the most."
                    " Please shorten it.",
                )
    if max_sentences is not None and not 1 <= max_sentences <= MOST_SENTENCES:
        raise Problem(
            422,
            f"max_sentences 是 {max_sentences}，应在 1 到 {MOST_SENTENCES} 之间。",
            f"max_sentences is {max_sentences}. It should be from 1 to {MOST_SENTENCES}.",
        )
    check_text("".join([question, *(text for turn in earlier for text in (turn.question, turn.answer))]))


def check_text(text: str) -> None:
    """Raises Problem for half a character, which JSON can carry and nothing else can: ``\\ud83d``."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        half = ord(text[error.start])
        raise Problem(
            422,
            f"文字里有不成字的半个字符（U+{half:04X}）。请改正后再问。",
            f"The text has half a character (U+{half:04X}), which is no text. Please mend it.",
        ) from error


def citation_json(citation: Citation, report: Report) -> dict[str, Any]:
    """A citation for machines."""
    named = {"report": report.id, "path": report.path, "title": report.title, "sha256": citation.sha256}
    place = {"start": citation.start, "end": citation.end, "page": citation.page}
    return {"mark": citation.mark, **named, "quote": citation.quote, **place}


def hit_json(hit: Hit, report: Report) -> dict[str, Any]:
    """A passage that was found, for machines."""
    place = hit.passage
    return {
        "report": report.id,
        "path": report.path,
        "title": report.title,
        "headings": list(place.headings),
        "start": place.start,
        "end": place.end,
        "page": place.page,
        "text": report.text[place.start : place.end],
        "score": hit.score,
    }


def answer_json(answer: Answer, report_of: Callable[[str], Report]) -> dict[str, Any]:
    """An answer for machines; ``path`` and ``title`` name the report behind an id."""

    return {
        "question": answer.question,
        "language": answer.language,
        "answer": answer.text,
        "certainty": answer.certainty,
        "abstained": answer.abstained,
        "confidence": answer.confidence,
        "note": answer.note,
        "claims": [
            {
                "text": claim.text,
                "citations": [citation_json(c, report_of(c.report_id)) for c in claim.citations],
                "answer_span": claim.answer_span and list(claim.answer_span),
                "support": claim.support
                and {"supported": claim.support.supported, "score": claim.support.score, "why": claim.support.why},
            }
            for claim in answer.claims
        ],
        "conflicts": [{"what": c.what, "marks": list(c.marks), "later": c.later} for c in answer.conflicts],
        "nearest": [hit_json(hit, report_of(hit.passage.report_id)) for hit in answer.nearest],
    }


@lru_cache(maxsize=32)
def _headed(report: Report, size: int) -> tuple[tuple[int, tuple[str, ...]], ...]:
    return tuple((passage.start, passage.headings) for passage in split(report, size))


def headings_at(report: Report, offset: int, size: int) -> tuple[str, ...]:
    """The headings above ``offset``, outermost first."""
    found: tuple[str, ...] = ()
    for start, headings in _headed(report, size):
        if start > offset:
            break
        found = headings
    return found


def find(parts: Parts, report_id: str) -> Report:
    """The report of an id; raises Problem when it is no longer there."""
    try:
        return parts.library.report(report_id)
    except KeyError:
        raise Problem(
            404,
            "这份报告已经不在报告集里，或者换成了新版本。请再问一次。",
            "This report has left the collection, or was replaced by a newer version. Please ask again.",
        ) from None


def place(parts: Parts, report_id: str, start: int, end: int) -> Report:
    """The report that holds ``[start, end)``; raises Problem when there is no such place."""
    report = find(parts, report_id)
    if not 0 <= start <= end <= len(report.text):
        raise Problem(
            422,
            f"{report.path} 里没有 {start} 到 {end} 这个位置，它有 {len(report.text)} 个字符。",
            f"{report.path} has no place {start} to {end}; it has {len(report.text)} characters.",
        )
    return report


def report_json(report: Report) -> dict[str, Any]:
    """What the list of reports says of one."""
    return {
        "report": report.id,
        "path": report.path,
        "title": report.title,
        "publisher": report.publisher,
        "published": report.published,
        "language": report.language,
        "source": report.source,
        "characters": len(report.text),
        "pages": len(report.pages) or None,
    }


def make_api(parts: Parts) -> FastAPI:
    """The routes, and the guard before them; the page is mounted beside them. Raises ValueError for bad accounts."""
    app = FastAPI(title="Wenbao", docs_url=None, redoc_url=None, openapi_url=None)
    accounts = Accounts.of(parts.settings)
    app.add_middleware(Guard, settings=parts.settings, accounts=accounts, metrics=parts.metrics)
    speak(app)
    if accounts:
        add_routes(app, accounts)
    _add_health(app, parts)
    app.include_router(routes(parts), prefix="/api")
    _add_panel(app, parts)
    return app


def routes(parts: Parts) -> APIRouter:
    """What programs may ask for, whatever the address begins with."""
    router = APIRouter()
    _add_asking(router, parts)
    _add_reports(router, parts)
    _add_passages(router, parts)
    return router


def _add_health(app: FastAPI, parts: Parts) -> None:
    @app.get("/healthz")
    async def healthz() -> dict[str, Any]:
        """The server is alive, whatever the index is like."""
        return {"status": "ok", "reports": len(parts.library.reports(texts=False))}

    @app.get("/readyz")
    def readyz() -> dict[str, Any]:
        """The index answers: what the newest of the reports is called finds a passage of one."""
        try:
            refresh(parts.library)
            known = parts.library.reports(texts=False)
            if known and not parts.library.search(known[-1].title or known[-1].path, 1):
                raise no_index()
        except Exception as error:
            log.error(line("not ready", error=where(error)))
            raise no_index(error) from error
        return {"status": "ready", "reports": len(known)}

    @app.get("/metrics")
    def metrics(request: Request) -> Response:
        """What was done and how it is, for Prometheus; where there are accounts, for owners alone."""
        _check_role(request)
        return Response(parts.metrics.text(), media_type=KIND)


def _add_asking(router: APIRouter, parts: Parts) -> None:
    @router.post("/ask")
    async def ask_once(asked: Asked) -> dict[str, Any]:
        """The whole answer: its claims, each with the exact words it rests on."""

        def told(answers: Iterator[Answer]) -> dict[str, Any]:
            return _json(parts, list(answers)[-1])

        try:
            return await run_in_threadpool(told, _asked(parts, asked))
        except Problem as problem:
            if problem.status != 404:
                raise
        return await run_in_threadpool(told, _asked(parts, asked))  # a report that it cites was deleted meanwhile

    @router.post("/ask/stream")
    async def ask_stream(request: Request, asked: Asked) -> Response:
        """The answer so far, again and again; the last one is whole, or an error.

        JSON lines; where ``text/event-stream`` is accepted, events called ``answer`` or ``error`` instead.
        For the page, each is HTML too.
        """
        answers = _asked(parts, asked)

        def told(answer: Answer, writing: bool) -> dict[str, Any]:
            line = _json(parts, answer)
            if asked.html:
                shown = answer_html(answer, asked.question.strip(), partial(find, parts), writing)
                line |= {"html": shown, "whole": not writing, "generation": parts.library.generation}
            return line

        def lines() -> Lines:
            last = None
            try:
                for last in answers:
                    yield told(last, writing=True)
                if asked.html and last:
                    yield told(last, writing=False)
            except Problem as problem:
                refuse(request, problem)
                yield problem.told

        if "text/event-stream" in request.headers.get("accept", ""):
            return StreamingResponse(sent(lines(), _event), media_type="text/event-stream")
        return StreamingResponse(sent(lines(), json_line), media_type="application/x-ndjson")


async def sent(lines: Generator[T, None, None], written: Callable[[T], str]) -> AsyncIterator[str]:
    """The lines as they are written; whoever goes away before their end ends the work behind them."""
    try:
        async for one in iterate_in_threadpool(lines):
            yield written(one)
    finally:
        lines.close()


def json_line(line: object) -> str:
    return json.dumps(line, ensure_ascii=False) + "\n"


def _event(line: dict[str, Any]) -> str:
    """A line as a server-sent event: ``event: answer\\ndata: {...}\\n\\n``."""
    return f"event: {'error' if 'error' in line else 'answer'}\ndata: {json.dumps(line, ensure_ascii=False)}\n\n"


def _asked(parts: Parts, asked: Asked) -> Iterator[Answer]:
    earlier = [Turn(turn.question, turn.answer) for turn in asked.history]
    return ask(parts, asked.question, earlier, filters_of(asked.filters), asked.max_sentences)


def filters_of(chosen: Narrowed) -> Filters:
    """The same as search takes it. Raises Problem for what is no text."""
    check_text("".join([*chosen.reports, *chosen.publishers]))
    return Filters(tuple(chosen.reports), tuple(chosen.languages), tuple(chosen.years), tuple(chosen.publishers))


def _json(parts: Parts, answer: Answer) -> dict[str, Any]:
    return answer_json(answer, partial(find, parts))


def _add_reports(router: APIRouter, parts: Parts) -> None:
    @router.get("/reports")
    def reports() -> list[dict[str, Any]]:
        """All reports, in the order of their paths."""
        refresh(parts.library)
        return [report_json(report) for report in parts.library.reports()]

    @router.post("/reports", openapi_extra={"requestBody": {"required": True, "content": _FORM}})
    async def upload(request: Request) -> dict[str, Any]:
        """A form with one ``file``. The header keeps other sites' pages out: a browser asks before it sends one."""
        _check_owner(request)
        with parts.changes.room:
            async with request.form(max_files=1, max_fields=1) as form:
                file = form.get("file")
                if not isinstance(file, UploadFile):
                    raise Problem(422, "没有收到文件。", "There was no file in the form.")
                added = parts.changes.add(file.filename or "", file.file)
                return report_json(await asyncio.wrap_future(added))

    @router.delete("/reports/{report_id}")
    async def remove(request: Request, report_id: str) -> dict[str, Any]:
        """Deletes a report's file, and the index follows."""
        _check_owner(request)
        with parts.changes.room:
            removed = await asyncio.wrap_future(parts.changes.remove(report_id))
        return {"report": removed.id, "path": removed.path}


def _check_owner(request: Request) -> None:
    """Raises Problem for who may only read, and for what no page of ours sent."""
    if "x-wenbao" not in request.headers:
        raise Problem(403, "上传和删除时要带 X-Wenbao 请求头。", "Uploading and deleting need the header X-Wenbao.")
    _check_role(request)


def _check_role(request: Request) -> None:
    """Raises Problem for who may only ask."""
    user = getattr(request.state, "user", None)
    if user and not user.owner:
        raise Problem(
            403,
            f"{user.name} 只能提问；这里要用所有者的账户。",
            f"{user.name} may ask; this takes an owner's account.",
        )


def _add_passages(router: APIRouter, parts: Parts) -> None:
    @router.get("/passage")
    def passage(report: str, start: int, end: int) -> dict[str, Any]:
        """The words ``[start, end)`` of a report, as a citation names them, with what stands around them."""
        found = place(parts, report, start, end)
        before, after = surroundings(found, start, end)
        return {
            "report": found.id,
            "path": found.path,
            "title": found.title,
            "publisher": found.publisher,
            "published": found.published,
            "language": found.language,
            "headings": list(headings_at(found, start, parts.settings.passage_size)),
            "page": found.page_at(start),
            "start": start,
            "end": end,
            "before": found.text[before:start],
            "quote": found.text[start:end],
            "after": found.text[end:after],
        }


def _add_panel(app: FastAPI, parts: Parts) -> None:
    @app.get("/panel")
    def panel(
        report: str,
        start: int,
        end: int,
        language: Literal["zh", "en"] = "en",
        above: int = SURROUNDINGS,
        below: int = SURROUNDINGS,
        said: str = "",
    ) -> HTMLResponse:
        """The same as HTML, for the panel beside the chat; ``said`` are the words that answer: ``12-17``."""
        found = place(parts, report, start, end)
        headings = headings_at(found, start, parts.settings.passage_size)
        answering = (int(words[1]), int(words[2])) if (words := _SPAN.fullmatch(said)) else None
        around = (max(0, above), max(0, below))
        return HTMLResponse(passage_html(found, (start, end), headings, language, around, answering))
