"""Signals, queries and updates: methods by which a running workflow talks."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, update_wrapper
from types import MethodType
from typing import Concatenate, Generic, Literal, ParamSpec, Self, TypeVar, cast, overload

from output.authoring.schema.signature import Signature
from output.authoring.schema.source import SourceLine, check_name, describe, locate

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S")
HandlerKind = Literal["signal", "query", "update"]
Validator = Callable[Concatenate[S, P], None]


class Handler(Generic[S, P, R]):
    """A method of a workflow class that answers messages of one name; on an instance, the plain method."""

    def __init__(
        self, function: Callable[Concatenate[S, P], R], *, kind: HandlerKind, name: str | None, description: str | None
    ) -> None:
        self.function = function
        self.kind: HandlerKind = kind
        self.name = check_name(name or function.__name__, what=kind)
        self.description = describe(function, description)
        self.validate: Callable[Concatenate[S, P], None] | None = None
        update_wrapper(cast("Callable[..., object]", self), function)

    @cached_property
    def signature(self) -> Signature[R]:
        """How its payload and result cross the engine."""
        return Signature(self.function, what=f"{self.kind} {self.name!r}", skip_self=True)

    @property
    def source(self) -> SourceLine:
        return locate(self.function)

    @overload
    def __get__(self, instance: None, owner: type[S]) -> Self: ...
    @overload
    def __get__(self, instance: S, owner: type[S]) -> Callable[P, R]: ...
    def __get__(self, instance: S | None, owner: type[S]) -> Self | Callable[P, R]:
        return self if instance is None else cast("Callable[P, R]", MethodType(self.function, instance))


class Update(Handler[S, P, R]):
    """An update, which may have a validator."""

    def validator(self, function: Callable[Concatenate[S, P], None]) -> Callable[Concatenate[S, P], None]:
        """Refuse an update before it is accepted: the method raises, and changes nothing."""
        self.validate = function
        return function


class HandlerDecorator:
    """`@signal(...)` or `@query(...)` with its options, waiting for the method."""

    def __init__(self, kind: HandlerKind, name: str | None, description: str | None) -> None:
        self._kind: HandlerKind = kind
        self._name, self._description = name, description

    def __call__(self, function: Callable[Concatenate[S, P], R], /) -> Handler[S, P, R]:
        return Handler(function, kind=self._kind, name=self._name, description=self._description)


class UpdateDecorator:
    """`@update(...)` with its options, waiting for the method."""

    def __init__(self, name: str | None, description: str | None) -> None:
        self._name, self._description = name, description

    def __call__(self, function: Callable[Concatenate[S, P], R], /) -> Update[S, P, R]:
        return Update(function, kind="update", name=self._name, description=self._description)


@overload
def signal(function: Callable[Concatenate[S, P], R], /) -> Handler[S, P, R]: ...
@overload
def signal(*, name: str | None = None, description: str | None = None) -> HandlerDecorator: ...
def signal(
    function: Callable[Concatenate[S, P], R] | None = None,
    /,
    *,
    name: str | None = None,
    description: str | None = None,
) -> Handler[S, P, R] | HandlerDecorator:
    """Make a method take signals: fire and forget; it may be async and may call steps.

    Example:
        @workflow
        class Approval:
            def __init__(self) -> None:
                self.approver = ""

            @signal
            def approve(self, name: str) -> None:
                self.approver = name

            async def run(self) -> str:
                await wait_for(lambda: self.approver != "")
                return self.approver
    """
    decorate = HandlerDecorator("signal", name, description)
    return decorate if function is None else decorate(function)


@overload
def query(function: Callable[Concatenate[S, P], R], /) -> Handler[S, P, R]: ...
@overload
def query(*, name: str | None = None, description: str | None = None) -> HandlerDecorator: ...
def query(
    function: Callable[Concatenate[S, P], R] | None = None,
    /,
    *,
    name: str | None = None,
    description: str | None = None,
) -> Handler[S, P, R] | HandlerDecorator:
    """Make a plain method answer queries: it reads the workflow's state and changes nothing.

    Example:
        @workflow
        class Counter:
            def __init__(self) -> None:
                self.count = 0

            @query
            def so_far(self) -> int:
                return self.count

            async def run(self, most: int) -> int:
                while self.count < most:
                    self.count += 1
                return self.count
    """
    decorate = HandlerDecorator("query", name, description)
    return decorate if function is None else decorate(function)


@overload
def update(function: Callable[Concatenate[S, P], R], /) -> Update[S, P, R]: ...
@overload
def update(*, name: str | None = None, description: str | None = None) -> UpdateDecorator: ...
def update(
    function: Callable[Concatenate[S, P], R] | None = None,
    /,
    *,
    name: str | None = None,
    description: str | None = None,
) -> Update[S, P, R] | UpdateDecorator:
    """Make a method answer updates: it may change state, call steps, and its result goes to the caller.

    Example:
        @workflow
        class Basket:
            def __init__(self) -> None:
                self.items: list[str] = []

            @update
            def add(self, item: str) -> int:
                self.items.append(item)
                return len(self.items)

            async def run(self) -> list[str]:
                await wait_for(lambda: len(self.items) == 3)
                return self.items
    """
    decorate = UpdateDecorator(name, description)
    return decorate if function is None else decorate(function)
