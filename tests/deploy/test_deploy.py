"""The container file, compose, the service and the proxies' snippets: what they name is there, what they say holds."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from configparser import ConfigParser
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from settings import ROOT, Settings

DEPLOY = ROOT / "deploy"
SETTINGS = {f"WENBAO_{field.name.upper()}" for field in fields(Settings)}
#: What only training and other models need.
HEAVY = {"torch", "sentence-transformers"}


def read(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def name_of(requirement: str) -> str:
    return re.split(r"[\[<>=~! ;]", requirement)[0].lower()


def test_the_image_has_what_the_app_asks_for_and_nothing_that_is_heavy() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    written = [line for line in read("requirements.txt").splitlines() if line and not line.startswith("#")]
    assert set(written) == {name_of(requirement) for requirement in asked} - HEAVY


def test_the_image_has_every_room_that_the_app_imports() -> None:
    copied = set(re.findall(r"^COPY (?!--from)(.+) \S+$", read("Containerfile"), re.MULTILINE))
    taken = {name for names in copied for name in names.split()}
    rooms, wanted = ["app.py"], set[str]()
    while rooms:
        room = rooms.pop()
        wanted.add(room)
        for path in [ROOT / room] if room.endswith(".py") else (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                for top in {name.partition(".")[0] for name in names} - {""}:
                    other = f"{top}.py" if (ROOT / f"{top}.py").is_file() else top
                    if (ROOT / other).exists() and other not in wanted:
                        rooms.append(other)
    assert wanted - taken == set()
    assert {"models", "constraints.txt", "deploy/requirements.txt"} <= taken
    let_in = {line[1:] for line in read("Containerfile.dockerignore").splitlines() if line.startswith("!")}
    assert taken == let_in
    assert all((ROOT / name).exists() for name in taken)


def test_the_image_runs_as_nobody_of_note_and_says_whether_it_lives() -> None:
    told = read("Containerfile")
    assert re.findall(r"^USER (\S+)$", told, re.MULTILINE) == ["10001"]
    volumes = re.search(r"^VOLUME (\[.+\])$", told, re.MULTILINE)
    assert volumes
    assert ast.literal_eval(volumes[1]) == ["/data/reports", "/data/index", "/data/accounts", "/data/state"]
    assert "/healthz" in told.partition("HEALTHCHECK")[2]


@pytest.mark.parametrize(
    "name", ["Containerfile", "compose.yaml", "wenbao.service", "nginx.conf", "Caddyfile", "README.md"]
)
def test_only_settings_that_there_are_are_named(name: str) -> None:
    assert set(re.findall(r"\bWENBAO_[A-Z][A-Z_]+\b", read(name))) - {"WENBAO_NAME"} <= SETTINGS


def test_compose_runs_wenbao_alone_unless_an_llm_is_asked_for() -> None:
    services = yaml.safe_load(read("compose.yaml"))["services"]
    assert [name for name, service in services.items() if "profiles" not in service] == ["wenbao"]
    assert services["ollama"]["profiles"] == ["llm"]
    wenbao = services["wenbao"]
    assert wenbao["read_only"] is True
    assert (wenbao["cap_drop"], wenbao["security_opt"]) == (["ALL"], ["no-new-privileges:true"])
    assert all(port.startswith("127.0.0.1:") for port in wenbao["ports"])
    assert [volume.rpartition(":")[2] for volume in wenbao["volumes"]] == [
        "/data/reports",
        "/data/index",
        "/data/accounts",
        "/data/state",
    ]
    assert (DEPLOY / wenbao["build"]["context"] / wenbao["build"]["dockerfile"]).is_file()


def unit() -> ConfigParser:
    """The service; of an option that is given twice, the last."""
    parser = ConfigParser(strict=False, interpolation=None, comment_prefixes="#")
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # their case is a part of their names
    parser.read_string(read("wenbao.service"))
    return parser


def test_the_service_writes_to_one_place_and_gains_nothing() -> None:
    service = unit()["Service"]
    assert service["ProtectSystem"] == "strict"
    assert service["ReadWritePaths"] == "/var/lib/wenbao"
    assert service["NoNewPrivileges"] == "true"
    assert service["CapabilityBoundingSet"] == ""
    written = re.findall(r"WENBAO_(?:REPORTS|INDEX|FEEDBACK)=(\S+)", read("wenbao.service"))
    assert len(written) == 3
    assert all(path.startswith("/var/lib/wenbao/") for path in written)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze on the PATH")
def test_systemd_finds_the_service_well_shut() -> None:
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(DEPLOY / "wenbao.service")]
    told = subprocess.run(command, capture_output=True, text=True)
    assert told.returncode == 0, [*told.stdout.splitlines()[-1:], told.stderr]


NGINX = """
pid {folder}/pid; error_log stderr; daemon off; events {{}}
http {{
    access_log off; client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
    uwsgi_temp_path {folder}; scgi_temp_path {folder};
    server {{ listen 127.0.0.1:{port}; {snippet} }}
}}
"""


@pytest.mark.skipif(not shutil.which("nginx"), reason="no nginx on the PATH")
def test_nginx_takes_its_snippet(tmp_path: Path) -> None:
    (tmp_path / "nginx.conf").write_text(NGINX.format(folder=tmp_path, port=8080, snippet=read("nginx.conf")), "utf-8")
    command = ["nginx", "-t", "-e", "stderr", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
    told = subprocess.run(command, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr


@pytest.mark.skipif(not shutil.which("caddy"), reason="no caddy on the PATH")
def test_caddy_takes_its_snippet() -> None:
    command = ["caddy", "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")]
    told = subprocess.run(command, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr


@pytest.mark.parametrize("snippet", ["nginx.conf", "Caddyfile"])
def test_a_proxy_neither_holds_answers_back_nor_lets_anybody_name_himself(snippet: str) -> None:
    told = read(snippet)
    wanted = {
        "nginx.conf": (
            "proxy_buffering off;",
            "proxy_request_buffering off;",
            'X-Forwarded-User "";',
            "Host $http_host;",
        ),
        "Caddyfile": ("flush_interval -1", "header_up -X-Forwarded-User"),
    }
    assert [line for line in wanted[snippet] if line not in told] == []
    assert f"{Settings().upload_mib + 1}" in told  # what may be uploaded passes


def test_the_app_needs_no_torch() -> None:
    code = (
        "import sys\nfor name in ('torch', 'transformers', 'sentence_transformers'): sys.modules[name] = None\n"
        "import app, index.__main__, answer.__main__"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
