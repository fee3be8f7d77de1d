"""The page in a real browser: asking, marks, the panel, both languages, wide and narrow."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Download, FilePayload, sync_playwright

from records import Answer, Told
from settings import Settings
from tests.web.fakes import EN, FREIGHT_EN, ZH, FakeAssistant, FakeLibrary
from web.accounts import add_user
from web.api import LONGEST_QUESTION, Parts, make_api
from web.below import Below
from web.guard import App
from web.page import mount

CHROMIUM = shutil.which("chromium") or ""
OPTIONS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync"
    " --no-first-run"
).split()
#: Milliseconds that the page may take for anything, where a core is free.
PATIENCE = 8000
in_browser = pytest.mark.skipif(not CHROMIUM, reason="no chromium on the PATH: the page is not tried in a browser")


def patience() -> float:
    """``PATIENCE``, longer by as much as other work keeps this machine's cores from us now: 8000.0 where none does."""
    began, used = time.perf_counter(), time.process_time()
    while time.process_time() - used < 0.05:
        pass
    return PATIENCE * min(20, (time.perf_counter() - began) / 0.05)


class Slow(FakeAssistant):
    """Stops in the midst of an answer to "慢…" until it may go on."""

    def __init__(self) -> None:
        super().__init__()
        self.may_go_on, self.was_stopped = threading.Event(), threading.Event()

    def reply(self, question: str, earlier: Any = (), *rest: Any) -> Iterator[Answer]:
        for part in super().reply(question, earlier, *rest):
            yield part
            try:
                while question.startswith("慢") and not self.may_go_on.wait(0.05):
                    yield part
            except GeneratorExit:
                self.was_stopped.set()
                raise


class Served:
    """A server on a folder of its own; ``restart`` serves the same folder and library anew at the same port."""

    def __init__(self, folder: Path, library: FakeLibrary, **chosen: Any) -> None:
        self.folder, self.library, self.assistant = folder, library, Slow()
        self._settings = Settings(reports=folder, **chosen)
        self._port = 0
        self._run()

    def _run(self) -> None:
        parts = Parts(self._settings, self.library, self.assistant, partial(self.library.follow, self.folder))
        app: App = mount(make_api(parts), parts)
        app = Below(app, self._settings.base_path) if self._settings.base_path else app
        self._server = uvicorn.Server(
            uvicorn.Config(app, port=self._port, log_level="error", timeout_graceful_shutdown=1)
        )
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.02)
        self._port = self._server.servers[0].sockets[0].getsockname()[1]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}{self._settings.base_path}/"

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()

    def restart(self) -> None:
        self.stop()
        self._run()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    server = Served(tmp_path_factory.mktemp("reports"), FakeLibrary())
    yield server
    server.stop()


@pytest.fixture(scope="module")
def address(served: Served) -> str:
    return served.address


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
        self.page.set_default_timeout(patience())
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda line: self.faults.append(line.text) if line.type == "error" else None)
        self.page.on("dialog", lambda dialog: self.faults.append(dialog.message))
        self.page.on("request", lambda sent: None if sent.url.startswith(address) else self.faults.append(sent.url))
        self.page.goto(address, wait_until="commit")
        self.page.wait_for_selector("#shelf h2", state="attached")

    def ask(self, question: str) -> None:
        turns = self.page.locator(".turn").count()
        self.page.fill("#question textarea", question)
        self.page.keyboard.press("Enter")
        self.page.locator(".turn").nth(turns).locator(".answer:not(.searching)").first.wait_for()

    def shows(self, selector: str) -> str:
        return str(self.page.locator(selector).first.inner_text())


@pytest.fixture(scope="module")
def chinese(browser: Browser, address: str) -> Visit:
    return Visit(browser, address)


@pytest.fixture
def visit(chinese: Visit) -> Iterator[Visit]:
    """The same reader in a new chat."""
    chinese.page.set_default_timeout(patience())
    if chinese.page.locator("#panel").is_visible():
        chinese.page.click("#panel [data-close]")
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
    visit.page.click(".example >> nth=0")
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
    assert "Reports" in visit.shows("#shelf h2")
    assert page.locator(".turn").count() == 1
    page.reload(wait_until="commit")
    page.wait_for_selector("#question textarea[placeholder='Ask a question']")


