"""A small bilingual transformer that reads a question together with a passage, and a claim together with a span.

The shipped one is an ONNX file of 8-bit weights and its tokenizer in one folder; `python -m train reader` makes it.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.encoder import ModelMissing
from index.pairs import Reranker
from text.fold import fold

Array = NDArray[np.float32]

#: Special tokens: begins, pads, ends.
_BOS, _PAD, _EOS = 0, 1, 2
#: The longest question, claim, what stands above a passage, and all of it, in tokens: as it was trained.
_QUESTION, _CLAIM, _ABOVE, _LONGEST = 64, 160, 48, 400
#: The longest answer within a sentence, in tokens.
_ANSWER = 40
#: Passages read at once: what stands beside a passage in a batch changes its 8-bit reading a little, and one fills
#: two cores.
_BATCH = 1
#: What a sentence has that was not read: none of it fitted.
_UNREAD = -12.0


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What is read: a text, the lines above it (title, headings, a table's header), and its sentences as spans of the
    text.
    """

    text: str
    above: str
    sentences: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader says of an excerpt; all are log odds or differences of logits, higher is more.

    ``odds`` of each sentence that it answers; ``none`` that no sentence does, on the scale of ``odds``; ``answers``
    that the whole does. ``words`` is each sentence's likeliest answer, a span of the text, and how much likelier it
    is than no answer.
    """

    odds: tuple[float, ...]
    none: float
    answers: float
    words: tuple[tuple[int, int, float], ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The chances, in [0, 1], that a span supports a claim, contradicts it, does neither."""

    supported: float
    contradicted: float
    unknown: float


class Reads(Protocol):
    """Reads a question together with excerpts."""

    def read(self, question: str, excerpts: Sequence[Excerpt], /) -> list[Reading]:
        """What each excerpt says to the question, in their order."""


@cache
def load_reader(name: str) -> Reads:
    """The reader that the settings name, loaded once: the shipped one's folder, a cross-encoder, or none (``""``).

    Raises ModelMissing.
    """
    if not name:
        return Unread()
    folder = Path(name)
    return (
        Reader(folder)
        if (folder / "model.onnx").is_file() or not (folder / "config.json").is_file() and folder.is_absolute()
        else CrossReader(name)
    )


class Unread:
    """No reader: every excerpt reads the same, and search alone decides."""

    def read(self, question: str, excerpts: Sequence[Excerpt]) -> list[Reading]:
        """A reading that says nothing."""
        return [
            Reading((0.0,) * len(e.sentences), 0.0, 0.0, tuple((*span, 0.0) for span in e.sentences)) for e in excerpts
        ]


class CrossReader:
    """A sentence-transformers cross-encoder in the reader's place: each sentence, under what stands above it, has its
    score.

    The scores are log odds, as rerankers give them; none of them says which words answer.
    """

    def __init__(self, name: str) -> None:
        self._model = Reranker(name)

    def read(self, question: str, excerpts: Sequence[Excerpt]) -> list[Reading]:
        """What each excerpt says to the question, in their order."""
        texts = [f"{e.above}\n{e.text[start:end]}".strip() for e in excerpts for start, end in e.sentences]
        scores = iter(self._model.scores(question, texts).tolist() if texts else [])
        found = []
        for excerpt in excerpts:
            odds = tuple(float(next(scores)) for _ in excerpt.sentences)
            found.append(
                Reading(odds, 0.0, max(odds, default=_UNREAD), tuple((*span, 0.0) for span in excerpt.sentences))
            )
        return found


