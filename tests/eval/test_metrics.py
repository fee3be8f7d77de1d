"""Every metric on examples that can be computed by hand, and an evaluation of a fake assistant."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answer.verify import verify
from eval import metrics, report
from eval.gate import Change
from eval.questions import EvalQuestion, Evidence
from eval.run import Outcome, Parts, ask, judged
from eval.scores import Scores, scores
from eval.trials import Trial
from records import Answer, Citation, Claim, Conflict, Hit, Passage, Report, Support

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


EVIDENCE = [("a.md", "The pier is 40 m long."), ("b.md", "码头长 40 米。"), ("a.md", "It was built in 1903.")]
PIER = [["40"], ["1903"]]


def test_evidence_in_two_languages_for_one_fact_is_needed_once() -> None:
    assert metrics.gold_recall([("b.md", "码头长 40 米。")], EVIDENCE, PIER) == 0.5
    assert metrics.gold_recall([("b.md", "码头长 40 米"), ("a.md", "It was built in 1903.")], EVIDENCE, PIER) == 1.0
    assert metrics.gold_recall([("b.md", "The pier is 40 m long.")], EVIDENCE, PIER) == 0.0
    assert metrics.gold_recall([("b.md", "码头长 40 米")], EVIDENCE, [["long ago"]]) == 1.0


def test_a_citation_is_precise_where_it_is_evidence_of_the_very_report() -> None:
    cited = [("a.md", "The pier is 40 m long."), ("b.md", "The pier is 40 m long."), ("a.md", "Gulls nest there.")]
    assert metrics.gold_precision(cited, EVIDENCE) == pytest.approx(1 / 3)
    assert metrics.gold_precision([], EVIDENCE) is None


def test_evidence_of_the_other_language_is_passed_over_in_a_ranking() -> None:
    found = [("c.md", "Gulls nest there."), ("b.md", "码头长 40 米。"), ("a.md", "The pier is 40 m long. Gulls.")]
    assert metrics.ranks(found, EVIDENCE[:1]) == [3]
    assert metrics.ranks(found, EVIDENCE[:1], EVIDENCE) == [2]


def test_ndcg_discounts_by_rank_and_counts_what_was_lost() -> None:
    assert metrics.ndcg([1]) == 1.0
    assert metrics.ndcg([2]) == pytest.approx(0.6309, abs=1e-4)
    assert metrics.ndcg([1, 3]) == pytest.approx(0.9197, abs=1e-4)
    assert metrics.ndcg([1], lost=1) == pytest.approx(0.6131, abs=1e-4)
    assert metrics.ndcg([11]) == metrics.ndcg([]) == 0.0


def test_answer_spans_are_held_against_each_fact() -> None:
    assert metrics.span_exact(["１，０１１", "in May"], [["1011"], ["June"]]) == 0.5
    assert metrics.span_f1(["about 1,011 firms"], [["1,011 firms"]]) == pytest.approx(0.8)
    assert metrics.span_f1(["四百一十二人"], [["四百一十二", "412"]]) == pytest.approx(10 / 11)
    assert metrics.span_f1(["nothing"], [["412"]]) == 0.0


def test_a_wrong_figure_shows_none_of_the_figures_or_says_what_no_right_answer_does() -> None:
    figures = [["612 tonnes", "612 吨"]]
    assert metrics.wrong_figure("It was 598 tonnes.", "It was 598 tonnes.", figures, [])
    assert not metrics.wrong_figure("So many.", "So many. It was 612 tonnes.", figures, [])
    assert metrics.wrong_figure("612 tonnes, or 598.", "612 tonnes", figures, ["598"])
    assert not metrics.wrong_figure("Kenya", "Kenya", [["Ghana"]], [])
    assert not metrics.are_figures([["612"], ["Ghana"]])


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
        "A WRONG FIGURE, SAID SURE",
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
    assert lines[0].split() == ["metric", "zh", "en", "all", "95", "%", "of", "floor", "moved"]
    assert lines[2].split() == ["facts", "found", "-", "0.500", "0.500", "2", ">=", "0.75", "FAIL"]
    assert lines[3].split() == ["answer", "p50,", "ms", "1.2", "2.0", "2.0", "3"]
    assert lines[4].split()[2:] == ["1.000", "1.000", "1.000", "4", ">=", "0.95", "pass"]


def test_the_listing_shortens_what_repeats() -> None:
    failures = [report.Failure("number en", f"claim {i}", "not caught") for i in range(7)]
    text = report.listing(failures, most=2)
    assert "claim 1" in text
    assert "claim 2" not in text
    assert text.endswith("number en: and 5 more")
    assert report.listing(failures, most=7, longest=3).splitlines()[-1] == "and 4 more places"


def test_what_moved_against_the_baseline_stands_in_its_line() -> None:
    change = Change("facts found", 0.9, 0.5, -0.6, -0.2, 20)
    row = report.Row("facts found", 0.5, 0.5, 0.5, 20, span=(0.3, 0.7))
    assert report.table([row], [change]).splitlines()[2].split()[-3:] == ["20", "-0.400", "FELL"]


def test_the_markdown_has_the_figures_and_each_kind_of_question() -> None:
    lines = report.markdown(report.rows([outcome(says(FIRST))], []), [outcome(says(FIRST))]).splitlines()
    assert "| facts found | - | 1.000 | 1.000 | 1.000 – 1.000 | 1 |" in lines
    assert lines[-1] == "| number | 1 | 1.000 | 1.000 | 1.000 |  | 0.000 |"


def test_the_gravest_failures_come_first() -> None:
    grave = replace(outcome(says(SECOND)), question=replace(question(), id="grave"))
    declined = outcome(Answer("", "en", certainty="none"))
    first = report.failures([declined, grave], [])[0]
    assert (first.where, first.wrong) == ("grave", f"A WRONG FIGURE, SAID SURE | {SECOND}")


def test_a_citation_that_its_claim_would_not_miss_is_needless() -> None:
    both = Claim(FIRST, (citation(1, FIRST), citation(2, SECOND)))

    def supports(claim: str, span: str) -> Support:
        return Support(claim in span, 1.0, "")

    parts = Parts(lambda _: iter(()), lambda *_: [], lambda _: REPORT, supports)
    told = judged(question(), Answer("", "en", (both,)), parts)
    assert told.needless == (2,)
    assert scores(told)["citations needed"] == 0.5


@pytest.mark.parametrize(
    ("claim", "supported"),
    [
        ("Coast: 2023 9,340", True),
        ("Coast: 2022 8,120, 2023 9,340", True),
        ("Coast: 2023 9,430", False),
    ],
)
def test_a_row_is_read_with_each_cell_told_with_its_column(claim: str, supported: bool) -> None:
    text = "| Line | 2021 | 2022 | 2023 |\n| --- | --- | --- | --- |\n| Coast | 7,905 | 8,120 | 9,340 |\n"
    report_of = replace(REPORT, text=text)
    row = "Coast | 7,905 | 8,120 | 9,340"
    quoted = Citation(1, "r1", "abc", text.index(row), text.index(row) + len(row), None, row)
    parts = Parts(lambda _: iter(()), lambda *_: [], lambda _: report_of, verify)
    told = judged(question(), Answer("", "en", (Claim(claim, (quoted,)),)), parts)
    assert (told.unsupported == ()) is supported


def test_the_words_that_answer_are_read_from_the_report() -> None:
    claim = Claim(FIRST, (citation(1, FIRST),), answer_span=(11, 16))
    told = outcome(Answer("", "en", (claim,)))
    assert told.spans == ("1,011",)
    assert scores(told)["answer span exact"] == 1.0


def test_search_is_judged_by_the_evidence_of_each_language() -> None:
    asked = replace(question(), evidence=(Evidence("cilium.en.md", FIRST),))
    own, across = scores(outcome(says(FIRST), asked)), scores(outcome(says(FIRST), replace(asked, language="zh")))
    assert (own["own language: MRR"], own["own language: nDCG@10"]) == (0.5, 0.6309)
    assert across["across: MRR"] == 0.5
    assert "across: MRR" not in own
    assert (own["evidence precision"], own["evidence recall"]) == (1.0, 1.0)


def test_declining_and_confidence_are_figures_of_all_questions() -> None:
    abstained = Answer("", "en", certainty="none", confidence=0.2)
    sure = replace(says(FIRST), confidence=0.9)
    told = [outcome(sure), outcome(abstained, question((), answerable=False)), outcome(abstained)]
    table = {row.metric: row for row in report.rows(told, [])}
    assert table["declining precision"].en == 0.5
    assert table["declining recall"].en == 1.0
    assert table["confidence AUC"].en == 1.0
    assert table["sure answers right"].en == 1.0
    assert table["risk-coverage area"].en == pytest.approx(4 / 9)


def test_a_conflict_is_told_only_with_both_values_and_counted_apart_where_none_is() -> None:
    asked = replace(question((("1,011",), ("980",))), kind="conflict")
    both, other = (Conflict(what, (1, 2), None) for what in ("companies: 1,011 [1], 980 [2]", "users: 3 [1], 4 [2]"))

    def told(*conflicts: Conflict, of: EvalQuestion) -> Scores:
        return scores(outcome(replace(says(FIRST, SECOND), conflicts=conflicts), of))

    assert told(both, of=asked)["conflict told"] == 1.0
    assert told(other, of=asked)["conflict told"] == told(of=asked)["conflict told"] == 0.0
    assert "conflict told where none is" not in told(both, of=asked)
    assert told(both, of=question())["conflict told where none is"] == 1.0
    assert told(of=question())["conflict told where none is"] == 0.0


def test_the_first_sentence_is_looked_at_alone() -> None:
    assert scores(outcome(says(FIRST, SECOND)))["fact in the first sentence"] == 1.0
    assert scores(outcome(says(SECOND, FIRST)))["fact in the first sentence"] == 0.0
    assert scores(outcome(says(SECOND, FIRST)))["facts found"] == 1.0
    assert scores(outcome(Answer("q", "en", certainty="none")))["fact in the first sentence"] == 0.0


def test_the_result_file_holds_answers_citations_and_failures(tmp_path: Path) -> None:
    trial = Trial("number", "zh", "有 2 家", "有 1 家", False, "same words")
    path = tmp_path / "var" / "eval.json"
    made = report.result(
        report.rows([outcome(says(FIRST))], [trial]),
        [outcome(says(FIRST))],
        [trial],
        ["line 3 skipped"],
        model="small",
        writer="quoting",
    )
    report.write(path, made)
    result = json.loads(path.read_text(encoding="utf-8"))
    assert result == json.loads((tmp_path / "var" / "eval" / f"{result['commit']}.json").read_text(encoding="utf-8"))
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
