"""What happens inside an attempt of a step: spans, nested as the code nests, drained as lines while it runs."""

from __future__ import annotations

import itertools
import threading
import time
from contextvars import ContextVar, Token
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Protocol, Self, cast

import pydantic_core

from output.tracing.tree import Node
from output.tracing.values import capture, capture_error


@dataclass(frozen=True, slots=True)
class AttemptFacts:
    """Which attempt of which step; `name` is the activity's type, `kind` `step` or `evaluator`."""

    run_id: str
    activity_id: str
    attempt: int
    name: str
    kind: str = "step"

    @property
    def node_id(self) -> str:
        return f"{self.run_id}:{self.activity_id}:{self.attempt}"


@dataclass(slots=True)
class _Open:
    """A span that has not ended."""

    node: Node
    parent: int
    attributes: dict[str, object] = field(default_factory=dict[str, object])


class Recorder:
    """Collects the spans of one attempt, from any thread; `drain` hands out what is new."""

    def __init__(self, facts: AttemptFacts, *, verbose_http: bool = False) -> None:
        self.facts = facts
        self.verbose_http = verbose_http
        self.started_at = clock()
        self.chunks = itertools.count()
        self.is_written = False
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._open: dict[int, _Open] = {}
        self._changed: set[int] = set()
        self._lines: list[tuple[int, bytes]] = []
        self._closed = False

    @property
    def is_changed(self) -> bool:
        """Whether there is something to drain."""
        return bool(self._lines or self._changed)

    def begin(self, parent: int, kind: str, name: str, given: bytes | None) -> int:
        """Open a span below another (0: the attempt itself); returns its number."""
        number = next(self._numbers)
        node = Node(id=f"{self.facts.node_id}:{number}", kind=kind, name=name, started_at=clock(), input=given)
        with self._lock:
            self._open[number] = _Open(node, parent)
            self._changed.add(number)
        return number

    def amend(self, number: int, *, output: bytes | None = None, attribute: tuple[str, object] | None = None) -> None:
        """Set the output or an attribute of an open span; of an ended one nothing is changed."""
        with self._lock:
            span = self._open.get(number)
            if span is None:
                return
            if output is not None:
                span.node = replace(span.node, output=output)
            if attribute is not None:
                span.attributes[attribute[0]] = attribute[1]
            self._changed.add(number)

    def end(self, number: int, error: BaseException | None) -> None:
        """Close a span."""
        failure = None if error is None else capture_error(error)
        with self._lock:
            span = self._open.pop(number, None)
            self._changed.discard(number)
            if span is None or self._closed:
                return
            span.node = replace(span.node, ended_at=clock(), error=failure)
            self._lines.append((number, _line(number, span)))

    def finish(self, error: BaseException | None) -> None:
        """End the attempt; what still runs in the background is no longer recorded."""
        ending: dict[str, object] = {"endedAt": clock()}
        line = b'["end",' + pydantic_core.to_json(ending)[:-1]
        if error is not None:
            line += b',"error":' + capture_error(error)
        with self._lock:
            self._closed = True
            if error is not None or self.is_written or self.is_changed:
                self._lines.append((next(self._numbers), line + b"}]\n"))

    def drain(self) -> bytes:
        """Lines for all that changed since the last call; empty when nothing did and no start is due."""
        with self._lock:
            numbered, self._lines = self._lines, []
            numbered += [(number, _line(number, self._open[number])) for number in self._changed]
            self._changed.clear()
            # A span has a higher number than the one it is nested in: a reader meets that one first.
            lines = [line for _, line in sorted(numbered)]
            if not self.is_written:
                lines.insert(0, self._start())
            self.is_written = True
        return b"".join(lines)

    def _start(self) -> bytes:
        start = {
            "attempt": self.facts.attempt,
            "name": self.facts.name,
            "kind": self.facts.kind,
            "startedAt": self.started_at,
        }
        return b'["start",' + pydantic_core.to_json(start) + b"]\n"


class SpanObserver(Protocol):
    """Somebody else who is told of spans as they begin and end; what `begin` returns is its own."""

    def begin(self, around: object | None, kind: str, name: str) -> object: ...

    def attribute(self, running: object, name: str, value: object) -> None: ...

    def end(self, running: object, error: BaseException | None) -> None: ...


@dataclass(frozen=True, slots=True)
class Position:
    """Where in an attempt the running code is; without a recorder only the observer is told."""

    recorder: Recorder | None
    span: int = 0
    observer: SpanObserver | None = None
    observed: object | None = None

    def begin(self, kind: str, name: str, given: object) -> Position:
        """The position inside a new span."""
        observed = self.observer.begin(self.observed, kind, name) if self.observer is not None else None
        number = 0
        if self.recorder is not None:
            number = self.recorder.begin(self.span, kind, name, None if given is None else capture(given))
        return Position(self.recorder, number, self.observer, observed)

    def end(self, error: BaseException | None) -> None:
        """Close the span."""
        if self.recorder is not None:
            self.recorder.end(self.span, error)
        if self.observer is not None:
            self.observer.end(self.observed, error)

    def attribute(self, name: str, value: object) -> None:
        """Note a fact of the span."""
        if self.recorder is not None:
            captured = pydantic_core.from_json(capture({name: value}))
            if isinstance(captured, dict):
                facts = cast("dict[str, object]", captured)
                self.recorder.amend(self.span, attribute=(name, facts.get(name)))
        if self.observer is not None:
            self.observer.attribute(self.observed, name, value)


_position: ContextVar[Position | None] = ContextVar("output_trace_position", default=None)


def current_position() -> Position | None:
    """Where spans that open now belong; None outside of a recorded attempt."""
    return _position.get()


def enter(position: Position | None) -> Token[Position | None]:
    """Make spans that open from here on belong to `position`."""
    return _position.set(position)


def leave(token: Token[Position | None]) -> None:
    """Undo `enter`."""
    try:
        _position.reset(token)
    except ValueError:  # left in another context than it was entered in, as generators do
        _position.set(None if token.old_value is Token.MISSING else token.old_value)


class Span:
    """Something that takes time inside a step; records nothing outside of a traced one."""

    __slots__ = ("_input", "_kind", "_name", "_position", "_token")

    def __init__(self, kind: str, name: str, *, input: object = None) -> None:  # noqa: A002 — the word of the trace
        self._kind, self._name, self._input = kind, name, input
        self._position: Position | None = None
        self._token: Token[Position | None] | None = None

    @property
    def is_recorded(self) -> bool:
        return self._position is not None

    def __enter__(self) -> Self:
        around = _position.get()
        if around is not None:
            self._position = around.begin(self._kind, self._name, self._input)
            self._token = enter(self._position)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._position is not None and self._token is not None:
            leave(self._token)
            self._position.end(error)

    def output(self, value: object) -> None:
        """What came of it, as it is now; the last one counts."""
        if self._position is not None and self._position.recorder is not None:
            self._position.recorder.amend(self._position.span, output=capture(value))

    def attribute(self, name: str, value: object) -> None:
        """A fact about it, such as `llm:usage`; any JSON."""
        if self._position is not None:
            self._position.attribute(name, value)


def clock() -> int:
    """Now, in ms since the epoch."""
    return time.time_ns() // 1_000_000


def _line(number: int, span: _Open) -> bytes:
    node = span.node
    if span.attributes:
        node = replace(node, attributes=pydantic_core.to_json(span.attributes))
    return b"[%d,%d,%d,%b}]\n" % (number, span.parent, node.started_at, node.render())
