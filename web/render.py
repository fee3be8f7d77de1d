"""What the page shows of answers and reports, as HTML: pure functions, every foreign character escaped here.

Reports and models write plain text to us: scripts, images and links of theirs become text or nothing. The only
interactive things we make are buttons whose ``data-`` names say what they do: ``data-report`` opens a passage.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import PurePosixPath

from ingest.clean import KINDS
from records import Answer, Citation, Claim, Hit, Report
from text.markdown import BAR, ITEM, one_line, shown
from text.tables import label_column, row_at
from text.tables import words as cell_words
from web.texts import LANGUAGE_NAMES, TEXT, both, both_of

PREVIEW = 170
_SAID = ' class="said"'


def inline(text: str, start: int = 0, end: int | None = None, cited: int = 0, cited_end: int = 0) -> str:
    """``text[start:end]`` without its markup, escaped, what lies in the cited span marked."""
    out = []
    for a, b, tag in shown(text, start, end):
        content = marked(text, a, b, cited, cited_end)
        out.append(f"<{tag}>{content}</{tag}>" if tag else content)
    return "".join(out)


def marked(text: str, start: int, end: int, cited: int, cited_end: int) -> str:
    """``text[start:end]`` escaped, what lies in the cited span marked."""
    low, high = max(start, cited), min(end, cited_end)
    if low >= high or not text[low:high].strip():
        return escape(text[start:end])
    return f"{escape(text[start:low])}<mark>{escape(text[low:high])}</mark>{escape(text[high:end])}"


# --- an answer -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Look:
    """What an answer is shown by: our words, the report of an id, and what is wrong with a quote by its mark."""

    text: dict[str, str]
    report_of: Callable[[str], Report]
    stale: Mapping[int, str]


def problem_html(chinese: str, english: str) -> str:
    """A sentence about what went wrong."""
    return f'<div class="answer problem" role="alert"><p>{both_of(chinese, english)}</p></div>'


def answer_html(
    answer: Answer,
    asked: str,
    report_of: Callable[[str], Report],
    writing: bool = False,
    stale: Mapping[int, str] = {},
) -> str:
    """An answer as the page shows it: sentences ending in marks, notes, sources; or what is nearest when declined.

    ``report_of`` gives the report of an id. While an answer is ``writing``, nothing is said against its last sentence.
    ``stale`` has the marks whose quotes stand in their reports no more: ``changed`` or ``gone``.
    """
    text = TEXT[answer.language]
    look = _Look(text, report_of, stale)
    kind = "declined" if answer.abstained else "quoted" if all(map(_is_quote, answer.claims)) else "written"
    kind += " unsure" if answer.certainty == "unsure" else ""
    parts = [f'<div class="answer {kind}" lang="{"zh-CN" if answer.language == "zh" else "en"}">']
    if one_line(answer.question) and one_line(answer.question) != one_line(asked):
        again = f'<button type="button" class="link" data-as-typed>{escape(text["as_typed"])}</button>'
        parts.append(f'<p class="understood">{escape(text["understood"])}{escape(answer.question)} {again}</p>')
    parts.extend(_stale_notes(answer, look))
    if answer.abstained or (answer.certainty == "unsure" and answer.note):
        parts.append(f'<p class="verdict">{escape(one_line(answer.note) or text["declined"])}</p>')
    elif answer.note:  # what announces the sentences, or warns of them, is read before them
        parts.append(f'<p class="note">{escape(one_line(answer.note))}</p>')
    if answer.claims:
        last = answer.claims[-1] if writing else None
        claims = "".join(_claim(claim, look, is_judged=claim is not last) for claim in answer.claims)
        parts.append(f'<div class="claims">{claims}</div>')
    parts.extend(_conflicts(answer, look))
    if answer.citations:
        parts.append(_sources(answer.citations, look))
    if answer.abstained and answer.nearest:
        items = "".join(f"<li>{_nearest(hit, report_of)}</li>" for hit in answer.nearest)
        parts.append(f'<ul class="nearest" aria-label="{escape(text["nearest"])}">{items}</ul>')
    return "".join(parts) + "</div>"


def _stale_notes(answer: Answer, look: _Look) -> Iterator[str]:
    """A sentence for each report whose quotes stand no more as they were quoted."""
    told = {
        (look.stale[c.mark], title_of(look.report_of(c.report_id))) for c in answer.citations if c.mark in look.stale
    }
    for why, title in sorted(told):
        yield f'<p class="conflict stale" role="note">{escape(look.text[why])}{escape(title)}</p>'


def _conflicts(answer: Answer, look: _Look) -> Iterator[str]:
    by_mark = {citation.mark: citation for citation in answer.citations}
    for conflict in answer.conflicts:
        marks = "".join(_mark(by_mark[mark], look) for mark in conflict.marks if mark in by_mark)
        later = by_mark.get(conflict.later) if conflict.later is not None else None
        tail = f"{look.text['comma']}{escape(look.text['later'])} {_mark(later, look)}" if later else ""
        name = f"<b>{escape(look.text['conflict'])}</b>{look.text['colon']}"
        yield f'<p class="conflict">{name}{escape(one_line(conflict.what))} {marks}{tail}</p>'


def _is_quote(claim: Claim) -> bool:
    """Is a claim what its one citation says, a table's row or a list read aloud?"""
    return len(claim.citations) == 1 and (
        "|" in claim.citations[0].quote
        or bool(_items(claim))
        or one_line(claim.text) == one_line(claim.citations[0].quote)
    )


