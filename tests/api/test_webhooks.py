"""Completion webhooks: signed, delivered at least once, looked at and sent again."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest
from httpx import AsyncClient
from pydantic import JsonValue
from standardwebhooks.webhooks import Webhook

from output.models.webhooks import Delivery, WebhookDeliveries
from tests.support.contract import CONTRACT
from tests.support.receiver import Receiver, open_receiver
from tests.support.servers import start_api, start_worker
from tests.support.starting import new_id
from tests.support.waiting import eventually

OLD, NEW = "whsec_" + "b2xkZXI" * 4 + "b2xkZXI=", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SETTINGS = {"OUTPUT_CATALOG_ID": "hooked", "OUTPUT_WEBHOOK_SECRET": f"{NEW},{OLD}"}


@pytest.fixture(scope="module")
def hooked_url(stack_folder: Path, engine_address: str) -> Generator[str]:
    """The URL of a server and its worker that share two secrets."""
    worker = start_worker(stack_folder, engine_address, CONTRACT, **SETTINGS)
    server, url = start_api(stack_folder, engine_address, **SETTINGS)
    yield url
    server.stop()
    worker.kill()


@pytest.fixture
async def hooked(hooked_url: str) -> AsyncGenerator[AsyncClient]:
    async with AsyncClient(base_url=hooked_url, timeout=60) as client:
        yield client


@pytest.fixture
def receiver() -> Generator[Receiver]:
    with open_receiver() as receiver:
        yield receiver


async def start(
    hooked: AsyncClient, receiver: Receiver, name: str, value: JsonValue = None, **webhook: JsonValue
) -> str:
    hook: JsonValue = {"url": receiver.url, **webhook}
    body: JsonValue = {"workflowName": name, "input": value, "workflowId": new_id("hooked"), "webhook": hook}
    response = await hooked.post("/workflow/start", json=body)
    assert response.status_code == 200, response.text
    return response.json()["workflowId"]


async def deliveries(hooked: AsyncClient, workflow_id: str) -> list[Delivery]:
    response = await hooked.get(f"/workflow/{workflow_id}/webhooks")
    assert response.status_code == 200, response.text
    return WebhookDeliveries.model_validate(response.json()).deliveries


async def settled(hooked: AsyncClient, workflow_id: str) -> Delivery:
    """The latest delivery, once it is decided."""
    found: list[Delivery] = []

    async def is_settled() -> bool:
        found[:] = await deliveries(hooked, workflow_id)
        return bool(found) and found[-1].state != "pending"

    await eventually(is_settled, "the delivery's end")
    return found[-1]


async def test_the_end_of_a_run_is_delivered_signed_as_standard_webhooks(
    hooked: AsyncClient, receiver: Receiver
) -> None:
    workflow_id = await start(hooked, receiver, "mirror", {"digits": 2**70})
    delivery = await settled(hooked, workflow_id)
    (headers, body) = receiver.got[0]

    for secret in (NEW, OLD):  # each receiver has one of them, whichever it has
        assert Webhook(secret).verify(body, dict(headers)) == json.loads(body)
    with pytest.raises(Exception, match="signature"):
        Webhook(NEW).verify(body + b" ", dict(headers))
    payload = json.loads(body)
    result = (await hooked.get(f"/workflow/{workflow_id}/result")).json()
    assert payload == result
    assert payload["output"] == {"digits": 2**70}
    assert len(receiver.got) == 1
    assert (delivery.state, delivery.event, delivery.status, delivery.attempts) == ("delivered", "completed", 204, 1)
    assert delivery.id == headers["Webhook-Id"]


@pytest.mark.parametrize("end", ["failed", "canceled", "terminated", "timed_out"])
async def test_every_kind_of_end_is_told(hooked: AsyncClient, receiver: Receiver, end: str, tmp_path: Path) -> None:
    match end:
        case "failed":
            workflow_id = await start(hooked, receiver, "too_far", 1)
        case "timed_out":
            body: JsonValue = {
                "workflowName": "endless", "workflowId": new_id("hooked"), "executionTimeout": 1000,
                "webhook": {"url": receiver.url},
            }  # fmt: skip
            workflow_id = (await hooked.post("/workflow/start", json=body)).json()["workflowId"]
        case "canceled":
            workflow_id = await start(hooked, receiver, "tidy", str(tmp_path))
            await hooked.patch(f"/workflow/{workflow_id}/stop")
        case _:
            workflow_id = await start(hooked, receiver, "endless")
            await hooked.post(f"/workflow/{workflow_id}/terminate")
    delivery = await settled(hooked, workflow_id)

    assert (delivery.event, json.loads(receiver.got[0][1])["status"]) == (end, end)


async def test_what_fails_is_tried_again_with_the_same_id_and_a_new_signature(
    hooked: AsyncClient, receiver: Receiver
) -> None:
    receiver.respond = lambda: (503, {"Retry-After": "1"}) if len(receiver.got) < 3 else (200, {})
    workflow_id = await start(hooked, receiver, "mirror", 1)
    delivery = await settled(hooked, workflow_id)

    assert (delivery.state, delivery.attempts) == ("delivered", 3)
    assert len({headers["Webhook-Id"] for headers, _ in receiver.got}) == 1
    assert len({body for _, body in receiver.got}) == 1
    for headers, body in receiver.got:
        Webhook(NEW).verify(body, dict(headers))


async def test_a_410_ends_it_and_redeliver_sends_it_again(hooked: AsyncClient, receiver: Receiver) -> None:
    receiver.respond = lambda: (410, {})
    workflow_id = await start(hooked, receiver, "mirror", 1)
    gone = await settled(hooked, workflow_id)
    receiver.respond = lambda: (200, {})
    again = await hooked.post(f"/workflow/{workflow_id}/webhooks/redeliver")

    async def both() -> bool:
        return [each.state for each in await deliveries(hooked, workflow_id)] == ["gone", "delivered"]

    assert (gone.state, gone.status, again.status_code) == ("gone", 410, 200)
    await eventually(both, "the second delivery")
    assert len(receiver.got) == 2


async def test_redeliver_tries_at_once_what_waits_for_its_next_attempt(hooked: AsyncClient, receiver: Receiver) -> None:
    receiver.respond = lambda: (500, {"Retry-After": "3000"})
    workflow_id = await start(hooked, receiver, "mirror", 1)

    async def waits() -> bool:
        found = await deliveries(hooked, workflow_id)
        return bool(found) and found[0].next_attempt_at is not None

    await eventually(waits, "a failed attempt")
    (pending,) = await deliveries(hooked, workflow_id)
    receiver.respond = lambda: (200, {})
    await hooked.post(f"/workflow/{workflow_id}/webhooks/redeliver")

    assert (pending.state, pending.attempts, pending.error) == ("pending", 1, "The receiver answered 500.")
    assert (await settled(hooked, workflow_id)).state == "delivered"


async def test_only_the_ends_that_are_wanted_are_told_and_large_values_left_out(
    hooked: AsyncClient, receiver: Receiver
) -> None:
    large = await start(hooked, receiver, "mirror", "x" * 200_000, events=["completed"])
    await settled(hooked, large)
    unwanted = await start(hooked, receiver, "mirror", 1, events=["failed"])
    wanted = await start(hooked, receiver, "mirror", 1)
    await settled(hooked, wanted)
    payloads = [json.loads(body) for _, body in receiver.got]

    assert [payload["workflowId"] for payload in payloads] == [large, wanted]
    assert {"input", "output"} & set(payloads[0]) == set()
    assert payloads[0]["status"] == "completed"
    assert await deliveries(hooked, unwanted) == []


@pytest.mark.parametrize(
    ("webhook", "place"),
    [
        ({"url": "ftp://x"}, "webhook.url"),
        ({}, "webhook.url"),
        ({"url": "https://x.example", "events": ["done"]}, "webhook.events.0"),
        ({"url": "https://x.example", "events": []}, "webhook.events"),
    ],
)
async def test_a_webhook_that_does_not_fit_is_a_400(hooked: AsyncClient, webhook: JsonValue, place: str) -> None:
    response = await hooked.post("/workflow/start", json={"workflowName": "mirror", "webhook": webhook})

    assert (response.status_code, response.json()["issues"][0]["path"]) == (400, place)


async def test_a_run_without_a_webhook_has_none(hooked: AsyncClient) -> None:
    ids = (await hooked.post("/workflow/start", json={"workflowName": "mirror"})).json()
    for method, rest in (("GET", "webhooks"), ("POST", "webhooks/redeliver")):
        response = await hooked.request(method, f"/workflow/{ids['workflowId']}/{rest}")
        assert (response.status_code, response.json()["error"]) == (404, "NotFoundError")
