"""Ledgers, audited: what is wrong with the file decides how the run ends."""

from output import workflow

from .models import Audit, AuditRequest
from .steps import add_up, read_ledger


@workflow
async def audit_ledger(request: AuditRequest) -> Audit:
    """Read a ledger, check that it balances and say where the money went."""
    ledger = await read_ledger(request.ledger)
    totals = await add_up(ledger)
    # An empty ledger has no busiest account: the ValueError of `max` fails the run, as a plain exception should.
    busiest = max(totals.balances, key=lambda balance: balance.bookings)
    return Audit(
        ledger=request.ledger,
        entries=totals.entries,
        turnover=totals.turnover,
        busiest_account=busiest.account,
        busiest_share=round(busiest.bookings / len(ledger.bookings), 3),
        balances=totals.balances,
    )
