"""What strangers, other sites' pages and hurried readers can do to the server: a real one, spoken to over real HTTP."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import re
import shutil
import socket
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest

import app
from answer.assistant import Assistant
from index.generation import build
from index.search import Filters
from records import Answer, Turn
from settings import Settings
from tests.web.fakes import DECLINED, ZH, FakeAssistant, FakeLibrary
from web.accounts import add_key, add_user, read_accounts, remove_user
from web.api import EVERYTHING, LONGEST_ANSWER, LONGEST_QUESTION, MOST_TURNS, Parts
from web.desk import busy
from web.guard import Host, Protocol

OURS = {"X-Wenbao": "test"}
JSON = {"Content-Type": "application/json"}
ASKED = {"question": "货运增长了多少？"}
ROUTES = [
    ("GET", "/"),
    ("GET", "/healthz"),
    ("GET", "/api/reports"),
    ("POST", "/api/ask"),
    ("POST", "/api/reports"),
    ("POST", "/gradio_api/queue/join"),
    ("POST", "/gradio_api/run/predict"),
    ("GET", "/gradio_api/queue/data?session_hash=a"),
    ("POST", "/page/answers"),
    ("POST", "/v1/chat/completions"),
]


class Patient(FakeAssistant):
    """Answers "slow" only when it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()
        self.begun = threading.Semaphore(0)

    def reply(
        self,
        question: str,
        earlier: Sequence[Turn] = (),
        filters: Filters = EVERYTHING,
        max_sentences: int | None = None,
    ) -> Iterator[Answer]:
        if question == "slow":
            self.begun.release()
            self.go.wait(20)
            yield DECLINED
        else:
            yield from super().reply(question, earlier, filters, max_sentences)


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@contextmanager
def running(parts: Parts) -> Iterator[httpx.Client]:
    """The server as ``python app.py`` runs it, over these parts."""
    with app.listen(parts.settings) as listener:
        server = app.server_of(parts)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        until(lambda: server.started)
        port = listener.getsockname()[1]
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20, trust_env=False) as client:
                yield client
        finally:
            parts.changes.stop()
            server.should_exit = True
            thread.join()


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Callable[..., httpx.Client]]:
    """Starts a server over the two small reports with other settings, or over real parts."""
    started = []
    (tmp_path / "reports").mkdir()

    def start(assistant: FakeAssistant | None = None, *, real: bool = False, **chosen: object) -> httpx.Client:
        settings = Settings(reports=tmp_path / "reports", index=tmp_path / "index", port=0, **chosen)  # type: ignore[arg-type]
        if real:
            search = app.open_index(settings)
            parts = Parts(settings, search, Assistant(search, settings), partial(build, settings))
        else:
            library = FakeLibrary()
            parts = Parts(settings, library, assistant or FakeAssistant(), partial(library.follow, settings.reports))
        manager = running(parts)
        client = manager.__enter__()
        started.append(manager)
        parts.changes.watch()
        return client

    yield start
    for manager in started:
        manager.__exit__(None, None, None)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server with the default settings, for what leaves nothing behind."""
    library = FakeLibrary()
    reports = tmp_path_factory.mktemp("reports")
    parts = Parts(Settings(reports=reports, port=0), library, FakeAssistant(), partial(library.follow, reports))
    with running(parts) as client:
        yield client


def upload(client: httpx.Client, name: str, text: str) -> httpx.Response:
    return client.post("/api/reports", files={"file": (name, text.encode())}, headers=OURS)


def raw(client: httpx.Client, sent: bytes, seconds: float = 10) -> bytes:
    """What comes back for these bytes until the server closes; TimeoutError when it does not."""
    with socket.create_connection(("127.0.0.1", client.base_url.port), timeout=seconds) as connection:
        connection.sendall(sent)
        received = b""
        while part := connection.recv(65536):
            received += part
        return received


def sentence(response: httpx.Response) -> str:
    """The English sentence of an error, which has its one shape (or OpenAI's, below /v1) and its Chinese one too."""
    assert response.headers["content-type"] == "application/json"
    error = response.json()["error"]
    assert list(response.json()) == ["error"]
    assert re.search("[一-鿿]", error["zh"])
    assert error["request"] == response.headers["x-request-id"]
    return str(error["message"] if "/v1/" in str(response.url) else error["en"])


# --- who may speak to it ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example:{port}", "192.0.2.7:{port}", "a b", "[::2]"])
def test_a_name_that_is_not_ours_is_answered_nowhere(client: httpx.Client, method: str, path: str, host: str) -> None:
    named = host.format(port=client.base_url.port)
    response = client.request(method, path, headers={"Host": named, **OURS})
    assert response.status_code == 421
    assert f"not called '{named}'" in sentence(response)
    assert "WENBAO_HOSTS" in sentence(response)


@pytest.mark.parametrize("host", ["localhost:{}", "LocalHost.:{}", "127.0.0.1", "[::1]:{}", "[0:0:0::1]:1"])
def test_every_spelling_of_this_machine_is_ours(client: httpx.Client, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host.format(client.base_url.port)}).status_code == 200


