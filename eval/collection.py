"""What the questions are asked of: the sample reports in an index of their own, and the day they are asked on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from unittest.mock import patch

from index.generation import build
from settings import ROOT, Settings

#: Where the reports lie that the questions are about.
FOLDERS = (ROOT / "reports", ROOT / "eval" / "reports")
#: The day of every question: what "last year" means may not depend on when the suite runs.
DAY = date(2025, 12, 31)


def collected(settings: Settings, folders: tuple[Path, ...] = FOLDERS, under: Path = ROOT / "var") -> Settings:
    """The settings with an index of all reports of the folders, built or brought up to date below ``under``.

    Raises ValueError where two reports have the same path, and what building raises.
    """
    reports = under / "eval-reports"
    gather(folders, reports)
    settings = replace(settings, reports=reports, index=under / "eval-index")
    build(settings, yes=True)  # the folder is gathered whole: what is gone from it is gone
    return settings


def gather(folders: tuple[Path, ...], into: Path) -> None:
    """Makes ``into`` hold the files of the folders and nothing else; what did not change is left as it is."""
    files: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(".")):
            name = path.relative_to(folder).as_posix()
            if name in files:
                raise ValueError(f"{path} and {files[name]} have the same path. Rename one, so that each can be cited.")
            files[name] = path
    into.mkdir(parents=True, exist_ok=True)
    for path in [p for p in into.rglob("*") if p.is_file()]:
        if path.relative_to(into).as_posix() not in files:
            path.unlink()
    for name, path in files.items():
        copy = into / name
        if not copy.is_file() or copy.read_bytes() != path.read_bytes():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


@contextmanager
def on_the_day(day: date = DAY) -> Iterator[None]:
    """Questions asked inside are asked on that day, as the assistant and search see it."""

    class Day(date):
        @classmethod
        def today(cls) -> Day:
            return cls(day.year, day.month, day.day)

    with patch("answer.assistant.date", Day), patch("index.search.date", Day):
        yield
