"""What may befall an index: its folder of reports vanishes, its file is damaged, its disk is full or read-only."""

import gc
import os
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.generation import STORE, NoIndex, Unwritable, Vanished, build, open_store, verify
from index.search import Search
from index.store import Damaged, Store
from records import Report
from settings import ROOT, Settings

_FIVE = ("north", "south", "east", "west", "middle")


@pytest.fixture
def quays(settings: Settings) -> Settings:
    """The index of five reports alone."""
    for path in settings.reports.iterdir():
        path.unlink()
    for name in _FIVE:
        (settings.reports / f"{name}.md").write_text(f"# The {name} quay\n\nThe {name} quay holds 7 cranes.\n", "utf-8")
    build(settings)
    return settings


def paths(settings: Settings) -> list[str]:
    return [report.path for report in Search.open(settings).reports(texts=False)]


def change(settings: Settings, statement: str) -> None:
    """Writes into the store behind the program's back."""
    with sqlite3.connect(settings.index / STORE) as database:
        assert database.execute(statement).rowcount == 1
    database.close()


def text_of(settings: Settings, path: str) -> str:
    search = Search.open(settings)
    (id_,) = [report.id for report in search.reports(texts=False) if report.path == path]
    return search.report(id_).text


def test_reports_of_an_emptied_folder_are_kept_until_they_are_let_go(quays: Settings) -> None:
    away = quays.reports.with_name("away")
    quays.reports.rename(away)
    quays.reports.mkdir()
    built = build(quays)
    assert (built.removed, len(built.kept), built.generation) == ((), 5, 1)
    assert "5 of 5 reports are not in" in built.problems[0].reason
    assert "python -m index build --yes" in built.problems[0].reason
    assert len(paths(quays)) == 5
    (quays.reports / "new.md").write_text("A bridge.", "utf-8")
    assert build(quays).added == ("new.md",)
    assert len(paths(quays)) == 6
    assert len(build(quays, yes=True).removed) == 5
    assert paths(quays) == ["new.md"]


def test_a_few_reports_may_go_and_a_renamed_folder_is_no_loss(quays: Settings) -> None:
    inner = quays.reports / "harbour"
    inner.mkdir()
    for name in _FIVE:
        (quays.reports / f"{name}.md").rename(inner / f"{name}.md")
    built = build(quays)
    assert (len(built.removed), len(built.added), built.kept) == (5, 5, ())
    for name in _FIVE[:3]:
        (inner / f"{name}.md").unlink()
    assert len(build(quays).removed) == 3


@pytest.mark.parametrize("other", ["size", "format"])
def test_an_index_is_not_made_anew_from_an_emptied_folder(quays: Settings, other: str) -> None:
    for name in _FIVE:
        (quays.reports / f"{name}.md").unlink()
    if other == "format":
        with sqlite3.connect(quays.index / STORE) as database:
            database.execute("pragma user_version = 1")
        database.close()
    changed = replace(quays, passage_size=200) if other == "size" else quays
    with pytest.raises(Vanished, match="has to be made anew"):
        build(changed)
    with sqlite3.connect(quays.index / STORE) as database:
        assert database.execute("select count(*) from reports where died is null").fetchone() == (5,)
    assert build(changed, yes=True).passages == 0


def test_an_index_of_another_form_is_made_anew_with_a_later_generation(quays: Settings) -> None:
    with sqlite3.connect(quays.index / STORE) as database:
        database.execute("pragma user_version = 1")
    database.close()
    assert build(quays).generation == 2
    assert len(paths(quays)) == 5


def test_what_stands_beside_a_report_is_read_with_it(quays: Settings) -> None:
    (quays.reports / "north.toml").write_text('title = "Cranes"\n', "utf-8")
    built = build(quays)
    assert (built.changed, built.added, built.problems) == (("north.md",), (), ())
    assert build(quays).changed == ()


def test_a_text_that_is_not_what_was_written_is_never_given(quays: Settings) -> None:
    change(quays, "update texts set text = replace(text, '7', '9') where report = 1")
    with open_store(quays) as store:
        path = store.reports(store.generation, texts=False)[1].path
    with pytest.raises(Damaged, match=f"{path} is not in the index as it was written"):
        text_of(quays, path)
    assert verify(quays) == [f"{path} is not in the index as it was written."]
    built = build(quays)
    assert (built.added, built.unchanged) == ((path,), 4)
    assert "holds 7 cranes" in text_of(quays, path)
    assert verify(quays) == []


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("update passages set start = start + 1 where id = 2", r"Passage 2 of \w+\.md is not what was written\."),
        ("update passages set vector = zeroblob(512) where id = 2", r"Passage 2 of \w+\.md is not what was written\."),
        ("delete from passages where id = 2", r"\w+\.md has 0 of 1 passages\."),
        ("update reports set title = 'Oil' where row = 2", r"\w+\.md is not in the index as it was written\."),
        ("update reports set left_out = '[' where row = 2", r"\w+\.md is not in the index as it was written\."),
        ("delete from texts where report = 2", r"The report in row 2 has no text\."),
    ],
)
def test_damage_to_one_report_is_named_and_that_report_read_again(quays: Settings, statement: str, fault: str) -> None:
    change(quays, statement)
    (found,) = verify(quays)
    assert re.fullmatch(fault, found)
    built = build(quays)
    assert (len(built.added), built.unchanged) == (1, 4)
    assert verify(quays) == []
    assert len(Search.open(quays).search("cranes")) == 5