def _claim(claim: Claim, look: _Look, is_judged: bool) -> str:
    """A sentence, a row or a list, on its own line. A quote is what the report says, and never struck out."""
    marks = "".join(_mark(citation, look, claim.answer_span) for citation in claim.citations)
    if items := _items(claim):
        lead = f"<p>{inline(items[0])}{marks}</p>" if items[0] else marks
        listed = "".join(f"<li>{inline(item)}</li>" for item in items[1:])
        return f'<div class="claim listed">{lead}<ul>{listed}</ul></div>'
    if row := _row(claim, look):
        name, pairs, rest = row
        listed = "".join(
            f"<div><dt>{escape(column)}</dt><dd{_SAID if said else ''}>{escape(cell)}</dd></div>"
            for column, cell, said in pairs
        )
        told = f'<span class="about">{escape(rest)}</span>' if rest else ""
        return f'<div class="claim row"><p><b>{escape(name)}</b>{told}{marks}</p><dl>{listed}</dl></div>'
    words = _with_answer(claim.text, claim, look.report_of)
    if not is_judged or claim.support is None or claim.support.supported or _is_quote(claim):
        return f'<p class="claim">{words}{marks}</p>'
    why = one_line(claim.support.why)
    told = f"{look.text['unsupported']}{look.text['colon']}{why}" if why else look.text["unsupported"]
    return f'<p class="claim unsupported"><s>{words}</s>{marks} <small class="why">{escape(told)}</small></p>'


def _items(claim: Claim) -> list[str]:
    """What announces the list that a claim quotes, or "", and its items; nothing where it quotes no list."""
    if len(claim.citations) != 1:
        return []
    lines = [line for line in claim.citations[0].quote.split("\n") if line.strip()]
    items = [found.end() if (found := ITEM.match(line)) else 0 for line in lines]
    if len(lines) < 2 or not all(items[1:]):
        return []
    said = [line[item:].strip() for line, item in zip(lines, items, strict=True)]
    return said if said[0].endswith((":", "：")) else ["", *said]


def _row(claim: Claim, look: _Look) -> tuple[str, list[tuple[str, str, bool]], str] | None:
    """The row that a claim reads aloud: its name; column, cell and whether it answers; what else is said (the unit).

    ``营业收入：2023 年 4,812，2022 年 4,310（单位：万元）``; None where the claim says anything else.
    """
    if len(claim.citations) != 1:
        return None
    report = look.report_of(claim.citations[0].report_id)
    found = row_at(report.text, claim.citations[0].start)
    if not found:
        return None
    table, row = found
    label = label_column(report.text, table)
    cells = [one_line(cell_words(report.text, cell)) for cell in row.cells]
    name = cells[label] if label < len(cells) else ""
    rest, pairs = claim.text.removeprefix(name).lstrip(":： "), []
    for column, cell in enumerate(cells[: len(table.names)]):
        called = one_line(table.names[column])
        pair = f"{called} {cell}".strip()
        if column != label and cell and rest.startswith(pair):
            rest = rest[len(pair) :].lstrip(",， ")
            span = row.cells[column]
            answers = claim.answer_span is not None and span[0] <= claim.answer_span[0] < span[1]
            pairs.append((called, cell, answers))
    rest = rest.strip()
    is_unit = not rest or (rest[0] in "(（" and rest[-1] in ")）")
    return (name, pairs, rest.strip("()（）")) if pairs and is_unit else None


