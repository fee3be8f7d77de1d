"""Word by word: a passage counts by what it covers of the question, most of all in one place, and by saying no more."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoder import StaticEncoder, Token
from index.interaction import Interaction, Question, stacked
from train.model import save
from train.tokenizer import new_tokenizer

#: One direction a concept, whichever language names it; fillers have directions of their own.
_CONCEPTS = {"▁river": 0, "河流": 0, "▁bridge": 1, "桥": 1, "▁revenue": 2, "收入": 2}
_FILLERS = [f"▁{letter}{letter}" for letter in "abcdefgh"]
_PIECES = ["[UNK]", *_CONCEPTS, *_FILLERS, "."]


@pytest.fixture(scope="module")
def interaction(tmp_path_factory: pytest.TempPathFactory) -> Interaction:
    folder: Path = tmp_path_factory.mktemp("model")
    vectors = np.zeros((len(_PIECES), 16), dtype=np.float32)
    for row, piece in enumerate(_PIECES):
        vectors[row, _CONCEPTS.get(piece, 3 + row % 13)] = 1
    save(folder, new_tokenizer([(piece, -9.0) for piece in _PIECES]), vectors)
    return Interaction(StaticEncoder(folder))


def _ids(text: str) -> np.ndarray:
    """``river aa`` as token ids."""
    pieces = [word if word in _PIECES else f"▁{word}" for word in text.split()]
    return np.array([_PIECES.index(piece) for piece in pieces], dtype=Token)


def _asked(interaction: Interaction, question: str, *texts: str) -> tuple[Question, list[np.ndarray]]:
    """The question, weighed for a collection of these texts."""
    ids = [_ids(text) for text in texts]
    frequency = np.zeros(len(_PIECES), dtype=np.float32)
    for text in ids:
        frequency[np.unique(text)] += 1
    return interaction.question(question, interaction.held(frequency, len(texts))), ids


def test_words_found_in_one_place_count_more_than_the_same_words_apart(interaction: Interaction) -> None:
    filler = " ".join(["aa"] * 30)
    together, apart = f"river bridge {filler}", f"river {filler} bridge"
    asked, ids = _asked(interaction, "河流桥", together, apart, "revenue aa")
    first, second, third = asked.scores(*stacked(ids))[0].tolist()
    assert first == pytest.approx(1, abs=1e-6)
    assert first > second + 0.2 > third + 0.4
    assert asked.matches(*stacked(ids[:2])).tolist() == [pytest.approx([1, 1])] * 2


def test_a_place_reaches_over_the_border_of_two_stretches(interaction: Interaction) -> None:
    before = " ".join(["aa"] * 11)
    asked, ids = _asked(interaction, "河流桥", f"{before} river bridge", "revenue aa")
    assert asked.scores(*stacked(ids))[0][0] == pytest.approx(1, abs=1e-6)


def test_a_question_covers_its_translation_and_not_a_text_that_says_more(interaction: Interaction) -> None:
    asked, ids = _asked(interaction, "river bridge.", "河流 桥 .", "河流 桥 收入 aa bb cc", "收入 aa", "")
    same, longer, other, empty = asked.scores(*stacked(ids))[1].tolist()
    assert same == pytest.approx(1, abs=0.05)
    assert 0.05 < longer < 0.6
    assert (other, empty) == (0, 0)


def test_what_no_passage_holds_is_near_to_nothing(interaction: Interaction) -> None:
    asked, _ = _asked(interaction, "river", "aa bb", "cc")
    assert asked.scores(*stacked([_ids("river")]))[0].tolist() == [0]


def test_a_question_without_known_words_scores_nothing(interaction: Interaction) -> None:
    asked, ids = _asked(interaction, " ", "river", "aa")
    assert [scores.tolist() for scores in asked.scores(*stacked(ids))] == [[0, 0], [0, 0]]


_TEXTS = st.lists(st.lists(st.sampled_from([piece.strip("▁") for piece in _PIECES[1:]]), max_size=60), max_size=5)


@given(texts=_TEXTS, asked_words=st.lists(st.sampled_from(["river", "bridge", "收入", "aa"]), min_size=1, max_size=4))
def test_scores_are_shares_between_what_one_place_must_and_all_could_give(
    interaction: Interaction, texts: list[list[str]], asked_words: list[str]
) -> None:
    asked, ids = _asked(interaction, " ".join(asked_words), *(" ".join(text) for text in texts))
    scores, covered = asked.scores(*stacked(ids))
    anywhere = asked.matches(*stacked(ids)) @ asked.weights / max(float(asked.weights.sum()), 1e-9)
    assert np.all(scores <= anywhere + 1e-5)
    assert np.all(scores >= 0.4 * anywhere - 1e-5)
    assert np.all((covered >= 0) & (covered <= 1 + 1e-5))
    backwards = [text[::-1].copy() for text in ids]
    assert np.allclose(asked.matches(*stacked(backwards)), asked.matches(*stacked(ids)))


@given(
    frequency=st.lists(st.integers(0, 50), min_size=len(_PIECES), max_size=len(_PIECES)),
    common=st.integers(1, len(_PIECES)),
)
def test_how_many_passages_hold_something_like_a_word_is_exact(
    interaction: Interaction, frequency: list[int], common: int
) -> None:
    by_piece, ids = np.array(frequency, dtype=np.float32), np.arange(1, len(_PIECES))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.interaction._COMMON", common)
        asked = interaction.question("river bridge 收入 aa hh", interaction.held(by_piece, 50))
    near = interaction.encoder.near(asked.units, ids)
    most = np.minimum((near * (near >= 0.1) * by_piece[ids]).max(axis=1, initial=0), 50)
    usual = 30 * interaction.pieces.usual[asked.ids]
    rarity = np.log1p((50 + 30 - most - usual + 0.5) / (most + usual + 0.5))
    assert asked.weights == pytest.approx(rarity * interaction.encoder.lengths[asked.ids], rel=1e-4)
