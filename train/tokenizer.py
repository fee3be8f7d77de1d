"""The vocabulary: Chinese and English unigram pieces, learned from the training pairs."""

from __future__ import annotations

from collections.abc import Iterator

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

UNKNOWN = "[UNK]"
#: A Latin word starts with this mark wherever it stands, so that `使用cilium` and `use cilium` share a piece.
WORD = "▁"


def new_tokenizer() -> Tokenizer:
    """NFKC, lower case, `▁` before Latin words; runs of Han, digits and words never share a piece."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Lowercase(),
            normalizers.Replace(Regex(r"(?<![\p{Latin}\p{N}])(?=[\p{Latin}])"), WORD),
        ]
    )
    runs = Regex(rf"{WORD}[\p{{Latin}}\p{{N}}]+|\p{{Han}}+|\p{{N}}+|[^\p{{Latin}}\p{{Han}}\p{{N}}\s]")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"\s+"), "removed"),
            pre_tokenizers.Split(runs, "isolated"),
        ]
    )
    return tokenizer


def learn(texts: Iterator[str], size: int) -> Tokenizer:
    """A tokenizer of ``size`` pieces, learned from ``texts``."""
    tokenizer = new_tokenizer()
    trainer = trainers.UnigramTrainer(
        vocab_size=size, unk_token=UNKNOWN, special_tokens=[UNKNOWN], max_piece_length=14, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer
