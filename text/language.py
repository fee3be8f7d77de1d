"""Which language a text is in, and how long it is to who reads it."""

from __future__ import annotations

import re

#: The characters of Chinese words, for a class in a regular expression; and with them those that are as wide.
HAN = "\u3400-\u4dbf\u4e00-\u9fff"
WIDE = re.compile(f"[\u3000-\u303f{HAN}\uff00-\uffef]")
#: English words that only join others: they tell that a text is English, and never what it is about.
GRAMMAR = frozenset(
    "a an the of in on at to for from by with without and or but nor neither not no never if than then so as because "
    "is are was were be been being am it its this that these those there they them their he she his her i me you your "
    "we us our my do does did has have had can could will would should may might must "
    "what which who whom whose when where why how while "
    "about into over under after before between during through up out "
    "all any both each one other some such more most also just only very s t".split()
)
_HAN = re.compile(f"[{HAN}]+")
#: ``Next.js``, ``in-toto``, ``what's``: one word
_LATIN = re.compile(r"[A-Za-z]+(?:[-'’./+&_][A-Za-z]+)*")
#: Grammar as it is written in a sentence: ``the``, ``In``; not ``IT`` or ``US``, nor the ``A`` of ``A 股``.
_IN_ENGLISH = frozenset(word for word in GRAMMAR if len(word) > 1) | {w.capitalize() for w in GRAMMAR if len(w) > 1}
#: What opens a question in English: ``Who is 乱世浮生?``, ``What's ...``
_ASKED_IN_ENGLISH = re.compile(
    r"\W*(?:[Ww](?:hat|hich|ho|hom|hose|hen|here|hy|ill|ould|as|ere)|[Hh](?:ow|as|ave|ad)|[Ii]s|[Aa]re"
    r"|[Dd](?:o|oes|id)|[Cc](?:an|ould)|[Ss]hould|[Mm](?:ay|ight))(?:['’]s)?\s"
)
#: What a word of grammar and an English question count, in English words; a Chinese character counts two. Of 959
#: questions all, and of 12,000 sentences of reports all but 5, are taken for the same from 2 to 6.
_GRAMMAR_COUNTS, _QUESTION_COUNTS = 3, 40


def language_of(text: str) -> str:
    """``zh`` or ``en``; ``""`` without a letter of either. Names tell little: ``TikTok 和 ESnet 用 IPv6 吗`` is ``zh``.

    Grammar tells more: ``revenue of 青岚科技 in 2023`` and ``Is 清华大学 in Beijing?`` are ``en``.
    """
    han = 0 if text.isascii() else sum(map(len, _HAN.findall(text)))
    latin = _LATIN.findall(text)
    if not han:
        return "en" if latin else ""
    english = len(latin) + _GRAMMAR_COUNTS * sum(word in _IN_ENGLISH for word in latin)
    return "zh" if 2 * han >= english + _QUESTION_COUNTS * bool(_ASKED_IN_ENGLISH.match(text)) else "en"


def weight(text: str) -> float:
    """The length in English characters, a Chinese one, its punctuation too, counting 2.5."""
    return len(text) if text.isascii() else len(text) + 1.5 * len(WIDE.findall(text))
