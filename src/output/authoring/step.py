"""Steps: functions that do the work, each call in a workflow one durable activity."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Coroutine
from copy import copy
from functools import cached_property, partial, update_wrapper
from typing import Generic, ParamSpec, TypeVar, Unpack, cast, overload

from output.authoring.limits import Rate, StepLimit, make_limit
from output.authoring.options import ActivityOptions, ActivityOptionValues, check_quick, merge
from output.authoring.runtime.protocol import Begin, StepCall, current_runtime
from output.authoring.runtime.stubs import find_stub
from output.authoring.schema.signature import Arguments, Signature
from output.authoring.schema.source import SourceLine, check_name, describe, locate
from output.authoring.step_context import PlainStepRun, enter_step, leave_step, running_step
from output.models.references import BUILT_IN_STEPS, StepKind

P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


InThread = Callable[[Callable[[], object]], Awaitable[object]]


class Step(Generic[P, R_co]):
    """A step: awaited in a workflow it is one durable activity, anywhere else it runs the function.

    Arguments and results are parsed either way.
    """

    def __init__(
        self,
        function: Callable[P, Awaitable[R_co] | R_co],
        *,
        name: str | None,
        description: str | None,
        options: ActivityOptions,
        kind: StepKind = "step",
        call_options: ActivityOptions | None = None,
        quick: bool = False,
        limit: StepLimit | None = None,
    ) -> None:
        if not _is_function(function):
            raise TypeError(f"{function!r} is no function, and cannot be a {kind}; write one with `def` that calls it.")
        self.function = function
        self.kind: StepKind = kind
        self.owner: str | None = None  # the class that it stands in, where that is a mistake
        self.name = check_name(name or function.__name__, what=kind)
        if self.name in BUILT_IN_STEPS and kind in {"step", "evaluator"}:
            raise ValueError(f"{self.name!r} is a step that comes with Output; choose another name.")
        self.description = describe(function, description)
        self.options = options
        self.call_options = call_options
        self.quick = quick
        self.limit = limit
        if quick:
            check_quick(options)
            if limit is not None:
                raise ValueError("a quick step has no limits over workers; make it an ordinary step.")
        update_wrapper(cast("Callable[..., object]", self), function)

    @cached_property
    def signature(self) -> Signature[R_co]:
        """How its arguments and result cross the engine."""
        return Signature(self.function, what=f"{self.kind} {self.name!r}")

    @property
    def source(self) -> SourceLine:
        return locate(self.function)

    @property
    def is_async(self) -> bool:
        return inspect.iscoroutinefunction(self.function)

    def __set_name__(self, owner: type, name: str) -> None:
        del name
        self.owner = owner.__qualname__

    def explain_owner(self) -> str:
        """Why a step cannot be a method, and what to write instead."""
        return (
            f"{self.kind} {self.name!r} is a method of {self.owner}: what `self` holds does not travel with a call. "
            "Make it a function of its own that takes what it needs."
        )

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Coroutine[None, None, R_co]:
        if self.owner is not None:
            raise TypeError(self.explain_owner())
        data = self.signature.dump(self.signature.bind(args, kwargs))
        runtime = current_runtime()
        if runtime is None:
            return self._parse(partial(self.run_json, data))
        call = StepCall(
            self.name,
            data,
            self.call_options,
            self.options,
            run_here=self.run_json,
            quick=self.quick,
            limited=self.limit is not None,
        )
        return runtime.calls.expect(self._parse(runtime.prepare_step(call)), f"{self.kind} {self.name!r}")

    def with_options(self, **options: Unpack[ActivityOptionValues]) -> Step[P, R_co]:
        """The same step with options for this call; the step's own are stronger."""
        other = copy(self)
        other.call_options = merge(self.call_options, ActivityOptions(**options))
        if self.quick:
            check_quick(other.call_options)
        return other

    async def run_json(self, data: bytes) -> bytes:
        """The function's result (JSON) for an input (JSON), here and now; a plain function runs on a thread."""
        token = None if running_step() is not None else enter_step(PlainStepRun(step=self.name))
        try:
            result = await self.call(self.signature.parse_json(data), run_in_thread)
        finally:
            if token is not None:
                leave_step(token)
        return self.signature.result.dump(self.signature.result.parse(result))

    async def call(self, arguments: Arguments, in_thread: InThread) -> object:
        """What the function, or what stands in for it in a test, returns."""
        function = find_stub(self.name, self.function) or cast("Callable[..., object]", self.function)
        call = partial(function, *arguments.args, **arguments.kwargs)
        if inspect.iscoroutinefunction(function):
            return await cast("Awaitable[object]", call())
        result = await in_thread(call)
        # A plain function may return what is to be awaited: a decorator's wrapper around an async one does.
        return await cast("Awaitable[object]", result) if inspect.isawaitable(result) else result

    async def _parse(self, begin: Begin) -> R_co:
        return self.signature.result.parse_json(await begin())


