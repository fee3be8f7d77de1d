"""How answers and passages look: golden HTML, and nothing foreign gets through."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.read import report_from_text
from records import Answer, Citation, Claim, Support
from tests.web.fakes import DECLINED, EN, FREIGHT_EN, FREIGHT_ZH, QUOTED, WRITTEN, ZH, FakeLibrary, cite, hit
from text.markdown import one_line
from web.panel import citations, passage_html
from web.render import answer_html, names_of, newest_first, reports_html, welcome_html

report_of = FakeLibrary().report
OURS = {"div", "p", "span", "button", "ul", "li", "cite", "b", "s", "small", "mark", "strong", "em", "code"}
OURS |= {"header", "h2", "table", "tr", "td", "th", "pre", "details", "summary", "dl", "dt", "dd", "input", "label"}


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
        if tag != "input":
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
        '<div class="claims"><p class="claim">2024 年港口的货运量增长了 <strong>12.5%</strong>，达到 3.2 亿吨。'
        f"{mark}</p></div>"
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
    assert '<span class="path">运量</span>' in html  # the report is named once
    assert html.count('class="near"') == 2


def test_a_table_that_is_near_is_shown_row_by_row() -> None:
    table = "客运量为 40 万人次。\n\n| 港区 | 货运量 |\n| --- | --- |\n| 东区 | 2 亿吨 |\n"
    html = answer_html(replace(DECLINED, nearest=(hit(ZH, table, ()),)), "", report_of)
    assert '<span class="preview">客运量为 40 万人次。\n港区 · 货运量\n东区 · 2 亿吨</span>' in html


def test_a_row_of_a_table_reads_as_what_and_how_many() -> None:
    row = cite(1, ZH, "东区 | 2 亿吨")
    html = answer_html(Answer("", "zh", (Claim("东区：2 亿吨", (row,)),)), "", report_of)
    assert '<div class="answer quoted"' in html
    assert '<p class="claim">东区：2 亿吨<button' in html


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
    claim = Claim(one_line(FREIGHT_ZH.quote), (FREIGHT_ZH,), None, (start, start + len("12.5%")))
    assert '增长了 <b class="said">12.5%</b>，' in answer_html(Answer("问", "zh", (claim,)), "问", report_of)
    whole = Claim(one_line(FREIGHT_ZH.quote), (FREIGHT_ZH,), None, (FREIGHT_ZH.start, FREIGHT_ZH.end))
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
        passage_html(report, (0, len(quote)), [text], "en"),
        reports_html([replace(report, title=text, path=text, publisher=text)]),
        welcome_html([text], "en", has_reports=True),
    ]
    for page in pages:
        for tag, attributes in Seen(page).tags:
            assert tag in OURS
            assert not {"src", "href", "style"} & set(attributes)
            assert not any(name.startswith("on") for name in attributes)


def test_the_cited_span_is_marked_where_it_stands() -> None:
    html = passage_html(ZH, (FREIGHT_ZH.start, FREIGHT_ZH.end), ("港口年报 2024", "运量"), "zh")
    seen = Seen(html)
    assert seen.marked(html) == "2024 年港口的货运量增长了 12.5%，达到 3.2 亿吨。"
    assert "客运量为 40 万人次。" in seen.text
    assert "title:" not in seen.text
    assert '<p class="path">港口年报 2024 › 运量</p>'.replace("港口年报 2024 › ", "") in html
    assert "<td>东区</td>" in html


def test_a_report_opens_behind_its_front_matter_with_nothing_marked() -> None:
    html = passage_html(ZH, (0, 0), (), "zh")
    assert "<mark>" not in html
    assert "title:" not in html
    assert "港口的货运量" in html


def test_pages_are_told_where_they_turn() -> None:
    report = replace(report_from_text("first page\nsecond page\n", "a.txt"), path="a.pdf", pages=(0, 11))
    html = passage_html(report, (11, 22), (), "en")
    assert "<span>page 2</span>" in html
    assert '<p class="pagebreak"><span>page 2</span></p><p><mark>second page</mark></p>' in html


def test_one_line_of_chinese_has_no_space_where_a_line_broke() -> None:
    assert one_line("货运\n增长 12 %\nof *all*") == "货运增长 12 % of all"


def test_the_newest_report_comes_first_and_unknown_dates_last() -> None:
    dates = ["2024-01-07", "", "2025", "2025-03", "n. d."]
    reports = [replace(ZH, path=f"{date}.md", published=date) for date in dates]
    assert [r.published for r in newest_first(reports)] == ["2025-03", "2025", "2024-01-07", "", "n. d."]
    html = reports_html([ZH, EN])
    assert html.index("Harbour report 2025") < html.index("港口年报 2024")
    assert "自己跟上" in reports_html([])


def test_equal_titles_are_told_apart_by_path() -> None:
    reports = [replace(ZH, path="north/a.md"), replace(ZH, path="south/a.md"), EN]
    assert names_of(reports)["north/a.md"] == "港口年报 2024 (north/a.md)"
    assert names_of(reports)[EN.path] == "Harbour report 2025"
    html = reports_html(reports)
    assert html.count('<span class="path">') == 2
    assert 'data-folder="south"' in html


def test_before_the_first_report_the_page_says_so_and_offers_to_upload() -> None:
    html = welcome_html([], "zh", has_reports=False)
    assert "还没有报告，请先上传一份。" in html
    assert '<label class="upload first" for="files"><span class="button">上传报告</span></label>' in html


@given(st.text("a*`[]()!|#->\n<br&【】字 1.", max_size=80), st.integers(0, 80), st.integers(0, 80))
def test_any_text_and_span_give_whole_html(text: str, first: int, second: int) -> None:
    report = replace(ZH, path="a.md", text=text)
    start, end = sorted((min(first, len(text)), min(second, len(text))))
    seen = Seen(passage_html(report, (start, end), (), "zh"))
    assert not seen.open
    assert {tag for tag, _ in seen.tags} <= OURS


def test_a_table_shown_from_its_midst_has_its_header() -> None:
    rows = "\n".join(f"| place number {n} of the long table of all places | {n} |" for n in range(200))
    report = report_from_text(f"# Places\n\n| Place | Staff |\n| --- | ---: |\n{rows}\n", "places.md")
    start = report.text.index("place number 150 ")
    html = passage_html(report, (start, report.text.index("\n", start) - 2), (), "en")
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


STAFF = report_from_text(
    "# Yard\n\nUnit: people\n\n| Yard | 2023 | 2024 |\n| --- | --- | --- |\n| East, old | 1,200 | 1,310 |\n", "yard.md"
)


def row_claim(said: str, answers: str = "") -> Claim:
    start = STAFF.text.index("East, old")
    end = STAFF.text.index("1,310") + 5
    at = STAFF.text.index(answers) if answers else 0
    citation = Citation(1, STAFF.id, STAFF.sha256, start, end, None, STAFF.text[start:end])
    return Claim(said, (citation,), None, (at, at + len(answers)) if answers else None)


def test_a_row_is_its_name_and_small_pairs_with_the_answer_standing_out() -> None:
    claim = row_claim("East, old: 2023 1,200, 2024 1,310 (people)", "1,310")
    html = answer_html(Answer("staff", "en", (claim,)), "staff", lambda _: STAFF)
    assert '<p><b>East, old</b><span class="about">people</span><button' in html
    assert '<div><dt>2023</dt><dd>1,200</dd></div><div><dt>2024</dt><dd class="said">1,310</dd></div>' in html
    only = answer_html(Answer("staff", "en", (row_claim("East, old: 2024 1,310"),)), "staff", lambda _: STAFF)
    assert "1,200" not in only
    assert "<dd>1,310</dd>" in only


def test_what_is_not_the_row_read_aloud_stays_a_sentence() -> None:
    claim = row_claim("East, old: 2024 1,310, more than ever")
    html = answer_html(Answer("staff", "en", (claim,)), "staff", lambda _: STAFF)
    assert "<dl>" not in html
    assert "more than ever" in html


def test_a_quote_is_never_struck_out() -> None:
    refused = Support(False, 0.1, "other years")
    quote = Claim(one_line(FREIGHT_ZH.quote), (FREIGHT_ZH,), refused)
    html = answer_html(Answer("问", "zh", (quote,)), "问", report_of)
    assert "<s>" not in html
    assert "other years" not in html


def test_nothing_is_said_against_a_sentence_that_is_still_being_written() -> None:
    assert "<s>" not in answer_html(WRITTEN, "How did freight grow?", report_of, writing=True)
    first = replace(WRITTEN, claims=WRITTEN.claims[::-1])
    assert answer_html(first, "How did freight grow?", report_of, writing=True).count("<s>") == 1


def test_a_note_stands_above_the_sentences_it_announces() -> None:
    html = answer_html(replace(QUOTED, note="这是引文，但报告的说法不同："), QUOTED.question, report_of)
    assert html.index("报告的说法不同") < html.index('class="claims"')


def test_a_question_understood_otherwise_can_be_asked_as_typed() -> None:
    assert "data-as-typed>按原话问</button>" in answer_html(QUOTED, "那 2024 年呢？", report_of)
    assert "data-as-typed" not in answer_html(QUOTED, QUOTED.question, report_of)


def test_a_quote_that_stands_no_more_says_so_and_opens_nothing() -> None:
    html = answer_html(QUOTED, QUOTED.question, report_of, stale={1: "changed"})
    assert "引文已对不上：港口年报 2024" in html
    assert html.count('<span class="mark stale"') == 3
    assert f'data-report="{EN.id}"' in html
    assert f'data-report="{ZH.id}"' not in html


def test_the_cited_row_and_the_cell_that_answers_are_marked() -> None:
    start, said = STAFF.text.index("East"), STAFF.text.index("1,310")
    html = passage_html(STAFF, (start, said + 5), (), "en", said=(said, said + 5))
    assert '<tr class="cited"><td><mark>East, old</mark></td>' in html
    assert '<td class="said"><mark>1,310</mark></td></tr>' in html
    assert html.count('class="cited"') == 1


def test_more_can_be_read_above_and_below_until_the_report_ends() -> None:
    start = EN.text.index("Freight")
    near = passage_html(EN, (start, start + 7), (), "en", (100, 10))
    assert 'data-more="above"' in near
    assert 'data-more="below"' in near
    assert "new berths" not in near
    whole = passage_html(EN, (start, start + 7), (), "en", (10**9, 10**9))
    assert "data-more" not in whole
    assert "new berths" in whole


def test_a_citation_is_told_in_three_styles() -> None:
    place = (FREIGHT_EN.start, FREIGHT_EN.end)
    told = citations(replace(EN, pages=(0, FREIGHT_EN.start)), place, date(2026, 5, 1))
    quote = "Freight grew by 9 % in 2025 & reached 350 million tonnes."
    assert told["plain"] == f"“{quote}” Harbour report 2025, Harbour Board, 2026-02, p. 2"
    assert told["markdown"] == f"> {quote}\n\n— Harbour report 2025, Harbour Board, 2026-02, p. 2"
    assert told["gbt"] == "Harbour Board. Harbour report 2025[R]. 2026-02: 2."
    online = citations(replace(ZH, source="https://harbour.example/a"), (0, 0), date(2026, 5, 1))
    assert online["gbt"] == "港务局. 港口年报 2024[R/OL]. (2025-01-07)[2026-05-01]. https://harbour.example/a."
    assert online["plain"] == "《港口年报 2024》，港务局，2025-01-07，https://harbour.example/a"


def test_a_pdf_offers_its_page_and_other_files_do_not() -> None:
    pdf = replace(ZH, path="a.pdf", pages=(0, 30))
    assert 'data-tab="page" aria-pressed="false" data-page="2"' in passage_html(pdf, (40, 44), (), "zh")
    assert "data-tab" not in passage_html(ZH, (40, 44), (), "zh")
