"""Large values on every way that a value may go."""

from __future__ import annotations

from output import Retry, query, signal, step, update, wait_for, workflow


@step
async def turn(text: str) -> str:
    return text[::-1]


@step(quick=True)
async def turn_quickly(text: str) -> str:
    return text[::-1]


@step(retry=Retry(max_attempts=1))
async def make(size: int) -> str:
    return "made " * (size // 5)


@step(retry=Retry(max_attempts=1))
async def refuse(text: str) -> str:
    raise LookupError(f"secret word of {len(text)}", "hush")


@workflow
async def echo(text: str) -> str:
    return text


@workflow
async def carry(text: str) -> str:
    """Through a step, a quick step, a child, and out."""
    return await echo(await turn_quickly(await turn(text)))


@workflow
async def grow(size: int) -> int:
    return len(await make(size))


@workflow
async def fail(text: str) -> str:
    return await refuse(text)


@workflow
class Hold:
    def __init__(self) -> None:
        self.text = ""
        self.is_closed = False

    async def run(self) -> str:
        await wait_for(lambda: self.is_closed)
        return self.text

    @signal
    def put(self, text: str) -> None:
        self.text = text

    @query
    def get(self, suffix: str) -> str:
        return self.text + suffix

    @update
    def swap(self, text: str) -> str:
        before, self.text = self.text, text
        return before

    @signal
    def close(self) -> None:
        self.is_closed = True

    @query
    def explode(self, number: int) -> int:
        raise ArithmeticError(f"{self.text} {number}")
