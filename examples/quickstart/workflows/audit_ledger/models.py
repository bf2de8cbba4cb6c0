"""Ledgers: what was booked, and what an audit finds."""

from datetime import date
from decimal import Decimal

from pydantic import BaseModel, Field


class AuditRequest(BaseModel):
    """Which ledger to audit: the name of a CSV file in `ledgers/`."""

    ledger: str = Field(pattern=r"^[\w-]+\.csv$", examples=["march.csv"])


class Booking(BaseModel):
    """One line: bookings with the same entry number belong together."""

    entry: int
    day: date
    account: str = Field(min_length=1)
    text: str
    debit: Decimal = Field(ge=0)
    credit: Decimal = Field(ge=0)


class Ledger(BaseModel):
    """All bookings of a ledger, in the order of the file."""

    name: str
    bookings: list[Booking]


class Balance(BaseModel):
    """What an account holds after all bookings; debit counts as positive."""

    account: str
    balance: Decimal
    bookings: int


class Totals(BaseModel):
    """A balanced ledger, added up."""

    entries: int
    turnover: Decimal
    balances: list[Balance]


class Audit(BaseModel):
    """What a sound ledger comes to."""

    ledger: str
    entries: int
    turnover: Decimal
    busiest_account: str
    busiest_share: float = Field(description="part of all bookings that touch the busiest account, 0 to 1")
    balances: list[Balance]
