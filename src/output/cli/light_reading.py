"""JSON answers read by the names of their models, without loading those: it keeps `status` and the Tab key quick."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from output.models.catalog import Catalog
    from output.models.runs import RunIds, RunPage, RunStatus


class _Reading:
    """Answers `run_id` with the field `runId`; objects inside are read the same way."""

    def __init__(self, fields: Mapping[str, object]) -> None:
        self._fields = fields

    def __getattr__(self, name: str) -> object:
        first, *rest = name.split("_")
        field = first + "".join(word.capitalize() for word in rest)
        if field not in self._fields:
            raise AttributeError(f"the answer has no {field!r}")
        return _read(self._fields[field])


def read_status(body: bytes) -> RunStatus:
    return cast("RunStatus", _read(json.loads(body)))


def read_ids(body: bytes) -> RunIds:
    return cast("RunIds", _read(json.loads(body)))


def read_runs(body: bytes) -> RunPage:
    return cast("RunPage", _read(json.loads(body)))


def read_catalog(body: bytes) -> Catalog:
    return cast("Catalog", _read(json.loads(body)))


def _read(value: object) -> object:
    if isinstance(value, dict):
        return _Reading(cast("Mapping[str, object]", value))
    if isinstance(value, list):
        return [_read(each) for each in cast("list[object]", value)]
    return value
