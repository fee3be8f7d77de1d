"""A text read for what it says: which words it shares, its opposites, what it denies; Chinese and English alike."""
# ruff: noqa: E501 (tables of words, and patterns with Chinese, read better on one line)

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import Protocol

from text.language import language_of
from text.words import tokens_of


class Covered(Protocol):
    """A piece of a claim: how much it matters (>= 0), and the cosine of the span's nearest piece, in [-1, 1]."""

    @property
    def word(self) -> str:
        """The piece."""

    @property
    def weight(self) -> float:
        """How much it matters."""

    @property
    def best(self) -> float:
        """The cosine of the nearest piece of the span."""


class Meaning(Protocol):
    """Pieces of the claim in order, each held against the span."""

    def coverage(self, claim: str, span: str) -> Sequence[Covered]:
        """One for each distinct piece of the claim."""


#: Opposites: English | Chinese on one side, ``::``, English | Chinese on the other; a word may be in several. A line that opens
#: with ``~`` has words of too many senses to be held against another language.
_OPPOSITES = """
increase increased increases increasing increasingly grow grew grows growing grown growth rise rose risen rises rising climb climbed surge surged soar soared gain gained gains expand expanded expands expanding expansion raise raised raises raising boost boosted | 增长 增加 上升 提高 提升 上涨 扩大 增多 升高 攀升 增至 升至 增强 加强 加大 激增 飙升 壮大 增幅 涨 :: decrease decreased decreases decreasing decline declined declines declining drop dropped drops fall fell fallen falls falling reduce reduced reduces reducing reduction shrink shrank shrinks shrinking shrunk lower lowered lowers lowering lose lost loses losing plunge plunged slump slumped cut cuts cutting diminish diminished | 下降 减少 降低 下跌 缩小 缩减 下滑 降至 减至 减弱 减小 削减 萎缩 削弱 跌 降幅 暴跌 回落
~ up upward upwards | 向上 :: down downward downwards | 向下
more greater higher larger bigger increased | 更多 更高 更大 较多 较高 较大 多于 高于 大于 超过 超出 逾 :: less fewer lower smaller | 更少 更低 更小 较少 较低 较小 少于 低于 小于 不足 不到
above over exceed exceeded exceeds exceeding surpass surpassed | 高于 超过 超出 以上 :: below under | 低于 以下
~ most majority many | 最多 多数 大多数 大部分 :: least minority few fewest | 最少 少数 少部分 小部分
largest biggest greatest highest maximum | 最大 最高 最强 :: smallest lowest minimum slightest | 最小 最低 最弱
high | 高 :: low | 低
large big | 大型 大规模 :: small | 小型 小规模
long longer longest | 更长 较长 长期 最长 :: short shorter shortest | 更短 较短 短期 最短
fast faster fastest quick quicker quickly rapid rapidly accelerate accelerated accelerates accelerating | 更快 较快 加快 加速 快速 迅速 最快 :: slow slower slowest slowly slowed slowing decelerate | 更慢 较慢 放缓 减速 缓慢 放慢 最慢
strong stronger strongest strengthen strengthened strengthens | 强 更强 强大 加强 增强 :: weak weaker weakest weaken weakened weakens | 弱 更弱 薄弱 削弱 减弱
before prior previously | 之前 以前 先于 早于 :: after afterwards following | 之后 以后 晚于
earlier early earliest | 更早 较早 早期 早 :: later late latest | 更晚 较晚 晚期 晚
~ first | 第一 首次 首个 首 :: last final | 最后 末 最终
~ start started starts begin began begins begun beginning open opened opens launch launched | 开始 启动 打开 开放 开启 :: end ended ends finish finished finishes stop stopped stops close closed closes cease ceased | 结束 停止 终止 关闭
support supported supports supporting favor favour | 支持 赞成 赞同 :: oppose opposed opposes opposing opposition | 反对 抵制
~ agree agreed agrees agreement | 同意 赞成 :: disagree disagreed disagrees disagreement | 反对 不同意
accept accepted accepts | 接受 接纳 :: reject rejected rejects refuse refused | 拒绝 驳回
allow allowed allows allowing permit permitted permits | 允许 准许 许可 :: forbid forbids forbidden prohibit prohibited prohibits ban banned bans prevent prevented prevents preventing disallow block blocked blocks blocking | 禁止 阻止 防止 阻断 不准
enable enabled enables enabling activate activated | 启用 开启 激活 :: disable disabled disables disabling deactivate | 禁用 停用 关闭
include included includes including | 包括 包含 :: exclude excluded excludes excluding except | 不包括 排除 除外
~ add added adds adding | 添加 新增 增加 加入 :: remove removed removes removing delete deleted deletes | 删除 移除 去除 取消
join joined joins joining enter entered | 加入 进入 :: leave left leaves leaving quit exit exited withdraw withdrew | 退出 离开 脱离
win won wins winning victory | 赢 胜 获胜 战胜 胜利 :: lose lost loses losing defeat | 输 败 失利 落败 失败
success successful successfully succeed succeeded succeeds | 成功 :: failure fail failed fails failing unsuccessful unsuccessfully | 失败
improve improved improves improving improvement better best enhance enhanced | 改善 改进 好转 更好 最好 优于 提升 优化 :: worsen worsened worsens worsening deteriorate deteriorated worse worst degrade degraded | 恶化 变差 更差 最差 劣于 降级 更糟
advantage advantages benefit benefits | 优势 优点 好处 利 :: disadvantage disadvantages drawback drawbacks | 劣势 缺点 弊端 坏处 弊
positive positively | 积极 正面 阳性 乐观 :: negative negatively | 消极 负面 阴性 悲观
easy easier easily easiest simple simpler simplest simplify simplifies simplified | 容易 简单 轻松 简化 :: difficult harder hard hardest complex complicated complicate | 困难 复杂 难 繁琐 复杂化
safe safer secure safely securely | 安全 :: dangerous unsafe insecure unsecure risky | 危险 不安全
profit profitable profits | 盈利 利润 :: loss losses unprofitable | 亏损
internal inside inner | 内部 内在 :: external outside outer | 外部 外在
~ public publicly | 公开 公有 公共 :: private privately secret | 私有 私人 保密 秘密
~ open | 开放 开源 :: closed proprietary | 封闭 闭源
always | 总是 始终 一直 :: never | 从不 从未 从来没
~ all every | 所有 全部 全体 :: none | 无一
~ old older oldest | 旧 老 :: new newer newest | 新
import imports imported | 进口 导入 :: export exports exported | 出口 导出
rich richer | 富 富裕 富有 :: poor poorer | 贫 贫穷 贫困
~ heavy heavier | 重 :: light lighter | 轻
hot hotter | 热 :: cold colder | 冷
male men man | 男 男性 :: female women woman | 女 女性
north northern | 北 :: south southern | 南
east eastern | 东 :: west western | 西
~ left | 左 :: right | 右
~ true | 真 真实 正确 :: false | 假 虚假 错误
buy bought buys | 买 购买 买入 :: sell sold sells | 卖 出售 卖出
attack attacked attacks | 攻击 进攻 :: defend defended defends defence defense | 防御 防守
encourage encouraged encourages | 鼓励 :: discourage discouraged discourages | 劝阻
~ love loved like | 喜欢 爱 :: hate hated dislike | 讨厌 恨
~ likely probable probably | 可能 :: unlikely improbable | 不太可能 不可能
~ possible possibly able | 可能 能够 :: impossible unable | 不可能 无法
~ lead leads leading ahead | 领先 :: lag lags lagging behind trail trailing | 落后
alive survive survived survives | 幸存 存活 活 :: dead die died dies killed | 死 死亡 去世
guilty | 有罪 :: innocent | 无罪
legal legally lawful | 合法 :: illegal illegally unlawful | 非法 违法
~ common commonly frequent frequently often | 常见 经常 频繁 普遍 :: rare rarely uncommon infrequent seldom | 罕见 很少 少见
~ direct directly | 直接 :: indirect indirectly | 间接
upstream | 上游 :: downstream | 下游
static statically | 静态 :: dynamic dynamically | 动态
automatic automatically automated | 自动 :: manual manually | 手动 人工
temporary temporarily | 临时 暂时 :: permanent permanently | 永久 长久
~ necessary required mandatory | 必要 必需 必须 :: optional unnecessary | 可选 不必
active actively | 活跃 主动 :: inactive passive passively | 不活跃 被动
stable | 稳定 :: unstable | 不稳定
abundant sufficient enough | 充足 足够 充分 :: scarce insufficient | 稀缺 不足
~ top | 顶部 :: bottom | 底部
absolute | 绝对 :: relative | 相对
explicit explicitly | 显式 明确 :: implicit implicitly | 隐式
incoming inbound ingress | 入站 传入 入口 :: outgoing outbound egress | 出站 传出 出口
~ help helps helped helpful benefit benefits benefited | 有助于 有利 有利于 有益 帮助 :: hurt hurts harm harms harmed harmful hinder hinders hindered | 不利 不利于 有害 损害 妨碍 阻碍
~ exceed exceeded exceeds meet met beat | 达到 超出 :: miss missed misses | 未达到 低于
~ approve approved approves approval pass passed adopted | 批准 通过 核准 :: reject rejected rejects veto vetoed | 否决 驳回 拒绝
~ introduce introduced introduces | 引入 推出 :: deprecate deprecated deprecates retire retired dropped removed | 弃用 废弃 移除 淘汰
~ can may | 可以 允许 能够 :: forbidden prohibited banned | 禁止 不准 不得
~ abundance has have plenty | 有足够 充足 丰富 具备 :: lack lacks lacked lacking shortage short | 缺少 缺乏 短缺 匮乏
~ lengthen lengthened | 变长 延长 :: shorten shortened shortens | 变短 缩短
~ bigger | 变大 变多 变高 变快 变强 :: smaller | 变小 变少 变低 变慢 变弱
~ hire hired hires | 招聘 雇用 :: fire fired dismissed laid | 解雇 裁员 裁减
~ appear appears appeared | 出现 :: disappear disappears disappeared vanish vanished | 消失
~ connect connected connects | 连接 接通 :: disconnect disconnected disconnects | 断开 断连
encrypt encrypted encrypts encryption | 加密 :: decrypt decrypted unencrypted | 解密 明文
upgrade upgraded upgrades | 升级 :: downgrade downgraded downgrades | 降级 回退
install installed installs | 安装 :: uninstall uninstalled | 卸载
~ show shows shown visible display | 显示 可见 公布 :: hide hides hidden invisible | 隐藏 不可见 隐瞒
~ same identical similar | 相同 一致 一样 :: different distinct | 不同 不一致 不一样
~ confirm confirmed confirms admit admitted | 承认 确认 证实 :: deny denied denies | 否认
~ praise praised praises | 赞扬 称赞 好评 :: criticise criticised criticize criticized | 批评 差评
optimistic | 乐观 :: pessimistic | 悲观
~ ahead advance advanced earlier | 提前 :: delay delayed delays postpone postponed later | 推迟 延迟 延期
~ wide wider broad | 宽 广泛 :: narrow narrower limited | 窄 有限 狭窄
~ deep deeper | 深 :: shallow | 浅
~ online | 上线 在线 :: offline | 下线 离线
synchronous synchronously | 同步 :: asynchronous asynchronously | 异步
~ inflow | 流入 顺差 :: outflow | 流出 逆差
~ surplus | 过剩 盈余 :: deficit shortage | 短缺 赤字
~ keep kept keeps retain retained | 保留 保持 :: discard discarded drop dropped | 丢弃 放弃
centralized centralised | 集中 集中式 :: decentralized decentralised distributed | 分散 去中心化 分布式
cheap cheaper | 便宜 廉价 :: expensive | 昂贵 贵
~ income revenue | 收入 :: expense expenses spending | 支出
~ gain won win | 赢得 获得 取得 :: lose lost | 失去 丧失
~ full | 满 全部 :: empty partial | 空 部分
~ superior | 优于 胜过 :: inferior | 劣于 逊于 不如
~ held | 举行 召开 :: cancelled canceled cancel | 取消
~ vulnerable | 脆弱 易受攻击 :: robust resilient | 健壮 稳健
~ single one | 单 单一 :: multiple multi | 多 多个
~ upper | 上限 上层 :: lower | 下限 下层
~ mature | 成熟 :: immature | 不成熟
~ compatible | 兼容 :: incompatible | 不兼容
consistent | 一致 :: inconsistent | 不一致
"""


