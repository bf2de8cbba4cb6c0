"""What does the work: each call in a workflow is durable."""

import csv
from decimal import Decimal
from pathlib import Path

from output import FatalError, step

from .models import Order, PricedLine, Receipt

PRICES = Path(__file__).with_name("prices.csv")


class UnknownProductError(FatalError):
    """No price is known; a retry would not find one either."""

    def __init__(self, product: str) -> None:
        super().__init__(f"There is no price for {product!r}; add it to {PRICES.name}.")
        self.product = product


@step
def look_up_price(product: str) -> Decimal:
    """Find what a product costs."""
    with PRICES.open(newline="", encoding="utf-8") as file:
        prices = {row["product"]: Decimal(row["price"]) for row in csv.DictReader(file)}
    if product not in prices:
        raise UnknownProductError(product)
    return prices[product]


@step
def write_receipt(order: Order, prices: list[Decimal]) -> Receipt:
    """Add up the lines; `prices` are in their order."""
    lines = [
        PricedLine(product=line.product, quantity=line.quantity, amount=price * line.quantity)
        for line, price in zip(order.lines, prices, strict=True)
    ]
    return Receipt(lines=lines, total=sum((line.amount for line in lines), Decimal()))
