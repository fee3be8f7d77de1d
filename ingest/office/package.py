"""What every Office file is asked before it is unpacked: is it whole, open, and no larger than memory allows?"""

from __future__ import annotations

import io
import zipfile

from ingest.written import Unreadable, broken
from records import Told

#: The most bytes that the parts of a file may have together, unpacked.
_MOST_BYTES = 200 * 2**20
#: How a file with a password begins, and one of the formats before 2007.
_OLE = b"\xd0\xcf\x11\xe0"


def opened(data: bytes, name: str, kind: str) -> zipfile.ZipFile:
    """The parts of an Office file; ``kind`` is how its ending is written: ``XLSX``. Raises Unreadable."""
    if data.startswith(_OLE):
        raise Unreadable(
            name,
            Told(
                "is protected by a password or in a format from before 2007. "
                f"Save it as .{kind.lower()} without a password.",
                f"有密码保护，或者是 2007 年以前的格式。请存成不带密码的 .{kind.lower()}。",
            ),
        )
    try:
        parts = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise broken(name, kind, error) from error
    size = sum(part.file_size for part in parts.infolist())
    if size > _MOST_BYTES:
        raise Unreadable(
            name,
            Told(
                f"would be {size // 2**20} MiB when unpacked, more than the {_MOST_BYTES // 2**20} MiB that "
                "are read. Split it into smaller files.",
                f"解压后有 {size // 2**20} MiB，最多能读 {_MOST_BYTES // 2**20} MiB。请拆成几个小一些的文件。",
            ),
        )
    return parts
