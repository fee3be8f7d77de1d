import pytest

from ingest.clean import content, kind_of, plain


def kept(text: str, kind: str = "markdown") -> str:
    return "".join(text[a:b] for a, b in content(text, kind))


@pytest.mark.parametrize(
    ("marked", "read"),
    [
        ("## **占有率** 达到 [60%](https://a.b/c_(d))", "占有率 达到 60%"),
        ("| a | `b` |\n| --- | --- |\n| *c* | d |", "a b \n\nc d"),
        ("![chart](x.png) A<br>B <b>bold</b> &amp; C", "A B bold & C"),
        ("- [ ] see [docs][1] and <https://x.y>", "see docs and https://x.y"),
        ("snake_case_name 2 * 3 * 4, 1 < 2 and **b**。", "snake_case_name 2 * 3 * 4, 1 < 2 and b。"),
        ("{{< figure src=a >}}text[^1]", "text"),
    ],
)
def test_plain(marked: str, read: str) -> None:
    assert plain(marked) == read


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
