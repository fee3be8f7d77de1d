"""A text read for what it says: which words it shares, its opposites, what it denies; Chinese and English alike."""
# ruff: noqa: E501 (tables of words read better on one line)

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from text.language import language_of
from text.words import Token, tokens_of

#: Opposites, by example ``grow | 增长 :: fall | 下降``: English | Chinese on one side, and on the other, with all
#: regular forms of the English; a word may be in several pairs.
_OPPOSITES = """
increase grow grew grown growth rise rose risen climb surge soar gain expand expansion raise boost | 增长 增加 上升 提高 提升 上涨 扩大 增强 加强 增幅 涨 :: decrease decline drop dropped fall fell fallen reduce reduction shrink shrank shrunk lower lose lost plunge slump cut diminish | 下降 减少 降低 下跌 缩小 削弱 减弱 下滑 降幅 跌
more greater higher larger bigger | 更多 更高 更大 较多 较高 较大 多于 高于 大于 超过 超出 :: less fewer lower smaller | 更少 更低 更小 较少 较低 较小 少于 低于 小于 不足 不到
above over exceed | 高于 超过 超出 以上 :: below under missed | 低于 以下
most majority many | 最多 多数 大多数 大部分 :: least minority few fewest | 最少 少数
largest biggest greatest highest maximum | 最大 最高 最强 :: smallest lowest minimum | 最小 最低 最弱
high | 高 :: low | 低
large big | 大型 大规模 :: small | 小型 小规模
long longer longest | 更长 较长 长期 最长 :: short shorter shortest | 更短 较短 短期 最短
fast faster fastest quick quickly rapid rapidly accelerate | 更快 较快 加快 加速 快速 迅速 最快 :: slow slower slowest slowly | 更慢 较慢 放缓 减速 缓慢 放慢 最慢
strong stronger strongest strengthen | 强 更强 强大 加强 增强 :: weak weaker weakest weaken | 弱 更弱 薄弱 削弱 减弱
before prior previously | 之前 以前 先于 早于 :: after afterwards | 之后 以后 晚于
early earlier earliest | 更早 较早 早期 早 :: late later latest | 更晚 较晚 晚期 晚
first | 第一 首次 首个 :: last final | 最后 最终
start begin began begun beginning open launch | 开始 启动 打开 开放 开启 :: end finish stop stopped close cease | 结束 停止 终止 关闭
support agree favor favour | 支持 赞成 赞同 同意 :: oppose opposition disagree | 反对 抵制 不同意
accept | 接受 接纳 :: reject refuse | 拒绝 驳回
allow permit permitted | 允许 准许 :: forbid forbidden prohibit ban banned prevent block | 禁止 阻止 防止 不准
enable activate | 启用 开启 激活 :: disable deactivate | 禁用 停用 关闭
include | 包括 包含 :: exclude | 不包括 排除
add | 添加 新增 增加 加入 :: remove delete | 移除 删除 去除 取消
join enter | 加入 进入 :: leave left quit withdraw withdrew | 退出 离开
win won winning victory | 赢 胜 获胜 战胜 胜利 :: lose lost defeat | 输 败 失败
success successful successfully succeed | 成功 :: failure fail unsuccessful unsuccessfully | 失败
improve improvement better best | 改善 改进 好转 更好 最好 优于 提升 优化 :: worsen worse worst deteriorate degrade | 恶化 变差 更差 最差 劣于
advantage benefit | 优势 优点 好处 :: disadvantage drawback | 劣势 缺点 弊端
positive positively | 积极 正面 乐观 :: negative negatively | 消极 负面 悲观
easy easier easily simple simpler simplify | 容易 简单 轻松 简化 :: difficult hard harder complex complicate | 困难 复杂 难
safe safer secure safely securely | 安全 :: dangerous unsafe insecure | 危险 不安全
profit | 盈利 利润 :: loss | 亏损
internal | 内部 内在 :: external | 外部 外在
up upward | 向上 :: down downward | 向下
public publicly | 公开 公有 :: private privately | 私有 保密
open | 开放 开源 :: closed proprietary | 封闭 闭源
always | 总是 始终 :: never | 从不 从未
old older oldest | 旧 最旧 :: new newer newest | 新 最新
import | 进口 :: export | 出口
rich richer | 富 富裕 :: poor poorer | 贫 贫穷
male men man | 男 男性 :: female women woman | 女 女性
north northern | 北 :: south southern | 南
east eastern | 东 :: west western | 西
left | 左 :: right | 右
"""
Signs = tuple[tuple[int, int], ...]


