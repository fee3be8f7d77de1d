"""A word is one piece, in either language; what is rare falls apart."""

import pytest
from tokenizers import Tokenizer

from train.tokenizer import learn

_ENDINGS = ("ing", "ed", "est", "er", "ness", "able", "ly", "ous", "al", "ion", "ment", "ful")
_TEXTS = [
    "The largest data centers would rather save power than buy more servers.",
    "Servers in the largest data centers would save power.",
    "最大的数据中心宁可节约电力,也不愿购买更多服务器。",
    "数据中心的服务器节约电力。" + 9 * "数据很多,中心很多。",
    "In 2024 约瑟夫 said it; 约瑟夫 would say it again in 2025 and 2024.",
    *(f"zyx{ending} qu{ending}" for ending in _ENDINGS[:6]),
]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return learn(_TEXTS * 2, 1000, {"would": 0.01, "largest": 0.001}, {"约瑟夫": 0.001})


@pytest.mark.parametrize("word", ["would", "Largest", "servers", "服务器", "约瑟夫", "2024"])
def test_a_frequent_word_is_one_piece(tokenizer: Tokenizer, word: str) -> None:
    assert len(tokenizer.encode(word).ids) == 1


def test_a_word_of_two_frequent_words_is_those_two(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode("数据中心").tokens == ["数据", "中心"]


def test_pieces_of_rare_words_never_win_over_a_word(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode("would").tokens == ["▁would"]
    assert len(tokenizer.encode("wouldest").tokens) > 1


def test_accents_and_forms_of_letters_are_one(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode("Ｌárgest").tokens == tokenizer.encode("largest").tokens


def test_vocabulary_keeps_to_its_size(tokenizer: Tokenizer) -> None:
    words = [f"{first}{second}{third}" for first in "bcdfghklmn" for second in "aeiou" for third in _ENDINGS]
    full = learn([" ".join(words)] * 2, 500, {}, {})
    assert 200 < full.get_vocab_size() <= 500 < len(words)
    assert tokenizer.get_vocab_size() <= 1000
    assert tokenizer.token_to_id("[UNK]") == 0
