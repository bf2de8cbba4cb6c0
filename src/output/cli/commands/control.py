"""`output workflow stop`, `terminate` and `reset`: one run, changed."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from output.cli.connection import ask
from output.cli.light_reading import read_ids
from output.cli.options import Format, FormatOption, IdArgument, ReasonOption, RunIdOption
from output.cli.render.output import print_json, print_text
from output.client import routes
from output.models.references import RunRef


def stop(workflow_id: IdArgument, run_id: RunIdOption = None, output_format: FormatOption = "text") -> None:
    """Ask a run to end; its clean-up code runs."""
    response = ask(routes.stop(RunRef(workflow_id, run_id)))
    _say(response.body, "is asked to stop", output_format=output_format)


def terminate(
    workflow_id: IdArgument,
    run_id: RunIdOption = None,
    reason: ReasonOption = None,
    output_format: FormatOption = "text",
) -> None:
    """End a run at once, without clean-up."""
    from output.models.messages import TerminateRequest

    response = ask(routes.terminate(RunRef(workflow_id, run_id), TerminateRequest(reason=reason)))
    _say(response.body, "is terminated", output_format=output_format)


def reset(
    workflow_id: IdArgument,
    step: Annotated[str, typer.Option("--step", metavar="STEP", help="All after its last completion is done again.")],
    run_id: RunIdOption = None,
    reason: ReasonOption = None,
    output_format: FormatOption = "text",
) -> None:
    """Redo a run from the completion of a step, as a new run."""
    from output.models.messages import ResetRequest

    response = ask(routes.reset(RunRef(workflow_id, run_id), ResetRequest(step_name=step, reason=reason)))
    _say(response.body, f"goes on after step {step!r}", output_format=output_format)


def _say(body: bytes, what: str, *, output_format: Format) -> None:
    if output_format == "json":
        print_json(json.loads(body))
        return
    ids = read_ids(body)
    print_text(f"{ids.workflow_id} {what}")
    print_text(f"  run  {ids.run_id}")