def _lexicon() -> dict[str, Signs]:
    """Word -> the pairs it belongs to, each with its side, 1 or -1."""
    found: dict[str, Signs] = {}
    for pair, line in enumerate(_OPPOSITES.strip().splitlines()):
        for sign, side in zip((1, -1), line.split("::"), strict=True):
            english, chinese = (words.split() for words in side.split("|"))
            forms = {word + ending for word in english for ending in ("", "s", "es", "d", "ed", "ing")}
            for word in {*chinese, *forms, *(word[:-1] + "ing" for word in english if word.endswith("e"))}:
                found[word] = (*found.get(word, ()), (pair, sign))
    return found


_SIGNS = _lexicon()


@lru_cache(maxsize=1024)
def sides(pair: int, sign: int, language: str) -> tuple[str, ...]:
    """The words of one side of a pair of opposites; of Chinese ones those of two characters and more."""
    words = (word for word, pairs in _SIGNS.items() if (pair, sign) in pairs)
    return tuple(word for word in words if len(word) > 1 and word.isascii() == (language == "en"))


def _any(words: Iterable[str]) -> str:
    """A pattern of these words, longer ones first."""
    return "|".join(sorted(words, key=len, reverse=True))


#: An English word, or a Chinese one that has an opposite.
_WORD = re.compile("[A-Za-z]+|" + _any(word for word in _SIGNS if not word.isascii()))
#: What denies, by example ``不再``, and what only looks like it: ``不仅``.
_DENIES_EN = r"no longer|not|no|never|neither|nor|cannot|without|fail(?:s|ed|ing)? to|unable to|hardly|rarely|none|nobody|nothing"
_DENIES_ZH = "并非 不再 没有 并未 从未 尚未 未能 无法 不 没 未 无 非"
_DENIES_NOTHING = (
    "不仅 不但 不断 不同 不过 不久 不少 不管 不论 不只 不止 不可思 不可避 不可或 不可分 不得不 不错 不然 不如 不满 不安 不远 不时 不变 不一样 没收"
    " 未来 未知 有无 毫无 无论 无线 无数 无限 无疑 无关 无障碍 无服务器 无缝 无状态 非常 非洲 非法 非官 非营 非凡 非同 非政府"
)
_DENIAL = re.compile(
    rf"{_any(_DENIES_NOTHING.split())}|(?P<english>\b(?:{_DENIES_EN})\b|n['’]t\b)|(?P<chinese>{_any(_DENIES_ZH.split())})",
    re.I,
)
#: What parts the clauses of a sentence, and the cells of a row that is read aloud; not the comma of ``4,310``.
_CLAUSE_END = re.compile(
    r"[，；;。！？!?\n|]|(?<!\d),|,(?!\d{3}(?!\d))|\.(?=\s|$)|\b(?:but|although|though|while|whereas)\b|但|而是|却",
    re.I,
)


