"""Workflows are started from a form: what is shown is sent, and the worker takes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import httpx
import pytest

from tests.support.browser import open_page

if TYPE_CHECKING:
    from playwright.async_api import Browser, Locator, Page

pytest.importorskip("playwright.async_api", reason="the browser is driven with playwright")
from playwright.async_api import expect


def field(page: Page, *path: str) -> Locator:
    """The row of a field."""
    pointer = "".join(f"/{part}" for part in path)
    return page.locator(f'.form-view [data-pointer="{pointer}"]')


async def write(page: Page, text: str, *path: str) -> None:
    """Type into a field's input."""
    await field(page, *path).locator("input, textarea").first.fill(text)


async def pick(page: Page, option: str, *path: str) -> None:
    """Choose one of a field's radio buttons."""
    await field(page, *path).get_by_role("radio", name=option, exact=False).first.check()


async def add(page: Page, *path: str) -> None:
    """Press a field's `Add`, or that of its list."""
    await field(page, *path).get_by_role("button", name="+ Add").last.click()


async def started(page: Page) -> str:
    """The workflow ID of the run that the page has gone to."""
    await page.wait_for_url("**/console/runs/*/*")
    return unquote(urlsplit(page.url).path.split("/")[-2])


async def result_of(console_url: str, workflow_id: str) -> dict[str, Any]:
    async with httpx.AsyncClient(base_url=console_url.removesuffix("console/"), timeout=60) as api:
        reply = await api.get(f"workflow/{workflow_id}/result", params={"wait": 30})
        assert reply.status_code == 200, reply.text
        found: dict[str, Any] = reply.json()
        return found


async def test_all_that_a_schema_may_ask_for_is_filled_in_by_hand_and_taken_by_the_worker(
    browser: Browser, console_url: str
) -> None:
    async with open_page(browser, f"{console_url}workflows/everything/start") as page:
        await write(page, "two words", "text")
        await write(page, "abc", "limited")
        await write(page, "12", "whole")
        await write(page, "9007199254740995", "huge")
        await write(page, "12.30", "money")
        await pick(page, "Yes", "yes")
        await pick(page, "blue", "colour")
        await pick(page, "true", "mixed")
        await write(page, "2026-03-06", "day")
        await write(page, "2026-03-06T11:30:45", "moment")
        await write(page, "PT5M", "wait")
        await pick(page, "Dog", "pet")
        await pick(page, "No", "pet", "good")
        await pick(page, "Cat", "maybe_pet")
        await write(page, "3", "maybe_pet", "lives")
        await write(page, "Long Street", "address", "street")
        await write(page, "12345", "address", "zip")
        await add(page, "second")
        await write(page, "Short Street", "second", "street")
        await write(page, "54321", "second", "zip")
        await write(page, "1", "pair", "0")
        await write(page, "one", "pair", "1")
        for key, text in (("a.b", "x"), ("c/d", "y")):
            await add(page, "labels")
            if key == "a.b":
                await field(page, "labels").get_by_role("button", name="+ Add entry").click()
            row = field(page, "labels").locator(".pair").last
            await row.get_by_placeholder("key").fill(key)
            await row.locator("textarea").fill(text)
        await add(page, "tags")
        await add(page, "tags")
        await write(page, "red", "tags", "0")
        await add(page, "tree")
        await write(page, "root", "tree", "name")
        await add(page, "tree", "left")
        await write(page, "leaf", "tree", "left", "name")
        await write(page, '{"any": [1.50]}', "anything")
        await write(page, "hunter2", "secret")
        await pick(page, "list of whole numbers", "either")
        await add(page, "either")
        await write(page, "7", "either", "0")
        await page.keyboard.press("Control+Enter")
        workflow_id = await started(page)

    result = await result_of(console_url, workflow_id)
    assert result["status"] == "completed", result["error"]
    output = result["output"]
    assert (output["huge"], output["money"], output["moment"]) == (9007199254740995, "12.30", "2026-03-06T10:30:45Z")
    assert (output["pet"], output["maybe_pet"]["lives"], output["mixed"]) == ({"kind": "dog", "good": False}, 3, True)
    assert (output["labels"], output["tags"], output["either"]) == ({"a.b": "x", "c/d": "y"}, ["red"], [7])
    assert output["tree"]["left"]["name"] == "leaf"
    assert (output["second"]["zip"], output["pair"], output["anything"]) == ("54321", [1, "one"], {"any": [1.5]})
    assert (output["secret"], output["clock"], output["fraction"]) == ("**********", None, 0.5)


