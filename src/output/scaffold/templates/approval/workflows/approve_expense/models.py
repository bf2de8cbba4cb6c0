"""What is asked, said and decided."""

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, Field


class Expense(BaseModel):
    """Money that somebody wants back; `days_to_decide` bounds the wait."""

    employee: str = Field(min_length=1, examples=["Robin"])
    purpose: str = Field(min_length=1, examples=["Train to the customer"])
    amount: Decimal = Field(gt=0, examples=["128.40"])
    days_to_decide: float = Field(default=14, gt=0)


class Comment(BaseModel):
    """What somebody has to say about it."""

    author: str = Field(min_length=1)
    text: str = Field(min_length=1)


class Decision(BaseModel):
    """Yes or no, and by whom."""

    approver: str = Field(min_length=1)
    approved: bool
    reason: str = ""


class Standing(BaseModel):
    """Where an expense stands while it waits."""

    state: Literal["waiting", "decided"]
    comments: list[Comment]


class Outcome(BaseModel):
    """How it ended; `payment` is the number of the transfer."""

    approved: bool
    approver: str | None
    payment: str | None
    comments: list[Comment]
