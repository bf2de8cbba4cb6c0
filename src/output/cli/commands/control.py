"""`output workflow stop`, `terminate` and `reset`: one run, changed."""

from __future__ import annotations

import json
from typing import Annotated, Literal

import typer

from output.cli.connection import ask
from output.cli.inputs import read_value
from output.cli.light_reading import read_ids
from output.cli.options import (
    Format,
    FormatOption,
    IdArgument,
    InputOption,
    ReasonOption,
    RunIdOption,
    WorkflowIdOption,
)
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
    *,
    step: Annotated[
        str | None, typer.Option("--step", metavar="STEP", help="All after its last completion is done again.")
    ] = None,
    to: Annotated[
        Literal["start", "first-failure"] | None, typer.Option("--to", help="Redo all, or what made the run fail.")
    ] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="Only say what would be kept, redone and dropped.")
    ] = False,
    run_id: RunIdOption = None,
    reason: ReasonOption = None,
    output_format: FormatOption = "text",
) -> None:
    """Redo a run from the completion of a step, its start or its failure, as a new run."""
    if (step is None) == (to is None):
        raise typer.BadParameter("give one of --step and --to.")
    _reset(RunRef(workflow_id, run_id), step, to, reason=reason, preview=preview, output_format=output_format)


def retry(
    workflow_id: IdArgument,
    run_id: RunIdOption = None,
    reason: ReasonOption = None,
    output_format: FormatOption = "text",
) -> None:
    """Try the step again whose failure failed a run, as a new run that keeps what was done before."""
    _reset(
        RunRef(workflow_id, run_id), None, "first-failure", reason=reason, preview=False, output_format=output_format
    )


def rerun(
    workflow_id: IdArgument,
    run_id: RunIdOption = None,
    given: InputOption = None,
    new_id: WorkflowIdOption = None,
    output_format: FormatOption = "text",
) -> None:
    """Start a run's workflow again as a run of its own, with the same input or another."""
    fields: dict[str, object] = {"workflowId": new_id}
    if given is not None:
        fields["input"] = read_value(given, option="--input")
    response = ask(routes.rerun(RunRef(workflow_id, run_id), fields))
    _say(response.body, "is started", output_format=output_format)


def _reset(
    ref: RunRef,
    step: str | None,
    to: Literal["start", "first-failure"] | None,
    *,
    reason: str | None,
    preview: bool,
    output_format: Format,
) -> None:
    from output.models.messages import ResetRequest

    target = None if to is None else "start" if to == "start" else "firstFailure"
    body = ResetRequest(step_name=step, to=target, preview=preview, reason=reason)
    response = ask(routes.reset(ref, body))
    if preview:
        _print_preview(json.loads(response.body), output_format=output_format)
        return
    where = f"goes on after step {step!r}" if step is not None else f"goes on from its {to}".replace("-", " ")
    _say(response.body, where, output_format=output_format)


def _print_preview(found: dict[str, list[str]], *, output_format: Format) -> None:
    if output_format == "json":
        print_json(found)
        return
    for what in ("keeps", "redoes", "drops"):
        print_text(f"{what:7} {', '.join(found[what]) or 'nothing'}")


def _say(body: bytes, what: str, *, output_format: Format) -> None:
    if output_format == "json":
        print_json(json.loads(body))
        return
    ids = read_ids(body)
    print_text(f"{ids.workflow_id} {what}")
    print_text(f"  run  {ids.run_id}")
