from pathlib import Path

from index.keywords import KeywordIndex


def test_the_passage_with_more_of_the_words_comes_first() -> None:
    index = KeywordIndex()
    index.change([(7, ["eBPF", "安全"]), (9, ["eBPF", "安全", "审计"]), (11, ["网络"])])
    assert [id_ for id_, _ in index.search(["安全", "审计"], 10)] == [9, 7]


def test_an_id_that_is_added_again_is_replaced() -> None:
    index = KeywordIndex()
    index.change([(7, ["old"])])
    index.change([(7, ["new"])])
    assert index.search(["old"], 10) == []
    assert len(index) == 1


def test_removed_passages_are_not_found_after_opening_again(tmp_path: Path) -> None:
    KeywordIndex(tmp_path).change([(1, ["a"]), (2, ["a"])])
    KeywordIndex(tmp_path).change([], [1])
    assert [id_ for id_, _ in KeywordIndex(tmp_path).search(["a"], 10)] == [2]


def test_words_that_look_like_a_query_are_only_words() -> None:
    index = KeywordIndex()
    index.change([(1, ["c++", "a:b", "(x"])])
    assert [id_ for id_, _ in index.search(["a:b", "(x", "AND"], 10)] == [1]


def test_no_words_find_nothing() -> None:
    assert KeywordIndex().search([], 10) == []
