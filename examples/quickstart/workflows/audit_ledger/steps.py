"""Reading a ledger and adding it up."""

import csv
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from pydantic import ValidationError

from output import FatalError, Retry, step

from .models import Balance, Booking, Ledger, Totals

LEDGERS = Path(__file__).resolve().parents[2] / "ledgers"


class UnreadableRowError(FatalError):
    """A row that is no booking; no retry will mend the file."""

    def __init__(self, ledger: str, *, line: int, fault: str) -> None:
        super().__init__(f"{ledger}, line {line}: {fault}.")
        self.ledger, self.line, self.fault = ledger, line, fault


class UnbalancedEntryError(FatalError):
    """An entry whose debits and credits differ."""

    def __init__(self, entry: int, *, debit: Decimal, credit: Decimal) -> None:
        super().__init__(f"Entry {entry} does not balance: {debit} debit, {credit} credit.")
        self.entry, self.difference = entry, debit - credit


@step(retry=Retry(max_attempts=6, initial_interval=timedelta(seconds=1)), timeout=timedelta(seconds=10))
def read_ledger(name: str) -> Ledger:
    """Read a ledger; one that has not arrived yet is looked for again."""
    with (LEDGERS / name).open(newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        return Ledger(name=name, bookings=[_booking(row, ledger=name, line=rows.line_num) for row in rows])


@step
def add_up(ledger: Ledger) -> Totals:
    """Check that every entry balances, then add up the accounts."""
    debits: dict[int, Decimal] = defaultdict(Decimal)
    credits_: dict[int, Decimal] = defaultdict(Decimal)
    accounts: dict[str, list[Decimal]] = defaultdict(list)
    for booking in ledger.bookings:
        debits[booking.entry] += booking.debit
        credits_[booking.entry] += booking.credit
        accounts[booking.account].append(booking.debit - booking.credit)
    for entry, debit in debits.items():
        if debit != credits_[entry]:
            raise UnbalancedEntryError(entry, debit=debit, credit=credits_[entry])
    return Totals(
        entries=len(debits),
        turnover=sum(debits.values(), Decimal()),
        balances=[
            Balance(account=account, balance=sum(amounts, Decimal()), bookings=len(amounts))
            for account, amounts in sorted(accounts.items())
        ],
    )


def _booking(row: dict[str, str], *, ledger: str, line: int) -> Booking:
    try:
        return Booking.model_validate({**row, "debit": row["debit"] or "0", "credit": row["credit"] or "0"})
    except KeyError as missing:
        raise UnreadableRowError(ledger, line=line, fault=f"the column {missing} is missing") from missing
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        fault = f"{first['loc'][0]} is {first['input']!r}: {first['msg']}"
        raise UnreadableRowError(ledger, line=line, fault=fault) from error