class Reader:
    """The reader in a folder: ``model.onnx`` and ``tokenizer.json``. Safe to share between threads; one reads at a
    time.

    Raises ModelMissing naming the file that is not there.
    """

    def __init__(self, folder: Path, threads: int = 2) -> None:
        for name in ("model.onnx", "tokenizer.json"):
            if not (folder / name).is_file():
                raise ModelMissing(
                    f"The reader at {folder} has no {name}. `python -m train reader` makes it;"
                    " WENBAO_READER= answers without one."
                )
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # else its loading looks for a host of its maker's
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # threads that wait must not spin: search and the page share the cores
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._lock = threading.Lock()
        self._verdict = lru_cache(maxsize=4096)(self._judged)

    def read(self, question: str, excerpts: Sequence[Excerpt]) -> list[Reading]:
        """What each excerpt says to the question, in their order."""
        asked = self._tokenizer.encode(fold(question)).ids[:_QUESTION]
        windows = [window for place, excerpt in enumerate(excerpts) for window in self._windows(place, asked, excerpt)]
        parts: list[list[_Part]] = [[] for _ in excerpts]
        for window, tokens, whole in self._run(windows):
            parts[window.place].append(_part(window, excerpts[window.place], tokens, whole))
        return [_joined(excerpt, own) for excerpt, own in zip(excerpts, parts, strict=True)]

    def judge(self, claim: str, span: str) -> Verdict:
        """Does the span support the claim?"""
        return self._verdict(claim, span)

    def _judged(self, claim: str, span: str) -> Verdict:
        asked, known = self._tokenizer.encode(fold(claim)).ids[:_CLAIM], self._tokenizer.encode(fold(span)).ids
        ids = [_BOS, *asked, _EOS, _EOS]
        window = _Window(0, [*ids, *known[: _LONGEST - len(ids) - 1], _EOS], len(ids), ())
        ((_, _, whole),) = self._run([window])
        logits = whole[1:] - whole[1:].max()
        chances = np.exp(logits) / np.exp(logits).sum()
        return Verdict(*(float(chance) for chance in chances))

    def _windows(self, place: int, asked: Sequence[int], excerpt: Excerpt) -> Iterator[_Window]:
        """The excerpt in as many stretches of whole sentences as it takes."""
        above = self._tokenizer.encode(fold(excerpt.above)).ids[-_ABOVE:] if excerpt.above else []
        head = [_BOS, *asked, _EOS, _EOS, *above, *([_EOS] if above else [])]
        encoding = self._tokenizer.encode(fold(excerpt.text))
        ids, offsets, room = encoding.ids, encoding.offsets, _LONGEST - len(head) - 1
        first = 0
        while first < len(ids):
            last = min(first + room, len(ids))
            if last < len(ids):  # ends before the sentence that does not fit
                cut = next((start for start, end in excerpt.sentences if start < offsets[last][0] < end), 0)
                fitting = next((i for i in range(first + 1, last) if offsets[i][0] >= cut), last) if cut else last
                last = fitting if fitting > first + room // 3 else last
            yield _Window(place, [*head, *ids[first:last], _EOS], len(head), tuple(offsets[first:last]))
            first = last

    def _run(self, windows: Sequence[_Window]) -> Iterator[tuple[_Window, Array, Array]]:
        """Each window with what the model says of its tokens [tokens, 3] and of the whole [4]; not in their order."""
        order = sorted(windows, key=lambda window: len(window.ids))
        for at in range(0, len(order), _BATCH):
            batch = order[at : at + _BATCH]
            longest = max(len(window.ids) for window in batch)
            ids = np.full((len(batch), longest), _PAD, dtype=np.int64)
            mask = np.zeros((len(batch), longest), dtype=np.int64)
            for row, window in enumerate(batch):
                ids[row, : len(window.ids)], mask[row, : len(window.ids)] = window.ids, 1
            with self._lock:
                tokens, whole = self._session.run(None, {"ids": ids, "mask": mask})
            for row, window in enumerate(batch):
                yield window, tokens[row, : len(window.ids)], whole[row]


@dataclass(frozen=True, slots=True)
class _Window:
    """A stretch of an excerpt in tokens: all ids, where its text begins among them, and where each token of the text
    lies in it.
    """

    place: int
    ids: list[int]
    begins: int
    offsets: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """What was read of one window: place of a sentence -> (odds, word span)."""

    odds: dict[int, float]
    words: dict[int, tuple[int, int, float]]
    none: float
    answers: float


def _part(window: _Window, excerpt: Excerpt, tokens: Array, whole: Array) -> _Part:
    odds: dict[int, float] = {}
    words: dict[int, tuple[int, int, float]] = {}
    of_text = tokens[window.begins : window.begins + len(window.offsets)]
    starts = np.array([start for start, _ in window.offsets], dtype=np.int64)
    ends = np.array([end for _, end in window.offsets], dtype=np.int64)
    nothing = float(tokens[0, 0] + tokens[0, 1])
    for place, (start, end) in enumerate(excerpt.sentences):
        inside = np.flatnonzero((starts < end) & (ends > start))
        if not len(inside):
            continue
        own = of_text[inside]
        odds[place] = float(own[:, 2].mean())
        sums = np.triu(np.tril(own[:, 0][:, None] + own[:, 1][None] + 1e4, _ANSWER)) - 1e4
        one, other = np.unravel_index(int(sums.argmax()), sums.shape)
        first, last = max(start, int(starts[inside[one]])), min(end, int(ends[inside[other]]))
        first += len(excerpt.text[first:last]) - len(excerpt.text[first:last].lstrip())
        words[place] = (first, last, float(sums[one, other]) - nothing)
    return _Part(odds, words, float(tokens[0, 2]), float(whole[0]))


def _joined(excerpt: Excerpt, parts: Sequence[_Part]) -> Reading:
    """One reading of an excerpt's windows; a sentence that two of them hold has its better odds."""
    odds = [
        max((part.odds[i] for part in parts if i in part.odds), default=_UNREAD) for i in range(len(excerpt.sentences))
    ]
    words = [
        max(
            (part.words[i] for part in parts if i in part.words),
            key=lambda found: found[2],
            default=(*excerpt.sentences[i], _UNREAD),
        )
        for i in range(len(excerpt.sentences))
    ]
    none = min((part.none for part in parts), default=0.0)
    answers = max((part.answers for part in parts), default=_UNREAD)
    return Reading(tuple(odds), none, answers, tuple(words))
