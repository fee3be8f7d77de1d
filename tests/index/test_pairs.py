"""The second opinion, on tiny cross-encoders made here whose answer is always the same label."""

from dataclasses import replace
from pathlib import Path

import pytest

from index.encoder import ModelMissing
from index.generation import build
from index.pairs import PairModel, Reranker
from index.search import Search
from settings import Settings


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


class LongestFirst:
    """Stands for a cross-encoder: the longer text is better."""

    def __init__(self, model: str) -> None:
        assert model == "longest"

    def scores(self, question: str, texts: list[str]) -> list[float]:
        return [float(len(text)) for text in texts]


def test_a_reranker_has_the_last_word(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    build(settings)
    monkeypatch.setattr("index.search.Reranker", LongestFirst)
    search = Search.open(replace(settings, reranker="longest"))
    hits = search.search("贡献公司", k=2)
    assert search.text(hits[0].passage).startswith("The harvest of apples")
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len(hits) == 2


def test_a_reranker_scores_each_passage_and_one_of_another_kind_is_refused(tmp_path: Path) -> None:
    scores = Reranker(model(tmp_path / "one", ("LABEL_0",), 0)).scores("a b", ["c d", "e", "f g h"])
    assert scores.shape == (3,)
    with pytest.raises(ModelMissing, match=r"has 3 scores\. WENBAO_RERANKER should"):
        Reranker(model(tmp_path / "three", ("entailment", "neutral", "contradiction"), 0))