def test_other_names_are_ours_where_the_settings_say_so(serving: Callable[..., httpx.Client]) -> None:
    client = serving(hosts="Reports.example, other.example")
    assert client.get("/healthz", headers={"Host": "reports.example.:8080"}).status_code == 200
    assert client.get("/healthz", headers={"Host": "third.example"}).status_code == 421


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "http://[broken"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
    ],
    ids=str,
)
def test_pages_of_other_sites_change_and_learn_nothing(
    client: httpx.Client, method: str, path: str, headers: dict[str, str]
) -> None:
    response = client.request(method, path, headers={**headers, **OURS})
    assert response.status_code == 403
    assert "may not use this one" in sentence(response)
    assert not [name for name in response.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("host", ["localhost:{}", "localhost.:{}", "[::1]:{}", "127.0.0.1:{}"])
@pytest.mark.parametrize("path", ["/api/ask", "/api/reports", "/gradio_api/queue/join", "/nowhere", "/"])
def test_no_foreign_preflight_is_approved(client: httpx.Client, host: str, path: str) -> None:
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type,x-wenbao"}
    headers = {"Host": host.format(client.base_url.port), "Origin": "https://evil.example", **asks}
    response = client.options(path, headers=headers)
    assert response.status_code == 403
    assert not [name for name in response.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("host", ["localhost:{}", "LOCALHOST.:{}", "[::1]:{}"])
def test_our_own_page_may_ask(client: httpx.Client, host: str) -> None:
    named = host.format(client.base_url.port)
    own = {"Host": named, "Origin": f"http://{named.lower()}", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/api/ask", json=ASKED, headers=own).status_code == 200


def test_a_link_from_elsewhere_opens_the_page(client: httpx.Client) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert client.get("/", headers=headers).status_code == 200


def test_a_site_that_is_named_may_ask_and_no_other(serving: Callable[..., httpx.Client]) -> None:
    client = serving(origins="https://intranet.example")
    named = {"Origin": "https://intranet.example", "Sec-Fetch-Site": "cross-site"}
    preflight = client.options("/api/ask", headers=named | {"Access-Control-Request-Method": "POST"})
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == "https://intranet.example"
    answer = client.post("/api/ask", json=ASKED, headers=named)
    assert answer.headers["access-control-allow-origin"] == "https://intranet.example"
    assert "access-control-allow-credentials" not in answer.headers
    assert client.get("/", headers={"Origin": "https://intranet.example:444"}).status_code == 403


def test_hosts_and_origins_have_one_spelling() -> None:
    assert Host.of("LocalHost.:80") == Host("localhost", 80)
    assert Host.of("[0::1]") == Host("::1", 0)
    assert Host.of("[::ffff:127.0.0.1]:9") == Host("127.0.0.1", 9)
    assert Host.of("user@localhost") is Host.of("localhost/") is Host.of("") is None
    assert Host.of_origin("https://a.example:443") == Host("a.example", 0)
    assert Host.of_origin("file:///a") is Host.of_origin("http://a:99999") is None


@pytest.mark.parametrize("path", ["/", "/healthz", "/nowhere", "/gradio_api/upload"])
def test_every_answer_has_an_id_and_is_kept_out_of_frames(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert re.fullmatch("[0-9a-f]{16}", headers["x-request-id"])


@pytest.mark.parametrize("route", ["upload", "call/reply", "proxy=http://127.0.0.1:1/", "file=/etc/passwd", "info"])
def test_what_the_page_does_not_need_of_gradio_is_closed(client: httpx.Client, route: str) -> None:
    for method in ("GET", "POST"):
        assert sentence(client.request(method, f"/gradio_api/{route}")) == "There is nothing at this address."


@pytest.mark.parametrize("route", ["/static/{}", "/assets/{}", "/api/reports/{}/file", "/{}/healthz", "/v1/models/{}"])
@pytest.mark.parametrize("name", ["a" * 5000, "%E9%95%BF" * 90])
def test_a_name_longer_than_any_is_nothing_here(client: httpx.Client, route: str, name: str) -> None:
    response = client.get(route.format(name))
    assert response.status_code == 404
    assert sentence(response) == "There is nothing at this address."


@pytest.mark.parametrize(
    "path",
    [
        "/api/reports/..%2f..%2fsecret.md/file",
        "/api/reports/%00/file",
        "/api/reports/%ff%fe",
        "/api/v1/reports/..%252f..%252fsecret.md",
        "/assets/../../settings.py",
        "/assets/..%2f..%2fsettings.py",
        "/static/%2e%2e/%2e%2e/settings.py",
        "/gradio_api/heartbeat/..%2finfo",
        "/gradio_api/queue/data%2f..%2f..%2ffile=settings.py",
        "//gradio_api/info",
        "//evil.example/..",
    ],
)
def test_no_spelling_of_a_path_leads_out(client: httpx.Client, path: str) -> None:
    head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
    told = raw(client, head.encode())
    assert re.match(rb"HTTP/1.1 40[34] ", told), told[:200]
    assert b"Settings" not in told
    assert b"\r\nlocation:" not in told.lower()


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ("Host: localhost\r\nHost: evil.example\r\n", 400),
        ("Host: localhost, evil.example\r\n", 421),
        ("Host: localhost\r\n evil.example\r\n", 421),
        ("Host: evil.example\r\nX-Forwarded-Host: localhost\r\nX-Forwarded-Proto: http\r\n", 421),
        ("Host: localhost\r\nOrigin: \r\n", 403),
        ("Host: localhost\r\nOrigin: http://localhost http://evil.example\r\n", 403),
        ("Host: localhost\r\nOrigin: http://localhost@evil.example\r\n", 403),
        ("Host: localhost\r\nOrigin: http://localh\u00f6st\r\n", 403),
        ("Host: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n", 400),
        ("Host: localhost\r\nContent-Length: +5\r\n", 400),
        ("Host: localhost\r\nContent-Length: 99999999999999999999\r\n", 413),
        ("Host: localhost\r\nTransfer-Encoding: gzip, chunked\r\n", 400),
        ("Host: localhost\r\nTransfer-Encoding: xchunked\r\n", 400),
        ("Host: localhost\r\n" + "X: y\r\n" * 100_000, 400),
        ("Host: localhost\r\nX: " + "y" * 600_000 + "\r\n", 400),
        ("Host: localhost\r\nUpgrade: websocket\r\nConnection: close\r\nOrigin: http://evil.example\r\n", 403),
    ],
    ids=lambda value: str(value)[:60],
)
def test_odd_heads_are_refused(client: httpx.Client, lines: str, status: int) -> None:
    head = f"POST /api/ask HTTP/1.1\r\n{lines}Content-Type: application/json\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", client.base_url.port), timeout=20) as connection:
        with contextlib.suppress(OSError):  # it may have heard enough
            connection.sendall(head.encode("latin-1"))
        assert connection.recv(65536).startswith(b"HTTP/1.1 %d " % status)


