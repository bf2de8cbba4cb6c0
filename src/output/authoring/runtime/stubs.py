"""Stand-ins of steps, for tests: looked up wherever a step's function is about to run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class StandIn:
    """What is called instead of a step: of the one with this function, or without one of all of this name."""

    name: str
    function: Callable[..., object] | None
    call: Callable[..., object]


_stand_ins: list[StandIn] = []


def find_stub(name: str, function: Callable[..., object]) -> Callable[..., object] | None:
    """What stands in for a step: of several the one that was put in place last."""
    for stand_in in reversed(_stand_ins):
        if stand_in.function is function or (stand_in.function is None and stand_in.name == name):
            return stand_in.call
    return None


def put_stub(stand_in: StandIn) -> None:
    """Put a stand-in in place."""
    _stand_ins.append(stand_in)


def remove_stub(stand_in: StandIn) -> None:
    """Take it away; others stay, in whatever order they were put in place."""
    _stand_ins.remove(stand_in)
