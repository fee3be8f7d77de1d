"""Characters that mean the same -> one of them: traditional and simplified, Kangxi radicals, full-width ones.

For matching only: what is shown and quoted keeps its own characters.
"""

from __future__ import annotations

import unicodedata
from functools import cache

#: Han characters (with extension A, compatibility ideographs); radicals; full-width digits and letters.
_HAN = (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))
_COMPATIBLE = (*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00), *range(0xFF10, 0xFF1A))
_LETTERS = (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))


def fold(text: str) -> str:
    """The text with like characters made one, as long as before: ``臺灣２０２４`` -> ``台湾2024``."""
    return text if text.isascii() else text.translate(_table())


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
