"""Match by meaning: passage vectors in FAISS, by inner product."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors

#: Up to here exact search is as quick as any other (49 ms a query at a million, .5 ms at ten thousand).
_EXACT = 50_000
#: Up to here all lists of an inverted file are looked into; of larger ones this share. Texts without clusters need it.
_LOOK_INTO_ALL, _SHARE = 250_000, 0.65
#: Vectors that are added at once; half precision outside, single inside.
_AT_ONCE = 50_000

# its Python classes take arguments that its stubs do not know
_looking_into: Any = faiss.SearchParametersIVF
_only: Any = faiss.IDSelectorBitmap

Places = NDArray[np.int64]


class VectorIndex:
    """Unit vectors by their place: 0 for the first one given."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: NDArray[np.floating]) -> VectorIndex:
        """An index of ``vectors`` [n, dimension]: exact up to ``_EXACT`` rows, an inverted file of bytes above."""
        n, dimension = vectors.shape
        if n <= _EXACT:
            index: Any = faiss.IndexFlatIP(dimension)
        else:
            lists = int(2 * n**0.5)
            index = faiss.index_factory(dimension, f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
            some = np.sort(np.random.default_rng(0).permutation(n)[: 40 * lists])
            index.train(vectors[some].astype(np.float32))
            index.nprobe = lists if n <= _LOOK_INTO_ALL else int(lists * _SHARE)
            index.make_direct_map()
        for first in range(0, n, _AT_ONCE):
            index.add(np.ascontiguousarray(vectors[first : first + _AT_ONCE], dtype=np.float32))
        return cls(index)

    @classmethod
    def read(cls, path: Path) -> VectorIndex:
        """The index that ``write`` left at ``path``, its lists mapped. Raises RuntimeError for what is none."""
        index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
        if isinstance(index, faiss.IndexIVF):
            index.make_direct_map()
        return cls(index)

    def write(self, path: Path) -> None:
        """Writes the index to ``path``."""
        faiss.write_index(self._index, str(path))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, vector: Vectors, k: int, allowed: NDArray[np.bool_] | None = None) -> tuple[Places, Vectors]:
        """The places and cosines of the ``k`` nearest to ``vector`` [dimension], nearest first.

        ``allowed`` [n] says which may be found; None for all.
        """
        exact = isinstance(self._index, faiss.IndexFlat)
        chosen: Any = faiss.SearchParameters() if exact else _looking_into(nprobe=self._index.nprobe)
        if allowed is not None:
            chosen.sel = _only(np.packbits(allowed, bitorder="little"))
        scores, places = self._index.search(vector[None], min(k, len(self)) or 1, params=chosen)
        found = places[0] >= 0
        return places[0][found], scores[0][found]

    def cosines(self, vector: Vectors, places: Places) -> Vectors:
        """The cosine of ``vector`` [dimension] with the vectors at these places, as they are kept."""
        near: Vectors = self._index.reconstruct_batch(places) @ vector
        return near
