"""Steps that leave a trace of each run in a folder."""

from pathlib import Path

from output import FatalError, step


def _note(folder: str, line: str) -> None:
    with (Path(folder) / "visits").open("a") as file:
        file.write(line + "\n")


@step
def prepare(folder: str) -> str:
    _note(folder, "prepare")
    return "prepared"


@step
def log_visit(folder: str, place: str) -> str:
    _note(folder, place)
    return place


@step
def refuse(folder: str) -> None:
    _note(folder, "refuse")
    raise FatalError("never")


@step
def finish(folder: str) -> str:
    _note(folder, "finish")
    return "finished"
