"""Steps with something to tell."""

import asyncio
import threading
from datetime import timedelta
from pathlib import Path

from pydantic import BaseModel

from output import BooleanEvaluation, Retry, evaluator, http, step, trace


class Question(BaseModel):
    text: str
    url: str | None = None
    password: str = "hunter2-planted"


class Answer(BaseModel):
    text: str
    tokens: int


@step
async def ask(question: Question) -> Answer:
    """Answer by way of a pretended model, and a real request where there is a URL."""
    given = {"prompt": question.text, "api_key": "sk-planted-0123456789abcdef"}
    with trace.span("llm", "pretend-1", input=given) as span:
        if question.url is not None:
            await http.get(question.url, headers={"Authorization": "Bearer planted-token-123456"})
        answer = Answer(text=question.text.upper(), tokens=len(question.text))
        span.output(answer)
        span.attribute("llm:usage", {"output_tokens": answer.tokens})
    return answer


@step(retry=Retry(max_attempts=3, initial_interval=timedelta(milliseconds=10), backoff_coefficient=1.0))
async def stumble(folder: Path) -> int:
    """Fail twice, succeed on the third attempt."""
    attempts = folder / "attempts"
    count = int(attempts.read_text()) + 1 if attempts.exists() else 1
    attempts.write_text(str(count))
    with trace.span("internal_step", f"try {count}"):
        if count < 3:
            raise ConnectionError(f"attempt {count} of postgres://app:planted-pw@db/main was cut off")
    return count


@step(retry=Retry(initial_interval=timedelta(seconds=100)))
async def sulk(reason: str) -> None:
    """Fail, and be tried again much later."""
    raise OSError(reason)


@step(heartbeat_timeout=timedelta(seconds=2), retry=Retry(initial_interval=timedelta(milliseconds=50)))
async def hold(folder: Path) -> str:
    """Record something, then wait until a gate opens."""
    with trace.span("internal_step", "before the gate"):
        pass
    with trace.span("internal_step", "the gate"):
        while not (folder / "gate").exists():
            await asyncio.sleep(0.02)
    return "through"


@step
def plain(name: str) -> str:
    """A plain function, with a thread of its own."""
    with trace.span("internal_step", "outer"):
        thread = threading.Thread(target=_work)
        thread.start()
        thread.join()
    return name


def _work() -> None:
    with trace.span("internal_step", "in the thread"):
        pass


@step(retry=Retry(max_attempts=1))
async def explode(reason: str) -> None:
    """Fail for good."""
    with trace.span("internal_step", "fuse"):
        raise ValueError(reason)


@step
async def brief(name: str) -> str:
    """Tell one thing."""
    with trace.span("internal_step", "brief", input=name) as span:
        span.output(name)
    return name


@evaluator
async def is_short(text: str) -> BooleanEvaluation:
    """Whether a text is short."""
    return BooleanEvaluation(value=len(text) < 10, confidence=1.0)


@step
async def large(size: int) -> str:
    return "x" * size


@step
async def many(count: int) -> int:
    """Record a great many spans."""
    for number in range(count):
        with trace.span("internal_step", f"span {number}", input=number):
            pass
    return count
