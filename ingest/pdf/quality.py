"""Can the text of a page be read: by the share of characters that say nothing, and by how letters are mixed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from text.language import HAN

#: Bullets and ticks of symbol fonts, which say nothing of the text around them.
_SYMBOLS = re.compile("[\uf020-\uf0ff]")
#: ``\ufffd`` stands for a character that is not known; private and unassigned ones mean something in one font only.
_MEANINGLESS = ("Co", "Cn", "Cs", "Cc")
#: More characters without a meaning than this, and a page cannot be read.
_MOST_MEANINGLESS = 0.15
#: ``ÄêÈ±¨¸æ``: letters of Western Europe where no word is; French has fewer than a tenth.
_WESTERN = re.compile("[\u00a1-\u00ff]")
_MOST_WESTERN = 0.3
#: ``7KH DQQXDO UHSRUW``: letters that stand for others; in words of any language more than a fifth are vowels.
_LATIN, _VOWEL = re.compile("[A-Za-z]"), re.compile("[aeiouyAEIOUY]")
_LEAST_VOWELS, _ENOUGH_LETTERS = 0.2, 120
#: ``锘匡豢鐨勬暟``: so many characters are neither all of the simplified nor all of the traditional common ones.
_HAN = re.compile(f"[{HAN}]")
_MOST_RARE, _ENOUGH_HAN = 0.25, 40
#: ``৩৪ཙ౏ا``: letters of so many further writings, and so large a share of them, are numbers of glyphs, no language.
_MOST_WRITINGS, _MOST_OF_FURTHER = 3, 0.15
_FURTHER = re.compile("[\u0590-\u1dff\u2c00-\u2ddf\ua4d0-\uabff]")


def is_readable(text: str) -> bool:
    """Does a reader understand the text? An empty one is not readable."""
    marks = "".join(_SYMBOLS.sub("", text).split())
    if not marks:
        return False
    meaningless = sum(char == "\ufffd" or unicodedata.category(char) in _MEANINGLESS for char in marks)
    if meaningless > _MOST_MEANINGLESS * len(marks) or len(_WESTERN.findall(marks)) > _MOST_WESTERN * len(marks):
        return False
    letters = len(_LATIN.findall(marks))
    if letters > max(_ENOUGH_LETTERS, 0.5 * len(marks)) and len(_VOWEL.findall(marks)) < _LEAST_VOWELS * letters:
        return False
    further = _FURTHER.findall(marks)
    writings = {unicodedata.name(char, "").split(" ")[0] for char in further}
    if len(writings) > _MOST_WRITINGS and len(further) > _MOST_OF_FURTHER * len(marks):
        return False
    han = _HAN.findall(marks)
    return len(han) < _ENOUGH_HAN or min(_rare(han, "gb2312"), _rare(han, "big5")) <= _MOST_RARE


def _rare(han: Sequence[str], encoding: str) -> float:
    """The share of characters that an encoding of the common ones does not have."""
    return sum(not char.encode(encoding, "ignore") for char in han) / len(han)
