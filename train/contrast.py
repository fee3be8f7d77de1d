"""Contrastive training of token vectors: texts that belong together get near means.

The loss is symmetric InfoNCE over in-batch negatives (van den Oord et al., 2018), the model the mean of its
tokens' vectors, as in sentence-transformers' StaticEmbedding.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional

from index.encoder import Token

#: Vectors that are compared with their start at each step.
_HELD = 4096


@dataclass(frozen=True, slots=True)
class Tokens:
    """Token ids of many texts, end to end: text i is ``ids[starts[i]:starts[i + 1]]``."""

    ids: np.ndarray
    starts: np.ndarray

    def bag(self, rows: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
        """The ids and offsets of ``rows``, as nn.EmbeddingBag takes them."""
        lengths = self.starts[rows + 1] - self.starts[rows]
        offsets = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        places = np.arange(lengths.sum()) + np.repeat(self.starts[rows] - offsets, lengths)
        return torch.from_numpy(self.ids[places].astype(np.int64)), torch.from_numpy(offsets)


def tokens(tokenizer: Tokenizer, texts: Sequence[str], longest: int) -> Tokens:
    """Tokenizes ``texts``, each cut at ``longest`` tokens."""
    ids: list[np.ndarray] = []
    starts = np.zeros(len(texts) + 1, dtype=np.int64)
    for first in range(0, len(texts), 20_000):
        for row, encoding in enumerate(tokenizer.encode_batch_fast(list(texts[first : first + 20_000]))):
            ids.append(np.array(encoding.ids[:longest] or [0], dtype=Token))
            starts[first + row + 1] = len(ids[-1])
    return Tokens(np.concatenate(ids), np.cumsum(starts))


def train(
    left: Tokens,
    right: Tokens,
    groups: np.ndarray,
    start: np.ndarray,
    *,
    steps: int,
    batch: int = 2048,
    rate: float = 0.15,
    scale: float = 20.0,
    hold: float = 0.0,
    seed: int = 0,
    say: Callable[[str], None] = print,
) -> np.ndarray:
    """Token vectors [pieces, dimension], float32, trained on from ``start``.

    ``groups`` numbers the source of each pair: half of the batches come from one source alone, so that
    their negatives are hard. ``hold`` is what it costs a vector to turn away from where it started: words that no
    pair teaches stay near the words they started near to.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    bag = nn.EmbeddingBag.from_pretrained(
        torch.from_numpy(start.astype(np.float32)), freeze=False, mode="mean", sparse=True
    )
    target = torch.arange(batch)

    def losses() -> Iterator[torch.Tensor]:
        for rows in _batches(groups, batch, steps, rng):
            first = functional.normalize(bag(*left.bag(rows)), dim=1)
            second = functional.normalize(bag(*right.bag(rows)), dim=1)
            yield _both_ways(scale * first @ second.T, target) + hold * _turned(bag.weight, start, rng)

    _descend(bag.weight, losses(), steps, rate, say)
    return bag.weight.detach().numpy()


