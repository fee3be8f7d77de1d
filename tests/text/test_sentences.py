import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from text.sentences import LONGEST, quotable, sentences

PIECES = st.lists(
    st.sampled_from(
        [
            "增长",
            "Cilium ",
            "1.16",
            "。",
            "？！",
            ".",
            "! ",
            "”",
            "“",
            "**",
            "\n",
            "\n\n",
            "- ",
            "# ",
            "| a | b |\n",
            "```\n",
            "<!--",
            "-->",
            "e.g. ",
            "……",
            "[1]",
            " ",
            "\t",
            "；",
            "\r",
            "\u2028",
            "https://a.cn/?x=1 ",
            "---\n",
            "9",
        ]
    ),
    max_size=60,
).map("".join)


def cut(text: str) -> list[str]:
    return [text[a:b].strip() for a, b in sentences(text)]


def quotes(text: str) -> list[str]:
    return [text[a:b] for a, b in quotable(text, 0, len(text))]


@settings(deadline=None)
@given(PIECES | st.text(max_size=200))
def test_spans_are_contiguous_and_joined_they_are_the_text(text: str) -> None:
    spans = sentences(text)
    assert "".join(text[a:b] for a, b in spans) == text
    assert all(a < b for a, b in spans)
    assert [a for a, _ in spans[1:]] == [b for _, b in spans[:-1]]


@settings(deadline=None)
@given(PIECES, st.integers(0, 30), st.integers(0, 200))
def test_quotable_spans_are_trimmed_in_order_and_inside(text: str, start: int, length: int) -> None:
    end = min(len(text), start + length)
    before = start
    for a, b in quotable(text, start, end):
        assert before <= a < b <= end
        assert text[a:b] == text[a:b].strip()
        before = b


@pytest.mark.parametrize(
    "whole",
    [
        "版本 1.16 比 1.15 快 12.3%",
        "Cilium v1.17.2 is out",
        "It costs 3.5 million U.S. dollars",
        "Dr. Smith joined Isovalent Inc. in 2020",
        "Use tools, e.g. Hubble, vs. others",
        "No. 5 in Fig. 3 on p. 12",
        "See https://a.com/x.html?y=1.2&z=3 for more",
        "Open values.yaml and main.go there",
        "Well... that is it",
        "J. Smith et al. (2020) agree",
        "部署了 1.5 万个节点；其中 2.5% 在边缘",
        "1. First of all",
        '"Really?" she asked',
    ],
)
def test_does_not_cut_inside(whole: str) -> None:
    assert cut(whole) == [whole]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("他说：“好。”然后走了。再见！", ["他说：“好。”", "然后走了。", "再见！"]),
        ("涨了(见表 1)。跌了？没有!真的", ["涨了(见表 1)。", "跌了？", "没有!", "真的"]),
        ("**要点。**说明。**另一**点。", ["**要点。**", "说明。", "**另一**点。"]),
        ("In the U.S. It grew. eBPF helps.", ["In the U.S.", "It grew.", "eBPF helps."]),
        ("It runs (fast.) Then it stops.[1] Done.", ["It runs (fast.)", "Then it stops.[1]", "Done."]),
        ("使用 Cilium. It is fast.很好", ["使用 Cilium.", "It is fast.", "很好"]),
        ("A line that wraps\nin the middle of it. Next", ["A line that wraps\nin the middle of it.", "Next"]),
        (
            "短标题\n这一段的第一行比标题长得多，所以上一行是标题",
            ["短标题", "这一段的第一行比标题长得多，所以上一行是标题"],
        ),
    ],
)
def test_cuts_at_stops(text: str, wanted: list[str]) -> None:
    assert cut(text) == wanted


def test_blocks_end_sentences() -> None:
    text = "# Title\nA paragraph\n- one\n- two\n  wraps\n\n| a | b |\n|---|---|\n| 1. x | 2 |\nlast\n====\nbody"
    assert cut(text) == [
        "# Title",
        "A paragraph",
        "- one",
        "- two\n  wraps",
        "| a | b |",
        "|---|---|",
        "| 1. x | 2 |",
        "last\n====",
        "body",
    ]


def test_very_long_sentences_are_cut_at_semicolons() -> None:
    text = "；".join(["这是一个没有句号的很长的列举项目" * 4] * 20)
    pieces = cut(text)
    assert max(map(len, pieces)) <= LONGEST
    assert all(piece.endswith("；") for piece in pieces[:-1])


def test_quotable_leaves_marks_out_and_keeps_items_and_rows_whole() -> None:
    text = (
        "## 标题\n\n- **Cilium 1.15**: 引入了 Gateway API 1.0。\n  • 二级\n1. Step\n- [x] done\n> quoted\n\n---\n\n"
        "| Name | Share |\n| --- | --- |\n| Cilium | 60 % |\n\n![chart](a.png)\n<br>\n<!-- a. hidden. -->\nShown.\n[x]: http://a.b\n"
    )
    assert quotes(text) == [
        "标题",
        "**Cilium 1.15**: 引入了 Gateway API 1.0。",
        "二级",
        "Step",
        "done",
        "quoted",
        "Name | Share",
        "Cilium | 60 %",
        "Shown.",
    ]


