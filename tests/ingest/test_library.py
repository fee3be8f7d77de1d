import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from ingest import library
from ingest.bounded import GivenUp, Readers
from ingest.library import Scan, files, read_new, scan
from ingest.written import Unreadable
from records import Report, Told


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text)


def known(folder: Path) -> dict[str, str]:
    return scan(folder).digests


def reports(folder: Path, found: Scan) -> list[tuple[str, str]]:
    """The paths and texts of what is new."""
    return [(report.path, report.text) for report in read_new(folder, found)]


def test_new_changed_unchanged_and_gone(tmp_path: Path) -> None:
    write(tmp_path, a="A.", b="B.", c="C.")
    before = known(tmp_path)
    write(tmp_path, b="B, changed.", d="D.")
    (tmp_path / "c.md").unlink()
    found = scan(tmp_path, before)
    assert reports(tmp_path, found) == [("b.md", "B, changed."), ("d.md", "D.")]
    assert (found.unchanged, found.gone, found.lost) == (["a.md"], ["c.md"], ["c.md"])
    assert (found.twice, found.problems) == ([], [])


def test_unchanged_files_are_not_read(tmp_path: Path) -> None:
    write(tmp_path, a="A.")
    found = scan(tmp_path, known(tmp_path))
    assert (found.unchanged, reports(tmp_path, found)) == (["a.md"], [])


def test_the_same_content_counts_once_and_stays_where_it_was(tmp_path: Path) -> None:
    write(tmp_path, b="Same.", c="Same.")
    found = scan(tmp_path)
    assert (found.new, found.twice) == (["b.md"], [("c.md", "b.md")])
    write(tmp_path, a="Same.")
    again = scan(tmp_path, {"b.md": found.digests["b.md"]})
    assert (again.unchanged, again.new, again.twice) == (["b.md"], [], [("a.md", "b.md"), ("c.md", "b.md")])


def test_a_renamed_report_is_gone_and_added_with_the_same_id(tmp_path: Path) -> None:
    write(tmp_path, a="A.")
    (before,) = read_new(tmp_path, scan(tmp_path))
    (tmp_path / "a.md").rename(tmp_path / "z.md")
    found = scan(tmp_path, {"a.md": before.sha256})
    assert [(r.path, r.id) for r in read_new(tmp_path, found)] == [("z.md", before.id)]
    assert (found.gone, found.lost) == (["a.md"], [])


def test_bad_files_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    write(tmp_path, a="A.", broken="B.")
    before = known(tmp_path)
    (tmp_path / "broken.md").write_bytes(b"\0\1")
    (tmp_path / "x.pdf").write_bytes(b"%PDF")
    found = scan(tmp_path, before)
    assert reports(tmp_path, found) == []
    assert [problem.path for problem in found.problems] == ["broken.md", "x.pdf"]
    assert all(problem.reason.startswith(problem.path) for problem in found.problems)
    assert (found.unchanged, found.gone) == (["a.md"], [])


def test_hidden_and_temporary_files_and_loops_are_passed_over(tmp_path: Path) -> None:
    inner = tmp_path / "年度"
    inner.mkdir()
    (inner / "r.md").write_text("Text.")
    (inner / "loop").symlink_to(tmp_path)
    (tmp_path / ".git").mkdir()
    for name in (".git/x.md", ".hidden.md", "~$r.docx", "r.md.swp", "r.md~"):
        (tmp_path / name).write_text("no")
    found = scan(tmp_path)
    assert reports(tmp_path, found) == [("年度/r.md", "Text.")]
    assert found.problems == []


def test_a_name_in_another_encoding_is_a_problem_that_can_be_printed(tmp_path: Path) -> None:
    write(tmp_path, a="A.")
    (tmp_path / os.fsdecode("港口.md".encode("gb18030"))).write_text("Quays.")
    found = scan(tmp_path)
    assert reports(tmp_path, found) == [("a.md", "A.")]
    assert [problem.reason for problem in found.problems] == ["港口.md: its name is not in UTF-8. Rename it."]


def test_a_file_that_keeps_changing_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, a="A.")
    times, read = iter(range(100)), Readers.read

    def changing(readers: Readers, paths: Sequence[Path]) -> Iterator[Report | Unreadable]:
        for path in paths:
            path.write_text(f"A{next(times)}.")
        return read(readers, paths)

    monkeypatch.setattr(Readers, "read", changing)
    found = scan(tmp_path)
    assert reports(tmp_path, found) == []
    assert "changes while it is read" in found.problems[0].reason


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        scan(tmp_path / "nowhere")


def test_many_files_keep_their_order_and_their_faults(tmp_path: Path) -> None:
    """So many bytes that two processes read them."""
    write(tmp_path, **{f"{n:02}": f"Report {n}. " * 20_000 for n in range(40)})
    (tmp_path / "07.md").write_bytes(b"\0\1")
    found = scan(tmp_path)
    names, texts = zip(*reports(tmp_path, found), strict=True)
    assert list(names) == [f"{n:02}.md" for n in range(40) if n != 7]
    assert all(text == f"Report {int(name[:2])}. " * 20_000 for name, text in zip(names, texts, strict=True))
    assert [problem.path for problem in found.problems] == ["07.md"]


