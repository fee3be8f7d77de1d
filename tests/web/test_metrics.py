"""What /metrics tells, and whom, and that it tells nothing of what was asked."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import httpx
import pytest

from index.generation import Busy
from settings import Settings
from tests.web.fakes import ZH, FakeAssistant, FakeLibrary
from tests.web.test_safety import ASKED, Patient, accounts, running, serving, upload
from web.accounts import add_key
from web.api import Parts
from web.metrics import Metrics

__all__ = ["accounts", "serving"]


def read(client: httpx.Client, **headers: str) -> dict[str, float]:
    """Every series and its value."""
    response = client.get("/metrics", headers=headers)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain; version=")
    lines = [line.rpartition(" ") for line in response.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


def test_requests_answers_and_refusals_are_counted(serving: Callable[..., httpx.Client]) -> None:
    client = serving()
    for question in ("货运增长了多少？", "How did freight grow?", "火星上有多少人？", "break"):
        client.post("/api/ask", json={"question": question})
    client.post("/v1/chat/completions", json={"messages": [{"role": "user", "content": "freight"}]})
    client.get(f"/api/v1/reports/{ZH.id}")
    client.get("/healthz", headers={"Host": "evil.example"})
    client.get("/nowhere/Northcape")
    told = read(client)
    assert told['wenbao_requests_total{route="/api/ask",status="200"}'] == 3
    assert told['wenbao_requests_total{route="/api/ask",status="500"}'] == 1
    assert told['wenbao_requests_total{route="/api/v1/reports/{report_id}",status="200"}'] == 1
    assert told['wenbao_requests_total{route="",status="404"}'] == 1
    assert told['wenbao_refused_total{reason="other name"}'] == 1
    assert told['wenbao_questions_total{certainty="sure"}'] == 3
    assert told['wenbao_questions_total{certainty="none"}'] == 1
    assert told["wenbao_answer_seconds_count"] == 4
    assert told["wenbao_answer_seconds_sum"] > 0
    assert told["process_resident_memory_bytes"] > 10**7
    assert told["process_open_fds"] > 3
    for secret in ("货运", "freight", "火星", "Northcape", ZH.id, ZH.path):
        assert secret not in str(told)


def test_the_index_and_its_builds_are_counted(serving: Callable[..., httpx.Client], tmp_path: Path) -> None:
    client = serving(real=True, watch=0)
    before = read(client)
    assert (before["wenbao_reports"], before["wenbao_passages"]) == (0, 0)
    upload(client, "quay.md", "# Quay\n\nThe quay has 9 cranes.\n\n## Lock\n\nThe lock is 47 metres long.")
    upload(client, "pier.md", "# Pier\n\nThe pier has 3 cranes.")
    told = read(client)
    assert (told["wenbao_reports"], told["wenbao_passages"]) == (2, 3)
    assert told['wenbao_builds_total{outcome="done"}'] == 2
    (tmp_path / "index" / "reports.sqlite").unlink()
    assert read(client)["wenbao_reports"] == 0


def test_a_build_that_another_one_kept_from_running_is_none(tmp_path: Path) -> None:
    metrics = Metrics(Settings(index=tmp_path), lambda: 0)
    outcomes: list[Exception | None] = [None, Busy("another"), OSError("no room")]

    def built() -> None:
        if (error := outcomes.pop(0)) is not None:
            raise error

    counted = metrics.counting(built)
    counted()
    for kind in (Busy, OSError):
        with pytest.raises(kind):
            counted()
    told = metrics.text().decode()
    assert 'wenbao_builds_total{outcome="done"} 1.0' in told
    assert 'wenbao_builds_total{outcome="failed"} 1.0' in told
    assert told.count("wenbao_builds_total{") == 2


def test_who_waits_and_who_found_no_room_is_counted(serving: Callable[..., httpx.Client]) -> None:
    client = serving(assistant := Patient(), answering=1, waiting=1)
    with ThreadPoolExecutor(2) as pool:
        slow = [pool.submit(client.post, "/api/ask", json={"question": "slow"}) for _ in range(2)]
        assert assistant.begun.acquire(timeout=10)
        while read(client)["wenbao_questions_waiting"] < 1:
            pass
        assert client.post("/api/ask", json=ASKED).status_code == 503
        assistant.go.set()
        assert [one.result().status_code for one in slow] == [200, 200]
    told = read(client)
    assert told['wenbao_refused_total{reason="busy"}'] == 1
    assert told["wenbao_questions_waiting"] == 0


def test_what_was_refused_within_a_stream_is_counted_too(serving: Callable[..., httpx.Client]) -> None:
    client = serving(assistant := Patient(), answer_timeout=0.2)
    client.post("/api/ask/stream", json={"question": "slow"})
    messages = [{"role": "user", "content": "slow"}]
    client.post("/v1/chat/completions", json={"messages": messages, "stream": True})
    assistant.go.set()
    told = read(client)
    assert told['wenbao_refused_total{reason="too long"}'] == 2
    assert told['wenbao_requests_total{route="/api/ask/stream",status="200"}'] == 1


def test_metrics_are_for_owners_where_there_are_accounts(serving: Callable[..., httpx.Client], accounts: Path) -> None:
    client = serving(accounts=str(accounts))
    assert client.get("/metrics").status_code == 401
    keys = {name: {"Authorization": f"Bearer {add_key(accounts, name)}"} for name in ("anna", "ben")}
    assert client.get("/metrics", headers=keys["ben"]).status_code == 403
    told = read(client, **keys["anna"])
    assert told['wenbao_refused_total{reason="not signed in"}'] == 1
    assert told['wenbao_refused_total{reason="not allowed"}'] == 1


def test_each_server_counts_for_itself(tmp_path: Path) -> None:
    def parts(name: str) -> Parts:
        library = FakeLibrary()
        (tmp_path / name).mkdir()
        chosen = Settings(reports=tmp_path / name, index=tmp_path / f"{name}-index", port=0)
        return Parts(chosen, library, FakeAssistant(), partial(library.follow, chosen.reports))

    with running(parts("one")) as one, running(parts("two")) as two:
        one.post("/api/ask", json=ASKED)
        assert read(one)["wenbao_answer_seconds_count"] == 1
        assert read(two)["wenbao_answer_seconds_count"] == 0
