"""The result as one page for a browser: figures, curves, what is caught, failures side by side; it asks no host."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from eval import report
from eval.gate import Change, counted
from eval.intervals import wilson
from eval.run import Outcome
from eval.trials import TRUE, Trial

#: The size of a plot and its margin, in pixels.
_WIDE, _HIGH, _MARGIN = 390, 260, 54
#: Bins of confidence in the reliability plot.
_BINS = 10
Point = tuple[float, float]

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
table { border-collapse: collapse; font-size: 13px }
td, th { padding: 2px 10px; border-bottom: 1px solid #ddd; text-align: right }
td:first-child, th:first-child { text-align: left } .bad { color: #b00020 } .good { color: #16703c }
figure { display: inline-block; margin: 0 1rem 1rem 0 } figcaption { font-size: 13px }
article { display: grid; grid-template-columns: 1fr 1fr 1fr; gap: 1rem; padding: .6rem 0; font-size: 14px;
  border-top: 1px solid #ccc }
article[hidden] { display: none }
article p { margin: 0 0 .4rem } article .id { color: #777; font-size: 12px } text { font-size: 11px; fill: #555 }
"""
#: Shows the failures of the kind that is chosen; the only script of the page.
_SCRIPT = """
const kind = document.getElementById("kind");
const hide = article => { article.hidden = kind.value && article.dataset.kind !== kind.value; };
kind.onchange = () => document.querySelectorAll("article").forEach(hide);
"""


