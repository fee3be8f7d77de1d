"""The documents as a site: both languages, links that lead where they should, nothing asked of another host."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from settings import ROOT
from tools import site


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A small house with documents in both languages."""
    for name, text in {
        "README.md": "# Harbour\n\n![A picture](docs/quay.png) [why](docs/why.md#first) [中文](README.zh-CN.md)\n",
        "README.zh-CN.md": "# 港口\n\n[为什么](docs/why.md) [教程](docs/tutorial.zh-CN.md)\n",
        "docs/why.md": "# Why\n\n## First\n\n[back](../README.md) [code](../app.py) [far](https://example.org/)\n",
        "docs/tutorial.md": "# Tutorial\n\n```sh\necho '[no](link.md)'\n```\n",
        "docs/tutorial.zh-CN.md": "# 教程\n",
        "app.py": "",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "docs" / "quay.png").write_bytes(b"picture")
    return tmp_path


def laid(house: Path, chinese: bool) -> dict[str, str]:
    """Page -> what stands on it."""
    menu = site.lay(house / "laid", chinese, house)
    return {page: (house / "laid" / page).read_text("utf-8") for page in menu}


def test_links_lead_from_page_to_page(house: Path) -> None:
    pages = laid(house, chinese=False)
    assert list(pages) == ["index.md", "tutorial.md", "why.md"]
    assert pages["index.md"] == "# Harbour\n\n![A picture](quay.png) [why](why.md#first) [中文](index.md)\n"
    assert pages["why.md"].endswith("[back](index.md) code [far](https://example.org/)\n")
    assert (house / "laid" / "quay.png").read_bytes() == b"picture"


def test_code_stays_as_it_is(house: Path) -> None:
    assert "echo '[no](link.md)'" in laid(house, chinese=False)["tutorial.md"]


def test_the_chinese_site_has_chinese_pages_and_the_english_ones_that_have_no_other(house: Path) -> None:
    pages = laid(house, chinese=True)
    assert pages["index.md"] == "# 港口\n\n[为什么](why.md) [教程](tutorial.md)\n"
    assert pages["tutorial.md"] == "# 教程\n"
    assert pages["why.md"].startswith("# Why")


@pytest.mark.skipif(not find_spec("material"), reason="mkdocs-material is not installed: python tools/install.py site")
def test_the_site_asks_no_other_host() -> None:
    subprocess.run([sys.executable, "-m", "tools.site"], cwd=ROOT, check=True)
    for language, title in (("", "Two commands"), ("zh/", "两条命令")):
        assert title in (site.SITE / f"{language}index.html").read_text("utf-8")
    loaded = re.compile(
        r"""<(?:script|img|iframe)[^>]+src="?https?:|<link[^>]+href="?https?:|url\(["']?https?:|@import"""
    )
    pages = [path for path in site.SITE.rglob("*") if path.suffix in (".html", ".css", ".svg")]
    assert len(pages) > 20
    for page in pages:
        found = loaded.search(page.read_text("utf-8"))
        assert found is None, f"{page.relative_to(site.SITE)} loads {found and found[0]}"
