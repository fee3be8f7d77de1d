"""The same answers as a llama-index query engine."""

from __future__ import annotations

import asyncio
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import Response
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.schema import NodeWithScore, QueryBundle

from answer.assistant import Assistant
from index.llama import node
from index.search import Filters, Search
from records import Answer, Claim
from settings import Settings


class WenbaoQueryEngine(BaseQueryEngine):
    """Assistant as llama-index calls it; a question is answered by itself, without earlier turns."""

    def __init__(
        self,
        search: Search,
        settings: Settings,
        filters: Filters = Filters(),  # noqa: B008
        max_sentences: int | None = None,
    ) -> None:
        self._search, self._filters, self._most = search, filters, max_sentences
        self._assistant = Assistant(search, settings)
        super().__init__(callback_manager=None)

    def _query(self, query_bundle: QueryBundle) -> Response:
        """The whole answer.

        ``response`` is its supported claims with their marks (``Revenue grew. [1]``), or the note of an answer that
        declines. ``source_nodes`` are the cited spans in the order of their marks, ``metadata["mark"]``; the score is
        how well a span supports its claim. ``metadata`` has the rest of the answer, unsupported claims too.
        """
        *_, answer = self._assistant.reply(query_bundle.query_str, (), self._filters, self._most)
        held = [claim for claim in answer.claims if _holds(claim)]
        return Response(
            response="\n".join(map(_marked, held)) or answer.note,
            source_nodes=self._sources(held),
            metadata=self._rest(answer),
        )

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        """As ``_query``, beside the event loop."""
        return await asyncio.to_thread(self._query, query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        """None: what an LLM is told stands in prompts/."""
        return {}

    def _sources(self, held: list[Claim]) -> list[NodeWithScore]:
        found: dict[int, NodeWithScore] = {}
        for claim in held:
            for citation in claim.citations:
                report, score = self._search.report(citation.report_id), claim.support.score if claim.support else 0.0
                id_ = f"{citation.report_id}:{citation.start}-{citation.end}"
                place = node(id_, report, citation.start, citation.end, citation.page)
                place.metadata["mark"] = citation.mark
                place.excluded_llm_metadata_keys = [*place.excluded_llm_metadata_keys, "mark"]
                source = found.setdefault(citation.mark, NodeWithScore(node=place, score=score))
                source.score = max(score, source.score or 0.0)
        return [found[mark] for mark in sorted(found)]

    def _rest(self, answer: Answer) -> dict[str, Any]:
        return {
            "question": answer.question,
            "language": answer.language,
            "certainty": answer.certainty,
            "abstained": answer.abstained,
            "confidence": answer.confidence,
            "note": answer.note,
            "claims": [
                {
                    "text": claim.text,
                    "marks": [citation.mark for citation in claim.citations],
                    "supported": _holds(claim),
                    "why": claim.support.why if claim.support else "",
                }
                for claim in answer.claims
            ],
            "conflicts": [
                {"what": conflict.what, "marks": list(conflict.marks), "later": conflict.later}
                for conflict in answer.conflicts
            ],
            "nearest": [
                {
                    "path": self._search.report(hit.passage.report_id).path,
                    "start": hit.passage.start,
                    "end": hit.passage.end,
                    "text": self._search.text(hit.passage),
                }
                for hit in answer.nearest
            ],
        }


def _holds(claim: Claim) -> bool:
    return claim.support is not None and claim.support.supported


def _marked(claim: Claim) -> str:
    return claim.text + " " + "".join(f"[{citation.mark}]" for citation in claim.citations)
