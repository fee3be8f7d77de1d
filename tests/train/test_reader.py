"""A reader of two tiny layers learns a dozen lessons, goes on from its checkpoint and answers alike once exported."""

import json
import math
import random
import re
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from answer.reader import Excerpt
from answer.reader import Reader as Exported
from index.encoder import ModelMissing
from text.sentences import quotable
from train import reader
from train.e5 import Encoder
from train.lesson import CONTRADICTED, SUPPORTED, UNKNOWN, UNSUPPORTED, Lesson
from train.reader import (
    Deck,
    Example,
    Reader,
    batches,
    begun,
    encoded,
    kept_pieces,
    losses,
    of_sentences,
    padded,
    read_in_parts,
    watch,
)

HIDDEN, LAYERS, HEADS, INNER, POSITIONS = 32, 2, 2, 64, 402


def lesson(question: str, passage: str, answer: str = "", sentence: str = "", above: str = "") -> Lesson:
    """The evidence is the sentence that holds the answer, or the one given; none where neither is."""
    words = sentence or answer
    start = passage.index(words) if words else 0
    spans = quotable(passage, 0, len(passage))
    evidence = tuple(span for span in spans if words and span[0] < start + len(words) and start < span[1])
    at = passage.index(answer) if answer else 0
    return Lesson(question, passage, above, evidence, (at, at + len(answer)) if answer else None)


RIVER = "The mill is old. The water rose to 42 metres in May. Nobody was hurt."
INCOME = "公司成立于北京。全年营业收入为42亿元。员工人数没有变化。"
TABLE = "| Item | 2024 |\n| --- | --- |\n| Staff | 120 |\n| Revenue | 4,310 |"
LIST = "The users are:\n\n- banks in town\n- 3 mills\n- schools"
LESSONS = [
    lesson("how high did the water rise?", RIVER, "42 metres"),
    lesson("水涨到多高？", RIVER, "42 metres"),
    lesson("when did the water rise?", RIVER, "May"),
    lesson("was anybody hurt?", RIVER, sentence="Nobody was hurt."),
    lesson("who owns the mill?", RIVER),
    lesson("全年收入多少？", INCOME, "42亿元"),
    lesson("how much revenue?", INCOME, "42亿元"),
    lesson("公司在哪里成立？", INCOME, "北京"),
    lesson("利润是多少？", INCOME),
    lesson("how many staff in 2024?", TABLE, "120", above="Report > Figures"),
    lesson("how much did it lose?", TABLE),
    lesson("who uses it?", LIST, "3 mills"),
]
CLAIMS = [
    Lesson("The water rose in May.", RIVER, verdict=SUPPORTED),
    Lesson("水没有涨。", RIVER, verdict=CONTRADICTED),
    Lesson("The mill was sold.", RIVER, verdict=UNKNOWN),
    Lesson("The water rose in June.", RIVER, verdict=UNSUPPORTED),
]


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def made_pieces() -> tuple[tuple[str, float], ...]:
    """The special pieces, all characters of the lessons and of ASCII, their English words."""
    texts = [text for one in (*LESSONS, *CLAIMS) for text in (one.question, one.passage, one.above)]
    characters = sorted({c for text in texts for c in text if not c.isspace()} | {chr(n) for n in range(33, 127)})
    words = sorted({f"▁{word}" for text in texts for word in re.findall("[A-Za-z]{2,}", text)})
    special = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", -20.0), ("▁", -4.0)]
    return (*special, *((c, -6.0) for c in characters), *((word, -5.0) for word in words))


