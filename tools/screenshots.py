"""Pictures of the page from a real server on the sample collection: ``python -m tools.screenshots [FOLDER]``.

Desk and phone, light and dark, Chinese and English: the welcome, answers, a source, the reports, the chats, uploads.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from os import environ
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, FilePayload, Page, sync_playwright

from index.commands import Parser

ROOT = Path(__file__).resolve().parent.parent
#: Where they go unless a folder is named.
OUT = ROOT / "var" / "screenshots"
PORT = 7897
SIZES = {"desk": (1400, 860), "phone": (390, 844)}
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
QUESTIONS = {
    "zh": (
        "2024 年有多少家公司为 Cilium 做过贡献？",
        "那 2025 年呢？",
        "加入 CNCF 以来贡献公司的增幅是多少？",
        "火星上有多少人？",
    ),
    "en": (
        "How many companies contributed to Cilium in 2024?",
        "And in 2025?",
        "What is the growth of contributing companies since joining the CNCF?",
        "How many people live on Mars?",
    ),
}


@contextmanager
def served() -> Iterator[str]:
    """The address of a server on the sample collection, with an index of its own; stopped at the end."""
    address = f"http://127.0.0.1:{PORT}"
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "reports", Path(folder) / "reports")
        chosen = {"PORT": str(PORT), "INDEX": f"{folder}/index", "REPORTS": f"{folder}/reports"}
        settings = {f"WENBAO_{name}": value for name, value in chosen.items()}
        server = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env={**environ, **settings})
        try:
            _wait(address, server)
            yield address
        finally:
            server.terminate()
            server.wait()


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if server.poll() is not None:
            sys.exit("The server ended before it answered; what it printed says why.")
        try:
            urlopen(f"{address}/readyz", timeout=5).close()
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
        else:
            return
    server.terminate()
    sys.exit(f"The server did not answer at {address} within two minutes.")


def pictures(browser: Browser, address: str, out: Path, size: str, scheme: str, language: str) -> None:
    """All pictures of one size, scheme and language."""
    width, height = SIZES[size]
    page = browser.new_context(
        viewport={"width": width, "height": height},
        locale=LOCALES[language],
        color_scheme="dark" if scheme == "dark" else "light",
        device_scale_factor=1,
    ).new_page()
    page.goto(f"{address}/?__theme={scheme}", wait_until="commit")

    def take(name: str) -> None:
        page.wait_for_timeout(500)
        page.screenshot(path=out / f"{name}-{size}-{scheme}-{language}.png")

    page.locator(".example").first.wait_for(timeout=60_000)
    take("1-welcome")
    questions = QUESTIONS[language]
    _ask(page, questions[0])
    take("2-answer")
    _source(page, take, "3-source")
    _ask(page, questions[1])
    take("2-follow-up")
    _ask(page, questions[2])
    _source(page, take, "3-table")
    page.click("#new-chat")
    _filtered(page, size, take)
    _ask(page, questions[3])
    take("5-declined")
    if size == "phone":
        page.click("#menu")
    page.click("[data-room=chats]")
    take("6-chats")
    if scheme == "light":
        _uploaded(page, take, f"{size}-{language}")
    page.context.close()


def _source(page: Page, take: Callable[[str], None], name: str) -> None:
    page.locator(".turn:last-child .mark").first.click()
    page.locator("#panel mark").first.wait_for()
    take(name)
    page.click("#panel [data-close]")


def _uploaded(page: Page, take: Callable[[str], None], name: str) -> None:
    """A report of which something was left out, one that cannot be read, and a file that is none."""
    lines = [f"# Quays {name}", "", "港口有三个泊位，全部可以使用。", "", "今年的货运量比去年多了两成。"]
    data = b"\n".join(line.encode("gb18030" if "今年" in line else "utf-8") for line in lines)
    files = {f"quays-{name}.md": data, "broken.pdf": b"%PDF", "tool.exe": b"MZ"}
    page.set_input_files("#files", [FilePayload(name=one, mimeType="", buffer=data) for one, data in files.items()])
    page.locator(".uploads .busy").first.wait_for()
    page.wait_for_function("!document.querySelector('.uploads .busy')", timeout=300_000)
    page.locator(".uploads").scroll_into_view_if_needed()
    take("7-uploads")
    line = page.locator("#shelf li", has_text=f"Quays {name}")
    line.locator("[data-about]").click()
    line.locator(".left-out").wait_for()
    line.scroll_into_view_if_needed()
    take("8-left-out")


def _filtered(page: Page, size: str, take: Callable[[str], None]) -> None:
    if size == "phone":
        page.click("#menu")
    page.locator("[data-about]").first.click()
    page.locator(".details dl").wait_for()
    take("4-reports")
    page.locator("[data-only]").first.click()


def _ask(page: Page, question: str) -> None:
    turns = page.locator(".turn").count()
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    page.locator(".turn").nth(turns).locator(".answer:not(.searching)").first.wait_for(timeout=60_000)
    page.locator("#send:not(.stop)").wait_for(timeout=60_000)


def main(arguments: list[str] | None = None) -> None:
    """Takes them all."""
    parser = Parser(
        prog="python -m tools.screenshots", description="Takes pictures of the page on the sample collection."
    )
    parser.add_argument("folder", nargs="?", type=Path, default=OUT, help="where the pictures go")
    out: Path = parser.parse_args(arguments).folder
    out.mkdir(parents=True, exist_ok=True)
    with served() as address, sync_playwright() as started:
        found = shutil.which("chromium")
        browser = started.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        for size, scheme, language in product(SIZES, ("light", "dark"), LOCALES):
            pictures(browser, address, out, size, scheme, language)
        browser.close()
    print(f"{len(list(out.glob('*.png')))} pictures in {out}")


if __name__ == "__main__":
    main()
