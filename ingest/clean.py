"""What of a text is the report: front matter, navigation, widgets and repeated titles are left out.

Nothing is edited: the report is chosen by spans, so that every offset still counts from the file.
"""

from __future__ import annotations

import re
from itertools import islice
from pathlib import PurePosixPath

from ingest.front import front_of
from text.fold import letters
from text.markdown import COMMENT, FENCES, plain

#: What each file name ending is read as.
KINDS = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".docm": "docx",
    ".pptx": "pptx",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".csv": "csv",
    ".tsv": "csv",
    ".epub": "epub",
}

#: Whole lines that are never the report, in small letters.
_WIDGET = re.compile(
    r"(?:(?:comments )?powered by \S+(?: \S+)?|please enable javascript to view .*"
    r"|blog comments powered by .*"
    r"|skip to (?:main )?content|edit (?:this|the) page(?: on \w+)?|improve this page|view (?:page )?source|back to top"
    r"|print this page|(?:create|open|report) an? (?:documentation )?issue"
    r"|last (?:updated|modified)(?: on)?:? [\w ,:/+-]{4,40}"
    r"|(?:share|follow us|tweet|like|pin)(?: this)?(?: article| post| page)?(?: (?:on|via) [\w ,/&]+)?"
    r"|subscribe(?: (?:now|today|to our newsletter|to newsletter|via rss))?|sign (?:in|up)|log ?in|log ?out"
    r"|menu|search\W*|home"
    r"|toggle (?:navigation|menu|dark mode|theme)|table of contents|contents|on this page"
    r"|(?:accept|reject|manage|allow) (?:all )?cookies?(?: settings| preferences)?"
    r"|cookie (?:settings|policy|preferences|notice)"
    r"|(?:we|this (?:web ?)?site) uses? cookies\b.{0,300}|by (?:continuing|using) .{0,80}\bcookies\b.{0,200}"
    r"|privacy policy|terms (?:of (?:use|service)|and conditions)|all rights reserved\.?"
    r"|(?:copyright )?(?:©|\(c\)) ?(?:\d{4}.{0,120})|copyright \d{4}.{0,120}"
    r"|(?:previous|next)(?: (?:post|page|article))?:?(?: .{0,80})?(?:→|»|›)"
    r"|(?:←|«|‹) ?(?:previous|prev|older|newer|next).{0,80}"
    r"|related (?:posts|articles)|leave a (?:comment|reply)|(?:\d+ )?comments?|read more\W*|\d+ min(?:ute)?s? read"
    r"|转载.{0,6}(?:请|须|需).{0,60}|[(（]?(?:本文|本站|文章)?转载(?:本站|本文)?.{0,80}(?:注明|出处|商业).{0,80}"
    r"|本(?:站|网站)使用 ?cookie.{0,120}|版权所有.{0,60}|.{0,12}icp备.{0,40}|扫码.{0,10}关注.{0,30}"
    r"|(?:点击)?(?:分享|收藏|点赞|打赏)(?:到.{0,20})?"
    r"|上一(?:篇|页)(?:[:：].{0,60})?|下一(?:篇|页)(?:[:：].{0,60})?|返回(?:顶部|首页)|编辑(?:此|本)页(?:面)?|跳(?:到|至)(?:主要)?内容"
    r"|目录|首页|登录|注册|搜索"
    r"|相关(?:文章|阅读)|发表评论|(?:暂无)?评论|阅读(?:全文|更多|原文)|\[\[?_?toc_?\]?\])\s*"
)
_SCRIPT = re.compile(
    r"import (?:\{[^}]*\}|\w+)(?: as \w+)? from ['\"][^'\"]+['\"];?|</?script\b[^>]*>|</?style\b[^>]*>"
)
#: What stands between the entries of a menu: ``Home | About``, ``首页 > 博客``
_BETWEEN = re.compile(r"\s?[|›»·]\s?|\s[>/]\s")
_MENU_WORDS = re.compile(
    r"\b(?:home|about|blog|contact|docs|documentation|login|sign in|pricing|products?|careers|news|search|faq)\b"
    r"|首页|关于|联系|登录|注册|博客|文档",
    re.I,
)
#: ``3.1 Results ........ 17``, read from where the dots begin
_LEADER = re.compile(
    r"(?:(?<!\.)\.{4,}+|(?<!\. )(?:\. ){4,}+|(?<!…)…{2,}+|(?<!·)·{4,}+|(?<!_)_{5,}+)\s*(?:\d{1,4}|[ivxlc]{1,6})$"
)
_CONTENTS = re.compile(r"#*\s*(?:\*\*)?(?:table of contents|contents|目\s*[录錄次])(?:\*\*)?\s*:?", re.I)
_DOTS = re.compile(r"[.…·_]{3,}|(?:\. ){3,}")
_CONTENTS_ENTRY = re.compile(r".{1,90}?(?:\s+|(?<=[\u4e00-\u9fff）]))(\d{1,3})\s*")
_NUMBERED_ENTRY = re.compile(r"\d{1,2}(?:\.\d{1,2})*\.?\s+\D.{0,90}?\s\d{1,3}")
_ANCHOR = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+(?:\d[\d.]*\s+)?\[[^\]]*\]\(#[^)]*\)\s*")
_DEFINITION = re.compile(r"\s*\[[^\]^]+\]:\s*(?:<[^>]*>|\S+)(?:\s+[\"'(].*)?\s*")


def kind_of(path: str) -> str:
    """What the file is read as: ``"a/b.MD" -> "markdown"``; text for names that end in nothing we know."""
    return KINDS.get(PurePosixPath(path).suffix.lower(), "text")


def content(text: str, kind: str) -> list[tuple[int, int]]:
    """The spans that are the report, in order, whole lines each. ``kind`` is one of the values of KINDS."""
    front = front_of(text) if kind in ("markdown", "text") else None
    start = front.end if front else 0
    hidden = [m.span() for m in COMMENT.finditer(text, start)] if kind in ("markdown", "text") else []
    lines = []
    position = start
    for line in text[start:].split("\n"):
        lines.append((position, min(position + len(line) + 1, len(text)), line))
        position += len(line) + 1
    dropped = _repeated_title(lines) | _contents(lines, kind) | _anchors(lines)
    spans: list[tuple[int, int]] = []
    fenced = False
    comment = 0
    for number, (first, last, line) in enumerate(lines):
        if line.lstrip().startswith(FENCES):
            fenced = not fenced
        while comment < len(hidden) and hidden[comment][1] <= first:
            comment += 1
        inside = (
            comment < len(hidden) and hidden[comment][0] <= first and hidden[comment][1] >= first + len(line.rstrip())
        )
        if (inside and line.strip()) or number in dropped or (not fenced and _is_noise(line)):
            continue
        if spans and spans[-1][1] == first:
            spans[-1] = (spans[-1][0], last)
        elif first < last:
            spans.append((first, last))
    return [(a, b) for a, b in spans if not text[a:b].isspace()]


def _is_noise(line: str) -> bool:
    """Is the line alone enough to see that it is no part of the report?"""
    stripped = line.strip().strip("*_# ").strip()
    if not stripped or len(stripped) > 400:
        return False
    if line[0] != "[" and _WIDGET.fullmatch(stripped.lower()):
        return True
    if stripped[0] == "[" and _DEFINITION.fullmatch(line):
        return True
    if stripped[0] in "<!{[" and not plain(line):
        return True
    if _SCRIPT.fullmatch(stripped):
        return True
    if stripped[-1] in "0123456789ivxlc" and _LEADER.search(stripped):
        return True
    return (
        not line.lstrip().startswith("|")
        and sum(map(stripped.count, "|›»·>/")) >= 2  # what separates, seen sooner than the words
        and len(_MENU_WORDS.findall(stripped)) >= 2
        and _is_menu(stripped)
    )


def _is_menu(line: str) -> bool:
    """Three or more short entries with bars or arrows between them: ``Home | About | Blog``."""
    entries = [entry.strip() for entry in _BETWEEN.split(line)]
    return len(entries) > 2 and all(1 <= len(entry) <= 24 for entry in entries)


def _repeated_title(lines: list[tuple[int, int, str]]) -> set[int]:
    """The first line again among the next three: a title printed twice."""
    filled = (n for n, (_, _, line) in enumerate(lines[:40]) if line.strip())
    top = [(n, letters(plain(lines[n][2]))) for n in islice(filled, 4)]
    if not top or lines[top[0][0]][2].rstrip().endswith(("。", ".", "!", "！", "：", ":")):
        return set()  # a sentence, no title
    return {number for number, line in top[1:] if line and line == top[0][1]}


def _contents(lines: list[tuple[int, int, str]], kind: str) -> set[int]:
    """Lines of a table of contents: under its heading, as long as they end in page numbers that do not fall."""
    dropped: set[int] = set()
    for number, (_, _, line) in enumerate(lines):
        if number in dropped or not _CONTENTS.fullmatch(line.strip()):
            continue
        entries, page, missed = [], 0, 0
        for later in range(number + 1, len(lines)):
            entry = _DOTS.sub(" ", lines[later][2]).strip(" \t|").replace(" | ", " ")
            if not entry.strip("-|: "):
                continue
            found = _CONTENTS_ENTRY.fullmatch(entry)
            if found and int(found[1]) >= page:
                page, missed = int(found[1]), 0
                entries.append(later)
            elif missed or len(entry) > 90:
                break
            else:
                missed += 1
        if len(entries) >= 3:
            dropped.update(range(number, entries[-1] + 1))
    if kind == "pdf":
        dropped |= _numbered_contents(lines)
    return dropped


def _numbered_contents(lines: list[tuple[int, int, str]]) -> set[int]:
    """Six or more lines in a row like ``4.1 Volumes 17`` whose page numbers do not fall."""
    dropped: set[int] = set()
    run: list[int] = []
    page = 0
    for number, (_, _, line) in enumerate([*lines, (0, 0, "the end")]):
        words = line.strip().lstrip("# ")
        if _NUMBERED_ENTRY.fullmatch(words) and int(words.split()[-1]) >= page:
            run.append(number)
            page = int(words.split()[-1])
        elif words:
            if len(run) >= 6:
                dropped.update(run)
            run, page = [], 0
    return dropped


def _anchors(lines: list[tuple[int, int, str]]) -> set[int]:
    """Three or more list items in a row that are nothing but links into the same page."""
    dropped: set[int] = set()
    run: list[int] = []
    for number, (_, _, line) in enumerate(lines):
        if _ANCHOR.fullmatch(line):
            run.append(number)
        elif line.strip():
            if len(run) >= 3:
                dropped.update(run)
            run = []
    return dropped | set(run if len(run) >= 3 else ())