def made_encoder(seed: int = 0) -> Encoder:
    """Random weights under their names in ``BertModel``."""
    rng = np.random.default_rng(seed)
    pieces = made_pieces()
    rows = {"word": len(pieces), "position": POSITIONS, "token_type": 2}
    shapes = {f"embeddings.{name}_embeddings": (count, HIDDEN) for name, count in rows.items()}
    norms = ["embeddings.LayerNorm"]
    for layer in (f"encoder.layer.{n}" for n in range(LAYERS)):
        shapes |= {f"{layer}.attention.self.{part}": (HIDDEN, HIDDEN) for part in ("query", "key", "value")}
        shapes |= {f"{layer}.attention.output.dense": (HIDDEN, HIDDEN), f"{layer}.intermediate.dense": (INNER, HIDDEN),
                   f"{layer}.output.dense": (HIDDEN, INNER)}  # fmt: skip
        norms += [f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm"]
    weights = {f"{name}.weight": rng.normal(0, 0.2, shape).astype(np.float32) for name, shape in shapes.items()}
    weights |= {f"{name}.bias": np.zeros(shape[0], np.float32) for name, shape in shapes.items() if "embed" not in name}
    weights |= {f"{name}.weight": np.ones(HIDDEN, np.float32) for name in norms}
    weights |= {f"{name}.bias": np.zeros(HIDDEN, np.float32) for name in norms}
    return Encoder(weights, HIDDEN, LAYERS, HEADS, INNER, POSITIONS, 1e-12, pieces)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return made_encoder()


@pytest.fixture(scope="module")
def tokenizer(encoder: Encoder) -> Tokenizer:
    return begun(encoder, range(len(encoder.pieces)))[1]


def fresh(encoder: Encoder, seed: int = 0) -> Reader:
    torch.manual_seed(seed)
    return begun(encoder, range(len(encoder.pieces)))[0].eval()


def examples_of(lessons: Sequence[Lesson], tokenizer: Tokenizer) -> list[Example]:
    return [example for one in lessons if (example := encoded(one, tokenizer))]


def cost(made: Reader, examples: Sequence[Example]) -> float:
    with torch.inference_mode():
        return sum(float(loss) for loss in losses(made, examples).values())


# ------------------------------------------------------------------------------------------------------- its vocabulary


def test_pieces_that_nobody_uses_are_cut_and_chinese_ones_stay(encoder: Encoder) -> None:
    names = [piece for piece, _ in encoder.pieces]
    kept = {names[i] for i in kept_pieces(encoder, ["The water rose.", "The water fell."])}
    assert {"<s>", "<pad>", "</s>", "<unk>", "▁The", "▁water", "收", "入", "a", "~"} <= kept
    assert not {"▁rose", "▁metres", "▁mill"} & kept


def test_a_reader_begins_with_the_vectors_of_its_pieces(encoder: Encoder) -> None:
    kept = [0, 1, 2, 3, 4, 9, 7]
    made, cut = begun(encoder, kept)
    words = "embeddings.word_embeddings.weight"
    np.testing.assert_array_equal(made.encoder.get_parameter(words).detach().numpy(), encoder.weights[words][kept])
    layer = "encoder.layer.1.output.dense.weight"
    np.testing.assert_array_equal(made.encoder.get_parameter(layer).detach().numpy(), encoder.weights[layer])
    assert cut.get_vocab_size() == len(kept)
    assert cut.id_to_token(5) == encoder.pieces[9][0]


@settings(deadline=None, max_examples=50)
@given(st.text("ab 水\n\t１½ﬁé", min_size=1, max_size=20))
def test_offsets_count_the_characters_of_the_text_as_it_is(tokenizer: Tokenizer, text: str) -> None:
    offsets = tokenizer.encode(text).offsets
    assert all(0 <= start <= end <= len(text) for start, end in offsets)
    held = {place for start, end in offsets for place in range(start, end)}
    assert all(place in held for place, c in enumerate(text) if not c.isspace())


# ---------------------------------------------------------------------------------------------------- lessons in tokens


def spans_of(one: Lesson, example: Example, tokenizer: Tokenizer) -> list[tuple[int, int] | None]:
    """Where each token of the example lies in the passage; None before it and after it."""
    offsets = tokenizer.encode(one.passage).offsets
    before = len(example.ids) - 1 - len(offsets)
    return [*[None] * before, *offsets, None]


def words_between(one: Lesson, example: Example, tokenizer: Tokenizer, first: int, last: int) -> str:
    spans = spans_of(one, example, tokenizer)
    start, end = spans[first], spans[last]
    assert start
    assert end
    return one.passage[start[0] : end[1]].strip()


@pytest.mark.parametrize("one", LESSONS, ids=lambda one: one.question)
def test_tokens_know_their_sentence_and_the_answers_ends(one: Lesson, tokenizer: Tokenizer) -> None:
    example = encoded(one, tokenizer)
    assert example
    assert len(example.sentences) == len(example.ids)
    sentences = quotable(one.passage, 0, len(one.passage))
    assert len(example.answers) == len(sentences)
    for number, (start, end) in enumerate(sentences):
        own = [i for i, of in enumerate(example.sentences) if of == number]
        assert own == list(range(own[0], own[-1] + 1))
        assert words_between(one, example, tokenizer, own[0], own[-1]) == one.passage[start:end]
        assert example.answers[number] == ((start, end) in one.evidence)
    if one.answer:
        words = words_between(one, example, tokenizer, example.start, example.end)
        assert words == one.passage[slice(*one.answer)]
    else:
        assert (example.start, example.end) == ((-1, -1) if one.evidence else (0, 0))


def test_an_example_is_the_question_what_stands_above_and_the_passage(tokenizer: Tokenizer) -> None:
    example = encoded(Lesson("water?", "The mill.", above="Report"), tokenizer)
    assert example
    assert [tokenizer.id_to_token(i) for i in example.ids] == [
        *("<s>", "▁water", "?", "</s>", "</s>", "▁Report", "</s>", "▁The", "▁mill", ".", "</s>")
    ]


@pytest.mark.parametrize(
    ("one", "verdict"), [*((claim, claim.verdict) for claim in CLAIMS), (LESSONS[0], -1)], ids=lambda of: str(of)[:40]
)
def test_a_question_has_no_verdict(one: Lesson, verdict: int, tokenizer: Tokenizer) -> None:
    example = encoded(one, tokenizer)
    assert example
    assert example.verdict == verdict


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (lesson("?", "水。" * 500 + "涨。", sentence="涨。"), False),
        (lesson("?", "涨。" + "水。" * 500, sentence="涨。"), True),
        (Lesson("?", "   "), True),
        (Lesson("?", ""), False),
    ],
    ids=["evidence beyond what is read", "evidence before it", "white space", "nothing"],
)
def test_what_cannot_be_learned_is_left_out(one: Lesson, told: bool, tokenizer: Tokenizer) -> None:
    assert bool(encoded(one, tokenizer)) == told


