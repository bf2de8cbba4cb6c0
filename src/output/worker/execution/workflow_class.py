"""The engine's workflow class behind each authored workflow: one real class, generated."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any, cast

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import FailureError

from output.authoring.runtime.protocol import install_runtime
from output.authoring.workflow import AnyHandler, AnyWorkflow
from output.engine.failures import MessageOnlyError, WorkflowCodeError
from output.engine.payloads.converter import Encoded, payload_json, to_payload
from output.engine.payloads.limits import ValueLimits
from output.engine.payloads.unreadable import ValueUnreadableError
from output.errors import ValidationError, text_of
from output.models.messages import FEEDBACK_SIGNAL
from output.models.waits import FeedbackSignal
from output.worker.execution.context import WorkerContext
from output.worker.execution.event_loop import LoopOrder, contained
from output.worker.execution.memo import complete_memo
from output.worker.execution.run_events import RunEvents
from output.worker.execution.runtime import EngineRuntime, check_size
from output.worker.execution.webhook_notice import announce_end

_NULL = RawValue(to_payload(b"null"))


@dataclass(frozen=True)
class SandboxName:
    """Where the sandbox imports a generated class from."""

    module: str
    attribute: str


class QueryError(MessageOnlyError):
    """A query's failure; the engine passes on its message alone, so the exception's name is part of it."""


class GeneratedWorkflow:
    """What all generated classes share: the authored instance and the border around authored code."""

    definition: AnyWorkflow
    worker_context: WorkerContext

    def __init__(self) -> None:
        self.runtime = EngineRuntime(self.definition, self.worker_context)
        self.events = RunEvents(self.runtime, self.worker_context.hooks)
        self.loop = asyncio.get_running_loop()
        install_runtime(self.loop, self.runtime)
        LoopOrder(self.loop, self.runtime.run.run_id).install()
        self.instance: object | None = None
        self.init_error: BaseException | None = None
        if isinstance(self.definition.authored, type):
            try:
                self.instance = cast("object", self.definition.authored())
            except BaseException as error:
                if contained(error, self.loop) is None and not isinstance(error, Exception):
                    raise
                self.init_error = error

    async def execute(self, value: RawValue) -> Encoded:
        """Run the authored code, and have its end told to whoever wants to know."""
        try:
            result = await self._execute(value)
        except workflow.ContinueAsNewError:
            raise
        except (Exception, asyncio.CancelledError):
            await announce_end()
            raise
        await announce_end()
        return result

    async def _execute(self, value: RawValue) -> Encoded:
        """Run the authored code; whatever it raises ends the run, with the exception's own name and message."""
        self.runtime.main_task = asyncio.current_task()
        complete_memo(self.worker_context.trace, is_traced=self.definition.trace)
        self.events.started()
        try:
            result = await self._run(value)
        except workflow.ContinueAsNewError:
            self.events.ended("continued_as_new")
            raise
        except asyncio.CancelledError:
            self.events.ended("canceled")
            raise
        except ValueUnreadableError:
            raise  # fails the task, not the run: a worker with the key will take it
        except FailureError as error:
            self.events.failed(error)
            raise
        except BaseException as error:
            if not isinstance(error, Exception) and contained(error, self.loop) is None:
                raise
            again = _continues_as_new(error)
            if again is not None:  # raised inside of a task group
                self.events.ended("continued_as_new")
                raise again from None
            self.events.failed(error)
            raise WorkflowCodeError(error) from error
        self.events.ended("completed")
        return result

    async def handle(self, handler: AnyHandler, value: RawValue) -> Encoded:
        """Run a signal's or update's method."""
        try:
            return await self._call(handler, value)
        except (FailureError, workflow.ContinueAsNewError, ValueUnreadableError):
            raise
        except BaseException as error:
            if not isinstance(error, Exception) and contained(error, self.loop) is None:
                raise
            raise WorkflowCodeError(error) from error

    async def handle_signal(self, handler: AnyHandler, value: RawValue) -> None:
        """Run a signal's method; a payload that does not fit is dropped with a word in the log, nobody can be told."""
        try:
            handler.signature.parse_json(payload_json(value.payload))
        except ValueUnreadableError:
            raise  # fails the task, which a worker with the key will take
        except (ValidationError, ValueError) as error:
            workflow.logger.error("Signal %r dropped: %s", handler.name, error)
            return
        await self.handle(handler, value)

    @workflow.signal(name=FEEDBACK_SIGNAL)
    def receive_feedback(self, value: RawValue = _NULL) -> None:
        """Answer a wait for feedback; what does not fit is dropped with a word in the log, nobody can be told."""
        try:
            feedback = FeedbackSignal.model_validate_json(payload_json(value.payload))
        except ValueUnreadableError:
            raise
        except ValueError as error:
            workflow.logger.error("Feedback dropped: %s", error)
            return
        token, audit = feedback.token, feedback.audit
        if token is not None and audit is not None and self.runtime.waits.answer(token, feedback.payload, audit):
            return
        if not self.runtime.inbox.deliver(feedback.payload, token=feedback.token):
            workflow.logger.warning("Feedback dropped: nobody waits for it (token %r)", feedback.token)

    def response(self, handler: AnyHandler, value: RawValue) -> Encoded:
        """Run a query's method."""
        try:
            arguments = handler.signature.parse_json(payload_json(value.payload))
            result = handler.function(cast("object", self.instance), *arguments.args, **arguments.kwargs)
            return _encode_result(handler, result, self.worker_context.limits)
        except BaseException as error:  # noqa: BLE001 — also what would end the worker
            raise QueryError(f"{type(error).__name__}: {text_of(error)}") from None

    def validate(self, handler: AnyHandler, value: RawValue) -> None:
        """Run an update's validator, after its payload has been parsed."""
        arguments = handler.signature.parse_json(payload_json(value.payload))
        if handler.validate is not None:
            try:
                handler.validate(cast("object", self.instance), *arguments.args, **arguments.kwargs)
            except Exception:
                raise
            except BaseException as error:
                raise WorkflowCodeError(error) from error

    async def _run(self, value: RawValue) -> Encoded:
        if self.init_error is not None:
            raise self.init_error
        signature = self.definition.signature
        arguments = signature.parse_json(payload_json(value.payload))
        result = await self.definition.prepare(self.instance)(*arguments.args, **arguments.kwargs)
        self.runtime.calls.check()
        data = signature.result.dump(signature.result.parse(result))
        limits = self.worker_context.limits
        return Encoded(check_size(data, f"The result of workflow {self.definition.name!r}", limits))

    async def _call(self, handler: AnyHandler, value: RawValue) -> Encoded:
        arguments = handler.signature.parse_json(payload_json(value.payload))
        result = handler.function(cast("object", self.instance), *arguments.args, **arguments.kwargs)
        if isawaitable(result):
            result = await cast("Awaitable[object]", result)
        self.runtime.calls.check_last()
        return _encode_result(handler, result, self.worker_context.limits)