def test_a_head_alone_is_told_as_the_whole_would_be(client: httpx.Client) -> None:
    for path in ("/", "/healthz", "/api/reports", "/nowhere"):
        whole, head = client.get(path), client.head(path)
        assert (head.status_code, head.content) == (whole.status_code, b"")
        assert head.headers["content-type"] == whole.headers["content-type"]
    assert client.head("/healthz", headers={"Host": "evil.example"}).status_code == 421


# --- how much it takes ------------------------------------------------------------------------------------------------


def test_what_says_that_it_is_too_large_is_refused_before_it_comes(client: httpx.Client) -> None:
    for path, size in (("/api/ask", 10**8), ("/gradio_api/queue/join", 10**8), ("/api/reports", 10**9)):
        head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nX-Wenbao: 1\r\nContent-Length: {size}\r\n\r\n"
        assert raw(client, head.encode()).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("path", ["/api/ask", "/gradio_api/queue/join"])
def test_what_does_not_say_so_is_counted(client: httpx.Client, path: str) -> None:
    def parts() -> Iterator[bytes]:
        for sent in range(200):
            assert sent < 190, "nobody stopped it"
            yield b" " * 65536
            time.sleep(0.005)

    try:
        response = client.post(path, content=parts(), headers=JSON)
    except httpx.WriteError:  # closed while it was still sending: refused as well
        return
    assert response.status_code == 413
    assert sentence(response) == "The request's body is too large; 1 MiB is the most."


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"question": "长" * (LONGEST_QUESTION + 1)}, "The question has 2,001 characters; 2,000 is the most"),
        ({"history": [{"question": "a"}] * (MOST_TURNS + 1)}, "history has 21 turns; 20 is the most"),
        (
            {"history": [{"question": "a"}, {"question": "a", "answer": "b" * (LONGEST_ANSWER + 1)}]},
            "The answer of turn 2 of history has 10,001 characters; 10,000 is the most",
        ),
        ({"history": [{"question": "a" * 2001}]}, "The question of turn 1 of history has 2,001 characters"),
        ({"max_sentences": -1}, "max_sentences is -1. It should be from 1 to 20."),
        ({"max_sentences": 0}, "max_sentences is 0."),
        ({"max_sentences": 10**9}, "max_sentences is 1000000000."),
        ({"question": "half \ud83d"}, "half a character (U+D83D)"),
        ({"history": [{"question": "a", "answer": "\udc00"}]}, "half a character (U+DC00)"),
        ({"filters": {"reports": ["\ud800.md"]}}, "half a character (U+D800)"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_too_much_is_refused_with_its_name_value_and_limit(client: httpx.Client, asked: object, told: str) -> None:
    assert isinstance(asked, dict)
    for path in ("/api/ask", "/api/ask/stream"):
        response = client.post(path, content=json.dumps(ASKED | asked), headers=JSON)
        assert response.status_code == 422
        assert told in sentence(response)


@pytest.mark.parametrize("path", ["/api/ask", "/api/ask/stream", "/gradio_api/queue/join", "/gradio_api/run/predict"])
@pytest.mark.parametrize("body", [b"[" * 500_000, b'{"a":' * 100_000, b"\xff\xfe", b"", b"9" * 5000, b"[NaN]"], ids=len)
def test_what_is_no_question_is_refused_and_breaks_nothing(client: httpx.Client, path: str, body: bytes) -> None:
    response = client.post(path, content=body, headers=JSON)
    assert 400 <= response.status_code < 500
    assert sentence(response)


def test_errors_have_one_shape_everywhere(client: httpx.Client) -> None:
    for method, path, status in [
        ("GET", "/api/nowhere", 404),
        ("GET", "/nowhere", 404),
        ("PATCH", "/healthz", 404),
        ("GET", "/api/passage", 422),
        ("POST", "/api/reports", 422),
        ("DELETE", "/api/reports/none", 404),
        ("GET", "/gradio_api/queue/data", 422),
    ]:
        response = client.request(method, path, headers=OURS)
        assert response.status_code == status, path
        assert sentence(response)


def test_a_question_has_so_much_time(serving: Callable[..., httpx.Client]) -> None:
    client = serving(assistant := Patient(), answer_timeout=0.2)
    response = client.post("/api/ask", json={"question": "slow"})
    assert response.status_code == 503
    assert sentence(response).startswith("The question was not answered within 0.2 seconds.")
    streamed = client.post("/api/ask/stream", json={"question": "slow"}).json()
    assert "within 0.2 seconds" in streamed["error"]["en"]
    assistant.go.set()
    assert client.post("/api/ask", json=ASKED).status_code == 200


def test_who_finds_the_line_full_is_told_at_once(serving: Callable[..., httpx.Client]) -> None:
    client = serving(assistant := Patient(), answering=2, waiting=0)
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(client.post, "/api/ask", json={"question": "slow"}) for _ in range(2)]
        assert assistant.begun.acquire(timeout=10)
        assert assistant.begun.acquire(timeout=10)
        response = client.post("/api/ask", json=ASKED)
        assert response.status_code == 503
        assert sentence(response).startswith("The server is busy: 2 requests")
        assert response.headers["retry-after"] == "5"
        assert client.get("/healthz").status_code == 200
        assistant.go.set()
        assert [one.result().status_code for one in waiting] == [200, 200]
    assert client.post("/api/ask", json=ASKED).status_code == 200