@settings(deadline=None, max_examples=60)
@given(
    st.text("水涨。ab. \n|-", max_size=300),
    st.text("水涨。ab. \n|-", min_size=1, max_size=700),
    st.text("ab >", max_size=99),
)
def test_no_example_is_longer_than_the_longest(tokenizer: Tokenizer, question: str, passage: str, above: str) -> None:
    example = encoded(Lesson(question, passage, above), tokenizer)
    if example:
        assert len(example.ids) == len(example.sentences) <= reader.LONGEST
        numbers = [number for number in example.sentences if number >= 0]
        assert numbers == sorted(numbers)
        assert not numbers or numbers[-1] + 1 == len(example.answers)


def test_batches_hold_every_example_once_and_few_tokens(tokenizer: Tokenizer) -> None:
    examples = [example for example in examples_of(LESSONS, tokenizer) for _ in range(3)]
    found = list(batches(examples, random.Random(0), 400))
    assert sorted(map(id, (example for batch in found for example in batch))) == sorted(map(id, examples))
    for batch in found:
        assert len({example.asked for example in batch}) == 1 or sum(len(example.ids) for example in batch) <= 400


def test_passages_of_a_question_stay_in_one_batch(tokenizer: Tokenizer) -> None:
    examples = [example for example in examples_of(LESSONS, tokenizer) for _ in range(3)]
    held = [{example.asked for example in batch} for batch in batches(examples, random.Random(0), 100)]
    assert sum(map(len, held)) == len(set().union(*held)) == len({lesson.question for lesson in LESSONS})


