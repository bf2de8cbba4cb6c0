"""Stand-ins for steps: what they return or raise, and what they were called with."""

from __future__ import annotations

import gc
import inspect
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import cast

from output.authoring.runtime.stubs import StandIn, put_stub, remove_stub
from output.authoring.step import BUILT_IN_STEPS, Step
from output.authoring.workflow import Workflow


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
    """Put a function, a result or an exception in the place of a step: of this very step, or of all of a name.

    It holds until the block is left, for steps called as functions and for an environment of this process; where
    stand-ins of one step overlap, the latest counts. Results are parsed like the step's own. `replacement` may be async
    and takes what the step takes. Raises: LookupError for a name that no step has, TypeError for what is no step.

    Example:
        @workflow
        async def twice_as_much(number: int) -> int:
            return await double(number)

        with stub(double, returns=100) as stand_in:
            assert await twice_as_much(4) == 100
        assert len(stand_in.calls) == 1
    """
    name = _name_of(step)
    stubbed = StubbedStep(name)

    async def stand_in(*args: object, **kwargs: object) -> object:
        stubbed.calls.append({**{str(place): value for place, value in enumerate(args)}, **kwargs})
        if raises is not None:
            raise raises
        if replacement is None:
            return returns
        result = replacement(*args, **kwargs)
        return await cast("Awaitable[object]", result) if inspect.isawaitable(result) else result

    entry = StandIn(name, None if isinstance(step, str) else step.function, stand_in)
    put_stub(entry)
    try:
        yield stubbed
    finally:
        remove_stub(entry)


def _name_of(step: object) -> str:
    if isinstance(step, Step):
        return step.name
    if not isinstance(step, str):
        what = "a workflow" if isinstance(step, Workflow) else f"a {type(step).__name__}"
        raise TypeError(f"{what} cannot be stood in for; give a step, or the name of one.")
    # Steps register nowhere: whoever holds one keeps it, and the collector knows all that are held.
    known = {
        each.name for each in gc.get_objects() if issubclass(type(each), Step) and isinstance(each.name, str)
    } | set(BUILT_IN_STEPS)
    if step not in known:
        near = get_close_matches(step, known, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise LookupError(f"No step is called {step!r}{hint}")
    return step
