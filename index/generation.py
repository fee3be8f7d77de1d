"""Which whole state of store, keywords and segments is current: building, following the folder, repairing.

A build adds rows that nobody sees yet, brings keywords and segments up to them, and then makes all of it current with
one SQLite commit. Killed at any moment, the last whole generation answers, and the next build goes on from there.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from index.encoder import Encoder, Ids, load
from index.keywords import Entry, KeywordIndex, distinct
from index.prepare import Prepared, encode, prepare_all, searchable
from index.segments import Kept, Segment, checksum, reports_of, size
from index.shared import Server
from index.store import FORMAT, Damaged, Stamp, Store
from index.store import NoIndex as NoIndex
from ingest.library import Problem, Scan, listed, read_new, scan
from ingest.pdf import recognize
from records import Report
from settings import Settings
from text.tables import tables
from text.words import words

STORE = "reports.sqlite"
KEYWORDS = "keywords"
#: Held by who builds, and by who sees to it that nobody does.
LOCK = "lock"
#: A segment joins what comes after it when it is less than so many times as large.
_LARGER = 4
#: Seconds to wait for the lock: readers hold it for a moment.
_WAIT = 1
#: Seconds that a question waits for the index to follow the server.
_PATIENCE = 60
#: Held by who sends the folder to the server; what the folder held then.
_SENDING, _SENT = "sending", "sent.json"
#: Left beside a store whose file is damaged: the next build makes it anew.
_DAMAGED = "damaged"
#: A damaged store does not say its generation: the next is so much above that of its last segment.
_GAP = 100
#: So many reports may vanish at once, or half of all, before a build wants to be told that they are to go.
_FEW = 3
#: The files of a segment of the keywords.
_KINDS = ("fast", "fieldnorm", "idx", "pos", "store", "term")


Done = TypeVar("Done")


class Busy(RuntimeError):
    """Another build of the same index is running."""


class Unwritable(RuntimeError):
    """The index cannot be written: the disk is full, or permission is lacking; the text says what to do."""


class Vanished(RuntimeError):
    """Most reports are not in their folder any more; the text says how to let them go."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A report that a build read: its path, how much there is of it, and what was left out."""

    path: str
    pages: int
    tables: int
    passages: int
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did, by path.

    ``kept`` are reports that are gone from the folder and were kept, because so many are.
    """

    generation: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    twice: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...]
    kept: tuple[str, ...]
    taken: tuple[Taken, ...]
    passages: int
    seconds: float


def build(settings: Settings, say: Callable[[str], None] = lambda _: None, yes: bool = False) -> Built:
    """Makes the index at ``settings.index`` follow the folder ``settings.reports``; only what changed is encoded.

    Where most reports are gone from the folder, as when it is not mounted, they are kept, unless ``yes``.
    Raises NotADirectoryError for a folder that is none, Busy when another build runs, ModelMissing, Unwritable, and
    Vanished where the index has to be made anew and most reports are gone.
    """
    if not settings.reports.is_dir():
        raise NotADirectoryError(
            f"{settings.reports} is not a folder. Name the folder of reports with --reports or WENBAO_REPORTS."
        )
    if settings.database:
        return _built_together(settings, say, yes)
    return _locked(settings, say, yes, _WAIT, lambda store: _Build(settings, store, say, yes).run())


def _locked(
    settings: Settings, say: Callable[[str], None], yes: bool, wait: float, work: Callable[[Store], Done]
) -> Done:
    """What ``work`` makes of the store while nobody else builds; once more with a new store where it is damaged.

    Raises Busy, Unwritable.
    """

    def worked() -> Done:
        with _readable(settings, yes) as store:
            done = work(store)
            store.checkpoint()
            return done

    try:
        settings.index.mkdir(parents=True, exist_ok=True)
        with FileLock(settings.index / LOCK, timeout=wait):
            try:
                return worked()
            except (Damaged, sqlite3.DatabaseError) as error:
                if not _is_damage(error):
                    raise
                say(f"The index at {settings.index} is damaged ({error}) and is built anew.")
                (settings.index / _DAMAGED).touch()
                return worked()
    except Timeout:
        raise Busy(f"Another build of {settings.index} is running. Wait for it to end.") from None
    except (sqlite3.Error, OSError) as error:
        raise Unwritable(
            f"The index at {settings.index} cannot be written ({error}). See that there is room on its disk and that"
            " you may write there, or name another folder with --index or WENBAO_INDEX."
        ) from error


def _built_together(settings: Settings, say: Callable[[str], None], yes: bool) -> Built:
    """Sends what changed in the folder to the server, then follows the server."""
    begun, server = time.monotonic(), server_of(settings, load(settings.model))
    settings.index.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(settings.index / _SENDING, timeout=_WAIT):
            known, found, taken, kept = _send(settings, server, say, yes)
    except Timeout:
        raise Busy(f"Another build of {settings.index} is running. Wait for it to end.") from None
    generation, passages = follow(settings, server, say)
    return Built(
        generation,
        tuple(one.path for one in taken if one.path not in known),
        tuple(one.path for one in taken if one.path in known),
        tuple(found.gone),
        len(set(found.digests) - set(found.new) - {path for path, _ in found.twice}),
        tuple(found.twice),
        tuple(sorted(found.problems, key=lambda problem: problem.path)),
        tuple(kept),
        tuple(taken),
        passages,
        time.monotonic() - begun,
    )


def _send(
    settings: Settings, server: Server, say: Callable[[str], None], yes: bool
) -> tuple[dict[str, str], Scan, list[Taken], list[str]]:
    """What the server knew, what the folder holds, what was sent, and what is lost and was kept.

    Compared is with what this folder held before: what is not in it any more goes, what came from elsewhere stays.
    """
    encoder, noted = load(settings.model), settings.index / _SENT
    try:
        kept_there = json.loads(noted.read_text("utf-8"))
        sent = {
            path: (one[0], (one[1], one[2])) for path, one in kept_there.get(_made_by(settings, encoder), {}).items()
        }
    except (OSError, ValueError, TypeError, IndexError, AttributeError):
        sent = {}
    found = scan(
        settings.reports,
        {path: digest for path, (digest, _) in sent.items()},
        {path: stamp for path, (_, stamp) in sent.items()},
    )
    kept = _kept_back(settings, found, sent, False, yes)
    _, there = server.known()
    found.new[:] = [path for path in found.new if there.get(path) != found.digests[path]]
    server.remove(found.gone)
    taken: list[Taken] = []
    with closing(read_new(settings.reports, found, say)) as reports:
        size = sum(found.sizes[path] for path in found.new)
        for batch, prepared in prepare_all(encoder, settings.model, reports, settings.passage_size, size):
            whole = list(zip(batch, prepared, strict=True))
            server.put((report, found.digests[report.path], made) for report, made in whole)
            taken += [_taken(report, made) for report, made in whole]
    now = {path: one for path, one in sent.items() if path not in found.gone}
    unread = {*found.new, *(path for path, _ in found.twice)} - {one.path for one in taken}
    now |= {path: (digest, found.stamps[path]) for path, digest in found.digests.items() if path not in unread}
    noted.write_text(
        json.dumps({_made_by(settings, encoder): {path: (digest, *stamp) for path, (digest, stamp) in now.items()}}),
        "utf-8",
    )
    return there, found, taken, kept


def follow(settings: Settings, server: Server, say: Callable[[str], None] = lambda _: None) -> tuple[int, int]:
    """Makes the index hold what the server's collection holds; its generation, and how many passages.

    Raises Unreachable, Busy, Unwritable. What is damaged is made anew from the server.
    """

    def work(store: Store) -> tuple[int, int]:
        _Build(settings, store, say, yes=True).follow(server)
        return store.generation, store.count(store.generation)

    return _locked(settings, say, True, _PATIENCE, work)


def withdraw(settings: Settings, paths: Sequence[str]) -> None:
    """Takes reports out of the shared collection, if there is one, whoever sent them. Raises Unreachable."""
    if settings.database:
        server_of(settings, load(settings.model)).remove(paths)


def server_of(settings: Settings, encoder: Encoder) -> Server:
    """The shared collection of this model and this form. Raises ValueError for what is no address."""
    return Server(settings.database, _made_by(settings, encoder))


def is_behind(settings: Settings, server: Server) -> bool:
    """Has the server's collection changed since the index followed it? Raises Unreachable."""
    state = server.state
    try:
        with open_store(settings) as store:
            return store.meta("shared") != state
    except NoIndex:
        return not state.endswith(" 0")


