"""The web chat: ``python app.py`` builds the index if there is none, and serves the API and the page."""

from __future__ import annotations

import os

# before numpy is loaded: several questions are answered at once, and the threads of one would wait for another's
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import ctypes
import getpass
import logging
import signal
import socket
import sys
from contextlib import suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import uvicorn

from answer.assistant import Assistant
from index.commands import Parser
from index.encoder import ModelMissing
from index.generation import Busy, NoIndex, Unwritable, Vanished, build
from index.search import Search
from settings import Settings
from web.accounts import Accounts, add_key, add_user, remove_user
from web.api import Parts, make_api
from web.below import Below
from web.guard import Protocol, is_loopback
from web.openai_api import make_openai
from web.page import mount
from web.rest import make_rest

#: Connections that are open at the same time, at most: more than pages that are looked at, less than files may be open.
_CONNECTIONS = 500
#: Seconds that a connection is kept open between two requests: longer than anybody is told to wait (Retry-After) and
#: than proxies keep theirs, or it would be closed just as the next request is on its way.
_KEPT_OPEN = 75
#: The option of glibc's ``mallopt`` that says how many stores of freed memory there are, and how many there shall be:
#: by default the threads of a build have stores of their own, which grow and are not shared.
_STORES, _FEW = -8, 2


def open_index(settings: Settings) -> Search:
    """The index as it is, or built from the reports when there is none yet; over nothing where there is no report."""
    try:
        return Search.open(settings)
    except NoIndex:
        print(f"Building the index of {settings.reports} ...", flush=True)
        build(settings)
    try:
        return Search.open(settings)
    except NoIndex:
        print(
            f"There are no reports in {settings.reports} yet: put some there, or upload them on the page.", flush=True
        )
        return Search.empty(settings)


def listen(settings: Settings) -> socket.socket:
    """Where the page is served. Raises ValueError where everybody could read and change, or the port is taken."""
    if not is_loopback(settings.host) and not settings.accounts and not settings.proxy_user:
        raise ValueError(
            f"WENBAO_HOST is {settings.host!r}, which other machines reach, and nobody would have to sign in. Make an "
            "account first: WENBAO_ACCOUNTS=var/accounts.json python app.py --add-user NAME --owner; "
            "or name the header of a reverse proxy that signs in: WENBAO_PROXY_USER=X-Forwarded-User."
        )
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        raise ValueError(
            f"Port {settings.port} of {settings.host} cannot be used ({error.strerror}). "
            f"Choose another one: WENBAO_PORT={settings.port + 1} python app.py"
        ) from error
    # head and body are sent apart: without this the body waits 40 ms for the head's receipt; connections inherit it
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def server_of(parts: Parts) -> uvicorn.Server:
    """The API and the page, ready to run. Raises ValueError for a file of accounts that cannot be used."""
    api = make_api(parts)
    api.mount("/v1", make_openai(parts))
    api.mount("/api/v1", make_rest(parts))
    if find_spec("mcp"):  # the extra [mcp]
        from web.mcp_server import mount_mcp

        mount_mcp(api, parts)
    whole, base = mount(api, parts), parts.settings.base_path
    config = uvicorn.Config(
        Below(whole, base) if base else whole,
        http=Protocol,
        ws="none",
        log_level="warning",
        timeout_keep_alive=_KEPT_OPEN,
        timeout_graceful_shutdown=2,
        limit_concurrency=_CONNECTIONS,
        proxy_headers=False,
        server_header=False,
    )
    return uvicorn.Server(config)


def serve(settings: Settings) -> None:
    """Serves until stopped; a build that runs then is done to its end.

    Raises ValueError, Busy, ModelMissing, NotADirectoryError.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: else what follows the server is left out
    with suppress(OSError, AttributeError):  # another system
        ctypes.CDLL("libc.so.6").mallopt(_STORES, _FEW)
    Accounts.of(settings)  # wrong ones end it before reports are read
    with listen(settings) as listener:
        logging.basicConfig(level="WARNING", format="%(message)s")
        logging.getLogger("wenbao").setLevel(settings.log.upper())
        search = open_index(settings)
        parts = Parts(settings, search, Assistant(search, settings), partial(build, settings))
        server = server_of(parts)
        parts.changes.watch()
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        print(f"Wenbao answers at http://{host}:{listener.getsockname()[1]}{settings.base_path}", flush=True)
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listener])
        parts.changes.stop()


def change_accounts(settings: Settings, options: argparse.Namespace) -> None:
    """Adds or removes an account, or adds a key to one. Raises ValueError."""
    if not settings.accounts:
        raise ValueError("Name the file of accounts: WENBAO_ACCOUNTS=var/accounts.json python app.py --add-user NAME")
    path = Path(settings.accounts)
    if options.add_user:
        asked = f"Password of {options.add_user}: "
        password = getpass.getpass(asked) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        add_user(path, options.add_user, password, options.owner)
        print(f"{options.add_user} may {'ask, upload and delete' if options.owner else 'ask'} now.")
    elif options.add_key:
        print(
            f"{add_key(path, options.add_key)}\nThis key of {options.add_key} is shown once: Authorization: Bearer KEY"
        )
    else:
        remove_user(path, options.remove_user)
        print(f"{options.remove_user} is gone.")


def main(arguments: list[str] | None = None) -> None:
    """Serves, or changes the accounts. What cannot be done ends it with a sentence."""
    options = _parser().parse_args([] if arguments is None else arguments)
    try:
        settings = Settings.read(os.environ)
        if options.add_user or options.add_key or options.remove_user:
            change_accounts(settings, options)
        else:
            serve(settings)
    except (ValueError, Busy, ModelMissing, NoIndex, NotADirectoryError, Unwritable, Vanished) as error:
        sys.exit(str(error))


def _parser() -> Parser:
    parser = Parser(prog="python app.py", description="Serves the chat, or changes its accounts.")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--add-user", metavar="NAME", help="add an account, or give one a new password; asks for it")
    what.add_argument("--add-key", metavar="NAME", help="a new key of an account for programs; shown once")
    what.add_argument("--remove-user", metavar="NAME", help="remove an account, its keys and sessions")
    parser.add_argument("--owner", action="store_true", help="the added account may upload and delete too")
    return parser


if __name__ == "__main__":
    main(sys.argv[1:])
