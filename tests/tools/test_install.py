"""What is installed, and which build of torch, told by what pip would take."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from tools import install

CPU = {"name": "torch", "version": "2.13.0+cpu", "requires_dist": ["filelock", "sympy>=1.13"]}
GPU = {"name": "torch", "version": "2.13.0", "requires_dist": ['nvidia-cudnn-cu13==9; platform_system == "Linux"']}


class Pip:
    """Stands in for ``subprocess.run``: a dry run reports ``offered``; what names ``refused`` fails."""

    def __init__(self, offered: dict[str, Any] | None, refused: str = "nothing") -> None:
        self.offered, self.refused = offered, refused
        self.installed: list[list[str]] = []

    def __call__(self, command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        if "--dry-run" in command:
            found = json.dumps({"install": [{"metadata": self.offered}]})
            return subprocess.CompletedProcess(command, 0 if self.offered else 1, found)
        self.installed.append(command[command.index("install") + 1 :])
        return subprocess.CompletedProcess(command, 1 if any(self.refused in part for part in command) else 0)


@pytest.mark.parametrize(
    ("offered", "platform", "index"),
    [(CPU, "linux", False), (GPU, "linux", True), (None, "linux", True), (GPU, "darwin", False)],
)
def test_torch_comes_as_a_cpu_build(
    offered: dict[str, Any] | None, platform: str, index: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    pip = Pip(offered)
    monkeypatch.setattr(subprocess, "run", pip)
    monkeypatch.setattr("sys.platform", platform)
    install.install_torch("torch==2.13.0")
    (arguments,) = pip.installed
    assert (install.TORCH_CPU in arguments) is index
    assert arguments[-1] == ("torch==2.13.0+cpu" if index else "torch==2.13.0")


def test_without_the_cpu_index_pip_takes_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    pip = Pip(GPU, refused=install.TORCH_CPU)
    monkeypatch.setattr(subprocess, "run", pip)
    monkeypatch.setattr("sys.platform", "linux")
    install.install_torch("torch==2.13.0")
    assert [arguments[-1] for arguments in pip.installed] == ["torch==2.13.0+cpu", "torch==2.13.0"]


def test_what_is_there_is_not_fetched_again() -> None:
    assert install.installed(f"pytest=={pytest.__version__}")
    assert not install.installed("pytest==0.0.1")
    assert not install.installed("nonesuch==1.0")


def test_extras_are_added_to_the_app() -> None:
    app, dev = install.requirements([]), install.requirements(["dev"])
    assert dev[: len(app)] == app
    assert any(name.startswith("pytest") for name in dev[len(app) :])
    with pytest.raises(SystemExit, match="no extra 'docs'"):
        install.requirements(["docs"])


def test_torch_is_pinned() -> None:
    assert install.pinned("torch") == "torch==2.13.0"
    with pytest.raises(SystemExit, match=r"constraints\.txt has no version of nonesuch"):
        install.pinned("nonesuch")
