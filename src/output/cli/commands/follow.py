"""`output workflow run`, `start` and `monitor`: begin a run, watch it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from output.cli.connection import ask, open_client
from output.cli.exit_codes import ExitCode
from output.cli.following import COMPLETED, attend, print_events, say_end, show_progress
from output.cli.inputs import read_input
from output.cli.light_reading import read_ids
from output.cli.options import (
    CatalogOption,
    ConflictOption,
    DelayOption,
    Format,
    FormatOption,
    IdArgument,
    InputOption,
    KeyOption,
    LifeOption,
    NameArgument,
    PriorityOption,
    ReuseOption,
    RunIdOption,
    ScenarioArgument,
    TagOption,
    WebhookOption,
    WorkflowIdOption,
)
from output.cli.render.output import note, paint, print_json, print_text
from output.cli.start_request import start_request
from output.client import routes
from output.models.references import RunRef

if TYPE_CHECKING:
    from output.models.runs import RunResult


def run(
    name: NameArgument,
    scenario: ScenarioArgument = None,
    *,
    given: InputOption = None,
    workflow_id: WorkflowIdOption = None,
    catalog: CatalogOption = None,
    if_running: ConflictOption = "fail",
    if_ended: ReuseOption = "allow",
    idempotency_key: KeyOption = None,
    tag: TagOption = None,
    delay: DelayOption = None,
    execution_timeout: LifeOption = None,
    priority: PriorityOption = None,
    webhook: WebhookOption = None,
    output_format: FormatOption = "text",
) -> None:
    """Start a workflow, show its progress and print its output; exit with 1 if it did not complete."""
    from output.cli.render.results import print_result

    value = read_input(name, scenario=scenario, given=given, catalog=catalog)
    body = start_request(
        name,
        value,
        workflow_id=workflow_id,
        catalog=catalog,
        if_running=if_running,
        if_ended=if_ended,
        tags=tag,
        delay=delay,
        execution_timeout=execution_timeout,
        priority=priority,
        webhook=webhook,
    )
    ids = read_ids(ask(routes.start(body, key=idempotency_key)).body)
    ref = RunRef(ids.workflow_id, ids.run_id)
    note(f"{paint(name, 'cyan', stream=sys.stderr)}  {ref.workflow_id}")
    found = attend(_finish(ref), ref=ref)
    print_result(found, output_format=output_format)
    raise typer.Exit(ExitCode.DONE if found.status == "completed" else ExitCode.FAILED)


def start(
    name: NameArgument,
    scenario: ScenarioArgument = None,
    *,
    given: InputOption = None,
    workflow_id: WorkflowIdOption = None,
    catalog: CatalogOption = None,
    if_running: ConflictOption = "fail",
    if_ended: ReuseOption = "allow",
    idempotency_key: KeyOption = None,
    tag: TagOption = None,
    delay: DelayOption = None,
    execution_timeout: LifeOption = None,
    priority: PriorityOption = None,
    webhook: WebhookOption = None,
    follow: Annotated[bool, typer.Option("--monitor", help="Follow it until its end, as `monitor` does.")] = False,
    output_format: FormatOption = "text",
) -> None:
    """Start a workflow and print its IDs."""
    value = read_input(name, scenario=scenario, given=given, catalog=catalog)
    body = start_request(
        name,
        value,
        workflow_id=workflow_id,
        catalog=catalog,
        if_running=if_running,
        if_ended=if_ended,
        tags=tag,
        delay=delay,
        execution_timeout=execution_timeout,
        priority=priority,
        webhook=webhook,
    )
    response = ask(routes.start(body, key=idempotency_key))
    ids = read_ids(response.body)
    if output_format == "json" and not follow:
        print_json(json.loads(response.body))
    elif output_format == "text":
        print_text(f"{ids.workflow_id}")
        print_text(f"  run  {ids.run_id}")
    if follow:
        _monitor(RunRef(ids.workflow_id, ids.run_id), output_format=output_format)


def monitor(workflow_id: IdArgument, run_id: RunIdOption = None, output_format: FormatOption = "text") -> None:
    """Follow a run until its end, and the runs that continue it; with JSON a line for each event."""
    _monitor(RunRef(workflow_id, run_id), output_format=output_format)


def _monitor(ref: RunRef, *, output_format: Format) -> None:
    reason = attend(_follow(ref, output_format=output_format), ref=ref)
    raise typer.Exit(ExitCode.DONE if reason == COMPLETED else ExitCode.FAILED)


async def _follow(ref: RunRef, *, output_format: Format) -> str | None:
    async with open_client() as client:
        if output_format == "json":
            end = await print_events(client, ref)
            return None if end is None else end.reason
        last, end = await show_progress(client, ref)
        say_end(last, end)
        return end.reason


async def _finish(ref: RunRef) -> RunResult:
    """Show progress, and return the result of the run that ended."""
    async with open_client() as client:
        last, _ = await show_progress(client, ref)
        return await client.runs.result(last.workflow_id, run_id=last.run_id)
