"""What the reader learns from is true: spans hold the words that answer, and what is a *no* does not answer."""

import json
import lzma
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from text.sentences import quotable
from train.lesson import CONTRADICTED, SUPPORTED, UNKNOWN, UNSUPPORTED, Lesson
from train.lessons import (
    SIZE,
    Questions,
    claims,
    cloze,
    dated,
    factbook,
    mixture,
    sections,
    sentence_of,
    size_of,
    translated_claims,
    windowed,
    without,
)
from train.wording import is_chinese

PROSE = "Plant {0} shipped {1} units to its customers in the north."
ZH = "第{0}工厂全年交付{1}台设备，客户主要在北方。"
LAYOUTS = {
    "prose": (PROSE, " "),
    "paragraphs": (PROSE, "\n\n"),
    "Chinese": (ZH, ""),
    "list": ("- " + PROSE, "\n"),
    "numbered list": ("{0}. " + PROSE, "\n"),
    "table": ("| Plant {0} | {1} |", "\n"),
    "table of figures": ("| {0} | {1} |", "\n"),
}
HEADER = "| Plant | Units |\n| --- | --- |\n"


def laid_out(layout: str, numbers: Sequence[int]) -> str:
    form, joint = LAYOUTS[layout]
    head = HEADER if layout.startswith("table") else ""
    return head + joint.join(form.format(n, n * 37) for n in numbers)


def told(passage: str) -> list[str]:
    return [passage[start:end] for start, end in quotable(passage, 0, len(passage))]


def evidence_of(lesson: Lesson) -> list[str]:
    return [lesson.passage[start:end] for start, end in lesson.evidence]


def answer_of(lesson: Lesson) -> str | None:
    return lesson.passage[slice(*lesson.answer)] if lesson.answer else None


def asking(passage: str, units: int) -> Lesson:
    """How many units one plant shipped: the evidence is its sentence, the answer its figure."""
    at = re.search(rf"(?<!\d){units}(?!\d)", passage)
    assert at
    return Lesson("how many?", passage, evidence=(sentence_of(passage, *at.span()),), answer=at.span())


layouts = st.sampled_from(sorted(LAYOUTS))
plants = st.lists(st.integers(100, 299), min_size=12, max_size=40, unique=True)


@settings(deadline=None, max_examples=150)
@given(layouts, plants, st.integers(0, 11), st.integers(10, 900), st.integers(0, 99))
def test_a_window_holds_the_same_words_at_its_spans(
    layout: str, numbers: list[int], asked: int, size: int, seed: int
) -> None:
    lesson = asking(laid_out(layout, numbers), numbers[asked] * 37)
    window = windowed(lesson, random.Random(seed), size)
    assert evidence_of(window) == evidence_of(lesson)
    assert answer_of(window) == answer_of(lesson) == str(numbers[asked] * 37)
    assert evidence_of(window)[0] in told(window.passage), "the evidence is a sentence of the window too"
    assert set(told(window.passage)) <= set(told(lesson.passage)), "sentences are kept whole"
    assert sum(map(size_of, told(window.passage))) <= max(size, size_of(evidence_of(lesson)[0]))


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(["table", "table of figures"]), plants, st.integers(0, 11), st.integers(0, 99))
def test_a_tables_header_stands_above_its_window_or_in_it(
    layout: str, numbers: list[int], asked: int, seed: int
) -> None:
    lesson = asking(laid_out(layout, numbers), numbers[asked] * 37)
    window = windowed(lesson, random.Random(seed), 120)
    assert f"{window.above}\n{window.passage}".count("Plant | Units |") == 1


def test_a_window_of_a_table_keeps_what_stood_above_it() -> None:
    lesson = Lesson("?", laid_out("table", range(100, 160)), above="Report > Plants", evidence=((900, 905),))
    window = windowed(lesson, random.Random(0), 120)
    assert window.above == "Report > Plants\n| Plant | Units |"


def test_a_short_passage_is_its_own_window() -> None:
    lesson = asking(laid_out("prose", [101, 102]), 101 * 37)
    assert windowed(lesson, random.Random(0)) == lesson


def test_a_passage_that_does_not_answer_has_a_window_without_evidence() -> None:
    window = windowed(Lesson("?", laid_out("Chinese", range(100, 160))), random.Random(0))
    assert 0 < size_of(window.passage) <= SIZE
    assert window.evidence == ()


