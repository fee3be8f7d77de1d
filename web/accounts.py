"""Who may ask and who may change the reports: accounts in a file, sessions, keys, names that a proxy gives."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import secrets
import sqlite3
import threading
import time
from collections import deque
from dataclasses import dataclass, replace
from html import escape
from ipaddress import ip_address
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import Headers

from settings import ROOT, Settings, listed
from web.problems import Problem

log = logging.getLogger("wenbao")

COOKIE = "wenbao"
#: The shortest password, and the longest name and password that are looked at, in characters.
SHORTEST, LONGEST = 8, 200
#: Tries to sign in within a minute: for one name, and from one address, which may be a proxy's.
_FOR_A_NAME, _FROM_AN_ADDRESS = 10, 60
_MINUTE = 60.0
#: Whom the pace keeper remembers, at most; sessions that are kept, at most.
_KNOWN, _SESSIONS = 10_000, 10_000
_HASHER = PasswordHasher()
#: What is looked at when a name is unknown, so that this takes as long as a wrong password.
_NOBODY = _HASHER.hash(secrets.token_hex())
_PAGE = ROOT / "web" / "static" / "login.html"


@dataclass(frozen=True, slots=True)
class User:
    """Who asks. Everybody reads; an ``owner`` uploads and deletes too."""

    name: str
    owner: bool


@dataclass(frozen=True, slots=True)
class Account:
    """A line of the file: ``password`` as argon2 keeps it, ``keys`` as their SHA-256."""

    name: str
    owner: bool
    password: str
    keys: tuple[str, ...] = ()


def read_accounts(path: Path) -> dict[str, Account]:
    """The accounts of a file by name. Raises ValueError naming the file and what is wrong with it."""
    try:
        lines = json.loads(path.read_text(encoding="utf-8"))["accounts"]
        made = [Account(one["name"], one["role"] == "owner", one["password"], tuple(one["keys"])) for one in lines]
    except FileNotFoundError:
        raise ValueError(f"{path} is not there. Make it: {_command(path)}") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is no file of accounts ({error!r}). Make it: {_command(path)}") from error
    return {account.name: account for account in made}


def write_accounts(path: Path, accounts: dict[str, Account]) -> None:
    """Writes the file anew, all at once; nobody but its owner can read it."""
    lines = [
        {"name": a.name, "role": "owner" if a.owner else "reader", "password": a.password, "keys": list(a.keys)}
        for a in accounts.values()
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    copy = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    with os.fdopen(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump({"accounts": lines}, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    copy.replace(path)


def add_user(path: Path, name: str, password: str, owner: bool) -> None:
    """Adds an account, or gives one that is there a new password and role. Raises ValueError."""
    if not name.strip() or len(name) > LONGEST or not name.isprintable():
        raise ValueError(f"{name!r} can be nobody's name. Give one of 1 to {LONGEST} characters.")
    if not SHORTEST <= len(password) <= LONGEST:
        raise ValueError(f"The password has {len(password)} characters. It should have {SHORTEST} to {LONGEST}.")
    accounts = read_accounts(path) if path.exists() else {}
    keys = accounts[name].keys if name in accounts else ()
    write_accounts(path, accounts | {name: Account(name, owner, _HASHER.hash(password), keys)})


def remove_user(path: Path, name: str) -> None:
    """Removes an account with its keys; its sessions end. Raises ValueError."""
    accounts = read_accounts(path)
    _account_of(path, accounts, name)
    write_accounts(path, {other: account for other, account in accounts.items() if other != name})


def add_key(path: Path, name: str) -> str:
    """A new key of an account for programs, which is kept nowhere else. Raises ValueError."""
    accounts = read_accounts(path)
    account = _account_of(path, accounts, name)
    key = f"wenbao-{secrets.token_urlsafe(32)}"
    write_accounts(path, accounts | {name: replace(account, keys=(*account.keys, _digest(key)))})
    return key


def _account_of(path: Path, accounts: dict[str, Account], name: str) -> Account:
    if name not in accounts:
        raise ValueError(f"{path} has no account {name!r}. It has {', '.join(sorted(accounts)) or 'none'}.")
    return accounts[name]


def _command(path: Path) -> str:
    return f"WENBAO_ACCOUNTS={path} python app.py --add-user NAME --owner"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


class Pace:
    """So many a minute for each: the next one is told after how many seconds it may come."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._times: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def wait(self, who: str) -> int:
        """Counts one of somebody's; 0, or the seconds after which it would have been in time."""
        now = time.monotonic()
        with self._lock:
            if len(self._times) > _KNOWN:
                self._times = {name: times for name, times in self._times.items() if now - times[-1] < _MINUTE}
            times = self._times.setdefault(who, deque())
            while times and now - times[0] >= _MINUTE:
                times.popleft()
            if len(times) >= self._most:
                return int(_MINUTE - (now - times[0])) + 1
            times.append(now)
            return 0


