"""True sentences made false, one fact at a time: what a verifier must catch.

``tamper("It grew 90%.", "number", rng)`` may give ``It grew 72%.``; None where the sentence has nothing of the kind to change.
"""
# ruff: noqa: E501 (tables of words, and patterns with Chinese, read better on one line)

from __future__ import annotations

import random
import re
from collections.abc import Callable
from itertools import pairwise

from answer.question import entities
from text.language import HAN, language_of
from text.quantities import Quantity, parse, same

KINDS = ("number", "unit", "year", "version", "period", "negation", "direction", "entity", "opening", "roles")


def tamper(claim: str, kind: str, rng: random.Random) -> str | None:
    """The claim with one number, unit, year, version or part of a year changed, denied, turned, of another name, of
    another first word, or with who did it and whom it befell exchanged.

    Raises ValueError where ``kind`` is none of ``KINDS``.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no kind of tampering. The kinds are {', '.join(KINDS)}.")
    changed = _CHANGES[kind](claim, rng)
    return changed if changed != claim else None


def trimmed(quote: str, claim: str, rng: random.Random) -> str | None:
    """The quote cut so that it lacks a figure of the claim; None where it holds none, or nothing would be left.

    Of ``Output rose to 612 tonnes.`` it leaves ``Output rose to``.
    """
    certain = [q for q in parse(quote) if q.certain and any(q.certain and same(q, other) for other in parse(claim))]
    rng.shuffle(certain)
    for quantity in certain:
        for left in (quote[: quantity.start].rstrip(), quote[quantity.end :].lstrip()):
            if sum(map(str.isalnum, left)) >= _LEAST and not any(same(quantity, other) for other in parse(left)):
                return left
    return None


#: So many letters must be left of a quote that is cut, so that it still says something.
_LEAST = 6


_DIGITS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_HAN_OTHERS = dict(zip("一二三四五六七八九两", "三五七六八四二九四六", strict=True))
_WORD_OTHERS = dict(
    zip(
        "two three four five six seven eight nine ten eleven twelve twenty thirty third fourth fifth double doubled twice".split(),
        "four five seven three nine two six five seven nine fifteen forty sixty fifth second ninth triple tripled thrice".split(),
        strict=True,
    )
)


def _number(claim: str, rng: random.Random) -> str | None:
    quantities = [q for q in parse(claim) if q.certain]
    rng.shuffle(quantities)
    for quantity in quantities:
        text = claim[quantity.start : quantity.end]
        other = _other_number(text, quantity, rng)
        if other is not None and other not in claim:
            return claim[: quantity.start] + other + claim[quantity.end :]
    return None


def _other_number(text: str, quantity: Quantity, rng: random.Random) -> str | None:
    """The same stretch of text with another value, written the same way."""
    digits = list(_DIGITS.finditer(text))
    if not digits:
        for table in (_WORD_OTHERS, _HAN_OTHERS):
            for word, other in table.items():
                found = re.search(rf"\b{word}\b" if word.isascii() else word, text)
                if found:
                    return text[: found.start()] + other + text[found.end() :]
        return None
    found = rng.choice(digits)
    written = found.group().replace(",", "")
    decimals = len(written.partition(".")[2])
    value = float(written)
    if quantity.kind in ("year", "date") and len(written) == 4:
        changed = value + rng.choice((-7, -3, -2, -1, 1, 2, 3, 5))
    elif quantity.kind == "version" or value < 13 and not decimals:
        changed = value + rng.choice((1, 2, 3)) * (10.0**-decimals)
        if quantity.kind == "date" and changed > 12:
            changed = value - 2
    else:
        changed = value * rng.choice((0.3, 0.5, 0.7, 0.8, 1.2, 1.3, 1.5, 2, 3))
        if round(changed, decimals) == value:
            changed = value + 10.0**-decimals
    new = f"{changed:,.{decimals}f}" if "," in found.group() else f"{changed:.{decimals}f}"
    return text[: found.start()] + new + text[found.end() :]


#: What a unit may be exchanged for; ``million tonnes`` becomes ``billion tonnes``, ``3 万元`` becomes ``3 亿元``.
_UNITS = dict(
    pair.split(":")
    for pair in "million:billion billion:million thousand:million tonnes:kilograms tons:kilograms kilometres:metres km:m days:weeks"
    " weeks:days hours:minutes minutes:hours months:years years:months euros:dollars dollars:euros percent:times %:x megawatts:kilowatts MW:kW"
    " GWh:MWh 万:亿 亿:万 元:美元 公里:米 千米:米 吨:千克 公斤:吨 天:小时 小时:天 分钟:小时 个月:天 倍:% 公顷:平方米 平方米:公顷".split()
)
#: ``5 million``, ``3.2万``: a unit right behind its number.
_UNIT = re.compile(
    rf"(?<=\d)(\s?)({'|'.join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))})(?![A-Za-z])"
)


def _unit(claim: str, rng: random.Random) -> str | None:
    found = list(_UNIT.finditer(claim))
    if not found:
        return None
    match = rng.choice(found)
    return f"{claim[: match.start()]}{match[1]}{_UNITS[match[2]]}{claim[match.end() :]}"


#: ``2024`` in ``FY2024``, ``2024 年``; not in ``20241``
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d.,]\d|\d)")


def _year(claim: str, rng: random.Random) -> str | None:
    """Another year in one place; only what is read as a year or date is one."""
    dated = [q for q in parse(claim) if q.kind in ("year", "date")]
    found = [m for m in _YEAR.finditer(claim) if any(q.start <= m.start() < q.end for q in dated)]
    others = {m.group() for m in found}
    if not found:
        return None
    match = rng.choice(found)
    year = rng.choice(
        [y for y in (int(match.group()) + step for step in (-3, -2, -1, 1, 2, 3)) if str(y) not in others]
    )
    return f"{claim[: match.start()]}{year}{claim[match.end() :]}"


def _version(claim: str, rng: random.Random) -> str | None:
    """``1.16`` becomes ``1.17``."""
    found = [q for q in parse(claim) if q.kind == "version" and re.search(r"\d+$", claim[q.start : q.end])]
    if not found:
        return None
    version = rng.choice(found)
    head, last = re.fullmatch(r"(.*?)(\d+)", claim[version.start : version.end], re.S).groups()  # type: ignore[union-attr]
    return f"{claim[: version.start]}{head}{int(last) + rng.choice((1, 2))}{claim[version.end :]}"


_MONTH_NAMES = "January February March April May June July August September October November December".split()
#: What a part of a year may be exchanged for: ``Q3`` becomes ``Q4``, ``上半年`` becomes ``下半年``.
_PERIODS = dict(
    pair.split(":")
    for pair in "Q1:Q2 Q2:Q3 Q3:Q4 Q4:Q1 H1:H2 H2:H1 上半年:下半年 下半年:上半年 一季度:三季度 二季度:四季度 三季度:一季度 四季度:二季度".split()
)
_PERIODS |= {"first half": "second half", "second half": "first half"}
_PERIODS |= {"first quarter": "third quarter", "second quarter": "fourth quarter", "third quarter": "first quarter"}
_PERIODS |= {"fourth quarter": "second quarter"}
_PERIODS |= dict(zip(_MONTH_NAMES, [*_MONTH_NAMES[4:], *_MONTH_NAMES[:4]], strict=True))
_PERIOD = re.compile(rf"(?<![A-Za-z])(?:{'|'.join(sorted(_PERIODS, key=len, reverse=True))})(?![A-Za-z0-9])")


def _period(claim: str, rng: random.Random) -> str | None:
    found = list(_PERIOD.finditer(claim))
    if not found:
        return None
    match = rng.choice(found)
    return claim[: match.start()] + _PERIODS[match.group()] + claim[match.end() :]


_AUXILIARY = re.compile(
    r"\b(is|are|was|were|has|have|had|can|could|will|would|should|may|might|must)\b(?! (?:not|no|never|been no)\b)(?= \w)"
)
_THIRD_PERSON = re.compile(
    r"(?<=[a-z)] )(supports?|enables?|provides?|allows?|includes?|uses?|requires?|remains?|offers?|shows?|runs?|contains?|makes?|gives?|helps?|"
    r"reduces?|improves?|increases?|becomes?|works?|needs?|adds?|plans?|continues?|leads?|covers?)\b"
)
_DENIAL = re.compile(
    r"\b(?:(?<=is )not |(?<=are )not |(?<=was )not |(?<=were )not |(?<=can)not |(?<=do )not |(?<=does )not |(?<=did )not |(?<=will )not )"
)
_HAN_DENIAL = re.compile(r"没有|并未|尚未|从未|未能|不(?=[会能是再需支得应受])")
_HAN_VERB = re.compile(
    r"(?<![不没未无])(支持|包括|使用|需要|可以|能够|允许|提供|属于|成为|发布|参加|参与|获得|认为|表示|增加|减少|影响|改变|接受|采用|实现|完成|引入|通过|要求|具有|存在|"
    r"位于|担任|出现|进入|发现|解决|满足|适合|同意|是(?!否|不是|一)|会(?=[被将有对在使让导])|能(?=[在够被让使为]))"
)


def _negation(claim: str, rng: random.Random) -> str | None:
    if language_of(claim) == "zh":
        denied = _HAN_DENIAL.search(claim)
        if denied and rng.random() < 0.5:
            kept = (
                "有"
                if denied.group() == "没有" and not re.match(rf"[{HAN}]{{1,2}}(?:过|到)", claim[denied.end() :])
                else ""
            )
            return claim[: denied.start()] + kept + claim[denied.end() :]
        verbs = [
            m
            for m in _HAN_VERB.finditer(claim)
            if not re.search(r"[不没未无]$", claim[max(0, m.start() - 1) : m.start()])
        ]
        if not verbs:
            return None
        verb = rng.choice(verbs)
        past = claim[verb.end() : verb.end() + 1] in ("了", "过") or verb[1] in (
            "发布",
            "参加",
            "获得",
            "完成",
            "发现",
            "引入",
            "出现",
        )
        word = "没有" if past or verb[1] == "存在" else "不"
        after = claim[verb.end() + 1 :] if past and claim[verb.end() : verb.end() + 1] == "了" else claim[verb.end() :]
        return claim[: verb.start()] + word + verb[1] + after
    denied = _DENIAL.search(claim)
    if denied and rng.random() < 0.5:
        return (
            claim[: denied.start()]
            + (" " if denied.start() and claim[denied.start() - 1].isalpha() else "")
            + claim[denied.end() :]
        )
    places = list(_AUXILIARY.finditer(claim))
    if places:
        place = rng.choice(places)
        return f"{claim[: place.end()]} not{claim[place.end() :]}"
    verbs = list(_THIRD_PERSON.finditer(claim))
    if not verbs:
        return None
    verb = rng.choice(verbs)
    word = verb.group()
    base = word.removesuffix("s")
    return f"{claim[: verb.start()]}{'does' if word != base else 'do'} not {base}{claim[verb.end() :]}"


_OPPOSITES_EN = """increase decrease;increased decreased;increases decreases;increasing decreasing;rose fell;rise fall;rising falling;more less;higher lower;
highest lowest;larger smaller;largest smallest;before after;above below;first last;grew shrank;growth decline;improved worsened;improve worsen;improves worsens;
majority minority;enable disable;enabled disabled;enables disables;support oppose;supported opposed;gained lost;won lost;win lose;faster slower;
early late;earlier later;internal external;up down;reduced increased;reduce increase;reduces increases;reducing increasing;strong weak;stronger weaker;success failure;
successful unsuccessful;allow forbid;allows forbids;accept reject;accepted rejected;best worst;better worse;add remove;added removed;easy difficult;
easier harder;agree disagree;agreed disagreed;most least;many few;always never;old new;older newer;maximum minimum;public private;start end;started ended;opened closed;
positive negative;high low;long short;longer shorter;large small;expand shrink;advantage disadvantage;secure insecure;simple complex;open closed;north south;
east west;left right;male female;include exclude;includes excludes;exceeded missed;rich poor"""
_OPPOSITES_ZH = """增长 下降;增加 减少;上升 下降;提高 降低;提升 降低;扩大 缩小;超过 低于;高于 低于;多于 少于;最大 最小;最高 最低;最多 最少;之前 之后;以前 以后;支持 反对;启用 禁用;
允许 禁止;改善 恶化;加快 放缓;加速 减速;接受 拒绝;成功 失败;更多 更少;更高 更低;更快 更慢;较高 较低;大于 小于;优于 劣于;第一 最后;早于 晚于;增强 削弱;降低 提高;减少 增加;下降 上升;上涨 下跌;
盈利 亏损;内部 外部;简单 复杂;打开 关闭;开始 结束;进口 出口;同意 反对;公开 保密;容易 困难;优势 劣势;安全 危险;积极 消极;长期 短期;大多数 少数;最好 最差;最新 最旧;添加 删除;加入 退出;强 弱;胜 败"""


def _pairs(text: str) -> list[tuple[str, str]]:
    pairs = [tuple(pair.split()) for pair in text.replace("\n", "").split(";")]
    return [(one, other) for one, other in pairs] + [(other, one) for one, other in pairs]


_DIRECTIONS_EN, _DIRECTIONS_ZH = _pairs(_OPPOSITES_EN), _pairs(_OPPOSITES_ZH)


def _direction(claim: str, rng: random.Random) -> str | None:
    chinese = language_of(claim) == "zh"
    found = []
    for word, opposite in _DIRECTIONS_ZH if chinese else _DIRECTIONS_EN:
        pattern = re.escape(word) if chinese else rf"\b{word}\b"
        found += [(match, opposite) for match in re.finditer(pattern, claim, re.I)]
    if not found:
        return None
    match, opposite = rng.choice(sorted(found, key=lambda pair: (pair[0].start(), pair[1])))
    if match.group()[0].isupper():
        opposite = opposite.capitalize()
    return claim[: match.start()] + opposite + claim[match.end() :]


_NAME = re.compile(r"(?<![A-Za-z0-9])(?:[A-Z][a-z]+(?:[A-Z][a-z]+)*|[A-Z]{2,}|[a-z]+[A-Z]\w+)(?![A-Za-z0-9])")
_STRANGERS = ("Zabbix", "Nokia", "Envoy", "Fujitsu", "Debian", "Oracle", "Lisbon", "Harper", "Bosch", "Perl")
_STARTERS = frozenset(
    "The A An In On At For From By With As It Its This That These Those There He She They We You His Her Their Our If When While "
    "Although Because Since After Before But And Or So However Also Some Many Most All One Two Three Not No What Which Who How".split()
)


def _entity(claim: str, rng: random.Random) -> str | None:
    links = [m.span() for m in re.finditer(r"\(https?://[^)]*\)|https?://\S+", claim)]
    names = [
        m for m in _NAME.finditer(claim) if m.group() not in _STARTERS and not any(a <= m.start() < b for a, b in links)
    ]
    opens = re.match(r"\W*", claim)
    names = [m for m in names if language_of(claim) == "zh" or not opens or m.start() > opens.end()]
    if not names:
        return _other_organisation(claim, rng)
    name = rng.choice(names)
    stranger = rng.choice([s for s in _STRANGERS if s.lower() not in claim.lower()])
    return claim[: name.start()] + stranger + claim[name.end() :]


def _other_organisation(claim: str, rng: random.Random) -> str | None:
    """A Chinese organisation's place taken by another: ``远帆港务公司`` becomes ``海棠公司``."""
    found = [name for name in entities(claim) if not name.isascii()] if language_of(claim) == "zh" else []
    kinds = ("公司", "集团", "基金会", "银行", "大学", "协会")
    found = [name for name in found if name.endswith(kinds)]
    if not found:
        return None
    name = rng.choice(found)
    kind = next(kind for kind in kinds if name.endswith(kind))
    return claim.replace(name, "海棠" + kind, 1)


