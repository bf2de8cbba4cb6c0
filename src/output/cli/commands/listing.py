"""`output workflow runs list`: runs, latest first."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from output.cli.completion import complete_run_ids, complete_workflows
from output.cli.connection import ask
from output.cli.exit_codes import ExitCode
from output.cli.options import CatalogOption, Format, FormatOption
from output.cli.render.output import note, paint, print_json, print_text, width
from output.cli.render.run_states import colour_of
from output.cli.render.times import describe_age, describe_duration
from output.client import routes
from output.models.references import RunState

if TYPE_CHECKING:
    from output.models.runs import RunPage, RunSummary

_LARGEST_PAGE = 1000
_WATCH_SECONDS = 2.0


def list_runs(
    *,
    workflow: Annotated[
        str | None,
        typer.Option("--workflow", "-w", metavar="NAME", help="Of one workflow.", autocompletion=complete_workflows),
    ] = None,
    status: Annotated[RunState | None, typer.Option("--status", "-s", help="In one state.")] = None,
    workflow_id: Annotated[
        str | None,
        typer.Option("--id", metavar="ID", help="Of one workflow ID.", autocompletion=complete_run_ids),
    ] = None,
    since: Annotated[
        datetime | None, typer.Option("--since", metavar="TIME", help="Started at or after, UTC: 2026-03-06T10:30:00.")
    ] = None,
    until: Annotated[datetime | None, typer.Option("--until", metavar="TIME", help="Started before, UTC.")] = None,
    catalog: CatalogOption = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="So many at most.")] = 20,
    watch: Annotated[bool, typer.Option("--watch", help="Show the list again every two seconds.")] = False,
    output_format: FormatOption = "text",
) -> None:
    """List runs, the latest first."""
    runs = routes.RunFilter(
        workflow_type=workflow,
        catalog=catalog,
        status=status,
        workflow_id=workflow_id,
        started_after=_utc(since),
        started_before=_utc(until),
    )
    if watch:
        try:
            _watch(runs, limit=limit, output_format=output_format)
        except KeyboardInterrupt:
            raise typer.Exit(ExitCode.INTERRUPTED) from None
    else:
        _print(_fetch(runs, limit=limit), output_format=output_format)


def _fetch(runs: routes.RunFilter, *, limit: int) -> RunPage:
    """The first runs that fit, from as many pages as that takes."""
    from output.models.runs import RunPage

    found: list[RunSummary] = []
    token: str | None = None
    while True:
        request = routes.list_runs(runs, limit=min(limit - len(found), _LARGEST_PAGE), page_token=token)
        page = RunPage.model_validate_json(ask(request).body)
        found += page.runs
        token = page.next_page_token
        if token is None or len(found) >= limit:
            return RunPage(runs=found, count=len(found), next_page_token=token)


def _print(page: RunPage, *, output_format: Format) -> None:
    if output_format == "json":
        print_json(page.model_dump(mode="json", by_alias=True))
        return
    if not page.runs:
        note("No runs fit.")
        return
    for line in _lines(page):
        print_text(line)
    if page.next_page_token is not None:
        note(f"There are more; --limit shows more than {len(page.runs)}.")


def _lines(page: RunPage) -> list[str]:
    from output.cli.render.table import Column, lay_out

    columns = [
        Column("STATUS"),
        Column("WORKFLOW", shrink=1),
        Column("ID", shrink=2),
        Column("STARTED"),
        Column("TOOK"),
        Column("RUN", shrink=3),
    ]
    rows = [
        [
            run.status,
            run.workflow_type,
            run.workflow_id,
            describe_age(round(run.started_at.timestamp() * 1000)),
            _took(run),
            run.run_id,
        ]
        for run in page.runs
    ]
    heading, *lines = lay_out(columns, rows, width=width(sys.stdout))
    return [
        heading,
        *(
            paint(line[: len(run.status)], colour_of(run.status)) + line[len(run.status) :]
            for run, line in zip(page.runs, lines, strict=True)
        ),
    ]


def _took(run: RunSummary) -> str:
    if run.completed_at is None:
        return ""
    return describe_duration((run.completed_at - run.started_at).total_seconds() * 1000)


def _watch(runs: routes.RunFilter, *, limit: int, output_format: Format) -> None:
    """In a terminal the list takes the place of the last one; elsewhere each follows the other."""
    while True:
        page = _fetch(runs, limit=limit)
        if sys.stdout.isatty() and output_format == "text":
            typer.echo("\x1b[H\x1b[2J", nl=False)
        _print(page, output_format=output_format)
        sys.stdout.flush()
        time.sleep(_WATCH_SECONDS)


def _utc(time_given: datetime | None) -> datetime | None:
    return None if time_given is None else time_given.replace(tzinfo=UTC)
