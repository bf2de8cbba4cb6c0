"""Runs in pages, by what they are, where they stand and when they began."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime

from temporalio.api.workflow.v1 import WorkflowExecutionInfo
from temporalio.api.workflowservice.v1 import CountWorkflowExecutionsRequest, ListWorkflowExecutionsRequest

from output.engine.connection import Engine
from output.engine.descriptions import state_of
from output.engine.listing_position import ListingPositions
from output.engine.rpc_errors import RPC_TIMEOUT, translate_rpc_errors
from output.engine.tags import TAGS, is_unknown_tag, tags_of
from output.engine.visibility import TextTerm, equals, quoted
from output.errors import ValidationError
from output.models.references import RunState
from output.models.runs import RunCount, RunPage, RunSummary, StatusCount

_STATUS_NAMES: dict[RunState, str] = {
    "running": "Running",
    "completed": "Completed",
    "failed": "Failed",
    "canceled": "Canceled",
    "terminated": "Terminated",
    "timed_out": "TimedOut",
    "continued_as_new": "ContinuedAsNew",
}
_BY_NAME: dict[str, RunState] = {name: status for status, name in _STATUS_NAMES.items()}
_MOST_READS = 50  # of the engine for one page


@dataclass(frozen=True, kw_only=True)
class RunFilter:
    """Which runs; all that is given must hold. A run that began at `started_before` itself is left out."""

    workflow_type: str | None = None
    catalog: str | None = None
    status: tuple[RunState, ...] = ()
    workflow_id: str | None = None
    started_after: datetime | None = None
    started_before: datetime | None = None
    root: bool = False
    parent: str | None = None
    tags: tuple[str, ...] = ()

    def query(self) -> str:
        """The filter in the engine's language, at least as wide as meant."""
        terms = ['WorkflowType NOT STARTS_WITH "$"']
        terms += [term.query for term in self._texts() if term.query is not None]
        if self.catalog is not None:
            terms.append(f"TaskQueue = {quoted(self.catalog)}")
        if self.status:
            names = ", ".join(quoted(_STATUS_NAMES[status]) for status in self.status)
            terms.append(f"ExecutionStatus IN ({names})")
        if self.root:
            terms.append("ParentWorkflowId IS NULL")
        for operator, moment in ((">=", self.started_after), ("<", self.started_before)):
            if moment is not None:
                terms.append(f"StartTime {operator} {quoted(moment.astimezone(UTC).isoformat())}")
        return " AND ".join(terms)

    def is_exact(self) -> bool:
        """Whether the engine can look for these texts by itself."""
        return all(term.is_exact for term in self._texts())

    def admits(self, run: RunSummary) -> bool:
        """Whether a run has the texts that were asked for."""
        return (
            self.workflow_id in {None, run.workflow_id}
            and self.workflow_type in {None, run.workflow_type}
            and self.parent in {None, run.parent_workflow_id}
            and set(self.tags) <= set(run.tags)
        )

    def _texts(self) -> list[TextTerm]:
        texts = [
            ("WorkflowType", self.workflow_type),
            ("WorkflowId", self.workflow_id),
            ("ParentWorkflowId", self.parent),
        ]
        terms = [equals(name, text) for name, text in texts if text is not None]
        # A list of texts is compared for equality alone.
        tags = [equals(TAGS.name, tag) for tag in self.tags]
        return terms + [tag if tag.is_exact else TextTerm(None, is_exact=False) for tag in tags]

    def fingerprint(self) -> bytes:
        """What tells one filter from another."""
        return hashlib.sha256(repr(astuple(self)).encode("utf-8", "surrogatepass")).digest()


async def count_runs(engine: Engine, query: str, *, by_status: bool) -> RunCount:
    """How many runs the engine has for a query of its language."""
    request = CountWorkflowExecutionsRequest(
        namespace=engine.namespace, query=query + (" GROUP BY ExecutionStatus" if by_status else "")
    )
    with translate_rpc_errors():
        response = await engine.client.workflow_service.count_workflow_executions(
            request, retry=True, timeout=RPC_TIMEOUT
        )
    groups = [
        StatusCount(value=_BY_NAME.get(json.loads(group.group_values[0].data), "running"), count=group.count)
        for group in response.groups
    ]
    return RunCount(groups=groups, count=response.count)


class RunLister:
    """Lists runs; its page tokens are worth something only here and with the filter that they came with."""

    def __init__(self, engine: Engine, *, secrets: Sequence[str]) -> None:
        self._engine = engine
        self._positions = ListingPositions(secrets, purpose="run page", of="for these filters")

    async def list(self, wanted: RunFilter, *, limit: int, token: str | None) -> RunPage:
        """A page of exactly `limit` runs, or fewer when there are no more. Raises InvalidPageTokenError.

        A page is also shorter where texts that the engine cannot look for have to be searched for long.
        """
        context = wanted.fingerprint()
        position = self._positions.read(token, context=context)
        found: list[RunSummary] = []
        for _ in range(_MOST_READS):
            page, position = await self._read_engine(wanted, limit - len(found), position)
            found += [run for run in page if wanted.admits(run)]
            if not position or len(found) == limit:
                break
        if position and wanted.is_exact() and not (await self._read_engine(wanted, 1, position))[0]:
            position = b""  # the engine gives a token with every full page, and knows of an end only behind it
        next_token = self._positions.write(position, context=context)
        return RunPage(runs=found, count=len(found), next_page_token=next_token)

    async def count(self, wanted: RunFilter, *, by_status: bool) -> RunCount:
        """How many runs fit, as far as the engine can look for the texts by itself."""
        try:
            return await count_runs(self._engine, wanted.query(), by_status=by_status)
        except ValidationError as error:
            if not (wanted.tags and is_unknown_tag(error)):
                raise
            return RunCount(groups=[], count=0)

    async def _read_engine(self, wanted: RunFilter, size: int, position: bytes) -> tuple[list[RunSummary], bytes]:
        request = ListWorkflowExecutionsRequest(
            namespace=self._engine.namespace, page_size=size, next_page_token=position, query=wanted.query()
        )
        try:
            with translate_rpc_errors():
                response = await self._engine.client.workflow_service.list_workflow_executions(
                    request, retry=True, timeout=RPC_TIMEOUT
                )
        except ValidationError as error:
            if not (wanted.tags and is_unknown_tag(error)):
                raise
            return [], b""  # a namespace that has never had a run with tags
        return [_summary(info) for info in response.executions], response.next_page_token


def _summary(info: WorkflowExecutionInfo) -> RunSummary:
    return RunSummary(
        workflow_id=info.execution.workflow_id,
        run_id=info.execution.run_id,
        workflow_type=info.type.name,
        status=state_of(info),
        started_at=info.start_time.ToDatetime(UTC),
        completed_at=info.close_time.ToDatetime(UTC) if info.HasField("close_time") else None,
        parent_workflow_id=info.parent_execution.workflow_id or None,
        parent_run_id=info.parent_execution.run_id or None,
        root_workflow_id=info.root_execution.workflow_id or info.execution.workflow_id,
        tags=tags_of(info),
        history_length=info.history_length or None,  # the engine counts when it has ended
    )
