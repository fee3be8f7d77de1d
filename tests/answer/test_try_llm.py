"""Trying the LLM that the settings name, against a real server that lists its models and streams."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator

import pytest

from answer.__main__ import main
from tests.answer.test_generate import Handler, Server, says


class Listing(Handler):
    """As the scripted one; it lists its models too, or has its own opinion of that."""

    listed = 200

    def do_GET(self) -> None:
        assert self.path == "/v1/models"
        self.start(self.listed, "application/json")
        self.raw(json.dumps({"object": "list", "data": [{"id": "small"}, {"id": "large"}]}))


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        Listing.listed = 200
        server.RequestHandlerClass = Listing
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def tried(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENBAO_LLM_URL", server.url)
    monkeypatch.setenv("WENBAO_LLM_MODEL", "small")
    monkeypatch.setenv("WENBAO_LLM_TIMEOUT", "5")


@pytest.mark.usefixtures("tried")
def test_a_good_model_is_told_to_be_one(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server.script = says("The quay has 7 cranes [1].")
    assert main(["--try-llm"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[:2] == [f"{server.url} answers.", "It knows the model small."]
    assert told[2].startswith("The first word came after 0.")
    assert told[3].startswith("It wrote 26 characters in 0.")
    assert told[3].endswith("in 4 pieces: 'The quay has 7 cranes [1].'")
    assert told[4:] == ["It marks what it says: its answers can be used."]


@pytest.mark.usefixtures("tried")
def test_a_model_that_marks_nothing_and_one_that_is_not_listed_are_told(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WENBAO_LLM_MODEL", "huge")
    server.script = says("Seven.")
    assert main(["--try-llm"]) == 0
    told = capsys.readouterr().out
    assert "It does not list the model huge; it lists small, large." in told
    assert "It does not mark what it says: answers will be quoted instead." in told


@pytest.mark.usefixtures("tried")
@pytest.mark.parametrize(
    ("status", "sentence"), [(401, "refused the key (WENBAO_LLM_KEY)"), (500, "answered with error 500")]
)
def test_what_stands_in_the_way_is_named(
    server: Server, capsys: pytest.CaptureFixture[str], status: int, sentence: str
) -> None:
    server.script = says("x [1].")
    Listing.listed = status
    assert main(["--try-llm"]) == 1
    assert sentence in capsys.readouterr().err


@pytest.mark.usefixtures("tried")
def test_an_endpoint_that_lists_no_models_is_tried_all_the_same(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script = says("The quay has 7 cranes [1].")
    Listing.listed = 404
    assert main(["--try-llm"]) == 0
    assert "it lists none" in capsys.readouterr().out


def test_nobody_there_and_nobody_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("WENBAO_LLM_URL", raising=False)
    assert main(["--try-llm"]) == 1
    assert "There is no LLM to try" in capsys.readouterr().err
    monkeypatch.setenv("WENBAO_LLM_URL", "http://127.0.0.1:9/v1")
    assert main(["--try-llm"]) == 1
    assert "cannot be reached" in capsys.readouterr().err
