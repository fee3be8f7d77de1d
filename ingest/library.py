"""The folder of reports against what the index holds: new, changed, gone, twice the same."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from types import MappingProxyType

from ingest.about import is_sidecar, sidecar_of
from ingest.bounded import GivenUp, Readers
from ingest.clean import KINDS
from ingest.written import Unreadable
from records import Report, Told

_ATTEMPTS = 3
#: So many bytes of files are worth a second process that reads.
_MUCH = 4_000_000
#: Seconds between two lines that say how far it is.
_PAUSE = 2.0
#: Two changes of a file within so many nanoseconds may bear the same time.
_TICK = 2_000_000_000
_UNSURE = (0, 0)


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that was left out, by its path below the folder, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Scan:
    """What a folder holds, by path, against what was known of it.

    ``new`` is what was not known or has changed since. ``twice`` has (path, path it equals): the same content counts
    once. A path in ``gone`` was known and has no report of its own any more; ``lost`` are those of them whose content
    is nowhere else in the folder. A known file that cannot be read any more is in ``problems`` alone: what is known of
    it stays. ``sizes`` has the bytes of each file before it was read, ``stamps`` what changes when it is written to,
    ``digests`` what tells its content from any other: its SHA-256 and that of the file beside it that says what it is.
    """

    new: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    twice: list[tuple[str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    stamps: dict[str, tuple[int, int]] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class File:
    """A file of the folder by its path below it, and the one beside it that says what it is, with their status."""

    name: str
    status: os.stat_result
    beside: tuple[Path, os.stat_result] | None


#: What could not be read within its limits, by path and digest, and why: not tried again while this process runs.
_given_up: dict[tuple[Path, str], Unreadable] = {}


def scan(
    folder: Path,
    known: Mapping[str, str] = MappingProxyType({}),
    stamps: Mapping[str, tuple[int, int]] = MappingProxyType({}),
) -> Scan:
    """Compare the folder with ``known``: path -> digest.

    A known file whose stamp is the one in ``stamps`` is taken to be the same without looking into it.
    Raises FileNotFoundError naming a folder that is not there.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"The folder of reports {folder} is not there. Make it and put reports in it.")
    found, hidden = Scan(), list[str]()

    def fault(name: str, error: OSError) -> None:
        reason = f"{name or folder}: cannot be opened ({error.strerror}). Check its permissions."
        if not name or name.endswith("/"):
            hidden.append(name)
            reason = (
                f"{name or folder}: the folder cannot be listed ({error.strerror}); what was known of it is kept."
                " Check its permissions, and that it is mounted."
            )
        found.problems.append(Problem(name or "./", reason))

    digests = found.digests
    now = time.time_ns()
    for file in listed(folder, fault):
        name = file.name
        if (named := _printable(name)) != name:
            found.problems.append(Problem(named, f"{named}: its name is not in UTF-8. Rename it."))
            continue
        found.sizes[name] = file.status.st_size
        found.stamps[name] = stamp = _stamp(file, now)
        same = name in known and stamp == stamps.get(name) and stamp != _UNSURE
        try:
            digests[name] = known[name] if same else _digest(folder, file)
        except OSError as error:
            fault(name, error)
    _sort(found, known)
    kept = {*digests, *(problem.path for problem in found.problems)} - {name for name, _ in found.twice}
    found.gone.extend(name for name in sorted(set(known) - kept) if not name.startswith(tuple(hidden)))
    there = {_content(digest) for digest in digests.values()}
    found.lost.extend(name for name in found.gone if _content(known[name]) not in there)
    found.problems.sort(key=lambda problem: problem.path)
    return found


def read_new(folder: Path, found: Scan, say: Callable[[str], None] = lambda _: None) -> Generator[Report, None, None]:
    """The reports of what is new in the folder, in its order; what cannot be read is added to ``found.problems``.

    ``say`` is told every few seconds how far it is: ``read 120 of 400``. What was given up once is not tried again.
    """
    before = {name: _given_up.get((folder / name, found.digests[name])) for name in found.new}
    wanted = [name for name in found.new if not before[name]]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    much = sum(found.sizes[name] for name in wanted) // _MUCH
    told = time.monotonic()
    with Readers(folder, min(2, cores, 1 + much)) as readers:
        reports = readers.read([folder / name for name in wanted])
        for number, name in enumerate(found.new):
            if time.monotonic() - told > _PAUSE:
                say(f"read {number} of {len(found.new)}")
                told = time.monotonic()
            report = before[name] or _steady(readers, folder, name, next(reports), found.digests[name])
            if isinstance(report, GivenUp):
                _given_up[folder / name, found.digests[name]] = report
            if isinstance(report, Unreadable):
                found.problems.append(Problem(name, str(report)))
            else:
                yield report