def _with_answer(said: str, claim: Claim, report_of: Callable[[str], Report]) -> str:
    """The claim's words, those that answer standing out where they are said as in the report."""
    if claim.answer_span is None or not claim.citations:
        return inline(said)
    answer = one_line(report_of(claim.citations[0].report_id).text[slice(*claim.answer_span)]).strip(" ，。,.;；:：")
    start = said.find(answer) if 0 < len(answer) < len(said) * _MOST else -1
    if start < 0:
        return inline(said)
    end = start + len(answer)
    return f'{inline(said, 0, start)}<b class="said">{inline(said, start, end)}</b>{inline(said, end)}'


#: An answer that takes more than this share of its sentence stands out no further.
_MOST = 0.7


def _mark(citation: Citation, look: _Look, said: tuple[int, int] | None = None) -> str:
    text = look.text
    name = f"{text['source']} {citation.mark}{text['colon']}{title_of(look.report_of(citation.report_id))}"
    if citation.page is not None:
        name += text["comma"] + text["page"].format(citation.page)
    if citation.mark in look.stale:
        return f'<span class="mark stale" role="img" aria-label="{escape(name)}">{citation.mark}</span>'
    place = place_of(citation.report_id, citation.start, citation.end)
    place += f' data-said="{said[0]}-{said[1]}"' if said else ""
    return f'<button type="button" class="mark" {place} aria-label="{escape(name)}">{citation.mark}</button>'


def _sources(citations: Sequence[Citation], look: _Look) -> str:
    """Each cited report once, with its marks, in the order of the marks."""
    of_report: dict[str, list[Citation]] = {}
    for citation in citations:
        of_report.setdefault(citation.report_id, []).append(citation)
    lines = []
    for report_id, cited in of_report.items():
        report = look.report_of(report_id)
        about = "".join(f'<span class="about">{escape(x)}</span>' for x in (report.publisher, report.published) if x)
        marks = "".join(_mark(citation, look) for citation in cited)
        lines.append(f'<li><span class="marks">{marks}</span><cite>{escape(title_of(report))}</cite>{about}</li>')
    return f'<ul class="sources" aria-label="{escape(look.text["sources"])}">{"".join(lines)}</ul>'


def _nearest(hit: Hit, report_of: Callable[[str], Report]) -> str:
    passage = hit.passage
    report = report_of(passage.report_id)
    preview = _preview(report.text[passage.start : passage.end])
    preview = preview if len(preview) <= PREVIEW else preview[:PREVIEW].rstrip(" ·\n") + "…"
    path = " › ".join(one_line(heading) for heading in passage.headings if one_line(heading) != one_line(report.title))
    about = f'<span class="path">{escape(path)}</span>' if path else ""
    place = place_of(passage.report_id, passage.start, passage.end)
    return (
        f'<button type="button" class="near" {place}><b>{escape(title_of(report))}</b>{about}'
        f'<span class="preview">{escape(preview)}</span></button>'
    )


#: ``| --- | :-: |``
TABLE_RULE = re.compile(r"[\s|:+-]+")


def _preview(text: str) -> str:
    """A passage as it reads, each row of a table on its line: ``| Load | 5 |`` -> ``Load · 5``."""
    parts: list[str] = []
    for is_table, lines in groupby(text.split("\n"), lambda line: line.lstrip().startswith("|")):
        if is_table:
            rows = ([one_line(cell) for cell in BAR.split(line)] for line in lines if not TABLE_RULE.fullmatch(line))
            parts += [" · ".join(filter(None, row)) for row in rows]
        else:
            parts.append(one_line("\n".join(lines)))
    return "\n".join(filter(None, parts))


