"""The reader: a bilingual transformer that reads a question together with a passage; how it is trained and written as
ONNX.

One encoder (multilingual-e5-small, its vocabulary cut to Chinese and English) and linear heads. Of every token: does
the answer start here, end here, is it in a sentence that answers. Of the whole: does the passage answer; is the claim
supported, contradicted, or neither.
"""

from __future__ import annotations

import json
import math
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import torch
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertConfig, BertModel

from text.sentences import quotable
from train.e5 import Encoder
from train.lesson import UNSUPPORTED, Lesson

BOS, PAD, EOS, UNKNOWN_PIECE = 0, 1, 2, 3
#: The longest question, claim, what stands above, and the whole, in tokens.
QUESTION, CLAIM, ABOVE, LONGEST = 64, 160, 48, 400
#: Tokens of a batch; examples that are read together; layers that stay as they are, with the word vectors.
BATCH, _TOGETHER, FROZEN = 3072, 4, 3
RATE, HEAD_RATE = 1.2e-4, 5e-4
#: Seconds between checkpoints.
CHECKPOINT = 600
#: Does this processor multiply bfloat16? Where it does not, float32 trains four times as fast (2,000 tokens/s to 490).
_HALVES = any(torch.cpu.get_capabilities()[name] for name in ("avx512_bf16", "amx_bf16"))

_HAN_PIECE = re.compile("^▁?[\u3400-\u4dbf\u4e00-\u9fff\u3000-\u303f\uff00-\uffef·—…“”‘’0-9]+$")
_LATIN_PIECE = re.compile("^[▁\x21-\x7e]+$")


