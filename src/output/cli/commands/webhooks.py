"""`output workflow webhooks`: what a run's webhook was told."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from output.cli.connection import ask
from output.cli.options import FormatOption, IdArgument, RunIdOption
from output.cli.render.output import note, print_json, print_text, width
from output.cli.render.times import describe_age
from output.client import routes
from output.models.references import RunRef


def webhooks(
    workflow_id: IdArgument,
    run_id: RunIdOption = None,
    redeliver: Annotated[bool, typer.Option("--redeliver", help="Send the run's end again, at once.")] = False,
    output_format: FormatOption = "text",
) -> None:
    """Show what was sent when a run ended, and what became of it."""
    from output.cli.render.table import Column, lay_out
    from output.models.webhooks import WebhookDeliveries

    ref = RunRef(workflow_id, run_id)
    body = ask(routes.redeliver(ref) if redeliver else routes.webhooks(ref)).body
    if output_format == "json":
        print_json(json.loads(body))
        return
    found = WebhookDeliveries.model_validate_json(body)
    print_text(f"{found.url}  {', '.join(found.events)}")
    if not found.deliveries:
        note("Nothing was sent yet.")
        return
    columns = [Column("STATE"), Column("EVENT"), Column("ATTEMPTS"), Column("SINCE"), Column("ANSWER", shrink=1)]
    rows = [
        [
            each.state,
            each.event,
            str(each.attempts),
            describe_age(round(each.created_at.timestamp() * 1000)),
            each.error or str(each.status or ""),
        ]
        for each in found.deliveries
    ]
    for line in lay_out(
        [*columns, Column("RUN", shrink=2)],
        [[*row, d.run_id] for row, d in zip(rows, found.deliveries, strict=True)],
        width=width(sys.stdout),
    ):
        print_text(line)
