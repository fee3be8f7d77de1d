"""The page in a real browser: asking, marks, the panel, both languages, wide and narrow."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, FilePayload, sync_playwright

from api import LONGEST_QUESTION, Parts, make_api
from page import examples, mount
from settings import Settings
from tests.app.fakes import FREIGHT_EN, ZH, FakeAssistant, FakeLibrary

CHROMIUM = shutil.which("chromium") or ""
OPTIONS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync"
    " --no-first-run"
).split()
in_browser = pytest.mark.skipif(not CHROMIUM, reason="no chromium on the PATH: the page is not tried in a browser")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    parts = Parts(
        Settings(reports=(reports := tmp_path_factory.mktemp("reports"))),
        library := FakeLibrary(),
        FakeAssistant(),
        partial(library.follow, reports),
    )
    server = uvicorn.Server(
        uvicorn.Config(mount(make_api(parts), parts), port=0, log_level="error", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        browser.close()


class Visit:
    """A fresh reader at the page; notes what was asked of other hosts and what went wrong."""

    def __init__(self, browser: Browser, address: str, locale: str = "zh-CN", width: int = 1400) -> None:
        self.page = browser.new_context(locale=locale, viewport={"width": width, "height": 850}).new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda line: self.faults.append(line.text) if line.type == "error" else None)
        self.page.on("dialog", lambda dialog: self.faults.append(dialog.message))
        self.page.on("request", lambda sent: None if sent.url.startswith(address) else self.faults.append(sent.url))
        self.page.goto(address, wait_until="commit")
        self.page.wait_for_selector("#question textarea")

    def ask(self, question: str) -> None:
        turns = self.page.locator(".turn").count()
        self.page.fill("#question textarea", question)
        self.page.keyboard.press("Enter")
        self.page.locator(".turn").nth(turns).locator(".answer:not(.searching)").wait_for()

    def shows(self, selector: str) -> str:
        return str(self.page.locator(selector).first.inner_text())


@pytest.fixture(scope="module")
def chinese(browser: Browser, address: str) -> Visit:
    return Visit(browser, address)


@pytest.fixture
def visit(chinese: Visit) -> Iterator[Visit]:
    """The same reader in a new chat."""
    if chinese.page.locator(".turn").count():
        chinese.page.click("#new-chat")
    chinese.page.locator(".welcome").wait_for()
    yield chinese
    assert chinese.faults == []


@in_browser
def test_a_mark_opens_the_cited_words_and_escape_goes_back(visit: Visit) -> None:
    visit.ask("2024 年货运增长了多少？")
    page = visit.page
    page.wait_for_selector(".conflict")
    assert "理解为" in visit.shows(".understood")
    page.locator(".claim .mark").nth(1).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel mark")
    assert visit.shows("#panel h2") == "Harbour report 2025"
    assert "".join(page.locator("#panel mark").all_inner_texts()) == FREIGHT_EN.quote
    mark, room = page.locator("#panel mark").first.bounding_box(), page.locator("#panel .passage").bounding_box()
    assert mark
    assert room
    assert room["y"] < mark["y"] < room["y"] + room["height"] - 40
    assert room["y"] + room["height"] <= 850
    assert '<script>alert("freight")</script>' in visit.shows("#panel .passage")
    assert "${1 + 1} new berths {{and}} no more." in visit.shows("#panel .passage")
    page.keyboard.press("Escape")
    page.wait_for_selector("#panel", state="hidden")
    assert page.evaluate("document.activeElement.textContent") == "2"


COPY = """() => {
    const selection = getSelection();
    selection.selectAllChildren(document.querySelector(".turn:last-child .answer"));
    const copied = new ClipboardEvent("copy", { clipboardData: new DataTransfer(), bubbles: true, cancelable: true });
    document.dispatchEvent(copied);
    selection.removeAllRanges();
    return copied.clipboardData.getData("text/plain");
}"""


@in_browser
def test_a_copied_answer_reads_as_text_with_its_sources_under_it(visit: Visit) -> None:
    visit.ask("2024 年货运增长了多少？")
    visit.page.wait_for_selector(".conflict")
    lines = str(visit.page.evaluate(COPY)).split("\n")
    assert "2024 年港口的货运量增长了 12.5%，达到 3.2 亿吨。 [1]" in lines
    assert lines[-2:] == ["[1] 港口年报 2024", "[2] Harbour report 2025"]


@in_browser
def test_a_declined_answer_offers_passages_to_open(visit: Visit) -> None:
    visit.ask("火星上有多少人？")
    assert visit.shows(".declined .verdict") == "报告里没有关于火星的内容。"
    visit.page.click(".near >> nth=0")
    visit.page.wait_for_selector("#panel mark")
    assert visit.shows("#panel mark") == "客运量为 40 万人次。"


@in_browser
def test_the_chat_goes_on_and_starts_anew(visit: Visit) -> None:
    visit.ask("2024 年货运增长了多少？")
    visit.ask("How did freight grow?")
    assert visit.page.locator(".turn").count() == 2
    assert "70 % is not there" in visit.shows(".unsupported")
    visit.page.click("#new-chat")
    visit.page.click(".example >> nth=1")
    visit.page.wait_for_selector(".turn .answer:not(.searching)")
    assert visit.page.locator(".turn").count() == 1


@in_browser
def test_what_cannot_be_asked_stays_in_the_box_with_a_sentence(visit: Visit) -> None:
    visit.page.click("#send")
    visit.page.wait_for_selector("#hint p")
    assert visit.shows("#hint p") == "请先输入问题。"
    visit.page.fill("#question textarea", "长" * (LONGEST_QUESTION + 1))
    visit.page.click("#send")
    visit.page.get_by_text("最多 2,000 个").wait_for()
    assert visit.page.locator(".turn").count() == 0
    assert len(visit.page.input_value("#question textarea")) == LONGEST_QUESTION + 1


@in_browser
def test_a_failure_is_a_sentence_in_the_chat(visit: Visit) -> None:
    visit.ask("break")
    assert visit.shows(".problem") == "回答时出错了，详情在服务器日志里。请再试一次。"


@in_browser
def test_enter_that_ends_a_choice_of_characters_does_not_send(visit: Visit) -> None:
    visit.page.fill("#question textarea", "货运")
    press = "new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, cancelable: true, isComposing: true})"
    visit.page.evaluate(f"document.querySelector('#question textarea').dispatchEvent({press})")
    visit.page.wait_for_timeout(400)
    assert visit.page.locator(".turn").count() == 0
    assert visit.page.input_value("#question textarea") == "货运"


@in_browser
def test_the_language_changes_without_losing_the_chat_and_is_remembered(browser: Browser, address: str) -> None:
    visit = Visit(browser, address)
    page = visit.page
    visit.ask("2024 年货运增长了多少？")
    assert page.get_attribute("#question textarea", "placeholder") == "输入问题，按回车发送"
    page.click("#language")
    page.wait_for_selector("#question textarea[placeholder='Ask a question']")
    assert visit.shows("#send") == "Send"
    assert "Reports" in visit.shows("#collection summary")
    assert page.locator(".turn").count() == 1
    page.reload(wait_until="commit")
    page.wait_for_selector("#question textarea[placeholder='Ask a question']")


@in_browser
def test_an_uploaded_report_appears_in_the_list(visit: Visit) -> None:
    file: FilePayload = {"name": "new.md", "mimeType": "text/markdown", "buffer": b"# Newcomer\n\nSix berths."}
    visit.page.set_input_files(".upload input", files=[file])
    visit.page.get_by_text("已收入：Newcomer").wait_for()
    visit.page.locator("#collection .report", has_text="Newcomer").click()
    visit.page.get_by_text("Six berths.").wait_for()
    assert visit.shows("#panel h2") == "Newcomer"


@in_browser
@pytest.mark.parametrize("locale", ["zh-CN", "de-DE"])
def test_a_narrow_page_fits_and_the_panel_lies_below(browser: Browser, address: str, locale: str) -> None:
    visit = Visit(browser, address, locale, width=390)
    assert visit.shows("#send") == ("发送" if locale == "zh-CN" else "Send")
    visit.ask("How did freight grow?")
    visit.page.click(".claim .mark >> nth=0")
    visit.page.wait_for_selector("#panel mark")
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = visit.page.locator("#panel").bounding_box()
    assert box is not None
    assert box["y"] > 250
    assert box["width"] == 390
    visit.page.context.close()
    assert visit.faults == []


def test_examples_fit_the_collection() -> None:
    assert examples([ZH]) == ["《港口年报 2024》讲了什么？"]
    assert examples([]) == []


def test_the_page_holds_no_address_of_another_host() -> None:
    for asset in (Path(__file__).parents[2] / "page").iterdir():
        assert "http" not in asset.read_text(encoding="utf-8")
