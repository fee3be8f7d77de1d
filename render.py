"""What the page shows, as HTML: pure functions from records to text, every foreign character escaped here.

Reports and models write plain text to us: scripts, images and links of theirs become text or nothing. The only
interactive thing we make is a button with ``data-report``, ``data-start`` and ``data-end``, which opens a passage.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from html import escape

from ingest import clean
from records import Answer, Citation, Claim, Hit, Report, Row, Table
from text.tables import table_at

#: What the page says, in both languages.
TEXT: dict[str, dict[str, str]] = {
    "zh": {
        "ask": "输入问题，按回车发送",
        "question": "问题",
        "send": "发送",
        "new_chat": "新对话",
        "tagline": "向中英文报告提问，每句回答都指向原文。",
        "welcome": "想从这些报告里知道什么？",
        "welcome_more": "回答里的每个编号都能点开，看到它依据的原文。",
        "filters": "筛选",
        "filter_reports": "报告",
        "filter_languages": "语言",
        "filter_years": "年份",
        "collection": "报告集",
        "no_reports": "报告集还是空的：把文件放进报告文件夹，或者在这里上传。",
        "understood": "理解为：",
        "searching": "正在查找…",
        "declined": "报告里没有找到答案",
        "nearest": "最接近的段落",
        "conflict": "报告之间说法不一",
        "later": "较新的是",
        "unsupported": "原文不支持",
        "sources": "依据",
        "source": "依据",
        "page": "第 {} 页",
        "close": "关闭原文",
        "upload": "上传报告",
        "uploading": "正在读取…",
        "unreachable": "连不上服务器，请再试一次。",
        "uploaded": "已收入：",
        "comma": "，",
        "colon": "：",
    },
    "en": {
        "ask": "Ask a question",
        "question": "Question",
        "send": "Send",
        "new_chat": "New chat",
        "tagline": "Ask your Chinese and English reports. Every sentence points at its source.",
        "welcome": "What would you like to know from these reports?",
        "welcome_more": "Every number in an answer opens the exact words it rests on.",
        "filters": "Filter",
        "filter_reports": "Reports",
        "filter_languages": "Language",
        "filter_years": "Year",
        "collection": "Reports",
        "no_reports": "There are no reports yet: put files into the reports folder, or upload one here.",
        "understood": "Understood as: ",
        "searching": "Searching…",
        "declined": "The reports do not answer this",
        "nearest": "Nearest passages",
        "conflict": "The reports differ",
        "later": "the later one is",
        "unsupported": "Not supported by the source",
        "sources": "Sources",
        "source": "Source",
        "page": "page {}",
        "close": "Close the source",
        "upload": "Upload a report",
        "uploading": "Reading…",
        "unreachable": "The server cannot be reached. Please try again.",
        "uploaded": "Added: ",
        "comma": ", ",
        "colon": ": ",
    },
}

LANGUAGE_NAMES = {"zh": "中文", "en": "English"}

#: How many characters of a report are shown before and after a cited span, at most.
SURROUNDINGS = 2400
PREVIEW = 170

# Markup whose marks are hidden and whose words are kept, by example:
# ![alt](url)  [words](url)  **words**  *words*  `words`  <br>  <!-- gone -->
_MARKUP = re.compile(
    r"!\[(?P<image>[^\]\n]*)\]\([^)\n]*\)"
    r"|\[(?P<link>(?:[^\[\]\n]|!\[[^\]\n]*\]\([^)\n]*\))+)\]\([^)\n]*\)"
    r"|\*\*(?P<strong>[^*\n]+(?:\*[^*\n]+)*)\*\*"
    r"|(?<![\w*])\*(?=\S)(?P<em>[^*\n]+)(?<=\S)\*(?![\w*])"
    r"|`(?P<code>[^`\n]+)`"
    r"|(?P<gone><!--.*?-->|</?(?:a|b|br|center|details|div|em|h[1-6]|hr|i|img|li|ol|p|span|strong|sub|summary|sup|table|tbody|td|th"
    r"|thead|tr|u|ul)(?:\s[^<>]*)?/?>)",
    re.S | re.I,
)
_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+")
_ITEM = re.compile(r"(\s*)(?:[-*+•]|\d{1,3}[.)])\s+")
_QUOTED = re.compile(r"\s*(?:>\s?)+")
_RULE = re.compile(r"\s*(?:[-*_]\s*){3,}$|\s*[=]{3,}\s*$")
_TABLE_RULE = re.compile(r"[\s|:+-]+")
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")


def both(key: str) -> str:
    """One of our own texts in both languages; the page's style shows the reader's."""
    return "".join(f'<span class="ui" lang="{lang}">{escape(TEXT[lang][key])}</span>' for lang in ("zh", "en"))


def both_of(chinese: str, english: str) -> str:
    """A sentence in both languages; the page's style shows the reader's."""
    return f'<span class="ui" lang="zh">{escape(chinese)}</span><span class="ui" lang="en">{escape(english)}</span>'


def shown(text: str, start: int = 0, end: int | None = None, tag: str = "") -> Iterator[tuple[int, int, str]]:
    """The spans of ``text[start:end]`` worth showing, in order, each with strong, em, code or "".

    ``"a **b** [c](url)"`` -> ``(0, 2, "")``, ``(4, 5, "strong")``, ``(7, 8, "")``, ``(9, 10, "")``
    """
    end = len(text) if end is None else end
    position = start
    for found in _MARKUP.finditer(text, start, end):
        if position < found.start():
            yield position, found.start(), tag
        kind = found.lastgroup or ""
        if kind == "code":
            yield *found.span(kind), "code"
        elif kind != "gone":
            yield from shown(text, *found.span(kind), kind if kind in ("strong", "em") else tag)
        position = found.end()
    if position < end:
        yield position, end, tag


def plain(text: str) -> str:
    """``text`` as one line without markup: ``"**12 %** of [users](x)\n"`` -> ``"12 % of users"``."""
    line = re.sub(r"\s+", " ", clean.plain(text)).strip()
    return re.sub(rf"(?<={_WIDE.pattern}) (?={_WIDE.pattern})", "", line)  # Chinese has no space at a line's end


# --- an answer -------------------------------------------------------------------------------------------------------


def asked_html(question: str) -> str:
    """What the reader asked."""
    return f'<p class="asked">{escape(question)}</p>'


def searching_html() -> str:
    """What stands in the answer's place until its first sentence comes."""
    return f'<div class="answer searching" role="status">{both("searching")}</div>'


