"""Inputs that an author keeps beside a workflow, for whoever starts it from a form."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pydantic_core
from pydantic import JsonValue

from output.models.catalog import WorkflowExample

# The catalog is one value in the engine, of at most 2 MB for a whole project.
_MAX_BYTES = 32 * 1024
_MAX_FILES = 20


def read_scenarios(folder: Path) -> list[WorkflowExample]:
    """The inputs in a workflow's `scenarios/*.json`, by name; files over 32 KB and what is no JSON are left out."""
    found: list[WorkflowExample] = []
    for file in sorted((folder / "scenarios").glob("*.json"))[:_MAX_FILES]:
        try:
            data = file.read_bytes()
            if len(data) <= _MAX_BYTES:
                value = cast("JsonValue", pydantic_core.from_json(data, allow_inf_nan=False))
                found.append(WorkflowExample(name=file.stem, input=value))
        except (OSError, ValueError):  # a workflow starts without its examples
            continue
    return found
