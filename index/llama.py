"""The same search as a llama-index retriever."""

from __future__ import annotations

import asyncio

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode

from index.search import Filters, Search
from records import Report

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
