from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime

import docx
import pytest

from ingest.word.document import read_docx
from ingest.written import Unreadable, Written
from text.markdown import plain
from text.sentences import quotable

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    f'xmlns:m="{OFFICE}/math" xmlns:r="{OFFICE}/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def packed(body: str, parts: Mapping[str, str] = {}) -> bytes:
    """A DOCX file of a body and of further parts, ``header1`` being a header: what is in the root of each."""
    kinds = {name: name.rstrip("0123456789") for name in parts}
    roots = {"header": "hdr", "footer": "ftr"}
    relations = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/relationships/{kind}" Target="{name}.xml"/>'
        for name, kind in kinds.items()
    )
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        main = f'<Relationship Id="r" Type="{OFFICE}/relationships/officeDocument" Target="/word/document.xml"/>'
        file.writestr("_rels/.rels", f'<Relationships xmlns="{RELATIONS}">{main}</Relationships>')
        file.writestr("word/_rels/document.xml.rels", f'<Relationships xmlns="{RELATIONS}">{relations}</Relationships>')
        file.writestr("word/document.xml", f"<w:document {SPACES}><w:body>{body}</w:body></w:document>")
        for name, inner in parts.items():
            root = roots.get(kinds[name], kinds[name])
            file.writestr(f"word/{name}.xml", f"<w:{root} {SPACES}>{inner}</w:{root}>")
    return held.getvalue()


def text_of(body: str, **parts: str) -> str:
    return read_docx(packed(body, parts), "r.docx").text


def lines_of(body: str, **parts: str) -> list[str]:
    return [line for line in text_of(body, **parts).splitlines() if line]


