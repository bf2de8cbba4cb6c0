"""Runs: where they stand, what came of them, and what can be done to them."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Sequence
from datetime import timedelta
from typing import TypedDict, Unpack

from pydantic import JsonValue, TypeAdapter

from output.client import routes
from output.client.httpx_transport import Transport
from output.client.request import next_page_token
from output.client.routes import RunFilter
from output.client.stream import StreamEvent, StreamOptions, follow
from output.client.values import jsonable
from output.models.history import HistoryEvent, HistoryPage
from output.models.messages import (
    FeedbackRequest,
    MessageRequest,
    ResetPreview,
    ResetRequest,
    ResetTarget,
    StreamToken,
    Terminated,
    TerminateRequest,
)
from output.models.pending import PendingSteps
from output.models.references import RunRef
from output.models.runs import RunCount, RunIds, RunInput, RunPage, RunResult, RunStatus, RunSummary
from output.models.traces import TraceLog
from output.models.waits import RunWait, Wait
from output.models.webhooks import WebhookDeliveries

_WAITS = TypeAdapter(list[Wait])
_RUN_WAITS = TypeAdapter(list[RunWait])


class Rerun(TypedDict, total=False):
    """What a run is started again with, where it differs."""

    input: object
    new_workflow_id: str


class Runs:
    """The runs on a server; without a `run_id` the latest run of a workflow ID is meant."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def list(
        self, runs: RunFilter | None = None, *, limit: int | None = None, page_token: str | None = None
    ) -> RunPage:
        """One page of runs, latest first."""
        response = await self._transport.ask(routes.list_runs(runs or RunFilter(), limit=limit, page_token=page_token))
        return RunPage.model_validate_json(response.body)

    async def count(self, runs: RunFilter | None = None, *, by_status: bool = False) -> RunCount:
        """How many runs fit, and where they stand; a `problem` cannot be counted and is left aside."""
        response = await self._transport.ask(routes.count_runs(runs or RunFilter(), by_status=by_status))
        return RunCount.model_validate_json(response.body)

    async def each(self, runs: RunFilter | None = None) -> AsyncGenerator[RunSummary, None]:
        """All runs that fit, latest first, page after page."""
        token: str | None = None
        while True:
            page = await self.list(runs, page_token=token)
            for run in page.runs:
                yield run
            token = page.next_page_token
            if token is None:
                return

    async def status(self, workflow_id: str, *, run_id: str | None = None) -> RunStatus:
        """Where a run stands now."""
        response = await self._transport.ask(routes.status(RunRef(workflow_id, run_id)))
        return RunStatus.model_validate_json(response.body)

    async def result(self, workflow_id: str, *, run_id: str | None = None, wait: timedelta | None = None) -> RunResult:
        """How a run ended; `wait` (1 to 60 s) waits for the end first. Raises: WorkflowNotCompletedError."""
        response = await self._transport.ask(routes.result(RunRef(workflow_id, run_id), wait=wait))
        return RunResult.model_validate_json(response.body)

    async def input(self, workflow_id: str, *, run_id: str | None = None) -> RunInput:
        """What a run was started with."""
        response = await self._transport.ask(routes.input_of(RunRef(workflow_id, run_id)))
        return RunInput.model_validate_json(response.body)

    async def pending_steps(self, workflow_id: str, *, run_id: str | None = None) -> PendingSteps:
        """The steps that have begun and not ended: which attempt they are at, and why the last one failed."""
        response = await self._transport.ask(routes.pending_steps(RunRef(workflow_id, run_id)))
        return PendingSteps.model_validate_json(response.body)

    async def webhooks(self, workflow_id: str, *, run_id: str | None = None) -> WebhookDeliveries:
        """Whom a run tells of its end, and the messages so far. Raises: NotFoundError for a run without a webhook."""
        response = await self._transport.ask(routes.webhooks(RunRef(workflow_id, run_id)))
        return WebhookDeliveries.model_validate_json(response.body)

    async def redeliver(self, workflow_id: str, *, run_id: str | None = None) -> WebhookDeliveries:
        """Send the end of a run to its webhook again, at once."""
        response = await self._transport.ask(routes.redeliver(RunRef(workflow_id, run_id)))
        return WebhookDeliveries.model_validate_json(response.body)

    async def waits(self, workflow_id: str, *, run_id: str | None = None) -> Sequence[Wait]:
        """What a run waits for from people, oldest first; `feedback` with a wait's token answers it."""
        response = await self._transport.ask(routes.run_waits(RunRef(workflow_id, run_id)))
        return _WAITS.validate_json(response.body)

    async def all_waits(self) -> AsyncGenerator[RunWait, None]:
        """What all runs wait for from people."""
        token: str | None = None
        while True:
            response = await self._transport.ask(routes.all_waits(page_token=token))
            for wait in _RUN_WAITS.validate_json(response.body):
                yield wait
            token = next_page_token(response)
            if token is None:
                return

    async def signal(self, workflow_id: str, name: str, payload: object = None) -> None:
        """Send a signal to the latest run; without a payload the handler gets no argument."""
        await self._transport.ask(routes.signal(workflow_id, name, MessageRequest(payload=jsonable(payload))))

    async def query(self, workflow_id: str, name: str, payload: object = None) -> JsonValue:
        """What the latest run's query handler answers."""
        response = await self._transport.ask(routes.query(workflow_id, name, MessageRequest(payload=jsonable(payload))))
        return json.loads(response.body)

    async def update(self, workflow_id: str, name: str, payload: object = None) -> JsonValue:
        """What the latest run's update handler answers, after the workflow has processed it."""
        response = await self._transport.ask(
            routes.update(workflow_id, name, MessageRequest(payload=jsonable(payload)))
        )
        return json.loads(response.body)

    async def feedback(self, workflow_id: str, payload: object = None, *, token: str | None = None) -> None:
        """Resume a workflow that awaits a webhook: the wait of that token, else the oldest."""
        body = FeedbackRequest(payload=jsonable(payload), token=token)
        await self._transport.ask(routes.feedback(workflow_id, body))

    async def stop(self, workflow_id: str, *, run_id: str | None = None) -> RunIds:
        """Ask a run to end by itself; its clean-up code runs."""
        response = await self._transport.ask(routes.stop(RunRef(workflow_id, run_id)))
        return RunIds.model_validate_json(response.body)

    async def terminate(self, workflow_id: str, *, run_id: str | None = None, reason: str | None = None) -> Terminated:
        """End a run at once, without clean-up."""
        body = TerminateRequest(reason=reason)
        response = await self._transport.ask(routes.terminate(RunRef(workflow_id, run_id), body))
        return Terminated.model_validate_json(response.body)

    async def reset(
        self,
        workflow_id: str,
        step_name: str | None = None,
        *,
        to: ResetTarget | None = None,
        run_id: str | None = None,
        reason: str | None = None,
    ) -> RunIds:
        """Redo all after the last completion of a step, or `to` the start or the first failure; names the new run."""
        body = ResetRequest.model_validate({"stepName": step_name, "to": to, "reason": reason})
        response = await self._transport.ask(routes.reset(RunRef(workflow_id, run_id), body))
        return RunIds.model_validate_json(response.body)

    async def preview_reset(
        self,
        workflow_id: str,
        step_name: str | None = None,
        *,
        to: ResetTarget | None = None,
        run_id: str | None = None,
    ) -> ResetPreview:
        """What such a reset would keep, redo and drop; changes nothing."""
        body = ResetRequest.model_validate({"stepName": step_name, "to": to, "preview": True})
        response = await self._transport.ask(routes.reset(RunRef(workflow_id, run_id), body))
        return ResetPreview.model_validate_json(response.body)

    async def rerun(self, workflow_id: str, *, run_id: str | None = None, **given: Unpack[Rerun]) -> RunIds:
        """Start its workflow again as a run of its own, with the same input, or with `input`; names that run."""
        fields: dict[str, object] = {"workflowId": given.get("new_workflow_id")}
        if "input" in given:
            fields["input"] = jsonable(given["input"])
        response = await self._transport.ask(routes.rerun(RunRef(workflow_id, run_id), fields))
        return RunIds.model_validate_json(response.body)

    async def history(
        self,
        workflow_id: str,
        *,
        run_id: str | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
        include_payloads: bool = False,
        long_poll: timedelta | None = None,
    ) -> HistoryPage:
        """One page of a run's events (1 to 50 of them); `long_poll` waits that long for a new one."""
        request = routes.history(
            RunRef(workflow_id, run_id),
            page_size=page_size,
            page_token=page_token,
            include_payloads=include_payloads,
            long_poll=long_poll,
        )
        response = await self._transport.ask(request)
        return HistoryPage.model_validate_json(response.body)

    async def event(self, workflow_id: str, event_id: int, *, run_id: str | None = None) -> HistoryEvent:
        """One event of a run with its values decoded. Raises: NotFoundError."""
        response = await self._transport.ask(routes.event(RunRef(workflow_id, run_id), event_id))
        return HistoryEvent.model_validate_json(response.body)

    def stream(
        self,
        workflow_id: str,
        *,
        run_id: str | None = None,
        include_payloads: bool = False,
        follow_runs: bool = False,
        after: int | None = None,
    ) -> AsyncGenerator[StreamEvent, None]:
        """A run's events as they happen, each once, until its end: it reconnects by itself.

        First a StreamOpened, then HistoryEvents, last a StreamDone; with `follow_runs` the same again for each run
        that continues it. `after` leaves out the events up to that ID. Raises: ServerNotReachableError when the
        server stays away longer than the client's retries.
        """
        options = StreamOptions(include_payloads=include_payloads, follow_runs=follow_runs, after=after)
        return follow(self._transport, RunRef(workflow_id, run_id), options)

    async def trace_log(
        self,
        workflow_id: str,
        *,
        run_id: str | None = None,
        partial: bool = False,
        outline: bool = False,
        node: str | None = None,
    ) -> TraceLog:
        """The trace of a closed run; with `partial` what there is so far of an open one.

        An `outline` has sizes and labels instead of values; `node` is the ID of one node to read with its values, and
        what is below it as an outline.
        Raises: WorkflowNotCompletedError without `partial`, TraceNotAvailableError, NotFoundError for an unknown node.
        """
        request = routes.trace_log(RunRef(workflow_id, run_id), partial=partial, outline=outline, node=node)
        response = await self._transport.ask(request)
        return TraceLog.model_validate_json(response.body)

    async def stream_token(self, workflow_id: str, *, run_id: str | None = None) -> StreamToken:
        """A short-lived token with which a browser may open the stream."""
        response = await self._transport.ask(routes.stream_token(RunRef(workflow_id, run_id)))
        return StreamToken.model_validate_json(response.body)
