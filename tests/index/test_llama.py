import asyncio
import re
from dataclasses import replace
from typing import Any

import pytest
from llama_index.core.base.llms.types import CompletionResponse, CompletionResponseGen, LLMMetadata
from llama_index.core.ingestion import IngestionPipeline
from llama_index.core.llms import CustomLLM
from llama_index.core.query_engine import CitationQueryEngine, RetrieverQueryEngine
from llama_index.core.schema import Document, MetadataMode, NodeWithScore, TextNode

from index.llama import WenbaoNodeParser, WenbaoRetriever
from index.search import Filters, Search
from ingest.read import report_from_text
from settings import Settings

CHINESE = """---
title: 网络年度报告
published: 2024-03-01
---

# 网络年度报告

## 社区

贡献公司数量增长了 90%，达到 1,011 家。

## 性能

延迟降低了 5 倍。
"""
ENGLISH = """---
title: Fruit report
published: 2025
---

# Fruit report

## Harvest

The harvest of apples fell by 12% in autumn.

## Prices

Pears cost twice as much as in the year before.
"""
PAGES = (
    "The first page tells of bridges, of tunnels, of ferries and their cost.\n\nThe lighthouse was repaired in June."
)


class Echo(CustomLLM):
    """Says each numbered source again, its mark behind it; without any, what stands between the rulers."""

    prompts: list[str] = []  # noqa: RUF012  (a pydantic field, copied for each)

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(context_window=8000, num_output=500)

    def complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponse:
        self.prompts.append(prompt)
        between = prompt.split("------\n") if "------\n" in prompt else prompt.split("---------------------\n")
        sources = re.findall(r"Source (\d+):\n(.*?)(?=\n\n|\n*\Z)", between[1], re.DOTALL)
        said = "\n".join(f"{text.strip()} [{mark}]" for mark, text in sources)
        return CompletionResponse(text=said or between[1].strip())

    def stream_complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponseGen:
        yield self.complete(prompt)


@pytest.fixture(scope="module")
def search() -> Search:
    texts = {"网络/2024.md": CHINESE, "fruit.md": ENGLISH, "pages.txt": PAGES}
    reports = [report_from_text(text, path) for path, text in texts.items()]
    reports[2] = replace(reports[2], pages=(0, PAGES.index("The lighthouse")))
    return Search.over(reports, Search.empty(replace(Settings(), passage_size=60)))


def report_text(search: Search, path: str) -> str:
    return next(report.text for report in search.reports() if report.path == path)


def check_places(search: Search, nodes: list[NodeWithScore]) -> None:
    for found in nodes:
        told = found.node.metadata
        assert found.text == report_text(search, told["path"])[told["start"] : told["end"]]


@pytest.mark.parametrize(
    ("question", "path", "title", "headings", "published", "fact"),
    [
        ("贡献公司有多少家?", "网络/2024.md", "网络年度报告", "社区", "2024-03-01", "1,011"),
        ("How much did the harvest of apples fall?", "fruit.md", "Fruit report", "Harvest", "2025", "12%"),
    ],
)
def test_a_node_is_the_passage_and_says_where_it_stands(
    search: Search, question: str, path: str, title: str, headings: str, published: str, fact: str
) -> None:
    nodes = WenbaoRetriever(search).retrieve(question)
    check_places(search, nodes)
    first, hit = nodes[0], search.search(question)[0]
    assert fact in first.text
    assert first.node_id == str(hit.passage.id)
    assert first.score == hit.score
    told = first.node.metadata
    assert (told["path"], told["title"], told["published"]) == (path, title, published)
    assert told["headings"].split(" > ")[-1] == headings
    assert told["page"] is None
    assert first.node.ref_doc_id == hit.passage.report_id
    assert isinstance(first.node, TextNode)
    assert first.node.get_node_info() == {"start": hit.passage.start, "end": hit.passage.end}


def test_a_node_has_the_page_it_stands_on(search: Search) -> None:
    first = WenbaoRetriever(search).retrieve("When was the lighthouse repaired?")[0]
    assert "lighthouse" in first.text
    assert first.node.metadata["page"] == 2


def test_as_many_as_asked_for_and_only_from_the_reports_that_the_filters_let_through(search: Search) -> None:
    assert len(WenbaoRetriever(search, k=1).retrieve("apples")) == 1
    nodes = WenbaoRetriever(search, k=5, filters=Filters(languages=("zh",))).retrieve("harvest of apples")
    assert {found.node.metadata["path"] for found in nodes} == {"网络/2024.md"}
    scores = [found.score or 0.0 for found in nodes]
    assert scores == sorted(scores, reverse=True)
    assert WenbaoRetriever(search).retrieve(" ") == []
    with pytest.raises(ValueError, match=r"k is 0. It should be 1 or more."):
        WenbaoRetriever(search, k=0)


