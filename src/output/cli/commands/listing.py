"""`output workflow runs list`: runs, latest first."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, cast, get_args

import typer

from output.cli.completion import complete_run_ids, complete_workflows
from output.cli.connection import ask
from output.cli.exit_codes import ExitCode
from output.cli.options import CatalogOption, Format, FormatOption
from output.cli.render.output import note, paint, print_json, print_text, width
from output.cli.render.run_states import colour_of
from output.cli.render.times import describe_age, describe_duration
from output.client import routes
from output.models.problems import ProblemKind
from output.models.references import RunState

if TYPE_CHECKING:
    from output.models.runs import RunPage, RunSummary

_LARGEST_PAGE = 1000
_WATCH_SECONDS = 2.0


_STATES = get_args(RunState)


def _states(values: list[str] | None) -> list[str] | None:
    for value in values or ():
        if value not in _STATES:
            raise typer.BadParameter(f"{value!r} is no state; there are {', '.join(_STATES)}.")
    return values


def list_runs(
    *,
    workflow: Annotated[
        str | None,
        typer.Option("--workflow", "-w", metavar="NAME", help="Of one workflow.", autocompletion=complete_workflows),
    ] = None,
    status: Annotated[
        list[str] | None,
        typer.Option(
            "--status", "-s", metavar="STATE", help=f"In one of these states: {', '.join(_STATES)}.", callback=_states
        ),
    ] = None,
    workflow_id: Annotated[
        str | None,
        typer.Option("--id", metavar="ID", help="Of one workflow ID.", autocompletion=complete_run_ids),
    ] = None,
    since: Annotated[
        datetime | None, typer.Option("--since", metavar="TIME", help="Started at or after, UTC: 2026-03-06T10:30:00.")
    ] = None,
    until: Annotated[datetime | None, typer.Option("--until", metavar="TIME", help="Started before, UTC.")] = None,
    tag: Annotated[
        list[str] | None, typer.Option("--tag", metavar="TAG", help="With this tag; several: with all of them.")
    ] = None,
    problem: Annotated[
        ProblemKind | None, typer.Option("--problem", help="That do not get on for this reason.")
    ] = None,
    children: Annotated[
        bool, typer.Option("--children/--root", help="With children, below their parents, or without them.")
    ] = False,
    catalog: CatalogOption = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="So many at most.")] = 20,
    watch: Annotated[bool, typer.Option("--watch", help="Show the list again every two seconds.")] = False,
    output_format: FormatOption = "text",
) -> None:
    """List runs, the latest first."""
    runs = routes.RunFilter(
        workflow_type=workflow,
        catalog=catalog,
        status=cast("tuple[RunState, ...]", tuple(status or ())),
        workflow_id=workflow_id,
        tags=tuple(tag or ()),
        problem=problem,
        root=not children and workflow_id is None,
        started_after=_utc(since),
        started_before=_utc(until),
    )
    if watch:
        try:
            _watch(runs, limit=limit, output_format=output_format)
        except KeyboardInterrupt:
            raise typer.Exit(ExitCode.INTERRUPTED) from None
    else:
        _print(_fetch(runs, limit=limit), runs, output_format=output_format)


def _fetch(runs: routes.RunFilter, *, limit: int) -> RunPage:
    """The first runs that fit, from as many pages as that takes."""
    from output.models.runs import RunPage

    found: list[RunSummary] = []
    token: str | None = None
    while True:
        size = min(limit - len(found), _LARGEST_PAGE)
        request = routes.list_runs(runs, limit=size, page_token=token, problems=True)
        page = RunPage.model_validate_json(ask(request).body)
        found += page.runs
        token = page.next_page_token
        if token is None or len(found) >= limit:
            return RunPage(runs=found, count=len(found), next_page_token=token)


def _counts(runs: routes.RunFilter) -> str:
    """How many there are in all, by where they stand."""
    from output.models.runs import RunCount

    count = RunCount.model_validate_json(ask(routes.count_runs(runs, by_status=True)).body)
    groups = ", ".join(f"{group.count} {group.value}" for group in count.groups)
    return f" of {count.count} ({groups})" if groups else ""


def _print(page: RunPage, runs: routes.RunFilter, *, output_format: Format) -> None:
    if output_format == "json":
        print_json(page.model_dump(mode="json", by_alias=True))
        return
    if not page.runs:
        note("No runs fit.")
        return
    for line in _lines(page):
        print_text(line)
    if page.next_page_token is not None:
        note(f"There are more than these {len(page.runs)}{_counts(runs)}; --limit shows more.")


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
    placed = _below_parents(page.runs)
    rows = [
        [
            run.status,
            run.workflow_type,
            f"{'  ' * (depth - 1)}└ {run.workflow_id}" if depth else run.workflow_id,
            describe_age(round(run.started_at.timestamp() * 1000)),
            _took(run),
            run.run_id,
        ]
        for run, depth in placed
    ]
    heading, *lines = lay_out(columns, rows, width=width(sys.stdout))
    printed = [heading]
    for (run, _), line in zip(placed, lines, strict=True):
        printed.append(paint(line[: len(run.status)], colour_of(run.status)) + line[len(run.status) :])
        if run.problem is not None:
            printed.append(f"  {paint('!', 'red')} {paint(run.problem.message, 'red')}")
    return printed


def _below_parents(runs: list[RunSummary]) -> list[tuple[RunSummary, int]]:
    """The runs with how deep they are: children follow their parents, where those are on the page."""
    here = {run.run_id for run in runs}
    children: dict[str | None, list[RunSummary]] = {}
    for run in runs:
        parent = run.parent_run_id if run.parent_run_id in here else None
        children.setdefault(parent, []).append(run)
    placed: list[tuple[RunSummary, int]] = []
    waiting = [(run, 0) for run in reversed(children.get(None, []))]
    while waiting:
        run, depth = waiting.pop()
        placed.append((run, depth))
        waiting += [(child, depth + 1) for child in reversed(children.get(run.run_id, []))]
    return placed


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
        _print(page, runs, output_format=output_format)
        sys.stdout.flush()
        time.sleep(_WATCH_SECONDS)


def _utc(time_given: datetime | None) -> datetime | None:
    return None if time_given is None else time_given.replace(tzinfo=UTC)