def page(
    made: dict[str, object],
    lines: Sequence[report.Row],
    outcomes: Sequence[Outcome],
    trials: Sequence[Trial],
    changes: Sequence[Change] = (),
) -> str:
    """The whole page, styles, plots and script inside it; ``made`` is ``report.result``'s, ``lines`` those of the
    table.
    """
    told = f"{made['date']}, commit {made['commit']}, {made['model']}, {made['writer']}; {len(outcomes)} questions"
    failed = [(outcome, list(report.wrongs(outcome))) for outcome in outcomes]
    failed = [(outcome, wrong) for outcome, wrong in failed if wrong]
    shown = sorted({outcome.question.kind for outcome, _ in failed})
    options = "".join(f'<option value="{escape(kind)}">{escape(kind)}</option>' for kind in shown)
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>How good are the answers</title><style>{_STYLE}</style>
<h1>How good are the answers</h1><p>{escape(told)}</p>
{_figures(lines, changes)}
<h2>How sure, and how often right</h2>
{plot("Risk and coverage: wrong among the surest answers", risk_coverage(outcomes), "share answered", "share wrong")}
{plot("Reliability: right answers by confidence", reliability(outcomes), "confidence", "share right", diagonal=True)}
<h2>Kinds of questions</h2>{_kinds(outcomes)}
<h2>Claims made false</h2>{_tamper(trials)}
<h2>Failures</h2>
<p><label>Kind: <select id="kind"><option value="">all ({len(failed)})</option>{options}</select></label></p>
{"".join(_failure(outcome, wrong) for outcome, wrong in failed)}
<script>{_SCRIPT}</script></html>
"""


def risk_coverage(outcomes: Sequence[Outcome]) -> list[Point]:
    """(coverage, share of wrong answers) as less and less sure answers are given; equally sure ones come at once.

    Confidences .9, .5 of a right and a wrong answer: (.5, 0), (1, .5).
    """
    levels = sorted({outcome.answer.confidence for outcome in outcomes}, reverse=True)
    points = []
    for level in levels:
        given = [outcome.right for outcome in outcomes if outcome.answer.confidence >= level]
        points.append((len(given) / len(outcomes), 1 - sum(given) / len(given)))
    return points


def reliability(outcomes: Sequence[Outcome]) -> list[Point]:
    """(mean confidence, share right) of each tenth of the scale that has answers."""
    points = []
    for bin_ in range(_BINS):
        inside = [o for o in outcomes if min(int(o.answer.confidence * _BINS), _BINS - 1) == bin_]
        if inside:
            sure = sum(o.answer.confidence for o in inside) / len(inside)
            points.append((sure, sum(o.right for o in inside) / len(inside)))
    return points


def plot(title: str, points: Sequence[Point], across: str, up: str, diagonal: bool = False) -> str:
    """A line through points in the unit square, as SVG; a diagonal beside it where one is to be met."""
    ends = _MARGIN, _WIDE - 10, _HIGH - _MARGIN, 10

    def at(x: float, y: float) -> str:
        left, right, bottom, top = ends
        return f"{left + x * (right - left):.1f},{bottom - y * (bottom - top):.1f}"

    ticks = "".join(
        f'<text x="{at(t, 0).split(",")[0]}" y="{_HIGH - 24}" text-anchor="middle">{t:g}</text>'
        f'<text x="{_MARGIN - 6}" y="{at(0, t).split(",")[1]}" text-anchor="end">{t:g}</text>'
        for t in (0, 0.25, 0.5, 0.75, 1)
    )
    line = " ".join(at(*point) for point in points)
    dots = "".join('<circle cx="{}" cy="{}" r="2.5" fill="#2457a8"/>'.format(*at(*p).split(",")) for p in points)
    even = f'<polyline points="{at(0, 0)} {at(1, 1)}" stroke="#bbb" stroke-dasharray="4"/>' if diagonal else ""
    axes = f'<polyline points="{at(0, 1)} {at(0, 0)} {at(1, 0)}" stroke="#888" fill="none"/>'
    return (
        f'<figure><svg width="{_WIDE}" height="{_HIGH}" role="img" aria-label="{escape(title)}">{axes}{even}{ticks}'
        f'<polyline points="{line}" stroke="#2457a8" stroke-width="2" fill="none"/>'
        f"{dots if len(points) <= _BINS else ''}"
        f'<text x="{_WIDE / 2}" y="{_HIGH - 6}" text-anchor="middle">{escape(across)}</text>'
        f'<text x="12" y="{_HIGH / 2}" transform="rotate(-90 12 {_HIGH / 2})" text-anchor="middle">{escape(up)}</text>'
        f"</svg><figcaption>{escape(title)}</figcaption></figure>"
    )


def _table(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    """Cells are HTML already."""
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in body)
    return f"<table><tr>{''.join(f'<th>{escape(name)}</th>' for name in head)}</tr>{rows}</table>"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}" if value <= 1 else f"{value:.0f}"


def _figures(rows: Sequence[report.Row], changes: Sequence[Change]) -> str:
    moved = {change.name: change for change in changes if change.moved}
    body = []
    for row in rows:
        span = f"{row.span[0]:.3f} – {row.span[1]:.3f}" if row.span else ""
        passed = {None: "", True: '<b class="good">pass</b>', False: '<b class="bad">FAIL</b>'}[row.passed]
        change = moved.get(row.metric)
        told = f'<span class="{"bad" if change.fell else ""}">{change.new - change.old:+.3f}</span>' if change else ""
        floor = escape(str(row.floor or ""))
        values = (_number(row.zh), _number(row.en), _number(row.all), span, str(row.count), floor, passed, told)
        body.append((escape(row.metric), *values))
    return _table(("figure", "zh", "en", "all", "95 %", "of", "floor", "", "moved"), body)


def _kinds(outcomes: Sequence[Outcome]) -> str:
    found = report.kinds(outcomes).items()
    return _table(
        ("kind", "of", *report.OF_KIND),
        [(escape(kind), str(count), *map(_number, values)) for kind, (count, values) in found],
    )


def _tamper(trials: Sequence[Trial]) -> str:
    """A cell for each kind and language, the redder the fewer are judged rightly."""
    shares = counted(trials)
    kinds = dict.fromkeys(trial.kind for trial in trials)
    body = []
    for kind in sorted(kinds, key=lambda kind: (kind not in TRUE, kind)):
        cells = []
        for language in ("zh", "en"):
            right, of = shares.get(f"{kind} {language}", (0, 0))
            low, high = wilson(right, of)
            colour = f"background: hsl({120 * right / of:.0f} 60% 85%)" if of else ""
            cells.append(f'<span style="{colour}">{right} of {of} ({low:.2f} – {high:.2f})</span>' if of else "")
        body.append((escape(kind + (" kept" if kind in TRUE else " caught")), *cells))
    return _table(("", "Chinese", "English"), body)


def _failure(outcome: Outcome, wrong: Sequence[str]) -> str:
    """A question with what is wrong, its answer, and what the reports say, side by side."""
    question = outcome.question
    faults = "".join(f'<p class="bad">{escape(text.split(" | ")[0])}</p>' for text in wrong)
    quotes = "".join(f"<p>{escape(path)}: {escape(quote)}</p>" for path, quote in outcome.cited)
    gold = "".join(f"<p>{escape(e.report)}: {escape(e.quote)}</p>" for e in question.evidence)
    facts = "; ".join(" / ".join(group) for group in question.facts)
    told = f"{outcome.answer.certainty}, {outcome.answer.confidence:.2f}"
    return (
        f'<article data-kind="{escape(question.kind)}">'
        f'<div><p class="id">{escape(question.id)} · {escape(question.kind)}</p>'
        f"<p><b>{escape(question.question)}</b></p>{faults}</div>"
        f'<div><p class="id">answer ({told})</p><p>{escape(outcome.answer.text)}</p>'
        f'<p class="id">cited</p>{quotes}</div>'
        f'<div><p class="id">facts</p><p>{escape(facts)}</p><p class="id">evidence</p>{gold}</div></article>'
    )
