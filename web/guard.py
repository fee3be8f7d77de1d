"""Stands before every route: who may speak to the server, how much, how slowly, and what is logged of it."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import h11
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import RedirectResponse, Response
from uvicorn.protocols.http.h11_impl import H11Protocol

from settings import Settings, listed
from web.accounts import Accounts, User
from web.metrics import Metrics
from web.problems import REQUEST, Problem, failed, where

log = logging.getLogger("wenbao")

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

#: The largest body of a request that brings no file, in bytes; and of one that brings a whole chat of the page.
LARGEST_BODY, LARGEST_CHAT = 2**20, 2**23
#: What a form adds to the file it brings, in bytes.
FORM = 4096
#: A body that keeps coming at this rate, in bytes a second, is waited for.
_SLOWEST = 2**16
#: No file, and nothing else here, has a longer name, in bytes.
_LONGEST_PART = 255
#: Seconds until a connection has sent the head of its next request.
_HEAD = 20.0
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_ANYWHERE = ("", "0.0.0.0", "::")
#: What the page needs of Gradio; its other routes take files, call functions by name or fetch from elsewhere.
_GRADIO = tuple(
    f"/gradio_api/{route}"
    for route in ("queue/join", "queue/data", "run/predict", "cancel", "heartbeat/", "startup-events")
)
#: Routes that need no account.
_OPEN = ("/healthz", "/readyz", "/login")
#: Routes that ask a question.
_ASKING = (
    "/api/ask",
    "/api/ask/stream",
    "/api/v1/ask",
    "/api/v1/ask/stream",
    "/v1/chat/completions",
    "/mcp",
    "/gradio_api/queue/join",
)
#: Routes that bring a file.
_BRINGING = ("/api/reports", "/api/v1/reports")
_ASSETS = ("/assets/", "/static/", "/theme.css", "/favicon.ico")

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
    # not no-referrer, which would make a browser hide the origin of our own forms too
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]

# localhost  LocalHost.:7860  192.0.2.7:80  [::1]:7860
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[^\s\[\]:/@?#]+)(?::(?P<port>\d{1,5}))?", re.IGNORECASE)


class Host(NamedTuple):
    """A host as a request names it: ``LocalHost.:7860`` -> ("localhost", 7860); port 0 where it names none."""

    name: str
    port: int

    @classmethod
    def of(cls, text: str) -> Host | None:
        """None for what is no host."""
        found = _HOST.fullmatch(text)
        return cls(_normal(found["name"]), int(found["port"] or 0)) if found else None

    @classmethod
    def of_origin(cls, origin: str) -> Host | None:
        """The host of an origin, without the port that its scheme has anyway: ``https://a.example`` -> a.example."""
        try:
            found = urlsplit(origin)
            port = found.port or 0
        except ValueError:
            return None
        if found.scheme not in ("http", "https") or not found.hostname:
            return None
        return cls(_normal(found.hostname), 0 if port == {"http": 80, "https": 443}[found.scheme] else port)


def _normal(name: str) -> str:
    """A host's name in its one spelling: ``LOCALHOST.`` -> localhost, ``[0:0::1]`` -> ::1."""
    name = name.strip("[]").lower().removesuffix(".")
    address = _address(name)
    return str(address) if address else name


