"""Training starts where words of one meaning are near, whichever language names it."""

from collections.abc import Sequence

import numpy as np
import pytest

from index.encoder import Vectors
from train.teacher import start
from train.tokenizer import new_tokenizer

_CONCEPTS = {"river": 0, "河流": 0, "Bridge": 1, "桥": 1, "emperor": 2, "皇帝": 2, "Emperor": 2}
_PIECES = [("[UNK]", -30.0), ("▁river", -3.0), ("▁bridge", -12.0), ("▁emperor", -12.0), ("河流", -9.0), ("桥", -12.0)]


def _encode(words: Sequence[str]) -> Vectors:
    """One axis a concept, one for the script, and one for all else."""
    vectors = np.zeros((len(words), 6), dtype=np.float32)
    for row, word in enumerate(words):
        vectors[row, _CONCEPTS.get(word, 5)] = 1
        vectors[row, 3 if word.isascii() else 4] = 0.5
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


@pytest.fixture(scope="module")
def vectors() -> dict[str, Vectors]:
    tokenizer = new_tokenizer([*_PIECES, ("皇帝", -12.0)])
    found = start(tokenizer, 4, _encode)
    return {str(tokenizer.id_to_token(token)): vector for token, vector in enumerate(found)}


def _cosine(one: Vectors, other: Vectors) -> float:
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


@pytest.mark.parametrize(("english", "chinese"), [("▁river", "河流"), ("▁bridge", "桥"), ("▁emperor", "皇帝")])
def test_words_of_one_meaning_start_near_each_other(vectors: dict[str, Vectors], english: str, chinese: str) -> None:
    others = [vectors[name] for name in ("河流", "桥", "皇帝") if name != chinese]
    assert _cosine(vectors[english], vectors[chinese]) > 0.7
    assert _cosine(vectors[english], vectors[chinese]) > max(_cosine(vectors[english], other) for other in others) + 0.3


def test_frequent_pieces_start_short(vectors: dict[str, Vectors]) -> None:
    assert np.linalg.norm(vectors["▁river"]) < np.linalg.norm(vectors["河流"]) < np.linalg.norm(vectors["桥"])
