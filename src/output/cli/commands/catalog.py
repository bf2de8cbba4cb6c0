"""`output workflow list` and `show`: what can be started."""

from __future__ import annotations

import difflib
import json
import shlex
import sys
from typing import TYPE_CHECKING

from output.cli.connection import ask
from output.cli.options import CatalogOption, FormatOption, NameArgument
from output.cli.render.output import note, paint, print_json, print_text, width
from output.client import routes
from output.errors import WorkflowNotFoundError

if TYPE_CHECKING:
    from output.models.catalog import ActivityEntry, Catalog, JsonSchema, WorkflowEntry


def list_workflows(catalog: CatalogOption = None, output_format: FormatOption = "text") -> None:
    """List the workflows that can be started."""
    found = _read_catalog(catalog)
    if output_format == "json":
        print_json(found.model_dump(mode="json", by_alias=True))
        return
    if not found.workflows:
        note("The catalog is empty; write a workflow, or start with `output init`.")
        return
    from output.cli.render.table import Column, lay_out
    from output.json_schema.describe import describe_schema

    columns = [Column("NAME"), Column("DESCRIPTION", shrink=1), Column("INPUT", shrink=1), Column("ALIASES", shrink=1)]
    rows = [
        [
            entry.name,
            (entry.description or "").partition("\n")[0],
            describe_schema(entry.input_schema),
            ", ".join(entry.aliases),
        ]
        for entry in sorted(found.workflows, key=lambda entry: entry.name)
    ]
    for line in lay_out(columns, rows, width=width(sys.stdout)):
        print_text(line)


def show(name: NameArgument, catalog: CatalogOption = None, output_format: FormatOption = "text") -> None:
    """Show one workflow: what it takes and gives, its steps and messages, and an example input."""
    from output.json_schema.example import example_of

    entry = _find(name, _read_catalog(catalog), catalog=catalog)
    example = example_of(entry.input_schema)
    if output_format == "json":
        print_json({**entry.model_dump(mode="json", by_alias=True), "exampleInput": example})
        return
    print_text(paint(entry.name, "cyan") + (f"  (also {', '.join(entry.aliases)})" if entry.aliases else ""))
    for line in (entry.description or "").splitlines():
        print_text(f"  {line}".rstrip())
    print_text(f"  {paint(entry.path, 'bright_black')}")
    _print_schema("Input", entry.input_schema)
    _print_schema("Output", entry.output_schema)
    _print_parts("Steps", [("", part) for part in entry.activities])
    _print_parts("Messages", [(f"{part.kind} ", part) for part in entry.handlers])
    print_text()
    print_text("Run it")
    words = ["output", "workflow", "run", entry.name]
    if catalog is not None:
        words += ["--catalog", catalog]
    if entry.input_schema is not None:
        words += ["--input", json.dumps(example, ensure_ascii=False)]
    print_text(f"  {shlex.join(words)}")


def _read_catalog(catalog: str | None) -> Catalog:
    from output.models.catalog import Catalog

    return Catalog.model_validate_json(ask(routes.catalog(catalog)).body)


def _find(name: str, found: Catalog, *, catalog: str | None) -> WorkflowEntry:
    for entry in found.workflows:
        if name in {entry.name, *entry.aliases}:
            return entry
    names = [known for entry in found.workflows for known in (entry.name, *entry.aliases)]
    near = difflib.get_close_matches(name, names, n=2)
    raise WorkflowNotFoundError.no_name(name, catalog=catalog or "main", near=near)


def _print_schema(title: str, schema: JsonSchema | None) -> None:
    from output.json_schema.describe import describe_fields

    print_text()
    print_text(title)
    for line in describe_fields(schema):
        print_text(f"  {line}")


def _print_parts(title: str, parts: list[tuple[str, ActivityEntry]]) -> None:
    from output.json_schema.describe import describe_schema

    if not parts:
        return
    print_text()
    print_text(title)
    for kind, part in parts:
        value_type = f"{describe_schema(part.input_schema)} -> {describe_schema(part.output_schema)}"
        print_text(f"  {kind}{paint(part.name, 'cyan')}  {value_type}")
        summary = (part.description or "").partition("\n")[0]
        if summary:
            print_text(f"    {summary}")
