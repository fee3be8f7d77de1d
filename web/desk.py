"""Where questions wait for an answer: so many at once, so many in line, each for so long."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Event, Lock
from typing import Generic, TypeVar

from web.problems import Problem

T = TypeVar("T")
#: After how many seconds someone who found no room may try again.
_AGAIN = 5
#: How much the latest question weighs in how long one takes.
_LATEST = 0.2


class Room:
    """Room for so many; whoever comes when it is full is told so at once: Problem 503."""

    def __init__(self, places: int) -> None:
        self._places, self._taken, self._lock = places, 0, Lock()

    @property
    def taken(self) -> int:
        """How many are in it."""
        return self._taken

    def enter(self) -> None:
        """Takes a place. Raises Problem."""
        with self._lock:
            if self._taken >= self._places:
                raise busy(self._places)
            self._taken += 1

    def leave(self) -> None:
        """Gives the place back."""
        with self._lock:
            self._taken -= 1

    def __enter__(self) -> None:
        self.enter()

    def __exit__(self, *_: object) -> None:
        self.leave()


def busy(requests: int) -> Problem:
    """So many came before."""
    return Problem(
        503,
        f"服务器正忙：已有 {requests} 个请求在处理或排队。请过几秒再试。",
        f"The server is busy: {requests} requests are here already. Please try again in a moment.",
        again_in=_AGAIN,
    )


@dataclass(frozen=True, slots=True)
class _End:
    """Nothing follows; ``error`` is what it ended with."""

    error: BaseException | None


class Desk(Generic[T]):
    """Has ``at_once`` questions answered at a time while ``waiting`` more wait; each has ``seconds`` in all.

    Whoever would not have an answer within ``patience`` seconds, as long as answers take now, is told so instead.
    A question keeps its place until its work has ended, even where nobody waits for the answer any more.
    """

    def __init__(self, at_once: int, waiting: int, seconds: float, patience: float | None = None) -> None:
        self._room, self._at_once = Room(at_once + waiting), at_once
        self._workers = ThreadPoolExecutor(at_once, "answer")
        self._seconds, self._patience = seconds, seconds if patience is None else min(patience, seconds)
        #: How long a question is worked on, in seconds, the latest ones above all.
        self._took = 0.0

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return max(0, self._room.taken - self._at_once)

    @property
    def idle(self) -> bool:
        """Is nothing worked on, and does nobody wait?"""
        return not self._room.taken

    def put(self, work: Callable[[], Iterator[T]]) -> Iterator[T]:
        """What the work gives, as it gives it, and its errors; begun at once. Raises Problem when busy or too slow."""
        ahead, patience = self._room.taken - self._at_once + 1, self._seconds
        if ahead > 0:
            patience = self._patience - self._took
            if self._took * ahead / self._at_once > patience:
                raise busy(self._room.taken)
        self._room.enter()
        given: SimpleQueue[T | _End] = SimpleQueue()
        gone = Event()
        future = self._workers.submit(self._work, work, given, gone)
        future.add_done_callback(lambda _: self._room.leave())
        return self._read(given, gone, future, time.monotonic(), patience)

    def _read(
        self, given: SimpleQueue[T | _End], gone: Event, future: Future[None], came: float, patience: float
    ) -> Iterator[T]:
        """``patience`` is for how long its work may not have begun."""
        try:
            while True:
                try:
                    one = given.get(timeout=max(0.0, came + patience - time.monotonic()))
                except Empty:
                    if future.cancel():
                        raise busy(self._room.taken) from None
                    if patience == self._seconds:
                        raise self._late() from None
                    patience = self._seconds  # it has begun
                    continue
                if isinstance(one, _End):
                    if one.error:
                        raise one.error
                    return
                yield one
        finally:
            gone.set()
            future.cancel()

    def _late(self) -> Problem:
        return Problem(
            503,
            f"这个问题在 {self._seconds:g} 秒内没有答完。请问得短一些，或者稍后再试。",
            f"The question was not answered within {self._seconds:g} seconds. Ask a shorter one, or try again later.",
            again_in=_AGAIN,
            reason="too long",
        )

    def _work(self, work: Callable[[], Iterator[T]], given: SimpleQueue[T | _End], gone: Event) -> None:
        error: BaseException | None = None
        begun = time.monotonic()
        try:
            for one in work():
                if gone.is_set():
                    break
                given.put(one)
        except BaseException as raised:
            error = raised
        self._took += _LATEST * (time.monotonic() - begun - self._took)
        given.put(_End(error))