def _made_by(settings: Settings, encoder: Encoder) -> str:
    recognizing = " with text recognition" if recognize.is_there() else ""
    return f"{encoder.name} format {FORMAT} size {settings.passage_size}{recognizing}"


def _taken(report: Report, made: Prepared) -> Taken:
    return Taken(report.path, len(report.pages), len(tables(report.text)), len(made.passages), report.left_out)


def _is_damage(error: Exception) -> bool:
    """Does this say that the file is amiss, and not that it cannot be written to?"""
    is_broken = isinstance(error, Damaged) or type(error) is sqlite3.DatabaseError
    return is_broken or isinstance(error, sqlite3.OperationalError) and str(error).startswith("no such")


class _Build:
    def __init__(self, settings: Settings, store: Store, say: Callable[[str], None], yes: bool) -> None:
        self._settings, self._store, self._say, self._yes = settings, store, say, yes
        self._encoder = load(settings.model)
        self._current = store.generation
        self._next = max(self._current, int(store.meta("before") or 0)) + 1
        self._made_by = _made_by(settings, self._encoder)
        self._kept = kept(store)
        self._keywords = _keywords(settings.index, KEYWORDS in store.meta("damaged").split())
        #: The first id that the current generation has not seen.
        self._first = int(store.meta("last_id") or 0) + 1
        #: The rows of the reports whose words this build has handed on.
        self._fed: set[int] = set()
        #: Reports born before this generation have their words among the keywords.
        self._since = self._next

    def run(self) -> Built:
        begun = time.monotonic()
        store = self._store
        self._sweep()
        self._retire_spoilt()
        known = store.known()
        found = scan(
            self._settings.reports,
            {path: digest for path, (digest, _) in known.items()},
            {path: stamp for path, (_, stamp) in known.items()},
        )
        is_other = store.meta("started_by") != self._made_by
        kept = _kept_back(self._settings, found, known, is_other, self._yes)
        if is_other:
            self._begin_anew(known)
            found.new[:] = [path for path in found.digests if path in {*found.new, *found.unchanged}]
            found.unchanged.clear()
            found.gone.clear()
            known = {}
        retired = self._retire(found.gone)
        taken = self._add(found)
        touched = [(path, found.stamps[path]) for path in found.unchanged if found.stamps[path] != known[path][1]]
        if touched:
            with store.transaction():
                store.restamp(touched)
        broken = faults(self._settings, store)
        if taken or retired or store.unfinished(self._current) or broken:
            self._derive()
        return Built(
            store.generation,
            tuple(one.path for one in taken if one.path not in known),
            tuple(one.path for one in taken if one.path in known),
            tuple(found.gone),
            len(found.unchanged),
            tuple(found.twice),
            tuple(sorted(found.problems, key=lambda problem: problem.path)),
            tuple(kept),
            tuple(taken),
            store.count(store.generation),
            time.monotonic() - begun,
        )

    def _retire_spoilt(self) -> None:
        """Lets what is not as it was written die, so that it is read again."""
        if rows := json.loads(self._store.meta("spoilt") or "[]"):
            with self._store.transaction():
                self._store.retire_rows(rows, self._next)
                self._store.set_meta("spoilt", "")

    def _begin_anew(self, known: Iterable[str]) -> None:
        """Lets all die that was made otherwise."""
        with self._store.transaction():
            self._store.retire(known, self._next)
            self._store.set_meta("started_by", self._made_by)

    def _retire(self, paths: Sequence[str]) -> int:
        if not paths:
            return 0
        with self._store.transaction():
            return self._store.retire(paths, self._next)

    def _add(self, found: Scan) -> list[Taken]:
        """Reads, prepares and stores what is new, together as far as there are cores for it."""
        settings, taken = self._settings, list[Taken]()
        with closing(read_new(settings.reports, found, self._say)) as reports:
            size = sum(found.sizes[path] for path in found.new)
            for batch, prepared in prepare_all(self._encoder, settings.model, reports, settings.passage_size, size):
                with self._store.transaction():
                    self._store.retire([report.path for report in batch], self._next)
                    for report, made in zip(batch, prepared, strict=True):
                        self._take(report, made, found.digests[report.path], found.stamps[report.path])
                        taken.append(_taken(report, made))
        return taken

    def follow(self, server: Server) -> None:
        """Takes from the server what is new there, lets go of what is not there any more, and makes it current."""
        self._sweep()
        self._retire_spoilt()
        store = self._store
        state, there = server.known()
        same: dict[str, str] = {}
        for path in sorted(there):  # the same content counts once, whoever sent it
            same.setdefault(there[path], path)
        wanted = {path: digest for digest, path in same.items()}
        known = {path: digest for path, (digest, _) in store.known().items()}
        if store.meta("started_by") != self._made_by:
            self._begin_anew(known)
            known = {}
        gone = self._retire([path for path in known if path not in wanted])
        new = [path for path in wanted if known.get(path) != wanted[path]]
        for report, digest, made in server.fetch(new):
            with store.transaction():
                store.retire([report.path], self._next)
                self._take(report, made, digest)
        if gone or new or store.unfinished(self._current) or faults(self._settings, store):
            self._derive()
        with store.transaction():
            store.set_meta("shared", state)

    def _take(self, report: Report, made: Prepared, digest: str, stamp: Stamp = (0, 0)) -> None:
        """Stores a report and hands its words on."""
        row, first = self._store.add(report, made.passages, made.tokens, made.vectors, self._next, digest, stamp)
        self._feed(row, range(first, first + len(made.passages)), made.words, made.tokens)

    def _feed(self, row: int, ids: Iterable[int], words: Iterable[str], tokens: Iterable[Ids]) -> None:
        if not self._fed:
            self._keywords.remove_from(self._first)
        entries = zip(ids, words, tokens, strict=True)
        self._keywords.add(Entry(id_, row, said, distinct(held)) for id_, said, held in entries)
        self._fed.add(row)

    def _derive(self) -> None:
        """Brings keywords and segments to the next generation, then makes it current."""
        store, folder = self._store, self._settings.index
        alive = store.alive(self._next)
        if len(self._keywords) < store.count(self._current):
            self._keywords.clear()
            self._since, self._fed = 0, set()
        self._feed_the_rest()
        self._keywords.commit()
        kept, first = self._staying(alive)
        rows = store.columns(self._next, first, self._encoder.dimension)
        if len(rows.ids):
            kept.append(Segment.build(rows).write(folder / f"segment-{self._next}"))
        with store.transaction():
            for key, value in {
                "generation": self._next,
                "segments": json.dumps([asdict(segment) for segment in kept]),
                "last_id": store.last_id,
                "made_by": self._made_by,
                "model": self._settings.model,
                "damaged": "",
            }.items():
                store.set_meta(key, str(value))
        self._kept = kept
        self._sweep()

    def _feed_the_rest(self) -> None:
        """Words for what a killed build left in the store, or for all when the keywords were lost."""
        for row, report in self._store.born(self._next, self._since):
            if row not in self._fed:
                passages = self._store.passages_of(row)
                texts = [searchable(report, passage) for passage in passages]
                tokens, _ = encode(self._encoder, texts)
                self._feed(row, (passage.id for passage in passages), (" ".join(words(t)) for t in texts), tokens)

    def _staying(self, alive: NDArray[np.int64]) -> tuple[list[Kept], int]:
        """The segments that stay, and the first id of what goes into a new one.

        The last ones join the new passages while they are not much larger: so there are few, and most are small.
        """
        folder, kept = self._settings.index, list(self._kept)
        is_alive = np.zeros(max(self._store.last_row, alive.max(initial=0)) + 1, dtype=bool)
        is_alive[alive] = True
        living: list[int] = []
        for place, segment in enumerate(kept):
            if not _is_whole(folder, segment, self._store):
                kept = kept[:place]
                break
            reports = reports_of(folder / segment.name)
            living.append(int(is_alive[reports].sum()))
            if living[-1] < len(reports) / 2:
                kept = kept[:place]
                break
        first = self._kept[len(kept)].first if len(kept) < len(self._kept) else self._first
        new = self._store.count(self._next) - sum(living[: len(kept)])
        while kept and living[len(kept) - 1] < _LARGER * new:
            new += living[len(kept) - 1]
            first = kept.pop().first
        return kept, first

    def _sweep(self) -> None:
        """Clears away what the current generation has no use for; readers of the one before hold what they need."""
        store = self._store
        dead = store.dead(store.generation)
        if dead:
            self._keywords.remove(dead)
            self._keywords.commit()
            with store.transaction():
                store.forget(dead)
        names = {segment.name for segment in self._kept}
        for path in self._settings.index.glob("segment-*"):
            if path.name not in names:
                _delete(path)


