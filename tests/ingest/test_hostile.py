"""Files made to harm their reader: what is good in them is read, or they are named; nothing else is touched."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest

from ingest.read import read
from ingest.written import Unreadable

_SAID = "The pier has 9 cranes."
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_PARAGRAPH = f"<w:p><w:r><w:t>{_SAID}</w:t></w:r></w:p>"
#: Ten to the ninth words, if anybody wrote them out.
_LAUGHS = '<!DOCTYPE x [<!ENTITY a "lol">{}]>'.format(
    "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
)


def zipped(path: Path, members: Mapping[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in members.items():
            file.writestr(name, text)
    return path


def word(path: Path, body: str = _PARAGRAPH, before: str = "", target: str = "word/document.xml") -> Path:
    return zipped(
        path,
        {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml"'
            ' ContentType="application/xml"/><Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{_DOCUMENT}"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r"'
            f' Type="{_RELATION}" Target="{target}"/></Relationships>',
            "word/document.xml": f'{before}<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>',
            **({f"word/{n}.xml": "<a/>" for n in range(10_000)} if path.stem == "members" else {}),
        },
    )


def book(path: Path, before: str = "", said: str = _SAID, items: str = "") -> Path:
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata/><manifest>'
        f'<item id="c" href="c.xhtml" media-type="application/xhtml+xml"/>{items}</manifest>'
        '<spine><itemref idref="o"/><itemref idref="c"/></spine></package>'
    )
    rootfile = '<rootfiles><rootfile full-path="o.opf"/></rootfiles>'
    container = f'<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">{rootfile}</container>'
    page = f'{before}<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{said}</p></body></html>'
    return zipped(path, {"META-INF/container.xml": container, "o.opf": package, "c.xhtml": page})


def pdf(path: Path, kids: str, count: int) -> Path:
    shown = f"BT /F 12 Tf 72 700 Td ({_SAID}) Tj ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
        f"<< /Length {len(shown)} >>\nstream\n{shown}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    data, places = "%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{one}\nendobj\n"
    table = f"xref\n0 6\n0000000000 65535 f \n{''.join(f'{place:010} 00000 n {chr(10)}' for place in places)}"
    path.write_text(f"{data}{table}trailer << /Size 6 /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF\n", "latin-1")
    return path


def workbook(path: Path, sheet: str) -> Path:
    """An XLSX whose one sheet has this XML for its rows."""
    openpyxl.Workbook().save(path)
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name).decode() for name in file.namelist()}
    spreadsheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rows = f'<worksheet xmlns="{spreadsheet}"><sheetData>{sheet}</sheetData></worksheet>'
    return zipped(path, members | {"xl/worksheets/sheet1.xml": rows})


def text(path: Path, written: str) -> Path:
    path.write_text(written, "utf-8")
    return path


def aliases(deep: int) -> str:
    """Front matter whose last list would have 9 to the ``deep`` entries."""
    lists = (f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]" for n in range(deep))
    return "\n".join(["---", "a: &a [lol, lol]", *lists, "---", "# Pier", "", _SAID])


#: How each is made; a file SECRET lies beside them.
_READ: dict[str, Callable[[Path], Path]] = {
    "members.docx": word,
    "loop.pdf": lambda path: pdf(path, "2 0 R 3 0 R", 2),
    "count.pdf": lambda path: pdf(path, "3 0 R", 2_000_000_000),
    "entity.epub": lambda path: book(
        path,
        f'<!DOCTYPE html [<!ENTITY x SYSTEM "{(path.parent / "SECRET").as_uri()}">]>',
        f"{_SAID} &x;",
    ),
    "outside.epub": lambda path: book(
        path, items='<item id="o" href="../../SECRET" media-type="application/xhtml+xml"/>'
    ),
    "laughs.md": lambda path: text(path, aliases(12)),
    "loop.md": lambda path: text(path, f"---\na: &a [*a]\ntitle: *a\n---\n# Pier\n\n{_SAID}\n"),
    "object.md": lambda path: text(
        path, f"---\nx: !!python/object/apply:os.mkdir ['{path.parent / 'made'}']\n---\n# Pier\n\n{_SAID}\n"
    ),
    "comment.html": lambda path: text(path, f"<p>{_SAID}</p><!--{'-' * 100_000}"),
    "spans.html": lambda path: text(
        path, f"<table><tr><td colspan=99999999 rowspan=99999999>{_SAID}</td></tr></table>"
    ),
}
_REFUSED: dict[str, Callable[[Path], Path]] = {
    "figures.xlsx": lambda path: workbook(path, '<row r="1"><c r="A1"><v>four</v></c></row>'),
    "laughs.docx": lambda path: word(path, "<w:p><w:r><w:t>&j;</w:t></w:r></w:p>", _LAUGHS),
    "entity.docx": lambda path: word(
        path,
        "<w:p><w:r><w:t>&x;</w:t></w:r></w:p>",
        f'<!DOCTYPE x [<!ENTITY x SYSTEM "{(path.parent / "SECRET").as_uri()}">]>',
    ),
    "outside.docx": lambda path: word(path, target="../../SECRET"),
    "deep.docx": lambda path: word(
        path, f"{'<w:sdt><w:sdtContent>' * 5000}{_PARAGRAPH}{'</w:sdtContent></w:sdt>' * 5000}"
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "SECRET").write_text("the secret of the machine", "utf-8")
    return tmp_path


@pytest.mark.parametrize("name", _READ)
def test_what_is_good_in_it_is_read(folder: Path, name: str) -> None:
    report = read(_READ[name](folder / name), folder)
    assert _SAID in report.text
    assert len(report.text) < 10_000
    assert "the secret" not in repr(report)
    assert sorted(path.name for path in folder.iterdir()) == sorted(["SECRET", name])


@pytest.mark.parametrize("name", _REFUSED)
def test_what_cannot_be_read_is_named_in_one_line(folder: Path, name: str) -> None:
    with pytest.raises(Unreadable, match=name) as error:
        read(_REFUSED[name](folder / name), folder)
    assert "the secret" not in str(error.value)
    assert "\n" not in str(error.value) + error.value.chinese
    assert sorted(path.name for path in folder.iterdir()) == sorted(["SECRET", name])
