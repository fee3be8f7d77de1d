"""What time a report is about, where it says so plainly: 2023, 2023-Q3, 2023-H1, 2023-9M, FY2024, 2022-23."""

from __future__ import annotations

import re
import unicodedata

_MONTH_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_IN_ENGLISH = rf"(?:{'|'.join(_MONTH_NAMES)})[a-z]*\.?"

#: ``二〇二二年``
_CHINESE_YEAR = re.compile(r"[一二][〇○零一二三四五六七八九]{3}(?=\s?年)")
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
#: ``2019-05-03``, ``2019年5月3日``, ``20190503``: when something was written, not what it is about
_DAY = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?:\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日|(?P<mark>[-_./])\d{1,2}(?P=mark)\d{1,2}(?!\d)"
    r"|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d))"
)
#: ``GB/T 1234-2019``, ``ISO 9001:2015``
_STANDARD = re.compile(r"\b(?:GB|DB|ISO|IEC|EN)(?:/[A-Z]+)?\s?[\d.]+[-:—](?:19|20)\d\d")
#: ``2023``; not in ``v1.2023``, ``2010s``, ``1990年代``
_YEAR = re.compile(r"(?<![\d.])((?:19|20)\d\d)(?!\d|\.\d|s\b|\s?年代)")
#: ``FY23``, ``3Q23``, ``Q3'23``, ``H1 23``
_SHORT_YEAR = re.compile(r"(?<![a-z\d])(?:FY|[1-4]Q|Q[1-4]|[12]H|H[12])\s?['’]?(\d\d)(?!\d)", re.I)
#: ``2022-23``, ``2022/23``, ``2022—2023 财年``, ``FY2022-2023``
_ACROSS = re.compile(
    r"(?<!\d)(?P<short>(?:19|20)(?:\d\d))\s?[-/–—]\s?(?P<next>\d\d)(?![\d/-])"
    r"|(?<!\d)(?P<long>(?:19|20)\d\d)\s?[-/–—]\s?(?P<last>(?:19|20)\d\d)(?=\s?(?:财年|财政年度|会计年度|年度|学年|fiscal))",
    re.I,
)
#: ``FY2024``, ``fiscal year 2024``, ``2024财年``
_FISCAL = re.compile(r"(?<![a-z])FY(?=\s?['’]?\d)|\bfiscal\b|\bfinancial year\b|财年|财政年度|会计年度", re.I)
#: ``2024年5月``, ``2024-05``, ``May 2024``: a month may be that of publication
_MONTH = re.compile(
    rf"(?<!\d)(?:19|20)\d\d\s?[-./年]\s?(?:0?[1-9]|1[0-2])(?!\d)|\b{_IN_ENGLISH},?[\s-]+(?:19|20)\d\d|第\s?\d+\s?周|\bweek\b",
    re.I,
)


def _quarter(digit: str, han: str, english: str) -> re.Pattern[str]:
    """``Q3``, ``3Q``, ``第三季度``, ``三季报``, ``third quarter``; none in ``前三季度``, ``第三、四季度``."""
    return re.compile(
        rf"(?<![a-z])Q{digit}(?!\d|\s?[-–—~]\s?\d(?!\d))|(?<![\d–—~-]){digit}Q(?![a-z]|\s?[-–—~])"
        rf"|(?<![前第、和与及至到])第?[{han}{digit}]季[度报]|(?<!and )(?<!to )\b{english}[- ]quarter\b",
        re.I,
    )