def problem_html(chinese: str, english: str) -> str:
    """A sentence about what went wrong."""
    return f'<div class="answer problem" role="alert"><p>{both_of(chinese, english)}</p></div>'


def answer_html(answer: Answer, asked: str, report_of: Callable[[str], Report]) -> str:
    """An answer as the page shows it: sentences ending in marks, notes, sources; or what is nearest when declined.

    ``report_of`` gives the report of an id, for its title.
    """
    text = TEXT[answer.language]
    kind = "declined" if answer.abstained else "quoted" if _is_quoted(answer) else "written"
    kind += " unsure" if answer.certainty == "unsure" else ""
    parts = [f'<div class="answer {kind}" lang="{"zh-CN" if answer.language == "zh" else "en"}">']
    if plain(answer.question) and plain(answer.question) != plain(asked):
        parts.append(f'<p class="understood">{escape(text["understood"])}{escape(answer.question)}</p>')
    if answer.abstained:
        parts.append(f'<p class="verdict">{escape(plain(answer.note) or text["declined"])}</p>')
    if answer.certainty == "unsure" and answer.note:
        parts.append(f'<p class="verdict">{escape(plain(answer.note))}</p>')
    if answer.claims:
        joint = "" if answer.language == "zh" else " "
        parts.append(
            f'<div class="claims">{joint.join(_claim(claim, text, report_of) for claim in answer.claims)}</div>'
        )
    marked = {citation.mark: citation for citation in answer.citations}
    for conflict in answer.conflicts:
        what = escape(plain(conflict.what))
        marks = "".join(_mark(marked[mark], text, report_of) for mark in conflict.marks if mark in marked)
        later = marked.get(conflict.later) if conflict.later is not None else None
        tail = f"{text['comma']}{escape(text['later'])} {_mark(later, text, report_of)}" if later else ""
        parts.append(f'<p class="conflict"><b>{escape(text["conflict"])}</b>{text["colon"]}{what} {marks}{tail}</p>')
    if answer.note and answer.certainty == "sure":
        parts.append(f'<p class="note">{escape(plain(answer.note))}</p>')
    if answer.citations:
        parts.append(_sources(answer.citations, text, report_of))
    if answer.abstained and answer.nearest:
        items = "".join(f"<li>{_nearest(hit, report_of)}</li>" for hit in answer.nearest)
        parts.append(f'<ul class="nearest" aria-label="{escape(text["nearest"])}">{items}</ul>')
    return "".join(parts) + "</div>"


