import json
import tracemalloc
from typing import cast

from output.models.traces import TraceNode
from output.tracing.tree import Node, TraceTree


def node(name: str, *, at: int = 0, ended: int | None = 1) -> Node:
    return Node(id=name, kind="internal_step", name=name, started_at=at, ended_at=ended, output=b"1")


def render(tree: TraceTree) -> dict[str, object]:
    text = b"".join(tree.stream())
    TraceNode.model_validate_json(text)
    found: dict[str, object] = json.loads(text)
    return found


def names(tree: dict[str, object]) -> object:
    children = tree["children"]
    assert isinstance(children, list)
    return [tree["name"], *(names(child) for child in cast("list[dict[str, object]]", children))]


def test_a_tree_is_written_with_its_children_in_order_of_their_start() -> None:
    tree = TraceTree()
    root = tree.add(None, node("root"))
    late = tree.add(root, node("late", at=9))
    tree.add(root, node("early", at=2))
    tree.add(late, node("below late", at=9))
    tree.add(root, node("also late", at=9))

    assert names(render(tree)) == ["root", ["early"], ["late", ["below late"]], ["also late"]]
    tree.close()


def test_a_place_is_filled_when_its_node_is_known_and_may_be_filled_anew() -> None:
    tree = TraceTree()
    root = tree.reserve(None, started_at=0)
    step = tree.reserve(root, started_at=5)
    never = tree.reserve(root, started_at=6)
    tree.add(never, node("orphan", at=6))
    tree.put(step, node("first"))
    tree.put(root, node("root"))
    tree.put(step, node("second", at=5))

    assert names(render(tree)) == ["root", ["second"]]
    tree.close()


def test_an_open_node_has_neither_output_nor_error() -> None:
    tree = TraceTree()
    tree.add(None, node("root", ended=None))

    found = render(tree)

    assert found["endedAt"] is None
    assert "output" not in found
    assert "error" not in found
    tree.close()


def test_a_failed_node_has_an_error_and_no_output() -> None:
    tree = TraceTree()
    tree.add(None, Node(id="a", kind="step", name="a", started_at=1, ended_at=2, output=b"1", error=b'{"name":"E"}'))

    text = b"".join(tree.stream())

    assert b'"error":{"name":"E"}' in text
    assert b'"output"' not in text
    tree.close()


def test_a_hundred_thousand_nodes_stay_in_bounded_memory() -> None:
    tree = TraceTree()
    payload = b'"' + b"x" * 900 + b'"'
    tracemalloc.start()
    root = tree.add(None, node("root"))
    for number in range(100):
        parent = tree.add(root, node(f"step {number}", at=number))
        for inner in range(1_000):
            tree.add(parent, Node(id=f"{number}:{inner}", kind="llm", name="m", started_at=inner, output=payload))
    size = sum(len(chunk) for chunk in tree.stream())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    tree.close()

    assert size > 10_000_000
    assert peak < 40_000_000


def test_a_deep_tree_needs_no_recursion() -> None:
    tree = TraceTree()
    place = tree.add(None, node("0"))
    for depth in range(1, 5_000):
        place = tree.add(place, node(str(depth)))

    text = b"".join(tree.stream())

    assert text.count(b'"children":[') == 5_000
    tree.close()
