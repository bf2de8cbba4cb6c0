"""The activity behind every step: finds it by type, parses, runs, heartbeats for the author."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from temporalio import activity
from temporalio.common import RawValue

from output.authoring.schema.signature import Arguments
from output.authoring.step import AnyStep
from output.authoring.step_context import enter_step, leave_step
from output.engine.connection import Engine
from output.engine.failures import CodeError
from output.engine.payloads.converter import Encoded, payload_json, to_payload
from output.engine.payloads.limits import MAX_PAYLOAD_BYTES
from output.engine.payloads.quick_steps import METADATA_KEY, QuickRecord
from output.errors import text_of, type_names
from output.tracing.recorder import clock
from output.worker.execution.heartbeats import Heartbeats
from output.worker.execution.hooks import Hooks
from output.worker.execution.limiter import Limiters
from output.worker.execution.limits import LONGEST_WAIT, QUEUE_SUFFIX
from output.worker.execution.registry import Registry
from output.worker.execution.runtime import check_size
from output.worker.execution.step_context import Attempt

_LONGEST_KEY = 200  # characters of a limit's key
MAX_RECORDED_INPUT = 64 * 1024  # bytes of a failed quick step's input; the engine cuts failures of 1 to 2 MB


class StepRunner:
    """Runs the steps of a registry; plain functions run on a thread pool as wide as the worker's slots."""

    def __init__(self, registry: Registry, engine: Engine, hooks: Hooks, *, threads: int) -> None:
        self._registry = registry
        self._engine = engine
        self._hooks = hooks
        self.heartbeats = Heartbeats()
        self.limiters: Limiters | None = None  # where limits of steps are kept
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="step")
        self._running: set[asyncio.Task[object]] = set()
        self._is_stopping = False

    def stop_steps(self) -> None:
        """Stop what is running: these attempts fail, and other workers try the steps again."""
        self._is_stopping = True
        for task in self._running:
            task.cancel()

    async def run(self, values: Sequence[RawValue]) -> Encoded | RawValue:
        """One attempt of the step that the activity's type names."""
        data = payload_json(values[0].payload) if values else b"null"
        if not activity.info().is_local:
            return await self._attempt(data)
        return await self._run_quick(data)

    async def _run_quick(self, data: bytes) -> RawValue:
        """The same for a quick step, whose input, kind and times the engine has no place for."""
        kind = "evaluator" if self._registry.kind_of(activity.info().activity_type) == "evaluator" else "step"
        started_at = clock()
        try:
            result = await self._attempt(data)
        except Exception as error:
            is_final = isinstance(error, CodeError) and error.is_final
            original = error.original if isinstance(error, CodeError) else error
            given = data if len(data) <= MAX_RECORDED_INPUT else None
            record = QuickRecord(kind, given, started_at, clock())
            raise CodeError(original, is_final=is_final, detail=record.dump_detail()) from error
        given = data if len(data) + len(result.data) <= MAX_PAYLOAD_BYTES // 2 else None
        return RawValue(to_payload(result.data, {METADATA_KEY: QuickRecord(kind, given, started_at, clock()).dump()}))

    async def _attempt(self, data: bytes) -> Encoded:
        attempt = Attempt(self._engine.client, self._hooks)
        token = enter_step(attempt)
        attempt.report_start()
        task = asyncio.current_task()
        if task is not None:
            self._running.add(task)
        try:
            result = await self._run(attempt, data)
        except Exception as error:
            attempt.report_error(error)
            if _is_listed(error):
                raise CodeError(error, is_final=True) from error
            raise
        except asyncio.CancelledError:
            if not self._is_stopping:
                raise
            stopped = WorkerStoppedError()
            attempt.report_error(stopped)
            raise stopped from None
        else:
            attempt.report_end()
            return result
        finally:
            self._running.discard(task)
            leave_step(token)

    async def _run(self, attempt: Attempt, data: bytes) -> Encoded:
        try:
            step = self._registry.find_step(activity.info().activity_type)
        except LookupError as error:
            raise UnknownStepError(str(error)) from None
        arguments = step.signature.parse_json(data)
        with self.heartbeats.keep(attempt):
            try:
                result = await self._call(step, arguments)
            except (Exception, asyncio.CancelledError):
                raise
            except BaseException as error:  # noqa: BLE001 — it would end the whole worker
                raise StepExitError(step.name, error) from None
        dumped = step.signature.result.dump(step.signature.result.parse(result))
        return Encoded(check_size(dumped, f"The result of step {step.name!r}", self._engine.limits))

    async def _call(self, step: AnyStep, arguments: Arguments) -> object:
        """The function's result, once the step's limits let this attempt go; the wait is no part of its time-out."""
        info = activity.info()
        if self.limiters is None or step.limit is None or not info.task_queue.endswith(QUEUE_SUFFIX):
            return await step.call(arguments, self._on_thread)
        key = step.limit.key
        name = "" if key is None else str(key(*arguments.args, **arguments.kwargs))[:_LONGEST_KEY]
        limiter = self.limiters.of(step.name, step.limit)
        timeout = (info.start_to_close_timeout or LONGEST_WAIT) - LONGEST_WAIT
        async with limiter.permit(name):
            bound = asyncio.timeout(timeout.total_seconds() or None)
            try:
                async with bound:
                    return await step.call(arguments, self._on_thread)
            except TimeoutError as error:
                if bound.expired():
                    raise TimeoutError(f"The attempt took longer than the time-out of step {step.name!r}.") from error
                raise

    async def _on_thread(self, call: Callable[[], object]) -> object:
        context = contextvars.copy_context()
        running = asyncio.get_running_loop().run_in_executor(self._threads, lambda: context.run(_settle, call))
        try:
            outcome = await asyncio.shield(running)
        except asyncio.CancelledError:
            # A thread cannot be stopped from outside: its slot stays taken until it has seen `is_cancelled`.
            if not activity.is_worker_shutdown():
                with contextlib.suppress(Exception):
                    await running
            raise
        if isinstance(outcome, _Raised):
            raise outcome.error
        return outcome

    def close(self) -> None:
        """Let go of the threads; one that is still running is not waited for."""
        self.heartbeats.close()
        self._threads.shutdown(wait=False, cancel_futures=True)