def _is_quoted(answer: Answer) -> bool:
    """Whether every claim is what its one citation says (a table's row or a list: read aloud), so that each stands on
    its own line.
    """
    return all(
        len(claim.citations) == 1
        and ("|" in claim.citations[0].quote or _items(claim) or plain(claim.text) == plain(claim.citations[0].quote))
        for claim in answer.claims
    )


def _claim(claim: Claim, text: dict[str, str], report_of: Callable[[str], Report]) -> str:
    words = _with_answer(claim.text, claim, report_of)
    marks = "".join(_mark(citation, text, report_of) for citation in claim.citations)
    if items := _items(claim):
        lead = f"<p>{_inline(items[0], 0, len(items[0]), 0, 0)}{marks}</p>" if items[0] else marks
        listed = "".join(f"<li>{_inline(item, 0, len(item), 0, 0)}</li>" for item in items[1:])
        return f'<div class="claim listed">{lead}<ul>{listed}</ul></div>'
    if claim.support is None or claim.support.supported:
        return f'<span class="claim">{words}{marks}</span>'
    why = (
        f"{text['unsupported']}{text['colon']}{plain(claim.support.why)}" if claim.support.why else text["unsupported"]
    )
    return f'<span class="claim unsupported"><s>{words}</s>{marks} <small class="why">{escape(why)}</small></span>'


def _items(claim: Claim) -> list[str]:
    """What announces the list that a claim quotes, or "", and its items; nothing where it quotes no list."""
    if len(claim.citations) != 1:
        return []
    lines = [line for line in claim.citations[0].quote.split("\n") if line.strip()]
    items = [found.end() if (found := _ITEM.match(line)) else 0 for line in lines]
    if len(lines) < 2 or not all(items[1:]):
        return []
    said = [line[item:].strip() for line, item in zip(lines, items, strict=True)]
    return said if said[0].endswith((":", "：")) else ["", *said]


def _with_answer(said: str, claim: Claim, report_of: Callable[[str], Report]) -> str:
    """The claim's words, those that answer standing out where they are said as in the report."""
    if claim.answer_span is None or not claim.citations:
        return _inline(said, 0, len(said), 0, 0)
    answer = plain(report_of(claim.citations[0].report_id).text[slice(*claim.answer_span)]).strip(" ，。,.;；:：")
    start = said.find(answer) if 0 < len(answer) < len(said) * _MOST else -1
    if start < 0:
        return _inline(said, 0, len(said), 0, 0)
    end = start + len(answer)
    parts = [_inline(said, *span, 0, 0) for span in ((0, start), (start, end), (end, len(said)))]
    return f'{parts[0]}<b class="said">{parts[1]}</b>{parts[2]}'


#: An answer that takes more than this share of its sentence stands out no further.
_MOST = 0.7


def _mark(citation: Citation, text: dict[str, str], report_of: Callable[[str], Report]) -> str:
    name = f"{text['source']} {citation.mark}{text['colon']}{_title(report_of(citation.report_id))}"
    if citation.page is not None:
        name += text["comma"] + text["page"].format(citation.page)
    place = _place(citation.report_id, citation.start, citation.end)
    return f'<button type="button" class="mark" {place} aria-label="{escape(name)}">{citation.mark}</button>'


def _sources(citations: Sequence[Citation], text: dict[str, str], report_of: Callable[[str], Report]) -> str:
    """Each cited report once, with its marks, in the order of the marks."""
    of_report: dict[str, list[Citation]] = {}
    for citation in citations:
        of_report.setdefault(citation.report_id, []).append(citation)
    lines = []
    for report_id, cited in of_report.items():
        report = report_of(report_id)
        about = "".join(f'<span class="about">{escape(x)}</span>' for x in (report.publisher, report.published) if x)
        marks = "".join(_mark(citation, text, report_of) for citation in cited)
        lines.append(f'<li><span class="marks">{marks}</span><cite>{escape(_title(report))}</cite>{about}</li>')
    return f'<ul class="sources" aria-label="{escape(text["sources"])}">{"".join(lines)}</ul>'


