"""Steps in a row and side by side, with a gate in between: what resets are tried on."""

import asyncio

from output import StepError, signal, wait_for, workflow

from .steps import finish, log_visit, prepare, refuse


@workflow(name="pipeline")
class Pipeline:
    """Visits places, waits at the gate, finishes."""

    def __init__(self) -> None:
        self.is_open = False

    async def run(self, folder: str, places: list[str], gated: bool = True) -> list[str]:
        seen = [await prepare(folder)]
        seen += await asyncio.gather(*(log_visit(folder, place) for place in places))
        try:
            await refuse(folder)
        except StepError as error:
            seen.append(type(error).__name__)
        if gated:
            await wait_for(lambda: self.is_open)
        seen.append(await finish(folder))
        return seen

    @signal
    def open(self) -> None:
        self.is_open = True
