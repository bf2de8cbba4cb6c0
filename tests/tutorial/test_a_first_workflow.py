"""A first workflow, from plain functions to a durable run: read it from top to bottom."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from pydantic import BaseModel

from output import FatalError, Retry, query, signal, sleep, step, wait_for, workflow
from output.testing import RunFailedError, start_environment, stub


class Order(BaseModel):
    customer: str
    items: list[str]


class Receipt(BaseModel):
    customer: str
    total: int


PRICES = {"lamp": 30, "chair": 80}


# A step does the work. Its result is kept: after a crash it is not done again.
@step(retry=Retry(max_attempts=5), timeout=timedelta(seconds=30))
async def look_up_price(item: str) -> int:
    """What an item costs."""
    if item not in PRICES:
        raise FatalError(f"There is no {item!r}: trying again will not help.")
    return PRICES[item]


# A workflow says in which order, with Python's own means.
@workflow
async def price_order(order: Order) -> Receipt:
    """Price all items of an order at the same time."""
    prices = await asyncio.gather(*(look_up_price(item) for item in order.items))
    return Receipt(customer=order.customer, total=sum(prices))


# One that talks while it runs is a class.
@workflow
class Approval:
    """Waits for a decision, at most 30 days."""

    def __init__(self) -> None:
        self.decision: str | None = None

    async def run(self, order: Order) -> str:
        del order
        await wait_for(lambda: self.decision is not None, timeout=timedelta(days=30))
        return self.decision or "undecided"

    @signal
    def decide(self, decision: str) -> None:
        self.decision = decision

    @query
    def is_decided(self) -> bool:
        return self.decision is not None


# Reminders are 10 days apart; a run that sleeps costs nothing, and survives every restart.
@workflow
async def remind(times: int) -> int:
    """Wait ten days, so many times."""
    for _ in range(times):
        await sleep(timedelta(days=10))
    return times * 10


async def test_in_a_test_steps_and_workflows_are_just_functions() -> None:
    receipt = await price_order(Order(customer="Ada", items=["lamp", "chair"]))

    assert receipt == Receipt(customer="Ada", total=110)


async def test_a_step_can_be_replaced() -> None:
    with stub(look_up_price, returns=1) as stubbed:
        receipt = await price_order(Order(customer="Ada", items=["lamp", "unicorn"]))

    assert receipt.total == 2
    assert [call["item"] for call in stubbed.calls] == ["lamp", "unicorn"]


async def test_the_same_workflow_runs_durably_on_a_real_engine(output_engine: str) -> None:
    async with start_environment(workflows=[price_order], address=output_engine) as environment:
        receipt = await environment.run(price_order, Order(customer="Ada", items=["lamp"]))

    assert receipt == Receipt(customer="Ada", total=30)


async def test_a_failure_names_the_step_and_what_it_raised(output_engine: str) -> None:
    async with start_environment(workflows=[price_order], address=output_engine) as environment:
        with pytest.raises(RunFailedError, match="There is no 'unicorn'"):
            await environment.run(price_order, Order(customer="Ada", items=["unicorn"]))


async def test_a_running_workflow_takes_messages(output_engine: str) -> None:
    async with start_environment(workflows=[Approval], address=output_engine) as environment:
        run = await environment.start(Approval, Order(customer="Ada", items=["lamp"]))
        await run.signal("decide", "granted")

        assert await run.result() == "granted"
        assert await run.query("is_decided") is True


async def test_thirty_days_pass_in_no_time() -> None:
    async with start_environment(workflows=[remind], time_skipping=True) as environment:
        assert await environment.run(remind, 3) == 30
