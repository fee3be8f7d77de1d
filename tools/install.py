"""Install what pyproject.toml asks for, at the versions of constraints.txt: ``python tools/install.py [EXTRA ...]``.

torch comes first, from a CPU build: a plain ``torch`` on Linux brings gigabytes of packages for GPUs.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CONSTRAINTS = ROOT / "constraints.txt"
#: The PyTorch project's own index of CPU builds.
TORCH_CPU = "https://download.pytorch.org/whl/cpu"
_FOR_GPUS = re.compile(r"(nvidia|cuda|triton)\b", re.IGNORECASE)


#: Both languages in one: what chooses between them for the other commands is not there yet where this runs.
_ABOUT = "Installs the app and the named extras. 安装应用和指定的附加组件。"


def main(arguments: list[str] | None = None) -> None:
    """Install the app and the named extras into the environment that runs this."""
    parser = argparse.ArgumentParser(prog="python tools/install.py", description=_ABOUT)
    parser.add_argument("extras", nargs="*", metavar="EXTRA", help="of pyproject.toml: ocr, mcp, dev; 附加组件")
    extras: list[str] = parser.parse_args(arguments).extras
    needed = requirements(extras)
    torch = pinned("torch")
    if not installed(torch):
        pip("install", "--upgrade", "pip")
        install_torch(torch)
    print(f"Installing {', '.join(['the app', *extras])} (a minute or two at first) ...", flush=True)
    pip("install", *needed)


def requirements(extras: list[str]) -> list[str]:
    """What the app and the extras ask for. Raises SystemExit naming an extra that does not exist."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = project["optional-dependencies"]
    for extra in extras:
        if extra not in groups:
            raise SystemExit(f"pyproject.toml has no extra {extra!r}. It has {', '.join(groups)}.")
    return [*project["dependencies"], *(needed for extra in extras for needed in groups[extra])]


def pinned(name: str) -> str:
    """The line of constraints.txt for a package: ``torch`` -> ``torch==2.13.0``. Raises SystemExit if it has none."""
    for line in CONSTRAINTS.read_text(encoding="utf-8").split():
        if line.startswith(f"{name}=="):
            return line
    raise SystemExit(f"constraints.txt has no version of {name}.")


def installed(requirement: str) -> bool:
    """Whether this environment has the version, of whatever build: 2.13.0+cpu is ``torch==2.13.0``."""
    name, _, version = requirement.partition("==")
    try:
        return metadata.version(name).partition("+")[0] == version
    except metadata.PackageNotFoundError:
        return False


def install_torch(torch: str) -> None:
    """Install what pip would take, unless that is a build for GPUs: then the CPU build of the PyTorch index."""
    print(f"Installing {torch} ...", flush=True)
    found = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--no-deps", "--report", "-", torch],
        stdout=subprocess.PIPE,
        text=True,
    )
    taken = json.loads(found.stdout)["install"] if found.returncode == 0 else None
    if taken is not None and not any(is_for_gpus(package["metadata"], sys.platform) for package in taken):
        pip("install", torch)
        return
    print(f"Taking the CPU build of {torch} from {TORCH_CPU}", flush=True)
    try:
        # Its dependencies come from the usual index, with everything else.
        pip("install", "--no-deps", "--index-url", TORCH_CPU, f"{torch}+cpu")
    except SystemExit:
        print(
            f"No CPU build of {torch} could be had from {TORCH_CPU}. Taking pip's own, which may be large.", flush=True
        )
        pip("install", torch)


def is_for_gpus(package: Mapping[str, Any], platform: str) -> bool:
    """Whether a torch build, by its metadata, asks for GPU packages on this platform (``sys.platform``)."""
    return platform == "linux" and any(_FOR_GPUS.match(needed) for needed in package.get("requires_dist", []))


def pip(command: str, *arguments: str) -> None:
    """Run pip, quietly but for its errors. Raises SystemExit with pip's status."""
    constrained = [sys.executable, "-m", "pip", command, "--quiet", "--constraint", str(CONSTRAINTS), *arguments]
    status = subprocess.run(constrained).returncode
    if status:
        raise SystemExit(status)


if __name__ == "__main__":
    main()
