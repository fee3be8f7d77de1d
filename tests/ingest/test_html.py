from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.web.about import date_of
from ingest.web.html import markdown_of, read_html
from ingest.written import Unreadable


def text_of(html: str) -> str:
    """The Markdown of what a page shows."""
    return read_html(f"<html><body>{html}</body></html>".encode(), "page.html").text


def rows_of(html: str) -> list[str]:
    """The lines of the tables on a page, without the rule under the header."""
    lines = [line for line in text_of(html).split("\n") if line.startswith("|")]
    return [line for line in lines if not set(line) <= set("|- ") or set(line) <= set("| ")]


def about_of(head: str, body: str = "<p>Words.</p>") -> dict[str, str]:
    return dict(read_html(f"<html><head>{head}</head><body>{body}</body></html>".encode(), "page.html").about)


def test_merged_cells_are_repeated_and_empty_ones_stay_empty() -> None:
    table = """<table><caption>表 2 主要指标<br>单位：万元</caption>
    <thead><tr><th rowspan=2>项目</th><th colspan=2>2023年</th><th colspan=2>2022年</th></tr>
    <tr><th>金额</th><th>占比</th><th>金额</th><th>占比</th></tr></thead>
    <tr><td rowspan=2>软件</td><td>51</td><td>50%</td><td>44</td><td>40%</td></tr>
    <tr><td>62</td><td>53%</td><td></td><td>41%</td></tr>
    <tr><td>设备</td><td colspan=2>75</td><td>16</td><td>2%</td></tr>
    <tr><td colspan=5>注：不含税</td></tr></table>"""
    assert text_of(table) == (
        "表 2 主要指标\n\n单位：万元\n\n"
        "| 项目 | 2023年 金额 | 2023年 占比 | 2022年 金额 | 2022年 占比 |\n| --- | --- | --- | --- | --- |\n"
        "| 软件 | 51 | 50% | 44 | 40% |\n| 软件 | 62 | 53% |  | 41% |\n| 设备 | 75 | 75 | 16 | 2% |\n\n注：不含税\n"
    )


def test_an_unmarked_header_of_two_rows_is_joined_under_the_unit_line() -> None:
    table = """<table><tr><td colspan=3>单位：吨</td></tr><tr><td rowspan=2>港口</td><td colspan=2>2023年</td></tr>
    <tr><td>进口</td><td>出口</td></tr><tr><td>白沙</td><td>17</td><td>23</td></tr></table>"""
    assert text_of(table) == (
        "单位：吨\n\n| 港口 | 2023年 进口 | 2023年 出口 |\n| --- | --- | --- |\n| 白沙 | 17 | 23 |\n"
    )


def test_a_cell_that_spans_to_the_end_keeps_later_figures_in_their_columns() -> None:
    table = """<table><tr><th>Port</th><th>2023</th><th>2022</th></tr>
    <tr><td rowspan=0>Abyport</td><td>7</td><td>6</td></tr>
    <tr><td>5</td><td>4</td></tr></table>"""
    assert rows_of(table) == ["| Port | 2023 | 2022 |", "| Abyport | 7 | 6 |", "| Abyport | 5 | 4 |"]


def test_a_span_wider_than_the_table_adds_no_columns() -> None:
    table = (
        "<table><tr><th>a</th><th>b</th></tr><tr><td colspan=100%>All</td></tr><tr><td>1</td><td>2</td></tr></table>"
    )
    assert rows_of(table) == ["| a | b |", "| All | All |", "| 1 | 2 |"]


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        ("<tr><td>项目</td><td>2023年</td></tr><tr><td>收入</td><td>4,812</td></tr>", "| 项目 | 2023年 |"),
        ("<tr><td>成立时间</td><td>1998年</td></tr><tr><td>员工</td><td>120</td></tr>", "|  |  |"),
        ("<tr><th>Founded</th><td>1998</td></tr><tr><th>Staff</th><td>120</td></tr>", "|  |  |"),
        ("<tr><td>Elm</td><td>12</td><td>13</td></tr><tr><td>Oak</td><td>14</td><td>15</td></tr>", "|  |  |  |"),
        ("<tr><td><b>Town</b></td><td><b>Mayor</b></td></tr><tr><td>Elm</td><td>Ann</td></tr>", "| Town | Mayor |"),
        ("<tr><td>Town</td><td>Trees</td></tr><tr><td>Elm</td><td>212</td></tr>", "| Town | Trees |"),
    ],
)
def test_a_first_row_is_the_header_only_where_it_is_certain(rows: str, header: str) -> None:
    assert rows_of(f"<table>{rows}</table>")[0] == header