def _kept_back(settings: Settings, found: Scan, known: Iterable[str], is_other: bool, yes: bool) -> list[str]:
    """Takes from what is gone the reports that are lost, where they are most of all; says so.

    Raises Vanished where the index is to be made anew, and nothing can be kept.
    """
    held = set(known)
    lost = [*found.lost, *(held - {*found.digests, *found.gone} if is_other else ())]
    if yes or len(lost) <= _FEW or 2 * len(lost) <= len(held):
        return []
    fault = f"{len(lost)} of {len(held)} reports are not in {settings.reports} any more"
    if is_other:
        raise Vanished(f"{fault}, and the index has to be made anew. {_let_go(settings)}")
    found.gone[:] = [path for path in found.gone if path not in lost]
    found.problems.append(Problem("./", f"{fault}; they are kept. {_let_go(settings)}"))
    return lost


def _let_go(settings: Settings) -> str:
    command = f"python -m index build --yes --reports {settings.reports} --index {settings.index}"
    return f"See that it is mounted. If they are to go: {command}"


def _readable(settings: Settings, yes: bool) -> Store:
    """The store to build in; one that is damaged, or that another version left in another form, is deleted.

    Raises Vanished rather than deleting what there are no reports to make anew from.
    """
    path, mark = settings.index / STORE, settings.index / _DAMAGED
    segments = [int(one.name[8:]) for one in settings.index.glob("segment-*") if one.name[8:].isdigit()]
    if not path.exists() and not segments:
        return Store(path)
    # a damaged store does not say how many reports it has
    held, last = 1, max(segments, default=0) + _GAP
    try:
        for log in (path.with_name(f"{STORE}{ending}") for ending in ("-wal", "-shm")):
            if log.is_dir() or log.is_symlink() and not log.exists():
                _delete(log)
        if path.is_file() and path.stat().st_size:
            store = Store(path)
            held, last = store.held, store.generation
            if store.format == FORMAT and not mark.exists() and not store.is_cut_short:
                return store
            store.close()
    except (Damaged, sqlite3.DatabaseError, ValueError) as error:
        if isinstance(error, sqlite3.DatabaseError) and not _is_damage(error):
            raise
    there = len(listed(settings.reports, lambda *_: None))
    if held and not yes and (not there or held > _FEW and there < held / 2):
        fault = f"The index at {settings.index} has to be made anew, but its reports are not in {settings.reports}."
        raise Vanished(f"{fault} {_let_go(settings)}")
    for old in (*settings.index.glob(f"{STORE}*"), *settings.index.glob("vectors-*")):
        _delete(old)
    _delete(settings.index / KEYWORDS)
    store = Store(path)
    store.set_meta("before", str(last))
    _delete(mark)
    return store


