"""What the names in a function's source stand for, seen through import aliases."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True)
class Use:
    """A name in an expression as its home module spells it; `arguments` counts those of a call, None means no call.

    `D.now()` after `from datetime import datetime as D` is `datetime.datetime.now`, and
    `Path(x).read_text()` is `pathlib.Path().read_text`.
    """

    node: ast.expr
    name: str
    arguments: int | None


def uses_in(
    function: FunctionNode, tree: ast.Module, scope: Mapping[str, object], *, nested: bool = True
) -> Iterator[Use]:
    """The names that a function's body uses, with or without those of functions nested in it."""
    body: list[ast.AST] = [function.body] if isinstance(function, ast.Lambda) else [*function.body]
    aliases = {**_aliases(_outside_functions(tree)), **_aliases(ast.walk(function))}
    reader = _Reader(aliases, bound_in(function) - aliases.keys(), scope, nested=nested)
    for node in body:
        yield from reader.read(node)


class _Reader:
    """Reads one function."""

    def __init__(
        self, aliases: Mapping[str, str], local: set[str], scope: Mapping[str, object], *, nested: bool
    ) -> None:
        self._aliases, self._local, self._scope, self._nested = aliases, local, scope, nested

    def read(self, node: ast.AST) -> Iterator[Use]:
        if isinstance(node, FunctionNode) and not self._nested:
            return
        if isinstance(node, ast.Call):
            name = self._name_of(node.func)
            if name is not None:
                yield Use(node, name, len(node.args) + len(node.keywords))
            yield from self._inside(node.func) if name is not None else self.read(node.func)
            for part in (*node.args, *node.keywords):
                yield from self.read(part)
            return
        if isinstance(node, ast.Name | ast.Attribute):
            name = self._name_of(node)
            if name is not None:
                yield Use(node, name, None)
                yield from self._inside(node)
                return
        for child in ast.iter_child_nodes(node):
            yield from self.read(child)

    def _inside(self, node: ast.expr) -> Iterator[Use]:
        """The uses in the arguments of a call that a dotted name goes through."""
        while isinstance(node, ast.Attribute):
            node = node.value
        if isinstance(node, ast.Call):
            yield from self.read(node)

    def _name_of(self, node: ast.expr) -> str | None:
        if isinstance(node, ast.Name):
            return self._home_of(node.id)
        if isinstance(node, ast.Attribute):
            owner = self._name_of(node.value)
            return None if owner is None else f"{owner}.{node.attr}"
        if isinstance(node, ast.Call):
            called = self._name_of(node.func)
            return None if called is None else f"{called}()"
        return None

    def _home_of(self, name: str) -> str | None:
        if name in self._local:
            return None
        if name in self._aliases:
            return self._aliases[name]
        if name not in self._scope:
            return name if hasattr(builtins, name) else None
        return spell(self._scope[name])


def spell(value: object) -> str | None:
    """The dotted name of a module, class or function in its home module."""
    if type(value) is ModuleType:
        return value.__name__
    owner: object = getattr(value, "__self__", None)
    if type(owner) is type:  # a class method, such as `datetime.now` under another name
        return f"{owner.__module__}.{owner.__qualname__}.{getattr(value, '__name__', '')}"
    module, name = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
    return f"{module}.{name}" if isinstance(module, str) and isinstance(name, str) else None


def _aliases(nodes: Iterable[ast.AST]) -> dict[str, str]:
    """Imported names and what they stand for; relative imports are left to the objects themselves."""
    aliases: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            for entry in node.names:
                top = entry.name.partition(".")[0]
                aliases[entry.asname or top] = entry.name if entry.asname else top
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module is not None:
            aliases.update({entry.asname or entry.name: f"{node.module}.{entry.name}" for entry in node.names})
    return aliases


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, FunctionNode):
            yield child
            yield from _outside_functions(child)


def bound_in(function: FunctionNode) -> set[str]:
    """The names that a function gives a meaning of its own: parameters, assignments, caught exceptions."""
    bound: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.add(node.id)
        elif isinstance(node, ast.ExceptHandler) and node.name is not None:
            bound.add(node.name)
    return bound
