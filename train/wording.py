"""How people type: a question in other words, in words of the other language, shortened, misspelt; a sentence made false."""
# ruff: noqa: E501 (tables of words read better on one line)

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable

from text.language import GRAMMAR, HAN, language_of
from text.words import words

_HAN = re.compile(f"[{HAN}]")
_DROPPED_EN = frozenset("the a an of do does did is are was were".split())
_POLITE_EN = (
    "could you tell me {}",
    "hi, {}",
    "please tell me {}",
    "I'd like to know {}",
    "{} thanks",
    "quick question: {}",
    "any idea {}",
    "{} pls",
)
_POLITE_ZH = ("请问{}", "想问一下{}", "帮我查一下{}", "你好，{}", "麻烦问下{}", "{} 谢谢", "能告诉我{}吗", "我想知道{}")
_SAME_ZH = (
    ("多少", "有多少"),
    ("什么时候", "啥时候"),
    ("什么时候", "何时"),
    ("为什么", "为啥"),
    ("什么", "啥"),
    ("哪里", "哪儿"),
    ("如何", "怎么"),
    ("怎样", "怎么"),
    ("何时", "什么时候"),
    ("哪些", "哪几个"),
    ("是什么", "是啥"),
    ("多少", "几"),
    ("谁", "哪位"),
    ("哪一年", "哪年"),
    ("何处", "哪里"),
)
_SAME_EN = (
    ("how many", "number of"),
    ("what year", "when"),
    ("why", "how come"),
    ("which", "what"),
    ("when was", "date of"),
    ("where is", "location of"),
    ("how much", "what amount"),
    ("what is the name of", "name"),
    ("who was", "name of the person who was"),
)


def is_chinese(text: str) -> bool:
    """Does a text read as Chinese?"""
    return language_of(text) == "zh"


def _instead(text: str, word: str, other: str, flags: re.RegexFlag = re.I) -> str:
    """The text with a word's first place given to another; in Latin letters a whole word, not a part of one."""
    first, last = (r"(?<![A-Za-z])", "(?![A-Za-z])") if word.isascii() else ("", "")
    return re.sub(f"{first}{re.escape(word)}{last}", lambda _: other, text, count=1, flags=flags)


