from pathlib import Path

import pytest

from ingest import library
from ingest.library import scan
from ingest.read import read
from records import Report


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text)


def known(folder: Path) -> dict[str, str]:
    return {report.path: report.sha256 for report in scan(folder).added}


def test_new_changed_unchanged_and_gone(tmp_path: Path) -> None:
    write(tmp_path, a="A.", b="B.", c="C.")
    before = known(tmp_path)
    write(tmp_path, b="B, changed.", d="D.")
    (tmp_path / "c.md").unlink()
    found = scan(tmp_path, before)
    assert [r.path for r in found.added] == ["d.md"]
    assert [(r.path, r.text) for r in found.changed] == [("b.md", "B, changed.")]
    assert (found.unchanged, found.gone, found.twice, found.problems) == (["a.md"], ["c.md"], [], [])


def test_unchanged_files_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, a="A.")
    before = known(tmp_path)
    monkeypatch.setattr(library, "read", lambda *_: pytest.fail("was read"))
    assert scan(tmp_path, before).unchanged == ["a.md"]


def test_the_same_content_counts_once_and_stays_where_it_was(tmp_path: Path) -> None:
    write(tmp_path, b="Same.", c="Same.")
    found = scan(tmp_path)
    assert [r.path for r in found.added] == ["b.md"]
    assert found.twice == [("c.md", "b.md")]
    write(tmp_path, a="Same.")
    again = scan(tmp_path, {"b.md": found.added[0].sha256})
    assert (again.unchanged, again.added, again.twice) == (["b.md"], [], [("a.md", "b.md"), ("c.md", "b.md")])


def test_a_renamed_report_is_gone_and_added_with_the_same_id(tmp_path: Path) -> None:
    write(tmp_path, a="A.")
    before = scan(tmp_path).added[0]
    (tmp_path / "a.md").rename(tmp_path / "z.md")
    found = scan(tmp_path, {"a.md": before.sha256})
    assert [(r.path, r.id) for r in found.added] == [("z.md", before.id)]
    assert found.gone == ["a.md"]


def test_bad_files_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    write(tmp_path, a="A.", broken="B.")
    before = known(tmp_path)
    (tmp_path / "broken.md").write_bytes(b"\0\1")
    (tmp_path / "x.pdf").write_bytes(b"%PDF")
    found = scan(tmp_path, before)
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
    assert [r.path for r in found.added] == ["年度/r.md"]
    assert found.problems == []


def test_a_file_that_keeps_changing_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, a="A.")
    times = iter(range(100))

    def changing(path: Path, root: Path) -> Report:
        path.write_text(f"A{next(times)}.")
        return read(path, root)

    monkeypatch.setattr(library, "read", changing)
    found = scan(tmp_path)
    assert found.added == []
    assert "changes while it is read" in found.problems[0].reason


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        scan(tmp_path / "nowhere")
