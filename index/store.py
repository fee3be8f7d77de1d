"""Reports, passages and vectors on disk: the one truth, in SQLite.

Rows are born in one generation and may die in a later one; a reader sees those alive in the generation it opened.
The generation in ``meta`` is the current one: the commit that changes it is what makes a build real.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import weakref
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoder import Ids, Token
from records import Passage, Report, Told, told

#: Raised whenever what is stored changes its form; an older index is built anew.
FORMAT = 5

_SCHEMA = """
create table if not exists meta (key text primary key, value text not null);
create table if not exists reports (
    row integer primary key autoincrement, id text not null, path text not null, sha256 text not null,
    title text not null, publisher text not null, published text not null, language text not null,
    source text not null, pages text not null, period text not null, left_out text not null, checksum text not null,
    passages integer not null, digest text not null, size integer not null, modified integer not null,
    born integer not null, died integer
);
create table if not exists texts (report integer primary key references reports(row), text text not null);
create table if not exists passages (
    id integer primary key autoincrement, report integer not null references reports(row), start integer not null,
    end integer not null, headings text not null, page integer, language text not null, tokens blob not null,
    vector blob not null, checksum integer not null
);
create index if not exists passages_by_report on passages (report);
create index if not exists reports_by_id on reports (id);
create index if not exists reports_by_path on reports (path);
"""
_ALIVE = "r.born <= :g and (r.died is null or r.died > :g)"
_STRINGS = ("id", "path", "sha256", "title", "publisher", "published", "language", "source", "period")
#: Of all that is known of a report, its text comes last.
_FIELDS = f"r.row, r.checksum, r.{', r.'.join(_STRINGS)}, r.pages, r.left_out"
_WHOLE = f"select {_FIELDS}, t.text from reports r join texts t on t.report = r.row"
_PASSAGE = "p.id, p.report, p.start, p.end, p.headings, p.page, p.language, p.tokens, p.vector"

_MEND = "Mend it: python -m index verify, then python -m index build"

#: Of a file, its bytes and its time of change in nanoseconds: alike, the file is taken to be the same.
Stamp = tuple[int, int]


class NoIndex(RuntimeError):
    """There is no index that can be opened; the text says the command that builds one."""


class Damaged(NoIndex):
    """What is stored is not what was written; the text says what mends it."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Passages as columns, ids ascending: what the derived files are made from.

    ``tokens`` holds those of all of them in reading order, one after the other, ``counts`` how many each has;
    ``vectors`` is float16 [n, dimension].
    """

    ids: NDArray[np.int64]
    reports: NDArray[np.int32]
    chinese: NDArray[np.bool_]
    counts: NDArray[np.int64]
    tokens: Ids
    vectors: NDArray[np.float16]


class Store:
    """The SQLite file of an index; in memory without a path. Use as a context manager to close it."""

    def __init__(self, path: Path | None = None) -> None:
        """Opened for reading alone where its folder cannot be written to."""
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(_address(path), uri=True, timeout=60, isolation_level=None, check_same_thread=False)
        # a connection knows itself, so leaving it alone does not close it
        weakref.finalize(self, self._db.close)
        try:
            if self._db.execute("select count(*) from sqlite_master").fetchone() == (0,):
                self._db.executescript(f"pragma journal_mode=wal; pragma user_version={FORMAT};" + _SCHEMA)
            self._db.execute("pragma synchronous=full")
        except BaseException:
            self._db.close()
            raise

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the file, and of what was held of it."""
        self._db.close()

    def checkpoint(self) -> None:
        """Empties the write-ahead log into the file, unless somebody still reads from it."""
        self._db.execute("pragma busy_timeout=0")
        with suppress(sqlite3.OperationalError):
            self._db.execute("pragma wal_checkpoint(truncate)").fetchone()
        self._db.execute("pragma busy_timeout=60000")

    @property
    def format(self) -> int:
        """The form its rows have; only ``FORMAT`` can be read."""
        return int(self._db.execute("pragma user_version").fetchone()[0])

    def hold(self) -> None:
        """From now on sees what is there now, whatever others write, until it is closed."""
        self._db.execute("begin")
        self.meta("generation")

    def renew(self) -> None:
        """Holds anew, after the write-ahead log was emptied; nobody may write meanwhile."""
        self._db.execute("rollback")
        self.checkpoint()
        self.hold()

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

    @property
    def is_cut_short(self) -> bool:
        """Is the file shorter than it says, with nothing left to write into it?"""
        pages, size = (int(self._db.execute(f"pragma {name}").fetchone()[0]) for name in ("page_count", "page_size"))
        file = Path(self._db.execute("pragma database_list").fetchone()[2])
        log = file.with_name(f"{file.name}-wal")
        return not (log.exists() and log.stat().st_size) and file.stat().st_size < pages * size

    def add(
        self,
        report: Report,
        passages: Sequence[Passage],
        tokens: Sequence[Ids],
        vectors: NDArray[np.float16],
        generation: int,
        digest: str = "",
        stamp: Stamp = (0, 0),
    ) -> tuple[int, int]:
        """Adds a report with its passages, born in ``generation``; its row, and the id of its first passage.

        ``digest`` and ``stamp`` tell whether its file has changed. The ids of its passages follow one another.
        """
        known = {
            **{name: getattr(report, name) for name in _STRINGS},
            "pages": json.dumps(report.pages),
            "left_out": json.dumps([(one, told(one).chinese) for one in report.left_out], ensure_ascii=False),
            "checksum": _checksum(report),
            "passages": len(passages),
            "digest": digest,
            "size": stamp[0],
            "modified": stamp[1],
            "born": generation,
        }
        insert = f"insert into reports ({', '.join(known)}) values (:{', :'.join(known)})"
        row = int(self._db.execute(insert, known).lastrowid or 0)
        self._db.execute("insert into texts values (?, ?)", (row, report.text))
        first = self.last_id + 1
        rows = (
            (
                *(first + i, row, passage.start, passage.end, json.dumps(passage.headings, ensure_ascii=False)),
                *(passage.page, passage.language, tokens[i].tobytes(), vectors[i].tobytes()),
            )
            for i, passage in enumerate(passages)
        )
        self._db.executemany(
            "insert into passages (id, report, start, end, headings, page, language, tokens, vector, checksum)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((*values, _crc(values)) for values in rows),
        )
        return row, first

    @property
    def last_id(self) -> int:
        """The highest id that a passage ever had; 0 before the first."""
        found = self._db.execute("select seq from sqlite_sequence where name = 'passages'").fetchone()
        return int(found[0]) if found else 0

    @property
    def last_row(self) -> int:
        """The highest row that a report ever had; 0 before the first."""
        found = self._db.execute("select seq from sqlite_sequence where name = 'reports'").fetchone()
        return int(found[0]) if found else 0

    def retire(self, paths: Iterable[str], generation: int) -> int:
        """Lets the reports at ``paths`` die in ``generation``; how many did."""
        update = "update reports set died = ? where path = ? and died is null"
        return sum(self._db.execute(update, (generation, path)).rowcount for path in paths)

    def retire_rows(self, rows: Iterable[int], generation: int) -> None:
        """Lets the reports in these rows die in ``generation``."""
        update = "update reports set died = ? where row = ? and died is null"
        self._db.executemany(update, ((generation, row) for row in rows))

    def restamp(self, stamps: Iterable[tuple[str, Stamp]]) -> None:
        """Notes the new stamps of files whose content is the same."""
        update = "update reports set size = ?, modified = ? where path = ? and died is null"
        self._db.executemany(update, ((*stamp, path) for path, stamp in stamps))

    def dead(self, generation: int) -> list[int]:
        """The rows of the reports that died in ``generation`` or before and are not yet forgotten."""
        return [row for (row,) in self._db.execute("select row from reports where died <= ?", (generation,))]

    def forget(self, rows: Iterable[int]) -> None:
        """Drops reports with all they have."""
        for table, column in (("passages", "report"), ("texts", "report"), ("reports", "row")):
            self._db.executemany(f"delete from {table} where {column} = ?", ((row,) for row in rows))

    def unfinished(self, generation: int) -> bool:
        """Is there anything newer than ``generation``, left by a build that was killed?"""
        newer = "select 1 from reports where born > :g or died > :g limit 1"
        return self._db.execute(newer, {"g": generation}).fetchone() is not None

    def count(self, generation: int) -> int:
        """How many passages are alive in ``generation``."""
        found = self._db.execute(f"select sum(passages) from reports r where {_ALIVE}", {"g": generation}).fetchone()
        return int(found[0] or 0)

    @property
    def held(self) -> int:
        """How many reports live, in whatever form they are."""
        return int(self._db.execute("select count(*) from reports where died is null").fetchone()[0])

    def known(self) -> dict[str, tuple[str, Stamp]]:
        """The living reports: path -> digest and stamp of the file."""
        found = self._db.execute("select path, digest, size, modified from reports where died is null")
        return {path: (digest, (size, modified)) for path, digest, size, modified in found}

    def alive(self, generation: int) -> NDArray[np.int64]:
        """The rows of the reports alive in ``generation``, ascending."""
        found = self._db.execute(f"select row from reports r where {_ALIVE} order by row", {"g": generation})
        return np.array([row for (row,) in found], dtype=np.int64)

    def reports(self, generation: int, texts: bool = True) -> dict[int, Report]:
        """The reports alive in ``generation``, by row, ordered by path; without ``texts`` their text is empty."""
        select = _WHOLE if texts else f"select {_FIELDS} from reports r"
        found = self._db.execute(f"{select} where {_ALIVE} order by r.path", {"g": generation})
        return {row: _report(fields) for row, *fields in found}

    def born(self, generation: int, since: int) -> Iterator[tuple[int, Report]]:
        """The reports alive in ``generation`` that were born in ``since`` or later, with their rows."""
        born = f"select row from reports r where {_ALIVE} and r.born >= :since"
        for (row,) in self._db.execute(born, {"g": generation, "since": since}).fetchall():
            yield row, _report(self._db.execute(f"{_WHOLE} where r.row = ?", (row,)).fetchone()[1:])

    def report(self, report_id: str, generation: int) -> Report | None:
        """The report with this id, if it is alive in ``generation``. Raises Damaged unless it is as it was written."""
        one = f"{_WHOLE} where r.id = :id and {_ALIVE}"
        try:
            found = self._db.execute(one, {"id": report_id, "g": generation}).fetchone()
        except sqlite3.DatabaseError as error:
            raise Damaged(f"The index is damaged ({error}). {_MEND}") from None
        return _report(found[1:]) if found else None

    def passages(self, ids: Iterable[int]) -> list[Passage]:
        """The passages with these ids, in their order; ids that are not there are left out."""
        return [passage for id_ in ids for passage in self._passages("p.id = ?", id_)]

    def passages_of(self, row: int) -> list[Passage]:
        """The passages of the report in this row, in order."""
        return list(self._passages("p.report = ? order by p.id", row))

    def faults(self) -> list[str]:
        """What is wrong with the file as a database, in its own words; empty when it is whole."""
        found = self._db.execute("pragma integrity_check(3)").fetchall()
        return [] if found == [("ok",)] else [" ".join(str(line).split()) for (line,) in found]

    def spoilt(self, generation: int) -> Iterator[tuple[int, str]]:
        """Reports alive in ``generation`` that are not what was written, they or a passage of theirs: row and fault."""
        for row in self.alive(generation).tolist():
            one = f"{_WHOLE} where r.row = ?"
            fields = self._db.execute(one, (row,)).fetchone()
            if fields is None:
                yield row, f"The report in row {row} has no text."
                continue
            try:
                report = _report(fields[1:])
            except Damaged as error:
                yield row, str(error).removesuffix(f" {_MEND}")
                continue
            (counted,) = self._db.execute("select passages from reports where row = ?", (row,)).fetchone()
            select = f"select p.checksum, {_PASSAGE} from passages p where p.report = ? order by p.id"
            held = self._db.execute(select, (row,)).fetchall()
            wrong = [id_ for checksum, id_, *rest in held if checksum != _crc((id_, *rest))]
            outside = [id_ for _, id_, _, start, end, *_ in held if not 0 <= start < end <= len(report.text)]
            if len(held) != counted:
                yield row, f"{report.path} has {len(held)} of {counted} passages."
            elif wrong or outside:
                fault = "is not what was written" if wrong else "lies outside its report"
                yield row, f"Passage {(wrong or outside)[0]} of {report.path} {fault}."

    def columns(self, generation: int, first: int, dimension: int) -> Rows:
        """The passages alive in ``generation`` with ids from ``first`` on, as columns."""
        n, size = self.last_id - first + 1, 0
        ids, counts = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
        reports, chinese = np.zeros(n, dtype=np.int32), np.zeros(n, dtype=np.bool_)
        vectors = np.zeros((n, dimension), dtype=np.float16)
        tokens: list[bytes] = []
        found = self._db.execute(
            f"select p.id, p.report, p.language = 'zh', length(p.tokens) / {np.dtype(Token).itemsize}, p.tokens,"
            " p.vector from passages p join reports r on r.row = p.report"
            f" where p.id >= :first and {_ALIVE} order by p.id",
            {"g": generation, "first": first},
        )
        while rows := found.fetchmany(10_000):
            some = slice(size, size := size + len(rows))
            ids[some], reports[some], chinese[some], counts[some], held, blobs = zip(*rows, strict=True)
            tokens.append(b"".join(held))
            vectors[some] = np.frombuffer(b"".join(blobs), dtype=np.float16).reshape(len(rows), dimension)
        joined = np.frombuffer(b"".join(tokens), dtype=Token)
        return Rows(ids[:size], reports[:size], chinese[:size], counts[:size], joined, vectors[:size])

    def _passages(self, where: str, value: int) -> Iterator[Passage]:
        found = self._db.execute(
            "select p.id, r.id, p.start, p.end, p.headings, p.page, p.language"
            f" from passages p join reports r on r.row = p.report where {where}",
            (value,),
        )
        for id_, report_id, start, end, headings, page, language in found:
            yield Passage(id_, report_id, start, end, tuple(json.loads(headings)), page, language)


