"""Where authored code stands, for messages and the catalog."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


@dataclass(frozen=True, order=True)
class SourceLine:
    """A file and a line number in it, counted from 1."""

    file: Path
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def locate(authored: Callable[..., object] | type) -> SourceLine:
    """Where a function or class is defined."""
    if isinstance(authored, type):
        try:
            return SourceLine(Path(inspect.getfile(authored)), inspect.getsourcelines(authored)[1])
        except (OSError, TypeError):
            return SourceLine(Path("<unknown>"), 1)
    code = inspect.unwrap(authored).__code__
    return SourceLine(Path(code.co_filename), code.co_firstlineno)


def describe(authored: object, description: str | None) -> str | None:
    """The given description, else the docstring."""
    return description if description is not None else inspect.getdoc(authored)


def check_name(name: str, *, what: str) -> str:
    """The name, if it is one that a catalog takes; raises ValueError."""
    if not _NAME.match(name):
        raise ValueError(f"{name!r} is no name for a {what}; use letters, digits and _, not starting with a digit.")
    return name
