import asyncio
import re
from dataclasses import replace
from typing import Any

import pytest
from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.llms.types import CompletionResponse, CompletionResponseGen, LLMMetadata
from llama_index.core.base.response.schema import Response
from llama_index.core.llms import CustomLLM
from llama_index.core.query_engine import RouterQueryEngine
from llama_index.core.schema import NodeWithScore, TextNode
from llama_index.core.selectors import LLMSingleSelector
from llama_index.core.tools import QueryEngineTool

from answer.assistant import Assistant
from answer.llama import WenbaoEvaluator, WenbaoQueryEngine, WenbaoReranker
from index.search import Filters, Search
from records import Answer, Citation, Claim, Support
from settings import ROOT, Settings

#: When an answer is declined is tested with the assistant; here one is nearly always given, or never.
ANSWERING, DECLINING = Settings(decline_below=1e-9), Settings(decline_below=1.1)


class Chooser(CustomLLM):
    """Always chooses the second of the choices it is shown."""

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata()

    def complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponse:
        return CompletionResponse(text='[{"choice": 2, "reason": "scripted"}]')

    def stream_complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponseGen:
        yield self.complete(prompt)


def ask(engine: BaseQueryEngine, question: str) -> tuple[Response, dict[str, Any]]:
    """The response and its metadata."""
    response = engine.query(question)
    assert isinstance(response, Response)
    assert response.metadata is not None
    return response, response.metadata


def check_sources(search: Search, response: Response) -> None:
    for source in response.source_nodes:
        told = source.node.metadata
        report = next(report for report in search.reports() if report.path == told["path"])
        assert source.text == report.text[told["start"] : told["end"]]
        assert source.node.ref_doc_id == report.id
        assert f"[{told['mark']}]" in str(response)


@pytest.mark.parametrize(
    ("question", "fact", "path"),
    [
        ("贡献公司有多少家?", "1,011", "network-2024.md"),
        ("When was the first commit made?", "16 December 2015", "network-2025.md"),
    ],
)
def test_the_source_of_each_mark_is_the_span_it_rests_on(network: Search, question: str, fact: str, path: str) -> None:
    response, told = ask(WenbaoQueryEngine(network, ANSWERING, max_sentences=1), question)
    check_sources(network, response)
    (source,) = response.source_nodes
    assert fact in str(response)
    assert fact in source.text
    assert source.node.metadata["path"] == path
    assert source.score is not None
    assert 0 < source.score <= 1
    (claim,) = told["claims"]
    assert claim["supported"]
    assert claim["marks"] == [source.node.metadata["mark"]]


def test_it_says_what_the_assistant_says(network: Search) -> None:
    question = "用户来自哪些行业?"
    *_, answer = Assistant(network, ANSWERING).reply(question)
    response, told = ask(WenbaoQueryEngine(network, ANSWERING), question)
    assert [source.text for source in response.source_nodes] == [citation.quote for citation in answer.citations]
    assert [claim["text"] for claim in told["claims"]] == [claim.text for claim in answer.claims]
    assert told["confidence"] == answer.confidence


def test_what_the_reports_do_not_say_is_declined_without_sources(network: Search) -> None:
    response, told = ask(WenbaoQueryEngine(network, DECLINING), "火星上的温度是多少?")
    assert str(response) == told["note"] != ""
    assert told["abstained"]
    assert response.source_nodes == []
    nearest = told["nearest"][0]
    report = next(report for report in network.reports() if report.path == nearest["path"])
    assert nearest["text"] == report.text[nearest["start"] : nearest["end"]]


def test_filters_keep_to_their_reports(network: Search) -> None:
    engine = WenbaoQueryEngine(network, ANSWERING, filters=Filters(reports=("network-2025.md",)))
    response, _ = ask(engine, "贡献公司有多少家?")
    assert "1,011" not in str(response)
    assert {source.node.metadata["path"] for source in response.source_nodes} <= {"network-2025.md"}


def test_an_unsupported_claim_is_told_but_not_said(network: Search, monkeypatch: pytest.MonkeyPatch) -> None:
    report = next(report for report in network.reports() if report.path == "network-2025.md")

    def claim(mark: int, quote: str, text: str, support: Support) -> Claim:
        start = report.text.index(quote)
        cited = Citation(mark, report.id, report.sha256, start, start + len(quote), None, quote)
        return Claim(text, (cited,), support)

    companies, first = "Contributing companies reached 1,240 in 2025.", "The first commit was made on 16 December 2015."
    wrong = claim(1, companies, "Companies reached 9,999.", Support(False, 0.1, "9,999 is not in the source"))
    right = claim(2, first, first, Support(True, 0.9, "quoted"))
    again = replace(right, text="It began in 2015.", support=Support(True, 0.7, "said so"))
    written = Answer("companies?", "en", (wrong, right, again))
    monkeypatch.setattr(Assistant, "reply", lambda *_: iter([written]))
    response, told = ask(WenbaoQueryEngine(network, ANSWERING), "companies?")
    assert str(response) == f"{first} [2]\nIt began in 2015. [2]"
    assert [source.text for source in response.source_nodes] == [first]
    assert response.source_nodes[0].score == 0.9
    assert told["claims"][0] == {
        "text": "Companies reached 9,999.",
        "marks": [1],
        "supported": False,
        "why": "9,999 is not in the source",
    }


