"""The engine's side of a running workflow: what authored code asks for, in the engine's terms."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from functools import cached_property, partial
from random import Random
from typing import NoReturn, cast
from uuid import UUID

from temporalio import activity, workflow
from temporalio.common import Priority, RawValue, RetryPolicy
from temporalio.exceptions import ActivityError, CancelledError, ChildWorkflowError, FailureError
from temporalio.exceptions import WorkflowAlreadyStartedError as ChildAlreadyStartedError

from output.authoring.options import DEFAULTS, ActivityOptions, merge
from output.authoring.runtime.calls import Calls
from output.authoring.runtime.feedback import FeedbackInbox
from output.authoring.runtime.protocol import Begin, ChildCall, ChildRun, NextRun, StepCall, WorkflowRun
from output.authoring.runtime.waits import Waits
from output.authoring.schema.source import SourceLine
from output.authoring.workflow import AnyWorkflow
from output.engine.failures import read_raised
from output.engine.payloads.converter import Encoded, payload_json
from output.engine.payloads.limits import LARGE, ValueLimits
from output.engine.runs import memo_of
from output.engine.waits import WAITS_PATCH
from output.errors import (
    ChildError,
    FatalError,
    RemoteError,
    StepError,
    ValueTooLargeError,
    WorkflowAlreadyStartedError,
    WorkflowNotFoundError,
)
from output.models.exact_json import size_of
from output.models.references import RunRef
from output.worker.execution.context import CallKind, WorkerContext
from output.worker.execution.in_flight import InFlight
from output.worker.execution.inherited_options import MEMO_KEY, dump_options, load_options
from output.worker.execution.limits import LONGEST_WAIT, QUEUE_SUFFIX
from output.worker.execution.memo import child_trace, show_waits
from output.worker.execution.quick_steps import PAUSE_IN_PLACE, QuickStepError, explain_timeout, quick_options
from output.worker.execution.registry import activity_type

MAX_WORKFLOW_ID = 255
_CANCELLATION = {
    "try_cancel": workflow.ActivityCancellationType.TRY_CANCEL,
    "wait_completed": workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    "abandon": workflow.ActivityCancellationType.ABANDON,
}


class EngineRuntime:
    """What one run of a workflow may ask of the engine."""

    def __init__(self, definition: AnyWorkflow, worker_context: WorkerContext) -> None:
        self._definition = definition
        self._worker_context = worker_context
        self.inbox = FeedbackInbox()
        self.waits = Waits(show_waits)
        self.links = worker_context.links
        self.calls = Calls()
        self._in_flight = InFlight()
        self.main_task: asyncio.Task[object] | None = None  # the one that `run` runs in
        self._quick_ids = itertools.count(1)
        info = workflow.info()
        self.run = WorkflowRun(
            workflow=definition.name,
            workflow_id=info.workflow_id,
            run_id=info.run_id,
            attempt=info.attempt,
            started_at=info.workflow_start_time,
            catalog=info.task_queue,
        )

    @cached_property
    def options(self) -> ActivityOptions:
        """What holds for all steps of the run: the defaults, its parent's options, its own."""
        return merge(DEFAULTS, self._inherited, self._definition.activity_options)

    @cached_property
    def _inherited(self) -> ActivityOptions | None:
        """The options that the run's parent left in its memo."""
        return load_options(workflow.memo_value(MEMO_KEY, None))

    def shows_waits(self) -> bool:
        # A patch is the engine's own mark of which code a run began with; visibility can look for it.
        return workflow.patched(WAITS_PATCH)

    @property
    def is_replaying(self) -> bool:
        return workflow.unsafe.is_replaying_history_events()

    @property
    def is_continue_as_new_suggested(self) -> bool:
        return workflow.info().is_continue_as_new_suggested()

    def dump_input(self, args: tuple[object, ...], kwargs: Mapping[str, object], /) -> bytes:
        return self._definition.dump_input(args, kwargs)

    def prepare_step(self, call: StepCall) -> Begin:
        """One durable activity; its result as JSON. Raises StepError."""
        return partial(self._run_step, call, self._locate())

    async def _run_step(self, call: StepCall, where: SourceLine | None) -> bytes:
        self._check_size(call.input, f"The input of step {call.step!r}")
        async with self._in_flight.place(size_of(call.input), is_light=self._is_light):
            self._record("step", call.step, where)
            return await (self._run_quick_step(call) if call.quick else self._run_ordinary_step(call))

    async def _run_ordinary_step(self, call: StepCall) -> bytes:
        options = self.options
        if call.call_options is not None or call.own_options is not None:
            options = merge(options, call.call_options, call.own_options)
        # Where a call waits, and how long an attempt may take, may change between a run and its replay.
        is_limited = call.limited and self._worker_context.keeps_limits
        timeout = options.timeout
        if is_limited and timeout is not None:
            timeout += LONGEST_WAIT
        try:
            result: object = await workflow.execute_activity(
                activity_type(self._definition.name, call.step),
                Encoded(call.input),
                task_queue=self.run.catalog + QUEUE_SUFFIX if is_limited else None,
                result_type=RawValue,
                start_to_close_timeout=timeout,
                schedule_to_close_timeout=options.schedule_to_close,
                schedule_to_start_timeout=options.schedule_to_start,
                heartbeat_timeout=options.heartbeat_timeout,
                retry_policy=_retry_policy(options),
                cancellation_type=_CANCELLATION[options.cancellation or "try_cancel"],
                priority=Priority(priority_key=options.priority) if options.priority else Priority.default,
                summary=options.summary,
            )
        except ActivityError as error:
            raise_cancellation(error)
            raised = read_raised(error)
            raise StepError(call.step, raised) from RemoteError.of(raised, error)
        return payload_json(cast("RawValue", result).payload)

    async def _run_quick_step(self, call: StepCall) -> bytes:
        options = quick_options(call, self._inherited, self._definition.activity_options)
        kind = activity_type(self._definition.name, call.step)
        activity_id = f"quick-{next(self._quick_ids)}"  # the same across the pauses between attempts
        try:
            result: object = await workflow.execute_local_activity(
                kind,
                Encoded(call.input),
                activity_id=activity_id,
                result_type=RawValue,
                start_to_close_timeout=options.timeout,
                schedule_to_close_timeout=options.schedule_to_close,
                retry_policy=_retry_policy(options),
                local_retry_threshold=PAUSE_IN_PLACE,
                cancellation_type=_CANCELLATION[options.cancellation or "try_cancel"],
                summary=options.summary,
            )
        except FailureError as error:
            cause = explain_timeout(error, step=call.step, timeout=options.timeout)
            wrapped = QuickStepError(cause, activity_type=kind, activity_id=activity_id)
            raise_cancellation(wrapped)
            raised = read_raised(wrapped)
            raise StepError(call.step, raised) from RemoteError.of(raised, wrapped)
        return payload_json(cast("RawValue", result).payload)

    def prepare_child(self, call: ChildCall) -> Begin:
        """A child run that ends with its parent; its result as JSON. Raises ChildError."""
        return partial(self._run_child, call, self._locate())

    async def _run_child(self, call: ChildCall, where: SourceLine | None) -> bytes:
        self._check_size(call.input, f"The input of workflow {call.workflow!r}")
        async with self._in_flight.place(size_of(call.input), is_light=self._is_light):
            self._record("child", call.workflow, where)
            return await self._await_child(call)

    async def _await_child(self, call: ChildCall) -> bytes:
        workflow_id = self._child_id(call)
        try:
            handle = await self._start(call, workflow_id, detached=False)
            result = await handle
        except ChildWorkflowError as error:
            raise_cancellation(error)
            raised = read_raised(error)
            raise ChildError(call.workflow, raised, workflow_id=workflow_id) from RemoteError.of(raised, error)
        return payload_json(cast("RawValue", result).payload)

    def start_child(self, call: ChildCall) -> Coroutine[None, None, ChildRun]:
        """A child run that outlives its parent, once it has started."""
        return self._start_child(call, self._locate())

    async def _start_child(self, call: ChildCall, where: SourceLine | None) -> ChildRun:
        self._record("child", call.workflow, where)
        workflow_id = self._child_id(call)
        handle = await self._start(call, workflow_id, detached=True)
        handle.add_done_callback(_forget)
        return ChildRun(workflow_id, handle.first_execution_run_id or "")

    def continue_as_new(self, following: NextRun) -> NoReturn:
        self._check_size(following.input, f"The input of workflow {following.workflow!r}")
        if asyncio.current_task() is not self.main_task:
            raise FatalError(
                "continue_as_new() belongs in `run` itself: in a handler or a task of its own it would leave the "
                "others behind. Set an attribute there, wait for it in `run`, and continue from there."
            )
        self.calls.check()
        workflow.continue_as_new(args=[Encoded(following.input)], workflow=following.workflow)

    def now(self) -> datetime:
        return workflow.now()

    def random(self) -> Random:
        return workflow.random()

    def uuid4(self) -> UUID:
        return workflow.uuid4()

    async def sleep(self, duration: timedelta) -> None:
        await workflow.sleep(duration)

    async def wait_for(self, predicate: Callable[[], bool], timeout: timedelta | None) -> None:
        raised: list[BaseException] = []

        def holds() -> bool:
            try:
                return bool(predicate())
            except BaseException as error:  # noqa: BLE001 — raised below, in the code that waits
                raised.append(error)
                return True

        await workflow.wait_condition(holds, timeout=timeout)
        if raised:
            raise raised[0]

    async def _start(
        self, call: ChildCall, workflow_id: str, *, detached: bool
    ) -> workflow.ChildWorkflowHandle[object, object]:
        self._check_size(call.input, f"The input of workflow {call.workflow!r}")
        if call.workflow not in self._worker_context.workflows:
            raise WorkflowNotFoundError(
                f"This worker has no workflow {call.workflow!r} to run as a child; move it below the folder of the "
                f"project's workflows. It has {', '.join(map(repr, sorted(self._worker_context.workflows)))}."
            )
        trace = child_trace(
            self._worker_context.trace,
            workflow_name=call.workflow,
            workflow_id=workflow_id,
            is_traced=call.is_traced,
            is_detached=detached,
        )
        memo = memo_of(trace)
        inherited = merge(self._inherited, self._definition.activity_options, call.options.activity_options)
        if inherited != ActivityOptions():
            memo[MEMO_KEY] = dump_options(inherited)
        policy = workflow.ParentClosePolicy.ABANDON if detached else workflow.ParentClosePolicy.TERMINATE
        cancellation = workflow.ChildWorkflowCancellationType
        try:
            return await workflow.start_child_workflow(
                call.workflow,
                Encoded(call.input),
                id=workflow_id,
                result_type=RawValue,
                memo=memo,
                execution_timeout=call.options.timeout,
                parent_close_policy=policy,
                cancellation_type=cancellation.ABANDON if detached else cancellation.WAIT_CANCELLATION_COMPLETED,
            )
        except ChildAlreadyStartedError as error:
            raise WorkflowAlreadyStartedError(RunRef(workflow_id)) from error

    def _check_size(self, data: bytes, what: str) -> None:
        check_size(data, what, self._worker_context.limits)

    def _is_light(self, size: int) -> bool:
        """Whether the engine gets no more than a reference; asked only where the value's own size would not do.

        The marker lets runs replay that waited before there was a store.
        """
        return self._worker_context.limits.is_stored(size) and workflow.patched("output-payload-store")

    def _locate(self) -> SourceLine | None:
        observer = self._worker_context.observer
        return None if observer is None else observer.locate()

    def _record(self, kind: CallKind, name: str, where: SourceLine | None) -> None:
        if self._worker_context.observer is not None:
            self._worker_context.observer.note(kind, name, where)

    def _child_id(self, call: ChildCall) -> str:
        return call.options.workflow_id or derive_child_id(self.run.workflow_id, call.workflow, workflow.uuid4())


