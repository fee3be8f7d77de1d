import shutil
from pathlib import Path

from index.keywords import Entry, KeywordIndex


def _index(*said: tuple[int, str], folder: Path | None = None) -> KeywordIndex:
    """Passages by id and words, each of a report of its own with the same number; a piece is a letter of its words."""
    index = KeywordIndex(folder)
    index.add(Entry(id_, id_, words, " ".join(sorted({*words} - {" "}))) for id_, words in said)
    index.commit()
    return index


def test_the_passage_with_more_of_the_words_comes_first() -> None:
    index = _index((7, "eBPF 安全"), (9, "eBPF 安全 审计"), (11, "网络"))
    assert [id_ for id_, _ in index.search(["安全", "审计"], 10)] == [9, 7]


def test_the_heavier_piece_wins() -> None:
    index = _index((1, "a b"), (2, "b c"), (3, "d"))
    weights = {"a": 0.1, "c": 5.0}
    assert [id_ for id_, _ in index.search_pieces(weights, 10)] == [2, 1]


def test_only_the_reports_that_are_asked_for_are_searched() -> None:
    index = _index((1, "a"), (2, "a"), (3, "a"))
    assert [id_ for id_, _ in index.search(["a"], 10, [3, 5])] == [3]


def test_nothing_is_found_before_it_is_committed() -> None:
    index = _index((1, "a"))
    index.add([Entry(2, 2, "a", "")])
    assert len(index.search(["a"], 10)) == 1
    index.commit()
    assert len(index.search(["a"], 10)) == 2


def test_what_a_killed_build_left_is_taken_out_before_it_is_added_again() -> None:
    index = _index((1, "a"), (2, "old"), (3, "old"))
    index.remove_from(2)
    index.add([Entry(2, 2, "new", "")])
    index.commit()
    assert (index.search(["old"], 10), [id_ for id_, _ in index.search(["new", "a"], 10)]) == ([], [1, 2])


def test_removed_reports_are_not_found_after_opening_again(tmp_path: Path) -> None:
    _index((1, "a"), (2, "a"), folder=tmp_path)
    index = KeywordIndex(tmp_path)
    index.remove([1])
    index.commit()
    assert [id_ for id_, _ in KeywordIndex(tmp_path).search(["a"], 10)] == [2]


def test_who_opened_it_before_finds_what_was_there_then(tmp_path: Path) -> None:
    index = _index((1, "a"), folder=tmp_path)
    other = KeywordIndex(tmp_path)
    other.clear()
    other.commit()
    assert (len(index.search(["a"], 10)), len(other.search(["a"], 10))) == (1, 0)


def test_words_that_look_like_a_query_are_only_words() -> None:
    assert [id_ for id_, _ in _index((1, "c++ a:b (x")).search(["a:b", "(x", "AND"], 10)] == [1]


def test_no_words_find_nothing() -> None:
    assert KeywordIndex().search([], 10) == []


def test_files_that_a_killed_commit_left_are_no_hindrance(tmp_path: Path) -> None:
    index = _index((1, "a"), (2, "a"), folder=tmp_path / "index")
    shutil.copytree(tmp_path / "index", tmp_path / "before")
    index.remove([1])
    index.commit()
    # as if it had been killed before the last step, which writes meta.json
    shutil.copy(tmp_path / "before" / "meta.json", tmp_path / "index" / "meta.json")
    again = KeywordIndex(tmp_path / "index")
    again.remove([1])
    again.commit()
    assert [id_ for id_, _ in again.search(["a"], 10)] == [2]
