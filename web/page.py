"""The page: one chat, a panel for sources, the list of reports. The only place that knows Gradio."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from fastapi import FastAPI

from records import Report
from web import feedback
from web.api import Parts
from web.changes import refresh
from web.page_routes import add_routes
from web.problems import speak
from web.render import names_of, newest_first, upload_html
from web.texts import LANGUAGE_NAMES, TEXT, both

# Gradio reads these when it is imported; without them the server looks up outside hosts.
os.environ.update(GRADIO_ANALYTICS_ENABLED="False", HF_HUB_OFFLINE="1")
import gradio as gr

ASSETS = Path(__file__).parent / "static"
#: One script: what the others need comes first.
SCRIPTS = ("wenbao.js", "chat.js", "after.js", "panel.js", "shelf.js")
FONTS = ["system-ui", "-apple-system", "Segoe UI", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "sans-serif"]


def mount(app: FastAPI, parts: Parts) -> FastAPI:
    """``app`` with the page at ``/`` and the routes it asks."""
    add_routes(app, parts)
    feedback.add_routes(app, parts)
    blocks, translations = build(parts)
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
        root_path=parts.settings.base_path or None,
        theme=theme,
        head=_head(has_feedback=bool(parts.settings.feedback)),
        favicon_path=str(ASSETS / "favicon.svg"),
        i18n=translations,
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        pwa=False,
    )
    speak(app.routes[-1].app)  # type: ignore[attr-defined]  # Gradio's own application tells its errors as ours does
    return app


def _head(has_feedback: bool) -> str:
    """Our style and script; given as css=, Gradio would rewrite the style's selectors."""
    style = (ASSETS / "wenbao.css").read_text(encoding="utf-8")
    scripts = "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in SCRIPTS)
    known = f"const TEXT = {_json(TEXT)}, LANGUAGES = {_json(LANGUAGE_NAMES)}, FEEDBACK = {_json(has_feedback)};"
    return f'<style>{style}</style><script type="module">{known}\n{scripts}</script>'


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")


class Words(NamedTuple):
    """Gradio's own labels, each a property and the key of its text; the page's language button changes them."""

    component: Any
    properties: dict[str, str]


class Bar(NamedTuple):
    """The buttons above everything."""

    language: gr.Button
    new_chat: gr.Button
    menu: gr.Button


class Composer(NamedTuple):
    """The box to ask in, and what narrows who may answer."""

    question: gr.Textbox
    send: gr.Button
    fold: gr.Accordion
    reports: gr.Dropdown
    languages: gr.Dropdown
    years: gr.Dropdown
    set_filters: gr.Button


def build(parts: Parts) -> tuple[gr.Blocks, gr.I18n]:
    """The page, and its words for Gradio's own labels."""
    words = gr.I18n(**{"zh-CN": TEXT["zh"], "en": TEXT["en"]})
    with gr.Blocks(title="问报 Wenbao", fill_width=True, analytics_enabled=False) as blocks:
        bar = _bar(words)
        with gr.Row(elem_id="rooms"):
            with gr.Column(elem_id="talk"):
                drop = f'<div class="drop-here">{both("drop")}</div>'
                _html('<div id="turns"></div><div id="announce" class="unseen" role="status"></div>' + drop, "chat")
                composer = _composer(words, parts.library.reports(texts=False))
            with gr.Column(elem_id="side"):
                reload = _side(parts)
        _follow(blocks, bar, composer, reload, parts)
    blocks.queue(max_size=64)
    return blocks, words


def _html(content: str, elem_id: str) -> gr.HTML:
    return gr.HTML(content, elem_id=elem_id, js_on_load=None, apply_default_css=False)


def _bar(words: gr.I18n) -> Bar:
    with gr.Row(elem_id="bar"):
        _html(
            f'<div class="brand"><h1>问报<span class="latin"> Wenbao</span></h1><p>{both("tagline")}</p></div>', "brand"
        )
        return Bar(
            gr.Button("中文 / EN", elem_id="language", size="sm", variant="secondary"),
            gr.Button(words("new_chat"), elem_id="new-chat", size="sm", variant="secondary"),
            gr.Button(words("menu"), elem_id="menu", size="sm", variant="secondary"),
        )


def _composer(words: gr.I18n, reports: Sequence[Report]) -> Composer:
    with gr.Column(elem_id="composer"):
        _html('<div id="hint-text"></div><div id="queued"></div><div id="chips"></div>', "hint")
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
        with gr.Accordion(words("filters"), open=False, elem_id="filters") as fold, gr.Row():
            in_reports = gr.Dropdown(choices=_titles(reports), multiselect=True, label=words("filter_reports"), scale=2)
            in_languages = gr.Dropdown(
                choices=[(name, key) for key, name in LANGUAGE_NAMES.items()],
                multiselect=True,
                label=words("filter_languages"),
            )
            in_years = gr.Dropdown(choices=_years(reports), multiselect=True, label=words("filter_years"))
        set_filters = gr.Button(elem_id="set-filters", visible="hidden")
    return Composer(question, send, fold, in_reports, in_languages, in_years, set_filters)


