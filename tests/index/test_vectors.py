from pathlib import Path

import numpy as np
import pytest

from index import vectors
from index.encoder import Vectors, unit
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


@pytest.fixture(scope="module")
def made() -> Vectors:
    """4,000 vectors; the first half is near to the first axis, the others are not."""
    vectors = np.random.default_rng(0).normal(size=(4000, 9))
    vectors[:2000, 0] += 3
    return unit(vectors.astype(np.float32))


@pytest.mark.parametrize("exact", [100, 10_000])
@pytest.mark.parametrize("allowed", ["few", "a third", "most", "those far away", "two", "none"])
def test_only_what_is_allowed_is_found_and_the_nearest_of_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, made: Vectors, exact: int, allowed: str
) -> None:
    monkeypatch.setattr(vectors, "_EXACT", exact)
    monkeypatch.setattr(vectors, "_LEAST", 100)
    VectorIndex.build(made).write(tmp_path / "v.faiss")
    places = np.arange(len(made))
    may = {
        "few": places % 20 == 1,
        "a third": places % 3 == 1,
        "most": places % 10 != 1,
        "those far away": places >= 2000,
        "two": (places == 7) | (places == 3999),
        "none": places < 0,
    }[allowed]
    found, cosines = VectorIndex.read(tmp_path / "v.faiss").search(made[0], 20, may)
    wanted = np.sort((made @ made[0])[may])[::-1][:20]
    assert all(may[found])
    assert len(found) == len(wanted)
    assert cosines == pytest.approx(wanted, abs=0.002)


@pytest.mark.parametrize("exact", [100, 10_000])
def test_more_than_there_is_and_nothing_may_be_asked_for(
    monkeypatch: pytest.MonkeyPatch, made: Vectors, exact: int
) -> None:
    monkeypatch.setattr(vectors, "_EXACT", exact)
    index = VectorIndex.build(made)
    assert sorted(index.search(made[0], 9_999)[0].tolist()) == list(range(len(made)))
    assert index.search(made[0], 0)[0].tolist() == []


def test_an_empty_index_finds_nothing() -> None:
    index = VectorIndex.build(np.zeros((0, 2), dtype=np.float32))
    assert index.search(np.array([1, 0], dtype=np.float32), 5)[0].tolist() == []
