"""The same search as a llama-index retriever, and our passages as a node parser makes them of its documents."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.node_parser import NodeParser
from llama_index.core.schema import (
    BaseNode,
    Document,
    MetadataMode,
    NodeRelationship,
    NodeWithScore,
    QueryBundle,
    RelatedNodeInfo,
    TextNode,
)

from index.search import Filters, Search
from ingest.read import report_from_text
from ingest.split import split
from records import Report
from settings import Settings

#: Metadata for programs; an LLM is shown the rest: title, path, headings, published.
_NOT_FOR_READING = ["start", "end", "page"]


class WenbaoRetriever(BaseRetriever):
    """Search as llama-index calls it: for any of its query engines, postprocessors and evaluators."""

    def __init__(self, search: Search, k: int = 10, filters: Filters = Filters()) -> None:  # noqa: B008
        if k < 1:
            raise ValueError(f"k is {k}. It should be 1 or more.")
        self._search, self._k, self._filters = search, k, filters
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        """The ``k`` passages that fit best, best first; the id of a node is its passage's."""
        found = []
        for hit in self._search.search(query_bundle.query_str, self._k, self._filters):
            passage = hit.passage
            report = self._search.report(passage.report_id)
            place = node(str(passage.id), report, passage.start, passage.end, passage.page, passage.headings)
            found.append(NodeWithScore(node=place, score=hit.score))
        return found

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        """As ``_retrieve``, beside the event loop."""
        return await asyncio.to_thread(self._retrieve, query_bundle)


class WenbaoNodeParser(NodeParser):
    """Passages as our index has them, of llama-index's documents: whole sentences that stay inside their section.

    ``text`` is ``document.text[start_char_idx:end_char_idx]``, always; ``headings`` in the metadata are those above it.
    A document is read as Markdown, unless its metadata's ``file_name`` ends in ``.txt``.
    """

    passage_size: int = Settings().passage_size
    """The longest passage, in English characters; a Chinese character counts as 2.5."""

    @classmethod
    def class_name(cls) -> str:
        """As llama-index keeps it in a pipeline."""
        return "WenbaoNodeParser"

    def _parse_nodes(self, nodes: Sequence[BaseNode], show_progress: bool = False, **_: Any) -> list[BaseNode]:
        return [made for document in nodes for made in self._passages(document)]

    def _passages(self, document: BaseNode) -> list[BaseNode]:
        text = document.get_content(MetadataMode.NONE)
        name = str(document.metadata.get("file_name") or "")
        # one character for one: offsets in what is read are those in the document
        read = text.replace("\r\n", " \n").replace("\r", "\n")
        report = report_from_text(read, name if name.lower().endswith(".txt") else "document.md")
        found: list[BaseNode] = []
        for number, passage in enumerate(split(report, self.passage_size)):
            made = TextNode(
                id_=self.id_func(number, document),
                text=text[passage.start : passage.end],
                start_char_idx=passage.start,
                end_char_idx=passage.end,
                metadata={"headings": " > ".join(passage.headings), "language": passage.language},
                relationships={NodeRelationship.SOURCE: document.as_related_node_info()},
            )
            found.append(made)
        return found

    def _postprocess_parsed_nodes(self, nodes: list[BaseNode], parent_doc_map: dict[str, Document]) -> list[BaseNode]:
        """As llama-index does it, but for the places, which it would look for anew and find an earlier one."""
        places = [(made.start_char_idx, made.end_char_idx) for made in nodes if isinstance(made, TextNode)]
        done: list[BaseNode] = super()._postprocess_parsed_nodes(nodes, parent_doc_map)
        for made, place in zip(done, places, strict=True):
            if isinstance(made, TextNode):
                made.start_char_idx, made.end_char_idx = place
        return done


def node(id_: str, report: Report, start: int, end: int, page: int | None, headings: tuple[str, ...] = ()) -> TextNode:
    """A place in a report as llama-index holds it: ``text`` is ``report.text[start:end]``, its source the report.

    The place is in the metadata too, which llama-index's splitters keep when they make new nodes of it.
    """
    return TextNode(
        id_=id_,
        text=report.text[start:end],
        start_char_idx=start,
        end_char_idx=end,
        metadata={
            "title": report.title,
            "path": report.path,
            "headings": " > ".join(headings),
            "published": report.published,
            "start": start,
            "end": end,
            "page": page,
        },
        excluded_llm_metadata_keys=_NOT_FOR_READING,
        excluded_embed_metadata_keys=_NOT_FOR_READING,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=report.id, hash=report.sha256)},
    )
