from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.read import Unreadable, decode, read, report_from_text

SIMPLIFIED = "云计算报告显示，企业的使用率达到了百分之六十，比去年增长了两倍。"
TRADITIONAL = "雲端運算報告顯示，企業的使用率達到了百分之六十，比去年增長了兩倍。"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (SIMPLIFIED, "utf-8"),
        (SIMPLIFIED, "utf-8-sig"),
        (SIMPLIFIED, "utf-16"),
        (SIMPLIFIED, "gbk"),
        (TRADITIONAL, "big5"),
        (TRADITIONAL, "gbk"),
        (SIMPLIFIED, "gb18030"),
        ("It’s a “report” – naïve", "cp1252"),
    ],
)
def test_text_is_the_decoded_file(tmp_path: Path, text: str, encoding: str) -> None:
    file = tmp_path / "r.txt"
    file.write_bytes(f"{text}\r\n\r\n{text}\r".encode(encoding))
    report = read(file, tmp_path)
    assert report.text == file.read_text(encoding) == f"{text}\n\n{text}\n"
    assert report.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert report.id == report.sha256[:16]


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff"), max_size=80))
def test_utf8_is_always_utf8(text: str) -> None:
    assert decode(text.encode(), "a.txt") == text


def test_front_matter(tmp_path: Path) -> None:
    file = tmp_path / "sub" / "r.md"
    file.parent.mkdir()
    file.write_text(
        '---\ntitle: "Cilium: 2024"\nauthors: ["云原生社区"]\ndate: 2025-01-07T17:02:28+08:00\nsource: https://a.b\n---\n\n正文。\n'
    )
    report = read(file, tmp_path)
    assert (report.path, report.title, report.publisher) == ("sub/r.md", "Cilium: 2024", "云原生社区")
    assert (report.published, report.year, report.language, report.source) == ("2025-01-07", 2025, "zh", "https://a.b")


def test_broken_front_matter_still_tells_its_lines() -> None:
    report = report_from_text("---\ntitle: A: b: [c\npublished: 2024-3\n---\nText.\n", "a.md")
    assert (report.title, report.published) == ("A: b: [c", "2024-03")


@pytest.mark.parametrize(
    ("name", "text", "title", "published"),
    [
        ("annual-report-2024.md", "Text.", "annual-report-2024", "2024"),
        ("2019-05-03-survey.md", "# Survey results\n\nText.", "Survey results", "2019-05-03"),
        ("x.md", "# Cilium 2025 年度报告解读\n\n正文。", "Cilium 2025 年度报告解读", "2025"),
        ("x.txt", "洞察:2025年度报告\n\n正文在这里，比标题长得多。", "洞察:2025年度报告", "2025"),
        ("growth-2023-2024.md", "Text.", "growth-2023-2024", ""),
        ("v1.2025.md", "Text.", "v1.2025", ""),
        ("p_1.txt", "A whole sentence is no title.", "p 1", ""),
    ],
)
def test_title_and_date_where_nothing_is_said(name: str, text: str, title: str, published: str) -> None:
    report = report_from_text(text, name)
    assert (report.title, report.published) == (title, published)


def test_who_a_reprint_is_to_name_is_the_publisher() -> None:
    assert report_from_text("正文。\n\n(转载请注明作者和出处某某,勿商用)", "a.txt").publisher == "某某"


def test_html(tmp_path: Path) -> None:
    file = tmp_path / "r.html"
    file.write_bytes(
        (
            "<html><head><meta charset=gb2312><title>年度报告</title></head>"
            + "<body><nav>首页 关于</nav><article><h1>年度报告</h1>"
            + f"<h2>概述</h2><p>{SIMPLIFIED}</p><ul><li>第一项内容</li></ul><table><tr><th>名</th><th>数</th></tr>"
            + f"<tr><td>甲</td><td>12</td></tr></table><p>{SIMPLIFIED}</p></article><footer>备案</footer></body></html>"
        ).encode("gbk")
    )
    report = read(file, tmp_path)
    assert report.title == "年度报告"
    assert "## 概述" in report.text
    assert "- 第一项内容" in report.text
    assert "| 甲 | 12 |" in report.text
    assert "备案" not in report.text