@settings(deadline=None, max_examples=150)
@given(layouts, plants, st.sets(st.integers(0, 11), min_size=1, max_size=3))
def test_a_near_miss_is_the_passage_less_its_evidence(layout: str, numbers: list[int], asked: set[int]) -> None:
    passage = laid_out(layout, numbers)
    parts = [asking(passage, numbers[i] * 37) for i in asked]
    miss = without(Lesson("?", passage, evidence=tuple(part.evidence[0] for part in parts)))
    assert miss
    gone = [evidence_of(part)[0] for part in parts]
    assert told(miss.passage) == [sentence for sentence in told(passage) if sentence not in gone]
    assert (miss.evidence, miss.answer) == ((), None)
    marks = re.findall(r"^ *[-|] *(?=[-|]|$)", miss.passage, re.MULTILINE)
    assert marks == re.findall(r"^ *[-|] *(?=[-|]|$)", passage, re.MULTILINE), "no bullet without its item"


def test_an_items_other_sentences_stay_under_its_bullet() -> None:
    passage = f"- {PROSE.format(101, 5)} It is old.\n- {PROSE.format(102, 6)}\n- {PROSE.format(103, 7)}"
    first, second = (passage.index(words) for words in (PROSE.format(101, 5), "It is old."))
    for start, length in ((first, len(PROSE.format(101, 5))), (second, len("It is old."))):
        miss = without(Lesson("?", passage, evidence=((start, start + length),)))
        assert miss
        assert [line[:2] for line in miss.passage.split("\n")] == ["- ", "- ", "- "]


def test_nothing_is_made_of_a_passage_that_is_all_evidence() -> None:
    lesson = asking(PROSE.format(101, 5), 5)
    assert without(lesson) is None


# ----------------------------------------------------------------------------------------------- from files of training


