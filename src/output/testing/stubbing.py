"""Stand-ins for steps: what they return or raise, and what they were called with."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import cast

from output.authoring.runtime.stubs import set_stub
from output.authoring.step import Step


@dataclass
class StubbedStep:
    """What was called in place of a step: the arguments of each call by name, or in order where it names none."""

    name: str
    calls: list[dict[str, object]] = field(default_factory=list[dict[str, object]])


@contextmanager
def stub(
    step: Step[..., object] | str,
    replacement: Callable[..., object] | None = None,
    *,
    returns: object = None,
    raises: BaseException | None = None,
) -> Generator[StubbedStep]:
    """Put a function, a result or an exception in the place of a step, by its function or its name.

    It holds for steps called as functions and for an environment of this process. Results are parsed like the
    step's own. `replacement` may be async and takes what the step takes.
    """
    name = step if isinstance(step, str) else step.name
    stubbed = StubbedStep(name)

    async def stand_in(*args: object, **kwargs: object) -> object:
        stubbed.calls.append({**{str(place): value for place, value in enumerate(args)}, **kwargs})
        if raises is not None:
            raise raises
        if replacement is None:
            return returns
        result = replacement(*args, **kwargs)
        return await cast("Awaitable[object]", result) if inspect.isawaitable(result) else result

    before = set_stub(name, stand_in)
    try:
        yield stubbed
    finally:
        set_stub(name, before)
