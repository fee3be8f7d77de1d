"""Numbers as a reader understands them: what value, of what unit, how exactly; in Chinese and English alike.

``parse("近 1.2 万家, up 25%")`` gives 12,000 (bound ``~``) and 25 (unit ``%``). Names that carry digits (``IPv6``, ``K8s``,
``GPT-4``, ``Layer 4``, ``CVE-2022-1234``) are names, which ``numbered_names`` gives.
"""
# ruff: noqa: E501 (tables of words, and patterns with Chinese, read better on one line)

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from text.fold import fold


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a text: ``text[start:end]`` with its unit, without its bound.

    ``low`` and ``high`` differ in a range (``2-5``) and are else the same, in ``unit``: ``""`` for plain counts, ``%``, ``pp``
    (percentage points), ``x`` (multiples), ``s``, ``day``, ``month``, ``year``, ``USD``, ``B`` ... Dates are
    ``year * 10000 + month * 100 + day`` with 0 where a part is not said; a version's number is in ``written``.
    ``kind`` is number, share, multiple, money, duration, measure, date, year, version, ordinal or clock; ``bound`` is ``""``,
    ``>`` (more than, at least), ``<`` (less than, at most), ``~`` (about, nearly). ``digit`` is what half a step of the last
    written digit is worth. An uncertain quantity (``one``, ``both``, ``half``, ``首次``) may be no number at all.
    """

    start: int
    end: int
    low: float
    high: float
    unit: str
    kind: str
    bound: str = ""
    written: str = ""
    digit: float = 0.0
    certain: bool = True


_HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HAN_TENS = {"十": 10, "百": 100, "千": 1000}
_HAN_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
#: What is as large as this is no quantity, whatever it reads like.
_LARGEST = 10**30
_NUMERAL = "零〇一二三四五六七八九十百千万亿两"

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_DECADES = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_NUMBER_WORDS = {word: i for i, word in enumerate(_SMALL)} | {word: 10 * i for i, word in enumerate(_DECADES, start=2)}
_NUMBER_WORDS |= {f"{t}-{_SMALL[j]}": 10 * i + j for i, t in enumerate(_DECADES, start=2) for j in range(1, 10)}
_ORDINALS = {
    word: i
    for i, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
        "sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        start=1,
    )
}
_SCALES = {
    "dozen": 12.0,
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "mn": 1e6,
    "bn": 1e9,
}
_SHORT_SCALES = {"k": 1e3, "K": 1e3, "m": 1e6, "M": 1e6, "B": 1e9, "b": 1e9}
_MONTH_NAMES = "january february march april may june july august september october november december".split()
_MONTHS = {name: i for i, name in enumerate(_MONTH_NAMES, start=1)}
_MONTHS |= {name[:3]: i for name, i in _MONTHS.items()} | {"sept": 9}

_UNITS: dict[str, tuple[str, float]] = {}
for _name, _factor, _written in (
    ("%", 1, "% percent per|cent pct"),
    ("%", 0.1, "‰"),
    ("pp", 1, "个百分点 百分点 percentage|point pp"),
    ("x", 1, "倍 x × fold -fold"),
    ("times", 1, "次 回 time"),
    ("s", 1e-6, "微秒 microsecond μs us"),
    ("s", 1e-3, "毫秒 millisecond ms"),
    ("s", 1, "秒 秒钟 second sec s"),
    ("s", 60, "分钟 minute min"),
    ("s", 3600, "小时 个小时 多小时 个多小时 hour hr h"),
    ("day", 1, "天 多天 日 day"),
    ("day", 7, "周 星期 个星期 week 礼拜"),
    ("month", 1, "个月 个多月 多个月 month"),
    ("month", 3, "个季度 季度 quarter"),
    ("year", 1, "年 周年 年间 年来 多年 余年 year"),
    ("year", 10, "decade"),
    ("age", 1, "岁 year-old years-old years|old"),
    ("B", 1e3, "kb kib KB KiB kilobyte"),
    ("B", 1e6, "mb mib MB MiB megabyte"),
    ("B", 1e9, "gb gib GB GiB gigabyte"),
    ("B", 1e12, "tb tib TB TiB terabyte"),
    ("bps", 1e6, "mbps Mbps"),
    ("bps", 1e9, "gbps Gbps"),
    ("m", 1000, "公里 千米 km kilometer kilometre"),
    ("m", 1, "米 meter metre"),
    ("m", 0.01, "厘米 cm centimeter centimetre"),
    ("m", 0.001, "毫米 mm millimeter millimetre"),
    ("mile", 1, "英里 mile"),
    ("foot", 1, "英尺 feet foot ft"),
    ("kg", 1, "公斤 千克 kg kilogram"),
    ("kg", 1000, "吨 ton tonne"),
    ("lb", 1, "磅 lb"),
    ("USD", 1, "美元 美金 dollar USD us|dollar"),
    ("EUR", 1, "欧元 euro EUR"),
    ("GBP", 1, "英镑 GBP"),
    ("£lb", 1, "pound"),
    ("CNY", 1, "元 元人民币 人民币 yuan RMB CNY renminbi"),
    ("JPY", 1, "日元 yen"),
    ("clock", 1, "点 点钟 点半 a.m. p.m. am pm a.m p.m o'clock"),
):
    for _word in _written.split():
        _UNITS[_word.replace("|", " ")] = (_name, _factor)
_CURRENCY = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY"}
_KINDS = {"%": "share", "pp": "share", "x": "multiple", "clock": "clock"}
_KINDS |= dict.fromkeys(("s", "day", "month", "year", "age"), "duration")
_KINDS |= dict.fromkeys(("USD", "EUR", "GBP", "CNY", "JPY"), "money")
_KINDS |= dict.fromkeys(("B", "bps", "m", "mile", "foot", "kg", "lb", "£lb"), "measure")
#: Units that one side may leave unsaid; and units that say nothing more than a count does.
_SILENT = frozenset(
    ("s", "day", "month", "year", "age", "B", "bps", "m", "mile", "foot", "kg", "lb", "£lb", "clock", "times")
)
_ALIKE = frozenset((("x", "times"), ("£lb", "GBP"), ("£lb", "lb"), ("year", "age"), ("pp", "%"), ("pp", "")))

#: A lone Chinese numeral is a number only before one of these (三个, 两家; not 三角, 四川).
_MEASURES = (
    "个名位家款只条项次倍年周岁种类届章节集部台辆座人口份场件层级轮支所起张本套组队小省市县国区代期步篇页字块天日月"
    "亩吨米斤公英美欧架艘枚颗棵头匹户例批段句间栋道门笔卷封幅片根副对阶成大方"
)


def _any(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_LATIN_UNITS = (
    f"(?i:{_any([u for u in _UNITS if u.isascii() and u[0].isalpha() and len(u) > 2])})"
    f"|{_any([u for u in _UNITS if u.isascii() and u[0].isalpha() and len(u) < 3])}"
)
_OTHER_UNITS = _any([u for u in _UNITS if not (u[0].isascii() and u[0].isalpha())])
_MONTH = _any(list(_MONTHS))
_WORDS = _any([*_NUMBER_WORDS, *(w.replace("-", " ") for w in _NUMBER_WORDS if "-" in w)])
_UNIT = rf"(?:\s?(?P<unit>{_OTHER_UNITS})|[ -]?(?P<latin>{_LATIN_UNITS})s?(?![A-Za-z0-9]))?"
_HAN_RUN = rf"[{_NUMERAL}]+(?:点[{_NUMERAL}]+)?"

_NAMES = re.compile(
    r"https?://\S+|www\.\S+"
    r"|(?P<layer>(?:[Ll]ayer[ -]?|(?<![A-Za-z])L)[2-7](?![\d.])|第?\s?[2-7四七]\s?层(?=[^楼数]|$))"
    r"|(?<![A-Za-z0-9.])(?!(?:[Vv](?:er)?\d|US\$|(?:Top|Mid|Pre|Post|Under|Over|Sub|Non|From|Age|Aged)-\d))"
    r"(?:[A-Za-z]+\d[A-Za-z0-9]*(?:[-.]\d[A-Za-z0-9]*)*|[A-Z][A-Za-z]*(?:-[A-Z]+)?-\d+(?:[.-]\d+)*[A-Za-z]?(?![\d%]))"
    r"|(?<![\w.,])\d+(?!(?:st|nd|rd|th|s|ers?)\b|[kKMBm]\b|[kmgt]i?b(?:ps)?\b|(?:ms|us|x|h|am|pm|km|cm|mm|kg|ft|mn|bn|hr|min|sec|pp|lb)s?\b)"
    r"(?![eE]\d)[A-Za-z]+\d*(?![A-Za-z0-9])",
    re.ASCII,
)
_DATES = re.compile(
    r"(?<!\d)(?P<y1>\d{4})-(?P<m1>0?[1-9]|1[0-2])-(?P<d1>0?[1-9]|[12]\d|3[01])(?!\d)"
    r"|(?<!\d)(?P<y2>\d{4})/(?P<m2>0?[1-9]|1[0-2])/(?P<d2>0?[1-9]|[12]\d|3[01])(?!\d)"
    r"|(?<!\d)(?P<y3>(?:1[0-9]|20|21)\d\d|[一二][〇零一二三四五六七八九]{3})\s?年(?:\s?(?P<m3>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s?月"
    r"(?:\s?(?P<d3>3[01]|[12]\d|0?[1-9]|三?十[一]?|二?十?[一二三四五六七八九])\s?[日号]?)?)?"
    r"|(?<!\d)(?P<m4>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s?月\s?(?P<d4>3[01]|[12]\d|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])\s?[日号]"
    r"|(?<![\d个.])(?P<m5>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s?月(?:份|底|初|中)?(?![日\d])"
    rf"|\b(?P<d6>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<m6>(?i:{_MONTH}))\b\.?(?:,?\s(?P<y6>\d{{4}})\b)?"
    rf"|\b(?P<m7>(?i:{_MONTH}))\b\.?\s(?P<d7>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s?(?:%|percent|million|,\d{{3}}))(?:,?\s(?P<y7>\d{{4}})\b)?"
    rf"|\b(?P<m8>(?i:{_MONTH}))\b\.?,?\s(?:of\s)?(?P<y8>\d{{4}})\b"
    r"|\b(?P<m9>January|February|April|June|July|August|September|October|November|December"
    r"|(?<=[io]n )(?:March|May)|(?<=of )(?:March|May)|(?<=last )(?:March|May)|(?<=since )(?:March|May)|(?<=by )(?:March|May)|(?:Jan|Feb|Aug|Sept?|Oct|Nov|Dec)(?=\.))\b"
    r"|(?<!\d)(?P<c10>\d\d)\s?世纪\s?(?P<t10>\d0|[二三四五六七八九]十)\s?年代|(?<![\d.,])(?P<s11>(?:1[5-9]|20)\d0)s\b|(?P<t12>(?<!\d)\d0|[二三四五六七八九]十)\s?年代"
    r"|(?<![\d.,$€£¥+-])(?P<y13>(?:1[5-9]|20)\d\d)(?![\d%×]|[.,:]\d|\s?(?:[万亿千百倍]|%|percent|people|users|members|人|个|名|家|位|次|元|美元|meters|metres|miles|km|m\b))",
    re.ASCII,
)
_VERSIONS = re.compile(
    r"(?<![\w.])[vV](?:er\.?|ersion)?\s?(?P<v1>\d+(?:\.\d+)*(?:-[a-z]+\.?\d*)?)(?![\w%])"
    r"|(?<![\w.])(?P<v2>\d+\.\d+\.\d+(?:\.\d+)*(?:-[a-z]+\.?\d*)?)(?![\w%])"
    r"|(?i:\b(?:version|release|api)s?\s|版本\s?)(?P<v3>\d+(?:\.\d+)*)(?![\w%.]\d|%)"
    r"|(?<![\w.])(?P<v4>\d+(?:\.\d+)+)(?=\s?(?:版|release\b|(?:和|及|与|、|and)\s?\d+\.\d+\s?(?:两个)?(?:主要|重要)?版))"
    r"|(?<=[A-Za-z] )(?P<v5>\d+\.\d+)(?![\w%.]|\s?[%万亿千倍]|\s(?:percent|million|billion|times|per cent|trillion|thousand|degrees))"
    r"|(?<=/)(?P<v6>\d+\.\d{2})(?![\w%.]\d|%)",
    re.ASCII,
)
_FRACTIONS = re.compile(
    rf"百分之\s?(?P<share>{_HAN_RUN}|\d+(?:\.\d+)?)|(?P<cheng>[一二三四五六七八九]|\d(?:\.\d)?)\s?成(?=[^为立本员果功就长绩都熟]|$)"
    rf"|(?P<below>{_HAN_RUN}|\d+)分之(?P<above>{_HAN_RUN}|\d+)"
    r"|(?i:\b(?P<many>one|two|three|four|a)[ -](?P<part>third|quarter|fifth|tenth)s?\b)(?! (?:of )?(?:time|place|season|quarter))"
    rf"|(?P<few>\b(?:[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Nn]ine|\d+)) (?:in|out of)(?: every)? (?P<all>{_any(_SMALL[2:])}|\d+)\b(?![:./-]|,\d| years| months| days| weeks)"
    r"|(?P<half>一半|\bhalf\b|\bHalf\b)",
    re.ASCII,
)
_MULTIPLES = re.compile(
    r"(?i:\b(?:(?P<fold>two|three|four|five|six|seven|eight|nine|ten|\d+(?:\.\d+)?)-?fold\b|(?P<word>twice|thrice|doubl(?:e[sd]?|ing)|tripl(?:e[sd]?|ing)|"
    r"quadrupl(?:e[sd]?|ing))\b))|(?P<han>翻(?:了)?(?:一)?[倍番]|翻了?两番|加倍|[增长加多高大快扩][了大]?近?一倍)",
    re.ASCII,
)
_MULTIPLE_WORDS = {"tw": 2, "th": 3, "do": 2, "tr": 3, "qu": 4}
_ORDINAL = re.compile(
    rf"第\s?(?P<han>[{_NUMERAL}]+|\d+)(?!\s?[方])|(?<![\w.,])(?P<digits>\d+)(?:st|nd|rd|th)\b"
    rf"|\b(?P<word>(?i:{_any(list(_ORDINALS))}))\b(?!-(?:hand|class|degree)|[ -]part(?:y|ies))"
    r"|(?P<first>首[个次家届位批款席]?|最早|最先|初次|[Ii]nitial(?:ly)?|[Ee]arliest)|(?P<second>亚军|其次|runner-up)|(?P<place>冠军|季军)",
    re.ASCII,
)
_CLOCK = re.compile(r"(?<![\d:.])(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)(?::[0-5]\d)?(?![\d:])", re.ASCII)
_NUMBERS = re.compile(
    r"(?:(?P<currency>US\$|[$€£¥￥])\s?)?"
    rf"(?:(?<![\w.])(?<!\d,)(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"|(?<![A-Za-z-])(?P<words>(?i:{_WORDS}))(?![A-Za-z])"
    r"|(?<![A-Za-z])(?P<article>[Aa])(?= (?:hundred|thousand|million|billion|trillion|decade|dozen)\b(?! (?:of|times)\b))"
    rf"|(?P<han>(?<![数几好上成第整之唯单统独][{_NUMERAL}])(?<![数几好上成第单统独唯{_NUMERAL}])(?:{_HAN_RUN})))"
    r"(?:\s?(?P<more>[多余])?\s?(?P<scale>百万|千万|[百千]?[万萬]亿?|[亿億]|[百千](?![米克瓦]))|[ -]?(?P<english>hundred thousand|hundred million|"
    r"dozen|hundred|thousand|million|billion|trillion|mn|bn)s?(?![A-Za-z])|(?P<short>[kKMBm])(?![A-Za-z0-9]))?"
    r"(?P<plus>\+|\s?[多余](?=[^边次样种媒])|\s?几)?" + _UNIT,
    re.ASCII,
)
_JOIN = re.compile(r"^\s?(?:-|~|到|至|to|或|or)\s?$", re.I | re.ASCII)
_RANGE_AHEAD = re.compile(rf"\s?[到至~-]\s?[{_NUMERAL}]")
_PAIRS = frozenset(("一二", "二三", "两三", "三四", "四五", "五六", "六七", "七八", "八九"))

_ABOVE = r"more than|over|above|exceed(?:s|ed|ing)?|greater than|upwards of|in excess of|at least|no (?:less|fewer) than|not less than|surpass(?:es|ed|ing)?|超过|超出|逾|超|突破|高于|大于|多于|>|不止|至少|不少于|不低于|≥|最少"
_BELOW = r"less than|fewer than|under|below|lower than|不到|不足|少于|低于|小于|未满|<|at most|no more than|not more than|至多|最多|不超过|≤|within|不高于|不多于"
_ABOUT = r"nearly|almost|close to|just under|just over|about|around|roughly|approximately|some|circa|approaching|近|将近|接近|几近|约|大约|大概|~|约为|差不多|几乎"
_BEFORE = re.compile(
    rf"(?:(?P<not>not |不))?(?:(?P<above>{_ABOVE})|(?P<below>{_BELOW})|(?P<about>{_ABOUT}))[了为达到至有是\s]*(?:the |an? )?[$€£¥]?\s?$",
    re.I | re.ASCII,
)
_AFTER = re.compile(
    r"\s?(?:(?P<above>以上|之多|or more\b|plus\b|and above\b|或以上)|(?P<below>以下|以内|or less\b|or fewer\b)|(?P<about>左右|上下|or so\b))",
    re.I | re.ASCII,
)
_WIDE = str.maketrans("０１２３４５６７８９％．，－～〜／：＋–—−￥", "0123456789%.,-~~/:+---¥")


def _han_value(text: str) -> float | None:
    """``三十二`` -> 32, ``两万`` -> 20000, ``二〇一五`` -> 2015, ``三点五`` -> 3.5; None where it is no number."""
    whole, _, decimals = text.partition("点")
    if decimals:
        value = _han_value(whole)
        if value is None or not all(c in _HAN_DIGITS for c in decimals):
            return None
        return value + sum(_HAN_DIGITS[c] * 10.0 ** -(i + 1) for i, c in enumerate(decimals))
    if len(whole) > 1 and all(c in _HAN_DIGITS for c in whole):
        return float("".join(str(_HAN_DIGITS[c]) for c in whole))
    total = section = digit = 0
    for c in whole:
        if c in _HAN_DIGITS:
            digit = _HAN_DIGITS[c]
        elif c in _HAN_TENS:
            section += (digit or 1) * _HAN_TENS[c]
            digit = 0
        else:
            total = min((total + section + digit) * _HAN_MYRIADS[c] or _HAN_MYRIADS[c], _LARGEST)
            section = digit = 0
    return float(total + section + digit)


def _value(text: str) -> float:
    """The value of a plain number or numeral: ``1,011``, ``十二``, ``two``."""
    text = text.replace(",", "")
    if text[0].isdigit():
        return float(text)
    if text[0] in _NUMERAL:
        return _han_value(text) or 0.0
    return float(_NUMBER_WORDS[text.lower().replace(" ", "-")])


def _digit(text: str) -> float:
    """What the last written digit counts: ``1.2`` -> .1, ``1,011`` -> 1."""
    return 10.0 ** -len(text.partition(".")[2]) if text[0].isdigit() else 1.0


def _date(match: re.Match[str]) -> Quantity:
    parts = {name[0]: value for name, value in match.groupdict().items() if value}
    if "s" in parts or "t" in parts:
        decade = parts.get("s") or parts["t"]
        value = _value(decade) + (100 * (int(parts["c"]) - 1) if "c" in parts else 0)
        return Quantity(match.start(), match.end(), value, value, "decade", "year", written=decade)
    months = parts.get("m", "")
    month = (
        _MONTHS.get(months.lower(), 0)
        if months[:1].isascii() and months[:1].isalpha()
        else int(_value(months))
        if months
        else 0
    )
    year = int(_value(parts["y"])) if "y" in parts else 0
    day = int(_value(parts["d"])) if "d" in parts else 0
    value = float(year * 10000 + month * 100 + day)
    return Quantity(
        match.start(), match.end(), value, value, "date", "date" if month else "year", written=match.group()
    )


def _number(match: re.Match[str], text: str) -> Quantity | None:
    written = match["digits"] or match["words"] or match["article"] or match["han"]
    unit_word, scale_word = match["unit"] or match["latin"] or "", match["scale"] or (match["english"] or "").lower()
    unit, factor = _UNITS.get(unit_word) or _UNITS.get(unit_word.lower()) or ("", 1.0)
    end, certain = match.end(), True
    if match["han"]:
        value = _han_value(written)
        after = text[match.end("han") : match.end("han") + 1]
        before = text[match.start() - 1 : match.start()]
        if value is None or written[0] in "千百万亿" or (written[0] in "零〇" and len(written) < 3):
            return None
        lone = len(written) == 1
        if (
            len(written) == 2
            and written in _PAIRS
            or len(written) > 1
            and all(c in _HAN_DIGITS for c in written)
            and "〇" not in written
        ):
            return None
        if (
            lone
            and not scale_word
            and not unit
            and after not in _MEASURES
            and not _RANGE_AHEAD.match(text, match.end())
        ):
            return None
        if lone and (
            (unit_word == "点" and before not in tuple("午晚晨早夜"))
            or unit_word in ("回", "日")
            or before in tuple("周期拜")
            or (written == "十" and after == "字")
        ):
            return None
        if written == "一" and not scale_word or before in ("之", "其", "万"):
            return None
        vague = bool(match["plus"] or match["more"])
        certain = not (lone and written in "两二") and not (written == "十" and vague)
    elif match["words"] or match["article"]:
        value = 1.0 if match["article"] else _value(written)
        certain = value not in (0.0, 1.0) or bool(scale_word)
        if value == 2.0 and not scale_word:
            certain = False
    else:
        value = _value(written)
        century = re.search(r"(?<!\d)(1[5-9]|20)\d\d[-/]$", text[max(0, match.start() - 6) : match.start()])
        if century and len(written) == 2 and written.isdigit():  # 2018-19
            year = float(int(century[1] + written) * 10000)
            return Quantity(match.start(), match.end("digits"), year, year, "date", "year", written=written)
    scale = 1.0
    if scale_word:
        scale = (
            _SCALES.get(scale_word)
            or {"hundred thousand": 1e5, "hundred million": 1e8}.get(scale_word)
            or _han_value(scale_word)
            or 1.0
        )
    elif match["short"]:
        if match["short"] == "m" and not match["currency"]:
            unit, factor = "m", 1.0
        else:
            scale = _SHORT_SCALES[match["short"]]
    if match["currency"]:
        unit, factor = _CURRENCY[match["currency"][-1]], 1.0
    if unit == "year" and match["digits"] and unit_word == "年" and value >= 1000 and not scale_word:
        unit, factor = "", 1.0
    if unit == "clock" and not match["digits"]:
        unit = ""
    if unit == "clock" and "." in written and value < 24:
        value = int(value) + (value % 1) * 100 / 60  # 4.40 am
    step = _digit(written) if match["digits"] else 1.0
    bound = ">" if match["plus"] or match["more"] else ""
    value *= scale * factor
    return Quantity(
        match.start(),
        end,
        value,
        value,
        unit,
        _KINDS.get(unit, "number"),
        bound,
        written,
        step * scale * factor,
        certain,
    )


def _bounded(quantity: Quantity, text: str) -> Quantity:
    """The quantity with the bound said before or after it."""
    if quantity.kind in ("date", "year", "version", "ordinal") or quantity.bound:
        return quantity
    before = _BEFORE.search(text, max(0, quantity.start - 26), quantity.start)
    if before:
        bound = ">" if before["above"] else "<" if before["below"] else "~"
        if before["not"] and bound != "~":
            bound = "<" if bound == ">" else ">"
        return replace(quantity, bound=bound)
    after = _AFTER.match(text, quantity.end)
    if after:
        return replace(quantity, bound=">" if after["above"] else "<" if after["below"] else "~")
    return quantity


def _ranges(found: list[Quantity], text: str) -> list[Quantity]:
    """Neighbours joined by ``-``, ``to``, ``到`` become one: ``2-5``, ``两到五``; ``between 2 and 5`` too."""
    joined: list[Quantity] = []
    for quantity in found:
        last = joined[-1] if joined else None
        if (
            last
            and last.kind not in ("date", "year", "version", "ordinal")
            and quantity.kind not in ("date", "year", "version", "ordinal")
        ):
            between = text[last.end : quantity.start]
            if _JOIN.match(between) or (
                between.strip() in ("and", "和", "与") and re.search(r"between\s?$|[在介]于?\s?$", text[: last.start])
            ):
                low, bare = last.low, last.unit == ""
                if (bare or last.kind == "money") and last.digit == _digit(last.written or "1"):
                    low *= quantity.digit / _digit(quantity.written or "1")  # 2-3 million, 2 到 3 万
                unit = quantity.unit or last.unit
                if re.search(r"\bby\s?$", text[: last.start]):  # grew by 252 to 4,464
                    joined.append(quantity)
                    continue
                prefixed = not quantity.unit and last.kind == "money" and text[last.start] in "U$€£¥"
                if (bare or prefixed or last.unit == quantity.unit) and low < quantity.high:
                    joined[-1] = replace(
                        quantity,
                        start=last.start,
                        low=low,
                        unit=unit,
                        kind=_KINDS.get(unit, "number"),
                        bound=last.bound,
                    )
                    continue
        joined.append(quantity)
    return joined


@lru_cache(maxsize=4096)
def parse(text: str) -> tuple[Quantity, ...]:
    """The quantities of a text, in order; names that carry digits are none.

    ``parse("3 个集群, 25%")`` -> values 3 and 25 of units ``""`` and ``%``.
    """
    text = fold(text).translate(_WIDE)
    taken = bytearray(len(text))
    found: list[Quantity] = []

    def free(match: re.Match[str]) -> bool:
        return not any(taken[match.start() : match.end()])

    def take(match: re.Match[str], quantity: Quantity | None) -> None:
        if quantity is not None and quantity.high < _LARGEST:
            found.append(quantity)
            taken[quantity.start : quantity.end] = b"\1" * (quantity.end - quantity.start)
        else:
            taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())

    for match in _NAMES.finditer(text):
        take(match, None)
    for match in filter(free, _DATES.finditer(text)):
        take(match, _date(match))
    for match in filter(free, _VERSIONS.finditer(text)):
        written = next(value for value in match.groups() if value)
        start, end = match.span(match.lastgroup or 0)
        take(match, Quantity(start, end, 0.0, 0.0, "version", "version", written=written))
    for match in filter(free, _FRACTIONS.finditer(text)):
        take(match, _fraction(match))
    for match in filter(free, _MULTIPLES.finditer(text)):
        times, word = match["fold"], (match["word"] or "").lower()
        value = (
            _value(times.lower())
            if times
            else float(_MULTIPLE_WORDS[word[:2]])
            if word
            else 4.0
            if "两" in match["han"]
            else 2.0
        )
        take(match, Quantity(match.start(), match.end(), value, value, "x", "multiple", written=times or "", digit=1.0))
    for match in filter(free, _ORDINAL.finditer(text)):
        take(match, _ordinal(match, text))
    for match in filter(free, _CLOCK.finditer(text)):
        value = int(match["hour"]) + int(match["minute"]) / 60
        take(match, Quantity(match.start(), match.end(), value, value, "clock", "clock", written=match.group()))
    for match in filter(free, _NUMBERS.finditer(text)):
        quantity = _number(match, text)
        if quantity is not None:
            take(match, quantity)
    found.sort(key=lambda quantity: quantity.start)
    return tuple(_bounded(quantity, text) for quantity in _ranges(found, text))


def _fraction(match: re.Match[str]) -> Quantity:
    if match["share"]:
        value, certain, digit = _value(match["share"]), True, _digit(match["share"])
    elif match["cheng"]:
        value, certain, digit = 10 * _value(match["cheng"]), True, 10.0
    elif match["below"]:
        value, certain, digit = 100 * _value(match["above"]) / max(1.0, _value(match["below"])), True, 1.0
    elif match["few"]:
        value, certain, digit = 100 * _value(match["few"]) / max(1.0, _value(match["all"])), True, 1.0
        certain = value < 100 and _value(match["all"]) < 1900
    elif match["half"]:
        value, certain, digit = 50.0, False, 1.0
    else:
        many = 1.0 if match["many"].lower() == "a" else _value(match["many"])
        parts = {"third": 3, "quarter": 4, "fifth": 5, "tenth": 10}[match["part"].lower()]
        value, certain, digit = 100 * many / parts, many > 1, 1.0
    return Quantity(match.start(), match.end(), value, value, "%", "share", digit=digit, certain=certain)


def _ordinal(match: re.Match[str], text: str) -> Quantity | None:
    written = match["han"] or match["digits"]
    if written:
        value, certain = _value(written), _value(written) > 1
    elif match["word"]:
        value = float(_ORDINALS[match["word"].lower()])
        certain = value > 2
    else:
        value, certain = 1.0 if match["first"] else 2.0, False
        if match["place"]:
            value = 1.0 if match["place"] == "冠军" else 3.0
    end = match.end()
    anniversary = re.match(r"\s?(?:-?year )?anniversary", text[end : end + 20])
    if anniversary:
        return Quantity(match.start(), end, value, value, "year", "duration", written=match.group(), digit=1.0)
    return Quantity(
        match.start(), end, value, value, "ordinal", "ordinal", written=match.group(), digit=1.0, certain=certain
    )


@lru_cache(maxsize=4096)
def numbered_names(text: str) -> tuple[str, ...]:
    """The names that carry digits, lower-cased: ``IPv6``, ``GPT-4``; ``4 层`` and ``Layer 4`` are both ``layer4``."""
    found = []
    for match in _NAMES.finditer(fold(text).translate(_WIDE)):
        if match["layer"]:
            digit = next(c for c in match["layer"] if c.isdigit() or c in "四七")
            found.append("layer" + {"四": "4", "七": "7"}.get(digit, digit))
        elif "/" not in match.group():
            found.append(match.group().lower())
    return tuple(found)


def _parts(value: float) -> tuple[int, int, int]:
    whole = int(value)
    return whole // 10000, whole // 100 % 100, whole % 100


def _dates_agree(claim: Quantity, span: Quantity) -> bool:
    """Does the span's date say what the claim's says? It may say more, or leave the year to its surroundings."""
    if "decade" in (claim.unit, span.unit):
        return (
            claim.unit == span.unit
            and claim.low % 100 == span.low % 100
            and (min(claim.low, span.low) < 100 or claim.low == span.low)
        )
    said, known = _parts(claim.low), _parts(span.low)
    year_agrees = not said[0] or not known[0] and bool(said[1]) or said[0] == known[0]
    return year_agrees and all(not part or part == other for part, other in zip(said[1:], known[1:], strict=True))


_DAYS = {"s": 1 / 86400, "day": 1.0, "month": 365 / 12, "year": 365.0}


def _units_agree(claim: Quantity, span: Quantity) -> bool:
    one, other = claim.unit, span.unit
    if one == other or (one, other) in _ALIKE or (other, one) in _ALIKE:
        return True
    if "times" in (one, other) or "" in (one, other):
        rest = other if one in ("", "times") else one
        return rest in _SILENT or rest in ("", "ordinal", "times")
    if "ordinal" in (one, other):
        return one in _SILENT or other in _SILENT
    return one in _DAYS and other in _DAYS


def _seconds(quantity: Quantity, other: str) -> float:
    """How many of ``other`` one of this quantity's unit is (durations only)."""
    if quantity.unit == other or quantity.unit not in _DAYS or other not in _DAYS:
        return 1.0
    return _DAYS[quantity.unit] / _DAYS[other]


