"""Synthetic Chinese and English reports of any number, the same for the same seed: what speed is measured on."""

from __future__ import annotations

import json
import random
import re
from itertools import accumulate
from math import exp
from pathlib import Path

#: Passages of a report.
PASSAGES = 50
_WORD = {"en": re.compile("▁([a-z]+)"), "zh": re.compile("([\u4e00-\u9fff]{1,5})")}


class Writer:
    """Puts words of a static model's vocabulary, each as frequent as its tokenizer found it, into sentences."""

    def __init__(self, model: Path, seed: int = 0) -> None:
        pieces = json.loads((model / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
        self._random = random.Random(seed)
        self._words: dict[str, tuple[list[str], list[float]]] = {}
        for language, kind in _WORD.items():
            found = [(match[1], exp(score)) for piece, score in pieces if (match := kind.fullmatch(piece))]
            self._words[language] = [word for word, _ in found], list(accumulate(share for _, share in found))

    def passage(self, language: str) -> str:
        """60 to 120 words in sentences of 8 to 20."""
        sentences = []
        left = self._random.randint(60, 120)
        while left > 0:
            said = self._draw(language, min(left, self._random.randint(8, 20)))
            left -= len(said)
            sentences.append("".join(said) + "。" if language == "zh" else " ".join(said).capitalize() + ".")
        return ("" if language == "zh" else " ").join(sentences)

    def report(self, number: int, passages: int = PASSAGES) -> str:
        """A Markdown report, each passage under a heading of its own; every other one is Chinese."""
        language = "zh" if number % 2 else "en"
        joint = "" if language == "zh" else " "
        parts = [f"# {joint.join(self._draw(language, 4))} {number}"]
        for place in range(passages):
            parts += [f"## {place + 1} {joint.join(self._draw(language, 3))}", self.passage(language)]
        return "\n\n".join(parts) + "\n"

    def write(self, folder: Path, first: int, last: int) -> None:
        """The reports with these numbers, below ``folder``, a thousand to a folder."""
        for number in range(first, last):
            path = folder / f"{number // 1000:03d}" / f"report-{number:06d}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.report(number), "utf-8")

    def question(self, passage: str) -> str:
        """Asks for a few words of a passage that follow one another."""
        if re.search("[\u4e00-\u9fff]", passage):
            start = self._random.randrange(max(1, len(passage) - 14))
            return f"{passage[start : start + 14].replace('。', '')}是什么？"
        said = passage.replace(".", "").split()
        start = self._random.randrange(max(1, len(said) - 8))
        return f"What is {' '.join(said[start : start + 8])}?"

    def _draw(self, language: str, count: int) -> list[str]:
        words, shares = self._words[language]
        return self._random.choices(words, cum_weights=shares, k=count)
