"""`output workflow debug`: the whole story of a run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import typer

from output.cli.connection import ask, server_url
from output.cli.exit_codes import CommandError, ExitCode
from output.cli.options import FormatOption, IdArgument, RunIdOption
from output.cli.render.output import note, print_json, print_text, width
from output.client import routes
from output.errors import NotFoundError, UnauthorizedError
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
    in_browser: Annotated[
        bool, typer.Option("--open", help="Open it in the server's console, or as a page where there is none.")
    ] = False,
    as_page: Annotated[
        bool, typer.Option("--page", help="Write it as an HTML page, which can be sent, and open that.")
    ] = False,
    output_format: FormatOption = "text",
) -> None:
    """Show the trace of a run: its steps with times, inputs, outputs and errors."""
    from output.models.traces import TraceLog

    if in_browser and not as_page and _open_console(RunRef(workflow_id, run_id)):
        return
    log = TraceLog.model_validate_json(ask(routes.trace_log(RunRef(workflow_id, run_id), partial=partial)).body)
    root = _tree(log)
    if in_browser or as_page:
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


def _open_console(run: RunRef) -> bool:
    """Open the run in the server's console; False where it serves none."""
    from output.client.request import Request
    from output.models.runs import RunStatus

    status = RunStatus.model_validate_json(ask(routes.status(run)).body)
    try:
        ask(Request(path="/console/session"))
    except NotFoundError:
        return False
    except UnauthorizedError:
        pass  # there is one, and the browser logs in there
    _open(f"{server_url()}/console/runs/{quote(status.workflow_id, safe='')}/{status.run_id}")
    return True


def _open(url: str) -> None:
    import webbrowser

    print_text(url)
    if not webbrowser.open(url):
        note("No browser was found; open that in one.")


def _open_page(root: TraceNode, *, workflow_id: str, run_id: str) -> None:
    import webbrowser

    from output.cli.render.trace_page import write_page

    page = write_page(root, workflow_id=workflow_id, run_id=run_id)
    print_text(str(page))
    if not webbrowser.open(page.as_uri()):
        note("No browser was found; open that file in one.")
