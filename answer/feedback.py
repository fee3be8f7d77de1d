"""What readers say of answers, in a SQLite file of its own: good or not, a note, and the answer with what it cites."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

#: As much as is kept; the oldest goes first.
_MOST = 10_000
#: How long another process that writes is waited for, in seconds.
_PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Cited:
    """A quote of the answer: ``words`` are those of it that answer, "" where the whole does."""

    path: str
    sha256: str
    start: int
    end: int
    page: int | None
    quote: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Near:
    """A passage that was found for the question; ``path`` is "" where its report is gone."""

    path: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader said of an answer. Nobody is named in it: ``id`` is a digest of who said it and of which turn.

    ``question`` is as it was typed, ``understood`` as it was answered (a follow-up made whole). ``generation`` is the
    state of the index that answered, ``time`` when it was said, ISO in UTC.
    """

    id: str
    time: str
    good: bool
    note: str
    question: str
    understood: str
    language: str
    certainty: str
    answer: str
    cited: tuple[Cited, ...]
    nearest: tuple[Near, ...]
    generation: int


_NAMES = tuple(field.name for field in fields(Feedback))
_SCHEMA = """create table if not exists feedback (
    id text primary key, time text not null, good integer not null, note text not null, question text not null,
    understood text not null, language text not null, certainty text not null, answer text not null,
    cited text not null, nearest text not null, generation integer not null
)"""


class FeedbackFile:
    """The file; made with the first feedback, and readable by nobody but its owner."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def put(self, said: Feedback) -> None:
        """Keeps it, in the place of what had its id. Raises OSError, sqlite3.Error."""
        row = asdict(said)
        row |= {name: json.dumps(row[name], ensure_ascii=False) for name in ("cited", "nearest")}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        with self._opened() as database:
            places = ", ".join(f":{name}" for name in _NAMES)
            database.execute(f"insert or replace into feedback ({', '.join(_NAMES)}) values ({places})", row)
            oldest = "select id from feedback order by rowid desc limit -1 offset ?"
            database.execute(f"delete from feedback where id in ({oldest})", (_MOST,))

    def remove(self, id_: str) -> None:
        """Forgets what has the id. Raises sqlite3.Error."""
        if self.path.is_file():
            with self._opened() as database:
                database.execute("delete from feedback where id = ?", (id_,))

    def all(self) -> list[Feedback]:
        """All of it, the oldest first; nothing before the first. Raises sqlite3.Error."""
        if not self.path.is_file():
            return []
        with self._opened() as database:
            rows = database.execute(f"select {', '.join(_NAMES)} from feedback order by rowid").fetchall()
        return [_said(dict(zip(_NAMES, row, strict=True))) for row in rows]

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """The database; what was done to it is kept when that went well."""
        with closing(sqlite3.connect(self.path, timeout=_PATIENCE)) as database, database:
            database.execute(_SCHEMA)
            yield database


def _said(row: dict[str, Any]) -> Feedback:
    cited = tuple(Cited(**one) for one in json.loads(row["cited"]))
    nearest = tuple(Near(**one) for one in json.loads(row["nearest"]))
    return Feedback(**{**row, "good": bool(row["good"]), "cited": cited, "nearest": nearest})