def _nearest(hit: Hit, report_of: Callable[[str], Report]) -> str:
    passage = hit.passage
    report = report_of(passage.report_id)
    preview = plain(report.text[passage.start : passage.end])
    preview = preview if len(preview) <= PREVIEW else preview[:PREVIEW].rstrip() + "…"
    path = " › ".join(plain(heading) for heading in passage.headings)
    about = f'<span class="path">{escape(path)}</span>' if path else ""
    place = _place(passage.report_id, passage.start, passage.end)
    return (
        f'<button type="button" class="near" {place}><b>{escape(_title(report))}</b>{about}'
        f'<span class="preview">{escape(preview)}</span></button>'
    )


def _place(report_id: str, start: int, end: int) -> str:
    return f'data-report="{escape(report_id)}" data-start="{start}" data-end="{end}"'


def _title(report: Report) -> str:
    return plain(report.title) or report.path


# --- a passage in its surroundings -----------------------------------------------------------------------------------


def surroundings(report: Report, start: int, end: int, size: int = SURROUNDINGS) -> tuple[int, int]:
    """Whole lines round ``[start, end)``: at most ``size`` characters before and after, no front matter."""
    text = report.text
    first = min(start, _front(report))
    before = max(first, start - size)
    if before > first:
        line = text.find("\n", before, start)
        before = line + 1 if line >= 0 else before
    after = min(len(text), end + size)
    if after < len(text):
        line = text.rfind("\n", end, after)
        after = line if line >= 0 else after
    return before, after


def passage_html(report: Report, start: int, end: int, headings: Sequence[str], language: str) -> str:
    """The panel: what the report is, where the span stands, and the span marked in its surroundings."""
    text = TEXT[language]
    if start == end:  # the report itself: from where it begins
        start = end = max(start, _front(report))
    page = report.page_at(start)
    about = [report.publisher, report.published, text["page"].format(page) if page else ""]
    path = " › ".join(plain(heading) for heading in headings if plain(heading) != plain(report.title))
    head = f'<h2 id="panel-title">{escape(_title(report))}</h2>'
    head += '<p class="about">' + " · ".join(f"<span>{escape(item)}</span>" for item in about if item) + "</p>"
    head += f'<p class="path">{escape(path)}</p>' if path else ""
    head += f'<p class="file">{escape(report.path)}</p>'
    before, after = surroundings(report, start, end)
    cut_before = '<p class="cut">…</p>' if report.text[:before].strip() and before > _front(report) else ""
    cut_after = '<p class="cut">…</p>' if report.text[after:].strip() else ""
    body = _blocks(report, before, after, start, end, text)
    close = f'<button type="button" class="close" data-close aria-label="{escape(text["close"])}">×</button>'
    return (
        f"<header>{close}{head}</header>"
        f'<div class="passage" tabindex="0" lang="{"zh-CN" if report.language == "zh" else "en"}" '
        f'aria-labelledby="panel-title">{cut_before}{body}{cut_after}</div>'
    )


