"""What every command says of itself with --help: each option explained, in English and in Chinese."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from typing import Any

import pytest

import answer.__main__ as answer_command
import app
import eval.__main__ as eval_command
import index.__main__ as index_command
from index.commands import CHINESE, is_chinese

VERBS = ("build", "watch", "status", "show", "search", "verify", "remove", "backup", "restore")
COMMANDS: dict[str, tuple[Callable[[list[str]], object], tuple[str, ...]]] = {
    "app.py": (app.main, ()),
    "index": (index_command.main, ()),
    **{f"index {verb}": (index_command.main, (verb,)) for verb in VERBS},
    "answer": (answer_command.main, ()),
    "eval": (eval_command.main, ()),
    "eval draft": (eval_command.main, ("draft",)),
    "eval public": (eval_command.main, ("public",)),
}
HAN = re.compile(r"[\u4e00-\u9fff]")
#: What has no language: ``{"id", "claim"}``, --batch, MiB.
ENGLISH = re.compile(r"\b[a-z]{3,}\b")


def told(name: str, language: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """What a command prints for --help, a line for each option, to a reader of this language."""
    for variable in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LANG", language)
    monkeypatch.setenv("COLUMNS", "400")
    run, verb = COMMANDS[name]
    with pytest.raises(SystemExit) as ended:
        run([*verb, "--help"])
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
    for run, verb in COMMANDS.values():
        with pytest.raises(SystemExit):
            run([*verb, "--help"])
    assert set(CHINESE) - said == set()


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
