"""Values of Python as JSON for the wire."""

from __future__ import annotations

from pydantic import JsonValue
from pydantic_core import to_jsonable_python


def jsonable(value: object) -> JsonValue:
    """JSON of JSON itself, pydantic models, dataclasses, dates and the like; bytes become base64."""
    return to_jsonable_python(value, by_alias=True, bytes_mode="base64")
