"""The HTTP side of the chat: ask, list, show a passage, stay healthy."""

from __future__ import annotations

import json
import logging
import os
import tempfile
from collections.abc import Awaitable, Callable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Literal, Protocol

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse
from pydantic import BaseModel
from starlette.datastructures import UploadFile

from index.generation import Busy, NoIndex
from index.search import Filters
from ingest.clean import KINDS
from ingest.read import Unreadable, read
from ingest.split import split
from records import Answer, Citation, Report, Turn
from render import passage_html, surroundings
from settings import Settings

log = logging.getLogger("wenbao")

#: The longest question, in characters.
LONGEST_QUESTION = 2000
EVERYTHING = Filters()


class Library(Protocol):
    """The reports behind the answers, as the index holds them."""

    def reports(self, texts: bool = True) -> list[Report]:
        """All reports; without ``texts`` their text is empty."""

    def report(self, report_id: str) -> Report:
        """The report of an id; raises KeyError when it has left the collection."""

    def refresh(self) -> object:
        """Sees what was indexed since."""


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


@dataclass(frozen=True, slots=True)
class Parts:
    """What the page and the API are made from."""

    settings: Settings
    library: Library
    assistant: Answers
    build: Callable[[], object]
    """Makes the index follow the reports folder; raises Busy when another build runs."""


class Problem(Exception):
    """Something the reader should know, as a sentence in Chinese and in English, with an HTTP status."""

    def __init__(self, status: int, chinese: str, english: str) -> None:
        super().__init__(english)
        self.status, self.chinese, self.english = status, chinese, english


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

    question: str
    history: list[Earlier] = []
    filters: Narrowed = Narrowed()
    max_sentences: int | None = None


def ask(
    parts: Parts,
    question: str,
    earlier: Sequence[Turn] = (),
    filters: Filters = EVERYTHING,
    max_sentences: int | None = None,
) -> Iterator[Answer]:
    """The answer so far; the last one is whole. Raises Problem before or between them."""
    checked(question)
    try:
        parts.library.refresh()
        yield from parts.assistant.reply(question.strip(), earlier, filters, max_sentences)
    except NoIndex as error:
        raise Problem(503, f"索引还没有建好：{error}", f"There is no index yet: {error}") from error
    except Exception as error:
        log.exception("no answer to %r", question)
        raise Problem(
            500,
            "回答时出错了，详情在服务器日志里。请再试一次。",
            "Answering failed; the server's log says why. Please try again.",
        ) from error


def checked(question: str) -> None:
    """Raises Problem when the question is empty or too long."""
    if not question.strip():
        raise Problem(422, "请先输入问题。", "Please type a question first.")
    if len(question) > LONGEST_QUESTION:
        raise Problem(
            422,
            f"问题有 {len(question):,} 个字符，最多 {LONGEST_QUESTION:,} 个。请缩短后再问。",
            f"The question has {len(question):,} characters; {LONGEST_QUESTION:,} is the most. Please shorten it.",
        )


def answer_json(answer: Answer, report_of: Callable[[str], Report]) -> dict[str, Any]:
    """An answer for machines; ``path`` and ``title`` name the report behind an id."""

    def citation(c: Citation) -> dict[str, Any]:
        report = report_of(c.report_id)
        named = {"report": c.report_id, "path": report.path, "title": report.title}
        return {"mark": c.mark, **named, "quote": c.quote, "start": c.start, "end": c.end, "page": c.page}

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
                "citations": [citation(c) for c in claim.citations],
                "answer_span": claim.answer_span and list(claim.answer_span),
                "support": claim.support
                and {"supported": claim.support.supported, "score": claim.support.score, "why": claim.support.why},
            }
            for claim in answer.claims
        ],
        "conflicts": [{"what": c.what, "marks": list(c.marks), "later": c.later} for c in answer.conflicts],
        "nearest": [
            {
                "report": (place := hit.passage).report_id,
                "path": (report := report_of(place.report_id)).path,
                "title": report.title,
                "headings": list(place.headings),
                "start": place.start,
                "end": place.end,
                "page": place.page,
                "text": report.text[place.start : place.end],
                "score": hit.score,
            }
            for hit in answer.nearest
        ],
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


