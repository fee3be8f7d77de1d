"""Reading in processes of their own: a file that hangs, swells or crashes its reader costs itself and nothing else."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from itertools import chain
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from ingest.pdf import recognize
from ingest.written import KNOWN, Unreadable, unopened
from records import Report, Told, told

#: What a reading process runs; it is given the root and its limits as JSON.
COMMAND = (sys.executable, "-m", "ingest.bounded")
_ROOT = Path(__file__).resolve().parent.parent
_MB = 1_000_000
_FIELDS = fields(Report)
#: Half of a character beyond the first 65,536, without the other: ``\ud83d``
_HALF = re.compile("[\ud800-\udfff]")
#: What a file has too many of, as counted in Chinese.
_COUNTED = {"bytes": "字节", "pages": "页", "characters": "个字符"}
#: Files a process is asked for at once: their paths fit into a pipe that nobody reads.
_TOGETHER = 8


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost: bytes of it, pages and characters of its report, bytes of memory, seconds."""

    bytes: int = 500 * _MB
    pages: int = 5_000
    characters: int = 30_000_000
    memory: int = 2_000 * _MB
    seconds: float = 60.0
    seconds_a_megabyte: float = 5.0
    most_seconds: float = 600.0
    scanned: float = 12.0
    """So many times as long where text recognition is installed, which takes seconds a page."""

    def time(self, path: Path) -> float:
        """Seconds for a file."""
        size = path.stat().st_size if path.exists() else 0
        seconds = min(self.seconds + self.seconds_a_megabyte * size / _MB, self.most_seconds)
        return seconds * self.scanned if path.suffix.lower() == ".pdf" and recognize.is_there() else seconds


class GivenUp(Unreadable):
    """A file that was not read to its end: that would have cost too much, or crashed its reader."""


def read(path: Path, root: Path, limits: Limits = Limits()) -> Report:
    """As ``ingest.read.read``, in a process of its own. Raises Unreadable."""
    with Readers(root, limits=limits) as readers:
        (report,) = readers.read([path])
    if isinstance(report, Unreadable):
        raise report
    return report


class Readers:
    """``count`` processes that read files below ``root``; each starts with its first file. A context manager."""

    def __init__(self, root: Path, count: int = 1, limits: Limits = Limits()) -> None:
        self._threads = ThreadPoolExecutor(count)
        self._all = [_Reader(root, limits) for _ in range(count)]
        self._idle: SimpleQueue[_Reader] = SimpleQueue()
        for reader in self._all:
            self._idle.put(reader)

    def __enter__(self) -> Readers:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for reader in self._all:
            reader.close()

    def read(self, paths: Sequence[Path]) -> Iterator[Report | Unreadable]:
        """The report in each of the files or why there is none, in their order; reading begins at once.

        GivenUp where a limit was reached or the reader crashed.
        """
        some = [paths[first : first + _TOGETHER] for first in range(0, len(paths), _TOGETHER)]
        return chain.from_iterable(self._threads.map(self._read, some))

    def _read(self, paths: Sequence[Path]) -> list[Report | Unreadable]:
        reader = self._idle.get()
        try:
            return reader.read(paths)
        finally:
            self._idle.put(reader)


class _Reader:
    """One process that reads file after file, and another in its place when it ends."""

    def __init__(self, root: Path, limits: Limits) -> None:
        self._root, self._limits = root, limits
        self._process: subprocess.Popen[str] | None = None
        self._closed = False
        #: How many files the process has read.
        self._done = 0

    def close(self) -> None:
        """Ends the process, whatever it is at."""
        self._closed = True
        self._end()

    def read(self, paths: Sequence[Path]) -> list[Report | Unreadable]:
        """The report in each of the files or why there is none; they are all asked for before the first answer."""
        found: list[Report | Unreadable] = []
        while len(found) < len(paths) and not self._closed:
            rest = paths[len(found) :]
            process = self._asked(rest)
            for path in rest:
                answer, was_fresh = self._answer(process, path), self._done == 0
                self._done += 1
                if "end" in answer:
                    self._end()
                    # what the files before left in its memory may have been the cause
                    if was_fresh or answer["end"] == "time":
                        found.append(GivenUp(path.relative_to(self._root).as_posix(), Told(*answer["why"])))
                    break
                name = path.relative_to(self._root).as_posix()
                found.append(
                    _report(answer["report"]) if "report" in answer else Unreadable(name, Told(*answer["why"]))
                )
        return found

    def _asked(self, paths: Sequence[Path]) -> subprocess.Popen[str]:
        """The process, which was told to read these files."""
        process = self._process = self._process or self._started()
        assert process.stdin
        with suppress(OSError):  # it ended: so will reading its answer
            process.stdin.write("".join(json.dumps(os.path.abspath(path)) + "\n" for path in paths))
            process.stdin.flush()
        return process

    def _answer(self, process: subprocess.Popen[str], path: Path) -> dict[str, Any]:
        """What the process says of the file, or how it ended."""
        assert process.stdout
        line = process.stdout.readline()
        answer: dict[str, Any] = json.loads(line) if line.endswith("\n") else self._ended(process.wait(), path)
        return answer

    def _started(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*COMMAND, os.path.abspath(self._root), json.dumps(asdict(self._limits))],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="ascii",
        )

    def _end(self) -> None:
        process, self._process, self._done = self._process, None, 0
        if process:
            process.kill()
            process.wait()

    def _ended(self, code: int, path: Path) -> dict[str, Any]:
        if code == -signal.SIGALRM:
            seconds = self._limits.time(path)
            why = f"reading it takes longer than {seconds:.0f} s. Split it into smaller files."
            return {"end": "time", "why": (why, f"读取超过 {seconds:.0f} 秒。请拆成几个小一些的文件。")}
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        why = f"its reader crashed ({how}). Save it again in its program, or as {KNOWN}."
        chinese = f"读取程序崩溃（{how}）。请用原来的程序重新保存，或者存成 {KNOWN.chinese}。"
        return {"end": "crash", "why": (why, chinese)}