def _address(path: Path | None) -> str:
    """What SQLite is to open: as it is for ever, where nobody can write beside it."""
    if path is None:
        return ":memory:"
    place = path.absolute().as_uri()
    if not path.exists() or os.access(path.parent, os.W_OK):
        return place
    log = path.with_name(f"{path.name}-wal")
    return f"{place}?mode=ro" if log.exists() and log.stat().st_size else f"{place}?immutable=1"


def _report(fields: Sequence[Any]) -> Report:
    """The report of ``_FIELDS`` without its row, and its text. Raises Damaged when it is not what was written."""
    checksum, *strings, pages, left_out = fields[: len(_STRINGS) + 3]
    known, text = dict(zip(_STRINGS, strings, strict=True)), fields[len(_STRINGS) + 3 :]
    damaged = Damaged(f"{known['path']} is not in the index as it was written. {_MEND}")
    try:
        both = json.loads(left_out)  # an older index has the English alone
        sentences = tuple(Told(one) if isinstance(one, str) else Told(*one) for one in both)
        more: dict[str, Any] = {"pages": tuple(json.loads(pages)), "left_out": sentences}
    except (ValueError, TypeError):
        raise damaged from None
    report = Report(**known, **more, text=text[0] if text else "")
    if text and _checksum(report) != checksum:
        raise damaged
    return report


def _checksum(report: Report) -> str:
    """The hex SHA-256 of all that is known of a report."""
    digest = hashlib.sha256()
    for field in fields(report):
        digest.update(f"{getattr(report, field.name)}\0".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _crc(values: Sequence[Any]) -> int:
    """The checksum of a passage: of its columns in the order of ``_PASSAGE``."""
    *columns, tokens, vector = values
    return zlib.crc32(vector, zlib.crc32(tokens, zlib.crc32(repr(columns).encode("utf-8", "surrogatepass"))))
