import re
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

import pytest

from answer.assistant import Assistant
from index.pairs import Inference
from index.search import Filters, Search
from ingest.read import report_from_text
from records import Answer, Turn
from settings import Settings


def _ask(search: Search, question: str, *earlier: Turn, filters: Filters = Filters(), most: int = 3) -> Answer:  # noqa: B008
    *_, answer = Assistant(search, Settings()).reply(question, earlier, filters, most)
    return answer


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("2024 年贡献公司达到多少家?", "1,011"),
        ("有多少个人贡献者?", "4,464"),
        ("When was the first commit made?", "16 December 2015"),
        ("Why does Tetragon block attacks inside the kernel?", "easy to bypass"),
        ("How many contributing companies were there in 2025?", "1,240"),
    ],
)
def test_the_fact_is_quoted(network: Search, question: str, fact: str) -> None:
    answer = _ask(network, question)
    assert fact in answer.text


def test_every_quote_stands_in_its_report_and_every_claim_is_supported(network: Search) -> None:
    for question in ("贡献公司", "Tetragon", "用户来自哪些行业?", "first commit"):
        answer = _ask(network, question)
        for claim in answer.claims:
            assert claim.citations
            assert claim.support
            assert claim.support.supported
        for citation in answer.citations:
            report = network.report(citation.report_id)
            assert report.text[citation.start : citation.end] == citation.quote
            assert citation.sha256 == report.sha256


def test_an_announced_list_is_quoted_with_its_items(network: Search) -> None:
    answer = _ask(network, "用户来自哪些行业?")
    assert all(industry in answer.text for industry in ("金融", "物流", "媒体", "电信"))


@pytest.mark.parametrize(
    ("question", "language"),
    [("火星上的温度是多少?", "zh"), ("What is the capital of France?", "en"), ("谁获得了诺贝尔文学奖?", "zh")],
)
def test_what_the_reports_do_not_say_is_never_sure_and_said_so_in_the_questions_language(
    network: Search, question: str, language: str
) -> None:
    answer = _ask(network, question)
    assert answer.certainty != "sure"
    assert answer.language == language
    assert answer.nearest
    assert "报告" in answer.note if language == "zh" else answer.note.startswith("The reports")


def test_less_confidence_than_the_settings_ask_for_is_declined(network: Search) -> None:
    *_, answer = Assistant(network, replace(Settings(), decline_below=2.0)).reply("有多少个人贡献者?")
    assert answer.abstained
    assert answer.claims == ()
    assert answer.note.startswith("这些报告")


def test_an_unsure_answer_says_so_before_what_is_nearest(network: Search, monkeypatch: pytest.MonkeyPatch) -> None:
    assistant = Assistant(network, Settings())
    monkeypatch.setattr(assistant, "_choice", replace(assistant._choice, sure=2.0, unsure=0.0))
    *_, answer = assistant.reply("When was the first commit made?")
    assert answer.certainty == "unsure"
    assert not answer.abstained
    assert answer.note.startswith("The reports do not answer this directly")
    assert "16 December 2015" in answer.text


def test_the_words_that_answer_are_told(network: Search) -> None:
    answer = _ask(network, "When was the first commit made?")
    claim = answer.claims[0]
    assert claim.answer_span
    start, end = claim.answer_span
    assert "16 December 2015" in network.report(claim.citations[0].report_id).text[start:end]
    assert claim.citations[0].start <= start < end <= claim.citations[0].end


def test_without_a_reader_it_answers_too(network: Search) -> None:
    *_, answer = Assistant(network, replace(Settings(), reader="")).reply("2024 年贡献公司达到多少家?")
    assert "1,011" in answer.text


def test_a_follow_up_is_answered_as_the_whole_question(network: Search) -> None:
    answer = _ask(network, "How many in 2025?", Turn("How many contributing companies were there in 2024?", "1,011"))
    assert "2025" in answer.question
    assert "1,240" in answer.text