ONE_LANGUAGE: set[int] = set()


def _lexicon() -> tuple[dict[str, tuple[tuple[int, int], ...]], dict[str, tuple[tuple[int, int], ...]]]:
    """English word -> and Chinese word -> its (concept, sign) pairs."""
    english: dict[str, tuple[tuple[int, int], ...]] = {}
    chinese: dict[str, tuple[tuple[int, int], ...]] = {}
    for concept, line in enumerate(_OPPOSITES.strip().splitlines()):
        if line.startswith("~"):
            ONE_LANGUAGE.add(concept)
            line = line[1:]
        for sign, side in zip((1, -1), line.split("::"), strict=True):
            for words, table in zip(side.split("|"), (english, chinese), strict=True):
                for word in words.split():
                    table[word] = (*table.get(word, ()), (concept, sign))
    return english, chinese


_ENGLISH, _CHINESE = _lexicon()
_CHINESE_WORD = re.compile("|".join(sorted(_CHINESE, key=len, reverse=True)))


def concept_of(word: str) -> int:
    """The number of the first pair of opposites that an English word belongs to. Raises KeyError."""
    return _ENGLISH[word][0][0]


def opposites(text: str, concepts: Collection[int | str]) -> list[tuple[int, int]]:
    """Where an unmarked text has words of these pairs of opposites, and words that deny: spans, in no order."""
    words = [*re.finditer(r"[A-Za-z]+", text), *_CHINESE_WORD.finditer(text)]
    known = [(match, _ENGLISH.get(match.group().lower()) or _CHINESE.get(match.group(), ())) for match in words]
    found = [match.span() for match, pairs in known if any(concept in concepts for concept, _ in pairs)]
    return found + [match.span() for pattern in (_NOT_EN, _NOT_ZH) for match in pattern.finditer(text)]


