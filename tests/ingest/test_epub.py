from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

import pytest

from ingest.web.epub import read_epub
from ingest.written import Unreadable

CONTAINER = """<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>"""
PACKAGE = """<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" xmlns:opf="http://www.idpf.org/2007/opf" version="3.0">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>港口年报</dc:title><dc:creator>安然</dc:creator>
<dc:publisher>白沙港务</dc:publisher><dc:language>zh-CN</dc:language>
<dc:date opf:event="modification">2025-02-02</dc:date><dc:date>2024-03-05T00:00:00Z</dc:date></metadata>
<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="cover" href="cover.xhtml" media-type="application/xhtml+xml"/>
<item id="two" href="text/two%20b.xhtml" media-type="application/xhtml+xml"/>
<item id="one" href="text/one.xhtml" media-type="application/xhtml+xml"/>
<item id="list" href="list.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="cover"/><itemref idref="nav"/><itemref idref="list"/><itemref idref="one"/><itemref idref="two"/>
<itemref idref="two"/></spine><guide><reference type="cover" href="cover.xhtml"/></guide></package>"""


def document(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" '
        f'xmlns:epub="http://www.idpf.org/2007/ops"><head><title/></head>{body}</html>'
    )


FILES = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": CONTAINER,
    "OEBPS/book.opf": PACKAGE,
    "OEBPS/nav.xhtml": document("<body><nav><ol><li><a href='text/one.xhtml'>Ships</a></li></ol></nav></body>"),
    "OEBPS/cover.xhtml": document("<body><p>Cover</p></body>"),
    "OEBPS/list.xhtml": document(
        "<body><h2>目录</h2>" + "".join(f"<p><a href='c{n}'>第{n}章 航线与泊位</a></p>" for n in (1, 2, 3)) + "</body>"
    ),
    "OEBPS/text/one.xhtml": document(
        "<body><h1>Ships</h1><p>31 ships<a epub:type='noteref' href='#n'>1</a>&nbsp;came.</p>"
        "<p><a id='x'/>Then 5 left.</p>"
        "<table><tr><td rowspan='2'>Aby</td><td>2023</td><td>7</td></tr><tr><td>2022</td><td>6</td></tr></table></body>"
    ),
    "OEBPS/text/two b.xhtml": document("<body><h1>Cranes</h1><p>There are 9 cranes.</p></body>"),
}


@pytest.fixture
def epub() -> Callable[..., bytes]:
    """An EPUB of the files above, some of them replaced or added."""

    def made(changed: Mapping[str, str | bytes | None] | None = None) -> bytes:
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in {**FILES, **(changed or {})}.items():
                if text is not None:
                    archive.writestr(name, text)
        return data.getvalue()

    return made


def test_a_book_is_read_in_its_order_without_cover_and_contents(epub: Callable[..., bytes]) -> None:
    read = read_epub(epub(), "book.epub")
    assert read.text == (
        "# Ships\n\n31 ships[^1] came.\n\nThen 5 left.\n\n|  |  |  |\n| --- | --- | --- |\n| Aby | 2023 | 7 |\n"
        "| Aby | 2022 | 6 |\n\n# Cranes\n\nThere are 9 cranes.\n"
    )
    assert read.left_out == ()


def test_a_book_says_who_published_it_and_when(epub: Callable[..., bytes]) -> None:
    assert read_epub(epub(), "book.epub").about == {
        "title": "港口年报",
        "publisher": "白沙港务",
        "published": "2024-03-05",
        "language": "zh-CN",
    }
    alone = PACKAGE.replace("<dc:publisher>白沙港务</dc:publisher>", "").replace("2024-03-05T00:00:00Z", "0101-01-01")
    about = read_epub(epub({"OEBPS/book.opf": alone}), "book.epub").about
    assert about["publisher"] == "安然"
    assert "published" not in about


def test_a_document_that_is_no_xml_is_read_as_a_page(epub: Callable[..., bytes]) -> None:
    broken = "<html><body><p>Nine <b>cranes</p><p>stand&copy;</body>"
    assert read_epub(epub({"OEBPS/text/two b.xhtml": broken}), "book.epub").text.endswith("Nine cranes\n\nstand©\n")


def test_a_missing_document_is_said(epub: Callable[..., bytes]) -> None:
    read = read_epub(epub({"OEBPS/text/two b.xhtml": None}), "book.epub")
    assert "# Ships" in read.text
    assert read.left_out == ("OEBPS/text/two b.xhtml is listed in the book and missing from the file",)


def encryption(method: str, path: str) -> dict[str, str]:
    return {
        "META-INF/encryption.xml": '<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptedData>'
        f'<e:EncryptionMethod Algorithm="{method}"/><e:CipherData><e:CipherReference URI="{path}"/></e:CipherData>'
        "</e:EncryptedData></encryption>"
    }


def test_a_locked_book_is_refused_and_locked_fonts_are_not(epub: Callable[..., bytes]) -> None:
    aes = "http://www.w3.org/2001/04/xmlenc#aes128-cbc"
    with pytest.raises(Unreadable, match=r"book\.epub: is locked by copy protection"):
        read_epub(epub(encryption(aes, "OEBPS/text/two%20b.xhtml")), "book.epub")
    fonts = encryption("http://www.idpf.org/2008/embedding", "OEBPS/font.otf")
    assert "9 cranes" in read_epub(epub(fonts), "book.epub").text


def test_a_book_that_unpacks_to_too_much_is_refused_before_it_is(
    epub: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.web.epub._LARGEST", 2**20)
    bomb = epub({"OEBPS/text/one.xhtml": b"0" * 2**20, "OEBPS/film.mp4": b"0" * 2**20})
    with pytest.raises(Unreadable, match=r"book\.epub: its text unpacks to 1 MiB"):
        read_epub(bomb, "book.epub")
    assert "9 cranes" in read_epub(epub({"OEBPS/film.mp4": b"0" * 2**21}), "book.epub").text


@pytest.mark.parametrize(
    "changed",
    [{"META-INF/container.xml": None}, {"OEBPS/book.opf": "<package"}, {"META-INF/container.xml": "<container/>"}],
)
def test_a_broken_book_names_its_file(epub: Callable[..., bytes], changed: dict[str, str | None]) -> None:
    with pytest.raises(Unreadable, match=r"book\.epub: is no whole EPUB file"):
        read_epub(epub(changed), "book.epub")


def test_what_is_no_zip_is_no_book() -> None:
    with pytest.raises(Unreadable, match=r"book\.epub: is no whole EPUB file"):
        read_epub(b"PK\x03\x04 cut", "book.epub")


def test_entities_of_a_book_are_not_expanded(epub: Callable[..., bytes]) -> None:
    entities = '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">'
    bomb = f"<!DOCTYPE html [{entities}]><html><body><p>x&b;y</p></body></html>"
    assert "aaaa" not in read_epub(epub({"OEBPS/text/two b.xhtml": bomb}), "book.epub").text
