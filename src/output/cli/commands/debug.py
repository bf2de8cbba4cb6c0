"""`output workflow debug`: the whole story of a run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from output.cli.connection import ask
from output.cli.exit_codes import CommandError, ExitCode
from output.cli.options import FormatOption, IdArgument, RunIdOption
from output.cli.render.output import note, print_json, print_text, width
from output.client import routes
from output.models.references import RunRef

if TYPE_CHECKING:
    from output.models.traces import TraceLog, TraceNode


def debug(
    workflow_id: IdArgument,
    run_id: RunIdOption = None,
    *,
    partial: Annotated[
        bool, typer.Option("--partial", help="Also of a run that goes on: what there is so far.")
    ] = False,
    in_browser: Annotated[bool, typer.Option("--open", help="Write it as an HTML page and open that.")] = False,
    output_format: FormatOption = "text",
) -> None:
    """Show the trace of a run: its steps with times, inputs, outputs and errors."""
    from output.models.traces import TraceLog

    log = TraceLog.model_validate_json(ask(routes.trace_log(RunRef(workflow_id, run_id), partial=partial)).body)
    root = _tree(log)
    if in_browser:
        _open_page(root, workflow_id=workflow_id, run_id=log.run_id)
    elif output_format == "json":
        print_json(log.model_copy(update={"data": root}).model_dump(mode="json", by_alias=True))
    else:
        _print_tree(root, workflow_id=workflow_id, run_id=log.run_id)


def _tree(log: TraceLog) -> TraceNode:
    """The tree, from this machine's disk when the server cannot read it."""
    from output.models.traces import TraceNode

    if log.data is not None:
        return log.data
    path = Path(log.local_path or "")
    if path.is_file():
        return TraceNode.model_validate_json(path.read_bytes())
    raise CommandError(
        f"The trace lies at {log.local_path} where the worker runs; read it there, or set OUTPUT_TRACE_REMOTE_ON.",
        code=ExitCode.FAILED,
    )


def _print_tree(root: TraceNode, *, workflow_id: str, run_id: str) -> None:
    from output.cli.render.trace_tree import draw_tree

    print_text(f"{workflow_id}  run {run_id}")
    for line in draw_tree(root, width=width(sys.stdout)):
        print_text(line)


def _open_page(root: TraceNode, *, workflow_id: str, run_id: str) -> None:
    import webbrowser

    from output.cli.render.trace_page import write_page

    page = write_page(root, workflow_id=workflow_id, run_id=run_id)
    print_text(str(page))
    if not webbrowser.open(page.as_uri()):
        note("No browser was found; open that file in one.")