@in_browser
def test_an_uploaded_report_appears_in_the_list(visit: Visit) -> None:
    file: FilePayload = {"name": "new.md", "mimeType": "text/markdown", "buffer": b"# Newcomer\n\nSix berths."}
    visit.page.set_input_files(".upload input", files=[file])
    visit.page.get_by_text("new.md 已收入，共 1 段。").wait_for()
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


@in_browser
def test_filters_are_chips_that_can_be_taken_away_and_leave_with_the_chat(visit: Visit, served: Served) -> None:
    page = visit.page
    page.locator("#shelf li", has_text="港口年报 2024").locator("[data-only]").click()
    assert "只问：" in visit.shows("#chips")
    visit.ask("火星上有多少人？")
    assert served.assistant.asked[-1][2].reports == (ZH.path,)
    assert "港口年报 2024" in visit.shows(".asked-only")
    page.click(".asked-only button")
    page.locator(".turn >> nth=1 >> .declined").wait_for()
    assert not served.assistant.asked[-1][2].reports
    assert page.locator("#chips .chip").count() == 0
    assert page.locator(".turn >> nth=1 >> .asked-only").count() == 0
    page.locator("#shelf li", has_text="Harbour report 2025").locator("[data-only]").click()
    page.click("#chips .chip button")
    page.locator("#chips .chip").wait_for(state="detached")
    page.locator("#shelf li", has_text="Harbour report 2025").locator("[data-only]").click()
    page.click("#new-chat")
    page.locator("#chips .chip").wait_for(state="detached")
    page.locator(".welcome").wait_for()
    visit.ask("火星上有多少人？")
    assert not served.assistant.asked[-1][2].reports


@in_browser
def test_languages_and_years_are_chosen_in_fields_and_shown_as_chips(visit: Visit, served: Served) -> None:
    page = visit.page
    page.click("#filters button.label-wrap")
    page.get_by_label("年份").click()
    page.get_by_role("option", name="2026").click()
    page.locator("#chips .chip", has_text="2026").wait_for()
    visit.ask("火星上有多少人？")
    assert served.assistant.asked[-1][2].years == (2026,)
    page.click("#new-chat")
    page.locator("#chips .chip").wait_for(state="detached")


@in_browser
def test_a_question_can_be_asked_as_it_was_typed(visit: Visit, served: Served) -> None:
    visit.ask("2024 年货运增长了多少？")
    visit.ask("那今年呢？")
    assert len(served.assistant.asked[-1][1]) == 1
    visit.page.click(".turn >> nth=1 >> [data-as-typed]")
    visit.page.locator(".turn >> nth=2 >> .claim >> nth=1").wait_for()
    question, earlier, _ = served.assistant.asked[-1]
    assert (question, earlier) == ("那今年呢？", ())


@in_browser
def test_an_answer_can_be_stopped_and_a_second_question_waits_its_turn(visit: Visit, served: Served) -> None:
    page, going_on = visit.page, served.assistant.may_go_on
    going_on.clear()
    page.fill("#question textarea", "慢慢说，货运增长了多少？")
    page.keyboard.press("Enter")
    page.locator(".turn .claim").first.wait_for()
    assert visit.shows("#send") == "停止"
    page.fill("#question textarea", "How did freight grow?")
    page.keyboard.press("Enter")
    assert "How did freight grow?" in visit.shows(".queued")
    page.fill("#question textarea", "a third one")
    page.keyboard.press("Enter")
    page.get_by_text("已有一个问题在等待").wait_for()
    assert page.input_value("#question textarea") == "a third one"
    assert page.locator(".turn").count() == 1
    page.click("#send")
    page.get_by_text("已停止。").wait_for()
    assert served.assistant.was_stopped.wait(patience() / 1000)
    page.locator(".turn >> nth=1 >> .unsupported").wait_for()
    assert page.locator(".queued").count() == 0
    page.locator("#send", has_text="发送").wait_for()
    going_on.set()
    page.get_by_role("button", name="再问一次").click()
    page.locator(".turn >> nth=0 >> .claim >> nth=1").wait_for()
    assert page.locator(".ended").count() == 0