def run(words: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def raised(words: str) -> str:
    return run(words, '<w:vertAlign w:val="superscript"/>')


def paragraph(inner: str, properties: str = "") -> str:
    inner = inner if "<" in inner else run(inner)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def listed(words: str, num_id: int, depth: int = 0, style: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return paragraph(words, f'{named}<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{num_id}"/></w:numPr>')


def cell(inner: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner if '<w:p>' in inner else paragraph(inner)}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    made = (inner if inner.startswith("<w:tc>") else cell(inner) for inner in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(made)}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def style(name: str, inner: str = "", style_id: str = "", kind: str = "paragraph") -> str:
    styled = style_id or name.replace(" ", "")
    return f'<w:style w:type="{kind}" w:styleId="{styled}"><w:name w:val="{name}"/>{inner}</w:style>'


def level(depth: int, form: str, text: str, more: str = "", start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def kind_of_list(*levels: str, number: int = 1) -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{"".join(levels)}</w:abstractNum>'


def list_of(number: int, kind: int = 1, more: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{kind}"/>{more}</w:num>'


def field(code: str, result: str) -> str:
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> {code} </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(result)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


ACROSS, BEGINS, GOES_ON = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


# Tables


def test_cells_merged_down_are_filled_in_each_row() -> None:
    read = table(
        row("地区", "季度", "产量"),
        row(cell("东港", BEGINS), "一季度", "310"),
        row(cell("", GOES_ON), "二季度", "295"),
    )
    assert lines_of(read) == [
        "| 地区 | 季度 | 产量 |",
        "| --- | --- | --- |",
        "| 东港 | 一季度 | 310 |",
        "| 东港 | 二季度 | 295 |",
    ]


def test_a_header_of_two_merged_rows_names_each_column_in_full() -> None:
    read = table(
        row(cell("Port", BEGINS), cell("2031", ACROSS), cell("2032", ACROSS)),
        row(cell("", GOES_ON), "Ships", "Crew", "Ships", "Crew"),
        row("Elmhaven", "12", "340", "15", "402"),
    )
    assert lines_of(read) == [
        "| Port | 2031 Ships | 2031 Crew | 2032 Ships | 2032 Crew |",
        "| --- | --- | --- | --- | --- |",
        "| Elmhaven | 12 | 340 | 15 | 402 |",
    ]


def test_rows_that_repeat_on_each_page_are_the_header() -> None:
    again = "<w:tblHeader/>"
    read = table(
        row("", "North", "North", properties=again), row("Year", "t", "ha", properties=again), row("2031", "5", "7")
    )
    assert lines_of(read)[0] == "| Year | North t | North ha |"


def test_figures_under_a_merged_header_stay_a_row() -> None:
    read = table(row(cell("合计", ACROSS), "甲"), row("", "18", "20"), row("乙", "1", "2"))
    assert lines_of(read)[2:] == ["|  | 18 | 20 |", "| 乙 | 1 | 2 |"]


def test_a_row_that_begins_further_in_keeps_its_columns() -> None:
    read = table(row("A", "B", "C"), row("7", "8", properties='<w:gridBefore w:val="1"/>'))
    assert lines_of(read)[2] == "|  | 7 | 8 |"


def test_a_title_and_a_remark_inside_of_a_table_stand_over_and_under_it() -> None:
    wide = '<w:gridSpan w:val="2"/>'
    read = table(
        row(cell("表 1 仓储面积（单位：公顷）", wide)),
        row("库", "面积"),
        row("甲", "3.5"),
        row(cell("注：不含租用。", wide)),
    )
    assert text_of(read) == (
        "表 1 仓储面积（单位：公顷）\n\n| 库 | 面积 |\n| --- | --- |\n| 甲 | 3.5 |\n\n注：不含租用。\n"
    )


def test_a_table_inside_of_a_cell_stands_whole_after_it_under_its_rows_name() -> None:
    inner = table(row("季度", "产量"), row("一季度", "62"))
    read = table(row("厂", "说明"), row("江北厂", cell(f"{paragraph('按季度：')}{inner}{paragraph('完')}")))
    assert text_of(read) == (
        "| 厂 | 说明 |\n| --- | --- |\n| 江北厂 | 按季度： 完 |\n\n江北厂：\n\n"
        "| 季度 | 产量 |\n| --- | --- |\n| 一季度 | 62 |\n"
    )


def test_a_frame_of_one_cell_is_no_table() -> None:
    read = table(row(cell(paragraph("Key facts") + table(row("Ships", "Crew"), row("12", "340")))))
    assert text_of(read) == "Key facts\n\n| Ships | Crew |\n| --- | --- |\n| 12 | 340 |\n"


def test_a_line_broken_inside_of_a_chinese_name_leaves_no_blank() -> None:
    broken = "<w:r><w:t>松涛</w:t><w:br/><w:t>仓储</w:t></w:r>"
    read = table(row("名称", "份额"), row(cell(paragraph(broken)), "31.5"))
    assert lines_of(read)[2] == "| 松涛仓储 | 31.5 |"


def test_a_tables_caption_under_it_is_put_above_it() -> None:
    caption = paragraph(run("表 ") + field("SEQ 表", "2") + run(" 各港吞吐量"), '<w:pStyle w:val="Caption"/>')
    read = table(row("港", "吨"), row("东港", "88")) + caption + paragraph("后文。")
    assert lines_of(read, styles=style("caption", style_id="Caption"))[0] == "表 2 各港吞吐量"


def test_a_caption_between_two_tables_belongs_to_the_lower_one() -> None:
    one, two = table(row("a", "b"), row("1", "2")), table(row("c", "d"), row("3", "4"))
    caption = paragraph("Table 2 Crew", '<w:pStyle w:val="Caption"/>')
    styles = style("caption", style_id="Caption")
    assert lines_of(one + caption + two, styles=styles)[3:5] == ["Table 2 Crew", "| c | d |"]
    unit = paragraph("Unit: t")
    assert lines_of(one + caption + unit + two, styles=styles)[3:6] == ["Table 2 Crew", "Unit: t", "| c | d |"]


def test_deleted_rows_are_left_out_and_bars_in_cells_are_kept_apart() -> None:
    read = table(row("a", "b"), row("1", "x|y"), row("9", "9", properties="<w:del/>"))
    assert lines_of(read) == ["| a | b |", "| --- | --- |", "| 1 | x\\|y |"]


# Notes, margins and boxes


def note(kind: str, number: int, words: str) -> str:
    return f'<w:{kind} w:id="{number}"><w:p><w:r><w:{kind}Ref/></w:r>{run(" " + words)}</w:p></w:{kind}>'


def test_notes_can_be_quoted_and_their_marks_do_not_touch_figures() -> None:
    body = paragraph(
        run("营收为3,120")
        + '<w:r><w:footnoteReference w:id="5"/></w:r>'
        + run("万元，成本略降。")
        + '<w:r><w:endnoteReference w:id="2"/></w:r>'
    )
    text = text_of(
        body,
        footnotes=note("footnote", 4, "没有人用。") + note("footnote", 5, "样本为764户。"),
        endnotes=note("endnote", 2, "见附件。"),
    )
    assert text == "营收为3,120万元[^1]，成本略降。[^2]\n\n[^1] 样本为764户。\n\n[^2] 见附件。\n"
    quotes = [plain(text[start:end]) for start, end in quotable(text, 0, len(text))]
    assert quotes == ["营收为3,120万元，成本略降。", "样本为764户。", "见附件。"]


def test_a_notes_own_sign_is_not_read_beside_its_mark() -> None:
    mark = '<w:r><w:footnoteReference w:id="2" w:customMarkFollows="1"/><w:t>*</w:t></w:r>'
    text = text_of(paragraph(run("Costs fell") + mark + run(".")), footnotes=note("footnote", 2, "By 3 %."))
    assert text == "Costs fell[^1].\n\n[^1] By 3 %.\n"


def test_notes_are_a_chapter_of_their_own_where_there_are_chapters() -> None:
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    title, chapter = (paragraph(words, f'<w:outlineLvl w:val="{n}"/>') for n, words in enumerate(["Report", "Costs"]))
    notes = note("footnote", 2, "By 3 %.")
    body = chapter + paragraph(run("They fell.") + mark)
    assert lines_of(title + body, footnotes=notes)[3:] == ["## Notes", "[^1] By 3 %."]
    assert lines_of(title + title + body, footnotes=notes)[4:] == ["# Notes", "[^1] By 3 %."]


def section(*references: str, more: str = "") -> str:
    return f"<w:sectPr>{''.join(references)}{more}</w:sectPr>"


def margin(kind: str, part: str, where: str = "default") -> str:
    return f'<w:{kind}Reference w:type="{where}" r:id="{part}"/>'


def test_headers_and_footers_are_read_once_and_page_numbers_not() -> None:
    first = paragraph("The report.", section(margin("header", "header1"), margin("footer", "footer1")))
    body = first + section(margin("header", "header2"), margin("footer", "footer1"))
    text = text_of(
        body,
        header1=paragraph("Elmhaven Harbour Board"),
        header2=paragraph("Elmhaven Harbour Board"),
        footer1=paragraph(run("Page ") + field("PAGE", "3") + run(" of ") + field("NUMPAGES", "9"))
        + paragraph(run("第") + field("PAGE", "3") + run("页 内部资料"))
        + paragraph("- 3 -"),
    )
    assert text == "The report.\n\nElmhaven Harbour Board\n\n内部资料\n"


def test_headers_that_no_page_shows_are_not_read() -> None:
    body = paragraph("The report.") + section(margin("header", "header1", "first"), margin("header", "header2", "even"))
    parts = {"header1": paragraph("Old draft"), "header2": paragraph("Older draft")}
    assert text_of(body, **parts) == "The report.\n"
    shown = body.replace("</w:sectPr>", "<w:titlePg/></w:sectPr>")
    assert "Old draft\n" in text_of(shown, **parts)
    assert "Older draft\n" in text_of(body, **parts, settings="<w:evenAndOddHeaders/>")


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    box = f"<w:txbxContent>{paragraph('Grants: 41 million.')}</w:txbxContent>"
    both = (
        f'<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    old = f"<w:r><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></w:r>"
    body = paragraph(run("One.") + f"<w:r>{both}</w:r>") + paragraph(old) + paragraph("Two.")
    assert lines_of(body) == ["One.", "Grants: 41 million.", "Grants: 41 million.", "Two."]


def test_pictures_are_counted_as_left_out() -> None:
    picture = "<w:r><w:pict><v:shape><v:imagedata/></v:shape></w:pict></w:r>"
    read = read_docx(packed(paragraph(run("One.") + picture * 2)), "r.docx")
    assert read.left_out == ("2 pictures were not read: what is drawn cannot be quoted.",)


A = "http://schemas.openxmlformats.org/drawingml/2006/main"
C, D = A.replace("main", "chart"), A.replace("main", "diagram")


def with_parts(data: bytes, kind: str, inner: str) -> bytes:
    """The file with one more part, which its document knows as ``x``."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(held, "w") as new:
        for name in old.namelist():
            relation = f'<Relationship Id="x" Type="{OFFICE}/relationships/{kind}" Target="more.xml"/></Relationships>'
            is_list = name == "word/_rels/document.xml.rels"
            text = old.read(name).decode()
            new.writestr(name, text.replace("</Relationships>", relation) if is_list else text)
        new.writestr("word/more.xml", inner)
    return held.getvalue()


def harbour_chart() -> str:
    def kept(name: str, values: str, form: str = "") -> str:
        points = "".join(f'<c:pt idx="{n}"><c:v>{value}</c:v></c:pt>' for n, value in enumerate(values.split()))
        cache = "numCache" if form else "strCache"
        code = f"<c:formatCode>{form}</c:formatCode>" if form else ""
        return f"<c:{name}><c:{cache}>{code}{points}</c:{cache}></c:{name}>"

    ports = kept("cat", "Elmhaven Marsh")
    return (
        f'<c:chartSpace xmlns:c="{C}" xmlns:a="{A}"><c:chart><c:title><a:p><a:r><a:t>Crew by port</a:t></a:r></a:p>'
        f"</c:title><c:ser>{kept('tx', 'Crew')}{ports}{kept('val', '4310 95', '#,##0')}"
        f"</c:ser><c:ser>{kept('tx', 'Share')}{ports}{kept('val', '0.978 0.022', '0.0%')}</c:ser></c:chart>"
        "</c:chartSpace>"
    )


def test_a_charts_data_is_a_table_with_its_values_as_shown() -> None:
    body = paragraph(run("See:") + f'<w:r><w:drawing><c:chart xmlns:c="{C}" r:id="x"/></w:drawing></w:r>')
    read = read_docx(with_parts(packed(body), "chart", harbour_chart()), "r.docx")
    assert read.text == (
        "See:\n\nCrew by port\n\n|  | Crew | Share |\n| --- | --- | --- |\n| Elmhaven | 4,310 | 97.8% |\n"
        "| Marsh | 95 | 2.2% |\n"
    )
    without = read_docx(packed(body), "r.docx")
    assert without.left_out == ("1 chart was not read: what is drawn cannot be quoted.",)


def test_a_diagrams_words_are_a_list() -> None:
    shapes = "".join(
        f"<d:pt modelId='{words}'><d:t><a:p><a:r><a:t>{words}</a:t></a:r></a:p></d:t></d:pt>"
        for words in ("Plan", "Build")
    )
    data = f'<d:dataModel xmlns:d="{D}" xmlns:a="{A}">{shapes}<d:pt type="pres"/></d:dataModel>'
    body = paragraph(f'<w:r><w:drawing><d:relIds xmlns:d="{D}" r:dm="x"/></w:drawing></w:r>')
    assert read_docx(with_parts(packed(body), "diagramData", data), "r.docx").text == "- Plan\n- Build\n"


# Changes, hidden words, fields


def test_changes_are_read_as_accepted_and_comments_not() -> None:
    removed = "<w:r><w:delText>11</w:delText><w:t>11</w:t></w:r>"
    body = paragraph(
        run("It is ")
        + f"<w:del>{removed}</w:del><w:ins>{run('12')}</w:ins>"
        + f"<w:moveFrom>{run(' old')}</w:moveFrom><w:moveTo>{run(' new')}</w:moveTo>"
        + '<w:commentRangeStart w:id="1"/><w:r><w:commentReference w:id="1"/></w:r>'
        + run(".")
    )
    assert text_of(body, comments=f'<w:comment w:id="1">{paragraph("Sure?")}</w:comment>') == "It is 12 new.\n"


def test_a_paragraph_whose_end_is_deleted_or_a_large_letter_goes_on_in_the_next() -> None:
    body = paragraph(run("Costs fell "), "<w:rPr><w:del/></w:rPr>") + paragraph("by 4 %.")
    large = paragraph("T", '<w:framePr w:dropCap="drop"/>') + paragraph("he harbour grew.")
    assert lines_of(body + large) == ["Costs fell by 4 %.", "The harbour grew."]


def test_words_that_run_on_stay_out_of_boxes_and_tables() -> None:
    box = f"<w:r><w:pict><w:txbxContent>{paragraph('Aside.')}</w:txbxContent></w:pict></w:r>"
    deleted = "<w:rPr><w:del/></w:rPr>"
    body = paragraph(run("Costs fell ") + box, deleted) + paragraph("by 4 %.") + paragraph("Before", deleted)
    assert lines_of(body + table(row("a", "b")))[:3] == ["Aside.", "Costs fell by 4 %.", "Before"]


def test_hidden_words_are_left_out_wherever_that_is_said() -> None:
    styles = style("Secret", "<w:rPr><w:vanish/></w:rPr>") + style(
        "Whisper", "<w:rPr><w:vanish/></w:rPr>", kind="character"
    )
    body = paragraph(
        run("Seen. ") + run("Not seen.", "<w:vanish/>") + run("Nor this.", '<w:rStyle w:val="Whisper"/>')
    ) + paragraph(run("Nor that. ") + run("But this.", '<w:vanish w:val="0"/>'), '<w:pStyle w:val="Secret"/>')
    assert lines_of(body, styles=styles) == ["Seen.", "But this."]


def test_fields_give_their_results_and_contents_nothing() -> None:
    begin, end = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>', '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    contents = (
        paragraph(
            f'{begin}<w:r><w:instrText>TOC \\o</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        )
        + paragraph(run("Growth ") + field("PAGEREF _a", "4"))
        + paragraph(end)
    )
    control = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        f"<w:sdtContent>{paragraph('Growth 4')}</w:sdtContent></w:sdt>"
    )
    styled = paragraph("Growth 4", '<w:pStyle w:val="TOC1"/>')
    body = paragraph(
        run("See ")
        + field("REF a", "Table 3")
        + run(" and ")
        + '<w:fldSimple w:instr="SEQ x">'
        + run("5")
        + "</w:fldSimple>"
    )
    assert lines_of(contents + control + styled + body, styles=style("toc 1", style_id="TOC1")) == ["See Table 3 and 5"]


def test_a_field_without_an_end_hides_nothing() -> None:
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r>'
    assert lines_of(paragraph(begin + run("One.")) + paragraph("Two.")) == ["One.", "Two."]


def test_links_and_content_controls_are_read_and_their_prompts_not() -> None:
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{run('Elmhaven')}</w:sdtContent></w:sdt>"
    prompt = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('Click here.')}</w:sdtContent></w:sdt>"
    body = paragraph(run("At ") + control + prompt + f'<w:hyperlink r:id="x">{run(" harbour")}</w:hyperlink>')
    assert text_of(body) == "At Elmhaven harbour\n"


# Signs


def test_powers_stay_powers_and_raised_marks_never_touch_a_figure() -> None:
    body = (
        paragraph(
            run("面积1,200 m")
            + raised("2")
            + run("，体积30 km")
            + raised("3")
            + run("，3.2×10")
            + raised("8")
            + run("吨")
        )
        + paragraph(run("收入2,480") + raised("1") + run("万元") + raised("[2,3]") + run("。"))
        + paragraph(
            run("It was 12.5")
            + raised("a")
            + run(" on the 4")
            + raised("th")
            + run("; 5 m s")
            + raised("-1")
            + run(" at 25")
            + raised("o")
            + run("C")
        )
    )
    assert lines_of(body) == [
        "面积1,200 m²，体积30 km³，3.2×10⁸吨",
        "收入2,480万元[^1,2,3]。",
        "It was 12.5[^a] on the 4th; 5 m s⁻¹ at 25°C",
    ]
    assert plain(text_of(body)).splitlines()[2] == "收入2,480万元。"


def test_symbols_hyphens_tabs_and_breaks_read_as_they_look() -> None:
    signs = '<w:sym w:font="Symbol" w:char="F0B3"/><w:t>5</w:t><w:sym w:font="Wingdings" w:char="F0FE"/>'
    body = (
        paragraph(f"<w:r>{signs}</w:r>")
        + paragraph(
            "<w:r><w:t>2031</w:t><w:noBreakHyphen/><w:t>2032</w:t><w:tab/><w:t>har</w:t><w:softHyphen/><w:t>bour</w:t></w:r>"
        )
        + paragraph("<w:r><w:t>First.</w:t><w:br/><w:t>Second</w:t><w:br/><w:t>line</w:t></w:r>")
    )
    assert lines_of(body) == ["≥5☑", "2031-2032 harbour", "First.", "Second line"]


def test_the_parts_of_an_equation_do_not_run_together() -> None:
    def part(name: str, words: str) -> str:
        return f"<m:{name}><m:r><m:t>{words}</m:t></m:r></m:{name}>"

    fraction = f"<m:f>{part('num', '1')}{part('den', '20')}</m:f>"
    power = f"<m:sSup>{part('e', 'x')}{part('sup', '2')}</m:sSup>"
    root = f"<m:rad><m:deg/>{part('e', 'a+b')}</m:rad>"
    body = paragraph(run("y = ") + f"<m:oMath>{fraction}<m:r><m:t>+</m:t></m:r>{power}+{root}</m:oMath>")
    assert text_of(body) == "y = 1/20+x²√(a+b)\n"


def test_ticked_boxes_of_a_form_are_told_from_empty_ones() -> None:
    def box(ticked: int) -> str:
        data = f'<w:ffData><w:checkBox><w:default w:val="{ticked}"/></w:checkBox></w:ffData>'
        return (
            f'<w:r><w:fldChar w:fldCharType="begin">{data}</w:fldChar></w:r>'
            '<w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )

    assert text_of(paragraph(box(1) + run("是 ") + box(0) + run("否"))) == "☑是 ☐否\n"


# Numbers and headings


def test_numbers_are_computed_level_by_level_and_begin_again() -> None:
    numbering = kind_of_list(
        level(0, "chineseCounting", "第%1条"), level(1, "chineseCounting", "（%2）"), level(2, "lowerLetter", "%3)")
    ) + list_of(1)
    steps = [("总则", 0), ("甲", 1), ("乙", 1), ("细则", 2), ("范围", 0), ("丙", 1)]
    assert lines_of("".join(listed(words, 1, depth) for words, depth in steps), numbering=numbering) == [
        "第一条 总则",
        "  - （一）甲",
        "  - （二）乙",
        "    - a) 细则",
        "第二条 范围",
        "  - （一）丙",
    ]


def test_lists_of_one_kind_go_on_unless_one_says_where_it_starts() -> None:
    begin = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride>'
    numbering = kind_of_list(level(0, "decimal", "%1.", start=3)) + list_of(1) + list_of(2) + list_of(3, more=begin)
    body = listed("a", 1) + listed("b", 2) + listed("c", 3) + listed("d", 3) + listed("e", 1)
    assert lines_of(body, numbering=numbering) == ["- 3. a", "- 4. b", "- 7. c", "- 8. d", "- 9. e"]


def test_a_level_can_go_on_counting_and_write_every_count_as_digits() -> None:
    numbering = kind_of_list(
        level(0, "upperRoman", "Part %1"),
        level(1, "decimal", "%1.%2", '<w:isLgl/><w:lvlRestart w:val="0"/>'),
    ) + list_of(1)
    body = "".join(listed(words, 1, depth) for words, depth in [("a", 0), ("b", 1), ("c", 0), ("d", 1)])
    assert lines_of(body, numbering=numbering) == ["- Part I a", "  - 1.1 b", "- Part II c", "  - 2.2 d"]


def test_a_number_that_is_not_sure_is_left_out() -> None:
    numbering = kind_of_list(level(0, "decimal", "%1"), level(1, "decimal", "%1.%2"), level(2, "hex", "%3")) + list_of(
        1
    )
    assert lines_of(listed("no part yet", 1, 1) + listed("strange", 1, 2), numbering=numbering) == [
        "  - no part yet",
        "    - strange",
    ]


@pytest.mark.parametrize(
    ("form", "start", "label"),
    [
        ("chineseCountingThousand", 21, "二十一"),
        ("japaneseCounting", 10, "十"),
        ("chineseCountingThousand", 105, "一百零五"),
        ("chineseLegalSimplified", 12, "壹拾贰"),
        ("ideographTraditional", 3, "丙"),
        ("decimalEnclosedCircle", 12, "⑫"),
        ("decimalZero", 4, "04"),
        ("upperLetter", 28, "BB"),
        ("lowerRoman", 49, "xlix"),
        ("ordinal", 12, "12th"),
    ],
)
def test_counts_are_written_in_the_lists_form(form: str, start: int, label: str) -> None:
    numbering = kind_of_list(level(0, form, "%1", start=start)) + list_of(1)
    assert lines_of(listed("x", 1), numbering=numbering) == [f"- {label} x"]


def test_bullets_have_no_number_and_number_zero_ends_a_list() -> None:
    numbering = kind_of_list(level(0, "bullet", "\uf0b7")) + list_of(1)
    styles = style("Points", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>')
    plain_one = paragraph("b", '<w:pStyle w:val="Points"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    body = paragraph("a", '<w:pStyle w:val="Points"/>') + plain_one
    assert lines_of(body, numbering=numbering, styles=styles) == ["- a", "b"]


def test_headings_inherit_their_level_and_their_number_from_styles() -> None:
    numbering = kind_of_list(
        level(0, "chineseCounting", "第%1章", '<w:pStyle w:val="H1"/>'),
        level(1, "decimal", "%1.%2", '<w:isLgl/><w:pStyle w:val="H2"/>'),
    ) + list_of(1)
    numbered = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    styles = (
        style("heading 1", numbered, "H1")
        + style("heading 2", numbered, "H2")
        + style("Annex", '<w:basedOn w:val="H2"/>')
        + style(
            "Not one",
            '<w:basedOn w:val="H1"/><w:pPr><w:outlineLvl w:val="9"/><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr>',
        )
    )
    body = (
        paragraph("总则", '<w:pStyle w:val="H1"/>')
        + paragraph("范围", '<w:pStyle w:val="H2"/>')
        + paragraph("附表", '<w:pStyle w:val="Annex"/>')
        + paragraph("说明", '<w:pStyle w:val="Notone"/>')
        + paragraph("其他", '<w:outlineLvl w:val="2"/>')
    )
    assert lines_of(body, styles=styles, numbering=numbering) == [
        "# 第一章 总则",
        "## 1.1 范围",
        "## 1.2 附表",
        "说明",
        "### 其他",
    ]


def test_a_style_based_on_itself_ends_nowhere() -> None:
    circle = style("A", '<w:basedOn w:val="B"/>') + style("B", '<w:basedOn w:val="A"/>')
    assert text_of(paragraph("One.", '<w:pStyle w:val="A"/>'), styles=circle) == "One.\n"


# Properties and limits


def document(created: datetime, modified: datetime, title: str = "", author: str = "") -> Written:
    made = docx.Document()
    made.add_paragraph("One sentence.")
    said = made.core_properties
    said.created, said.modified, said.title, said.author = created, modified, title, author
    held = io.BytesIO()
    made.save(held)
    return read_docx(held.getvalue(), "r.docx")


def test_a_file_tells_its_title_author_and_day() -> None:
    about = document(datetime(2031, 3, 5), datetime(2031, 4, 1), "Harbour report 2030", "Ada Marsh").about
    assert dict(about) == {"name": "Harbour report 2030", "publisher": "Ada Marsh", "published": "2031-03-05"}


@pytest.mark.parametrize(
    ("created", "modified", "title"),
    [
        (datetime(2013, 12, 23, 23, 15), datetime(2031, 4, 1), ""),
        (datetime(2021, 3, 5), datetime(2031, 4, 1), ""),
        (datetime(2031, 3, 5), datetime(2031, 4, 1), "Harbour report 2012"),
    ],
    ids=["the library's template", "an older report's file", "a file made anew"],
)
def test_a_day_that_is_likely_not_the_reports_is_not_told(created: datetime, modified: datetime, title: str) -> None:
    assert document(created, modified, title).about["published"] == ""


def test_the_day_on_the_cover_page_counts_most() -> None:
    bound = '<w:dataBinding w:xpath="/a:CoverPageProperties/a:PublishDate"/><w:date w:fullDate="2031-05-06T00:00:00Z"/>'
    cover = f"<w:sdt><w:sdtPr>{bound}</w:sdtPr><w:sdtContent>{paragraph('6 May 2031')}</w:sdtContent></w:sdt>"
    assert read_docx(packed(cover), "r.docx").about["published"] == "2031-05-06"


def test_names_that_programs_give_are_not_told() -> None:
    day = datetime(2031, 3, 5)
    about = document(day, day, "Microsoft Word - draft.doc", "python-docx").about
    assert (about["name"], about["publisher"]) == ("", "")


def test_a_file_that_would_fill_the_memory_is_refused_unopened() -> None:
    held = io.BytesIO(packed(paragraph("One.")))
    with zipfile.ZipFile(held, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/media/image1.bmp", bytes(210 * 2**20))
    with pytest.raises(Unreadable, match=r"r\.docx: would be 210 MiB when unpacked"):
        read_docx(held.getvalue(), "r.docx")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (packed("<w:p>").replace(b"PK\x01\x02", b"PK\x09\x09"), "no whole DOCX file"),
        (packed("<w:p>"), "no whole DOCX file .*mismatched tag"),
        (packed("").replace(b"document.xml", b"workbook.xml"), "no document is in it"),
        (b"<html>", "no whole DOCX file"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "password"),
        (packed(f"{'<w:tbl><w:tr><w:tc>' * 900}{'</w:tc></w:tr></w:tbl>' * 900}"), "nested too deeply"),
    ],
    ids=["cut", "broken XML", "another kind", "no zip", "password", "nested"],
)
def test_what_cannot_be_read_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason) as error:
        read_docx(data, "r.docx")
    assert str(error.value).startswith("r.docx: ")


def test_figures_that_tabs_part_are_a_table_and_a_lone_tab_is_a_space() -> None:
    def tabbed(*cells: str) -> str:
        return f"<w:p>{'<w:r><w:tab/></w:r>'.join(map(run, cells))}</w:p>"

    body = tabbed("", "2023", "2024") + tabbed("Revenue", "41.2", "48.9") + tabbed("Profit", "3.1", "4.6")
    assert lines_of(tabbed("To:", "Anna") + "<w:p/>" + body) == [
        "To: Anna",
        "|  | 2023 | 2024 |",
        "| --- | --- | --- |",
        "| Revenue | 41.2 | 48.9 |",
        "| Profit | 3.1 | 4.6 |",
    ]


def test_a_row_without_others_is_no_header() -> None:
    assert lines_of(table(row("Staff", "79"))) == ["|  |  |", "| --- | --- |", "| Staff | 79 |"]
