"""Lines of JSON in and out; bad lines are named and the rest goes on."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from records import Turn


def read_lines(path: Path, wanted: Sequence[str]) -> tuple[list[dict[str, Any]], list[str]]:
    """The JSON objects of a file that have the fields ``wanted``, and a sentence for each line that has not.

    Raises FileNotFoundError with a sentence.
    """
    if not path.is_file():
        raise FileNotFoundError(f"{path} is no file. Give a file with one JSON object a line.")
    rows: list[dict[str, Any]] = []
    problems: list[str] = []
    text = path.read_bytes().decode("utf-8-sig", errors="replace")
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        fault = ""
        try:
            row = json.loads(line)
        except ValueError as error:
            fault = f"is not JSON ({error})"
        else:
            fault = _fault(row, wanted)
        if fault:
            problems.append(f"{path} line {number} {fault}; skipped. It should have {', '.join(wanted)}.")
        else:
            rows.append(row)
    return rows, problems


def _fault(row: object, wanted: Sequence[str]) -> str:
    if not isinstance(row, dict):
        return "is not an object"
    missing = [name for name in wanted if name not in row]
    if missing:
        return f"has no {missing[0]!r}"
    wrong = [name for name in wanted if name != "id" and not (isinstance(row[name], str) and row[name].strip())]
    return f"has an empty or strange {wrong[0]!r}" if wrong else ""


def write_lines(path: Path | None, rows: Iterable[dict[str, Any]]) -> None:
    """Writes one JSON object a line, as they come; to stdout without a path. A file appears whole or not at all; a
    device or pipe is written into, never replaced.
    """
    if path is None:
        for row in rows:
            print(json.dumps(row, ensure_ascii=False), flush=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = path.is_file() or not path.exists()
    beside = path.with_name(path.name + ".part") if whole else path
    with beside.open("w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            out.flush()
    if whole:
        os.replace(beside, path)
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
    """Lets a command end in silence when what reads its output does (``| head``), where the system knows of it."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