def test_a_reader_who_leaves_gives_up_the_place(serving: Callable[..., httpx.Client]) -> None:
    client = serving(assistant := Patient(), answering=1, waiting=0)
    with pytest.raises(httpx.ReadTimeout):
        client.post("/api/ask/stream", json={"question": "slow"}, timeout=0.2)
    assistant.go.set()
    until(lambda: client.post("/api/ask", json=ASKED).status_code == 200)


def test_a_body_that_never_ends_is_not_waited_for(serving: Callable[..., httpx.Client]) -> None:
    client = serving(body_timeout=0.2)
    for path in ("/api/ask", "/gradio_api/queue/join", "/api/reports"):
        kind = "multipart/form-data; boundary=x" if path == "/api/reports" else "application/json"
        head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nX-Wenbao: 1\r\nContent-Type: {kind}\r\n"
        assert raw(client, f"{head}Content-Length: 9\r\n\r\n--".encode()).startswith(b"HTTP/1.1 408 "), path


def test_a_head_that_never_ends_is_not_waited_for(
    serving: Callable[..., httpx.Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Protocol, "patience", 0.3)
    client = serving()
    assert raw(client, b"") == b""
    assert raw(client, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ") == b""
    once = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with socket.create_connection(("127.0.0.1", client.base_url.port), timeout=2) as connection:
        connection.sendall(once)
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
        connection.sendall(once[:20])
        while connection.recv(65536):
            pass


def test_a_connection_is_open_for_longer_than_anybody_is_told_to_wait(tmp_path: Path) -> None:
    parts = Parts(Settings(reports=tmp_path, port=0), FakeLibrary(), FakeAssistant(), lambda: None)
    told = int((busy(1).headers or {})["Retry-After"])
    assert app.server_of(parts).config.timeout_keep_alive > told


def test_connections_send_without_waiting(tmp_path: Path) -> None:
    listening = app.listen(Settings(reports=tmp_path, port=0))
    with listening as listener, socket.create_connection(listener.getsockname()), listener.accept()[0] as accepted:
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


# --- reports that come and go -----------------------------------------------------------------------------------------


def listed(client: httpx.Client) -> list[str]:
    return sorted(report["path"] for report in client.get("/api/reports").json())


def stored(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "reports").iterdir())


def test_eight_reports_at_once_are_all_taken_in(serving: Callable[..., httpx.Client], tmp_path: Path) -> None:
    client = serving(real=True, watch=0)
    names = [f"port-{number}.md" for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        texts = [f"# Port {number}\n\nPort {number} has {number + 20} berths." for number in range(8)]
        told = list(pool.map(lambda name, text: upload(client, name, text), names, texts))
    assert [response.status_code for response in told] == [200] * 8
    assert [response.json()["path"] for response in told] == names
    assert listed(client) == stored(tmp_path) == names
    assert "26 berths" in client.post("/api/ask", json={"question": "How many berths has Port 6?"}).json()["answer"]


def test_of_six_of_one_name_one_is_stored_and_the_others_are_told(
    serving: Callable[..., httpx.Client], tmp_path: Path
) -> None:
    client = serving(watch=0)
    texts = [f"# Pier {number}\n\nIt has {number} cranes." for number in range(6)]
    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(lambda text: upload(client, "pier.md", text), texts))
    assert sorted(response.status_code for response in told) == [200] + [409] * 5
    winner = next(number for number, response in enumerate(told) if response.status_code == 200)
    assert (tmp_path / "reports" / "pier.md").read_text() == texts[winner]
    assert stored(tmp_path) == ["pier.md"]
    refused = next(response for response in told if response.status_code == 409)
    assert sentence(refused) == "There is a report named pier.md already. Rename the file first."


@pytest.mark.parametrize(
    ("name", "status", "told"),
    [
        ("a\x01b.md", 422, "a character that no name can have (U+0001)"),
        ("长" * 90 + ".md", 422, "The file's name has 273 bytes; 240 is the most."),
        (".md", 415, "md is no kind of report"),
        ("..", 415, "This file is no kind of report"),
        ("a\u202efdp.md", 422, "a character that no name can have (U+202E)"),
        ("a\u2066.md", 422, "a character that no name can have (U+2066)"),
        ("CON.md", 422, "CON.md names a device on Windows"),
        ("lpt1.txt", 422, "lpt1.txt names a device on Windows"),
        ("report.md.exe", 415, "report.md.exe is no kind of report"),
        ("broken.pdf", 422, "broken.pdf"),
        ("blank.md", 422, "the file is empty"),
    ],
)
def test_what_cannot_be_kept_leaves_nothing(
    serving: Callable[..., httpx.Client], tmp_path: Path, name: str, status: int, told: str
) -> None:
    data = b" " if name == "blank.md" else b"# Pier\n\nIt has 9 cranes."
    form = b'--x\r\nContent-Disposition: form-data; name="file"; filename="' + name.encode()
    form += b'"\r\n\r\n' + data + b"\r\n--x--\r\n"
    headers = OURS | {"Content-Type": "multipart/form-data; boundary=x"}
    response = serving(watch=0).post("/api/reports", content=form, headers=headers)
    assert response.status_code == status
    assert told in sentence(response)
    assert stored(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../x.md", "x.md"),
        ("..\\..\\x.md", "x.md"),
        ("C:\\papers\\x.md", "x.md"),
        ("%2e%2e%2fx.md", "%2e%2e%2fx.md"),
        ("--yes.md", "--yes.md"),
        ("$(id).md", "(id).md"),
        ("report.pdf.md", "report.pdf.md"),
        (".hidden.md", "hidden.md"),
        ("<b>x.md", "<b>x.md"),
    ],
)
def test_a_name_leads_nowhere_else(serving: Callable[..., httpx.Client], tmp_path: Path, name: str, kept: str) -> None:
    response = upload(serving(watch=0), name, "# Pier\n\nIt has 9 cranes.")
    assert (response.status_code, response.json()["path"]) == (200, kept)
    assert stored(tmp_path) == [kept]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["reports"]


