"""Names that two rooms must agree on, because neither may import the other."""

from __future__ import annotations

from output.authoring.step import BUILT_IN_STEPS
from output.engine.traces.step_events import BUILT_IN_KINDS


def test_traces_know_every_built_in_step_and_its_kind() -> None:
    assert BUILT_IN_KINDS == BUILT_IN_STEPS
