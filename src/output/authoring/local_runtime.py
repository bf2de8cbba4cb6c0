"""A workflow called as a plain function: the same rules without an engine, for tests and scripts."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NoReturn

from output.authoring.context import poll
from output.authoring.error_matching import raised_of
from output.authoring.runtime.calls import Calls
from output.authoring.runtime.feedback import FeedbackInbox
from output.authoring.runtime.protocol import (
    Begin,
    ChildCall,
    ChildRun,
    NextRun,
    StepCall,
    WorkflowRun,
    enter_runtime,
    leave_runtime,
)
from output.authoring.runtime.waits import Waits
from output.authoring.step_context import PlainStepRun, enter_step, leave_step
from output.errors import CallError, ChildError, StepError, WorkflowAlreadyStartedError
from output.models.references import RunRef
from output.security.links import ApprovalLinks

PLAIN_CATALOG = "plain"
DumpInput = Callable[[tuple[object, ...], Mapping[str, object]], bytes]


class ContinuedAsNew(BaseException):
    """Ends a plain run, to be called again with other input."""

    def __init__(self, following: NextRun) -> None:
        super().__init__(following.workflow)
        self.following = following


class PlainRuntime:
    """Runs steps and children in this process, once each: no retries, no history."""

    is_replaying = False
    is_continue_as_new_suggested = False

    def __init__(self, workflow: str, dump_input: DumpInput) -> None:
        run_id = str(uuid.uuid4())
        self.run = WorkflowRun(workflow, f"plain-{run_id}", run_id, 1, datetime.now(UTC), catalog=PLAIN_CATALOG)
        self.dump_input = dump_input
        self.inbox = FeedbackInbox()
        self.waits = Waits(lambda records: None)
        self.links = ApprovalLinks()
        self.calls = Calls()
        self._detached: dict[str, asyncio.Task[None]] = {}

    def prepare_step(self, call: StepCall) -> Begin:
        return partial(self._run_step, call)

    def prepare_child(self, call: ChildCall) -> Begin:
        return partial(self._run_child, call)

    async def _run_step(self, call: StepCall) -> bytes:
        step = PlainStepRun(step=call.step, workflow_id=self.run.workflow_id, run_id=self.run.run_id)
        outside, inside = enter_runtime(None), enter_step(step)
        try:
            return await call.run_here(call.input)
        except Exception as error:
            raise StepError(call.step, raised_of(error)) from error
        finally:
            leave_step(inside)
            leave_runtime(outside)

    async def _run_child(self, call: ChildCall) -> bytes:
        workflow_id = call.options.workflow_id or f"{self.run.workflow_id}.{call.workflow}"
        outside = enter_runtime(None)
        try:
            return await call.run_here(call.input)
        except Exception as error:
            raise ChildError(call.workflow, raised_of(error), workflow_id=workflow_id) from error
        finally:
            leave_runtime(outside)

    async def start_child(self, call: ChildCall) -> ChildRun:
        workflow_id = call.options.workflow_id or f"{self.run.workflow_id}.{call.workflow}.{uuid.uuid4().hex[:12]}"
        if workflow_id in self._detached:
            raise WorkflowAlreadyStartedError(RunRef(workflow_id))

        async def run() -> None:
            enter_runtime(None)
            await call.run_here(call.input)

        self._detached[workflow_id] = asyncio.create_task(run())
        return ChildRun(workflow_id, str(uuid.uuid4()))

    async def wait_for_detached(self) -> None:
        """Let detached children end, whatever comes of them, so that a test leaves none behind."""
        await asyncio.gather(*self._detached.values(), return_exceptions=True)

    def continue_as_new(self, following: NextRun) -> NoReturn:
        self.calls.check()
        raise ContinuedAsNew(following)

    def shows_waits(self) -> bool:
        return True

    def now(self) -> datetime:
        return datetime.now(UTC)

    def random(self) -> random.Random:
        return random.Random()

    def uuid4(self) -> uuid.UUID:
        return uuid.uuid4()

    async def sleep(self, duration: timedelta) -> None:
        await asyncio.sleep(duration.total_seconds())

    async def wait_for(self, predicate: Callable[[], bool], timeout: timedelta | None) -> None:
        await poll(predicate, timeout)


async def run_plain(runtime: PlainRuntime, run: Callable[[], Coroutine[None, None, bytes]]) -> bytes:
    """Run a workflow's code with `runtime` as its own.

    What it raises is what a run would report: of a failed step or child the exception that it raised.
    """
    token = enter_runtime(runtime)
    try:
        result = await run()
        runtime.calls.check()
        return result  # noqa: TRY300 — the error of a call is raised below, and nothing comes between
    except CallError as error:
        original = _original(error)
    finally:
        leave_runtime(token)
        await runtime.wait_for_detached()
    raise original  # out here, so that its own causes stay as they are


def _original(error: BaseException) -> BaseException:
    while isinstance(error, CallError) and error.__cause__ is not None:
        error = error.__cause__
    return error
