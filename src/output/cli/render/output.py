"""Lines for people and JSON for programs."""

from __future__ import annotations

import json
import sys
from typing import Literal, TextIO

import typer

from output.config.light import wants_colour

Colour = Literal["red", "green", "yellow", "cyan", "bright_black"]


def print_json(value: object) -> None:
    """A JSON document on stdout."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


def print_json_line(value: object) -> None:
    """One document of several on stdout, in one line, at once."""
    typer.echo(json.dumps(value, ensure_ascii=False))
    sys.stdout.flush()


def print_text(text: str = "") -> None:
    """What was asked for, on stdout."""
    typer.echo(text, color=wants_colour(sys.stdout))


def note(text: str) -> None:
    """What a person should know besides, on stderr."""
    typer.echo(text, err=True, color=wants_colour(sys.stderr))


def paint(text: str, colour: Colour | None, *, stream: TextIO | None = None) -> str:
    """Coloured if the stream (stdout by default) shows colours."""
    if colour is None or not wants_colour(stream or sys.stdout):
        return text
    return typer.style(text, fg=colour)


def width(stream: TextIO) -> int | None:
    """Columns of a terminal; None where nobody's window cuts lines."""
    if not stream.isatty():
        return None
    import shutil

    return shutil.get_terminal_size().columns
