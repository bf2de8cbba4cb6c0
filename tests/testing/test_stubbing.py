"""Stand-ins of steps: whose place they take, and for how long."""

from __future__ import annotations

import pytest

from output import step, workflow
from output.authoring.step import Step
from output.testing import stub


@step
async def charge(amount: int) -> str:
    return f"charged {amount}"


def another_charge() -> Step[[int], str]:
    @step(name="charge")
    async def charge_elsewhere(amount: int) -> str:
        return f"charged elsewhere {amount}"

    return charge_elsewhere


@workflow
async def paying() -> str:
    return await charge(1)


async def test_each_goes_with_its_own_block_in_whatever_order() -> None:
    first, second = stub(charge, returns="first"), stub(charge, returns="second")
    first.__enter__()
    second.__enter__()
    assert await charge(1) == "second"
    first.__exit__(None, None, None)
    assert await charge(1) == "second"
    second.__exit__(None, None, None)

    assert await charge(1) == "charged 1"


async def test_a_step_means_that_step_and_a_name_all_of_that_name() -> None:
    elsewhere = another_charge()
    with stub(charge, returns="stand-in"):
        assert (await charge(1), await elsewhere(1)) == ("stand-in", "charged elsewhere 1")
    with stub("charge", returns="stand-in") as stubbed:
        assert (await charge(1), await elsewhere(2)) == ("stand-in", "stand-in")
    assert len(stubbed.calls) == 2


async def test_a_call_with_options_is_of_the_same_step() -> None:
    with stub(charge, returns="stand-in"):
        assert await charge.with_options(summary="x")(1) == "stand-in"


def test_a_name_that_no_step_has_is_refused_with_a_near_one() -> None:
    with pytest.raises(LookupError, match="'chrage'; did you mean 'charge'"), stub("chrage"):
        pass


def test_a_workflow_is_refused() -> None:
    with pytest.raises(TypeError, match="a workflow cannot be stood in for"), stub(paying):  # type: ignore[arg-type]
        pass
