"""Lines of JSON in and out; bad lines are named and the rest goes on."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterable, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from records import Turn


def read_lines(path: Path, wanted: Sequence[str]) -> tuple[list[dict[str, Any]], list[str]]:
    """The JSON objects of a file that have the fields ``wanted``, and a sentence for each line that has not.

    Raises ValueError with a sentence for what cannot be read.
    """
    wanted_file = "Give a file with one JSON object a line."
    try:
        data = path.read_bytes() if path.is_file() else None  # a device may have no end
    except OSError as error:
        raise ValueError(f"{path} cannot be read ({error.strerror}). {wanted_file}") from None
    if data is None:
        raise ValueError(f"{path} is no file. {wanted_file}")
    rows: list[dict[str, Any]] = []
    problems: list[str] = []
    text = data.decode("utf-8-sig", errors="replace")
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        fault = ""
        try:
            row = json.loads(line, parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            fault = f"is not JSON ({error})"
        else:
            fault = _fault(row, wanted)
        if fault:
            problems.append(f"{path} line {number} {fault}; skipped. It should have {', '.join(wanted)}.")
        else:
            rows.append(row)
    return rows, problems


def _no_number(name: str) -> None:
    """JSON has no NaN and no Infinity, and what is written of them could not be read by others."""
    raise ValueError(f"{name} is no number")


def half_of(text: str) -> str:
    """The first half of a character, which JSON and a command line can carry and nothing else: ``U+D83D``; "": none."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return f"U+{ord(text[error.start]):04X}"
    return ""


def _fault(row: object, wanted: Sequence[str]) -> str:
    if not isinstance(row, dict):
        return "is not an object"
    if half := half_of(json.dumps(row, ensure_ascii=False)):
        return f"has half a character ({half})"
    missing = [name for name in wanted if name not in row]
    if missing:
        return f"has no {missing[0]!r}"
    wrong = [name for name in wanted if name != "id" and not (isinstance(row[name], str) and row[name].strip())]
    wrong += ["id"] if isinstance(row.get("id"), (dict, list)) else []
    return f"has an empty or strange {wrong[0]!r}" if wrong else ""


def write_lines(path: Path | None, rows: Iterable[dict[str, Any]]) -> None:
    """Writes one JSON object a line, as they come; to stdout without a path. A file appears whole or not at all.

    A pipe or a device is written to as it is, and a link keeps leading where it led. Raises ValueError before the first
    row is asked for where nothing can be written.
    """
    if path is None:
        for row in rows:
            print(json.dumps(row, ensure_ascii=False), flush=True)
        return
    try:
        target = Path(os.path.realpath(path))
        is_file = target.is_file() or not path.exists()
        beside = target.with_name(target.name + ".part") if is_file else path
        beside.parent.mkdir(parents=True, exist_ok=True)
        out = beside.open("w", encoding="utf-8")
    except OSError as error:
        raise ValueError(f"{path} cannot be written ({error.strerror}). Give --out the path of a file.") from None
    with out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            out.flush()
    if is_file:
        os.replace(beside, target)
    print(f"wrote {path}", file=sys.stderr)


def earlier_turns(row: dict[str, Any]) -> list[Turn]:
    """The row's ``history``: a list of {"question", "answer"?}, or of plain questions, oldest first.

    Raises ValueError for any other.
    """
    turns = row.get("history") or []
    if not isinstance(turns, list):
        raise ValueError("has a 'history' that is no list")
    found = []
    for turn in turns:
        if isinstance(turn, str):
            found.append(Turn(turn))
        elif isinstance(turn, dict) and isinstance(turn.get("question"), str):
            found.append(Turn(turn["question"], str(turn.get("answer") or "")))
        else:
            raise ValueError('has a \'history\' whose turns should be {"question", "answer"}')
    return found


def end_with_the_reader() -> None:
    """Lets a command end in silence when what reads its output does (``| head``), where the system knows of it.

    What the reader's terminal has no character for is written as its number: ``\\u6e2f``.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
