"""Every choice, in one frozen object, read once at the edge and handed down.

Each field is an environment variable: ``WENBAO_`` and the field's name in capitals (``WENBAO_PORT=7860``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be chosen; the defaults need nothing but the checkout."""

    reports: Path = ROOT / "reports"
    """The folder of reports."""
    index: Path = ROOT / "var" / "index"
    """The folder the index is kept in."""
    database: str = ""
    """A PostgreSQL server that several machines share (``postgresql://user:password@host/wenbao``); empty: none is."""
    model: str = str(ROOT / "models" / "wenbao-static")
    """A sentence-transformers name or folder; the index is built on it."""
    passage_size: int = 900
    """The longest passage, in English characters; a Chinese character counts as 2.5."""
    candidates: int = 200
    """How many passages each first ranking hands on."""
    hits: int = 24
    """How many passages are read for an answer, at most: the first eight, and more while it is not sure."""
    reader: str = str(ROOT / "models" / "wenbao-reader")
    """What reads question and passages together: the shipped model's folder, or a sentence-transformers cross-encoder;
    empty: none.
    """
    use_keywords: bool = True
    """Match by words."""
    use_vectors: bool = True
    """Match by meaning."""
    use_interaction: bool = True
    """Match word by word across languages; needs a static model."""
    max_sentences: int = 3
    """The longest answer, in sentences; twice as many where several things are asked for."""
    decline_below: float = 0.0
    """Answers with less confidence than this are declined; 0: as learned."""
    llm_url: str = ""
    """An OpenAI-compatible endpoint (``http://localhost:11434/v1``); empty: answers are quoted."""
    llm_model: str = ""
    """The model to ask for there."""
    llm_key: str = ""
    """Its key, if it wants one."""
    llm_timeout: float = 30.0
    """Seconds to wait for it before the answer is quoted instead."""
    unsupported: str = "strike"
    """What happens to an LLM's unsupported sentences: ``strike`` or ``drop``."""
    reranker: str = ""
    """A sentence-transformers cross-encoder that ranks the best passages once more."""
    nli_model: str = ""
    """A sentence-transformers cross-encoder (entailment, neutral, contradiction) that checks an LLM's sentences too."""
    host: str = "127.0.0.1"
    """The address the page is served at."""
    port: int = 7860
    """Its port."""
    base_path: str = ""
    """The path below which a reverse proxy serves the page (``/wenbao``); empty: at the root."""
    upload_mib: int = 50
    """The largest file that may be uploaded, in MiB."""
    hosts: str = ""
    """Other names that the page may be reached by, with commas; those of this machine and `WENBAO_HOST` always may."""
    origins: str = ""
    """Other sites whose pages may ask here (``https://intranet.example``), with commas; no other site's may."""
    body_timeout: float = 30.0
    """Seconds that a request may take to arrive; a second more for every 64 KiB of it."""
    answer_timeout: float = 90.0
    """Seconds that a question may take, waiting included."""
    answering: int = 4
    """How many questions are answered at the same time."""
    waiting: int = 16
    """How many more may wait for it; whoever comes then is told that the server is busy."""
    watch: float = 3.0
    """How often the running page looks for changes in the folder of reports, in seconds; 0: never."""
    log: str = "warning"
    """How much is logged: ``error``, ``warning``, or ``info``, which has a line for each request."""
    feedback: str = str(ROOT / "var" / "state" / "feedback.sqlite")
    """The file of what readers say of answers (``python -m eval feedback``); empty: nobody is asked."""
    accounts: str = ""
    """A file of accounts, made by ``python app.py --add-user NAME``; empty: none are asked for."""
    session_hours: float = 12.0
    """How long somebody stays signed in, in hours."""
    questions_per_minute: int = 30
    """How many questions each account may ask within a minute."""
    proxy_user: str = ""
    """The header in which a reverse proxy names who asks (``X-Forwarded-User``); empty: none does."""
    proxies: str = ""
    """The addresses of proxies whose header is believed, with commas; those of this machine always are."""
    owners: str = ""
    """Names given by a proxy that may upload and delete, with commas."""

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Settings:
        """The defaults, changed by ``WENBAO_*``.

        Raises ValueError naming the variable, its value and what it should be.
        """
        known = {f"WENBAO_{f.name.upper()}": f for f in fields(cls)}
        unknown = sorted(k for k in environ if k.startswith("WENBAO_") and k not in known)
        if unknown:
            raise ValueError(f"{unknown[0]} is no setting. The settings are {', '.join(sorted(known))}.")
        changes: dict[str, Any] = {
            f.name: _parse(key, environ[key], str(f.type)) for key, f in known.items() if key in environ
        }
        settings = replace(cls(), **changes)
        if settings.unsupported not in ("strike", "drop"):
            raise ValueError(f"WENBAO_UNSUPPORTED has value {settings.unsupported!r}. It should be strike or drop.")
        if settings.log not in ("error", "warning", "info"):
            raise ValueError(f"WENBAO_LOG has value {settings.log!r}. It should be error, warning or info.")
        if not _BASE_PATH.fullmatch(settings.base_path):
            raise ValueError(
                f"WENBAO_BASE_PATH has value {settings.base_path!r}. It should begin with / and end without it, such as"
                " /wenbao, or be empty."
            )
        for name, (least, most) in _RANGES.items():
            if not least <= getattr(settings, name) <= most:
                value = getattr(settings, name)
                raise ValueError(f"WENBAO_{name.upper()} has value {value!r}. It should be from {least} to {most}.")
        return settings


#: ``/wenbao``, ``/tools/wenbao``, or nothing; no ``.`` or ``..`` between its slashes.
_BASE_PATH = re.compile(r"(/(?!\.{1,2}(/|$))[A-Za-z0-9._~-]+)*")
#: What the numbers may be, both ends included.
_RANGES = {
    "passage_size": (50, 100_000),
    "candidates": (1, 100_000),
    "hits": (1, 1000),
    "decline_below": (0, 1),
    "llm_timeout": (0.1, 3600),
    "port": (0, 65535),
    "upload_mib": (1, 2000),
    "max_sentences": (1, 20),
    "body_timeout": (0.1, 3600),
    "answer_timeout": (0.1, 3600),
    "answering": (1, 16),
    "waiting": (0, 16),
    "watch": (0, 3600),
    "session_hours": (0.001, 8760),
    "questions_per_minute": (1, 100_000),
}


def listed(text: str) -> tuple[str, ...]:
    """What stands between commas: ``a, b`` -> ("a", "b")."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _parse(key: str, value: str, kind: str) -> object:
    if kind == "Path" and not value.strip():  # it would be the folder that the command is run in
        raise ValueError(f"{key} is empty. Leave it out, or name a folder.")
    try:
        if kind == "bool":
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[value.lower()]
        return {"Path": Path, "int": int, "float": float, "str": str}[kind](value)
    except (KeyError, ValueError):
        wanted = {"bool": "true or false", "int": "a whole number", "float": "a number"}[kind]
        raise ValueError(f"{key} has value {value!r}. It should be {wanted}.") from None