class Wording:
    """Ways to word a question; ``dictionary`` pairs are (English, Chinese)."""

    def __init__(self, rng: random.Random, dictionary: Iterable[tuple[str, str]] = ()) -> None:
        self._rng = rng
        self._to_zh: dict[str, list[str]] = defaultdict(list)
        self._to_en: dict[str, list[str]] = defaultdict(list)
        for english, chinese in dictionary:
            if len(english.split()) <= 3 and 0 < len(chinese) <= 6:
                self._to_zh[english.lower().removeprefix("to ")].append(chinese)
                self._to_en[chinese].append(english.removeprefix("to "))

    def reworded(self, question: str, across: bool) -> str:
        """The question as somebody else would type it; ``across``: word by word in the other language."""
        rng = self._rng
        if across and self._to_zh:
            return self._across(question)
        chinese = is_chinese(question)
        if self._to_zh and rng.random() < 0.35:
            question = self._synonyms(question, chinese)
        if rng.random() < 0.3:
            for one, other in rng.sample(_SAME_ZH if chinese else _SAME_EN, 5):
                worded = _instead(question, one, other)
                if worded != question:
                    question = worded
                    break
        way = rng.random()
        if way < 0.15:
            question = question.rstrip("?？。. ")
        elif way < 0.27 and not chinese:
            question = question.lower().rstrip("? ")
            question = " ".join(w for w in question.split() if w not in _DROPPED_EN or rng.random() < 0.3)
        elif way < 0.37:
            form = rng.choice(_POLITE_ZH if chinese else _POLITE_EN)
            question = form.format(
                question if chinese or question[:2].isupper() else question[:1].lower() + question[1:]
            )
        elif way < 0.42:
            question = self._slip(question)
        return question

    def _across(self, question: str) -> str:
        rng = self._rng
        if is_chinese(question):
            asked = [
                ("多少", "how many"),
                ("为什么", "why"),
                ("什么时候", "when"),
                ("哪里", "where"),
                ("哪一年", "what year"),
                ("谁", "who"),
                ("什么", "what"),
                ("哪", "which"),
                ("如何", "how"),
                ("怎么", "how"),
                ("几", "how many"),
            ]
            opening = next((en for zh, en in asked if zh in question), "")
            found = []
            for word in words(question):
                options = self._to_en.get(word)
                if options:
                    found.append(rng.choice(options[:4]))
                elif not _HAN.search(word) or len(word) > 1 and rng.random() < 0.5:
                    found.append(word)
            return f"{opening} {' '.join(found)}?".strip()
        asked = [
            ("how many", "多少"),
            ("how much", "多少"),
            ("why", "为什么"),
            ("when", "什么时候"),
            ("where", "在哪里"),
            ("what year", "哪一年"),
            ("who", "谁"),
            ("what", "什么"),
            ("which", "哪个"),
            ("how", "怎么"),
        ]
        ending = next((zh for en, zh in asked if en in question.lower()), "")
        found = []
        for raw in re.findall(r"[A-Za-z][\w.'-]*|\d[\d.,%]*", question):
            word = raw.lower().removesuffix("'s")
            options = (
                self._to_zh.get(word)
                or self._to_zh.get(word.removesuffix("s"))
                or self._to_zh.get(word.removesuffix("ed"))
            )
            if word in GRAMMAR or word in ("many", "much"):
                continue
            found.append(
                rng.choice(options[:4]) if options and not raw[0].isupper() or options and rng.random() < 0.5 else raw
            )
        return f"{''.join(found) if rng.random() < 0.7 else ' '.join(found)}{ending}{rng.choice(('？', '?', ''))}"

    def _synonyms(self, question: str, chinese: bool) -> str:
        """Some words by what shares a translation with them."""
        rng = self._rng
        there, back = (self._to_en, self._to_zh) if chinese else (self._to_zh, self._to_en)
        for word in dict.fromkeys(words(question) if chinese else re.findall(r"\b[a-z]{4,}\b", question)):
            through = there.get(word, [])[:3]
            others = [o for t in through for o in back.get(t.lower() if chinese else t, [])[:4] if o != word]
            if others and rng.random() < 0.35:
                question = _instead(question, word, rng.choice(others), re.NOFLAG)
        return question

    def _slip(self, text: str) -> str:
        """A slip of the pen: two letters changed round, one left out."""
        places = [m.start() for m in re.finditer(r"(?<=[A-Za-z])[a-z](?=[a-z])", text)]
        if not places:
            return text
        at = self._rng.choice(places)
        return (
            text[:at] + text[at + 1] + text[at] + text[at + 2 :]
            if self._rng.random() < 0.5
            else text[:at] + text[at + 1 :]
        )

    def shorter(self, sentence: str) -> str:
        """A sentence without one of its clauses, or without an aside: what follows from it."""
        sentence = re.sub(r"[（(][^（()）]{1,60}[)）]", "", sentence) if self._rng.random() < 0.5 else sentence
        parts = re.split(r"(?<=[，,；;])", sentence)
        return "".join(parts[:-1]).rstrip("，,；; ") if len(parts) > 2 and self._rng.random() < 0.6 else sentence

    def tampered(self, sentence: str) -> str | None:
        """The sentence made false: another figure, name or direction, or its denial. None where nothing can be changed."""
        ways = [_other_figure, _denied, _turned, _other_name, _denied, _turned]
        self._rng.shuffle(ways)
        return next((made for way in ways if (made := way(sentence, self._rng)) and made != sentence), None)


_FIGURE = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_NAME = re.compile(r"(?<![A-Za-z`/.])[A-Z][A-Za-z]*[a-z](?:[ -][A-Z][A-Za-z]+)*(?![A-Za-z`/.])")
_OTHERS = "Kestrel Fjord Marlowe Oriel Tessera Quillon Vantage Larkspur Bering Orchid Nimbus Cobalt Juniper Sable Halyard Zephyr Pinnacle Tundra Aster Riga Osaka Geneva Toronto Lima Prague Kenya Chile Norway Miller Tanaka Weber Rossi Novak Silva".split()


