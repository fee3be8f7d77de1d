"""What every command says of itself with --help: each option explained, in English and in Chinese."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest

from index.commands import CHINESE, is_chinese
from settings import ROOT

#: Modules that another one runs, and what is run before anything is installed.
NO_COMMANDS = {"ingest.bounded", "tools.install"}
#: Commands that need a library of an extra.
NEEDS = {"tools.screenshots": "playwright", "train": "torch", "web.mcp_server": "mcp"}
VERBS = {
    "index": ("build", "watch", "status", "show", "search", "verify", "remove", "backup", "restore"),
    "eval": ("draft", "feedback", "public"),
}


def commands() -> list[str]:
    """What can be run, with its verbs: app, eval, eval draft, eval.bench, index build, ..."""
    found = []
    for path in (ROOT / "app.py", *sorted(ROOT.glob("[a-z]*/*.py"))):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__main__")
        if name not in NO_COMMANDS and '\nif __name__ == "__main__":' in path.read_text(encoding="utf-8"):
            found += [name, *(f"{name} {verb}" for verb in VERBS.get(name, ()))]
    return found


COMMANDS = commands()
HAN = re.compile(r"[\u4e00-\u9fff]")
#: What has no language: ``{"id", "claim"}``, --batch, MiB.
ENGLISH = re.compile(r"\b[a-z]{3,}\b")


def helped(name: str) -> None:
    """Runs a command with --help."""
    module, *verb = name.split()
    if library := NEEDS.get(module):
        pytest.importorskip(library)
    room = find_spec(module)
    main: Callable[[list[str]], object] = import_module(
        f"{module}.__main__" if room and room.submodule_search_locations else module
    ).main
    main([*verb, "--help"])


def told(name: str, language: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """What a command prints for --help, a line for each option, to a reader of this language."""
    for variable in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LANG", language)
    monkeypatch.setenv("COLUMNS", "400")
    with pytest.raises(SystemExit) as ended:
        helped(name)
    assert ended.value.code == 0
    return capsys.readouterr().out


def explained(text: str) -> dict[str, str]:
    """What help says of each argument, option and command: {"--index DIR": "where the index is kept"}."""
    lines = re.sub(r"\n {20,}", "  ", text).splitlines()
    parts = [re.split(r"\s{2,}", line.strip(), maxsplit=1) for line in lines if line.startswith("  ")]
    return {part[0]: part[1] if len(part) > 1 else "" for part in parts if part[0] != "COMMAND"}


@pytest.mark.parametrize("name", COMMANDS)
def test_each_option_is_explained_in_both_languages(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    english = explained(told(name, "en_GB.UTF-8", monkeypatch, capsys))
    chinese = explained(told(name, "zh_CN.UTF-8", monkeypatch, capsys))
    assert english.keys() == chinese.keys()
    assert "-h, --help" in english
    for option, says in english.items():
        assert ENGLISH.search(says), f"{name} {option} says nothing of itself"
        assert not HAN.search(says), f"{name} {option} speaks Chinese to an English reader: {says}"
        assert HAN.search(chinese[option]), f"CHINESE has no text for {name} {option}: {says}"


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_no_line_of_the_other_language(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = told(name, "zh_TW.UTF-8", monkeypatch, capsys)
    assert text.startswith("用法：python ")
    headings = [line for line in text.splitlines()[1:] if line and not line.startswith(" ")]
    assert headings
    assert all(HAN.search(line) for line in headings), headings
    assert told(name, "C", monkeypatch, capsys).startswith("usage: python ")


def test_the_table_has_no_text_that_no_command_says(monkeypatch: pytest.MonkeyPatch) -> None:
    said: set[str] = {"show this help message and exit", "options", "positional arguments"}
    plain = argparse.ArgumentParser.__init__

    def parser(self: argparse.ArgumentParser, *arguments: Any, **named: Any) -> None:
        plain(self, *arguments, **named)
        said.add(self.description or "")

    add = argparse._ActionsContainer._add_action

    def adding(self: argparse._ActionsContainer, action: Any) -> Any:
        said.add(action.help or "")
        said.update(choice.help or "" for choice in getattr(action, "_choices_actions", ()))
        return add(self, action)

    monkeypatch.setattr(argparse.ArgumentParser, "__init__", parser)
    monkeypatch.setattr(argparse._ActionsContainer, "_add_action", adding)
    for name in COMMANDS:
        with pytest.raises(SystemExit):
            helped(name)
    assert set(CHINESE) - said == set()


def test_the_installation_explains_itself_in_both() -> None:
    asked = [sys.executable, "tools/install.py", "--help"]
    text = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "Installs the app" in text
    assert "安装应用" in text


@pytest.mark.parametrize(
    ("environ", "chinese"),
    [
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, False),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_TW"}, True),
        ({"LANG": "zh_CN", "LC_ALL": ""}, True),
        ({"LANG": "C"}, False),
        ({}, False),
    ],
)
def test_the_language_is_the_readers(environ: dict[str, str], chinese: bool) -> None:
    assert is_chinese(environ) == chinese
