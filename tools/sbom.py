"""What is installed, as a bill of materials: ``python -m tools.sbom`` writes CycloneDX JSON with every licence."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

from index.commands import Parser
from tools.install import ROOT, requirements

#: Licences that let everybody use, change and pass on; each is a word or more of how packages name theirs.
PERMISSIVE = re.compile(
    r"MIT|BSD|0BSD|Apache|ISC|PSF|Python Software Foundation|HPND|MPL-2\.0|Mozilla Public License 2\.0"
    r"|Unlicense|Zlib|CC0|BSL-1\.0",
    re.IGNORECASE,
)
#: Licences that ask for one's own program to be open too, unless another may be chosen: MPL-2.0 asks for its own files.
_COPYLEFT = re.compile(r"\b(AGPL|GPL|LGPL|SSPL|Affero|GNU)", re.IGNORECASE)
_CLASSIFIER = "License :: "
_SPEC = "1.6"


def licence_of(package: metadata.Distribution) -> str:
    """A package's licence as it says itself: by its expression, its classifiers, else its field's first line; or ""."""
    about: Any = package.metadata
    if expression := about.get("License-Expression"):
        return str(expression)
    kinds = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier", []) if line.startswith(_CLASSIFIER)]
    kinds = [kind for kind in kinds if kind != "OSI Approved"]
    if kinds:
        return " OR ".join(sorted(set(kinds)))
    return str(about.get("License") or "").strip().partition("\n")[0][:100]


def is_permissive(licence: str) -> bool:
    """May everybody use, change and pass on what has it? ``MIT OR GPL-2.0`` may: one of them can be chosen."""
    choices = re.split(r"\bOR\b", licence)
    return any(PERMISSIVE.search(choice) and not _COPYLEFT.search(choice) for choice in choices)


def name_of(requirement: str) -> str:
    """The name in a requirement, in its one spelling: ``python_docx>=1.2,<2`` -> python-docx."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=~! ;]", requirement)[0]).lower()


def bill(packages: Iterable[metadata.Distribution]) -> dict[str, Any]:
    """The packages as CycloneDX has them, by name."""
    parts = {}
    for package in packages:
        name, version = name_of(package.metadata["Name"]), package.version
        part: dict[str, Any] = {"type": "library", "name": name, "version": version}
        part["purl"] = part["bom-ref"] = f"pkg:pypi/{name}@{version}"
        if licence := licence_of(package):
            part["licenses"] = [{"license": {"name": licence}}]
        parts[name] = part
    app = {"type": "application", "name": "wenbao", "licenses": [{"license": {"id": "Apache-2.0"}}]}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": _SPEC,
        "version": 1,
        "metadata": {"component": app},
        "components": [parts[name] for name in sorted(parts)],
    }


def main(arguments: list[str] | None = None) -> int:
    """Writes the bill, and names what is asked for directly and has no permissive licence; 0 where there is none."""
    parser = Parser(
        prog="python -m tools.sbom", description="Lists all that is installed, with its licences, as CycloneDX."
    )
    parser.add_argument("--out", type=Path, default=ROOT / "var" / "sbom.json", help="where it is written")
    options = parser.parse_args(arguments)
    made = bill(metadata.distributions())
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", "utf-8")
    licences = {
        one["name"]: one["licenses"][0]["license"]["name"] if "licenses" in one else "" for one in made["components"]
    }
    other = sorted(name for name, licence in licences.items() if not is_permissive(licence))
    direct = {name_of(needed) for needed in requirements([])}
    print(f"{len(licences)} packages in {options.out}")
    for name in other:
        whose = "asked for" if name in direct else "brought by others"
        print(f"{whose}: {name} has {licences[name] or 'no licence named'}")
    return 1 if direct & set(other) else 0


if __name__ == "__main__":
    sys.exit(main())
