"""The shipped reader: what it reads stays on this machine, and what it reads it understands in other words."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from answer.reader import Excerpt, Reader, load_reader
from settings import ROOT, Settings
from text.sentences import quotable

TEXT = (
    "Ellery Tram carried 4.1 million passengers in 2024. Drivers walked out for nine days in March over rosters. "
    "The depot at Quill Street closed in October. Fares rose by six per cent."
)


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ("how long were they on strike?", "nine days"),
        ("罢工闹了几天", "nine days"),
        ("一年拉了多少人", "4.1 million"),
    ],
)
def test_it_finds_the_sentence_that_answers_in_other_words(question: str, answers: str) -> None:
    reader = load_reader(Settings().reader)
    spans = tuple(quotable(TEXT, 0, len(TEXT)))
    (reading,) = reader.read(question, [Excerpt(TEXT, "Ellery Tram annual report 2024", spans)])
    start, end = spans[max(range(len(spans)), key=lambda place: reading.odds[place])]
    assert answers in TEXT[start:end]


def test_loading_and_reading_leave_no_trace_beside_the_project(tmp_path: Path) -> None:
    """The runtime's own reports to its maker begin with an id that it writes into the home folder."""
    own = {key: value for key, value in os.environ.items() if key not in ("ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME")}
    code = f"from answer.reader import load_reader; load_reader({Settings().reader!r}).judge('a', 'b')"
    subprocess.run([sys.executable, "-c", code], env={**own, "HOME": str(tmp_path)}, cwd=ROOT, check=True, timeout=120)
    assert list(tmp_path.rglob("*")) == []
    assert isinstance(load_reader(Settings().reader), Reader)
