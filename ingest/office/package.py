"""What every Office file is asked before it is unpacked: is it whole, open, and no larger than memory allows?"""

from __future__ import annotations

import io
import zipfile

from ingest.written import Unreadable

#: The most bytes that the parts of a file may have together, unpacked.
_MOST_BYTES = 200 * 2**20
#: How a file with a password begins, and one of the formats before 2007.
_OLE = b"\xd0\xcf\x11\xe0"


def opened(data: bytes, name: str, kind: str) -> zipfile.ZipFile:
    """The parts of an Office file; ``kind`` is how its ending is written: ``XLSX``. Raises Unreadable."""
    if data.startswith(_OLE):
        raise Unreadable(
            f"{name}: is protected by a password or in a format from before 2007. "
            f"Save it as .{kind.lower()} without a password."
        )
    try:
        parts = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise broken(name, kind, error) from error
    size = sum(part.file_size for part in parts.infolist())
    if size > _MOST_BYTES:
        raise Unreadable(
            f"{name}: would be {size // 2**20} MiB when unpacked, more than the {_MOST_BYTES // 2**20} MiB that "
            "are read. Split it into smaller files."
        )
    return parts


def broken(name: str, kind: str, error: Exception) -> Unreadable:
    """What is said of a file that cannot be read to its end."""
    return Unreadable(f"{name}: is no whole {kind} file ({error}). Open it in its program and save it again.")