#: How each part of a year is written.
_PARTS = {
    "Q1": _quarter("1", "一", "first"),
    "Q2": _quarter("2", "二", "second"),
    "Q3": _quarter("3", "三", "third"),
    "Q4": _quarter("4", "四", "fourth"),
    "H1": re.compile(
        r"(?<![a-z])H1(?!\d)|(?<!\d)1H(?![a-z])|上半年|(?<![下后])半年[度报]|1\s?[-—~至]\s?6\s?月"
        r"|\bfirst[- ]half\b|\bhalf[- ]year",
        re.I,
    ),
    "H2": re.compile(
        r"(?<![a-z])H2(?!\d)|(?<!\d)2H(?![a-z])|[下后]半年|7\s?[-—~至]\s?12\s?月|\bsecond[- ]half\b", re.I
    ),
    "9M": re.compile(
        r"(?<![a-z\d])9M(?![a-z])|前三个?季度|前[9九]个?月|1\s?[-—~至]\s?9\s?月|\b(?:first )?nine months\b", re.I
    ),
}
#: What says that a lone year is what the report is about.
_REPORT = re.compile(
    r"\b(?:reports?|review|survey|statements?|results|accounts|yearbook)\b"
    r"|(?<=\d)\s?年|年度|年报|报告|公报|白皮书|总结|年鉴|回顾|调查|统计|综述|财报|业绩|决算",
    re.I,
)
#: What says that a year is still to come, or that it is not known which part of it is meant.
_UNCERTAIN = re.compile(
    r"展望|规划|目标|方案|预测|计划|中期|\b(?:outlook|forecast|roadmap|plans?|strategy|targets?|interim|semi-?annual)\b",
    re.I,
)
#: ``截至2023年12月31日止年度``, ``截至2023年6月30日止六个月``
_ENDED_CHINESE = re.compile(
    r"截至\s?(?P<year>(?:19|20)\d\d)\s?年\s?(?P<month>\d{1,2})\s?月\s?\d{1,2}\s?日\s?止\s?的?"
    r"(?P<length>(?:财政)?年度|[六6]个月|[九9]个月)"
)
#: ``for the year ended 30 June 2024``, ``for the six months ended June 30, 2024``
_ENDED = re.compile(
    r"\bfor the (?:fiscal |financial )?(?P<length>year|six months|nine months) end(?:ed|ing) (?:on )?"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)? )?(?P<month>{_IN_ENGLISH})(?: \d{{1,2}}(?:st|nd|rd|th)?)?,? "
    r"(?P<year>(?:19|20)\d\d)\b",
    re.I,
)
#: ``报告期为2021年1月至12月``, ``报告期：2021年1月1日—2021年12月31日``
_FROM_TO_CHINESE = re.compile(
    r"(?:报告期间?|统计期间)\s?(?:为|是|指|:)?\s?(?:自|从)?\s?(?P<year>(?:19|20)\d\d)\s?年\s?(?P<month>\d{1,2})\s?月(?:\s?1\s?日)?"
    r"\s?(?:至|到|[-–—~]{1,2})\s?(?:(?P<last_year>(?:19|20)\d\d)\s?年)?\s?(?P<last_month>\d{1,2})\s?月(?:\s?(?:28|29|30|31)\s?日|(?!\s?\d))"
)
#: ``reporting period: 1 January 2023 to 31 December 2023``
_FROM_TO = re.compile(
    rf"\breporting period\b:?\s(?:is |was |runs )?(?:from )?(?:1 )?(?P<month>{_IN_ENGLISH})(?: 1,)? "
    r"(?P<year>(?:19|20)\d\d)"
    rf"\s(?:to|until|-|–|—)\s(?:(?:28|29|30|31) )?(?P<last_month>{_IN_ENGLISH})(?: (?:28|29|30|31),)? "
    r"(?P<last_year>(?:19|20)\d\d)\b",
    re.I,
)
_SPANS = {
    (1, 12): "",
    (1, 6): "-H1",
    (7, 12): "-H2",
    (1, 3): "-Q1",
    (4, 6): "-Q2",
    (7, 9): "-Q3",
    (10, 12): "-Q4",
    (1, 9): "-9M",
}
#: A line on the first page that is a title: ``2023年第三季度报告``, ``2022年度工作总结``, ``Annual Report 2024``
_TITLE_LINE = re.compile(
    r"年度\S{0,6}(?:报告|总结|公报)|年报|季度报告|季报"
    r"|\b(?:annual|quarterly|half[- ]year(?:ly)?) report\b|\bfiscal year\b",
    re.I,
)
#: No title of a first page is longer, and none stands below so many lines.
_LONGEST, _LINES = 40, 20
#: ``第 12 期``, ``Vol. 3``, ``No. 4``, ``3rd edition``, ``#3``, ``v1.2``
_NUMBER = re.compile(
    r"第\s?[一二三四五六七八九十百\d]+\s?[期版卷号届次辑]|\b(?:vol|no|issue|volume|number|edition)\.?\s?\d+"
    r"|\b\d+(?:st|nd|rd|th)\s(?=edition|issue)|#\s?\d+|\bv\d+(?:\.\d+)*",
    re.I,
)
#: Years and parts of years in a title, each with what is left of it: ``第三季度`` -> ``季度``
_TIMES = (
    (re.compile(r"(?<!\d)\d{1,2}\s?[-—~至]\s?\d{1,2}\s?月"), " "),
    (re.compile(r"(?<!\d)(?:19|20)\d\d\s?[-/–—]\s?(?:(?:19|20)\d\d|\d\d)(?!\d)\s?(?:年(?!度|报(?!告)))?"), " "),
    (re.compile(rf"\b{_IN_ENGLISH}(?=\s+(?:19|20)\d\d)", re.I), " "),
    (re.compile(r"(?<![a-z])(?:FY|[1-4]Q|Q[1-4]|[12]H|H[12])\s?['’]?\d\d(?!\d)", re.I), " "),
    (re.compile(r"(?<!\d)(?:19|20)\d\d\s?(?:年(?!度|报(?!告))(?:\s?\d{1,2}\s?月)?)?(?!\d)"), " "),
    (re.compile(r"(?<![a-z])(?:Q[1-4]|[1-4]Q)(?![a-z\d])|(?<![前第])第?[一二三四1-4](?=季[度报])", re.I), " "),
    (re.compile(r"(?<![a-z])(?:H[12]|[12]H)(?![a-z\d])|[上下](?=半年)", re.I), " "),
    (re.compile(r"\b(?:first|second|third|fourth)[- ](?=quarter|half)", re.I), " "),
)


