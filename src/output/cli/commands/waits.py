"""`output workflow waits` and `answer`: what runs wait for from people."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from output.cli.completion import complete_run_ids
from output.cli.connection import ask
from output.cli.exit_codes import CommandError
from output.cli.inputs import read_value
from output.cli.options import FormatOption, IdArgument
from output.cli.render.output import note, print_json, print_text, width
from output.cli.render.times import describe_age
from output.client import routes
from output.models.references import RunRef


def waits(
    workflow_id: Annotated[
        str | None,
        typer.Argument(metavar="ID", help="Of one workflow ID; without it, of all.", autocompletion=complete_run_ids),
    ] = None,
    output_format: FormatOption = "text",
) -> None:
    """List what runs wait for from people: questions with their links' tokens, and webhooks."""
    from output.cli.render.table import Column, lay_out

    found = _read(workflow_id)
    if output_format == "json":
        print_json([each for _, each in found])
        return
    if not found:
        note("Nothing waits for anybody.")
        return
    columns = [Column("ID", shrink=1), Column("QUESTION", shrink=2), Column("TO", shrink=1), Column("SINCE")]
    columns += [Column("UNTIL"), Column("TOKEN", shrink=3)]
    rows = [[of, *_row(each)] for of, each in found]
    for line in lay_out(columns, rows, width=width(sys.stdout)):
        print_text(line)


def answer(
    workflow_id: IdArgument,
    given: Annotated[str, typer.Argument(metavar="JSON", help="The answer: JSON, a file, or `-` for stdin.")],
    token: Annotated[
        str | None, typer.Option("--token", metavar="TOKEN", help="Which wait, where there are several.")
    ] = None,
    output_format: FormatOption = "text",
) -> None:
    """Answer what the latest run waits for: a question, or a webhook's feedback."""
    from output.client.values import jsonable
    from output.models.messages import FeedbackRequest

    if token is None:
        found = _read(workflow_id)
        if len(found) != 1:
            raise CommandError(f"{workflow_id} waits for {len(found) or 'nothing'}; name one with --token.")
        token = str(found[0][1]["token"])
    value = jsonable(read_value(given, option="JSON"))
    ask(routes.feedback(workflow_id, FeedbackRequest(payload=value, token=token)))
    if output_format == "json":
        print_json({})
    else:
        print_text(f"{workflow_id} has the answer")


def _read(workflow_id: str | None) -> list[tuple[str, dict[str, object]]]:
    """Waits as JSON, each with the workflow ID that it is of."""
    from output.client.request import next_page_token

    if workflow_id is not None:
        waits: list[dict[str, object]] = json.loads(ask(routes.run_waits(RunRef(workflow_id))).body)
        return [(workflow_id, each) for each in waits]
    found: list[tuple[str, dict[str, object]]] = []
    token: str | None = None
    while True:
        response = ask(routes.all_waits(page_token=token))
        page: list[dict[str, object]] = json.loads(response.body)
        found += [(str(each["workflowId"]), each) for each in page]
        token = next_page_token(response)
        if token is None:
            return found


def _row(each: dict[str, object]) -> list[str]:
    from output.models.waits import Wait

    wait: Wait = Wait.model_validate(each)
    until = "" if wait.deadline is None else wait.deadline.astimezone().strftime("%Y-%m-%d %H:%M")
    since = describe_age(round(wait.since.timestamp() * 1000))
    return [wait.question or "feedback", wait.to or "", since, until, wait.token]
