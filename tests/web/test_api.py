"""The routes, against two small reports."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from index.search import Filters
from records import Report, Turn
from settings import Settings
from tests.web.fakes import EN, FREIGHT_EN, FREIGHT_ZH, ZH, FakeAssistant, FakeLibrary
from web.api import LONGEST_QUESTION, Parts, headings_at, make_api


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    return Parts(
        Settings(reports=(reports := tmp_path), upload_mib=1),
        library := FakeLibrary(),
        FakeAssistant(),
        partial(library.follow, reports),
    )


@pytest.fixture
def client(parts: Parts) -> TestClient:
    return TestClient(make_api(parts), base_url="http://localhost", raise_server_exceptions=False)


def test_it_says_that_it_is_well(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok", "reports": 2}


def test_an_answer_carries_quotes_that_are_in_the_report(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"question": "货运增长了多少？"}).json()
    assert answer["language"] == "zh"
    assert not answer["abstained"]
    cited = [c for claim in answer["claims"] for c in claim["citations"]]
    assert [c["mark"] for c in cited] == [1, 2]
    assert [c["path"] for c in cited] == ["harbour.zh.md", "harbour.en.md"]
    for c in cited:
        text = {ZH.id: ZH.text, EN.id: EN.text}[c["report"]]
        assert text[c["start"] : c["end"]] == c["quote"]
    assert answer["conflicts"] == [{"what": "货运量增长", "marks": [1, 2], "later": 2}]
    assert answer["claims"][0]["support"]["supported"] is True


def test_what_cites_a_report_that_is_deleted_meanwhile_is_answered_anew(tmp_path: Path) -> None:
    class Leaving(FakeLibrary):
        """Its first report is deleted as soon as an answer cites it."""

        gone = 0

        def report(self, report_id: str) -> Report:
            if report_id == ZH.id and self.gone == 0:
                self.gone += 1
                raise KeyError(report_id)
            return super().report(report_id)

    assistant = FakeAssistant()
    api = make_api(Parts(Settings(reports=tmp_path), Leaving(), assistant, lambda: None))
    answer = TestClient(api, base_url="http://localhost").post("/api/ask", json={"question": "货运增长了多少？"}).json()
    assert answer["claims"][0]["citations"][0]["path"] == "harbour.zh.md"
    assert len(assistant.asked) == 2


def test_a_declined_answer_offers_what_is_near(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"question": "火星上有多少人？"}).json()
    assert answer["abstained"]
    assert answer["claims"] == []
    assert answer["answer"] == answer["note"] == "报告里没有关于火星的内容。"
    assert answer["nearest"][0]["text"] == "客运量为 40 万人次。"


def test_a_stream_grows_to_the_same_answer(client: TestClient) -> None:
    asked = {"question": "货运增长了多少？"}
    response = client.post("/api/ask/stream", json=asked)
    lines = [json.loads(line) for line in response.text.splitlines()]
    assert response.headers["content-type"] == "application/x-ndjson"
    assert [len(line["claims"]) for line in lines] == [1, 2]
    assert lines[-1] == client.post("/api/ask", json=asked).json()


def test_history_and_filters_reach_the_assistant(client: TestClient, parts: Parts) -> None:
    history = [{"question": "q", "answer": "a"}]
    client.post(
        "/api/ask",
        json={"question": " 那今年呢 ", "history": history, "filters": {"years": [2025], "languages": ["zh"]}},
    )
    assert isinstance(parts.assistant, FakeAssistant)
    assert parts.assistant.asked == [("那今年呢", (Turn("q", "a"),), Filters(languages=("zh",), years=(2025,)))]


@pytest.mark.parametrize("route", ["/api/ask", "/api/ask/stream"])
@pytest.mark.parametrize(
    ("question", "chinese", "english"),
    [
        (" \n", "请先输入问题。", "Please type a question first."),
        (
            "x" * (LONGEST_QUESTION + 1),
            "问题有 2,001 个字符，最多 2,000 个。请缩短后再问。",
            "The question has 2,001 characters; 2,000 is the most. Please shorten it.",
        ),
    ],
)
def test_a_question_that_cannot_be_asked_gets_a_sentence(
    client: TestClient, route: str, question: str, chinese: str, english: str
) -> None:
    response = client.post(route, json={"question": question})
    assert response.status_code == 422
    named = response.headers["x-request-id"]
    assert response.json() == {"error": {"zh": chinese, "en": english, "request": named}}


def test_a_request_without_a_question_is_told_what_is_missing(client: TestClient) -> None:
    response = client.post("/api/ask", json={"q": 1})
    assert response.status_code == 422
    assert response.json()["error"]["en"] == "body.question in the request: Field required."


def test_a_failure_is_told_without_its_inside(client: TestClient) -> None:
    response = client.post("/api/ask", json={"question": "break"})
    assert response.status_code == 500
    assert "secret" not in response.text
    assert response.json()["error"]["en"].startswith("Answering failed")
    assert "secret" not in (streamed := client.post("/api/ask/stream", json={"question": "break"})).text
    assert "error" in json.loads(streamed.text)


def test_reports_are_listed(client: TestClient) -> None:
    listed = client.get("/api/reports").json()
    assert [(r["title"], r["language"], r["published"]) for r in listed] == [
        ("港口年报 2024", "zh", "2025-01-07"),
        ("Harbour report 2025", "en", "2026-02"),
    ]


def test_a_passage_comes_with_its_surroundings_and_headings(client: TestClient) -> None:
    where: dict[str, str | int] = {"report": ZH.id, "start": FREIGHT_ZH.start, "end": FREIGHT_ZH.end}
    passage = client.get("/api/passage", params=where).json()
    assert passage["quote"] == FREIGHT_ZH.quote
    assert passage["headings"][-1] == "运量"
    assert passage["before"] + passage["quote"] + passage["after"] in ZH.text
    assert passage["after"].startswith("【注】")
    panel = client.get("/panel", params={**where, "language": "zh"})
    assert "<mark>2024 年港口的货运量增长了 </mark>" in panel.text


def test_headings_follow_the_offset() -> None:
    assert headings_at(EN, FREIGHT_EN.start, 900)[-1] == "Traffic"
    assert headings_at(EN, EN.text.index("berths"), 900)[-1] == "Outlook"


@pytest.mark.parametrize(
    ("report", "end", "status", "sentence"),
    [("gone", 3, 404, "has left the collection"), (ZH.id, 10**6, 422, "has no place 0 to 1000000")],
)
def test_a_place_that_is_not_there_gets_a_sentence(
    client: TestClient, report: str, end: int, status: int, sentence: str
) -> None:
    response = client.get("/api/passage", params={"report": report, "start": 0, "end": end})
    assert response.status_code == status
    assert sentence in response.json()["error"]["en"]


def test_every_response_is_guarded_and_foreign_files_are_refused(client: TestClient) -> None:
    for response in (client.get("/healthz"), client.get("/nowhere"), client.post("/api/ask", json={})):
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["x-frame-options"] == "DENY"
        assert "default-src 'self'" in response.headers["content-security-policy"]
    assert client.post("/gradio_api/upload", files={"files": b"x"}).status_code == 404


UPLOAD = {"X-Wenbao": "test"}


def test_an_uploaded_report_joins_the_collection(client: TestClient, parts: Parts) -> None:
    response = client.post(
        "/api/reports", files={"file": ("../新报告.md", "# 新报告\n\n有 5 个泊位。".encode())}, headers=UPLOAD
    )
    assert response.status_code == 200
    assert (response.json()["path"], response.json()["title"]) == ("新报告.md", "新报告")
    assert [path.name for path in parts.settings.reports.iterdir()] == ["新报告.md"]
    assert len(client.get("/api/reports").json()) == 3


@pytest.mark.parametrize(
    ("name", "data", "status", "sentence", "chinese"),
    [
        (
            *("virus.exe", b"MZ", 415, "virus.exe is no kind of report. These can be uploaded: .md, .markdown, .txt"),
            "virus.exe 不是能读的报告。可以上传：.md .markdown .txt",
        ),
        ("a.pdf", b"not a pdf", 422, "a.pdf: is no whole PDF", "a.pdf：不是完整的 PDF。请重新下载或导出。"),
        (
            *("a.docx", b"\xd0\xcf\x11\xe0", 422, "a.docx: is protected by a password"),
            "a.docx：有密码保护，或者是 2007 年以前的格式。请存成不带密码的 .docx。",
        ),
        ("empty.md", b" ", 422, "the file is empty", "empty.md：文件是空的。请放入报告的正文，或者删掉它。"),
        ("big.md", b"x" * (2**20 + 5000), 413, "The file is too large; 1 MiB is the most.", "最多 1 MiB"),
    ],
)
def test_what_cannot_be_taken_gets_a_sentence_and_leaves_nothing(
    client: TestClient, parts: Parts, name: str, data: bytes, status: int, sentence: str, chinese: str
) -> None:
    response = client.post("/api/reports", files={"file": (name, data)}, headers=UPLOAD)
    assert response.status_code == status
    assert sentence in response.json()["error"]["en"]
    assert chinese in response.json()["error"]["zh"]
    assert not list(parts.settings.reports.iterdir())


def test_a_name_and_a_content_are_taken_once(client: TestClient, parts: Parts) -> None:
    def send(name: str) -> dict[str, Any]:
        files = {"file": (name, b"# Same\n\nFive berths.")}
        return dict(client.post("/api/reports", files=files, headers=UPLOAD).json())

    assert send("one.md")["title"] == "Same"
    assert send("one.md")["error"]["en"] == "There is a report named one.md already. Rename the file first."
    assert send("two.md")["error"]["en"] == "two.md says the same as a report that is there already."
    assert [path.name for path in parts.settings.reports.iterdir()] == ["one.md"]


def test_other_sites_cannot_upload(client: TestClient) -> None:
    assert client.post("/api/reports", files={"file": ("a.md", b"# a")}).status_code == 403
