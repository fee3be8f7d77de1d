"""What an LLM is told: one file per prompt and language, ``NAME.LANGUAGE.md``."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parent


class MissingPrompt(LookupError):
    """There is no such prompt; the message names the file that is missing and those that are there."""


def load(name: str, language: str) -> str:
    """The text of ``prompts/NAME.LANGUAGE.md``, without surrounding blanks.

    Raises MissingPrompt if there is no such file, or nothing in it.
    """
    path = FOLDER / f"{name}.{language}.md"
    there = {known.name: known for known in sorted(FOLDER.glob("*.md"))}
    text = there[path.name].read_text(encoding="utf-8").strip() if path.name in there else ""
    if not text:
        missing = "is empty" if path.name in there else "is missing"
        raise MissingPrompt(f"prompts/{path.name} {missing}. The folder has {', '.join(there) or 'no prompts'}.")
    return text
