"""What a reader should know when something goes wrong: a sentence in Chinese and in English, with an HTTP status."""

from __future__ import annotations

import json
import traceback
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as StarletteHTTPException

from index.generation import NoIndex
from index.shared import Unreachable

#: The id of the request that is being answered, for errors and the log.
REQUEST: ContextVar[str] = ContextVar("request", default="-")
#: Why a request is refused, by its status; other errors are no refusals.
_REASONS = {
    401: "not signed in",
    403: "not allowed",
    408: "too slow",
    413: "too large",
    421: "other name",
    429: "too often",
    503: "busy",
}
#: The last calls of a traceback that the log names.
_CALLS = 4


class Problem(HTTPException):
    """Something the reader should know, as a sentence in Chinese and in English, with an HTTP status.

    ``again_in`` is after how many seconds the same may be tried again, ``reason`` how the metrics call a refusal.
    """

    def __init__(
        self, status: int, chinese: str, english: str, again_in: int | None = None, reason: str | None = None
    ) -> None:
        super().__init__(status, english, {"Retry-After": str(again_in)} if again_in else None)
        self.status, self.chinese, self.english = status, chinese, english
        self.reason = reason or _REASONS.get(status, "")

    @property
    def told(self) -> dict[str, dict[str, str]]:
        """The one shape of every error: ``{"error": {"zh": ..., "en": ..., "request": ID}}``."""
        return {"error": {"zh": self.chinese, "en": self.english, "request": REQUEST.get()}}

    def response(self) -> Response:
        """The answer that says so; what is no text in it becomes ``?``."""
        return self._response(self.told, self.status)

    @property
    def told_to_openai(self) -> dict[str, dict[str, str | None]]:
        """The same as clients of OpenAI's protocol expect it; ``zh`` and ``request`` are ours."""
        kind = _OPENAI_KINDS.get(self.status, "server_error" if self.status >= 500 else "invalid_request_error")
        told = {"message": self.english, "type": kind, "param": None, "code": None, "zh": self.chinese}
        return {"error": told | {"request": REQUEST.get()}}

    def response_to_openai(self) -> Response:
        """The answer to such a client, which calls a wrong field 400."""
        return self._response(self.told_to_openai, 400 if self.status == 422 else self.status)

    def _response(self, told: object, status: int) -> Response:
        body = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
        return Response(body, status, self.headers, "application/json")


#: What OpenAI calls these errors.
_OPENAI_KINDS = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


def no_index(error: Exception | None = None) -> Problem:
    """There is nothing to answer from, or what several machines share cannot be reached."""
    if isinstance(error, Unreachable):
        return Problem(
            503,
            "现在连不上共用的报告库。请过一会儿再试；不用做别的，恢复后会照常回答。",
            "The shared collection cannot be reached just now. Please try again in a while; nothing else is needed.",
            again_in=10,
            reason="unreachable",
        )
    return Problem(
        503,
        "索引还没有建好，或者坏了。请在服务器上运行 python -m index build。",
        "There is no whole index. Run `python -m index build` on the server.",
        again_in=10,
        reason="no index",
    )


def failed() -> Problem:
    """Something broke inside; what it was is told to the log alone."""
    return Problem(
        500,
        "服务器出错了，详情在服务器日志里。请再试一次。",
        "The server failed; its log says why. Please try again.",
    )


def speak(app: FastAPI, told: Callable[[Problem], Response] = Problem.response) -> None:
    """Makes an application tell every error in the one shape, or as ``told`` has it."""
    app.add_exception_handler(StarletteHTTPException, _telling(_of_http, told))
    app.add_exception_handler(RequestValidationError, _telling(_of_field, told))
    app.add_exception_handler(NoIndex, _telling(no_index, told))
    app.add_exception_handler(Exception, _telling(lambda _: failed(), told))


def _telling(
    problem_of: Callable[[Any], Problem], told: Callable[[Problem], Response]
) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def tell(request: Request, error: Exception) -> Response:
        problem = error if isinstance(error, Problem) else problem_of(error)
        refuse(request, problem)
        return told(problem)

    return tell


def refuse(request: Request, problem: Problem) -> None:
    """Has the guard count why a request was refused, whoever tells the client."""
    request.state.refused = problem.reason


def _of_http(error: StarletteHTTPException) -> Problem:
    if error.status_code == 404:
        return Problem(404, "没有这个地址。", "There is nothing at this address.")
    return Problem(error.status_code, f"请求没有成功：{error.detail}。", f"The request was refused: {error.detail}.")


def _of_field(error: RequestValidationError) -> Problem:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    return Problem(422, f"请求里的 {field} 不对：{first['msg']}。", f"{field} in the request: {first['msg']}.")


def where(error: BaseException) -> str:
    """An error for the log, without its text, which may quote what was asked.

    ``RuntimeError at assistant.py:88 < desk.py:31``
    """
    calls = reversed(traceback.extract_tb(error.__traceback__)[-_CALLS:])
    return f"{type(error).__name__} at {' < '.join(f'{Path(call.filename).name}:{call.lineno}' for call in calls)}"
