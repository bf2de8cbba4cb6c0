"""The reference is made from the docstrings; each public name has one, and each example runs."""

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import BaseModel

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