def test_a_section_of_a_table_is_no_second_header() -> None:
    table = """<table><tr><th>Item</th><th>2023</th></tr><tr><th colspan=2>Assets</th></tr>
    <tr><td>Cash</td><td>9</td></tr><tr><th colspan=2>Debts</th></tr><tr><td>Loans</td><td>8</td></tr></table>"""
    expected = ["| Item | 2023 |", "| Assets | Assets |", "| Cash | 9 |", "| Debts | Debts |", "| Loans | 8 |"]
    assert rows_of(table) == expected


def test_lists_and_line_breaks_in_a_cell_stand_on_one_line() -> None:
    table = """<table><tr><th>Day</th><th>Open<br>hours</th></tr>
    <tr><td>Tuesday</td><td><ul><li>8:00 - 11:00</li><li>13:00 - 20:00</li></ul></td></tr>
    <tr><td>锦湖<br>集团</td><td>9:00<br>10:00</td></tr><tr><td>Elm<br>Street</td><td><p>One.</p><p>Two</p></td></tr></table>"""
    assert rows_of(table) == [
        "| Day | Open hours |",
        "| Tuesday | 8:00 - 11:00; 13:00 - 20:00 |",
        "| 锦湖集团 | 9:00; 10:00 |",
        "| Elm Street | One. Two |",
    ]


def test_a_table_inside_a_cell_of_data_is_read_as_lines() -> None:
    table = """<table><tr><th>Town</th><th>Trees</th></tr>
    <tr><td>Elm</td><td><table><tr><td>Oak</td><td>5</td></tr><tr><td>Ash</td><td>6</td></tr></table></td></tr></table>"""
    assert rows_of(table) == ["| Town | Trees |", "| Elm | Oak 5; Ash 6 |"]


def test_a_table_that_only_places_things_is_unwrapped() -> None:
    inner = "<table><tr><th>Port</th><th>Ships</th></tr><tr><td>Abyport</td><td>31</td></tr></table>"
    page = f"<table><tr><td>A short note.</td></tr><tr><td><h2>Ports</h2><p>Two lines.</p>{inner}</td></tr></table>"
    assert text_of(page) == (
        "A short note.\n\n## Ports\n\nTwo lines.\n\n| Port | Ships |\n| --- | --- |\n| Abyport | 31 |\n"
    )


def test_the_caption_of_a_figure_stands_above_its_table() -> None:
    page = """<figure><table><tr><th>Port</th><th>Ships</th></tr><tr><td>Abyport</td><td>31</td></tr></table>
    <figcaption>Table 3. Ships by port</figcaption></figure>"""
    assert text_of(page).startswith("Table 3. Ships by port\n\n| Port | Ships |")


def test_lists_keep_their_depth_and_their_own_numbers() -> None:
    page = """<ol start=3><li>three<ul><li>inner</li></ul></li><li value=7><p>seven</p><p>more</p></li></ol>
    <p>And</p><ol type=a><li>x</li></ol><ol reversed><li>p<li>q</ol>"""
    assert text_of(page) == "3. three\n  - inner\n7. seven more\n\nAnd\n\n- a. x\n2. p\n1. q\n"


def test_terms_stand_before_what_they_mean() -> None:
    page = "<dl><dt>Berth</dt><dd>A place.</dd><dd>A bed.</dd><dt>术语</dt><dd><p>定义。</p></dd><dt>Lone</dt></dl>"
    assert text_of(page) == "Berth: A place.\n\nBerth: A bed.\n\n术语：定义。\n\nLone\n"


