"""The tutorial's commands, run from its first line to its last: what it shows is what comes."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from settings import ROOT

TUTORIALS = (ROOT / "docs" / "tutorial.md", ROOT / "docs" / "tutorial.zh-CN.md")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(tutorial: Path) -> list[tuple[str, str]]:
    """The blocks of a tutorial in their order: ("sh", commands) or ("output", lines that they print)."""
    return BLOCK.findall(tutorial.read_text(encoding="utf-8"))


class LLM(BaseHTTPRequestHandler):
    """Writes one sentence, whatever it is asked."""

    def do_GET(self) -> None:
        self._send({"object": "list", "data": [{"id": "qwen3:8b", "object": "model"}]})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        said = "Freight grew by 9.4% in 2025. [1]"
        about = {"id": "1", "created": 1, "model": "qwen3:8b"}
        if not asked.get("stream"):
            message = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": said}}
            self._send(about | {"object": "chat.completion", "choices": [message]})
            return
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        for delta, reason in (({"role": "assistant", "content": said}, None), ({}, "stop")):
            piece = {"index": 0, "delta": delta, "finish_reason": reason}
            line = json.dumps(about | {"object": "chat.completion.chunk", "choices": [piece]})
            self.wfile.write(f"data: {line}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def _send(self, told: object) -> None:
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def llm() -> Iterator[int]:
    """The port of an LLM."""
    with ThreadingHTTPServer(("127.0.0.1", 0), LLM) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.mark.skipif(not (shutil.which("bash") and shutil.which("curl")), reason="no bash or no curl on the PATH")
def test_every_command_of_the_tutorial_does_what_it_says(llm: int, tmp_path: Path) -> None:
    for part in ("app.py", "records.py", "settings.py", "text", "ingest", "index", "answer", "web", "prompts"):
        (tmp_path / part).symlink_to(ROOT / part)  # as in the checkout, but writing beside it
    port = free_port()
    stands_for = {":7860": f":{port}", "localhost:11434": f"127.0.0.1:{llm}"}
    told = blocks(TUTORIALS[0])
    script = "set -e -o pipefail\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n"
    for number, (kind, text) in enumerate(told):
        script += f"{text}echo '--- {number}'\n" if kind == "sh" else ""
    for written, real in stands_for.items():
        script = script.replace(written, real)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WENBAO_")}
    environment |= {
        "WENBAO_PORT": str(port),
        "WENBAO_LLM_TIMEOUT": "120",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    command, told_in = ["timeout", "900", "bash", "-c", script], tmp_path / "printed"
    with told_in.open("w") as file:
        status = subprocess.run(command, cwd=tmp_path, env=environment, stdout=file, stderr=file).returncode
    printed = told_in.read_text(encoding="utf-8").replace(f":{port}", ":7860")
    assert status == 0, printed
    for number, (kind, text) in enumerate(told):
        if kind == "output":
            here = printed.partition(f"--- {number - 1}\n")[0].rpartition("--- ")[2]
            assert [line for line in text.splitlines() if line.strip() not in here] == [], here


def test_both_tutorials_have_the_same_commands() -> None:
    assert blocks(TUTORIALS[0]) == blocks(TUTORIALS[1])


@pytest.mark.parametrize("tutorial", TUTORIALS, ids=lambda path: path.name)
def test_what_a_tutorial_points_at_is_there(tutorial: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", tutorial.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (tutorial.parent / target).exists(), target