@in_browser
def test_several_files_have_a_line_each_and_a_failure_looks_like_one(visit: Visit) -> None:
    files: list[FilePayload] = [
        {"name": "one.md", "mimeType": "text/markdown", "buffer": b"# One\n\nTwo cranes."},
        {"name": "two.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"},
        {"name": "three.md", "mimeType": "text/markdown", "buffer": b"# Three\n\nFour cranes."},
    ]
    visit.page.set_input_files("#files", files=files)
    visit.page.locator(".uploads .done", has_text="three.md").wait_for()
    assert "已收入，共 1 段。" in visit.shows(".uploads .done[role=status]")
    failed = visit.shows(".uploads .failed[role=alert]")
    assert "two.exe 不是能读的报告" in failed
    assert "。。" not in failed
    assert "This" not in failed
    broken: FilePayload = {"name": "four.docx", "mimeType": "application/octet-stream", "buffer": b"PK"}
    visit.page.set_input_files("#files", files=[broken])
    visit.page.locator(".uploads .failed", has_text="four.docx：不是完整的 DOCX 文件。").wait_for()
    for title in ("One", "Three"):
        visit.page.locator("#shelf .report", has_text=title).wait_for()
    visit.faults.clear()  # the browser notes the refusal


@in_browser
def test_files_can_be_dropped_anywhere_on_the_page(visit: Visit) -> None:
    visit.page.evaluate("""() => {
        const brought = new DataTransfer();
        brought.items.add(new File(["# Dropped\\n\\nFive cranes."], "dropped.md", { type: "text/markdown" }));
        const tell = (kind) => document.querySelector("#chat").dispatchEvent(
            new DragEvent(kind, { dataTransfer: brought, bubbles: true, cancelable: true }));
        tell("dragenter"); tell("dragover"); tell("drop");
    }""")
    visit.page.locator("#shelf .report", has_text="Dropped").wait_for()
    assert "dropping" not in str(visit.page.get_attribute("body", "class"))


@in_browser
def test_reports_are_searched_grouped_told_about_and_deleted(visit: Visit, served: Served) -> None:
    page = visit.page
    file: FilePayload = {"name": "gone.md", "mimeType": "text/markdown", "buffer": b"# Gone soon\n\nA pier."}
    page.set_input_files("#files", files=[file])
    page.locator("#shelf .report", has_text="Gone soon").wait_for()
    page.fill("#shelf-search", "gone SOON")
    assert page.locator("#shelf .report").count() == 1
    assert visit.shows("#shelf h2 .count") == f"1 / {len(served.library.all)}"
    page.click("#shelf [data-about]")
    page.locator(".details dl").wait_for()
    assert "gone.md" in visit.shows(".details")
    page.click(".details .danger")
    assert "确定删除" in visit.shows(".details [role=alert]")
    page.click(".details .danger")
    page.locator(".uploads .done", has_text="已删除：Gone soon").wait_for()
    assert not (served.folder / "gone.md").exists()
    page.fill("#shelf-search", "")
    page.select_option("#shelf-group", "year")
    groups = page.locator("#shelf .group").all_inner_texts()
    assert groups[0].startswith("2026")
    assert groups[-1].startswith("未注明")
    page.select_option("#shelf-group", "")


@in_browser
def test_what_was_left_out_of_a_report_is_told_in_the_language_of_the_page(visit: Visit, served: Served) -> None:
    page, kept = visit.page, served.library.all[ZH.id]
    served.library.all[ZH.id] = replace(ZH, left_out=(Told("slide 2 is hidden", "第 2 张幻灯片已隐藏"),))
    page.locator("#shelf li", has_text=ZH.title).locator("[data-about]").click()
    page.locator(".details .left-out").wait_for()
    assert "第 2 张幻灯片已隐藏" in visit.shows(".details")
    assert "slide 2" not in visit.shows(".details")
    page.click("#language")
    assert "slide 2 is hidden" in visit.shows(".details")
    page.click("#language")
    page.locator("#shelf li", has_text=ZH.title).locator("[data-about]").click()
    served.library.all[ZH.id] = kept


