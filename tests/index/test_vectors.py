from pathlib import Path

import numpy as np
import pytest

from index import vectors
from index.encoder import unit
from index.vectors import VectorIndex


def test_the_nearest_comes_first_with_its_cosine(tmp_path: Path) -> None:
    index = VectorIndex.build(np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32))
    index.write(tmp_path / "v.faiss")
    found, cosines = VectorIndex.read(tmp_path / "v.faiss").search(np.array([0, 1], dtype=np.float32), 3)
    assert found.tolist() == [1, 2, 0]
    assert cosines == pytest.approx([1.0, 0.8, 0.0])


def test_a_large_collection_still_finds_what_exact_search_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(50, 32))
    made = unit((centres[rng.integers(0, 50, 5000)] + 0.5 * rng.normal(size=(5000, 32))).astype(np.float32))
    exact = VectorIndex.build(made)
    monkeypatch.setattr(vectors, "_EXACT", 1000)
    VectorIndex.build(made).write(tmp_path / "v.faiss")
    quick = VectorIndex.read(tmp_path / "v.faiss")
    shared = [len({*exact.search(q, 10)[0].tolist()} & {*quick.search(q, 10)[0].tolist()}) for q in made[::100]]
    assert np.mean(shared) / 10 > 0.9

    some = np.array([7, 4999, 0, 7], dtype=np.int64)
    assert quick.cosines(made[1], some) == pytest.approx(made[some] @ made[1], abs=0.02)


@pytest.mark.parametrize("exact", [10, 1000])
def test_only_what_is_allowed_is_found(monkeypatch: pytest.MonkeyPatch, exact: int) -> None:
    monkeypatch.setattr(vectors, "_EXACT", exact)
    made = unit(np.random.default_rng(0).normal(size=(400, 8)).astype(np.float32))
    allowed = np.arange(400) % 3 == 1
    places, cosines = VectorIndex.build(made).search(made[0], 5, allowed)
    assert all(allowed[places])
    assert cosines == pytest.approx(sorted(cosines, reverse=True))


def test_an_empty_index_finds_nothing() -> None:
    index = VectorIndex.build(np.zeros((0, 2), dtype=np.float32))
    assert index.search(np.array([1, 0], dtype=np.float32), 5)[0].tolist() == []
