"""Text -> vectors: a static model with nothing but numpy, any other by sentence-transformers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open
from tokenizers import Tokenizer

from text.fold import fold

Vectors = NDArray[np.float32]
#: The number of a piece in the vocabulary, as it is kept.
Token = np.uint32
Ids = NDArray[Token]

#: Texts are cut here, in tokens.
_LONGEST = 2_000


class Encoder(Protocol):
    """A model: texts in, unit vectors out."""

    @property
    def name(self) -> str:
        """Which model this is, for good: another name makes other vectors."""

    @property
    def dimension(self) -> int:
        """The length of its vectors."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32 [len(texts), dimension]; zeros for a text without words."""


class ModelMissing(RuntimeError):
    """The model cannot be loaded; the text says which and what to do."""


class StaticEncoder:
    """A sentence-transformers StaticEmbedding folder, read without torch: a vector a token, a text is their mean."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tokenizer: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        with safe_open(str(folder / "model.safetensors"), framework="numpy") as tensors:
            self.vectors: Vectors = tensors.get_tensor("embedding.weight").astype(np.float32)
        self.dimension = int(self.vectors.shape[1])

    @cached_property
    def name(self) -> str:
        """The folder's name and the first 12 digits of its weights' SHA-256."""
        with (self.folder / "model.safetensors").open("rb") as weights:
            return f"{self.folder.name}@{hashlib.file_digest(weights, 'sha256').hexdigest()[:12]}"

    @cached_property
    def lengths(self) -> NDArray[np.float32]:
        """The length of each token's vector [tokens]."""
        lengths: NDArray[np.float32] = np.sqrt(np.einsum("ij,ij->i", self.vectors, self.vectors))
        return lengths

    def units(self, ids: NDArray[Any]) -> Vectors:
        """The directions of tokens [len(ids), dimension]."""
        directions: Vectors = self.vectors.take(ids, axis=0)
        directions /= np.maximum(self.lengths[ids], 1e-9)[:, None]
        return directions

    def near(self, units: Vectors, ids: NDArray[Any]) -> Vectors:
        """The cosines of ``units`` [n, dimension] with tokens [n, len(ids)]."""
        cosines: Vectors = units @ self.vectors.take(ids, axis=0).T
        cosines /= np.maximum(self.lengths[ids], 1e-9)
        return cosines

    def token_ids(self, texts: Sequence[str]) -> list[Ids]:
        """The token ids of each text, in order; like characters are one (see ``text.fold``)."""
        encodings = self.tokenizer.encode_batch_fast([fold(text) for text in texts], add_special_tokens=False)
        return [np.array(encoding.ids[:_LONGEST], dtype=Token) for encoding in encodings]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32 [len(texts), dimension]."""
        return self.mean(self.token_ids(texts))

    def mean(self, ids: Sequence[Ids]) -> Vectors:
        """The unit mean vectors of texts given as token ids."""
        means = np.zeros((len(ids), self.dimension), dtype=np.float32)
        for row, text in enumerate(ids):
            if len(text):
                self.vectors[text].mean(axis=0, out=means[row])
        return unit(means)


class TransformerEncoder:
    """Any other sentence-transformers model, by name or folder."""

    def __init__(self, model: str) -> None:
        from sentence_transformers import SentenceTransformer

        try:
            self._model: Any = SentenceTransformer(model)
        except Exception as error:
            raise ModelMissing(
                f"The model {model!r} cannot be loaded ({error})."
                " WENBAO_MODEL should be a sentence-transformers name or folder."
            ) from error
        self.name = model
        self.dimension = len(self.encode(["length"])[0])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32 [len(texts), dimension]."""
        vectors = self._model.encode(list(texts), normalize_embeddings=True, convert_to_numpy=True)
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), -1)


def load(model: str) -> Encoder:
    """The model ``model`` names: a static folder, else any sentence-transformers name or folder.

    Raises ModelMissing.
    """
    folder = Path(model)
    return static(folder) if _is_static(folder) else TransformerEncoder(model)


def static(folder: Path) -> StaticEncoder:
    """The static model in a folder, read once until its files change. Raises FileNotFoundError."""
    files = (folder / name for name in ("model.safetensors", "tokenizer.json"))
    return _read(folder.resolve(), tuple((s.st_size, s.st_mtime_ns) for s in (file.stat() for file in files)))


@lru_cache(maxsize=1)
def _read(folder: Path, _stamps: tuple[tuple[int, int], ...]) -> StaticEncoder:
    """The model in ``folder``; the last one is kept, for its search and builds to share."""
    return StaticEncoder(folder)


def unit(vectors: Vectors) -> Vectors:
    """Rows scaled to length 1; zero rows stay zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Vectors = vectors / np.maximum(lengths, 1e-9)
    return scaled


def _is_static(folder: Path) -> bool:
    modules = folder / "modules.json"
    if not modules.is_file():
        return False
    return any("StaticEmbedding" in module["type"] for module in json.loads(modules.read_text("utf-8")))
