"""How a run ended, for people and programs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from output.cli.render.output import note, paint, print_json
from output.cli.render.run_states import colour_of

if TYPE_CHECKING:
    from output.cli.options import Format
    from output.models.runs import ErrorInfo, RunResult


def print_result(found: RunResult, *, output_format: Format) -> None:
    """The output on stdout, or on stderr why there is none; as JSON the whole result payload."""
    if output_format == "json":
        print_json(found.model_dump(mode="json", by_alias=True))
    elif found.status == "completed":
        print_json(found.output)
    else:
        note(f"{paint(found.status, colour_of(found.status), stream=sys.stderr)}  {found.workflow_id}")
        if found.error is not None:
            _explain(found.error)
        note(f"  see it with `output workflow debug {found.workflow_id} --run-id {found.run_id}`")


def _explain(error: ErrorInfo) -> None:
    where = f" in step {error.activity_type.partition('#')[2]!r}" if error.activity_type else ""
    note(f"  {error.name}{where}: {error.message}")
    cause = error.cause
    while cause is not None:
        first_line = cause.message.partition("\n")[0]
        note(f"  caused by {cause.name}: {first_line}")
        cause = cause.cause
