"""Batches: what is written, and where."""

import os
import threading
from pathlib import Path

from index.batch import write_lines


def test_a_file_appears_whole(tmp_path: Path) -> None:
    out = tmp_path / "new" / "answers.jsonl"
    write_lines(out, [{"a": "一"}, {"a": 2}])
    assert out.read_text("utf-8") == '{"a": "一"}\n{"a": 2}\n'
    assert [path.name for path in out.parent.iterdir()] == ["answers.jsonl"]


def test_what_is_no_file_is_written_into_and_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text("utf-8")))
    reader.start()
    write_lines(pipe, [{"a": 1}])
    reader.join(10)
    assert read == ['{"a": 1}\n']
    assert pipe.is_fifo()