def test_what_is_spoilt_and_gone_is_not_kept(quays: Settings) -> None:
    with open_store(quays) as store:
        path = store.reports(store.generation, texts=False)[1].path
    change(quays, "update texts set text = 'Nothing.' where report = 1")
    verify(quays)
    (quays.reports / path).unlink()
    build(quays)
    assert len(paths(quays)) == 4
    assert verify(quays) == []


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def overwrite(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096 * 2 :] = os.urandom(len(data) - 4096 * 2)
    path.write_bytes(data)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def replace_(path: Path) -> None:
    path.write_bytes(b"This is no database at all. " * 1000)


@pytest.mark.parametrize("damage", [cut, overwrite, replace_])
def test_a_damaged_file_is_named_by_verify_and_made_anew(quays: Settings, damage: Callable[[Path], None]) -> None:
    damage(quays.index / STORE)
    (fault,) = verify(quays)
    assert fault.startswith(f"{STORE} is damaged: ")
    said: list[str] = []
    assert len(build(quays, said.append).added) == 5
    assert verify(quays) == []
    assert "holds 7 cranes" in text_of(quays, "west.md")


@pytest.mark.parametrize("damage", [cut, replace_, empty])
def test_build_alone_makes_a_file_anew_that_is_plainly_damaged(quays: Settings, damage: Callable[[Path], None]) -> None:
    search = Search.open(quays)
    damage(quays.index / STORE)
    built = build(quays)
    assert len(built.added) == 5
    assert search.refresh()
    assert len(search.search("cranes")) == 5


def test_a_damaged_index_is_not_thrown_away_where_there_is_nothing_to_make_it_from(quays: Settings) -> None:
    for name in _FIVE:
        (quays.reports / f"{name}.md").unlink()
    cut(quays.index / STORE)
    size = (quays.index / STORE).stat().st_size
    with pytest.raises(Vanished, match="its reports are not in"):
        build(quays)
    assert (quays.index / STORE).stat().st_size == size


def test_a_full_disk_ends_in_a_sentence(quays: Settings) -> None:
    (quays.reports / "long.md").write_text("\n\n".join(f"Sentence {n} is about ships." for n in range(3_000)), "utf-8")
    command = [sys.executable, "-m", "index", "build", "--reports", str(quays.reports), "--index", str(quays.index)]

    def no_large_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, preexec_fn=no_large_files)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert f"The index at {quays.index} cannot be written" in done.stderr.splitlines()[-1]
    assert len(paths(quays)) == 5
    assert build(quays).added == ("long.md",)


def test_an_index_that_cannot_be_written_says_so(settings: Settings) -> None:
    settings.index.write_text("a file", "utf-8")
    with pytest.raises(Unwritable, match="cannot be written"):
        build(settings)


def test_a_read_only_index_can_be_read(quays: Settings) -> None:
    """As a user who may write nothing there."""
    program = f"""
        import os, sys
        from dataclasses import replace
        from pathlib import Path
        from index.generation import verify, build, Unwritable
        from index.search import Search
        from settings import Settings
        settings = Settings(reports=Path({str(quays.reports)!r}), index=Path({str(quays.index)!r}))
        Search.open(settings).search("cranes")
        for path in (settings.index, *settings.index.rglob("*")):
            if os.getuid() == 0:
                os.chown(path, 65534, 65534)
            os.chmod(path, 0o555 if path.is_dir() else 0o444)
        if os.getuid() == 0:
            os.setgid(65534)
            os.setuid(65534)
        search = Search.open(settings)
        print(len(search.search("cranes")), search.reports()[0].path, verify(settings))
        try:
            build(settings)
        except Unwritable as error:
            print(error)
    """
    for place in (*quays.index.parents, quays.index):
        if place.is_relative_to("/tmp") and place != Path("/tmp"):
            place.chmod(0o755)
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], cwd=ROOT, capture_output=True, text=True)
    assert done.stderr == ""
    first, second = done.stdout.splitlines()
    assert first == "5 east.md []"
    assert f"The index at {quays.index} cannot be written" in second


