"""The API reference, printed: every public name with its signature and docstring; `make docs` writes it."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import re
import textwrap
from collections.abc import Iterator
from types import ModuleType

from pydantic import BaseModel

PACKAGES = {
    "output": "What workflows and steps are written with: `from output import step, workflow`.",
    "output.client": "A typed client of the HTTP API: `from output.client import Client`.",
    "output.testing": "What tests of workflows need: `from output.testing import start_environment`.",
}
HEAD = """# Reference

Every name that users import, with what may be relied on. This page is made from the docstrings (`make docs`), a test keeps
it so, and every example on it is run. How to use them together is told by [authoring](authoring.md),
[client](client.md) and [testing](testing.md); what a version may change by [VERSIONING](../VERSIONING.md).
"""


def page() -> str:
    """The whole page."""
    return HEAD + "".join(_package(name, about) for name, about in PACKAGES.items())


def _package(name: str, about: str) -> str:
    package = importlib.import_module(name)
    return f"\n## `{name}`\n\n{about}\n" + "".join(_entry(each, getattr(package, each)) for each in package.__all__)


def _entry(name: str, value: object) -> str:
    parts = [f"\n### `{name}`\n\n"]
    if inspect.isroutine(value) or inspect.isclass(value):
        shown = _signature(name, value)
        if shown:
            parts.append(f"```python\n{shown}\n```\n\n")
    elif not isinstance(value, ModuleType):
        parts.append(f"`{_plain(value)}`\n")
        return "".join(parts)
    parts.append(markdown(inspect.getdoc(value) or "") + "\n")
    if inspect.isclass(value):
        parts += _methods(value)
    elif isinstance(value, ModuleType):
        parts += [_method(f"{name}.{each}", getattr(value, each)) for each in _of_module(value)]
    return "".join(parts)


def markdown(text: str) -> str:
    """A docstring with its examples as blocks of code."""
    lines: list[str] = []
    example: list[str] | None = None
    for line in [*text.splitlines(), ""]:
        if line == "Example:":
            example = []
        elif example is not None and (line.startswith("    ") or not line):
            example.append(line)
        else:
            if example is not None:
                lines += _block(example)
                example = None
            lines.append(line)
    if example is not None:
        lines += _block(example)
    return "\n".join(lines).rstrip()


def _block(example: list[str]) -> list[str]:
    return ["```python", *textwrap.dedent("\n".join(example)).strip().splitlines(), "```", ""]


def _signature(name: str, value: object) -> str:
    if inspect.isclass(value) and (
        issubclass(value, BaseModel) or dataclasses.is_dataclass(value) or getattr(value, "_is_protocol", False)
    ):
        fields = {each: kind for base in reversed(value.__mro__) for each, kind in _annotations(base).items()}
        shown = [f"    {each}: {kind}" for each, kind in fields.items() if not each.startswith("_")]
        return "\n".join([f"class {name}:", *shown]) if shown else ""
    try:
        found = _plain(inspect.signature(value))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return ""
    prefix = (
        "async def "
        if inspect.iscoroutinefunction(inspect.unwrap(value))
        else "class "
        if inspect.isclass(value)
        else "def "
    )
    return _broken(f"{prefix}{name}{found}")


def _annotations(base: type) -> dict[str, str]:
    if not base.__module__.startswith("output"):
        return {}
    own = inspect.get_annotations(base)
    return {each: _plain(kind) for each, kind in own.items() if "ClassVar" not in str(kind)}


def _methods(value: type) -> Iterator[str]:
    if issubclass(value, BaseModel | BaseException):
        return
    for name, member in vars(value).items():
        if not name.startswith("_") and inspect.isfunction(member) and inspect.getdoc(member):
            yield _method(f"{value.__name__}.{name}", member)


def _method(name: str, member: object) -> str:
    return f"\n#### `{name}`\n\n```python\n{_signature(name.rpartition('.')[2], member)}\n```\n\n" + (
        markdown(inspect.getdoc(member) or "") + "\n"
    )


def _of_module(module: ModuleType) -> list[str]:
    return [
        name
        for name, member in vars(module).items()
        if inspect.isfunction(member) and member.__module__ == module.__name__ and not name.startswith("_")
    ]


def _broken(text: str) -> str:
    """A signature over several lines where one is too long."""
    if len(text) <= 100:
        return text
    before, _, rest = text.partition("(")
    inner, _, after = rest.rpartition(")")
    depth, words = 0, [""]
    for character in inner:
        depth += (character in "([{") - (character in ")]}")
        if character == "," and not depth:
            words.append("")
        else:
            words[-1] += character
    return f"{before}(\n" + "".join(f"    {word.strip()},\n" for word in words) + f"){after}"


def _plain(value: object) -> str:
    """Types as authors write them: without the modules that they live in, and without addresses."""
    text = value.__name__ if inspect.isclass(value) else str(value)
    text = re.sub(r" at 0x[0-9a-f]+", "", text)
    text = re.sub(r"\b(?:[a-z_]+\.)+(?=[A-Z])", "", text)
    return text.replace("'", "").replace("NoneType", "None")


if __name__ == "__main__":
    print(page(), end="")