def _continues_as_new(error: BaseException) -> workflow.ContinueAsNewError | None:
    """The wish to go on as a new run, where a task group has wrapped it."""
    while isinstance(error, BaseExceptionGroup):
        members = cast("BaseExceptionGroup[BaseException]", error).exceptions
        if len(members) != 1:
            return None
        error = members[0]
    return error if isinstance(error, workflow.ContinueAsNewError) else None


def _encode_result(handler: AnyHandler, result: object, limits: ValueLimits) -> Encoded:
    value_type = handler.signature.result
    data = value_type.dump(value_type.parse(result))
    return Encoded(check_size(data, f"The result of {handler.kind} {handler.name!r}", limits))


def generate(
    definition: AnyWorkflow, worker_context: WorkerContext, *, sandboxed_as: SandboxName | None = None
) -> type[GeneratedWorkflow]:
    """The engine's class for an authored workflow, with its handlers known before it runs."""

    async def run(self: GeneratedWorkflow, value: RawValue = _NULL) -> Encoded:
        return await self.execute(value)

    name = sandboxed_as.attribute if sandboxed_as is not None else f"{definition.name}__generated"
    module = sandboxed_as.module if sandboxed_as is not None else __name__
    run.__module__ = module  # the SDK asks that it be the class's own
    members: dict[str, object] = {
        "definition": definition,
        "worker_context": worker_context,
        "run": _owned(run, name, "run"),
    }
    for handler in definition.handlers:
        method = f"{handler.kind}_{handler.name}"
        members[method] = _HANDLERS[handler.kind](handler, name, method)
    members["run"] = workflow.run(cast("Callable[..., Awaitable[object]]", members["run"]))
    generated = type(name, (GeneratedWorkflow,), {**members, "__module__": module})
    return workflow.defn(name=definition.name, sandboxed=sandboxed_as is not None)(generated)


def _owned(function: Callable[..., Any], class_name: str, method: str) -> Callable[..., Any]:
    # The SDK takes a method only where its qualified name says that it belongs to the class.
    function.__name__, function.__qualname__ = method, f"{class_name}.{method}"
    function.__annotations__.pop("self")  # an annotated one counts as a parameter
    return function


def _signal(handler: AnyHandler, class_name: str, method: str) -> object:
    async def receive(self: GeneratedWorkflow, value: RawValue = _NULL) -> None:
        await self.handle_signal(handler, value)

    return workflow.signal(name=handler.name, description=handler.description)(_owned(receive, class_name, method))


def _query(handler: AnyHandler, class_name: str, method: str) -> object:
    def response(self: GeneratedWorkflow, value: RawValue = _NULL) -> Encoded:
        return self.response(handler, value)

    return workflow.query(name=handler.name, description=handler.description)(_owned(response, class_name, method))


def _update(handler: AnyHandler, class_name: str, method: str) -> object:
    async def receive(self: GeneratedWorkflow, value: RawValue = _NULL) -> Encoded:
        return await self.handle(handler, value)

    def validate(self: GeneratedWorkflow, value: RawValue = _NULL) -> None:
        self.validate(handler, value)

    update = workflow.update(name=handler.name, description=handler.description)(_owned(receive, class_name, method))
    update.validator(_owned(validate, class_name, f"validate_{method}"))
    return update


_HANDLERS: dict[str, Callable[[AnyHandler, str, str], object]] = {
    "signal": _signal,
    "query": _query,
    "update": _update,
}
