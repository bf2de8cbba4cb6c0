"""Steps and workflows are plain functions in a test: no engine, no server."""

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest

from workflows.price_order.models import Line, Order
from workflows.price_order.steps import UnknownProductError
from workflows.price_order.workflow import price_order

SCENARIOS = Path(__file__).parents[1] / "workflows" / "price_order" / "scenarios"


def test_an_order_is_added_up() -> None:
    order = Order.model_validate_json((SCENARIOS / "breakfast.json").read_bytes())

    receipt = asyncio.run(price_order(order))

    assert [line.amount for line in receipt.lines] == [Decimal("4.80"), Decimal("5.55"), Decimal("3.20")]
    assert receipt.total == Decimal("13.55")


def test_a_product_without_a_price_is_named() -> None:
    with pytest.raises(UnknownProductError, match="moon dust"):
        asyncio.run(price_order(Order(lines=[Line(product="moon dust")])))
