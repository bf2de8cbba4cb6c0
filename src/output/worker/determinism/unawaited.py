"""Calls in workflow code that stand there without `await`, so that nothing comes of them."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import cast

from output.authoring.children import start_child
from output.authoring.runtime.awaiting import MARK
from output.authoring.step import AnyStep, Step
from output.authoring.workflow import AnyWorkflow, Workflow
from output.worker.determinism.name_resolution import FunctionNode, bound_in


def forgotten_awaits(function: FunctionNode, scope: Mapping[str, object]) -> Iterator[tuple[ast.Call, str]]:
    """Calls that are statements of their own, and what they call; only what is sure to be a mistake."""
    local = bound_in(function)
    for node in ast.walk(function):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            what = _awaitable(resolve(node.value.func, scope, hidden=local))
            if what is not None:
                yield node.value, what


def resolve(node: ast.expr, scope: Mapping[str, object], *, hidden: set[str] | frozenset[str] = frozenset()) -> object:
    """The object that a dotted name stands for after the import, or None; `s.with_options(...)` stands for `s`."""
    if isinstance(node, ast.Name):
        return None if node.id in hidden else scope.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = resolve(node.value, scope, hidden=hidden)
        return vars(owner).get(node.attr) if type(owner) is ModuleType else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "with_options":
        owner = resolve(node.func.value, scope, hidden=hidden)
        return cast("AnyStep | AnyWorkflow", owner) if isinstance(owner, Step | Workflow) else None
    return None


def _awaitable(target: object) -> str | None:
    if isinstance(target, Step):
        return f"{target.kind} {target.name!r}"
    if isinstance(target, Workflow):
        return f"workflow {target.name!r}"
    if target is start_child or inspect.iscoroutinefunction(target) or getattr(target, MARK, False) is True:
        return f"`{getattr(target, '__name__', 'it')}(...)`"
    return None
