"""The page: one chat, a panel for sources, the list of reports. The only place that knows Gradio."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from fastapi import FastAPI

from api import Parts, Problem, ask, checked, find
from index.search import Filters
from records import Report, Turn
from render import (
    LANGUAGE_NAMES,
    TEXT,
    answer_html,
    asked_html,
    both,
    both_of,
    chat_html,
    plain,
    problem_html,
    reports_html,
    searching_html,
    upload_html,
    welcome_html,
)

# Gradio reads these when it is imported; without them the server looks up outside hosts.
os.environ.update(GRADIO_ANALYTICS_ENABLED="False", HF_HUB_OFFLINE="1")
import gradio as gr

ASSETS = Path(__file__).parent / "page"
FONTS = ["system-ui", "-apple-system", "Segoe UI", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "sans-serif"]
#: How many earlier turns a question is understood by.
REMEMBERED = 20


class Said(NamedTuple):
    """A turn of the chat: what is remembered of it, and what it looks like."""

    turn: Turn
    html: str


#: Questions to click, by the report of the sample collection that answers them.
SAMPLES = {
    "cilium-2025.zh.md": "Cilium 一年的开发活动比第一年增长了多少倍？",
    "cilium-2024.zh.md": "2024 年有多少家公司为 Cilium 做过贡献？",
    "cilium-2025.en.md": "Who runs AI training clusters on Cilium?",
    "cilium-2024.en.md": "How much did individual contributors grow since Cilium joined the CNCF?",
}


def examples(reports: Sequence[Report]) -> list[str]:
    """Questions to start from: about the sample collection, or, for another one, about its newest reports."""
    paths = {report.path for report in reports}
    samples = [question for path, question in SAMPLES.items() if path in paths]
    newest = sorted(reports, key=lambda report: report.published, reverse=True)[:4]
    about = [
        (f"《{title}》讲了什么？" if r.language == "zh" else f"What is “{title}” about?")
        for r in newest
        if (title := plain(r.title))
    ]
    return samples or about


def mount(app: FastAPI, parts: Parts) -> FastAPI:
    """``app`` with the page at ``/``."""
    blocks, translations = build(parts)
    style = (ASSETS / "wenbao.css").read_text(encoding="utf-8")  # given as css=, Gradio would rewrite its selectors
    script = (ASSETS / "wenbao.js").read_text(encoding="utf-8")
    fonts = [gr.themes.Font(name) for name in FONTS]
    theme = gr.themes.Default(
        primary_hue="teal", neutral_hue="slate", font=fonts, font_mono=["ui-monospace", "monospace"]
    ).set(
        button_primary_background_fill="#0f766e",
        button_primary_background_fill_hover="#115e59",
        button_primary_background_fill_dark="#0f766e",
        button_primary_background_fill_hover_dark="#115e59",
        input_border_color_focus="#0d9488",
    )
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        theme=theme,
        head=f"<style>{style}</style><script>const TEXT = {json.dumps(TEXT, ensure_ascii=False)};\n{script}</script>",
        i18n=translations,
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        pwa=False,
    )
    return app


class Words(NamedTuple):
    """Gradio's own labels, each a property and the key of its text; the page's language button changes them."""

    component: Any
    properties: dict[str, str]


def build(parts: Parts) -> tuple[gr.Blocks, gr.I18n]:
    """The page, and its words for Gradio's own labels."""
    words = gr.I18n(**{"zh-CN": TEXT["zh"], "en": TEXT["en"]})
    reports = parts.library.reports()
    welcome = welcome_html(examples(reports))

    with gr.Blocks(title="问报 Wenbao", fill_width=True, analytics_enabled=False) as blocks:
        said = gr.State([])
        with gr.Row(elem_id="bar"):
            gr.HTML(
                f'<div class="brand"><h1>问报 Wenbao</h1><p>{both("tagline")}</p></div>',
                elem_id="brand",
                js_on_load=None,
                apply_default_css=False,
            )
            language = gr.Button("中文 / EN", elem_id="language", size="sm", variant="secondary")
            new_chat = gr.Button(words("new_chat"), elem_id="new-chat", size="sm", variant="secondary")
        with gr.Row(elem_id="rooms"):
            with gr.Column(elem_id="talk"):
                chat = gr.HTML(welcome, elem_id="chat", js_on_load=None, apply_default_css=False)
                with gr.Column(elem_id="composer"):
                    hint = gr.HTML("", elem_id="hint", js_on_load=None, apply_default_css=False)
                    with gr.Row():
                        question = gr.Textbox(
                            label=words("question"),
                            placeholder=words("ask"),
                            show_label=False,
                            container=False,
                            lines=1,
                            max_lines=6,
                            elem_id="question",
                            autofocus=True,
                        )
                        send = gr.Button(words("send"), elem_id="send", variant="primary")
                    with gr.Accordion(words("filters"), open=False, elem_id="filters") as filters, gr.Row():
                        in_reports = gr.Dropdown(
                            choices=_titles(reports), multiselect=True, label=words("filter_reports"), scale=2
                        )
                        in_languages = gr.Dropdown(
                            choices=[(name, key) for key, name in LANGUAGE_NAMES.items()],
                            multiselect=True,
                            label=words("filter_languages"),
                        )
                        in_years = gr.Dropdown(choices=_years(reports), multiselect=True, label=words("filter_years"))
            with gr.Column(elem_id="side"):
                gr.HTML(
                    '<aside id="panel" aria-live="polite"></aside>',
                    elem_id="panel-room",
                    js_on_load=None,
                    apply_default_css=False,
                )
                gr.HTML(
                    upload_html(parts.settings.upload_mib), elem_id="upload", js_on_load=None, apply_default_css=False
                )
                reload = gr.Button(elem_id="reload", visible="hidden")
                collection = gr.HTML(
                    reports_html(reports), elem_id="collection", js_on_load=None, apply_default_css=False
                )

        def reply(
            text: str, earlier: list[Said], reports: list[str], languages: list[str], years: list[str]
        ) -> Iterator[tuple[Any, ...]]:
            """chat, said, question, hint: as they stand after each part of the answer."""
            try:
                checked(text)
            except Problem as problem:
                yield (
                    gr.skip(),
                    gr.skip(),
                    gr.skip(),
                    f"<p role='alert'>{both_of(problem.chinese, problem.english)}</p>",
                )
                return
            before = [turn.html for turn in earlier]
            asked = asked_html(text.strip())
            yield chat_html([*before, asked + searching_html()]), gr.skip(), "", ""
            chosen = Filters(tuple(reports or ()), tuple(languages or ()), tuple(int(year) for year in years or ()))
            answer, html = None, ""
            try:
                for answer in ask(parts, text, [turn.turn for turn in earlier[-REMEMBERED:]], chosen):
                    html = asked + answer_html(answer, text.strip(), partial(find, parts))
                    yield chat_html([*before, html]), gr.skip(), gr.skip(), gr.skip()
            except Problem as problem:
                html = asked + problem_html(problem.chinese, problem.english)
            remembered = Turn(answer.question or text.strip(), answer.text) if answer else Turn(text.strip())
            yield chat_html([*before, html]), [*earlier, Said(remembered, html)], gr.skip(), gr.skip()

        asking = gr.on(
            [question.submit, send.click],
            reply,
            inputs=[question, said, in_reports, in_languages, in_years],
            outputs=[chat, said, question, hint],
            show_progress="hidden",
            concurrency_limit=8,
            api_visibility="private",
        )
        new_chat.click(
            lambda: (welcome, [], "", ""),
            outputs=[chat, said, question, hint],
            cancels=asking,
            show_progress="hidden",
            queue=False,
            api_visibility="private",
            js="() => { document.body.classList.remove('panel-open'); return []; }",
        )

        def collected() -> tuple[Any, ...]:
            parts.library.refresh()
            now = parts.library.reports()
            return reports_html(now), gr.update(choices=_titles(now)), gr.update(choices=_years(now))

        gr.on(
            [blocks.load, reload.click],
            collected,
            outputs=[collection, in_reports, in_years],
            show_progress="hidden",
            queue=False,
            api_visibility="private",
        )
        labelled = [
            Words(question, {"placeholder": "ask", "label": "question"}),
            Words(send, {"value": "send"}),
            Words(new_chat, {"value": "new_chat"}),
            Words(filters, {"label": "filters"}),
            Words(in_reports, {"label": "filter_reports"}),
            Words(in_languages, {"label": "filter_languages"}),
            Words(in_years, {"label": "filter_years"}),
        ]
        components, fields = (
            [label.component for label in labelled],
            json.dumps([label.properties for label in labelled]),
        )
        blocks.load(None, outputs=components, js=f"() => labels({fields})")
        language.click(None, outputs=components, js=f"() => switchLanguage({fields})")
    blocks.queue(max_size=64)
    return blocks, words


def _titles(reports: list[Report]) -> list[tuple[str, str]]:
    return [(plain(report.title) or report.path, report.path) for report in reports]


def _years(reports: list[Report]) -> list[str]:
    return [str(year) for year in sorted({r.year for r in reports if r.year is not None}, reverse=True)]
