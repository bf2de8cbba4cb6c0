"""One attempt of a step on the engine: what the step may ask while it runs, from any thread."""

from __future__ import annotations

import asyncio
import itertools
from asyncio import (
    _get_running_loop as running_loop,  # pyright: ignore[reportPrivateUsage] — meant for runtimes; None on a thread
)
from datetime import UTC, datetime

from temporalio import activity
from temporalio.client import Client

from output.authoring.error_matching import raised_of
from output.authoring.hooks import Emitted, StepEnded, StepFailed, StepStarted
from output.engine.payloads.converter import Encoded, dump_json
from output.engine.rpc_errors import translate_rpc_errors
from output.models.references import RunRef
from output.worker.execution.hooks import Hooks


class Attempt:
    """The engine's side of `current_step()`, and what hooks are told of the attempt."""

    def __init__(self, client: Client, hooks: Hooks) -> None:
        info = activity.info()
        self.workflow_id = info.workflow_id or ""
        self.run_id = info.workflow_run_id or ""
        self.attempt = info.attempt
        self.heartbeat_timeout, self.task_token = info.heartbeat_timeout, info.task_token
        self.step = info.activity_type.rpartition("#")[2]
        self.last_heartbeat: object = info.heartbeat_details[0] if info.heartbeat_details else None
        self._workflow = info.workflow_type or ""
        self._event_id = f"{self.run_id}:{info.activity_id}:{info.attempt}"
        self._client, self._hooks, self._is_local = client, hooks, info.is_local
        self._loop = asyncio.get_running_loop()
        self._emitted = itertools.count(1)

    @property
    def is_cancelled(self) -> bool:
        return activity.is_cancelled()

    def heartbeat(self, details: object = None) -> None:
        dump_json(details)  # what has no JSON form fails here, on the author's line
        self.last_heartbeat = details
        if running_loop() is self._loop:
            self.beat()  # at once: the step may raise next
        else:
            self._loop.call_soon_threadsafe(self.beat)

    def beat(self) -> None:
        """Heartbeat with the last details again: without them the engine would forget them."""
        if self._is_local:
            return  # a quick step reports with its workflow's task
        if self.last_heartbeat is None:
            activity.heartbeat()
        else:
            activity.heartbeat(self.last_heartbeat)

    async def signal(self, name: str, payload: object = None) -> None:
        handle = self._client.get_workflow_handle(self.workflow_id, run_id=self.run_id)
        with translate_rpc_errors(RunRef(self.workflow_id, self.run_id)):
            await handle.signal(name, Encoded(dump_json(payload)))

    def signal_from_thread(self, name: str, payload: object = None) -> None:
        asyncio.run_coroutine_threadsafe(self.signal(name, payload), self._loop).result()

    def emit(self, event: str, payload: object) -> None:
        self._report(Emitted, f"emit:{next(self._emitted)}", event=event, payload=payload)

    def report_start(self) -> None:
        self._report(StepStarted, "start")

    def report_end(self) -> None:
        self._report(StepEnded, "end")

    def report_error(self, error: Exception) -> None:
        self._report(StepFailed, "error", error=raised_of(error))

    def _report(self, kind: type[StepStarted], what: str, **facts: object) -> None:
        self._hooks.report(
            kind(
                event_id=f"{self._event_id}:{what}",
                time=datetime.now(UTC),
                workflow=self._workflow,
                workflow_id=self.workflow_id,
                run_id=self.run_id,
                step=self.step,
                attempt=self.attempt,
                **facts,
            )
        )
