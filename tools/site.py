"""The documents as a site that asks no other host, in both languages: ``python -m tools.site`` writes var/site."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from index.commands import Parser

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "var" / "site"
#: Documents that lie outside docs/ -> their page.
OUTSIDE = {
    "README.md": "index.md",
    "README.zh-CN.md": "index.zh-CN.md",
    "SECURITY.md": "security.md",
    "CHANGELOG.md": "changelog.md",
    "deploy/README.md": "deploy.md",
    "models/README.md": "models.md",
}
#: These stand first in the menu.
FIRST = ("index.md", "tutorial.md", "deploy.md", "scale.md", "architecture.md", "reliability.md", "security.md")
_CHINESE = ".zh-CN.md"
# [text](target) and ![text](target)
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")


def pages(root: Path = ROOT) -> dict[str, Path]:
    """Page -> the document it is made from."""
    found = {page: root / name for name, page in OUTSIDE.items() if (root / name).is_file()}
    return {path.name: path for path in sorted((root / "docs").glob("*.md"))} | found


def of_language(chinese: bool, known: dict[str, Path]) -> dict[str, Path]:
    """The pages of one language: the Chinese one where there is one, else the English."""
    english = {page: path for page, path in known.items() if not page.endswith(_CHINESE)}
    if not chinese:
        return english
    return {page: known.get(page.removesuffix(".md") + _CHINESE, path) for page, path in english.items()}


def linked(text: str, document: Path, shown: dict[str, Path], root: Path = ROOT) -> str:
    """A document's text with links between documents as the site has them; of a link to another file the words stay."""
    page_of = {path.resolve(): page for page, path in pages(root).items()}

    def link(found: re.Match[str]) -> str:
        mark, said, target = found.groups()
        if target.startswith(("http:", "https:", "#")):
            return found[0]
        file, _, part = target.partition("#")
        path = (document.parent / file).resolve()
        if page := page_of.get(path):
            page = page if page in shown else page.replace(_CHINESE, ".md")
            return f"{mark}[{said}]({page}{'#' + part if part else ''})"
        return f"{mark}[{said}]({path.name})" if mark else said

    parts = re.split(r"(^```.*?^```$)", text, flags=re.DOTALL | re.MULTILINE)
    return "".join(part if part.startswith("```") else _LINK.sub(link, part) for part in parts)


def lay(folder: Path, chinese: bool, root: Path = ROOT) -> list[str]:
    """Lays the documents of a language and their pictures into a folder; gives the pages in the menu's order."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shown = of_language(chinese, pages(root))
    for page, path in shown.items():
        (folder / page).write_text(linked(path.read_text("utf-8"), path, shown, root), "utf-8")
    for picture in [*(root / "docs").glob("*.png"), *(root / "docs").glob("*.svg")]:
        shutil.copy(picture, folder)
    return sorted(shown, key=lambda page: (FIRST.index(page) if page in FIRST else len(FIRST), page))


def config(source: Path, site: Path, menu: list[str], chinese: bool) -> dict[str, object]:
    """What mkdocs is told; fonts and search are the site's own."""
    languages = [{"name": "English", "lang": "en"}, {"name": "中文", "lang": "zh"}]
    here = ("../" if chinese else "", "" if chinese else "zh/")
    return {
        "site_name": "问报 Wenbao",
        "docs_dir": str(source),
        "site_dir": str(site),
        "use_directory_urls": False,
        "nav": menu,
        "theme": {
            "name": "material",
            "language": "zh" if chinese else "en",
            "font": False,
            "palette": {"primary": "teal", "accent": "teal"},
            "features": ["navigation.top", "toc.follow"],
        },
        "plugins": [{"search": {"lang": ["en", "zh"]}}],
        "markdown_extensions": ["tables", "fenced_code", {"toc": {"permalink": True}}],
        "extra": {
            "generator": False,
            "alternate": [of | {"link": f"./{to}index.html"} for of, to in zip(languages, here, strict=True)],
        },
        "validation": {"links": {"anchors": "warn", "not_found": "warn"}},
    }


def main(arguments: list[str] | None = None) -> None:
    """Writes the site. What is missing, or a link that leads nowhere, ends it with a sentence."""
    about = "Writes the documents as pages, in both languages, to var/site."
    Parser(prog="python -m tools.site", description=about).parse_args(arguments)
    if not find_spec("material"):
        sys.exit("mkdocs-material is not installed: python tools/install.py site")
    shutil.rmtree(SITE, ignore_errors=True)
    for chinese, site in ((False, SITE), (True, SITE / "zh")):
        source = ROOT / "var" / "site-source" / site.name
        told = source.with_suffix(".json")  # what is JSON is YAML too
        menu = lay(source, chinese)
        told.write_text(json.dumps(config(source, site, menu, chinese)), "utf-8")
        command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--config-file", str(told)]
        if status := subprocess.run(command, env=os.environ | {"NO_MKDOCS_2_WARNING": "true"}).returncode:
            sys.exit(status)
    print(f"The site is in {SITE.relative_to(ROOT)}: open {(SITE / 'index.html').relative_to(ROOT)}")


if __name__ == "__main__":
    main()
