"""A trace as a tree of lines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from output.cli.render.output import Colour, paint
from output.cli.render.table import cut
from output.cli.render.times import describe_duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import JsonValue

    from output.models.traces import TraceError, TraceNode

# Kinds that a name alone would not tell apart from a step.
_PLAIN_KINDS = frozenset({"workflow", "step"})


def draw_tree(root: TraceNode, *, width: int | None) -> Iterator[str]:
    """Lines for a trace: names, times, inputs and outputs cut to the width, errors in full."""
    yield _heading(root)
    below = "│ " if root.children else "  "
    yield from _details(root, below, width)
    yield from _children(root, "", width)


def _children(node: TraceNode, indent: str, width: int | None) -> Iterator[str]:
    for child in node.children:
        is_last = child is node.children[-1]
        yield f"{indent}{'└─' if is_last else '├─'} {_heading(child)}"
        beside = indent + ("   " if is_last else "│  ")
        yield from _details(child, beside + ("│ " if child.children else "  "), width)
        yield from _children(child, beside, width)


def _heading(node: TraceNode) -> str:
    mark, colour = _mark(node)
    kind = "" if node.kind in _PLAIN_KINDS else f"{node.kind} "
    name = node.name.partition("#")[2] or node.name
    took = "still open" if node.ended_at is None else describe_duration(node.ended_at - node.started_at)
    said = [f"{paint(mark, colour)} {kind}{paint(name, 'cyan')}", took]
    attempts = node.attributes.get("attempts", node.attributes.get("attempt"))
    if isinstance(attempts, int) and attempts > 1:
        said.append(f"({attempts} attempts)" if "attempts" in node.attributes else f"(attempt {attempts})")
    return "  ".join(said)


def _mark(node: TraceNode) -> tuple[str, Colour]:
    if node.error is not None:
        return "✗", "red"
    return ("·", "cyan") if node.ended_at is None else ("✓", "green")


def _details(node: TraceNode, indent: str, width: int | None) -> Iterator[str]:
    if node.input is not None:
        yield _value(indent, "in ", node.input, width)
    if node.error is not None:
        yield from _error(indent, node.error, with_stack=not _is_passed_on(node, node.error))
    elif node.output is not None:
        yield _value(indent, "out", node.output, width)


def _value(indent: str, label: str, value: JsonValue, width: int | None) -> str:
    text = json.dumps(value, ensure_ascii=False)
    if width is not None:
        text = cut(text, max(20, width - len(indent) - len(label) - 2))
    return f"{paint(indent, 'bright_black')}{paint(label, 'bright_black')} {text}"


def _is_passed_on(node: TraceNode, error: TraceError) -> bool:
    """Whether the same error stands further down, where it began; its stack is shown there."""
    return any(
        (child.error is not None and (child.error.name, child.error.message) == (error.name, error.message))
        or _is_passed_on(child, error)
        for child in node.children
    )


def _error(indent: str, error: TraceError | None, *, with_stack: bool) -> Iterator[str]:
    relation = ""
    while error is not None:
        for number, line in enumerate(error.message.splitlines() or [""]):
            first = f"{relation}{error.name}: " if number == 0 else "  "
            yield f"{indent}{paint(f'{first}{line}', 'red')}"
        for line in (error.stack or "").splitlines() if with_stack else ():
            yield f"{indent}  {paint(line, 'bright_black')}"
        relation, error = "caused by ", error.cause
