"""How the engine describes a run: its state, its memo, what it is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from pydantic import JsonValue
from temporalio.api.common.v1 import Memo
from temporalio.api.enums.v1 import WorkflowExecutionStatus
from temporalio.api.workflow.v1 import WorkflowExecutionInfo
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionRequest, DescribeWorkflowExecutionResponse

from output.engine.connection import Engine
from output.engine.event_log import execution_of
from output.engine.payloads.json import memo_value
from output.engine.rpc_errors import RPC_TIMEOUT, translate_rpc_errors
from output.errors import WorkflowNotFoundError
from output.models.references import RunRef, RunState
from output.models.runs import TraceLocations
from output.tracing.locations import of_run

_STATES: Mapping[int, RunState] = {
    WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED: "completed",
    WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_FAILED: "failed",
    WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CANCELED: "canceled",
    WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TERMINATED: "terminated",
    WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TIMED_OUT: "timed_out",
    WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CONTINUED_AS_NEW: "continued_as_new",
}


def is_system_type(workflow: str) -> bool:
    """Whether runs of this type are ours and no user's: the catalog, and what else works behind the scenes."""
    return workflow.startswith("$")


def is_system_id(workflow_id: str) -> bool:
    """Whether an ID belongs to the engine's or our own workflows, whatever runs there."""
    return workflow_id.startswith(("temporal-sys-", "$"))


async def describe(engine: Engine, run: RunRef) -> DescribeWorkflowExecutionResponse:
    """The engine's own description of a user's run; raises WorkflowNotFoundError, also for a run that is ours."""
    response = await describe_any(engine, run)
    if is_system_type(response.workflow_execution_info.type.name) or is_system_id(run.workflow_id):
        raise WorkflowNotFoundError.no_run(run)
    return response


async def describe_any(engine: Engine, run: RunRef) -> DescribeWorkflowExecutionResponse:
    """The same for every run, those of catalogs too."""
    request = DescribeWorkflowExecutionRequest(namespace=engine.namespace, execution=execution_of(run))
    with translate_rpc_errors(run):
        response = await engine.client.workflow_service.describe_workflow_execution(
            request, retry=True, timeout=RPC_TIMEOUT
        )
    await engine.values.open(response, up_to=0)
    return response


def state_of(info: WorkflowExecutionInfo) -> RunState:
    """The state of a described run; what is neither closed nor known counts as running."""
    return _STATES.get(info.status, "running")


def locations_of(info: WorkflowExecutionInfo, engine: Engine) -> TraceLocations | None:
    """Where a run's trace lies: as its memo says, but a reset has the memo of the run that it replaces."""
    found = trace_of(info.memo, engine)
    run_id = info.execution.run_id
    if found is None or not info.first_run_id or info.first_run_id == run_id:
        return found
    return of_run(found, run_id)


async def read_memo(engine: Engine, info: WorkflowExecutionInfo, name: str) -> JsonValue:
    """What a described run's memo holds under a name; None where there is nothing."""
    await engine.values.open(info, up_to=0)
    return cast("JsonValue", memo_value(info.memo.fields, name))


def trace_of(memo: Memo, engine: Engine) -> TraceLocations | None:
    """The trace locations in a memo."""
    value = memo_value(memo.fields, "trace")
    return TraceLocations.model_validate(value) if isinstance(value, Mapping) else None
