"""A report as it was read, for its owner to check: what is known of it, its text page by page, where passages begin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.store import Store
from records import Passage, Report
from text.tables import tables


def find(store: Store, wanted: str) -> tuple[Report, list[Passage]]:
    """The report with this path, id or part of a path, and its passages. Raises ValueError unless it is one alone."""
    about = store.reports(store.generation, texts=False)
    rows = [row for row, report in about.items() if wanted in (report.path, report.id)]
    rows = rows or [row for row, report in about.items() if wanted in report.path]
    if len(rows) != 1:
        paths = [about[row].path for row in rows]
        some = f"{', '.join(paths[:5])}{', …' * (len(paths) > 5)}"
        which = f"is in {len(paths)} paths ({some})" if paths else "is no report"
        raise ValueError(f"{wanted!r} {which}. Name one as `python -m index status` lists them.")
    report = store.report(about[rows[0]].id, store.generation)
    assert report
    return report, store.passages_of(rows[0])


def as_text(report: Report, passages: Sequence[Passage]) -> Iterator[str]:
    """Lines: what is known of the report, then its text; a line before each page, each passage and what is in none."""
    known = (
        ("path", report.path),
        ("title", report.title),
        ("publisher", report.publisher),
        ("published", report.published),
        ("period", report.period),
        ("language", report.language),
        ("source", report.source),
        ("pages", str(len(report.pages) or "")),
        ("tables", str(len(tables(report.text)))),
        ("passages", str(len(passages))),
        *(("left out", fault) for fault in report.left_out),
    )
    yield from (f"{name:<10} {value or '-'}" for name, value in known)
    starts = {passage.start: (number, passage) for number, passage in enumerate(passages, 1)}
    ends = {passage.end for passage in passages}
    pages = {start: number for number, start in enumerate(report.pages, 1)}
    places = sorted({0, *starts, *ends, *pages})
    for start, end in zip(places, [*places[1:], len(report.text)], strict=True):
        text = report.text[start:end].strip("\n")
        if start in pages:
            yield f"\n══ page {pages[start]} ══"
        if start in starts:
            number, passage = starts[start]
            page = f", page {passage.page}" if passage.page else ""
            yield f"\n── passage {', '.join(filter(None, [f'{number}{page}', ' > '.join(passage.headings)]))} ──"
        elif start in ends and text.strip():
            yield "\n── in no passage ──"
        if text.strip():
            yield text


def as_json(report: Report, passages: Sequence[Passage]) -> dict[str, object]:
    """The same for machines; offsets count characters of ``text``, ``[start, end)``."""
    known = {name: getattr(report, name) for name in ("id", "path", "sha256", "title", "publisher", "published")}
    more = {name: getattr(report, name) for name in ("period", "language", "source", "left_out", "pages", "text")}
    return {
        **known,
        **more,
        "passages": [
            {"id": p.id, "start": p.start, "end": p.end, "page": p.page, "headings": p.headings} for p in passages
        ],
    }
