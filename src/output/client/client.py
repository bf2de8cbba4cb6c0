"""The client: one method for each route, typed by the models that the server uses."""

from __future__ import annotations

import uuid
from datetime import timedelta
from types import TracebackType
from typing import Self

from output.client import routes
from output.client.httpx_transport import Transport
from output.client.request import Server
from output.client.retry import Retries
from output.client.runs import Runs
from output.client.schedules import Schedules
from output.client.values import jsonable
from output.config.light import read_variables
from output.errors import (
    EngineNotAvailableError,
    OutputError,
    ServerNotReachableError,
    ServerStoppingError,
    WorkflowNotCompletedError,
    WorkflowNotFoundError,
)
from output.models.catalog import Catalog
from output.models.references import RunRef
from output.models.runs import ConflictPolicy, RunIds, RunRequest, RunResult, StartRequest

_LONGEST_WAIT = timedelta(seconds=60)


class Client:
    """A connection to an API server; use it as `async with Client() as client:`.

    `url` and `token` default to OUTPUT_API_URL and OUTPUT_API_AUTH_TOKEN. `timeout` bounds the wait for one answer
    beyond what the request itself asks the server to wait. Raises: the exception that the server raised (those of
    `output.errors`), ServerNotReachableError without an answer, ValueError for a URL that is none or an input that
    is no JSON.

    Example:
        async with Client(url) as client:
            order = {"lines": [{"product": "coffee", "quantity": 2}]}
            result = await client.run("price_order", order)
            assert result.status == "completed"
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        token: str | None = None,
        timeout: timedelta = timedelta(seconds=30),
        retries: Retries | None = None,
    ) -> None:
        variables = read_variables()
        server = Server(url or variables.url, token or variables.token)
        self._transport = Transport(server, timeout=timeout, retries=retries or Retries())
        self.runs = Runs(self._transport)
        self.schedules = Schedules(self._transport)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.aclose()

    async def health(self) -> None:
        """Return when the server serves."""
        await self._transport.ask(routes.health())

    async def ready(self) -> bool:
        """Whether the engine answers the server."""
        try:
            await self._transport.ask(routes.ready())
        except EngineNotAvailableError:
            return False
        return True

    async def catalog(self, catalog_id: str | None = None) -> Catalog:
        """The workflows that can be started; without an ID the server's own catalog."""
        response = await self._transport.ask(routes.catalog(catalog_id))
        return Catalog.model_validate_json(response.body)

    async def start(
        self,
        workflow: str,
        input: object = None,  # noqa: A002 — the word on the wire
        *,
        workflow_id: str | None = None,
        catalog: str | None = None,
        conflict_policy: ConflictPolicy = "fail",
    ) -> RunIds:
        """Start a workflow and return its IDs at once; `input` is JSON, or what pydantic makes JSON of."""
        body = StartRequest(
            workflow_name=workflow,
            input=jsonable(input),
            workflow_id=workflow_id,
            catalog=catalog,
            conflict_policy=conflict_policy,
        )
        response = await self._transport.ask(routes.start(body))
        return RunIds.model_validate_json(response.body)

    async def run(
        self,
        workflow: str,
        input: object = None,  # noqa: A002 — the word on the wire
        *,
        workflow_id: str | None = None,
        catalog: str | None = None,
        conflict_policy: ConflictPolicy = "fail",
        timeout: timedelta | None = None,
    ) -> RunResult:
        """Start a workflow and wait for its end; one that fails is a result with `error`, no exception.

        Without a `workflow_id` the client makes one up, so that it finds the run again when the connection
        breaks while it waits. Raises: WorkflowExecutionTimedOutError after `timeout` (default and upper bound: the
        server's); the workflow goes on.
        """
        own_id = workflow_id is None
        ref = RunRef(workflow_id or f"{workflow}-{uuid.uuid4().hex}")
        body = RunRequest(
            workflow_name=workflow,
            input=jsonable(input),
            workflow_id=ref.workflow_id,
            conflict_policy=conflict_policy,
            catalog=catalog,
            timeout=None if timeout is None else round(timeout / timedelta(milliseconds=1)),
        )
        try:
            response = await self._transport.ask(routes.run(body))
        except (ServerNotReachableError, ServerStoppingError) as lost:
            if not own_id:
                raise
            return await self._find_again(ref, lost)
        return RunResult.model_validate_json(response.body)

    async def _find_again(self, ref: RunRef, lost: OutputError) -> RunResult:
        """The result of a run whose connection broke; `lost` is raised when there is no such run."""
        while True:
            try:
                return await self.runs.result(ref.workflow_id, wait=_LONGEST_WAIT)
            except WorkflowNotCompletedError:
                continue
            except WorkflowNotFoundError:
                raise lost from None
