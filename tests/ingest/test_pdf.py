"""PDFs made here, read as a careful person reads them."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from PIL import Image
from reportlab.lib import colors
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from ingest.pdf import recognize
from ingest.pdf.document import read_pdf
from ingest.pdf.lines import joined
from ingest.pdf.quality import is_readable
from ingest.pdf.tables import in_their_midst
from ingest.written import Unreadable, Written
from records import told

SONG = "STSong-Light"
GRID = ("GRID", (0, 0), (-1, -1), 0.5, colors.black)
Draw = Callable[[Canvas], None]


@pytest.fixture(autouse=True, scope="module")
def _fonts() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(SONG))


def drawn(*pages: Draw, **options: Any) -> bytes:
    """A PDF whose pages are drawn by functions."""
    held = io.BytesIO()
    canvas = Canvas(held, **options)
    for draw in pages:
        canvas.setFont("Helvetica", 11)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return held.getvalue()


def set_in_order(*parts: Any) -> Written:
    """What is read of a PDF of paragraphs (text) and tables, one below the other."""
    held, normal = io.BytesIO(), getSampleStyleSheet()["Normal"]
    SimpleDocTemplate(held).build([Paragraph(part, normal) if isinstance(part, str) else part for part in parts])
    return read_pdf(held.getvalue(), "a.pdf")


def shown(*pages: Draw) -> str:
    return read_pdf(drawn(*pages), "a.pdf").text


def lines(canvas: Canvas, left: float, top: float, *words: str, step: float = 14, size: float = 11) -> None:
    canvas.setFont("Helvetica", size)
    for number, line in enumerate(words):
        canvas.drawString(left, top - step * number, line)


def runs(canvas: Canvas, left: float, base: float, *parts: tuple[str, bool]) -> None:
    """Words on a line; those marked are small and raised."""
    for words, raised in parts:
        size = 7 if raised else 12
        canvas.setFont("Helvetica", size)
        canvas.drawString(left, base + (5 if raised else 0), words)
        left += canvas.stringWidth(words, "Helvetica", size)


def cells(canvas: Canvas, base: float, row: Sequence[str], rights: Sequence[float]) -> None:
    """A row without lines: the first cell at the left margin, the others right aligned."""
    canvas.drawString(72, base, row[0])
    for words, right in zip(row[1:], rights, strict=True):
        canvas.drawRightString(right, base, words)


def test_merged_headers_name_every_column_and_empty_cells_stay_empty() -> None:
    rows = [
        ["Crop", "2023", "", "2022", ""],
        ["", "Amount", "Share", "Amount", "Share"],
        ["Wheat", "1,200", "40%", "1,100", "38%"],
        ["Rye", "", "", "900", "31%"],
    ]
    spans = [("SPAN", (0, 0), (0, 1)), ("SPAN", (1, 0), (2, 0)), ("SPAN", (3, 0), (4, 0))]
    read = set_in_order("Table 1. Harvest (in tonnes)", Table(rows, style=[GRID, *spans]), "All weights are dry.")
    assert read.text == (
        "Table 1. Harvest (in tonnes)\n\n"
        "| Crop | 2023 Amount | 2023 Share | 2022 Amount | 2022 Share |\n| --- | --- | --- | --- | --- |\n"
        "| Wheat | 1,200 | 40% | 1,100 | 38% |\n| Rye |  |  | 900 | 31% |\n\nAll weights are dry.\n\n"
    )


def test_wrapped_cells_are_whole() -> None:
    words = Paragraph(
        "The dock behind the old crane, which was built in the year of the flood", getSampleStyleSheet()["Normal"]
    )
    read = set_in_order(Table([["Dock", "Length"], [words, "410"], ["South", "95"]], colWidths=[120, 60], style=[GRID]))
    assert (
        "| The dock behind the old crane, which was built in the year of the flood | 410 |\n| South | 95 |" in read.text
    )


@pytest.mark.parametrize("repeated", [0, 1])
def test_a_table_over_pages_is_one_table(repeated: int) -> None:
    rows = [["Well", "Depth", "Yield"], *([f"Well {n}", str(100 + n), "" if n == 60 else str(n)] for n in range(1, 91))]
    read = set_in_order(Table(rows, repeatRows=repeated, style=[GRID]), "That is all that was found.")
    assert read.text.count("| Well | Depth | Yield |") == read.text.count("| --- | --- | --- |") == 1
    assert read.text.count("\n| Well ") == 90
    assert "| Well 60 | 160 |  |\n" in read.text
    assert len(read.pages) == 3
    assert all(read.text[place:].startswith("| Well ") for place in read.pages[1:])


def test_a_table_with_three_rules_alone_is_read() -> None:
    rules = [("LINEABOVE", (0, 0), (-1, 0), 1, colors.black), ("LINEBELOW", (0, 0), (-1, 0), 1, colors.black)]
    rules.append(("LINEBELOW", (0, -1), (-1, -1), 1, colors.black))
    rows = [["Ferry", "Trips", "Passengers"], ["Alma", "312", "48,100"], ["Berta", "", "39,250"]]
    assert "| Alma | 312 | 48,100 |\n| Berta |  | 39,250 |" in set_in_order(Table(rows, style=rules)).text


def test_shaded_rows_and_the_white_ones_between_them_are_one_table() -> None:
    rows = [["Orchard", "Trees"], ["Hill", "120"], ["Lake", "80"], ["Mill", ""], ["Moor", "44"]]
    shades = [("BACKGROUND", (0, row), (-1, row), colors.lightgrey) for row in (1, 3)]
    assert set_in_order(Table(rows, style=shades)).text == (
        "| Orchard | Trees |\n| --- | --- |\n| Hill | 120 |\n| Lake | 80 |\n| Mill |  |\n| Moor | 44 |\n\n"
    )


def test_figures_aligned_without_lines_are_a_table() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 760, "Sales by region (in millions)")
        table = [["", "2023", "2022"], ["North", "4,310", "3,990"], ["South", "", "2,100"], ["Isles", "(12)", "75"]]
        for number, row in enumerate(table):
            cells(canvas, 740 - 16 * number, row, (300, 400))

    assert shown(draw) == (
        "Sales by region (in millions)\n\n|  | 2023 | 2022 |\n| --- | --- | --- |\n"
        "| North | 4,310 | 3,990 |\n| South |  | 2,100 |\n| Isles | (12) | 75 |\n\n"
    )


def test_names_over_several_columns_without_lines_belong_to_each() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawCentredString(275, 756, "2023")
        canvas.drawCentredString(425, 756, "2022")
        table = [["", "Plan", "Real", "Plan", "Real"], ["Trams", "10", "11", "9", "8"], ["Boats", "", "2", "3", "1"]]
        for number, row in enumerate([*table, ["Buses", "40", "38", "41", "44"]]):
            cells(canvas, 740 - 14 * number, row, (250, 300, 400, 450))

    assert "|  | 2023 Plan | 2023 Real | 2022 Plan | 2022 Real |" in shown(draw)
    assert "| Boats |  | 2 | 3 | 1 |" in shown(draw)


def test_a_page_full_of_figures_loses_none_to_page_numbers() -> None:
    def page(first: int) -> Draw:
        def draw(canvas: Canvas) -> None:
            for number in range(48):
                well = first + number
                cells(canvas, 820 - 16.5 * number, [f"Well {well}", str(100 + well), str(well)], (300, 400))

        return draw

    text = shown(page(1), page(49))
    assert [f"| Well {n} | {100 + n} | {n} |" in text for n in range(1, 97)] == [True] * 96


def test_figures_that_do_not_stand_in_columns_make_no_table() -> None:
    def draw(canvas: Canvas) -> None:
        for number, (label, *marks) in enumerate([("1 to 9", 210, 420), ("10 to 99", 330, 470), ("100", 250, 390)]):
            canvas.drawString(72, 700 - 20 * number, label)
            for left in marks:
                canvas.drawString(left, 700 - 20 * number, str(left % 7))

    assert "|" not in shown(draw)


def test_columns_are_read_one_after_the_other_under_their_heading() -> None:
    left = [
        "The mills along the river grind the",
        "wheat of eight villages, and Anders",
        "Brothers own the largest of them all,",
        "which was built of stone.",
    ]
    right = [
        "The bridge was mended in March by",
        "the county, and carts may pass it at",
        "a walk and one at a time, which the",
        "carters have welcomed.",
    ]

    def draw(canvas: Canvas) -> None:
        lines(canvas, 72, 780, "The valley and its works in the last year", size=20)
        lines(canvas, 72, 740, *left)
        lines(canvas, 320, 740, *right)
        lines(
            canvas,
            72,
            640,
            "Both were paid for by the county, as the council had decided in the autumn of the year before.",
        )

    paragraphs = shown(draw).strip().split("\n\n")
    assert paragraphs[0] == "# The valley and its works in the last year"
    assert paragraphs[1:3] == [" ".join(left), " ".join(right)]
    assert paragraphs[3].startswith("Both were paid for")


def test_running_heads_and_page_numbers_go_from_two_pages_on() -> None:
    def page(number: int) -> Draw:
        def draw(canvas: Canvas) -> None:
            lines(canvas, 72, 815, "Yearbook of the Alder bank", size=8)
            lines(canvas, 280, 30, f"Page {number} of 2", size=8)
            lines(canvas, 72, 740, "Of the bank", f"The bank lent {number} million, and all of it came back.", step=30)

        return draw

    text = shown(page(1), page(2))
    assert "Yearbook" not in text
    assert "Page" not in text
    assert text.count("Of the bank") == 2  # words of the text may stand on every page
    assert "lent 2 million" in text


def test_raised_marks_are_parted_from_figures_and_powers_stay() -> None:
    def draw(canvas: Canvas) -> None:
        runs(
            canvas,
            72,
            700,
            ("The fee was $320", False),
            ("1", True),
            (" for 14 km", False),
            ("2", True),
            (" of", False),
        )
        runs(
            canvas,
            72,
            686,
            ("water, 5 x 10", False),
            ("6", True),
            (" fish on the 1", False),
            ("st", True),
            (" of May, 14%", False),
            ("2", True),
            (".", False),
        )
        runs(canvas, 72, 100, ("1", True), (" Without tax.", False))

    assert shown(draw) == (
        "The fee was $320[^1] for 14 km² of water, 5 x 10⁶ fish on the 1st of May, 14%[^2].\n\n[^1]: Without tax.\n\n"
    )


def test_chinese_set_wide_is_closed_up_and_its_table_read() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(SONG, 18)
        canvas.drawString(200, 780, "年 度 报 告")
        canvas.setFont(SONG, 11)
        canvas.drawString(72, 750, "表1 各区收入")
        canvas.drawRightString(500, 750, "单位：万元")
        for number, row in enumerate([("项  目", "2023年"), ("东区", "1,200"), ("合  计", "2,180")]):
            canvas.drawString(80, 730 - 20 * number, row[0])
            canvas.drawString(300, 730 - 20 * number, row[1])
        for number in range(4):
            canvas.line(72, 745 - 20 * number, 500, 745 - 20 * number)

    assert shown(draw) == (
        "# 年度报告\n\n表1 各区收入 单位：万元\n\n"
        "| 项目 | 2023年 |\n| --- | --- |\n| 东区 | 1,200 |\n| 合计 | 2,180 |\n\n"
    )


def test_upright_and_turned_text_is_read() -> None:
    def alone(canvas: Canvas) -> None:
        canvas.setFont(SONG, 14)
        canvas.drawString(300, 700, "年")
        lines(canvas, 72, 600, "Year")

    if "年" not in shown(alone):
        pytest.skip("without any Chinese font PDFium sees no character that stands alone and is not in the file")

    def draw(canvas: Canvas) -> None:
        canvas.setFont(SONG, 14)
        for column, words in enumerate(["全年植树三万株，", "成活率为九成。"]):
            for number, char in enumerate(words):
                canvas.drawString(300 - 24 * column, 700 - 16 * number, char)
        canvas.rotate(90)
        canvas.drawString(300, -60, "降雨量统计")

    text = shown(draw)
    assert "全年植树三万株，成活率为九成。" in text
    assert "降雨量统计" in text


def test_a_mark_across_every_page_is_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, 72, 700, "The mill has ground rye in May.")
        canvas.translate(200, 400)
        canvas.rotate(45)
        lines(canvas, 0, 0, "DRAFT", size=60)

    assert "DRAFT" not in shown(draw, draw)
    assert "DRAFT" in shown(draw)


def test_figures_drawn_close_to_one_another_are_not_one_figure() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(303, 700, "2")  # drawn before what stands left of it
        canvas.drawString(294, 700, "1")

    assert "12" not in shown(draw)


def test_a_page_turned_by_its_file_is_read_as_it_is_shown() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(90)
        canvas.translate(595, 0)
        canvas.rotate(90)
        lines(canvas, 72, 500, "This page is shown in landscape.")
        table = Table([["Mine", "Coal"], ["Anna", "410"]], style=[GRID])
        table.wrapOn(canvas, 300, 300)
        table.drawOn(canvas, 72, 400)

    assert shown(draw) == ("This page is shown in landscape.\n\n| Mine | Coal |\n| --- | --- |\n| Anna | 410 |\n\n")


def test_words_broken_by_a_hyphen_are_whole() -> None:
    def draw(canvas: Canvas) -> None:
        lines(
            canvas,
            72,
            700,
            "The society has built a new ware-",
            "house beside the harbour, and in the well-",
            "known inn the well-known",
            "warehouse was named.",
        )

    assert shown(draw) == (
        "The society has built a new warehouse beside the harbour, and in the well-known inn the well-known "
        "warehouse was named.\n\n"
    )


def test_figures_set_large_are_read_with_their_labels() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, 72, 760, "A year in figures", size=24)
        for left, figure, label in ((72, "4,600+", "contributors"), (300, "98%", "of members stayed")):
            lines(canvas, left, 600, figure, size=36)
            lines(canvas, left, 580, label)
        lines(canvas, 72, 480, "new chapters")
        lines(canvas, 72, 445, "23", size=36)

    read = read_pdf(drawn(draw), "a.pdf")
    paragraphs = read.text.strip().split("\n\n")
    assert paragraphs[0] == "# A year in figures"
    assert sorted(paragraphs[1:]) == ["contributors: 4,600+", "new chapters: 23", "of members stayed: 98%"]
    assert read.about["title"] == "A year in figures"


def test_a_figure_between_two_labels_gets_neither() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, 72, 640, "ships")
        lines(canvas, 72, 595, "17", size=36)
        lines(canvas, 72, 569, "harbours")

    assert ": 17" not in shown(draw)


def test_large_words_without_text_below_are_a_paragraph() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, 72, 700, "The mill stands on the left bank of the river.", "It has four floors.", step=24)
        lines(canvas, 72, 500, "Mara Lind", size=20)

    assert shown(draw).endswith("\n\nMara Lind\n\n")


def test_pages_without_words_are_left_out_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognize, "is_there", lambda: False)

    def picture(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(Image.new("RGB", (9, 9), "red")), 0, 0, 595, 842)

    read = read_pdf(drawn(lambda canvas: lines(canvas, 72, 700, "Words that can be read."), picture), "a.pdf")
    assert read.text == "Words that can be read.\n\n"
    assert read.left_out == (
        "page 2 is an image without text; text recognition reads it (python tools/install.py ocr; make index)",
    )
    assert told(read.left_out[0]).chinese == (
        "第 2 页是没有文字的图像；文字识别（OCR）可以读取（python tools/install.py ocr，然后 make index）"
    )
    with pytest.raises(Unreadable, match=r"a\.pdf: none of its 1 pages has text"):
        read_pdf(drawn(picture), "a.pdf")


@pytest.mark.parametrize(
    ("text", "readable"),
    [
        ("The society has built nine wells.", True),
        ("全年植树三万株，成活率为九成。", True),
        ("Élève, à côté: déjà vu, naïve façade", True),
        ("\ufffd\ufffd\ufffd and \ufffd\ufffd", False),
        ("৩৪ཙ౏اۛቐ䟤 ᾇᛲ၏", False),
        ("Name: 山田, عمر, Ольга, שרה, สมชาย wrote to the board of the company in a hurry", True),
        ("\ue001\ue002\ue003 in a font of its own", False),
        ("ÄêÈ±¨¸æÖÐµÄÊý¾Ý", False),
        ("7KH DQQXDO UHSRUW RI WKH VRFLHW\\ VKRZV " * 8, False),
        ("锘匡豢锟斤拷鐨勬暟鎹" * 8, False),
    ],
)
def test_text_that_nobody_can_read_is_told_from_text(text: str, readable: bool) -> None:
    assert is_readable(text) == readable


def test_a_file_is_not_dated_by_when_it_was_made_nor_named_by_its_program() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setTitle("Microsoft Word - wells.doc")
        canvas.setAuthor("(anonymous)")
        lines(canvas, 72, 700, "In 2021 the society dug nine wells.")

    about = read_pdf(drawn(draw), "a.pdf").about
    assert not about.get("published")
    assert (about["title"], about["publisher"]) == ("", "")


def test_title_and_author_of_the_file_are_kept() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setTitle("Wells of the valley")
        canvas.setAuthor("Well Society")
        lines(canvas, 72, 700, "In 2021 the society dug nine wells.")

    about = read_pdf(drawn(draw), "a.pdf").about
    assert (about["title"], about["publisher"]) == ("Wells of the valley", "Well Society")


def test_lines_above_a_statement_are_not_its_header() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(SONG, 10)
        canvas.drawString(72, 770, "编制单位：青岭水务")
        canvas.drawRightString(540, 770, "单位：元  币种：人民币")
        cells(canvas, 752, ["项目", "2024年度", "2023年度"], (400, 540))
        cells(canvas, 734, ["营业收入", "602.20", "523.11"], (400, 540))
        cells(canvas, 716, ["净利润", "52.44", "-44.98"], (400, 540))
        cells(canvas, 698, ["所得税", "8.05", "1.77"], (400, 540))

    text = shown(draw)
    assert "| 项目 | 2024年度 | 2023年度 |" in text
    assert text.index("单位：元") < text.index("| 项目")


def test_names_of_rows_right_under_the_header_are_none_of_columns() -> None:
    def draw(canvas: Canvas) -> None:
        cells(canvas, 755, ["", "2024", "2023"], (400, 480))
        canvas.drawString(72, 735, "Net cash from operating")
        cells(canvas, 723, ["activities", "9,410", "8,120"], (400, 480))
        cells(canvas, 705, ["Dividends", "(1,200)", "(1,150)"], (400, 480))
        cells(canvas, 687, ["Net change", "8,210", "6,970"], (400, 480))

    text = shown(draw)
    assert "|  | 2024 | 2023 |" in text
    assert "| Net cash from operating activities | 9,410 | 8,120 |" in text


def test_a_table_over_two_columns_of_text_stays_whole() -> None:
    words = [
        "The committee met nine times in the",
        "year and looked at all four sites with",
        "care, and found no fault in any of the",
    ]

    def draw(canvas: Canvas) -> None:
        for top in (790, 560):
            lines(canvas, 60, top, *words * 2, step=13, size=10)
            lines(canvas, 315, top, *words * 2, step=13, size=10)
        for number, row in enumerate(
            (
                ["Species", "2020", "2021", "2022", "2023"],
                ["Cod", "412", "388", "301", "290"],
                ["Herring", "1,204", "1,377", "1,410", "1,288"],
                ["Mackerel", "88", "91", "75", "102"],
            )
        ):
            cells(canvas, 650 - 16 * number, row, (220, 290, 400, 480))

    assert "| Herring | 1,204 | 1,377 | 1,410 | 1,288 |" in shown(draw)


def test_words_beside_a_large_figure_say_what_it_is() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, 72, 790, "Key figures 2024", size=18)
        for number, (figure, words) in enumerate((("4,118", "visitors"), ("EUR 9.2m", "raised for the wing"))):
            lines(canvas, 72, 730 - 60 * number, figure, size=30)
            lines(canvas, 250, 738 - 60 * number, words, size=12)

    text = shown(draw)
    assert "visitors: 4,118" in text
    assert "raised for the wing: EUR 9.2m" in text


def test_a_long_name_of_a_narrow_column_names_no_other() -> None:
    style = getSampleStyleSheet()["Normal"]
    rows = [
        ["Measure", "Target for the year 2024 (percent of all cases)", "Reached"],
        ["Permits granted within eight weeks", "90", "84.6"],
        ["Calls taken within a minute", "80", "79.2"],
        ["Letters answered within ten days", "95", "97.1"],
    ]
    drawn_rows = [[Paragraph(cell, style) for cell in row] for row in rows]
    ruled = [("BOX", (0, 0), (-1, -1), 0.5, colors.black), ("LINEBELOW", (0, 0), (-1, -1), 0.3, colors.grey)]
    text = set_in_order(Table(drawn_rows, colWidths=[180, 150, 80], style=ruled)).text
    assert f"| {' | '.join(rows[0])} |" in text


def test_signs_with_a_column_of_their_own_go_to_their_figures() -> None:
    def draw(canvas: Canvas) -> None:
        cells(canvas, 734, ["", "2024", "2023"], (400, 500))
        for number, row in enumerate((["Revenue", "4,310", "3,998"], ["Loss", "(44)", "(71)"], ["Cash", "9", "8"])):
            cells(canvas, 716 - 16 * number, row, (400, 500))
        lines(canvas, 345, 716, "$")
        lines(canvas, 445, 716, "$")

    text = shown(draw)
    assert "|  | 2024 | 2023 |" in text
    assert "| Revenue | $4,310 | $3,998 |" in text


@pytest.mark.parametrize(
    ("above", "below", "whole"),
    [
        ("粮食增长1", ".8%，肉类下降。", "增长1.8%，"),
        ("城镇化率52.6", "%，比上年高。", "52.6%，"),
        ("旅游收入9.", "7亿元，增长。", "收入9.7亿元"),
        ("见表3.", "2023年增长。", "3. 2023年"),
        ("grew by 5.", "2 of them fell", "5. 2"),
    ],
)
def test_a_figure_that_a_line_of_chinese_breaks_is_whole(above: str, below: str, whole: str) -> None:
    assert whole in joined(above, below)


def test_rows_that_are_all_filled_are_none_of_them_the_other_wrapped() -> None:
    def draw(canvas: Canvas) -> None:
        for base, row in (
            (760, ("Invoice no.", "4711", "Date", "3 March 2025")),
            (744, ("Customer", "Harle", "Due", "May")),
        ):
            for left, words in zip((72, 150, 320, 400), row, strict=True):
                canvas.drawString(left, base, words)
        for number, cell in enumerate(
            (["Item", "Price", "Amount"], ["Felt", "8.50", "102.00"], ["Wool", "9.25", "37.00"])
        ):
            cells(canvas, 710 - 16 * number, cell, (420, 520))

    text = shown(draw)
    assert "Invoice no. Customer" not in text
    assert "4711 Harle" not in text


@pytest.mark.parametrize("angle", [90, 45, -90])
def test_turned_names_over_figures_without_lines_name_their_columns(angle: int) -> None:
    def draw(canvas: Canvas) -> None:
        for number, name in enumerate(("Drivers", "Mechanics", "Clerks")):
            canvas.saveState()
            canvas.translate(188 + 45 * number, 690 if angle > 0 else 745)
            canvas.rotate(angle)
            canvas.drawString(0, 0, name)
            canvas.restoreState()
        canvas.drawString(60, 690, "Depot")
        for number, row in enumerate(
            (("Ashford", "112", "38", "21"), ("Bexley", "95", "41", "9"), ("Crewe", "7", "6", "5"))
        ):
            cells(canvas, 670 - 16 * number, row, (192, 237, 282))

    assert shown(draw).startswith(
        "| Depot | Drivers | Mechanics | Clerks |\n| --- | --- | --- | --- |\n| Ashford | 112 | 38 | 21 |\n"
    )


def test_characters_one_below_the_other_name_narrow_columns() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(SONG, 10)
        canvas.grid([60, 120, 150, 180], [770, 700, 680, 660])
        canvas.drawString(66, 706, "村名")
        for number, name in enumerate(("卫生室", "图书馆")):
            for place, char in enumerate(name):
                canvas.drawString(130 + 30 * number, 750 - 14 * place, char)
        for number, row in enumerate((("上村", "2", "1"), ("下村", "1", "0"))):
            for left, words in zip((70, 130, 160), row, strict=True):
                canvas.drawString(left, 686 - 20 * number, words)

    assert shown(draw).startswith("| 村名 | 卫生室 | 图书馆 |\n| --- | --- | --- |\n| 上村 | 2 | 1 |\n")


@pytest.mark.parametrize("ruled", ["at groups", "around the body", "not"])
@pytest.mark.parametrize("number_of_rows", [2, 3])
def test_a_name_in_the_midst_of_its_rows_is_in_each(ruled: str, number_of_rows: int) -> None:
    if (ruled, number_of_rows) == ("not", 2):
        pytest.skip("without lines, a name between two rows is no cell of either")
    fares = [("Adult", "12.50"), ("Child", "6.00"), ("Dog", "2.00")][:number_of_rows]

    def draw(canvas: Canvas) -> None:
        bases = [770 - 20 * n for n in range(2 * number_of_rows + 2)]
        ends = {
            "at groups": [0, 1, number_of_rows + 1, 2 * number_of_rows + 1],
            "around the body": [0, 1, -1],
            "not": [],
        }
        for number in ends[ruled]:
            canvas.line(60, bases[number], 320, bases[number])
        cells(canvas, bases[1] + 6, ("Route", "Traveller", "Fare"), (210, 310))
        for number, (name, fare) in enumerate(fares * 2):
            canvas.drawString(154, bases[number + 2] + 6, name)
            canvas.drawRightString(310, bases[number + 2] + 6, fare)
        for number, name in enumerate(("Bay line", "Cape line")):
            first = bases[2 + number * number_of_rows] + 6
            canvas.drawString(64, first - 10 * (number_of_rows - 1), name)

    rows = [f"| {line} | {name} | {fare} |" for line in ("Bay line", "Cape line") for name, fare in fares]
    assert shown(draw).strip().split("\n")[2:] == rows


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ([19, 16], [0, 0, 0, 1, 1, 1]),  # rows 3 points apart would be one
        ([20, 17], []),  # on the first rows
        ([18.5], []),
        ([], []),
    ],
)
def test_whose_midst_a_name_stands_in_is_certain_or_nothing(names: list[float], found: list[int]) -> None:
    rows = [200.0, 190.0, 180.0, 170.0, 160.0, 150.0]
    assert in_their_midst([10 * name for name in names], rows) == found


@pytest.mark.parametrize("ruled", [True, False])
def test_names_of_groups_of_columns_may_be_over_more_or_fewer(ruled: bool) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawCentredString(260, 760, "Teachers")
        canvas.drawCentredString(430, 760, "Pupils")
        canvas.drawString(60, 745, "School")
        middles = (200, 260, 320, 400, 460)
        for middle, name in zip(middles, ("old", "grown", "young", "boys", "girls"), strict=True):
            canvas.drawCentredString(middle, 745, name)
        for left, right, base in ((60, 490, 772), (180, 340, 756), (380, 480, 756), (60, 490, 740), (60, 490, 690)):
            if ruled:
                canvas.line(left, base, right, base)
        for number, row in enumerate(
            (
                ("North", "42", "87", "35", "820", "790"),
                ("South", "31", "64", "40", "655", "701"),
                ("West", "18", "52", "29", "498", "511"),
            )
        ):
            canvas.drawString(60, 726 - 15 * number, row[0])
            for middle, words in zip(middles, row[1:], strict=True):
                canvas.drawCentredString(middle, 726 - 15 * number, words)

    assert shown(draw).startswith(
        "| School | Teachers old | Teachers grown | Teachers young | Pupils boys | Pupils girls |\n"
    )


def test_a_line_between_cells_that_stand_close_parts_them() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.grid([50, 100, 160], [760, 740, 720, 700])
        for number, row in enumerate((("Plant", "Output"), ("Lyon A1", "5,100"), ("Bern B2", "3,300"))):
            canvas.setFont("Helvetica", 11)
            canvas.drawRightString(97, 746 - 20 * number, row[0])
            canvas.drawString(103.5, 746 - 20 * number, row[1])

    assert shown(draw).startswith("| Plant | Output |\n| --- | --- |\n| Lyon A1 | 5,100 |\n")
