"""Workflows whose traces have something of everything."""

import asyncio
from datetime import timedelta
from pathlib import Path

from pydantic import BaseModel

from output import await_webhook, continue_as_new, signal, sleep, start_child, update, wait_for, workflow

from .steps import Answer, Question, ask, brief, explode, hold, is_short, large, many, plain, stumble, sulk


@workflow
async def tell(question: Question) -> Answer:
    """One step that tells what it does."""
    return await ask(question)


@workflow(trace=False)
async def silent(question: Question) -> Answer:
    """Leaves no trace."""
    return await ask(question)


@workflow
async def retry(folder: Path) -> int:
    return await stumble(folder)


@workflow
async def gated(folder: Path) -> str:
    await plain("first")
    held = await hold(folder)
    return held + await plain(" and last")


@workflow
async def sulking(reason: str) -> None:
    await sulk(reason)


@workflow
async def guardian(folder: Path) -> str:
    """Ends before its child does."""
    child = asyncio.create_task(gated(folder))
    await sleep(timedelta(seconds=1))
    return f"{child.done()}"


@workflow
async def failing(reason: str) -> None:
    await explode(reason)


@workflow
async def family(question: Question) -> str:
    """An attached child, a silent one and a detached one."""
    answer = await tell(question)
    await silent(question)
    await start_child(tell, question)
    return answer.text


@workflow
async def rounds(left: int) -> str:
    """Goes on as new until none is left."""
    await plain(f"round {left}")
    if left > 0:
        continue_as_new(left - 1)
    return "over"


@workflow
async def ten_steps(name: str) -> str:
    """Ten quick steps, each of which tells one thing."""
    for _ in range(10):
        name = await brief(name)
    return name


@workflow
async def bulky(size: int) -> int:
    return len(await large(size))


@workflow
async def crowd(count: int) -> int:
    return await many(count)


@workflow
async def consult(url: str) -> object:
    """Asks somebody outside, with patience."""
    return await await_webhook(url, payload={"question": "go on?"}, timeout=timedelta(minutes=5))


@workflow
async def judged(text: str) -> bool:
    return (await is_short(text)).value


class Note(BaseModel):
    text: str


@workflow
class talk:  # noqa: N801 — named as the workflow
    """Waits for a word."""

    def __init__(self) -> None:
        self.words: list[str] = []

    async def run(self) -> list[str]:
        await sleep(timedelta(milliseconds=20))
        await wait_for(lambda: len(self.words) >= 2, timeout=timedelta(minutes=5))
        return self.words

    @signal
    async def say(self, note: Note) -> None:
        self.words.append(note.text)

    @update
    async def add(self, note: Note) -> int:
        self.words.append(await plain(note.text))
        return len(self.words)
