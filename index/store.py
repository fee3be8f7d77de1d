"""Reports, passages and vectors on disk: the one truth, in SQLite.

Rows are born in one generation and may die in a later one; a reader sees those alive in the generation it opened.
The generation in ``meta`` is the current one: the commit that changes it is what makes a build real.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from index.encoder import Ids, Vectors
from records import Passage, Report

#: Raised whenever what is stored changes its form; an older index is built anew.
FORMAT = 1

_SCHEMA = """
create table if not exists meta (key text primary key, value text not null);
create table if not exists reports (
    row integer primary key autoincrement, id text not null, path text not null, sha256 text not null,
    title text not null,
    publisher text not null, published text not null, language text not null, source text not null, text text not null,
    pages text not null, born integer not null, died integer
);
create table if not exists passages (
    id integer primary key autoincrement, report integer not null references reports(row), start integer not null,
    end integer not null, headings text not null, page integer, language text not null, tokens blob not null,
    vector blob not null
);
create index if not exists passages_by_report on passages (report);
"""
_ALIVE = "r.born <= :g and (r.died is null or r.died > :g)"


class Store:
    """The SQLite file of an index. Use as a context manager to close it."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
        self._db.executescript("pragma journal_mode=wal; pragma synchronous=full;" + _SCHEMA)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; one writer at a time."""
        self._db.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    def meta(self, key: str) -> str:
        """What is known under ``key``, or ``""``."""
        row = self._db.execute("select value from meta where key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def set_meta(self, key: str, value: str) -> None:
        """Changes what is known under ``key``."""
        self._db.execute("insert or replace into meta values (?, ?)", (key, value))

    @property
    def generation(self) -> int:
        """The current generation; 0 before the first build."""
        return int(self.meta("generation") or 0)

    def add(
        self, report: Report, passages: Sequence[Passage], tokens: Sequence[Ids], vectors: Vectors, generation: int
    ) -> list[int]:
        """Adds a report with its passages, born in ``generation``; the ids its passages were given."""
        row = self._db.execute(
            "insert into reports (id, path, sha256, title, publisher, published, language, source, text, pages, born)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(report.id, report.path, report.sha256, report.title, report.publisher, report.published),
                *(report.language, report.source, report.text, json.dumps(report.pages), generation),
            ),
        ).lastrowid
        ids = []
        for passage, ids_in, vector in zip(passages, tokens, vectors, strict=True):
            cursor = self._db.execute(
                "insert into passages (report, start, end, headings, page, language, tokens, vector)"
                " values (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(row, passage.start, passage.end, json.dumps(passage.headings, ensure_ascii=False), passage.page),
                    *(passage.language, ids_in.tobytes(), vector.astype(np.float16).tobytes()),
                ),
            )
            ids.append(int(cursor.lastrowid or 0))
        return ids

    def retire(self, paths: Iterable[str], generation: int) -> list[int]:
        """Lets the reports at ``paths`` die in ``generation``; the ids of their passages."""
        dead: list[int] = []
        for path in paths:
            rows = self._db.execute("select row from reports where path = ? and died is null", (path,)).fetchall()
            for (row,) in rows:
                self._db.execute("update reports set died = ? where row = ?", (generation, row))
                dead += [i for (i,) in self._db.execute("select id from passages where report = ?", (row,))]
        return dead

    def forget(self, generation: int) -> None:
        """Drops what died in ``generation`` or before."""
        self._db.execute(
            "delete from passages where report in (select row from reports where died <= ?)", (generation,)
        )
        self._db.execute("delete from reports where died <= ?", (generation,))

    def unfinished(self, generation: int) -> bool:
        """Is there anything newer than ``generation``, left by a build that was killed?"""
        newer = "select 1 from reports where born > :g or died > :g limit 1"
        return self._db.execute(newer, {"g": generation}).fetchone() is not None

    def ids(self, generation: int) -> set[int]:
        """The ids of the passages alive in ``generation``."""
        found = self._db.execute(
            f"select p.id from passages p join reports r on r.row = p.report where {_ALIVE}", {"g": generation}
        )
        return {id_ for (id_,) in found}

    def count(self, generation: int) -> int:
        """How many passages are alive in ``generation``."""
        found = self._db.execute(
            f"select count(*) from passages p join reports r on r.row = p.report where {_ALIVE}", {"g": generation}
        )
        return int(found.fetchone()[0])

    def known(self) -> dict[str, str]:
        """The living reports: path -> sha256."""
        return dict(self._db.execute("select path, sha256 from reports where died is null"))

    def reports(self, generation: int) -> dict[int, Report]:
        """The reports alive in ``generation``, by row, ordered by path."""
        found = self._db.execute(
            "select row, id, path, sha256, title, publisher, published, language, source, text, pages"
            f" from reports r where {_ALIVE} order by path",
            {"g": generation},
        )
        return {
            row: Report(*strings, pages=tuple(json.loads(pages)))  # type: ignore[misc]
            for row, *strings, pages in found
        }

    def passages(self, generation: int) -> Iterator[tuple[Passage, int, Ids, Vectors]]:
        """Each passage alive in ``generation``: itself, its report's row, its tokens, its vector; ids ascending."""
        found = self._db.execute(
            "select p.id, r.row, r.id, p.start, p.end, p.headings, p.page, p.language, p.tokens, p.vector"
            f" from passages p join reports r on r.row = p.report where {_ALIVE} order by p.id",
            {"g": generation},
        )
        for id_, row, report_id, start, end, headings, page, language, tokens, vector in found:
            passage = Passage(id_, report_id, start, end, tuple(json.loads(headings)), page, language)
            yield (
                passage,
                row,
                np.frombuffer(tokens, dtype=np.uint16),
                np.frombuffer(vector, dtype=np.float16).astype(np.float32),
            )
