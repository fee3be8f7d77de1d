"""Match by meaning: passage vectors in FAISS, by inner product."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors

#: Up to here exact search is quick (.9 ms a query at twenty thousand).
_EXACT = 20_000
#: Above, so many times the places wanted, and so many at least, are found by codes, four bits for two numbers (for one
#: where the dimension is odd), and looked at again in half precision.
_LOOKED_AT_AGAIN, _LEAST = 5, 1_000
#: A filter that lets less through than this share is searched exactly, what it lets through alone.
_FEW = 0.25
#: Vectors that the codes are learned from, and that are added at once; half precision outside, single inside.
_LEARNED_FROM, _AT_ONCE = 20_000, 50_000

# one question is one thread's work: a second one waits for those of numpy, 17 ms instead of 1
faiss.omp_set_num_threads(1)
# its Python classes take arguments that its stubs do not know
_refining: Any = faiss.IndexRefineSearchParameters
_only: Any = faiss.IDSelectorBitmap

Places = NDArray[np.int64]


class VectorIndex:
    """Unit vectors by their place: 0 for the first one given."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: NDArray[np.floating]) -> VectorIndex:
        """An index of ``vectors`` [n, dimension]: exact up to ``_EXACT`` rows, product quantization above.

        Codes are compared in registers (André, Kermarrec and Le Scouarnec, 2017), the best looked at again in half
        precision.
        """
        n, dimension = vectors.shape
        if n <= _EXACT:
            index: Any = faiss.IndexFlatIP(dimension)
        else:
            codes = dimension if dimension % 2 else dimension // 2
            index = faiss.index_factory(dimension, f"PQ{codes}x4fs,Refine(SQfp16)", faiss.METRIC_INNER_PRODUCT)
            some = np.sort(np.random.default_rng(0).permutation(n)[:_LEARNED_FROM])
            index.train(vectors[some].astype(np.float32))
        for first in range(0, n, _AT_ONCE):
            index.add(np.ascontiguousarray(vectors[first : first + _AT_ONCE], dtype=np.float32))
        return cls(index)

    @classmethod
    def read(cls, path: Path) -> VectorIndex:
        """The index that ``write`` left at ``path``, mapped. Raises RuntimeError for what is none."""
        return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))

    def write(self, path: Path) -> None:
        """Writes the index to ``path``."""
        faiss.write_index(self._index, str(path))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, vector: Vectors, k: int, allowed: NDArray[np.bool_] | None = None) -> tuple[Places, Vectors]:
        """The places and cosines of the ``k`` nearest to ``vector`` [dimension], nearest first.

        ``allowed`` [n] says which may be found; None for all.
        """
        n = len(self) if allowed is None else int(np.count_nonzero(allowed))
        k = min(k, n)
        if k <= 0:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        if isinstance(self._index, faiss.IndexFlat):
            return _exactly(self._index, vector, k, allowed)
        if n >= _FEW * len(self):
            places, cosines = self._quickly(vector, max(_LEAST, _LOOKED_AT_AGAIN * k) * len(self) // n)
            if allowed is not None:
                places, cosines = places[allowed[places]], cosines[allowed[places]]
            if len(places) >= k:
                return places[:k], cosines[:k]
        return _exactly(self._index.refine_index, vector, k, allowed)

    def _quickly(self, vector: Vectors, k: int) -> tuple[Places, Vectors]:
        """Of all: the codes cannot tell what is allowed. All ``k`` are looked at again."""
        cosines, places = self._index.search(vector[None], min(k, len(self)), params=_refining(k_factor=1))
        return _valid(places[0], cosines[0])

    def cosines(self, vector: Vectors, places: Places) -> Vectors:
        """The cosine of ``vector`` [dimension] with the vectors at these places, as they are kept."""
        near: Vectors = self._index.reconstruct_batch(places) @ vector
        return near


def _exactly(index: Any, vector: Vectors, k: int, allowed: NDArray[np.bool_] | None) -> tuple[Places, Vectors]:
    """By comparing with each that is allowed."""
    chosen = faiss.SearchParameters()
    if allowed is not None:
        chosen.sel = _only(np.packbits(allowed, bitorder="little"))
    cosines, places = index.search(vector[None], k, params=chosen)
    return _valid(places[0], cosines[0])


def _valid(places: Places, cosines: Vectors) -> tuple[Places, Vectors]:
    return places[places >= 0], cosines[places >= 0]