def _other_figure(text: str, rng: random.Random) -> str | None:
    places = list(_FIGURE.finditer(text))
    if not places:
        return None
    place = rng.choice(places)
    written = place.group().replace(",", "")
    decimals = len(written.partition(".")[2])
    value = float(written)
    other = (
        value + rng.choice((-2, -1, 1, 2, 3))
        if value < 20 or 1900 < value < 2100 and not decimals
        else value * rng.choice((0.4, 0.6, 0.8, 1.1, 1.5, 2, 10))
    )
    new = f"{max(other, 0):,.{decimals}f}" if "," in place.group() else f"{max(other, 0):.{decimals}f}"
    return text[: place.start()] + new + text[place.end() :] if new != place.group() else None


def _other_name(text: str, rng: random.Random) -> str | None:
    opens = re.match(r"\W*\w+", text)
    places = [m for m in _NAME.finditer(text) if is_chinese(text) or not opens or m.start() > opens.end()]
    if not places:
        return None
    place = rng.choice(places)
    return text[: place.start()] + rng.choice(_OTHERS) + text[place.end() :]


_CAN_BE_DENIED = re.compile(
    r"\b(is|are|was|were|can|could|will|would|should|must|may|has|have|had|do|does|did)\b(?! not| no\b|n't)"
)
_VERB_ZH = re.compile(
    r"(?<![不没未无])(支持|可以|能够|需要|会|是|应该|必须|允许|包含|包括|使用|适用|属于|存在|提供|要求|有)(?![不没无])"
)
_VERB_EN = re.compile(
    r"(?<=[a-z)`] )(supports|requires|provides|allows|uses|includes|contains|needs|returns|creates|works|enables|runs|offers|makes|helps)\b"
)
_DENIAL = re.compile(r"\b(not|never) |n't\b|(?<=[" + HAN + r"])(?:不|没有|并未|无法|尚未)(?=[" + HAN + "])")


def _denied(text: str, rng: random.Random) -> str | None:
    """One statement denied, or one denial taken away."""
    denial = _DENIAL.search(text)
    if denial and rng.random() < 0.5:
        return text[: denial.start()] + ("有" if denial.group() == "没有" else "") + text[denial.end() :]
    if is_chinese(text):
        places = list(_VERB_ZH.finditer(text))
        if not places:
            return None
        place = rng.choice(places)
        word = "没有" if place.group() == "有" else rng.choice(("并不", "不")) + place.group()
        return text[: place.start()] + word + text[place.end() :]
    places = list(_CAN_BE_DENIED.finditer(text))
    if places:
        place = rng.choice(places)
        return f"{text[: place.end()]} {rng.choice(('not', 'not', 'never'))}{text[place.end() :]}"
    verbs = list(_VERB_EN.finditer(text))
    if not verbs:
        return None
    verb = rng.choice(verbs)
    return f"{text[: verb.start()]}does not {verb.group().removesuffix('s')}{text[verb.end() :]}"


