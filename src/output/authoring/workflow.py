"""Workflows: functions, or classes that talk, which arrange steps."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property, partial, update_wrapper
from typing import Generic, NoReturn, ParamSpec, Protocol, Self, TypeVar, cast, overload

from output.authoring.handlers import Handler
from output.authoring.local_runtime import ContinuedAsNew, PlainRuntime, run_plain
from output.authoring.options import ActivityOptions, require_types
from output.authoring.runtime.protocol import Begin, ChildCall, ChildOptions, NextRun, current_runtime
from output.authoring.schedule import Schedule
from output.authoring.schema.signature import Signature
from output.authoring.schema.source import SourceLine, check_name, describe, locate
from output.errors import FatalError

P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
W_co = TypeVar("W_co", covariant=True)
AnyHandler = Handler[object, ..., object]


class Runs(Protocol[P, R_co]):
    """A class with a workflow's `run`."""

    def run(self, *args: P.args, **kwargs: P.kwargs) -> Coroutine[None, None, R_co]: ...


@dataclass(frozen=True, kw_only=True)
class WorkflowOptions:
    """What `@workflow(...)` takes; `timeout` bounds the whole execution, `activity_options` hold for its steps.

    A `schedule` starts it by itself, or several do.
    """

    name: str | None = None
    description: str | None = None
    aliases: Sequence[str] = ()
    timeout: timedelta | None = None
    trace: bool = True
    activity_options: ActivityOptions | None = None
    schedule: Schedule | Sequence[Schedule] | None = None

    def __post_init__(self) -> None:
        if isinstance(self.aliases, str):
            raise TypeError(f"aliases is {self.aliases!r}; give a list of names, such as [{self.aliases!r}].")
        require_types(self, {"name": str, "timeout": timedelta, "trace": bool, "activity_options": ActivityOptions})
        if self.timeout is not None and self.timeout <= timedelta():
            raise ValueError(f"timeout is {self.timeout}; give a positive timedelta.")
        for schedule in self.schedules:
            if not isinstance(schedule, Schedule):  # pyright: ignore[reportUnnecessaryIsInstance] — authors
                raise TypeError(f"schedule is {schedule!r}; give a Schedule, such as Schedule(cron='0 6 * * 1-5').")

    @property
    def schedules(self) -> tuple[Schedule, ...]:
        """The schedules that are declared, none or more."""
        if self.schedule is None:
            return ()
        return tuple(self.schedule) if isinstance(self.schedule, list | tuple) else (cast("Schedule", self.schedule),)


class Workflow(Generic[P, R_co]):
    """A workflow: called in a workflow it is a child, anywhere else it runs the function."""

    def __init__(self, authored: Callable[..., object] | type, options: WorkflowOptions) -> None:
        self.authored = authored
        self.name = check_name(options.name or authored.__name__, what="workflow")
        self.aliases = tuple(check_name(alias, what="workflow") for alias in options.aliases)
        if isinstance(authored, type):
            # A class without a docstring would inherit its base's.
            self.description = describe(authored, options.description) if authored.__doc__ else options.description
        else:
            self.description = describe(authored, options.description)
        self.timeout = options.timeout
        self.trace = options.trace
        self.activity_options = options.activity_options
        self.schedules = options.schedules
        self.child_options = ChildOptions()
        if not inspect.iscoroutinefunction(self.run_function):
            raise TypeError(f"Workflow {self.name!r} is not async; write `async def`.")
        update_wrapper(cast("Callable[..., object]", self), authored, updated=())

    @property
    def run_function(self) -> Callable[..., object]:
        """The function itself, or the class's `run`."""
        if not isinstance(self.authored, type):
            return self.authored
        run = getattr(self.authored, "run", None)
        if not callable(run):
            raise TypeError(f"Workflow class {self.authored.__name__!r} has no method `run`.")
        return run

    @cached_property
    def signature(self) -> Signature[R_co]:
        """How its input and output cross the engine."""
        is_class = isinstance(self.authored, type)
        return Signature(self.run_function, what=f"workflow {self.name!r}", skip_self=is_class)

    @cached_property
    def handlers(self) -> tuple[AnyHandler, ...]:
        """The messages it answers, by kind and name."""
        if not isinstance(self.authored, type):
            return ()
        members: dict[str, object] = {}
        for base in reversed(self.authored.__mro__):
            members.update(vars(base))
        found = [cast("AnyHandler", member) for member in members.values() if isinstance(member, Handler)]
        return tuple(sorted(found, key=lambda handler: (handler.kind, handler.name)))

    @property
    def source(self) -> SourceLine:
        return locate(self.authored)

    @property
    def is_variant(self) -> bool:
        """Whether `with_options` made it: a way to call a workflow, not another one."""
        return self.child_options != ChildOptions()

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Coroutine[None, None, R_co]:
        return self.call(args, kwargs)

    def call(self, args: tuple[object, ...], kwargs: dict[str, object]) -> Coroutine[None, None, R_co]:
        """A child run inside a workflow; the function itself anywhere else."""
        runtime = current_runtime()
        call = self.child_call(args, kwargs)
        if runtime is None:
            return self._parse(partial(self.run_json, call.input))
        return runtime.calls.expect(self._parse(runtime.prepare_child(call)), f"workflow {self.name!r}")

    def child_call(self, args: tuple[object, ...], kwargs: dict[str, object]) -> ChildCall:
        """What a runtime needs to run it as a child; raises TypeError and ValidationError for the arguments."""
        options = self.child_options
        if options.timeout is None and self.timeout is not None:
            options = replace(options, timeout=self.timeout)
        data = self.dump_input(args, kwargs)
        return ChildCall(self.name, data, options, is_traced=self.trace, run_here=self.run_json)

    def with_options(
        self,
        *,
        workflow_id: str | None = None,
        timeout: timedelta | None = None,
        activity_options: ActivityOptions | None = None,
    ) -> Self:
        """The same workflow with options for this call of it as a child.

        `workflow_id` instead of a derived one, `timeout` instead of the workflow's own, `activity_options` for its
        steps, weaker than its own.
        """
        other = copy(self)
        other.child_options = ChildOptions(workflow_id=workflow_id, timeout=timeout, activity_options=activity_options)
        return other

    def continue_as_new(self, *args: P.args, **kwargs: P.kwargs) -> NoReturn:
        """In a workflow: go on as a new run of this one with new input and an empty history."""
        self.continue_with(args, kwargs)

    def continue_with(self, args: tuple[object, ...], kwargs: dict[str, object]) -> NoReturn:
        """`continue_as_new` with arguments as they come."""
        runtime = current_runtime()
        if runtime is None:
            raise FatalError("continue_as_new() belongs in workflow code.")
        runtime.continue_as_new(NextRun(self.name, self.dump_input(args, kwargs)))

    def dump_input(self, args: tuple[object, ...], kwargs: Mapping[str, object]) -> bytes:
        """Arguments as JSON; raises TypeError and ValidationError."""
        return self.signature.dump(self.signature.bind(args, kwargs))

    async def run_json(self, data: bytes) -> bytes:
        """Run the workflow in this process, without an engine; input and result are JSON."""
        while True:
            try:
                return await run_plain(PlainRuntime(self.name, self.dump_input), partial(self._run_here, data))
            except ContinuedAsNew as again:
                if again.following.workflow != self.name:
                    other = again.following.workflow
                    raise FatalError(f"Without an engine a run goes on as itself only, not as {other!r}.") from None
                data = again.following.input

    async def _run_here(self, data: bytes) -> bytes:
        arguments = self.signature.parse_json(data)
        result = await self.prepare()(*arguments.args, **arguments.kwargs)
        return self.signature.result.dump(self.signature.result.parse(result))

    async def _parse(self, begin: Begin) -> R_co:
        return self.signature.result.parse_json(await begin())

    def prepare(self, instance: object | None = None) -> Callable[..., Awaitable[object]]:
        """What `run` is called on: the function, or the method of an instance (by default a new one)."""
        if not isinstance(self.authored, type):
            return cast("Callable[..., Awaitable[object]]", self.authored)
        target = cast("object", self.authored()) if instance is None else instance
        return cast("Callable[..., Awaitable[object]]", target.run)  # type: ignore[attr-defined]


