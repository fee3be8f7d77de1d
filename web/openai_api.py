"""The chat as OpenAI's chat completions, under /v1: any program that speaks that protocol can ask the reports."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from functools import partial
from secrets import token_hex
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from records import Answer, Turn
from web.api import LONGEST_ANSWER, LONGEST_QUESTION, MOST_TURNS, Parts, ask, citation_json, find
from web.cited import cited_text, held_citations, without_sources
from web.problems import Problem, refuse, speak

#: The one model there is.
MODEL = "wenbao"


class Part(BaseModel):
    """A part of a message; only text is read."""

    type: str
    text: str = ""


class Message(BaseModel):
    """A message of the conversation."""

    role: str
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        """What it says."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class Wanted(BaseModel):
    """A request; what else a client sends (temperature, max_tokens, tools) is for other models and changes nothing."""

    model: str = MODEL
    messages: list[Message]
    stream: bool = False
    n: int | None = 1


def make_openai(parts: Parts) -> FastAPI:
    """The application that answers below /v1."""
    app = FastAPI(title="Wenbao", docs_url=None, redoc_url=None, openapi_url=None)
    speak(app, Problem.response_to_openai)
    model = {"id": MODEL, "object": "model", "created": int(time.time()), "owned_by": "wenbao"}

    @app.get("/models")
    def models() -> dict[str, Any]:
        return {"object": "list", "data": [model]}

    @app.get("/models/{name}")
    def one_model(name: str) -> dict[str, Any]:
        _check_model(name)
        return model

    @app.post("/chat/completions", response_model=None)
    async def complete(request: Request, wanted: Wanted) -> Response | dict[str, Any]:
        _check_model(wanted.model)
        if wanted.n not in (None, 1):
            raise Problem(422, f"n 是 {wanted.n}，应为 1。", f"n is {wanted.n}. It should be 1.")
        question, earlier = conversation(wanted.messages)
        answers = ask(parts, question, earlier)
        if wanted.stream:
            return StreamingResponse(_events(parts, answers, request), media_type="text/event-stream")
        return await run_in_threadpool(lambda: _completion(parts, list(answers)[-1]))

    return app


def _check_model(name: str) -> None:
    if name != MODEL:
        raise Problem(
            404, f"没有叫 {name!r} 的模型；请用 {MODEL}。", f"There is no model {name!r}. The one here is {MODEL}."
        )


def conversation(messages: Sequence[Message]) -> tuple[str, list[Turn]]:
    """The last user message, and the latest turns before it; what a system message says is not followed.

    Raises Problem where nobody asks.
    """
    turns: list[Turn] = []
    for message in messages:
        if message.role == "user":
            turns.append(Turn(message.text))
        elif message.role == "assistant" and turns:
            turns[-1] = Turn(turns[-1].question, without_sources(message.text)[:LONGEST_ANSWER])
    if not turns:
        raise Problem(422, "messages 里没有 user 的消息。", "There is no message of a user in messages.")
    *earlier, last = turns
    latest = [Turn(turn.question[:LONGEST_QUESTION], turn.answer) for turn in earlier[-MOST_TURNS:]]
    return last.question, latest


def _completion(parts: Parts, answer: Answer) -> dict[str, Any]:
    message = {"role": "assistant", "content": cited_text(answer, partial(find, parts)), "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return {**_head("chat.completion"), "choices": [choice], **_extra(parts, answer)}


def _events(parts: Parts, answers: Iterator[Answer], request: Request) -> Iterator[str]:
    """The answer as chunks. It begins when the answer is whole: words that were sent cannot be struck any more."""
    head = _head("chat.completion.chunk")

    def chunk(delta: dict[str, str], finish: str | None = None, **more: object) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return _event({**head, "choices": [choice], **more})

    yield chunk({"role": "assistant", "content": ""})
    try:
        *_, answer = answers
        for line in cited_text(answer, partial(find, parts)).splitlines(keepends=True):
            yield chunk({"content": line})
        yield chunk({}, "stop", **_extra(parts, answer))
    except Problem as problem:
        refuse(request, problem)
        yield _event(problem.told_to_openai)
        return
    yield "data: [DONE]\n\n"


def _event(told: object) -> str:
    return f"data: {json.dumps(told, ensure_ascii=False)}\n\n"


def _head(kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{token_hex(12)}", "object": kind, "created": int(time.time()), "model": MODEL}


def _extra(parts: Parts, answer: Answer) -> dict[str, Any]:
    """What OpenAI's protocol has no place for: citations as data, and how sure the answer is."""
    cited = [citation_json(citation, find(parts, citation.report_id)) for citation in held_citations(answer)]
    return {"citations": cited, "certainty": answer.certainty}
