"""The console's pages about workflows: readable, usable by everybody, at a desk and on a telephone."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, cast

import httpx
import pytest

from tests.support.browser import DESK, TELEPHONE, open_page
from tests.support.node import CONSOLE
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

pytest.importorskip("playwright.async_api", reason="the browser is driven with playwright")
from playwright.async_api import expect

AXE = CONSOLE / "node_modules" / "axe-core" / "axe.min.js"
PAGES = {
    "": ".tiles",
    "inbox": "h1",
    "compare": ".picker",
    "workflows": "h1",
    "workflows/desk": ".runs-short, .part .muted",
    "workflows/everything": ".table.schema",
    "workflows/everything/start": ".form",
    "workflows/nothing": ".banner",
    "runs": ".table.runs, .empty",
    "nowhere": "h1",
}


async def start_desk(console_url: str, title: str = "A lamp") -> str:
    async with httpx.AsyncClient(base_url=console_url.removesuffix("console/")) as api:
        workflow_id = f"desk-{uuid.uuid4().hex[:8]}"
        body = {"workflowName": "desk", "workflowId": workflow_id, "input": {"title": title}}
        assert (await api.post("workflow/start", json=body)).status_code == 200
        return workflow_id


async def violations(page: Page) -> list[str]:
    """What axe finds; the page's policy lets no script in, so it is run beside it."""
    # Its messages are not typed.
    session = cast("Any", await page.context.new_cdp_session(page))
    await session.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
    found = await session.send(
        "Runtime.evaluate",
        {"expression": "axe.run(document, {resultTypes: ['violations']})", "awaitPromise": True, "returnByValue": True},
    )
    rules: list[dict[str, Any]] = found["result"]["value"]["violations"]
    return [f"{rule['id']}: {node['html'][:150]} {node['any'][:1]}" for rule in rules for node in rule["nodes"]]


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_has_no_faults_of_accessibility_and_nothing_is_cut_on_a_telephone(
    browser: Browser, console_url: str, path: str
) -> None:
    async with open_page(browser, console_url + path) as page:
        await page.locator(PAGES[path]).first.wait_for()
        if AXE.is_file():  # `make console-check` installs it
            assert await violations(page) == []
            await page.emulate_media(color_scheme="dark")
            assert await violations(page) == []
        await page.set_viewport_size({"width": TELEPHONE[0], "height": TELEPHONE[1]})

        async def is_narrow() -> bool:  # the renderer hears of its new size a moment later
            return await page.evaluate("innerWidth") == TELEPHONE[0]

        await eventually(is_narrow, "the telephone's width")
        assert await page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE[0]


