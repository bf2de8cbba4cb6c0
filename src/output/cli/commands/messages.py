"""`output workflow signal`, `query` and `update`: talk to a run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from output.cli.connection import ask
from output.cli.inputs import read_value
from output.cli.options import FormatOption, IdArgument, PayloadOption
from output.cli.render.output import print_json, print_text
from output.client import routes

if TYPE_CHECKING:
    from output.models.messages import MessageRequest

HandlerArgument = Annotated[str, typer.Argument(metavar="HANDLER", help="The name of the message's handler.")]


def signal(
    workflow_id: IdArgument,
    handler: HandlerArgument,
    payload: PayloadOption = None,
    output_format: FormatOption = "text",
) -> None:
    """Send a signal to the latest run; nothing is waited for."""
    response = ask(routes.signal(workflow_id, handler, _message(payload)))
    if output_format == "json":
        print_json(json.loads(response.body or b"{}"))
    else:
        print_text(f"{workflow_id} has the signal {handler!r}")


def query(
    workflow_id: IdArgument,
    handler: HandlerArgument,
    payload: PayloadOption = None,
    output_format: FormatOption = "text",
) -> None:
    """Ask the latest run something; prints the answer as JSON."""
    print_json(json.loads(ask(routes.query(workflow_id, handler, _message(payload))).body))


def update(
    workflow_id: IdArgument,
    handler: HandlerArgument,
    payload: PayloadOption = None,
    output_format: FormatOption = "text",
) -> None:
    """Send an update to the latest run and wait for it; prints the answer as JSON."""
    print_json(json.loads(ask(routes.update(workflow_id, handler, _message(payload))).body))


def _message(payload: str | None) -> MessageRequest:
    from output.client.values import jsonable
    from output.models.messages import MessageRequest

    if payload is None:
        return MessageRequest()
    return MessageRequest(payload=jsonable(read_value(payload, option="--payload")))
