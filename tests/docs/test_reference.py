"""The reference is made from the docstrings; each public name has one, and each example runs."""

from __future__ import annotations

import ast
import importlib
import inspect
import subprocess
import sys
import textwrap
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel

from tests.support.made_project import Made

ROOT = Path(__file__).parents[2]
PACKAGES = ("output", "output.client", "output.testing")
NAMES = [(package, name) for package in PACKAGES for name in importlib.import_module(package).__all__]
WITHOUT_ANY = {"Verdict", "StreamEvent"}  # unions of types, which can have none


def test_the_page_is_what_the_docstrings_say() -> None:
    made = subprocess.run([sys.executable, ROOT / ".ci" / "reference.py"], capture_output=True, text=True, check=True)

    assert made.stdout == (ROOT / "docs" / "reference.md").read_text(), "run `make docs`"


@pytest.mark.parametrize(("package", "name"), NAMES)
def test_a_public_name_says_what_may_be_relied_on(package: str, name: str) -> None:
    value = getattr(importlib.import_module(package), name)
    if name in WITHOUT_ANY:
        return
    inherited = {inspect.getdoc(base) for base in (Exception, BaseModel, object)}

    assert inspect.getdoc(value) not in {None, "", *inherited}
    if inspect.isclass(value) and not issubclass(value, BaseModel | BaseException):
        silent = [
            each
            for each, member in vars(value).items()
            if inspect.isfunction(member) and not each.startswith("_") and not inspect.getdoc(getattr(value, each))
        ]
        assert silent == []


def examples(package: str) -> list[tuple[str, str]]:
    """The examples in docstrings, by the name that has them."""
    module = importlib.import_module(package)
    found: list[tuple[str, str]] = []
    for name in module.__all__:
        text = inspect.getdoc(getattr(module, name)) or ""
        _, mark, example = text.partition("\nExample:\n")
        if mark and name not in WITHOUT_ANY:
            found.append((name, textwrap.dedent(example)))
    return found


def flat(packages: tuple[str, ...]) -> list[tuple[str, str]]:
    return [example for package in packages for example in examples(package)]


async def run_example(code: str, tmp_path: Path, **names: object) -> None:
    """Run it as a module of its own in which a step `double` and all public names are there, and `await` at the top."""
    namespace: dict[str, object] = {"__name__": "example", "timedelta": timedelta, **names}
    for package in PACKAGES:
        module = importlib.import_module(package)
        namespace |= {each: getattr(module, each) for each in module.__all__}
    prelude = "@step\nasync def double(number: int) -> int:\n    return 2 * number\n\n"
    file = tmp_path / "example.py"
    file.write_text(prelude + code)
    compiled = compile(file.read_text(), str(file), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    pending = eval(compiled, namespace)  # a coroutine where the example awaits something
    if inspect.isawaitable(pending):
        await pending


@pytest.mark.parametrize(("name", "code"), flat(("output", "output.testing")))
async def test_an_example_runs(name: str, code: str, tmp_path: Path) -> None:
    await run_example(code, tmp_path)


@pytest.mark.parametrize(("name", "code"), flat(("output.client",)))
async def test_an_example_of_the_client_runs_against_a_server(name: str, code: str, tmp_path: Path, made: Made) -> None:
    await run_example(code, tmp_path, url=made.url)


def test_what_authors_write_most_has_an_example() -> None:
    shown = {name for name, _ in flat(PACKAGES)}

    assert shown >= {"step", "workflow", "evaluator", "start_child", "execute_in_parallel", "signal", "Client", "stub"}
    assert len(shown) >= 25
