"""What a question asks: its language, the kind of answer it wants, what it names; a follow-up made whole.

No model: rules over the question and the earlier turns. What is whole in itself is left exactly as asked.
"""
# ruff: noqa: E501 (tables of words, and patterns with Chinese, read better on one line)

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from answer.quantities import Quantity, parse
from records import Turn

#: What kind of answer is wanted; ``other`` where nothing tells.
KINDS = (
    "number", "share", "date", "version", "name", "place", "list", "reason", "definition", "yesno", "comparison",
    "summary", "how", "other",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was understood.

    ``asked`` is what the user typed, ``whole`` the same with what earlier turns supply. Everything else is of ``whole``.
    ``numbers`` are those besides years and versions. ``latest`` says that the newest report is meant; ``relative`` how
    many years from today's a relative year is (last year: -1), which is also in ``years`` where ``today`` was given.
    """

    asked: str
    whole: str
    language: str
    kind: str
    entities: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    versions: tuple[str, ...] = ()
    numbers: tuple[Quantity, ...] = ()
    latest: bool = False
    relative: tuple[int, ...] = ()

    @property
    def timeless(self) -> str:
        """The whole question without the words that ask for what is latest: those choose a report, and few reports say them."""
        return re.sub(r"\s{2,}", " ", _LATEST.sub(" ", self.whole)).strip()

    @property
    def understood(self) -> str:
        """The whole question where it differs from what was asked, for showing; else ``""``."""
        return self.whole if self.whole != self.asked else ""


def understand(question: str, earlier: Sequence[Turn] = (), today: date | None = None) -> Question:
    """What the question asks, made whole from earlier turns (oldest first).

    ``understand("那 2025 年呢?", [Turn("Cilium 2024 年有多少贡献公司?")]).whole`` is ``Cilium 2025 年有多少贡献公司?``.
    """
    whole = ""
    for turn in earlier:
        whole = _made_whole(turn.question.strip(), whole)
    whole = _made_whole(question.strip(), whole)
    relative = _relative_years(whole)
    years = [_year(q) for q in parse(whole) if q.unit == "date" and _year(q)]
    years += [today.year + offset for offset in relative] if today else []
    return Question(
        asked=question,
        whole=question if whole == question.strip() else whole,
        language=language_of(whole),
        kind=_kind(whole),
        entities=entities(whole),
        years=tuple(dict.fromkeys(years)),
        versions=tuple(dict.fromkeys(q.written for q in parse(whole) if q.kind == "version")),
        numbers=tuple(q for q in parse(whole) if q.unit != "date" and q.kind != "version"),
        latest=bool(_LATEST.search(whole)),
        relative=relative,
    )


_HAN = re.compile(r"[\u4e00-\u9fff]")
_LATIN_LETTERS = re.compile(r"[A-Za-z]+")


def language_of(text: str) -> str:
    """``zh`` or ``en``: any Chinese outweighs a few names, unless the text opens with an English grammar word."""
    han = len(_HAN.findall(text))
    if not han:
        return "en"
    words = _LATIN_LETTERS.findall(text)
    return (
        "en"
        if 2 * han < len(words) or (words and text.lstrip().startswith(words[0]) and words[0].lower() in _COMMON)
        else "zh"
    )


_LATEST = re.compile(
    r"最新|最近(?:一[年期份]|的)|目前|现在|当前|\b(?:latest|newest|most recent|currently|current|nowadays|up to date)\b",
    re.I | re.ASCII,
)
_RELATIVE = (
    (-2, re.compile(r"前年|\btwo years ago\b|\bthe year before last\b", re.I | re.ASCII)),
    (-1, re.compile(r"去年|上一?年度|\blast year(?!s)|\bpast year\b", re.I | re.ASCII)),
    (0, re.compile(r"今年|本年度|\bthis year(?!s)", re.I | re.ASCII)),
    (1, re.compile(r"明年|\bnext year\b", re.I | re.ASCII)),
)


def _relative_years(text: str) -> tuple[int, ...]:
    return tuple(offset for offset, pattern in _RELATIVE if pattern.search(text))


def _year(quantity: Quantity) -> int:
    return int(quantity.low) // 10000


_ASKED_FOR: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.I | re.ASCII))
    for kind, pattern in (
        ("summary", r"总结|概括|概述|摘要|主要内容|要点|(?:讲|说|写|介绍)了(?:些)?什么|主要(?:观点|结论|发现)"
                    r"|\bsummar|\boverview\b|\bmain (?:points|findings|ideas|takeaways)\b|\bkey (?:points|takeaways|findings)\b|\bin short\b|\bwhat (?:is|are) .{2,40} about\?|\bgist\b"),
        ("reason", r"为什么|为何|为啥|原因|缘何|因何|怎么会|何以|\bwhy\b|\breasons?\b|\bwhat (?:caused|causes|led|leads|drives|drove|makes|made)\b|\bhow come\b"),
        ("comparison", r"对比|比较|相比|区别|差异|异同|有何不同|有什么不同|哪个更|谁更|相差|发生了(?:什么|哪些)变化|有(?:什么|哪些)变化"
                       r"|\bcompar|\bdiffer(?:ence|ences|ent|s)?\b|\bversus\b|\bvs\b|\bhow (?:has|have|did) .{2,60} change"),
        ("share", r"百分之几|百分之多少|占比|比例|份额|百分比|多大比例|占.{0,12}多少|几成|率(?:是|为|有|达到|达)?(?:了)?多少"
                  r"|\bwhat (?:percentage|percent|share|proportion|fraction|portion)\b|\bhow (?:large|big) (?:a|is the) (?:share|part|portion)\b|\b(?:percentage|market share)\b|\bwhat part\b"),
        ("version", r"(?:哪个?|哪一个?|什么|第?几|哪几个|哪些)(?:主要|大|新)?版本|版本号|从哪一?版|\b(?:which|what) (?:\w+ ){0,2}(?:versions?|releases?)\b|\bin which release\b"),
        ("date", r"何时|什么时[候间]|什么年代|哪一?[年天月日]|哪个月|几月|几号|几几年|哪年|日期|多会儿|何年|几年(?:开始|成立|发布)|哪个世纪|年份"
                 r"|\bwhen\b|\b(?:what|which) (?:year|date|day|month|century|decade|time)\b|\bhow long ago\b"),
        ("list", r"哪些|哪几|列出|列举|分别(?:是|有|为)|有什么(?:功能|特性|新)|都有(?:谁|什么)|包括什么|包含什么|几大(?:趋势|方面)是"
                 r"|\bwhich (?:of the )?(?!company|organi|one\b|person|country|city|project|year)\w+s\b(?! (?:the|is|was)\b)|\bwhat are\b|\bwhat (?!is|was|does|has)\w+(?:s|es)\b(?= (?:are|were|do|did|have|use|run|can))|\blist\b|\bname (?:all|the|some|three|two|four|five)\b|\bwho are\b"),
        ("number", r"多少|几(?=[个家人次倍名位款种项条年天岁层章届场部台辆座篇支所张本元度级])|多[大高长远久快重宽深厚]|数量|总数|人数|\bhow (?:many|much|long|large|big|high|tall|far|fast|often|old|deep|wide|heavy)\b|\b(?:what|which) (?:is|was|were|are) the (?:total |average |exact |overall )?(?:number|amount|count|size|length|height|population|total|price|cost|speed)\b|\bwhat number\b|\bby what factor\b"),
        ("place", r"哪里|哪儿|何处|何地|什么地方|(?:哪|哪一?个|什么)(?:城市|国家?|省|地区|地方|州|县|市|洲|岛|大陆)|位于|\bwhere\b|\b(?:what|which) (?:city|country|place|state|province|region|location|continent|county|town|island)\b"),
        ("name", r"谁|哪位|何人|哪家|哪(?:一)?个(?:公司|组织|机构|人|项目|团队|基金会|厂商|企业|大学|工具|产品)|什么(?:公司|组织|人|名字|机构|奖)|叫什么|名称|哪两|由哪"
                 r"|\bwho(?:se|m)?\b|\b(?:which|what) (?:\w+ )?(?:company|organi[sz]ation|person|foundation|project|team|vendor|group|university|award|tool|product|one|name)\b|\bwhat is .{2,40} called\b"),
        ("definition", r"什么是|是什么(?:意思)?[?？。]?$|是啥|是指什么|指的?是什么|含义|定义|何谓|什么意思|\bwhat (?:is|are) (?:an? )?[\w. -]{2,30}\?$|\bdefin(?:e|ition)\b|\bmeaning of\b|\bwhat does .{1,40} (?:mean|stand for)\b"),
        ("how", r"如何|怎么|怎样|怎麼|何种方式|通过什么|\bhow\b|\bin what way\b|\bby what means\b"),
        ("yesno", r"吗\s?[?？。]?$|是否|是不是|有没有|能不能|会不会|可不可以|对不对|有无|能否|可否"
                  r"|^(?:and |so |but )?(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might)\b"),
        ("name", r"哪|\bwhich\b|\bname of\b|'s name\b|known as|什么(?:名字|职业|职位|位置)"),
    )
)  # fmt: skip


def _kind(text: str) -> str:
    """The first kind whose words are there; an English question that opens with a verb asks yes or no."""
    if language_of(text) == "en" and _OPENS_WITH_VERB.match(text):
        return "comparison" if re.search(r"\bcompar|\bor\b.*\?$", text, re.I | re.ASCII) else "yesno"
    return next((kind for kind, pattern in _ASKED_FOR if pattern.search(text)), "other")


_OPENS_WITH_VERB = re.compile(
    r"^(?:and |so |but )?(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might)(?:n't)?\b",
    re.I | re.ASCII,
)

_QUOTED = re.compile(r"《([^》]{1,40})》|“([^”]{2,40})”|「([^」]{2,40})」|\"([^\"]{2,40})\"|『([^』]{2,40})』")
_LATIN_WORD = r"[A-Za-z][A-Za-z0-9]*(?:[.+#/&_'’-][A-Za-z0-9+#]+)*\+*"
_LATIN = re.compile(_LATIN_WORD)
_ORGANISATION = re.compile(
    r"[\u4e00-\u9fff]{2,10}?(?:有限公司|公司|大学|基金会|集团|银行|协会|委员会|研究院|研究所|学院|联盟|出版社|医院|法院|政府|议会|联合会)"
)
_LEADING = re.compile(r"^(?:.*[的是由在与和及从被把向对为有了于])(?=[\u4e00-\u9fff]{2,})")
_COMMON = frozenset(
    "a an the and or but of in on at to for from by with without about as into over under after before between during what "
    "which who whom whose when where why how is are was were be been do does did has have had can could will would should may "
    "might must it its they them their he she his her him we our you your i my me this that these those there here not no yes "
    "list name tell give show describe explain compare summarize summarise according many much more most than then so if also "
    "one two three did however while although because since until such some any all each every both other another its many "
    "in's what's who's where's it's that's please both once only first second third last next new annual report reports year "
    "years version versions release overall today yesterday".split()
)


def entities(text: str) -> tuple[str, ...]:
    """What a text names, in order, each once: quoted titles, names in Latin letters, Chinese organisations.

    In Chinese any Latin word is a name; in English those with a capital or a digit that are not there for grammar.
    """
    chinese = language_of(text) == "zh"
    found: list[tuple[int, str]] = []
    for match in _QUOTED.finditer(text):
        found.append((match.start(), next(value for value in match.groups() if value)))
    run: list[re.Match[str]] = []

    def close() -> None:
        if run:
            found.append((run[0].start(), text[run[0].start() : run[-1].end()]))
            run.clear()

    for match in _LATIN.finditer(text):
        word = re.sub(r"['’]s?$", "", match.group())
        named = word.lower() not in _COMMON and (
            chinese and len(word) > 1 or any(c.isupper() for c in word) or any(c.isdigit() for c in word)
        )
        if not named or re.fullmatch(r"[vV]\d+(?:\.\d+)*", word):
            close()
            continue
        if run and text[run[-1].end() : match.start()] != " ":
            close()
        if re.search(r"['’]s$", match.group()):
            match = re.compile(re.escape(word)).match(text, match.start()) or match
            run.append(match)
            close()
            continue
        run.append(match)
    close()
    for match in _ORGANISATION.finditer(text) if chinese else ():
        name = _LEADING.sub("", match.group())
        found.append((match.end() - len(name), name))
    return tuple(dict.fromkeys(name for _, name in sorted(found)))


_YEAR_ZH = re.compile(r"(?:19|20)\d\d\s?年?")
_YEAR_EN = re.compile(r"\b(?:19|20)\d\d\b")
_VERSION = re.compile(r"(?<![\d.])v?\d+\.\d+(?:\.\d+)*(?![\d%])")
_END = re.compile(r"[?？。.!！\s]+$")

_OPENING = re.compile(
    r"^(?:那么?|而|另外|还有|然后|那如果是|换成|(?:and|but|so|ok|okay|then)\b[,\s]*)*[,，、\s]*(?:what about|how about|and)?[\s,，]*",
    re.I | re.ASCII,
)
_ABOUT_ANOTHER = re.compile(
    r"^(?:那么?|而|另外|还有|然后|换成)?[,，、\s]*(?P<zh>.{1,24}?)(?:又)?(?:呢|怎么样|如何|怎样)[?？。\s]*$"
    r"|^(?:and |but |so |ok |okay |then )*,?\s?(?:what|how) about (?P<about>.{1,60}?)[?\s.]*$"
    r"|^(?:and|but|or|then),?\s(?P<then>(?!why|when|where|who|how|what|which|is|are|was|were|do|does|did|has|have|can|could|will|would|should)"
    r".{1,40}?)[?\s.]*$",
    re.I | re.ASCII,
)
_BARE = re.compile(
    r"^(?:那么?|那又|又|但|具体)?[,，\s]*(?P<zh>为什么|为何|为啥|原因(?:是什么)?|什么时候|何时|在?哪里|在?哪儿|是?谁|怎么做到的?|如何做到的?|怎么做|多少|怎么会|是哪些|有哪些)(?:呢|的|呀|啊)?[?？。\s]*$"
    r"|^(?:and |but |so )?(?P<en>why(?: not| is that| was that| so)?|when(?: was that)?|where(?: was that)?|who(?: was that)?|how(?: so| come)?|how much|how many|by how much|which ones?)[?\s.]*$",
    re.I | re.ASCII,
)
_OF_THEM = re.compile(
    r"^(?:and |so )?how many(?: of them)?(?: are there| were there| in total)?[?\s.]*$|^(?:那么?|其中)?[,，\s]*(?:一共|总共|共|它们)?有(?:多少|几)(?P<measure>[个家名位种项款条人]?)(?:呢)?[?？\s]*$",
    re.I | re.ASCII,
)
_NEXT = re.compile(
    r"^(?:(?:the )?(?:one|year|version|release|report)s? )?(?:after(?: that| it)?|that follow(?:s|ed))$|^the (?:next|following|subsequent)(?: (?:one|year|version|release|report))?$"
    r"|^(?:再)?(?:下|后|之后)(?:面)?(?:的)?(?:那)?(?:一)?(?:个|年|届|版|次|版本|份|个版本)*(?:的)?$|^(?:次年|第二年|后一年|翌年|来年)(?:的)?$",
    re.I | re.ASCII,
)
_PREVIOUS = re.compile(
    r"^(?:(?:the )?(?:one|year|version|release|report)s? )?before(?: that| it)?$|^the (?:previous|preceding|prior|earlier)(?: (?:one|year|version|release|report))?$"
    r"|^(?:再)?(?:上|前|之前)(?:面)?(?:的)?(?:那)?(?:一)?(?:个|年|届|版|次|版本|份|个版本)*(?:的)?$",
    re.I | re.ASCII,
)
_PRONOUN_ZH = re.compile(
    r"(?:它们|他们|她们|它|(?<![其])他(?!们|人)|她|该(?:项目|公司|报告|版本|组织|工具|产品|功能)|这个?(?:项目|公司|组织|工具|产品|家公司)|此项目|前者)"
)
_PRONOUN_EN = re.compile(
    r"\b(?P<subject>it|they|them|he|she|him|this (?:project|company|one)|that (?:project|company|one)|the (?:project|company|former)(?= ?(?:\?|is|was|has|have|do|did|use|run)))\b(?!'s)"
    r"|\b(?P<owner>its|their|his)\b|\b(?P<short>it's)\b|\b(?P<that>this|that|these|those)\b(?=\s*\?)",
    re.I | re.ASCII,
)
_DUMMY_IT = re.compile(
    r"\bit (?:true|possible|necessary|important|the case|safe|worth|said|clear|rain)|\b(?:does|did|will|would) it (?:take|cost|mean)\b|\bmakes? it\b",
    re.I | re.ASCII,
)


def _made_whole(asked: str, before: str) -> str:
    """The question with what it leaves unsaid taken from the whole question before it."""
    if not before or not asked:
        return asked
    counted = _OF_THEM.match(asked)
    if counted:
        return _count_of(before, counted["measure"] or "")
    bare = _BARE.match(asked)
    if bare:
        return _asked_anew(before, bare["zh"] or bare["en"])
    other = _ABOUT_ANOTHER.match(asked)
    if other:
        subject = (other["zh"] or other["about"] or other["then"]).strip()
        if _whole_in_itself(subject):
            return asked
        if _PRONOUN_ZH.search(subject) or _PRONOUN_EN.search(subject):
            return _resolved(asked, before)
        return _about_another(before, subject)
    if _PRONOUN_ZH.search(asked) or _PRONOUN_EN.search(asked):
        resolved = _resolved(asked, before)
        if resolved != asked:
            return resolved
    opening = re.match(r"^(?:那么?(?![个些家种里])|(?:and|so|but)\b)[,，\s]*", asked, re.I | re.ASCII)
    if opening and not entities(asked):
        return _with_entities(asked[opening.end() :], before)
    return asked


def _whole_in_itself(subject: str) -> bool:
    """``Cilium 的性能怎么样?`` asks by itself; ``那 Calico 怎么样?`` does too, but says less than six words."""
    return bool(re.search(r"多少|什么|哪|谁|是否|\b(?:what|which|who|how|why|when)\b", subject, re.I | re.ASCII)) or (
        "的" in subject and bool(entities(subject))
    )


def _with_entities(rest: str, before: str) -> str:
    """A question that opened with ``and`` or ``那``, with the names of the one before it."""
    named = [name for name in entities(before) if name.lower() not in rest.lower()]
    if not named:
        return rest
    if language_of(rest) == "zh":
        return f"{'、'.join(named)} {rest}"
    return f"{_END.sub('', rest)} ({', '.join(named)})?"


def _about_another(before: str, subject: str) -> str:
    """The question before, asked of another year, version or thing."""
    step = 1 if _NEXT.match(subject) else -1 if _PREVIOUS.match(subject) else 0
    if step:
        return _moved(before, step)
    subject = re.sub(r"^(?:(?:in|for|at|of|during|with|on|the year)\b|在|到|对于?)\s*", "", subject, flags=re.I)
    subject = re.sub(r"(?<=年)的?(?:报告|情况|时候)?$|的$", "", subject)
    year = re.fullmatch(
        r"(?:(?:the )?(?:year |report )?(?:of |for |from )?)?((?:19|20)\d\d)\s?年?(?:度|的|report)*",
        subject,
        re.I | re.ASCII,
    )
    years = list(_YEAR_EN.finditer(before)) or list(_YEAR_ZH.finditer(before))
    if year:
        return _with_year(before, year[1], years)
    if (relative := _relative_years(subject)) and len(subject) < 12:
        spans = [m for _, pattern in _RELATIVE if (m := pattern.search(before))] + years
        if relative and spans:
            return before[: spans[-1].start()] + subject + re.sub(r"^\s?年", "", before[spans[-1].end() :])
        return _with_year(before, subject, [])
    version = _VERSION.search(subject)
    versions = list(_VERSION.finditer(before))
    if version and versions:
        return before[: versions[-1].start()] + version.group() + before[versions[-1].end() :]
    named, known = entities(subject), entities(before)
    if named and known and len(named) == 1:
        target = (
            known[0] if len(known) == 1 else min(known, key=lambda name: (_unlike(name, named[0]), -before.rfind(name)))
        )
        with_version = re.compile(re.escape(target) + (r"(?:\s?v?\d+(?:\.\d+)+)?" if version else ""))
        return with_version.sub(lambda _: subject, before, count=1)
    return _refocused(before, subject)


def _unlike(one: str, other: str) -> tuple[bool, int]:
    return (one.isupper() != other.isupper(), abs(len(one.split()) - len(other.split())))


def _with_year(before: str, year: str, years: Sequence[re.Match[str]]) -> str:
    if years:
        found = years[-1]
        return (
            before[: found.start()]
            + year
            + re.sub(r"^(?=年)", " " if " " in found.group() else "", before[found.start() + 4 :])
        )
    if language_of(before) == "zh":
        return f"{year} 年{before}" if year.isdigit() else f"{year}{before}"
    return f"{_END.sub('', before)} in {year}?" if year.isdigit() else f"{_END.sub('', before)} {year}?"


def _moved(before: str, step: int) -> str:
    """The question before, a version or a year on (or back)."""
    versions, years = (
        list(_VERSION.finditer(before)),
        list(_YEAR_EN.finditer(before)) or list(_YEAR_ZH.finditer(before)),
    )
    if versions:
        found = versions[-1]
        parts = found.group().rsplit(".", 1)
        number = max(0, int(parts[1]) + step)
        return f"{before[: found.start()]}{parts[0]}.{number}{before[found.end() :]}"
    if years:
        return before[: years[-1].start()] + str(int(years[-1].group()[:4]) + step) + before[years[-1].start() + 4 :]
    after = ("之后", "之前") if language_of(before) == "zh" else (" after that", " before that")
    return _END.sub("", before) + after[step < 0] + "?"


_GLUE_ZH = re.compile(
    r"(?:[A-Za-z0-9][A-Za-z0-9.+#-]*(?:\s?年)?|一共|总共|目前|现在|到底|究竟|请问|多少|什么时候|什么|哪些|哪个|哪家|几个|几家|为什么|如何|怎么|是否|以及|[的是有在了为达和与及吗呢由被把从到对占])"
    r"|[,，?？。、\s]"
)
_GLUE_EN = re.compile(r"\b(?:" + "|".join(sorted(_COMMON, key=len, reverse=True)) + r")\b|[,.?;:()]", re.I | re.ASCII)


def _pieces(text: str) -> list[tuple[int, int]]:
    """The content stretches of a question: what lies between its grammar words, names and years."""
    glue = _GLUE_ZH if language_of(text) == "zh" else _GLUE_EN
    spans, start = [], 0
    for match in [*glue.finditer(text), None]:
        end = match.start() if match else len(text)
        piece = text[start:end]
        left = start + len(piece) - len(piece.lstrip())
        right = start + len(piece.rstrip())
        if right > left and not re.fullmatch(r"\d+\s?年?", text[left:right]):
            spans.append((left, right))
        start = match.end() if match else end
    named = [name for name in entities(text) if not _HAN.match(name)]
    return [(a, b) for a, b in spans if text[a:b] not in named]


def _refocused(before: str, subject: str) -> str:
    """The question before, asked of another thing: it takes the place of the piece most like it."""
    pieces = _pieces(before)
    if not pieces:
        return f"{subject} {before}"

    def likeness(piece: tuple[int, int]) -> tuple[float, int]:
        words = before[piece[0] : piece[1]].lower()
        if language_of(before) == "zh":
            return len(set(words) & set(subject)) / len(words), piece[1] - piece[0]
        shared = {w[:6] for w in words.split()} & {w[:6] for w in subject.lower().split()}
        return len(shared), piece[1] - piece[0]

    start, end = max(pieces, key=likeness)
    return before[:start] + subject + before[end:]


_AUX = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)"


def _asked_anew(before: str, how: str) -> str:
    """The statement inside the question before, asked for its reason, time, place or maker."""
    if language_of(before) == "zh":
        core = re.sub(r"(?:是否|是不是|有没有)", "", _END.sub("", before))
        core = re.sub(r"\s*(?:吗|呢)$", "", core)
        core = re.sub(
            r"(?:分别)?(?:是|为|有|达到|达)?(?:多少|什么时候|什么|几[个家名位倍]?|谁|哪里|哪些|哪个|哪家)$", "", core
        )
        core = re.sub(r"^(?:为什么|为何|什么时候|何时|是谁|如何|怎么)", "", core)
        zh = {"why": "为什么", "when": "什么时候", "where": "在哪里", "who": "是谁", "how": "如何"}
        word = zh.get(how.split()[0].lower(), how)
        if word.startswith(("为", "何", "什么时候", "怎么", "如何", "原因")):
            return f"{'为什么' if word.startswith('原因') else word}{' ' if core[:1].isascii() else ''}{core}?"
        return f"{core}{word}?"
    if re.search(r"[\u4e00-\u9fff]", how):
        how = {"为": "why", "原": "why", "什": "when", "何": "when", "谁": "who", "是": "who", "多": "how many"}.get(
            how[0], "how"
        )
    word = how.split()[0].capitalize() if not how.lower().startswith(("how m", "by how", "which")) else how.capitalize()
    core = _END.sub("", before)
    verb = re.search(rf"\b{_AUX}\b", core, re.I | re.ASCII)
    if verb:
        asked_of = re.match(r"(?:how many|how much|which|what)\s+([\w -]*?)\s*$", core[: verb.start()], re.I | re.ASCII)
        rest = core[verb.start() :]
        noun = f" ({asked_of[1]})" if asked_of and asked_of[1] and word not in ("How many", "How much") else ""
        return f"{word} {rest[0].lower()}{rest[1:]}{noun}?"
    return f"{word}: {core}?"


def _count_of(before: str, measure: str) -> str:
    if language_of(before) == "zh":
        counted = re.sub(r"哪(?:些|几[个家名位种项款]?|个|家)|什么", f"多少{measure}", before, count=1)
        return counted if counted != before else f"{_END.sub('', before)} 有多少{measure or '个'}?"
    counted = re.sub(r"\b(?:which|what)(?: are(?: the)?)?\b", "How many", before, count=1, flags=re.I)
    return counted if counted != before else f"How many {', '.join(entities(before)) or _topic(before)}?"


def _topic(text: str) -> str:
    """The longest content piece of a question that names nothing."""
    pieces = _pieces(text)
    return max((text[a:b] for a, b in pieces), key=len) if pieces else _END.sub("", text)


def _resolved(asked: str, before: str) -> str:
    """Pronouns replaced by what the question before named, unless this one names something first."""
    own = entities(asked)
    names = entities(before)
    referent = names[0] if names else _topic(before)
    versioned = re.search(re.escape(referent) + r"\s?v?\d+(?:\.\d+)+", before)
    referent = versioned.group() if versioned else referent
    chinese = language_of(asked) == "zh"
    pattern = _PRONOUN_ZH if chinese else _PRONOUN_EN
    match = pattern.search(asked)
    if match is None or (not chinese and _DUMMY_IT.search(asked)):
        return asked
    first = asked.find(own[0]) if own else len(asked)
    last_word = not _END.sub("", asked)[match.end() :].strip()
    if first < match.start() and not last_word:
        return asked
    if chinese:
        joint = (
            " " if referent[:1].isascii() and asked[: match.start()].strip() else "",
            " " if referent[-1:].isascii() else "",
        )
        start = asked[: match.start()].rstrip()
        opening = re.sub(r"^(?:那么?|而)[,，\s]*$", "", start)
        return f"{opening}{joint[0] if opening else ''}{referent}{joint[1]}{asked[match.end() :].lstrip()}"
    owner = match.groupdict().get("owner")
    word = f"{referent}'s" if owner else f"{referent} is" if match["short"] else referent
    return asked[: match.start()] + word + asked[match.end() :]
