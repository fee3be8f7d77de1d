"""A file that is hard on its reader costs itself alone: real processes, whose reader may do what the file says."""

import io
import os
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest import bounded
from ingest.bounded import GivenUp, Limits, Readers
from ingest.pdf import recognize
from ingest.read import Unreadable
from records import Report, told

#: A reading process whose reader does what the file says.
_OBEDIENT = """
import json, os, signal, sys, time
from pathlib import Path
import ingest.read
from ingest import bounded
read = ingest.read.read
def obey(path, root):
    exec(path.read_text("utf-8"), globals())
    return read(path, root)
ingest.read.read = obey
bounded.serve(Path(sys.argv[1]), bounded.Limits(**json.loads(sys.argv[2])))
"""
#: Enough for a small file, little enough for a test.
_TIGHT = Limits(memory=1_000_000_000, seconds=6.0)


@pytest.fixture
def obedient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "COMMAND", (sys.executable, "-c", _OBEDIENT))


def write(folder: Path, **texts: str) -> list[Path]:
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, "utf-8")
    return [folder / f"{name}.md" for name in texts]


def said(found: Iterator[Report | Unreadable]) -> list[str]:
    """The text of each report, or why there is none."""
    return [one.text if isinstance(one, Report) else str(one) for one in found]


def test_a_report_comes_back_as_it_was_read(tmp_path: Path, pdf: Callable[..., bytes]) -> None:
    (tmp_path / "子").mkdir()
    text = "---\ntitle: 港口年报\npublished: 2024-05\n---\n\n吞吐量为 5 万吨。\u2028\n"
    (tmp_path / "子" / "港口.md").write_text(text, "utf-8")
    report = bounded.read(tmp_path / "子" / "港口.md", tmp_path)
    assert (report.path, report.title, report.published, report.text) == ("子/港口.md", "港口年报", "2024-05", text)
    pages = [[(72, 700, 12, "The first quay opened.")], [(72, 700, 12, "The second quay followed.")]]
    (tmp_path / "quays.pdf").write_bytes(pdf(pages))
    report = bounded.read(tmp_path / "quays.pdf", tmp_path)
    assert report.text[report.pages[1] :].strip() == "The second quay followed."