def test_asked_together_each_question_gets_its_own_answer(network: Search) -> None:
    engine = WenbaoQueryEngine(network, ANSWERING)

    async def all_of_them() -> list[Any]:
        asked = ["贡献公司有多少家?", "When was the first commit made?"] * 3
        return await asyncio.gather(*(engine.aquery(question) for question in asked))

    for chinese, english in zip(*[iter(asyncio.run(all_of_them()))] * 2, strict=True):
        assert "1,011" in str(chinese)
        assert "16 December 2015" in str(english)


def test_llama_indexs_router_reaches_it(network: Search) -> None:
    none, all_of_them = Filters(languages=("fr",)), Filters()
    engines = [WenbaoQueryEngine(network, ANSWERING, filters) for filters in (none, all_of_them)]
    tools = [
        QueryEngineTool.from_defaults(engine, name=f"reports-{i}", description=f"reports {i}")
        for i, engine in enumerate(engines)
    ]
    llm = Chooser()
    router = RouterQueryEngine(selector=LLMSingleSelector.from_defaults(llm=llm), query_engine_tools=tools, llm=llm)
    response, _ = ask(router, "When was the first commit made?")
    assert "16 December 2015" in str(response)
    check_sources(network, response)


def test_the_examples_of_the_page_are_true(network: Search) -> None:
    page = (ROOT / "docs" / "llama-index.md").read_text(encoding="utf-8")
    examples = "\n".join(re.findall(r"^```python\n(.*?)^```$", page, re.DOTALL | re.MULTILINE))
    assert examples.count("assert ") >= 6
    exec(compile(examples, "docs/llama-index.md", "exec"), {"search": network, "settings": Settings()})


COMMIT, CRANES, PORT = (
    TextNode(text=text)
    for text in (
        "The first commit was made on 16 December 2015. It was small.",
        "The quay has 7 cranes, and each of them is painted red.",
        "港口全年开放，共有 40 个泊位。",
    )
)


def test_the_reader_puts_the_node_that_answers_first_in_either_language() -> None:
    nodes = [NodeWithScore(node=node, score=9.0) for node in (CRANES, COMMIT, PORT)]
    reranker = WenbaoReranker(Settings(), top_n=2)
    for question, best in (
        ("When was the first commit made?", COMMIT),
        ("港口有多少个泊位？", PORT),
        ("第一次提交是什么时候？", COMMIT),
    ):
        ranked = reranker.postprocess_nodes(nodes, query_str=question)
        assert len(ranked) == 2
        assert ranked[0].node is best
        assert (ranked[0].score or 0) > (ranked[1].score or 0)
    assert [found.score for found in nodes] == [9.0, 9.0, 9.0]


def test_a_reranker_needs_a_question_and_room() -> None:
    with pytest.raises(ValueError, match="no question to rank by"):
        WenbaoReranker(Settings()).postprocess_nodes([NodeWithScore(node=COMMIT)])
    with pytest.raises(ValueError, match="top_n is 0"):
        WenbaoReranker(Settings(), top_n=0)
    assert WenbaoReranker(Settings()).postprocess_nodes([], query_str="anything?") == []


def test_each_sentence_of_a_response_is_judged_by_what_it_cites() -> None:
    contexts = [COMMIT.text, CRANES.text]
    evaluator = WenbaoEvaluator(Settings())
    good = evaluator.evaluate(response="The first commit was made on 16 December 2015 [1].", contexts=contexts)
    assert (good.passing, good.score, good.feedback) == (True, 1.0, "")
    half = evaluator.evaluate(
        response=f"{COMMIT.text.split('. ')[0]} [1]. The quay has 9 cranes [2].", contexts=contexts
    )
    assert (half.passing, half.score) == (False, 0.5)
    assert half.feedback
    assert half.feedback.startswith("The quay has 9 cranes. — The span does not say")
    elsewhere = evaluator.evaluate(response="The quay has 7 cranes [1].", contexts=contexts)
    assert elsewhere.passing is False
    assert evaluator.evaluate(response="The quay has 7 cranes.", contexts=contexts).passing is True


def test_figures_of_different_contexts_are_not_mixed() -> None:
    contexts = ["Exports fell by 5% in 2024.", "Imports fell by 3% in 2024."]
    evaluator = WenbaoEvaluator(Settings())
    assert evaluator.evaluate(response="Exports fell by 3% in 2024.", contexts=contexts).passing is False


@pytest.mark.parametrize(
    ("response", "contexts", "reason"),
    [("", ["x"], "The response says nothing."), ("It is open.", [], "There are no contexts.")],
)
def test_what_cannot_be_judged_is_no_verdict(response: str, contexts: list[str], reason: str) -> None:
    result = WenbaoEvaluator(Settings()).evaluate(response=response, contexts=contexts)
    assert (result.invalid_result, result.invalid_reason, result.passing) == (True, reason, None)
