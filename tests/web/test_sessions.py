"""Who signed in stays so over a restart of the server, until the session ends."""

from __future__ import annotations

import logging
import sqlite3
import stat
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from starlette.datastructures import Headers

from settings import Settings
from tests.web.test_safety import accounts, serving, sign_in
from web.accounts import Accounts, add_key, add_user, remove_user

__all__ = ["accounts", "serving"]


def test_a_session_outlives_a_restart_and_no_longer_than_its_time(
    serving: Callable[..., httpx.Client], accounts: Path
) -> None:
    first = serving(accounts=str(accounts))
    kept = {name: sign_in(first, name, f"harbour-{name}").cookies["wenbao"] for name in ("anna", "ben")}
    key = {"Authorization": f"Bearer {add_key(accounts, 'ben')}"}
    first.cookies.clear()
    first.post("/logout", headers={"Cookie": f"wenbao={kept['anna']}"})
    second = serving(accounts=str(accounts))
    assert second.get("/api/reports", headers={"Cookie": f"wenbao={kept['ben']}"}).status_code == 200
    assert second.get("/api/reports", headers={"Cookie": f"wenbao={kept['anna']}"}).status_code == 401
    assert second.get("/api/reports", headers=key).status_code == 200


def opened(path: Path, hours: float = 12) -> Accounts:
    return Accounts(replace(Settings(), accounts=str(path), session_hours=hours))


def name_of(accounts: Accounts, secret: str) -> str | None:
    user = accounts.who(Headers({"cookie": f"wenbao={secret}"}), "")
    return user.name if user else None


def signed_in(accounts: Accounts, name: str) -> str:
    secret = accounts.sign_in(name, f"harbour-{name}", "")
    assert secret
    return secret


def test_over_a_restart_a_session_ends_with_its_time_its_password_and_its_account(accounts: Path) -> None:
    short, lasting, other = (
        signed_in(opened(accounts, hours), name) for hours, name in ((0.2 / 3600, "anna"), (12, "anna"), (12, "ben"))
    )
    assert [name_of(opened(accounts), secret) for secret in (lasting, other)] == ["anna", "ben"]
    time.sleep(0.2)
    assert name_of(opened(accounts), short) is None
    add_user(accounts, "anna", "another-password", owner=True)
    remove_user(accounts, "ben")
    assert [name_of(opened(accounts), secret) for secret in (lasting, other)] == [None, None]


def test_sessions_are_kept_hashed_in_a_file_of_ones_own_and_go_with_their_time(accounts: Path) -> None:
    file = accounts.with_name("accounts.sessions.sqlite")
    secret = signed_in(opened(accounts, 0.2 / 3600), "ben")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    written = file.read_bytes()
    assert secret.encode() not in written
    assert b"$argon2" not in written
    time.sleep(0.2)
    signed_in(opened(accounts), "anna")
    with sqlite3.connect(file) as database:
        assert database.execute("select name from sessions").fetchall() == [("anna",)]
    database.close()


@pytest.mark.parametrize("there", [b"no database at all " * 100, None], ids=["damaged", "a folder"])
def test_sessions_that_cannot_be_kept_last_as_long_as_the_server(
    accounts: Path, caplog: pytest.LogCaptureFixture, there: bytes | None
) -> None:
    file = accounts.with_name("accounts.sessions.sqlite")
    if there is None:
        file.mkdir()
    else:
        file.write_bytes(there)
    with caplog.at_level(logging.WARNING, "wenbao"):
        known = opened(accounts)
    assert f"{file} cannot be used" in caplog.text
    assert name_of(known, signed_in(known, "ben")) == "ben"
