"""Tables that a text draws in other ways, as a careful person reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.drawn import with_tables
from text.tables import row_at, tables, words


def names_and_cells(text: str, at: str) -> dict[str, str]:
    """What the row with the words says, by the names of its columns."""
    found = row_at(text, text.index(at))
    assert found is not None
    table, row = found
    return dict(zip(table.names, (words(text, cell) for cell in row.cells), strict=True))


def test_an_html_table_in_markdown_is_a_table_merged_cells_and_all() -> None:
    text = with_tables(
        "# 产能\n\n<table>\n<tr><th rowspan=2>基地</th><th colspan=2>产能（万吨）</th></tr>\n"
        "<tr><th>2023</th><th>2024</th></tr>\n<tr>\n<td>白沙</td>\n<td>7.2</td>\n<td>7.9</td>\n</tr>\n</table>\n\n后文。\n",
        "markdown",
    )
    assert names_and_cells(text, "白沙") == {"基地": "白沙", "产能（万吨） 2023": "7.2", "产能（万吨） 2024": "7.9"}
    assert text.startswith("# 产能\n\n|")
    assert text.endswith("|\n\n后文。\n")


@pytest.mark.parametrize(
    "text",
    [
        "```html\n<table><tr><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr></table>\n```\n",
        "The tag `<table>` ends in `</table>`.\n",
        "<table><tr><td>never closed\n",
        "One | two\n\n--- | ---\n",
        "a | b | c\n--- | ---\n1 | 2 | 3\n",
        "```md\nSite | 2024\n--- | ---\nHull | 79\n```\n",
        "| Site | 2024 |\n| --- | --- |\n| Hull | 79 |\n",
    ],
)
def test_code_and_what_is_no_whole_table_stay_as_they_are(text: str) -> None:
    assert with_tables(text, "markdown") == text


def test_rows_without_outer_bars_are_a_table() -> None:
    text = with_tables("Staff:\nSite | 2023 | 2024\n:-- | --: | --:\nLeeds | 120 | 131\nHull | 88 | 79\n", "markdown")
    assert names_and_cells(text, "Hull") == {"Site": "Hull", "2023": "88", "2024": "79"}


def test_quoted_tables_and_code_that_is_a_table_are_tables() -> None:
    quoted = "> | Site | 2024 |\n> |---|---|\n> | Hull | 79 |\n"
    assert names_and_cells(with_tables(quoted, "markdown"), "Hull") == {"Site": "Hull", "2024": "79"}
    code = "```\nSite     2024\nLeeds     131\nHull       79\n```\n"
    assert names_and_cells(with_tables(code, "markdown"), "Hull") == {"Site": "Hull", "2024": "79"}
    assert with_tables(code.replace("```\nSite", "```sh\nSite"), "markdown") == code.replace("```\nSite", "```sh\nSite")
    assert with_tables("```\nx = 1\n\nSite  2024\nLeeds  131\n```\n", "markdown").startswith("```\nx = 1")


@pytest.mark.parametrize(
    "text",
    [
        "+------+-------+\n| Site | Power |\n+------+-------+\n| Oslo | 180   |\n| Hull |  75   |\n+------+-------+\n",
        "+------+-------+\n| Site | Power |\n+======+=======+\n| Oslo | 180   |\n+------+-------+\n| Hull | 75    |\n"
        "+------+-------+\n",
        "┌──────┬───────┐\n│ Site │ Power │\n├──────┼───────┤\n│ Oslo │ 180   │\n│ Hull │ 75    │\n└──────┴───────┘\n",
    ],
)
def test_boxes_are_tables(text: str) -> None:
    assert names_and_cells(with_tables(text, "text"), "Hull") == {"Site": "Hull", "Power": "75"}


def test_lines_between_borders_are_one_row() -> None:
    text = (
        "+-------+-----+\n| Field | t   |\n+=======+=====+\n| Upper | 6.8 |\n| field |     |\n"
        "+-------+-----+\n| Low   | 4.9 |\n+-------+-----+\n"
    )
    assert names_and_cells(with_tables(text, "text"), "Upper") == {"Field": "Upper field", "t": "6.8"}


def test_figures_in_columns_of_blanks_stand_under_their_names() -> None:
    text = with_tables(
        "District    Taxi   Bar  Market  Boat\nBrack         41            12\nMerle                17      9     3\n"
        "Ousby         22      8            5\nThe text goes on.\n",
        "text",
    )
    assert names_and_cells(text, "Merle") == {"District": "Merle", "Taxi": "", "Bar": "17", "Market": "9", "Boat": "3"}
    assert text.endswith("|\n\nThe text goes on.\n")


def test_a_chinese_character_is_as_wide_as_two_others() -> None:
    text = with_tables(
        "学校        2022年    2023年\n一中        1,820\n实验小学      960     1,004\n职校                  2,180\n",
        "text",
    )
    assert names_and_cells(text, "一中") == {"学校": "一中", "2022年": "1,820", "2023年": ""}
    assert names_and_cells(text, "职校") == {"学校": "职校", "2022年": "", "2023年": "2,180"}


def test_names_over_groups_of_columns_are_names_of_each() -> None:
    text = with_tables(
        "Item             2023                2024\n             Sales  Profit       Sales  Profit\n"
        "North          410      31         455      38\nSouth          380     -12         391       4\n",
        "text",
    )
    assert names_and_cells(text, "South") == {
        "Item": "South",
        "2023 Sales": "380",
        "2023 Profit": "-12",
        "2024 Sales": "391",
        "2024 Profit": "4",
    }


def test_tabs_count_columns_and_a_gap_is_kept() -> None:
    text = with_tables("\t2023\t2024\nGas\t\t188\nPower\t95\t101\n", "text")
    assert names_and_cells(text, "Gas") == {"": "Gas", "2023": "", "2024": "188"}


def test_where_tabs_fill_up_short_words_a_gap_is_of_no_certain_column() -> None:
    text = "\t\t2023\t2024\nGas\t\t5\t188\nElectric power\t95\t101\n"
    assert names_and_cells(with_tables(text, "text"), "power") == {"": "Electric power", "2023": "95", "2024": "101"}
    assert with_tables(text + "Water\t\t77\n", "text") == text + "Water\t\t77\n"


def test_dots_lead_from_a_name_to_its_figure() -> None:
    text = with_tables("Adult ........ 12.50 EUR\nChild ........ 6.00 EUR\nParking ...... 4 EUR\n", "text")
    assert list(names_and_cells(text, "Child").values())[-1] == "6.00 EUR"


def test_words_below_one_another_are_a_table_too() -> None:
    text = with_tables("Site          Manager\nLeeds depot   Anna Moore\nHull depot    Jai Singh\n", "text")
    (table,) = tables(text)
    assert [text[row.start : row.end] for row in table.rows][-1] == "Hull depot | Jai Singh"


@pytest.mark.parametrize(
    "text",
    [
        "Chapter 1 ........ 3\nChapter 2 ........ 9\nChapter 3 ........ 14\n",
        "Name:      Karl\nTown:      Hull\nTrade:     smith\n",
        "-  one thing       here\n-  another thing   there\n-  third thing     now\n",
        "It met nine times.  It found faults.\nIt met ten times.   It found none.\nIt met.            It found one.\n",
        # the figure could be of either year
        "Item    2023    2024\nGas       12\nPower   12   14\nWater   9     8\n",
        # two columns of prose, as some tools write a page
        "The committee met nine times           traffic grew by a third in the\n"
        "in the year and looked at all          spring, and the bridge cost more\n"
        "four sites with care. It found         than all of the others put to-\n",
    ],
)
def test_what_is_not_certain_is_left_as_it_is(text: str) -> None:
    assert with_tables(text, "text") == text


def test_blanks_part_columns_in_plain_text_alone() -> None:
    text = "    x      1\n    y      2\n    z      3\n"
    assert with_tables(text, "markdown") == text


LINES = st.lists(
    st.sampled_from(
        [
            "a",
            "  ",
            "\t",
            "|",
            "+--+--+",
            "\n",
            "\n\n",
            "1,204",
            "--- | ---",
            "<table>",
            "</table>",
            "<td>",
            "年",
            ".....",
        ]
    ),
    max_size=40,
).map("".join)


@given(LINES, st.sampled_from(["text", "markdown"]))
def test_no_letter_and_no_figure_is_lost(text: str, kind: str) -> None:
    written = with_tables(text, kind)
    for part in ("Q", "1,204", "年"):
        assert written.count(part) >= text.count(part)


def test_a_line_under_each_name_rules_a_table_of_text() -> None:
    names = "Ward          Beds   Nurses\n------------  -----  -------\n"
    text = f"{names}Birch            24       18\nLarch            31       22\n"
    assert with_tables(text, "text") == (
        "| Ward | Beds | Nurses |\n| --- | --- | --- |\n| Birch | 24 | 18 |\n| Larch | 31 | 22 |\n"
    )
