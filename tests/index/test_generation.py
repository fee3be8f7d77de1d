import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from index import generation, prepare
from index.encoder import Encoder
from index.generation import STORE, Busy, NoIndex, build, faults, kept, open_store, verify
from index.keywords import KeywordIndex
from index.search import Filters, Search
from index.store import Store
from index.vectors import VectorIndex
from settings import Settings


def _paths(search: Search, question: str) -> list[str]:
    return [search.report(hit.passage.report_id).path for hit in search.search(question)]


def test_every_passage_is_its_place_in_its_report(settings: Settings) -> None:
    build(settings)
    search = Search.open(settings)
    for hit in search.search("延迟 apples 贡献"):
        report, passage = search.report(hit.passage.report_id), hit.passage
        assert search.text(passage) == report.text[passage.start : passage.end]
        assert report.text == (settings.reports / report.path).read_text("utf-8")


def test_a_build_follows_the_folder_and_encodes_only_what_changed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build(settings)
    assert (len(first.added), first.passages) == (2, 3)
    encoded: list[str] = []
    encode = prepare.encode

    def counting(encoder: Encoder, texts: Sequence[str]) -> Any:
        encoded.extend(texts)
        return encode(encoder, texts)

    monkeypatch.setattr(prepare, "encode", counting)
    (settings.reports / "fruit.md").write_text("# Fruit report 2025\n\nPears were plentiful.\n", "utf-8")
    (settings.reports / "new.txt").write_text("The bridge was opened in 1932.", "utf-8")
    second = build(settings)
    assert (second.added, second.changed, second.unchanged) == (("new.txt",), ("fruit.md",), 1)
    assert len(encoded) == 2
    (settings.reports / "网络.md").unlink()
    third = build(settings)
    assert third.removed == ("网络.md",)
    search = Search.open(settings)
    assert {report.path for report in search.reports()} == {"fruit.md", "new.txt"}
    assert _paths(search, "bridge opened")[0] == "new.txt"
    assert verify(settings) == []


def test_nothing_to_do_makes_no_new_generation(settings: Settings) -> None:
    assert build(settings).generation == build(settings).generation == 1


def test_a_renamed_report_is_found_under_its_new_name(settings: Settings) -> None:
    build(settings)
    (settings.reports / "fruit.md").rename(settings.reports / "apples.md")
    build(settings)
    assert _paths(Search.open(settings), "harvest of apples")[0] == "apples.md"


def test_ids_of_passages_are_never_reused(settings: Settings) -> None:
    build(settings)
    before = {hit.passage.id for hit in Search.open(settings).search("apples 延迟 贡献")}
    text = (settings.reports / "fruit.md").read_text("utf-8")
    (settings.reports / "fruit.md").unlink()
    build(settings)
    (settings.reports / "fruit.md").write_text(text + "\nAnd plums.\n", "utf-8")
    build(settings)
    search = Search.open(settings)
    after = {hit.passage.id: search.text(hit.passage) for hit in search.search("apples")}
    assert {id_ for id_, text in after.items() if "plums" in text}.isdisjoint(before)


def test_a_reader_keeps_its_generation_until_it_refreshes(settings: Settings) -> None:
    build(settings)
    search = Search.open(settings)
    (settings.reports / "fruit.md").write_text("# Fruit report 2025\n\nPears were plentiful.\n", "utf-8")
    build(settings)
    texts = [search.text(hit.passage) for hit in search.search("harvest of apples")]
    assert texts[0].startswith("The harvest of apples")
    assert search.refresh()
    assert "Pears were plentiful." in [search.text(hit.passage).strip() for hit in search.search("pears")]


def test_what_is_pinned_stays_at_its_generation_while_the_search_goes_on(settings: Settings) -> None:
    build(settings)
    search = Search.open(settings)
    pinned = search.pinned()
    before = pinned.search("harvest of apples", 20)
    for path in settings.reports.iterdir():
        path.unlink()
    (settings.reports / "fruit.md").write_text("# Fruit report 2025\n\nPears were plentiful.\n", "utf-8")
    build(settings)
    assert search.refresh()
    assert [search.text(hit.passage).strip() for hit in search.search("harvest")] == ["Pears were plentiful."]
    assert pinned.search("harvest of apples", 20) == before
    assert "apples" in pinned.text(before[0].passage)
    assert len(pinned.matches_of("apples", [hit.passage for hit in before])) == len(before)


