"""Stand-ins of steps, for tests: looked up wherever a step's function is about to run."""

from __future__ import annotations

from collections.abc import Callable

_stubs: dict[str, Callable[..., object]] = {}


def find_stub(step: str) -> Callable[..., object] | None:
    """What stands in for a step of this name."""
    return _stubs.get(step)


def set_stub(step: str, stand_in: Callable[..., object] | None) -> Callable[..., object] | None:
    """Put a stand-in in place, with None take it away; returns the one before it."""
    before = _stubs.pop(step, None)
    if stand_in is not None:
        _stubs[step] = stand_in
    return before
