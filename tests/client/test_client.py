"""The client against a real server: every route, typed."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from inspect import signature
from pathlib import Path

import httpx
import pytest
from pydantic import BaseModel

import output.client
from output.client import Client, HistoryEvent, Retries, RunFilter, StreamDone, StreamOpened, routes
from output.client.values import jsonable
from output.engine.payloads.converter import dump_json
from output.errors import (
    HandlerFailedError,
    HandlerNotFoundError,
    ServerNotReachableError,
    ValidationError,
    WorkflowAlreadyStartedError,
    WorkflowExecutionTimedOutError,
    WorkflowNotCompletedError,
    WorkflowNotFoundError,
)
from output.models.messages import FeedbackRequest, MessageRequest, ResetRequest, TerminateRequest
from output.models.references import RunRef
from output.models.runs import RunRequest, StartRequest, ValidateRequest
from output.models.schedules import BackfillRequest, NoteRequest, ScheduleRequest, TriggerRequest
from tests.support.made_project import Made

EXPENSE = {"employee": "Robin", "purpose": "Train", "amount": "128.40"}
WAIT = timedelta(seconds=30)


class Line(BaseModel):
    product: str
    quantity: int = 1


class Order(BaseModel):
    lines: list[Line]


COFFEE = Order(lines=[Line(product="coffee", quantity=2)])


async def test_run_waits_for_the_output_and_takes_models(client: Client) -> None:
    result = await client.run("price_order", COFFEE)

    assert (result.status, result.error) == ("completed", None)
    assert result.output == {"lines": [{"product": "coffee", "quantity": 2, "amount": "4.80"}], "total": "4.80"}
    assert result.trace is not None


async def test_a_run_that_failed_is_a_result(client: Client) -> None:
    result = await client.run("price_order", {"lines": [{"product": "moon dust"}]})

    assert result.status == "failed"
    assert result.error is not None
    assert (result.error.name, result.error.activity_type) == ("UnknownProductError", "price_order#look_up_price")


async def test_errors_are_the_classes_that_the_server_raised(client: Client) -> None:
    with pytest.raises(ValidationError) as unfit:
        await client.run("price_order", {"lines": [{"product": 1}, 2]})
    with pytest.raises(WorkflowNotFoundError, match="Did you mean 'price_order'"):
        await client.start("price_oder")
    with pytest.raises(WorkflowNotFoundError):
        await client.runs.status("nobody")
    with pytest.raises(WorkflowExecutionTimedOutError) as late:
        await client.run("approve_expense", EXPENSE, workflow_id="late", timeout=timedelta(milliseconds=250))
    with pytest.raises(WorkflowAlreadyStartedError):
        await client.start("approve_expense", EXPENSE, workflow_id="late")
    with pytest.raises(WorkflowNotCompletedError):
        await client.runs.result("late")

    assert len(unfit.value.issues) >= 2
    assert late.value.run is not None
    assert late.value.run.workflow_id == "late"
    assert (await client.runs.terminate("late", reason="enough")).terminated


async def test_a_workflow_is_talked_to(client: Client) -> None:
    ids = await client.start("approve_expense", EXPENSE, workflow_id="talk")
    await client.runs.signal("talk", "comment", {"author": "Kim", "text": "Hm."})
    standing = await client.runs.query("talk", "standing")
    with pytest.raises(HandlerFailedError) as refused:
        await client.runs.update("talk", "decide", {"approver": "Robin", "approved": True})
    with pytest.raises(HandlerNotFoundError, match="comment"):
        await client.runs.signal("talk", "commend")
    decided = await client.runs.update("talk", "decide", {"approver": "Kim", "approved": True})
    result = await client.runs.result("talk", run_id=ids.run_id, wait=WAIT)

    assert standing == {"state": "waiting", "comments": [{"author": "Kim", "text": "Hm."}]}
    assert (refused.value.cause_name, refused.value.handler) == ("ValueError", "decide")
    assert isinstance(decided, dict)
    assert decided["state"] == "decided"
    assert isinstance(result.output, dict)
    assert result.output["approved"] is True
    assert (await client.runs.input("talk")).input == EXPENSE


async def test_a_run_is_stopped_and_reset(client: Client) -> None:
    await client.start("approve_expense", EXPENSE, workflow_id="stop me")
    stopped = await client.runs.stop("stop me")
    result = await client.runs.result("stop me", wait=WAIT)
    await client.run("price_order", COFFEE, workflow_id="again")
    reset = await client.runs.reset("again", "look_up_price", reason="prices changed")
    second = await client.runs.result("again", run_id=reset.run_id, wait=WAIT)

    assert (result.status, result.run_id) == ("canceled", stopped.run_id)
    assert second.status == "completed"
    assert (await client.runs.status("again")).run_id == reset.run_id


async def test_attempts_of_an_open_step_are_told(client: Client, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    await client.start("retrying", str(gate), workflow_id="tries")
    async with asyncio.timeout(30):
        while not (steps := (await client.runs.pending_steps("tries")).steps) or steps[0].error is None:
            await asyncio.sleep(0.02)
    gate.touch()
    await client.runs.result("tries", wait=WAIT)

    assert (steps[0].name, steps[0].max_attempts) == ("reach", 60)
    assert steps[0].attempt >= 2
    assert (steps[0].error.name, steps[0].error.message) == ("ConnectionError", "no route to the moon")
    assert (await client.runs.pending_steps("tries")).steps == []


async def test_a_stream_tells_of_all_events_of_all_runs(client: Client) -> None:
    first = await client.start("lapping", 2, workflow_id="client-laps")

    events = [
        event
        async for event in client.runs.stream(
            "client-laps", run_id=first.run_id, follow_runs=True, include_payloads=True
        )
    ]

    kinds = [type(event) for event in events if not isinstance(event, HistoryEvent)]
    assert kinds == [StreamOpened, StreamDone] * 3
    history = [event for event in events if isinstance(event, HistoryEvent)]
    assert [event.event_id for event in history].count("1") == 3
    pages = [page async for page in _pages(client, "client-laps", first.run_id)]
    assert pages == history[: len(pages)]


async def _pages(client: Client, workflow_id: str, run_id: str) -> AsyncGenerator[HistoryEvent, None]:
    token: str | None = None
    while True:
        page = await client.runs.history(
            workflow_id, run_id=run_id, page_size=2, page_token=token, include_payloads=True
        )
        for event in page.events:
            yield event
        token = page.next_page_token
        if token is None:
            return


async def test_runs_are_listed_page_by_page(client: Client) -> None:
    since = datetime.now(UTC) - timedelta(minutes=1)
    for number in range(3):
        await client.run("lapping", 0, workflow_id=f"page-{number}")
    wanted = RunFilter(workflow_type="lapping", status="completed", started_after=since)
    async with asyncio.timeout(30):
        while len(found := [run async for run in client.runs.each(wanted)]) < 3:
            await asyncio.sleep(0.05)
    page = await client.runs.list(wanted, limit=1)

    assert {run.workflow_type for run in found} == {"lapping"}
    assert (len(page.runs), page.next_page_token is None) == (1, False)


async def test_the_trace_so_far_of_a_run_that_goes_on(client: Client) -> None:
    run = await client.start("waiting", 60, workflow_id="so far")
    with pytest.raises(WorkflowNotCompletedError):
        await client.runs.trace_log("so far")
    log = await client.runs.trace_log("so far", partial=True)
    await client.runs.terminate("so far")

    assert log.data is not None
    assert (log.run_id, log.data.name, log.data.ended_at) == (run.run_id, "waiting", None)


async def test_the_rest_of_the_routes(client: Client) -> None:
    await client.health()
    catalog = await client.catalog()
    await client.run("price_order", COFFEE, workflow_id="rest")
    token = await client.runs.stream_token("rest")
    log = await client.runs.trace_log("rest")

    assert await client.ready()
    assert {entry.name for entry in catalog.workflows} >= {"price_order", "approve_expense"}
    assert token.expires_at > datetime.now(UTC)
    assert log.data is not None
    assert log.data.name == "price_order"


async def test_every_route_of_the_server_has_a_place_in_the_client(made: Made) -> None:
    async with httpx.AsyncClient(base_url=made.url) as http:
        description = (await http.get("/openapi.json")).json()
    served = {
        (method.upper(), re.sub(r"\{(\w+)\}", "{}", path))
        for path, methods in description["paths"].items()
        for method in methods
    }
    ref, message = RunRef("{}", "{}"), MessageRequest()
    known = [
        routes.health(),
        routes.ready(),
        routes.catalog(),
        routes.catalog("{}"),
        routes.run(RunRequest(workflow_name="x")),
        routes.start(StartRequest(workflow_name="x")),
        routes.validate(ValidateRequest(workflow_name="x")),
        routes.list_runs(RunFilter()),
        routes.count_runs(RunFilter()),
        routes.signal("{}", "{}", message),
        routes.query("{}", "{}", message),
        routes.update("{}", "{}", message),
        routes.feedback("{}", FeedbackRequest()),
        routes.all_waits(),
        routes.list_schedules(),
        routes.create_schedule(ScheduleRequest.model_construct()),
        routes.schedule("{}"),
        routes.replace_schedule("{}", ScheduleRequest.model_construct()),
        routes.delete_schedule("{}"),
        routes.pause_schedule("{}", NoteRequest.model_construct()),
        routes.resume_schedule("{}", NoteRequest.model_construct()),
        routes.trigger_schedule("{}", TriggerRequest.model_construct()),
        routes.backfill_schedule("{}", BackfillRequest.model_construct()),
    ]
    for each in (ref, RunRef("{}")):
        known += [
            routes.status(each),
            routes.result(each),
            routes.input_of(each),
            routes.pending_steps(each),
            routes.run_waits(each),
            routes.webhooks(each),
            routes.redeliver(each),
            routes.stop(each),
            routes.terminate(each, TerminateRequest()),
            routes.reset(each, ResetRequest(step_name="x")),
            routes.rerun(each, {}),
            routes.webhooks(each),
            routes.redeliver(each),
            routes.history(each),
            replace(routes.event(each, 1), path=routes.event(each, 1).path.removesuffix("1") + "{}"),
            routes.stream(each),
            routes.stream_token(each),
            routes.trace_log(each),
        ]
    asked = {(request.method, request.path.replace("%7B%7D", "{}")) for request in known}

    for_people = {("GET", "/approve/{}"), ("POST", "/approve/{}"), ("POST", "/codec/decode"), ("POST", "/codec/encode")}
    assert served - asked - for_people == {("POST", "/heartbeat"), ("GET", "/metrics")}, (
        "a route that the client does not know"
    )
    assert asked - served == set()


async def test_a_server_that_is_away_is_waited_for_as_long_as_it_was_told() -> None:
    retries = Retries(attempts=2, first_pause=timedelta(milliseconds=1))
    async with Client("http://127.0.0.1:9", retries=retries) as client:
        with pytest.raises(ServerNotReachableError, match="OUTPUT_API_URL"):
            await client.health()


def test_inputs_are_made_json_as_the_server_makes_them() -> None:
    value = {"price": Decimal("2.40"), "at": datetime(2026, 3, 6, tzinfo=UTC), "raw": b"\xff"}

    assert jsonable(value) == json.loads(dump_json(value))


def test_what_is_public_is_what_is_listed() -> None:
    assert sorted(output.client.__all__) == sorted(set(output.client.__all__))
    for name in output.client.__all__:
        assert getattr(output.client, name) is not None
    assert "timeout" in signature(Client).parameters
