"""The options that a child's steps inherit: they travel in the child's memo, so that they last and replay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import timedelta
from typing import cast

from pydantic import JsonValue

from output.authoring.options import ActivityOptions, Retry

MEMO_KEY = "activityOptions"


def dump_options(options: ActivityOptions) -> dict[str, JsonValue]:
    """Options as JSON: durations in seconds, exception types by name, what is not given left out."""
    dumped = _dump(replace(options, retry=None))
    if options.retry is not None:
        dumped["retry"] = _dump(options.retry)
    return dumped


def load_options(value: object) -> ActivityOptions | None:
    """What `dump_options` made; None for None."""
    if not isinstance(value, Mapping):
        return None
    given = dict(cast("Mapping[str, object]", value))
    retry = given.pop("retry", None)
    options = ActivityOptions(**_load(ActivityOptions, given))  # type: ignore[arg-type]  # what `dump_options` wrote
    if retry is None:
        return options
    return replace(options, retry=Retry(**_load(Retry, cast("Mapping[str, object]", retry))))  # type: ignore[arg-type]


def _dump(options: ActivityOptions | Retry) -> dict[str, JsonValue]:
    dumped: dict[str, JsonValue] = {}
    for field in fields(options):
        value = cast("object", getattr(options, field.name))
        if isinstance(value, timedelta):
            dumped[field.name] = value.total_seconds()
        elif isinstance(value, tuple):
            kinds = cast("tuple[type[BaseException] | str, ...]", value)
            dumped[field.name] = [kind if isinstance(kind, str) else kind.__name__ for kind in kinds]
        elif value is not None:
            dumped[field.name] = cast("JsonValue", value)
    return dumped


def _load(kind: type[ActivityOptions | Retry], given: Mapping[str, object]) -> dict[str, object]:
    loaded: dict[str, object] = {}
    for field in fields(kind):
        value = given.get(field.name)
        if value is None:
            continue
        if "timedelta" in str(field.type) and isinstance(value, int | float):
            loaded[field.name] = timedelta(seconds=value)
        else:
            loaded[field.name] = tuple(cast("list[str]", value)) if isinstance(value, list) else value
    return loaded
