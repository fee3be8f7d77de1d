"""Other programs that ask: OpenAI's own client, plain HTTP and an MCP client, each against a real server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from records import Support, Turn
from settings import ROOT, Settings
from tests.web.fakes import DECLINED, EN, FREIGHT_EN, FREIGHT_ZH, QUOTED, WRITTEN, ZH, FakeAssistant, FakeLibrary
from tests.web.test_safety import running
from web.accounts import add_key, add_user
from web.api import MOST_TURNS, Parts
from web.cited import cited_text, without_sources
from web.openai_api import Message, conversation

CHINESE = "货运增长了多少？"


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    (reports := tmp_path / "reports").mkdir()
    library = FakeLibrary()
    settings = Settings(reports=reports, index=tmp_path / "index", port=0)
    return Parts(settings, library, FakeAssistant(), partial(library.follow, reports))


@pytest.fixture
def http(parts: Parts) -> Iterator[httpx.Client]:
    with running(parts) as client:
        yield client


@pytest.fixture
def client(http: httpx.Client) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{http.base_url}/v1", api_key="none", max_retries=0) as client:
        yield client


def test_openais_client_is_answered_with_marks_and_sources(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(model="wenbao", messages=[{"role": "user", "content": CHINESE}])
    assert answer.choices[0].finish_reason == "stop"
    text = answer.choices[0].message.content
    assert text
    sentences, _, sources = text.partition("\n\n来源：\n\n")
    assert [line[-3:] for line in sentences.splitlines()] == ["[1]", "[2]"]
    assert sources.splitlines() == [
        "- [1] 《港口年报 2024》：“2024 年港口的货运量增长了 12.5%，达到 3.2 亿吨。”",
        "- [2] 《Harbour report 2025》：“Freight grew by 9 % in 2025 & reached 350 million tonnes.”",
    ]
    assert answer.model_extra
    for cited, citation, report in zip(
        answer.model_extra["citations"], (FREIGHT_ZH, FREIGHT_EN), (ZH, EN), strict=True
    ):
        assert (cited["mark"], cited["path"], cited["quote"]) == (citation.mark, report.path, citation.quote)
        assert report.text[cited["start"] : cited["end"]] == cited["quote"]


def test_a_stream_of_chunks_is_the_same_answer(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="wenbao", messages=[{"role": "user", "content": CHINESE}])
    chunks = list(
        client.chat.completions.create(model="wenbao", messages=[{"role": "user", "content": CHINESE}], stream=True)
    )
    assert len(chunks) > 4
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == whole.choices[0].message.content
    assert [chunk.choices[0].finish_reason for chunk in chunks[-2:]] == [None, "stop"]
    assert chunks[-1].model_extra
    assert whole.model_extra
    assert chunks[-1].model_extra["citations"] == whole.model_extra["citations"]


def test_what_was_struck_out_is_never_sent(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(
        model="wenbao", messages=[{"role": "user", "content": "How did freight grow?"}]
    )
    text = answer.choices[0].message.content or ""
    assert "Freight grew by 9 % in 2025. [1]" in text
    assert "70 %" not in text


def test_a_claim_that_does_not_hold_takes_its_source_with_it() -> None:
    first, second = QUOTED.claims
    answer = replace(QUOTED, claims=(first, replace(second, support=Support(False, 0.1, "no"))))
    text = cited_text(answer, {ZH.id: ZH, EN.id: EN}.__getitem__)
    assert "[1] 《港口年报 2024》" in text
    assert "[2]" not in text


def test_a_declined_answer_shows_what_is_near_without_marks() -> None:
    text = cited_text(DECLINED, {ZH.id: ZH, EN.id: EN}.__getitem__)
    assert text.startswith(
        "报告里没有关于火星的内容。\n\n最接近的段落：\n\n- 《港口年报 2024》：“客运量为 40 万人次。”"
    )
    assert "[" not in text
    assert without_sources(text) == "报告里没有关于火星的内容。"


def test_the_model_is_listed_and_found(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["wenbao"]
    assert client.models.retrieve("wenbao").owned_by == "wenbao"
    with pytest.raises(openai.NotFoundError, match="no model 'gpt'"):
        client.models.retrieve("gpt")


def test_earlier_messages_are_the_history_without_their_sources(client: openai.OpenAI, parts: Parts) -> None:
    sent = cited_text(WRITTEN, {EN.id: EN}.__getitem__)
    client.chat.completions.create(
        model="wenbao",
        messages=[
            {"role": "system", "content": "You are a pirate."},
            {"role": "user", "content": "How did freight grow?"},
            {"role": "assistant", "content": sent},
            {"role": "user", "content": [{"type": "text", "text": "那今年呢"}]},
        ],
    )
    assert isinstance(parts.assistant, FakeAssistant)
    ((question, earlier, _),) = parts.assistant.asked
    answer = "Written by a model; every sentence was checked.\n\nFreight grew by 9 % in 2025. [1]"
    assert (question, earlier) == ("那今年呢", (Turn("How did freight grow?", answer),))


def test_of_a_long_conversation_the_latest_turns_are_kept() -> None:
    said = [Message(role=role, content=f"{role} {i}") for i in range(MOST_TURNS + 5) for role in ("user", "assistant")]
    question, earlier = conversation([*said, Message(role="user", content="last")])
    assert question == "last"
    assert len(earlier) == MOST_TURNS
    assert (earlier[0].question, earlier[-1].answer) == ("user 5", f"assistant {MOST_TURNS + 4}")


@pytest.mark.parametrize("stream", [False, True])
def test_openais_client_understands_what_went_wrong(client: openai.OpenAI, stream: bool) -> None:
    def ask(question: str, role: str = "user", model: str = "wenbao", n: int = 1) -> None:
        messages: Any = [{"role": role, "content": question}]
        told: Any = client.chat.completions.create(model=model, messages=messages, n=n, stream=stream)
        if stream:
            list(told)

    with pytest.raises(openai.BadRequestError, match="The question has 2,001 characters; 2,000 is the most") as caught:
        ask("x" * 2001)
    assert caught.value.type == "invalid_request_error"
    with pytest.raises(openai.BadRequestError, match="no message of a user"):
        ask("hello", role="system")
    with pytest.raises(openai.NotFoundError, match="The one here is wenbao"):
        ask("hello", model="gpt")
    with pytest.raises(openai.BadRequestError, match="n is 3"):
        ask("hello", n=3)
    with pytest.raises(openai.APIError, match="Answering failed") as failure:
        ask("break")
    assert "secret" not in str(failure.value)


def test_a_request_that_is_none_is_told_so_in_openais_shape(http: httpx.Client) -> None:
    told = http.post("/v1/chat/completions", json={"messages": "hello"})
    assert told.status_code == 400
    assert told.json()["error"]["message"].startswith("body.messages in the request:")
    assert http.get("/v1/engines").json()["error"]["type"] == "invalid_request_error"


def test_a_key_opens_the_door_to_openais_client(tmp_path: Path, parts: Parts) -> None:
    accounts = tmp_path / "accounts.json"
    add_user(accounts, "ada", "correct horse", False)
    key = add_key(accounts, "ada")
    guarded = Parts(
        replace(parts.settings, accounts=str(accounts), questions_per_minute=1),
        parts.library,
        parts.assistant,
        parts.build,
    )
    with running(guarded) as http:
        address = f"{http.base_url}/v1"
        stranger = openai.OpenAI(base_url=address, api_key="wrong", max_retries=0)
        with pytest.raises(openai.AuthenticationError, match="sign in first"):
            stranger.models.list()
        ada = openai.OpenAI(base_url=address, api_key=key, max_retries=0)
        assert ada.chat.completions.create(model="wenbao", messages=[{"role": "user", "content": CHINESE}])
        with pytest.raises(openai.RateLimitError):
            ada.chat.completions.create(model="wenbao", messages=[{"role": "user", "content": CHINESE}])


EXAMPLES = json.loads((ROOT / "web" / "static" / "examples.json").read_text(encoding="utf-8"))
UPLOAD = {"X-Wenbao": "test"}


def test_an_answer_under_v1_is_the_one_without(http: httpx.Client) -> None:
    asked = {"question": CHINESE, "filters": {"languages": ["zh"]}}
    assert http.post("/api/v1/ask", json=asked).json() == http.post("/api/ask", json=asked).json()


def test_a_stream_of_events_grows_to_the_whole_answer(http: httpx.Client) -> None:
    with http.stream(
        "POST", "/api/v1/ask/stream", json={"question": CHINESE}, headers={"Accept": "text/event-stream"}
    ) as told:
        assert told.headers["content-type"].startswith("text/event-stream")
        blocks = told.read().decode().strip().split("\n\n")
    events = [block.split("\ndata: ") for block in blocks]
    assert {event for event, _ in events} == {"event: answer"}
    answers = [json.loads(data) for _, data in events]
    assert [len(answer["claims"]) for answer in answers] == [1, 2]
    assert answers[-1] == http.post("/api/v1/ask", json={"question": CHINESE}).json()
    broken = http.post("/api/v1/ask/stream", json={"question": "break"}, headers={"Accept": "text/event-stream"}).text
    assert broken.startswith('event: error\ndata: {"error": {"zh": ')


def test_search_gives_passages_where_they_stand(http: httpx.Client) -> None:
    (found,) = http.post("/api/v1/search", json={"question": EN.title, "k": 1}).json()["hits"]
    assert found["path"] == "harbour.en.md"
    assert found["text"] == EN.text[found["start"] : found["end"]]


def test_a_claim_is_checked_against_its_passage(http: httpx.Client) -> None:
    def check(claim: str) -> dict[str, Any]:
        return dict(http.post("/api/v1/check", json={"claim": claim, "passage": "Freight grew by 9 % in 2025."}).json())

    assert check("Freight grew by 9 % in 2025.")["supported"] is True
    wrong = check("Freight grew by 19 % in 2025.")
    assert wrong["supported"] is False
    assert "19 %" in wrong["why"]


def test_a_report_is_uploaded_read_by_range_and_deleted(http: httpx.Client, parts: Parts) -> None:
    text = "# Quay report 2025\n\nThe quay has 7 cranes.\n"
    sent = {"file": ("quay.md", text.encode())}
    assert http.post("/api/v1/reports", files=sent).status_code == 403
    report = http.post("/api/v1/reports", files=sent, headers=UPLOAD).json()["report"]
    assert "quay.md" in [listed["path"] for listed in http.get("/api/v1/reports").json()]
    whole = http.get(f"/api/v1/reports/{report}").json()
    assert (whole["text"], whole["start"], whole["end"]) == (text, 0, len(text))
    start = text.index("7 cranes")
    part = http.get(f"/api/v1/reports/{report}", params={"start": start, "end": start + 8}).json()
    assert part["text"] == "7 cranes"
    beyond = http.get(f"/api/v1/reports/{report}", params={"start": 0, "end": 1000})
    assert (beyond.status_code, beyond.json()["error"]["en"][:30]) == (422, "quay.md has no place 0 to 1000")
    removed = http.delete(f"/api/v1/reports/{report}", headers=UPLOAD)
    assert removed.json() == {"report": report, "path": "quay.md"}
    assert list(parts.settings.reports.iterdir()) == []


def test_the_status_counts_reports_by_language(http: httpx.Client) -> None:
    told = http.get("/api/v1/status").json()
    assert told == {"status": "ready", "reports": 2, "languages": {"en": 1, "zh": 1}, "model": None}


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "search", {"question": " "}, 422),
        ("POST", "search", {"question": "x", "k": 0}, 422),
        ("POST", "check", {"claim": "x"}, 422),
        ("GET", "reports/gone", None, 404),
        ("GET", "nowhere", None, 404),
    ],
)
def test_every_error_has_one_shape(
    http: httpx.Client, method: str, path: str, body: dict[str, Any] | None, status: int
) -> None:
    told = http.request(method, f"/api/v1/{path}", json=body)
    assert told.status_code == status
    assert set(told.json()["error"]) == {"zh", "en", "request"}


def test_every_route_is_described_and_the_page_needs_nobody_else(http: httpx.Client) -> None:
    schema = http.get("/api/v1/openapi.json").json()
    described = {f"{method.upper()} {path}" for path, methods in schema["paths"].items() for method in methods}
    assert described - {"POST /ask/stream"} == set(EXAMPLES)
    assert all(of["description"] for methods in schema["paths"].values() for of in methods.values())
    assert schema["servers"] == [{"url": "/api/v1"}]
    page = http.get("/api/v1/docs").text
    for route in described:
        assert route.replace(" ", " /api/v1", 1) in page
    assert "<script" not in page
    assert "https://" not in page


@pytest.mark.parametrize("name", [name for name in EXAMPLES if "reports" not in name and "passage" not in name])
def test_an_example_can_be_sent_as_it_stands(http: httpx.Client, name: str) -> None:
    method, path = name.split()
    told = http.request(method, f"/api/v1{path}", json=EXAMPLES[name].get("request"))
    assert told.status_code == 200
    assert set(told.json()) == set(EXAMPLES[name]["response"])


@pytest.mark.parametrize("name", ["GET /reports", "GET /reports/{report_id}", "GET /passage"])
def test_an_example_of_a_report_has_what_comes(http: httpx.Client, name: str) -> None:
    path = name.split()[1].format(report_id=EN.id)
    where: dict[str, str | int] = {"report": EN.id, "start": FREIGHT_EN.start, "end": FREIGHT_EN.end}
    told, example = http.get(f"/api/v1{path}", params=where).json(), EXAMPLES[name]["response"]
    told, example = (told[0], example[0]) if isinstance(told, list) else (told, example)
    assert set(told) == set(example)
