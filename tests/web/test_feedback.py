"""Feedback over HTTP: kept as data, of whoever may ask, where the settings want it; and nothing of it in the log."""

from __future__ import annotations

import json
import logging
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from answer.feedback import Cited, Feedback, FeedbackFile
from tests.web.fakes import DECLINED, FREIGHT_ZH, QUOTED, ZH
from tests.web.test_page_routes import kept
from tests.web.test_safety import accounts, serving, sign_in

__all__ = ["accounts", "serving"]

TURN = "k3x9a1b2m5n7"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "feedback.sqlite"


def said(good: bool | None = True, note: str = "", turn: str = TURN, **more: Any) -> dict[str, Any]:
    answer = kept(QUOTED)["answer"] | {"generation": 7}
    return {"turn": turn, "good": good, "note": note, "question": "货运呢？", "answer": answer} | more


def all_of(file: Path) -> list[Feedback]:
    return FeedbackFile(file).all()


def test_it_is_kept_with_question_answer_quotes_passages_and_generation(
    serving: Callable[..., httpx.Client], file: Path
) -> None:
    client = serving(feedback=str(file))
    assert client.post("/page/feedback", json=said(False, " 错的年份 <b>x</b> ")).json() == {"kept": True}
    declined = kept(DECLINED)["answer"]
    assert client.post("/page/feedback", json=said(True, turn="another-turn", answer=declined)).status_code == 200
    first, second = all_of(file)
    assert (first.good, first.note, first.question) == (False, "错的年份 <b>x</b>", "货运呢？")
    assert (first.understood, first.language, first.certainty) == (QUOTED.question, "zh", "sure")
    assert first.answer == QUOTED.text
    cited = FREIGHT_ZH
    assert first.cited[0] == Cited(ZH.path, ZH.sha256, cited.start, cited.end, None, cited.quote)
    assert first.generation == 7
    assert first.time.endswith("+00:00")
    assert [one.path for one in second.nearest] == ["harbour.zh.md", "harbour.en.md"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert b"<p" not in file.read_bytes()


def test_the_words_that_answer_are_kept_apart(serving: Callable[..., httpx.Client], file: Path) -> None:
    sent = said()
    place = ZH.text.index("12.5%")
    sent["answer"]["claims"][0]["answer_span"] = [place, place + 5]
    serving(feedback=str(file)).post("/page/feedback", json=sent)
    assert [one.words for one in all_of(file)[0].cited] == ["12.5%", ""]


def test_it_can_be_changed_and_taken_back_by_who_said_it_alone(
    serving: Callable[..., httpx.Client], file: Path, accounts: Path
) -> None:
    client = serving(feedback=str(file), accounts=str(accounts))
    assert client.post("/page/feedback", json=said()).status_code == 401
    for name, good in (("anna", True), ("ben", False)):
        client.cookies.clear()
        sign_in(client, name, f"harbour-{name}")
        client.post("/page/feedback", json=said(not good))
        client.post("/page/feedback", json=said(good))
    assert [one.good for one in all_of(file)] == [True, False]
    assert client.post("/page/feedback", json=said(None)).json() == {"kept": False}
    assert [one.good for one in all_of(file)] == [True]
    assert b"anna" not in file.read_bytes()


def test_it_is_switched_off_by_the_settings(serving: Callable[..., httpx.Client]) -> None:
    client = serving(feedback="")
    assert client.post("/page/feedback", json=said()).status_code in (404, 405)
    assert "FEEDBACK = false" in client.get("/").text


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (said(note="长" * 1001), 422),
        (said(turn=""), 422),
        (said(note="\ud83d"), 422),
        (said(question="长" * 2001), 422),
        (said(answer={"claims": "none"}), 422),
        (said(answer=kept(QUOTED)["answer"] | {"generation": 2**64}), 422),
        (said(answer=kept(QUOTED)["answer"] | {"note": "长" * 50_000}), 413),
    ],
    ids=[
        "a long note",
        "no turn",
        "half a character",
        "a long question",
        "no answer",
        "a wild number",
        "a huge answer",
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(
    serving: Callable[..., httpx.Client], file: Path, sent: dict[str, Any], status: int
) -> None:
    client = serving(feedback=str(file))
    response = client.post("/page/feedback", content=json.dumps(sent), headers={"Content-Type": "application/json"})
    assert response.status_code == status
    assert response.json()["error"]["zh"]
    assert all_of(file) == []


def test_the_log_has_nothing_of_it_even_where_it_cannot_be_kept(
    serving: Callable[..., httpx.Client], file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file.mkdir(parents=True)
    with caplog.at_level(logging.INFO, "wenbao"):
        response = serving(feedback=str(file)).post("/page/feedback", json=said(note="privately said"))
    assert response.status_code == 500
    assert response.json()["error"]["en"] == "This could not be kept. Please try again later."
    assert "no feedback" in caplog.text
    for secret in ("privately said", "货运", QUOTED.text, ZH.id):
        assert secret not in caplog.text