def test_the_log_is_emptied_and_a_generation_closed_when_its_last_reader_leaves(quays: Settings) -> None:
    log = (quays.index / STORE).with_name(f"{STORE}-wal")
    gc.disable()  # leaving is enough
    try:
        search = Search.open(quays)
        search.search("cranes")
        for number in range(5):
            (quays.reports / "north.md").write_text(f"The north quay holds {number} cranes.", "utf-8")
            build(quays)
            assert search.refresh()
            assert log.stat().st_size == 0
            search.report(search.search("cranes north")[0].passage.report_id)
    finally:
        gc.enable()


def test_all_that_is_known_of_a_report_is_kept(tmp_path: Path) -> None:
    values = ("1", "a.pdf", "ab", "港口", "Port", "2024-05", "zh", "https://port.example", "正文。", (0, 2), "FY2024")
    report = Report(*values, ("page 3 is an image without text", "第 4 页是图片"))
    with Store(tmp_path / STORE) as store:
        row, _ = store.add(report, [], [], np.zeros((0, 2), dtype=np.float16), 1, "ab cd", (5, 6))
        assert store.report("1", 1) == report
        assert store.reports(1, texts=False) == {row: replace(report, text="")}
        assert store.known() == {"a.pdf": ("ab cd", (5, 6))}


def test_there_is_no_index_where_its_file_is_empty(quays: Settings) -> None:
    empty(quays.index / STORE)
    with pytest.raises(NoIndex, match="never finished"):
        Search.open(quays)


#: What an index folder holds, but for what only readers make.
_PLACES = [STORE, f"{STORE}-wal", "keywords", "keywords/meta.json", "segment-1", "segment-1/vectors.faiss", "damaged"]


@pytest.mark.parametrize("place", _PLACES)
@pytest.mark.parametrize("instead", ["folder", "file", "link to nothing"])
def test_whatever_stands_in_the_place_of_a_file_the_next_build_mends_it(
    quays: Settings, place: str, instead: str
) -> None:
    path = quays.index / place
    shutil.rmtree(path, ignore_errors=True)
    path.unlink(missing_ok=True)
    if instead == "folder":
        path.mkdir()
        (path / "x").write_text("not ours", "utf-8")
    elif instead == "file":
        path.write_text("not ours", "utf-8")
    else:
        path.symlink_to("nowhere")
    build(quays)
    assert verify(quays) == []
    assert sorted(paths(quays)) == sorted(f"{name}.md" for name in _FIVE)
    assert "holds 7 cranes" in text_of(quays, "north.md")


@pytest.mark.parametrize("name", ["keywords", "segment-1", STORE])
def test_files_of_another_index_show_nothing_false(quays: Settings, tmp_path: Path, name: str) -> None:
    other = replace(quays, reports=tmp_path / "others", index=tmp_path / "other")
    other.reports.mkdir()
    for number in range(5):
        (other.reports / f"{number}.md").write_text(f"# Mill {number}\n\nThe mill grinds {number} tonnes.", "utf-8")
    build(other)
    (quays.index / name).rename(tmp_path / "kept")
    (shutil.copy if name == STORE else shutil.copytree)(other.index / name, quays.index / name)
    if name == "keywords":
        search = Search.open(quays)
        for hit in search.search("cranes of the north quay"):
            assert search.text(hit.passage) in search.report(hit.passage.report_id).text
    else:
        with pytest.raises(NoIndex, match="segment-1 is not what was written"):
            Search.open(quays)
    build(quays)
    assert {text_of(quays, f"{one}.md").strip()[-9:] for one in _FIVE} == {"7 cranes."}


def test_an_index_of_a_later_version_is_named_and_made_anew(quays: Settings) -> None:
    with sqlite3.connect(quays.index / STORE) as database:
        database.executescript("pragma user_version = 99; alter table reports rename column died to gone;")
    database.close()
    with pytest.raises(NoIndex, match=r"was made by another version\. Build it anew: python -m index build"):
        Search.open(quays)
    assert len(build(quays).added) == 5
    assert verify(quays) == []


def test_an_index_may_be_a_link_to_a_folder(quays: Settings) -> None:
    link = quays.index.with_name("link")
    link.symlink_to(quays.index, target_is_directory=True)
    linked = replace(quays, index=link)
    (quays.reports / "new.md").write_text("A bridge.", "utf-8")
    assert build(linked).added == ("new.md",)
    assert len(paths(linked)) == len(paths(quays)) == 6
    link.unlink()
    link.symlink_to("nowhere")
    with pytest.raises(Unwritable, match="cannot be written"):
        build(linked)