def _side(parts: Parts) -> gr.Button:
    """The panel, the reports and the chats; gives the button that has Gradio's fields see the reports anew."""
    _html('<aside id="panel"></aside>', "panel-room")
    tabs = "".join(
        f'<button type="button" data-room="{room}" aria-pressed="{pressed}">{both(key)}</button>'
        for room, key, pressed in (("reports", "collection", "true"), ("chats", "chats", "false"))
    )
    close = f'<button type="button" class="sign drawer" data-drawer data-name="dismiss">×</button>{_unseen("menu")}'
    account = f'<button type="button" class="link" data-sign-out>{both("sign_out")}</button>'
    account = f'<p id="account" hidden><span class="name">{both("signed_in")}<b></b></span>{account}</p>'
    _html(f'<nav class="side-tabs">{tabs}{close}</nav>{account}', "side-head")
    _html(upload_html(parts.settings.upload_mib), "upload")
    groups = {"": "by_nothing", "folder": "by_folder", "year": "by_year", "language": "by_language"}
    options = "".join(f'<option value="{value}" data-text="{key}"></option>' for value, key in groups.items())
    _html(
        '<div id="shelf-tools" hidden><input type="search" id="shelf-search" data-name="search_reports">'
        f'<select id="shelf-group" data-name="group">{options}</select></div><div id="shelf"></div>',
        "collection",
    )
    tools = "".join(
        f'<button type="button" class="link" {data}>{both(key)}</button>'
        for key, data in (
            ("export_markdown", 'data-export="markdown"'),
            ("export_word", 'data-export="word"'),
            ("print", "data-print"),
        )
    )
    _html(
        f'<div id="chat-tools" class="acts" hidden>{tools}</div>'
        '<input type="search" id="chat-search" data-name="search_chats"><ul id="chat-list" class="reports"></ul>'
        f'<p id="no-chats" class="empty">{both("no_chats")}</p>',
        "chats",
    )
    return gr.Button(elem_id="reload", visible="hidden")


def _unseen(key: str) -> str:
    return f'<h2 class="unseen">{escape(TEXT["zh"][key])} / {escape(TEXT["en"][key])}</h2>'


def _follow(blocks: gr.Blocks, bar: Bar, composer: Composer, reload: gr.Button, parts: Parts) -> None:
    """What happens on each event; the conversation is the browser's own, and Gradio's fields are handed to it."""

    def collected() -> tuple[Any, Any]:
        """The reports and years that may be chosen: reports, years."""
        refresh(parts.library)
        now = parts.library.reports(texts=False)
        return gr.update(choices=_titles(now)), gr.update(choices=_years(now))

    quiet: dict[str, Any] = {"show_progress": "hidden", "queue": False, "api_visibility": "private"}
    question, chosen = composer.question, [composer.reports, composer.languages, composer.years]
    question.submit(None, question, question, js="(text) => submitQuestion(text)", **quiet)
    composer.send.click(None, question, question, js="(text) => sendOrStop(text)", **quiet)
    bar.new_chat.click(None, js="() => newChat()", **quiet)
    bar.menu.click(None, js="() => toggleDrawer()", **quiet)
    gr.on([field.change for field in chosen], None, chosen, js="(...fields) => filtersChosen(...fields)", **quiet)
    composer.set_filters.click(None, outputs=chosen, js="() => filtersNow()", **quiet)
    reload.click(collected, outputs=[composer.reports, composer.years], **quiet)

    labelled = [
        Words(question, {"placeholder": "ask", "label": "question"}),
        Words(bar.new_chat, {"value": "new_chat"}),
        Words(bar.menu, {"value": "menu"}),
        Words(composer.fold, {"label": "filters"}),
        Words(composer.reports, {"label": "filter_reports"}),
        Words(composer.languages, {"label": "filter_languages"}),
        Words(composer.years, {"label": "filter_years"}),
    ]
    components, fields = [one.component for one in labelled], json.dumps([one.properties for one in labelled])
    blocks.load(None, outputs=components, js=f"() => {{ start(); return labels({fields}); }}", **quiet)
    bar.language.click(None, outputs=components, js=f"() => switchLanguage({fields})", **quiet)


def _titles(reports: Sequence[Report]) -> list[tuple[str, str]]:
    names = names_of(reports)
    return [(names[report.path], report.path) for report in newest_first(reports)]


def _years(reports: Sequence[Report]) -> list[str]:
    return [str(year) for year in sorted({r.year for r in reports if r.year is not None}, reverse=True)]
