"""The parts of a Word file: unpacked within bounds, parsed, and found by what they are to one another."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from xml.etree import ElementTree

from ingest.office.package import opened
from ingest.written import Unreadable, broken
from records import Told

Element = ElementTree.Element

#: The namespaces of Word's own elements, of equations and of relations, as ElementTree writes them before a name.
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

#: How many times its own size a file may be when unpacked, once that is so many bytes.
_RATIO, _LARGE = 250, 20 * 2**20
#: Strict files name the same things otherwise: ``http://purl.oclc.org/ooxml/wordprocessingml/main``
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(officeDocument|wordprocessingml)/(\w+)")


class Parts:
    """The parts of a Word file by their paths; ``main`` is the document's own. Raises Unreadable."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        try:
            self._zip = opened(data, name, "DOCX")
        except NotImplementedError as error:  # a compression that nobody knows
            raise broken(name, "DOCX", error) from error
        unpacked = sum(entry.file_size for entry in self._zip.infolist())
        if unpacked > max(_LARGE, _RATIO * len(data)):
            raise Unreadable(
                name,
                Told(
                    f"would be {unpacked >> 20} MiB when unpacked, from {len(data) >> 10} KiB. "
                    "Take the largest pictures out and save it again.",
                    f"解压后有 {unpacked >> 20} MiB（原文件 {len(data) >> 10} KiB）。请去掉最大的图片后重新保存。",
                ),
            )
        self._paths = set(self._zip.namelist())
        self._roots: dict[str, Element | None] = {}
        self.main = next(iter(self.related("officeDocument", "").values()), "word/document.xml")
        if self.main not in self._paths:
            raise Unreadable(
                name,
                Told(
                    "is no whole DOCX file (no document is in it). Save it again as .docx.",
                    "不是完整的 DOCX 文件（里面没有文档）。请重新存成 .docx。",
                ),
            )

    def root(self, path: str) -> Element | None:
        """The part's root element; None where the file has no such part."""
        if path not in self._roots:
            self._roots[path] = self._parsed(path) if path in self._paths else None
        return self._roots[path]

    def data(self, path: str) -> bytes:
        """The part as it is in the file."""
        data = self._zip.read(path)
        if b"<!DOCTYPE" in data[:4096]:
            raise ValueError(f"{path} brings a document type of its own")
        return data

    def _parsed(self, path: str) -> Element:
        try:
            return ElementTree.fromstring(_STRICT.sub(_transitional, self.data(path)))
        except Exception as error:  # whatever zip and XML raise: a wrong sum, a password, a cut element
            raise broken(self.name, "DOCX", error) from error

    def related(self, kind: str, path: str) -> dict[str, str]:
        """The paths of the parts that are ``kind`` (``styles``, ``header``) to the part at ``path``, by their ids."""
        folder, file = posixpath.split(path)
        relations = self.root(posixpath.join(folder, "_rels", f"{file}.rels"))
        return {
            relation.get("Id", ""): posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))[1:]
            for relation in (relations if relations is not None else ())
            if relation.get("Type", "").endswith(f"/{kind}") and relation.get("TargetMode") != "External"
        }

    def one(self, kind: str, path: str | None = None) -> Element | None:
        """The root of the part that is ``kind`` to the document, or to the part at ``path``; None without one."""
        found = self.related(kind, self.main if path is None else path)
        return next((root for part in found.values() if (root := self.root(part)) is not None), None)


def _transitional(match: re.Match[bytes]) -> bytes:
    year = b"wordprocessingml/2006" if match[1] == b"wordprocessingml" else b"officeDocument/2006"
    return b"http://schemas.openxmlformats.org/" + year + b"/" + match[2]


def value(element: Element | None, name: str) -> str | None:
    """What an element's ``w:name`` child has as its value: ``pPr, "pStyle" -> "Heading1"``; None without one."""
    found = element.find(W + name) if element is not None else None
    return None if found is None else found.get(f"{W}val")


def number(element: Element | None, name: str) -> int | None:
    """The same as a number; None where it is none."""
    said = value(element, name) or ""
    return int(said) if re.fullmatch(r"-?\d{1,9}", said) else None


def switch(element: Element | None, name: str) -> bool | None:
    """Is a property such as ``w:vanish`` on? None where nothing says."""
    found = element.find(W + name) if element is not None else None
    return None if found is None else found.get(f"{W}val", "true") not in ("0", "false", "off", "none")


def within(element: Element) -> Iterator[Element]:
    """The children, with those of content controls and other wrappers in their place; of alternatives the first.

    Left out are deleted and moved-away ones, tables of contents, and words that only ask to be replaced.
    """
    for child in element:
        if child.tag in _WRAPPERS:
            yield from within(child)
        elif child.tag == f"{W}sdt":
            content = child.find(f"{W}sdtContent")
            if content is not None and not _is_placeholder(child.find(f"{W}sdtPr")):
                yield from within(content)
        elif child.tag == f"{MC}AlternateContent":
            yield from within(_alternative(child))
        elif child.tag not in _GONE:
            yield child


_WRAPPERS = frozenset(W + name for name in ("ins", "moveTo", "smartTag", "customXml", "dir", "bdo", "hyperlink"))
_GONE = frozenset(W + name for name in ("del", "moveFrom"))


def _is_placeholder(properties: Element | None) -> bool:
    if properties is None:
        return False
    gallery = value(properties.find(f"{W}docPartObj"), "docPartGallery") or ""
    return gallery == "Table of Contents" or switch(properties, "showingPlcHdr") is True


def _alternative(element: Element) -> Element:
    """What a new Word shows of an AlternateContent: its first choice that holds anything, else the fall-back."""
    return next((choice for choice in element if len(choice)), element)
