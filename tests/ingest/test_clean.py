import time
from collections.abc import Callable

import pytest

from ingest.about import front_matter
from ingest.clean import content, kind_of
from ingest.period import period_named, series_of
from ingest.read import report_from_text
from ingest.split import headings_of
from text.markdown import plain
from text.sentences import quotable, sentences


def kept(text: str, kind: str = "markdown") -> str:
    return "".join(text[a:b] for a, b in content(text, kind))


@pytest.mark.parametrize(
    "line",
    [
        "comments powered by Disqus",
        "(转载本站文章请注明作者和出处某某,请勿用于任何商业用途)",
        "Edit this page on GitHub",
        "Home | About | Blog | Contact",
        "首页 > 博客 > 云原生",
        "This site uses cookies to improve your experience.",
        "上一篇：旧文章",
        "© 2024 The Authors",
        "{{< toc >}}",
        "![diagram](a.png)",
        "[ref]: https://a.b/c",
        "3.1 Results ........... 17",
        "import { withBase } from 'vitepress'",
    ],
)
def test_leaves_out(line: str) -> None:
    text = f"A first sentence.\n\n{line}\n\nA last sentence.\n"
    assert line not in kept(text)
    assert "".join(kept(text).split()) == "Afirstsentence.Alastsentence."


@pytest.mark.parametrize(
    "line",
    [
        "Comments powered by the community grew by 20 %.",
        "Home routers are insecure.",
        "Search is 40 % faster | than before",
        "We share the cookies policy with partners in Europe.",
        "转载量增长了 30%。",
        "目录服务支持 LDAP。",
        "Copyright law changed in 2024, which matters to authors.",
        "Cilium | 60 % | 2025",
        "| Home | About | Blog |",
        "The previous release → the next release: 2x",
        "评论数为 120 条。",
        "In 2024 we had 12",
    ],
)
def test_keeps_sentences(line: str) -> None:
    assert line in kept(f"A first sentence.\n\n{line}\n\nA last sentence.\n")


def test_front_matter_comments_and_repeated_titles_go() -> None:
    text = "---\ntitle: T\n---\n\nThe Title\n\nThe Title\n\n<!-- a\nb -->\nBody.\n"
    assert kept(text) == "\nThe Title\n\nBody.\n"


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    assert "Two sentences" in kept("---\nTwo sentences. Here\n---\nBody.\n")


def test_contents_of_a_pdf_go_and_its_chapters_stay() -> None:
    text = "TABLE OF CONTENTS\n\nSummary 3\n\nResults of the\n\nyear 4\n\nOutlook 9\n\n# Summary\n\nWe grew by 3.\n"
    assert kept(text, "pdf") == "\n# Summary\n\nWe grew by 3.\n"


def test_links_into_the_page_go_as_a_list() -> None:
    text = "- [A](#a)\n- [B](#b)\n  - [C](#c)\n\nText.\n\n- [one](#a)\n\nMore.\n"
    assert kept(text).split() == ["Text.", "-", "[one](#a)", "More."]


def test_kinds() -> None:
    assert [kind_of(name) for name in ("a/b.MD", "c.htm", "d.pdf", "passage-1")] == ["markdown", "html", "pdf", "text"]


def _headings(text: str) -> object:
    return headings_of(text, content(text, "text"), "text")


#: What patterns stumble over when it stands many times in a line.
HOSTILE = (
    *(" ", "\t", "\u3000", "*", "**", "**a ", "_", "__a ", "~~a ", "[", "]", "![", "![a](", "![a](()", "(", "<", "<a"),
    *(
        "<!--",
        "|",
        "\\|",
        "`",
        "``",
        "{{<",
        "{{%",
        "1",
        "1.",
        "1, ",
        "- ",
        "> ",
        "# ",
        "=",
        "[^",
        "[^1]",
        "[a](b ",
        "a：b\n",
    ),
    *("A: b\n", "!", "?", "!a", "…", ". ", "home | ", "home > ", "目录\n", "标题\n\n", 'a." ', "5. ", "- a\n", "---\n"),
    *("import {", "百万亿千", "2021年", "2021-", '"a": ['),
)


@pytest.mark.parametrize(
    ("function", "befores"),
    [
        pytest.param(plain, ("", "| ", "# "), id="plain"),
        pytest.param(lambda text: content(text, "markdown"), ("", "| ", "# "), id="content"),
        pytest.param(lambda text: content(text, "pdf"), ("", "| "), id="content of a PDF"),
        pytest.param(sentences, ("", "| ", "# "), id="sentences"),
        pytest.param(lambda text: quotable(text, 0, len(text)), ("", "| "), id="quotable"),
        pytest.param(_headings, ("", "# "), id="headings"),
        pytest.param(lambda text: report_from_text(text, "a.md"), ("",), id="report"),
        pytest.param(front_matter, ("---\ntitle: ", "---\ntitle: a\n---\n"), id="front matter"),
        pytest.param(period_named, ("2023年",), id="period"),
        pytest.param(series_of, ("2023年",), id="series"),
    ],
)
def test_hostile_lines_take_time_in_proportion(function: Callable[[str], object], befores: tuple[str, ...]) -> None:
    def seconds(piece: str, length: int, before: str) -> float:
        text = f"{before}{(piece * length)[:length]}x\n---\n"
        began = time.process_time()
        function(text)
        return time.process_time() - began

    for piece in HOSTILE:
        for before in befores:
            short, long = seconds(piece, 2000, before), seconds(piece, 4000, before)
            long = min(long, seconds(piece, 4000, before)) if long >= 0.1 else long  # memory may be swept meanwhile
            assert long < 0.1 or long < 3 * short, (piece, before, short, long)
            assert long < 2, (piece, before, long)


def test_a_long_paragraph_of_quotes_is_cut_in_proportion() -> None:
    def seconds(count: int) -> float:
        text = 'He said "it grew by 5." And "so it did." ' * count
        began = time.process_time()
        assert len(sentences(text)) == 2 * count
        return time.process_time() - began

    assert seconds(8000) < 12 * seconds(1000) + 0.2


def test_a_table_of_contents_without_dots_is_left_out_too() -> None:
    entries = "|  |  |\n| --- | --- |\n| Report | 3 |\n| Visitors | 5 |\n| Accounts | 14 |\n"
    text = f"## Contents\n\n{entries}\n## Report\n\nWords.\n"
    assert "".join(text[a:b] for a, b in content(text, "pdf")) == "\n## Report\n\nWords.\n"
