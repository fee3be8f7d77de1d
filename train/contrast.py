"""Contrastive training of token vectors: texts that belong together get near means.

The loss is symmetric InfoNCE over in-batch negatives (van den Oord et al., 2018), the model the mean of its
tokens' vectors, as in sentence-transformers' StaticEmbedding.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional


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
            ids.append(np.array(encoding.ids[:longest] or [0], dtype=np.uint16))
            starts[first + row + 1] = len(ids[-1])
    return Tokens(np.concatenate(ids), np.cumsum(starts))


def train(
    left: Tokens,
    right: Tokens,
    groups: np.ndarray,
    pieces: int,
    dimension: int,
    *,
    steps: int,
    batch: int = 2048,
    rate: float = 0.15,
    scale: float = 20.0,
    seed: int = 0,
    start: np.ndarray | None = None,
    say: Callable[[str], None] = print,
) -> np.ndarray:
    """Token vectors [pieces, dimension], float32.

    ``groups`` numbers the source of each pair: half of the batches come from one source alone, so that
    their negatives are hard.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    bag = nn.EmbeddingBag(pieces, dimension, mode="mean")
    if start is not None:
        bag.weight.data = torch.from_numpy(start.astype(np.float32))
    optimizer = torch.optim.Adam(bag.parameters(), lr=rate, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=rate, total_steps=steps, pct_start=0.1, cycle_momentum=False
    )
    target = torch.arange(batch)
    begun, shown = time.monotonic(), 0.0
    for step, rows in enumerate(_batches(groups, batch, steps, rng)):
        first = functional.normalize(bag(*left.bag(rows)), dim=1)
        second = functional.normalize(bag(*right.bag(rows)), dim=1)
        scores = scale * first @ second.T
        loss = (functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)) / 2
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
        shown += loss.item()
        if (step + 1) % 50 == 0:
            say(f"step {step + 1}/{steps}  loss {shown / 50:.3f}  {time.monotonic() - begun:.0f} s")
            shown = 0.0
    return bag.weight.detach().numpy()


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
