"""Which whole state of store, keywords and segments is current: building, following the folder, repairing.

A build adds rows that nobody sees yet, brings keywords and segments up to them, and then makes all of it current with
one SQLite commit. Killed at any moment, the last whole generation answers, and the next build goes on from there.
"""

from __future__ import annotations

import json
import shutil
import time
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from index.encoder import Ids, load
from index.keywords import Entry, KeywordIndex, distinct
from index.prepare import encode, prepare_all, searchable
from index.segments import Kept, Segment, checksum, reports_of, size
from index.store import FORMAT, Store
from index.words import words
from ingest.library import Problem, scan
from records import Report
from settings import Settings

STORE = "reports.sqlite"
KEYWORDS = "keywords"
#: A segment joins what comes after it when it is less than so many times as large.
_LARGER = 4


class Busy(RuntimeError):
    """Another build of the same index is running."""


class NoIndex(RuntimeError):
    """There is no index to open; the text says the command that builds one."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did, by path."""

    generation: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    twice: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...]
    passages: int
    seconds: float


def build(settings: Settings, say: Callable[[str], None] = lambda _: None) -> Built:
    """Makes the index at ``settings.index`` follow the folder ``settings.reports``; only what changed is encoded.

    Raises NotADirectoryError for a folder that is none, Busy when another build runs, ModelMissing.
    """
    if not settings.reports.is_dir():
        raise NotADirectoryError(
            f"{settings.reports} is not a folder. Name the folder of reports with --reports or WENBAO_REPORTS."
        )
    settings.index.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(settings.index / "lock", timeout=0), _readable(settings) as store:
            return _Build(settings, store, say).run()
    except Timeout:
        raise Busy(f"Another build of {settings.index} is running. Wait for it to end.") from None


class _Build:
    def __init__(self, settings: Settings, store: Store, say: Callable[[str], None]) -> None:
        self._settings, self._store, self._say = settings, store, say
        self._encoder = load(settings.model)
        self._current = store.generation
        self._next = self._current + 1
        self._made_by = f"{self._encoder.name} format {FORMAT} size {settings.passage_size}"
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
        known = store.known()
        if store.meta("started_by") != self._made_by:
            with store.transaction():
                store.retire(known, self._next)
                store.set_meta("started_by", self._made_by)
            known = {}
        found = scan(
            self._settings.reports,
            {path: digest for path, (digest, _) in known.items()},
            {path: stamp for path, (_, stamp) in known.items()},
        )
        retired = self._retire(found.gone)
        self._add([*found.added, *found.changed], found.stamps)
        touched = [(path, found.stamps[path]) for path in found.unchanged if found.stamps[path] != known[path][1]]
        if touched:
            with store.transaction():
                store.restamp(touched)
        broken = faults(self._settings, store)
        if found.added or found.changed or retired or store.unfinished(self._current) or broken:
            self._derive()
        return Built(
            store.generation,
            tuple(report.path for report in found.added),
            tuple(report.path for report in found.changed),
            tuple(found.gone),
            len(found.unchanged),
            tuple(found.twice),
            tuple(found.problems),
            store.count(store.generation),
            time.monotonic() - begun,
        )

    def _retire(self, paths: Sequence[str]) -> int:
        if not paths:
            return 0
        with self._store.transaction():
            return self._store.retire(paths, self._next)

    def _add(self, reports: Sequence[Report], stamps: dict[str, tuple[int, int]]) -> None:
        done = 0
        settings = self._settings
        for batch, prepared in prepare_all(self._encoder, settings.model, reports, settings.passage_size):
            with self._store.transaction():
                self._store.retire([report.path for report in batch], self._next)
                for report, made in zip(batch, prepared, strict=True):
                    fields = (report, made.passages, made.tokens, made.vectors, self._next, stamps[report.path])
                    row, first = self._store.add(*fields)
                    self._feed(row, range(first, first + len(made.passages)), made.words, made.tokens)
            done += len(batch)
            self._say(f"{done} of {len(reports)} reports")

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
                shutil.rmtree(path, ignore_errors=True)


def _readable(settings: Settings) -> Store:
    """The store to build in; what another version left in another form is deleted."""
    store = Store(settings.index / STORE)
    if store.format != FORMAT:
        store.close()
        for path in (*settings.index.glob(f"{STORE}*"), *settings.index.glob("vectors-*")):
            path.unlink()
        shutil.rmtree(settings.index / KEYWORDS, ignore_errors=True)
        store = Store(settings.index / STORE)
    return store


def _keywords(folder: Path, damaged: bool) -> KeywordIndex:
    """The keywords; empty ones in the place of what is damaged or cannot be read."""
    try:
        if not damaged:
            return KeywordIndex(folder / KEYWORDS)
    except (ValueError, OSError):
        pass
    shutil.rmtree(folder / KEYWORDS, ignore_errors=True)
    return KeywordIndex(folder / KEYWORDS)


def kept(store: Store) -> list[Kept]:
    """The segments of the store's current generation, ids ascending."""
    return [Kept(**segment) for segment in json.loads(store.meta("segments") or "[]")]


def verify(settings: Settings) -> list[str]:
    """What is wrong with the index, a sentence each; empty when it is whole. ``build`` repairs it.

    Reads everything there is. Raises NoIndex when there is none.
    """
    with open_store(settings) as store:
        found = [f"Passage {id_} of {path} lies outside its report." for id_, path in store.outside(store.generation)]
        damaged = []
        for segment in kept(store):
            folder = settings.index / segment.name
            if size(folder) == segment.bytes and checksum(folder) != segment.sha256:
                damaged.append(segment.name)
        damaged += [KEYWORDS] if any(map(_is_spoilt, (settings.index / KEYWORDS).glob("*.*"))) else []
        # noted, so that the next build, which does not read everything, makes them anew
        store.set_meta("damaged", " ".join(damaged))
        return found + faults(settings, store)


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
    if KEYWORDS in store.meta("damaged").split():
        found.append(f"{KEYWORDS} is not what was written.")
    elif keywords < passages:
        found.append(f"{KEYWORDS} holds {keywords} of {passages} passages.")
    return found


def _is_whole(folder: Path, segment: Kept, store: Store) -> bool:
    return size(folder / segment.name) == segment.bytes and segment.name not in store.meta("damaged").split()


def _is_spoilt(path: Path) -> bool:
    """Is this a file of tantivy whose own checksum, in the footer that it gives each file, does not fit?"""
    if path.suffix == ".json" or path.name.startswith("."):
        return False
    data = path.read_bytes()
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
    store = Store(path)
    if store.format != FORMAT:
        store.close()
        raise NoIndex(f"The index at {settings.index} was made by another version. Build it anew: {command}")
    if store.generation == 0:
        store.close()
        raise NoIndex(f"The index at {settings.index} was never finished. Build it: {command}")
    return store