AnyWorkflow = Workflow[..., object]


class WorkflowClass(Workflow[..., object], Generic[W_co]):
    """A workflow that talks; `implementation` is the author's class, for plain tests of its methods."""

    @property
    def implementation(self) -> type[W_co]:
        return cast("type[W_co]", self.authored)

    def __call__(self: WorkflowClass[Runs[P, R]], *args: P.args, **kwargs: P.kwargs) -> Coroutine[None, None, R]:
        return cast("Coroutine[None, None, R]", self.call(args, kwargs))

    def continue_as_new(self: WorkflowClass[Runs[P, R]], *args: P.args, **kwargs: P.kwargs) -> NoReturn:
        self.continue_with(args, kwargs)


class WorkflowDecorator:
    """`@workflow(...)` with its options, waiting for the function or class."""

    def __init__(self, options: WorkflowOptions) -> None:
        self._options = options

    @overload
    def __call__(self, authored: type[W_co], /) -> WorkflowClass[W_co]: ...
    @overload
    def __call__(self, authored: Callable[P, Coroutine[None, None, R]], /) -> Workflow[P, R]: ...
    def __call__(self, authored: Callable[..., object] | type, /) -> object:
        kind = WorkflowClass[object] if isinstance(authored, type) else Workflow[..., object]
        return kind(authored, self._options)


@overload
def workflow(authored: type[W_co], /) -> WorkflowClass[W_co]: ...
@overload
def workflow(authored: Callable[P, Coroutine[None, None, R]], /) -> Workflow[P, R]: ...
@overload
def workflow(
    *,
    name: str | None = None,
    description: str | None = None,
    aliases: Sequence[str] = (),
    timeout: timedelta | None = None,
    trace: bool = True,
    activity_options: ActivityOptions | None = None,
    schedule: Schedule | Sequence[Schedule] | None = None,
) -> WorkflowDecorator: ...
def workflow(
    authored: Callable[..., object] | type | None = None,
    /,
    *,
    name: str | None = None,
    description: str | None = None,
    aliases: Sequence[str] = (),
    timeout: timedelta | None = None,
    trace: bool = True,
    activity_options: ActivityOptions | None = None,
    schedule: Schedule | Sequence[Schedule] | None = None,
) -> object:
    """Make an async function a workflow, or a class whose `run` is one and whose marked methods take messages.

    Name and description default to those of the function or class. `timeout` bounds the whole
    execution, retries and waits included. Steps called in it are activities of type `<workflow>#<step>`.
    With a `schedule`, or several, it is started by itself.

    Example:
        @workflow
        async def twice_as_much(number: int) -> int:
            return await double(number)

        assert await twice_as_much(4) == 8  # without an engine: steps are called as functions
    """
    options = WorkflowOptions(
        name=name,
        description=description,
        aliases=aliases if isinstance(aliases, str) else tuple(aliases),
        timeout=timeout,
        trace=trace,
        activity_options=activity_options,
        schedule=schedule,
    )
    decorate = WorkflowDecorator(options)
    return decorate if authored is None else decorate(cast("type[object]", authored))