def _front(report: Report) -> int:
    """Where the report begins, behind its front matter."""
    spans = clean.content(report.text, clean.kind_of(report.path))
    return spans[0][0] if spans else 0


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The lines of ``text[start:end]``, without their ends."""
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        yield start, stop
        start = stop + 1


def _blocks(report: Report, start: int, end: int, cited: int, cited_end: int, words: dict[str, str]) -> str:
    """``report.text[start:end]`` as headings, items, tables, code and paragraphs, the cited span in ``<mark>``."""
    text = report.text
    out: list[str] = []
    open_block = ""
    breaks = [p for p in report.pages if start < p < end]

    def enter(block: str) -> None:
        nonlocal open_block
        if block != open_block:
            out.append(f"</{open_block}>" if open_block else "")
            out.append(f"<{block}>" if block else "")
            open_block = block

    for a, b in _lines(text, start, end):
        while breaks and breaks[0] <= a:
            enter("")
            number = report.page_at(breaks.pop(0)) or 0
            out.append(f'<p class="pagebreak"><span>{escape(words["page"].format(number))}</span></p>')
        line = text[a:b]
        fence = line.lstrip().startswith("```")
        if open_block == "pre":
            if fence:
                enter("")
            else:
                out.append(_marked(text, a, b, cited, cited_end) + "\n")
            continue
        if fence:
            enter("pre")
        elif not line.strip() or _RULE.match(line):
            enter("")
        elif found := _HEADING.match(line):
            enter("")
            hashes = len(line) - len(line.rstrip().rstrip("#").rstrip())
            content = _inline(text, a + found.end(), b - hashes, cited, cited_end)
            out.append(f'<p class="heading level{len(found[1])}">{content}</p>')
        elif found_row := table_at(text, a) if line.lstrip().startswith("|") else None:
            table, row = found_row
            if open_block != "table" and row:  # what is shown begins inside the table
                enter("table")
                out.append(f"<tr>{''.join(f'<th>{escape(plain(name))}</th>' for name in table.names)}</tr>")
            if not _TABLE_RULE.fullmatch(line):
                enter("table")
                out.append(f"<tr>{_cells(text, a, row, table, cited, cited_end)}</tr>")
        elif found := _ITEM.match(line):
            enter("")
            depth = min(len(found[1].expandtabs(4)) // 2, 3)
            bullet = found[0].strip()
            label = escape(bullet) if bullet[0].isdigit() else "•"
            content = _inline(text, a + found.end(), b, cited, cited_end)
            out.append(f'<p class="item depth{depth}"><span class="bullet">{label}</span><span>{content}</span></p>')
        else:
            quote = _QUOTED.match(line)
            if open_block == "p" and not (_WIDE.match(text[a : a + 1]) and _WIDE.match(text[a - 2 : a - 1])):
                out.append(" ")
            enter("p")
            out.append(_inline(text, a + (quote.end() if quote else 0), b, cited, cited_end))
    enter("")
    return "".join(out)


def _cells(text: str, line: int, row: Row | None, table: Table, cited: int, cited_end: int) -> str:
    """The cells of a row, or of the header's row on a line."""
    tag = "td" if row else "th"
    row = row or next((header for header in table.headers if header.start >= line), None)
    return "".join(f"<{tag}>{_inline(text, *cell, cited, cited_end)}</{tag}>" for cell in (row.cells if row else ()))


def _inline(text: str, start: int, end: int, cited: int, cited_end: int) -> str:
    """``text[start:end]`` without its markup, escaped, what lies in the cited span marked."""
    out = []
    for a, b, tag in shown(text, start, end):
        content = _marked(text, a, b, cited, cited_end)
        out.append(f"<{tag}>{content}</{tag}>" if tag else content)
    return "".join(out)


def _marked(text: str, start: int, end: int, cited: int, cited_end: int) -> str:
    low, high = max(start, cited), min(end, cited_end)
    if low >= high or not text[low:high].strip():
        return escape(text[start:end])
    return f"{escape(text[start:low])}<mark>{escape(text[low:high])}</mark>{escape(text[high:end])}"


# --- the collection --------------------------------------------------------------------------------------------------


def reports_html(reports: Sequence[Report]) -> str:
    """The list of reports, newest first; each opens at its start."""
    if not reports:
        return f'<p class="empty">{both("no_reports")}</p>'
    items = []
    for report in sorted(reports, key=lambda r: (r.published, r.title), reverse=True):
        about = " · ".join(x for x in (LANGUAGE_NAMES.get(report.language, ""), report.published) if x)
        items.append(
            f'<li><button type="button" class="report" {_place(report.id, 0, 0)}><b>{escape(_title(report))}</b>'
            f'<span class="about">{escape(about)}</span></button></li>'
        )
    heading = f'{both("collection")} <span class="count">{len(reports)}</span>'
    return f'<details class="reports" open><summary>{heading}</summary><ul>{"".join(items)}</ul></details>'


def upload_html(most: int) -> str:
    """The button that uploads a report of at most ``most`` MiB."""
    kinds = ",".join(clean.KINDS)
    limits = f'<span class="about">{escape(" ".join(clean.KINDS))} · {most} MiB</span>'
    return (
        f'<label class="upload"><input type="file" accept="{kinds}"><span class="button">{both("upload")}</span>'
        f'{limits}</label><p class="uploaded" role="status"></p>'
    )


def welcome_html(examples: Sequence[str]) -> str:
    """The empty chat: what this is, and questions to click."""
    buttons = "".join(
        f'<li><button type="button" class="example" data-ask="{escape(question)}">{escape(question)}</button></li>'
        for question in examples
    )
    return (
        f'<div class="welcome"><h2>{both("welcome")}</h2><p>{both("welcome_more")}</p>'
        f'<ul class="examples">{buttons}</ul></div>'
    )


def chat_html(turns: Sequence[str]) -> str:
    """The chat, from turns that are HTML already."""
    return "".join(f'<section class="turn">{turn}</section>' for turn in turns)
