"""Does this span support this claim?

What can be checked exactly is checked first: numbers with their units, years and versions, negation and direction, names, who
did what to whom. What remains is meaning: how much of the claim the span covers, by shared words in one language and by a
``Meaning`` across languages.
"""
# ruff: noqa: E501 (tables of words, and patterns with Chinese, read better on one line)

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise, zip_longest
from math import exp, log
from typing import Protocol

from answer.quantities import Quantity, bounds_agree, numbered_names, parse, same
from answer.question import entities, language_of
from records import Support


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


#: The least share of a claim's words that the span must have, in one language. Of human paraphrases with their evidence (WiCE dev,
#: supported) 90 % reach .38; of sentences held against another paragraph of the same report 1 to 5 % do.
WORDS_FLOOR = 0.4
#: The same where a Meaning reads too: the mean of the shared words and of what it covers. 90 % of the paraphrases reach .48.
READ_FLOOR = 0.47
#: Across languages: the log odds that a text translates (or says) the other, from the mean cosine, the weight of the pieces that
#: are the same in both (names, figures: they tell little), and the log of how many pieces there are. Logistic regression on
#: news (NTREX-128) and cloud-native documentation, 1,200 sentence pairs each way, against one of the next three sentences.
ODDS_COSINE, ODDS_SAME, ODDS_LENGTH, ODDS_CONSTANT = 33.8, -19.3, 2.26, -18.0
#: What each of a claim's first two figures adds, which the span was found to say: they are seldom there by chance.
ODDS_FIGURE = 1.5
#: The least of it, as a probability.
ACROSS_FLOOR = 0.2
#: A cosine from which a piece counts as the same.
SAME_PIECE = 0.985


@dataclass(frozen=True, slots=True)
class _Token:
    """A word, or one Chinese character: ``stem`` is what is compared; grammar words have no ``content``."""

    start: int
    end: int
    stem: str
    content: bool


_MARKDOWN = re.compile(
    r"!?\[([^\]]*)\]\([^)]*\)|https?://[^\s)，。]+|\[\d{1,3}\]|<[^>]{1,80}>|[*`_#|~]{1,}|^\s*[-•>+]\s|\\(?=[^\w\s])|【\d+】",
    re.M,
)
_SPACE = re.compile(r"\s+")
_SPACE_AT_HAN = re.compile(r"(?<=[\u4e00-\u9fff，。、；：！？])\s|\s(?=[\u4e00-\u9fff，。、；：！？])")
_WIDE = str.maketrans("０１２３４５６７８９％（）：；！？，“”‘’「」–—－", '0123456789%():;!?,""\'\'""---')


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    """The text without markdown, marks and typographic differences."""
    text = _MARKDOWN.sub(lambda match: match[1] or " ", text).translate(_WIDE)
    return _SPACE_AT_HAN.sub("", _SPACE.sub(" ", text)).strip()


_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?|\d+(?:[.,]\d+)*|[\u4e00-\u9fff]")
_STOP_EN = frozenset(
    "a an the and or but of in on at to for from by with as into is are was were be been being am do does did has have had "
    "can could will would should may might must it its they their them he she his her we our you your i my this that these "
    "those there which who whom whose what when where while also so such than then just only both all some any each other "
    "more most very s t not no nor never neither without if because about over under after before during between through "
    "one up out".split()
)
_STOP_ZH = frozenset(
    "的了在是和与及或而并且也都就又还等着过被把将对从向以于其之这那此该个们为由所使让给到中上下里有不没无未非"
)