def _release(version: str) -> str:
    """A version without the zero of its first patch: ``1.17.0`` is ``1.17``."""
    return version.removesuffix(".0") if version.count(".") == 2 else version


def _near(claim: float, span: float, digit: float) -> bool:
    """The same within half of the last digit that the claim wrote, and within 5 %."""
    return abs(claim - span) <= max(1e-9 * abs(span), min(0.5 * digit, 0.05 * abs(span)) * 1.0001)


def same(claim: Quantity, span: Quantity) -> bool:
    """Does the span's quantity say the value that the claim's says, in the same unit?

    Within the precision the claim is written in: ``1.2 million`` is 1,234,567 and ``1,200`` is not 1,234. An end of a
    range says its number. Bounds are ``bounds_agree``'s.
    """
    if claim.unit in ("date", "decade") and span.unit in ("date", "decade"):
        return _dates_agree(claim, span)
    if "version" in (claim.kind, span.kind):
        return bool(claim.written) and _release(claim.written) == _release(span.written)
    if "year" in (claim.kind, span.kind) and "" in (claim.unit, span.unit):
        year, plain = (claim, span) if claim.kind == "year" else (span, claim)
        return year.low == plain.low * 10000 or year.low == plain.low
    if claim.unit in ("date", "decade") or span.unit in ("date", "decade"):
        return False
    if not _units_agree(claim, span):
        return False
    if claim.unit == "clock" or span.unit == "clock":
        return abs(claim.low - span.low) % 12 < 1e-6
    rate = _seconds(claim, span.unit)
    low, high, digit = claim.low * rate, claim.high * rate, max(claim.digit, 1e-9) * rate
    if rate != 1.0 and abs(low - span.low) <= 0.03 * span.low:
        return True  # 60 days are two months
    if claim.low != claim.high:
        return _near(low, span.low, digit) and _near(high, span.high, digit)
    return _near(low, span.low, digit) or _near(low, span.high, digit) or _rounded(claim, low, span.low)


def _rounded(claim: Quantity, value: float, known: float) -> bool:
    """``more than 1,000`` is said of 1,011, ``about 4,500`` of 4,464: rounder than what is known, and close to it."""
    if not claim.bound or not known or value % 10 or known % 10 == 0 and value % 100:
        return False
    if claim.bound == ">":
        return value <= known <= 1.1 * value
    return abs(value - known) <= 0.03 * known


def bounds_agree(claim: Quantity, span: Quantity) -> bool:
    """False where one says more than and the other says less than."""
    return {claim.bound, span.bound} != {"<", ">"}
