"""What the page asks of the server beside the API: answers kept in the browser, page images, files, the welcome."""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, Response, StreamingResponse
from pydantic import BaseModel, Field

from ingest.split import split
from records import Report, told
from web.accounts import COOKIE
from web.api import MOST_TURNS, Narrowed, Parts, filters_of, find, json_line, place, report_json, sent
from web.changes import refresh
from web.examples import Examples
from web.export import Exported, markdown, word
from web.kept import Kept, KeptAnswer
from web.page_image import page_png
from web.problems import Problem
from web.render import answer_html, reports_html, welcome_html
from web.suggestions import Suggestions

Language = Literal["zh", "en"]
#: What a browser may show as it is; everything else is given to be saved.
_SHOWN = {".pdf": "application/pdf", ".md": "text/plain", ".markdown": "text/plain", ".txt": "text/plain"}
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: The longest chat that is shown again or saved, in turns: a Word file takes a millisecond or two for each.
_TURNS = 1000
#: Page images that are remembered.
_IMAGES = 16


class KeptTurn(BaseModel):
    """A turn of a chat as the browser keeps it; ``answer`` is None where it was not answered to its end."""

    question: str
    answer: KeptAnswer | None = None


class Led(BaseModel):
    """The latest turns of a chat and what narrowed the last one: what the next questions are made from."""

    turns: list[KeptTurn] = Field(min_length=1, max_length=MOST_TURNS)
    filters: Narrowed = Narrowed()


class KeptChat(BaseModel):
    """A chat as the browser keeps it, and what is wanted of it."""

    title: str = ""
    turns: list[KeptTurn] = Field(max_length=_TURNS)
    language: Language = "en"
    kind: Literal["markdown", "word"] = "markdown"


def add_routes(app: FastAPI, parts: Parts) -> None:
    """Adds the routes."""
    _add_kept(app, parts)
    _add_lists(app, parts)
    _add_suggestions(app, parts)
    _add_files(app, parts)


def _add_kept(app: FastAPI, parts: Parts) -> None:
    @app.post("/page/answers")
    def answers(chat: KeptChat) -> list[str]:
        """Each turn's answer as HTML; "" for one without an answer."""
        refresh(parts.library)
        return [_shown(turn, parts) for turn in chat.turns]

    @app.post("/page/export")
    def export(chat: KeptChat) -> Response:
        """The chat as a file."""
        refresh(parts.library)
        turns = [_exported(turn, parts) for turn in chat.turns]
        title = chat.title.strip() or (chat.turns[0].question if chat.turns else "Wenbao")
        if chat.kind == "word":
            return _saved(word(title, turns, chat.language), "wenbao.docx", _WORD)
        return _saved(markdown(title, turns, chat.language).encode("utf-8", "replace"), "wenbao.md", "text/markdown")


def _shown(turn: KeptTurn, parts: Parts) -> str:
    if turn.answer is None:
        return ""
    kept = Kept(turn.answer, parts.library)
    return answer_html(turn.answer.answer(parts.library), turn.question, kept.report, stale=kept.stale())


def _exported(turn: KeptTurn, parts: Parts) -> Exported:
    if turn.answer is None:
        return Exported(turn.question, None, partial(find, parts), {})
    kept = Kept(turn.answer, parts.library)
    return Exported(turn.question, turn.answer.answer(parts.library), kept.report, kept.stale())


def _saved(content: bytes, name: str, kind: str) -> Response:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _add_lists(app: FastAPI, parts: Parts) -> None:
    examples = Examples(parts.library, parts.assistant.quoting().reply)

    @app.get("/api/me")
    def me(request: Request) -> dict[str, Any]:
        """Who asks ("" where there are no accounts), whether they may upload and delete, and can they sign out."""
        user = getattr(request.state, "user", None)
        signed_in = user is not None and COOKIE in request.cookies
        return {"name": user.name if user else "", "owner": user.owner if user else True, "signed_in": signed_in}

    @app.get("/page/welcome")
    def welcome(language: Language = "en") -> dict[str, Any]:
        """The empty chat as HTML, and whether its questions are of the reports as they are now."""
        refresh(parts.library)
        has_reports = bool(parts.library.reports(texts=False))
        questions, settled = examples.of(language) if has_reports else ([], False)
        return {"html": welcome_html(questions, language, has_reports), "settled": settled, "empty": not has_reports}

    @app.get("/page/reports")
    def reports() -> HTMLResponse:
        """The list of reports as HTML."""
        refresh(parts.library)
        return HTMLResponse(reports_html(parts.library.reports(texts=False)))


def _add_suggestions(app: FastAPI, parts: Parts) -> None:
    suggestions = Suggestions(parts.library, parts.assistant, parts.desk)

    @app.post("/page/next")
    async def following(led: Led) -> Response:
        """Questions to ask after the last answer, as JSON lines: those found so far, again after each try, so that
        whoever goes away ends the work.
        """
        filters = filters_of(led.filters)
        kept = [turn.answer for turn in led.turns if turn.answer]
        asked = [turn.question for turn in led.turns] + [answer.question for answer in kept]

        def lines() -> Generator[list[str], None, None]:
            if not led.turns[-1].answer or Kept(kept[-1], parts.library).stale():
                return
            try:
                yield from suggestions.after([one.answer(parts.library) for one in kept], asked, filters)
            except Problem:  # too many ask: nothing more is offered
                return

        return StreamingResponse(sent(lines(), json_line), media_type="application/x-ndjson")


def _add_files(app: FastAPI, parts: Parts) -> None:
    @app.get("/api/reports/{report_id}")
    def report(report_id: str) -> dict[str, Any]:
        """One report: what the list says of it, its passages, and what of its file was left out."""
        found = find(parts, report_id)
        passages = len(split(found, parts.settings.passage_size))
        left_out = {"left_out": list(found.left_out), "left_out_zh": [told(one).chinese for one in found.left_out]}
        return report_json(found) | {"passages": passages} | left_out

    @app.get("/api/reports/{report_id}/file")
    def file(report_id: str) -> Response:
        """The report's own file; shown by the browser only where nothing in it can run."""
        path = _file(parts, find(parts, report_id))
        kind = _SHOWN.get(path.suffix.lower())
        disposition = "inline" if kind else "attachment"
        headers = {"Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(path.name)}"}
        return FileResponse(path, media_type=kind or "application/octet-stream", headers=headers)

    @app.get("/panel/page.png")
    def page_image(report: str, page: int, start: int, end: int) -> Response:
        """A page of a PDF as an image, the words at ``[start, end)`` boxed."""
        found = place(parts, report, start, end)
        words = found.text[start:end]
        try:
            image = _image(_file(parts, found), found.sha256, page, words)
        except ValueError as error:
            raise Problem(422, f"{found.path} 的第 {page} 页画不出来。", f"{found.path}: {error}") from error
        return Response(image, media_type="image/png", headers={"Cache-Control": "private, max-age=300"})


def _file(parts: Parts, report: Report) -> Path:
    """The file of a report. Raises Problem where it has left the folder."""
    folder = parts.settings.reports.resolve()
    path = (folder / report.path).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise Problem(404, f"{report.path} 已不在报告文件夹里。", f"{report.path} has left the reports folder.")
    return path


@lru_cache(maxsize=_IMAGES)
def _image(path: Path, sha256: str, page: int, words: str) -> bytes:
    """Raises ValueError where the file is not the one that was read, is no PDF, or its page cannot be drawn."""
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ValueError("The file has changed since it was read.")
    if path.suffix.lower() != ".pdf":
        raise ValueError("The file is no PDF and has no pages to show.")
    return page_png(data, page, words)
