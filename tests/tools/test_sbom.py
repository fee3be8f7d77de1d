"""What the bill of materials says of packages, and that what we ask for may be used by everybody."""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path

import pytest

from tools.install import requirements
from tools.sbom import bill, is_permissive, licence_of, main, name_of


def package(folder: Path, *lines: str) -> metadata.Distribution:
    made = folder / "quay_crane-1.2.dist-info"
    made.mkdir()
    (made / "METADATA").write_text(
        "\n".join(["Metadata-Version: 2.4", "Name: Quay_Crane", "Version: 1.2", *lines]), "utf-8"
    )
    return metadata.Distribution.at(made)


@pytest.mark.parametrize(
    ("lines", "licence"),
    [
        (["License-Expression: Apache-2.0 AND MIT", "License: other"], "Apache-2.0 AND MIT"),
        (["License: long text", "Classifier: License :: OSI Approved :: MIT License"], "MIT License"),
        (["Classifier: License :: OSI Approved", "License: BSD-3-Clause"], "BSD-3-Clause"),
        (["License: MIT License", "  Permission is hereby granted"], "MIT License"),
        ([], ""),
    ],
)
def test_a_package_says_its_licence(tmp_path: Path, lines: list[str], licence: str) -> None:
    assert licence_of(package(tmp_path, *lines)) == licence


@pytest.mark.parametrize(
    ("licence", "may"),
    [
        ("Apache-2.0 AND BSD-2-Clause", True),
        ("MIT OR GPL-2.0-only", True),
        ("Apache-2.0 AND GPL-2.0-only", False),
        ("GNU Lesser General Public License v3 (LGPLv3)", False),
        ("AGPL-3.0", False),
        ("Other/Proprietary License", False),
        ("", False),
    ],
)
def test_which_licences_let_everybody_use_it(licence: str, may: bool) -> None:
    assert is_permissive(licence) is may


def test_the_bill_names_version_address_and_licence(tmp_path: Path) -> None:
    made = bill([package(tmp_path, "License: MIT")])
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    address = "pkg:pypi/quay-crane@1.2"
    named = {"type": "library", "name": "quay-crane", "version": "1.2", "purl": address, "bom-ref": address}
    assert made["components"] == [named | {"licenses": [{"license": {"name": "MIT"}}]}]


@pytest.mark.parametrize("requirement", requirements([]))
def test_what_we_ask_for_may_be_used_by_everybody(requirement: str) -> None:
    licence = licence_of(metadata.distribution(name_of(requirement)))
    assert is_permissive(licence), f"{requirement} has {licence!r}"


def test_the_bill_is_written_where_it_is_wanted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--out", str(tmp_path / "made" / "bill.json")]) == 0
    written = json.loads((tmp_path / "made" / "bill.json").read_text("utf-8"))
    assert {name_of(needed) for needed in requirements([])} <= {one["name"] for one in written["components"]}
    assert f"{len(written['components'])} packages in" in capsys.readouterr().out