def test_a_name_has_one_spelling(serving: Callable[..., httpx.Client], tmp_path: Path) -> None:
    client = serving(watch=0)
    assert upload(client, "re\u0301sume\u0301.md", "# One\n\nIt has 3 cranes.").json()["path"] == "r\u00e9sum\u00e9.md"
    assert upload(client, "r\u00e9sum\u00e9.md", "# Two\n\nIt has 4 cranes.").status_code == 409


def test_an_upload_of_no_stated_size_is_counted_too(serving: Callable[..., httpx.Client], tmp_path: Path) -> None:
    client = serving(watch=0, upload_mib=1)
    form = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.md"\r\n\r\n'
    headers = OURS | {"Content-Type": "multipart/form-data; boundary=x"}

    def parts(count: int) -> Iterator[bytes]:
        yield form + b"# Pier\n\nIt has 9 cranes.\n\n"
        yield from [b"More of it. " * 1000] * count
        yield b"\r\n--x--\r\n"

    response = client.post("/api/reports", content=parts(100), headers=headers)
    assert response.status_code == 413
    assert "1 MiB is the most" in sentence(response)
    assert stored(tmp_path) == []
    assert client.post("/api/reports", content=parts(2), headers=headers).status_code == 200


def test_the_running_page_follows_the_folder(serving: Callable[..., httpx.Client], tmp_path: Path) -> None:
    client = serving(real=True, watch=0.1)
    file = tmp_path / "reports" / "lock.md"
    file.write_text("# Lock\n\nThe lock at Northcape is 47 metres long.", encoding="utf-8")
    until(lambda: listed(client) == ["lock.md"])
    assert "47 metres" in client.post("/api/ask", json={"question": "How long is the lock at Northcape?"}).text
    file.write_text("# Lock\n\nThe lock at Northcape is 52 metres long now.", encoding="utf-8")
    until(lambda: "52 metres" in client.post("/api/ask", json={"question": "How long is the lock at Northcape?"}).text)
    file.unlink()
    until(lambda: listed(client) == [])


