"""What runs wait for from people, read from their memos: no worker is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from pydantic import ValidationError
from temporalio.api.workflow.v1 import WorkflowExecutionInfo
from temporalio.api.workflowservice.v1 import ListWorkflowExecutionsRequest

from output.engine.connection import Engine
from output.engine.descriptions import describe, is_system_type, state_of
from output.engine.listing_position import ListingPositions
from output.engine.payloads.json import memo_value
from output.engine.rpc_errors import RPC_TIMEOUT, translate_rpc_errors
from output.models.references import RunRef
from output.models.waits import MEMO_KEY, WaitRecord

WAITS_PATCH = "output-waits"


@dataclass(frozen=True)
class WaitingRun:
    """A run and its waits by what it knows them by, the closed ones too."""

    run: RunRef
    workflow: str
    task_queue: str
    is_open: bool
    records: Mapping[str, WaitRecord]

    def open_records(self) -> dict[str, WaitRecord]:
        """What it waits for now, oldest first."""
        found = {token: record for token, record in self.records.items() if record.state == "open" and self.is_open}
        return dict(sorted(found.items(), key=lambda entry: entry[1].since))


async def read_waits(engine: Engine, run: RunRef) -> WaitingRun:
    """The waits of a run. Raises WorkflowNotFoundError."""
    described = await describe(engine, run)
    return waiting_of(described.workflow_execution_info)


@dataclass(frozen=True)
class WaitingPage:
    """Runs that may wait for people, and the token of the next page."""

    runs: list[WaitingRun]
    next_page_token: str | None


class WaitingLister:
    """Lists runs that may wait for people; its page tokens are worth something only here."""

    def __init__(self, engine: Engine, *, secrets: Sequence[str]) -> None:
        self._engine = engine
        self._positions = ListingPositions(secrets, purpose="waits page")

    async def read(self, *, limit: int, token: str | None) -> WaitingPage:
        """A page of up to `limit` runs. Raises InvalidPageTokenError."""
        runs, position = await _list_waiting(self._engine, size=limit, position=self._positions.read(token))
        return WaitingPage(runs, self._positions.write(position))


async def _list_waiting(engine: Engine, *, size: int, position: bytes) -> tuple[list[WaitingRun], bytes]:
    # The mark of the code that shows its waits is an indexed search attribute of the engine's own.
    query = f'ExecutionStatus = "Running" AND TemporalChangeVersion = "{WAITS_PATCH}"'
    request = ListWorkflowExecutionsRequest(
        namespace=engine.namespace, page_size=size, next_page_token=position, query=query
    )
    with translate_rpc_errors():
        response = await engine.client.workflow_service.list_workflow_executions(
            request, retry=True, timeout=RPC_TIMEOUT
        )
    await engine.values.open(response, up_to=0)
    runs = [waiting_of(info) for info in response.executions if not is_system_type(info.type.name)]
    return runs, response.next_page_token


def waiting_of(info: WorkflowExecutionInfo) -> WaitingRun:
    """The waits of a described or listed run."""
    value = memo_value(info.memo.fields, MEMO_KEY)
    return WaitingRun(
        RunRef(info.execution.workflow_id, info.execution.run_id),
        info.type.name,
        info.task_queue,
        state_of(info) == "running",
        _records(cast("Mapping[str, object]", value)) if isinstance(value, Mapping) else {},
    )


def _records(value: Mapping[str, object]) -> dict[str, WaitRecord]:
    found: dict[str, WaitRecord] = {}
    for token, record in value.items():
        try:
            found[token] = WaitRecord.model_validate(record)
        except ValidationError:  # of a newer build
            continue
    return found
