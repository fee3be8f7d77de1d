"""Reports -> their passages with words, tokens and vectors; on all cores when there is much to do."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder, Ids, StaticEncoder, Token, load
from ingest.split import split
from records import Passage, Report
from text.markdown import plain
from text.tables import over_rows
from text.words import words

#: A longer title is a first sentence, not a name.
LONGEST_TITLE = 120
#: So many characters are worth the two seconds that a second process takes to start.
_MUCH = 2_000_000
#: Characters of text that are prepared and committed together.
_TOGETHER = 200_000


@dataclass(frozen=True, slots=True)
class Prepared:
    """A report's passages in order, with the words, the tokens and the vector of each [n, dimension].

    Words are joined by spaces; there are no tokens on a model that is not static.
    """

    passages: list[Passage]
    words: list[str]
    tokens: list[Ids]
    vectors: NDArray[np.float16]


def prepare(encoder: Encoder, reports: Sequence[Report], size: int) -> list[Prepared]:
    """One a report, in order; passages hold at most ``size``, as in ``split``."""
    split_reports = [split(report, size) for report in reports]
    texts = [
        searchable(report, passage) for report, some in zip(reports, split_reports, strict=True) for passage in some
    ]
    tokens, vectors = encode(encoder, texts)
    found, first = [], 0
    for passages in split_reports:
        some = slice(first, first := first + len(passages))
        said = [" ".join(words(text)) for text in texts[some]]
        found.append(Prepared(passages, said, tokens[some], vectors[some]))
    return found


def prepare_all(
    encoder: Encoder, model: str, reports: Iterable[Report], size: int, at_most: int
) -> Iterator[tuple[Sequence[Report], list[Prepared]]]:
    """Batch by batch, in order. ``model`` is what other processes load ``encoder`` from.

    ``at_most`` tells how much there may be, in characters: for little, each report is prepared as it comes.
    """
    batches = _batches(reports)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    first: list[list[Report]] = []
    if at_most >= _MUCH and cores > 1 and isinstance(encoder, StaticEncoder):
        first = list(islice(batches, _MUCH // _TOGETHER))
    if len(first) < _MUCH // _TOGETHER:
        yield from ((batch, prepare(encoder, batch, size)) for batch in chain(first, batches))
        return
    # started anew, not forked: this process may have threads
    with ProcessPoolExecutor(cores, multiprocessing.get_context("spawn"), _start, (model, size)) as pool:
        waiting: list[tuple[Sequence[Report], Future[list[Prepared]]]] = []
        for batch in chain(first, batches):
            waiting.append((batch, pool.submit(_run, batch)))
            if len(waiting) > 2 * cores:
                done, future = waiting.pop(0)
                yield done, future.result()
        yield from ((done, future.result()) for done, future in waiting)


def encode(encoder: Encoder, texts: Sequence[str]) -> tuple[list[Ids], NDArray[np.float16]]:
    """The tokens in reading order and the vector of each text; no tokens for a model that is not static."""
    if isinstance(encoder, StaticEncoder):
        ids = encoder.token_ids(texts)
        return ids, encoder.mean(ids).astype(np.float16)
    return [np.zeros(0, dtype=Token) for _ in texts], encoder.encode(texts).astype(np.float16)


def searchable(report: Report, passage: Passage) -> str:
    """What a passage is found by: the report's title, the headings above it, the header of the table that it goes on
    with, and its words.
    """
    title = report.title if len(report.title) <= LONGEST_TITLE else ""
    headings = [heading for heading in passage.headings if heading != title]
    said = [*over_rows(report.text, passage.start), report.text[passage.start : passage.end]]
    return "\n".join(filter(None, [title, *headings, *map(plain, said)]))


def _batches(reports: Iterable[Report]) -> Iterator[list[Report]]:
    """Reports together until they are worth a commit."""
    batch: list[Report] = []
    held = 0
    for report in reports:
        batch.append(report)
        held += len(report.text)
        if held >= _TOGETHER:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


_other: tuple[Encoder, int] | None = None


def _start(model: str, size: int) -> None:
    """In a process of its own: one core is its share."""
    global _other
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    os.environ["OMP_NUM_THREADS"] = "1"
    _other = load(model), size


def _run(reports: Sequence[Report]) -> list[Prepared]:
    assert _other
    return prepare(_other[0], reports, _other[1])
