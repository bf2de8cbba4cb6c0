"""Reads authored code for what no guard can catch at run time, and for steps that would block the worker."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import FunctionType, ModuleType

from output.authoring.schema.source import SourceLine
from output.authoring.step import AnyStep, Step
from output.authoring.workflow import Workflow
from output.worker.determinism.call_site import ALLOW
from output.worker.determinism.lint_rules import blocking_remedy, workflow_rule
from output.worker.determinism.name_resolution import FunctionNode, Use, spell, uses_in
from output.worker.determinism.unawaited import forgotten_awaits, resolve
from output.worker.project.diagnostics import Diagnostic, in_order
from output.worker.project.discovery import Found
from output.worker.project.layout import Project
from output.worker.project.reachability import factories_of


@dataclass(frozen=True)
class Source:
    """One authored file and its lines."""

    path: Path
    lines: tuple[str, ...]
    tree: ast.Module

    def allows(self, node: ast.expr) -> bool:
        """Whether a comment on the node's first or last line silences what is said of it."""
        return any(ALLOW in self.lines[line - 1] for line in {node.lineno, node.end_lineno or node.lineno})

    def find(self, function: FunctionType) -> FunctionNode | None:
        """The node of a function; its code starts with its first decorator."""
        code = function.__code__
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Lambda):
                first, name = node.lineno, "<lambda>"
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first, name = min([node.lineno, *(line.lineno for line in node.decorator_list)]), node.name
            else:
                continue
            if (first, name) == (code.co_firstlineno, code.co_name):
                return node
        return None

    def find_field(self, cls: str, name: str) -> ast.expr | None:
        """The expression that gives a field of a class its default."""
        for node in ast.walk(self.tree):
            if not isinstance(node, ast.ClassDef) or node.name != cls:
                continue
            for line in node.body:
                if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and line.target.id == name:
                    return line.value
        return None


def check_sources(found: Found, project: Project) -> tuple[Diagnostic, ...]:
    """Code that workflows reach (what does not replay, forgotten awaits), steps that block, steps called at import."""
    diagnostics: list[Diagnostic] = []
    for function in {function for workflow in found.workflows for function in workflow.reach.functions}:
        diagnostics += _check_workflow_code(project, function)
    for cls in {cls for workflow in found.workflows for cls in workflow.reach.classes}:
        diagnostics += _check_defaults(project, cls)
    for step in found.steps:
        if step.is_async:
            diagnostics += _check_async_step(project, step)
    for file, module in found.modules.items():
        diagnostics += _check_import_time(project, file, module)
    return in_order(diagnostics)


@lru_cache(maxsize=1024)
def _read(path: Path) -> Source | None:
    try:
        text = path.read_bytes()
        tree = ast.parse(text)
    except (OSError, SyntaxError, ValueError):
        return None  # it was imported, so it is gone now, or it never had a source
    return Source(path, tuple(text.decode(errors="replace").split("\n")), tree)


def _locate(project: Project, function: object) -> tuple[Source, FunctionNode] | None:
    if not isinstance(function, FunctionType) or not project.owns(function.__code__.co_filename):
        return None
    source = _read(Path(function.__code__.co_filename))
    node = source.find(function) if source is not None else None
    return None if source is None or node is None else (source, node)


def _check_workflow_code(project: Project, function: FunctionType) -> Iterator[Diagnostic]:
    located = _locate(project, function)
    if located is None:
        return
    source, node = located
    for use in uses_in(node, source.tree, function.__globals__):
        refusal = workflow_rule(use)
        if refusal is not None and not source.allows(use.node):
            call = use.name if use.arguments is None else f"{use.name}()"
            yield Diagnostic(
                SourceLine(project.relative(source.path), use.node.lineno),
                f"{call} is not allowed in workflow code, because {refusal.rule.why}; {refusal.rule.remedy}.",
                refusal.severity,
            )
    for call, what in forgotten_awaits(node, function.__globals__):
        if not source.allows(call):
            yield Diagnostic(
                SourceLine(project.relative(source.path), call.lineno),
                f"{what} is called and never awaited, so nothing comes of it; write `await {ast.unparse(call)[:80]}`.",
            )


def _check_defaults(project: Project, cls: type) -> Iterator[Diagnostic]:
    """Built-in functions as factories of fields; those of the author are checked as the functions that they are."""
    file = getattr(sys.modules.get(cls.__module__), "__file__", None)
    source = _read(Path(file)) if isinstance(file, str) else None
    if source is None:
        return
    for name, factory in factories_of(cls).items():
        call = spell(factory)
        line = source.find_field(cls.__name__, name)
        if call is None or line is None or (isinstance(factory, FunctionType) and _locate(project, factory)):
            continue
        refusal = workflow_rule(Use(line, call, None))
        if refusal is not None and not source.allows(line):
            yield Diagnostic(
                SourceLine(project.relative(source.path), line.lineno),
                f"{call} fills in {cls.__name__}.{name} in workflow code, because that is where the value is parsed "
                f"or made, and {refusal.rule.why}; let who makes it give the field.",
                refusal.severity,
            )


def _check_async_step(project: Project, step: AnyStep) -> Iterator[Diagnostic]:
    located = _locate(project, step.function)
    if located is None:
        return
    source, node = located
    # What is nested in it may run on a thread.
    for use in uses_in(node, source.tree, step.function.__globals__, nested=False):
        remedy = blocking_remedy(use)
        if remedy is not None and not source.allows(use.node):
            yield Diagnostic(
                SourceLine(project.relative(source.path), use.node.lineno),
                f"{use.name}() in the `async` {step.kind} {step.name!r} blocks every other step of the worker; "
                f"{remedy}.",
                "warning",
            )


def _check_import_time(project: Project, file: Path, module: ModuleType) -> Iterator[Diagnostic]:
    source = _read(file)
    if source is None:
        return
    for call in _calls_at_import(source.tree.body):
        target = resolve(call.func, vars(module))
        kind = type(target)
        if issubclass(kind, Step | Workflow) and not source.allows(call):
            what = "workflow" if issubclass(kind, Workflow) else "step"
            yield Diagnostic(
                SourceLine(project.relative(file), call.lineno),
                f"a {what} is called while the file is imported: `{ast.unparse(call)[:80]}`; call it in a workflow.",
            )


def _calls_at_import(nodes: Iterable[ast.AST]) -> Iterator[ast.Call]:
    for node in nodes:
        if isinstance(node, FunctionNode) or (isinstance(node, ast.If) and "__name__" in ast.unparse(node.test)):
            continue
        if isinstance(node, ast.Call):
            yield node
        yield from _calls_at_import(ast.iter_child_nodes(node))
