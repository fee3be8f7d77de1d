"""Text -> words, Chinese and English alike, for searching and for comparing; indexing and asking use the same."""

from __future__ import annotations

import logging
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import jieba

from text.fold import fold
from text.language import GRAMMAR, HAN

jieba.setLogLevel(logging.WARNING)

#: Kept whole: versions and decimals, grouped numbers, dates and times, names that carry digits, hyphens or dots.
_TOKEN = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?%?|\d+(?:\.\d+)+%?|\d+%?)(?P<unit>[倍万亿年月日家个人次岁位名条种层])?"
    r"|(?P<latin>[a-z\u00c0-\u024f][a-z\u00c0-\u024f0-9]*(?:[-_.+'’/][a-z0-9\u00c0-\u024f]+)*[+#]*)"
    rf"|(?P<han>[{HAN}\uf900-\ufaff]+)"
    r"|(?P<other>[^\W\d_]+)"
)
#: ``320¹``: the mark of a note is no digit of the figure before it.
_RAISED = re.compile(r"(?<=\d)[⁰¹²³⁴-⁹]+")
#: Words of English grammar that tell passages apart when one is looked for.
_TELLING = frozenset(
    "all also am any because being both but during each just more most must neither never nor one only other out s "
    "some such t them through up very while without".split()
)
#: Words that are not looked for.
STOP = (GRAMMAR - _TELLING) | frozenset(
    "的 了 是 在 和 与 或 有 为 以 于 由 对 从 到 把 被 让 也 都 就 而 及 等 着 过 地 得 之 其 这 那 哪 哪个 "
    "哪些 什么 怎么 怎样 "
    "如何 为什么 为何 吗 呢 吧 啊 谁 多少 几 我 你 他 她 它 我们 你们 他们 个 一个 请问 何 何时 何地".split()
)
#: Chinese characters that only join others: they carry no meaning of their own.
PARTICLES = frozenset(
    "的了在是和与及或而并且也都就又还等着过被把将对从向以于其之这那此该个们为由所使让给到中上下里有不没无未非"
)
#: ``Cilium's``, ``1,011``, ``份``: what the words of two texts are compared by
_COMPARED = re.compile(rf"[A-Za-z]+(?:['’][a-z]+)?|\d+(?:[.,]\d+)*|[{HAN}]")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, or one Chinese character: ``root`` is what is compared; grammar words have no ``content``."""

    start: int
    end: int
    root: str
    content: bool


def words(text: str) -> list[str]:
    """Lower-cased search words in reading order; numbers, units, versions and mixed names also whole.

    `Cilium 1.16 把尾部延迟降低了 5 倍` -> cilium 1.16 把 尾部 延迟 降低 了 5 5倍
    """
    found: list[str] = []
    for match in _TOKEN.finditer(_joined(unicodedata.normalize("NFKC", _RAISED.sub(" ", fold(text))).lower())):
        kind = match.lastgroup
        if match["number"]:
            number = match["number"].replace(",", "")
            found.append(number)
            if number.endswith("%"):
                found.append(number[:-1])
            if match["unit"]:
                found.append(number + match["unit"])
        elif kind == "latin":
            found.extend(_latin(match["latin"]))
        elif kind == "han":
            found.extend(jieba.cut_for_search(match["han"]))
        else:
            found.append(match["other"])
    return found


def han_words(run: str) -> list[str]:
    """A run of Chinese characters as words that the dictionary has, not overlapping."""
    return list(jieba.cut(run, HMM=False))


def content_words(text: str) -> list[str]:
    """The words that carry meaning: without stop words, each once, in order."""
    return [word for word in dict.fromkeys(words(text)) if word not in STOP]


#: What only asks: no report says it, so it would weigh as the rarest word of the question.
_ASKING = re.compile(
    r"请问|(?:是|有|为|共|达到?)?(?:百分之)?(?:多少|几)(?:[个家人次名位条种层倍岁款项]|(?=[年月日天]))?"
    r"|什么(?:时候|地方|样)?|为什么|为何|为啥"
    r"|哪(?:一?[个些家位年天种款项里儿月国]|几[个家位种])?|谁|何[时地人处]|如何"
    r"|怎么样?|怎样|是否|有没有|是不是|吗|呢"
    r"|\b(?:what|which|who|whom|whose|when|where|why|how(?: (?:many|much|long|often|old|far|large|big|high))?)\b"
    r"|\b(?:please )?(?:tell me|can you|could you)\b",
    re.I | re.ASCII,
)


def bare(question: str) -> str:
    """The question without the words that only ask; as it is if nothing else is left.

    ``谁发明了电话?`` -> ``发明了电话?``
    """
    left = _ASKING.sub(" ", question)
    return left if re.search(r"\w", left) else question


def _joined(text: str) -> str:
    """`5 倍` -> `5倍`: a space between a number and its Chinese unit says nothing."""
    return re.sub(r"(?<=[\d%])[ \u00a0](?=[倍万亿年月日家个人次岁位名条种层])", "", text)


@lru_cache(maxsize=100_000)
def _latin(word: str) -> tuple[str, ...]:
    """`gpu-operator` -> gpu-operator gpu operator; `bgpv2` -> bgpv2; `clusters` -> cluster."""
    word = word.replace("’", "'").removesuffix("'s")
    parts = [part for part in re.split(r"[-_.+'/]", word) if part]
    if len(parts) == 1:
        return (stem(word),)
    return (word, *(stem(part) for part in parts))


def stem(word: str) -> str:
    """Plurals and common endings taken off (Harman's S-stemmer, 1991, and -ing, -ed): policies -> policy."""
    if len(word) <= 3 or not word.isascii() or not word.isalpha():
        return word
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    if word.endswith("es") and word[:-2].endswith(("ss", "x", "ch", "sh", "z")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("us", "ss", "is")):
        return word[:-1]
    for ending in ("ing", "ed"):
        rest = word[: -len(ending)]
        if word.endswith(ending) and len(rest) >= 4 and re.search("[aeiou]", rest):
            return rest[:-1] if rest[-1] == rest[-2] and rest[-1] not in "ls" else rest.removesuffix("e")
    return word.removesuffix("e") if len(word) > 5 else word


@lru_cache(maxsize=65536)
def root(word: str) -> str:
    """What all forms of a word share, for comparing: ``Acquired``, ``acquires`` and ``acquire's`` -> ``acquir``."""
    stemmed = stem(word.lower().replace("’", "'").removesuffix("'s"))
    return stemmed.removesuffix("e") if len(stemmed) > 4 else stemmed


@lru_cache(maxsize=4096)
def tokens_of(text: str) -> tuple[Token, ...]:
    """The words of a text, and each Chinese character, in order, for comparing it with another."""
    found = []
    for match in _COMPARED.finditer(text):
        word = match.group()
        content = word.lower() not in GRAMMAR and word not in PARTICLES
        found.append(Token(match.start(), match.end(), word if word[0].isdigit() else root(word), content))
    return tuple(found)
