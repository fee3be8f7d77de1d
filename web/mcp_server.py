"""The same for assistants that speak MCP: ask, search, read a citation, list the reports; by stdio and at /mcp."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar

from fastapi import FastAPI, Response
from fastapi.concurrency import run_in_threadpool
from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings

from answer.assistant import Assistant
from index.commands import Parser
from index.encoder import ModelMissing
from index.generation import NoIndex, build
from index.search import Search
from settings import Settings
from web.api import Parts, ask, checked, citation_json, find, hit_json, place, report_json
from web.changes import refresh
from web.cited import cited_text, held_citations
from web.panel import surroundings
from web.problems import Problem

T = TypeVar("T")
_ABOUT = """Answers questions about a collection of Chinese and English reports. Every sentence of an answer carries the
marks, [1], of the exact words it rests on; repeat them. Where the reports do not say, the answer says so."""
#: The most passages a search gives.
_MOST_HITS = 50


def make_mcp(parts: Parts) -> MCPServer[Any]:
    """The server with its four tools."""
    server: MCPServer[Any] = MCPServer("wenbao", title="Wenbao", instructions=_ABOUT, log_level="WARNING")

    @server.tool(name="ask")
    async def ask_reports(question: str, max_sentences: int | None = None) -> dict[str, Any]:
        """Answers a question from the reports, in its language, with marks and the words each mark stands for."""

        def answered() -> dict[str, Any]:
            *_, answer = ask(parts, question, max_sentences=max_sentences)
            cited = [citation_json(citation, find(parts, citation.report_id)) for citation in held_citations(answer)]
            text = cited_text(answer, partial(find, parts))
            return {"answer": text, "citations": cited, "certainty": answer.certainty, "abstained": answer.abstained}

        return await _told(answered)

    @server.tool()
    async def search(question: str, k: int = 10) -> dict[str, Any]:
        """Finds the k passages of the reports that fit a question or words best, best first; k is at most 50."""

        def searched() -> dict[str, Any]:
            checked(question)
            if not 1 <= k <= _MOST_HITS:
                raise Problem(
                    422, f"k 是 {k}，应在 1 到 {_MOST_HITS} 之间。", f"k is {k}. It should be 1 to {_MOST_HITS}."
                )
            refresh(parts.library)
            hits = parts.library.search(question, k)
            return {"hits": [hit_json(hit, find(parts, hit.passage.report_id)) for hit in hits]}

        return await _told(searched)

    @server.tool()
    async def read_citation(report: str, start: int, end: int) -> dict[str, Any]:
        """Shows the words [start, end) of a report, as a citation or a hit names them, and what stands around them."""

        def read() -> dict[str, Any]:
            named = place(parts, report, start, end)
            before, after = surroundings(named, start, end)
            around = {
                "before": named.text[before:start],
                "quote": named.text[start:end],
                "after": named.text[end:after],
            }
            return {"path": named.path, "title": named.title, "page": named.page_at(start), **around}

        return await _told(read)

    @server.tool()
    async def list_reports() -> dict[str, Any]:
        """Lists all reports: title, publisher, date, language and size."""

        def listed() -> dict[str, Any]:
            refresh(parts.library)
            return {"reports": [report_json(report) for report in parts.library.reports()]}

        return await _told(listed)

    return server


async def _told(work: Callable[[], T]) -> T:
    """What the work gives, done beside the event loop. Raises ToolError with a sentence that says what is wrong."""
    try:
        return await run_in_threadpool(work)
    except Problem as problem:
        raise ToolError(problem.english) from problem
    except NoIndex as error:
        raise ToolError("There is no whole index. Run `python -m index build` on the server.") from error


def mount_mcp(app: FastAPI, parts: Parts) -> None:
    """Serves it at /mcp too, as streamable HTTP without sessions; who may come there is for the guard to say."""
    server = make_mcp(parts)

    @app.get("/mcp", include_in_schema=False)
    def nothing_unasked() -> Response:
        """As the protocol has it where a server sends nothing by itself: a stream would only be held open."""
        problem = Problem(405, "这里不会主动发送消息；请用 POST。", "Nothing is sent from here unasked. Use POST.")
        response = problem.response()
        response.headers["Allow"] = "POST, DELETE"
        return response

    unchecked = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    served = server.streamable_http_app(stateless_http=True, json_response=True, transport_security=unchecked)
    app.router.routes += served.routes
    before = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(whole: Any) -> AsyncIterator[Any]:
        async with before(whole) as state, server.session_manager.run():
            yield state

    app.router.lifespan_context = lifespan


def main(arguments: list[str] | None = None) -> None:
    """Serves one assistant by stdin and stdout until it leaves. What cannot be done ends it with a sentence."""
    about = "Answers an assistant that speaks MCP, by stdin and stdout."
    Parser(prog="python -m web.mcp_server", description=about).parse_args(arguments)
    try:
        settings = Settings.read(os.environ)
        search = Search.open(settings)
        parts = Parts(settings, search, Assistant(search, settings), partial(build, settings))
    except (ValueError, NoIndex, ModelMissing) as error:
        sys.exit(str(error))
    make_mcp(parts).run("stdio")


if __name__ == "__main__":
    main()