def _sort(found: Scan, known: Mapping[str, str]) -> None:
    """Tells what is new from what is not."""
    # what is known under a path keeps it, whatever sorts before it
    backwards = [(name, _content(digest)) for name, digest in reversed(found.digests.items())]
    owner = {content: name for name, content in backwards}
    owner |= {content: name for name, content in backwards if _content(known.get(name, "")) == content}
    for name, digest in found.digests.items():
        first = owner[_content(digest)]
        if first != name:
            found.twice.append((name, first))
        elif known.get(name) == digest:
            found.unchanged.append(name)
        else:
            found.new.append(name)


def _steady(readers: Readers, folder: Path, name: str, report: Report | Unreadable, digest: str) -> Report | Unreadable:
    """The report of a file that is the same before and after it was read; Unreadable when it keeps changing."""
    for _ in range(_ATTEMPTS):
        if isinstance(report, Unreadable) or report.sha256 == _content(digest):
            return report
        digest = report.sha256
        (report,) = readers.read([folder / name])
    return Unreadable(
        name,
        Told(
            "changes while it is read. Run this again when it has been written.",
            "读取时文件还在变化。请等它写完后再试。",
        ),
    )


def files(folder: Path) -> list[tuple[str, os.stat_result]]:
    """All that a report below the folder depends on, by path, with its status: its file and what stands beside it."""
    found: list[tuple[str, os.stat_result]] = []
    for file in listed(folder, lambda *_: None):
        found.append((file.name, file.status))
        if file.beside:
            found.append((file.beside[0].relative_to(folder).as_posix(), file.beside[1]))
    return found


def listed(folder: Path, fault: Callable[[str, OSError], None]) -> list[File]:
    """The files below a folder, sorted by path; each folder is read once.

    Hidden and temporary ones are left out, and what stands beside a report to tell of it. ``fault`` is told of what
    cannot be opened: the path of a file, or of a folder with ``/`` behind it ("" for the whole).
    """
    seen: set[tuple[int, int]] = set()
    found: list[File] = []

    def unlisted(error: OSError) -> None:
        place = Path(error.filename)
        fault("" if place == folder else f"{place.relative_to(folder).as_posix()}/", error)

    for place, folders, names in os.walk(folder, followlinks=True, onerror=unlisted):
        status = os.stat(place)
        if (status.st_dev, status.st_ino) in seen:
            folders.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        below = "" if Path(place) == folder else f"{Path(place).relative_to(folder).as_posix()}/"
        reports = {name for name in names if PurePath(name).suffix.lower() in KINDS}
        stems = {PurePath(name).stem for name in reports}
        sidecars = {name for name in names if is_sidecar(name, reports, stems)}
        for name in names:
            if _is_temporary(name) or name in sidecars:
                continue
            path = Path(place, name)
            try:
                status = path.stat()
                if stat.S_ISREG(status.st_mode):
                    found.append(File(below + name, status, _beside(path) if sidecars else None))
            except FileNotFoundError:  # a link to nothing, or a file that went away
                continue
            except OSError as error:
                fault(below + name, error)
    return sorted(found, key=lambda file: file.name.split("/"))


def _beside(path: Path) -> tuple[Path, os.stat_result] | None:
    """The file that says what a report is, with its status; None where there is none, or none any more."""
    if beside := sidecar_of(path):
        with suppress(OSError):
            return beside, beside.stat()
    return None


def _printable(name: str) -> str:
    """A name, or how its bytes read in GB18030 where they are no UTF-8."""
    data = os.fsencode(name)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def _is_temporary(name: str) -> bool:
    """Hidden files, and what programs leave behind: ``~$r.docx``, ``#r.md#``, ``r.md~``; not ``#3 r.md``."""
    endings = (".swp", ".swo", ".tmp", ".part", ".crdownload", ".lock")
    left_by_emacs = name.startswith("#") and name.endswith("#")
    return left_by_emacs or name.startswith((".", "~$")) or name.endswith(("~", *endings)) or name == "Thumbs.db"


def _stamp(file: File, now: int) -> tuple[int, int]:
    """Size and time of change, with those of what stands beside the file added.

    _UNSURE when either changed just now and may again within the clock's tick.
    """
    both = [file.status, *([file.beside[1]] if file.beside else [])]
    if any(now - status.st_mtime_ns <= _TICK for status in both):
        return _UNSURE
    return sum(status.st_size for status in both), sum(status.st_mtime_ns for status in both)


def _digest(folder: Path, file: File) -> str:
    return " ".join(_sha256(path) for path in (folder / file.name, *([file.beside[0]] if file.beside else [])))


def _content(digest: str) -> str:
    """The part of a digest that tells the file itself: its SHA-256."""
    return digest[:64]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
