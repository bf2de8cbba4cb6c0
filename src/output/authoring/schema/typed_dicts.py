"""`typing.TypedDict` on Python 3.11, where pydantic takes only that of `typing_extensions`."""

from __future__ import annotations

import sys
from types import UnionType
from typing import Annotated, NotRequired, Required, Union, cast, get_args, get_origin, get_type_hints, is_typeddict

import typing_extensions

NEEDED = sys.version_info < (3, 12)


def modernize(annotation: object) -> object:
    """The same annotation with every `typing.TypedDict` in it as one that pydantic takes."""
    return _modernize(annotation, {}) if NEEDED else annotation


def _modernize(annotation: object, done: dict[object, object]) -> object:
    if is_typeddict(annotation):
        return (
            _modernize_class(cast("type", annotation), done) if type(annotation).__module__ == "typing" else annotation
        )
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is None or not arguments:
        return annotation
    if origin is Annotated:
        return Annotated[(_modernize(arguments[0], done), *arguments[1:])]
    modern = tuple(_modernize(argument, done) for argument in arguments)
    if modern == arguments:
        return annotation
    if origin is UnionType:
        return cast("object", Union.__getitem__(modern))  # type: ignore[attr-defined] — members known at run time only
    return cast("object", origin[modern[0] if len(modern) == 1 else modern])


def _presence(hint: object) -> tuple[bool | None, object]:
    """Whether an annotation says `Required` or `NotRequired`, and what is inside."""
    origin = get_origin(hint)
    if origin is Annotated:
        said, inner = _presence(get_args(hint)[0])
        return said, Annotated[(inner, *get_args(hint)[1:])] if said is not None else hint
    if origin in {Required, NotRequired, typing_extensions.Required, typing_extensions.NotRequired}:
        return origin in {Required, typing_extensions.Required}, get_args(hint)[0]
    return None, hint


def _modernize_class(old: type, done: dict[object, object]) -> object:
    if old in done:
        return done[old]
    done[old] = old  # a class that names itself keeps the old one there, and pydantic says what to do
    required: frozenset[str] = getattr(old, "__required_keys__")  # noqa: B009 — not on `type`
    fields: dict[str, object] = {}
    for name, hint in get_type_hints(old, include_extras=True).items():
        # Under `from __future__ import annotations` the class itself does not see what its annotations say.
        said, inner = _presence(hint)
        is_required = name in required if said is None else said
        mark = typing_extensions.Required if is_required else typing_extensions.NotRequired
        fields[name] = mark[_modernize(inner, done)]
    build = cast("type", typing_extensions.TypedDict)
    modern = cast("object", build(old.__name__, fields))
    done[old] = modern
    return modern
