"""The web chat: ``python app.py`` builds the index if there is none, and serves the API and the page."""

from __future__ import annotations

import os
import socket
import sys
from contextlib import suppress
from functools import partial

import uvicorn

from answer.assistant import Assistant
from api import Parts, make_api
from index.encoder import ModelMissing
from index.generation import Busy, NoIndex, build
from index.search import Search
from page import mount
from settings import Settings


def open_index(settings: Settings) -> Search:
    """The index as it is, or built from the reports when there is none yet."""
    try:
        return Search.open(settings)
    except NoIndex:
        print(f"Building the index of {settings.reports} ...", flush=True)
        build(settings)
        return Search.open(settings)


def main() -> None:
    """Serves until stopped. A wrong setting, a taken port or a missing model ends it with a sentence."""
    try:
        settings = Settings.read(os.environ)
        listener = socket.create_server((settings.host, settings.port))
    except ValueError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(
            f"Port {settings.port} of {settings.host} cannot be used ({error.strerror}). "
            f"Choose another one: WENBAO_PORT={settings.port + 1} python app.py"
        )
    try:
        search = open_index(settings)
    except (Busy, ModelMissing, NotADirectoryError) as error:
        sys.exit(str(error))
    parts = Parts(settings, search, Assistant(search, settings), partial(build, settings))
    app = mount(make_api(parts), parts)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2))
    print(f"Wenbao answers at http://{settings.host}:{listener.getsockname()[1]}", flush=True)
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listener])


if __name__ == "__main__":
    main()
