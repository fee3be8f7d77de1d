"""What a question asks: its language, what it names, its period; a follow-up made whole.

What is whole in itself is left as typed: a learned line tells (`python -m train followups`), over exact signals, its words
and what the static model says of them. What a follow-up leaves unsaid is taken from the earlier turns by rules that compare exactly.
"""
# ruff: noqa: E501 (tables of words, and patterns with Chinese, read better on one line)

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from math import log1p

from answer.followups import alike, follows, worded
from records import Turn
from text.fold import fold
from text.language import GRAMMAR, HAN, language_of
from text.periods import asks_latest, parts, relative_years, without_latest, years
from text.quantities import Quantity, parse


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was understood.

    ``asked`` is what the user typed, ``whole`` the same with what earlier turns supply. Everything else is of ``whole``, but
    for the ``language``, which is the user's. ``numbers`` identify something (``8 亿``, ``$40 million``, ``25%``); counts of
    what is asked for (``the 3 biggest``) do not. ``parts`` of years: Q3, H1. ``latest``: the newest report is meant. ``relative``: years from today's
    (last year: -1), which are also in ``years`` where today was given. ``summary``: an overview is asked for; ``compares``:
    how two things or times differ; ``several``: a list.
    """

    asked: str
    whole: str
    language: str
    names: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    versions: tuple[str, ...] = ()
    numbers: tuple[Quantity, ...] = ()
    latest: bool = False
    parts: frozenset[str] = frozenset()
    relative: tuple[int, ...] = ()
    summary: bool = False
    compares: bool = False
    several: bool = False

    @property
    def timeless(self) -> str:
        """The whole question without the words that ask for what is latest: those choose a report, and few reports say them."""
        return without_latest(self.whole)

    @property
    def subject(self) -> str:
        """The whole question without the words that ask for an overview."""
        return " ".join(_SUMMARY.sub(" ", self.whole).split())

    @property
    def understood(self) -> str:
        """The whole question where it differs from what was asked, for showing; else ``""``."""
        return self.whole if self.whole != self.asked else ""


def understand(question: str, earlier: Sequence[Turn] = (), today: date | None = None) -> Question:
    """What the question asks, made whole from earlier turns (oldest first).

    ``understand("那 2025 年呢?", [Turn("Cilium 2024 年有多少贡献公司?")]).whole`` is ``Cilium 2025 年有多少贡献公司?``.
    """
    whole = answer = ""
    for turn in earlier:
        whole, answer = _made_whole(turn.question.strip(), whole, answer), turn.answer
    whole = _made_whole(question.strip(), whole, answer)
    alike = fold(whole)
    quantities = parse(alike)
    relative = relative_years(alike)
    return Question(
        asked=question,
        whole=question if whole == question.strip() else whole,
        language=language_of(question if _HAN.search(question) or " " in question.strip() else whole) or "en",
        names=entities(alike),
        years=tuple(dict.fromkeys([*years(alike), *(today.year + offset for offset in relative if today)])),
        versions=tuple(dict.fromkeys(q.written for q in quantities if q.kind == "version")),
        numbers=tuple(q for q in quantities if _identifies(q)),
        latest=asks_latest(alike),
        parts=parts(alike),
        relative=relative,
        summary=bool(_SUMMARY.search(alike)),
        compares=bool(_COMPARES.search(alike)),
        several=bool(_SEVERAL.search(alike)),
    )


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.I | re.ASCII)


_HAN = re.compile(f"[{HAN}]")
_WORD = re.compile(rf"[a-z]+(?:['’][a-z]+)?|\d+|[{HAN}]")
#: English grammar, and words that open a question: never a name, never what a question is about.
_COMMON = GRAMMAR | frozenset(
    "here yes ok okay hi hello thanks sorry please list name tell give show describe explain compare summarize summarise sum "
    "according many much however although since until like every another once two three four five first second third last next "
    "new annual report reports year years version versions release overall today yesterday besides regarding concerning apart "
    "compared unlike despite given considering except roughly currently total average whats around exactly actually him".split()
)
#: Written with a capital, but they identify nothing: no name begins with them.
_NO_NAME = frozenset(
    "chinese english american british european asian african indian japanese korean french german russian january february march "
    "april may june july august september october november december monday tuesday wednesday thursday friday saturday sunday "
    "ceo cfo cto coo ipo pr prs ai api kpi roi gdp r&d eps ebitda faq yoy pdf".split()
)


_SUMMARY = _any(
    r"总结|概[括述要]|综述|摘要|主要内容|要点|[讲说写](?:了|的是)?(?:些|点)?(?:什么|啥)(?!时候|地方|人)|主要(?:观点|结论|发现)",
    r"\bsumm?(?:ar\w+| up)\b|\boverview\b|\b(?:main|key) (?:points|findings|ideas|takeaways)\b|\bgist\b|\bin short\b",
    r"\bwhat(?: is|'s) .{2,40} about\s*\?|\bwhat does .{2,40} (?:say|cover)\s*\?",
)
_COMPARES = _any(
    r"对比|比较|相比|区别|差异|异同|不同|相差|差多少|变化|[哪谁][个种家次]?(?:更|高|多|大|快|强)|[和跟与].+(?:谁|哪[个种家次].*(?<!最)[多高大快强早低少][?？]?$)|各(?:是|有|新)?\S{0,4}[多几]",
    r"\bcompar|\bdiffer(?:s|ed|ent|ences?)?\b|\bversus\b|\bvs\b|\bagainst\b|\bchanged?\b|\b(?:which|who) .*\b(?:more|less|fewer|\w+er)\b.* or ",
)
_SEVERAL = _any(
    r"哪[些几]|有哪|列[出举]|分别|都[有是](?:谁|什么|啥)|(?:包[括含]|有)(?:什么|啥)|[几三四五六七八九十]大\S{1,4}是",
    r"\b(?:what|which)(?: (?!does|is|was|has|exactly|one|company|person|country|city|project|year|version|report|team|group|organi)\w+)? (?!is\b|was\b|does\b|has\b|this\b)\w+[^s\W]s\b|\bwhat (?:are|were)\b|\bwho are\b|\blist\b|\bname (?:all|the|some|any|two|three|four|five|\d+)\b",
)


def _identifies(q: Quantity) -> bool:
    """``5 GB``, ``1,011``, ``2.5``; not ``one``, ``3 biggest``, ``25 年``, ``2018``."""
    if not q.certain or q.kind in ("version", "ordinal", "year") or q.unit in ("date", "year"):
        return False
    measured = q.unit not in ("", "times") and bool(re.search(r"\d", q.written)) or q.unit in ("%", "pp")
    return measured or "." in q.written or q.low >= 1000 and not re.fullmatch(r"(?:19|20)\d\d", q.written)


_QUOTED = re.compile(r"《([^》]{1,40})》|“([^”]{2,40})”|「([^」]{2,40})」|\"([^\"]{2,40})\"|『([^』]{2,40})』")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[.+#/&_'’-][A-Za-z0-9+#]+)*\+*")
_OWNED = re.compile(r"['’]s?$")
#: ``v1``, ``Q3``, ``H1``, ``FY2024``: versions and periods.
_NUMBERED = re.compile(r"[vV]\d+(?:\.\d+)*|[QqHh][1-4]|[Ff][Yy]\d+")
_ORGANISATION = re.compile(r"(?!年)[\u4e00-\u9fff]{2,10}?(?P<kind>有限公司|公司|大学|基金会|集团|银行|协会|委员会|研究院|研究所|学院|联盟|出版社|医院|法院|政府|议会|联合会|(?:科技|电子|股份|控股|实业|物业|能源|水务|药业|证券|传媒)(?=$|[的有在\d?？呢]))")  # fmt: skip
_LEADING = re.compile(r"^.*(?:[的是由在与和及从被把向对为有了于哪那这几]|什么|多少)[些家个所]?(?=[\u4e00-\u9fff]{2,})")


def entities(text: str, language: str = "") -> tuple[str, ...]:
    """What a text names, in order, each once: quoted titles, names in Latin letters, Chinese organisations.

    In Chinese any Latin word is a name; in English those with a capital or a digit. A word that opens an English sentence
    has a capital anyway: it must have another, or own something, or be followed by one (``Google Cloud``).
    """
    chinese = (language or language_of(text)) == "zh"
    found = [(match.start(), match[match.lastindex or 0]) for match in _QUOTED.finditer(text)]
    runs: list[tuple[int, int]] = []
    for match in _LATIN.finditer(text):
        word, start = _OWNED.sub("", match.group()), match.start()
        named = len(word) > 1 if chinese else bool(re.search(r"[A-Z\d]", word))
        if not chinese and word[:1].isupper() and re.search(r"(?:^|[.?!:]\s+)$", text[:start]):
            followed = re.match(r" [A-Z]", text[match.end() :])
            named = bool(re.search(r"[A-Z\d]", word[1:]) or word != match.group() or followed)
        goes_on = bool(runs) and text[runs[-1][1] : start] == " "
        nothing = _COMMON if goes_on else _COMMON | _NO_NAME
        if named and word.lower() not in nothing and not _NUMBERED.fullmatch(word):
            runs.append((runs.pop()[0] if goes_on else start, start + len(word)))
    found += [(start, text[start:end]) for start, end in runs]
    for match in _ORGANISATION.finditer(text) if chinese else ():
        name = _LEADING.sub("", match.group())
        if name != match["kind"] and (len(name) > 5 or match["kind"] != "公司"):
            found.append((match.end() - len(name), name))
    return tuple(dict.fromkeys(name for _, name in sorted(found) if len(name) > 1))


#: Follow-ups. ``那``, ``And``, ``What about``: what opens a follow-up.
_OPENING = _any(r"(?:(?:那么?(?![个些家种里次张份年])|而且?|但是?|另外|还有|然后|换成|(?:and|but|so|ok|okay|then|or)\b)[,，、\s]*)*(?:(?:what|how) about\b\s*)?")  # fmt: skip
#: ``Calico 呢?``, ``LLVM 那行呢``, ``2025 年的报告怎么样``, ``in 2025?``: what stands around the one thing that is new.
_AROUND = _any(r"^(?:(?:(?:in|for|at|of|during|with|on|back|the year)\b|the\b|[在到那]|对于?)\s*)+|(?:(?<=\d)\s?年度?的?(?:情况|报告)?|\s?那一?[行列栏项边]|\s(?:one|report))?(?:呢|怎么样|如何|怎样)?[?？。.!！\s]*$")  # fmt: skip
#: Years, parts of years and versions: one takes the place of another of its kind.
_PERIOD = _any(r"(?P<year>(?<!\d)(?:FY\s?)?(?:19|20)\d\d(?!\d)|[去今明前]年|(?:last|this|next) year)|(?P<part>\b[QH][1-4]\b|第?[一二三四]季度|[上下]半年)|(?P<version>(?<![\d.])v?\d+\.\d+(?:\.\d+)*(?![\d%]))")  # fmt: skip
#: ``the year before``, ``the one after that``, ``下一个版本``: the one before and the next, of years and versions.
_STEP = _any(
    r"(?P<back>(?:the )?(?:previous|prior|preceding)\b.*|(?:\w+ )?before(?: that| it)?|[上前]一?(?:年|个?版本?|届|份))",
    r"(?:the )?(?:next|following)\b.*|(?:\w+ )?after(?: that| it)?|[下后次]一?(?:年|个?版本?|届|份)|翌年|第二年",
)
#: What a thing named before is called by. ``one``: a name can take its place; ``this``: a name beside it tells what it is.
_PRONOUN = _any(
    r"(?P<one>(?<!其)[它他她](?!们)|(?:(?<!应)该|这)(?:个?项目|家?公司|个?组织|个?工具|个?产品)|\bit(?:'s)?\b(?! (?:take|true|possible|necessary|safe|mean)\b)|\b(?:its|his|her|he|she|him|(?:this|that) (?:project|company)|the (?:project|company)(?= ?(?:\?|is|was|has|did)))\b)",
    r"(?P<many>[它他她]们|\b(?:they|them|their|that (?:one|same))\b)",
    r"(?P<this>[这此]|(?<!应)该|(?<![土尤极与])其(?![实次余])|前[一二两三四五]个|\b(?:this|these|those|other)\b|\bthat(?= ?\?)|(?:of|on|for|about|was|did) that\b)",
)
#: ``营业收入`` in ``青岚科技的营业收入是多少``, ``revenue`` in ``Harborline's revenue``, ``companies`` in ``how many companies are``.
_HEAD = _any(r"(?<=的)[^的\s，,]{2,12}?(?=[是有为占达]?(?:多少|几|谁|什么|哪|怎么样)|[?？。]*$)|(?:(?<=[多几].[个家名位条件种座])|(?<=几[个家名位条件种座])|(?<=多少))[^的\s，,?？]{2,8}(?=[?？。]*$)|(?<='s )[a-z][\w -]*?(?=\s(?:in|of|for|during)\b|[?.]|$)|(?<=how many )(?:[\w -]+?(?= (?:are|were|do|did|does|have|has|had)\b)|[\w-]+)")  # fmt: skip
#: ``grants`` in ``on grants in 2023``
_ENDS = r"(?= (?:in|on|at|of|from|for|with|by|during)\b|[?.]|$)"
_ASKING = _any(
    r"请问|一共|总共|分别|到底|究竟|[是有为占达到]*(?:多少|[什怎]么(?:时候|样)?|[哪几][些个家位种项条名次年款]*|谁|何时|怎样|如何|多[大长高久]|啥)|为[什何啥]么?|是否|是不是|有没有|[吗呢啊吧?？。!！\s]+$",
    r"\b(?:how(?: many| much)?|wh(?:y|om?|ose|at|en|ere|ich))\b",
)
_PARTICLES = frozenset("的了年跟比是有在都就还要会能被把从对和与及里上个家那这第一二两三四五六七八九十")
#: How much a question must say to be whole without a name, in words. A name counts three, a period none.
_WHOLE = 3.0
#: ``什么是零信任``, ``what is a p-value``
_DEFINES = _any(r"^(?:什么|啥)[是叫]|^何谓|^what(?:'s| is) (?:an? |(?!(?:the|its?|this|that|in|about)\b)\w+[ ?]*$)")


def _made_whole(asked: str, before: str, answer: str) -> str:
    """The question with what it leaves unsaid taken from the whole question before it, and that one's answer."""
    rest = _OPENING.sub("", asked, count=1)
    if not before or not rest:
        return asked
    subject = _AROUND.sub("", rest).strip()
    period = _PERIOD.fullmatch(subject) or _STEP.fullmatch(subject)
    pronoun = None if period else _unbound(rest)
    alone = period or _named(subject, rest) == (subject,) or rest.rstrip("?？。 ").endswith("呢")
    elliptic = not pronoun and not _ASKING.search(subject)
    if not (elliptic and (alone or rest != asked)) and not follows(signals(asked, before, answer)):
        return asked
    if pronoun:
        return _with_referent(pronoun, before, answer)
    if elliptic:
        topic, colon, last = before.rpartition("：" if "：" in before else ": ")
        sibling = colon and not _ASKING.search(_AROUND.sub("", last))
        return _asked_of(before, subject, rest) or (f"{topic}{colon}{rest}" if sibling else _after(before, rest))
    version = next((match for match in _PERIOD.finditer(rest) if match["version"]), None)
    owner = next((name for name in entities(before) if re.search(re.escape(name) + r"\s?v?\d+\.\d", before)), "")
    if version and owner and not entities(rest):
        return f"{rest[: version.start()]}{owner} {rest[version.start() :]}"
    return _after(before, rest)