@in_browser
@pytest.mark.parametrize("width", [390, 1400])
def test_who_signed_in_signs_out_on_the_page_below_a_path_too(browser: Browser, tmp_path: Path, width: int) -> None:
    add_user(tmp_path / "accounts.json", "anna", "harbour-anna", owner=True)
    (tmp_path / "reports").mkdir()
    accounts = str(tmp_path / "accounts.json")
    server = Served(tmp_path / "reports", FakeLibrary(), accounts=accounts, base_path="/wenbao")
    page = browser.new_context(locale="zh-CN", viewport={"width": width, "height": 844}).new_page()
    page.set_default_timeout(patience())
    try:
        page.goto(f"{server.address}login")
        page.fill("[name=name]", "anna")
        page.fill("[name=password]", "harbour-anna")
        page.click("button")
        if width < 1000:
            page.click("#menu")
        else:  # a source that is open leaves it in sight
            page.locator("#shelf .report").first.click()
            page.wait_for_selector("#panel .passage")
        account = page.locator("#account")
        account.get_by_text("退出登录").wait_for()
        assert account.inner_text().split() == ["已登录：anna", "退出登录"]
        account.get_by_text("退出登录").click()
        page.wait_for_url(f"{server.address}login")
        assert page.goto(server.address) is not None
        assert page.url == f"{server.address}login"
    finally:
        page.context.close()
        server.stop()


@in_browser
def test_nobody_is_offered_to_sign_out_where_there_are_no_accounts(visit: Visit) -> None:
    assert not visit.page.locator("#account").is_visible()


@in_browser
def test_the_panel_steps_through_the_sources_finds_words_and_reads_on(visit: Visit) -> None:
    page = visit.page
    visit.ask("2024 年货运增长了多少？")
    page.click(".claim .mark >> nth=0")
    page.locator("#panel h2", has_text="港口年报 2024").wait_for()
    assert page.locator("[data-step='-1']").is_disabled()
    page.click("[data-step='1']")
    page.locator("#panel h2", has_text="Harbour report 2025").wait_for()
    before = visit.shows("#panel .passage").count("dug by hand")
    page.click("[data-more=above]")
    page.wait_for_function("[...document.querySelectorAll('[data-more=above]')].length === 0")
    assert visit.shows("#panel .passage").count("dug by hand") > before
    page.fill("#panel .find", "BERTHS {{and}}")
    page.locator("#panel .found", has_text="1 / 1").wait_for()
    assert page.evaluate("[...CSS.highlights.get('found')].map(String)") == ["berths {{and}}"]
    page.fill("#panel .find", "no such words")
    page.locator("#panel .found", has_text="没有找到").wait_for()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("#panel summary")
    page.get_by_role("button", name="GB/T 7714").click()
    page.locator("#hint .status").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "Harbour Board. Harbour report 2025[R]. 2026-02."
    page.keyboard.press("Escape")


@in_browser
def test_a_chat_outlives_reload_back_and_a_restart_of_the_server(browser: Browser, served: Served) -> None:
    visit = Visit(browser, served.address)
    page = visit.page
    visit.ask("2024 年货运增长了多少？")
    page.locator("#send", has_text="发送").wait_for()
    first = page.url
    page.click("#new-chat")
    page.locator(".welcome").wait_for()
    visit.ask("How did freight grow?")
    page.locator(".unsupported").wait_for()
    page.go_back()
    page.locator(".welcome").wait_for()
    page.go_back()
    page.locator(".claim", has_text="12.5%").wait_for()
    assert page.url == first
    served.restart()
    page.reload(wait_until="commit")
    page.locator(".claim", has_text="12.5%").wait_for()
    assert page.locator(".turn .mark[data-report]").count() >= 2
    visit.ask("那今年呢？")
    assert [turn.question for turn in served.assistant.asked[-1][1]] == ["2024 年港口的货运量增长了多少？"]
    stored = str(page.evaluate("JSON.stringify(localStorage)"))
    assert "12.5%" in stored
    assert "<p" not in stored
    page.context.close()