def test_a_report_is_deleted_and_cited_no_more(serving: Callable[..., httpx.Client], tmp_path: Path) -> None:
    client = serving(real=True, watch=0)
    report = upload(client, "lock.md", "# Lock\n\nThe lock at Northcape is 47 metres long.").json()["report"]
    assert client.delete(f"/api/reports/{report}").status_code == 403
    assert client.delete(f"/api/reports/{report}", headers=OURS).json() == {"report": report, "path": "lock.md"}
    assert stored(tmp_path) == listed(client) == []
    assert client.delete(f"/api/reports/{report}", headers=OURS).status_code == 404
    assert "47" not in client.post("/api/ask", json={"question": "How long is the lock at Northcape?"}).text


# --- how it is --------------------------------------------------------------------------------------------------------


def test_it_opens_over_nothing_and_the_first_report_answers(
    serving: Callable[..., httpx.Client], tmp_path: Path
) -> None:
    client = serving(real=True, watch=0)
    assert client.get("/").status_code == 200
    assert "There are no reports yet. Upload one to begin." in client.get("/page/welcome").json()["html"]
    assert listed(client) == []
    assert client.get("/readyz").json() == {"status": "ready", "reports": 0}
    assert client.post("/api/ask", json={"question": "How long is the lock?"}).json()["abstained"]
    assert upload(client, "lock.md", "# Lock\n\nThe lock at Northcape is 47 metres long.").status_code == 200
    assert "47 metres" in client.post("/api/ask", json={"question": "How long is the lock at Northcape?"}).text


def test_without_its_index_it_is_alive_and_not_ready(serving: Callable[..., httpx.Client], tmp_path: Path) -> None:
    (tmp_path / "reports" / "lock.md").write_text("# Lock\n\nThe lock at Northcape is 47 metres long.", "utf-8")
    client = serving(real=True, watch=0)
    assert client.get("/readyz").json() == {"status": "ready", "reports": 1}
    shutil.rmtree(tmp_path / "index")
    assert client.get("/healthz").json()["status"] == "ok"
    for response in (client.get("/readyz"), client.get("/api/reports"), client.post("/api/ask", json=ASKED)):
        assert response.status_code == 503
        assert sentence(response) == "There is no whole index. Run `python -m index build` on the server."


def test_the_log_tells_of_requests_and_not_what_was_asked(
    client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "wenbao"):
        response = client.post("/api/ask", json=ASKED)
        client.post("/api/ask", json={"question": "break", "history": [{"question": "privately asked"}]})
        client.get("/api/passage", params={"report": ZH.id, "start": 0, "end": 1})
        until(lambda: "/api/passage" in caplog.text)
    lines = [json.loads(record.message) for record in caplog.records if record.name == "wenbao"]
    first = next(line for line in lines if line["request"] == response.headers["x-request-id"])
    assert (first["method"], first["route"], first["status"]) == ("POST", "/api/ask", 200)
    broken = next(line for line in lines if line["event"] == "no answer")
    assert broken["characters"] == len("break")
    assert broken["error"].startswith("RuntimeError at fakes.py:")
    for secret in ("货运", "privately asked", "a secret of the server", ZH.id, '"break"'):
        assert secret not in caplog.text


# --- who may do what --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", ""])
def test_it_does_not_serve_strangers_without_accounts(host: str) -> None:
    with pytest.raises(ValueError, match="nobody would have to sign in") as error:
        app.listen(Settings(host=host, port=0))
    assert "--add-user NAME --owner" in str(error.value)
    assert "WENBAO_PROXY_USER" in str(error.value)


@pytest.fixture
def accounts(tmp_path: Path) -> Path:
    """A file with an owner and a reader."""
    path = tmp_path / "accounts.json"
    add_user(path, "anna", "harbour-anna", owner=True)
    add_user(path, "ben", "harbour-ben", owner=False)
    return path


