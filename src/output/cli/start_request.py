"""The body of a start, from the options of a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import typer

from output.cli.options import Conflict
from output.client.request import whole_milliseconds

if TYPE_CHECKING:
    from output.models.runs import StartRequest


def start_request(
    name: str,
    value: object,
    *,
    workflow_id: str | None,
    catalog: str | None,
    if_running: Conflict,
    if_ended: Literal["allow", "failed_only", "reject"],
    tags: list[str] | None,
    delay: str | None,
    execution_timeout: str | None,
    priority: int | None,
    webhook: str | None,
) -> StartRequest:
    """Raises typer.BadParameter for a time that is none; all else is the server's to refuse."""
    import pydantic

    from output.client.values import jsonable
    from output.models.runs import StartRequest

    given = {
        "workflowName": name,
        "input": jsonable(value),
        "workflowId": workflow_id,
        "catalog": catalog,
        "conflictPolicy": if_running,
        "reusePolicy": if_ended,
        "tags": tags,
        "startDelay": _milliseconds("--delay", delay),
        "executionTimeout": _milliseconds("--execution-timeout", execution_timeout),
        "priority": priority,
        "webhook": None if webhook is None else {"url": webhook},
    }
    try:
        return StartRequest.model_validate({key: each for key, each in given.items() if each is not None})
    except pydantic.ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise typer.BadParameter(f"{first['loc'][0]}: {first['msg']}.") from None


def _milliseconds(option: str, text: str | None) -> int | None:
    if text is None:
        return None
    from output.config.types import parse_duration

    try:
        return whole_milliseconds(parse_duration(text))
    except ValueError as error:
        raise typer.BadParameter(f"{text!r}: {error}.", param_hint=option) from None