def test_code_is_fenced_and_quotes_are_marked() -> None:
    page = "<pre>if a &lt; b:\n    ```go</pre><blockquote><p>Said.</p></blockquote>"
    assert text_of(page) == "````\nif a < b:\n    ```go\n````\n\n> Said.\n"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("It cost $320<sup>1</sup> then", "It cost $320[^1] then"),
        ("It cost $10<sup>1</sup> then", "It cost $10[^1] then"),
        ('Market<sup><a href="#n">[12]</a></sup> grew', "Market[^12] grew"),
        ("Sales of 45<sup>a</sup> and 46<sup>1,2</sup>", "Sales of 45[^a] and 46[^1,2]"),
        ("5 m<sup>2</sup>, 6 km<sup>2</sup>, 7平方米<sup>2</sup>, s<sup>-1</sup>", "5 m², 6 km², 7平方米², s⁻¹"),
        ("3 × 10<sup>6</sup> cells, 2<sup>32</sup>, 2<sup>n</sup>", "3 × 10^6 cells, 2^32, 2^n"),
        ("the 2<sup>nd</sup> of CO<sub>2</sub> and 5<sub>2</sub>", "the 2nd of CO2 and 5_2"),
        ("2<sup>1</sup>/<sub>2</sub> cups", "2 1/2 cups"),
        ("<sup>1</sup> Net of tax", "[^1]: Net of tax"),
        ("half is <math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>", "half is 1 / 2"),
        ("1&nbsp;234 soft&shy;ly <q>said</q>", "1 234 softly “said”"),
        ("It is <del>5</del> 6, of &lt;b&gt; tags", "It is 6, of &lt;b> tags"),
        ("收入增长\n  了一成", "收入增长了一成"),
        ("# 1 in sales", "\\# 1 in sales"),
        ("<b>一、总体情况</b>", "**一、总体情况**"),
        ('<a href="/a">One</a><a href="/b">Two</a> three', "One Two three"),
    ],
)
def test_words_in_a_line_read_as_they_are_seen(html: str, text: str) -> None:
    assert text_of(f"<p>{html}</p>") == f"{text}\n"


def test_lines_that_were_cut_to_one_width_are_joined_and_others_are_not() -> None:
    wrapped = "<br>".join(["港口的货物吞吐量在今年上半年继续", "保持增长并且新增了三条航线和一个", "泊位。"])
    assert text_of(f"<p>{wrapped}</p><p>电话：12345<br>地址：白沙路 8 号</p>") == (
        "港口的货物吞吐量在今年上半年继续保持增长并且新增了三条航线和一个泊位。\n\n电话：12345\n\n地址：白沙路 8 号\n"
    )


def test_hidden_parts_and_empty_pictures_are_left_out() -> None:
    page = """<p>Seen.</p><p hidden>no</p><div style="color:red; DISPLAY : none">no</div><i aria-hidden=true>no</i>
    <noscript>no</noscript><template>no</template><script>no</script><img alt="logo"><img alt="IMG_0123.jpg">
    <img alt="Ships by port, 2019 to 2023"><!-- no --><select><option>no</select>"""
    assert text_of(page) == "Seen.\n\nShips by port, 2019 to 2023\n"


PAGE = """<header><a href="/">Bay Herald</a><nav><a href="/a">Home</a></nav></header>
<div class="cookie-notice"><p>We use cookies to serve you. Do you agree?</p></div>
<div class="wrap"><h1>Rain in Otter Bay</h1><p>Rain fell for 12 days. The river rose by 3 m.</p>
<div class="market-share"><p>The share of umbrellas rose to 12%.</p></div>
<table><tr><th>Day</th><th>mm</th></tr><tr><td class="related">Monday</td><td>5</td></tr></table>
<h3>Related posts</h3><ul><li><a href="/x">Sun in Otter Bay</a></li><li><a href="/y">Snow</a></li></ul>
<div id="comments"><p>I like rain. It is 5 m!</p></div></div>
<aside class="sidebar"><p>Popular now.</p></aside><footer>Copyright Bay Herald</footer>"""


