"""The second opinion, on tiny cross-encoders made here whose answer is always the same label."""

from pathlib import Path

import pytest

from index.encoder import ModelMissing
from index.pairs import PairModel


def model(folder: Path, labels: tuple[str, ...], always: int) -> str:
    """A BERT of two layers that answers ``labels[always]`` whatever it reads."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefgh"]), "utf-8")
    config = BertConfig(
        vocab_size=13,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=16,
        id2label=dict(enumerate(labels)),
        label2id={label: i for i, label in enumerate(labels)},
    )
    made = BertForSequenceClassification(config)
    with torch.no_grad():
        made.classifier.weight.zero_()
        made.classifier.bias.zero_()
        made.classifier.bias[always] = 5.0
    made.save_pretrained(str(folder))
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(str(folder))
    return str(folder)


@pytest.mark.parametrize(
    ("labels", "always"),
    [
        (("contradiction", "entailment", "neutral"), 1),
        (("ENTAILMENT", "NEUTRAL", "CONTRADICTION"), 0),
        (("neutral", "contradiction", "entailment"), 1),
    ],
)
def test_labels_are_read_from_the_model_in_whatever_order(tmp_path: Path, labels: tuple[str, ...], always: int) -> None:
    inferred = PairModel(model(tmp_path / "m", labels, always)).infer("Revenue grew.", "Revenue fell.")
    chances = {
        "entailment": inferred.entailment,
        "neutral": inferred.neutral,
        "contradiction": inferred.contradiction,
    }
    assert max(chances, key=lambda label: chances[label]) == labels[always].lower()
    assert sum(chances.values()) == pytest.approx(1.0)


def test_a_model_with_other_labels_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="WENBAO_NLI_MODEL should name one with entailment, neutral, contradiction"):
        PairModel(model(tmp_path / "m", ("LABEL_0", "LABEL_1", "LABEL_2"), 0))


def test_a_missing_model_is_told_with_its_setting(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="WENBAO_NLI_MODEL should be"):
        PairModel(str(tmp_path / "none"))
