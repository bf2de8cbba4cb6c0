"""A trace without its values, and one node of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, cast

import pytest

from output.tracing.outline import find_node, outline
from output.tracing.tree import Node, TraceTree

Json = dict[str, Any]


@pytest.fixture
def tree() -> Iterator[TraceTree]:
    with TraceTree() as made:
        _fill(made)
        yield made


def _fill(tree: TraceTree) -> None:
    root = tree.add(None, _node("r", "workflow", {"order": {"deep": 1}, "number": 17}, 1))
    step = tree.add(root, _node("r:1", "step", ["a" * 60, "short"], 2))
    tree.add(step, _node("r:1:1:1", "llm", {"_truncated": True, "bytes": 70_000, "preview": "…", "whole": "x"}, 3))
    tree.add(root, _node("r:2", "step", None, 4))
    tree.add(root, _node("r:22", "step", "ends with ]}, and {", 5))


def _node(node_id: str, kind: str, given: object, started_at: int) -> Node:
    return Node(
        id=node_id,
        kind=kind,
        name=f"named {node_id}",
        started_at=started_at,
        ended_at=started_at + 1,
        input=json.dumps(given).encode(),
        output=b'{"children":[]}',
        attributes=json.dumps({"llm:model": "m", "long": "x" * 2_000}).encode(),
    )


def _in_pieces(tree: TraceTree, size: int) -> Iterator[bytes]:
    data = b"".join(tree.stream())
    return (data[at : at + size] for at in range(0, len(data), size))


def _read(lines: Iterable[bytes]) -> Json:
    return cast("Json", json.loads(b"".join(lines)))


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_an_outline_has_the_same_nodes_with_sizes_and_labels_instead_of_values(tree: TraceTree, size: int) -> None:
    root = _read(outline(_in_pieces(tree, size)))

    first, second, third = root["children"]
    (llm,) = first["children"]
    assert [node["id"] for node in (root, first, llm, second, third)] == ["r", "r:1", "r:1:1:1", "r:2", "r:22"]
    assert [node.get("label") for node in (root, first, llm, second, third)] == [
        "number=17",
        "short",
        None,
        None,
        "ends with ]}, and {",
    ]
    assert (llm["inputBytes"], second["inputBytes"], third["outputBytes"]) == (70_000, 0, 15)
    assert all("input" not in node and "output" not in node for node in (root, first, llm))
    assert llm["attributes"]["llm:model"] == "m"
    assert llm["attributes"]["long"]["_truncated"] is True


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_a_node_has_its_values_and_an_outline_below_it(tree: TraceTree, size: int) -> None:
    step = _read(find_node(_in_pieces(tree, size), "r:1"))
    leaf = _read(find_node(_in_pieces(tree, size), "r:2"))
    root = _read(find_node(_in_pieces(tree, size), "r"))

    assert step["input"] == ["a" * 60, "short"]
    assert step["children"][0]["inputBytes"] == 70_000
    assert "input" not in step["children"][0]
    assert (leaf["id"], leaf["output"], leaf["children"]) == ("r:2", {"children": []}, [])
    assert root["input"]["number"] == 17
    assert [child["id"] for child in root["children"]] == ["r:1", "r:2", "r:22"]


def test_an_unknown_node_is_nothing(tree: TraceTree) -> None:
    assert list(find_node(tree.stream(), "r:3")) == []
    assert list(find_node(tree.stream(), "r:")) == []


def test_a_node_may_be_followed_by_an_outline_of_it(tree: TraceTree) -> None:
    node = _read(outline(find_node(tree.stream(), "r:1")))

    assert node["label"] == "short"


@pytest.mark.parametrize("indent", [None, 2])
def test_traces_that_others_have_laid_out_are_read_too(tree: TraceTree, indent: int | None) -> None:
    data = json.dumps(json.loads(b"".join(tree.stream())), indent=indent).encode()

    assert _read(outline([data[:50], data[50:]])) == _read(outline(tree.stream()))
    assert _read(find_node([data], "r:1")) == _read(find_node(tree.stream(), "r:1"))


def test_errors_keep_name_and_message_and_open_nodes_have_no_output() -> None:
    with TraceTree() as tree:
        failed = Node(
            id="f",
            kind="step",
            name="f",
            started_at=1,
            ended_at=2,
            error=b'{"name":"KeyError","message":"m","stack":"long","cause":null}',
        )
        root = tree.add(None, failed)
        tree.add(root, Node(id="o", kind="step", name="o", started_at=2))

        found = _read(outline(tree.stream()))

    assert found["error"] == {"name": "KeyError", "message": "m"}
    assert "outputBytes" not in found
    assert "outputBytes" not in found["children"][0]
