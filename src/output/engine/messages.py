"""Messages to running workflows: signals, queries and updates."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from temporalio.api.common.v1 import Payloads, WorkflowExecution
from temporalio.api.enums.v1 import UpdateWorkflowExecutionLifecycleStage as Stage
from temporalio.api.errordetails.v1 import QueryFailedFailure
from temporalio.api.query.v1 import WorkflowQuery
from temporalio.api.update.v1 import Input, Meta, Outcome, Request, UpdateRef, WaitPolicy
from temporalio.api.workflowservice.v1 import (
    PollWorkflowExecutionUpdateRequest,
    QueryWorkflowRequest,
    SignalWorkflowExecutionRequest,
    UpdateWorkflowExecutionRequest,
    UpdateWorkflowExecutionResponse,
)
from temporalio.service import RPCError, RPCStatusCode

from output.engine.connection import Engine
from output.engine.descriptions import describe, state_of
from output.engine.failures import read_failure
from output.engine.payloads.converter import payload_json
from output.engine.problems import find_problem
from output.engine.rpc_errors import RPC_TIMEOUT, translate_rpc_errors
from output.engine.workers import WorkerWatch
from output.errors import (
    HandlerFailedError,
    HandlerNotFoundError,
    WorkerNotAvailableError,
    WorkflowAlreadyClosedError,
    WorkflowTaskFailingError,
)
from output.models.references import RunRef

T = TypeVar("T")
_ACCEPTED = WaitPolicy(lifecycle_stage=Stage.UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_ACCEPTED)
_COMPLETED = WaitPolicy(lifecycle_stage=Stage.UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_COMPLETED)
_QUERY_TIMEOUT = timedelta(seconds=10)  # what the engine itself gives a query
_LOOK_AGAIN = 1.0  # seconds between two looks for a worker while an answer is awaited
_NAMED = re.compile(r"([A-Za-z_][A-Za-z0-9_.]*): ?(.*)\Z", re.DOTALL)
_UNKNOWN = re.compile(
    r"(?:query|update) handler for .* not found.*known (?:queries|updates): \[(.*)\]", re.IGNORECASE | re.DOTALL
)
_NO_RESPONSE = frozenset({RPCStatusCode.FAILED_PRECONDITION, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED})
_CLOSED_MEANWHILE = "AcceptedUpdateCompletedWorkflow"


@dataclass(frozen=True)
class Recipient:
    """The latest run of a workflow: which workflow it is of, and where its workers poll."""

    run: RunRef
    workflow: str
    task_queue: str
    is_open: bool


@dataclass(frozen=True)
class HandlerCall:
    """A message to one handler; `payload` is JSON, None calls the handler without an argument."""

    to: Recipient
    handler: str
    payload: bytes | None = None


async def find_recipient(engine: Engine, run: RunRef) -> Recipient:
    """Who gets a message; raises WorkflowNotFoundError."""
    response = await describe(engine, run)
    info = response.workflow_execution_info
    return Recipient(
        RunRef(info.execution.workflow_id, info.execution.run_id),
        info.type.name,
        response.execution_config.task_queue.name or info.task_queue,
        state_of(info) == "running",
    )


async def send_signal(engine: Engine, message: HandlerCall) -> None:
    """Leave a signal with the engine, which keeps it for the workflow. Raises WorkflowAlreadyClosedError."""
    _require_open(message.to)
    request = SignalWorkflowExecutionRequest(
        namespace=engine.namespace,
        workflow_execution=_latest(message.to),
        signal_name=message.handler,
        input=await _payloads(engine, message.payload),
        identity=engine.client.identity,
        request_id=str(uuid.uuid4()),
    )
    with translate_rpc_errors(message.to.run):
        await engine.client.workflow_service.signal_workflow_execution(request, retry=True, timeout=RPC_TIMEOUT)


async def ask_query(engine: Engine, workers: WorkerWatch, message: HandlerCall) -> bytes:
    """A query's answer as JSON; works on closed runs too.

    Raises HandlerFailedError, HandlerNotFoundError, WorkerNotAvailableError.
    """
    return await _while_polled(engine, workers, message.to, lambda: _query(engine, message))


async def send_update(engine: Engine, workers: WorkerWatch, message: HandlerCall) -> bytes:
    """An update's result as JSON, once the workflow has processed it, however long that takes.

    Raises HandlerFailedError, HandlerNotFoundError, WorkerNotAvailableError, WorkflowAlreadyClosedError.
    """
    _require_open(message.to)
    return await _while_polled(engine, workers, message.to, lambda: _update(engine, message))


async def _query(engine: Engine, message: HandlerCall) -> bytes:
    request = QueryWorkflowRequest(
        namespace=engine.namespace,
        execution=_latest(message.to),
        query=WorkflowQuery(query_type=message.handler, query_args=await _payloads(engine, message.payload)),
    )
    with translate_rpc_errors(message.to.run):
        try:
            response = await engine.client.workflow_service.query_workflow(request, retry=True, timeout=_QUERY_TIMEOUT)
        except RPCError as error:
            if error.status in _NO_RESPONSE:
                raise WorkerNotAvailableError(message.to.task_queue, run=message.to.run) from error
            for detail in error.grpc_status.details:
                if detail.Is(QueryFailedFailure.DESCRIPTOR):
                    raise _query_failed(message, await engine.values.open_text(error.message)) from error
            raise
    return await _json(engine, response.query_result)


async def _update(engine: Engine, message: HandlerCall) -> bytes:
    update_id = str(uuid.uuid4())
    request = UpdateWorkflowExecutionRequest(
        namespace=engine.namespace,
        workflow_execution=_latest(message.to),
        wait_policy=_COMPLETED,
        request=Request(
            meta=Meta(update_id=update_id, identity=engine.client.identity),
            input=Input(name=message.handler, args=await _payloads(engine, message.payload)),
        ),
    )
    service = engine.client.workflow_service
    with translate_rpc_errors(message.to.run):
        response = await _accepted(engine, message, request)
        outcome = response.outcome
        poll = PollWorkflowExecutionUpdateRequest(
            namespace=engine.namespace,
            update_ref=UpdateRef(workflow_execution=response.update_ref.workflow_execution, update_id=update_id),
            identity=engine.client.identity,
            wait_policy=_COMPLETED,
        )
        while not outcome.WhichOneof("value"):
            outcome = (await service.poll_workflow_execution_update(poll, retry=True)).outcome
    return await _outcome(engine, message, outcome)


async def _accepted(
    engine: Engine, message: HandlerCall, request: UpdateWorkflowExecutionRequest
) -> UpdateWorkflowExecutionResponse:
    """The engine's answer once the workflow has the update, which mostly is when it has processed it.

    One that lies with the engine untouched for as long as a query may is without a worker.
    """
    service = engine.client.workflow_service
    try:
        response = await service.update_workflow_execution(request, retry=True, timeout=_QUERY_TIMEOUT)
        if response.stage >= _ACCEPTED.lifecycle_stage:
            return response
    except RPCError as error:
        if error.status not in _NO_RESPONSE:
            raise
    # Asked again with the same ID, it is the same update.
    request.wait_policy.CopyFrom(_ACCEPTED)
    try:
        return await service.update_workflow_execution(request, retry=True, timeout=RPC_TIMEOUT)
    except RPCError as error:
        if error.status in _NO_RESPONSE:
            raise WorkerNotAvailableError(message.to.task_queue, run=message.to.run) from error
        raise


async def _outcome(engine: Engine, message: HandlerCall, outcome: Outcome) -> bytes:
    if not outcome.HasField("failure"):
        return await _json(engine, outcome.success)
    await engine.values.open(outcome.failure)
    if outcome.failure.application_failure_info.type == _CLOSED_MEANWHILE:
        raise WorkflowAlreadyClosedError(message.to.run)
    _require_known(message, "update", outcome.failure.message)
    error = read_failure(outcome.failure, engine.data_converter.payload_converter)
    raise HandlerFailedError(message.handler, cause_name=error.name, cause_message=error.message, run=message.to.run)


def _query_failed(message: HandlerCall, told: str) -> HandlerFailedError:
    # The engine passes on a query's failure as its message alone; our workers put the exception's name before it.
    _require_known(message, "query", told)
    named = _NAMED.match(told)
    name, text = (named[1], named[2]) if named is not None else ("QueryFailedError", told)
    return HandlerFailedError(message.handler, cause_name=name, cause_message=text, run=message.to.run)


def _require_known(message: HandlerCall, kind: str, told: str) -> None:
    """Raise HandlerNotFoundError when a worker tells that it has no such handler, and which it has."""
    unknown = _UNKNOWN.search(told)
    if unknown is not None:
        known = [name for name in unknown[1].split() if not name.startswith("__")]
        raise HandlerNotFoundError(kind, message.handler, known=known, run=message.to.run)


async def _while_polled(
    engine: Engine, workers: WorkerWatch, to: Recipient, ask: Callable[[], Coroutine[None, None, T]]
) -> T:
    """Ask, and await the response as long as a worker polls and can replay the run; else it would never come."""
    await _require_worker(workers, to)
    task = asyncio.ensure_future(ask())
    try:
        while True:
            done, _ = await asyncio.wait({task}, timeout=_LOOK_AGAIN)
            if done:
                return await task
            await _require_worker(workers, to)
            await _require_health(engine, workers, to)
    finally:
        task.cancel()


async def _require_worker(workers: WorkerWatch, to: Recipient) -> None:
    if not await workers.is_polled(to.task_queue):
        raise WorkerNotAvailableError(to.task_queue, run=to.run)


async def _require_health(engine: Engine, workers: WorkerWatch, to: Recipient) -> None:
    """Raise WorkflowTaskFailingError for a run whose task fails again and again."""
    if not to.is_open:
        return
    problem = await find_problem(engine, await describe(engine, to.run), workers)
    if problem is not None and problem.kind in {"code_changed", "workflow_task_failing"}:
        raise WorkflowTaskFailingError(problem.model_dump(by_alias=True, exclude_none=True), to.run)


def _require_open(to: Recipient) -> None:
    if not to.is_open:
        raise WorkflowAlreadyClosedError(to.run)


def _latest(to: Recipient) -> WorkflowExecution:
    return WorkflowExecution(workflow_id=to.run.workflow_id)


async def _payloads(engine: Engine, data: bytes | None) -> Payloads:
    return Payloads(payloads=[] if data is None else [await engine.values.seal(data)])


async def _json(engine: Engine, result: Payloads) -> bytes:
    """The one value of a result; nothing counts as null."""
    await engine.values.open(result)
    return payload_json(result.payloads[0]) if result.payloads else b"null"