def _delete(path: Path) -> None:
    """Deletes a file, or a folder, whichever of them stands there; nothing where there is none."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _keywords(folder: Path, damaged: bool) -> KeywordIndex:
    """The keywords; empty ones in the place of what is damaged or cannot be read."""
    try:
        if not damaged and not _lacks_files(folder / KEYWORDS):
            return KeywordIndex(folder / KEYWORDS)
    except (ValueError, OSError):
        pass
    _delete(folder / KEYWORDS)
    return KeywordIndex(folder / KEYWORDS)


def kept(store: Store) -> list[Kept]:
    """The segments of the store's current generation, ids ascending. Raises Damaged."""
    try:
        return [Kept(**segment) for segment in json.loads(store.meta("segments") or "[]")]
    except (ValueError, TypeError):
        raise Damaged("The list of segments is not what was written.") from None


def verify(settings: Settings) -> list[str]:
    """What is wrong with the index, a sentence each; empty when it is whole. ``build`` repairs it.

    Reads everything there is. Raises NoIndex when there is none.
    """
    try:
        with open_store(settings) as store:
            if not (found := [f"{STORE} is damaged: {fault}." for fault in store.faults()]):
                return _verified(settings, store)
    except (Damaged, sqlite3.DatabaseError) as error:
        if not _is_damage(error):
            raise
        found = [f"{STORE} is damaged: {error}."]
    # noted, so that the next build, which does not read everything, makes it anew
    with suppress(OSError):
        (settings.index / _DAMAGED).touch()
    return found


