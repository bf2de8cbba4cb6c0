"""A trace without its values, or one node of it: read line by line, so that a large one never lies in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

import pydantic_core

_PARENT, _LEAF = b',"children":[', b',"children":[]}'
_MAX_ATTRIBUTE = 1_024  # bytes; models, costs and addresses are far below
_MAX_LABEL = 40  # characters
_MAX_MESSAGE = 1_000
Json = dict[str, object]


def outline(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The tree with `inputBytes`, `outputBytes` and a `label` in the place of values; errors keep name and message."""
    for line in _lines(chunks):
        yield _outlined(line)


def find_node(chunks: Iterable[bytes], node_id: str) -> Iterator[bytes]:
    """A node as it is, and what is below it as an outline; nothing when there is none of that ID."""
    start = b'{"id":' + pydantic_core.to_json(node_id) + b","
    lines = _lines(chunks)
    for line in lines:
        if line.lstrip().startswith(start):
            break
    else:
        return
    depth = 0
    while True:
        text = line.strip().rstrip(b",")
        depth += text.endswith(_PARENT) - text.startswith(b"]")
        is_last = depth == 0
        yield (text + b"\n") if is_last or text.startswith(start) else _outlined(line)
        if is_last:
            return
        line = next(lines)


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """One line for each node, and one for the end of each that has children: as `TraceTree.stream` writes them."""
    rest = b""
    is_first = True
    source = iter(chunks)
    for chunk in source:
        *lines, rest = (rest + chunk).split(b"\n")
        if is_first and lines and not lines[0].endswith((_PARENT, _LEAF)):
            yield from _rewritten(b"\n".join([*lines, rest]) + b"".join(source))
            return
        is_first = is_first and not lines
        yield from lines
    if is_first and rest:
        yield from _rewritten(rest)
    elif rest:
        yield rest


def _rewritten(data: bytes) -> Iterator[bytes]:
    """The lines of a trace that others have laid out."""
    return _node_lines(cast("Json", pydantic_core.from_json(data)), end=b"")


def _node_lines(node: Json, *, end: bytes) -> Iterator[bytes]:
    children = cast("list[Json]", node.pop("children", []))
    head = pydantic_core.to_json(node)[:-1]
    if not children:
        yield head + _LEAF + end
        return
    yield head + _PARENT
    for child in children:
        yield from _node_lines(child, end=b"," if child is not children[-1] else b"")
    yield b"]}" + end


def _outlined(line: bytes) -> bytes:
    text = line.strip()
    if not text.startswith(b"{"):
        return line + b"\n"
    indent = line[: len(line) - len(line.lstrip())]
    end = b"," if text.endswith(b",") else b""
    text = text.removesuffix(b",")
    tail = _LEAF if text.endswith(_LEAF) else _PARENT
    node = cast("Json", pydantic_core.from_json(text.removesuffix(tail) + b"}"))
    return indent + pydantic_core.to_json(_without_values(node))[:-1] + tail + end + b"\n"


def _without_values(node: Json) -> Json:
    given = node.pop("input", None)
    label = _label(given)
    if label is not None:
        node["label"] = label
    node["inputBytes"] = _size(given)
    if "output" in node:
        node["outputBytes"] = _size(node.pop("output"))
    error = node.get("error")
    if isinstance(error, dict):
        facts = cast("Json", error)
        node["error"] = {"name": facts.get("name"), "message": str(facts.get("message", ""))[:_MAX_MESSAGE]}
    attributes = node.get("attributes")
    if isinstance(attributes, dict):
        node["attributes"] = {name: _bounded(value) for name, value in cast("Json", attributes).items()}
    return node


def _size(value: object) -> int:
    """Bytes of the value as JSON, of a cut one what it had before; 0 for none."""
    if value is None:
        return 0
    if isinstance(value, dict):
        marker = cast("Json", value)
        if marker.get("_truncated") is True and isinstance(marker.get("bytes"), int):
            return cast("int", marker["bytes"])
    return len(pydantic_core.to_json(value))


def _bounded(value: object) -> object:
    size = _size(value)
    if size <= _MAX_ATTRIBUTE:
        return value
    return {"_truncated": True, "bytes": size, "preview": "", "whole": None}


def _label(given: object) -> str | None:
    """The first short scalar of an input: what tells a thousand calls of one step apart."""
    if isinstance(given, list):
        return next((found for found in map(_scalar, cast("list[object]", given)) if found), None)
    if not isinstance(given, dict):
        return _scalar(given)
    fields = cast("Json", given)
    if "_truncated" in fields or "_raw" in fields:
        return None
    return next((f"{name}={text}" for name, value in fields.items() if (text := _scalar(value))), None)


def _scalar(value: object) -> str | None:
    if not isinstance(value, str | int | float) or value == "":
        return None
    text = value if isinstance(value, str) else pydantic_core.to_json(value).decode()
    return text if len(text) <= _MAX_LABEL and "\n" not in text else None