def _report(said: dict[str, Any]) -> Report:
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
    return Report(**fields | {"left_out": tuple(Told(*both) for both in said["left_out"])})


def serve(root: Path, limits: Limits) -> None:
    """Reads file after file: lines with their paths as JSON on stdin, lines with their reports as JSON on stdout."""
    from ingest.read import read  # heavy, and for this process alone

    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="ascii")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    _bound(limits)
    for question in sys.stdin:
        answer = json.dumps(_answer(read, Path(json.loads(question)), root, limits))
        signal.setitimer(signal.ITIMER_REAL, 0)
        print(answer, file=answers, flush=True)


def _answer(read: Callable[[Path, Path], Report], path: Path, root: Path, limits: Limits) -> dict[str, Any]:
    name = path.relative_to(root).as_posix()
    try:
        signal.setitimer(signal.ITIMER_REAL, limits.time(path))  # whose signal ends this process
        _check(name, "bytes", path.stat().st_size, limits.bytes)
        report = read(path, root)
        _check(name, "pages", len(report.pages), limits.pages)
        _check(name, "characters", len(report.text), limits.characters)
        known = {field.name: getattr(report, field.name) for field in _FIELDS}
        known["left_out"] = tuple(map(_both, report.left_out))
        return {"report": {name: value if name == "path" else _storable(value) for name, value in known.items()}}
    except Unreadable as error:
        return {"why": _both(error.why)}
    except OSError as error:
        return {"why": _both(unopened(name, error).why)}
    except MemoryError:
        memory = f"{limits.memory / 1000 / _MB:g} GB"
        why = f"reading it takes more than {memory} of memory. Split it into smaller files."
        return {"end": "memory", "why": (why, f"读取要用 {memory} 以上的内存。请拆成几个小一些的文件。")}
    except BaseException as error:  # whatever a library throws is about this file alone
        fault = f"{type(error).__name__}: {error}"[:200]
        why = f"its reader failed ({fault}). Save it again in its program, or as {KNOWN}."
        return {"why": (why, f"读取失败（{fault}）。请用原来的程序重新保存，或者存成 {KNOWN.chinese}。")}


def _both(sentence: str) -> tuple[str, str]:
    """The sentence in English and in Chinese, which JSON would lose."""
    return str(sentence), told(sentence).chinese


def _storable(value: Any) -> Any:
    """What is known of a report, without halves of characters: nothing can store or encode them."""
    if isinstance(value, tuple):
        return tuple(map(_storable, value))
    return _HALF.sub("\ufffd", value) if isinstance(value, str) else value


def _check(name: str, what: str, count: int, most: int) -> None:
    if count > most:
        raise Unreadable(
            name,
            Told(
                f"has {count:,} {what}; {most:,} can be read. Split it into smaller files.",
                f"有 {count:,} {_COUNTED[what]}，最多能读 {most:,} {_COUNTED[what]}。请拆成几个小一些的文件。",
            ),
        )


def _bound(limits: Limits) -> None:
    """Limits this process, where the system can: memory, no core dumps, the first to go when memory is short."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the build, which ends this process
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("900")


if __name__ == "__main__":
    serve(Path(sys.argv[1]), Limits(**json.loads(sys.argv[2])))
