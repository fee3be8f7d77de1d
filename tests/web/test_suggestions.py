"""Next questions: few, each tried, none that leads back, and never at the cost of an answer."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from index.search import Filters
from records import Answer
from settings import Settings
from tests.web.fakes import DECLINED, EAST, EN, FREIGHT_ZH, OUTLOOK, QUOTED, WRITTEN, ZH, FakeAssistant, FakeLibrary
from tests.web.test_page_routes import kept
from tests.web.test_safety import serving
from web.api import EVERYTHING, Parts, make_api
from web.desk import Desk
from web.page_routes import add_routes
from web.suggestions import Suggestions, candidates

__all__ = ["serving"]

EASTERN = "《港口年报 2024》里，东区是多少？"


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    library = FakeLibrary()
    return Parts(Settings(reports=tmp_path), library, FakeAssistant(), partial(library.follow, tmp_path))


def led(parts: Parts, *turns: dict[str, Any], **more: Any) -> list[list[str]]:
    add_routes(app := make_api(parts), parts)
    response = TestClient(app, base_url="http://localhost").post("/page/next", json={"turns": list(turns), **more})
    assert response.status_code == 200, response.text
    return [json.loads(line) for line in response.text.splitlines()]


def tried(parts: Parts) -> list[tuple[str, Filters]]:
    assert isinstance(parts.assistant, FakeAssistant)
    assert parts.assistant.asked == []
    return [(question, filters) for one in parts.assistant.silent for question, _, filters in one.asked]


def test_a_question_is_offered_where_the_cited_report_answers_it_for_sure(parts: Parts) -> None:
    found = led(parts, kept(QUOTED), filters={"years": [2024]})
    asked = tried(parts)
    assert found == [[EASTERN]] * len(asked)
    assert asked[0] == (EASTERN, Filters(years=(2024,)))
    assert 1 < len(asked) <= 6
    assert "《港口年报 2024》里，客运量是多少？" in [question for question, _ in asked]
    assert not any("运量”说了" in question for question, _ in asked)  # the section that is quoted already


def test_it_is_in_the_language_of_the_question(parts: Parts) -> None:
    assert led(parts, kept(WRITTEN))[-1] == ["What does “Harbour report 2025” say about “Outlook”?"]


def test_what_was_asked_or_shown_before_is_not_offered_again(parts: Parts) -> None:
    for earlier in ({"question": EASTERN}, kept(EAST)):
        assert led(parts, earlier, kept(QUOTED))[-1] == []
    assert EASTERN not in [question for question, _ in tried(parts)]


def test_nothing_is_tried_for_a_declined_answer_or_one_whose_report_is_gone(parts: Parts) -> None:
    assert led(parts, kept(DECLINED)) == []
    assert isinstance(parts.library, FakeLibrary)
    del parts.library.all[ZH.id]
    assert led(parts, kept(QUOTED)) == []
    assert led(parts, kept(QUOTED), {"question": "not answered"}) == []
    assert tried(parts) == []


def test_in_another_language_than_the_report_it_is_only_asked_what_that_is_about() -> None:
    assert [one.question for one in candidates(ZH, "en", FREIGHT_ZH)] == ["What is “港口年报 2024” about?"]


class Held(FakeAssistant):
    """Tries to answer until it may."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go = threading.Semaphore(0), threading.Semaphore(0)

    def quoting(self) -> FakeAssistant:
        return self

    def reply(self, *question: Any) -> Iterator[Answer]:
        self.begun.release()
        assert self.go.acquire(timeout=20)
        yield from super().reply(*question)


def until_idle(desk: Desk[Any]) -> None:
    deadline = time.monotonic() + 20
    while not desk.idle:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_who_reads_no_further_ends_the_work_after_the_try_that_runs() -> None:
    held = Held()
    suggestions = Suggestions(FakeLibrary(), held, Desk[Answer](1, 1, 20))
    found = suggestions.after([QUOTED], [], EVERYTHING)
    held.go.release()
    assert next(found) == [EASTERN]
    assert held.begun.acquire(timeout=20)
    assert held.begun.acquire(timeout=20)  # the second try has begun
    found.close()  # type: ignore[attr-defined]
    held.go.release()
    until_idle(suggestions._desk)
    assert len(held.asked) == 2


def test_a_browser_that_goes_away_ends_the_work(serving: Callable[..., httpx.Client]) -> None:
    held = Held()
    client = serving(held)
    with client.stream("POST", "/page/next", json={"turns": [kept(QUOTED)]}) as response:
        held.go.release()
        assert json.loads(next(response.iter_lines())) == [EASTERN]
        assert held.begun.acquire(timeout=20)
        assert held.begun.acquire(timeout=20)  # the second try has begun
    time.sleep(1)  # the server has seen it go
    for _ in range(6):
        held.go.release()
        time.sleep(0.5)  # as long as a try takes
    assert len(held.asked) <= 3  # of five


def test_people_s_questions_come_first() -> None:
    held, desk = Held(), Desk[Answer](1, 1, 20)
    going = threading.Event()

    def work() -> Iterator[Answer]:
        going.wait(20)
        yield OUTLOOK

    answers = desk.put(work)
    assert list(Suggestions(FakeLibrary(), held, desk).after([QUOTED], [], EVERYTHING)) == []
    assert held.asked == []
    going.set()
    assert list(answers) == [OUTLOOK]


def test_a_try_that_fails_costs_the_suggestions_alone(parts: Parts, caplog: pytest.LogCaptureFixture) -> None:
    class Broken(FakeAssistant):
        def reply(self, *_: Any) -> Iterator[Answer]:
            raise RuntimeError("a secret of the server")

    assert list(Suggestions(FakeLibrary(), Broken(), Desk[Answer](1, 1, 20)).after([WRITTEN], [], EVERYTHING)) == []
    assert "no suggestions" in caplog.text
    assert "secret" not in caplog.text
    assert EN.title not in caplog.text
