"""Match by words: BM25 over our own words, and over pieces near to the question's, in tantivy."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import tantivy

from index.encoder import Ids

#: More words than this make a question no clearer and a search no faster.
_MOST_WORDS = 64


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept of a passage: its id, its report's row, its words and its pieces, each with spaces between."""

    id: int
    report: int
    words: str
    pieces: str


def distinct(tokens: Ids) -> str:
    """The pieces of an entry: each of the tokens once."""
    return " ".join(map(str, np.unique(tokens)))


@contextmanager
def _no_panic() -> Iterator[None]:
    """Raises ValueError for tantivy's own assertions, as on a file that was cut: they come as what is no Exception."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise ValueError(str(error)) from error
        raise


class KeywordIndex:
    """Passages by the words they hold. Only ids are stored; what an id is, the store says.

    What is found is what was there when it was opened, or when this object last changed it.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """The index kept in ``folder``, made if it is not there; in memory without one. Raises ValueError, OSError."""
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("id", indexed=True, fast=True)
        builder.add_unsigned_field("report", indexed=True)
        builder.add_text_field("words", stored=False, tokenizer_name="whitespace", index_option="freq")
        builder.add_text_field("pieces", stored=False, tokenizer_name="whitespace", index_option="freq")
        self._schema = builder.build()
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
            if not os.access(folder, os.W_OK):
                folder = self._linked(folder)
        self._writer: tantivy.IndexWriter | None = None
        with _no_panic():
            self._index = tantivy.Index(self._schema, path=str(folder) if folder else None)
            self._open()

    def _linked(self, folder: Path) -> Path:
        """A folder of links to its files: tantivy locks what it reads, and could not here."""
        self._links = TemporaryDirectory(prefix="wenbao-")
        for file in folder.iterdir():
            if file.suffix != ".lock":
                (Path(self._links.name) / file.name).symlink_to(file.absolute())
        return Path(self._links.name)

    def _open(self) -> None:
        self._index.reload()
        self._searcher = self._index.searcher()

    def add(self, entries: Iterable[Entry]) -> None:
        """Adds passages, which are found after ``commit``."""
        writer = self._writing()
        for entry in entries:
            document = tantivy.Document()
            document.add_unsigned("id", entry.id)
            document.add_unsigned("report", entry.report)
            document.add_text("words", entry.words)
            document.add_text("pieces", entry.pieces)
            writer.add_document(document)

    def remove_from(self, first: int) -> None:
        """Takes out all passages with ids from ``first`` on that were added before."""
        bound = tantivy.Query.range_query(self._schema, "id", tantivy.FieldType.Unsigned, first, None)
        self._writing().delete_documents_by_query(bound)

    def remove(self, reports: Iterable[int]) -> None:
        """Takes out all passages of the reports in these rows."""
        for row in reports:
            # by query: the term that delete_documents_by_term makes of a whole number is signed and matches nothing
            self._writing().delete_documents_by_query(tantivy.Query.term_query(self._schema, "report", row))

    def clear(self) -> None:
        """Takes out everything."""
        self._writing().delete_all_documents()

    def commit(self) -> None:
        """Makes all changes since the last commit real, all or none."""
        if self._writer:
            self._writer.commit()
            self._writer.wait_merging_threads()
            self._writer = None
            self._open()

    def _writing(self) -> tantivy.IndexWriter:
        if self._writer is None:
            self._writer = self._index.writer(heap_size=128_000_000, num_threads=1)
            # what a killed commit left bears the names that the next one gives
            self._writer.garbage_collect_files()
        return self._writer

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(self, words: Sequence[str], k: int, reports: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """Ids and BM25 scores of the ``k`` passages that hold most of ``words``, best first.

        Only of the reports in these rows, if they are given.
        """
        said = list(dict.fromkeys(words))[:_MOST_WORDS]
        return self._found([tantivy.Query.term_query(self._schema, "words", w, "freq") for w in said], k, reports)

    def search_pieces(
        self, weights: Mapping[Any, float], k: int, reports: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """Ids and scores of the ``k`` passages that hold the heaviest of these pieces, best first."""
        terms = [
            tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, "pieces", str(piece), "freq"), weight)
            for piece, weight in weights.items()
        ]
        return self._found(terms, k, reports)

    def _found(
        self, terms: list[tantivy.Query], k: int, reports: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        if not terms or not k:
            return []
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])
        if reports is not None:
            among = tantivy.Query.term_set_query(self._schema, "report", list(reports))
            alike = tantivy.Query.const_score_query(among, 0.0)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, alike)])
        with _no_panic():
            hits = self._searcher.search(query, k, count=False).hits
            ids = self._searcher.fast_field_values("id", [address for _, address in hits])
        return [(int(id_ or 0), float(score)) for id_, (score, _) in zip(ids, hits, strict=True)]
