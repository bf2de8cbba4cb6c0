"""The client: one method for each route, typed by the models that the server uses."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from types import TracebackType
from typing import Self, TypedDict, Unpack

from output.client import routes
from output.client.httpx_transport import Transport
from output.client.request import Server, whole_milliseconds
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
from output.models.runs import (
    ConflictPolicy,
    ReusePolicy,
    RunIds,
    RunRequest,
    RunResult,
    StartRequest,
    ValidateRequest,
    Validity,
)
from output.models.webhooks import WebhookSpec

_LONGEST_WAIT = timedelta(seconds=60)


class StartOptions(TypedDict, total=False):
    """How a run is started, beside its workflow and input; what is left out, and None, leave it to the server.

    `workflow_id` is its ID, `conflict_policy` what an open run of that ID means, `reuse_policy` what a closed one.
    `idempotency_key` (1 to 255 printable ASCII characters) makes the same request again the same run. `start_delay`
    passes before its first task, `execution_timeout` is its longest life, `priority` is 1 (first) to 5, `tags` are up
    to 20 texts of at most 64 characters; `webhook` is told of its end.

    Example:
        async with Client(url) as client:
            order = {"lines": [{"product": "coffee", "quantity": 2}]}
            first = await client.start("price_order", order, idempotency_key="order-17", tags=["shop"])
            again = await client.start("price_order", order, idempotency_key="order-17", tags=["shop"])
            assert again == first
    """

    workflow_id: str | None
    catalog: str | None
    conflict_policy: ConflictPolicy
    reuse_policy: ReusePolicy
    idempotency_key: str | None
    start_delay: timedelta | None
    execution_timeout: timedelta | None
    tags: Sequence[str]
    priority: int | None
    webhook: WebhookSpec | None


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
        **options: Unpack[StartOptions],
    ) -> RunIds:
        """Start a workflow and return its IDs at once; `input` is JSON, or what pydantic makes JSON of.

        Raises: WorkflowAlreadyStartedError, IdempotencyKeyReusedError, ValidationError.
        """
        body = StartRequest.model_validate(_start_fields(workflow, input, options), by_name=True)
        response = await self._transport.ask(routes.start(body, key=options.get("idempotency_key")))
        return RunIds.model_validate_json(response.body)

    async def run(
        self,
        workflow: str,
        input: object = None,  # noqa: A002 — the word on the wire
        *,
        timeout: timedelta | None = None,
        **options: Unpack[StartOptions],
    ) -> RunResult:
        """Start a workflow and wait for its end; one that fails is a result with `error`, no exception.

        Without a `workflow_id` and a key the client makes an ID up, so that it finds the run again when the connection
        breaks while it waits. Raises: WorkflowExecutionTimedOutError after `timeout` (default and upper bound: the
        server's); the workflow goes on.
        """
        key = options.get("idempotency_key")
        own_id = key is None and options.get("workflow_id") is None
        fields = _start_fields(workflow, input, options)
        if own_id:
            fields["workflow_id"] = f"{workflow}-{uuid.uuid4().hex}"
        if timeout is not None:
            fields["timeout"] = whole_milliseconds(timeout)
        body = RunRequest.model_validate(fields, by_name=True)
        try:
            response = await self._transport.ask(routes.run(body, key=key))
        except (ServerNotReachableError, ServerStoppingError) as lost:
            if not own_id:
                raise
            return await self._find_again(RunRef(str(fields["workflow_id"])), lost)
        return RunResult.model_validate_json(response.body)

    async def validate(self, workflow: str, input: object = None, *, catalog: str | None = None) -> Validity:  # noqa: A002 — the word on the wire
        """Whether a workflow would take an input, and all that does not fit; nothing is started.

        Raises: WorkflowNotFoundError.

        Example:
            async with Client(url) as client:
                found = await client.validate("price_order", {"lines": "none"})
                assert not found.valid
                assert found.issues[0].pointer == "/input/lines"
        """
        body = ValidateRequest(workflow_name=workflow, input=jsonable(input), catalog=catalog)
        response = await self._transport.ask(routes.validate(body))
        return Validity.model_validate_json(response.body)

    async def _find_again(self, ref: RunRef, lost: OutputError) -> RunResult:
        """The result of a run whose connection broke; `lost` is raised when there is no such run."""
        while True:
            try:
                return await self.runs.result(ref.workflow_id, wait=_LONGEST_WAIT)
            except WorkflowNotCompletedError:
                continue
            except WorkflowNotFoundError:
                raise lost from None


def _start_fields(workflow: str, given: object, options: StartOptions) -> dict[str, object]:
    """The fields of a start; what was not given is not sent, so that older servers take it."""
    fields: dict[str, object] = {"workflow_name": workflow, "input": jsonable(given)}
    for name, value in options.items():
        if value is not None and name != "idempotency_key":
            fields[name] = whole_milliseconds(value) if isinstance(value, timedelta) else value
    return fields