def test_what_was_given_up_once_is_not_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def giving_up(_: Readers, paths: Sequence[Path]) -> Iterator[Report | Unreadable]:
        tried.extend(path.name for path in paths)
        return iter([GivenUp(path.name, Told("takes too long.")) for path in paths])

    def problems() -> list[str]:
        found = scan(tmp_path)
        assert reports(tmp_path, found) == []
        return [problem.reason for problem in found.problems]

    monkeypatch.setattr(Readers, "read", giving_up)
    write(tmp_path, a="A.", heavy="Heavy.")
    assert problems() == problems() == ["a.md: takes too long.", "heavy.md: takes too long."]
    assert tried == ["a.md", "heavy.md"]
    write(tmp_path, heavy="Lighter.")
    problems()
    assert tried[2:] == ["heavy.md"]


@pytest.mark.parametrize("beside", ["a.toml", "a.md.toml"])
def test_a_change_of_what_stands_beside_a_report_is_a_change_of_the_report(tmp_path: Path, beside: str) -> None:
    write(tmp_path, a="A.", b="B.")
    first = scan(tmp_path)
    (tmp_path / beside).write_text('title = "Alpha"\n')
    second = scan(tmp_path, first.digests, first.stamps)
    assert (second.new, second.unchanged, second.gone) == (["a.md"], ["b.md"], [])
    assert scan(tmp_path, second.digests, second.stamps).unchanged == ["a.md", "b.md"]
    (tmp_path / beside).write_text('title = "Omega"\n')
    assert scan(tmp_path, second.digests, second.stamps).new == ["a.md"]
    (tmp_path / beside).unlink()
    assert scan(tmp_path, second.digests, second.stamps).new == ["a.md"]


def test_a_stamp_knows_what_stands_beside_a_report(tmp_path: Path) -> None:
    write(tmp_path, a="A.")
    (tmp_path / "a.toml").write_text('title = "Alpha"\n')
    for name in ("a.md", "a.toml"):
        os.utime(tmp_path / name, (1_700_000_000, 1_700_000_000))
    before = scan(tmp_path)
    os.utime(tmp_path / "a.toml", (1_700_000_001, 1_700_000_001))
    assert scan(tmp_path).stamps["a.md"] != before.stamps["a.md"]


def test_files_are_all_that_reports_depend_on(tmp_path: Path) -> None:
    write(tmp_path, a="A.")
    for name in ("a.toml", "a.md~", "b.txt"):
        (tmp_path / name).write_text("x = 1")
    assert sorted(name for name, _ in files(tmp_path)) == ["a.md", "a.toml", "b.txt"]


def test_a_table_of_settings_that_stands_beside_nothing_is_named(tmp_path: Path) -> None:
    write(tmp_path, a="A.")
    (tmp_path / "other.toml").write_text("x = 1\n")
    found = scan(tmp_path)
    assert reports(tmp_path, found) == [("a.md", "A.")]
    assert [problem.path for problem in found.problems] == ["other.toml"]


@pytest.mark.parametrize(
    ("closed", "place", "kept"),
    [("", "./", []), ("north", "north/", ["south/b.md"]), ("north/a.md", "north/a.md", ["south/b.md"])],
)
def test_what_cannot_be_opened_is_named_and_nothing_below_it_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closed: str, place: str, kept: list[str]
) -> None:
    for name in ("north/a.md", "south/b.md", "south/c.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"{name}.")
    before = known(tmp_path)
    (tmp_path / "south" / "c.md").unlink()
    list_, look = os.scandir, os.stat

    def closing(real: Callable[..., Any]) -> Callable[..., Any]:
        def called(path: Any, *rest: Any, **more: Any) -> Any:
            if os.fspath(path) == os.path.join(tmp_path, *closed.split("/")).rstrip("/"):
                raise PermissionError(13, "Permission denied", os.fspath(path))
            return real(path, *rest, **more)

        return called

    monkeypatch.setattr(os, "scandir", closing(list_))
    if closed.endswith(".md"):
        monkeypatch.setattr(os, "stat", closing(look))
    found = scan(tmp_path, before)
    assert [problem.path for problem in found.problems] == [place]
    assert "(Permission denied)" in found.problems[0].reason
    assert found.unchanged == kept
    assert found.gone == (["south/c.md"] if closed else [])


def test_it_tells_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, **{str(number): f"Report {number}." for number in range(5)})
    monkeypatch.setattr(library, "_PAUSE", -1)
    said: list[str] = []
    assert len(list(read_new(tmp_path, scan(tmp_path), said.append))) == 5
    assert said == [f"read {number} of 5" for number in range(5)]
