"""An environment on a real engine: a worker in the test's own process, and runs of workflows on it."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Generic, ParamSpec, TypeVar, cast, overload

from pydantic import JsonValue
from pydantic_core import to_jsonable_python
from temporalio.client import WorkflowFailureError, WorkflowHandle
from temporalio.common import RawValue

from output.authoring.hooks import Hook, HookEvent
from output.authoring.step import AnyStep
from output.authoring.workflow import AnyWorkflow, Runs, Workflow, WorkflowClass
from output.config.settings import WorkerSettings, load
from output.engine.connection import Engine
from output.engine.failures import read_raised
from output.engine.payloads.converter import Encoded, dump_json, load_json, payload_json
from output.engine.runs import memo_of
from output.engine.waits import waiting_of
from output.errors import RunFailedError
from output.models.messages import FEEDBACK_SIGNAL
from output.models.references import RunRef
from output.models.waits import Audit, FeedbackSignal
from output.testing.collecting import collect, collect_project
from output.testing.servers import open_engine
from output.worker.engine_worker import WorkerParts, build_worker
from output.worker.execution.activity import StepRunner
from output.worker.execution.context import WorkerContext
from output.worker.execution.hooks import HookRunner
from output.worker.execution.inherited_options import MEMO_KEY, dump_options
from output.worker.execution.registry import Registry

P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
_THREADS = 20
_QUESTION_SECONDS = 30.0  # for a run to ask its question


@dataclass(frozen=True)
class TestRun(Generic[R_co]):
    """A run that a test has started."""

    __test__ = False  # for pytest, which collects classes of such names

    workflow: AnyWorkflow
    handle: WorkflowHandle[object, object]

    @property
    def workflow_id(self) -> str:
        return self.handle.id

    async def result(self) -> R_co:
        """Wait for its end; raises RunFailedError, which `has_error_type` looks into."""
        try:
            value = cast("RawValue", await self.handle.result())
        except WorkflowFailureError as error:
            raised = read_raised(error.cause)
            raise RunFailedError(RunRef(self.workflow_id, self.handle.result_run_id), raised) from error
        return cast("R_co", self.workflow.signature.result.parse_json(payload_json(value.payload)))

    async def signal(self, name: str, payload: object = None) -> None:
        """Signal it."""
        await self.handle.signal(name, Encoded(dump_json(payload)))

    async def query(self, name: str, payload: object = None) -> object:
        """The answer of a query's method."""
        value = await self.handle.query(name, Encoded(dump_json(payload)), result_type=RawValue)
        return load_json(payload_json(value.payload))

    async def update(self, name: str, payload: object = None) -> object:
        """The answer of an update's method."""
        value = await self.handle.execute_update(  # pyright: ignore[reportUnknownMemberType] — the SDK's own
            name, Encoded(dump_json(payload)), result_type=RawValue
        )
        return load_json(payload_json(value.payload))

    async def send_feedback(self, payload: JsonValue = None, *, token: str | None = None) -> None:
        """Answer a webhook that it awaits, as `POST /workflow/:id/feedback` does."""
        feedback = Encoded(dump_json({"token": token, "payload": payload}))
        await self.handle.signal(FEEDBACK_SIGNAL, feedback)

    async def answer(self, payload: object) -> None:
        """Answer the question that it has asked a person, once it has, as its link does."""
        async with asyncio.timeout(_QUESTION_SECONDS):
            while True:
                described = await self.handle.describe()
                waiting = waiting_of(described.raw_description.workflow_execution_info)
                asked = [known for known, record in waiting.open_records().items() if record.kind == "approval"]
                if asked:
                    break
                await asyncio.sleep(0.02)
        audit = Audit(id=uuid.uuid4().hex, at=datetime.now(UTC), by="a test")
        signal = FeedbackSignal(token=asked[0], payload=to_jsonable_python(payload, by_alias=True), audit=audit)
        await self.handle.signal(
            FEEDBACK_SIGNAL, Encoded(dump_json(signal.model_dump(mode="json", by_alias=True, exclude_none=True)))
        )

    async def stop(self) -> None:
        """Ask it to end; its clean-up code runs."""
        await self.handle.cancel()

    async def terminate(self) -> None:
        """End it at once."""
        await self.handle.terminate()

    async def history(self) -> str:
        """Its history so far, as `replay` takes it."""
        return (await self.handle.fetch_history()).to_json()


