"""What each step of search is worth: python -m eval.ablation --dev DIR writes docs/ablation.md.

The development data is described in docs/ablation.md; none of it is trained on or kept here.
"""

from __future__ import annotations

import json
import lzma
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index.batch import read_lines
from index.commands import Parser
from index.search import Search
from ingest.read import report_from_text
from settings import ROOT, Settings

#: Development questions, each put into the other language for this project by somebody who reads both.
_ACROSS = ROOT / "eval" / "asked-across.jsonl"
#: What a line of the development questions has.
_FIELDS = ("question", "passage")
#: Passages and questions of each set.
_PASSAGES, _QUESTIONS, _SENTENCES = 240, 400, 5000
#: News sentences that make a paragraph, and how much of a sentence is asked for.
_PARAGRAPH, _CHARACTERS, _WORDS = 8, 18, 9

STEPS: dict[str, dict[str, Any]] = {
    "everything": {},
    "without keywords": {"use_keywords": False},
    "without late interaction": {"use_interaction": False},
    "without mean vectors": {"use_vectors": False},
    "keywords alone": {"use_interaction": False, "use_vectors": False},
    "late interaction alone": {"use_keywords": False, "use_vectors": False},
    "mean vectors alone": {"use_keywords": False, "use_interaction": False},
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Texts to find, and questions with the place of the text that each should find."""

    name: str
    texts: list[str]
    questions: list[tuple[str, int]]


def sets(dev: Path) -> list[Asked]:
    """The development sets, drawn with fixed seeds. Raises FileNotFoundError for a missing file."""
    chinese, english = ((dev / f"ntrex.{language}.txt").read_text("utf-8").splitlines() for language in ("zh", "en"))
    with lzma.open(dev / "parallel-cloudnative.jsonl.xz", "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["kind"] == "sentence" and len(row["zh"]) > 10]
    rows = random.Random(3).sample(rows, min(_SENTENCES, len(rows)))
    return [
        _questions("zh->zh", dev / "qa-zh-cmrc2018-dev.jsonl"),
        _questions("en->en", dev / "qa-en-dev.jsonl"),
        _asked_across("zh->en", dev / "qa-en-dev.jsonl"),
        _asked_across("en->zh", dev / "qa-zh-cmrc2018-dev.jsonl"),
        _asked_across("both zh->en", dev / "qa-en-dev.jsonl", dev / "qa-zh-cmrc2018-dev.jsonl"),
        _asked_across("both en->zh", dev / "qa-zh-cmrc2018-dev.jsonl", dev / "qa-en-dev.jsonl"),
        _news("news zh->en", chinese, english),
        _news("news en->zh", english, chinese),
        _translations("sentence zh->en", [row["zh"] for row in rows], [row["en"] for row in rows]),
        _translations("sentence en->zh", [row["en"] for row in rows], [row["zh"] for row in rows]),
    ]


def _questions(name: str, path: Path) -> Asked:
    rows = read_lines(path, _FIELDS)[0]
    texts = list(dict.fromkeys(row["passage"] for row in rows))
    texts = random.Random(0).sample(texts, _PASSAGES)
    places = {text: place for place, text in enumerate(texts)}
    asked = [(row["question"], places[row["passage"]]) for row in rows if row["passage"] in places]
    return Asked(name, texts, random.Random(1).sample(asked, min(_QUESTIONS, len(asked))))


def _asked_across(name: str, path: Path, *others: Path) -> Asked:
    """The questions of a set that were put into the other language, asked of all their passages.

    Passages of ``others`` lie among them.
    """
    passages = {row["id"]: row["passage"] for row in read_lines(path, _FIELDS)[0]}
    asked = [row for row in read_lines(_ACROSS, ("id", "question"))[0] if row["id"] in passages]
    texts = list(dict.fromkeys(passages[row["id"]] for row in asked))
    texts = list(
        dict.fromkeys([*texts, *(row["passage"] for other in others for row in read_lines(other, _FIELDS)[0])])
    )
    places = {text: place for place, text in enumerate(texts)}
    return Asked(name, texts, [(row["question"], places[passages[row["id"]]]) for row in asked])


def _news(name: str, asked_in: list[str], found_in: list[str]) -> Asked:
    joint = "" if name.endswith("zh") else " "
    texts = [joint.join(found_in[first : first + _PARAGRAPH]) for first in range(0, len(found_in), _PARAGRAPH)]
    rng = random.Random(2)
    rows = rng.sample(range(len(asked_in)), _QUESTIONS)
    return Asked(name, texts, [(_stretch(asked_in[row], rng), row // _PARAGRAPH) for row in rows])


def _stretch(sentence: str, rng: random.Random) -> str:
    """A part of the sentence, as long as a question."""
    words = sentence.split()
    if len(words) > _WORDS:
        first = rng.randrange(len(words) - _WORDS)
        return " ".join(words[first : first + _WORDS])
    first = rng.randrange(max(1, len(sentence) - _CHARACTERS))
    return sentence[first : first + _CHARACTERS]


def _translations(name: str, asked: list[str], found: list[str]) -> Asked:
    rows = random.Random(5).sample(range(len(asked)), _QUESTIONS)
    return Asked(name, found, [(asked[row], row) for row in rows])


def first_and_tenth(search: Search, asked: Asked) -> tuple[float, float]:
    """The share of questions whose text is found first, and among the first ten; equal texts count alike."""
    first = tenth = 0
    for question, place in asked.questions:
        paths = [search.report(hit.passage.report_id).path for hit in search.search(question, 10)]
        found = [asked.texts[int(Path(path).stem)] == asked.texts[place] for path in paths]
        first += found[:1] == [True]
        tenth += any(found)
    return first / len(asked.questions), tenth / len(asked.questions)


def measure(settings: Settings, asked: Sequence[Asked]) -> dict[str, list[tuple[float, float]]]:
    """R@1 and R@10 of each set for each choice of steps."""
    like = Search.empty(settings)
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in STEPS}
    for one in asked:
        reports = [report_from_text(text, f"{place}.txt") for place, text in enumerate(one.texts)]
        search = Search.over(reports, like)
        for name, steps in STEPS.items():
            found[name].append(first_and_tenth(search.with_settings(replace(settings, **steps)), one))
    return found


def table(asked: Sequence[Asked], found: dict[str, list[tuple[float, float]]]) -> str:
    """The figures as Markdown: R@1 / R@10."""
    lines = ["| | " + " | ".join(one.name for one in asked) + " |", "|---|" + "---|" * len(asked)]
    for name, cells in found.items():
        lines.append(f"| {name} | " + " | ".join(f"{one:.3f} / {ten:.3f}" for one, ten in cells) + " |")
    return "\n".join(lines)


_ABOUT = f"""# What each step of search is worth

R@1 / R@10 on development data, with the shipped model; written by `python -m eval.ablation --dev DIR`.

{{table}}

- zh->zh: questions of CMRC2018's development part, {_PASSAGES} passages. en->en: questions of SQuAD's training part
  and QED that were kept apart, {_PASSAGES} passages.
- zh->en, en->zh: questions of the same two sets, put into the other language for this project
  (`eval/asked-across.jsonl`), asked of all the passages they belong to, 260 English and 332 Chinese ones.
- both: the same questions, with all passages of the other set, in the question's own language, lying among them.
- news: a stretch of a news sentence ({_CHARACTERS} Chinese characters, {_WORDS} English words; NTREX-128)
  asked of paragraphs of {_PARAGRAPH} sentences in the other language.
- sentence: a sentence of cloud-native documentation, its translation among all of them ({{sentences}}).

These collections are scored whole, but for both. The steps of larger ones (candidates by words, by near pieces, by mean
vectors) are measured in docs/bench.md.
"""


def main(arguments: list[str] | None = None) -> int:
    """Runs the command; 0 when it went well, 1 with a sentence on stderr when not."""
    parser = Parser(prog="python -m eval.ablation", description="What is each step of search worth?")
    parser.add_argument("--dev", type=Path, required=True, metavar="DIR", help="the development data")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "ablation.md", help="where the table goes")
    options = parser.parse_args(arguments)
    try:
        asked = sets(options.dev)
    except FileNotFoundError as error:
        print(f"{error.filename} is missing. --dev should name the folder of development data.", file=sys.stderr)
        return 1
    made = table(asked, measure(Settings(), asked))
    options.out.write_text(_ABOUT.format(table=made, sentences=len(asked[-1].texts)), encoding="utf-8")
    print(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
