"""Workflows that give back what they get."""

from pydantic import BaseModel, JsonValue, model_validator

from output import workflow

from .steps import pass_on


@workflow(aliases=["looking_glass"])
async def mirror(value: JsonValue) -> JsonValue:
    """Passes any JSON through a step."""
    return await pass_on(value)


class Stay(BaseModel):
    first: int
    last: int

    @model_validator(mode="after")
    def _in_order(self) -> "Stay":
        if self.last < self.first:
            raise ValueError("a stay cannot end before it begins")
        return self


@workflow
async def stay(request: Stay) -> int:
    """The length of a stay, whose dates a validator compares."""
    return request.last - request.first