def test_a_deck_deals_what_was_dealt_least_often(tokenizer: Tokenizer) -> None:
    examples = examples_of(LESSONS, tokenizer)
    deck, rng, dealt = Deck(examples), random.Random(0), Counter[int]()
    for _ in range(9):
        hand = deck.deal(120, rng)
        assert 120 <= sum(len(example.ids) for example in hand) < 120 + reader.LONGEST
        dealt.update(map(id, hand))
    assert max(dealt.values()) - min(dealt[id(example)] for example in examples) <= 1
    assert len(deck.deal(10**9, rng)) == len(examples)


def test_examples_read_in_parts_are_read_alike(taught: tuple[Reader, list[str]], tokenizer: Tokenizer) -> None:
    examples = examples_of([*LESSONS, *CLAIMS], tokenizer)
    ids, mask, numbers = padded(examples)
    with torch.inference_mode():
        tokens, whole = taught[0](ids, mask)
        in_parts, wholes, same = read_in_parts(taught[0], examples)
    assert same.equal(numbers)
    assert torch.allclose(whole, wholes, atol=1e-5)
    assert torch.allclose(tokens[mask == 1], in_parts[mask == 1], atol=1e-5)


# -------------------------------------------------------------------------------------------------------- what it costs


def test_a_sentences_odds_are_the_mean_of_its_tokens() -> None:
    numbers = torch.tensor([[-1, 0, 0, 1], [-1, 2, -1, -1]])
    tokens = torch.zeros(2, 4, 3)
    tokens[:, :, 2] = torch.tensor([[9.0, 1.0, 3.0, 5.0], [9.0, -2.0, 9.0, 9.0]])
    assert of_sentences(tokens, numbers, 4).tolist() == [2.0, 5.0, -2.0, 0.0]


def test_sentences_of_a_batch_are_numbered_through(tokenizer: Tokenizer) -> None:
    batch = examples_of(LESSONS[:2] + CLAIMS[:1] + LESSONS[5:6], tokenizer)
    ids, mask, numbers = padded(batch)
    assert ids.shape == mask.shape == numbers.shape
    assert mask.sum(1).tolist() == [len(example.ids) for example in batch]
    assert [sorted(set(row.tolist()) - {-1}) for row in numbers] == [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 10, 11]]
    assert bool((ids[mask == 0] == reader.PAD).all())


@pytest.mark.parametrize(
    ("lessons", "heads"),
    [
        (LESSONS, {"start", "end", "sentence", "choice", "answers"}),
        (LESSONS[3:4], {"sentence", "choice", "answers"}),
        (
            [LESSONS[3], lesson(LESSONS[3].question, INCOME)],
            {"start", "end", "sentence", "choice", "shared", "answers"},
        ),
        (CLAIMS, {"claim"}),
        ([Lesson("?", "| --- |")], {"start", "end", "choice", "answers"}),
        (LESSONS + CLAIMS, {"start", "end", "sentence", "choice", "answers", "claim"}),
    ],
    ids=["questions", "whose words are not known", "of two passages", "claims", "without a sentence", "both"],
)
def test_only_the_heads_that_are_asked_cost(
    lessons: list[Lesson], heads: set[str], encoder: Encoder, tokenizer: Tokenizer
) -> None:
    found = losses(fresh(encoder), examples_of(lessons, tokenizer))
    assert set(found) == heads == set(found) & set(reader.WEIGHTS)
    assert all(math.isfinite(loss.item()) and loss.item() >= 0 for loss in found.values())


@pytest.mark.parametrize(
    ("verdict", "held"), [(SUPPORTED, [1]), (CONTRADICTED, [2]), (UNKNOWN, [3]), (UNSUPPORTED, [2, 3])]
)
def test_a_claim_costs_what_its_verdict_was_thought_unlikely(
    verdict: int, held: list[int], encoder: Encoder, tokenizer: Tokenizer
) -> None:
    made = fresh(encoder)
    batch = examples_of([Lesson("The water rose.", RIVER, verdict=verdict)], tokenizer)
    _, whole = made(*padded(batch)[:2])
    chances = whole[0, 1:].softmax(0)
    unlikely = -math.log(sum(chances[i - 1].item() for i in held))
    assert losses(made, batch)["claim"].item() == pytest.approx(unlikely, abs=1e-4)


