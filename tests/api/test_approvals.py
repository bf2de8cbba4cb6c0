"""Approval links: the page, the answer, and what a link is worth."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import pytest
from httpx import AsyncClient
from pydantic import JsonValue

from output.models.traces import TraceLog, TraceNode
from output.models.waits import RunWait, Wait
from tests.support.approvals import SETTINGS, asked, link_of
from tests.support.servers import start_api
from tests.support.starting import start
from tests.support.waiting import eventually

ANSWER = {
    "approved": "true", "channel": '"print"', "copies": "2", "on": "2026-03-06", "words": "one\r\ntwo",
    "place.city": "Rome", "size": '"large"', "reason": "",
}  # fmt: skip
VERDICT = {
    "approved": True, "channel": "print", "copies": 2, "on": "2026-03-06", "words": ["one", "two"],
    "place": {"city": "Rome", "floor": None}, "size": "large", "reason": "",
}  # fmt: skip


async def result_of(people: AsyncClient, workflow_id: str) -> JsonValue:
    response = await people.get(f"/workflow/{workflow_id}/result", params={"wait": 20})
    assert response.json()["status"] == "completed", response.text
    return response.json()["output"]


async def test_a_question_is_answered_on_its_page_once(people: AsyncClient) -> None:
    workflow_id, link = await asked(people, "Moby Dick")
    page = await people.get(link)
    sent = await people.post(link, data={**ANSWER, "_who": "Kim"})
    again = [await people.get(link), await people.post(link, data=ANSWER)]

    assert page.status_code == 200
    assert "Publish &lt;b&gt;Moby Dick&lt;/b&gt;?" in page.text
    assert "<script" not in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert (page.headers["cache-control"], page.headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert (sent.status_code, "your answer is sent" in sent.text) == (200, True)
    assert await result_of(people, workflow_id) == {"verdict": VERDICT, "by": "Kim"}
    assert [(each.status_code, "has been answered" in each.text) for each in again] == [(410, True)] * 2


async def test_what_does_not_fit_is_told_at_its_field_and_what_was_given_stays(people: AsyncClient) -> None:
    workflow_id, link = await asked(people, "Walden")
    refused = await people.post(link, data={**ANSWER, "copies": "99", "_who": 'Kim "the pen"'})
    impolite = await people.post(link, data={**ANSWER, "reason": "a stupid book"})
    nothing = await people.post(link)
    await people.post(link, data={"approved": "false", "copies": "", "place.city": ""})

    assert refused.status_code == 400
    assert 'id="copies-issue"' in refused.text
    assert 'value="99"' in refused.text
    assert "Kim &quot;the pen&quot;" in refused.text
    assert (impolite.status_code, "stay polite" in impolite.text) == (400, True)  # only the worker can tell
    assert (nothing.status_code, 'id="approved-issue"' in nothing.text) == (400, True)
    output = await result_of(people, workflow_id)
    assert isinstance(output, dict)
    assert output["verdict"] == {
        "approved": False, "channel": "web", "copies": 1, "on": None, "words": [], "place": None, "size": "small",
        "reason": "",
    }  # fmt: skip


async def test_programs_speak_json(people: AsyncClient) -> None:
    workflow_id, link = await asked(people, "Ulysses")
    asks = {"accept": "application/json"}
    shown = (await people.get(link, headers=asks)).json()
    misfit = await people.post(link, json={"approved": "perhaps"})
    answered = await people.post(link, json={"approved": True})
    again = await people.post(link, json={"approved": False})

    assert (shown["state"], shown["question"], shown["to"]) == ("open", "Publish <b>Ulysses</b>?", "the editor")
    assert shown["schema"]["properties"]["copies"]["maximum"] == 10
    assert (misfit.status_code, misfit.json()["issues"][0]["path"]) == (400, "answer.approved")
    assert (answered.status_code, answered.json()["state"]) == (200, "answered")
    assert (again.status_code, again.json()["error"]) == (410, "ApprovalClosedError")
    assert (await people.get(link, headers=asks)).json()["state"] == "answered"
    await result_of(people, workflow_id)


async def test_of_answers_at_once_one_counts(people: AsyncClient) -> None:
    workflow_id, link = await asked(people, "Emma")
    answers = [people.post(link, data={"approved": "true", "copies": str(copies)}) for copies in range(1, 9)]
    sent = await asyncio.gather(*answers)
    output = await result_of(people, workflow_id)

    assert {each.status_code for each in sent} <= {200, 410}
    assert isinstance(output, dict)


async def test_expired_and_withdrawn_links_say_so(people: AsyncClient) -> None:
    expired_id, expired = await asked(people, "Late", seconds=0.5)
    withdrawn_id = (await start(people, "Withdraw")).workflow_id
    withdrawn = await link_of(people, withdrawn_id)
    ended_id, ended = await asked(people, "Never")
    await people.post(f"/workflow/{ended_id}/terminate")

    assert await result_of(people, expired_id) == {"timed out": "Publish <b>Late</b>?"}
    for link, text in ((expired, "time to answer is over"), (withdrawn, "was withdrawn"), (ended, "was withdrawn")):
        for response in (await people.get(link), await people.post(link, data=ANSWER)):
            assert (response.status_code, text in response.text) == (410, True), text
    await people.post(f"/workflow/{withdrawn_id}/terminate")


async def test_a_link_that_is_none_is_a_404(people: AsyncClient) -> None:
    _, link = await asked(people, "Dune")
    middle = len(link) // 2
    tampered = link[:middle] + ("A" if link[middle] != "A" else "B") + link[middle + 1 :]
    for wrong in (tampered, link[:-5], f"{link}x", "/approve/x", f"/approve/{'0' * 64}"):
        page = await people.get(wrong)
        told = await people.post(wrong, json={"approved": True})
        assert (page.status_code, "not known" in page.text) == (404, True), wrong
        assert (told.status_code, told.json()["error"]) == (404, "ApprovalNotFoundError"), wrong
    await people.post(link, data={"approved": "false"})


async def test_waits_are_listed_and_their_tokens_answer(people: AsyncClient) -> None:
    workflow_id, link = await asked(people, "Listed", seconds=3600)
    (wait,) = (await people.get(f"/workflow/{workflow_id}/waits")).json()

    found: list[RunWait] = []

    async def listed() -> bool:
        waits = (await people.get("/workflow/waits")).json()
        found[:] = [RunWait.model_validate(each) for each in waits if each["workflowId"] == workflow_id]
        return bool(found)

    await eventually(listed, "the wait among all")
    page = await people.get(f"/approve/{wait['token']}")
    feedback = await people.post(
        f"/workflow/{workflow_id}/feedback", json={"token": wait["token"], "payload": {"approved": True}}
    )

    assert (wait["question"], wait["to"]) == ("Publish <b>Listed</b>?", "the editor")
    assert wait["since"] < wait["deadline"]
    assert wait["schema"]["title"] == "Verdict"
    assert [(each.workflow_type, each.question) for each in found] == [("Publish", wait["question"])]
    assert (page.status_code, feedback.status_code) == (200, 200)
    await result_of(people, workflow_id)
    assert (await people.get(f"/workflow/{workflow_id}/waits")).json() == []
    assert (await people.get(link)).status_code == 410
    assert (await people.get("/workflow/nobody/waits")).status_code == 404


async def test_the_run_holds_a_hash_and_the_trace_says_who_answered(people: AsyncClient, stack_folder: Path) -> None:
    workflow_id, link = await asked(people, "Traced")
    token = link.removeprefix("/approve/")
    await people.post(link, data={"approved": "true", "_who": "Kim"})
    await result_of(people, workflow_id)
    history = await people.get(f"/workflow/{workflow_id}/history", params={"pageSize": 50, "includePayloads": "true"})
    # The query handed the link out; nothing that the run keeps does.
    assert token not in history.text
    assert token not in "".join(log.read_text() for log in stack_folder.glob("*.log"))

    traced = TraceLog.model_validate((await people.get(f"/workflow/{workflow_id}/trace-log?partial=true")).json())
    assert isinstance(traced.data, TraceNode)
    (node,) = [child for child in traced.data.children if child.kind == "approval"]
    assert (node.name, node.output) == ("Publish#request_approval", {"approved": True})
    assert node.attributes is not None
    assert (node.attributes["answeredBy"], node.attributes["answeredAddress"]) == ("Kim", "127.0.0.1")
    assert "answeredAt" in node.attributes


async def test_guesses_find_nothing_and_are_slowed_down(stack_folder: Path, engine_address: str) -> None:
    server, url = start_api(stack_folder, engine_address, OUTPUT_ENV="production", OUTPUT_API_HOST="127.0.0.1",
                            OUTPUT_API_AUTH_TOKEN="a token that is long enough", **SETTINGS)  # fmt: skip
    async with AsyncClient(base_url=url, timeout=60) as anybody:
        guesses = [asyncio.create_task(anybody.get(f"/approve/{number:064x}")) for number in range(200)]
        statuses: list[int] = []
        for guess in asyncio.as_completed(guesses):
            response = await guess
            statuses.append(response.status_code)  # without credentials, in production
            if statuses.count(429) > 100:
                break
        for guess in guesses:
            guess.cancel()
        await asyncio.gather(*guesses, return_exceptions=True)
        assert set(statuses) == {404, 429}
        assert statuses.count(404) < 40
        assert (await anybody.get("/workflow/waits")).status_code == 401
    server.kill()  # it would wait for those that it keeps waiting


async def test_a_webhook_s_token_is_random_and_listed_while_it_is_awaited(people: AsyncClient) -> None:
    url = f"{people.base_url}/heartbeat"
    ids = [(await start(people, "ask_outside", url)).workflow_id for _ in range(2)]

    tokens: dict[str, str] = {}

    async def waits(workflow_id: str) -> list[Wait]:
        found = (await people.get(f"/workflow/{workflow_id}/waits")).json()
        return [Wait.model_validate(each) for each in found]

    async def both_wait() -> bool:
        tokens.update({each: wait.token for each in ids for wait in await waits(each)})
        return len(tokens) == 2

    await eventually(both_wait, "both waits")
    assert len(set(tokens.values())) == 2
    for workflow_id, token in tokens.items():
        assert re.fullmatch(r"[0-9a-f]{32}", token)
        wrong = await people.post(f"/workflow/{workflow_id}/feedback", json={"token": "0" * 32, "payload": "no"})
        right = await people.post(f"/workflow/{workflow_id}/feedback", json={"token": token, "payload": "yes"})
        assert (wrong.status_code, right.status_code) == (200, 200)
        assert await result_of(people, workflow_id) == "yes"
        assert await waits(workflow_id) == []


@pytest.mark.parametrize("payload", [json.dumps({"approved": True}), "approved=true"])
async def test_an_answer_over_the_limit_is_a_413(people: AsyncClient, payload: str) -> None:
    workflow_id, link = await asked(people, "Long")
    kind = "application/json" if payload.startswith("{") else "application/x-www-form-urlencoded"
    response = await people.post(link, content=payload + " " * 300_000, headers={"content-type": kind})

    assert (response.status_code, response.json()["error"]) == (413, "PayloadTooLargeError")
    await people.post(f"/workflow/{workflow_id}/terminate")
