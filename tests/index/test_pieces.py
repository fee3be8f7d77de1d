"""What was noted with the model is what the model says."""

from pathlib import Path

import numpy as np
import pytest

from index import pieces
from index.encoder import StaticEncoder, Token, load
from index.interaction import Interaction
from index.pieces import NOTED, Pieces, note
from settings import Settings
from train.model import save
from train.tokenizer import new_tokenizer

_PIECES = [("[UNK]", -30.0), ("▁river", -3.0), ("桥", -12.0), (".", -1.0), *((f"▁w{i}", -9.0) for i in range(40))]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    _save(tmp_path / "model", 0)
    return tmp_path / "model"


def _save(folder: Path, seed: int) -> None:
    vectors = np.random.default_rng(seed).normal(size=(len(_PIECES), 8)).astype(np.float32)
    save(folder, new_tokenizer(_PIECES), vectors)


def test_the_shipped_notes_are_those_of_the_shipped_model() -> None:
    encoder = StaticEncoder(Path(Settings().model))
    noted = Pieces.of(encoder)
    assert noted.nearest is not None
    some = np.random.default_rng(0).choice(np.flatnonzero(noted.says), 12, replace=False)
    near = encoder.near(encoder.units(some), np.arange(len(noted.says))) * noted.says
    for piece, row in zip(some, near, strict=True):
        assert noted.nearest[piece][0] == piece
        assert row[noted.nearest[piece]] == pytest.approx(np.sort(row)[-NOTED:][::-1], abs=1e-5)
    assert str(encoder.tokenizer.id_to_token(int(np.argmax(noted.usual)))) in "▁the▁的,,."


def test_without_notes_the_same_is_found_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = StaticEncoder(folder)
    without = Interaction(encoder)
    assert without.pieces.nearest is None
    monkeypatch.setattr(pieces, "_AT_ONCE", 7)
    note(folder)
    noted = Interaction(encoder)
    ids = np.flatnonzero(noted.pieces.says).astype(Token)
    units = encoder.units(ids)
    assert noted.like(ids, units).tolist() == without.like(ids, units).tolist()
    assert noted.pieces.usual == pytest.approx(without.pieces.usual)
    assert noted.pieces.says.tolist() == [piece != "." for piece, _ in _PIECES]
    assert noted.pieces.usual[1] > 0.9 > 0.01 > noted.pieces.usual[2]


def test_notes_of_another_model_and_damaged_ones_are_left_alone(folder: Path) -> None:
    note(folder)
    assert Pieces.of(StaticEncoder(folder)).nearest is not None
    _save(folder, 1)
    assert Pieces.of(StaticEncoder(folder)).nearest is None
    note(folder)
    assert Pieces.of(StaticEncoder(folder)).nearest is not None
    (folder / "pieces.safetensors").write_bytes(b"rubbish")
    assert len(Pieces.of(StaticEncoder(folder)).usual) == len(_PIECES)


def test_a_model_that_was_made_anew_is_read_anew(folder: Path) -> None:
    first = load(str(folder))
    assert load(str(folder)) is first
    _save(folder, 1)
    assert not np.allclose(load(str(folder)).encode(["river"]), first.encode(["river"]))
