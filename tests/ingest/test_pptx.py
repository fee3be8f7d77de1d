from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pptx import Presentation
from pptx.chart import data as chart_data
from pptx.enum.chart import XL_CHART_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.util import Inches, Pt

from ingest.office.slides import read_pptx
from ingest.written import Unreadable, Written

COVER, LIST, TITLE, BLANK = 0, 1, 5, 6
DATA: Any = chart_data


@pytest.fixture
def deck() -> Any:
    return Presentation()


def read(deck: Any) -> Written:
    file = io.BytesIO()
    deck.save(file)
    return read_pptx(file.getvalue(), "a.pptx")


def slide(deck: Any, layout: int = BLANK, title: str = "") -> Any:
    added = deck.slides.add_slide(deck.slide_layouts[layout])
    if title:
        added.shapes.title.text = title
    return added


def box(holder: Any, left: float, top: float, words: str, size: float = 0, width: float = 2, height: float = 1) -> None:
    """A text box; its place in inches, its letters in points."""
    frame = holder.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height)).text_frame
    frame.text = words
    for paragraph in frame.paragraphs if size else ():
        paragraph.runs[0].font.size = Pt(size)


def chart(holder: Any, data: Any, kind: Any = XL_CHART_TYPE.COLUMN_CLUSTERED, top: float = 2) -> Any:
    return holder.shapes.add_chart(kind, Inches(1), Inches(top), Inches(4), Inches(2), data).chart


def test_slides_are_pages_with_titles_lists_and_notes(deck: Any) -> None:
    slide(deck, COVER, "海风公司\v年度报告").placeholders[1].text = "投资者简报"
    frame = slide(deck, LIST, "经营概况").placeholders[1].text_frame
    for words, level in (("收入增长", 0), ("云业务", 1), ("成本下降", 0)):
        paragraph = frame.paragraphs[0] if words == "收入增长" else frame.add_paragraph()
        paragraph.text, paragraph.level = words, level
    deck.slides[1].notes_slide.notes_text_frame.text = "口径有变化。\n其二。"
    written = read(deck)
    assert written.text == (
        "# 海风公司年度报告\n\n投资者简报\n\n"
        "## 经营概况\n\n- 收入增长\n  - 云业务\n- 成本下降\n\n备注：口径有变化。\n\n其二。\n"
    )
    assert written.pages == (0, written.text.index("## 经营概况"))


def test_english_notes_are_called_notes(deck: Any) -> None:
    slide(deck, TITLE, "Outlook").notes_slide.notes_text_frame.text = "Mention the new plant."
    assert read(deck).text == "## Outlook\n\nNotes: Mention the new plant.\n"


def test_a_hidden_slide_is_left_out_and_the_pages_after_it_keep_their_numbers(deck: Any) -> None:
    for title in ("First", "Second", "Third"):
        slide(deck, TITLE, title)
    deck.slides[1]._element.set("show", "0")
    written = read(deck)
    assert (written.text, written.left_out) == ("## First\n\n## Third\n", ("slide 2 is hidden",))
    assert written.pages == (0, 10, 10)


def test_columns_are_read_one_after_the_other(deck: Any) -> None:
    page = slide(deck, TITLE, "Two cards")
    for left, words in ((5, "right"), (1, "left")):
        box(page, left, 3.1, f"{words} body", width=3)
        box(page, left, 2, f"{words} head", width=3)
    assert read(deck).text.split("\n\n")[1:] == ["left head", "left body", "right head", "right body\n"]


def test_narrow_names_are_read_with_the_wide_text_beside_them(deck: Any) -> None:
    page = slide(deck, TITLE, "Plan")
    for number in (2, 1):
        box(page, 1, number * 1.5, f"Step {number}", width=1)
        box(page, 3, number * 1.5, f"What is done in step {number}", width=5)
    assert read(deck).text.split("\n\n")[1:3] == ["Step 1", "What is done in step 1"]


def test_a_large_figure_is_read_with_the_small_label_under_it(deck: Any) -> None:
    page = slide(deck, TITLE, "Key figures")
    for left, figure, label in ((1, "4,310", "Revenue (USD m)"), (4, "+12.3%", "增长率"), (7, "01", "Markets")):
        box(page, left, 2, figure, 48)
        box(page, left, 3.05, label, 14, height=0.5)
    assert read(deck).text == "## Key figures\n\nRevenue (USD m): 4,310\n\n增长率：+12.3%\n\n01\n\nMarkets\n"


