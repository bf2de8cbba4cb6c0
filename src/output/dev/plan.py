"""What will be started where: ports, engine and commands, decided before anything runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from output.config.light import DevVariables
from output.dev import dev_server
from output.dev.commands import Stack, api_command, engine_command, worker_command
from output.dev.environment import ProjectEnvironment
from output.dev.errors import DevError
from output.dev.options import DevOptions
from output.dev.ports import Port, choose_port
from output.dev.state import StateFolder
from output.supervision.child import Command

_DEFAULT_API_PORT = 3001


@dataclass(frozen=True)
class Plan:
    """The commands of the children, `remarks` to be told first; `engine=None` uses one that runs already.

    Commands of worker and API are made anew for each process, for `.env` may have changed.
    """

    stack: Stack
    engine: Command | None
    worker: Callable[[], Command]
    api: Callable[[], Command]
    remarks: tuple[str, ...]


def make_plan(
    options: DevOptions, project: Path, environment: ProjectEnvironment, variables: DevVariables, state: StateFolder
) -> Plan:
    """Choose ports and find the engine; raises DevError when something is missing."""
    api = choose_port(_wanted_api_port(options, variables))
    remarks = [_remark("The API's", api)] if not api.is_wanted else []
    has_console = variables.console != "off"
    if variables.engine_address is not None:
        stack = Stack(
            project, _api_host(variables), api.number, variables.engine_address, ui_port=None, has_console=has_console
        )
        remarks.append(f"Using the engine at {variables.engine_address} (TEMPORAL_ADDRESS); none is started.")
        return _plan(stack, None, environment, remarks)
    binary = dev_server.find_binary(variables.engine_binary)
    if binary is None:
        raise DevError(_no_binary(variables.engine_binary))
    engine = choose_port(options.engine_port, avoid=frozenset({api.number}))
    ui = choose_port(options.ui_port, avoid=frozenset({api.number, engine.number}))
    taken = {"The engine's": engine, "The Temporal UI's": ui}
    remarks += [_remark(whose, port) for whose, port in taken.items() if not port.is_wanted]
    told = state.prepare_database(binary, fresh=options.fresh)
    if told is not None:
        remarks.append(told)
    address = f"127.0.0.1:{engine.number}"
    stack = Stack(project, _api_host(variables), api.number, address, ui.number, has_console=has_console)
    namespace = variables.namespace or "default"
    command = engine_command(stack, environment.current, binary=binary, database=state.database, namespace=namespace)
    return _plan(stack, command, environment, remarks)


def _plan(stack: Stack, engine: Command | None, environment: ProjectEnvironment, remarks: Sequence[str]) -> Plan:
    return Plan(
        stack=stack,
        engine=engine,
        worker=lambda: worker_command(stack, environment.read()),
        api=lambda: api_command(stack, environment.read()),
        remarks=tuple(remarks),
    )


def _wanted_api_port(options: DevOptions, variables: DevVariables) -> int:
    if options.api_port is not None:
        return options.api_port
    given = variables.api_port
    if given is None:
        return _DEFAULT_API_PORT
    if not given.isdecimal() or int(given) > 65535:
        raise DevError(f"OUTPUT_API_PORT is {given!r}; give a port, 0 for any free one.")
    return int(given)


def _api_host(variables: DevVariables) -> str:
    everywhere = {None, "0.0.0.0", "127.0.0.1", "::", "localhost"}
    return "localhost" if variables.api_host in everywhere else str(variables.api_host)


def _remark(whose: str, port: Port) -> str:
    holder = f" by {port.holder}" if port.holder is not None else ""
    return f"{whose} port {port.wanted} is taken{holder}; using {port.number}."


def _no_binary(named: str | None) -> str:
    if named is not None:
        return f"OUTPUT_TEMPORAL_CLI names {named!r}, which is no program; correct it or unset it."
    return (
        "The engine's server is not installed. Install `output-workflows[dev]`, name a Temporal CLI with "
        "OUTPUT_TEMPORAL_CLI, or use an engine that runs already with TEMPORAL_ADDRESS."
    )