def tokenizer_of(pieces: Sequence[tuple[str, float]]) -> Tokenizer:
    """A unigram tokenizer whose offsets count characters of the text as it is."""
    tokenizer = Tokenizer(models.Unigram(list(pieces), unk_id=UNKNOWN_PIECE, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    return tokenizer


def kept_pieces(encoder: Encoder, texts: Iterable[str]) -> list[int]:
    """Which pieces stay, in their order: the special ones, all Chinese ones, Latin ones that the texts have twice,
    others ten times.
    """
    tokenizer, counts = tokenizer_of(encoder.pieces), Counter[int]()
    batch: list[str] = []
    for text in texts:
        batch.append(text)
        if len(batch) == 4096:
            counts.update(i for e in tokenizer.encode_batch(batch) for i in e.ids)
            batch = []
    counts.update(i for e in tokenizer.encode_batch(batch) for i in e.ids)

    def stays(i: int, piece: str) -> bool:
        least = (
            0
            if i <= UNKNOWN_PIECE or _HAN_PIECE.match(piece) or len(piece) == 1 and piece.isascii()
            else 2
            if _LATIN_PIECE.match(piece)
            else 10
        )
        return counts[i] >= least

    return [i for i, (piece, _) in enumerate(encoder.pieces) if stays(i, piece)]


class Reader(nn.Module):
    """ids, mask [batch, tokens] -> what it says of tokens [batch, tokens, 3] and of the whole [batch, 4], logits all.

    Of a token: the answer starts here, ends here, its sentence answers. Of the whole: the passage answers; the claim
    is supported, contradicted, neither. The whole is judged by the first token, the mean of the question (or claim),
    the mean of what follows it, and how these two differ and agree.
    """

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.encoder = BertModel(config, add_pooling_layer=False)
        self.of_tokens = nn.Linear(config.hidden_size, 3)
        self.of_whole = nn.Linear(5 * config.hidden_size, 4)

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """What every head says."""
        hidden = self.encoder(ids, attention_mask=mask).last_hidden_state
        ends = (ids == EOS).long().cumsum(1)
        asked, told = _mean(hidden, (ends == 0) & (mask == 1)), _mean(hidden, (ends >= 2) & (mask == 1))
        whole = torch.cat([hidden[:, 0], asked, told, (asked - told).abs(), asked * told], dim=1)
        return self.of_tokens(hidden).float(), self.of_whole(whole).float()


def _mean(hidden: Tensor, held: Tensor) -> Tensor:
    """The mean of the tokens that are held [batch, hidden]."""
    weights = held.unsqueeze(-1).to(hidden.dtype)
    return (hidden * weights).sum(1) / weights.sum(1).clamp(min=1)


def config_of(encoder: Encoder, pieces: int) -> BertConfig:
    """The shape of the reader's encoder."""
    config = BertConfig(
        vocab_size=pieces, hidden_size=encoder.hidden, intermediate_size=encoder.inner, pad_token_id=PAD,
        num_hidden_layers=encoder.layers, num_attention_heads=encoder.heads,
        max_position_embeddings=encoder.positions, layer_norm_eps=encoder.epsilon,
        hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
    )  # fmt: skip
    config._attn_implementation = "sdpa"
    return config


def begun(encoder: Encoder, kept: Sequence[int]) -> tuple[Reader, Tokenizer]:
    """A reader with the encoder's weights and fresh heads, its vocabulary cut."""
    reader = Reader(config_of(encoder, len(kept)))
    weights = {name: torch.from_numpy(array.copy()) for name, array in encoder.weights.items()}
    words = "embeddings.word_embeddings.weight"
    weights[words] = weights[words][list(kept)]
    reader.encoder.load_state_dict(weights, strict=False)
    return reader, tokenizer_of([encoder.pieces[i] for i in kept])


def shipped(folder: Path, heads: int = 12) -> tuple[Reader, Tokenizer]:
    """The reader of ``folder`` as ``export`` wrote it, its 8-bit weights as floats: to be trained further.

    ``heads`` of attention, which the file does not tell.
    """
    import onnx

    graph = onnx.load(str(folder / "model.onnx")).graph
    held = {one.name: onnx.numpy_helper.to_array(one) for one in graph.initializer}
    weights = {name: array for name, array in held.items() if name.endswith((".weight", ".bias"))}
    for name, scale in held.items():
        if name.endswith("_scale"):
            whole = name.removesuffix("_scale")
            steps = held[f"{whole}_quantized"].astype(np.float32) - held[f"{whole}_zero_point"].astype(np.float32)
            weights[whole] = steps * scale
    # Matrices of layers have lost their names, but not their order.
    read = [node.input[1].removesuffix("_quantized") for node in graph.node if node.op_type == "MatMulInteger"]
    unnamed = iter([name for name in read if name.startswith("onnx::")])
    layers = len({name.split(".")[3] for name in weights if name.startswith("encoder.encoder.layer.")})
    parts = [f"attention.self.{part}" for part in ("query", "key", "value")]
    parts += ["attention.output.dense", "intermediate.dense", "output.dense"]
    for layer in range(layers):
        for part in parts:
            weights[f"encoder.encoder.layer.{layer}.{part}.weight"] = weights.pop(next(unnamed)).T
    weights["of_tokens.weight"] = weights.pop(next(unnamed)).T
    weights["of_whole.weight"] = weights.pop("of_whole.weight_Transposed").T
    words = weights["encoder.embeddings.word_embeddings.weight"]
    config = BertConfig(
        vocab_size=len(words), hidden_size=words.shape[1], pad_token_id=PAD, num_hidden_layers=layers,
        intermediate_size=len(weights["encoder.encoder.layer.0.intermediate.dense.bias"]), num_attention_heads=heads,
        max_position_embeddings=len(weights["encoder.embeddings.position_embeddings.weight"]),
        layer_norm_eps=1e-12, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
    )  # fmt: skip
    config._attn_implementation = "sdpa"
    reader = Reader(config)
    reader.load_state_dict({name: torch.from_numpy(array.copy()) for name, array in weights.items()})
    return reader, Tokenizer.from_file(str(folder / "tokenizer.json"))


@dataclass(frozen=True, slots=True)
class Example:
    """A lesson in tokens. ``sentences`` has the number of each token's sentence, -1 outside; ``answers`` one truth a
    sentence.

    ``start`` and ``end`` are places of tokens; 0 where nothing answers, -1 where it is not known. ``verdict`` -1: a
    question.
    """

    ids: list[int]
    sentences: list[int]
    answers: list[bool]
    start: int
    end: int
    verdict: int
    asked: int = 0
    """A number of its question; passages with the same number compete."""


def encoded(lesson: Lesson, tokenizer: Tokenizer) -> Example | None:
    """The lesson in tokens; None where its evidence lies beyond the longest."""
    question = tokenizer.encode(lesson.question).ids[: QUESTION if lesson.verdict is None else CLAIM]
    above = tokenizer.encode(lesson.above).ids[-ABOVE:] if lesson.above else []
    head = [BOS, *question, EOS, EOS, *above, *([EOS] if above else [])]
    passage = tokenizer.encode(lesson.passage)
    room = LONGEST - len(head) - 1
    ids, offsets = passage.ids[:room], passage.offsets[:room]
    if not ids:
        return None
    spans = quotable(lesson.passage, 0, len(lesson.passage))
    numbers, at = [], 0
    for first, last in offsets:
        while at < len(spans) and spans[at][1] <= first:
            at += 1
        numbers.append(at if at < len(spans) and spans[at][0] < last else -1)
    seen = max(numbers, default=-1) + 1
    answers = [any(first < e and s < last for s, e in lesson.evidence) for first, last in spans[:seen]]
    if lesson.evidence and not any(answers):
        return None
    start = end = 0
    if lesson.evidence:
        start = end = -1
        if lesson.answer:
            held = [
                i for i, (first, last) in enumerate(offsets) if first < lesson.answer[1] and last > lesson.answer[0]
            ]
            if held and numbers[held[0]] >= 0 and numbers[held[-1]] >= 0:
                start, end = len(head) + held[0], len(head) + held[-1]
    return Example(
        [*head, *ids, EOS],
        [*[-1] * len(head), *numbers, -1],
        answers,
        start,
        end,
        -1 if lesson.verdict is None else lesson.verdict,
        crc32(lesson.question.encode()),
    )


def batches(examples: Sequence[Example], rng: random.Random, size: int = BATCH) -> Iterator[list[Example]]:
    """Examples in random order, some ``size`` tokens at a time; those of one question stay together."""
    order = _by_question(examples)
    rng.shuffle(order)
    batch, tokens = list[Example](), 0
    for group in order:
        if batch and tokens + sum(len(example.ids) for example in group) > size:
            yield batch
            batch, tokens = [], 0
        batch += group
        tokens += sum(len(example.ids) for example in group)
    if batch:
        yield batch


def _by_question(examples: Iterable[Example]) -> list[list[Example]]:
    groups: dict[int, list[Example]] = {}
    for example in examples:
        groups.setdefault(example.asked, []).append(example)
    return list(groups.values())


class Deck:
    """Examples that are dealt in turn, those of one question together; what was dealt least often comes first."""

    def __init__(self, examples: Iterable[Example]) -> None:
        self._groups = _by_question(examples)
        self._dealt = [0] * len(self._groups)

    def deal(self, tokens: int, rng: random.Random) -> list[Example]:
        """Some ``tokens`` of examples; fewer where there are fewer."""
        order = list(range(len(self._groups)))
        rng.shuffle(order)
        order.sort(key=lambda number: self._dealt[number])
        found, held = list[Example](), 0
        for number in order:
            if held >= tokens:
                break
            self._dealt[number] += 1
            found += self._groups[number]
            held += sum(len(example.ids) for example in self._groups[number])
        return found


def read_in_parts(reader: Reader, batch: Sequence[Example]) -> tuple[Tensor, Tensor, Tensor]:
    """What the reader says of a batch's tokens [batch, tokens, 3] and wholes [batch, 4], and the numbers of ``padded``.

    Examples of like length are read together: padding a short one to the longest costs a third of the time.
    """
    _, _, numbers = padded(batch)
    order = sorted(range(len(batch)), key=lambda i: len(batch[i].ids))
    of_tokens, of_whole = list[Tensor](), list[Tensor]()
    for first in range(0, len(order), _TOGETHER):
        ids, mask, _ = padded([batch[i] for i in order[first : first + _TOGETHER]])
        tokens, whole = reader(ids, mask)
        of_tokens.append(functional.pad(tokens, (0, 0, 0, numbers.shape[1] - tokens.shape[1])))
        of_whole.append(whole)
    back = torch.tensor(order).argsort()
    return torch.cat(of_tokens)[back], torch.cat(of_whole)[back], numbers


def padded(batch: Sequence[Example]) -> tuple[Tensor, Tensor, Tensor]:
    """ids, mask, and the number of each token's sentence in the whole batch (-1: none), all [batch, tokens]."""
    longest = max(len(example.ids) for example in batch)
    ids = torch.full((len(batch), longest), PAD)
    mask = torch.zeros((len(batch), longest), dtype=torch.long)
    numbers = torch.full((len(batch), longest), -1)
    before = 0
    for i, example in enumerate(batch):
        ids[i, : len(example.ids)] = torch.tensor(example.ids)
        mask[i, : len(example.ids)] = 1
        own = torch.tensor(example.sentences)
        numbers[i, : len(own)] = torch.where(own >= 0, own + before, own)
        before += len(example.answers)
    return ids, mask, numbers


def of_sentences(tokens: Tensor, numbers: Tensor, count: int) -> Tensor:
    """The log odds of each sentence, [count]: the mean of its tokens'."""
    inside = numbers >= 0
    sums = torch.zeros(count).index_add(0, numbers[inside], tokens[:, :, 2][inside])
    sizes = torch.zeros(count).index_add(0, numbers[inside], torch.ones(int(inside.sum())))
    return sums / sizes.clamp(min=1)


def losses(reader: Reader, batch: Sequence[Example]) -> dict[str, Tensor]:
    """What each head costs on a batch; a head that no example asks is left out."""
    tokens, whole, numbers = read_in_parts(reader, batch)
    found: dict[str, Tensor] = {}
    asked = [i for i, example in enumerate(batch) if example.verdict < 0]
    if asked:
        rows = torch.tensor(asked)
        hidden = numbers < 0
        hidden[:, 0] = False
        for head, name in ((0, "start"), (1, "end")):
            target = torch.tensor([getattr(batch[i], name) for i in asked])
            if bool((target >= 0).any()):
                logits = tokens[rows][:, :, head].masked_fill(hidden[rows], -1e4)
                found[name] = functional.cross_entropy(logits, target, ignore_index=-1)
        truth = torch.tensor([truth for example in batch for truth in example.answers], dtype=torch.float)
        odds = of_sentences(tokens, numbers, len(truth))
        of_question = torch.tensor([example.verdict < 0 for example in batch for _ in example.answers])
        if bool(of_question.any()):
            found["sentence"] = functional.binary_cross_entropy_with_logits(
                odds[of_question], truth[of_question], pos_weight=torch.tensor(2.0)
            )
        found["choice"] = torch.stack(list(_choices(batch, odds, tokens[:, 0, 2]))).mean()
        if shared := list(_among_passages(batch, odds)):
            found["shared"] = torch.stack(shared).mean()
        answers = torch.tensor([float(any(batch[i].answers)) for i in asked])
        found["answers"] = functional.binary_cross_entropy_with_logits(whole[rows, 0], answers)
    judged = [i for i, example in enumerate(batch) if example.verdict >= 0]
    if judged:
        logged = functional.log_softmax(whole[torch.tensor(judged)][:, 1:], dim=1)
        either = torch.logsumexp(logged[:, 1:], dim=1, keepdim=True)
        target = torch.tensor([batch[i].verdict for i in judged])
        found["claim"] = functional.nll_loss(torch.cat([logged, either], dim=1), target)
    return found


def _choices(batch: Sequence[Example], odds: Tensor, none: Tensor) -> Iterator[Tensor]:
    """What the choice among an example's sentences, and none of them, costs."""
    at = 0
    for i, example in enumerate(batch):
        own = odds[at : at + len(example.answers)]
        at += len(example.answers)
        if example.verdict >= 0:
            continue
        logged = functional.log_softmax(torch.cat([none[i : i + 1], own]), dim=0)
        right = [n + 1 for n, truth in enumerate(example.answers) if truth] or [0]
        yield -torch.logsumexp(logged[right], dim=0)


def _among_passages(batch: Sequence[Example], odds: Tensor) -> Iterator[Tensor]:
    """What the choice among the sentences of all passages of a question costs (shared normalization: Clark and
    Gardner, Simple and Effective Multi-Paragraph Reading Comprehension, 2018).
    """
    groups, at = dict[int, list[tuple[int, bool]]](), 0
    several = Counter(example.asked for example in batch if example.verdict < 0)
    for example in batch:
        if example.verdict < 0 and several[example.asked] > 1:
            held = [(at + n, truth) for n, truth in enumerate(example.answers)]
            groups.setdefault(example.asked, []).extend(held)
        at += len(example.answers)
    for group in groups.values():
        right = [n for n, (_, truth) in enumerate(group) if truth]
        if right:
            logged = functional.log_softmax(odds[[place for place, _ in group]], dim=0)
            yield -torch.logsumexp(logged[right], dim=0)


#: What each head's loss counts.
WEIGHTS = {"start": 0.5, "end": 0.5, "sentence": 1.0, "choice": 1.0, "shared": 0.5, "answers": 0.5, "claim": 1.0}


def train(
    reader: Reader,
    rounds: Callable[[int], list[Example]],
    minutes: float,
    folder: Path,
    say: Callable[[str], None],
    watched: Sequence[Example] = (),
    rate: float = 1.0,
) -> None:
    """Trains until the minutes are over, with a checkpoint every ten in ``folder``; goes on from the one that is there.

    The rate begins at ``rate`` times the usual one and falls with the share of the minutes that is over. ``rounds(n)``
    gives the examples of the n-th round.
    """
    for part in (reader.encoder.embeddings, *reader.encoder.encoder.layer[:FROZEN]):
        for weight in part.parameters():
            weight.requires_grad = False
    body = [weight for weight in reader.encoder.parameters() if weight.requires_grad]
    heads = [*reader.of_tokens.parameters(), *reader.of_whole.parameters()]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": RATE}, {"params": heads, "lr": HEAD_RATE}], weight_decay=0.01, betas=(0.9, 0.98)
    )
    state: dict[str, Any] = {"spent": 0.0, "round": 0, "batch": 0, "tokens": 0, "curve": []}
    saved = folder / "checkpoint.pt"
    if saved.is_file():
        kept = torch.load(saved, weights_only=False)
        reader.load_state_dict(kept["reader"])
        optimizer.load_state_dict(kept["optimizer"])
        state = kept["state"]
        say(f"goes on after {state['spent'] / 60:.0f} minutes")
    began, last, running = time.monotonic() - state["spent"], time.monotonic(), dict[str, list[float]]()

    def save() -> None:
        part = folder / "checkpoint.part"
        torch.save({"reader": reader.state_dict(), "optimizer": optimizer.state_dict(), "state": state}, part)
        part.replace(saved)

    reader.eval()  # no dropout: it halves the speed
    while True:
        rng = random.Random(state["round"])
        examples = rounds(state["round"])
        if not examples:
            raise ValueError("There is nothing to learn from: the training data gave no examples.")
        for number, batch in enumerate(batches(examples, rng)):
            if number < state["batch"]:
                continue
            done = (time.monotonic() - began) / 60 / minutes
            share = rate * min(1.0, done / 0.03 + 0.02) * max(0.03, 1 - done)
            for group, highest in zip(optimizer.param_groups, (RATE, HEAD_RATE), strict=True):
                group["lr"] = highest * share
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=_HALVES):
                found = losses(reader, batch)
            loss = sum((WEIGHTS[name] * value for name, value in found.items()), torch.zeros(()))
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
            optimizer.step()
            for name, value in found.items():
                running.setdefault(name, []).append(value.item())
            state["tokens"] += sum(len(example.ids) for example in batch)
            state["batch"], state["spent"] = number + 1, time.monotonic() - began
            if number % 50 == 49:
                means = " ".join(f"{name} {np.mean(values):.3f}" for name, values in running.items())
                say(
                    f"round {state['round']} batch {number + 1}, {state['tokens'] / 1e6:.2f} M tokens,"
                    f" {state['spent'] / 60:.1f} min: {means}"
                )
                running = {}
            if time.monotonic() - last > CHECKPOINT or done >= 1:
                last = time.monotonic()
                if watched:
                    state["curve"].append(
                        {"minutes": state["spent"] / 60, "tokens": state["tokens"], **watch(reader, watched)}
                    )
                    say(json.dumps(state["curve"][-1]))
                save()
            if done >= 1:
                return
        state["round"], state["batch"] = state["round"] + 1, 0