def test_a_file_whose_name_is_not_text_is_read(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xb8\xdb.md")
    path.write_text("Text.", "utf-8")
    assert bounded.read(path, tmp_path).text == "Text."


@pytest.mark.usefixtures("obedient")
def test_what_befalls_one_file_leaves_the_others_alone(tmp_path: Path) -> None:
    paths = write(
        tmp_path,
        a="A = 1",
        hangs="while True: pass",
        b="B = 1",
        crashes="os.kill(os.getpid(), signal.SIGSEGV)",
        leaves="os._exit(3)",
        swells="bytearray(5_000_000_000)",
        fails="1 / 0",
        deep="def f(): f()\nf()",
        quits="sys.exit('no')",
        talks="print('{}', flush=True)",
        z="Z = 1",
    )
    with Readers(tmp_path, 2, _TIGHT) as readers:
        found = dict(zip([path.stem for path in paths], said(readers.read(paths)), strict=True))
    assert [found[name] for name in ("a", "b", "z")] == ["A = 1", "B = 1", "Z = 1"]
    assert found["talks"] == "print('{}', flush=True)"
    assert found["hangs"] == "hangs.md: reading it takes longer than 6 s. Split it into smaller files."
    assert found["swells"] == "swells.md: reading it takes more than 1 GB of memory. Split it into smaller files."
    assert found["crashes"].startswith("crashes.md: its reader crashed (SIGSEGV). Save it again in its program, or as")
    assert found["leaves"].startswith("leaves.md: its reader crashed (exit code 3).")
    assert found["fails"].startswith("fails.md: its reader failed (ZeroDivisionError: division by zero).")
    assert found["deep"].startswith("deep.md: its reader failed (RecursionError:")
    assert found["quits"].startswith("quits.md: its reader failed (SystemExit: no).")


@pytest.mark.usefixtures("obedient")
def test_memory_that_earlier_files_left_in_a_process_is_not_held_against_a_file(tmp_path: Path) -> None:
    leak = "sys.kept = getattr(sys, 'kept', []) + [bytearray(400_000_000)]"
    with Readers(tmp_path, 1, _TIGHT) as readers:
        assert said(readers.read(write(tmp_path, a=leak, b=leak, c=leak))) == [leak] * 3


def test_a_file_that_unpacks_to_more_than_there_is_room_for(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("word/document.xml", b" " * 600_000_000)
    (tmp_path / "bomb.docx").write_bytes(packed.getvalue())
    write(tmp_path, after="The build goes on.")
    with Readers(tmp_path, 1, Limits(memory=500_000_000)) as readers:
        bomb, after = said(readers.read([tmp_path / "bomb.docx", tmp_path / "after.md"]))
    assert bomb.startswith("bomb.docx: ")
    assert after == "The build goes on."


@pytest.mark.parametrize(
    ("limits", "fault"),
    [
        (Limits(bytes=10), r"report\.pdf: has [\d,]+ bytes; 10 can be read\. Split it into smaller files\."),
        (Limits(pages=1), r"report\.pdf: has 2 pages; 1 can be read\."),
        (Limits(characters=4), r"report\.pdf: has \d+ characters; 4 can be read\."),
    ],
)
def test_what_is_too_large_is_named_with_its_size(
    tmp_path: Path, pdf: Callable[..., bytes], limits: Limits, fault: str
) -> None:
    (tmp_path / "report.pdf").write_bytes(pdf([[(72, 700, 12, "First page.")], [(72, 700, 12, "Second page.")]]))
    with pytest.raises(Unreadable, match=fault):
        bounded.read(tmp_path / "report.pdf", tmp_path, limits)


def test_time_grows_with_the_file_up_to_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = Limits(seconds=60, seconds_a_megabyte=5, most_seconds=600, scanned=10)
    for name, size in (("small.md", 0), ("large.md", 2_000_000), ("largest.md", 10**9), ("scanned.PDF", 0)):
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)
    monkeypatch.setattr(recognize, "is_there", lambda: True)
    names = ("small.md", "large.md", "largest.md", "scanned.PDF", "gone.md")
    assert [limits.time(tmp_path / name) for name in names] == [60, 70, 600, 600, 60]
    monkeypatch.setattr(recognize, "is_there", lambda: False)
    assert limits.time(tmp_path / "scanned.PDF") == 60


@pytest.mark.usefixtures("obedient")
def test_leaving_ends_a_reader_in_the_midst_of_a_file(tmp_path: Path) -> None:
    begun = time.monotonic()
    with Readers(tmp_path) as readers:
        readers.read(write(tmp_path, slow="time.sleep(50)", waits="B = 1"))
        time.sleep(0.5)
    assert time.monotonic() - begun < 20


@pytest.mark.usefixtures("obedient")
def test_half_a_character_is_replaced_and_nothing_moves(tmp_path: Path) -> None:
    fields = "text='a\\ud83db', title='\\udc00', left_out=(Told('x\\ud83d', '叉\\ud83d'),)"
    half = (
        f"from dataclasses import replace; from records import Told; read = lambda p, r: replace(real(p, r), {fields})"
    )
    (path,) = write(tmp_path, half=f"real = read; {half}")
    report = bounded.read(path, tmp_path)
    assert (report.text, report.title, report.left_out) == ("a\ufffdb", "\ufffd", ("x\ufffd",))
    assert told(report.left_out[0]).chinese == "叉\ufffd"


def test_what_is_no_report_is_said_as_by_its_reader(tmp_path: Path) -> None:
    (tmp_path / "empty.md").touch()
    with pytest.raises(Unreadable, match=r"empty\.md: the file is empty") as caught:
        bounded.read(tmp_path / "empty.md", tmp_path)
    assert not isinstance(caught.value, GivenUp)