def test_what_stands_around_is_left_out_and_the_report_is_whole() -> None:
    assert text_of(PAGE) == (
        "# Rain in Otter Bay\n\nRain fell for 12 days. The river rose by 3 m.\n\n"
        "The share of umbrellas rose to 12%.\n\n| Day | mm |\n| --- | --- |\n| Monday | 5 |\n"
    )


def test_the_main_part_is_read_with_the_heading_above_it() -> None:
    page = "<div><h1>Trees</h1></div><div>Ads of all kinds</div><main><p>There are 31 oaks in town.</p></main>"
    assert text_of(page) == "# Trees\n\nThere are 31 oaks in town.\n"


def test_a_page_of_divisions_and_a_short_chinese_page_keep_their_words() -> None:
    menu = "".join(f'<a href="/{word}">{word}</a> | ' for word in ("首页", "简报", "联系"))
    page = f"<div>{menu}</div><div><div>湖面31平方公里。</div></div>"
    assert text_of(page) == "湖面31平方公里。\n"


def test_a_page_of_several_articles_is_read_with_all_of_them() -> None:
    page = "<article><p>There are 31 oaks in the town park.</p></article><article><p>There are 9 elms.</p></article>"
    assert text_of(page) == "There are 31 oaks in the town park.\n\nThere are 9 elms.\n"


def test_a_hidden_part_with_most_of_the_words_is_shown_by_a_script() -> None:
    assert text_of('<p>加载中</p><div style="display:none"><p>全市共有工业企业213家。</p></div>').endswith("213家。\n")


def test_a_table_of_links_stays_and_comments_go_however_long() -> None:
    rows = "".join(
        f'<tr><td><a href="/{n}">Pier {n}</a></td><td><a href="/{n}">{n}0 m</a></td></tr>' for n in (1, 2, 3)
    )
    comments = f'<div class="comment-list">{"Nice! " * 50}</div>'
    page = f"<p>There are three piers in town.</p><div><table>{rows}</table></div>{comments}"
    assert text_of(page).startswith("There are three piers in town.\n\n|  |  |\n| --- | --- |\n| Pier 1 | 10 m |")
    assert "Nice" not in text_of(page)


def test_a_page_that_is_all_links_is_read_as_a_whole() -> None:
    links = "".join(f'<li><a href="/{year}">Report {year}</a></li>' for year in (2021, 2022, 2023))
    assert text_of(f"<ul>{links}</ul>") == "- Report 2021\n- Report 2022\n- Report 2023\n"


CHINESE = "全市共有工业企业二百一十三家，比上年增长百分之五。"
TRADITIONAL = "全市共有工業企業二百一十三家，比上年增長百分之五。"


@pytest.mark.parametrize(
    ("meta", "encoding", "words"),
    [
        ('<meta charset="gbk">', "gbk", CHINESE),
        ('<META HTTP-EQUIV="Content-Type" CONTENT="text/html; CHARSET=GB2312">', "gb18030", CHINESE),
        ("<style>" + "a{}" * 900 + "</style><meta charset=gb2312>", "gbk", CHINESE),
        ('<meta http-equiv="Content-Type" content="text/html; charset=big5">', "big5", TRADITIONAL),
        ('<meta charset="gb2312">', "utf-8", CHINESE),
        ('<meta charset="gb2312">', "utf-8-sig", CHINESE),
        ('<meta charset="utf-8">', "gbk", CHINESE),
        ('<meta charset="iso-8859-1">', "gbk", CHINESE),
        ('<meta charset="no-such">', "gbk", CHINESE),
        ('<meta charset="iso-8859-1">', "cp1252", "Tár naïve “café” – 5 €"),
        ('<?xml version="1.0" encoding="big5"?>', "utf-8", CHINESE),
        ("", "utf-16", CHINESE),
    ],
)
def test_the_bytes_say_more_of_the_encoding_than_the_page(meta: str, encoding: str, words: str) -> None:
    html = f"<html><head>{meta}</head><body><p>{words}</p></body></html>"
    assert read_html(html.encode(encoding), "page.html").text == f"{words}\n"


