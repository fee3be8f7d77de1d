"""What the API can do, as one page without scripts: it works offline, which Swagger's own does not."""

from __future__ import annotations

import json
from html import escape
from typing import Any


def docs_html(schema: dict[str, Any]) -> str:
    """The page of an OpenAPI description."""
    routes = [(path, method, of) for path, methods in schema["paths"].items() for method, of in methods.items()]
    about = "".join(f"<p>{escape(line)}</p>" for line in schema["info"]["description"].split(". "))
    return (
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>Wenbao: API</title>"
        "<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
        "pre{background:#f1f5f9;padding:.75rem;overflow:auto}td,th{text-align:left;padding:.2rem .8rem .2rem 0}</style>"
        f"<h1>Wenbao API {escape(schema['info']['version'])}</h1>{about}"
        "<p>The same for programs: <a href='openapi.json'>openapi.json</a></p>"
        + "".join(_route_html(schema, path, method, operation) for path, method, operation in routes)
    )


def _route_html(schema: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> str:
    parts = [f"<h2>{method.upper()} /api/v1{escape(path)}</h2><p>{escape(operation.get('description', ''))}</p>"]
    rows = [
        (p["name"], p["in"], p.get("required", False), p.get("description", ""))
        for p in operation.get("parameters", ())
    ]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    if reference := body.get("schema", {}).get("$ref"):
        model = schema["components"]["schemas"][reference.rpartition("/")[2]]
        required = model.get("required", ())
        rows += [
            (name, "body", name in required, of.get("description", "")) for name, of in model["properties"].items()
        ]
    if rows:
        cells = "".join(
            f"<tr><td><code>{escape(name)}</code><td>{where}<td>{'required' if needed else ''}<td>{escape(said)}"
            for name, where, needed, said in rows
        )
        parts.append(f"<table><tr><th>name<th>in<th><th>what it is{cells}</table>")
    if "example" in body:
        sent = json.dumps(body["example"], ensure_ascii=False)
        parts.append(
            f"<pre>curl -H 'Content-Type: application/json' -d '{escape(sent, quote=False)}' \\\n"
            f"  http://localhost:7860/api/v1{escape(path)}</pre>"
        )
    answered = operation["responses"]["200"].get("content", {}).get("application/json", {}).get("example")
    if answered is not None:
        parts.append(f"<pre>{escape(json.dumps(answered, ensure_ascii=False, indent=2), quote=False)}</pre>")
    return "".join(parts)