@dataclass(frozen=True, slots=True)
class _Raised:
    """An exception on its way out of a thread: a future cannot carry every one of them."""

    error: BaseException


def _settle(call: Callable[[], object]) -> object:
    try:
        return call()
    except StopIteration as error:
        return _Raised(RuntimeError(f"the step raised StopIteration: {text_of(error)}"))
    except BaseException as error:  # noqa: BLE001 — raised on the event loop
        return _Raised(error)


class WorkerStoppedError(Exception):
    """The worker was told to stop at once; the step is tried again, by another one."""

    def __init__(self) -> None:
        super().__init__("The worker was stopped at once, in the middle of the step; it is tried again.")


class UnknownStepError(Exception):
    """The worker has no such step; tried again, another worker may have it."""


class StepExitError(Exception):
    """The step raised what is no ordinary exception, such as by `sys.exit`."""

    def __init__(self, step: str, error: BaseException) -> None:
        done = f"called sys.exit({error.code!r})" if isinstance(error, SystemExit) else f"raised {_name(error)}"
        super().__init__(f"Step {step!r} {done}; raise an ordinary exception instead.")


def _name(error: BaseException) -> str:
    text = text_of(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def activity_function(runner: StepRunner) -> Callable[[Sequence[RawValue]], Awaitable[Encoded | RawValue]]:
    """The function that the engine's worker calls for every activity type."""

    async def run_step(values: Sequence[RawValue]) -> Encoded | RawValue:
        return await runner.run(values)

    return activity.defn(dynamic=True)(run_step)


def _is_listed(error: Exception) -> bool:
    """Whether the retry policy rules the exception out through a base class; the engine compares its own name only."""
    policy = activity.info().retry_policy
    listed = set(policy.non_retryable_error_types or ()) if policy is not None else set[str]()
    names = type_names(type(error)) if listed else ()
    return any(name in listed or name.rpartition(".")[2] in listed for name in names)
