"""The folder of reports against what the index holds: new, changed, gone, twice the same."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from ingest.read import Unreadable, read
from records import Report

_ATTEMPTS = 3
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

    ``twice`` has (path, path it equals): the same content counts once. A path in ``gone`` was known and has no report
    of its own any more. A known file that cannot be read any more is in ``problems`` alone: what is known of it stays.
    ``stamps`` has the size in bytes and the time of change in nanoseconds of each file before it was read.
    """

    added: list[Report]
    changed: list[Report]
    unchanged: list[str]
    gone: list[str]
    twice: list[tuple[str, str]]
    problems: list[Problem]
    stamps: dict[str, tuple[int, int]] = field(default_factory=dict)


def scan(
    folder: Path,
    known: Mapping[str, str] = MappingProxyType({}),
    stamps: Mapping[str, tuple[int, int]] = MappingProxyType({}),
) -> Scan:
    """Compare the folder with ``known``: path -> sha256. Only new and changed files are read.

    A known file whose stamp is the one in ``stamps`` is taken to be the same without looking into it.
    Raises FileNotFoundError naming a folder that is not there.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"The folder of reports {folder} is not there. Make it and put reports in it.")
    found = Scan([], [], [], [], [], [])
    digests: dict[str, str] = {}
    now = time.time_ns()
    for name, status in files(folder):
        found.stamps[name] = stamp = _stamp(status, now)
        same = name in known and stamp == stamps.get(name) and stamp != _UNSURE
        try:
            digests[name] = known[name] if same else _digest(folder / name)
        except OSError as error:
            found.problems.append(Problem(name, f"{name}: cannot be opened ({error.strerror}). Check its permissions."))
    # what is known under a path keeps it, whatever sorts before it
    owner = {digest: name for name, digest in reversed(digests.items())}
    owner |= {digest: name for name, digest in reversed(digests.items()) if known.get(name) == digest}
    for name, digest in digests.items():
        if owner[digest] != name:
            found.twice.append((name, owner[digest]))
        elif known.get(name) == digest:
            found.unchanged.append(name)
        else:
            try:
                report = _steady(folder / name, folder, digest)
            except Unreadable as error:
                found.problems.append(Problem(name, str(error)))
            else:
                (found.changed if name in known else found.added).append(report)
    kept = {*digests, *(problem.path for problem in found.problems)} - {name for name, _ in found.twice}
    found.gone.extend(sorted(set(known) - kept))
    found.problems.sort(key=lambda problem: problem.path)
    return found


def files(folder: Path) -> list[tuple[str, os.stat_result]]:
    """The files below a folder by path, sorted, with the status of each.

    Hidden and temporary ones are left out; each folder is read once.
    """
    seen: set[tuple[int, int]] = set()
    found: list[tuple[str, os.stat_result]] = []
    for place, folders, names in os.walk(folder, followlinks=True):
        status = os.stat(place)
        if (status.st_dev, status.st_ino) in seen:
            folders.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        below = "" if Path(place) == folder else f"{Path(place).relative_to(folder).as_posix()}/"
        for name in names:
            if not _is_temporary(name):
                with suppress(OSError):  # a link to nothing, or a file that went away
                    status = os.stat(os.path.join(place, name))
                    if stat.S_ISREG(status.st_mode):
                        found.append((below + name, status))
    return sorted(found, key=lambda one: one[0].split("/"))


def _is_temporary(name: str) -> bool:
    endings = (".swp", ".swo", ".tmp", ".part", ".crdownload", ".lock")
    return name.startswith((".", "~$", "#")) or name.endswith(("~", *endings)) or name == "Thumbs.db"


def _stamp(status: os.stat_result, now: int) -> tuple[int, int]:
    """A file's size and time of change; _UNSURE when it changed just now and may again within the clock's tick."""
    return (status.st_size, status.st_mtime_ns) if now - status.st_mtime_ns > _TICK else _UNSURE


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _steady(path: Path, folder: Path, digest: str) -> Report:
    """The report of a file that is the same before and after it was read; Unreadable when it keeps changing."""
    for _ in range(_ATTEMPTS):
        report = read(path, folder)
        if report.sha256 == digest:
            return report
        digest = report.sha256
    name = path.relative_to(folder).as_posix()
    raise Unreadable(f"{name}: changes while it is read. Run this again when it has been written.")
