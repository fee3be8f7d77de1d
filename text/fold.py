"""Characters that mean the same -> one of them: traditional and simplified, Kangxi radicals, full-width ones.

For matching only: what is shown and quoted keeps its own characters.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

#: Han characters (with extension A, compatibility ideographs); radicals; full-width digits and letters.
_HAN = (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))
_COMPATIBLE = (*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00), *range(0xFF10, 0xFF1A))
_LETTERS = (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))


def fold(text: str) -> str:
    """The text with like characters made one, as long as before: ``臺灣２０２４`` -> ``台湾2024``."""
    return text if text.isascii() else text.translate(_table())


@lru_cache(maxsize=8192)
def letters(text: str) -> str:
    """The letters and digits alone, in small, whatever marks and spaces part them: ``**Ａ-b** 1`` -> ``ab1``."""
    return "".join(filter(str.isalnum, fold(text).lower()))


def overlap(one: str, other: str) -> bool:
    """Have two texts half of the shorter one's letters in one run, whatever its marks, widths, case and spaces?

    ``"贡献公司达 1,011 家"`` and ``"贡献公司达１，０１１家，增长 90%"`` do; ``"1,011 firms"``, ``"1,012 tons"`` do not.
    """
    shorter, longer = sorted((letters(one), letters(other)), key=len)
    half = (len(shorter) + 1) // 2
    return bool(half) and any(shorter[i : i + half] in longer for i in range(len(shorter) - half + 1))


@cache
def _table() -> dict[int, str]:
    """Character -> what it is folded to. Traditional ones by OpenCC's table, one by one, without regard to words."""
    import opencc

    table = {}
    for code in (*_COMPATIBLE, *_LETTERS):
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1 and plain != chr(code):
            table[code] = plain
    traditional = [*map(chr, _HAN), *(plain for plain in table.values() if ord(plain) > 0x3400)]
    simplified = opencc.OpenCC("t2s").convert("\n".join(traditional)).split("\n")
    of = {a: b for a, b in zip(traditional, simplified, strict=True) if a != b and len(b) == 1}
    table |= {ord(a): b for a, b in of.items()}
    return {code: of.get(plain, plain) for code, plain in table.items()}
