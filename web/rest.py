"""The same over HTTP for other programs, under /api/v1: ask, search, check a claim, read and change the reports."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from answer.check import Checker
from settings import ROOT
from web.api import (
    LONGEST_ANSWER,
    LONGEST_QUESTION,
    Narrowed,
    Parts,
    checked,
    filters_of,
    find,
    hit_json,
    place,
    report_json,
    routes,
)
from web.changes import refresh
from web.describe import docs_html
from web.problems import Problem, speak

#: The most passages a search gives.
_MOST_HITS = 100
#: As much of a report as is given at once, in characters.
_MOST_TEXT = 100_000
_ABOUT = """Every answer cites the exact words it rests on: `start` and `end` count the characters (Unicode code points)
of the report's text, and `text[start:end]` is the `quote`. An error is always
`{"error": {"zh": ..., "en": ..., "request": ...}}`; the log has a line of that `request`, which every answer's header
`X-Request-ID` names too.
Where the server has accounts, send a key made by `python app.py --add-key NAME` as `Authorization: Bearer KEY`.
Uploading and deleting need the header `X-Wenbao` too, with any value."""


class Sought(BaseModel):
    """What to search for."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    question: str
    """Words or a question, in Chinese or English."""
    k: int = Field(10, ge=1, le=_MOST_HITS)
    """How many passages, at most."""
    filters: Narrowed = Narrowed()
    """Only passages of these reports."""


class Claimed(BaseModel):
    """A claim, and the passage that should support it."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    claim: str = Field(min_length=1, max_length=LONGEST_QUESTION)
    """A sentence."""
    passage: str = Field(max_length=LONGEST_ANSWER)
    """What it should rest on, in either language."""


def make_rest(parts: Parts) -> FastAPI:
    """The application that answers below /api/v1; it describes itself at ``openapi.json`` and ``docs``."""
    app = FastAPI(
        title="Wenbao",
        version="1",
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        servers=[{"url": f"{parts.settings.base_path}/api/v1"}],
        root_path_in_servers=False,
    )
    speak(app)
    app.include_router(routes(parts))
    _add_search(app, parts)
    _add_check(app, parts)
    _add_reading(app, parts)
    _add_status(app, parts)
    _add_description(app)
    return app


def _add_search(app: FastAPI, parts: Parts) -> None:
    @app.post("/search")
    def search(sought: Sought) -> dict[str, Any]:
        """The passages that fit a question best, best first."""
        checked(sought.question)
        filters = filters_of(sought.filters)
        refresh(parts.library)
        hits = parts.library.search(sought.question.strip(), sought.k, filters)
        return {"hits": [hit_json(hit, find(parts, hit.passage.report_id)) for hit in hits]}


def _add_check(app: FastAPI, parts: Parts) -> None:
    checker = lru_cache(maxsize=1)(lambda: Checker(parts.settings))

    @app.post("/check")
    def check(claimed: Claimed) -> dict[str, Any]:
        """Does the passage support the claim? The figures, names and what is denied have to agree, and the meaning."""
        support = checker().check(claimed.claim, claimed.passage)
        return {"supported": support.supported, "score": support.score, "why": support.why}


def _add_reading(app: FastAPI, parts: Parts) -> None:
    @app.get("/reports/{report_id}")
    def read(report_id: str, start: int = 0, end: int | None = None) -> dict[str, Any]:
        """What a report says of itself, and its text `[start, end)`: all of it, or the first 100,000 characters."""
        report = find(parts, report_id)
        last = min(len(report.text), start + _MOST_TEXT) if end is None else end
        place(parts, report_id, start, last)
        if last - start > _MOST_TEXT:
            raise Problem(
                422,
                f"{start} 到 {last} 有 {last - start:,} 个字符，一次最多 {_MOST_TEXT:,} 个。",
                f"{start} to {last} are {last - start:,} characters; {_MOST_TEXT:,} are the most at once.",
            )
        told = {"period": report.period, "page_starts": list(report.pages), "left_out": list(report.left_out)}
        return report_json(report) | told | {"start": start, "end": last, "text": report.text[start:last]}


def _add_status(app: FastAPI, parts: Parts) -> None:
    @app.get("/status")
    def status() -> dict[str, Any]:
        """How many reports there are, by language, and which model, if any, writes the answers."""
        refresh(parts.library)
        reports = parts.library.reports(texts=False)
        languages = sorted({report.language for report in reports} - {""})
        counts = {language: sum(report.language == language for report in reports) for language in languages}
        model = (parts.settings.llm_model or "default") if parts.settings.llm_url else None
        return {"status": "ready", "reports": len(reports), "languages": counts, "model": model}


def _add_description(app: FastAPI) -> None:
    generated = app.openapi
    examples = json.loads((ROOT / "web" / "static" / "examples.json").read_text(encoding="utf-8"))

    def described() -> dict[str, Any]:
        """What FastAPI knows of the routes, with an example of what is sent and what comes back."""
        schema = generated()
        for name, example in examples.items():
            method, path = name.split()
            operation = schema["paths"][path][method.lower()]
            if "request" in example:
                operation["requestBody"]["content"]["application/json"]["example"] = example["request"]
            operation["responses"]["200"]["content"]["application/json"]["example"] = example["response"]
        return schema

    app.openapi = described  # type: ignore[method-assign]

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse(docs_html(app.openapi()))