def test_docx(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Annual Report 2024", 0)
    document.add_heading("Growth", 1)
    document.add_paragraph("It grew by 12.3 %.")
    document.add_paragraph("first", style="List Bullet")
    document.add_paragraph("second", style="List Bullet")
    table = document.add_table(2, 2)
    for cell, words in zip(
        [c for row in table.rows for c in row.cells], ["Name", "Share", "Cilium", "60 %"], strict=True
    ):
        cell.text = words
    document.add_paragraph("The end.")
    document.save(str(tmp_path / "r.docx"))
    report = read(tmp_path / "r.docx", tmp_path)
    assert report.text == (
        "# Annual Report 2024\n\n# Growth\n\nIt grew by 12.3 %.\n\n- first\n- second\n\n"
        "| Name | Share |\n| --- | --- |\n| Cilium | 60 % |\n\nThe end.\n"
    )
    assert (report.title, report.published) == ("Annual Report 2024", "2024")


def test_pdf(tmp_path: Path, pdf: Callable[..., bytes]) -> None:
    def page(number: int, first: str, second: str) -> list[tuple[float, float, float, str]]:
        lines = [
            (72.0, 800.0, 8.0, "Example annual report"),
            (300.0, 30.0, 8.0, str(number)),
            (72.0, 740.0, 20.0, f"Part {first}"),
        ]
        body = [
            f"The {first} share of the network market grew to 12.3 percent of all the",
            f"clusters that {second} were counted in the survey.",
        ]
        lines += [(72.0, 700.0 - 14 * i, 11.0, words) for i, words in enumerate(body)]
        return [*lines, (72.0, 640.0, 11.0, "A new paragraph stands here.")]

    (tmp_path / "r.pdf").write_bytes(pdf([page(1, "first", "we"), page(2, "second", "they"), page(3, "third", "you")]))
    report = read(tmp_path / "r.pdf", tmp_path)
    assert report.text.startswith(
        "# Part first\n\nThe first share of the network market grew to 12.3 percent of all the clusters that "
        "we were counted in the survey.\n\nA new paragraph stands here.\n\n# Part second"
    )
    assert "Example annual" not in report.text
    assert [report.text[at : at + 7] for at in report.pages] == ["# Part "] * 3
    assert report.page_at(report.text.index("they were")) == 2
    assert report.title == "Part first"


def test_a_pdf_without_text_says_so(tmp_path: Path, pdf: Callable[..., bytes]) -> None:
    (tmp_path / "scan.pdf").write_bytes(pdf([[], []]))
    with pytest.raises(Unreadable, match=r"scan\.pdf: none of its 2 pages has text"):
        read(tmp_path / "scan.pdf", tmp_path)


def test_a_pdf_with_a_password_says_so(tmp_path: Path, pdf: Callable[..., bytes]) -> None:
    lock = b"/Encrypt << /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O (%s) /U (%s) >> /ID [(a) (a)] /Root" % (
        b"o" * 32,
        b"u" * 32,
    )
    (tmp_path / "locked.pdf").write_bytes(pdf([[(72.0, 700.0, 11.0, "Words.")]]).replace(b"/Root", lock))
    with pytest.raises(Unreadable, match=r"locked\.pdf: is protected by a password"):
        read(tmp_path / "locked.pdf", tmp_path)


def test_a_damaged_character_does_not_hide_the_rest() -> None:
    assert decode((SIMPLIFIED * 20).encode() + "增".encode()[:2], "a.txt") == SIMPLIFIED * 20 + "\ufffd"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.pdf", b"%PDF-1.4 cut", "no whole PDF"),
        ("a.docx", b"PK\x03\x04 cut", "no whole DOCX"),
        ("a.docx", b"\xd0\xcf\x11\xe0 old", "password"),
        ("a.txt", b"", "empty"),
        ("a.md", b" \n", "empty"),
        ("a.txt", b"\x00\x01\x02\xff\xfe\x00" * 50, "binary|neither"),
        ("a.txt", bytes(range(128, 256)) * 3, "neither"),
        ("a.xyz", b"PK", "no kind of report"),
        ("README", b"text", "no kind of report"),
        ("a.html", b"<html><body></body></html>", "no text"),
    ],
)
def test_unreadable_names_file_and_reason(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(Unreadable, match=reason) as error:
        read(tmp_path / name, tmp_path)
    assert str(error.value).startswith(f"{name}: ")


def test_a_paragraph_after_a_list_of_a_pdf_stands_alone(tmp_path: Path, pdf: Callable[..., bytes]) -> None:
    words = [
        "The measured goals of the whole project for the coming year are these:",
        "\\225 more members",
        "\\225 more events",
    ]
    lines = [
        (72.0, 700.0 - 14 * i, 11.0, text) for i, text in enumerate([*words, "What follows is a sentence of its own."])
    ]
    (tmp_path / "r.pdf").write_bytes(
        pdf([lines]).replace(b"/Helvetica >>", b"/Helvetica /Encoding /WinAnsiEncoding >>")
    )
    assert read(tmp_path / "r.pdf", tmp_path).text == (
        "The measured goals of the whole project for the coming year are these:\n\n- more members\n- more events\n\n"
        "What follows is a sentence of its own.\n\n"
    )