def test_a_broken_byte_does_not_hide_a_page() -> None:
    html = f"<meta charset=gbk><p>{CHINESE * 30}</p>".encode("gbk").replace(b"</p>", b"\xff</p>")
    assert CHINESE * 30 in read_html(html, "page.html").text


@pytest.mark.parametrize(
    ("head", "body", "published"),
    [
        ('<meta property="article:published_time" content="2024-03-05T10:00:00Z">', "", "2024-03-05"),
        ('<meta name="PubDate" content="2024/3/5 9:00">', "", "2024-03-05"),
        (
            '<script type="application/ld+json">'
            '{"@graph": [{"@type": "NewsArticle", "datePublished": "2024-03-05"}]}</script>',
            "",
            "2024-03-05",
        ),
        ("", '<article><header><h1>A</h1><time datetime="2024-03-05">5 March</time></header></article>', "2024-03-05"),
        ("", "<div>发布时间：2024-03-05 10:20　来源：统计局　浏览：23</div>", "2024-03-05"),
        ("", "<p>发布于2024年3月5日</p>", "2024-03-05"),
        ("", "<p>Published on 5 March 2024 | by Ann</p>", "2024-03-05"),
        ("", "<p>Posted: March 2024</p>", "2024-03"),
        ("", "<p>Published on 05/03/2024</p>", ""),
        ("", "<p>The law was Published on 5 March 2024 by the town.</p>", ""),
        ("", "<p>标准于2019年发布，发布时间：2019年1月1日。</p>", ""),
        ("", "<p>发布时间：2024-03-05</p><p>发布时间：2023-03-05</p>", ""),
        ("", "<table><tr><td>2023年</td><td>2021年</td></tr><tr><td>5</td><td>2021-01-01</td></tr></table>", ""),
        ("<link rel=canonical href='https://a.example/2021/01/01/x'>", "<p>更新时间：2024-03-05</p>", ""),
    ],
)
def test_a_page_was_published_when_it_says_so(head: str, body: str, published: str) -> None:
    assert about_of(head, f"{body}<p>Words.</p>").get("published", "") == published


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Fri, 01 Mar 2024 10:00 GMT", "2024-03-01"),
        ("3rd of March, 2024", "2024-03-03"),
        ("Sept. 4, 2023", "2023-09-04"),
        ("20240301", "2024-03-01"),
        ("2024年", "2024"),
        ("2024-13-01", ""),
        ("0101-01-01", ""),
    ],
)
def test_dates_are_read_as_they_are_written(text: str, date: str) -> None:
    assert date_of(text) == date


SITE = '<meta property="og:site_name" content="Bay Herald">'


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        (f'{SITE}<meta property="og:title" content="Rain - Bay Herald"><title>x</title>', "<h1>Y</h1>", "Rain"),
        (f'{SITE}<meta property="og:title" content="Bay Herald"><title>Rain</title>', "", "Rain"),
        (f"{SITE}<title>Rain in May | Bay Herald</title>", "", "Rain in May"),
        ("<title>Rain in May - Some Site</title>", "<h1>Rain in May</h1>", "Rain in May"),
        ("<title>2025 年度报告：数据篇</title>", "<h1>数据篇</h1>", "2025 年度报告：数据篇"),
        ("<title>数据篇 - 2025 年度报告</title>", "<h1>数据篇</h1>", "数据篇 - 2025 年度报告"),
        ("<title>Untitled Document</title>", "<h1>Trees<button>Copy</button></h1>", "Trees"),
        (f"{SITE}<title>Trees</title>", "<h1>Bay Herald</h1>", "Trees"),
    ],
)
def test_the_title_is_the_page_s_and_not_its_site_s(head: str, body: str, title: str) -> None:
    assert about_of(head, f"{body}<p>Words.</p>")["title"] == title