def test_a_figure_between_two_labels_is_read_with_neither(deck: Any) -> None:
    page = slide(deck, TITLE, "Key figures")
    for top, words, size in ((2, "Orders", 14), (3, "4,310", 48), (4, "Returns", 14)):
        box(page, 1, top, words, size)
    assert read(deck).text == "## Key figures\n\nOrders\n\n4,310\n\nReturns\n"


def test_a_figure_is_not_read_with_what_stands_in_another_column_or_is_as_large(deck: Any) -> None:
    page = slide(deck, TITLE, "Key figures")
    box(page, 1, 2, "4,310", 48)
    box(page, 5, 3.05, "Orders", 14)
    box(page, 1, 3.05, "Rivals", 44)
    assert ": " not in read(deck).text


def test_a_figure_and_its_label_in_one_box_or_group_are_read_together(deck: Any) -> None:
    page = slide(deck, TITLE, "Key figures")
    box(page, 1, 2, "99.9%\nUptime", 40)
    page.shapes[-1].text_frame.paragraphs[1].runs[0].font.size = Pt(12)
    group = page.shapes.add_group_shape()
    for left, words, size in ((1, "320人", 40), (2.2, "研发人员", 12)):
        box(group, left, 4, words, size, width=1)
    assert read(deck).text == "## Key figures\n\nUptime: 99.9%\n\n研发人员：320人\n"


def test_a_slide_without_a_place_for_its_title_has_its_largest_line_for_one(deck: Any) -> None:
    page = slide(deck)
    box(page, 1, 3, "The plant opened in spring.", 18)
    box(page, 1, 0.3, "A new plant", 36)
    box(slide(deck), 1, 3, "Nothing here is a title.")
    assert (
        read(deck).text == "## A new plant\n\nThe plant opened in spring.\n\n## Slide 2\n\nNothing here is a title.\n"
    )


def test_merged_cells_of_a_table_name_all_that_they_cover(deck: Any) -> None:
    shown = slide(deck, TITLE, "Results").shapes.add_table(4, 5, Inches(1), Inches(2), Inches(8), Inches(2)).table
    cells = [["Item", "2023", "", "2022", ""], ["", "HQ", "Sub", "HQ", "Sub"], ["Sales", "5", "4", "3", "2"]]
    for row, values in enumerate([*cells, ["Costs", "1", "1", "1", "1"]]):
        for column, words in enumerate(values):
            shown.cell(row, column).text = words
    for first, last in (((0, 1), (0, 2)), ((0, 3), (0, 4)), ((0, 0), (1, 0))):
        shown.cell(*first).merge(shown.cell(*last))
    assert read(deck).text == (
        "## Results\n\n| Item | 2023 HQ | 2023 Sub | 2022 HQ | 2022 Sub |\n| --- | --- | --- | --- | --- |\n"
        "| Sales | 5 | 4 | 3 | 2 |\n| Costs | 1 | 1 | 1 | 1 |\n"
    )


def test_a_chart_is_a_table_of_its_data(deck: Any) -> None:
    data = DATA.CategoryChartData(number_format="0.0%")
    data.categories = ["North", "South"]
    data.add_series("2022", (0.1234, 0.2))
    data.add_series("2023", (None, 0.3))
    shown = chart(slide(deck, TITLE, "Market"), data)
    shown.has_title = True
    shown.chart_title.text_frame.text = "Share by region"
    assert read(deck).text == (
        "## Market\n\nShare by region\n\n"
        "|  | 2022 | 2023 |\n| --- | --- | --- |\n| North | 12.3% |  |\n| South | 20.0% | 30.0% |\n"
    )


def levels() -> Any:
    data = DATA.CategoryChartData()
    for year in ("2022", "2023"):
        category = data.add_category(year)
        for half in ("H1", "H2"):
            category.add_sub_category(half)
    data.add_series("Units", (1, 2, 3, 0.1 + 0.2))
    return data


def days() -> Any:
    data = DATA.CategoryChartData()
    data.categories = [date(2023, 1, 31), date(2023, 2, 28)]
    data.add_series("日活", (12000, 13000))
    return data


def points() -> Any:
    data = DATA.XyChartData()
    series = data.add_series("Trial")
    series.add_data_point(1, 2.5)
    series.add_data_point(2, 3.5)
    return data


