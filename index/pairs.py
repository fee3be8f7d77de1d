"""A second opinion on a claim and its span: does the one follow from the other, by a model of language inference."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from index.encoder import ModelMissing

_LABELS = ("entailment", "neutral", "contradiction")


@dataclass(frozen=True, slots=True)
class Inference:
    """The chances, each in [0, 1], that a claim follows from a span, that it may be or not, and that it cannot be."""

    entailment: float
    neutral: float
    contradiction: float


class PairModel:
    """A sentence-transformers CrossEncoder with the labels entailment, neutral and contradiction, in any order."""

    def __init__(self, model: str) -> None:
        from sentence_transformers import CrossEncoder

        try:
            self._model: Any = CrossEncoder(model)
        except Exception as error:
            raise ModelMissing(
                f"The model {model!r} cannot be loaded ({error})."
                " WENBAO_NLI_MODEL should be the name or folder of a cross-encoder for natural language inference."
            ) from error
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
