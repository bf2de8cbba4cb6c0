"""`docs/cli.md`, made from the commands: `python -m output.cli.reference > docs/cli.md`."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from importlib import import_module
from typing import Annotated, Literal, get_args, get_origin, get_type_hints

from typer import Typer
from typer.models import ArgumentInfo, OptionInfo

from output.cli.app import (
    KeysCommands,
    PayloadsCommands,
    RootCommands,
    RunsCommands,
    ScheduleCommands,
    TokenCommands,
    WorkflowCommands,
)
from output.cli.exit_codes import MEANINGS
from output.cli.lazy import Home
from output.config.light import ClientVariables

_GROUPS: Mapping[str, Mapping[str, Home]] = {
    "output": RootCommands.homes,
    "output workflow": WorkflowCommands.homes,
    "output workflow runs": RunsCommands.homes,
    "output token": TokenCommands.homes,
    "output schedule": ScheduleCommands.homes,
    "output payloads": PayloadsCommands.homes,
    "output keys": KeysCommands.homes,
}

_INTRODUCTION = """\
# The command line

This page is made from the commands; a test keeps it so. `output` speaks HTTP to an API server, so that it works the
same against `output dev` on this machine and against a deployment.

- What you asked for goes to stdout, all else (progress, remarks, errors) to stderr. With `--format json` stdout carries
  nothing but JSON: one document, or with `monitor` a line for each event, `{"event": "workflow" | "history" | "done",
  "data": ...}`.
- Colours and cuts to the window's width are for terminals; in a file or a pipe there are neither.
- An error is one sentence on what to do next; `--debug`, after any command, adds the traceback.
- Ctrl-C while a run is followed leaves the run alone.
- A scenario is a JSON file in the `scenarios/` folder beside the workflow's file. It is looked for in the working
  folder and the folders above.
- `output --install-completion` lets the Tab key complete commands, options, workflow names, scenarios and the IDs of
  recent runs.
"""


def render_reference() -> str:
    """The whole page, in Markdown."""
    return "\n".join(_render())


def _render() -> Iterator[str]:
    yield _INTRODUCTION
    yield "## Variables\n"
    yield "They are taken from the environment, then from `.env` in the working folder, or from the file that"
    yield "`OUTPUT_CLI_ENV` names.\n"
    yield "| variable | meaning |\n|---|---|"
    for each in fields(ClientVariables):
        yield f"| `{each.metadata['variable']}` | {each.metadata['meaning']} |"
    yield "\n## Exit codes\n"
    yield "| code | meaning |\n|---|---|"
    for code, meaning in MEANINGS.items():
        yield f"| {code.value} | {meaning} |"
    yield "\n## Commands\n"
    yield "Options may stand before or after arguments. `--debug` and `--help` go with every command.\n"
    for group, homes in _GROUPS.items():
        for name, home in homes.items():
            module, _, attribute = home.partition(":")
            found: object = getattr(import_module(module), attribute)
            if not isinstance(found, Typer):
                assert callable(found)
                yield from _describe(f"{group} {name}", found)


def _describe(path: str, function: Callable[..., object]) -> Iterator[str]:
    hints = get_type_hints(function, include_extras=True)
    arguments: list[str] = []
    rows: list[str] = []
    for name, parameter in inspect.signature(function).parameters.items():
        kind, info = _read(hints[name])
        is_required = parameter.default is inspect.Parameter.empty
        if isinstance(info, ArgumentInfo):
            label = info.metavar or name.upper()
            arguments.append(label if is_required else f"[{label}]")
        else:
            label = ", ".join(_flags(info)) + _value_of(kind, info)
        remark = " Required." if is_required and isinstance(info, OptionInfo) else _default(parameter.default)
        rows.append(f"| `{label}` | {info.help}{remark} |")
    yield f"### `{path}`\n"
    yield f"```text\n{' '.join([path, *arguments, '[OPTIONS]'])}\n```\n"
    yield f"{inspect.getdoc(function)}\n"
    if rows:
        yield "| | |\n|---|---|"
        yield from rows
        yield ""


def _read(hint: object) -> tuple[object, ArgumentInfo | OptionInfo]:
    assert get_origin(hint) is Annotated, f"{hint} says nothing about itself"
    kind, *metadata = get_args(hint)
    info = next(each for each in metadata if isinstance(each, ArgumentInfo | OptionInfo))
    return kind, info


def _flags(info: OptionInfo) -> list[str]:
    """The names of an option; beside an annotation the first is kept in the place of the default."""
    first: object = info.default
    return [*([first] if isinstance(first, str) else []), *(info.param_decls or ())]


def _value_of(kind: object, info: OptionInfo) -> str:
    """What an option takes: ` json|text`, ` N`; nothing for a switch."""
    parts = [part for part in get_args(kind) if part is not type(None)] if get_origin(kind) is not Literal else [kind]
    kind = parts[0] if parts else kind
    if get_origin(kind) is Literal:
        return f" {' or '.join(get_args(kind))}"
    if kind is bool:
        return ""
    return f" {info.metavar or getattr(kind, '__name__', 'value').upper()}"


def _default(value: object) -> str:
    if value is inspect.Parameter.empty or value is None or value is False:
        return ""
    return f" Default: `{value}`."


if __name__ == "__main__":
    sys.stdout.write(render_reference())
