"""Questions to the assistant itself (greetings, what it can do, which reports it has), and reports named in full.

Phrases are compared whole: whoever adds a word to one asks the reports.
"""
# ruff: noqa: E501 (tables of phrases read better on one line)

from __future__ import annotations

import re
from collections.abc import Sequence

from records import Report
from text.fold import letters
from text.markdown import plain

#: What is typed, in letters and figures alone.
_PHRASES = {
    "hello": "你好 您好 你好啊 嗨 哈喽 早上好 下午好 晚上好 在吗 hi hello hey hithere hellothere goodmorning goodafternoon goodevening",
    "thanks": "谢谢 谢谢你 谢谢您 多谢 感谢 非常感谢 谢啦 thanks thankyou thankyouverymuch thankssomuch manythanks thx ty",
    "bye": "再见 拜拜 bye goodbye seeyou",
    "able": "你是谁 你能做什么 你会什么 你能干什么 你可以做什么 怎么用 如何使用 帮助 你能帮我做什么 help whoareyou whatareyou whatcanyoudo"
    " howdoyouwork howdoiusethis whatcanyouhelpmewith howcanyouhelp howcanyouhelpme whatcaniask whatcaniaskyou",
    "reports": "有哪些报告 有什么报告 你有哪些报告 都有哪些报告 现在有哪些报告 有多少报告 有几份报告 列出报告 列出所有报告 报告列表 whichreportsarethere"
    " whatreportsarethere whichreportsdoyouhave whatreportsdoyouhave listreports listallreports listthereports howmanyreportsarethere"
    " howmanyreportsdoyouhave whatdocumentsdoyouhave showmethereports",
}  # fmt: skip
_KINDS = {phrase: kind for kind, phrases in _PHRASES.items() for phrase in phrases.split()}

_REPLIES = {
    "hello": {
        "zh": "你好！请问这些报告里的内容，每句回答都会指向原文。",
        "en": "Hello! Ask about these reports; every sentence of an answer points at its source.",
    },
    "thanks": {"zh": "不客气。", "en": "You are welcome."},
    "bye": {"zh": "再见。", "en": "Goodbye."},
    "able": {
        "zh": "我根据这些报告回答问题，只引用原文，点开编号就能看到出处；报告里没有的，我会直说。",
        "en": "I answer questions from these reports in their own words. Every number opens the place it comes from;"
        " where the reports do not say, I tell you so.",
    },
    "reports": {"zh": "这里有 {count} 份报告：{titles}。", "en": "There are {count} reports: {titles}."},
    "no reports": {"zh": "还没有报告。", "en": "There are no reports yet."},
}
#: So many titles are told.
_TOLD = 30
#: ``《港口年报 2024》``, ``“Port review 2024”``
_TITLED = re.compile(r"《([^》]{2,80})》|“([^”]{4,80})”|\"([^\"]{4,80})\"|「([^」]{2,80})」")


def reply(question: str, language: str, reports: Sequence[Report]) -> str:
    """What is said to a question that is not about what the reports say; "" for any other."""
    kind = _KINDS.get(letters(question), "")
    if kind == "reports" and not reports:
        kind = "no reports"
    if not kind:
        return ""
    titles = [plain(report.title) or report.path for report in reports[:_TOLD]]
    if kind == "reports" and language == "zh":
        joined = "、".join(f"《{title}》" for title in titles)
    else:
        joined = "; ".join(titles)
    more = "……" if language == "zh" else "; …"
    return _REPLIES[kind][language].format(count=len(reports), titles=joined + (more if len(reports) > _TOLD else ""))


def named(question: str, reports: Sequence[Report]) -> tuple[str, ...]:
    """The paths of the reports whose whole title the question quotes: ``《港口年报 2024》讲了什么`` is about that one."""
    quoted = {letters(next(filter(None, match.groups()))) for match in _TITLED.finditer(question)} - {""}
    if not quoted:  # most questions: no title is looked at
        return ()
    return tuple(report.path for report in reports if letters(plain(report.title)) in quoted)