def take(parts: Parts, name: str, data: bytes) -> Report:
    """Puts a file into the reports folder, under its own name, and indexes it. Raises Problem.

    Nothing is kept of a file that is no report, is there already under this name, or says the same as another one.
    """
    name = Path(name.replace("\\", "/")).name.lstrip(".~#")
    kind, known = Path(name).suffix.lower(), "、".join(KINDS)
    if kind not in KINDS:
        raise Problem(
            415,
            f"{name or '这个文件'} 不是能读的报告。可以上传：{known}。",
            f"{name or 'This file'} is no kind of report. These can be uploaded: {', '.join(KINDS)}.",
        )
    target = parts.settings.reports / name
    if target.exists():
        raise Problem(
            409,
            f"已经有一份叫 {name} 的报告。请改名后再上传。",
            f"There is a report named {name} already. Rename the file first.",
        )
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / name
        copy.write_bytes(data)
        try:
            read(copy, Path(folder))
        except Unreadable as error:
            raise Problem(422, f"这份文件读不了：{error}", str(error)) from error
    unfinished = target.with_name(f".{name}.part")
    unfinished.write_bytes(data)
    os.replace(unfinished, target)
    try:
        parts.build()
    except Busy as error:
        raise Problem(
            503,
            f"{name} 已存入报告文件夹，但另一次建索引正在进行；下一次建索引时会收入它。",
            f"{name} is in the reports folder, but another build is running; the next one takes it in.",
        ) from error
    parts.library.refresh()
    found = next((report for report in parts.library.reports(texts=False) if report.path == name), None)
    if found is None:
        target.unlink()
        raise Problem(
            409, f"{name} 和已有的一份报告内容相同。", f"{name} says the same as a report that is there already."
        )
    return parts.library.report(found.id)


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
    """The routes; the page is mounted beside them."""
    app = FastAPI(title="Wenbao", docs_url=None, redoc_url=None)
    app.add_middleware(SecurityHeaders)

    @app.exception_handler(Problem)
    def say(_: Request, problem: Problem) -> JSONResponse:
        return JSONResponse({"error": {"zh": problem.chinese, "en": problem.english}}, problem.status)

    @app.exception_handler(RequestValidationError)
    def say_field(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        return JSONResponse(
            {
                "error": {
                    "zh": f"请求里的 {field} 不对：{first['msg']}。",
                    "en": f"{field} in the request: {first['msg']}.",
                }
            },
            422,
        )

    @app.get("/healthz")
    def healthz() -> dict[str, Any]:
        return {"status": "ok", "reports": len(parts.library.reports(texts=False))}

    @app.post("/api/ask")
    def ask_once(asked: Asked) -> dict[str, Any]:
        return list(_replies(asked))[-1]

    @app.post("/api/ask/stream")
    def ask_stream(asked: Asked) -> Response:
        """JSON lines: the answer so far in each; the last one is whole, or an error."""
        checked(asked.question)

        def lines() -> Iterator[str]:
            try:
                for reply in _replies(asked):
                    yield json.dumps(reply, ensure_ascii=False) + "\n"
            except Problem as problem:
                yield json.dumps({"error": {"zh": problem.chinese, "en": problem.english}}, ensure_ascii=False) + "\n"

        return StreamingResponse(lines(), media_type="application/x-ndjson")

    def _replies(asked: Asked) -> Iterator[dict[str, Any]]:
        earlier = [Turn(turn.question, turn.answer) for turn in asked.history]
        filters = Filters(
            tuple(asked.filters.reports),
            tuple(asked.filters.languages),
            tuple(asked.filters.years),
            tuple(asked.filters.publishers),
        )
        for answer in ask(parts, asked.question, earlier, filters, asked.max_sentences):
            yield answer_json(answer, partial(find, parts))

    @app.get("/api/reports")
    def reports() -> list[dict[str, Any]]:
        parts.library.refresh()
        return [report_json(report) for report in parts.library.reports()]

    @app.post("/api/reports")
    async def upload(request: Request) -> dict[str, Any]:
        """A form with one ``file``. The header keeps other sites' pages out: a browser asks before it sends one."""
        most = parts.settings.upload_mib
        if "x-wenbao" not in request.headers:
            raise Problem(403, "上传时要带 X-Wenbao 请求头。", "An upload needs the header X-Wenbao.")
        length = request.headers.get("content-length", "")
        if not length.isdigit():
            raise Problem(411, "上传时要说明大小。", "An upload needs a Content-Length.")
        if int(length) > most * 2**20 + 4096:
            raise Problem(413, f"文件太大，最多 {most} MiB。", f"The file is too large; {most} MiB is the most.")
        async with request.form(max_files=1, max_fields=1) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile):
                raise Problem(422, "没有收到文件。", "There was no file in the form.")
            data = await file.read()
        return report_json(await run_in_threadpool(take, parts, file.filename or "", data))

    @app.get("/api/passage")
    def passage(report: str, start: int, end: int) -> dict[str, Any]:
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

    @app.get("/panel")
    def panel(report: str, start: int, end: int, language: Literal["zh", "en"] = "en") -> HTMLResponse:
        """The same as HTML, for the panel beside the chat."""
        found = place(parts, report, start, end)
        headings = headings_at(found, start, parts.settings.passage_size)
        return HTMLResponse(passage_html(found, start, end, headings, language))

    return app


# Gradio's page starts from inline scripts and compiles small functions, hence 'unsafe-inline' and 'unsafe-eval';
# everything else is ours alone, so that nothing on the page can load from, or send to, another host.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]
Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]


class SecurityHeaders:
    """Adds HEADERS to every response, and closes Gradio's own upload route, which takes any file."""

    def __init__(self, app: Callable[[Message, Receive, Send], Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answers one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *HEADERS]
            await send(message)

        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["path"].endswith("/gradio_api/upload"):
            await JSONResponse({"error": "There is no upload here."}, 404)(scope, receive, send_with_headers)
        else:
            await self.app(scope, receive, send_with_headers)
