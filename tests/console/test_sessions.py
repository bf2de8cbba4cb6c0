"""Logging in to the console in production: what the cookie lets in, and what it does not."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from httpx import AsyncClient, Response
from starlette.responses import Response as Answer
from starlette.types import Scope

from output.api import sessions
from output.api.sessions import IDLE, LONGEST, ConsoleSessions
from output.security.authenticator import Authenticator
from tests.console.conftest import CATALOG
from tests.support.browser import open_page
from tests.support.servers import start_api

if TYPE_CHECKING:
    from playwright.async_api import Browser

OLD, NEW = "an-old-token-of-16", "a-new-token-of-16-"
OWN = {"sec-fetch-site": "same-origin"}
CHANGE = {**OWN, "x-output-console": "1"}


def _production(folder: Path, address: str, tokens: str = f"{NEW},{OLD}", **variables: str) -> tuple[object, str]:
    return start_api(
        folder,
        address,
        OUTPUT_CATALOG_ID=CATALOG,
        OUTPUT_ENV="production",
        OUTPUT_API_HOST="127.0.0.1",
        OUTPUT_API_AUTH_TOKEN=tokens,
        **variables,
    )


@pytest.fixture(scope="module")
def production_url(stack_folder: Path, engine_address: str, forms_worker: None) -> Generator[str]:
    """An API server in production."""
    process, url = _production(stack_folder, engine_address)
    yield url
    process.stop()  # type: ignore[attr-defined]


@pytest.fixture
async def client(production_url: str) -> AsyncGenerator[AsyncClient]:
    """A client without credentials, with a jar for cookies."""
    async with AsyncClient(base_url=production_url, timeout=30) as found:
        yield found


async def _log_in(client: AsyncClient, token: str = OLD) -> Response:
    return await client.post("/console/session", json={"token": token}, headers=CHANGE)


async def test_a_token_opens_a_session_that_no_script_can_read(client: AsyncClient) -> None:
    reply = await _log_in(client)

    cookie = reply.headers["set-cookie"]
    assert (reply.status_code, reply.content) == (204, b"")
    assert cookie.startswith("output_console=")
    assert {"HttpOnly", "Path=/", "SameSite=strict"} <= set(cookie.split("; "))
    assert OLD not in cookie
    seen = await client.get("/console/session", headers=OWN)
    assert seen.json() == {"name": "OUTPUT_API_AUTH_TOKEN", "scopes": ["admin"], "readOnly": False}
    assert (await client.get("/workflow/catalog", headers=OWN)).status_code == 200


async def test_behind_tls_the_cookie_is_bound_to_host_and_tls(client: AsyncClient) -> None:
    headers = {**CHANGE, "x-forwarded-proto": "https"}
    cookie = (await client.post("/console/session", json={"token": NEW}, headers=headers)).headers["set-cookie"]

    assert cookie.startswith("__Host-output_console=")
    assert "Secure" in cookie


async def test_a_wrong_token_opens_none_and_neither_does_another_page(client: AsyncClient) -> None:
    wrong = await _log_in(client, "not-a-token-at-all")
    foreign = await client.post("/console/session", json={"token": OLD}, headers=OWN)
    malformed = await client.post("/console/session", json={"secret": OLD}, headers=CHANGE)

    assert (wrong.status_code, wrong.json()["error"]) == (401, "UnauthorizedError")
    assert foreign.status_code == 401
    assert malformed.status_code == 400
    assert OLD not in malformed.text
    assert "output_console" not in client.cookies
    assert (await client.get("/console/session", headers=OWN)).status_code == 401


@pytest.mark.parametrize(
    ("headers", "reads"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-site"}, False),  # another port of this host
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({}, False),
        ({"referer": "http://evil.example/"}, False),
        ({"origin": "null"}, False),
    ],
)
async def test_the_cookie_lets_in_what_the_consoles_own_pages_ask(
    client: AsyncClient, headers: dict[str, str], *, reads: bool
) -> None:
    await _log_in(client)

    assert (await client.get("/workflow/catalog", headers=headers)).status_code == (200 if reads else 401)


async def test_an_old_browser_is_known_by_where_it_comes_from(client: AsyncClient, production_url: str) -> None:
    await _log_in(client)

    reply = await client.get("/workflow/catalog", headers={"referer": f"{production_url}/console/workflows"})

    assert reply.status_code == 200


async def test_nothing_is_changed_without_the_header_that_other_sites_cannot_send(client: AsyncClient) -> None:
    await _log_in(client)
    body = {"workflowName": "sign_in", "input": {"user": "a", "password": "b"}}

    assert (await client.post("/workflow/start", json=body, headers=OWN)).status_code == 401
    assert (await client.post("/workflow/start", json=body, headers=CHANGE)).status_code == 200


async def test_logging_out_takes_the_cookie_away(client: AsyncClient) -> None:
    await _log_in(client)
    await client.delete("/console/session", headers=CHANGE)

    assert (await client.get("/console/session", headers=OWN)).status_code == 401


async def test_read_only_is_held_by_the_server(stack_folder: Path, engine_address: str, forms_worker: None) -> None:
    process, url = _production(stack_folder, engine_address, OUTPUT_CONSOLE="read-only")
    async with AsyncClient(base_url=url) as client:
        await _log_in(client)
        body = {"workflowName": "sign_in", "input": {"user": "a", "password": "b"}}
        refused = await client.post("/workflow/start", json=body, headers=CHANGE)
        by_token = await client.post("/workflow/start", json=body, headers={"authorization": f"Bearer {OLD}"})
        session = await client.get("/console/session", headers=OWN)

        assert (refused.status_code, refused.json()["error"]) == (403, "ForbiddenError")
        assert by_token.status_code == 200
        assert session.json()["readOnly"] is True
        assert (await client.get("/workflow/runs", headers=OWN)).status_code == 200
    process.stop()  # type: ignore[attr-defined]


def _scope(cookie: str) -> Scope:
    headers = [(b"host", b"h"), (b"sec-fetch-site", b"same-origin"), (b"cookie", cookie.encode())]
    return {"type": "http", "method": "GET", "scheme": "http", "headers": headers}


def _opened(tokens: list[str]) -> str:
    authenticator = Authenticator(tokens)
    response = Answer()
    caller = authenticator.identify_known(tokens[0].encode())
    assert caller is not None
    ConsoleSessions(authenticator, tokens).open(caller, response, _scope(""))
    return response.headers["set-cookie"].partition(";")[0]


def test_a_session_ends_with_its_token() -> None:
    cookie = _opened([OLD])

    assert ConsoleSessions(Authenticator([NEW, OLD]), [NEW, OLD]).recognize(_scope(cookie)) is not None
    assert ConsoleSessions(Authenticator([NEW]), [NEW, OLD]).recognize(_scope(cookie)) is None
    assert ConsoleSessions(Authenticator([NEW, OLD]), [NEW]).recognize(_scope(cookie)) is None
    assert ConsoleSessions(Authenticator([OLD]), [OLD]).recognize(_scope(cookie[:-4] + "AAAA")) is None


def test_a_session_ends_after_some_time_without_use_and_is_renewed_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000_000.0]
    monkeypatch.setattr(sessions.time, "time", lambda: now[0])
    known = ConsoleSessions(Authenticator([OLD]), [OLD])
    cookie = began = _opened([OLD])

    now[0] += IDLE.total_seconds() - 1
    assert known.recognize(_scope(cookie)) is not None
    response = Answer()
    known.renew(response, _scope(cookie))
    cookie = response.headers["set-cookie"].partition(";")[0]
    now[0] += 2
    assert known.recognize(_scope(began)) is None
    assert known.recognize(_scope(cookie)) is not None
    now[0] = 1_000_000.0 + LONGEST.total_seconds() + 1
    assert known.recognize(_scope(cookie)) is None


async def test_a_person_logs_in_starts_and_logs_out_and_the_token_stays_nowhere(
    browser: Browser, production_url: str
) -> None:
    pytest.importorskip("playwright.async_api")
    from playwright.async_api import expect

    async with open_page(browser, f"{production_url}/console/workflows/sign_in/start") as page:
        await page.get_by_label("A token of this API").fill("wrong-token-for-sure")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_contain_text("This token is not valid")
        await page.get_by_label("A token of this API").fill(NEW)
        await page.get_by_role("button", name="Log in").click()

        await page.locator("[data-pointer='/user'] textarea").fill("ada")
        await page.locator("[data-pointer='/password'] input").fill("hunter2")
        await page.get_by_text("The same call as").click()
        await expect(page.locator(".calls .snippet")).to_contain_text("$OUTPUT_API_AUTH_TOKEN")
        await page.get_by_role("button", name="Start").click()
        await expect(page.locator(".page-head .state")).to_have_text("completed")
        kept = cast(
            "str", await page.evaluate("JSON.stringify({...sessionStorage, ...localStorage}) + document.cookie")
        )
        assert NEW not in kept + page.url + await page.content()

        await page.get_by_role("button", name="Log out").click()
        await expect(page.locator("h1")).to_have_text("Log in")
        await page.reload()
        await expect(page.locator("h1")).to_have_text("Log in")


async def test_a_page_on_another_port_cannot_start_a_run(
    browser: Browser, production_url: str, console_url: str
) -> None:
    async with open_page(browser, f"{production_url}/console/") as page:
        await page.get_by_label("A token of this API").fill(NEW)
        await page.get_by_role("button", name="Log in").click()
        await page.locator(".tiles").wait_for()
        other = await page.context.new_page()
        await other.goto(console_url.replace("/console/", "/docs"))
        status = await other.evaluate(
            """async (url) => {
                try {
                    const reply = await fetch(url, {method: "POST", credentials: "include", mode: "no-cors",
                        body: '{"workflowName":"ask_first","input":"x"}'});
                    return reply.type;
                } catch (error) { return String(error); }
            }""",
            f"{production_url}/workflow/start",
        )
        assert status in {"opaque", "TypeError: Failed to fetch"}
    async with AsyncClient(base_url=production_url, headers={"authorization": f"Bearer {NEW}"}) as client:
        reply = await client.get("/workflow/runs", params={"workflowType": "ask_first", "status": "running"})
        assert reply.json()["runs"] == []
