from __future__ import annotations

import asyncio
from decimal import Decimal

from pydantic import BaseModel, Field, JsonValue

from output import FatalError, await_webhook, query, request_approval, signal, step, update, workflow


class Ticket(BaseModel):
    """What somebody wants."""

    title: str = Field(min_length=1, description="In a few words")
    priority: int = Field(default=3, ge=1, le=5)


class Note(BaseModel):
    text: str = Field(min_length=2)
    is_private: bool = False


class Price(BaseModel):
    amount: Decimal
    currency: str = "EUR"


class Verdict(BaseModel):
    is_bought: bool
    limit: int = Field(default=100, ge=1)


@workflow
async def buy(what: str) -> Verdict:
    """Ask somebody whether to buy it."""
    return await (await request_approval(f"Buy {what}?", schema=Verdict, to="the boss"))


@step
async def look_up(ticket: Ticket) -> str:
    """Find out more about a ticket; one called `broken` is not to be found."""
    if ticket.title == "broken":
        raise FatalError("There is no such thing.")
    return ticket.title.upper()


@step
async def weigh(number: int) -> int:
    """Weigh one of many; every seventh is too heavy."""
    if number % 7 == 6:
        raise FatalError(f"Number {number} is too heavy.")
    return number


@workflow
async def weigh_all(count: int) -> int:
    """Weigh many at once, and count those that are light enough."""
    found = await asyncio.gather(*(weigh(number) for number in range(count)), return_exceptions=True)
    return sum(isinstance(each, int) for each in found)


@workflow(name="desk", aliases=["help_desk"])
class Desk:
    """A help desk: it looks a ticket up, takes notes, and waits until somebody closes it.

    A ticket called `broken` makes it fail.
    """

    def __init__(self) -> None:
        self.notes: list[Note] = []
        self.price: Price | None = None
        self.is_closed = False

    async def run(self, ticket: Ticket) -> list[str]:
        found = await look_up(ticket)
        while not self.is_closed:
            await asyncio.sleep(0.2)
        return [found, *(note.text for note in self.notes)]

    @signal
    def note(self, note: Note) -> None:
        """Add a note to the ticket."""
        self.notes.append(note)

    @signal
    def close(self) -> None:
        """Close the ticket."""
        self.is_closed = True

    @query
    def taken(self) -> list[Note]:
        """The notes so far."""
        return self.notes

    @update
    async def set_price(self, price: Price) -> Price:
        """What it costs; answers the price before."""
        before, self.price = self.price or Price(amount=Decimal(0)), price
        return before


@workflow
async def ask_first(url: str) -> JsonValue:
    """Ask somebody at a URL, and give back what they say."""
    return await await_webhook(url, payload={"question": "Shall we?"})