def blend(reader: Reader, before: dict[str, Tensor], share: float) -> None:
    """Makes its weights the mean of what they were ``before`` and are now, which count ``share``.

    What was learned last costs less of what was learned first (Wortsman et al., Robust fine-tuning of zero-shot models,
    2022).
    """
    now = reader.state_dict()
    reader.load_state_dict({name: torch.lerp(before[name], now[name], share) for name in now})


@torch.inference_mode()
def watch(reader: Reader, examples: Sequence[Example]) -> dict[str, float]:
    """How well it reads what it has not seen: best sentence right, answered told from not (AUC), verdicts right."""
    right, scores, truths, verdicts = list[bool](), list[float](), list[bool](), list[bool]()
    for batch in batches(examples, random.Random(0)):
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=_HALVES):
            tokens, whole, numbers = read_in_parts(reader, batch)
        odds = of_sentences(tokens, numbers, sum(len(example.answers) for example in batch))
        at = 0
        for i, example in enumerate(batch):
            own = odds[at : at + len(example.answers)]
            at += len(example.answers)
            if example.verdict >= 0:
                best = int(whole[i, 1:].argmax())
                verdicts.append(best == example.verdict if example.verdict < UNSUPPORTED else best > 0)
                continue
            if any(example.answers):
                right.append(example.answers[int(own.argmax())])
            scores.append(float(own.max() - tokens[i, 0, 2]) if len(own) else -9.0)
            truths.append(any(example.answers))
    return {
        "sentence": float(np.mean(right)) if right else math.nan,
        "auc": _auc(scores, truths),
        "claim": float(np.mean(verdicts) if verdicts else math.nan),
    }


