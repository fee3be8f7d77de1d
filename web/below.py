"""Below a path of a reverse proxy: what it serves at /wenbao/ is answered as if it stood at /."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse

from web.guard import App, Message, Receive, Send

# wenbao=xyz; HttpOnly; Path=/; SameSite=strict
_AT_THE_ROOT = re.compile(rb"(;\s*path=)/(?=;|$)", re.IGNORECASE)


class Below:
    """Takes the path off what is asked, whether or not the proxy did, and puts it before redirects and cookies."""

    def __init__(self, app: App, base: str) -> None:
        self._app, self._base = app, base

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["path"] == self._base:  # without the slash, the page's own addresses would lead beside it
            await RedirectResponse(f"{self._base}/", 308)(scope, receive, send)
            return
        host = Headers(scope=scope).get("host", "")

        async def send_below(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [(name, self._below(name, value, host)) for name, value in message.get("headers", [])]
                message = {**message, "headers": headers}
            await send(message)

        await self._app(self._without(scope), receive, send_below)

    def _without(self, scope: Message) -> Message:
        raw = scope["raw_path"]
        if not scope["path"].startswith(f"{self._base}/") or not raw.startswith(self._base.encode()):
            return scope
        return {**scope, "path": scope["path"].removeprefix(self._base), "raw_path": raw[len(self._base) :]}

    def _below(self, name: bytes, value: bytes, host: str) -> bytes:
        if name == b"set-cookie":
            return _AT_THE_ROOT.sub(rb"\1" + self._base.encode(), value)
        if name != b"location":
            return value
        to = urlsplit(value.decode("latin-1"))
        if to.netloc not in ("", host) or not to.path.startswith("/"):
            return value
        # without scheme and host, which are the proxy's to know
        return to._replace(scheme="", netloc="", path=f"{self._base}{to.path}").geturl().encode("latin-1")
