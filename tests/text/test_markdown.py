"""Markdown as it reads."""

import pytest

from text.markdown import escaped, plain, shown, unmarked


@pytest.mark.parametrize(
    ("marked", "read"),
    [
        ("## **占有率** 达到 [60%](https://a.b/c_(d))", "占有率 达到 60%"),
        ("| a | `b` |\n| --- | --- |\n| *c* | d |", "a b \n\nc d"),
        ("![chart](x.png) A<br>B <b>bold</b> &amp; C", "A B bold & C"),
        ("- [ ] see [docs][1] and <https://x.y>", "see docs and https://x.y"),
        ("snake_case_name 2 * 3 * 4, 1 < 2 and **b**。", "snake_case_name 2 * 3 * 4, 1 < 2 and b。"),
        ("{{< figure src=a >}}text[^1]", "text"),
        ("![a](b_(c).png) after", "after"),
        ("**a** and **b**", "a and b"),
        ("***both***", "both"),
        ("``a ` b`` and `c`", "``a ` b`` and c"),
        ('{{< a "{x}" >}}b{{% /a %}}', "b"),
        ("| a \\| b | c |", "a | b c"),
        ("a\n   \nb\n\n---\n\nc", "a\n\nb\n\n\n\nc"),
    ],
)
def test_marks_are_taken_off_and_words_stay(marked: str, read: str) -> None:
    assert plain(marked) == read


@pytest.mark.parametrize(
    ("marked", "compared"),
    [
        ("**Revenue** grew [1]（by 9％）[^2]", "Revenue grew (by 9%)"),
        ("净利润 为 3.2 亿元【4】，见 [附表](a.md)", "净利润为3.2亿元,见附表"),
        ("Revenue | 4,310", "Revenue 4,310"),
        ("See https://a.example/x_1 for `v1_2`", "See for v1 2"),
    ],
)
def test_marks_of_notes_and_citations_are_no_figures(marked: str, compared: str) -> None:
    assert unmarked(marked) == compared


def test_markup_is_hidden_and_its_words_stay() -> None:
    text = "a **b** [c](url) ![d](u) `e*f*` 2 * 3 * 4<br>"
    assert "".join(text[a:b] for a, b, _ in shown(text)) == "a b c d e*f* 2 * 3 * 4"
    assert [tag for a, b, tag in shown(text) if text[a:b] == "b"] == ["strong"]


@pytest.mark.parametrize("text", ["a*b #1 | d", "[z](w)", "- 5 %"])
def test_escaped_text_reads_as_it_was(text: str) -> None:
    assert plain(escaped(text)) == text


def test_escaped_text_leaves_marks_of_citations_readable() -> None:
    assert escaped("It grew\n by 9 %. [1]") == "It grew by 9 %. [1]"