@lru_cache(maxsize=1024)
def sides(concept: int, sign: int, chinese: bool) -> tuple[str, ...]:
    """The words of one side of a pair of opposites; of Chinese ones those of two characters and more."""
    table = _CHINESE if chinese else _ENGLISH
    return tuple(word for word, pairs in table.items() if (concept, sign) in pairs and (not chinese or len(word) > 1))


def denials(text: str) -> list[tuple[int, int]]:
    """Where an unmarked text denies, in order: the spans of ``not``, ``没有`` and their like."""
    found = [match for pattern in (_NOT_EN, _NOT_ZH) for match in pattern.finditer(text) if not match["lack"]]
    return sorted(match.span() for match in found)


_TRUTH = frozenset(("true", "right", "correct"))
_NOT_EN = re.compile(
    r"\b(?:no longer|not(?! (?:only|just|merely|simply|necessarily)\b)|no(?! (?:doubt|matter)\b)(?! ?\.)|never|neither|nor|cannot"
    r"|without|fail(?:s|ed|ing)? to|unable to|impossible to|hardly|rarely|none|nobody|nothing(?! but)|(?P<lack>lacks?|lacked|lacking))\b|n['’]t\b",
    re.I,
)
_NOT_ZH = re.compile(
    r"(?:并非|不再|没有|并未|从未|尚未|未能|无法|不可(?!思|避|或|分)|不得(?!不)|(?<!不得)不(?![仅但断同过久少管论只止可得错然如乏惜满安等远时吝愉透变情来]|一样)|没(?!收|落)|未(?![来知婚成])|"
    r"(?<![有毫除])无(?![论线数穷情聊辜限疑锡核关亲]|人机|障碍|服务器|缝|状态)|非(?![常洲法官营凡同]|政府)|(?<![个特分类级区性差识辨鉴告送])别(?=[再去做让把用])|勿|莫(?=[不要])|(?P<lack>缺乏|缺少))"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as signs: ``units[i]`` what stands at i (a root, or a Chinese character), ``signed[concept]`` where and how.

    A concept is a pair of opposites (its number) or any other word (itself); a sign is turned by a negation before it.
    ``alone`` holds the (concept, place) of opposites that are one Chinese character, which may be part of another word.
    """

    units: tuple[str, ...]
    weights: tuple[float, ...]
    signed: dict[int | str, tuple[tuple[int, int, bool], ...]]
    starts: tuple[int, ...]
    denials: int
    alone: frozenset[tuple[int, int]]


@lru_cache(maxsize=2048)
def read(text: str) -> Reading:
    """What an unmarked text says of which concept, and where."""
    tokens = tokens_of(text)
    chinese = language_of(text) == "zh"
    lowered = text.lower()
    denied: dict[int, bool] = {}
    denials = 0
    starts = tuple(token.start for token in tokens)
    breaks = [match.start() for match in _CLAUSE_END.finditer(text)]
    skipped: set[int] = set()
    for pattern, reach in ((_NOT_EN, 3), (_NOT_ZH, 4)):
        for match in pattern.finditer(text):
            denials += not match["lack"]
            wall = next((at for at in breaks if at >= match.end()), len(text))
            left = reach
            for i in range(bisect_left(starts, match.start()), len(tokens)):
                token = tokens[i]
                if token.start < match.end():
                    skipped.add(i)
                    continue
                if token.start >= wall or left == 0:
                    break
                denied[i] = not denied.get(i, False)
                opposite = _CHINESE_WORD.match(text, token.start) if pattern is _NOT_ZH else None
                word = lowered[token.start : token.end]
                if left == reach and (opposite or (word in _ENGLISH and word not in _TRUTH)):
                    break  # "not decrease in 2024" denies the decrease, not 2024
                if pattern is _NOT_ZH or token.content:
                    left -= 1
    signed: dict[int | str, list[tuple[int, int, bool]]] = {}
    alone: set[tuple[int, int]] = set()
    if chinese:
        at = {token.start: i for i, token in enumerate(tokens)}
        for match in _CHINESE_WORD.finditer(text):
            i = at[match.start()]
            for concept, sign in _CHINESE[match.group()]:
                if len(match.group()) == 1:
                    alone.add((concept, i))
                signed.setdefault(concept, []).append((i, -sign if denied.get(i) else sign, denied.get(i, False)))
    for i, token in enumerate(tokens):
        if i in skipped:
            continue
        turned = denied.get(i, False)
        known = _ENGLISH.get(lowered[token.start : token.end])
        if known:
            for concept, sign in known:
                signed.setdefault(concept, []).append((i, -sign if turned else sign, turned))
        elif token.root[0] >= "\u3400":
            if (
                i + 1 < len(tokens)
                and tokens[i + 1].start == token.end
                and tokens[i + 1].root[0] >= "\u3400"
                and i + 1 not in skipped
            ):
                signed.setdefault(token.root + tokens[i + 1].root, []).append((i, -1 if turned else 1, turned))
            else:
                signed.setdefault(token.root, []).append((i, -1 if turned else 1, turned))
        elif token.content:
            signed.setdefault(token.root, []).append((i, -1 if turned else 1, turned))
    return Reading(
        tuple(token.root for token in tokens),
        tuple(1.0 if token.content else 0.4 for token in tokens),
        {concept: tuple(places) for concept, places in signed.items()},
        starts,
        denials,
        frozenset(alone),
    )


_CLAUSE_END = re.compile(r"[,.;:!?。,;:!?](?!\d)|\b(?:but|although|though|while|whereas)\b|但|而是|却")
_WINDOW = 7


def alike(one: Reading, i: int, other: Reading, j: int) -> float:
    """The share of what stands round ``one.units[i]`` that stands as near ``other.units[j]``, the nearest counting most."""
    first = max(0, j - _WINDOW)
    distance: dict[str, int] = {}
    for k, unit in enumerate(other.units[first : j + _WINDOW + 1], start=first):
        distance[unit] = min(distance.get(unit, _WINDOW), abs(k - j))
    total = found = 0.0
    for k in range(max(0, i - _WINDOW), min(len(one.units), i + _WINDOW + 1)):
        if k == i:
            continue
        weight = one.weights[k] / (1 + abs(k - i) / 3)
        total += weight
        if one.units[k] in distance and one.units[k] != one.units[i]:
            found += weight * min(1.0, (3 + abs(k - i)) / (3 + distance[one.units[k]]))
    return found / total if total else 0.0


def shared_words(said: str, known: str) -> float:
    """The share of the claim's words (English roots, pairs of Chinese characters) that the span has."""
    wanted, have = units_of(said), units_of(known)
    total = sum(wanted.values()) or 1.0
    return sum(weight for unit, weight in wanted.items() if unit in have) / total


@lru_cache(maxsize=4096)
def units_of(text: str) -> dict[str, float]:
    """What coverage is counted in: English roots and numbers weigh 1, pairs of Chinese characters .5."""
    tokens = tokens_of(text)
    found: dict[str, float] = {}
    for token, following in zip_longest(tokens, tokens[1:]):
        if token.root[0] >= "\u3400":
            if (
                following
                and following.root[0] >= "\u3400"
                and following.start == token.end
                and (token.content or following.content)
            ):
                found[token.root + following.root] = 0.5
        elif token.content:
            found[token.root] = 1.0
    return found