@lru_cache(maxsize=65536)
def _stem(word: str) -> str:
    """A rough English stem, the same for one verb's or noun's forms: ``acquired`` and ``acquires`` -> ``acquir``."""
    word = word.lower().replace("’", "'")
    word = word.removesuffix("'s")
    for ending in (
        "ations",
        "ation",
        "ments",
        "ment",
        "ingly",
        "edly",
        "ings",
        "ing",
        "ies",
        "ied",
        "ely",
        "ers",
        "ed",
        "es",
        "ly",
        "er",
        "s",
        "e",
        "y",
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 4 and word[-1] == word[-2] else word.rstrip("ie") if len(word) > 4 else word


@lru_cache(maxsize=4096)
def _tokens(text: str) -> tuple[_Token, ...]:
    found = []
    for match in _WORD.finditer(text):
        word = match.group()
        if word[0] >= "\u4e00":
            found.append(_Token(match.start(), match.end(), word, word not in _STOP_ZH))
        elif word[0].isdigit():
            found.append(_Token(match.start(), match.end(), word, True))
        else:
            found.append(_Token(match.start(), match.end(), _stem(word), word.lower() not in _STOP_EN))
    return tuple(found)


def verify(claim: str, span: str, meaning: Meaning | None = None) -> Support:
    """Does the span, and nothing else, support the claim? ``why`` is in the claim's language.

    A score of .5 and more is support. ``verify("贡献公司达 1,011 家", "Contributing companies grew by 90% to 1,011.")`` supports, 1,012 not.
    """
    said, known = _plain(claim), _plain(span)
    language = language_of(said)
    if not _tokens(said):
        return Support(False, 0.0, _WHY["empty"][language])
    if _is_part(said, known):
        return Support(True, 1.0, _WHY["verbatim"][language])
    across = language != language_of(known)
    for check in (_missing_quantity, _reversed, _swapped, _missing_name):
        reason = check(said, known, across)
        if reason is not None:
            kind, thing = reason
            return Support(False, _FAILED[kind], _WHY[kind][language].format(thing))
    covered = _covered(said, known, across, meaning)
    if covered is None:
        return Support(True, 0.5, _WHY["unread"][language])
    share, floor = covered
    percent = round(100 * share)
    if share < floor:
        return Support(False, round(0.5 * share / floor, 3), _WHY["uncovered"][language].format(percent))
    return Support(True, round(0.5 + 0.5 * (share - floor) / (1 - floor), 3), _WHY["covered"][language].format(percent))


#: The score of a claim that failed a check: how far from support each failure leaves it.
_FAILED = {"number": 0.1, "bound": 0.1, "reversed": 0.1, "negated": 0.1, "swapped": 0.15, "name": 0.2}
_WHY = {
    "empty": {"en": "It says nothing that could be checked.", "zh": "其中没有可以核对的内容。"},
    "verbatim": {"en": "The span says it in these words.", "zh": "引文原话如此。"},
    "number": {"en": "The span does not say {}.", "zh": "引文中没有“{}”。"},
    "bound": {"en": "The span bounds {} the other way.", "zh": "引文中“{}”的上下限相反。"},
    "reversed": {"en": "The span says the opposite of “{}”.", "zh": "引文所说与“{}”相反。"},
    "negated": {"en": "One of the two denies what the other says: “{}”.", "zh": "一处肯定，一处否定：“{}”。"},
    "swapped": {"en": "In the span the roles are the other way round: {}.", "zh": "引文中的主客关系相反：{}。"},
    "name": {"en": "The span does not mention {}.", "zh": "引文没有提到“{}”。"},
    "covered": {"en": "The span covers {} % of it, figures and names agree.", "zh": "引文覆盖其中 {}%，数字与名称一致。"},
    "uncovered": {"en": "The span covers only {} % of it.", "zh": "引文只覆盖其中 {}%。"},
    "unread": {"en": "Figures and names agree; the meaning was not compared.", "zh": "数字与名称一致，含义未作比较。"},
}  # fmt: skip

_Reason = tuple[str, str] | None


def _is_part(said: str, known: str) -> bool:
    """Is the claim the span, or whole clauses of it?"""
    said = said.strip(" .。;；,，!！?？\"'").casefold()
    folded = known.casefold()
    at = folded.find(said)
    while said and at >= 0:
        before, after = folded[:at].rstrip(" \"'("), folded[at + len(said) :].lstrip(" \"')")
        opens = not before or before[-1] in ".。;；,，!！?？:：、-"
        closes = not after or after[0] in ".。;；,，!！?？:：、-("
        if opens and closes and not (before and before[-1] in ",，、:：" and _DENIED_BEFORE.search(before)):
            return True
        at = folded.find(said, at + 1)
    return False


_DENIED_BEFORE = re.compile(r"(?:not true that|no evidence that|denied that|并非|不是|没有证据|否认)[^.。;；]{0,12}$")


def _missing_quantity(said: str, known: str, across: bool) -> _Reason:
    """The first number, date or version of the claim that the span does not say."""
    there = parse(known)
    for quantity in parse(said):
        text = said[quantity.start : quantity.end].strip()
        if not across and _misplaced(quantity, said, known):
            return "number", text
        if not quantity.certain:
            continue
        agreeing = [other for other in there if same(quantity, other)]
        if not agreeing and not _ends_said(quantity, there):
            return "number", text
        if agreeing and not any(bounds_agree(quantity, other) for other in agreeing):
            return "bound", text
    return None


#: Another value in a place so alike, and so much more alike than any place that has the claim's value, means a changed figure.
PLACE_ALIKE, PLACE_MARGIN = 0.75, 0.2


def _misplaced(quantity: Quantity, said: str, known: str) -> bool:
    """Does the span say another value where the claim says this one, and this one at most elsewhere?"""
    claim, span = _read(said), _read(known)
    i = bisect_left(claim.starts, quantity.start)
    agreeing, other = 0.0, 0.0
    for candidate in parse(known):
        j = bisect_left(span.starts, candidate.start)
        if candidate.kind != quantity.kind or i >= len(claim.units) or j >= len(span.units):
            continue
        likeness = _alike(claim, i, span, j)
        if same(quantity, candidate):
            agreeing = max(agreeing, likeness)
        else:
            other = max(other, likeness)
    return other >= PLACE_ALIKE and other > agreeing + PLACE_MARGIN


def _ends_said(quantity: Quantity, there: Sequence[Quantity]) -> bool:
    """A range whose two ends the span says apart."""
    if quantity.low == quantity.high:
        return False
    ends = [replace(quantity, low=end, high=end) for end in (quantity.low, quantity.high)]
    return all(any(same(end, other) for other in there) for end in ends)


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


_ONE_LANGUAGE: set[int] = set()


def _lexicon() -> tuple[dict[str, tuple[tuple[int, int], ...]], dict[str, tuple[tuple[int, int], ...]]]:
    """English word -> and Chinese word -> its (concept, sign) pairs."""
    english: dict[str, tuple[tuple[int, int], ...]] = {}
    chinese: dict[str, tuple[tuple[int, int], ...]] = {}
    for concept, line in enumerate(_OPPOSITES.strip().splitlines()):
        if line.startswith("~"):
            _ONE_LANGUAGE.add(concept)
            line = line[1:]
        for sign, side in zip((1, -1), line.split("::"), strict=True):
            for words, table in zip(side.split("|"), (english, chinese), strict=True):
                for word in words.split():
                    table[word] = (*table.get(word, ()), (concept, sign))
    return english, chinese


_ENGLISH, _CHINESE = _lexicon()
_CHINESE_WORD = re.compile("|".join(sorted(_CHINESE, key=len, reverse=True)))

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
class _Reading:
    """A text as signs: ``units[i]`` what stands at i (a stem, or a Chinese character), ``signed[concept]`` where and how.

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
def _read(text: str) -> _Reading:
    tokens = _tokens(text)
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
        elif token.stem[0] >= "\u4e00":
            if (
                i + 1 < len(tokens)
                and tokens[i + 1].start == token.end
                and tokens[i + 1].stem[0] >= "\u4e00"
                and i + 1 not in skipped
            ):
                signed.setdefault(token.stem + tokens[i + 1].stem, []).append((i, -1 if turned else 1, turned))
            else:
                signed.setdefault(token.stem, []).append((i, -1 if turned else 1, turned))
        elif token.content:
            signed.setdefault(token.stem, []).append((i, -1 if turned else 1, turned))
    return _Reading(
        tuple(token.stem for token in tokens),
        tuple(1.0 if token.content else 0.4 for token in tokens),
        {concept: tuple(places) for concept, places in signed.items()},
        starts,
        denials,
        frozenset(alone),
    )


_CLAUSE_END = re.compile(r"[,.;:!?。,;:!?](?!\d)|\b(?:but|although|though|while|whereas)\b|但|而是|却")
#: How alike the surroundings of two opposites must be for one to contradict the other.
CONTEXT_FLOOR = 0.4
_WINDOW = 7


def _alike(one: _Reading, i: int, other: _Reading, j: int) -> float:
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


def _reversed(said: str, known: str, across: bool) -> _Reason:
    """A word of the claim whose opposite, or whose denial, stands in the same place of the span."""
    claim, span = _read(said), _read(known)
    if across:
        return _reversed_across(said, known, claim, span)
    for concept, places in claim.signed.items():
        others = span.signed.get(concept)
        if not others:
            continue
        for i, sign, turned in places:
            if all(sign == other[1] for other in others):
                continue
            agree = max((_alike(claim, i, span, j) for j, other, _ in others if other == sign), default=0.0)
            contrary, was_turned = max(
                (_alike(claim, i, span, j), other_turned) for j, other, other_turned in others if other != sign
            )
            if contrary > max(CONTEXT_FLOOR, agree + 1e-9):
                start = claim.starts[i]
                kind = "negated" if turned != was_turned or isinstance(concept, str) else "reversed"
                return kind, said[max(0, start - 8) : start + 16].strip()
    return None


#: Words that may stand where the other language denies: ``unless`` for 除非, ``only`` for 才, ``unable`` for 不能.
_SOFT_EN = re.compile(
    r"\b(?:unless|only|few|little|lack\w*|refus\w+|den(?:y|ie[sd]|ying)|prevent\w*|avoid\w*|stop\w*|until|except|miss\w*|absen\w+|far from|"
    r"instead|rather|despite|regardless|doubt\w*|wrong|bad|poor|im(?:possib)\w+|independent\w*|dis(?:agree|able|connect|allow|appear|like|cont|miss|rupt)\w*|"
    r"un(?:able|like|aware|certain|clear|happy|fair|known|limited|necess|success|expect|avail|chang|usual|support|related|healthy|tag|reg|desir|want|compl|"
    r"mount|avoid|wel|sure|us|der)\w*|in(?:compat|complet|correct|consist|capab|suffic|dep|valid|effect|adequ|access|exper|secur)\w*|non-?\w+|"
    r"\w{3,}less|fail\w*|ban\w*|prohibit\w*|forbid\w*|reject\w*|too|exclu\w+|no|nor|illegal|ignor\w+|skip\w*|omit\w*|los[et]|loss|without|neither|"
    r"otherwise|whether|against|hard|difficult\w*|barely|seldom|out of|away|beyond|ceas\w+|quit|other than|outside|opaque|agnostic|remain\w*|same|held|reluctan\w*|mostly)\b",
    re.I,
)
_SOFT_ZH = re.compile(
    r"[不没未无非免拒缺禁否失别勿少难才仅只反莫绝毫零空]|除|避|防|停|止|除非|忽略|跳过|丢|异|错|直到|罕|受阻|离|脱|戒|弃|而是|却|但"
)


#: A span is the claim's sentence and no more, where it is at most so many times as long.
WHOLE = 1.5


def _size(reading: _Reading) -> float:
    """How much a text says, in English words: 1.6 Chinese characters are one."""
    return sum(0.6 if unit[0] >= "\u4e00" else 1.0 for unit in reading.units)


def _reversed_across(said: str, known: str, claim: _Reading, span: _Reading) -> _Reason:
    """A pair of opposites that is said the other way round throughout, or a denial that nothing in the other text explains."""
    for concept in claim.signed:
        if isinstance(concept, str):
            continue
        places = [place for place in claim.signed[concept] if (concept, place[0]) not in claim.alone]
        others = [place for place in span.signed.get(concept, ()) if (concept, place[0]) not in span.alone]
        if not places or concept in _ONE_LANGUAGE or not others or len(others) > 2:
            continue
        if any(turned for _, _, turned in places) != any(turned for _, _, turned in others):
            continue  # how far a negation reaches differs between languages: denials are counted below
        if not {sign for _, sign, _ in places} & {sign for _, sign, _ in others}:
            start = claim.starts[places[0][0]]
            return "reversed", said[max(0, start - 8) : start + 16].strip()
    soft_claim, soft_span = (
        len((_SOFT_ZH if language_of(text) == "zh" else _SOFT_EN).findall(text)) for text in (said, known)
    )
    if claim.denials > span.denials + soft_span:
        return "negated", said[:40]
    if _size(span) <= WHOLE * _size(claim) and span.denials > claim.denials + soft_claim:
        return "negated", said[:40]
    return None


_NAME = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9]*(?:[-.+/&'][A-Za-z0-9]+)*")
_NOT_A_NAME = frozenset(
    "I A The An In On At For From By With As If It Its This That These Those There He She They We You But And Or So Also When While Where What "
    "Who Which How Why His Her Their Our Mr Mrs Ms Dr Sir January February March April May June July August September October November December "
    "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Monday Tuesday Wednesday Thursday Friday Saturday Sunday I'm I've I'll I'd It's Its".split()
)
_SENTENCE_OPENS = re.compile(r"(?:^|[.!?:;。！？：；\"'“(]\s*|\n)$")


@lru_cache(maxsize=4096)
def _names(text: str) -> tuple[tuple[int, str], ...]:
    """The names in Latin letters of a text with where they start: capitals that no sentence's start explains, and, in Chinese, any Latin word."""
    chinese = language_of(text) == "zh"
    found = []
    for match in _NAME.finditer(text):
        name = re.sub(r"'s?$", "", match.group())
        if name in _NOT_A_NAME or len(name) < 2 or _UNIT_WORD.fullmatch(name):
            continue
        inner = any(c.isupper() for c in name[1:])
        opens = bool(_SENTENCE_OPENS.search(text[max(0, match.start() - 3) : match.start()]))
        if inner or (name[0].isupper() and (chinese or not opens)):
            found.append((match.start(), name))
    return tuple(found)


_UNIT_WORD = re.compile(
    r"(?i:a|p)\.?m|[KMG]i?[Bb](?:ps)?|km|cm|mm|kg|ms|[VvQ]?\d[\w.]*|U\.?S\.?A?|UK|U\.K|UN|EU|AI|CEO|APIs?|PRs?|IDs?|URLs?|OS|IP|IT|TV|Prof|Q[1-4]|H[12]|AM|PM|BC|AD"
)


def _bare_name(name: str) -> str:
    name = re.sub(r"[^a-z0-9]", "", name.lower())
    return name[:-1] if len(name) > 3 and name[-1] == "s" else name


@lru_cache(maxsize=4096)
def _letters(text: str) -> tuple[frozenset[str], str, str]:
    """The Latin words of a text, bare; all its letters in one; the initials of its words."""
    words = [match.group() for match in _NAME.finditer(text)]
    parts = [part for word in words for part in (word, *re.split(r"[-.+/&']", word))]
    letters = re.sub(r"[^a-z0-9]", "", text.lower())
    initials = "".join(word[0].lower() for word in words if word.lower() not in ("of", "the", "and", "for"))
    if "kubernetes" in letters or "k8s" in letters:
        parts, letters = [*parts, "kubernetes", "k8s"], letters + "kubernetesk8s"
    return frozenset(map(_bare_name, parts)), letters, initials


def _has_name(name: str, known: str) -> bool:
    """Is the name in the text, in other letters too: ``CNCF`` in ``Cloud Native Computing Foundation``?"""
    words, letters, initials = _letters(known)
    bare = _bare_name(name)
    if (
        bare in words
        or (len(bare) > 4 and bare in letters)
        or (name.isupper() and 3 <= len(name) <= 5 and name.lower() in initials)
    ):
        return True
    stem = _stem(name.lower())
    return any(
        _stem(word) == stem or (len(stem) > 4 and len(word) > 4 and (word.startswith(stem) or stem.startswith(word)))
        for word in words
    )


def _missing_name(said: str, known: str, across: bool) -> _Reason:
    """The first name of the claim that the span does not have; one that may be translated only where another took its place."""
    squeezed = _letters(known)[1]
    for name in numbered_names(said):
        if re.sub(r"[^a-z0-9]", "", name) not in squeezed and name not in numbered_names(known):
            return "name", name
    names = list(dict.fromkeys(name for _, name in _names(said)))
    missing = [name for name in names if not _has_name(name, known)]
    if not missing:
        return _replaced_opening(said, known) if not across else None
    if across and language_of(said) == "en":
        strangers = [name for _, name in _names(known) if not _has_name(name, said)]
        return ("name", missing[0]) if strangers else None
    if across or len(missing) > NAMES_MISSING * len(names) or _shared_words(said, known) > NEARLY_VERBATIM:
        return "name", missing[0]
    return None


#: A paraphrase may leave this share of a claim's name words to the span's surroundings (first names, titles) ...
NAMES_MISSING = 0.4
#: ... unless it shares more than this of its words with the span: then the missing name took another's place.
NEARLY_VERBATIM = 0.75


def _replaced_opening(said: str, known: str) -> _Reason:
    """A capitalised first word that the span lacks where it has all the rest: ``Envoy runs it`` of ``Cilium runs it``."""
    opening = _NAME.match(said)
    if not opening or not said[0].isupper() or opening.group() in _NOT_A_NAME or language_of(said) == "zh":
        return None
    rest = said[opening.end() :]
    if _has_name(opening.group(), known) or len(_units(rest)) < 3 or _shared_words(rest, known) < 0.99:
        return None
    return "name", opening.group()


def _swapped(said: str, known: str, across: bool) -> _Reason:
    """Two names that the claim joins by a verb, and the span by the same verb the other way round."""
    if across:
        return None
    for one, verb, other, passive in _deeds(said):
        told = [(first, last, voice) for first, same_verb, last, voice in _deeds(known) if same_verb & verb]
        straight = any(
            (first, last) == ((one, other) if voice == passive else (other, one)) for first, last, voice in told
        )
        turned = any(
            (last, first) == ((one, other) if voice == passive else (other, one)) for first, last, voice in told
        )
        if turned and not straight:
            return "swapped", f"{one} / {other}"
    return None


_PASSIVE = re.compile(r"\bby\b|被|由|为.{1,12}所")
_EVEN = frozenset("and or with versus vs between like join meet partn equal".split()) | set("和与及或跟同")


@lru_cache(maxsize=2048)
def _deeds(text: str) -> tuple[tuple[str, frozenset[str], str, bool], ...]:
    """Who, with which words between, whom, and whether passively: names that are neighbours inside a clause."""
    names = _people(text)
    found = []
    for (start, one), (then, other) in pairwise(names):
        between = text[start + len(one) : then]
        if one == other or len(between) > 60 or re.search(r"[.;!?。；！？]\s|[。；！？]", between):
            continue
        tokens = _tokens(between)
        if language_of(text) == "zh":
            verbs = {a.stem + b.stem for a, b in pairwise(tokens) if a.stem >= "\u4e00" and b.stem >= "\u4e00"}
        else:
            verbs = {token.stem for token in tokens if token.content}
        if verbs and not {token.stem for token in tokens} & _EVEN:
            found.append((one.lower(), frozenset(verbs), other.lower(), bool(_PASSIVE.search(between))))
    return tuple(found)


def _people(text: str) -> list[tuple[int, str]]:
    """The names that may do something: Latin names, a run of them as one, and Chinese organisations."""
    found: list[tuple[int, str]] = []
    for name in entities(text):
        found += [(match.start(), name) for match in re.finditer(re.escape(name), text)]
    return sorted(found)


def _covered(said: str, known: str, across: bool, meaning: Meaning | None) -> tuple[float, float] | None:
    """The share of the claim that the span covers, in [0, 1], and the least that supports; None where nothing can tell."""
    pieces = meaning.coverage(said, known) if meaning else ()
    total = sum(piece.weight for piece in pieces)
    if not total:
        return None if across else (_shared_words(said, known), WORDS_FLOOR)
    cosine = sum(piece.weight * max(0.0, piece.best) for piece in pieces) / total
    if not across:
        return (_shared_words(said, known) + cosine) / 2, READ_FLOOR
    alike = sum(piece.weight for piece in pieces if piece.best >= SAME_PIECE) / total
    figures = min(2, sum(quantity.certain for quantity in parse(said)))
    odds = ODDS_COSINE * cosine + ODDS_SAME * alike + ODDS_LENGTH * log(1 + len(pieces)) + ODDS_CONSTANT
    odds += ODDS_FIGURE * figures
    return 1 / (1 + exp(-odds)), ACROSS_FLOOR


def _shared_words(said: str, known: str) -> float:
    """The share of the claim's words (English stems, pairs of Chinese characters) that the span has."""
    wanted, have = _units(said), _units(known)
    total = sum(wanted.values()) or 1.0
    return sum(weight for unit, weight in wanted.items() if unit in have) / total


@lru_cache(maxsize=4096)
def _units(text: str) -> dict[str, float]:
    """What coverage is counted in: English stems and numbers weigh 1, pairs of Chinese characters .5."""
    tokens = _tokens(text)
    found: dict[str, float] = {}
    for token, following in zip_longest(tokens, tokens[1:]):
        if token.stem[0] >= "\u4e00":
            if (
                following
                and following.stem[0] >= "\u4e00"
                and following.start == token.end
                and (token.content or following.content)
            ):
                found[token.stem + following.stem] = 0.5
        elif token.content:
            found[token.stem] = 1.0
    return found