def _both_ways(scores: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Symmetric InfoNCE: each left text should find its right one, and the reverse."""
    return (functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)) / 2


def _descend(
    weight: torch.Tensor, losses: Iterator[torch.Tensor], steps: int, rate: float, say: Callable[[str], None]
) -> None:
    """Adam down ``losses``, each computed after the step before; the rate rises for a tenth and falls to nothing.

    Only the rows that a step has seen are touched.
    """
    optimizer = torch.optim.SparseAdam([weight], lr=rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=rate, total_steps=steps, pct_start=0.1, cycle_momentum=False
    )
    begun, shown = time.monotonic(), 0.0
    for step, loss in enumerate(losses, 1):
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()  # type: ignore[no-untyped-call]
        schedule.step()
        shown += loss.item()
        if step % 50 == 0:
            say(f"step {step}/{steps}  loss {shown / 50:.3f}  {time.monotonic() - begun:.0f} s")
            shown = 0.0


def _batches(groups: np.ndarray, batch: int, steps: int, rng: np.random.Generator) -> list[np.ndarray]:
    """``steps`` batches of row numbers, half of them from one group alone."""
    batches: list[np.ndarray] = []
    while len(batches) < steps:
        order = rng.permutation(len(groups))
        mixed, alone = order[: len(order) // 2], order[len(order) // 2 :]
        alone = alone[np.argsort(groups[alone], kind="stable")]
        epoch = [rows[i : i + batch] for rows in (mixed, alone) for i in range(0, len(rows) - batch + 1, batch)]
        batches += [epoch[i] for i in rng.permutation(len(epoch))]
    return batches[:steps]


def refine(
    start: np.ndarray,
    left: Tokens,
    right: Tokens,
    groups: np.ndarray,
    either: np.ndarray,
    *,
    steps: int,
    batch: int = 192,
    rate: float = 0.03,
    scale: float = 25.0,
    longest: tuple[int, int] = (24, 64),
    hold: float = 0.0,
    seed: int = 0,
    say: Callable[[str], None] = print,
) -> np.ndarray:
    """Token vectors trained on for what search scores by: late interaction (ColBERT's MaxSim) of left against right.

    ``either`` says which pairs may be asked from both sides: translations, but not a heading and its body.
    ``longest`` is how many tokens of question and passage are looked at, a random stretch of each; ``hold`` is that of
    ``train``.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    weight = nn.Parameter(torch.from_numpy(start.astype(np.float32)))
    rarity = torch.from_numpy(_rarity(right, len(start)))
    target = torch.arange(batch)

    def losses() -> Iterator[torch.Tensor]:
        for rows in _batches(groups, batch, steps, rng):
            swap = either[rows] & (rng.random(batch) < 0.5)
            asked = [_stretch(right if s else left, row, longest[0], rng) for s, row in zip(swap, rows, strict=True)]
            texts = [_stretch(left if s else right, row, longest[1], rng) for s, row in zip(swap, rows, strict=True)]
            scores, means = _interaction(weight, rarity, asked, texts)
            together = _both_ways(scale * scores, target) + 0.25 * functional.cross_entropy(20.0 * means, target)
            yield together + hold * _turned(weight, start, rng)

    _descend(weight, losses(), steps, rate, say)
    return weight.detach().numpy()


def _turned(weight: torch.Tensor, start: np.ndarray, rng: np.random.Generator) -> torch.Tensor:
    """How far some of the vectors have turned from where they started: 1 less the mean cosine."""
    rows = rng.integers(0, len(start), _HELD)
    held = functional.embedding(torch.from_numpy(rows), weight, sparse=True)
    cosines = functional.cosine_similarity(held, torch.from_numpy(start[rows]), dim=1)
    return 1 - cosines.mean()


def _interaction(
    weight: nn.Parameter, rarity: torch.Tensor, asked: list[np.ndarray], texts: list[np.ndarray]
) -> tuple[torch.Tensor, torch.Tensor]:
    """Late interaction scores and mean cosines of every question with every text, [questions, texts] each."""
    asked_ids, asked_places = np.unique(np.concatenate(asked), return_inverse=True)
    text_ids, text_places = np.unique(np.concatenate(texts), return_inverse=True)
    first, second = (functional.embedding(torch.from_numpy(ids), weight, sparse=True) for ids in (asked_ids, text_ids))
    cosines = functional.normalize(first, dim=1) @ functional.normalize(second, dim=1).T
    with torch.no_grad():
        nearest = torch.empty(len(asked_ids), len(texts), dtype=torch.long)
        at = 0
        for column, text in enumerate(texts):
            places = torch.from_numpy(text_places[at : at + len(text)])
            nearest[:, column] = places[cosines[:, places].argmax(dim=1)]
            at += len(text)
    best = cosines.gather(1, nearest).clamp(min=0.0)
    lengths = torch.tensor([len(ids) for ids in asked])
    question = torch.repeat_interleave(torch.arange(len(asked)), lengths)
    places = torch.from_numpy(asked_places)
    weights = (first.norm(dim=1) * rarity[torch.from_numpy(asked_ids)])[places]
    totals = torch.zeros(len(asked)).index_add(0, question, weights)
    scores = torch.zeros(len(asked), len(texts)).index_add(0, question, best[places] * weights[:, None])
    means = _means(first, asked_places, asked) @ _means(second, text_places, texts).T
    return scores / totals[:, None].clamp(min=1e-6), means


def _means(vectors: torch.Tensor, places: np.ndarray, texts: list[np.ndarray]) -> torch.Tensor:
    offsets = torch.tensor(np.cumsum([0, *(len(text) for text in texts[:-1])]))
    bags = functional.embedding_bag(torch.from_numpy(places), vectors, offsets, mode="mean")
    return functional.normalize(bags, dim=1)


def _stretch(of: Tokens, row: int, longest: int, rng: np.random.Generator) -> np.ndarray:
    """A random stretch of at most ``longest`` tokens of a text."""
    ids = of.ids[of.starts[row] : of.starts[row + 1]]
    first = rng.integers(0, max(1, len(ids) - longest + 1))
    return ids[first : first + longest].astype(np.int64)


def _rarity(of: Tokens, pieces: int) -> np.ndarray:
    """log(1 + texts / texts that hold the piece), about: by occurrences."""
    counts = np.bincount(of.ids, minlength=pieces)
    texts = len(of.starts) - 1
    return np.log1p(texts / (counts + 1.0)).astype(np.float32)
