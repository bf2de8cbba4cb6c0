"""The page of a question in a real browser, on a telephone, without scripts."""

from __future__ import annotations

from httpx import AsyncClient

from tests.support.approvals import asked
from tests.support.browser import open_browser

PHONE = {"width": 360, "height": 640}


async def test_a_question_is_answered_from_a_telephone_without_scripts(people: AsyncClient) -> None:
    workflow_id, link = await asked(people, "The tale of a very long title without " + "end" * 60)
    async with open_browser() as browser:
        context = await browser.new_context(
            viewport={"width": 360, "height": 640}, java_script_enabled=False, is_mobile=True, has_touch=True
        )
        page = await context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        await page.goto(f"{people.base_url}".rstrip("/") + link)
        for each in await page.locator("input, button, textarea, h1").all():
            box = await each.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= PHONE["width"]
        assert (await page.locator("button").bounding_box() or {"height": 0})["height"] >= 44
        background = await page.locator("button").evaluate("button => getComputedStyle(button).backgroundColor")
        assert background != "rgba(0, 0, 0, 0)"  # the look is there: its hash is the policy's
        await page.get_by_label("Yes").check()
        await page.get_by_label("print").check()
        await page.get_by_label("Your name").fill("Kim")
        await page.get_by_role("button", name="Send the answer").tap()
        await page.get_by_text("your answer is sent").wait_for()
        assert complaints == []
    result = (await people.get(f"/workflow/{workflow_id}/result", params={"wait": 20})).json()
    assert (result["output"]["by"], result["output"]["verdict"]["channel"]) == ("Kim", "print")