@dataclass(frozen=True, slots=True)
class _Session:
    """Somebody signed in: as whom, with which password (the digest of how it is kept), and until when."""

    name: str
    password: str
    until: float


class Sessions:
    """Who is signed in, by the digest of a secret: in memory, and in a file beside the accounts for the next start."""

    def __init__(self, path: Path | None) -> None:
        """Where the file cannot be used, they are kept in memory alone, and the log says so."""
        self._path, self._lock = path, threading.Lock()
        self._file: sqlite3.Connection | None = None
        self._known: dict[str, _Session] = {}
        if not path:
            return
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            self._file = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._file.execute(
                "create table if not exists sessions"
                " (secret text primary key, name text not null, password text not null, until real not null)"
            )
            self._file.execute("delete from sessions where until < ?", (time.time(),))
            rows = self._file.execute("select secret, name, password, until from sessions order by rowid")
            self._known = {secret: _Session(name, password, until) for secret, name, password, until in rows}
        except (OSError, sqlite3.Error) as error:
            self._warn(error)
            self._file = None

    def get(self, secret: str) -> _Session | None:
        """The session of a secret, unless its time is over."""
        session = self._known.get(_digest(secret))
        return session if session and session.until >= time.time() else None

    def add(self, secret: str, session: _Session) -> None:
        """Begins a session; those whose time is over go, and the oldest where there are too many."""
        with self._lock:
            now = time.time()
            over = [digest for digest, one in self._known.items() if one.until < now]
            over += [digest for digest in self._known if digest not in over][: max(0, len(self._known) - _SESSIONS + 1)]
            for digest in over:
                self._remove(digest)
            self._known[_digest(secret)] = session
            row = (_digest(secret), session.name, session.password, session.until)
            self._write("insert into sessions values (?, ?, ?, ?)", *row)

    def remove(self, secret: str) -> None:
        """Ends a session."""
        with self._lock:
            self._remove(_digest(secret))

    def _remove(self, digest: str) -> None:
        self._known.pop(digest, None)
        self._write("delete from sessions where secret = ?", digest)

    def _write(self, statement: str, *values: str | float) -> None:
        if self._file:
            try:
                self._file.execute(statement, values)
            except sqlite3.Error as error:
                self._warn(error)

    def _warn(self, error: Exception) -> None:
        log.warning("%s cannot be used (%s): who signs in now has to again after a restart.", self._path, error)