def signals(asked: str, before: str, answer: str) -> dict[str, float]:
    """What tells whether a question follows from the one before it and its answer: its words, and in brackets what is exact."""
    rest = _OPENING.sub("", asked, count=1)
    words = _WORD.findall(_PERIOD.sub("", fold(asked)).lower())
    return worded(asked, f"{before} {answer}") | {
        **dict.fromkeys(words, 1.0),
        "(length)": log1p(len(words)),
        "(said)": log1p(_said(rest)),
        "(names)": float(min(3, len(entities(asked)))),
        "(opened)": float(rest != asked),
        "(pronoun)": float(_unbound(rest) is not None),
        "(asks)": float(bool(_ASKING.search(asked.rstrip("?？。 ")))),
        "(defines)": float(bool(_DEFINES.search(rest))),
    }


def _named(part: str, sentence: str) -> tuple[str, ...]:
    """The names in a part of a sentence: a capital is no opening one there."""
    language = language_of(sentence)
    return entities(("的" if language == "zh" else "of ") + part, language)


def _said(text: str) -> float:
    """How many words say what the question is about."""
    words = [word for word in _LATIN.findall(text) if _OWNED.sub("", word).lower() not in _COMMON]
    han = set(_HAN.findall(re.sub(r"\d\s?年", "", _ASKING.sub("", text)))) - _PARTICLES
    return len(words) + len(han) / 2 + 2 * len([name for name in entities(text) if not name.islower()])


