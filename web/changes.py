"""Changes of the reports folder, one at a time: a report taken in, one removed, the index following what is there."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import threading
import time
import unicodedata
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path, PureWindowsPath
from typing import BinaryIO, Protocol

from index.generation import Busy, NoIndex, withdraw
from index.search import Filters
from ingest.bounded import read
from ingest.clean import KINDS
from ingest.library import files
from ingest.written import Unreadable
from records import Hit, Report
from settings import Settings
from web.desk import Room
from web.problems import Problem, where

log = logging.getLogger("wenbao")

EVERYTHING = Filters()
#: Uploads that are received or wait at the same time, at most.
_UPLOADS = 16
#: The longest name of a file that every file system takes, in bytes.
_LONGEST_NAME = 240
#: The kinds of characters that turn the direction of what is written after them.
_TURNING = frozenset(("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"))
#: What a file that comes is kept in until it has its name, and after how many seconds one is left over from a kill.
_INCOMING, _LEFT_OVER = ".incoming-", 3600.0
#: How long a build that somebody else runs is waited for, in seconds, and how often it is looked after.
_PATIENCE, _LOOK = 30.0, 0.2


class Library(Protocol):
    """The reports behind the answers, as the index holds them."""

    @property
    def generation(self) -> int:
        """Which state of the index is open."""

    def reports(self, texts: bool = True) -> list[Report]:
        """All reports; without ``texts`` their text is empty."""

    def report(self, report_id: str) -> Report:
        """The report of an id; raises KeyError when it has left the collection."""

    def search(self, question: str, k: int = 10, filters: Filters = EVERYTHING) -> list[Hit]:
        """The ``k`` passages that fit best."""

    def refresh(self) -> object:
        """Sees what was indexed since; raises NoIndex."""


def refresh(library: Library) -> None:
    """Sees what was indexed since. Raises NoIndex where there were reports and the index is gone.

    Before the first report there is nothing to index, and nothing is missed.
    """
    try:
        library.refresh()
    except NoIndex:
        if library.reports(texts=False):
            raise


class Changes:
    """The only one who changes the reports folder: whatever is asked of it is done one after the other."""

    def __init__(self, settings: Settings, library: Library, build: Callable[[], object]) -> None:
        self._settings, self._folder, self._every = settings, settings.reports, settings.watch
        self._library, self._build = library, build
        self._worker = ThreadPoolExecutor(1, "changes")
        self._stopped = threading.Event()
        self.room = Room(_UPLOADS)

    def add(self, name: str, file: BinaryIO) -> Future[Report]:
        """Puts a file into the folder, under its own name, and indexes it. Raises Problem, at once or later.

        Nothing is kept of a file that is no report, cannot be read, is there already under this name, or says the
        same as another one.
        """
        return self._worker.submit(self._add, _named(name), file)

    def remove(self, report_id: str) -> Future[Report]:
        """Deletes a report's file, and the index follows. Raises Problem later."""
        return self._worker.submit(self._remove, report_id)

    def _add(self, name: str, file: BinaryIO) -> Report:
        target = self._folder / name
        try:
            digest = self._place(target, file)
        except OSError as error:
            told = error.strerror or type(error).__name__
            raise Problem(500, f"{name} 存不下来：{told}。", f"{name} cannot be stored: {told}.") from error
        try:
            self._follow()
            known = self._library.reports(texts=False)
            found = next((report for report in known if report.path == name), None)
            if found is None:
                raise (
                    _same(name)
                    if _holds(known, digest)
                    else Problem(
                        503, f"{name} 没能编入索引，没有保留。", f"{name} could not be indexed and was not kept."
                    )
                )
        except Busy as error:
            raise Problem(
                503,
                f"{name} 已存入报告文件夹，但另一次建索引正在进行；下一次建索引时会收入它。",
                f"{name} is in the reports folder, but another build is running; the next one takes it in.",
            ) from error
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        return self._library.report(found.id)

    def _place(self, target: Path, file: BinaryIO) -> str:
        """Puts the file where nothing of its name is, all of it or nothing; its digest. Raises Problem, OSError."""
        if target.exists():
            raise _taken(target.name)
        _clear_away(self._folder)
        with tempfile.TemporaryDirectory(prefix=_INCOMING, dir=self._folder) as folder:
            copy = Path(folder) / target.name
            with copy.open("wb") as written:
                shutil.copyfileobj(file, written)
                written.flush()
                os.fsync(written.fileno())
            try:
                digest = read(copy, Path(folder)).sha256
            except Unreadable as error:
                raise Problem(422, error.chinese, str(error)) from error
            if _holds(self._library.reports(texts=False), digest):
                raise _same(target.name)
            try:
                _move(copy, target)
            except FileExistsError:
                raise _taken(target.name) from None
        _sync(self._folder)
        return digest

    def _remove(self, report_id: str) -> Report:
        refresh(self._library)
        found = next((report for report in self._library.reports(texts=False) if report.id == report_id), None)
        file = self._folder / found.path if found else None
        if not found or not file or not file.resolve().is_relative_to(self._folder.resolve()):
            raise Problem(404, f"没有编号为 {report_id} 的报告。", f"There is no report with the id {report_id}.")
        file.unlink(missing_ok=True)
        withdraw(self._settings, [found.path])
        try:
            self._follow()
        except Busy as error:
            raise Problem(
                503,
                f"{found.path} 已删除，但另一次建索引正在进行；下一次建索引后就不再引用它。",
                f"{found.path} is deleted, but another build is running; after the next one it is cited no more.",
            ) from error
        return found

    def _follow(self) -> None:
        """Brings the index up to the folder; waits a while for a build that somebody else runs. Raises Busy."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                self._build()
                break
            except Busy:
                if time.monotonic() > deadline or self._stopped.wait(_LOOK):
                    raise
        refresh(self._library)

    def watch(self) -> None:
        """Follows the folder from now on, whoever changes it; not at all where the settings say so."""
        if self._every > 0:
            threading.Thread(target=self._watch, name="watch", daemon=True).start()

    def stop(self) -> None:
        """Ends watching; what is being done is done to its end."""
        self._stopped.set()
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _watch(self) -> None:
        followed, before, fault = None, None, ""
        while not self._stopped.wait(self._every):
            seen = self._seen()
            # only what looks the same twice has been written to its end
            if seen == before and seen != followed:
                with suppress(RuntimeError):  # stopped meanwhile
                    told = self._worker.submit(self._caught_up).result()
                    followed = before if not told else followed
                    if told and told != fault:
                        log.warning("the index does not follow the folder: %s", told)
                    fault = told
            before = seen

    def _seen(self) -> list[tuple[str, int, int]]:
        """The files, each with its size and time of change; none while the folder is away."""
        try:
            return [(name, status.st_size, status.st_mtime_ns) for name, status in files(self._folder)]
        except OSError:
            return []

    def _caught_up(self) -> str:
        """Follows the folder; what went wrong, or ""."""
        try:
            self._follow()
        except Busy:
            return "another build is running"
        except Exception as error:
            return where(error)
        return ""


def _named(name: str) -> str:
    """The name a file is stored under: ``C:\\\\papers\\\\.a.md`` -> ``a.md``. Raises Problem when it cannot be one."""
    name = unicodedata.normalize("NFC", Path(name.replace("\\", "/")).name.lstrip(".~#$"))
    kind, known = Path(name).suffix.lower(), " ".join(KINDS)
    if kind not in KINDS:
        raise Problem(
            415,
            f"{name or '这个文件'} 不是能读的报告。可以上传：{known}。",
            f"{name or 'This file'} is no kind of report. These can be uploaded: {', '.join(KINDS)}.",
        )
    length = len(name.encode("utf-8", "replace"))
    if length > _LONGEST_NAME:
        raise Problem(
            422,
            f"文件名有 {length} 个字节，最多 {_LONGEST_NAME} 个。请改短后再上传。",
            f"The file's name has {length} bytes; {_LONGEST_NAME} is the most. Give it a shorter one.",
        )
    odd = next((character for character in name if _is_odd(character)), None)
    if odd:
        raise Problem(
            422,
            f"文件名里有不能用的字符（U+{ord(odd):04X}）。请改名后再上传。",
            f"The file's name has a character that no name can have (U+{ord(odd):04X}). Rename the file first.",
        )
    if PureWindowsPath(name).is_reserved():
        raise Problem(
            422,
            f"{name} 在 Windows 上是设备的名字，不能用作文件名。请改名后再上传。",
            f"{name} names a device on Windows, and no file there can be called so. Rename the file first.",
        )
    return name


def _is_odd(character: str) -> bool:
    """A control, half a character, or one that turns the direction: ``a<U+202E>fdp.md`` would be shown as adm.pdf."""
    turns = unicodedata.bidirectional(character) in _TURNING
    return turns or unicodedata.category(character) in ("Cc", "Cs")


def _taken(name: str) -> Problem:
    return Problem(
        409,
        f"已经有一份叫 {name} 的报告。请改名后再上传。",
        f"There is a report named {name} already. Rename the file first.",
    )


def _same(name: str) -> Problem:
    return Problem(
        409, f"{name} 和已有的一份报告内容相同。", f"{name} says the same as a report that is there already."
    )


def _holds(known: list[Report], digest: str) -> bool:
    return any(report.sha256 == digest for report in known)


def _clear_away(folder: Path) -> None:
    """Removes what uploads left that were killed."""
    for left in folder.glob(f"{_INCOMING}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFT_OVER:
                shutil.rmtree(left)


def _move(file: Path, target: Path) -> None:
    """Gives a file its name, all of it at once. Raises FileExistsError: no other file loses its place."""
    try:
        os.link(file, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without links: the name is claimed first
        target.touch(exist_ok=False)
        file.replace(target)


def _sync(folder: Path) -> None:
    """Has the folder's own list of names written, so that a power cut does not lose one."""
    with suppress(OSError):  # not every system can
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
