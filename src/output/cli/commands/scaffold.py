"""`output init`: a project that runs at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from output.cli.exit_codes import CommandError
from output.cli.render.output import print_text
from output.scaffold.project import ProjectFolderError, Template, make_project


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="NAME", help="The new project's folder; its name names the project.")
    ],
    template: Annotated[Template, typer.Option("--template", "-t", help="What the project starts with.")] = "basic",
) -> None:
    """Make a new project that runs at once: a workflow, steps, a test and scenarios."""
    try:
        made = make_project(folder, template=template)
    except ProjectFolderError as error:
        raise CommandError(str(error)) from error
    print_text(f"{made.folder} is ready:")
    for path in made.files:
        print_text(f"  {path}")
    print_text()
    print_text("Next:")
    for line in made.next_steps:
        print_text(f"  {line}")
