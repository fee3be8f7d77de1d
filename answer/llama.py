"""The same answers as a llama-index query engine; our reader as its reranker, and our check as its evaluator."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import Response
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.evaluation import BaseEvaluator, EvaluationResult
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.schema import MetadataMode, NodeWithScore, QueryBundle

from answer.assistant import Assistant
from answer.check import Checker
from answer.generate import cited_sentences
from answer.reader import Excerpt, Reads, load_reader
from index.llama import node
from index.search import Filters, Search
from records import Answer, Claim, Support
from settings import Settings
from text.sentences import quotable


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


class WenbaoReranker(BaseNodePostprocessor):
    """Any nodes, best first as our reader reads them together with the question; its log odds are their scores."""

    top_n: int = 5
    """How many are kept."""
    _reader: Reads = PrivateAttr()

    def __init__(self, settings: Settings, top_n: int = 5) -> None:
        """Raises ValueError, ModelMissing."""
        if top_n < 1:
            raise ValueError(f"top_n is {top_n}. It should be 1 or more.")
        super().__init__()
        self.top_n = top_n
        self._reader = load_reader(settings.reader)

    @classmethod
    def class_name(cls) -> str:
        """As llama-index keeps it in a pipeline."""
        return "WenbaoReranker"

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        if query_bundle is None:
            raise ValueError("There is no question to rank by. Give query_bundle or query_str.")
        readings = self._reader.read(query_bundle.query_str, [_excerpt(found) for found in nodes])
        ranked = sorted(zip(nodes, readings, strict=True), key=lambda pair: -pair[1].answers)
        return [NodeWithScore(node=found.node, score=reading.answers) for found, reading in ranked[: self.top_n]]


class WenbaoEvaluator(BaseEvaluator):
    """Does a response hold? Each sentence is checked as ours are, against the contexts that it cites, or all of them.

    Passing is a response all of whose sentences hold; the score is the share that does, the feedback says which does
    not and why. No LLM is asked. A response or contexts that are empty cannot be judged.
    """

    def __init__(self, settings: Settings) -> None:
        """Raises ModelMissing."""
        self._checker = Checker(settings)

    def _get_prompts(self) -> dict[str, Any]:
        return {}

    def _update_prompts(self, prompts_dict: dict[str, Any]) -> None:
        """There are none."""

    async def aevaluate(
        self,
        query: str | None = None,
        response: str | None = None,
        contexts: Sequence[str] | None = None,
        **_: Any,
    ) -> EvaluationResult:
        """The result; ``[1]`` in the response is the first of the contexts."""
        told: dict[str, Any] = {"query": query, "response": response, "contexts": contexts}
        sentences = cited_sentences(response or "", range(1, len(contexts or ()) + 1))
        if not sentences or not contexts:
            reason = "There are no contexts." if sentences else "The response says nothing."
            return EvaluationResult(**told, invalid_result=True, invalid_reason=reason)
        checked = []
        for sentence in sentences:
            cited = [contexts[mark - 1] for mark in sentence.marks]
            # figures of different contexts are put together only where the response itself puts them together
            tried = [*cited, "\n".join(cited)] if cited else contexts
            checked.append((sentence.text, await asyncio.to_thread(self._best, sentence.text, tried)))
        failed = [f"{text} — {support.why}" for text, support in checked if not support.supported]
        score = 1 - len(failed) / len(checked)
        return EvaluationResult(**told, passing=not failed, score=score, feedback="\n".join(failed))

    def _best(self, sentence: str, contexts: Sequence[str]) -> Support:
        verdicts = [self._checker.check(sentence, context) for context in contexts]
        return max(verdicts, key=lambda support: (support.supported, support.score))


def _excerpt(found: NodeWithScore) -> Excerpt:
    """A node as our reader reads passages: its text, and the title and headings where its metadata has them."""
    text = found.node.get_content(MetadataMode.NONE)
    above = "\n".join(str(found.node.metadata[key]) for key in ("title", "headings") if found.node.metadata.get(key))
    return Excerpt(text, above, tuple(quotable(text, 0, len(text))))
