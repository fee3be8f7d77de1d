"""What weak models write, and what is shown of it: replies.jsonl against the writer, the check and the fall-back."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from answer.assistant import Assistant
from index.search import Search
from settings import Settings
from tests.answer.test_generate import Handler, Server, says

CASES = [
    json.loads(line) for line in Path(__file__).with_name("replies.jsonl").read_text(encoding="utf-8").splitlines()
]
QUESTIONS = {"en": "How many contributing companies were there in 2025?", "zh": "2024 年贡献公司达到多少家？"}
FACTS = {"en": "1,240", "zh": "1,011"}
#: What a passage is called in the replies, by words that stand in it alone.
PASSAGES = {"c24": "个人贡献者", "c25": "1,240", "security": "Tetragon", "users": "物流"}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def assistant(server: Server, network: Search) -> Assistant:
    return Assistant(network, Settings(llm_url=server.url, llm_model="weak", llm_timeout=20.0))


def replies(reply: str) -> Any:
    """A server that gives the reply, with the marks that the passages were shown under."""

    def script(handler: Handler) -> None:
        shown = re.findall(r'<passage mark="(\d+)"[^>]*>\n(.*?)\n</passage>', handler.server.sent["user"], re.DOTALL)
        marks = {name: mark for name, words in PASSAGES.items() for mark, text in shown if words in text}
        said = re.sub(r"\{(\w+)\}", lambda name: marks[name[1]], reply)
        says(said, size=25)(handler)

    return script


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_of_a_reply_only_what_holds_is_shown(server: Server, assistant: Assistant, case: dict[str, Any]) -> None:
    server.script = replies(case["reply"])
    *_, answer = assistant.reply(QUESTIONS[case["language"]])
    fell_back = answer.note.startswith(("The model was not used", "没有用上模型"))
    assert fell_back == case.get("quoted", False)
    if fell_back:
        assert FACTS[case["language"]] in answer.text
        assert all(claim.support and claim.support.supported for claim in answer.claims)
    elif case.get("declined"):
        assert answer.abstained
        assert not answer.claims
    else:
        verdicts = {True: case.get("shown", []), False: case.get("struck", [])}
        for verdict, texts in verdicts.items():
            assert [c.text for c in answer.claims if c.support and c.support.supported is verdict] == texts
        assert not any(struck in answer.text for struck in verdicts[False])
