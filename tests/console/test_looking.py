"""What somebody does in the console who looks for what went wrong: lists, resets, comparisons, keys."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.support.browser import DESK, open_page
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytest.importorskip("playwright.async_api", reason="the browser is driven with playwright")
from playwright.async_api import expect


class Api:
    """The API behind the console."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def start(self, workflow: str, payload: object, *, name: str = "") -> str:
        """Start a run; its workflow's ID."""
        workflow_id = name or f"{workflow}-{uuid.uuid4().hex[:8]}"
        body = {"workflowName": workflow, "workflowId": workflow_id, "input": payload}
        assert (await self._client.post("workflow/start", json=body)).status_code == 200
        return workflow_id

    async def get(self, path: str) -> Any:
        """What a path answers."""
        return (await self._client.get(path)).json()

    async def post(self, path: str) -> None:
        """Send nothing to a path."""
        assert (await self._client.post(path, json={})).is_success

    async def status(self, workflow_id: str) -> str:
        """Where the latest run stands."""
        return (await self.get(f"workflow/{workflow_id}/status"))["status"]


@pytest.fixture
async def api(console_url: str) -> AsyncGenerator[Api]:
    """Closed with its test."""
    async with httpx.AsyncClient(base_url=console_url.removesuffix("console/"), timeout=60) as client:
        yield Api(client)


async def test_runs_are_filtered_by_the_address_chosen_and_stopped_together(
    browser: Browser, console_url: str, api: Api
) -> None:
    name = f"bulk-{uuid.uuid4().hex[:8]}"
    await api.start("desk", {"title": "A lamp"}, name=name)
    for _ in range(2):
        await api.post(f"workflow/{name}/terminate")
        await api.start("desk", {"title": "A lamp"}, name=name)

    async def are_listed() -> bool:
        return len((await api.get(f"workflow/runs?workflowId={name}"))["runs"]) == 3

    await eventually(are_listed, "all three runs to be listed")
    async with open_page(browser, f"{console_url}runs?workflowId={name}", size=DESK) as page:
        rows = page.locator("tr[data-row]")
        await expect(rows).to_have_count(3)
        await page.get_by_label("Status").select_option("running")
        await expect(page).to_have_url(f"{console_url}runs?workflowId={name}&status=running")
        await expect(rows).to_have_count(1)
        await page.go_back()
        await expect(rows).to_have_count(3)

        await page.get_by_label("Choose all that are shown").check()
        await expect(page.get_by_role("region", name="Chosen runs")).to_contain_text("3 chosen")
        page.on("dialog", lambda dialog: dialog.accept())
        await page.get_by_role("button", name="Stop 1").click()
        await expect(page.get_by_role("region", name="Chosen runs")).to_contain_text("1 of 1 stopped")
        await expect(rows.filter(has_text="canceled")).to_have_count(1)
    assert await api.status(name) == "canceled"


async def test_a_thousand_rows_are_read_as_one_scrolls_and_only_those_in_view_are_there(
    browser: Browser, console_url: str
) -> None:
    def page_of(first: int) -> dict[str, Any]:
        runs = [
            {
                "workflowId": f"many-{number}",
                "runId": f"00000000-0000-4000-8000-{number:012d}",
                "workflowType": "desk",
                "status": "completed",
                "startedAt": "2026-03-06T10:30:45.000Z",
                "completedAt": "2026-03-06T10:30:46.200Z",
                "problem": None,
            }
            for number in range(first, first + 100)
        ]
        return {"runs": runs, "count": 100, "nextPageToken": str(first + 100) if first < 900 else None}

    async with open_page(browser, f"{console_url}nowhere") as page:
        # The engine would need minutes for so many runs: its answers are given here.
        await page.route(
            "**/workflow/runs?*",
            lambda route: route.fulfill(json=page_of(int(httpx.URL(route.request.url).params.get("pageToken", "0")))),
        )
        await page.get_by_role("link", name="Runs", exact=True).click()
        await page.locator("tr[data-row]").first.wait_for()

        async def is_at_the_end() -> bool:
            await page.evaluate("scrollTo(0, document.body.scrollHeight)")
            return await page.get_by_text("All 1,000 runs.").count() == 1

        await eventually(is_at_the_end, "the last page")
        await page.evaluate("scrollTo(0, document.body.scrollHeight)")
        await expect(page.get_by_role("link", name="many-999")).to_be_visible()
        assert await page.locator("tr[data-row]").count() < 150
        assert await page.evaluate("document.querySelectorAll('*').length") < 2_000
        await page.unroute_all(behavior="ignoreErrors")


async def test_a_run_is_reset_with_a_preview_and_compared_with_what_came_of_it(
    browser: Browser, console_url: str, api: Api
) -> None:
    workflow_id = await api.start("desk", {"title": "A lamp"})
    await api.post(f"workflow/{workflow_id}/signal/close")
    result = await api.get(f"workflow/{workflow_id}/result?wait=30")
    first = result["runId"]
    async with open_page(browser, f"{console_url}runs/{workflow_id}") as page:
        await page.get_by_role("link", name="Reset…").click()
        await expect(page.locator(".outlook")).to_contain_text("look_up")
        await page.get_by_label("Reason").fill("once more")
        await page.get_by_text("The same call for curl").click()
        await expect(page.get_by_role("region", name="curl")).to_contain_text('"reason":"once more"')
        await page.get_by_role("button", name="Reset after look_up").click()
        await expect(page.locator(".page-head .state")).to_have_text("completed")
        second = page.url.rpartition("/")[2]
        assert second != first

        await page.goto(f"{console_url}compare?a={workflow_id}/{first}&b={workflow_id}/{second}")
        await expect(page.locator(".compare-page")).to_contain_text("Both did the same steps.")
        other = await api.start("desk", {"title": "broken"})
        await page.get_by_label("B", exact=True).fill(other)
        await page.get_by_role("button", name="Compare").click()
        await expect(page.locator(".compare-page")).to_contain_text("They first differ at look_up.")
        await expect(page.get_by_role("region", name="Input: differences")).to_contain_text('"broken"')


async def test_one_goes_anywhere_by_keys_alone(browser: Browser, console_url: str) -> None:
    async with open_page(browser, console_url) as page:
        await expect(page.locator(".tiles")).to_be_visible()
        await page.keyboard.press("g")
        await page.keyboard.press("r")
        await expect(page).to_have_url(f"{console_url}runs")
        await page.keyboard.press("Control+k")
        await page.keyboard.type("start desk")
        await expect(page.get_by_role("option", name="Start desk start")).to_be_visible()
        await page.keyboard.press("Enter")
        await expect(page).to_have_url(f"{console_url}workflows/desk/start")
        await page.locator("h1").click()
        await page.keyboard.press("?")
        await expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
        await page.get_by_label("single letters do something").uncheck()
        await page.keyboard.press("Escape")
        await page.keyboard.press("g")
        await page.keyboard.press("h")
        await expect(page).to_have_url(f"{console_url}workflows/desk/start")
