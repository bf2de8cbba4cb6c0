"""What is ordered, and what it comes to."""

from decimal import Decimal

from pydantic import BaseModel, Field


class Line(BaseModel):
    """A product, so many times."""

    product: str = Field(min_length=1, examples=["coffee"])
    quantity: int = Field(default=1, ge=1)


class Order(BaseModel):
    """What a customer wants."""

    lines: list[Line] = Field(min_length=1)


class PricedLine(BaseModel):
    """A line of a receipt."""

    product: str
    quantity: int
    amount: Decimal


class Receipt(BaseModel):
    """What an order comes to."""

    lines: list[PricedLine]
    total: Decimal