def _verified(settings: Settings, store: Store) -> list[str]:
    spoilt = dict(store.spoilt(store.generation))
    damaged = []
    for segment in kept(store):
        folder = settings.index / segment.name
        if size(folder) == segment.bytes and checksum(folder) != segment.sha256:
            damaged.append(segment.name)
    damaged += [KEYWORDS] if any(map(_is_spoilt, _in_use(settings.index / KEYWORDS))) else []
    with suppress(sqlite3.OperationalError), store.transaction():  # where it may be written to
        store.set_meta("damaged", " ".join(damaged))
        store.set_meta("spoilt", json.dumps(list(spoilt)))
    return [*spoilt.values(), *faults(settings, store)]


def faults(settings: Settings, store: Store) -> list[str]:
    """What is wrong with the files derived from the store's current generation, as far as a glance tells."""
    found = []
    for segment in kept(store):
        if size(settings.index / segment.name) < 0:
            found.append(f"{segment.name} is missing or lacks a file.")
        elif not _is_whole(settings.index, segment, store):
            found.append(f"{segment.name} is not what was written.")
    passages = store.count(store.generation)
    try:
        keywords = len(KeywordIndex(settings.index / KEYWORDS))
    except (ValueError, OSError) as error:
        return [*found, f"{KEYWORDS} cannot be read ({error})."]
    if _lacks_files(settings.index / KEYWORDS):
        found.append(f"{KEYWORDS} lacks a file.")
    elif KEYWORDS in store.meta("damaged").split():
        found.append(f"{KEYWORDS} is not what was written.")
    elif keywords < passages:
        found.append(f"{KEYWORDS} holds {keywords} of {passages} passages.")
    return found