def _address(name: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(name)
    except ValueError:
        return None
    return (address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address


def is_loopback(host: str) -> bool:
    """Can only this machine reach what listens at this address?"""
    address = _address(host)
    return host.lower() == "localhost" or bool(address and address.is_loopback)


class Guard:
    """Lets requests through to an application that come from where they may, are no larger or slower than they may be,
    and, where there are accounts, from whom they may; gives every answer an id, our headers and a line in the log.
    """

    def __init__(self, app: App, settings: Settings, accounts: Accounts | None, metrics: Metrics) -> None:
        own = () if settings.host in _ANYWHERE else (settings.host,)
        self._app, self._settings, self._accounts, self._metrics = app, settings, accounts, metrics
        self._hosts = {_normal(host) for host in (*_LOOPBACK, *own, *listed(settings.hosts))}
        self._origins = {origin.lower().rstrip("/") for origin in listed(settings.origins)}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] == "http":
            # the server itself sends no body where one asks for the head alone
            asked = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
            await self._answer(asked, receive, send)
        elif scope["type"] == "websocket":  # nothing here speaks it
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._app(scope, receive, send)

    async def _answer(self, scope: Message, receive: Receive, send: Send) -> None:
        begun, status, user = time.perf_counter(), 0, None
        state = scope.setdefault("state", {})
        name = secrets.token_hex(8)
        REQUEST.set(name)
        headers = Headers(scope=scope)
        ours = [*HEADERS, (b"x-request-id", name.encode())]

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                # whom other sites' pages may read from is decided here alone
                theirs = [pair for pair in message.get("headers", []) if not pair[0].startswith(b"access-control-")]
                message = {**message, "headers": [*theirs, *ours]}
            await send(message)

        try:
            self._check_host(scope, headers)
            ours += self._check_origin(scope, headers)
            if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
                await Response(status_code=204)(scope, receive, send_guarded)
                return
            user = await self._check_user(scope, headers)
            body = _Body(receive, self._largest(scope), self._settings.body_timeout)
            body.check(headers)
            await self._app(scope, body.receive, send_guarded)
        except ClientDisconnect:
            pass
        except Problem as problem:
            state["refused"] = problem.reason
            if not status:
                if problem.status == 401 and scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
                    await RedirectResponse("/login", 303)(scope, receive, send_guarded)
                else:
                    await _told(problem, scope)(scope, receive, send_guarded)
        except Exception as error:
            log.error(line("failed", error=where(error)))
            log.debug("%s", name, exc_info=error)
            if not status:
                await _told(failed(), scope)(scope, receive, send_guarded)
        finally:
            took, route = round((time.perf_counter() - begun) * 1000), _route(scope)
            self._metrics.requested(route, status)
            if refused := state.get("refused"):
                self._metrics.refused(refused)
            who = {"user": user.name, "role": "owner" if user.owner else "reader"} if user else {}
            log.info(line("answered", method=scope["method"], route=route, status=status, ms=took, **who))

    def _check_host(self, scope: Message, headers: Headers) -> None:
        """A name that leads here by somebody else's wish (DNS rebinding) is not one we were told of."""
        named = headers.get("host", "")
        host = Host.of(named)
        # an address cannot be made to lead elsewhere: the one the connection came to is fine
        reached = str(scope["server"][0]) if scope.get("server") else ""
        if not host or not (host.name in self._hosts or (_address(host.name) and host.name == _normal(reached))):
            raise Problem(
                421,
                f"这里不叫 {named!r}。若应当叫这个名字，请把它写进 WENBAO_HOSTS。",
                f"This server is not called {named!r}. If it should be, name it in WENBAO_HOSTS.",
            )

    def _check_origin(self, scope: Message, headers: Headers) -> list[tuple[bytes, bytes]]:
        """The headers that tell a browser that another site's page may read the answer; none for our own page."""
        origin, site = headers.get("origin"), headers.get("sec-fetch-site", "none")
        if origin is None:
            opened = scope["method"] == "GET" and headers.get("sec-fetch-mode") == "navigate"
            if site in ("same-origin", "none") or (opened and headers.get("sec-fetch-dest") == "document"):
                return []
            raise _foreign(site)
        if origin.lower() in self._origins:
            return [
                (b"access-control-allow-origin", origin.encode()),
                (b"access-control-allow-methods", b"GET, POST, DELETE"),
                (b"access-control-allow-headers", b"content-type, x-wenbao, authorization"),
                (b"vary", b"Origin"),
            ]
        if Host.of_origin(origin) != Host.of(headers["host"].removesuffix(":80").removesuffix(":443")):
            raise _foreign(origin)
        return []

    async def _check_user(self, scope: Message, headers: Headers) -> User | None:
        """Who asks; None where there are no accounts. Raises Problem for nobody we know, or too often."""
        path = scope["path"]
        is_closed = path.startswith("/gradio_api/") and not path.startswith(_GRADIO)
        if is_closed or any(len(part.encode()) > _LONGEST_PART for part in path.split("/")):
            raise Problem(404, "没有这个地址。", "There is nothing at this address.")
        if not self._accounts or path in _OPEN or path.startswith(_ASSETS):
            return None
        user = self._accounts.who(headers, scope["client"][0] if scope.get("client") else "")
        if not user:
            raise Problem(401, "请先登录。", "Please sign in first.")
        if scope["method"] == "POST" and path.rstrip("/") in _ASKING:
            self._accounts.count(user)
        scope["state"]["user"] = user
        return user

    def _largest(self, scope: Message) -> int:
        if scope["path"] in _BRINGING:
            return self._settings.upload_mib * 2**20 + FORM
        return LARGEST_CHAT if scope["path"].startswith("/page/") else LARGEST_BODY


def _told(problem: Problem, scope: Message) -> Response:
    """A problem as the clients of this route expect it."""
    return problem.response_to_openai() if scope["path"].startswith("/v1/") else problem.response()


def _route(scope: Message) -> str:
    """The route that answered, as the program writes it: ``/api/reports/{report_id}``; "" for none of ours."""
    if "route" not in scope:
        return ""
    route = str(scope["path"])
    for name, value in scope.get("path_params", {}).items():
        before, found, after = route.rpartition(str(value))
        route = f"{before}{{{name}}}{after}" if found else route
    return route


def _foreign(site: str) -> Problem:
    return Problem(
        403,
        f"别的网站（{site}）的页面不能用这里。若应当可以，请把它的地址写进 WENBAO_ORIGINS。",
        f"Pages of other sites ({site}) may not use this one. If this one should, name it in WENBAO_ORIGINS.",
    )


class _Body:
    """A request's body as it comes: refused when it grows larger, or comes slower, than it may."""

    def __init__(self, receive: Receive, most: int, patience: float) -> None:
        self._receive, self._most, self._patience = receive, most, patience
        self._begun, self._bytes, self._whole = time.monotonic(), 0, False

    def check(self, headers: Headers) -> None:
        """Refuses what says itself that it is too large. Raises Problem."""
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit():
            raise Problem(400, "请求的 Content-Length 不是数字。", "The request's Content-Length is no number.")
        self._count(int(length[:20]))
        self._bytes = 0

    def _count(self, more: int) -> None:
        self._bytes += more
        if self._bytes > self._most:
            raise self._too_large()

    def _too_large(self) -> Problem:
        most, form = divmod(self._most, 2**20)
        if form:
            return Problem(413, f"文件太大，最多 {most} MiB。", f"The file is too large; {most} MiB is the most.")
        return Problem(
            413,
            f"请求的内容太大，最多 {most} MiB。",
            f"The request's body is too large; {most} MiB is the most.",
        )

    async def receive(self) -> Message:
        """The next part of it; behind its end whatever the connection says. Raises Problem."""
        if self._whole:
            return await self._receive()
        deadline = self._begun + self._patience + self._bytes / _SLOWEST
        try:
            message = await asyncio.wait_for(self._receive(), max(0.0, deadline - time.monotonic()))
        except TimeoutError:
            raise Problem(
                408,
                f"请求的内容在 {self._patience:g} 秒内没有传完。请再试一次。",
                f"The request's body did not arrive within {self._patience:g} seconds. Please try again.",
            ) from None
        self._count(len(message.get("body", b"")))
        self._whole = not message.get("more_body", False)
        return message


#: Seconds that a connection is kept whose request was answered before its body had come, and how much more it may send.
_LINGER, _FALLEN = 1.0, 2**20


class Protocol(H11Protocol):
    """HTTP that is waited for only so long: a connection that never ends the head of its request is closed, as is one
    whose request was answered before its body had come.
    """

    #: Seconds until a connection has sent the head of its next request.
    patience = _HEAD
    _closing: asyncio.TimerHandle | None = None
    _answered, _fallen = False, 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begins to wait."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Goes on waiting until the head is there; what comes after an early answer is let fall."""
        super().data_received(data)
        if self._answered and self.conn.their_state is h11.SEND_BODY:
            self._fallen += len(data)
            if self._fallen > _FALLEN:
                self.transport.close()
            return
        if self._answered:
            self._answered, self._fallen = False, 0
            self._stop()
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Waits no longer."""
        super().connection_lost(exc)
        self._stop()

    def on_response_complete(self) -> None:
        """Closes what has more to say, a little later: closed at once, it would never see the answer."""
        if self.conn.their_state is h11.SEND_BODY:
            self._answered = True
            self._stop()
            self._closing = self.loop.call_later(_LINGER, self.transport.close)
        super().on_response_complete()

    def _wait(self) -> None:
        if self.conn.their_state is not h11.IDLE:
            self._stop()
        elif self._closing is None:
            self._closing = self.loop.call_later(self.patience, self.transport.close)

    def _stop(self) -> None:
        if self._closing:
            self._closing.cancel()
        self._closing = None


def line(event: str, **fields: object) -> str:
    """A line of the log: one JSON object with the id of the request it belongs to."""
    return json.dumps({"event": event, "request": REQUEST.get(), **fields}, ensure_ascii=False)
