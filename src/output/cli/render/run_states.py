"""The states of a run, in colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from output.cli.render.output import Colour
    from output.models.references import RunState


def colour_of(state: RunState) -> Colour | None:
    if state == "completed":
        return "green"
    if state == "running":
        return "cyan"
    if state == "continued_as_new":
        return "bright_black"
    return "red" if state in {"failed", "timed_out"} else "yellow"
