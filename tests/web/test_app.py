"""The whole chat as ``python app.py`` runs it: real reading, index, answers and page, over one small report."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

import app
from index.generation import verify
from index.search import Search
from settings import Settings

ROOT = Path(__file__).parents[2]
HEAVY = ("torch", "transformers", "sentence_transformers", "llama_index")
PROGRAM = """
import runpy, sys
sys.path.insert(0, {0!r}.rpartition("/")[0])
runpy.run_path({0!r}, run_name="__main__")
print("imported:", [name for name in {1} if name in sys.modules])
"""
#: The same with builds that take a while and say so.
SLOW = """
import runpy, sys, time
sys.path.insert(0, {0!r}.rpartition("/")[0])
import index.generation
build = index.generation.build

def slow(settings):
    print("begins", flush=True)
    time.sleep(1)
    build(settings)
    print("ends", flush=True)

index.generation.build = slow
runpy.run_path({0!r}, run_name="__main__")
"""
REPORT = """---
title: 港口年报
publisher: 港务局
published: 2025-01-07
---
# 港口年报

## 运量

2024 年港口的货运量增长了 12.5%，达到 3.2 亿吨。

## 人员

港口现有员工 1,200 人，其中新招 80 人。
"""


@contextmanager
def started(program: str, folder: Path) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    """A program that serves one report."""
    (folder / "reports").mkdir()
    (folder / "reports" / "harbour.md").write_text(REPORT, encoding="utf-8")
    chosen = {"WENBAO_REPORTS": folder / "reports", "WENBAO_INDEX": folder / "index", "WENBAO_PORT": 0}
    environment = {k: v for k, v in os.environ.items() if not k.startswith("WENBAO_")}
    environment |= {name: str(value) for name, value in chosen.items()}
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        said = []
        for line in process.stdout:
            said.append(line)
            if line.startswith("Wenbao answers at "):
                break
        assert said[-1].startswith("Wenbao answers at "), said
        with httpx.Client(base_url=said[-1].split()[-1], timeout=20, trust_env=False) as client:
            yield process, client


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    program = PROGRAM.format(str(ROOT / "app.py"), HEAVY)
    with started(program, tmp_path_factory.mktemp("served")) as (process, client):
        yield client
        process.send_signal(signal.SIGINT)
        assert process.stdout
        assert process.stdout.read().splitlines() == ["imported: []"]


def test_a_question_is_answered_with_the_words_of_the_report(served: httpx.Client) -> None:
    assert served.get("/healthz").json() == {"status": "ok", "reports": 1}
    answer = served.post("/api/ask", json={"question": "2024 年港口的货运量增长了多少？"}).json()
    assert not answer["abstained"]
    cited = answer["claims"][0]["citations"][0]
    assert "12.5%" in cited["quote"]
    where = {key: cited[key] for key in ("report", "start", "end")}
    passage = served.get("/api/passage", params=where).json()
    assert passage["quote"] == cited["quote"]
    assert passage["headings"][-1] == "运量"
    assert "<mark>2024 年港口的货运量增长了 12.5%" in served.get("/panel", params=where).text


def test_what_the_report_does_not_say_is_never_sure_and_shows_passages_near_it(served: httpx.Client) -> None:
    answer = served.post("/api/ask", json={"question": "火星上的气温是多少度？"}).json()
    assert answer["certainty"] != "sure"
    assert answer["language"] == "zh"
    assert answer["nearest"][0]["path"] == "harbour.md"


def test_an_uploaded_report_answers_at_once(served: httpx.Client) -> None:
    file = ("port.md", b"# Lighthouse\n\nThe lighthouse at Northcape is 47 metres tall.")
    assert served.post("/api/reports", files={"file": file}, headers={"X-Wenbao": "test"}).status_code == 200
    answer = served.post("/api/ask", json={"question": "How tall is the lighthouse at Northcape?"}).json()
    assert "47 metres" in answer["answer"]


def test_the_page_is_there_and_guarded(served: httpx.Client) -> None:
    page = served.get("/")
    assert "问报 Wenbao" in page.text
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


def test_a_server_that_is_told_to_end_first_ends_the_build_that_runs(tmp_path: Path) -> None:
    with started(SLOW.format(str(ROOT / "app.py")), tmp_path) as (process, client), ThreadPoolExecutor(1) as other:
        file = ("port.md", b"# Lighthouse\n\nThe lighthouse at Northcape is 47 metres tall.")
        other.submit(client.post, "/api/reports", files={"file": file}, headers={"X-Wenbao": "test"})
        assert process.stdout
        assert process.stdout.readline() == "begins\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read() == "ends\n"
        assert process.wait(20) == 0
    settings = replace(Settings(), reports=tmp_path / "reports", index=tmp_path / "index")
    assert {report.path for report in Search.open(settings).reports()} == {"harbour.md", "port.md"}
    assert verify(settings) == []


def test_a_taken_port_and_a_wrong_setting_end_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("WENBAO_PORT", str(port))
        with pytest.raises(SystemExit, match=f"Port {port} of 127.0.0.1 cannot be used"):
            app.main()
    monkeypatch.setenv("WENBAO_PORT", "many")
    with pytest.raises(SystemExit, match="WENBAO_PORT has value 'many'"):
        app.main()
