"""All commands under one roof."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

import typer
import typer.main
from typer.core import TyperGroup

from output.cli.lazy import Home, LazyGroup
from output.version import VERSION

_HERE = "output.cli.commands"
_HELP_OPTIONS = {"help_option_names": ["-h", "--help"]}


class RootCommands(LazyGroup):
    """`output ...`"""

    homes: ClassVar[Mapping[str, Home]] = {
        "init": f"{_HERE}.scaffold:init",
        "dev": f"{_HERE}.processes:dev",
        "worker": f"{_HERE}.processes:worker",
        "api": f"{_HERE}.processes:api",
        "check": f"{_HERE}.processes:check",
        "workflow": "output.cli.app:workflow",
        "token": "output.cli.app:token",
        "schedule": "output.cli.app:schedule",
        "payloads": "output.cli.app:payloads",
        "keys": "output.cli.app:keys",
    }


class WorkflowCommands(LazyGroup):
    """`output workflow ...`"""

    homes: ClassVar[Mapping[str, Home]] = {
        "list": f"{_HERE}.catalog:list_workflows",
        "show": f"{_HERE}.catalog:show",
        "run": f"{_HERE}.follow:run",
        "start": f"{_HERE}.follow:start",
        "monitor": f"{_HERE}.follow:monitor",
        "status": f"{_HERE}.outcome:status",
        "result": f"{_HERE}.outcome:result",
        "input": f"{_HERE}.outcome:show_input",
        "debug": f"{_HERE}.debug:debug",
        "history": f"{_HERE}.history:history",
        "signal": f"{_HERE}.messages:signal",
        "query": f"{_HERE}.messages:query",
        "update": f"{_HERE}.messages:update",
        "webhooks": f"{_HERE}.webhooks:webhooks",
        "waits": f"{_HERE}.waits:waits",
        "answer": f"{_HERE}.waits:answer",
        "stop": f"{_HERE}.control:stop",
        "terminate": f"{_HERE}.control:terminate",
        "reset": f"{_HERE}.control:reset",
        "retry": f"{_HERE}.control:retry",
        "rerun": f"{_HERE}.control:rerun",
        "runs": "output.cli.app:runs",
    }


class RunsCommands(LazyGroup):
    """`output workflow runs ...`"""

    homes: ClassVar[Mapping[str, Home]] = {"list": f"{_HERE}.listing:list_runs"}


class TokenCommands(LazyGroup):
    """`output token ...`"""

    homes: ClassVar[Mapping[str, Home]] = {
        "create": f"{_HERE}.tokens:create",
        "list": f"{_HERE}.tokens:list_tokens",
        "revoke": f"{_HERE}.tokens:revoke",
    }


class ScheduleCommands(LazyGroup):
    """`output schedule ...`"""

    homes: ClassVar[Mapping[str, Home]] = {
        "list": f"{_HERE}.schedules:list_schedules",
        "show": f"{_HERE}.schedules:show",
        "create": f"{_HERE}.schedules:create",
        "pause": f"{_HERE}.schedules:pause",
        "resume": f"{_HERE}.schedules:resume",
        "trigger": f"{_HERE}.schedules:trigger",
        "backfill": f"{_HERE}.schedules:backfill",
        "delete": f"{_HERE}.schedules:delete",
    }


class PayloadsCommands(LazyGroup):
    """`output payloads ...`"""

    homes: ClassVar[Mapping[str, Home]] = {"prune": f"{_HERE}.processes:prune"}


class KeysCommands(LazyGroup):
    """`output keys ...`"""

    homes: ClassVar[Mapping[str, Home]] = {"create": f"{_HERE}.keys:create"}


# Help without rich is ready in half the time.
app = typer.Typer(
    cls=RootCommands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings=_HELP_OPTIONS,
)
workflow = typer.Typer(
    cls=WorkflowCommands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings=_HELP_OPTIONS,
)
runs = typer.Typer(
    cls=RunsCommands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings=_HELP_OPTIONS,
)
token = typer.Typer(
    cls=TokenCommands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings=_HELP_OPTIONS,
)
schedule = typer.Typer(
    cls=ScheduleCommands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings=_HELP_OPTIONS,
)


payloads = typer.Typer(
    cls=PayloadsCommands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings=_HELP_OPTIONS,
)


keys = typer.Typer(
    cls=KeysCommands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings=_HELP_OPTIONS,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"output {VERSION}")
        raise typer.Exit


@app.callback()
def describe_output(
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an error; may stand after any command.")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and end.")
    ] = False,
) -> None:
    """Durable workflows: start, follow and debug them from the terminal."""


@workflow.callback()
def describe_workflow() -> None:
    """Workflows and their runs."""


@runs.callback()
def describe_runs() -> None:
    """Runs of all workflows."""


@token.callback()
def describe_token() -> None:
    """Tokens of the API, each with what it may do."""


@schedule.callback()
def describe_schedule() -> None:
    """Schedules: workflows that are started by the clock."""


@payloads.callback()
def describe_payloads() -> None:
    """Large values in the store."""


@keys.callback()
def describe_keys() -> None:
    """Keys that values are encrypted with."""


def build_command() -> TyperGroup:
    """The whole tree of commands, ready to run."""
    command = typer.main.get_command(app)
    assert isinstance(command, TyperGroup)
    return command