def place_of(report_id: str, start: int, end: int) -> str:
    """The attributes of a button that opens a place."""
    return f'data-report="{escape(report_id)}" data-start="{start}" data-end="{end}"'


def title_of(report: Report) -> str:
    """What a report is called on the page."""
    return one_line(report.title) or report.path


# --- the collection --------------------------------------------------------------------------------------------------


def newest_first(reports: Sequence[Report]) -> list[Report]:
    """By date of publication, the newest first, unknown dates last: ``2025-03``, ``2025``, ``2024-01-07``, ``""``."""

    def age(report: Report) -> tuple[bool, tuple[int, ...]]:
        date = tuple(map(int, re.findall(r"\d+", report.published)))
        return bool(date) and date[0] > 1000, date

    return sorted(sorted(reports, key=title_of), key=age, reverse=True)


def names_of(reports: Sequence[Report]) -> dict[str, str]:
    """What each report is called among the others, by its path, which is told where titles are the same."""
    titles = Counter(map(title_of, reports))
    return {
        report.path: title
        if titles[title := title_of(report)] == 1 or title == report.path
        else f"{title} ({report.path})"
        for report in reports
    }


def reports_html(reports: Sequence[Report]) -> str:
    """The list of reports, newest first; each opens at its start."""
    heading = f'<h2>{both("collection")} <span class="count">{len(reports)}</span></h2>'
    if not reports:
        return f'{heading}<p class="empty">{both("no_reports_more")}</p>'
    titles = Counter(map(title_of, reports))
    items = "".join(_listed(report, titles[title_of(report)] > 1) for report in newest_first(reports))
    return f'{heading}<ul class="reports">{items}</ul>'


def _listed(report: Report, by_path: bool) -> str:
    title = title_of(report)
    about = " · ".join(x for x in (LANGUAGE_NAMES.get(report.language, ""), report.publisher, report.published) if x)
    path = f'<span class="path">{escape(report.path)}</span>' if by_path else ""
    folder = PurePosixPath(report.path).parent.as_posix()
    keys = {
        "folder": "" if folder == "." else folder,
        "year": report.year or "",
        "language": report.language,
        "path": report.path,
        "id": report.id,
        "title": title,
        "words": f"{title} {report.path} {report.publisher} {report.published}".lower(),
    }
    data = " ".join(f'data-{key}="{escape(str(value))}"' for key, value in keys.items())
    return (
        f'<li {data}><button type="button" class="report" {place_of(report.id, 0, 0)}><b>{escape(title)}</b>'
        f'<span class="about">{escape(about)}</span>{path}</button><div class="acts">'
        f'<button type="button" class="link" data-only>{both("only_this")}</button>'
        f'<button type="button" class="link" data-about aria-expanded="false">{both("details")}</button></div></li>'
    )


def upload_html(most: int) -> str:
    """The button that uploads reports of at most ``most`` MiB each."""
    kinds = ",".join(KINDS)
    kinds_and_size = both_of(*(f"{' '.join(KINDS)} · {TEXT[one]['most'].format(most)}" for one in ("zh", "en")))
    limits = f'<span class="about">{kinds_and_size}</span>'
    return (
        f'<label class="upload"><input id="files" type="file" accept="{kinds}" multiple data-most="{most}">'
        f'<span class="button">{both("upload")}</span>{limits}</label><ul class="uploads"></ul>'
    )


def welcome_html(examples: Sequence[str], language: str, has_reports: bool) -> str:
    """The empty chat: what this is, and questions to click; before the first report, how to bring one."""
    text = TEXT[language]
    if not has_reports:
        return (
            f'<div class="welcome"><h2>{escape(text["no_reports"])}</h2><p>{escape(text["no_reports_more"])}</p>'
            f'<label class="upload first" for="files"><span class="button">{escape(text["upload"])}</span></label>'
            "</div>"
        )
    buttons = "".join(
        f'<li><button type="button" class="example" data-ask="{escape(question)}">{escape(question)}</button></li>'
        for question in examples
    )
    return (
        f'<div class="welcome"><h2>{escape(text["welcome"])}</h2><p>{escape(text["welcome_more"])}</p>'
        f'<ul class="examples">{buttons}</ul></div>'
    )
