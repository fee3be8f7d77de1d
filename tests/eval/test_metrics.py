"""Every metric on examples that can be computed by hand, and an evaluation of a fake assistant."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval import metrics, report
from eval.questions import EvalQuestion
from eval.run import Outcome, Parts, ask
from records import Answer, Citation, Claim, Hit, Passage, Report, Support

TEXT = "Cilium has 1,011 companies. Cilium won the OpenUK award."
FIRST, SECOND = TEXT[:27], TEXT[28:]
REPORT = Report("r1", "cilium.en.md", "abc", "Cilium", "", "2024", "en", "", TEXT)


def citation(mark: int, quote: str) -> Citation:
    start = TEXT.index(quote)
    return Citation(mark, "r1", "abc", start, start + len(quote), None, quote)


def question(facts: tuple[tuple[str, ...], ...] = (("1,011",),), *, answerable: bool = True) -> EvalQuestion:
    return EvalQuestion("q", "How many companies?", "en", "number", answerable, facts, ("cilium.en.md",))


def outcome(answer: Answer, asked: EvalQuestion | None = None) -> Outcome:
    """What this answer comes to; search finds the second sentence, then the first; 'won' is never supported."""
    hits = [Hit(Passage(i, "r1", a, b, (), None, "en"), 1.0 - i) for i, (a, b) in enumerate([(28, len(TEXT)), (0, 27)])]
    parts = Parts(
        reply=lambda _: iter([Answer("so far", "en"), answer]),
        search=lambda whole, _: hits,
        report=lambda _: REPORT,
        verify=lambda claim, span: Support("won" not in claim, 1.0, "who won?"),
    )
    return ask(asked or question(), parts)


def says(*quotes: str) -> Answer:
    claims = tuple(Claim(quote, (citation(mark, quote),)) for mark, quote in enumerate(quotes, start=1))
    return Answer("How many companies does Cilium have?", "en", claims)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("达到 1,011 家", "1011"),
        ("达到 1011 家", "1,011"),
        ("达到１，０１１家", "1,011"),
        ("增长了 95 %", "95%"),
        ("grew by 95 percent", "95%"),
        ("部署 2–5 个集群", "2-5"),
        ("2 - 5 clusters", "2-5"),
        ("降低 5倍", "5 倍"),
        ("2015年12月16日", "2015 年 12 月 16 日"),
        ("Isolation of **tenants**", "tenant"),
        ("CILIUM 1.15.", "1.15"),
        ("faster,\nstronger", "faster, stronger"),
    ],
)
def test_a_fact_is_held_however_it_is_written(text: str, fact: str) -> None:
    assert metrics.holds(text, fact)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("195%", "95%"),
        ("95.2%", "95"),
        ("Cilium 1.15", "1.1"),
        ("1.15", "15"),
        ("11,011", "1,011"),
        ("10,110", "1,011"),
        ("the laws", "AWS"),
        ("anything", " "),
    ],
)
def test_another_number_or_name_is_not_the_fact(text: str, fact: str) -> None:
    assert not metrics.holds(text, fact)


def test_missing_names_the_groups_without_any_alternative() -> None:
    facts = [["金融", "finance"], ["电信", "telecom"]]
    assert metrics.missing("finance and media", facts) == [["电信", "telecom"]]
    assert metrics.missing("金融、电信", facts) == []


@given(st.text(), st.text(), st.lists(st.lists(st.text(min_size=1), min_size=1, max_size=3), max_size=3))
def test_more_text_at_a_new_line_never_loses_a_group_of_words(text: str, more: str, facts: list[list[str]]) -> None:
    assert len(metrics.missing(f"{text}\n|\n{more}", facts)) <= len(metrics.missing(f"{text}\n|\n", facts))


def test_a_citation_is_valid_only_where_it_is_the_very_span_of_the_very_report() -> None:
    good = citation(1, FIRST)
    assert metrics.valid(good, REPORT)
    assert not metrics.valid(Citation(1, "r1", "abc", 1, 28, None, FIRST), REPORT)
    assert not metrics.valid(Citation(1, "r1", "older", 0, 27, None, FIRST), REPORT)
    assert not metrics.valid(Citation(1, "r2", "abc", 0, 27, None, FIRST), REPORT)
    assert not metrics.valid(Citation(1, "r1", "abc", 5, 5, None, ""), REPORT)


def test_precision_and_recall_of_citations_count_only_expected_reports() -> None:
    facts = [["alpha"], ["beta"]]
    cited = [("a.md", "alpha"), ("a.md", "nothing"), ("b.md", "beta"), ("a.md", "alpha again")]
    assert metrics.citation_precision(cited, facts, ["a.md"]) == 0.5
    assert metrics.citation_recall(cited, facts, ["a.md"]) == 0.5
    assert metrics.citation_recall(cited, facts, ["a.md", "b.md"]) == 1.0
    assert metrics.citation_precision([], facts, ["a.md"]) is None
    assert metrics.citation_recall([], facts, ["a.md"]) == 0.0


def test_recall_at_k_gathers_facts_over_the_best_hits_and_rank_looks_for_the_first() -> None:
    facts = [["alpha"], ["beta"]]
    found = [("b.md", "alpha"), ("a.md", "nothing"), ("a.md", "alpha"), ("a.md", "beta")]
    assert [metrics.recall_at(k, found, facts, ["a.md"]) for k in (1, 3, 4)] == [0.0, 0.5, 1.0]
    assert metrics.reciprocal_rank(found, facts, ["a.md"]) == pytest.approx(1 / 3)
    assert metrics.reciprocal_rank(found, [["gamma"]], ["a.md"]) == 0.0


def test_declining_is_abstaining_or_quoting_what_the_report_says_of_its_gap() -> None:
    assert metrics.declined(True, "", [])
    assert metrics.declined(False, "The percentage is missing.", [["missing"]])
    assert not metrics.declined(False, "It is 40%.", [["missing"]])
    assert not metrics.declined(False, "It is 40%.", [])


def test_percentiles_are_nearest_ranks() -> None:
    assert metrics.percentile([4, 1, 3, 2], 50) == 2
    assert metrics.percentile([4, 1, 3, 2], 95) == 4
    assert metrics.percentile([7], 0) == 7
    assert metrics.percentile([], 50) is None


def test_the_mean_of_nothing_is_nothing() -> None:
    assert metrics.mean([]) is None
    assert metrics.mean([True, False, True, True]) == 0.75


def test_the_gate_counts_what_is_kept_and_what_is_caught() -> None:
    """The verifier wants equal words, blind to 'not'; only sentences with a digit can have their number changed."""

    def tamper(claim: str, kind: str, rng: random.Random) -> str | None:
        if kind == "number":
            return claim.replace("1", "2") if "1" in claim else None
        return f"not {claim}"

    def verdict(claim: str, span: str) -> tuple[bool, str]:
        return claim.removeprefix("not ") == span, "other words"

    trials = metrics.gate(["one 1", "two"], "en", ["number", "negation"], tamper, verdict)
    assert [(t.kind, t.claim, t.right) for t in trials] == [
        ("untouched", "one 1", True),
        ("number", "one 2", True),
        ("negation", "not one 1", False),
        ("moved", "one 1", True),
        ("untouched", "two", True),
        ("negation", "not two", False),
        ("moved", "two", True),
    ]
    assert trials[3].span == "two"


def test_a_sentence_alone_cannot_be_moved() -> None:
    trials = metrics.gate(["a", "a"], "en", [], lambda *_: None, lambda claim, span: (claim == span, ""))
    assert [t.kind for t in trials] == ["untouched"]


def test_a_translated_claim_should_be_kept() -> None:
    trials = metrics.translations(["two", "three"], ["二", "四"], "en", lambda claim, span: (span == "二", "other"))
    assert [(t.kind, t.language, t.right) for t in trials] == [("translated", "en", True), ("translated", "en", False)]
    assert report.failures([], trials)[0].wrong == "not kept: other | 四"
    with pytest.raises(ValueError, match="shorter"):
        metrics.translations(["two"], [], "en", lambda *_: (True, ""))


def test_a_right_answer_has_its_facts_its_citations_and_no_failure() -> None:
    right = outcome(says(FIRST))
    assert (right.missing, right.invalid, right.unsupported) == ([], (), ())
    assert right.answer.question == "How many companies does Cilium have?"
    assert report.failures([right], []) == []
    table = {row.metric: row for row in report.rows([right], [])}
    assert table["facts found"].en == 1.0
    assert table["facts found"].zh is None
    assert table["citation precision"].en == 1.0
    assert table["retrieval recall@1"].en == 0.0
    assert table["retrieval MRR"].en == 0.5


def test_a_wrong_answer_is_told_with_all_that_is_wrong() -> None:
    wrong = outcome(says(SECOND))
    table = {row.metric: row for row in report.rows([wrong], [])}
    assert table["facts found"].passed is False
    assert table["claims supported"].en == 0.0
    assert [f.wrong.split(" |")[0] for f in report.failures([wrong], [])] == [
        "lacks 1,011",
        f"unsupported (who won?): {SECOND}",
    ]


def test_a_claim_without_citation_and_a_false_quote_are_failures() -> None:
    bare = outcome(Answer("", "en", (Claim("1,011", ()),)))
    assert bare.unsupported == (("1,011", "it cites nothing"),)
    false = outcome(Answer("", "en", (Claim(FIRST, (Citation(1, "r1", "abc", 0, 5, None, FIRST),)),)))
    assert [c.mark for c in false.invalid] == [1]


def test_declining_counts_against_answerable_and_for_unanswerable_questions() -> None:
    abstained = Answer("", "en", certainty="none", note="1,011 is not told")
    needless = outcome(abstained)
    assert needless.missing == [("1,011",)]
    right = outcome(abstained, question((), answerable=False))
    invented = outcome(says(FIRST), question((), answerable=False))
    table = {row.metric: row for row in report.rows([needless, right, invented], [])}
    assert table["answerable declined"].en == 1.0
    assert table["answerable declined"].passed is False
    assert table["unanswerable answered sure"].en == 0.5
    assert [f.wrong.split(" |")[0] for f in report.failures([needless, right, invented], [])] == [
        "declined, though the reports answer it",
        "answered, though the reports do not say",
    ]


def test_an_assistant_that_yields_nothing_is_named() -> None:
    def nothing(_: EvalQuestion) -> Iterator[Answer]:
        return iter(())

    with pytest.raises(RuntimeError, match=r"no answer to q \(How many companies\?\)"):
        ask(question(), Parts(nothing, lambda *_: [], lambda _: REPORT, lambda *_: Support(True, 1.0, "")))


def test_a_floor_must_be_reached_in_each_language() -> None:
    floor = report.Floor(0.75)
    assert report.Row("facts found", 0.8, 0.9, 0.85, 2, floor).passed is True
    assert report.Row("facts found", 0.7, 1.0, 0.9, 2, floor).passed is False
    assert report.Row("facts found", None, 0.75, 0.75, 1, floor).passed is True
    assert report.Row("facts found", None, None, None, 0, floor).passed is None
    assert report.Floor(0.06, most=True).reached(0.05)


def test_the_table_shows_each_metric_with_its_verdict() -> None:
    lines = report.table(
        [
            report.Row("facts found", None, 0.5, 0.5, 2, report.Floor(0.75)),
            report.Row("answer p50, ms", 1.25, 2, 2, 3),
            report.Row("claims supported", 1, 1, 1, 4, report.Floor(0.95)),
        ]
    ).splitlines()
    assert lines[0].split() == ["metric", "zh", "en", "all", "of", "floor"]
    assert lines[2].split() == ["facts", "found", "-", "0.500", "0.500", "2", ">=", "0.75", "FAIL"]
    assert lines[3].split() == ["answer", "p50,", "ms", "1.2", "2.0", "2.0", "3"]
    assert lines[4].split()[2:] == ["1.000", "1.000", "1.000", "4", ">=", "0.95", "pass"]


def test_the_listing_shortens_what_repeats() -> None:
    failures = [report.Failure("number en", f"claim {i}", "not caught") for i in range(7)]
    text = report.listing(failures, most=2)
    assert "claim 1" in text
    assert "claim 2" not in text
    assert text.endswith("number en: and 5 more")


def test_the_result_file_holds_answers_citations_and_failures(tmp_path: Path) -> None:
    trial = metrics.Trial("number", "zh", "有 2 家", "有 1 家", False, "same words")
    path = tmp_path / "var" / "eval.json"
    report.write(path, [outcome(says(FIRST))], [trial], ["line 3 skipped"], model="small", writer="quoting")
    result = json.loads(path.read_text(encoding="utf-8"))
    assert result["model"] == "small"
    assert result["commit"]
    assert result["problems"] == ["line 3 skipped"]
    assert result["questions"][0]["answer"] == FIRST
    assert result["questions"][0]["citations"] == [
        {"mark": 1, "path": "cilium.en.md", "start": 0, "end": 27, "page": None, "quote": FIRST}
    ]
    caught = next(row for row in result["metrics"] if row["metric"] == "tamper: number caught")
    assert (caught["zh"], caught["en"], caught["passed"]) == (0.0, None, False)
    assert result["failures"][0]["where"] == "number zh"
