"""An index saved as one file and put back from it; what can be made anew from that is left out and made anew."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from index.generation import KEYWORDS, LOCK, STORE, Built, Busy, build, open_store
from index.store import FORMAT
from settings import Settings


def backup(settings: Settings, file: Path) -> None:
    """Saves the current index, also while it is asked and built: all of it in ``file``, or nothing.

    Raises NoIndex, and ValueError where nothing can be written. The reports themselves are in their folder; save that
    beside it.
    """
    open_store(settings).close()
    try:
        _save(settings, file)
    except OSError as error:
        raise ValueError(f"{file} cannot be written ({error.strerror}). Give the path of a file.") from None


def _save(settings: Settings, file: Path) -> None:
    """Raises OSError where the file cannot be written; nothing takes the place of a folder or a device."""
    file = Path(os.path.realpath(file))
    if file.exists() and not file.is_file():
        raise OSError(errno.EINVAL, "it is no file")
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
        copy = Path(folder) / file.name
        with closing(sqlite3.connect(settings.index / STORE)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
            target.execute("pragma journal_mode=delete")
        with copy.open("rb") as written:
            os.fsync(written.fileno())
        copy.replace(file)


def restore(settings: Settings, file: Path) -> Built:
    """Puts the saved index in the place of what is there, and makes it follow the folder of reports.

    Raises ValueError for a file that is no such index, whatever is there then staying as it is; Busy, and what
    ``build`` raises. A running server keeps the old one until it is started again.
    """
    _check(file)
    settings.index.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(settings.index / LOCK, timeout=1), tempfile.TemporaryDirectory(dir=settings.index) as folder:
            copy = Path(shutil.copy(file, Path(folder) / STORE))
            with copy.open("rb") as written:
                os.fsync(written.fileno())
            # the log of the old file would be read as the new one's
            for ending in ("-wal", "-shm"):
                (settings.index / f"{STORE}{ending}").unlink(missing_ok=True)
            copy.replace(settings.index / STORE)
            for derived in (settings.index / KEYWORDS, *settings.index.glob("segment-*")):
                shutil.rmtree(derived, ignore_errors=True)
    except Timeout:
        raise Busy(f"A build of {settings.index} is running. Wait for it to end.") from None
    with open_store(settings) as store:
        model = store.meta("model")
    # on the model that it was made on: with another one, all of it would be made anew
    return build(replace(settings, model=model or settings.model))


def _check(file: Path) -> None:
    """Raises ValueError where a file is no whole index of this form."""
    fault = "it is not there"
    if file.is_file():
        try:
            with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as saved:
                found = saved.execute("pragma user_version").fetchone()[0]
                fault = "" if found == FORMAT else f"its form is {found}, and this version reads {FORMAT}"
                if not fault and saved.execute("pragma quick_check").fetchone()[0] != "ok":
                    fault = "it is damaged"
        except sqlite3.DatabaseError as error:
            fault = str(error)
    if fault:
        raise ValueError(f"{file} is no saved index: {fault}. Give a file that `python -m index backup FILE` made.")
