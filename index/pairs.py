"""Cross-encoders, where the settings name one: a second opinion on a claim, a last ranking of passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from index.encoder import ModelMissing, Vectors

_LABELS = ("entailment", "neutral", "contradiction")


def _cross_encoder(model: str, setting: str, use: str) -> Any:
    """The cross-encoder ``model`` names. Raises ModelMissing, naming the setting."""
    from sentence_transformers import CrossEncoder

    try:
        return CrossEncoder(model)
    except Exception as error:
        raise ModelMissing(
            f"The model {model!r} cannot be loaded ({error})."
            f" {setting} should be the name or folder of a cross-encoder for {use}."
        ) from error


@dataclass(frozen=True, slots=True)
class Inference:
    """The chances, each in [0, 1], that a claim follows from a span, that it may be or not, and that it cannot be."""

    entailment: float
    neutral: float
    contradiction: float


class PairModel:
    """A sentence-transformers CrossEncoder with the labels entailment, neutral and contradiction, in any order."""

    def __init__(self, model: str) -> None:
        self._model = _cross_encoder(model, "WENBAO_NLI_MODEL", "natural language inference")
        named = {str(name).lower(): int(i) for i, name in self._model.model.config.id2label.items()}
        if sorted(named) != sorted(_LABELS):
            raise ModelMissing(
                f"The model {model!r} has the labels {', '.join(named)}."
                f" WENBAO_NLI_MODEL should name one with {', '.join(_LABELS)}."
            )
        self._places = [named[label] for label in _LABELS]
        self.infer = lru_cache(maxsize=4096)(self._infer)

    def _infer(self, span: str, claim: str) -> Inference:
        """Does the claim follow from the span? An answer is kept: a growing text asks the same again."""
        chances = self._model.predict([(span, claim)], apply_softmax=True, show_progress_bar=False)[0]
        return Inference(*(float(chances[place]) for place in self._places))


class Reranker:
    """A sentence-transformers CrossEncoder with one score for a question and a passage: higher is better."""

    def __init__(self, model: str) -> None:
        self._model = _cross_encoder(model, "WENBAO_RERANKER", "ranking")
        if int(self._model.num_labels) != 1:
            raise ModelMissing(
                f"The model {model!r} has {self._model.num_labels} scores."
                " WENBAO_RERANKER should name one with a single score."
            )

    def scores(self, question: str, texts: Sequence[str]) -> Vectors:
        """One score a text, float32 [texts]."""
        found = self._model.predict([(question, text) for text in texts], show_progress_bar=False)
        return np.asarray(found, dtype=np.float32).reshape(len(texts))