def _unbound(text: str) -> re.Match[str] | None:
    """The first pronoun that stands for nothing in the same question."""
    for match in _PRONOUN.finditer(text):
        ahead, long = text[: match.start()], not match["one"] and _said(text) >= 2 * _WHOLE
        named = bool(entities(text if match["this"] else ahead)) or _said(ahead) >= _WHOLE
        if "same" in match.group() or not (named or long or re.search(r"\ban?\b", ahead, re.I)):
            return match
    return None


def _with_referent(pronoun: re.Match[str], before: str, answer: str) -> str:
    """The question of a pronoun with the name it stands for, where one is certain; else after what was spoken of."""
    rest, word, known = pronoun.string, pronoun.group().lower(), entities(before)
    told = tuple(name for name in _named(answer, answer) if name not in known)
    personal = word in "he she him his her 他 她".split()
    brief = () if not answer or re.search(r"\d", answer) or len(answer) > 40 else (answer.rstrip("。."),)
    told = told or (brief if personal else ())
    names = told + known if personal or re.search(r"\bwhich\b|哪[个家款]", before, re.I) else known + told
    subject = (
        word == "it"
        and re.search(r"\b(?:is|was|did|will|has) $", rest[: pronoun.start()], re.I)
        and _said(rest) < 3 - (not _HEAD.search(before))
    )
    if not pronoun["one"] or not names or subject:
        return _after(before, rest, *(told[:2] or brief))
    version = re.search(re.escape(names[0]) + r"(\s?v?\d+(?:\.\d+)+)", before)
    ending = {"its": "'s", "his": "'s", "her": "'s", "it's": " is"}.get(word, "")
    name = names[0] + (version[1] if version else "") + ending
    left, right = rest[: pronoun.start()], rest[pronoun.end() :]
    joints = [" " if _HAN.match(char) and name.isascii() else "" for char in (left[-1:], right[:1])]
    whole, dates = f"{left}{joints[0]}{name}{joints[1]}{right}", years(before)
    dated = names[0] in known and len(dates) == 1 and not years(rest)
    return _of_period(whole, str(dates[0])) if dated and not re.search("when|时候|何时|哪一?年", rest, re.I) else whole