def test_quotable_keeps_figures_of_rows_and_items_and_drops_them_elsewhere() -> None:
    text = "| 2023 | 2024 |\n| --- | --- |\n| 4,310 | 5,020 |\n\n- 35–44: 40.3%\n\n12\n\n- - -\n"
    assert [text[a:b] for a, b in quotable(text, 0, len(text))] == ["2023 | 2024", "4,310 | 5,020", "35–44: 40.3%"]


def test_quotable_takes_off_tags_and_half_pairs_of_bold_marks() -> None:
    assert quotes("**Is it? Yes.** It is **so**.\n\n<center> 图 1 </center>\n") == [
        "Is it?",
        "Yes.",
        "It is **so**.",
        "图 1",
    ]


def test_quotable_counts_from_the_start_of_the_text() -> None:
    text = "Before. - not. Inside one. After."
    start = text.index("Inside")
    assert [text[a:b] for a, b in quotable(text, start, start + 11)] == ["Inside one."]


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        (
            "公司概况\n名称：星港公司\n注册资本：500 万元\n员工：320 人\n",
            ["公司概况", "名称：星港公司", "注册资本：500 万元", "员工：320 人"],
        ),
        ("Facts\n**Founded:** 1998\n**Staff:** 320\n", ["Facts", "**Founded:** 1998", "**Staff:** 320"]),
        ("Ratio: it fell,\nBut: it rose\n", ["Ratio: it fell,\nBut: it rose"]),
        ("He said: it is good\nand so it was.\n", ["He said: it is good\nand so it was."]),
        ("We met at\n12:30 and then\n13:40 again.\n", ["We met at\n12:30 and then\n13:40 again."]),
        (
            "The team worked in the field from spring on and it found\nmany things of which a thousand are shown.\n",
            ["The team worked in the field from spring on and it found\nmany things of which a thousand are shown."],
        ),
        (
            "本次发掘共清理房址九座、灰坑五十四个，出土\n各类器物一千三百件，以陶器为主。\n",
            ["本次发掘共清理房址九座、灰坑五十四个，出土\n各类器物一千三百件，以陶器为主。"],
        ),
    ],
)
def test_lines_that_name_their_value_stand_apart_and_wrapped_lines_stay_together(text: str, quotes: list[str]) -> None:
    assert [text[a:b] for a, b in quotable(text, 0, len(text))] == quotes


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1.1 Rent: 48,000\n1.2 Deposit: 12,000", ["1.1 Rent: 48,000", "1.2 Deposit: 12,000"]),
        ("1. Water\n   1.1 Pipes lost 12%\n   1.2 Valves", ["1. Water", "1.1 Pipes lost 12%", "1.2 Valves"]),
        ("2.3 a\n2.3.1 b\n2.3.2 c\n2.4 d\n3.1 e", ["2.3 a", "2.3.1 b", "2.3.2 c", "2.4 d", "3.1 e"]),
        ("4.1供水\n4.2电力", ["4.1供水", "4.2电力"]),
        ("I. Scope\nAll.\nII. Fees\nNone.", ["I. Scope\nAll.", "II. Fees\nNone."]),
        ("1.3 质保金5%\n第二章 交付\n第三条 工期", ["1.3 质保金5%", "第二章 交付", "第三条 工期"]),
        ("revenue: 12.4 m\nprofit: 1.1 m", ["revenue: 12.4 m", "profit: 1.1 m"]),
        ("（一）项目\n（二）资金\n(a) wood\n(ii) stone", ["（一）项目", "（二）资金", "(a) wood", "(ii) stone"]),
        # figures at the start of lines that go on
        ("Sales grew by\n1.2 million to\n1.3 million tonnes", ["Sales grew by\n1.2 million to\n1.3 million tonnes"]),
        ("1.1 Sales grew by\n3.5 million tonnes", ["1.1 Sales grew by\n3.5 million tonnes"]),
        ("总投资约\n3.2亿元", ["总投资约\n3.2亿元"]),
    ],
)
def test_clauses_that_are_counted_stand_by_themselves(text: str, wanted: list[str]) -> None:
    assert cut(text) == wanted


def test_dots_that_lead_to_a_figure_end_no_sentence() -> None:
    text = "Entry, adult ........ 12.50 EUR\nEntry, child ........ 6.00 EUR"
    assert cut(text) == text.split("\n")


def test_notes_are_quoted_and_addresses_are_not() -> None:
    text = "It held 84 million m³[^1].\n\n[^1]: Without the upper basin\n[^2]: Estimated\n[x]: http://a.b\n"
    assert quotes(text) == ["It held 84 million m³[^1].", "Without the upper basin", "Estimated"]


def test_a_term_and_its_definition_are_one() -> None:
    assert cut("Headcount\n: 1,284 people at the end of the year") == [
        "Headcount\n: 1,284 people at the end of the year"
    ]


def test_names_with_a_year_and_their_values_stand_line_by_line() -> None:
    text = "总库容：1.32亿立方米\n2024年供水量：6,480万立方米\n负责人：周立"
    assert cut(text) == text.split("\n")
