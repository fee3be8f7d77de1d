"""Who would wait too long at the desk is told so instead, and who would not is served."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Semaphore

import pytest

from web.desk import Desk
from web.problems import Problem


class Work:
    """Gives one word when it is let go."""

    def __init__(self) -> None:
        self.go, self.begun = Event(), Semaphore(0)

    def __call__(self) -> Iterator[str]:
        self.begun.release()
        self.go.wait(10)
        yield "done"


def quick() -> Iterator[str]:
    yield "done"


def test_who_is_not_begun_with_in_time_is_sent_away_and_gives_up_the_place() -> None:
    desk, work = Desk[str](1, 1, 20, patience=0.2), Work()
    first = desk.put(work)
    assert work.begun.acquire(timeout=10)
    came = time.monotonic()
    with pytest.raises(Problem, match="The server is busy") as refused:
        list(desk.put(quick))
    assert 0.1 < time.monotonic() - came < 5
    assert refused.value.headers == {"Retry-After": "5"}
    assert desk.waiting == 0
    work.go.set()
    assert list(first) == ["done"]


def test_what_has_begun_may_take_longer_than_one_would_wait() -> None:
    desk, work = Desk[str](1, 0, 20, patience=0.1), Work()
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(lambda: list(desk.put(work)))
        time.sleep(0.3)
        work.go.set()
        assert answer.result() == ["done"]


def test_where_there_is_a_free_place_long_work_is_begun_however_long_it_takes() -> None:
    desk = Desk[str](2, 4, 20, patience=0.05)

    def slow() -> Iterator[str]:
        time.sleep(0.1)
        yield "done"

    for _ in range(6):
        first, second = desk.put(slow), desk.put(slow)
        assert [*first, *second] == ["done", "done"]


def test_a_line_that_would_take_too_long_is_not_joined() -> None:
    desk, work = Desk[str](1, 16, 20, patience=0.15), Work()

    def slow() -> Iterator[str]:
        time.sleep(0.1)
        yield "done"

    for _ in range(10):
        assert list(desk.put(slow)) == ["done"]
    first = desk.put(work)
    assert work.begun.acquire(timeout=10)
    with pytest.raises(Problem, match="1 requests are here already"):
        desk.put(quick)
    work.go.set()
    assert list(first) == ["done"]
    assert list(desk.put(quick)) == ["done"]
