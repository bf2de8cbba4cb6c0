"""What is said once all is up: where everything is, and a call that works as pasted."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence

from output.dev.commands import Stack
from output.dev.http import CatalogEntry
from output.dev.sample_input import find_scenario
from output.json_schema.example import example_of


def print_banner(stack: Stack, catalog: Sequence[CatalogEntry], *, seconds: float) -> str:
    """The lines that tell where everything is; `seconds` is how long it took."""
    names = ", ".join(entry.name for entry in catalog[:8])
    rest = f" and {len(catalog) - 8} more" if len(catalog) > 8 else ""
    lines = [
        f"Ready in {seconds:.1f} s. Saving a file reloads the worker, Ctrl-C stops everything.",
        "",
        *where(stack),
        f"  Workflows    {names}{rest}" if catalog else "  Workflows    none yet",
    ]
    call = example_call(stack, catalog)
    if call is not None:
        lines += ["", "Try it:", "", f"  {call}", ""]
    return "\n".join(lines)


def where(stack: Stack) -> list[str]:
    """One line for each address."""
    console = [] if stack.console_url is None else [f"  Console      {stack.console_url}"]
    lines = [
        *console,
        f"  API          {stack.api_url}",
        f"  Docs         {stack.api_url}/docs",
        f"  Engine       {stack.engine_address}",
    ]
    if stack.ui_url is not None:
        lines.append(f"  Temporal UI  {stack.ui_url}")
    return lines


def example_call(stack: Stack, catalog: Sequence[CatalogEntry]) -> str | None:
    """A `curl` that runs a workflow: the first with a scenario, else the first, with an input made from its schema."""
    if not catalog:
        return None
    entry, example = catalog[0], example_of(catalog[0].input_schema, required_only=True)
    for each in catalog:
        scenario = find_scenario((stack.project / each.path).parent)
        if scenario is not None:
            entry, example = each, scenario
            break
    body = json.dumps({"workflowName": entry.name, "input": example}, ensure_ascii=False)
    return f"curl -s {stack.api_url}/workflow/run -H 'content-type: application/json' -d {shlex.quote(body)}"