def _is_function(value: object) -> bool:
    return inspect.isroutine(value)  # apart, for it would narrow the type to what has no globals


async def run_in_thread(call: Callable[[], object]) -> object:
    """Run a plain function on a thread, in this context."""
    return await asyncio.to_thread(call)


AnyStep = Step[..., object]


class StepDecorator:
    """`@step(...)` with its options, waiting for the function."""

    def __init__(
        self,
        *,
        name: str | None,
        description: str | None,
        options: ActivityOptions,
        quick: bool = False,
        limit: StepLimit | None = None,
    ) -> None:
        self._name, self._description, self._options, self._quick = name, description, options, quick
        self._limit = limit

    @overload
    def __call__(self, function: Callable[P, Coroutine[None, None, R]], /) -> Step[P, R]: ...
    @overload
    def __call__(self, function: Callable[P, R], /) -> Step[P, R]: ...
    def __call__(self, function: Callable[P, Awaitable[R] | R], /) -> Step[P, R]:
        return Step(
            function,
            name=self._name,
            description=self._description,
            options=self._options,
            quick=self._quick,
            limit=self._limit,
        )


@overload
def step(function: Callable[P, Coroutine[None, None, R]], /) -> Step[P, R]: ...
@overload
def step(function: Callable[P, R], /) -> Step[P, R]: ...
@overload
def step(
    *,
    name: str | None = None,
    description: str | None = None,
    quick: bool = False,
    concurrency: int | None = None,
    rate: Rate | None = None,
    key: Callable[..., object] | None = None,
    **options: Unpack[ActivityOptionValues],
) -> StepDecorator: ...
def step(
    function: Callable[P, Awaitable[R] | R] | None = None,
    /,
    *,
    name: str | None = None,
    description: str | None = None,
    quick: bool = False,
    concurrency: int | None = None,
    rate: Rate | None = None,
    key: Callable[..., object] | None = None,
    **options: Unpack[ActivityOptionValues],
) -> Step[P, R] | StepDecorator:
    """Make a function a step; name and description default to its name and docstring.

    Options that are not given come from the call, the workflow and the defaults (20 min an attempt,
    60 s between heartbeats, 3 attempts, 10 s doubling to 2 min).
    A `quick` step is for work of up to a few seconds: it runs on the worker that runs the workflow, without the
    engine's round trip (5 s an attempt, 10 s at most; 3 attempts, 0.2 s doubling).
    `concurrency` bounds how many attempts run at a time and `rate` how many start in a period, over all workers of the
    catalog; with `key`, which is called with the step's arguments, for each key by itself.

    Example:
        @step(timeout=timedelta(seconds=30), retry=Retry(max_attempts=5))
        async def word_count(text: str) -> int:
            return len(text.split())

        assert await word_count("to be or not") == 4  # outside of a workflow a plain call
    """
    decorate = StepDecorator(
        name=name,
        description=description,
        options=ActivityOptions(**options),
        quick=quick,
        limit=make_limit(concurrency, rate, key),
    )
    return decorate if function is None else cast("Step[P, R]", decorate(function))
