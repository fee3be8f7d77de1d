"""The panel beside the chat, as HTML: a place in its report, its words marked, with what stands around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape

from ingest import clean
from records import Report, Row, Table
from text.language import WIDE
from text.markdown import FENCES, HEADING, ITEM, QUOTED, RULE, escaped, one_line
from text.tables import table_at
from web.render import TABLE_RULE, inline, marked, title_of
from web.texts import TEXT

Span = tuple[int, int]

#: How many characters of a report are shown before and after a cited span, at first.
SURROUNDINGS = 2400
#: How many more a button for more shows.
MORE = 6000


def surroundings(report: Report, start: int, end: int, above: int = SURROUNDINGS, below: int = SURROUNDINGS) -> Span:
    """Whole lines round ``[start, end)``: at most so many characters above and below, no front matter."""
    text = report.text
    first = min(start, _front(report))
    before = max(first, start - above)
    if before > first:
        line = text.find("\n", before, start)
        before = line + 1 if line >= 0 else before
    after = min(len(text), end + below)
    if after < len(text):
        line = text.rfind("\n", end, after)
        after = line if line >= 0 else after
    return before, after


def passage_html(
    report: Report,
    cited: Span,
    headings: Sequence[str],
    language: str,
    around: Span = (SURROUNDINGS, SURROUNDINGS),
    said: Span | None = None,
) -> str:
    """The panel: what the report is, where the cited span stands, and the span marked in its surroundings.

    ``around`` is how many characters are shown above and below it; ``said`` the words of it that answer.
    """
    text = TEXT[language]
    whole = cited[0] == cited[1]  # the report itself: from where it begins
    start, end = (max(cited[0], _front(report)),) * 2 if whole else cited
    before, after = surroundings(report, start, end, *around)
    body = _blocks(report, (before, after), (start, end), said, text)
    if report.text[:before].strip() and before > _front(report):
        body = _more("above", text) + body
    if report.text[after:].strip():
        body += _more("below", text)
    return (
        f"<header>{_head(report, start, headings, text)}{_tools(report, cited, language)}</header>"
        f'<div class="passage" tabindex="0" role="region" lang="{"zh-CN" if report.language == "zh" else "en"}" '
        f'aria-labelledby="panel-title">{body}</div><div class="sheet" hidden></div>'
    )


def _head(report: Report, start: int, headings: Sequence[str], text: dict[str, str]) -> str:
    page = report.page_at(start)
    about = [report.publisher, report.published, text["page"].format(page) if page else ""]
    path = " › ".join(one_line(heading) for heading in headings if one_line(heading) != one_line(report.title))
    close = f'<button type="button" class="close" data-close aria-label="{escape(text["close"])}">×</button>'
    head = f'{close}<h2 id="panel-title">{escape(title_of(report))}</h2>'
    head += '<p class="about">' + " · ".join(f"<span>{escape(item)}</span>" for item in about if item) + "</p>"
    head += f'<p class="path">{escape(path)}</p>' if path else ""
    return head + f'<p class="file">{escape(report.path)}</p>'


def _tools(report: Report, cited: Span, language: str) -> str:
    """What can be done here: the other sources of the answer, finding words, the page, the original, a citation."""
    text = TEXT[language]
    steps = "".join(
        f'<button type="button" data-step="{step}" aria-label="{escape(text[name])}" title="{escape(text[name])}">'
        f"{arrow}</button>"
        for step, name, arrow in ((-1, "previous", "‹"), (1, "next", "›"))
    )
    find = escape(text["find"])
    field = f'<input type="search" class="find" placeholder="{find}" aria-label="{find}"><span class="found"></span>'
    page = report.page_at(cited[0])
    tabs = ""
    if page and report.path.lower().endswith(".pdf"):
        name = escape(text["page_image"].format(title_of(report), page))
        tabs = (
            f'<span class="tabs"><button type="button" data-tab="text" aria-pressed="true">{escape(text["as_text"])}'
            f'</button><button type="button" data-tab="page" aria-pressed="false" data-page="{page}" '
            f'data-name="{name}">{escape(text["as_page"])}</button></span>'
        )
    copies = "".join(
        f'<button type="button" data-copy="{escape(cited_as)}">{escape(text[f"cite_{style}"])}</button>'
        for style, cited_as in citations(report, cited, date.today()).items()
    )
    return (
        f'<div class="tools"><span class="steps">{steps}</span>{tabs}{field}</div><div class="tools">'
        f'<button type="button" data-original="{escape(report.id)}">{escape(text["original"])}</button>'
        f"<details><summary>{escape(text['cite'])}</summary><div>{copies}</div></details></div>"
    )


def citations(report: Report, cited: Span, today: date) -> dict[str, str]:
    """The citation of a place in three styles: ``plain``, ``markdown``, ``gbt`` (GB/T 7714-2015, for a report)."""
    title, page = title_of(report), report.page_at(cited[0])
    quote = one_line(report.text[slice(*cited)])
    chinese = report.language == "zh"
    at = (f"第 {page} 页" if chinese else f"p. {page}") if page else ""
    about = [part for part in (report.publisher, report.published, at, report.source) if part]
    joint, opened, closed = ("，", "“", "”") if chinese else (", ", "“", "”")
    quoted = f"{opened}{quote}{closed}" if quote else ""
    named = f"《{title}》" if chinese else title
    in_plain = f"{quoted}{' ' if quoted and not chinese else ''}{joint.join([named, *about])}"
    named_link = escaped(title).replace("[", "\\[").replace("]", "\\]")
    link = f"[{named_link}](<{report.source}>)" if report.source.startswith(("http://", "https://")) else title
    lines = [f"> {escaped(quote)}", ""] if quote else []
    in_markdown = "\n".join([*lines, f"— {joint.join([link, *(part for part in about if part != report.source)])}"])
    return {"plain": in_plain, "markdown": in_markdown, "gbt": _gbt(report, title, page, today)}


def _gbt(report: Report, title: str, page: int | None, today: date) -> str:
    """``港务局. 港口年报[R/OL]. (2025-01-07)[2026-01-02]. https://…``; ``港务局. 港口年报[R]. 2025-01-07: 3.``"""
    lead = f"{report.publisher}. " if report.publisher else ""
    at = f": {page}" if page else ""
    if report.source.startswith(("http://", "https://")):
        dated = f"({report.published})" if report.published else ""
        return f"{lead}{title}[R/OL]. {dated}[{today.isoformat()}]{at}. {report.source}."
    return f"{lead}{title}[R]{f'. {report.published}' if report.published else ''}{at}."


