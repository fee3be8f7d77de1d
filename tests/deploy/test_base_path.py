"""Behind a reverse proxy, below a path: every page, API, file, stream, redirect and cookie leads back through it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import sync_playwright

from settings import Settings
from tests.deploy.proxy import BASE, Proxy, proxied
from tests.web.fakes import EN, FREIGHT_EN
from tests.web.test_page import CHROMIUM, OPTIONS, in_browser
from web.accounts import add_key, add_user

PASSWORD = "correct horse"


@pytest.fixture(scope="module", params=[True, False], ids=["the proxy takes it off", "the proxy hands it on"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with (
        proxied(request.param, reports=tmp_path_factory.mktemp("reports")) as (address, _),
        httpx.Client(base_url=address, trust_env=False, timeout=20) as client,
    ):
        yield client


def test_the_page_and_all_it_loads_are_below_the_path(served: httpx.Client) -> None:
    page = served.get("")
    assert "问报 Wenbao" in page.text
    # src="./assets/index.js", href="theme.css"; a leading slash would lead to what else the proxy serves. Gradio writes
    # the manifest's so, which browsers ask for where a page is to be installed; this one is not
    loaded = set(re.findall(r"<(?:script|link)[^>]+?(?:src|href)=\"([^\"]+)\"", page.text)) - {"/manifest.json"}
    assert loaded
    for address in loaded:
        assert not address.startswith("/") or address.startswith(f"{BASE}/"), address
        assert served.get(page.url.join(address)).status_code == 200, address
    assert json.loads(page.text.split("window.gradio_config = ")[1].split(";</script>")[0])["root"].endswith(BASE)


def test_without_its_slash_the_path_leads_to_the_page(served: httpx.Client) -> None:
    bare = str(served.base_url).rstrip("/")
    answer = served.get(bare)
    if answer.is_redirect:  # a proxy that takes the path off has the page there already
        assert answer.headers["location"] == f"{BASE}/"


@pytest.mark.parametrize("address", ["healthz", "readyz", "api/reports", "api/v1/status", "api/v1/docs", "v1/models"])
def test_each_way_in_answers(served: httpx.Client, address: str) -> None:
    assert served.get(address).status_code == 200


def test_the_description_of_the_api_names_the_path(served: httpx.Client) -> None:
    assert served.get("api/v1/openapi.json").json()["servers"] == [{"url": f"{BASE}/api/v1"}]


def test_a_redirect_of_ours_stays_below_the_path(served: httpx.Client) -> None:
    answer = served.get("api/v1/docs/")
    assert (answer.status_code, answer.headers["location"]) == (307, f"{BASE}/api/v1/docs")


def test_answers_stream_as_lines_and_as_events(served: httpx.Client) -> None:
    question = {"question": "2024 年港口的货运量增长了多少？"}
    with served.stream("POST", "api/ask/stream", json=question) as answer:
        lines = [json.loads(line) for line in answer.iter_lines()]
    assert [len(line["claims"]) for line in lines] == [1, 2]
    with served.stream("POST", "api/ask/stream", json=question, headers={"Accept": "text/event-stream"}) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert [line for line in answer.iter_lines() if line.startswith("event:")] == ["event: answer"] * 2


def test_a_report_comes_in_and_its_file_goes_out(served: httpx.Client) -> None:
    file = ("quay.md", b"# Quay\n\nThe quay is 900 metres long.")
    sent = served.post("api/reports", files={"file": file}, headers={"X-Wenbao": "test"})
    assert served.get(f"api/reports/{sent.json()['report']}/file").content == file[1]


def test_what_lies_beside_the_path_is_not_ours(served: httpx.Client) -> None:
    for beside in ("/api/reports", "/wenbaox/healthz", "/"):
        assert served.get(served.base_url.join(beside)).text == "nothing of the proxy's"


@pytest.mark.parametrize("strips", [True, False])
def test_signing_in_and_out_stays_below_the_path(strips: bool, tmp_path: Path) -> None:
    accounts = tmp_path / "accounts.json"
    add_user(accounts, "ana", PASSWORD, owner=True)
    key = add_key(accounts, "ana")
    with (
        proxied(strips, accounts=str(accounts), reports=tmp_path) as (address, _),
        httpx.Client(base_url=address, trust_env=False, timeout=20) as client,
    ):
        first = client.get("", headers={"Accept": "text/html"})
        assert (first.status_code, first.headers["location"]) == (303, f"{BASE}/login")
        form = client.get(first.url.join(first.headers["location"]))
        action = re.search(r'<form method="post" action="([^"]+)"', form.text)
        assert action
        fields = {"name": "ana", "password": PASSWORD}
        signed_in = client.post(form.url.join(action[1]), data=fields)
        assert (signed_in.status_code, signed_in.headers["location"]) == (303, f"{BASE}/")
        assert f"Path={BASE};" in signed_in.headers["set-cookie"]  # no other page of this host is handed it
        assert client.get("api/me").json() == {"name": "ana", "owner": True, "signed_in": True}
        signed_out = client.post("logout")
        assert signed_out.headers["location"] == f"{BASE}/login"
        assert client.get("api/me").status_code == 401
        assert client.get("api/me", headers={"Authorization": f"Bearer {key}"}).json()["name"] == "ana"


@pytest.mark.parametrize("wrong", ["wenbao", "/wenbao/", "/a//b", "/..", "/a/../b", "/a b", "https://a.example/b", "/"])
def test_a_path_that_is_none_is_refused_with_an_example(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"WENBAO_BASE_PATH has value .* such as /wenbao"):
        Settings.read({"WENBAO_BASE_PATH": wrong})


@pytest.mark.parametrize("right", ["", "/wenbao", "/tools/wenbao-2", "/~ana/.well"])
def test_a_path_may_have_several_parts(right: str) -> None:
    assert Settings.read({"WENBAO_BASE_PATH": right}).base_path == right


def asked_elsewhere(proxy: Proxy) -> list[str]:
    """What the page asked beside its path; a browser asks every host for /favicon.ico of its own accord."""
    return [path for path in proxy.asked if not path.startswith(f"{BASE}/") and path != "/favicon.ico"]


@in_browser
@pytest.mark.parametrize("strips", [True, False])
def test_the_page_works_in_a_browser(strips: bool, tmp_path: Path) -> None:
    (tmp_path / EN.path).write_text(EN.text, "utf-8")
    with (
        proxied(strips, reports=tmp_path) as (address, proxy),
        sync_playwright() as started,
        started.chromium.launch(executable_path=CHROMIUM, args=list(OPTIONS)) as browser,
    ):
        page = browser.new_page(locale="en-GB")
        page.set_default_timeout(90_000)
        failed: list[str] = []
        page.on("requestfailed", lambda request: failed.append(request.url))
        page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
        page.goto(address)
        page.locator("#question textarea").fill("How did freight grow?")
        page.locator("#send").click()
        page.locator("#turns .mark").first.click()
        page.wait_for_selector("#panel mark")
        assert "".join(page.locator("#panel mark").all_inner_texts()) == FREIGHT_EN.quote
        page.wait_for_selector("#shelf [data-id]", state="attached")  # the panel lies over it
        assert EN.title in (page.locator("#shelf").text_content() or "")
        assert failed == []
        assert asked_elsewhere(proxy) == []
