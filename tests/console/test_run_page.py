"""A run's page: what it did as bars, live, with values on demand."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.console.test_pages import AXE, start_desk, violations
from tests.support.browser import TELEPHONE, open_page

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytest.importorskip("playwright.async_api", reason="the browser is driven with playwright")
from playwright.async_api import expect


async def _weigh(console_url: str, count: int) -> str:
    async with httpx.AsyncClient(base_url=console_url.removesuffix("console/"), timeout=60) as api:
        workflow_id = f"weigh-{uuid.uuid4().hex[:8]}"
        body = {"workflowName": "weigh_all", "workflowId": workflow_id, "input": count}
        reply = await api.post("workflow/run", json=body)
        assert reply.json()["status"] == "completed", reply.text
        return workflow_id


async def test_a_run_is_followed_from_its_first_step_to_its_end(browser: Browser, console_url: str) -> None:
    workflow_id = await start_desk(console_url)
    async with open_page(browser, f"{console_url}runs/{workflow_id}") as page:
        row = page.get_by_role("row", name="look_up")
        await expect(row).to_contain_text("title=A lamp")
        await expect(page.locator(".page-head .state")).to_have_text("running")
        async with httpx.AsyncClient(base_url=console_url.removesuffix("console/")) as api:
            await api.post(f"workflow/{workflow_id}/signal/note", json={"payload": {"text": "from outside"}})
            await expect(page.get_by_role("row", name="note")).to_be_visible()
            await api.post(f"workflow/{workflow_id}/signal/close")
        await expect(page.locator(".page-head .state")).to_have_text("completed")
        await expect(page.get_by_role("region", name="Output as JSON")).to_contain_text("from outside")


async def test_a_failed_run_says_why_first_and_leads_to_the_step(browser: Browser, console_url: str) -> None:
    workflow_id = await start_desk(console_url, "broken")
    async with open_page(browser, f"{console_url}runs/{workflow_id}") as page:
        banner = page.locator(".banner.is-bad").first
        await expect(banner).to_contain_text("There is no such thing.")
        await expect(banner).to_be_in_viewport()
        await banner.get_by_role("button", name="desk#look_up").click()

        details = page.get_by_role("region", name="Details of look_up")
        await expect(details.get_by_role("region", name="Input of look_up")).to_contain_text('"title": "broken"')
        await expect(details).to_contain_text("FatalError")
        assert "row=" in page.url
        await page.reload()
        await expect(details).to_contain_text("FatalError")
        await details.get_by_role("button", name="Close the details").click()
        await expect(details).to_have_count(0)


async def test_a_failed_run_is_read_on_a_telephone_without_scrolling(browser: Browser, console_url: str) -> None:
    workflow_id = await start_desk(console_url, "broken")
    async with open_page(browser, f"{console_url}runs/{workflow_id}", size=TELEPHONE) as page:
        await expect(page.locator(".banner.is-bad").first).to_be_in_viewport()
        await expect(page.get_by_role("row", name="look_up")).to_be_in_viewport()
        await expect(page.get_by_role("link", name="Run again…")).to_be_in_viewport()
        assert await page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE[0]


async def test_many_of_one_step_are_one_row_and_few_elements(browser: Browser, console_url: str) -> None:
    workflow_id = await _weigh(console_url, 300)
    async with open_page(browser, f"{console_url}runs/{workflow_id}") as page:
        group = page.get_by_role("row", name="weigh")
        await expect(group).to_contain_text("300 · 42 failed")
        await group.click()
        await page.get_by_role("treegrid").focus()
        await page.keyboard.press("ArrowRight")
        await expect(page.get_by_role("treegrid")).to_have_attribute("aria-rowcount", "301")
        await page.keyboard.press("ArrowDown")
        await expect(page.get_by_role("region", name="Details of weigh")).to_contain_text("is too heavy")
        assert await page.locator("*").count() < 2_000
        await page.keyboard.press("End")
        await expect(page.locator(".bar-row.is-chosen")).to_be_in_viewport()
        await expect(page.get_by_role("region", name="Details of weigh")).to_contain_text("Output")


async def test_a_run_page_has_no_faults_of_accessibility(browser: Browser, console_url: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not there; `make console-check` installs it")
    for workflow_id in (await start_desk(console_url, "broken"), await _weigh(console_url, 20)):
        async with open_page(browser, f"{console_url}runs/{workflow_id}") as page:
            await page.get_by_role("row").first.click()
            await page.get_by_role("treegrid").wait_for()
            await page.get_by_role("region", name="Details of").or_(page.locator(".bar-row.is-chosen")).first.wait_for()
            assert await violations(page) == []
            await page.emulate_media(color_scheme="dark")
            assert await violations(page) == []


async def test_the_seventh_window_of_a_run_works_as_the_first(browser: Browser, console_url: str) -> None:
    workflow_id = await start_desk(console_url)
    async with open_page(browser, f"{console_url}runs/{workflow_id}") as first:
        pages = [first, *[await first.context.new_page() for _ in range(7)]]
        for page in pages[1:]:
            await page.goto(f"{console_url}runs/{workflow_id}")
            await expect(page.get_by_role("row", name="look_up")).to_be_visible()
        async with httpx.AsyncClient(base_url=console_url.removesuffix("console/")) as api:
            await api.post(f"workflow/{workflow_id}/signal/close")
        for page in pages:
            await expect(page.locator(".page-head .state")).to_have_text("completed", timeout=20_000)
