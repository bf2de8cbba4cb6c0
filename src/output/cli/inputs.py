"""Inputs and payloads as they are given on the command line: JSON, files, stdin, scenarios."""

from __future__ import annotations

import difflib
import json
import sys
from pathlib import Path

from output.cli.connection import ask
from output.cli.exit_codes import CommandError
from output.cli.light_reading import read_catalog
from output.client import routes
from output.errors import WorkflowNotFoundError


def read_value(given: str, *, option: str) -> object:
    """The value of an option that takes JSON, a file's name, or `-` for stdin. Raises: CommandError."""
    if given == "-":
        return _parse(sys.stdin.buffer.read(), source="stdin")
    try:
        return _check(json.loads(given, parse_constant=_refuse_constant), source=option)
    except ValueError as error:
        path = Path(given)
        if _is_file(path):
            return _parse(path.read_bytes(), source=given)
        looks_like_json = given.lstrip()[:1] in {"{", "[", '"'}
        why = f"is no JSON ({error})" if looks_like_json else "is neither JSON nor a file"
        raise CommandError(f"{option} {given!r} {why}; give JSON, a file's name, or `-` for stdin.") from None


def read_input(name: str, *, scenario: str | None, given: str | None, catalog: str | None) -> object:
    """The input to start a workflow with: a scenario's, or the one given, or null. Raises: CommandError."""
    if scenario is not None and given is not None:
        raise CommandError("Give a scenario or --input, not both.")
    if given is not None:
        return read_value(given, option="--input")
    if scenario is None:
        return None
    path = find_scenario(name, scenario, catalog=catalog)
    return _parse(path.read_bytes(), source=str(path))


def find_scenario(name: str, scenario: str, *, catalog: str | None) -> Path:
    """The file of a workflow's scenario, or the file itself if a path was given. Raises: CommandError."""
    direct = Path(scenario)
    if direct.suffix == ".json" and _is_file(direct):
        return direct
    known = scenarios_beside(_path_of(name, catalog=catalog))
    for path in known:
        if scenario in {path.stem, path.name}:
            return path
    stems = [path.stem for path in known]
    if not stems:
        raise CommandError(
            f"No scenarios of {name!r} are found from here; run this in the project's folder, or use --input."
        )
    near = difflib.get_close_matches(scenario, stems, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(map(repr, stems))}."
    raise CommandError(f"{name!r} has no scenario {scenario!r}; {hint}")


def scenarios_beside(workflow_path: str) -> list[Path]:
    """The scenario files of the workflow whose file is at this path below the project around the working folder."""
    here = Path.cwd()
    for root in (here, *here.parents):
        if _is_file(root / workflow_path):
            return sorted((root / workflow_path).parent.glob("scenarios/*.json"))
    return []


def _path_of(name: str, *, catalog: str | None) -> str:
    entries = read_catalog(ask(routes.catalog(catalog)).body).workflows
    for entry in entries:
        if name in {entry.name, *entry.aliases}:
            return entry.path
    names = [known for entry in entries for known in (entry.name, *entry.aliases)]
    raise WorkflowNotFoundError.no_name(
        name, catalog=catalog or "main", near=difflib.get_close_matches(name, names, n=2)
    )


def _parse(data: bytes, *, source: str) -> object:
    """JSON in UTF-8; the byte-order mark that some editors write is skipped."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(f"{source} is not UTF-8 ({error.reason} at byte {error.start}); save it as UTF-8.") from None
    try:
        return _check(json.loads(text, parse_constant=_refuse_constant), source=source)
    except RecursionError:
        raise CommandError(f"{source} is nested too deeply.") from None
    except ValueError as error:
        raise CommandError(f"{source} holds no JSON: {error}.") from None


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no number in JSON")


def _check(value: object, *, source: str) -> object:
    """The value, if it can be sent: JSON may name half of a surrogate pair, UTF-8 may not."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        found = error.object[error.start : error.end]
        raise CommandError(f"{source} holds {found!r}, half of a surrogate pair, which is no text.") from None
    return value


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that no file can have, such as a long text
        return False
