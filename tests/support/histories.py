"""Runs for tests of histories: driven by hand over the engine's own API, so that every event is wanted."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from datetime import timedelta

from google.protobuf.duration_pb2 import Duration
from temporalio.api.command.v1 import (
    CancelWorkflowExecutionCommandAttributes,
    Command,
    CompleteWorkflowExecutionCommandAttributes,
    ContinueAsNewWorkflowExecutionCommandAttributes,
    FailWorkflowExecutionCommandAttributes,
    RecordMarkerCommandAttributes,
    ScheduleActivityTaskCommandAttributes,
)
from temporalio.api.common.v1 import ActivityType, Payload, Payloads, WorkflowExecution, WorkflowType
from temporalio.api.enums.v1 import CommandType
from temporalio.api.failure.v1 import ApplicationFailureInfo, Failure
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import (
    PollWorkflowTaskQueueRequest,
    PollWorkflowTaskQueueResponse,
    ResetWorkflowExecutionRequest,
    RespondWorkflowTaskCompletedRequest,
)
from temporalio.client import Client, WorkflowHandle

Handle = WorkflowHandle[object, object]


async def connect_to(address: str) -> Client:
    """A client of an engine that may have been started a moment ago."""
    async with asyncio.timeout(30):
        while True:
            try:
                return await Client.connect(address)
            except RuntimeError:  # it accepts connections before it is healthy
                await asyncio.sleep(0.05)


async def start_run(
    client: Client, *, workflow_id: str | None = None, value: object = None, run_timeout: timedelta | None = None
) -> Handle:
    """A run on a task queue of its own, which nobody polls: it goes on only when a test makes it."""
    workflow_id = workflow_id or f"by-hand-{uuid.uuid4()}"
    return await client.start_workflow(
        "by_hand",
        value,
        id=workflow_id,
        task_queue=queue_of(workflow_id),
        memo={"colour": "blue"},
        run_timeout=run_timeout,
    )


def queue_of(workflow_id: str) -> str:
    """The task queue of a run made by `start_run`."""
    return f"queue-{workflow_id}"


async def signal_many(handle: Handle, count: int, *, width: int = 20) -> None:
    """Signals, each of which is one event and one batch of the engine's."""
    left = iter(range(count))

    async def send() -> None:
        for number in left:
            await handle.signal("tick", {"number": number})

    await asyncio.gather(*(send() for _ in range(width)))


async def answer_task(client: Client, handle: Handle, commands: Sequence[Command]) -> PollWorkflowTaskQueueResponse:
    """Take the run's workflow task and answer it with commands, as a worker would."""
    task = await client.workflow_service.poll_workflow_task_queue(
        PollWorkflowTaskQueueRequest(
            namespace=client.namespace, task_queue=TaskQueue(name=queue_of(handle.id)), identity="by hand"
        ),
        timeout=timedelta(seconds=30),
    )
    await client.workflow_service.respond_workflow_task_completed(
        RespondWorkflowTaskCompletedRequest(namespace=client.namespace, task_token=task.task_token, commands=commands)
    )
    return task


def json_payloads(*values: bytes) -> Payloads:
    """JSON texts as the engine carries them."""
    return Payloads(payloads=[Payload(metadata={"encoding": b"json/plain"}, data=value) for value in values])


def complete(result: bytes = b'{"ok":true}') -> Command:
    return Command(
        command_type=CommandType.COMMAND_TYPE_COMPLETE_WORKFLOW_EXECUTION,
        complete_workflow_execution_command_attributes=CompleteWorkflowExecutionCommandAttributes(
            result=json_payloads(result)
        ),
    )


def fail(message: str) -> Command:
    failure = Failure(message=message, application_failure_info=ApplicationFailureInfo(type="ValueError"))
    return Command(
        command_type=CommandType.COMMAND_TYPE_FAIL_WORKFLOW_EXECUTION,
        fail_workflow_execution_command_attributes=FailWorkflowExecutionCommandAttributes(failure=failure),
    )


def cancel() -> Command:
    return Command(
        command_type=CommandType.COMMAND_TYPE_CANCEL_WORKFLOW_EXECUTION,
        cancel_workflow_execution_command_attributes=CancelWorkflowExecutionCommandAttributes(),
    )


def continue_as_new(handle: Handle) -> Command:
    return Command(
        command_type=CommandType.COMMAND_TYPE_CONTINUE_AS_NEW_WORKFLOW_EXECUTION,
        continue_as_new_workflow_execution_command_attributes=ContinueAsNewWorkflowExecutionCommandAttributes(
            workflow_type=WorkflowType(name="by_hand"), task_queue=TaskQueue(name=queue_of(handle.id))
        ),
    )


def marker(number: int) -> Command:
    """One event; many of them in one answer are one batch."""
    return Command(
        command_type=CommandType.COMMAND_TYPE_RECORD_MARKER,
        record_marker_command_attributes=RecordMarkerCommandAttributes(
            marker_name="mark", details={"number": json_payloads(b"%d" % number)}
        ),
    )


def schedule_step(name: str, value: bytes) -> Command:
    return Command(
        command_type=CommandType.COMMAND_TYPE_SCHEDULE_ACTIVITY_TASK,
        schedule_activity_task_command_attributes=ScheduleActivityTaskCommandAttributes(
            activity_id=name,
            activity_type=ActivityType(name=name),
            task_queue=TaskQueue(name="nobody"),
            input=json_payloads(value),
            start_to_close_timeout=Duration(seconds=10),
            schedule_to_close_timeout=Duration(seconds=3600),
        ),
    )


async def reset_run(client: Client, handle: Handle, *, event_id: int) -> str:
    """Reset the run to a completed workflow task; the new run's ID."""
    reply = await client.workflow_service.reset_workflow_execution(
        ResetWorkflowExecutionRequest(
            namespace=client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=handle.id, run_id=handle.first_execution_run_id or ""),
            workflow_task_finish_event_id=event_id,
            reason="again",
            request_id=str(uuid.uuid4()),
        )
    )
    return reply.run_id