def _more(where: str, text: dict[str, str]) -> str:
    return f'<p class="more"><button type="button" data-more="{where}">{escape(text[f"more_{where}"])}</button></p>'


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


def _blocks(report: Report, span: Span, cited_span: Span, said: Span | None, words: dict[str, str]) -> str:
    """``report.text[start:end]`` as headings, items, tables, code and paragraphs, the cited span in ``<mark>``."""
    text = report.text
    (start, end), (cited, cited_end) = span, cited_span
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
        fence = line.lstrip().startswith(FENCES)
        if open_block == "pre":
            if fence:
                enter("")
            else:
                out.append(marked(text, a, b, cited, cited_end) + "\n")
            continue
        if fence:
            enter("pre")
        elif not line.strip() or RULE.match(line):
            enter("")
        elif found := HEADING.match(line):
            enter("")
            hashes = len(line) - len(line.rstrip().rstrip("#").rstrip())
            content = inline(text, a + found.start(2), b - hashes, cited, cited_end)
            out.append(f'<p class="heading level{len(found[1])}">{content}</p>')
        elif found_row := table_at(text, a) if line.lstrip().startswith("|") else None:
            table, row = found_row
            if open_block != "table" and row:  # what is shown begins inside the table
                enter("table")
                out.append(f"<tr>{''.join(f'<th>{escape(one_line(name))}</th>' for name in table.names)}</tr>")
            if not TABLE_RULE.fullmatch(line):
                enter("table")
                out.append(_row(text, a, row, table, cited_span, said))
        elif found := ITEM.match(line):
            enter("")
            depth = min(len(found[1].expandtabs(4)) // 2, 3)
            bullet = found[0].strip()
            label = escape(bullet) if bullet[0].isdigit() else "•"
            content = inline(text, a + found.end(), b, cited, cited_end)
            out.append(f'<p class="item depth{depth}"><span class="bullet">{label}</span><span>{content}</span></p>')
        else:
            quote = QUOTED.match(line)
            if open_block == "p" and not (WIDE.match(text[a : a + 1]) and WIDE.match(text[a - 2 : a - 1])):
                out.append(" ")
            enter("p")
            out.append(inline(text, a + (quote.end() if quote else 0), b, cited, cited_end))
    enter("")
    return "".join(out)


def _row(text: str, line: int, row: Row | None, table: Table, cited: Span, said: Span | None) -> str:
    """A row of the body, or of the header on a line: the cited row and the cell that answers stand out."""
    tag = "td" if row else "th"
    shown_row = row or next((header for header in table.headers if header.start >= line), None)
    cells = []
    for cell in shown_row.cells if shown_row else ():
        answers = said is not None and cell[0] <= said[0] < max(cell[1], cell[0] + 1)
        kind = ' class="said"' if answers else ""
        cells.append(f"<{tag}{kind}>{inline(text, *cell, *cited)}</{tag}>")
    is_cited = row is not None and max(row.start, cited[0]) < min(row.end, cited[1])
    opened = '<tr class="cited">' if is_cited else "<tr>"
    return f"{opened}{''.join(cells)}</tr>"