class Accounts:
    """Knows by a request's headers who asks."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._path = Path(settings.accounts) if settings.accounts else None
        self._read: tuple[tuple[int, ...], dict[str, Account]] = ((), {})
        self._sessions = Sessions(self._path and self._path.with_suffix(".sessions.sqlite"))
        self._questions = Pace(settings.questions_per_minute)
        self._names, self._addresses = Pace(_FOR_A_NAME), Pace(_FROM_AN_ADDRESS)
        #: A password is looked at with 64 MiB of memory: one at a time.
        self._looking = threading.Lock()

    @property
    def lasts(self) -> int:
        """How long a session lasts, in seconds."""
        return int(self._settings.session_hours * 3600)

    @classmethod
    def of(cls, settings: Settings) -> Accounts | None:
        """None where the settings ask for no accounts. Raises ValueError where their file cannot be used."""
        if not settings.accounts and not settings.proxy_user:
            return None
        path = Path(settings.accounts)
        if settings.accounts and not read_accounts(path):
            raise ValueError(f"{path} has no account. Add one: {_command(path)}")
        return cls(settings)

    def who(self, headers: Headers, peer: str) -> User | None:
        """Who asks: by a key, by a session, or by the name that a proxy at ``peer`` gives; None: nobody we know."""
        scheme, _, key = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            digest = _digest(key.strip())
            return next((_user(one) for one in self._known().values() if digest in one.keys), None)
        if self._settings.proxy_user and self._vouches(peer):
            names = [name for given in headers.getlist(self._settings.proxy_user) if (name := given.strip())]
            if len(names) > 1:  # the proxy's, and one that came to it: it should have taken that away
                return None
            if names:
                return User(names[0], names[0] in listed(self._settings.owners))
        return self._signed_in(_cookie(headers))

    def count(self, user: User) -> None:
        """Counts a question of somebody's. Raises Problem when there were too many within a minute."""
        again_in = self._questions.wait(user.name)
        if again_in:
            most = self._settings.questions_per_minute
            raise Problem(
                429,
                f"一分钟内最多问 {most} 个问题。请过 {again_in} 秒再问。",
                f"{most} questions a minute are the most. Please ask again in {again_in} seconds.",
                again_in,
            )

    def sign_in(self, name: str, password: str, peer: str) -> str | None:
        """A new session's secret; None where name and password do not fit. Raises Problem after too many tries."""
        again_in = self._addresses.wait(peer) or self._names.wait(name[:LONGEST])
        if again_in:
            raise Problem(
                429,
                f"登录试得太多。请过 {again_in} 秒再试。",
                f"Too many tries to sign in. Please try again in {again_in} seconds.",
                again_in,
            )
        account = self._known().get(name)
        with self._looking:
            fits = _fits(account.password if account else _NOBODY, password[: LONGEST + 1])
        if not account or not fits:
            return None
        secret = secrets.token_urlsafe(32)
        self._sessions.add(secret, _Session(name, _digest(account.password), time.time() + self.lasts))
        return secret

    def sign_out(self, secret: str) -> None:
        """Ends a session."""
        self._sessions.remove(secret)

    def _signed_in(self, secret: str) -> User | None:
        session = self._sessions.get(secret) if secret else None
        account = self._known().get(session.name) if session else None
        if not session or not account or session.password != _digest(account.password):
            return None
        return _user(account)

    def _vouches(self, peer: str) -> bool:
        """Is the name that this address gives believed?"""
        try:
            address = ip_address(peer)
        except ValueError:
            return False
        return address.is_loopback or str(address) in listed(self._settings.proxies)

    def _known(self) -> dict[str, Account]:
        """The accounts as their file has them now; as they were, while it cannot be read."""
        if not self._path:
            return {}
        try:
            status = self._path.stat()
            stamp = (status.st_mtime_ns, status.st_ino, status.st_size)  # two changes may bear the same time
            if stamp != self._read[0]:
                self._read = (stamp, read_accounts(self._path))
        except (OSError, ValueError):
            if not self._read[0]:
                raise
        return self._read[1]


def _user(account: Account) -> User:
    return User(account.name, account.owner)


def _fits(kept: str, password: str) -> bool:
    try:
        return _HASHER.verify(kept, password)
    except (Argon2Error, InvalidHashError):
        return False


def _cookie(headers: Headers) -> str:
    """Our cookie's value: ``a=1; wenbao=xyz`` -> xyz."""
    pairs = (pair.strip().partition("=") for pair in headers.get("cookie", "").split(";"))
    return next((value for name, _, value in pairs if name == COOKIE), "")


def add_routes(app: FastAPI, accounts: Accounts) -> None:
    """The page to sign in on, and the way out."""

    @app.get("/login")
    def form() -> HTMLResponse:
        return _page()

    @app.post("/login")
    async def sign_in(request: Request) -> Response:
        async with request.form(max_files=0, max_fields=2) as fields:
            name, password = str(fields.get("name", "")), str(fields.get("password", ""))
        peer = request.client.host if request.client else ""
        try:
            secret = await run_in_threadpool(accounts.sign_in, name, password, peer)
        except Problem as problem:
            return _page(problem)
        if secret is None:
            return _page(Problem(401, "名字或密码不对。", "The name or the password is wrong."))
        answer = RedirectResponse("/", 303)
        # a browser that came by TLS says so here, whatever a proxy made of it on the way
        secure = request.headers.get("origin", "").startswith("https:")
        answer.set_cookie(COOKIE, secret, accounts.lasts, secure=secure, httponly=True, samesite="strict")
        return answer

    @app.post("/logout")
    def sign_out(request: Request) -> Response:
        accounts.sign_out(request.cookies.get(COOKIE, ""))
        answer = RedirectResponse("/login", 303)
        answer.delete_cookie(COOKIE)
        return answer


def _page(problem: Problem | None = None) -> HTMLResponse:
    told = f"<p role='alert'>{escape(problem.chinese)}<br>{escape(problem.english)}</p>" if problem else ""
    page = _PAGE.read_text(encoding="utf-8").replace("<!-- problem -->", told)
    return HTMLResponse(page, problem.status if problem else 200, problem.headers if problem else None)