async def test_a_filled_form_with_faults_and_messages_has_none_either(browser: Browser, console_url: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not there; `make console-check` installs it")
    workflow_id = await start_desk(console_url)
    async with open_page(browser, f"{console_url}workflows/everything/start") as page:
        for name in ("second", "labels", "places", "tags", "tree"):
            await page.get_by_role("button", name=f"+ Add {name}").click()
        for name in ("+ Add entry", "+ Add item", "+ Add left"):
            await page.get_by_role("button", name=name).first.click()
        await page.get_by_role("radio", name="Cat").first.check()
        await page.get_by_role("button", name="Check").click()
        await expect(page.get_by_role("alert")).to_be_visible()
        await page.get_by_text("The same call as").click()
        await page.get_by_text("More: workflow ID").click()
        assert await violations(page) == []
        await page.emulate_media(color_scheme="dark")
        assert await violations(page) == []
        await page.goto(f"{console_url}runs/{workflow_id}")
        await page.get_by_role("tablist").wait_for()
        assert await violations(page) == []


async def test_a_workflow_is_found_read_and_started_from(browser: Browser, console_url: str) -> None:
    await start_desk(console_url)
    async with open_page(browser, console_url + "workflows", size=DESK) as page:
        await page.get_by_role("link", name="desk", exact=True).click()
        await expect(page.locator(".description")).to_contain_text("takes notes")
        await expect(page.locator(".table.schema").first).to_contain_text("In a few words")
        await expect(page.locator(".runs-short a").first).to_contain_text("desk-")
        await page.get_by_role("link", name="Start…").click()
        await expect(page).to_have_url(f"{console_url}workflows/desk/start")
        await page.go_back()
        await expect(page.locator("h1")).to_have_text("desk")
        await expect(page).to_have_title("desk · Output")


async def test_a_run_is_told_asked_and_changed_by_forms(browser: Browser, console_url: str) -> None:
    workflow_id = await start_desk(console_url)
    async with open_page(browser, f"{console_url}runs/{workflow_id}") as page:
        await page.get_by_role("tab", name="note").click()
        await page.locator("[data-pointer='/text'] textarea").fill("x")
        await page.get_by_role("button", name="Send note").click()
        await expect(page.locator("[data-pointer='/text'] .fault")).to_have_text("should have at least 2 characters")
        await page.locator("[data-pointer='/text'] textarea").fill("It is dark")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator(".sent li").first).to_contain_text("delivered")

        await page.get_by_role("tab", name="taken").click()
        await page.get_by_role("button", name="Ask taken").click()
        await expect(page.locator(".sent .answer").first).to_contain_text('"text": "It is dark"')

        await page.get_by_role("tab", name="set_price").click()
        await page.locator("[data-pointer='/amount'] input").fill("12.30")
        await page.get_by_role("button", name="Update set_price").click()
        await expect(page.locator(".sent .answer").first).to_contain_text('"amount": "0"')

        await page.get_by_role("tab", name="close").click()
        await page.get_by_role("button", name="Send close").click()
        await expect(page.locator(".page-head .state")).to_have_text("completed")
        await expect(page.get_by_role("region", name="Output as JSON")).to_contain_text("It is dark")


async def test_somebody_who_is_asked_answers_by_a_form(browser: Browser, console_url: str) -> None:
    async with httpx.AsyncClient(base_url=console_url.removesuffix("console/"), timeout=30) as api:
        body = {"workflowName": "ask_first", "input": f"{api.base_url}heartbeat"}
        workflow_id = (await api.post("workflow/start", json=body)).json()["workflowId"]
        async with open_page(browser, f"{console_url}runs/{workflow_id}") as page:
            await page.get_by_role("tab", name="feedback").click()
            await page.get_by_role("tabpanel").locator("textarea").first.fill('{"yes": true}')
            await page.get_by_role("button", name="Answer feedback").click()
            await expect(page.locator(".page-head .state")).to_have_text("completed")
        assert (await api.get(f"workflow/{workflow_id}/result")).json()["output"] == {"yes": True}


async def test_a_question_is_answered_from_the_inbox(browser: Browser, console_url: str) -> None:
    what = f"a lamp {uuid.uuid4().hex[:6]}"
    async with httpx.AsyncClient(base_url=console_url.removesuffix("console/"), timeout=60) as api:
        started = await api.post("workflow/start", json={"workflowName": "buy", "input": what})
        workflow_id = started.json()["workflowId"]
        async with open_page(browser, f"{console_url}inbox") as page:
            await page.get_by_role("button", name=f"Buy {what}?").click()
            form = page.get_by_role("form", name=f"Buy {what}?")
            await form.locator("[data-pointer='/limit'] input").fill("0")
            await form.get_by_role("button", name="Answer").click()
            await expect(form.locator("[data-pointer='/limit'] .fault")).to_contain_text("at least 1")
            await expect(form.locator("[data-pointer='/is_bought'] .fault")).to_contain_text("required")
            await form.get_by_role("radio", name="Yes").check()
            await form.locator("[data-pointer='/limit'] input").fill("7")
            await form.get_by_role("button", name="Answer").click()
            await expect(page.locator(".answered")).to_have_text(f"Answered: Buy {what}?")
        result = (await api.get(f"workflow/{workflow_id}/result", params={"wait": 30})).json()
        assert result["output"] == {"is_bought": True, "limit": 7}


async def test_a_message_to_nobody_says_so(browser: Browser, console_url: str) -> None:
    async with open_page(browser, f"{console_url}runs/nobody") as page:
        await expect(page.get_by_role("alert")).to_contain_text("There is no workflow 'nobody'")
