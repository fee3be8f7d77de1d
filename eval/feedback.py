"""What readers said of answers, and questions of it: ``python -m eval feedback`` lists, ``--take ID`` writes.

An answer that was found good brings its facts and evidence; of any other a person has to fill them in. Read each as you
would a draft, then set ``"confirmed": true``.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

from answer.feedback import Feedback, FeedbackFile
from index.batch import write_lines
from index.commands import Parser
from settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Lists or writes; 0 when it went well, 1 with a sentence on stderr when not."""
    parser = Parser(prog="python -m eval feedback", description="What readers said of answers, and questions of it")
    parser.add_argument("--file", type=Path, metavar="FILE", help="where it is kept (default: as the settings say)")
    parser.add_argument("--take", nargs="+", metavar="ID", help="write these as questions; all: all of them")
    parser.add_argument("--out", type=Path, metavar="FILE", help="the JSONL file to write")
    chosen = parser.parse_args(arguments)
    if bool(chosen.take) != bool(chosen.out):
        print("Give --take and --out together: which to write, and where.", file=sys.stderr)
        return 1
    try:
        kept = chosen.file or Path(Settings.read(os.environ).feedback or os.devnull)
        said = _read(kept)
        taken = _taken(said, chosen.take) if chosen.take else []
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    if not chosen.take:
        print(listing(said) or f"Nobody has said anything of an answer yet: {kept} holds nothing.")
        return 0
    if chosen.out.exists():
        print(f"{chosen.out} exists. Name another file, or your confirmed questions would be lost.", file=sys.stderr)
        return 1
    write_lines(chosen.out, map(question, taken))
    return 0


def listing(said: Sequence[Feedback]) -> str:
    """A line for each, the latest last: ``3f9a1c20d4e5b6a7  2026-11-29 07:10  bad   unsure  How many? -- too old``."""
    lines = []
    for one in said:
        note = f" -- {one.note}" if one.note else ""
        time = one.time[:16].replace("T", " ")
        line = f"{one.id}  {time}  {'good' if one.good else 'bad':4}  {one.certainty:6}  {one.question}{note}"
        lines.append("".join(c if c.isprintable() else " " for c in line))
    return "\n".join(lines)


def question(said: Feedback) -> dict[str, object]:
    """A line of a questions file that nobody has confirmed; what was said and answered comes along under ``said``."""
    cited = said.cited if said.good else ()
    facts = dict.fromkeys(one.words or one.quote for one in cited)
    paths = dict.fromkeys(one.path for one in (said.cited or said.nearest) if one.path)
    return {
        "id": f"feedback-{said.id}",
        "language": said.language,
        "kind": "feedback",
        "question": said.understood,
        "answerable": said.certainty != "none" or not said.good,
        "facts": [[fact] for fact in facts],
        "evidence": [{"report": one.path, "quote": one.quote} for one in cited],
        "reports": list(paths),
        "confirmed": False,
        "said": {"good": said.good, "note": said.note, "certainty": said.certainty, "answer": said.answer},
    }


def _read(path: Path) -> list[Feedback]:
    """What the file holds. Raises ValueError where it cannot be read."""
    try:
        return FeedbackFile(path).all()
    except sqlite3.Error as error:
        raise ValueError(f"{path} cannot be read ({error}). Name the file of feedback with --file.") from error


def _taken(said: Sequence[Feedback], ids: Sequence[str]) -> list[Feedback]:
    """Those with these ids, in their order. Raises ValueError for one that nobody has."""
    known = {one.id for one in said}
    for id_ in ids:
        if id_ != "all" and id_ not in known:
            raise ValueError(f"No feedback has the id {id_}. `python -m eval feedback` lists them.")
    return [one for one in said if one.id in ids or "all" in ids]