def test_what_is_padded_changes_nothing(encoder: Encoder, tokenizer: Tokenizer) -> None:
    made, (one, other) = fresh(encoder), examples_of([LESSONS[0], lesson("?", RIVER * 3, "May")], tokenizer)
    with torch.inference_mode():
        alone, whole = made(*padded([one])[:2])
        beside, both = made(*padded([one, other])[:2])
    torch.testing.assert_close(beside[0, : len(one.ids)], alone[0], atol=1e-4, rtol=1e-3)
    torch.testing.assert_close(both[0], whole[0], atol=1e-4, rtol=1e-3)


# ------------------------------------------------------------------------------------------------------------ it learns


class Clock:
    """A clock on which every look takes a hundredth of a second."""

    seconds = 0.0

    def monotonic(self) -> float:
        self.seconds += 0.01
        return self.seconds


@pytest.fixture(scope="module")
def quick() -> Iterator[None]:
    """As many steps on every machine; rates for a reader of random weights, none of them frozen."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "time", Clock())
        patch.setattr(reader, "FROZEN", 0)
        patch.setattr(reader, "RATE", 3e-3)
        patch.setattr(reader, "HEAD_RATE", 1e-2)
        yield


@pytest.fixture(scope="module")
def examples(tokenizer: Tokenizer) -> list[Example]:
    return examples_of(LESSONS + CLAIMS, tokenizer)


@pytest.fixture(scope="module")
def taught(
    encoder: Encoder, examples: list[Example], quick: None, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Reader, list[str]]:
    """A reader after a hundred steps, and what the training said."""
    made, lines = fresh(encoder), list[str]()
    reader.train(made, lambda _: examples, 3 / 60, tmp_path_factory.mktemp("work"), lines.append, examples)
    return made, lines


def test_a_reader_learns_its_lessons(
    taught: tuple[Reader, list[str]], encoder: Encoder, examples: list[Example]
) -> None:
    made, lines = taught
    assert cost(made, examples) < 0.5 * cost(fresh(encoder), examples)
    before, after = watch(fresh(encoder), examples), watch(made, examples)
    assert after["sentence"] > 0.7
    assert after["auc"] > max(0.9, before["auc"])
    assert 0 <= after["claim"] <= 1
    assert json.loads(lines[-1])["sentence"] == after["sentence"]


def test_training_goes_on_where_it_stopped(
    encoder: Encoder, examples: list[Example], quick: None, tmp_path: Path
) -> None:
    def states() -> dict[str, Any]:
        state: dict[str, Any] = torch.load(tmp_path / "checkpoint.pt", weights_only=False)["state"]
        return state

    first, lines = fresh(encoder), list[str]()
    reader.train(first, lambda _: examples, 0.5 / 60, tmp_path, lines.append)
    before = states()
    assert lines == []
    assert before["spent"] >= 0.5

    asked = list[int]()

    def round_of(number: int) -> list[Example]:
        asked.append(number)
        return examples

    second = fresh(encoder, seed=1)
    reader.train(second, round_of, 1 / 60, tmp_path, lines.append)
    after = states()
    assert "goes on" in lines[0]
    assert asked[0] == before["round"], "it goes on with the round it was in"
    assert after["spent"] >= 1
    assert after["tokens"] > before["tokens"]
    assert cost(second, examples) < cost(first, examples) < cost(fresh(encoder), examples)


def test_a_training_that_was_cut_off_loses_what_came_after_its_checkpoint_only(
    encoder: Encoder, examples: list[Example], quick: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "CHECKPOINT", 0)

    def cut_off(number: int) -> list[Example]:
        if number == 4:
            raise KeyboardInterrupt
        return examples

    made = fresh(encoder)
    with pytest.raises(KeyboardInterrupt):
        reader.train(made, cut_off, 1, tmp_path, print)
    saved = torch.load(tmp_path / "checkpoint.pt", weights_only=False)
    assert saved["state"]["round"] == 3
    assert saved["state"]["tokens"] == 4 * sum(len(example.ids) for example in examples)
    for name, weight in made.state_dict().items():
        torch.testing.assert_close(saved["reader"][name], weight)


def test_layers_below_stay_as_they_are(
    encoder: Encoder, examples: list[Example], quick: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "FROZEN", 1)
    made, before = fresh(encoder), fresh(encoder).state_dict()
    reader.train(made, lambda _: examples, 0.2 / 60, tmp_path, print)
    moved = {name for name, weight in made.state_dict().items() if not torch.equal(weight, before[name])}
    assert not [name for name in moved if "embeddings" in name or "layer.0." in name]
    assert {"of_tokens.weight", "of_whole.weight", "encoder.encoder.layer.1.output.dense.weight"} <= moved


# -------------------------------------------------------------------------------------------------------- as it is used


@pytest.fixture(scope="module")
def folder(taught: tuple[Reader, list[str]], tokenizer: Tokenizer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("onnx")
    place = tmp_path_factory.mktemp("models") / "reader"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch would rather have its other exporter used
        reader.export(taught[0], tokenizer, place)
    return place


@pytest.fixture(scope="module")
def exported(folder: Path) -> Exported:
    return Exported(folder, threads=1)


def excerpt(text: str, above: str = "") -> Excerpt:
    return Excerpt(text, above, tuple(quotable(text, 0, len(text))))


def test_what_is_exported_can_be_trained_further(
    folder: Path, taught: tuple[Reader, list[str]], tokenizer: Tokenizer
) -> None:
    again, pieces = reader.shipped(folder, HEADS)
    assert pieces.get_vocab() == tokenizer.get_vocab()
    ids, mask, _ = padded(examples_of([*LESSONS, *CLAIMS], tokenizer))
    with torch.inference_mode():
        before, after = taught[0](ids, mask), again.eval()(ids, mask)
    for one, other in zip(before, after, strict=True):
        assert torch.corrcoef(torch.stack([one.flatten(), other.flatten()]))[0, 1] > 0.99


def test_blended_weights_lie_between(taught: tuple[Reader, list[str]]) -> None:
    after = taught[0].state_dict()
    made = Reader(taught[0].encoder.config)
    made.load_state_dict({name: weight.clone() for name, weight in after.items()})
    reader.blend(made, {name: weight - 1 for name, weight in after.items()}, 0.75)
    for name, weight in made.state_dict().items():
        assert torch.allclose(weight, after[name] - 0.25, atol=1e-6)


def test_what_is_exported_are_two_files(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == ["model.onnx", "tokenizer.json"]


def test_the_exported_reader_says_what_the_trained_one_says(
    exported: Exported, taught: tuple[Reader, list[str]], tokenizer: Tokenizer
) -> None:
    made = taught[0]
    theirs, ours = list[float](), list[float]()
    for one in LESSONS:
        example = encoded(one, tokenizer)
        assert example
        with torch.inference_mode():
            ids, mask, numbers = padded([example])
            tokens, whole = made(ids, mask)
        odds = of_sentences(tokens, numbers, len(example.answers))
        ours += [*odds.tolist(), tokens[0, 0, 2].item(), whole[0, 0].item()]
        (reading,) = exported.read(one.question, [excerpt(one.passage, one.above)])
        theirs += [*reading.odds, reading.none, reading.answers]
    assert np.corrcoef(theirs, ours)[0, 1] > 0.95
    clear = [(a, b) for a, b in zip(theirs, ours, strict=True) if abs(b) > 0.5]
    assert np.mean([(a > 0) == (b > 0) for a, b in clear]) > 0.9


def test_what_it_learned_it_answers(exported: Exported) -> None:
    answered = [one for one in LESSONS if one.answer]
    right = 0
    for one in answered:
        (reading,) = exported.read(one.question, [excerpt(one.passage, one.above)])
        best = int(np.argmax(reading.odds))
        start, end, _ = reading.words[best]
        right += one.passage[start:end].strip() == one.passage[slice(*one.answer or ())]
    assert right >= 0.6 * len(answered)


def test_excerpts_are_read_in_their_order_whatever_their_length(exported: Exported) -> None:
    texts = [RIVER, INCOME, TABLE, RIVER * 4, LIST, "The mill is old."]
    together = exported.read("how high did the water rise?", [excerpt(text) for text in texts])
    for text, reading in zip(texts, together, strict=True):
        (alone,) = exported.read("how high did the water rise?", [excerpt(text)])
        assert len(reading.odds) == len(reading.words) == len(excerpt(text).sentences)
        np.testing.assert_allclose(reading.odds, alone.odds, atol=0.5)


LONG = [
    "".join(f"The water rose to {n} metres in May. " for n in range(100, 160)).strip(),
    "".join(f"第{n}年营业收入为{n}亿元。" for n in range(100, 180)),
    "| Item | 2024 |\n| --- | --- |\n" + "\n".join(f"| Staff {n} | {n} |" for n in range(100, 180)),
    "The water rose " + "to 42 metres " * 90 + "in May. Nobody was hurt.",
]


@pytest.mark.parametrize("text", LONG, ids=["English", "Chinese", "a table", "one sentence beyond all measure"])
def test_every_sentence_of_a_long_text_is_read(exported: Exported, tokenizer: Tokenizer, text: str) -> None:
    assert len(tokenizer.encode(text).ids) > reader.LONGEST
    asked = excerpt(text, "Report > Figures")
    (reading,) = exported.read("how high did the water rise?", [asked])
    assert len(reading.odds) == len(asked.sentences)
    unread = exported.read("how high?", [Excerpt("", "", ((0, 0),))])[0].odds[0]
    assert all(math.isfinite(odds) and odds > unread for odds in reading.odds)
    for (start, end), (first, last, _) in zip(asked.sentences, reading.words, strict=True):
        assert start <= first < last <= end


@settings(deadline=None, max_examples=15)
@given(st.text("水涨。ab. \n|-", max_size=900), st.text("ab 水", max_size=200))
def test_any_text_can_be_read(exported: Exported, text: str, question: str) -> None:
    asked = excerpt(text)
    (reading,) = exported.read(question, [asked])
    assert len(reading.odds) == len(asked.sentences)
    assert all(s <= first <= last <= e for (s, e), (first, last, _) in zip(asked.sentences, reading.words, strict=True))


@pytest.mark.parametrize("span", [RIVER, INCOME, "", "水。" * 500], ids=["English", "Chinese", "nothing", "too long"])
def test_the_chances_of_a_claim_make_one(exported: Exported, span: str) -> None:
    verdict = exported.judge("The water rose in May.", span)
    chances = (verdict.supported, verdict.contradicted, verdict.unknown)
    assert sum(chances) == pytest.approx(1)
    assert all(0 <= chance <= 1 for chance in chances)
    assert exported.judge("The water rose in May.", span) is verdict, "a claim is judged once"


def test_a_claim_is_judged_as_it_was_learned(
    exported: Exported, taught: tuple[Reader, list[str]], tokenizer: Tokenizer
) -> None:
    for claim in CLAIMS:
        with torch.inference_mode():
            _, whole = taught[0](*padded(examples_of([claim], tokenizer))[:2])
        verdict = exported.judge(claim.question, claim.passage)
        ours = (verdict.supported, verdict.contradicted, verdict.unknown)
        np.testing.assert_allclose(ours, whole[0, 1:].softmax(0), atol=0.2)


@pytest.mark.parametrize("missing", ["model.onnx", "tokenizer.json"])
def test_a_missing_file_is_named(tmp_path: Path, missing: str) -> None:
    for name in {"model.onnx", "tokenizer.json"} - {missing}:
        (tmp_path / name).touch()
    with pytest.raises(ModelMissing, match=missing):
        Exported(tmp_path)
