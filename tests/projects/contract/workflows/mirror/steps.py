"""A step that gives back what it gets."""

from pydantic import JsonValue

from output import step


@step
async def pass_on(value: JsonValue) -> JsonValue:
    return value