@dataclass(frozen=True)
class Environment:
    """A worker on a real engine; `engine.client` is the engine's own client."""

    engine: Engine
    registry: Registry

    @overload
    async def run(self, workflow: WorkflowClass[Runs[P, R]], /, *args: P.args, **kwargs: P.kwargs) -> R: ...
    @overload
    async def run(self, workflow: Workflow[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R: ...
    async def run(self, workflow: Workflow[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a workflow to its end; raises RunFailedError."""
        run = await self._start(workflow, args, kwargs)
        return await run.result()

    @overload
    async def start(self, workflow: WorkflowClass[Runs[P, R]], /, *args: P.args, **kwargs: P.kwargs) -> TestRun[R]: ...
    @overload
    async def start(self, workflow: Workflow[P, R], /, *args: P.args, **kwargs: P.kwargs) -> TestRun[R]: ...
    async def start(self, workflow: Workflow[P, R], /, *args: P.args, **kwargs: P.kwargs) -> TestRun[R]:
        """Start a workflow; `workflow.with_options(...)` gives it an ID, a time-out, options for its steps."""
        return await self._start(workflow, args, kwargs)

    async def _start(
        self, workflow: Workflow[..., R], args: tuple[object, ...], kwargs: dict[str, object]
    ) -> TestRun[R]:
        call = workflow.child_call(args, kwargs)
        memo = memo_of(None)
        if call.options.activity_options is not None:
            memo[MEMO_KEY] = dump_options(call.options.activity_options)
        handle = await self.engine.client.start_workflow(
            call.workflow,
            Encoded(call.input),
            id=call.options.workflow_id or f"{call.workflow}-{uuid.uuid4()}",
            task_queue=self.engine.settings.catalog_id,
            result_type=RawValue,
            execution_timeout=call.options.timeout,
            memo=memo,
        )
        return TestRun(cast("AnyWorkflow", workflow), cast("WorkflowHandle[object, object]", handle))


@asynccontextmanager
async def start_environment(
    *,
    workflows: Sequence[AnyWorkflow] = (),
    steps: Sequence[AnyStep] = (),
    project: Path | None = None,
    hooks: Sequence[Hook[HookEvent]] = (),
    time_skipping: bool = False,
    address: str | None = None,
    max_cached_workflows: int = 100,
) -> AsyncGenerator[Environment]:
    """A worker of workflows, or of all that a project defines, on an engine that is started for it.

    Steps and children are found in the modules of the workflows. With `time_skipping` hours pass in milliseconds
    while a result is awaited; `address` takes an engine that runs already. With `max_cached_workflows=0` every
    task replays its run, which finds code that does not replay.
    """
    registry = collect(workflows, steps) if project is None else collect_project(project)
    settings = load(
        WorkerSettings,
        catalog_id=f"test-{uuid.uuid4()}",
        max_cached_workflows=max_cached_workflows,
        shutdown_grace=timedelta(),
    )
    runner_of_hooks = HookRunner(hooks)
    async with open_engine(settings, time_skipping=time_skipping, address=address) as engine:
        runner = StepRunner(registry, engine, runner_of_hooks, threads=_THREADS)
        worker_context = WorkerContext(frozenset(registry.workflows), hooks=runner_of_hooks, limits=engine.limits)
        async with build_worker(engine, settings, WorkerParts(registry, runner, worker_context)):
            yield Environment(engine, registry)
        runner.close()
        await runner_of_hooks.close()
