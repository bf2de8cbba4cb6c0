"""How the console is served: under any prefix, with a strict policy, from files that a browser keeps."""

from __future__ import annotations

import gzip
import re

import httpx
import pytest

from output.api.console_files import FOLDER, render_page
from tests.support.servers import start_api


@pytest.mark.parametrize(
    ("path", "base"),
    [
        (b"/console/", "./"),
        (b"/console/runs", "./"),
        (b"/console/runs/", "../"),
        (b"/console/runs/a%2Fb/0194", "../../"),
        (b"/out/console/workflows/x/start", "../../"),
    ],
)
def test_the_pages_base_is_the_console_however_deep_the_path(path: bytes, base: str) -> None:
    assert f'<base href="{base}">' in render_page(path, is_production=False)


async def test_every_address_below_the_console_answers_the_page_and_the_console_itself_leads_there(
    console_url: str,
) -> None:
    async with httpx.AsyncClient(base_url=console_url) as client:
        for path in ("", "runs", "runs/a%2Fb", "workflows/x/start?from=y", "nowhere/at/all"):
            reply = await client.get(path)
            assert (reply.status_code, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
            assert reply.headers["cache-control"] == "no-cache"
            assert "script-src 'self'" in reply.headers["content-security-policy"]
            assert "trusted-types 'none'" in reply.headers["content-security-policy"]
        reply = await client.get(console_url.removesuffix("/"))
        assert (reply.status_code, reply.headers["location"]) == (308, "console/")


async def test_files_are_kept_for_ever_and_those_of_another_build_are_a_404(console_url: str) -> None:
    async with httpx.AsyncClient(base_url=console_url) as client:
        page = (await client.get("")).text
        for name in ("app.js", "style.css"):
            found = re.search(rf'"(assets/[0-9a-f]+/{name})"', page)
            assert found is not None
            packed = await client.get(found[1])
            plain = await client.get(found[1], headers={"accept-encoding": "identity"})
            assert packed.content == plain.content == (FOLDER / name).read_bytes()
            assert (packed.headers["content-encoding"], "content-encoding" in plain.headers) == ("gzip", False)
            assert "immutable" in packed.headers["cache-control"]
        for path in ("assets/0000/app.js", found[1].replace("style.css", "x.js")):
            reply = await client.get(path)
            assert (reply.status_code, reply.json()["error"]) == (404, "NotFoundError")


async def test_a_browser_that_opens_the_server_is_led_to_the_console_and_a_program_is_not(console_url: str) -> None:
    async with httpx.AsyncClient(base_url=console_url.removesuffix("console/")) as client:
        browser = await client.get("", headers={"sec-fetch-mode": "navigate", "accept": "text/html,*/*"})
        program = await client.get("")

    assert (browser.status_code, browser.headers["location"]) == (307, "console/")
    assert (program.status_code, program.json()["error"]) == (404, "NotFoundError")


async def test_a_console_that_is_off_is_a_404_and_changes_nothing_else(
    stack_folder: object, engine_address: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    process, url = start_api(tmp_path_factory.mktemp("off"), engine_address, OUTPUT_CONSOLE="off")
    async with httpx.AsyncClient(base_url=url) as client:
        for path in ("/console", "/console/", "/console/runs", "/console/session"):
            assert (await client.get(path)).json()["error"] == "NotFoundError"
        headers = {"sec-fetch-mode": "navigate", "accept": "text/html"}
        assert (await client.get("/", headers=headers)).status_code == 404
        assert (await client.get("/health")).status_code == 200
    process.stop()


def test_what_a_browser_loads_stays_within_its_budget() -> None:
    sizes = {name: len(gzip.compress((FOLDER / name).read_bytes(), mtime=0)) for name in ("app.js", "style.css")}

    assert sizes["app.js"] <= 80_000
    assert sizes["style.css"] <= 12_000