def test_a_year_steers_to_the_report_of_that_year(network: Search) -> None:
    assert "1,011" in _ask(network, "2024 年的贡献公司数量").text
    assert "1,240" in _ask(network, "2025 年的贡献公司数量").text


def test_filters_and_the_longest_answer_are_kept(network: Search) -> None:
    answer = _ask(network, "贡献公司 contributing companies", filters=Filters(languages=("en",)), most=1)
    assert len(answer.claims) <= 1
    assert {network.report(c.report_id).language for c in answer.citations} <= {"en"}


def test_streaming_ends_with_the_whole_answer(network: Search) -> None:
    answers = list(Assistant(network, replace(Settings(), decline_below=1e-9)).reply("贡献公司和个人贡献者的数量"))
    assert [len(a.claims) for a in answers] == sorted(len(a.claims) for a in answers)
    assert answers[-1].claims[: len(answers[0].claims)] == answers[0].claims


@pytest.mark.parametrize("question", ["", "   ", "?!", "\n"])
def test_an_empty_question_is_answered_in_words(network: Search, question: str) -> None:
    answer = _ask(network, question)
    assert answer.abstained
    assert answer.note


def test_an_empty_collection_says_so(empty: Search) -> None:
    assert _ask(empty, "贡献公司有多少?").note == "这些报告里没有与这个问题相关的内容。"


def test_an_llm_that_is_down_falls_back_to_quoting_and_says_so(network: Search) -> None:
    settings = replace(Settings(), llm_url="http://127.0.0.1:9/v1", llm_model="none", llm_timeout=2.0)
    *_, answer = Assistant(network, settings).reply("When was the first commit made?")
    assert "16 December 2015" in answer.text
    assert answer.note.startswith("The model was not used")


YEARS = {
    "orchard-2024.md": "# Orchard 2024\n\nIt has 1,011 contributing companies. The market share of Orchard is 40%.",
    "orchard-2025.md": "# Orchard 2025\n\nContributing companies reached 1,240. The market share of Orchard is 55%.",
}
YEARS_ZH = {
    "orchard-2024.md": "# Orchard 报告 2024\n\n贡献公司达到 1,011 家。Orchard 的市场份额为 40%。",
    "orchard-2025.md": "# Orchard 报告 2025\n\nOrchard 有 1,240 家贡献公司。Orchard 的市场份额为 55%。",
}


def dated(empty: Search, texts: dict[str, str]) -> Search:
    reports = [replace(report_from_text(text, path), published=path[8:12]) for path, text in texts.items()]
    return Search.over(reports, empty)


@pytest.mark.parametrize(
    ("texts", "question", "latest", "earlier"),
    [
        (YEARS, "What is the current market share of Orchard?", "55%", "40%"),
        (YEARS, "How many contributing companies does Orchard have nowadays?", "1,240", "1,011"),
        (YEARS_ZH, "目前 Orchard 有多少家贡献公司？", "1,240", "1,011"),
        (YEARS_ZH, "Orchard 最新的市场份额是多少？", "55%", "40%"),
        (YEARS | {"orchard-2024.md": YEARS_ZH["orchard-2024.md"]}, "目前 Orchard 的市场份额是多少？", "55%", "40%"),
    ],
)
def test_the_latest_is_said_first_and_that_an_earlier_report_differs(
    empty: Search, texts: dict[str, str], question: str, latest: str, earlier: str
) -> None:
    answer = _ask(dated(empty, texts), question)
    assert latest in answer.claims[0].text
    (conflict,) = answer.conflicts
    assert conflict.later == answer.claims[0].citations[0].mark
    assert latest in conflict.what
    assert earlier in conflict.what
    assert "2024" in conflict.what
    assert latest in _ask(dated(empty, texts), question, most=1).text


