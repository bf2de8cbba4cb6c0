"""Starting a run's workflow again, as a run of its own."""

from __future__ import annotations

from output.engine.descriptions import describe
from output.engine.event_log import read_start
from output.engine.payloads.converter import payload_json
from output.engine.tags import tags_of
from output.models.messages import RerunRequest
from output.models.references import RunRef
from output.models.runs import StartRequest
from output.operations import starting
from output.operations.services import Services


async def rerun(services: Services, run: RunRef, request: RerunRequest) -> RunRef:
    """Start it again with the input of the chain's first run, as it was sent, or with the given one; tags stay.

    Raises WorkflowNotFoundError (the run, or a workflow that no worker has any more), ValidationError,
    WorkflowAlreadyStartedError, and what `starting.start` raises.
    """
    info = (await describe(services.engine, run)).workflow_execution_info
    first = RunRef(info.execution.workflow_id, run.run_id or info.first_run_id or info.execution.run_id)
    started = await read_start(services.engine, first)
    again = StartRequest(
        workflow_name=info.type.name,
        input=request.input,
        workflow_id=request.workflow_id,
        catalog=info.task_queue,
        tags=tags_of(info),
    )
    payloads = started.input.payloads
    as_sent = payload_json(payloads[0]) if payloads else b"null"
    return (await starting.start(services, again, as_sent=None if request.has_input else as_sent)).run