def _auc(scores: Sequence[float], truths: Sequence[bool]) -> float:
    order = np.argsort(scores)
    ranks = np.empty(len(scores))
    ranks[order] = np.arange(1, len(scores) + 1)
    held = np.array(truths)
    yes, no = int(held.sum()), int((~held).sum())
    return float((ranks[held].sum() - yes * (yes + 1) / 2) / (yes * no)) if yes and no else math.nan


def export(reader: Reader, tokenizer: Tokenizer, folder: Path) -> None:
    """Writes ``model.onnx`` (8-bit weights) and ``tokenizer.json``."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    folder.mkdir(parents=True, exist_ok=True)
    config = BertConfig(**reader.encoder.config.to_dict())
    config._attn_implementation = "eager"  # plain operators, which are written as they are
    eager = Reader(config)
    eager.load_state_dict(reader.state_dict())
    eager.eval()
    whole = folder / "whole.onnx"
    sample = (torch.ones((2, 16), dtype=torch.long), torch.ones((2, 16), dtype=torch.long))
    axes = {0: "batch", 1: "tokens"}
    torch.onnx.export(
        eager, sample, str(whole), dynamo=False, opset_version=17,
        input_names=["ids", "mask"], output_names=["of_tokens", "of_whole"],
        dynamic_axes={"ids": axes, "mask": axes, "of_tokens": axes, "of_whole": {0: "batch"}},
    )  # fmt: skip
    quantize_dynamic(
        str(whole), str(folder / "model.onnx"), weight_type=QuantType.QInt8, per_channel=True, reduce_range=False
    )
    onnx.checker.check_model(str(folder / "model.onnx"))
    whole.unlink()
    tokenizer.save(str(folder / "tokenizer.json"))
