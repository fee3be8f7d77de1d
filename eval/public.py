"""Public question sets, scored like our own: ``python -m eval public squad --data FILE`` prints the same table.

Each question is asked of the passages that its set gives it, and of nothing else. What papers report of a set stands
below; of other models, and measured in the papers' own way: to place our figures, not to rank them.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from answer.verify import verify
from eval import report
from eval.cases import Case, ask_case, path_of
from eval.metrics import missing
from eval.questions import EvalQuestion, Evidence
from index.batch import read_lines
from index.commands import Parser
from index.encoder import ModelMissing
from index.search import Search
from settings import Settings
from text.language import language_of
from text.sentences import quotable

#: The passages of an RGB question.
_RGB_PASSAGES = 5


@dataclass(frozen=True, slots=True)
class PublicSet:
    """How a set's file is read into cases, and what papers report of it."""

    cases: Callable[[Path, argparse.Namespace], Iterator[Case]]
    published: tuple[str, ...] = ()


def main(arguments: Sequence[str] | None = None) -> int:
    """Asks a set's questions and prints the table; 0 when it went well, 2 with a sentence on stderr when not."""
    parser = Parser(prog="python -m eval public", description="Public question sets, scored like ours")
    parser.add_argument("name", choices=[*SETS, "ragtruth"], help="whose format the file has")
    parser.add_argument("--data", type=Path, required=True, metavar="FILE", help="the set's file, as it is published")
    parser.add_argument("--sources", type=Path, help="ragtruth: source_info.jsonl; dragonball: the documents' JSONL")
    parser.add_argument("--noise", type=float, default=0.4, help="rgb: the share of negative passages (default: .4)")
    parser.add_argument("--count", type=int, default=200, help="at most so many questions, drawn (default: 200)")
    chosen = parser.parse_args(arguments)
    try:
        settings = Settings.read(os.environ)
        like = Search.empty(settings)
        if chosen.name == "ragtruth":
            print(_ragtruth(chosen, like))
            return 0
        asked = list(SETS[chosen.name].cases(chosen.data, chosen))
        if not asked:
            raise ValueError(f"{chosen.data} has no question that can be asked. Is it in the format of {chosen.name}?")
        drawn = asked if len(asked) <= chosen.count else random.Random(0).sample(asked, chosen.count)
        outcomes = [ask_case(case, like, settings) for case in drawn]
    except (KeyError, TypeError) as error:
        print(f"{chosen.data} is not in the format of {chosen.name}: {error!r}.", file=sys.stderr)
        return 2
    except (ModelMissing, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(report.table(report.rows(outcomes, [])))
    print("\n".join(["", *(f"published: {line}" for line in SETS[chosen.name].published)]).rstrip())
    return 0


def _case(name: str, question: str, facts: Sequence[Sequence[str]], passages: Sequence[str], kind: str) -> Case:
    """A question with its passages; the evidence are those that hold a fact. Without facts there is no answer."""
    paths = [path_of(place) for place in range(len(passages))]
    groups = tuple(tuple(fact for fact in group if fact.strip()) for group in facts)
    groups = tuple(group for group in groups if group)
    evidence = tuple(
        Evidence(path, text)
        for path, text in zip(paths, passages, strict=True)
        if groups and len(missing(text, groups)) < len(groups)
    )
    language = language_of(question) or "en"
    asked = EvalQuestion(name, question, language, kind, bool(groups), groups, tuple(paths), evidence=evidence)
    return Case(asked, tuple(passages))


def squad(path: Path, _: argparse.Namespace) -> Iterator[Case]:
    """SQuAD 1.1 and 2.0, XQuAD, CMRC 2018: each question of its own paragraph; an impossible one has no answer.

    ``{"data": [{"paragraphs": [{"context", "qas": [{"id", "question", "answers": [{"text"}]}]}]}]}``
    """
    for article in json.loads(path.read_text("utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            for asked in paragraph["qas"]:
                answers = [] if asked.get("is_impossible") else [answer["text"] for answer in asked["answers"]]
                yield _case(str(asked["id"]), asked["question"], [answers], [paragraph["context"]], "span")


def rgb(path: Path, chosen: argparse.Namespace) -> Iterator[Case]:
    """RGB: each question of five passages, ``--noise`` of them negative; at 1 there is no answer.

    ``{"id", "query", "answer": [text or alternatives], "positive": [text], "negative": [text]}`` a line; where parts
    are asked for, ``positive`` has a list for each.
    """
    for row in _rows(path, ("query",)):
        negatives = round(_RGB_PASSAGES * chosen.noise)
        positive = _woven(row["positive"])[: _RGB_PASSAGES - negatives]
        facts = [group if isinstance(group, list) else [group] for group in _listed(row["answer"])]
        passages = [*positive, *row["negative"][: _RGB_PASSAGES - len(positive)]]
        random.Random(str(row.get("id"))).shuffle(passages)
        yield _case(str(row.get("id")), row["query"], facts if positive else [], passages, "rgb")


def _woven(texts: Sequence[Any]) -> list[str]:
    """``[[a, b], [c]]`` -> a, c, b: of each part first what comes first; a plain list as it is."""
    parts = [text if isinstance(text, list) else [text] for text in texts]
    if not any(isinstance(text, list) for text in texts):
        return [text for part in parts for text in part]
    return [part[place] for place in range(max(map(len, parts))) for part in parts if place < len(part)]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def dragonball(path: Path, chosen: argparse.Namespace) -> Iterator[Case]:
    """DragonBall of RAGEval: each question of its own documents (``--sources``); evidence are its references.

    A line: ``{"query": {"query_id", "content", "query_type"}, "ground_truth": {"doc_ids", "references"}}``;
    of the documents ``{"doc_id", "content"}``. A fact is a reference's exact words: what is quoted has it or has not.
    """
    if not chosen.sources:
        raise ValueError("The questions of dragonball need their documents. Give --sources DOCUMENTS.jsonl.")
    documents = {row["doc_id"]: row["content"] for row in _rows(chosen.sources, ("content",))}
    for row in _rows(path, ()):
        query, truth = row["query"], row["ground_truth"]
        passages = [documents[id_] for id_ in truth["doc_ids"] if id_ in documents]
        references = [text for text in truth.get("references") or () if any(text in passage for passage in passages)]
        if passages:
            facts = [[reference] for reference in references]
            yield _case(str(query["query_id"]), query["content"], facts, passages, query.get("query_type", "query"))


def _rows(path: Path, wanted: Sequence[str]) -> list[dict[str, Any]]:
    """The lines of a JSONL file; bad ones are told."""
    rows, problems = read_lines(path, wanted)
    for problem in problems:
        print(problem, file=sys.stderr)
    return rows


#: A response of RAGTruth: was it found to be hallucinated, and is it.
Flag = tuple[bool, bool]


def _ragtruth(chosen: argparse.Namespace, like: Search) -> str:
    """Precision, recall and F1 of finding responses that say what their source does not."""
    if not chosen.sources:
        raise ValueError("The responses of ragtruth need their sources. Give --sources source_info.jsonl.")
    sources = {row["source_id"]: _text(row["source_info"]) for row in _rows(chosen.sources, ())}
    rows = [row for row in _rows(chosen.data, ("response",)) if row["source_id"] in sources]
    rows = rows if len(rows) <= chosen.count else random.Random(0).sample(rows, chosen.count)
    flags = [(unsupported(row["response"], sources[row["source_id"]], like), bool(row["labels"])) for row in rows]
    precision, recall, f1 = detection(flags)
    told = f"{len(flags)} responses  precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}"
    return told


def _text(source: Any) -> str:
    """A source as text: of structured ones all their texts."""
    if isinstance(source, str):
        return source
    parts = source.values() if isinstance(source, Mapping) else source if isinstance(source, list) else [str(source)]
    return "\n\n".join(map(_text, parts))


def unsupported(response: str, source: str, like: Search) -> bool:
    """Does a response say a sentence that neither a paragraph of the source nor all of it supports?"""
    spans = [*dict.fromkeys(filter(str.strip, source.split("\n"))), source]
    sentences = (response[start:end] for start, end in quotable(response, 0, len(response)))
    return not all(any(verify(said, span, like.meaning).supported for span in spans) for said in sentences)


def detection(flags: Sequence[Flag]) -> tuple[float, float, float]:
    """Precision, recall and F1 of what was found: (True, True), (True, False), (False, True) -> .5, .5, .5."""
    both = sum(found and true for found, true in flags)
    found, true = sum(found for found, _ in flags), sum(true for _, true in flags)
    return both / max(found, 1), both / max(true, 1), 2 * both / max(found + true, 1)


_RGB = ("accuracy of ChatGPT, Chinese, noise 0, .4, .8: 95.7, 91.0, 70.7 (Chen et al., 2024)",)
SETS: dict[str, PublicSet] = {
    "squad": PublicSet(squad),
    "xquad": PublicSet(squad),
    "cmrc": PublicSet(squad),
    "rgb": PublicSet(rgb, _RGB),
    "dragonball": PublicSet(dragonball),
}