_OPPOSITES = """
increase decrease;increased decreased;increases decreases;increasing decreasing;increase reduce;increases reduces;increased reduced;rose fell;grew shrank;growth decline;rising falling;raise lower;raised lowered
more less;more fewer;higher lower;highest lowest;larger smaller;largest smallest;longer shorter;faster slower;stronger weaker;greater less;better worse;best worst;most least;many few;high low;large small;long short;fast slow;strong weak
before after;first last;earlier later;early late;above below;over under;up down;left right;north south;east west;inside outside;internal external;upstream downstream;start end;started ended;starts stops;open close;opened closed;begin finish
support oppose;supported opposed;accept reject;accepted rejected;accepts rejects;allow deny;allows denies;allowed denied;allow forbid;permitted prohibited;enable disable;enabled disabled;enables disables;include exclude;includes excludes;included excluded
add remove;added removed;adds removes;create delete;created deleted;join leave;joined left;win lose;won lost;gain lose;gained lost;success failure;successful unsuccessful;succeed fail;succeeded failed;improve worsen;improved worsened;advantage disadvantage
positive negative;easy difficult;easier harder;simple complex;safe dangerous;secure insecure;public private;automatic manual;automatically manually;static dynamic;temporary permanent;required optional;possible impossible;same different;old new;always never;all none;with without
minimum maximum;majority minority;profit loss;buy sell;import export;encrypt decrypt;install uninstall;upgrade downgrade;connect disconnect;synchronous asynchronous;active inactive;stable unstable;expensive cheap;rich poor;full empty;true false;agree disagree;pass fail;approved vetoed
增加 减少;增长 下降;上升 下降;提高 降低;提升 降低;扩大 缩小;上涨 下跌;高于 低于;大于 小于;多于 少于;超过 低于;最大 最小;最高 最低;最多 最少;更多 更少;更高 更低;更快 更慢;更大 更小;较高 较低;之前 之后;以前 以后;早于 晚于;前 后;上 下;内部 外部
支持 反对;接受 拒绝;允许 禁止;启用 禁用;开启 关闭;打开 关闭;开始 结束;启动 停止;添加 删除;创建 删除;加入 退出;成功 失败;赢 输;改善 恶化;加快 放缓;增强 削弱;优势 劣势;优点 缺点;积极 消极;容易 困难;简单 复杂;安全 危险;公开 保密;公有 私有;自动 手动;静态 动态;临时 永久
必需 可选;必须 不必;可以 不能;能够 无法;相同 不同;第一 最后;最新 最旧;盈利 亏损;进口 出口;加密 解密;安装 卸载;升级 降级;同步 异步;稳定 不稳定;多数 少数;全部 部分;所有 少数;长期 短期;有 没有;买入 卖出;收入 支出;优于 劣于;好 坏;强 弱;长 短;快 慢;新 旧
"""


def _opposites() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    english: dict[str, list[str]] = defaultdict(list)
    chinese: dict[str, list[str]] = defaultdict(list)
    for pair in _OPPOSITES.replace("\n", ";").split(";"):
        if pair:
            one, other = pair.split()
            table = english if one.isascii() else chinese
            table[one].append(other)
            table[other].append(one)
    return english, chinese


_TURNS_EN, _TURNS_ZH = _opposites()
_TURN_EN = re.compile(rf"\b(?:{'|'.join(sorted(_TURNS_EN, key=len, reverse=True))})\b", re.I)
_TURN_ZH = re.compile("|".join(sorted((w for w in _TURNS_ZH if len(w) > 1), key=len, reverse=True)))


def _turned(text: str, rng: random.Random) -> str | None:
    """One word by its opposite."""
    chinese = is_chinese(text)
    places = list((_TURN_ZH if chinese else _TURN_EN).finditer(text))
    if not places:
        return None
    place = rng.choice(places)
    other = rng.choice((_TURNS_ZH if chinese else _TURNS_EN)[place.group() if chinese else place.group().lower()])
    return text[: place.start()] + (other.capitalize() if place.group()[0].isupper() else other) + text[place.end() :]


def changed(question: str, passage: str, rng: random.Random) -> str | None:
    """A question changed in year, figure, name or direction so that the passage no longer answers it; None where it cannot be."""
    year = re.search(r"(?:19|20)\d\d", question)
    if year and rng.random() < 0.8:
        other = str(int(year.group()) + rng.choice((-4, -2, -1, 1, 2, 3)))
        if other not in passage:
            return question[: year.start()] + other + question[year.end() :]
    if rng.random() < 0.75:
        made = _other_name(question, rng)
        named = set(_NAME.findall(made or "")) - set(_NAME.findall(question))
        if made and named and not any(name in passage for name in named):
            return made
    shared = [
        w
        for w in dict.fromkeys(words(question))
        if len(w) > 1 and w.lower() in passage.lower() and (not w.isascii() or w[0].isupper() or len(w) > 5)
    ]
    if shared and is_chinese(question):
        longest = max(shared, key=len)
        if len(longest) >= 3:
            other = rng.choice(("凌川", "北屿", "海岚", "星野集团", "南浦", "云栈", "白桦平台", "Kestrel", "Tessera"))
            made = _instead(question, longest, other)
            if made != question:
                return made
    return _turned(question, rng)