def clause(text: str, start: int, end: int) -> tuple[int, int]:
    """The clause that holds a stretch of the text, as a span."""
    first = max((match.end() for match in _CLAUSE_END.finditer(text, 0, start)), default=0)
    last = _CLAUSE_END.search(text, end)
    return first, last.start() if last else len(text)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is said: at which token, on which side of its pair of opposites (1 or -1), and whether denied."""

    at: int
    sign: int
    denied: bool


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A text as it is compared. ``said[what]`` are the places of a pair of opposites (its number) or of a word (itself).

    A denial before a word turns its sign. ``denials`` are the spans of ``not``, ``没有`` and their like; ``units[i]`` is what
    coverage is counted in: the root of a word, or two Chinese characters, which weigh half as much.
    """

    text: str
    language: str
    tokens: tuple[Token, ...]
    units: Mapping[int, str]
    said: Mapping[int | str, tuple[Place, ...]]
    denials: tuple[tuple[int, int], ...]

    def at(self, place: int) -> int:
        """The first token that begins at a place of the text, or after it."""
        return bisect_left(self.tokens, place, key=lambda token: token.start)

    def around(self, place: int) -> str:
        """The words that stand round a token, for showing."""
        start = self.tokens[place].start
        return self.text[max(0, start - 8) : start + 16].strip()

    def shared(self, other: Reading) -> float:
        """The share of the units that another text has, by weight."""
        wanted = {unit: 0.5 if unit[0] >= "\u3400" else 1.0 for unit in self.units.values()}
        have = set(other.units.values())
        return sum(wanted[unit] for unit in wanted if unit in have) / (sum(wanted.values()) or 1.0)


@lru_cache(maxsize=4096)
def read(text: str) -> Reading:
    """What an unmarked text says of what, and where."""
    tokens = tokens_of(text)
    units = dict(_units(tokens))
    starts = {token.start: i for i, token in enumerate(tokens)}
    words = ((starts.get(match.start()), match.group().lower()) for match in _WORD.finditer(text))
    signs = {i: _SIGNS[word] for i, word in words if i is not None and word in _SIGNS}
    denials = [match for match in _DENIAL.finditer(text) if match.lastgroup]
    denied: set[int] = set()
    for match in denials:
        denied ^= set(_denied(text, tokens, signs, match))
    denying = {place for match in denials for place in range(*match.span())}
    said: dict[int | str, list[Place]] = defaultdict(list)
    for i in range(len(tokens)):
        word = units.get(i) or tokens[i].root  # the last character of a run stands alone
        known: list[tuple[int | str, int]] = [*signs.get(i, ()), (word, 1)]
        for what, sign in known if tokens[i].start not in denying else ():
            said[what].append(Place(i, -sign if i in denied else sign, i in denied))
    return Reading(
        text,
        language_of(text) or "en",
        tokens,
        units,
        {what: tuple(places) for what, places in said.items()},
        tuple(match.span() for match in denials),
    )


def _units(tokens: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """Where which unit stands: an English word or number that is no grammar, a Chinese character with the next."""
    for i, (token, after) in enumerate(zip_longest(tokens, tokens[1:])):
        if token.root[0] < "\u3400":
            if token.content:
                yield i, token.root
        elif after and after.root[0] >= "\u3400" and after.start == token.end and (token.content or after.content):
            yield i, token.root + after.root


def _denied(text: str, tokens: Sequence[Token], signs: Container[int], denial: re.Match[str]) -> Iterator[int]:
    """The tokens that a denial denies: three English words, four Chinese characters of its clause, or one opposite."""
    end = clause(text, *denial.span())[1]
    left = 4 if denial["chinese"] else 3
    first = bisect_left(tokens, denial.end(), key=lambda token: token.start)
    for i in range(first, len(tokens)):
        if tokens[i].start >= end or not left:
            return
        yield i
        if i == first and i in signs:  # "not decrease in 2024" denies the decrease, not 2024
            return
        left -= bool(denial["chinese"]) or tokens[i].content


_WINDOW = 7


def alike(one: Reading, i: int, other: Reading, j: int) -> float:
    """The share of what stands round a token of one text that stands as near a token of the other, the nearest counting most."""
    first = max(0, j - _WINDOW)
    distance: dict[str, int] = {}
    for k, token in enumerate(other.tokens[first : j + _WINDOW + 1], start=first):
        distance[token.root] = min(distance.get(token.root, _WINDOW), abs(k - j))
    total = found = 0.0
    for k in range(max(0, i - _WINDOW), min(len(one.tokens), i + _WINDOW + 1)):
        token = one.tokens[k]
        if k == i:
            continue
        weight = (1.0 if token.content else 0.4) / (1 + abs(k - i) / 3)
        total += weight
        if token.root in distance and token.root != one.tokens[i].root:
            found += weight * min(1.0, (3 + abs(k - i)) / (3 + distance[token.root]))
    return found / total if total else 0.0
