"""`output init`: a project that runs at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from output.cli.printing import print_text

Template = Literal["hello", "approval"]


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="NAME", help="The new project's folder; its name names the project.")
    ],
    template: Annotated[Template, typer.Option("--template", "-t", help="What the project starts with.")] = "hello",
) -> None:
    """Make a new project that runs at once: a workflow, steps, a test and scenarios."""
    from output.scaffold.project import make_project

    made = make_project(folder, template=template)
    print_text(f"{made.folder} is ready:")
    for path in made.files:
        print_text(f"  {path}")
    print_text()
    print_text("Next:")
    for line in made.next_steps:
        print_text(f"  {line}")