@pytest.mark.parametrize("step", ["_add", "_derive", "commit", "write"])
def test_a_build_that_dies_leaves_the_last_whole_generation(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    build(settings)
    (settings.reports / "fruit.md").write_text("# Fruit report 2025\n\nPears were plentiful.\n", "utf-8")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        owner: Any = {"forget": Store, "write": VectorIndex, "commit": KeywordIndex}.get(step, generation._Build)
        patch.setattr(owner, step, die)
        with pytest.raises(KeyboardInterrupt):
            build(settings)
    search = Search.open(settings)
    assert search.generation == 1
    assert search.text(search.search("harvest of apples")[0].passage).startswith("The harvest of apples")
    assert build(settings).generation == 2
    search = Search.open(settings)
    assert search.text(search.search("pears plentiful")[0].passage).strip() == "Pears were plentiful."
    assert len(search.search("pears apples 延迟 贡献")) == 3
    assert verify(settings) == []


def test_derived_files_are_repaired_from_the_store(settings: Settings) -> None:
    generation_before = build(settings).generation
    with open_store(settings) as store:
        path = settings.index / kept(store)[0].name / "vectors.faiss"
        path.write_bytes(b"rubbish")
        assert faults(settings, store) == [f"{path.parent.name} is not what was written."]
    assert build(settings).generation == generation_before + 1
    assert verify(settings) == []
    assert _paths(Search.open(settings), "harvest of apples")[0] == "fruit.md"


def test_damage_that_keeps_the_size_is_found_by_verify_and_then_repaired(settings: Settings) -> None:
    build(settings)
    with open_store(settings) as store:
        path = settings.index / kept(store)[0].name / "tokens.npy"
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    assert verify(settings) == [f"{path.parent.name} is not what was written."]
    build(settings)
    assert verify(settings) == []


def test_damaged_keywords_are_made_anew(settings: Settings) -> None:
    build(settings)
    for path in (settings.index / "keywords").glob("*.idx"):
        data = bytearray(path.read_bytes())
        data[len(data) // 3] ^= 1
        path.write_bytes(data)
    assert verify(settings) == ["keywords is not what was written."]
    build(settings)
    assert verify(settings) == []
    assert _paths(Search.open(settings), "harvest of apples")[0] == "fruit.md"


@pytest.mark.parametrize("rubbish", [b"", b"rubbish"])
def test_keywords_that_cannot_be_read_are_made_anew(settings: Settings, rubbish: bytes) -> None:
    build(settings)
    for path in (settings.index / "keywords").glob("*.*"):
        path.write_bytes(rubbish)
    assert verify(settings)[0].startswith("keywords cannot be read")
    build(settings)
    assert verify(settings) == []


def test_small_additions_make_few_segments_and_leave_the_large_one_alone(settings: Settings) -> None:
    many = "\n\n".join(f"Sentence number {i} is about ships." for i in range(300))
    (settings.reports / "ships.txt").write_text(many, "utf-8")
    settings = replace(settings, passage_size=40)
    build(settings)
    for number in range(8):
        (settings.reports / f"{number}.txt").write_text(f"A harbour, number {number}.", "utf-8")
        build(settings)
    with open_store(settings) as store:
        names = [segment.name for segment in kept(store)]
    assert names[0] == "segment-1"
    assert len(names) <= 4
    assert sorted(path.name for path in settings.index.glob("segment-*")) == sorted(names)
    assert _paths(Search.open(settings), "harbour number 7")[0] == "7.txt"
    (settings.reports / "ships.txt").unlink()
    build(settings)
    with open_store(settings) as store:
        assert "segment-1" not in [segment.name for segment in kept(store)]
    assert verify(settings) == []


def test_a_reader_of_many_generations_ago_still_answers(settings: Settings) -> None:
    build(settings)
    search = Search.open(settings)
    for number in range(4):
        (settings.reports / "fruit.md").write_text(f"# Fruit report 2025\n\nPears, {number} of them.\n", "utf-8")
        build(settings)
    hit = search.search("harvest of apples")[0]
    assert search.text(hit.passage).startswith("The harvest of apples")


def test_an_index_of_another_form_is_built_anew(settings: Settings) -> None:
    build(settings)
    with sqlite3.connect(settings.index / STORE) as database:
        database.execute("pragma user_version = 1")
    with pytest.raises(NoIndex, match="another version"):
        Search.open(settings)
    assert build(settings).passages == 3
    assert verify(settings) == []


def test_filters_hold_in_collections_of_any_size(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    build(settings)
    search = Search.open(settings)
    question, only = "延迟 apples harvest", Filters(languages=("zh",))
    small = [hit.passage.id for hit in search.search(question, filters=only)]
    monkeypatch.setattr("index.search._SMALL", 0)
    assert [hit.passage.id for hit in search.search(question, filters=only)] == small
    assert {hit.passage.language for hit in search.search(question, filters=only)} == {"zh"}
    assert search.search(question, filters=Filters(years=(1999,))) == []


def test_candidates_reach_across_languages(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    build(settings)
    monkeypatch.setattr("index.search._SMALL", 0)
    search = Search.open(replace(settings, use_vectors=False))
    assert _paths(search, "苹果收成")[0] == "fruit.md"


def test_another_passage_size_builds_everything_anew(settings: Settings) -> None:
    build(settings)
    assert len(build(replace(settings, passage_size=200)).added) == 2
    assert {len(Search.open(settings).reports())} == {2}


def test_two_builds_at_once_are_refused_in_words(settings: Settings) -> None:
    settings.index.mkdir()
    with FileLock(settings.index / "lock"), pytest.raises(Busy, match="Another build"):
        build(settings)


def test_no_index_says_the_command(tmp_path: Path) -> None:
    with pytest.raises(NoIndex, match="python -m index build"):
        Search.open(Settings(index=tmp_path / "none"))
    assert not (tmp_path / "none" / STORE).exists()
