"""A collection that several machines share, in PostgreSQL: its reports as they were prepared, and its generation."""

from __future__ import annotations

import json
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from importlib import import_module
from itertools import pairwise
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

import numpy as np

from index.encoder import Token
from index.prepare import Prepared
from index.store import NoIndex
from records import Passage, Report, Told, told

_SCHEMA = (
    "create table if not exists wenbao_collections (name text primary key, generation bigint not null)",
    "create table if not exists wenbao_reports (collection text not null references wenbao_collections, path bytea"
    " not null, digest text not null, said bytea not null, tokens bytea not null, vectors bytea not null,"
    " primary key (collection, path))",
)
#: The lock of who makes the tables: two at once would be in each other's way.
_MAKING = 7_731_001
#: Seconds to wait for a server that is there and says nothing.
_PATIENCE = 10
#: Reports that are asked for together.
_TOGETHER = 20

Done = TypeVar("Done")


class Unreachable(NoIndex):
    """The server does not answer, or refuses; the text says which and why."""


class Server:
    """One collection of the server at ``url``; connected when it is first asked, and again whenever it went away.

    A collection is named by what made it (model, form, size of passages): pages of another version have another one.
    """

    def __init__(self, url: str, collection: str) -> None:
        """Raises ValueError for what is no address of a PostgreSQL server."""
        parts = urlsplit(url)
        if parts.scheme not in ("postgresql", "postgres") or not parts.hostname or not parts.path.strip("/"):
            raise ValueError("WENBAO_DATABASE should be postgresql://USER:PASSWORD@HOST:PORT/DATABASE.")
        self._place = f"{parts.hostname}:{parts.port or 5432}{parts.path}"
        self._address: dict[str, Any] = {
            "host": parts.hostname,
            "port": parts.port or 5432,
            "database": unquote(parts.path.strip("/")),
            "user": unquote(parts.username or "wenbao"),
            "password": unquote(parts.password) if parts.password else None,
            "timeout": _PATIENCE,
        }
        self._collection = collection
        self._connection: Any = None
        self._lock = threading.Lock()

    @property
    def state(self) -> str:
        """Which generation of which collection this is: equal for equal content."""
        found = self._asked(lambda run: run(_GENERATION, name=self._collection))
        return self._named(found)

    def known(self) -> tuple[str, dict[str, str]]:
        """The state, and its reports: path -> digest."""

        def ask(run: Callable[..., Any]) -> tuple[str, dict[str, str]]:
            # the generation first: what comes between the two is asked for once more
            state = self._named(run(_GENERATION, name=self._collection))
            found = run("select path, digest from wenbao_reports where collection = :name", name=self._collection)
            return state, {_path(path): digest for path, digest in found}

        return self._asked(ask)

    def put(self, reports: Iterable[tuple[Report, str, Prepared]]) -> None:
        """Adds reports with their digests, in the place of those at the same paths: all of them, or none."""
        packed = [(report.path, digest, *_packed(report, made)) for report, digest, made in reports]

        def ask(run: Callable[..., Any]) -> None:
            for path, digest, said, tokens, vectors in packed:
                run(
                    "insert into wenbao_reports values (:name, :path, :digest, :said, :tokens, :vectors)"
                    " on conflict (collection, path) do update set digest = excluded.digest, said = excluded.said,"
                    " tokens = excluded.tokens, vectors = excluded.vectors",
                    name=self._collection,
                    path=_bytes(path),
                    digest=digest,
                    said=said,
                    tokens=tokens,
                    vectors=vectors,
                )

        self._change(ask)

    def remove(self, paths: Sequence[str]) -> None:
        """Takes the reports at these paths out of the collection."""

        def ask(run: Callable[..., Any]) -> None:
            for path in paths:
                delete = "delete from wenbao_reports where collection = :name and path = :path"
                run(delete, name=self._collection, path=_bytes(path))

        if paths:
            self._change(ask)

    def fetch(self, paths: Sequence[str]) -> Iterator[tuple[Report, str, Prepared]]:
        """The reports at these paths as they are now, with their digests; what is gone meanwhile is left out."""
        select = "select digest, said, tokens, vectors from wenbao_reports where collection = :name and path = any(:p)"
        for first in range(0, len(paths), _TOGETHER):
            some = [_bytes(path) for path in paths[first : first + _TOGETHER]]

            def ask(run: Callable[..., Any], some: list[bytes] = some) -> Any:
                return run(select, name=self._collection, p=some)

            for digest, *packed in self._asked(ask):
                report, made = _unpacked(*packed)
                yield report, digest, made

    def _change(self, work: Callable[[Callable[..., Any]], None]) -> None:
        """Does it as the next generation: one after the other, all or nothing."""

        def ask(run: Callable[..., Any]) -> None:
            run("start transaction")
            run(
                "insert into wenbao_collections values (:name, 1) on conflict (name)"
                " do update set generation = wenbao_collections.generation + 1",
                name=self._collection,
            )
            work(run)
            run("commit")

        self._asked(ask)

    def _asked(self, work: Callable[[Callable[..., Any]], Done]) -> Done:
        """What the server says; a connection that broke meanwhile is made anew, once. Raises Unreachable."""
        with self._lock:
            for is_old in (self._connection is not None, False):
                try:
                    if self._connection is None:
                        self._connection = self._connected()
                    return work(self._connection.run)
                except ModuleNotFoundError:
                    raise Unreachable("pg8000 is not installed: python tools/install.py server") from None
                except Exception as error:  # of the network and of the driver, which has no common class for them
                    self._let_go()
                    if not is_old:
                        raise Unreachable(
                            f"The server of the shared collection, {self._place}, does not answer ({_told(error)})."
                            " See that it runs and that WENBAO_DATABASE names it; then ask again."
                        ) from None
        raise AssertionError

    def _connected(self) -> Any:
        connection = import_module("pg8000.native").Connection(**self._address)
        connection.run("start transaction")
        connection.run("select pg_advisory_xact_lock(:key)", key=_MAKING)
        for statement in _SCHEMA if connection.run("select to_regclass('wenbao_reports')") == [[None]] else ():
            connection.run(statement)
        connection.run("commit")
        return connection

    def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except Exception:  # it is broken: that is why it is let go
                return

    def _named(self, found: Sequence[Sequence[int]]) -> str:
        return f"{self._place} {self._collection} {found[0][0] if found else 0}"


