"""EPUB -> Markdown: the documents of a book in their reading order, without its cover and contents."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping, Sequence
from html.entities import html5
from typing import Any
from urllib.parse import unquote

from ingest.web.about import date_of
from ingest.web.html import parse
from ingest.web.main import is_list_of_links, take_out_hidden
from ingest.web.markdown import markdown, words_of
from ingest.written import Unreadable, Written, broken
from records import Told

#: The documents of a book unpack to no more bytes than this.
_LARGEST = 200 * 2**20
#: Fonts may be scrambled by these and the words still be open.
_FONT_SCRAMBLING = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
#: Kinds of documents (``epub:type`` or the guide's ``type``) that are no part of what the book says.
_FRONT = frozenset(("toc", "cover", "landmarks", "page-list", "titlepage", "title-page", "index"))
#: What is taken from a book's metadata, besides its date.
_SAID = ("title", "publisher", "creator", "language", "source")
_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
#: ``&nbsp;``: an entity of HTML, that XML does not know; not ``&amp;``
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)(\w+;)")


def read_epub(data: bytes, name: str) -> Written:
    """The report in an EPUB book. Raises Unreadable: protected, too large, a broken file."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(archive, name)
    except Unreadable:
        raise
    except Exception as error:  # zip, XML and missing parts alike
        raise broken(name, "EPUB", error) from error


def _read(archive: zipfile.ZipFile, name: str) -> Written:
    container = _xml(_unpacked(archive, ["META-INF/container.xml"], name)[0])
    place = next((part.get("full-path", "") for part in container.iter("rootfile")), "")
    package = _xml(_unpacked(archive, [place], name)[0])
    paths = _documents(package, posixpath.dirname(place))
    _refuse_locked(archive, paths, name)
    present = set(archive.namelist())
    missing = [path for path in paths if path not in present]
    texts = map(_document, _unpacked(archive, [path for path in paths if path in present], name))
    left_out = tuple(
        Told(f"{path} is listed in the book and missing from the file", f"书里列出的 {path} 不在文件里")
        for path in missing
    )
    return Written("\n".join(filter(None, texts)), about=_about(package), left_out=left_out)


def _unpacked(archive: zipfile.ZipFile, paths: Sequence[str], name: str) -> list[bytes]:
    """The files at these paths. Raises Unreadable when they are too large, before any is unpacked."""
    size = sum(archive.getinfo(path).file_size for path in paths)
    if size > _LARGEST:
        raise Unreadable(
            name,
            Told(
                f"its text unpacks to {size / 2**20:,.0f} MiB, of which {_LARGEST // 2**20} MiB are read at most. "
                "Save it in parts.",
                f"正文解压后有 {size / 2**20:,.0f} MiB，最多能读 {_LARGEST // 2**20} MiB。请分成几份保存。",
            ),
        )
    return [archive.read(path) for path in paths]


def _documents(package: Any, folder: str) -> list[str]:
    """The paths of the documents in reading order, without the cover and the contents."""
    files = {item.get("id"): item for item in package.iter("item")}
    marked = [part for part in package.iter("reference") if part.get("type", "").lower() in _FRONT]
    skipped = {_path(folder, part.get("href", "")) for part in marked}
    read = [files[part.get("idref")] for part in package.iter("itemref") if part.get("idref") in files]
    read = [item for item in read if "html" in item.get("media-type", "") and "nav" not in item.get("properties", "")]
    paths = dict.fromkeys(_path(folder, item.get("href", "")) for item in read)
    return [path for path in paths if path not in skipped]


def _refuse_locked(archive: zipfile.ZipFile, paths: Sequence[str], name: str) -> None:
    """Raises Unreadable when documents are encrypted; fonts may be."""
    if "META-INF/encryption.xml" not in archive.namelist():
        return
    for part in _xml(_unpacked(archive, ["META-INF/encryption.xml"], name)[0]).iter("EncryptedData"):
        method = next((found.get("Algorithm") for found in part.iter("EncryptionMethod")), "")
        locked = {unquote(found.get("URI", "")) for found in part.iter("CipherReference")}
        if method not in _FONT_SCRAMBLING and not locked.isdisjoint(paths):
            raise Unreadable(
                name,
                Told(
                    "is locked by copy protection (DRM). Put a copy without it here.",
                    "有版权保护（DRM），读不了。请换成没有保护的副本。",
                ),
            )


def _path(folder: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))


def _document(data: bytes) -> str:
    """A document of the book as Markdown; "" for covers, contents and lists of links."""
    root = _xhtml(data)
    body = root if root.tag == "body" else root.find(".//body")
    if body is None or _FRONT.intersection((_kind(body) or _kind(next(iter(body), None))).split()):
        return ""
    take_out_hidden(body)
    return "" if is_list_of_links(body) else markdown(body)


def _kind(element: Any) -> str:
    return "" if element is None else element.get(_EPUB_TYPE) or element.get("epub:type") or ""


def _xhtml(data: bytes) -> Any:
    """The root of a document: as the XML it should be, else as any page."""
    from lxml import etree

    text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig", "replace")
    try:
        return _xml(_ENTITY.sub(lambda entity: html5.get(entity[1], entity[0]), text).encode())
    except etree.XMLSyntaxError:
        return parse(text)[0]


def _xml(data: bytes) -> Any:
    """The root of an XML file, the names of its elements without their namespaces; nothing is fetched or expanded."""
    from lxml import etree

    data = re.sub(rb"\A\s*<\?xml[^>]*\?>", b"", data.removeprefix(b"\xef\xbb\xbf"), count=1)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True, huge_tree=False
    )
    root = etree.fromstring(data, parser)
    for element in root.iter(etree.Element):
        element.tag = etree.QName(element).localname
    return root


def _about(package: Any) -> Mapping[str, str]:
    """What the package says of the book: title, publisher, date, language and address."""
    metadata = next(package.iter("metadata"), package)
    said = {name: [words for part in metadata.iter(name) if (words := words_of(part))] for name in _SAID}
    dates = [part for part in metadata.iter("date") if _event(part) in ("", "publication")]
    dates.sort(key=lambda part: _event(part) != "publication")
    about = {
        "title": said["title"][0] if said["title"] else "",
        "publisher": said["publisher"][0] if said["publisher"] else ", ".join(said["creator"][:5]),
        "published": next((date for part in dates if (date := date_of(words_of(part)))), ""),
        "language": said["language"][0] if said["language"] else "",
        "source": next((source for source in said["source"] if source.startswith(("http://", "https://"))), ""),
    }
    return {key: value for key, value in about.items() if value}


def _event(date: Any) -> str:
    return str(date.get("{http://www.idpf.org/2007/opf}event", ""))
