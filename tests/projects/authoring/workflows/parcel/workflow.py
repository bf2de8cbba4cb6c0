"""Parcels: children of an order."""

from output import current_step, emit, query, signal, step, wait_for, workflow


@step
def weigh(item: str) -> int:
    """Weigh on a thread."""
    current_step().heartbeat({"item": item})
    return len(item)


@workflow
async def parcel(item: str) -> int:
    """Weigh an item."""
    return await weigh(item)


@step
async def send_receipt(order: str) -> None:
    """Send it."""
    emit("packed", order)


@workflow
class Receipt:
    """Goes on when it is told to."""

    def __init__(self) -> None:
        self.told = False

    async def run(self, order: str) -> str:
        await wait_for(lambda: self.told)
        await send_receipt(order)
        return order

    @signal
    def tell(self) -> None:
        self.told = True

    @query
    def is_told(self) -> bool:
        return self.told
