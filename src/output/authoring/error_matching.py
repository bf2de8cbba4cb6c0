"""Which exception is behind an error, through everything that was wrapped around it on its way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from output.errors import CallError, RaisedError, TransparentFatalError, text_of, type_names

_MAX_DEPTH = 50


def has_error_type(error: BaseException, kind: type[BaseException] | str) -> bool:
    """Whether `error`, or anything that caused it in this process or another, is a `kind`.

    Subclasses count. A string is a class's name: `"CompanyNotFound"`, or with its module.

    Example:
        @step
        async def look_up(name: str) -> str:
            raise LookupError(name)

        @workflow
        async def careful(name: str) -> str:
            try:
                return await look_up(name)
            except Exception as error:
                return "unknown" if has_error_type(error, LookupError) else "failed"

        assert await careful("nobody") == "unknown"
    """
    return any(_is_kind(name, kind) for name in _names(error, _MAX_DEPTH))


def raised_of(error: BaseException, *, depth: int = 10) -> RaisedError:
    """The facts of an exception, as they would arrive from another process."""
    if isinstance(error, TransparentFatalError):
        return raised_of(error.cause, depth=depth)
    if isinstance(error, CallError):
        return error.raised
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    public = {name: value for name, value in _vars_of(error).items() if not name.startswith("_")}
    below = raised_of(cause, depth=depth - 1) if cause is not None and depth > 0 else None
    return RaisedError(type(error).__name__, text_of(error), type_names(type(error)), public, below)


def _vars_of(error: BaseException) -> Mapping[str, object]:
    try:
        return vars(error)
    except Exception:  # noqa: BLE001 — an authored `__dict__`
        return {}


def _names(error: BaseException, depth: int) -> Iterator[str]:
    if depth == 0:
        return
    yield from type_names(type(error))
    yield from _wrapped_names(error)
    if isinstance(error, CallError):
        yield from _raised_names(error.raised)
        return  # what caused it here are the engine's own wrappers
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType] — of anything
            yield from _names(inner, depth - 1)  # pyright: ignore[reportUnknownArgumentType] — see above
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from _names(cause, depth - 1)


def _wrapped_names(error: BaseException) -> Iterator[str]:
    """The classes that an error of the engine tells of the exception that it stands for."""
    kind: object = getattr(error, "type", None)
    details: object = getattr(error, "details", None)
    if not isinstance(kind, str) or not isinstance(details, Sequence):
        return
    yield kind
    for detail in cast("Sequence[object]", details):
        facts = cast("Mapping[str, object]", detail).get("error") if isinstance(detail, Mapping) else None
        types = cast("Mapping[str, object]", facts).get("types") if isinstance(facts, Mapping) else None
        if isinstance(types, list):
            yield from map(str, cast("list[object]", types))


def _raised_names(raised: RaisedError | None) -> Iterator[str]:
    while raised is not None:
        yield raised.name
        yield from raised.types
        for member in raised.members:
            yield from _raised_names(member)
        raised = raised.cause


def _is_kind(name: str, kind: type[BaseException] | str) -> bool:
    if isinstance(kind, str):
        return name == kind or name.rpartition(".")[2] == kind
    return name == f"{kind.__module__}.{kind.__qualname__}"
