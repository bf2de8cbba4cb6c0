"""`output workflow status`, `result` and `input`: one run, looked at."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Annotated

import typer

from output.cli.connection import ask
from output.cli.exit_codes import ExitCode
from output.cli.light_reading import read_status
from output.cli.options import FormatOption, IdArgument, RunIdOption
from output.cli.render.output import paint, print_json, print_text
from output.cli.render.run_states import colour_of
from output.cli.render.times import describe_age, describe_duration, describe_time
from output.client import routes
from output.models.references import RunRef


def status(workflow_id: IdArgument, run_id: RunIdOption = None, output_format: FormatOption = "text") -> None:
    """Say where a run stands."""
    response = ask(routes.status(RunRef(workflow_id, run_id)))
    if output_format == "json":
        print_json(json.loads(response.body))
        return
    run = read_status(response.body)
    print_text(f"{run.workflow_id}  {paint(run.status, colour_of(run.status))}")
    print_text(f"  run      {run.run_id}")
    problem = getattr(run, "problem", None)  # an older server does not say
    if problem is not None:
        print_text(f"  {paint('problem', 'red')}  {problem.message}")
    print_text(f"  started  {describe_time(run.started_at)} ({describe_age(run.started_at)})")
    if run.completed_at is not None:
        took = describe_duration(run.completed_at - run.started_at)
        print_text(f"  ended    {describe_time(run.completed_at)} (after {took})")


def result(
    workflow_id: IdArgument,
    run_id: RunIdOption = None,
    wait: Annotated[
        int | None, typer.Option("--wait", metavar="SECONDS", min=1, max=60, help="Wait for the end so long.")
    ] = None,
    output_format: FormatOption = "text",
) -> None:
    """Print a run's output; exit with 1 if it did not complete."""
    from output.cli.render.results import print_result
    from output.models.runs import RunResult

    waited = None if wait is None else timedelta(seconds=wait)
    response = ask(routes.result(RunRef(workflow_id, run_id), wait=waited))
    found = RunResult.model_validate_json(response.body)
    print_result(found, output_format=output_format)
    raise typer.Exit(ExitCode.DONE if found.status == "completed" else ExitCode.FAILED)


def show_input(workflow_id: IdArgument, run_id: RunIdOption = None, output_format: FormatOption = "text") -> None:
    """Print what a run was started with."""
    found = json.loads(ask(routes.input_of(RunRef(workflow_id, run_id))).body)
    print_json(found if output_format == "json" else found["input"])
