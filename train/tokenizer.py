"""The vocabulary: whole words of both languages, the frequent ones, and shorter pieces for all others."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

from text.words import han_words

UNKNOWN = "[UNK]"
#: A Latin word starts with this mark wherever it stands, so that `使用cilium` and `use cilium` share a piece.
WORD = "▁"
#: The share of the vocabulary for Latin words, for the pieces of the others, and for numbers; the rest is Chinese.
_LATIN, _PARTS, _NUMBERS = 0.4, 0.05, 0.01
#: Signs and symbols.
_OTHERS = 300
#: The pieces of rare words are made so much less likely than words.
_STANDING_BACK = 0.05
#: What is seen once in all pairs is no word.
_SEEN = 2
_RUN = re.compile(
    r"(?P<han>[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+)|(?P<latin>[a-z][a-z0-9]*)|(?P<number>\d+)|(?P<other>[^\s\w])"
)


@dataclass(slots=True)
class Counts:
    """How often words are seen: by kind, in texts."""

    han: Counter[str] = field(default_factory=Counter)
    latin: Counter[str] = field(default_factory=Counter)
    number: Counter[str] = field(default_factory=Counter)
    other: Counter[str] = field(default_factory=Counter)

    def add(self, text: str) -> None:
        """Counts the words of a text."""
        for match in _RUN.finditer(_plain(text)):
            kind, run = str(match.lastgroup), match.group()
            if kind == "han":
                self.han.update(han_words(run))
            else:
                getattr(self, kind)[run] += 1


def is_han(piece: str) -> bool:
    """Is the piece of Chinese characters?"""
    run = _RUN.match(piece)
    return run is not None and run.lastgroup == "han"


def _plain(text: str) -> str:
    """As the tokenizer's normalizer has it, without the marks of words."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).lower()


def new_tokenizer(pieces: list[tuple[str, float]] | None = None) -> Tokenizer:
    """NFKD, no accents, lower case, `▁` before Latin words; runs of Han, digits and words never share a piece."""
    tokenizer = Tokenizer(models.Unigram(pieces, 0, False) if pieces else models.Unigram())
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKD(),
            normalizers.StripAccents(),
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


def learn(
    texts: Iterable[str],
    size: int,
    english: Mapping[str, float],
    chinese: Mapping[str, float],
    syllables: Iterable[str] = (),
) -> Tokenizer:
    """A tokenizer of at most ``size`` pieces for ``texts``.

    Which words are worth a piece is a matter of how often they are seen, half here and half in their language at large:
    ``english`` and ``chinese`` give the share of a word there. The logarithm of the mean is the piece's score, so that
    the best split is the one in words. ``syllables`` are pieces of Latin words too: those that Chinese names are
    spelled in.
    """
    seen = Counts()
    for text in texts:
        seen.add(text)
    latin = _shares(seen.latin, _of_kind("latin", english))
    han = _composed(_shares(seen.han, _of_kind("han", chinese)))
    words = _most(latin, int(size * _LATIN))
    parts = _parts({word: count for word, count in seen.latin.items() if word not in words}, int(size * _PARTS))
    parts = {**_spelled(syllables, parts), **parts}
    total = sum(kind.total() for kind in (seen.han, seen.latin, seen.number, seen.other))
    numbers = _most(_shares(seen.number, {}, total), int(size * _NUMBERS))
    others = _most(_shares(seen.other, {}, total), _OTHERS)
    letters = {word: share for word, share in han.items() if len(word) == 1}
    left = size - 1 - len(words) - len(parts) - len(numbers) - len(others) - len(letters)
    longer = _most({word: share for word, share in han.items() if len(word) > 1}, left)
    pieces = {WORD + word: share for word, share in words.items()}
    pieces = {**parts, **pieces, **numbers, **others, **letters, **longer}
    ranked = sorted(pieces.items(), key=lambda piece: (-piece[1], piece[0]))
    return new_tokenizer([(UNKNOWN, -30.0), *((piece, math.log(share)) for piece, share in ranked)])


def _shares(seen: Counter[str], at_large: Mapping[str, float], total: int | None = None) -> dict[str, float]:
    """Each word's share of ``total`` words, by default those of its own kind: the mean of here and at large."""
    among = total or seen.total() or 1
    known = {*at_large, *(word for word, count in seen.items() if count >= _SEEN)}
    return {word: (seen[word] / among + at_large.get(word, 0.0)) / 2 for word in known}


def _of_kind(kind: str, shares: Mapping[str, float]) -> dict[str, float]:
    """The words that are one run of this kind."""
    return {word: share for word, share in shares.items() if (run := _RUN.fullmatch(word)) and run.lastgroup == kind}


def _spelled(syllables: Iterable[str], parts: Mapping[str, float]) -> dict[str, float]:
    """Each syllable at the start of a word and inside one, as likely as a usual part."""
    usual = sorted(parts.values())[len(parts) // 2] if parts else _STANDING_BACK
    return {piece: usual for syllable in syllables for piece in (syllable, WORD + syllable)}


def _composed(shares: Mapping[str, float]) -> dict[str, float]:
    """Without the long words that are two frequent ones: `数据中心` is better as 数据 and 中心."""

    def is_composed(word: str) -> bool:
        often = 3 * shares[word]
        return any(
            shares.get(word[:cut], 0.0) > often and shares.get(word[cut:], 0.0) > often
            for cut in range(2, len(word) - 1)
        )

    return {word: share for word, share in shares.items() if len(word) < 4 or len(word) < 6 and not is_composed(word)}


def _most(shares: Mapping[str, float], number: int) -> dict[str, float]:
    return dict(sorted(shares.items(), key=lambda word: (-word[1], word[0]))[: max(0, number)])


def _parts(rare: Mapping[str, int], number: int) -> dict[str, float]:
    """The pieces of rare Latin words, each as unlikely as to stand back behind any whole word."""
    tokenizer = new_tokenizer()
    trainer = trainers.UnigramTrainer(
        vocab_size=number, unk_token=UNKNOWN, special_tokens=[UNKNOWN], max_piece_length=8, show_progress=False
    )
    tokenizer.train_from_iterator((word for word, count in rare.items() for _ in range(min(count, 5))), trainer)
    learned = json.loads(tokenizer.to_str())["model"]["vocab"]
    return {piece: math.exp(chance) * _STANDING_BACK for piece, chance in learned if piece != UNKNOWN}