def derive_child_id(parent_id: str, child: str, generator: UUID) -> str:
    """A child's workflow ID: readable, safe in a URL if its parent's is, and at most 255 characters long."""
    tail = f".{child}.{generator.hex[:12]}"
    if len(parent_id) + len(tail) <= MAX_WORKFLOW_ID:
        return parent_id + tail
    digest = hashlib.sha256((parent_id + tail).encode()).hexdigest()[:20]
    tail = f"~{digest}.{generator.hex[:12]}"
    return parent_id[: MAX_WORKFLOW_ID - len(tail)] + tail


def raise_cancellation(error: ActivityError | ChildWorkflowError) -> None:
    """Raise CancelledError, as asyncio code expects, where the engine tells a task's cancellation in its own way.

    Without it `asyncio.timeout` and clean-up code around a step would see an error of the step.
    """
    task = asyncio.current_task()
    if isinstance(error.cause, CancelledError) and task is not None and task.cancelling() > 0:
        raise asyncio.CancelledError from error


def check_size(data: bytes, what: str, limits: ValueLimits) -> bytes:
    """The data, if engine or store take it; raises ValueTooLargeError."""
    size = size_of(data)
    if size > limits.largest:
        raise ValueTooLargeError(what, size=size, limit=limits.largest, advice=limits.advice)
    if size > LARGE and not limits.has_store:
        log = workflow.logger if workflow.in_workflow() else activity.logger
        log.warning("%s has %d bytes, and the history carries all of them: %s", what, size, limits.advice)
    return data


def _forget(child: asyncio.Task[object]) -> None:
    # What comes of a detached child is its own; an exception that nobody fetched would be logged as a fault.
    if not child.cancelled():
        child.exception()


def _retry_policy(options: ActivityOptions) -> RetryPolicy:
    retry = options.retry
    assert retry is not None, "the defaults have one"
    names = [kind if isinstance(kind, str) else kind.__name__ for kind in retry.non_retryable or ()]
    initial = retry.initial_interval or timedelta(seconds=10)
    return RetryPolicy(
        initial_interval=initial,
        backoff_coefficient=retry.backoff_coefficient or 2.0,
        # The engine refuses a longest pause below the first, again and again; options of two places may say so.
        maximum_interval=max(initial, retry.max_interval or initial),
        maximum_attempts=retry.max_attempts or 0,
        non_retryable_error_types=names or None,
    )
