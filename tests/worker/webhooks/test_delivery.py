"""Delivery of completion webhooks: in bad times, after kills, and not on networks of our own."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from httpx import AsyncClient
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from output import workflow
from output.engine.payloads.converter import Encoded
from output.engine.webhooks import DELIVERIES_MEMO, ENDED_SIGNAL, WEBHOOK_WORKFLOW
from output.models.webhooks import Delivery, Message, WebhookJob
from output.testing import start_environment
from output.worker.webhooks.activities import WebhookActivities
from tests.support.contract import CONTRACT
from tests.support.receiver import open_receiver
from tests.support.servers import start_api, start_worker
from tests.support.starting import new_id
from tests.support.waiting import eventually


@workflow
async def quick_answer(number: int) -> int:
    return number


async def test_a_receiver_that_is_down_for_an_hour_gets_all_once_it_is_back() -> None:
    with open_receiver() as receiver:
        async with start_environment(workflows=[quick_answer], time_skipping=True) as environment:
            for number in range(3):
                run = await environment.start(quick_answer, number)
                await run.result()
                described = await run.handle.describe()
                job = WebhookJob(
                    id=f"{WEBHOOK_WORKFLOW}:{uuid.uuid4()}",
                    url=receiver.url,
                    events=["completed"],
                    workflow_id=run.workflow_id,
                    run_id=described.run_id,
                )
                before = len(receiver.got)
                receiver.respond = lambda: (503, {}) if len(receiver.got) < before + 11 else (200, {})  # noqa: B023
                handle = await environment.engine.client.start_workflow(
                    WEBHOOK_WORKFLOW,
                    Encoded(job.model_dump_json(by_alias=True).encode()),
                    id=job.id,
                    task_queue=environment.engine.settings.catalog_id,
                    start_signal=ENDED_SIGNAL,
                )
                await handle.result()
                memo = await (await handle.describe()).memo()
                delivery = Delivery.model_validate(memo[DELIVERIES_MEMO][0])

                assert (delivery.state, delivery.attempts) == ("delivered", 11)
                assert delivery.ended_at is not None
                # By the engine's clock: pauses of 5 s, 10 s, and so on, up to an hour.
                assert delivery.ended_at - delivery.created_at > timedelta(hours=1)
                assert json.loads(receiver.got[-1][1])["output"] == number


async def test_it_survives_a_kill_of_server_and_worker_between_the_end_and_the_delivery(
    stack_folder: Path, engine_address: str
) -> None:
    catalog = {"OUTPUT_CATALOG_ID": "killed-hooks"}
    worker = start_worker(stack_folder, engine_address, CONTRACT, **catalog)
    server, url = start_api(stack_folder, engine_address, **catalog)
    with open_receiver() as receiver:
        receiver.respond = lambda: (503, {"Retry-After": "1"})
        async with AsyncClient(base_url=url, timeout=60) as api:
            body = {"workflowName": "mirror", "input": 1, "webhook": {"url": receiver.url}}
            started = (await api.post("/workflow/start", json=body)).json()
            await eventually(lambda: len(receiver.got) > 0, "the first attempt")
        worker.kill()
        server.kill()
        receiver.respond = lambda: (200, {})
        refused = len(receiver.got)
        worker = start_worker(stack_folder, engine_address, CONTRACT, **catalog)
        await eventually(lambda: len(receiver.got) > refused, "the delivery")
    worker.kill()

    assert json.loads(receiver.got[-1][1])["runId"] == started["runId"]


async def test_a_run_makes_up_for_a_server_that_died_before_it_had_its_end_waited_for(
    contract_worker: None, engine_client: Client
) -> None:
    with open_receiver() as receiver:
        webhook = {"id": f"{WEBHOOK_WORKFLOW}:{uuid.uuid4()}", "url": receiver.url, "events": ["completed"]}
        memo = {"payloadVersion": "2", "webhook": webhook}
        handle = await engine_client.start_workflow(
            "countdown", 2, id=new_id("orphan"), task_queue="contract", memo=memo
        )
        await handle.result()
        await eventually(lambda: len(receiver.got) > 0, "the delivery")
        payload = json.loads(receiver.got[0][1])

    assert (payload["workflowId"], payload["status"]) == (handle.id, "completed")
    assert payload["runId"] != handle.first_execution_run_id  # it continued as new: the end of the chain is told


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.1.2.3", "169.254.169.254", "[::1]", "192.168.1.1"])
async def test_private_addresses_are_refused_after_their_names_are_resolved(host: str) -> None:
    activities = WebhookActivities(engine=None, keys=(), denies_private=True)  # type: ignore[arg-type]  # asks it nothing
    message = Message(id="msg_1", url=f"http://{host}:9/hook", body="{}").model_dump(by_alias=True)
    with pytest.raises(ApplicationError, match="OUTPUT_WEBHOOK_DENY_PRIVATE forbids"):
        await ActivityEnvironment().run(activities.deliver, message)
