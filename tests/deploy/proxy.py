"""The whole server below /wenbao/ of a small reverse proxy, which knows nothing else, and takes it off or does not."""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn

import app
from settings import Settings
from tests.web.fakes import FakeAssistant, FakeLibrary
from web.api import Parts

BASE = "/wenbao"
#: What is said of a connection, and not of what is sent over it (RFC 9110, 7.6.1).
_OF_THE_CONNECTION = {b"connection", b"keep-alive", b"te", b"trailer", b"transfer-encoding", b"upgrade"}


class Proxy:
    """Hands on what is asked below ``BASE``, piece by piece; ``asked`` are the paths it was asked for."""

    def __init__(self, server: str, strips: bool) -> None:
        self._server, self._strips = server, strips
        self.asked: list[str] = []

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        path = scope["raw_path"].decode()
        self.asked.append(path)
        if path != BASE and not path.startswith(f"{BASE}/"):
            await send({"type": "http.response.start", "status": 404, "headers": []})
            await send({"type": "http.response.body", "body": b"nothing of the proxy's"})
            return
        if self._strips:
            path = path.removeprefix(BASE) or "/"
        address = f"{self._server}{path}" + (f"?{scope['query_string'].decode()}" if scope["query_string"] else "")
        headers = [pair for pair in scope["headers"] if pair[0] not in _OF_THE_CONNECTION]
        body = None if scope["method"] in ("GET", "HEAD") else _body(receive)
        async with (
            httpx.AsyncClient(trust_env=False, timeout=20) as client,
            client.stream(scope["method"], address, headers=headers, content=body) as answer,
        ):
            kept = [(k.lower(), v) for k, v in answer.headers.raw if k.lower() not in _OF_THE_CONNECTION]
            await send({"type": "http.response.start", "status": answer.status_code, "headers": kept})
            async for piece in answer.aiter_raw():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body"})


async def _body(receive: Any) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        yield message.get("body", b"")
        if not message.get("more_body"):
            return


@contextmanager
def running(server: uvicorn.Server, sockets: list[Any]) -> Iterator[str]:
    """The address of a server that runs until the end of the block."""
    thread = threading.Thread(target=server.run, kwargs={"sockets": sockets})
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def proxied(strips: bool, **settings: Any) -> Iterator[tuple[str, Proxy]]:
    """The address of the page as the proxy serves it, and the proxy."""
    chosen = Settings(port=0, base_path=BASE, **settings)
    library = FakeLibrary()
    parts = Parts(chosen, library, FakeAssistant(), lambda: library.follow(chosen.reports))
    with app.listen(chosen) as own, running(app.server_of(parts), [own]) as address:
        proxy = Proxy(address, strips)
        config = uvicorn.Config(proxy, log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
        with app.listen(chosen) as front, running(uvicorn.Server(config), [front]) as served:
            yield f"{served}{BASE}/", proxy
