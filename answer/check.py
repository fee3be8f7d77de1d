"""Claims checked as answers are, for whoever has a claim and a passage and no question."""

from __future__ import annotations

from answer.reader import Reader, load_reader
from answer.verify import verify
from index.encoder import load
from index.search import meaning_of
from records import Support
from settings import Settings


class Checker:
    """The check on the settings' own models, loaded once. Raises ModelMissing."""

    def __init__(self, settings: Settings) -> None:
        reader = load_reader(settings.reader)
        self._judge = reader if isinstance(reader, Reader) else None
        self._meaning = meaning_of(load(settings.model))

    def check(self, claim: str, passage: str) -> Support:
        """Does the passage support the claim, how well, and why?"""
        return verify(claim, passage, self._meaning, judge=self._judge)