@pytest.mark.parametrize(
    ("data", "kind", "rows"),
    [
        (levels, XL_CHART_TYPE.LINE, "| 2022 H1 | 1 |\n| 2022 H2 | 2 |\n| 2023 H1 | 3 |\n| 2023 H2 | 0.3 |\n"),
        (days, XL_CHART_TYPE.LINE, "| 2023-01-31 | 12000 |\n| 2023-02-28 | 13000 |\n"),
        (points, XL_CHART_TYPE.XY_SCATTER, "| 1 | 2.5 |\n| 2 | 3.5 |\n"),
    ],
    ids=["levels", "days", "points"],
)
def test_categories_of_every_kind_name_the_rows_of_a_chart(
    deck: Any, data: Callable[[], Any], kind: Any, rows: str
) -> None:
    chart(slide(deck, TITLE, "Chart"), data(), kind)
    assert read(deck).text.endswith(rows)


def test_the_labels_of_a_chart_say_how_its_figures_are_seen(deck: Any) -> None:
    data = DATA.CategoryChartData()
    data.categories = ["North"]
    data.add_series("Share", (0.256,))
    labels = chart(slide(deck, TITLE, "Chart"), data).plots[0]
    labels.has_data_labels = True
    labels.data_labels.number_format, labels.data_labels.number_format_is_linked = "0%", False
    labels.data_labels.show_value = True
    assert "| North | 26% |" in read(deck).text


DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
FRAME = (
    '<p:graphicFrame xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="{main}" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><p:nvGraphicFramePr>'
    '<p:cNvPr id="9" name="d"/><p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr><p:xfrm><a:off x="0" y="0"/>'
    '<a:ext cx="9" cy="9"/></p:xfrm><a:graphic><a:graphicData uri="{diagram}"><d:relIds xmlns:d="{diagram}" '
    'r:dm="{relation}"/></a:graphicData></a:graphic></p:graphicFrame>'
)


def test_smart_art_is_a_list(deck: Any) -> None:
    from lxml import etree

    page = slide(deck, TITLE, "Structure")
    words = {"1": "Holding", "2": "Cloud", "3": "Devices", "4": "Storage"}
    nodes = "".join(
        f'<d:pt modelId="{n}"><d:t><a:p><a:r><a:t>{w}</a:t></a:r></a:p></d:t></d:pt>' for n, w in words.items()
    )
    links = "".join(
        f'<d:cxn modelId="9{n}" srcId="{above}" destId="{below}" srcOrd="{n}"/>'
        for n, (above, below) in enumerate([("0", "1"), ("1", "3"), ("1", "2"), ("2", "4")])
    )
    model = (
        f'<d:dataModel xmlns:d="{DIAGRAM}" xmlns:a="{MAIN}"><d:ptLst><d:pt modelId="0" type="doc"/>{nodes}</d:ptLst>'
        f"<d:cxnLst>{links}</d:cxnLst></d:dataModel>"
    )
    part = Part(PackURI("/ppt/diagrams/data1.xml"), "application/xml", page.part.package, model.encode())
    relation = page.part.relate_to(
        part, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/diagramData"
    )
    page.shapes._spTree.append(etree.fromstring(FRAME.format(main=MAIN, diagram=DIAGRAM, relation=relation)))
    assert read(deck).text == "## Structure\n\n- Holding\n  - Devices\n  - Cloud\n    - Storage\n"


def test_a_deck_says_its_title_and_author_but_not_those_of_its_template(deck: Any) -> None:
    slide(deck, TITLE, "Only")
    assert read(deck).about == {}
    deck.core_properties.title, deck.core_properties.author = "Harbour report", "Harbour Institute"
    assert read(deck).about == {"name": "Harbour report", "publisher": "Harbour Institute"}


def test_slides_of_pictures_alone_are_said(deck: Any) -> None:
    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    slide(deck, TITLE, "Words")
    slide(deck).shapes.add_picture(picture, 0, 0)
    assert read(deck).left_out == ("slide 2 holds pictures without text",)


@pytest.mark.parametrize("data", [b"\xd0\xcf\x11\xe0" + b"\0" * 600, b"PK\x03\x04 and no more", b"words"])
def test_no_presentation_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(Unreadable, match=r"^a\.pptx: .*(Save it|save it)"):
        read_pptx(data, "a.pptx")
