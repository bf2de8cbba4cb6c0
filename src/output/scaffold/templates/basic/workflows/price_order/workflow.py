"""Which steps, in which order."""

import asyncio

from output import workflow

from .models import Order, Receipt
from .steps import look_up_price, write_receipt


@workflow
async def price_order(order: Order) -> Receipt:
    """Look up what each product costs, and add it up."""
    prices = await asyncio.gather(*(look_up_price(line.product) for line in order.lines))
    return await write_receipt(order, prices)