def _asked_of(before: str, subject: str, rest: str) -> str:
    """The question before, asked of another year, version, name or thing; empty where what it replaces is not certain."""
    named = [match.group() for match in _PERIOD.finditer(subject)]
    if len(named) > 1 and not _PERIOD.sub("", subject).strip(" 年的of"):
        return reduce(lambda whole, period: _asked_of(whole, period, rest), named, before)
    period, step, periods = _PERIOD.fullmatch(subject), _STEP.fullmatch(subject), list(_PERIOD.finditer(before))
    if step:
        numbered = [m for m in periods if m["version"]] or [m for m in periods if m.group().isdigit()]
        head, dot, number = numbered[-1].group().rpartition(".") if numbered else ("", "", "")
        moved = f"{head}{dot}{max(0, int(number) + (-1 if step['back'] else 1))}" if number else ""
        return before[: numbered[-1].start()] + moved + before[numbered[-1].end() :] if moved else ""
    if period:
        old = next((match for match in reversed(periods) if match.lastgroup == period.lastgroup), None)
        if old is None:
            return "" if period["version"] else _of_period(before, subject)
        after = before[old.end() :] if subject.isdigit() else re.sub(r"^\s?年", "", before[old.end() :])
        year = "年" if _HAN.search(before) and subject.isdigit() and not old.group().isdigit() else ""
        return before[: old.start()] + subject + year + after
    name = _OWNED.sub("", subject).removesuffix("的").strip()
    if _named(name, rest) == (name,):
        kin = _kin(before, name, rest)
        owned = re.compile(re.escape(kin) + r"(['’]s?)?")
        return owned.sub(lambda match: name + ("'s" if match[1] else ""), before, count=1) if kin else ""
    if kin := _ending_alike(before, subject):
        return before.replace(kin, subject, 1)
    place = re.match(r"(?:in|on|at|from|for|with) ", rest)
    olds = list(re.finditer(rf"(?<=\b{place.group()})(?:the )?[a-z][a-z -]*?{_ENDS}" if place else _HEAD, before))
    if not olds or subject.endswith("的") or _named(subject, rest) or not GRAMMAR.isdisjoint(subject.lower().split()):
        return ""
    return (
        before[: olds[-1].start()] + subject + before[olds[-1].end() :]
        if place or alike(olds[-1].group(), subject)
        else ""
    )


