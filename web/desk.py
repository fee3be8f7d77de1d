"""Where questions wait for an answer: so many at once, so many in line, each for so long."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Event
from typing import Generic, TypeVar

from web.problems import Problem

T = TypeVar("T")
#: After how many seconds someone who found no room may try again.
_AGAIN = 5


class Room:
    """Room for so many; whoever comes when it is full is told so at once: Problem 503."""

    def __init__(self, places: int) -> None:
        self._places, self._free = places, BoundedSemaphore(places)

    def enter(self) -> None:
        """Takes a place. Raises Problem."""
        if not self._free.acquire(blocking=False):
            raise Problem(
                503,
                f"服务器正忙：已有 {self._places} 个请求在处理或排队。请过几秒再试。",
                f"The server is busy: {self._places} requests are here already. Please try again in a moment.",
                again_in=_AGAIN,
            )

    def leave(self) -> None:
        """Gives the place back."""
        self._free.release()

    def __enter__(self) -> None:
        self.enter()

    def __exit__(self, *_: object) -> None:
        self.leave()


@dataclass(frozen=True, slots=True)
class _End:
    """Nothing follows; ``error`` is what it ended with."""

    error: BaseException | None


class Desk(Generic[T]):
    """Has ``at_once`` questions answered at a time while ``waiting`` more wait; each has ``seconds`` in all.

    A question keeps its place until its work has ended, even where nobody waits for the answer any more.
    """

    def __init__(self, at_once: int, waiting: int, seconds: float) -> None:
        self._room = Room(at_once + waiting)
        self._workers = ThreadPoolExecutor(at_once, "answer")
        self._seconds = seconds

    def put(self, work: Callable[[], Iterator[T]]) -> Iterator[T]:
        """What the work gives, as it gives it, and its errors; begun at once. Raises Problem when busy or too slow."""
        self._room.enter()
        given: SimpleQueue[T | _End] = SimpleQueue()
        gone = Event()
        future = self._workers.submit(_work, work, given, gone)
        future.add_done_callback(lambda _: self._room.leave())
        return self._read(given, gone, future, time.monotonic() + self._seconds)

    def _read(self, given: SimpleQueue[T | _End], gone: Event, future: Future[None], deadline: float) -> Iterator[T]:
        try:
            while True:
                try:
                    one = given.get(timeout=max(0.0, deadline - time.monotonic()))
                except Empty:
                    raise self._late() from None
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
        )


def _work(work: Callable[[], Iterator[T]], given: SimpleQueue[T | _End], gone: Event) -> None:
    error: BaseException | None = None
    try:
        for one in work():
            if gone.is_set():
                break
            given.put(one)
    except BaseException as raised:
        error = raised
    given.put(_End(error))
