"""The cause of what a call raises is the exception that was raised there."""

from __future__ import annotations

import pytest

from output import ChildError, FatalError, StepError, step, workflow
from output.testing import start_environment


class OutOfStockError(FatalError):
    """Nothing is left."""


@step
async def reserve(product: str) -> str:
    raise OutOfStockError(f"no {product} is left") from KeyError(product)


@workflow
async def reserving(product: str) -> str:
    return await reserve(product)


@workflow
async def causes_of_a_step(product: str) -> list[str]:
    try:
        await reserve(product)
    except StepError as error:
        return describe(error)
    return []


@workflow
async def causes_of_a_child(product: str) -> list[str]:
    try:
        await reserving(product)
    except ChildError as error:
        return describe(error)
    return []


def describe(error: BaseException) -> list[str]:
    """Name and text of each cause."""
    found: list[str] = []
    cause = error.__cause__
    while cause is not None:
        found.append(f"{type(cause).__name__}: {cause}")
        cause = cause.__cause__
    return found


@pytest.mark.parametrize("called", [causes_of_a_step, causes_of_a_child])
async def test_it_has_its_name_and_text_on_the_engine_as_in_a_plain_call(engine_address: str, called: object) -> None:
    workflow_called = causes_of_a_step if called is causes_of_a_step else causes_of_a_child
    async with start_environment(
        workflows=[causes_of_a_step, causes_of_a_child, reserving], address=engine_address
    ) as environment:
        found = await environment.run(workflow_called, "tea")

    assert found[0] == "OutOfStockError: no tea is left"
    assert (await workflow_called("tea"))[0] == "OutOfStockError: no tea is left"


async def test_a_run_that_fails_by_such_an_error_still_tells_the_step(engine_address: str) -> None:
    async with start_environment(workflows=[reserving], address=engine_address) as environment:
        with pytest.raises(Exception, match="no tea is left") as raised:
            await environment.run(reserving, "tea")

    assert raised.value.raised.name == "OutOfStockError"  # type: ignore[attr-defined]