def test_the_publisher_is_the_site_else_the_author_and_never_an_address() -> None:
    assert about_of(f'{SITE}<meta name="author" content="Ann">')["publisher"] == "Bay Herald"
    assert about_of('<meta name="author" content="Ann">')["publisher"] == "Ann"
    assert "publisher" not in about_of('<meta name="author" content="https://a.example/ann">')


def test_thousands_of_nested_elements_are_read_and_said() -> None:
    html = f"<body>{'<div>' * 10000}inner{'</div>' * 10000}<p>after</p>"
    assert read_html(html.encode(), "page.html").text == "inner\n\nafter\n"
    read = read_html(f"<body>{'<table><tr><td>a' * 3000}inner{'</table>' * 3000}<p>after</p>".encode(), "page.html")
    assert read.text.endswith("inner\n\nafter\n")
    assert read.left_out == ("its tables and lists were read as lines: more than 2,048 elements stand in one another",)


def test_a_table_whose_spans_cover_too_much_is_read_as_lines() -> None:
    rows = "<tr>" + "<td rowspan=65534>x</td>" * 400 + "</tr>" + "<tr><td>y</td></tr>" * 1000
    assert set(text_of(f"<table>{rows}</table>").split()) == {"x", "y"}


def test_a_page_made_by_scripts_says_so() -> None:
    with pytest.raises(Unreadable, match=r"page\.html: there is no text in it, scripts fetch its words"):
        read_html(b"<html><body><div id=app></div><script src=a.js></script></body></html>", "page.html")


@settings(deadline=None, max_examples=50)
@given(st.text(st.sampled_from("<>/ =\"'abdfhilnoprtuv123&;!-表"), max_size=200))
def test_whatever_stands_between_brackets_the_words_behind_it_are_read(html: str) -> None:
    closed = "</title></textarea></style></script></select></template></noscript></svg>"
    assert "The end." in text_of(f"{html.replace('<!', '')}\">'>{closed}<p>The end.</p>")


def test_a_header_goes_down_as_far_as_its_merged_cells() -> None:
    text = markdown_of(
        "<table><tr><td rowspan=2><b>Source</b></td><td colspan=2><b>2024</b></td></tr>"
        "<tr><td>t</td><td>share</td></tr><tr><td>Fleet</td><td>2 800</td><td>42 %</td></tr>"
        "<tr><td>Heat</td><td>3 870</td><td>58 %</td></tr></table>"
    )
    assert text.splitlines()[0] == "| Source | 2024 t | 2024 share |"


def test_signs_in_cells_of_their_own_go_to_their_figures() -> None:
    text = markdown_of(
        "<table><tr><th></th><th colspan=3>2024</th></tr><tr><td>Revenue</td><td>$</td><td>4,310</td><td></td></tr>"
        "<tr><td>Loss</td><td></td><td>(44</td><td>)</td></tr></table>"
    )
    assert text == "|  | 2024 |\n| --- | --- |\n| Revenue | $4,310 |\n| Loss | (44) |\n"


def test_roles_make_tables_of_other_elements() -> None:
    cells = "".join(f'<div role="cell">{words}</div>' for words in ("B", "3.10", "79.50"))
    names = "".join(f'<span role="columnheader">{words}</span>' for words in ("Zone", "Single", "Month"))
    html = (
        f'<div role="table"><div role="rowgroup"><div role="row">{names}</div></div><div role="row">{cells}</div></div>'
    )
    assert rows_of(html) == ["| Zone | Single | Month |", "| B | 3.10 | 79.50 |"]


def test_names_and_values_on_lines_of_their_own_stay_apart() -> None:
    text = text_of("<p>Rent: 48,000 a year<br>Deposit: 12,000<br>Term: 12 years</p>")
    assert text == "Rent: 48,000 a year\n\nDeposit: 12,000\n\nTerm: 12 years\n"