def period_of(title: str, stem: str, top: str, said: str = "") -> str:
    """The period that front matter (``said``), else title and name, else the first page state.

    "" where none does, where one of them states several, or where title and name contradict each other: a wrong period
    is worse than none.
    """
    if period := period_named(said, sure=True):
        return period
    named = {period_named(title), period_named(stem)} - {""}
    if not named:
        return _stated(top)
    finest = max(named, key=len)
    return finest if all(finest.startswith(period) for period in named) else ""


def period_named(words: str, sure: bool = False) -> str:
    """The one period that a title or a name states: ``2023年第三季度报告`` -> ``2023-Q3``, else "".

    ``sure``: nothing but a period is meant, so that a lone year counts.
    """
    words = _STANDARD.sub(" ", _DAY.sub(" ", _normalised(words).replace("_", " ")))
    if sure and re.fullmatch(r"(?:FY)?(?:19|20)\d\d(?:-(?:Q[1-4]|H[12]|9M|\d\d))?", words.strip(), re.I):
        return words.strip().upper()
    fiscal = _FISCAL.search(words) is not None
    parts = [part for part, said in _PARTS.items() if said.search(words)]
    if across := _ACROSS.search(words):
        return "" if parts or _YEAR.search(_ACROSS.sub(" ", words, count=1)) else _across(across, fiscal)
    years = {int(year) for year in _YEAR.findall(words)} | {2000 + int(year) for year in _SHORT_YEAR.findall(words)}
    if len(years) != 1 or len(parts) > 1 or _UNCERTAIN.search(words) or not parts and _MONTH.search(words):
        return ""
    if not (parts or fiscal or sure or _REPORT.search(words)):
        return ""
    return "-".join([f"{'FY' * fiscal}{years.pop()}", *parts])


def series_of(title: str) -> str:
    """What reports of one series have in common: the title without year, part of year and number, in small letters.

    ``2023年第三季度报告`` and ``2024年第一季度报告`` -> ``季度报告``; ``Annual Report 2024`` -> ``annual report``.
    """
    words = _NUMBER.sub(" ", _normalised(title).replace("_", " "))
    for said, left in ((_DAY, " "), *_TIMES):
        words = said.sub(left, words)
    words = re.sub(r"[^\w\s]|_", " ", words.lower())
    return re.sub(r"(?<=[\u3400-\u9fff])\s+|\s+(?=[\u3400-\u9fff])", "", " ".join(words.split()))


def _normalised(text: str) -> str:
    """``二〇二二年``, ``２０２２年`` -> ``2022年``."""
    text = unicodedata.normalize("NFKC", text)
    return _CHINESE_YEAR.sub(lambda year: year[0].translate(_DIGITS), text)


def _across(found: re.Match[str], fiscal: bool) -> str:
    """``2022-23`` where the second year follows the first; ``2011-12`` may be a month, unless it is a fiscal year."""
    first = int(found["short"] or found["long"])
    last = int(found["next"] or found["last"]) % 100
    if last != (first + 1) % 100 or (found["short"] and 1 <= last <= 12 and not fiscal):
        return ""
    return f"{first}-{last:02}"


def _stated(top: str) -> str:
    """The one period that the first page states in so many words."""
    text = " ".join(_normalised(top).split())
    lines = [line.strip("#* \t") for line in _normalised(top).split("\n") if line.strip()][:_LINES]
    titles = (line for line in lines if len(line) <= _LONGEST and _TITLE_LINE.search(line))
    found = {period_named(line) for line in titles}
    found |= {_ended(match) for said in (_ENDED_CHINESE, _ENDED) for match in said.finditer(text)}
    found |= {_from_to(match) for said in (_FROM_TO_CHINESE, _FROM_TO) for match in said.finditer(text)}
    return found.pop() if len(found) == 1 else ""


def _ended(match: re.Match[str]) -> str:
    """A year that ends in December is that year, any other the fiscal year of its end."""
    year, month, length = match["year"], _month(match["month"]), match["length"].lower()
    if "年" in length or length == "year":
        return year if month == 12 else f"FY{year}"
    six = length.startswith(("六", "6", "six"))
    return {(True, 6): f"{year}-H1", (True, 12): f"{year}-H2", (False, 9): f"{year}-9M"}.get((six, month), "")


def _from_to(match: re.Match[str]) -> str:
    """From the first of a month to the end of another."""
    year, last_year = int(match["year"]), int(match["last_year"] or match["year"])
    months = _month(match["month"]), _month(match["last_month"])
    if year == last_year:
        return f"{year}{_SPANS[months]}" if months in _SPANS else ""
    return f"{year}-{last_year % 100:02}" if last_year == year + 1 and months[1] == months[0] - 1 else ""


def _month(written: str) -> int:
    return int(written) if written.isdigit() else 1 + _MONTH_NAMES.index(written[:3].lower())