_GENERATION = "select generation from wenbao_collections where name = :name"


def _told(error: Exception) -> str:
    """What went wrong, in the server's words where it has some; they hold no password."""
    first = error.args[0] if error.args else ""
    return str(first.get("M", "")) if isinstance(first, Mapping) else str(error) or type(error).__name__


def _bytes(path: str) -> bytes:
    """A path as it is kept: the server's texts hold no names that are no UTF-8."""
    return path.encode("utf-8", "surrogatepass")


def _path(kept: bytes) -> str:
    return bytes(kept).decode("utf-8", "surrogatepass")


def _packed(report: Report, made: Prepared) -> tuple[bytes, bytes, bytes]:
    """What is said, the tokens and the vectors, as bytes; texts may hold what the server's cannot."""
    said = {
        "report": asdict(report) | {"left_out": [(one, told(one).chinese) for one in report.left_out]},
        "passages": [asdict(passage) for passage in made.passages],
        "words": made.words,
        "counts": [len(tokens) for tokens in made.tokens],
        "dimension": made.vectors.shape[1],
    }
    tokens = b"".join(one.astype(Token).tobytes() for one in made.tokens)
    packed = zlib.compress(json.dumps(said).encode(), 1)
    return packed, tokens, made.vectors.astype(np.float16).tobytes()


def _unpacked(packed: bytes, tokens: bytes, vectors: bytes) -> tuple[Report, Prepared]:
    said = json.loads(zlib.decompress(packed))
    known = said["report"]
    more = {"pages": tuple(known["pages"]), "left_out": tuple(Told(*one) for one in known["left_out"])}
    passages = [Passage(**one | {"headings": tuple(one["headings"])}) for one in said["passages"]]
    ends = np.cumsum([0, *said["counts"]])
    held = np.frombuffer(tokens, dtype=Token)
    each = [held[begin:end] for begin, end in pairwise(ends)]
    matrix = np.frombuffer(vectors, dtype=np.float16).reshape(len(passages), said["dimension"])
    return Report(**known | more), Prepared(passages, said["words"], each, matrix)
