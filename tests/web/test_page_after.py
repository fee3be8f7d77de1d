"""What stands under an answer, in a real browser: what its reader says of it, and what may be asked next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from answer.feedback import FeedbackFile
from tests.web.fakes import FakeLibrary
from tests.web.test_page import Served, Visit, browser, in_browser, patience

__all__ = ["browser"]

QUESTIONS = {"zh-CN": "2024 年货运增长了多少？", "en-GB": "How did freight grow?"}
NEXT = {
    "zh-CN": "《港口年报 2024》里，东区是多少？",
    "en-GB": "What does “Harbour report 2025” say about “Outlook”?",
}
GOOD = {"zh-CN": "这个回答好", "en-GB": "Good answer"}
BAD = {"zh-CN": "这个回答不好", "en-GB": "Bad answer"}
LOCALES = pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> FeedbackFile:
    return FeedbackFile(tmp_path_factory.mktemp("state") / "feedback.sqlite")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, kept: FeedbackFile) -> Iterator[Served]:
    server = Served(tmp_path_factory.mktemp("reports"), FakeLibrary(), feedback=str(kept.path))
    yield server
    server.stop()


@in_browser
@LOCALES
def test_the_latest_answer_offers_what_may_be_asked_next_and_a_click_asks_it(
    browser: Browser, served: Served, locale: str
) -> None:
    visit = Visit(browser, served.address, locale)
    page = visit.page
    visit.ask(QUESTIONS[locale])
    page.locator(".next .example").wait_for()
    assert page.locator(".next .example").all_inner_texts() == [NEXT[locale]]
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"  # nobody's place is taken
    page.click("#language")
    assert visit.shows(".next p") == ("Ask next" if locale == "zh-CN" else "接着可以问")
    page.reload(wait_until="commit")
    page.locator(".next .example").wait_for()  # a chat keeps them
    page.click(".next .example")
    page.locator(".turn >> nth=1 >> .claim").wait_for()
    assert page.locator(".turn >> nth=0 >> .next .example").count() == 0
    question, earlier, _ = served.assistant.asked[-1]
    assert (question, earlier) == (NEXT[locale], ())
    page.context.close()
    assert visit.faults == []


@in_browser
def test_a_question_that_is_sent_gives_the_next_ones_up(browser: Browser, served: Served) -> None:
    visit = Visit(browser, served.address)
    page = visit.page
    page.route("**/page/next", lambda route: None)  # never answered
    with page.expect_request("**/page/next"):
        visit.ask(QUESTIONS["zh-CN"])
    with page.expect_event("requestfailed", lambda failed: failed.url.endswith("/page/next")):
        visit.ask("火星上有多少人？")
    page.locator("#send", has_text="发送").wait_for()
    assert page.locator(".next .example").count() == 0
    assert [turn.question for turn in served.assistant.asked[-1][1]] == ["2024 年港口的货运量增长了多少？"]
    page.context.close()
    assert visit.faults == []


@in_browser
@LOCALES
def test_an_answer_is_called_good_or_bad_with_a_note_and_taken_back(
    browser: Browser, served: Served, kept: FeedbackFile, locale: str
) -> None:
    before = len(kept.all())
    visit = Visit(browser, served.address, locale)
    page = visit.page
    visit.ask(QUESTIONS[locale])
    good, bad = (page.get_by_role("button", name=name[locale], exact=True) for name in (GOOD, BAD))
    good.wait_for()
    assert [good.get_attribute("aria-pressed"), bad.get_attribute("aria-pressed")] == ["false", "false"]
    bad.press("Enter")
    page.locator(".feedback form").wait_for()
    assert bad.get_attribute("aria-pressed") == "true"
    assert [one.good for one in kept.all()[before:]] == [False]
    page.locator("#announce", has_text="谢谢" if locale == "zh-CN" else "Thank you").wait_for(state="attached")
    page.keyboard.press("Tab")
    page.keyboard.type("<b>9 %</b>")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".note p", has_text="<b>9 %</b>").wait_for()
    (said,) = kept.all()[before:]
    assert (said.note, said.question, said.certainty, said.generation) == ("<b>9 %</b>", QUESTIONS[locale], "sure", 7)
    assert said.cited
    assert page.evaluate("document.activeElement.ariaLabel") == BAD[locale]
    page.reload(wait_until="commit")
    page.locator(".note p", has_text="<b>9 %</b>").wait_for()
    assert bad.get_attribute("aria-pressed") == "true"
    good.click()
    page.locator(".feedback form").get_by_role("button").last.click()
    assert [one.good for one in kept.all()[before:]] == [True]
    good.click()
    page.locator(".good[aria-pressed=false]").wait_for()
    assert len(kept.all()) == before
    assert page.locator("#chat [role=status], #chat [aria-live]").count() == 1
    page.context.close()
    assert visit.faults == []


@in_browser
def test_what_could_not_be_kept_is_not_shown_as_said(browser: Browser, served: Served) -> None:
    visit = Visit(browser, served.address)
    page = visit.page
    visit.ask("火星上有多少人？")
    page.route("**/page/feedback", lambda route: route.abort())
    page.get_by_role("button", name="这个回答好", exact=True).click()
    page.get_by_text("连不上服务器").wait_for()
    assert page.locator(".good").get_attribute("aria-pressed") == "false"
    assert page.locator(".feedback form").count() == 0
    page.context.close()


@in_browser
def test_nobody_is_asked_where_the_settings_say_so(browser: Browser, tmp_path: Path) -> None:
    server = Served(tmp_path, FakeLibrary(), feedback="")
    visit = Visit(browser, server.address)
    try:
        visit.ask(QUESTIONS["zh-CN"])
        visit.page.locator(".next .example").wait_for()
        assert visit.page.locator(".feedback").count() == 0
    finally:
        visit.page.context.close()
        server.stop()


@in_browser
@pytest.mark.parametrize("width", [390, 1400])
def test_it_fits_and_its_buttons_are_large_enough(browser: Browser, served: Served, width: int) -> None:
    visit = Visit(browser, served.address, width=width)
    page = visit.page
    page.set_default_timeout(patience())
    visit.ask(QUESTIONS["zh-CN"])
    page.locator(".next .example").wait_for()
    page.click(".bad")
    page.locator(".feedback textarea").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for one in page.locator(".thumb, .next .example, .feedback .link").all():
        box = one.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 24
    page.context.close()