def sign_in(client: httpx.Client, name: str, password: str) -> httpx.Response:
    own = {"Origin": str(client.base_url).rstrip("/")}
    return client.post("/login", data={"name": name, "password": password}, headers=own)


def test_nobody_gets_in_without_an_account(serving: Callable[..., httpx.Client], accounts: Path) -> None:
    client = serving(accounts=str(accounts))
    for method, path in ROUTES:
        response = client.request(method, path, headers=OURS)
        assert response.status_code == (200 if path == "/healthz" else 401), path
    opened = client.get("/", headers={"Accept": "text/html"})
    assert (opened.status_code, opened.headers["location"]) == (303, "/login")
    form = client.get("/login").text
    assert "登录" in form
    assert "Sign in" in form
    for name, password in (("anna", "wrong-password"), ("nobody", "harbour-anna"), ("", ""), ("anna", "x" * 10_000)):
        refused = sign_in(client, name, password)
        assert refused.status_code == 401
        assert "The name or the password is wrong." in refused.text
        assert "set-cookie" not in refused.headers


def test_who_signed_in_asks_until_signing_out(serving: Callable[..., httpx.Client], accounts: Path) -> None:
    client = serving(accounts=str(accounts))
    cookie = sign_in(client, "ben", "harbour-ben").headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert client.post("/api/ask", json=ASKED).status_code == 200
    assert "问报" in client.get("/").text
    kept = client.cookies["wenbao"]
    client.post("/logout")
    client.cookies.set("wenbao", kept)
    assert client.post("/api/ask", json=ASKED).status_code == 401


def test_a_session_ends_with_its_time_its_password_and_its_account(
    serving: Callable[..., httpx.Client], accounts: Path
) -> None:
    client = serving(accounts=str(accounts), session_hours=1 / 3600)
    kept = sign_in(client, "ben", "harbour-ben").cookies["wenbao"]
    time.sleep(1.1)
    assert client.get("/api/reports", headers={"Cookie": f"wenbao={kept}"}).status_code == 401
    lasting = serving(accounts=str(accounts))
    sign_in(lasting, "ben", "harbour-ben")
    assert lasting.get("/api/reports").status_code == 200
    add_user(accounts, "ben", "another-password", owner=False)
    assert lasting.get("/api/reports").status_code == 401
    sign_in(lasting, "ben", "another-password")
    assert lasting.get("/api/reports").status_code == 200
    remove_user(accounts, "ben")
    assert lasting.get("/api/reports").status_code == 401


def test_readers_ask_and_owners_change(serving: Callable[..., httpx.Client], accounts: Path) -> None:
    client = serving(accounts=str(accounts), watch=0)
    keys = {name: {"Authorization": f"Bearer {add_key(accounts, name)}"} for name in ("anna", "ben")}
    file = {"file": ("pier.md", b"# Pier\n\nIt has 9 cranes.")}
    assert client.post("/api/ask", json=ASKED, headers=keys["ben"]).status_code == 200
    refused = client.post("/api/reports", files=file, headers=OURS | keys["ben"])
    assert refused.status_code == 403
    assert sentence(refused) == "ben may ask; this takes an owner's account."
    assert client.delete(f"/api/reports/{ZH.id}", headers=OURS | keys["ben"]).status_code == 403
    assert client.post("/api/reports", files=file, headers=OURS | keys["anna"]).status_code == 200
    assert client.get("/api/reports", headers={"Authorization": "Bearer wenbao-made-up"}).status_code == 401


@pytest.mark.parametrize("where", ["?key={}", "?access_token={}", "?authorization=Bearer%20{}"])
def test_a_key_is_taken_from_its_header_alone(serving: Callable[..., httpx.Client], accounts: Path, where: str) -> None:
    client, key = serving(accounts=str(accounts)), add_key(accounts, "anna")
    assert client.get(f"/api/reports{where.format(key)}").status_code == 401
    assert client.get("/api/reports", headers={"Cookie": f"wenbao={key}"}).status_code == 401
    assert client.get("/api/reports", headers={"X-Forwarded-User": "anna"}).status_code == 401
    assert client.get("/api/reports", headers={"Authorization": f"bearer  {key}"}).status_code == 200


def test_whoever_brings_two_sessions_is_one_of_them_and_a_wrong_key_is_nobody(
    serving: Callable[..., httpx.Client], accounts: Path
) -> None:
    client = serving(accounts=str(accounts))
    anna, ben = (sign_in(client, name, f"harbour-{name}").cookies["wenbao"] for name in ("anna", "ben"))
    client.cookies.clear()

    def me(**headers: str) -> str:
        return str(client.get("/api/me", headers=headers).json().get("name"))

    assert me(Cookie=f"wenbao={ben}; wenbao={anna}") == "ben"
    assert me(Cookie=f"xwenbao={anna}; wenbao={ben}") == "ben"
    assert client.get("/api/me", headers={"Cookie": f"wenbao={ben},wenbao={anna}"}).status_code == 401
    wrong = {"Authorization": "Bearer wenbao-made-up", "Cookie": f"wenbao={anna}"}
    assert client.get("/api/me", headers=wrong).status_code == 401


