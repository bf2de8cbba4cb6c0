"""`output workflow history`: what happened in a run, event by event."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from output.cli.connection import ask
from output.cli.options import FormatOption, IdArgument, RunIdOption
from output.cli.render.output import print_json, print_text, width
from output.client import routes
from output.models.references import RunRef

if TYPE_CHECKING:
    from output.models.history import HistoryEvent, HistoryRun

_PAGE_SIZE = 50


def history(
    workflow_id: IdArgument,
    run_id: RunIdOption = None,
    payloads: Annotated[bool, typer.Option("--payloads", help="With inputs, results and failures (JSON).")] = False,
    output_format: FormatOption = "text",
) -> None:
    """Print a run's events."""
    overview, events = _read(RunRef(workflow_id, run_id), include_payloads=payloads)
    if output_format == "json":
        workflow = None if overview is None else overview.model_dump(mode="json", by_alias=True)
        print_json({"workflow": workflow, "events": [event.model_dump(mode="json", by_alias=True) for event in events]})
        return
    from output.cli.render.history_events import describe_event
    from output.cli.render.table import Column, lay_out

    columns = [Column("#"), Column("TIME"), Column("EVENT", shrink=1), Column("WHAT", shrink=2)]
    rows = [
        [
            event.event_id,
            event.event_time.astimezone().strftime("%H:%M:%S.%f")[:-3],
            event.event_type_name.lower().replace("_", " "),
            describe_event(event, include_payloads=payloads),
        ]
        for event in events
    ]
    for line in lay_out(columns, rows, width=width(sys.stdout)):
        print_text(line)


def _read(ref: RunRef, *, include_payloads: bool) -> tuple[HistoryRun | None, list[HistoryEvent]]:
    """All events, from as many pages as that takes."""
    from output.models.history import HistoryPage

    overview: HistoryRun | None = None
    events: list[HistoryEvent] = []
    token: str | None = None
    while True:
        request = routes.history(ref, page_size=_PAGE_SIZE, page_token=token, include_payloads=include_payloads)
        page = HistoryPage.model_validate_json(ask(request).body)
        overview = overview or page.workflow
        events += page.events
        token = page.next_page_token
        if token is None:
            return overview, events
        # A token holds for the run that it came with.
        ref = RunRef(ref.workflow_id, page.run_id)