def write(folder: Path, **tables: Iterable[Mapping[str, Any]]) -> Path:
    """Training files as they lie in the folder, one JSON object a line."""
    for name, rows in tables.items():
        with lzma.open(folder / f"{name}.jsonl.xz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return folder


def translations(count: int, source: str = "handbook") -> list[dict[str, str]]:
    """Sentences that share their plant's name and figure with their translation."""
    return [
        {
            "en": f"Plant Kilda{i:03} shipped {i * 37} units to its customers in the north.",
            "zh": f"Kilda{i:03} 工厂全年交付{i * 37}台设备，客户主要在北方。",
            "src": source,
            "kind": "sentence",
        }
        for i in range(101, 101 + count)
    ]


def assert_true_to_itself(lesson: Lesson) -> None:
    """Spans lie in the passage and hold words; the answer lies in the evidence; a *no* has none."""
    for start, end in lesson.evidence:
        assert 0 <= start < end <= len(lesson.passage)
        assert lesson.passage[start:end].strip()
    if lesson.answer:
        start, end = lesson.answer
        assert start < end
        assert any(first <= start and end <= last for first, last in lesson.evidence)
    assert lesson.question.strip()
    assert lesson.passage.strip()


def told_both_ways(lessons: Sequence[Lesson]) -> set[tuple[str, str, str]]:
    """What is asked of the same passage once with an answer and once without."""
    yes, no = (
        {(x.question, x.above, x.passage) for x in lessons if bool(x.evidence) == there} for there in (True, False)
    )
    return yes & no


def share_of_noes(lessons: Sequence[Lesson]) -> float:
    return sum(not lesson.evidence for lesson in lessons) / len(lessons)


def test_cloze_asks_for_what_the_other_sides_sentence_says(tmp_path: Path) -> None:
    folder = write(tmp_path, parallel=translations(600))
    found = list(cloze(folder, random.Random(0), 1.0))
    asked = [lesson for lesson in found if lesson.answer]
    assert len(asked) > 20
    assert 0.3 < share_of_noes(found) < 0.6
    for lesson in found:
        assert_true_to_itself(lesson)
    for lesson in asked:
        assert is_chinese(lesson.question) != is_chinese(lesson.passage)
        answer = answer_of(lesson)
        assert answer
        assert answer not in lesson.question
        assert re.fullmatch(r"\d+|Kilda\d+", answer)
    assert not told_both_ways(found)


def test_cloze_keeps_to_sentences_and_to_one_source_a_passage(tmp_path: Path) -> None:
    words = [{"en": "plant", "zh": "工厂", "src": "dict-a", "kind": "word"}] * 30
    folder = write(tmp_path, parallel=[*words, *translations(4, "one"), *translations(4, "other")])
    assert list(cloze(folder, random.Random(0), 1.0)) == []


TOPICS = ("Pensions", "Bridges", "Harbours", "Forests", "Libraries", "Museums", "Orchards", "Railways")


def headed(count: int, language: str = "en") -> list[dict[str, str]]:
    """A section under its heading: three sentences that name its number."""
    return [
        {
            "a": f"Guide - {TOPICS[i % 8]} of district {i}" if language == "en" else f"第{i}区的桥梁",
            "b": " ".join(f"District {i} reports on matter {part} at length." for part in "abc")
            if language == "en"
            else "".join(f"第{i}区就{part}事项作了详细的说明。" for part in "甲乙丙"),
            "src": "city",
            "lang": language,
            "kind": "heading",
        }
        for i in range(101, 101 + count)
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_section_answers_what_its_heading_asks(tmp_path: Path, language: str) -> None:
    found = list(sections(write(tmp_path, structure=headed(400, language)), random.Random(0), 1.0))
    assert len(found) > 100
    assert 0.3 < share_of_noes(found) < 0.55
    for lesson in found:
        assert_true_to_itself(lesson)
        assert is_chinese(lesson.question) == (language == "zh")
        number = re.findall(r"\d+", lesson.question)
        assert all(number == re.findall(r"\d+", text) for text in evidence_of(lesson))
    by_question = {lesson.question: lesson for lesson in found if lesson.evidence}
    for miss in (lesson for lesson in found if not lesson.evidence):
        assert all(text not in miss.passage for text in evidence_of(by_question[miss.question]))


def test_sections_of_one_heading_or_without_a_body_ask_nothing(tmp_path: Path) -> None:
    alike = [row | {"a": "Notes"} for row in headed(40)]
    empty = [row | {"b": "Short."} for row in headed(40)]
    assert list(sections(write(tmp_path, structure=[*alike, *empty]), random.Random(0), 1.0)) == []


COUNTRIES = ("Chile", "Norway", "Kenya", "Peru", "Nepal", "Gabon")
KINDS = ("production", "consumption", "exports", "proven reserves")


def coal_of(countries: Sequence[str]) -> list[dict[str, str]]:
    """A country's figures, none of them another country's."""
    return [
        {
            "a": f"{country} - Coal",
            "b": "; ".join(
                f"{kind}: {COUNTRIES.index(country)}{i} million metric tons (2023 est.)"
                for i, kind in enumerate(KINDS, 1)
            ),
            "src": "cia-factbook",
            "lang": "en",
            "kind": "fact",
        }
        for country in countries
    ]


def test_the_factbook_answers_of_its_own_country_only(tmp_path: Path) -> None:
    found = list(factbook(write(tmp_path, structure=coal_of(COUNTRIES * 40)), random.Random(0), 1.0))
    assert 0.35 < share_of_noes(found) < 0.6
    for lesson in found:
        assert_true_to_itself(lesson)
        country = next(name for name in COUNTRIES if name in lesson.question)
        kind = next(kind for kind in KINDS if kind in lesson.question)
        own = lesson.above == f"{country} > Coal"
        said = re.search(rf"{kind}: (\d+ million metric tons)", lesson.passage, re.IGNORECASE)
        assert bool(lesson.evidence) == (own and said is not None)
        assert answer_of(lesson) == (said[1] if said and own else None)


def claimed(label: str, span: str = "The bridge was opened in 1932 by the mayor.", source: str = "fever") -> Any:
    return {"claim": f"The mayor opened a {label} bridge.", "span": span, "label": label, "src": source, "lang": "en"}


def test_a_claim_has_the_verdict_of_its_label_and_is_also_asked(tmp_path: Path) -> None:
    rows = [claimed(label) for label in ("supported", "contradicted", "unknown")] * 40
    found = list(claims(write(tmp_path, claims=rows, paraphrase=[]), random.Random(0)))
    held = [lesson for lesson in found if lesson.verdict is not None]
    verdicts = {"supported": SUPPORTED, "contradicted": CONTRADICTED, "unknown": UNKNOWN}
    assert [lesson.verdict for lesson in held] == [verdicts[row["label"]] for row in rows]
    asked = [lesson for lesson in found if lesson.verdict is None]
    assert {("unknown" in lesson.question, bool(lesson.evidence)) for lesson in asked} == {(True, False), (False, True)}
    for lesson in found:
        assert_true_to_itself(lesson)


def test_a_long_span_of_a_claim_is_cut_between_sentences(tmp_path: Path) -> None:
    rows = [claimed("supported", laid_out("prose", range(100, 200)), "scifact")]
    (lesson,) = claims(write(tmp_path, claims=rows, paraphrase=[]), random.Random(0))
    assert 0 < size_of(lesson.passage) <= SIZE
    assert lesson.passage.endswith("north.")


def test_of_sentences_that_look_alike_some_say_the_same(tmp_path: Path) -> None:
    alike = [
        {"a": "甲队胜乙队。", "b": "乙队胜甲队。", "src": "paws-zh", "lang": "zh", "same": n % 2 == 0}
        for n in range(40)
    ]
    found = list(claims(write(tmp_path, claims=[], paraphrase=alike), random.Random(0)))
    assert {lesson.verdict for lesson in found} == {SUPPORTED, UNSUPPORTED}


def test_a_sentence_is_supported_by_its_translation_and_not_by_its_neighbour(tmp_path: Path) -> None:
    found = list(translated_claims(write(tmp_path, parallel=translations(600)), random.Random(0), 1.0))
    counts = [sum(lesson.verdict == verdict for lesson in found) for verdict in (SUPPORTED, CONTRADICTED, UNKNOWN)]
    assert min(counts) > 40
    assert 0.35 < counts[SUPPORTED] / len(found) < 0.55
    for lesson in found:
        assert_true_to_itself(lesson)
        names, figures = (re.findall(form, lesson.question) for form in (r"Kilda\d+", r"(?<![\da])\d+"))
        there = bool(names) and all(word in lesson.passage for word in (*names, *figures))
        if lesson.verdict == SUPPORTED:
            assert there or not names
        elif lesson.verdict == UNKNOWN:
            assert not there
        else:
            assert lesson.question not in lesson.passage


def test_a_paragraph_is_no_stranger_to_its_own_sentence(tmp_path: Path) -> None:
    rows = []
    for first, second in zip(translations(300)[::2], translations(300)[1::2], strict=True):
        whole = {"en": f"{first['en']} {second['en']}", "zh": first["zh"] + second["zh"]}
        rows += [first | whole | {"kind": "paragraph"}, first, second]
    found = list(translated_claims(write(tmp_path, parallel=rows), random.Random(0), 1.0))
    unknown = [lesson for lesson in found if lesson.verdict == UNKNOWN]
    assert unknown
    for lesson in unknown:
        names = re.findall(r"Kilda\d+", lesson.question)
        assert not all(name in lesson.passage for name in names), lesson


# ------------------------------------------------------------------------------------------------------ a report's year


def test_another_years_report_does_not_answer() -> None:
    lesson = asking(laid_out("prose", [101, 102]), 101 * 37)
    chinese = asking(laid_out("Chinese", [101, 102]), 101 * 37)
    found = list(dated(iter([lesson, chinese] * 300), random.Random(0), 1.0))
    years = [(re.findall(r"20\d\d", one.question), re.findall(r"20\d\d", one.above)) for one in found]
    assert {len(stated) for _, stated in years} == {1}
    for one, (asked, stated) in zip(found, years, strict=True):
        assert bool(one.evidence) == (not asked or asked == stated)
        assert is_chinese(one.above) == is_chinese(one.passage)
    assert 0.3 < share_of_noes(found) < 0.55


@pytest.mark.parametrize(
    "lesson",
    [
        Lesson("how many?", "It had 5.", above="Report 2019"),
        Lesson("how many in 2019?", "It had 5."),
        Lesson("how many?", "In 2019 it had 5."),
        Lesson("It had 5.", "It had 5.", verdict=SUPPORTED),
    ],
    ids=["stands under a title", "asks for a year", "tells its year", "is a claim"],
)
def test_no_year_is_put_on_a_lesson_that(lesson: Lesson) -> None:
    assert list(dated(iter([lesson] * 20), random.Random(0), 1.0)) == [lesson] * 20


# ------------------------------------------------------------------------------------------------ questions of passages

RIVERS = ("Dvina", "Ebro", "Tagus", "Loire", "Weser")


def by_river(texts: Sequence[str]) -> NDArray[np.float32]:
    """An axis a river; texts are alike where they name the same one."""
    return np.array([[river in text for river in RIVERS] for text in texts], np.float32)


def river_rows(places: int) -> list[dict[str, Any]]:
    """Gauges along rivers; every river has a gauge that stands as high as one of another place."""
    rows = []
    for place in range(places):
        river, height = RIVERS[place % 5], f"{place // 10 + 3} metres"
        passage = (
            f"Gauge {place} stands at the {river} in the old town, beside the mill. The water rose to {height} in May."
            f" Nobody was hurt at gauge {place}, and the mill was repaired soon after."
        )
        rows.append(
            {
                "q": f"How high did the {river} rise at gauge {place}?",
                "p": passage,
                "answer": height,
                "start": passage.index(height),
                "lang": "en",
                "src": "rivers",
            }
        )
    return rows


def test_a_question_is_asked_with_its_passage_and_with_near_misses(tmp_path: Path) -> None:
    rows = river_rows(60)
    found = list(Questions(write(tmp_path, qa=rows, reader=[]), by_river, random.Random(0)))
    by_question = {row["q"]: row for row in rows}
    for lesson in found:
        assert_true_to_itself(lesson)
    answered = [lesson for lesson in found if lesson.evidence]
    assert {lesson.question for lesson in answered} == set(by_question)
    for lesson in answered:
        assert answer_of(lesson) == by_question[lesson.question]["answer"]
        assert evidence_of(lesson)[0].startswith("The water rose to ")
    assert 0.3 < share_of_noes(found) < 0.5
    assert not told_both_ways(found)


def test_a_near_miss_lacks_the_answer_or_asks_for_something_else(tmp_path: Path) -> None:
    rows = river_rows(60)
    own = {row["q"]: row for row in rows}
    misses = [
        lesson
        for lesson in Questions(write(tmp_path, qa=rows, reader=[]), by_river, random.Random(1))
        if not lesson.evidence
    ]
    others = [lesson for lesson in misses if lesson.question not in own]
    cut = [one for one in misses if one.question in own and own[one.question]["p"].startswith(one.passage[:20])]
    borrowed = [lesson for lesson in misses if lesson not in others and lesson not in cut]
    assert min(map(len, (others, cut, borrowed))) > 3, "all ways of missing are taken"
    for lesson in (*cut, *borrowed):
        assert own[lesson.question]["answer"] not in lesson.passage
    for lesson in borrowed:
        passage, question = by_river([lesson.passage, lesson.question])
        assert passage @ question == 1, "it is about the same river"


def test_few_passages_are_enough(tmp_path: Path) -> None:
    assert len(list(Questions(write(tmp_path, qa=river_rows(6), reader=[]), by_river, random.Random(0)))) >= 6


def test_a_passage_without_the_answer_asks_as_a_no(tmp_path: Path) -> None:
    (row,) = river_rows(1)
    unanswered = row | {"start": -1, "answer": "", "lang_p": "en"}
    (lesson,) = Questions(write(tmp_path, qa=[unanswered], reader=river_rows(0)), by_river, random.Random(0))
    assert lesson.evidence == ()


def test_a_round_draws_on_every_source(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        qa=river_rows(60),
        reader=[],
        parallel=[{"en": "river", "zh": "河", "src": "dict-a", "kind": "word"}, *translations(2000)],
        structure=[*headed(2000), *coal_of(COUNTRIES * 20)],
        claims=[claimed("supported")] * 50,
        paraphrase=[],
    )
    own = Lesson("invented?", "Invented.", source="invented-fact")
    found = mixture(folder, by_river, 0, [own])
    assert own in found
    sources = {lesson.source for lesson in found}
    assert {"rivers", "cloze", "section", "factbook", "fever", "translated", "tampered", "neighbour"} <= sources
    for lesson in found:
        assert_true_to_itself(lesson)
    assert found == mixture(folder, by_river, 0, [own]), "a seed gives the same round"
    assert found != mixture(folder, by_river, 1, [own])