@pytest.mark.parametrize("below", ["/api", "/api/v1"])
def test_no_way_round_changes_what_a_reader_may_not(
    serving: Callable[..., httpx.Client], accounts: Path, tmp_path: Path, below: str
) -> None:
    client = serving(accounts=str(accounts), watch=0)
    ben = OURS | {"Authorization": f"Bearer {add_key(accounts, 'ben')}"}
    file = {"file": ("pier.md", b"# Pier\n\nIt has 9 cranes.")}
    assert client.post(f"{below}/reports", files=file, headers=ben).status_code == 403
    assert client.delete(f"{below}/reports/{ZH.id}", headers=ben).status_code == 403
    for header in ("X-HTTP-Method-Override", "X-Method-Override"):
        assert client.post(f"{below}/reports/{ZH.id}", headers=ben | {header: "DELETE"}).status_code in (404, 405)
    assert client.get("/metrics", headers=ben).status_code == 403
    assert client.head("/metrics", headers=ben).status_code == 403
    assert stored(tmp_path) == []
    assert [report["report"] for report in client.get("/api/reports", headers=ben).json()].count(ZH.id) == 1


def test_passwords_and_keys_are_kept_hashed_in_a_file_of_ones_own(accounts: Path) -> None:
    key = add_key(accounts, "ben")
    kept = accounts.read_text(encoding="utf-8")
    assert stat.S_IMODE(accounts.stat().st_mode) == 0o600
    assert "harbour" not in kept
    assert key not in kept
    assert [account.password[:10] for account in read_accounts(accounts).values()] == ["$argon2id$"] * 2


def test_each_account_asks_so_often(serving: Callable[..., httpx.Client], accounts: Path) -> None:
    client = serving(accounts=str(accounts), questions_per_minute=2)
    keys = {name: {"Authorization": f"Bearer {add_key(accounts, name)}"} for name in ("anna", "ben")}
    told = [client.post("/api/ask", json=ASKED, headers=keys["ben"]) for _ in range(3)]
    assert [response.status_code for response in told] == [200, 200, 429]
    assert sentence(told[-1]).startswith("2 questions a minute are the most.")
    assert 0 < int(told[-1].headers["retry-after"]) <= 61
    assert client.post("/gradio_api/queue/join", json={}, headers=keys["ben"]).status_code == 429
    assert client.post("/api/ask", json=ASKED, headers=keys["anna"]).status_code == 200


def test_passwords_cannot_be_tried_for_ever(serving: Callable[..., httpx.Client], accounts: Path) -> None:
    client = serving(accounts=str(accounts))
    told = [sign_in(client, "anna", f"guess number {number}").status_code for number in range(11)]
    assert told == [401] * 10 + [429]
    assert sign_in(client, "ben", "harbour-ben").status_code == 303


def test_a_proxy_on_this_machine_says_who_asks(serving: Callable[..., httpx.Client]) -> None:
    client = serving(proxy_user="X-Forwarded-User", owners="anna", watch=0)
    file = {"file": ("pier.md", b"# Pier\n\nIt has 9 cranes.")}
    assert client.get("/api/reports").status_code == 401
    assert client.post("/api/ask", json=ASKED, headers={"X-Forwarded-User": "ben"}).status_code == 200
    assert client.post("/api/reports", files=file, headers=OURS | {"X-Forwarded-User": "ben"}).status_code == 403
    assert client.post("/api/reports", files=file, headers=OURS | {"X-Forwarded-User": "anna"}).status_code == 200
    twice = [("X-Forwarded-User", "anna"), ("X-Forwarded-User", "ben")]  # one of them came to the proxy
    assert client.get("/api/reports", headers=twice).status_code == 401


def test_accounts_are_made_from_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "made" / "accounts.json"

    def command(*words: str, typed: str = "") -> str:
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        app.main(list(words))
        return capsys.readouterr().out

    with pytest.raises(SystemExit, match="Name the file of accounts: WENBAO_ACCOUNTS="):
        command("--add-user", "anna")
    monkeypatch.setenv("WENBAO_ACCOUNTS", str(path))
    with pytest.raises(SystemExit, match="is not there"):
        command()
    with pytest.raises(SystemExit, match="The password has 3 characters"):
        command("--add-user", "anna", "--owner", typed="abc\n")
    told = command("--add-user", "anna", "--owner", typed="long enough\n")
    assert told == "anna may ask, upload and delete now.\n"
    assert read_accounts(path)["anna"].owner
    assert command("--add-key", "anna").startswith("wenbao-")
    with pytest.raises(SystemExit, match="has no account 'ben'"):
        command("--add-key", "ben")
    assert command("--remove-user", "anna") == "anna is gone.\n"
    with pytest.raises(SystemExit, match="has no account"):
        command()