def test_asked_together_each_question_gets_its_own_passages(search: Search) -> None:
    retriever = WenbaoRetriever(search, k=1)

    async def both() -> list[list[NodeWithScore]]:
        return await asyncio.gather(*(retriever.aretrieve(q) for q in ("延迟降低了多少?", "What do pears cost?") * 4))

    for chinese, english in zip(*[iter(asyncio.run(both()))] * 2, strict=True):
        assert "5 倍" in chinese[0].text
        assert "Pears cost" in english[0].text


def test_a_reader_is_shown_titles_and_headings_but_no_offsets(search: Search) -> None:
    node = WenbaoRetriever(search).retrieve("harvest of apples")[0].node
    shown = node.get_content(MetadataMode.LLM)
    assert "title: Fruit report" in shown
    assert "Harvest" in shown
    assert "start:" not in shown
    assert "start:" not in node.get_content(MetadataMode.EMBED)


def test_llama_indexs_own_engine_answers_from_the_right_passage(search: Search) -> None:
    llm = Echo()
    engine = RetrieverQueryEngine.from_args(WenbaoRetriever(search, k=1), llm=llm)
    response = engine.query("How many percent did the apple harvest fall?")
    assert "The harvest of apples fell by 12% in autumn." in str(response)
    assert "Fruit report" in llm.prompts[0]
    check_places(search, response.source_nodes)
    assert response.source_nodes[0].node.metadata["path"] == "fruit.md"
    response = asyncio.run(engine.aquery("延迟降低了几倍?"))
    assert "延迟降低了 5 倍" in str(response)


def test_llama_indexs_citations_point_at_the_right_passage(search: Search) -> None:
    engine = CitationQueryEngine(retriever=WenbaoRetriever(search, k=3), llm=Echo())
    response = engine.query("贡献公司有多少家?")
    (mark,) = re.findall(r"1,011 家。\s*\[(\d+)\]", str(response))
    cited = response.source_nodes[int(mark) - 1]
    told = cited.node.metadata
    assert told["path"] == "网络/2024.md"
    place = report_text(search, told["path"])[told["start"] : told["end"]]
    assert "1,011" in place
    assert cited.text == f"Source {mark}:\n{place.strip()}\n"
    # every source stays one passage: none was cut in two
    places = [(found.node.metadata["path"], found.node.metadata["start"]) for found in response.source_nodes]
    assert len(set(places)) == len(places) == 3


TWICE = "# Quay\n\nIt is open.\n\n## 起重机\n\n码头有 7 台起重机。全年开放。\n\n## Hours\n\nIt is open.\n".replace(
    "\n", "\r\n"
)


def test_passages_of_a_document_lie_where_they_say() -> None:
    documents = [Document(text=TWICE, metadata={"owner": "Ada"}), Document(text="Just words. And more.\n")]
    nodes = WenbaoNodeParser().get_nodes_from_documents(documents)
    assert [node.get_content() for node in nodes] == [
        "It is open.",
        "码头有 7 台起重机。全年开放。",
        "It is open.",
        "Just words. And more.",
    ]
    texts = {document.id_: document.text for document in documents}
    for node in nodes:
        assert isinstance(node, TextNode)
        assert texts[node.ref_doc_id or ""][node.start_char_idx : node.end_char_idx] == node.text
    assert [node.metadata.get("headings") for node in nodes] == ["Quay", "Quay > 起重机", "Quay > Hours", ""]
    assert [node.metadata["language"] for node in nodes] == ["en", "zh", "en", "en"]
    assert nodes[0].metadata["owner"] == "Ada"
    assert nodes[0].next_node
    assert nodes[0].next_node.node_id == nodes[1].node_id
    assert len({node.node_id for node in nodes}) == 4


def test_a_smaller_passage_size_makes_more_passages_of_whole_sentences() -> None:
    document = Document(text=" ".join(f"Sentence number {i} is here." for i in range(40)))
    nodes = WenbaoNodeParser(passage_size=120).get_nodes_from_documents([document])
    assert len(nodes) > 5
    assert all(len(node.get_content()) <= 120 and node.get_content().endswith(".") for node in nodes)


def test_llama_indexs_pipeline_runs_the_parser() -> None:
    pipeline = IngestionPipeline(transformations=[WenbaoNodeParser()])
    assert next(iter(pipeline.run(documents=[Document(text=TWICE)]))).get_content() == "It is open."
