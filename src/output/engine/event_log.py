"""A run's events as the engine hands them out."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.history.v1 import HistoryEvent, WorkflowExecutionStartedEventAttributes
from temporalio.api.workflowservice.v1 import GetWorkflowExecutionHistoryRequest

from output.engine.connection import Engine
from output.engine.rpc_errors import RPC_TIMEOUT, translate_rpc_errors
from output.models.references import RunRef

LARGEST_PAGE = 256  # batches; the engine's own maximum


def execution_of(run: RunRef) -> WorkflowExecution:
    """A run in the engine's terms."""
    return WorkflowExecution(workflow_id=run.workflow_id, run_id=run.run_id or "")


async def read_start(engine: Engine, run: RunRef) -> WorkflowExecutionStartedEventAttributes:
    """What a run was started with; raises WorkflowNotFoundError."""
    request = GetWorkflowExecutionHistoryRequest(
        namespace=engine.namespace, execution=execution_of(run), maximum_page_size=1
    )
    with translate_rpc_errors(run):
        response = await engine.client.workflow_service.get_workflow_execution_history(
            request, retry=True, timeout=RPC_TIMEOUT
        )
    started = response.history.events[0].workflow_execution_started_event_attributes
    await engine.values.open(started)
    return started


async def read_events(engine: Engine, run: RunRef) -> AsyncGenerator[HistoryEvent]:
    """All events that a run has now, in order, with the start alone of large values; raises WorkflowNotFoundError."""
    request = GetWorkflowExecutionHistoryRequest(
        namespace=engine.namespace,
        execution=execution_of(run),
        maximum_page_size=LARGEST_PAGE,
        skip_archival=True,
    )
    while True:
        with translate_rpc_errors(run):
            response = await engine.client.workflow_service.get_workflow_execution_history(
                request, retry=True, timeout=RPC_TIMEOUT
            )
        for event in response.history.events:
            await engine.values.open(event, up_to=0)
            yield event
        if not response.next_page_token:
            return
        request.next_page_token = response.next_page_token
