"""Match by words: BM25 over our own words, in tantivy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import tantivy

#: More words than this make a question no clearer and a search no faster.
_MOST_WORDS = 64


class KeywordIndex:
    """Passages by the words they hold. Only the id is stored; what an id is, the store says."""

    def __init__(self, folder: Path | None = None) -> None:
        """The index kept in ``folder``, made if it is not there; in memory without one."""
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("id", stored=True, indexed=True, fast=True)
        builder.add_text_field("words", stored=False, tokenizer_name="whitespace", index_option="freq")
        self._schema = builder.build()
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        self._index = tantivy.Index(self._schema, path=str(folder) if folder else None)
        self._index.reload()

    def change(self, added: Iterable[tuple[int, Sequence[str]]], removed: Iterable[int] = ()) -> None:
        """Adds passages, given by id and words, and removes others; one commit. What an id held before is replaced."""
        writer = self._index.writer(heap_size=64_000_000, num_threads=1)
        for passage in removed:
            self._delete(writer, passage)
        for passage, words in added:
            self._delete(writer, passage)
            document = tantivy.Document()
            document.add_unsigned("id", passage)
            document.add_text("words", " ".join(words))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def clear(self) -> None:
        """Forgets all passages."""
        writer = self._index.writer(heap_size=16_000_000, num_threads=1)
        writer.delete_all_documents()
        writer.commit()
        self._index.reload()

    def _delete(self, writer: tantivy.IndexWriter, passage: int) -> None:
        # by query: the term that delete_documents_by_term makes of a whole number is signed and matches nothing
        writer.delete_documents_by_query(tantivy.Query.term_query(self._schema, "id", passage))

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs)

    def search(self, words: Sequence[str], k: int) -> list[tuple[int, float]]:
        """Ids and BM25 scores of the ``k`` passages that hold most of ``words``, best first."""
        searcher = self._index.searcher()
        terms = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "words", word, "freq"))
            for word in list(dict.fromkeys(words))[:_MOST_WORDS]
        ]
        if not terms:
            return []
        found = searcher.search(tantivy.Query.boolean_query(terms), k, count=False)
        return [(int(searcher.doc(address)["id"][0]), float(score)) for score, address in found.hits]
