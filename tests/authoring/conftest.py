"""Workflows run both ways: as plain functions, and on a real engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ParamSpec, TypeVar, cast

import pytest

from output.authoring.workflow import Workflow
from output.testing import start_environment

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Way:
    """How a workflow is run: without an engine (`address` is None), or on the one at an address."""

    address: str | None

    @property
    def is_plain(self) -> bool:
        return self.address is None

    async def run(self, workflow: Workflow[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run it to its end."""
        if self.address is None:
            return await workflow(*args, **kwargs)
        # Each task replays the run from its start, so that code which does not replay fails.
        async with start_environment(workflows=[workflow], address=self.address, max_cached_workflows=0) as environment:
            return await environment.run(workflow, *args, **kwargs)


@pytest.fixture(params=["plain", "engine"])
def way(request: pytest.FixtureRequest) -> Way:
    """Each test with it runs twice."""
    if request.param == "plain":
        return Way(None)
    return Way(cast("str", request.getfixturevalue("engine_address")))
