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


def test_a_large_collection_still_finds_what_exact_search_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(50, 32))
    made = unit((centres[rng.integers(0, 50, 5000)] + 0.5 * rng.normal(size=(5000, 32))).astype(np.float32))
    exact = VectorIndex.build(made)
    monkeypatch.setattr(vectors, "_EXACT", 1000)
    quick = VectorIndex.build(made)
    shared = [len({*exact.search(q, 10)[0].tolist()} & {*quick.search(q, 10)[0].tolist()}) for q in made[::100]]
    assert np.mean(shared) / 10 > 0.9


def test_an_empty_index_finds_nothing() -> None:
    index = VectorIndex.build(np.zeros((0, 2), dtype=np.float32))
    assert index.search(np.array([1, 0], dtype=np.float32), 5)[0].tolist() == []
