"""Books entries around a step that a test holds open."""

from output import workflow

from .steps import book, hold


@workflow
async def ledger(path: str, gate: str) -> list[str]:
    """Book two entries, wait for the gate, book a third."""
    booked = [await book(path, "one"), await book(path, "two")]
    await hold(path, gate)
    return [*booked, await book(path, "three")]