def test_the_latest_report_comes_first_also_where_the_values_cannot_be_compared(empty: Search) -> None:
    texts = {
        "orchard-2024.md": "# Orchard 2024\n\nOrchard is the third project of the foundation by rank.",
        "orchard-2025.md": "# Orchard 2025\n\nOrchard has the rank of second project in the foundation.",
    }
    search = dated(empty, texts)
    *_, answer = Assistant(search, replace(Settings(), decline_below=1e-9)).reply(
        "What is the current rank of the Orchard project in the foundation?"
    )
    years = [search.report(claim.citations[0].report_id).year for claim in answer.claims]
    assert years == [2025, 2024]


def test_another_reports_value_is_quoted_beside_and_marked(empty: Search) -> None:
    answer = _ask(dated(empty, YEARS), "How many contributing companies does Orchard have?")
    assert "1,011" in answer.text
    assert "1,240" in answer.text
    assert len(answer.conflicts) == 1
    assert len(answer.claims) <= 3


def test_a_year_asked_for_gets_its_value_alone(empty: Search) -> None:
    answer = _ask(dated(empty, YEARS_ZH), "2024 年 Orchard 有多少家贡献公司？")
    assert answer.conflicts == ()
    assert "1,011" in answer.text


class Written:
    """A writer that writes one text piece by piece."""

    text = "The number of contributing companies reached 1,240 [1]. Companies have left in great numbers [1]."

    def __init__(self, settings: Settings) -> None:
        pass

    def write(self, question: object, sources: object) -> Iterator[str]:
        yield self.text[:40]
        yield self.text[:70]
        yield self.text


class Doubting:
    """A second opinion that finds a contradiction in whatever says ``reached``; keeps what it was asked."""

    asked: ClassVar[list[str]] = []

    def __init__(self, model: str) -> None:
        assert model == "nli"

    def infer(self, span: str, claim: str) -> Inference:
        self.asked.append(claim)
        return Inference(0.0, 0.1, 0.9) if "reached" in claim else Inference(0.9, 0.1, 0.0)


@pytest.mark.parametrize("unsupported", ["strike", "drop"])
def test_a_second_opinion_is_asked_about_whole_written_sentences(
    network: Search, monkeypatch: pytest.MonkeyPatch, unsupported: str
) -> None:
    monkeypatch.setattr("answer.assistant.Writer", Written)
    monkeypatch.setattr("answer.assistant.PairModel", Doubting)
    Doubting.asked.clear()
    settings = replace(Settings(), llm_url="http://llm", nli_model="nli", unsupported=unsupported)
    *_, answer = Assistant(network, settings).reply("How many contributing companies were there in 2025?")
    assert set(Doubting.asked) == set(re.split(r"(?<=\.) ", Written.text.replace(" [1]", "")))
    verdicts = [claim.support.supported for claim in answer.claims if claim.support]
    assert verdicts == ([False, True] if unsupported == "strike" else [True])


@pytest.mark.parametrize(
    ("question", "facts"),
    [
        ("比较 2024 年和 2025 年的贡献公司数量", ("1,011", "1,240")),
        ("How did the number of contributing companies change from 2024 to 2025?", ("1,240",)),
    ],
)
def test_a_comparison_of_years_shows_each_with_its_report(
    network: Search, question: str, facts: tuple[str, ...]
) -> None:
    answer = _ask(network, question)
    assert all(fact in answer.text for fact in facts)


def test_a_summary_takes_a_sentence_from_each_heading(network: Search) -> None:
    answer = _ask(network, "Summarise the network annual report 2025", filters=Filters(languages=("en",)))
    report = network.report(answer.citations[0].report_id)
    headings = {report.text.rfind("## ", 0, citation.start) for citation in answer.citations}
    assert len(headings) == len(answer.claims) == 2


def test_a_summary_of_a_report_that_is_not_there_is_never_sure(network: Search) -> None:
    assert _ask(network, "总结苹果公司的财务报告").certainty != "sure"
