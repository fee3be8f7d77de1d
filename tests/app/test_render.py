"""How answers and passages look: golden HTML, and nothing foreign gets through."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.read import report_from_text
from records import Answer, Citation, Claim
from render import answer_html, asked_html, chat_html, passage_html, plain, reports_html, shown, welcome_html
from tests.app.fakes import DECLINED, EN, FREIGHT_ZH, QUOTED, WRITTEN, ZH, FakeLibrary, cite

report_of = FakeLibrary().report
OURS = {"div", "p", "span", "button", "ul", "li", "cite", "b", "s", "small", "mark", "strong", "em", "code"}
OURS |= {"header", "h2", "table", "tr", "td", "th", "pre", "details", "summary", "section"}


class Seen(HTMLParser):
    """The tags and attributes of a piece of HTML, and the text a reader sees."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)

    def marked(self, html: str) -> str:
        return "".join(piece.split("</mark>")[0] for piece in html.split("<mark>")[1:])


def test_an_answer_is_sentences_that_end_in_marks() -> None:
    answer = Answer("问", "zh", (Claim(FREIGHT_ZH.quote, (FREIGHT_ZH,)),))
    place = f'data-report="{ZH.id}" data-start="{FREIGHT_ZH.start}" data-end="{FREIGHT_ZH.end}"'
    mark = f'<button type="button" class="mark" {place} aria-label="依据 1：港口年报 2024">1</button>'
    assert answer_html(answer, "问", report_of) == (
        '<div class="answer quoted" lang="zh-CN">'
        '<div class="claims"><span class="claim">2024 年港口的货运量增长了 <strong>12.5%</strong>，达到 3.2 亿吨。'
        f"{mark}</span></div>"
        f'<ul class="sources" aria-label="依据"><li><span class="marks">{mark}</span><cite>港口年报 2024</cite>'
        '<span class="about">港务局</span><span class="about">2025-01-07</span></li></ul></div>'
    )


def test_an_unsupported_sentence_is_struck_with_its_reason() -> None:
    html = answer_html(WRITTEN, "How did freight grow?", report_of)
    assert '<div class="answer written" lang="en">' in html
    assert html.count("<s>") == 1
    assert "Not supported by the source: 70 % is not there" in html
    assert "understood" not in html


def test_a_follow_up_made_whole_is_shown() -> None:
    assert "理解为：2024 年港口的货运量增长了多少？" in answer_html(QUOTED, "那 2024 年呢？", report_of)


def test_a_conflict_names_its_marks_and_the_later_one() -> None:
    html = answer_html(QUOTED, QUOTED.question, report_of)
    note = html.split('class="conflict"')[1].split("</p>")[0]
    assert "报告之间说法不一" in note
    assert [note.count(f">{mark}</button>") for mark in (1, 2)] == [1, 2]


def test_a_declined_answer_says_so_in_its_language_and_offers_what_is_near() -> None:
    html = answer_html(DECLINED, DECLINED.question, report_of)
    assert '<div class="answer declined" lang="zh-CN">' in html
    assert '<p class="verdict">报告里没有关于火星的内容。</p>' in html
    assert '<p class="verdict">报告里没有找到答案</p>' in answer_html(replace(DECLINED, note=""), "", report_of)
    assert "港口年报 2024 › 运量" in html
    assert html.count('class="near"') == 2


def test_a_row_of_a_table_reads_as_what_and_how_many() -> None:
    row = cite(1, ZH, "东区 | 2 亿吨")
    html = answer_html(Answer("", "zh", (Claim("东区：2 亿吨", (row,)),)), "", report_of)
    assert '<div class="answer quoted"' in html
    assert '<span class="claim">东区：2 亿吨<button' in html


def test_an_unsure_answer_says_so_first_and_is_cited_like_any() -> None:
    claim = Claim(FREIGHT_ZH.quote, (FREIGHT_ZH,))
    html = answer_html(
        Answer("问", "zh", (claim,), "unsure", note="报告没有直接回答；最接近的说法是："), "问", report_of
    )
    assert '<div class="answer quoted unsure"' in html
    assert html.index("最接近的说法是") < html.index('class="claim"')
    assert html.count("最接近的说法是") == 1
    assert 'class="mark"' in html


def test_the_words_that_answer_stand_out() -> None:
    start = ZH.text.index("12.5%")
    claim = Claim(plain(FREIGHT_ZH.quote), (FREIGHT_ZH,), None, (start, start + len("12.5%")))
    assert '增长了 <b class="said">12.5%</b>，' in answer_html(Answer("问", "zh", (claim,)), "问", report_of)
    whole = Claim(plain(FREIGHT_ZH.quote), (FREIGHT_ZH,), None, (FREIGHT_ZH.start, FREIGHT_ZH.end))
    assert '<b class="said">' not in answer_html(Answer("问", "zh", (whole,)), "问", report_of)


def test_marks_in_chinese_brackets_stay_text() -> None:
    claim = Claim("见【1】和[2]，【注】不变。", ())
    assert "见【1】和[2]，【注】不变。" in answer_html(Answer("", "zh", (claim,)), "", report_of)


HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> ![p](https://evil.example/p.png)"
    " [c](javascript:alert(1)) \"'> <svg/onload=1>"
)


@pytest.mark.parametrize("text", [HOSTILE, f"| {HOSTILE} |", f"# {HOSTILE}", f"```\n{HOSTILE}\n```", f"- {HOSTILE}"])
def test_nothing_foreign_becomes_html(text: str) -> None:
    report = report_from_text(f"{text}\n", "a.md")
    quote = report.text[: len(text)]
    citation = Citation(1, report.id, report.sha256, 0, len(quote), None, quote)
    answer = Answer(text, "en", (Claim(text, (citation,)),), note=text)
    pages = [
        answer_html(answer, "x", lambda _: report),
        passage_html(report, 0, len(quote), [text], "en"),
        asked_html(text),
        reports_html([report]),
        welcome_html([text]),
    ]
    for page in pages:
        for tag, attributes in Seen(page).tags:
            assert tag in OURS
            assert not {"src", "href", "style"} & set(attributes)
            assert not any(name.startswith("on") for name in attributes)


def test_the_cited_span_is_marked_where_it_stands() -> None:
    html = passage_html(ZH, FREIGHT_ZH.start, FREIGHT_ZH.end, ("港口年报 2024", "运量"), "zh")
    seen = Seen(html)
    assert seen.marked(html) == "2024 年港口的货运量增长了 12.5%，达到 3.2 亿吨。"
    assert "客运量为 40 万人次。" in seen.text
    assert "title:" not in seen.text
    assert '<p class="path">港口年报 2024 › 运量</p>'.replace("港口年报 2024 › ", "") in html
    assert "<td>东区</td>" in html


def test_a_report_opens_behind_its_front_matter_with_nothing_marked() -> None:
    html = passage_html(ZH, 0, 0, (), "zh")
    assert "<mark>" not in html
    assert "title:" not in html
    assert "港口的货运量" in html


def test_pages_are_told_where_they_turn() -> None:
    report = replace(report_from_text("first page\nsecond page\n", "a.txt"), path="a.pdf", pages=(0, 11))
    html = passage_html(report, 11, 22, (), "en")
    assert "<span>page 2</span>" in html
    assert '<p class="pagebreak"><span>page 2</span></p><p><mark>second page</mark></p>' in html


def test_markup_is_hidden_and_its_words_stay() -> None:
    text = "a **b** [c](url) ![d](u) `e*f*` 2 * 3 * 4<br>"
    assert "".join(text[a:b] for a, b, _ in shown(text)) == "a b c d e*f* 2 * 3 * 4"
    assert [tag for a, b, tag in shown(text) if text[a:b] == "b"] == ["strong"]


def test_one_line_of_chinese_has_no_space_where_a_line_broke() -> None:
    assert plain("货运\n增长 12 %\nof *all*") == "货运增长 12 % of all"


def test_turns_stay_apart() -> None:
    assert (
        chat_html(["<p>1</p>", "<p>2</p>"])
        == '<section class="turn"><p>1</p></section><section class="turn"><p>2</p></section>'
    )


def test_the_newest_report_comes_first() -> None:
    html = reports_html([ZH, EN])
    assert html.index("Harbour report 2025") < html.index("港口年报 2024")
    assert "没有" not in html
    assert "报告集还是空的" in reports_html([])


@given(st.text("a*`[]()!|#->\n<br&【】字 1.", max_size=80), st.integers(0, 80), st.integers(0, 80))
def test_any_text_and_span_give_whole_html(text: str, first: int, second: int) -> None:
    report = replace(ZH, path="a.md", text=text)
    start, end = sorted((min(first, len(text)), min(second, len(text))))
    seen = Seen(passage_html(report, start, end, (), "zh"))
    assert not seen.open
    assert {tag for tag, _ in seen.tags} <= OURS


def test_a_table_shown_from_its_midst_has_its_header() -> None:
    rows = "\n".join(f"| place number {n} of the long table of all places | {n} |" for n in range(200))
    report = report_from_text(f"# Places\n\n| Place | Staff |\n| --- | ---: |\n{rows}\n", "places.md")
    start = report.text.index("place number 150 ")
    html = passage_html(report, start, report.text.index("\n", start) - 2, (), "en")
    assert "place number 2 " not in html
    assert "<tr><th>Place</th><th>Staff</th></tr>" in html
    assert html.count("<th>") == 2


def test_a_quoted_list_is_shown_as_a_list() -> None:
    report = report_from_text(
        "# Users\n\nThe users are:\n\n- banks\n- **ports**\n- schools\n\nThat is all.\n", "users.md"
    )
    start, end = report.text.index("The users"), report.text.index("schools") + len("schools")
    citation = Citation(1, report.id, report.sha256, start, end, None, report.text[start:end])
    claim = Claim("The users are: banks; ports; schools.", (citation,))
    html = answer_html(Answer("who", "en", (claim,)), "who", lambda _: report)
    assert "<ul><li>banks</li><li><strong>ports</strong></li><li>schools</li></ul>" in html
    assert "<p>The users are:<button" in html
    assert "That is all" not in html
