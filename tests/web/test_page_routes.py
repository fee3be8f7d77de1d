"""What the page asks of the server: kept answers, page images, files, exports, the welcome and its examples."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from ingest.read import read
from records import Answer, Claim, Report, Told
from settings import Settings
from tests.ingest.conftest import _pdf as pdf_of
from tests.web.fakes import (
    DECLINED,
    EN,
    FREIGHT_EN,
    HISTORY,
    QUOTED,
    WRITTEN,
    ZH,
    FakeAssistant,
    FakeLibrary,
    cite,
    report,
)
from web.api import Parts, answer_json, make_api
from web.examples import Examples, candidates
from web.page_image import boxes, page_png
from web.page_routes import add_routes


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    library = FakeLibrary()
    return Parts(Settings(reports=tmp_path), library, FakeAssistant(), partial(library.follow, tmp_path))


@pytest.fixture
def client(parts: Parts) -> TestClient:
    add_routes(app := make_api(parts), parts)
    return TestClient(app, base_url="http://localhost", raise_server_exceptions=False)


def known(parts: Parts) -> dict[str, Report]:
    assert isinstance(parts.library, FakeLibrary)
    return parts.library.all


def kept(answer: Answer) -> dict[str, Any]:
    return {"question": answer.question, "answer": answer_json(answer, FakeLibrary().report)}


def shown(client: TestClient, *turns: dict[str, Any]) -> list[str]:
    response = client.post("/page/answers", json={"turns": list(turns)})
    assert response.status_code == 200, response.text
    return list(response.json())


def test_a_kept_answer_looks_as_it_did_when_it_was_given(client: TestClient) -> None:
    asked = {"question": QUOTED.question, "html": True}
    streamed = client.post("/api/ask/stream", json=asked).text.splitlines()[-1]
    assert '"whole": true' in streamed
    html, declined, none = shown(client, kept(QUOTED), kept(DECLINED), {"question": "?"})
    assert f'<p class="claim">{"2024 年港口的货运量增长了 <strong>12.5%</strong>"}' in html
    assert 'class="mark stale"' not in html
    assert "报告之间说法不一" in html
    assert declined.count('class="near"') == 2
    assert none == ""


def test_a_report_that_changed_since_and_one_that_is_gone_are_told(client: TestClient, parts: Parts) -> None:
    reports = known(parts)
    del reports[ZH.id], reports[EN.id]
    changed = report(ZH.text.replace("12.5%", "13.5%"), ZH.path, ZH.title, ZH.published, "zh")
    reports[changed.id] = changed
    (html,) = shown(client, kept(QUOTED))
    assert "引文已对不上：港口年报 2024" in html
    assert "已不在报告集里：Harbour report 2025" in html
    assert "12.5%" in html
    assert "data-report" not in html


def test_a_kept_answer_that_was_tampered_with_opens_nothing_and_runs_nothing(client: TestClient) -> None:
    turn = kept(QUOTED)
    citation = turn["answer"]["claims"][0]["citations"][0]
    citation |= {"quote": "<img src=x onerror=alert(1)>", "title": "<script>alert(1)</script>"}
    turn["answer"]["claims"][0]["text"] = "<script>alert(2)</script>"
    (html,) = shown(client, turn)
    assert "<script" not in html
    assert "<img" not in html
    assert "引文已对不上" in html
    broken = client.post("/page/answers", json={"turns": [{"question": "q", "answer": {"claims": "no"}}]})
    assert broken.status_code == 422


def test_a_chat_is_exported_with_the_sources_of_each_answer(client: TestClient) -> None:
    chat = {"title": "Freight", "language": "en", "turns": [kept(WRITTEN), {"question": "open *one*"}]}
    response = client.post("/page/export", json=chat)
    text = response.text
    assert response.headers["content-disposition"] == 'attachment; filename="wenbao.md"'
    assert text.startswith("# Freight\n\n## How did freight grow?\n")
    assert "Freight grew by 9 % in 2025. [1]" in text
    assert "It fell by 70 % later. [1] (Not supported by the source)" in text
    assert "- [1] Harbour report 2025, Harbour Board, 2026-02: “Freight grew by 9 % in 2025 &" in text
    assert r"## open \*one\*" in text
    assert "This question was not answered to its end." in text


@pytest.mark.parametrize("path", ["/page/export", "/page/answers"])
def test_a_chat_has_so_many_turns(client: TestClient, path: str) -> None:
    chat = {"turns": [{"question": "q"}] * 1001, "kind": "word"}
    response = client.post(path, json=chat)
    assert response.status_code == 422
    assert "at most 1000 items" in response.json()["error"]["en"]


def test_a_word_file_says_the_same(client: TestClient) -> None:
    chat = {"title": "Freight\u0000", "language": "zh", "kind": "word", "turns": [kept(QUOTED)]}
    response = client.post("/page/export", json=chat)
    document = docx.Document(io.BytesIO(response.content))
    said = [paragraph.text for paragraph in document.paragraphs]
    assert said[:3] == ["Freight", QUOTED.question, "2024 年港口的货运量增长了 12.5%，达到 3.2 亿吨。 [1]"]
    assert any(line.startswith("[2] Harbour report 2025，Harbour Board，2026-02：“Freight") for line in said)


def test_a_report_is_told_with_its_passages_and_what_was_left_out(client: TestClient, parts: Parts) -> None:
    known(parts)[ZH.id] = replace(ZH, left_out=(Told("page 3 is an image", "第 3 页是图像"), "old words"))
    told = client.get(f"/api/reports/{ZH.id}").json()
    assert told["passages"] >= 2
    assert told["left_out"] == ["page 3 is an image", "old words"]
    assert told["left_out_zh"] == ["第 3 页是图像", "old words"]
    assert client.get("/api/reports/none").status_code == 404
    assert client.get("/api/me").json() == {"name": "", "owner": True, "signed_in": False}


def test_who_may_only_read_is_told_so(tmp_path: Path) -> None:
    settings = Settings(reports=tmp_path, proxy_user="X-User", owners="ann")
    parts = Parts(settings, FakeLibrary(), FakeAssistant(), lambda: None)
    add_routes(app := make_api(parts), parts)
    client = TestClient(app, base_url="http://localhost", client=("127.0.0.1", 5))
    told = [client.get("/api/me", headers={"X-User": name}).json() for name in ("ann", "bob")]
    assert told == [
        {"name": "ann", "owner": True, "signed_in": False},  # the proxy signs in and out
        {"name": "bob", "owner": False, "signed_in": False},
    ]


def test_the_original_is_shown_where_nothing_in_it_runs_and_saved_elsewhere(client: TestClient, parts: Parts) -> None:
    folder = parts.settings.reports
    for name, kind, way in (
        ("年报.md", "text/plain; charset=utf-8", "inline"),
        ("a.html", "application/octet-stream", "attachment"),
    ):
        (folder / name).write_text("<script>alert(1)</script> # 年报", encoding="utf-8")
        one = replace(ZH, id=name, path=name)
        known(parts)[name] = one
        response = client.get(f"/api/reports/{name}/file")
        assert response.headers["content-type"] == kind
        assert response.headers["content-disposition"].startswith(f"{way}; filename*=UTF-8''")
    known(parts)["out"] = replace(ZH, id="out", path="../secret.md")
    (folder.parent / "secret.md").write_text("secret", encoding="utf-8")
    assert client.get("/api/reports/out/file").status_code == 404


LINES = [(72.0, 700.0, 12.0, "Freight of the port grew by"), (72.0, 684.0, 12.0, "12.5 percent in the year.")]


def test_the_quoted_words_are_boxed_over_the_end_of_a_line() -> None:
    page = pypdfium2.PdfDocument(pdf_of([LINES]))[0]
    first, second = boxes(page, "the port **grew** by 12.5 percent")
    assert first[0] > 72 + 40
    assert 695 < first[1] < first[3] < 712
    assert second[0] == pytest.approx(72, abs=2)
    assert second[2] < 72 + 100
    assert boxes(page, "words of another page") == []
    assert len(boxes(page, "Freight | 12.5 percent")) == 2


def test_a_page_is_an_image_with_colour_at_the_quoted_words_alone() -> None:
    data = pdf_of([LINES, LINES])
    plain_page, boxed = (
        Image.open(io.BytesIO(page_png(data, 2, quote))).convert("RGB") for quote in ("nothing", "12.5 percent")
    )
    assert plain_page.size == boxed.size == (1190, 1684)
    changed = [
        (x, y)
        for x in range(0, 1190, 5)
        for y in range(0, 1684, 5)
        if plain_page.getpixel((x, y)) != boxed.getpixel((x, y))
    ]
    assert changed
    assert all(130 < x < 320 and 2 * (842 - 700) < y < 2 * (842 - 675) for x, y in changed)
    with pytest.raises(ValueError, match="no page 3; it has 2"):
        page_png(data, 3, "")


def test_a_page_of_a_pdf_is_given_unless_the_file_changed(client: TestClient, parts: Parts) -> None:
    file = parts.settings.reports / "port.pdf"
    file.write_bytes(pdf_of([LINES]))
    found = read(file, parts.settings.reports)
    known(parts)[found.id] = found
    start = found.text.index("grew")
    where: dict[str, Any] = {"report": found.id, "page": 1, "start": start, "end": start + 4}
    response = client.get("/panel/page.png", params=where)
    assert response.headers["content-type"] == "image/png"
    assert response.content.startswith(b"\x89PNG")
    assert client.get("/panel/page.png", params={**where, "page": 2}).status_code == 422
    file.write_bytes(pdf_of([LINES, LINES]))
    changed = client.get("/panel/page.png", params={**where, "end": start + 3})
    assert changed.json()["error"]["en"] == "port.pdf: The file has changed since it was read."


def test_before_the_first_report_the_welcome_offers_to_upload(client: TestClient, parts: Parts) -> None:
    known(parts).clear()
    told = client.get("/page/welcome", params={"language": "en"}).json()
    assert told["empty"]
    assert "There are no reports yet. Upload one to begin." in told["html"]


def settled(examples: Examples, language: str) -> list[str]:
    for _ in range(200):
        questions, is_settled = examples.of(language)
        if is_settled:
            return questions
        time.sleep(0.01)
    raise AssertionError("no examples within two seconds")


def test_an_example_is_offered_only_where_it_is_answered_and_follows_the_reports() -> None:
    library = FakeLibrary()
    harbour = replace(EN, id="new", text=EN.text.replace(f"## History\n\n{HISTORY}", ""), published="2027")
    freight = Claim("Freight grew by 9 %.", (cite(1, harbour, FREIGHT_EN.quote),))
    asked: list[str] = []

    def ask(question: str) -> Iterator[Answer]:
        asked.append(question)
        yield replace(WRITTEN, claims=(freight,)) if "Traffic" in question else DECLINED

    examples = Examples(library, ask)
    assert examples.of("en") == ([], False)
    assert settled(examples, "en") == []
    assert 0 < len(asked) <= 6
    library.all = {harbour.id: harbour}
    assert settled(examples, "en") == ["What does “Harbour report 2025” say about “Traffic”?"]
    freight = Claim("Berths.", (cite(1, harbour, "The harbour expects"),))  # sure, and of another section
    library.all = {harbour.id: harbour, ZH.id: ZH}
    assert settled(examples, "en") == []


def test_questions_are_made_of_whole_names_in_the_language_of_the_page() -> None:
    chinese, english = ([one.question for one in candidates([ZH], language)] for language in ("zh", "en"))
    assert chinese[:2] == ["《港口年报 2024》里，东区是多少？", "《港口年报 2024》讲了什么？"]
    assert english == ["What is “港口年报 2024” about?"]
    assert list(candidates([replace(ZH, title="", text="")], "zh")) == []