def _opening(claim: str, rng: random.Random) -> str | None:
    """A stranger's name in the place of an English sentence's first word: ``Envoy sued Marrable`` of ``Tallow sued Marrable``."""
    first = re.match(r"[A-Z][a-z]+(?= [a-z]+ [a-z])", claim)
    if language_of(claim) != "en" or not first or first.group() in _STARTERS:
        return None
    return rng.choice([s for s in _STRANGERS if s.lower() not in claim.lower()]) + claim[first.end() :]


#: What one does to another, so that the other way round it is false.
_DEED = re.compile(
    r"\b(?:bought|acquired|sued|beat|lent|supplies|overcharged|copied|surpassed|overtook)\b"
    r"|收购了|起诉了|投资了|审计了|培训了|超过了|超越了"
)


#: What may follow a Chinese company's name.
_COMPANY = "(?:(?:股份)?有限公司)?"


def _roles(claim: str, rng: random.Random) -> str | None:
    """Two names exchanged that a deed joins: ``B bought A`` of ``A bought B``."""
    opening = re.match(r"[A-Z][a-z]+(?= [a-z])", claim)
    names = dict.fromkeys([*([opening.group()] if opening else []), *entities(claim)])
    found = [m.span() for name in names for m in re.finditer(re.escape(name) + _COMPANY, claim)]
    places = sorted(found, key=_longest)
    apart = [place for place, before in zip(places, [(0, 0), *places], strict=False) if place[0] >= before[1]]
    pairs = [(one, other) for one, other in pairwise(apart) if _DEED.search(claim[one[1] : other[0]])]
    pairs = [(one, other) for one, other in pairs if not re.search(r"[.。;；]", claim[one[1] : other[0]])]
    if not pairs:
        return None
    (a, b), (c, d) = rng.choice(pairs)
    return claim[:a] + claim[c:d] + claim[b:c] + claim[a:b] + claim[d:]


def _longest(place: tuple[int, int]) -> tuple[int, int]:
    """Orders places by their start, the longer first."""
    return place[0], -place[1]


_CHANGES: dict[str, Callable[[str, random.Random], str | None]] = {
    "number": _number,
    "unit": _unit,
    "year": _year,
    "version": _version,
    "period": _period,
    "negation": _negation,
    "direction": _direction,
    "entity": _entity,
    "opening": _opening,
    "roles": _roles,
}
