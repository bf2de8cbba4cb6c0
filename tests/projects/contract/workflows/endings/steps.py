"""Steps that go wrong, and one that cleans up."""

from pathlib import Path

from output import FatalError, Retry, step


@step
async def give_much() -> str:
    return "x" * 3_000_000


@step
async def give_bad_json() -> object:
    return float("nan")


class LostError(FatalError):
    """The way was lost."""


@step
async def lose() -> None:
    raise LostError("the way was lost")


@step
def clean_up(folder: str) -> None:
    (Path(folder) / "clean").write_text("clean")


@step(retry=Retry(max_attempts=1))
async def break_or_not(folder: str) -> str:
    """Works once there is a file `mended`."""
    if not (Path(folder) / "mended").exists():
        raise RuntimeError("it is broken")
    return "whole"
