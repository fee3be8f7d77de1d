from pathlib import Path

import numpy as np
import pytest

from index.encoder import Token
from index.segments import Segment, checksum, size
from index.store import Rows


def _rows(*tokens: list[int]) -> Rows:
    """Passages 5, 6, ... of report 2, each with these tokens and a vector of its own."""
    n = len(tokens)
    return Rows(
        np.arange(5, 5 + n, dtype=np.int64),
        np.full(n, 2, dtype=np.int32),
        np.zeros(n, dtype=np.bool_),
        np.array([len(some) for some in tokens], dtype=np.int64),
        np.array([token for some in tokens for token in some], dtype=Token),
        np.eye(n, dtype=np.float16),
    )


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    kept = Segment.build(_rows([1, 7, 1], [], [7])).write(tmp_path / "segment-1")
    segment = Segment.read(tmp_path, kept)
    assert segment.columns["id"].tolist() == [5, 6, 7]
    assert segment.columns["end"].tolist() == [3, 3, 4]
    assert segment.tokens.tolist() == [1, 7, 1, 7]
    assert segment.frequency.tolist() == [0, 1, 0, 0, 0, 0, 0, 2]  # in how many passages, not how often
    assert segment.vectors.search(np.array([0, 0, 1], dtype=np.float32), 1)[0].tolist() == [2]
    assert (kept.name, kept.first, kept.bytes) == ("segment-1", 5, size(tmp_path / "segment-1"))


@pytest.mark.parametrize("name", ["passages.npy", "tokens.npy", "frequency.npy", "vectors.faiss"])
def test_a_changed_byte_is_told_by_the_checksum_and_a_missing_file_by_the_size(tmp_path: Path, name: str) -> None:
    kept = Segment.build(_rows([1, 2], [3])).write(tmp_path / "segment-1")
    path = tmp_path / "segment-1" / name
    path.write_bytes(path.read_bytes()[:-1] + bytes([path.read_bytes()[-1] ^ 1]))
    assert (size(path.parent), checksum(path.parent) == kept.sha256) == (kept.bytes, False)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match="segment-1 is not what was written"):
        Segment.read(tmp_path, kept)
    path.unlink()
    assert size(path.parent) == -1
