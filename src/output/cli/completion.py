"""What the Tab key offers; it stays silent when there is no server."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

import typer

from output.cli.connection import ask_briefly
from output.cli.exit_codes import CommandError
from output.cli.light_reading import read_catalog, read_runs
from output.client import routes
from output.errors import OutputError

if TYPE_CHECKING:
    from output.models.catalog import WorkflowEntry

Offer = tuple[str, str]


def complete_workflows(incomplete: str) -> list[Offer]:
    """Names and aliases of the catalog, each with the first line of its description."""
    offers: list[Offer] = []
    for entry in _workflows():
        first_line = (entry.description or "").partition("\n")[0]
        offers += [(name, first_line) for name in (entry.name, *entry.aliases)]
    return _fitting(offers, incomplete)


def complete_run_ids(incomplete: str) -> list[Offer]:
    """Workflow IDs of the latest runs, each with its workflow and status."""
    offers: dict[str, str] = {}
    with suppress(OutputError, CommandError, ValueError):
        for run in read_runs(ask_briefly(routes.list_runs(routes.RunFilter(), limit=50)).body).runs:
            offers.setdefault(run.workflow_id, f"{run.workflow_type}, {run.status}")
    return _fitting(offers.items(), incomplete)


def complete_scenarios(context: typer.Context, incomplete: str) -> list[Offer]:
    """Scenarios of the workflow that stands before."""
    from output.cli.inputs import scenarios_beside

    name = context.params.get("name")
    for entry in _workflows():
        if name in {entry.name, *entry.aliases}:
            return _fitting([(path.stem, "") for path in scenarios_beside(entry.path)], incomplete)
    return []


def _workflows() -> list[WorkflowEntry]:
    with suppress(OutputError, CommandError, ValueError):
        return read_catalog(ask_briefly(routes.catalog()).body).workflows
    return []


def _fitting(offers: Iterable[Offer], incomplete: str) -> list[Offer]:
    return [offer for offer in offers if offer[0].startswith(incomplete)]