@in_browser
def test_chats_are_searched_renamed_and_deleted(browser: Browser, address: str) -> None:
    visit = Visit(browser, address)
    page = visit.page
    for question in ("How did freight grow?", "火星上有多少人？"):
        page.click("#new-chat")
        page.locator(".welcome").wait_for()
        visit.ask(question)
    page.click("[data-room=chats]")
    assert page.locator("#chat-list b").all_inner_texts() == ["火星上有多少人？", "How did freight grow?"]
    page.fill("#chat-search", "citations")  # a name in the data, which nobody said
    assert page.locator("#chat-list b").count() == 0
    page.fill("#chat-search", "350 million")
    assert page.locator("#chat-list b").all_inner_texts() == ["How did freight grow?"]
    page.get_by_role("button", name="改名").click()
    page.fill("#chat-list input", "Freight <b>2025</b>")
    page.keyboard.press("Enter")
    page.locator("#chat-list b", has_text="Freight <b>2025</b>").wait_for()
    page.fill("#chat-search", "")
    page.locator("#chat-list li", has_text="火星").get_by_role("button", name="删除").click()
    page.locator("#chat-list .danger").click()
    page.locator(".welcome").wait_for()
    assert page.locator("#chat-list b").all_inner_texts() == ["Freight <b>2025</b>"]
    page.click("#chat-list .report")
    page.locator(".unsupported").wait_for()
    page.context.close()
    assert visit.faults == []


@in_browser
def test_a_chat_is_taken_out_as_markdown_and_word(visit: Visit) -> None:
    visit.ask("How did freight grow?")
    page = visit.page
    page.locator("#send", has_text="发送").wait_for()
    page.click("[data-room=chats]")

    def saved(kind: str) -> Download:
        with page.expect_download() as download:
            page.click(f"[data-export={kind}]")
        return download.value

    text = Path(saved("markdown").path()).read_text(encoding="utf-8")
    assert "Freight grew by 9 % in 2025. [1]" in text
    assert saved("word").suggested_filename == "How did freight grow.docx"
    page.click("[data-room=reports]")


@in_browser
def test_a_chat_deleted_while_its_answer_is_written_stays_away(browser: Browser, served: Served) -> None:
    visit = Visit(browser, served.address)
    page = visit.page
    served.assistant.may_go_on.clear()
    page.fill("#question textarea", "慢慢说，货运增长了多少？")
    page.keyboard.press("Enter")
    page.locator(".turn .claim").first.wait_for()
    page.click("[data-room=chats]")
    page.get_by_role("button", name="改名").click()
    page.get_by_role("button", name="取消").click()
    page.get_by_role("button", name="删除").click()
    page.locator("#chat-list .danger").click()
    page.locator("#send", has_text="发送").wait_for()
    assert page.locator("#chat-list li").count() == 0
    served.assistant.may_go_on.set()
    page.context.close()
    assert visit.faults == []


@in_browser
def test_the_list_of_reports_stays_while_the_server_is_away(visit: Visit) -> None:
    titles = visit.page.locator("#shelf .report b").all_inner_texts()
    visit.page.route("**/page/reports", lambda route: route.abort())
    with visit.page.expect_event("requestfailed", lambda failed: failed.url.endswith("page/reports")):
        visit.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    visit.page.unroute("**/page/reports")
    assert titles
    assert visit.page.locator("#shelf .report b").all_inner_texts() == titles
    visit.faults.clear()  # the browser notes what did not come


@in_browser
def test_two_tabs_show_the_same_chat(browser: Browser, address: str) -> None:
    visit = Visit(browser, address)
    visit.ask("2024 年货运增长了多少？")
    visit.page.locator("#send", has_text="发送").wait_for()
    other = visit.page.context.new_page()
    other.set_default_timeout(patience())
    other.goto(visit.page.url, wait_until="commit")
    other.locator(".turn .claim").first.wait_for()
    assert other.title() == "2024 年货运增长了多少？ · 问报 Wenbao"
    visit.ask("How did freight grow?")
    other.locator(".turn >> nth=1 >> .unsupported").wait_for()
    visit.page.click("[data-room=chats]")
    visit.page.get_by_role("button", name="删除").click()
    visit.page.locator("#chat-list .danger").click()
    other.get_by_text("这个浏览器里没有这个对话。").wait_for()
    assert other.locator("#chat-list li").count() == 0
    visit.page.context.close()
    assert visit.faults == []


