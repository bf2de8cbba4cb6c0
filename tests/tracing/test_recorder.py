"""Spans as authors write them, through tasks and threads, and as they are read back."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import cast

import pytest

from output import trace
from output.models.traces import TraceNode
from output.tracing.attempt_records import AttemptRecord, read_part
from output.tracing.recorder import AttemptFacts, Position, Recorder, current_position, enter, leave
from output.tracing.thread_context import carry_into_threads
from output.tracing.tree import Node, TraceTree

FACTS = AttemptFacts("run", "7", 2, "digest#fetch")


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    recorder = Recorder(FACTS)
    token = enter(Position(recorder))
    yield recorder
    leave(token)


def read(*chunks: bytes, is_over: bool = False) -> tuple[TraceNode, AttemptRecord]:
    tree = TraceTree()
    root = tree.add(None, Node(id="run:7:2", kind="step", name="digest#fetch", started_at=0, ended_at=9))
    record = read_part(b"".join(chunks).splitlines(keepends=True), tree, parent=root, is_over=is_over)
    node = TraceNode.model_validate_json(b"".join(tree.stream()))
    tree.close()
    return node, record


def shape(node: TraceNode) -> object:
    return [node.name, *map(shape, node.children)]


def test_spans_nest_as_the_code_does(recorder: Recorder) -> None:
    with trace.span("llm", "ask", input={"prompt": "hi"}) as ask:
        with trace.span("http", "POST"):
            pass
        with trace.span("http", "POST again"):
            pass
        ask.output("hello")
        ask.attribute("llm:usage", {"input_tokens": 3})
    with trace.span("internal_step", "parse"):
        pass

    node, _ = read(recorder.drain())

    assert shape(node) == ["digest#fetch", ["ask", ["POST"], ["POST again"]], ["parse"]]
    asked = node.children[0]
    assert (asked.kind, asked.input, asked.output) == ("llm", {"prompt": "hi"}, "hello")
    assert asked.attributes == {"llm:usage": {"input_tokens": 3}}
    assert asked.ended_at is not None
    assert asked.ended_at >= asked.started_at


def test_ids_are_unique_over_steps_and_attempts(recorder: Recorder) -> None:
    with trace.span("llm", "a"), trace.span("llm", "b"):
        pass

    node, _ = read(recorder.drain())

    assert [node.children[0].id, node.children[0].children[0].id] == ["run:7:2:1", "run:7:2:2"]


async def test_nesting_follows_tasks(recorder: Recorder) -> None:
    async def work(name: str) -> None:
        with trace.span("llm", name):
            await asyncio.sleep(0)
            with trace.span("http", f"{name} call"):
                await asyncio.sleep(0)

    with trace.span("internal_step", "both"):
        await asyncio.gather(work("one"), work("two"))

    node, _ = read(recorder.drain())

    assert shape(node) == ["digest#fetch", ["both", ["one", ["one call"]], ["two", ["two call"]]]]


async def test_nesting_follows_threads_and_pools_and_does_not_leak_into_them(recorder: Recorder) -> None:
    carry_into_threads()

    def work(name: str) -> None:
        with trace.span("http", name):
            pass

    with ThreadPoolExecutor(1) as pool:
        with trace.span("internal_step", "outer"):
            thread = threading.Thread(target=work, args=("thread",))
            thread.start()
            thread.join()
            pool.submit(work, "pool").result()
            await asyncio.to_thread(work, "to_thread")
        token = enter(None)
        leaked = pool.submit(current_position).result()
        leave(token)

    node, _ = read(recorder.drain())

    assert shape(node) == ["digest#fetch", ["outer", ["thread"], ["pool"], ["to_thread"]]]
    assert leaked is None


def test_an_exception_is_recorded_and_passes(recorder: Recorder) -> None:
    @contextmanager
    def failing() -> Generator[None]:
        with trace.span("http", "GET"):
            yield

    with pytest.raises(ValueError, match="no"), failing():
        raise ValueError("no: https://me:pw@host/?q=1")

    node, _ = read(recorder.drain())

    error = node.children[0].error
    assert error is not None
    assert (error.name, error.message) == ("ValueError", "no: https://***@host/?q=***")
    assert "test_recorder.py" in (error.stack or "")


def test_what_is_open_is_written_too_and_completed_later(recorder: Recorder) -> None:
    with trace.span("llm", "slow"):
        with trace.span("http", "quick"):
            pass
        early = recorder.drain()
        assert recorder.drain() == b""
    late = recorder.drain()

    before, _ = read(early)
    after, _ = read(early, late)

    assert shape(before) == shape(after) == ["digest#fetch", ["slow", ["quick"]]]
    assert before.children[0].ended_at is None
    assert after.children[0].ended_at is not None


def test_a_line_that_was_not_wholly_written_is_left_out(recorder: Recorder) -> None:
    with trace.span("llm", "whole"):
        pass
    whole = recorder.drain()
    with trace.span("llm", "torn"):
        pass

    node, _ = read(whole, recorder.drain()[:-20])

    assert shape(node) == ["digest#fetch", ["whole"]]


def test_an_attempt_that_succeeds_without_a_span_writes_nothing() -> None:
    quiet = Recorder(FACTS)
    quiet.finish(None)

    assert not quiet.is_changed


def test_an_attempt_that_fails_tells_when_and_why() -> None:
    failed = Recorder(FACTS)
    failed.finish(ValueError("no"))

    _, record = read(failed.drain())

    assert record.started_at is not None
    assert record.ended_at is not None
    assert record.error is not None
    assert json.loads(record.error)["message"] == "no"


def test_nothing_is_recorded_after_the_attempt(recorder: Recorder) -> None:
    span = trace.span("llm", "late")
    with span:
        recorder.finish(None)
        recorder.drain()

    assert recorder.drain() == b""


def test_outside_of_a_recorded_attempt_spans_cost_and_do_nothing() -> None:
    with trace.span("llm", "free", input=object()) as span:
        span.output(1)
        span.attribute("a", 2)

    assert not span.is_recorded


def test_any_value_can_be_recorded_as_it_is_now(recorder: Recorder) -> None:
    changing = [1]
    circle: list[object] = []
    circle.append(circle)
    for value in (changing, circle, object(), float("nan"), b"\xff", {1, 2}, "\ud800", 2**70, {"password": "hunter2"}):
        with trace.span("llm", "x", input=value):
            pass
    changing.append(2)

    node, _ = read(recorder.drain())

    assert node.children[0].input == [1]
    assert len(node.children) == 9
    assert node.children[-2].input == 2**70
    assert node.children[-1].input == {"password": "***"}


def test_a_large_value_is_cut_with_its_size(recorder: Recorder) -> None:
    with trace.span("llm", "x", input={"text": "y" * 100_000, "token": "hunter2"}):
        pass

    node, _ = read(recorder.drain())

    cut = cast("dict[str, object]", node.children[0].input)
    assert cut["_truncated"] is True
    assert cut["bytes"] == len('{"text":"","token":"***"}') + 100_000
    assert cut["whole"] is None
    assert len(cast("str", cut["preview"])) == 1_000


def test_a_span_whose_end_was_never_told_ended_with_its_attempt(recorder: Recorder) -> None:
    with trace.span("llm", "slow", input={"attributes": 1}), trace.span("http", "slower"):
        early = recorder.drain()

    node, record = read(early, is_over=True)

    slow = node.children[0]
    assert slow.ended_at == slow.children[0].ended_at == record.last_recorded_at
    assert slow.error is not None
    assert (slow.error.name, slow.input) == ("CancelledError", {"attributes": 1})