def _of_period(question: str, period: str) -> str:
    if _HAN.search(question):
        return f"{period}{' 年' if period.isdigit() else ''}{question}"
    return f"{question.rstrip('?. ')}{' ' if ' year' in period else ' in '}{period}?"


def _kin(before: str, name: str, rest: str) -> str:
    """The name in the question before whose place another takes: the first written likest; ``in Kenya`` only another place."""
    place, shape = (
        re.search(r"\b(?:in|at|from|with)(?: the)? $", rest[: rest.find(name)]),
        (name.islower(), name.isupper()),
    )
    kin = [known for known in entities(before) if known.isascii() == name.isascii()]
    kin = [known for known in kin if place.group() + known in before] if place else kin
    return min(kin, key=lambda known: (known.islower(), known.isupper()) != shape, default="")


def _ending_alike(before: str, subject: str) -> str:
    """What in a Chinese question ends as the subject does: ``毛利率`` for ``净利率``, ``驰骏汽车`` for ``北辰汽车``; else empty."""
    parts = re.findall(f"(?:(?![的年里中是有])[{HAN}]){{2,8}}", _ASKING.sub(" ", before))
    ends = (subject[-2:], subject[-1:]) if re.fullmatch(f"[{HAN}]{{2,8}}", subject) else ()
    return next((part for end in ends for part in parts if part.endswith(end) and part != subject), "")


def _after(before: str, rest: str, *told: str) -> str:
    """The follow-up after what the question before was about, without its asking words and what the follow-up says itself.

    ``_after("How many users run Cilium in AWS?", "why?")`` -> ``About users run Cilium, AWS: why?``: names stay apart.
    """
    said, owned = entities(rest), r"(?:['’]s|\s?的)?"
    text = _ASKING.sub(" ", before)
    for name in (*said, *(_kin(before, name, rest) for name in said[:1])):
        text = re.sub(re.escape(name) + owned, " ", text) if name else text
    if years(rest):
        text = re.sub(r"(?:FY)?(?:19|20)\d\d(?:\s?年的?)?", " ", text)
    words = dict.fromkeys(word.strip(",.?;:，。？：") for word in (*text.split()[:24], *told))
    kept = ("," if _OWNED.sub("", word).lower() in GRAMMAR else word for word in words if word and word not in rest)
    topic = re.sub(r"(?: ?, ?)+", ", ", " ".join(kept)).strip(", ")
    return rest if not topic else f"{topic}：{rest}" if language_of(rest) == "zh" else f"About {topic}: {rest}"