async def test_a_form_is_filled_in_with_the_keyboard_alone(browser: Browser, console_url: str) -> None:
    async with open_page(browser, f"{console_url}workflows/desk/start") as page:
        await expect(page.get_by_label("title")).to_be_visible()
        await page.get_by_label("Begin with").focus()
        await page.keyboard.press("Tab")
        await page.keyboard.type("A lamp")
        await page.keyboard.press("Enter")  # a line more, and no start
        await page.keyboard.press("Tab")
        while await page.evaluate("document.activeElement.tagName") != "INPUT":
            await page.keyboard.press("Tab")
        await page.keyboard.type("2")
        await page.keyboard.press("Enter")
        assert page.url.endswith("/start")
        await page.keyboard.press("Control+Enter")
        workflow_id = await started(page)

    async with httpx.AsyncClient(base_url=console_url.removesuffix("console/")) as api:
        given = (await api.get(f"workflow/{workflow_id}/input")).json()["input"]
        await api.post(f"workflow/{workflow_id}/terminate")
    assert given == {"title": "A lamp\n", "priority": 2}


async def test_every_fault_stands_at_its_field_and_the_first_one_has_the_focus(
    browser: Browser, console_url: str
) -> None:
    async with open_page(browser, f"{console_url}workflows/everything/start") as page:
        await write(page, "x", "text")
        await write(page, "a", "limited")
        await write(page, "twelve", "whole")
        await write(page, "12", "money")
        await pick(page, "Yes", "yes")
        await pick(page, "red", "colour")
        await write(page, "2026-03-06", "day")
        await pick(page, "Cat", "pet")
        await write(page, "many", "pet", "lives")
        await write(page, "Long Street", "address", "street")
        await write(page, "123", "address", "zip")
        await write(page, "1", "pair", "0")
        await page.get_by_role("button", name="Start").click()

        for path, message in (
            (("limited",), "should have at least 2 characters"),
            (("whole",), "should be integer"),
            (("pet", "lives"), "should be integer"),
            (("address", "zip"), "does not match the pattern"),
        ):
            await expect(field(page, *path).locator("> .control > .faults")).to_contain_text(message)
        await expect(page.locator(".form-view .fault")).to_have_count(4)
        await expect(field(page, "limited").locator("textarea")).to_be_focused()
        await expect(page.get_by_role("alert")).to_contain_text("4 things do not fit.")

        await write(page, "abc", "limited")
        await page.get_by_role("button", name="Check").click()
        await expect(page.locator(".form-view .fault")).to_have_count(3)


async def test_form_and_json_are_two_views_of_one_value(browser: Browser, console_url: str) -> None:
    async with open_page(browser, f"{console_url}workflows/desk/start") as page:
        text = page.get_by_label("JSON", exact=True)
        await write(page, "A lamp", "title")
        assert json.loads(await text.input_value()) == {"title": "A lamp"}

        await text.fill('{"title": "A desk", "priority": 12345678901234567890, "unknown": 1}')
        await expect(field(page, "title").locator("textarea")).to_have_value("A desk")
        await expect(field(page, "priority").locator("input")).to_have_value("12345678901234567890")
        await expect(page.locator(".is-foreign")).to_contain_text("unknown")

        await text.fill('{"title": ')
        await expect(page.locator(".json-view .fault")).to_be_visible()
        await expect(text).to_have_value('{"title": ')
        await expect(field(page, "title").locator("textarea")).to_have_value("A desk")

        await text.fill('{"title": "A chair", "priority": 5}')
        await field(page, "priority").get_by_role("button", name="Clear priority").click()
        assert json.loads(await text.input_value()) == {"title": "A chair"}
        await expect(field(page, "priority").locator("input")).to_have_attribute("placeholder", "3 (default)")


