"""Durable workflows for Python teams: everything that an author imports."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from output.authoring import http as http
    from output.authoring import trace as trace
    from output.authoring.handlers import query as query
    from output.authoring.handlers import signal as signal
    from output.authoring.handlers import update as update
    from output.authoring.options import ActivityOptions as ActivityOptions
    from output.authoring.options import Retry as Retry
    from output.authoring.step import step as step
    from output.authoring.workflow import workflow as workflow
    from output.errors import FatalError as FatalError
    from output.errors import TransparentFatalError as TransparentFatalError
    from output.errors import ValidationError as ValidationError

# Imported on first use: the command line lives below this package too and must not wait for pydantic.
_HOMES = {
    "ActivityOptions": "output.authoring.options",
    "FatalError": "output.errors",
    "Retry": "output.authoring.options",
    "TransparentFatalError": "output.errors",
    "ValidationError": "output.errors",
    "http": "output.authoring.http",
    "query": "output.authoring.handlers",
    "signal": "output.authoring.handlers",
    "step": "output.authoring.step",
    "trace": "output.authoring.trace",
    "update": "output.authoring.handlers",
    "workflow": "output.authoring.workflow",
}
__all__ = [
    "ActivityOptions",
    "FatalError",
    "Retry",
    "TransparentFatalError",
    "ValidationError",
    "http",
    "query",
    "signal",
    "step",
    "trace",
    "update",
    "workflow",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'output' has no attribute {name!r}")
    home = import_module(_HOMES[name])
    value: object = getattr(home, name, home)  # some are modules themselves: `http`, `trace`
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
