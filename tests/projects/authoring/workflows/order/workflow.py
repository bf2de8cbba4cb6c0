"""An order, which uses all that a workflow can say."""

import asyncio
import os
from datetime import timedelta
from pathlib import Path

from pydantic import BaseModel
from workflows.parcel.workflow import Receipt, parcel

from output import (
    ActivityOptions,
    ChildError,
    Done,
    FatalError,
    Retry,
    StepError,
    VerdictEvaluation,
    await_webhook,
    continue_as_new,
    current_run,
    current_step,
    evaluator,
    execute_in_parallel,
    has_error_type,
    logger,
    now,
    random,
    send_http_request,
    sleep,
    start_child,
    step,
    uuid4,
    wait_for,
    workflow,
)


class Order(BaseModel):
    items: list[str]
    url: str
    ledger: str
    rounds: int = 1


class Bill(BaseModel):
    weights: list[int]
    stock: object
    approved: object
    verdict: str
    token: str
    draw: float
    receipt: str
    refused: str
    failures: int


class OutOfStockError(FatalError):
    pass


def note(ledger: str, line: str) -> None:
    with Path(ledger).open("a") as file:
        file.write(f"{line}\n")


@step
async def reserve(item: str, ledger: str) -> str:
    """Take an item from stock."""
    note(ledger, f"reserve {item} {os.getpid()}")
    if item == "unicorn":
        raise OutOfStockError(item)
    await asyncio.sleep(0.05)
    return item


@step
async def pack(ledger: str) -> int:
    """Pack page by page; goes on where the last attempt was."""
    run = current_step()
    begun = run.last_heartbeat if isinstance(run.last_heartbeat, int) else 0
    for number in range(begun, 6):
        note(ledger, f"pack {number} {os.getpid()}")
        run.heartbeat(number + 1)
        await asyncio.sleep(0.2)
    return begun


@evaluator
async def judge(weights: list[int]) -> VerdictEvaluation:
    """Whether it can be sent."""
    return VerdictEvaluation(value="pass" if sum(weights) < 100 else "fail", confidence=1)


@workflow(
    activity_options=ActivityOptions(
        timeout=timedelta(seconds=30),
        heartbeat_timeout=timedelta(seconds=2),
        retry=Retry(initial_interval=timedelta(milliseconds=50), max_attempts=10),
    )
)
async def order(request: Order) -> Bill:
    """Reserve, ask, weigh, pack and bill."""
    if request.rounds > 0:
        continue_as_new(request.model_copy(update={"rounds": request.rounds - 1}))
    begun, token, draw = now(), str(uuid4()), random().random()
    endings = await execute_in_parallel([reserve(item, request.ledger) for item in request.items], concurrency=2)
    failures = len([ending for ending in endings if not isinstance(ending, Done)])
    logger.info("reserved")
    receipt = await start_child(Receipt, token)
    stock = await send_http_request(f"{request.url}/stock", method="POST", payload=request.items)
    refused = ""
    try:
        async with asyncio.timeout(30):
            await reserve("unicorn", request.ledger)
    except StepError as error:
        refused = error.raised.name if has_error_type(error, OutOfStockError) else "?"
    approved, begun_at = await asyncio.gather(
        await_webhook(f"{request.url}/approve", payload=token), pack(request.ledger)
    )
    logger.info("packed from %d", begun_at)
    weights = await asyncio.gather(*(parcel(ending.result) for ending in endings if isinstance(ending, Done)))
    try:
        await parcel.with_options(timeout=timedelta(seconds=30))("")
    except ChildError:
        refused += " child"
    await sleep(timedelta(milliseconds=20))
    await wait_for(lambda: now() > begun, timeout=timedelta(seconds=5))
    verdict = await judge(list(weights))
    return Bill(
        weights=list(weights),
        stock=stock.body,
        approved=approved,
        verdict=verdict.value,
        token=token,
        draw=draw,
        receipt=f"{current_run().workflow_id}|{receipt.workflow_id}",
        refused=refused,
        failures=failures,
    )
