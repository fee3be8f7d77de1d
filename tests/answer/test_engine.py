"""Writing with a real engine: llama.cpp serving a model of two layers made to write what a test says."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from answer.assistant import Assistant
from answer.generate import Source, Writer, WriterUnavailable
from answer.question import understand
from index.search import Search
from settings import Settings

gguf = pytest.importorskip("gguf", reason="gguf is not installed: `python tools/install.py dev` brings it")
xllamacpp = pytest.importorskip(
    "xllamacpp", reason="xllamacpp (llama.cpp) is not installed: `python tools/install.py dev` brings it"
)

WIDTH, LAYERS, CONTEXT = 64, 2, 32_768
SOURCES = (Source(1, "Annual report 2024", "2025", "Revenue grew by 12% in 2024."),)
QUESTION = understand("How much did revenue grow?")
SENTENCE = ["Revenue", " grew", " by", " 12%", " in", " 2024", " [1]."]
#: Words enough that no stretch of 400 characters says anything four times.
ENDLESS = [f" word{i:03d}{'abcdefghij'[i % 10]}" for i in range(60)]


def model(path: Path, pieces: Sequence[str], then: str) -> Path:
    """A llama of two layers that do nothing: whatever it reads, it writes these pieces, ``then`` ends or begins again.

    Each piece is a direction of its own, which weighs for the next piece; all else is one, for the first piece.
    """
    vocabulary = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), "▁"]
    first, end = len(vocabulary), 2
    vocabulary += [piece.replace(" ", "▁") for piece in pieces]
    embedding = np.zeros((len(vocabulary), WIDTH), np.float32)
    embedding[:first, 0] = 1.0
    output = np.zeros((len(vocabulary), WIDTH), np.float32)
    output[first, 0] = 10.0
    for i in range(len(pieces)):
        embedding[first + i, i + 1] = 1.0
        following = first + i + 1 if i + 1 < len(pieces) else end if then == "ends" else first
        output[following, i + 1] = 10.0
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(2 * WIDTH)
    writer.add_head_count(4)
    writer.add_head_count_kv(4)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // 4)
    writer.add_vocab_size(len(vocabulary))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(vocabulary)
    writer.add_token_scores([0.0] * first + [-1.0] * len(pieces))
    writer.add_token_types([2, 3, 3, *[6] * 256, *[1] * (len(pieces) + 1)])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(end)
    writer.add_unk_token_id(0)
    writer.add_tensor("token_embd.weight", embedding)
    writer.add_tensor("output_norm.weight", np.ones(WIDTH, np.float32))
    writer.add_tensor("output.weight", output)
    shapes = {f"attn_{part}": (WIDTH, WIDTH) for part in ("q", "k", "v", "output")}
    shapes |= {"ffn_gate": (2 * WIDTH, WIDTH), "ffn_up": (2 * WIDTH, WIDTH), "ffn_down": (WIDTH, 2 * WIDTH)}
    for layer in range(LAYERS):
        for name, shape in shapes.items():
            writer.add_tensor(f"blk.{layer}.{name}.weight", np.zeros(shape, np.float32))
        for name in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"blk.{layer}.{name}.weight", np.ones(WIDTH, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


Serve = Callable[[Sequence[str], str], Settings]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts llama.cpp on such a model; the settings that ask it."""
    servers = []

    def start(pieces: Sequence[str], then: str) -> Settings:
        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(model(tmp_path / "tiny.gguf", pieces, then))
        parameters.n_ctx = CONTEXT
        parameters.n_parallel = 1
        parameters.port = 0
        parameters.warmup = False
        parameters.cpuparams.n_threads = 1
        servers.append(xllamacpp.Server(parameters))
        url = f"{servers[-1].listening_address}/v1"
        return replace(Settings(), llm_url=url, llm_model="tiny", llm_timeout=20.0)

    yield start
    servers.clear()


def test_an_answer_streams_from_a_real_engine(serve: Serve) -> None:
    written = list(Writer(serve(SENTENCE, "ends")).write(QUESTION, SOURCES))
    assert written[-1] == "Revenue grew by 12% in 2024 [1]."
    assert len(written) > 3
    assert all(whole.startswith(part) for part, whole in pairwise(written))


def test_what_it_writes_is_checked_and_cited(serve: Serve, network: Search) -> None:
    settings = serve(["Contributing", " companies", " reached", " 1,240", " [1]."], "ends")
    *_, answer = Assistant(network, settings).reply("How many contributing companies were there in 2025?")
    (claim,) = answer.claims
    assert claim.text == "Contributing companies reached 1,240."
    assert claim.support
    assert claim.support.supported
    assert "1,240 in 2025" in claim.citations[0].quote


def test_a_real_engine_that_does_not_finish_is_given_up(serve: Serve) -> None:
    settings = replace(serve(ENDLESS, "begins again"), llm_timeout=0.5)
    started = time.monotonic()
    with pytest.raises(WriterUnavailable, match=r"did not finish within 0\.5 seconds"):
        list(Writer(settings).write(QUESTION, SOURCES))
    assert time.monotonic() - started < 5


def test_a_reader_who_leaves_frees_a_real_engine(serve: Serve) -> None:
    """It serves one reader at a time: a second is answered at once only if it stopped writing for the first."""
    settings = serve(ENDLESS, "begins again")
    first = Writer(settings).write(QUESTION, SOURCES)
    next(first)
    first.close()  # type: ignore[attr-defined]
    started = time.monotonic()
    second = Writer(settings).write(QUESTION, SOURCES)
    next(second)
    second.close()  # type: ignore[attr-defined]
    assert time.monotonic() - started < 3


def test_an_endless_answer_falls_back_to_quoting(serve: Serve, network: Search) -> None:
    settings = replace(serve(ENDLESS, "begins again"), llm_timeout=0.5)
    *_, answer = Assistant(network, settings).reply("When was the first commit made?")
    assert "16 December 2015" in answer.text
    assert answer.note.startswith("The model was not used: the model tiny did not finish")