async def test_a_form_may_begin_with_a_scenario_or_with_an_earlier_input(browser: Browser, console_url: str) -> None:
    async with open_page(browser, f"{console_url}workflows/desk/start") as page:
        presets = page.get_by_label("Begin with")
        await presets.select_option(label="lamp")
        await expect(field(page, "title").locator("textarea")).to_have_value("A lamp is broken")
        await expect(page.locator(".note")).to_contain_text("The scenario “lamp”")

        await write(page, "broken", "title")
        await page.get_by_role("button", name="Start").click()
        workflow_id = await started(page)
        await expect(page.locator(".banner.is-bad")).to_contain_text("There is no such thing.")
        await expect(page.locator(".banner.is-bad")).to_contain_text("desk#look_up")
        await page.get_by_role("link", name="Run again…").click()

        await expect(field(page, "title").locator("textarea")).to_have_value("broken")
        await expect(page.locator(".note")).to_contain_text(f"The input of {workflow_id}.")
        await presets.focus()
        await expect(presets.locator("optgroup[label='Last runs'] option").first).to_contain_text("desk-")
        await presets.select_option(label="An empty form")
        await expect(field(page, "title").locator("textarea")).to_have_value("")


async def test_a_draft_is_kept_without_its_secrets(browser: Browser, console_url: str) -> None:
    async with open_page(browser, f"{console_url}workflows/sign_in/start") as page:
        await write(page, "ada", "user")
        await write(page, "hunter2", "password")
        await expect(page.get_by_label("JSON", exact=True)).to_have_value(
            '{\n  "user": "ada",\n  "password": "••••••"\n}'
        )
        await page.get_by_text("The same call as").click()
        await expect(page.locator(".calls .snippet")).to_contain_text('"user":"ada"')
        assert "hunter2" not in await page.locator("body").inner_text()
        assert "hunter2" not in str(await page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})"))

        await page.reload()
        await expect(field(page, "user").locator("textarea")).to_have_value("ada")
        await expect(field(page, "password").locator("input")).to_have_value("")
        await expect(page.locator(".note")).to_contain_text("What you had typed here before")

        await write(page, "hunter22", "password")
        await page.get_by_role("button", name="Start").click()
        workflow_id = await started(page)
        assert (await result_of(console_url, workflow_id))["output"] == "ada:8"
        await page.get_by_role("link", name="Run again…").click()
        await expect(page.locator(".note")).to_contain_text("Its secrets are not kept")
        await expect(field(page, "password").locator("input")).to_have_value("")


async def test_more_holds_the_id_and_what_to_do_when_it_runs(browser: Browser, console_url: str) -> None:
    async with open_page(browser, f"{console_url}workflows/desk/start") as page:
        await write(page, "first", "title")
        await page.get_by_text("More: workflow ID").click()
        await page.get_by_label("workflow ID").fill("desk/of one")
        await page.get_by_role("button", name="Start").click()
        assert await started(page) == "desk/of one"

        await page.goto(f"{console_url}workflows/desk/start")
        await write(page, "second", "title")
        await page.get_by_text("More: workflow ID").click()
        await page.get_by_label("workflow ID").fill("desk/of one")
        await page.get_by_role("button", name="Start").click()
        alert = page.get_by_role("alert")
        await expect(alert).to_contain_text("WorkflowAlreadyStartedError")
        await expect(alert.get_by_role("link")).to_have_text("Open the run that has this ID")
        await page.get_by_label("if that ID is running").select_option("terminate_existing")
        await page.get_by_role("button", name="Start").click()
        assert await started(page) == "desk/of one"
        await page.get_by_role("button", name="Stop").click()
        await expect(page.locator(".page-head .state")).to_have_text("canceled")
