"""The MCP server, spoken to by the SDK's own client: over HTTP on a real server, and by stdio as a process."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from index.generation import build
from settings import ROOT, Settings
from tests.web.fakes import EN, FREIGHT_ZH, ZH, FakeAssistant, FakeLibrary
from tests.web.test_safety import running
from web.accounts import add_key, add_user
from web.api import Parts

mcp = pytest.importorskip("mcp", reason="mcp is not installed: `python tools/install.py mcp` brings it")

Talk = Callable[[Any], Coroutine[Any, Any, Any]]


def talk(server: Any, how: Talk) -> Any:
    """What comes of speaking with a server, an address or a command."""

    async def spoken() -> Any:
        async with mcp.Client(server) as client:
            return await how(client)

    return asyncio.run(spoken())


def call(name: str, **arguments: Any) -> Talk:
    async def calling(client: Any) -> Any:
        return await client.call_tool(name, arguments)

    return calling


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    (reports := tmp_path / "reports").mkdir()
    library = FakeLibrary()
    settings = Settings(reports=reports, index=tmp_path / "index", port=0)
    return Parts(settings, library, FakeAssistant(), partial(library.follow, reports))


@pytest.fixture
def address(parts: Parts) -> Iterator[str]:
    with running(parts) as client:
        yield f"{client.base_url}/mcp"


def test_its_tools_are_told_with_what_they_do(address: str) -> None:
    async def tools(client: Any) -> Any:
        return (await client.list_tools()).tools

    told = {tool.name: tool.description for tool in talk(address, tools)}
    assert set(told) == {"ask", "search", "read_citation", "list_reports"}
    assert all(told.values())


def test_an_answer_comes_with_marks_and_its_words_can_be_read(address: str) -> None:
    answer = talk(address, call("ask", question="货运增长了多少？")).structured_content
    assert "[1]" in answer["answer"]
    assert answer["certainty"] == "sure"
    first = answer["citations"][0]
    assert first["quote"] == FREIGHT_ZH.quote
    place = {"report": first["report"], "start": first["start"], "end": first["end"]}
    read = talk(address, call("read_citation", **place)).structured_content
    assert read["quote"] == FREIGHT_ZH.quote
    assert read["before"] + read["quote"] + read["after"] in ZH.text


def test_search_and_the_list_name_the_reports(address: str) -> None:
    (found,) = talk(address, call("search", question=EN.title, k=1)).structured_content["hits"]
    assert found["text"] == EN.text[found["start"] : found["end"]]
    listed = talk(address, call("list_reports")).structured_content["reports"]
    assert [report["path"] for report in listed] == ["harbour.zh.md", "harbour.en.md"]


@pytest.mark.parametrize(
    ("tool", "arguments", "sentence"),
    [
        ("ask", {"question": " "}, "Please type a question first."),
        ("ask", {"question": "break"}, "Answering failed"),
        ("search", {"question": "x", "k": 0}, "k is 0. It should be 1 to 50."),
        ("read_citation", {"report": "gone", "start": 0, "end": 1}, "has left the collection"),
    ],
)
def test_what_goes_wrong_is_a_sentence(address: str, tool: str, arguments: dict[str, Any], sentence: str) -> None:
    told = talk(address, call(tool, **arguments))
    assert told.is_error
    assert sentence in told.content[0].text
    assert "secret" not in told.content[0].text


def test_the_guard_stands_before_it(tmp_path: Path, parts: Parts) -> None:
    accounts = tmp_path / "accounts.json"
    add_user(accounts, "ada", "correct horse", False)
    key = add_key(accounts, "ada")
    settings = Settings(reports=parts.settings.reports, index=parts.settings.index, port=0, accounts=str(accounts))
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    head = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-06-18"}
    with running(Parts(settings, parts.library, parts.assistant, parts.build)) as client:

        def post(**headers: str) -> httpx.Response:
            return client.post("/mcp", json=message, headers=head | headers)

        assert post().status_code == 401
        assert post(Authorization=f"Bearer {key}").status_code == 200
        assert post(Authorization=f"Bearer {key}", Origin="https://evil.example").status_code == 403
        # a stream that nothing is ever sent on is not held open
        stream = client.get("/mcp", headers={"Accept": "text/event-stream", "Authorization": f"Bearer {key}"})
        assert (stream.status_code, stream.headers["allow"]) == (405, "POST, DELETE")


def test_by_stdio_it_answers_from_a_real_index(tmp_path: Path) -> None:
    (reports := tmp_path / "reports").mkdir()
    (reports / "quay.md").write_text("# Quay report 2025\n\nThe quay has 7 cranes.\n", encoding="utf-8")
    build(Settings(reports=reports, index=tmp_path / "index"))
    environment = {**os.environ, "WENBAO_REPORTS": str(reports), "WENBAO_INDEX": str(tmp_path / "index")}
    command = mcp.StdioServerParameters(
        command=sys.executable, args=["-m", "web.mcp_server"], env=environment, cwd=str(ROOT)
    )
    answer = talk(command, call("ask", question="How many cranes does the quay have?")).structured_content
    assert "The quay has 7 cranes. [1]" in answer["answer"]
    assert answer["citations"][0]["path"] == "quay.md"