@in_browser
def test_an_answers_address_is_copied_with_the_word_where_it_opens(visit: Visit) -> None:
    visit.ask("2024 年货运增长了多少？")
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.page.get_by_role("button", name="复制这个回答的地址").click()
    visit.page.get_by_text("这个地址只在这里打得开").wait_for()
    copied = str(visit.page.evaluate("navigator.clipboard.readText()"))
    assert copied.startswith(f"{visit.page.url}&t=")


@in_browser
def test_a_question_can_be_changed_and_asked_again_with_what_came_before_it(visit: Visit, served: Served) -> None:
    page = visit.page
    visit.ask("2024 年货运增长了多少？")
    visit.ask("How did freight grow?")
    page.locator(".turn >> nth=0").get_by_role("button", name="修改后再问").click()
    assert page.input_value("#question textarea") == "2024 年货运增长了多少？"
    visit.ask("今年的货运呢？")
    assert page.locator(".turn").count() == 3
    assert served.assistant.asked[-1][1] == ()


@in_browser
def test_the_finished_answer_is_announced_once_and_questions_are_headings(visit: Visit) -> None:
    visit.ask("2024 年货运增长了多少？")
    visit.page.locator("#announce", has_text="回答完毕：2024 年港口的货运量增长了").wait_for(state="attached")
    assert visit.page.get_by_role("heading", level=3, name="2024 年货运增长了多少？").count() == 1
    assert visit.page.locator("#panel[aria-live]").count() == 0
    box = visit.page.locator(".claim .mark").first.bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 24


@in_browser
def test_escape_in_the_box_leaves_it_alone(visit: Visit) -> None:
    visit.ask("2024 年货运增长了多少？")
    visit.page.click(".claim .mark >> nth=0")
    visit.page.wait_for_selector("#panel mark")
    visit.page.fill("#question textarea", "half a question")
    visit.page.keyboard.press("Escape")
    assert visit.page.input_value("#question textarea") == "half a question"
    assert visit.page.locator("#panel mark").first.is_visible()
    visit.page.fill("#question textarea", "")


@in_browser
def test_on_a_phone_the_mark_stays_visible_over_the_sheet(browser: Browser, address: str) -> None:
    visit = Visit(browser, address, width=390)
    visit.ask("2024 年货运增长了多少？")
    mark = visit.page.locator(".claim .mark").nth(1)
    mark.click()
    visit.page.wait_for_selector("#panel mark")
    visit.page.wait_for_timeout(400)
    place, sheet = mark.bounding_box(), visit.page.locator("#panel").bounding_box()
    assert place
    assert sheet
    assert 56 < place["y"] < sheet["y"] - place["height"]
    visit.page.click("#menu")  # closes the sheet, too
    assert not visit.page.locator("#panel").is_visible()
    upload = visit.page.locator("#upload .button").bounding_box()
    assert upload
    assert upload["y"] < 150
    visit.page.context.close()


@in_browser
def test_an_empty_folder_opens_on_upload_and_follows_the_first_report(browser: Browser, tmp_path: Path) -> None:
    library = FakeLibrary()
    library.all.clear()
    server = Served(tmp_path, library)
    visit = Visit(browser, server.address)
    try:
        visit.page.get_by_role("heading", name="还没有报告，请先上传一份。").wait_for()
        assert visit.page.locator(".welcome .upload.first").is_visible()
        library.all[EN.id] = EN
        visit.page.get_by_role("heading", name="想从这些报告里知道什么？").wait_for()
        visit.page.locator("#shelf .report", has_text="Harbour report 2025").wait_for()
    finally:
        visit.page.context.close()
        server.stop()


def test_the_page_holds_no_address_of_another_host() -> None:
    for asset in (Path(__file__).parents[2] / "web" / "static").iterdir():
        assert "http" not in asset.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