def _is_whole(folder: Path, segment: Kept, store: Store) -> bool:
    return size(folder / segment.name) == segment.bytes and segment.name not in store.meta("damaged").split()


def _in_use(folder: Path) -> list[Path]:
    """The files that tantivy's last commit names; a killed build leaves others beside them, which may be half written.

    None where it cannot be told: then opening them tells.
    """
    try:
        segments = json.loads((folder / "meta.json").read_text("utf-8"))["segments"]
        return [
            folder / f"{one['segment_id'].replace('-', '')}.{kind}"
            for one in segments
            for kind in (*_KINDS, *([f"{one['deletes']['opstamp']}.del"] if one["deletes"] else []))
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _lacks_files(folder: Path) -> bool:
    """Is a file missing that the last commit names? Not where another commit was made meanwhile."""
    named = _in_use(folder)
    return not all(path.exists() for path in named) and named == _in_use(folder)


def _is_spoilt(path: Path) -> bool:
    """Is this a file of tantivy whose own checksum, in the footer that it gives each file, does not fit?"""
    try:
        data = path.read_bytes()
    except FileNotFoundError:  # told by ``faults``, unless another commit let it go
        return False
    length = int.from_bytes(data[-8:-4], "little")
    try:
        footer = json.loads(data[-8 - length : -8])
        return bool(zlib.crc32(data[: -8 - length]) != footer["crc"])
    except (ValueError, KeyError, TypeError):
        return True


def open_store(settings: Settings) -> Store:
    """The store of a built index. Raises NoIndex."""
    path = settings.index / STORE
    command = f"python -m index build --reports {settings.reports} --index {settings.index}"
    if not path.is_file():
        raise NoIndex(f"There is no index at {settings.index}. Build one: {command}")
    try:
        store = Store(path)
    except sqlite3.DatabaseError as error:
        if not _is_damage(error):
            raise NoIndex(
                f"The index at {settings.index} cannot be opened ({error}). See that you may read it, and that"
                " there is room on its disk."
            ) from None
        raise Damaged(f"The index at {settings.index} is damaged ({error}). Build it anew: {command}") from None
    if store.format != FORMAT:
        fault = f"The index at {settings.index} was made by another version. Build it anew: {command}"
    elif store.generation == 0:
        fault = f"The index at {settings.index} was never finished. Build it: {command}"
    else:
        return store
    store.close()
    raise NoIndex(fault)
