"""Questions to people in a trace: asked by a quick step, answered by feedback, as the run's memo tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from temporalio.api.common.v1 import Payloads
from temporalio.api.history.v1 import HistoryEvent

from output.engine.payloads.converter import load_json, payload_json
from output.engine.payloads.json import memo_value
from output.engine.payloads.quick_steps import QuickMarker
from output.engine.traces.run_builder import RunTraceBuilder
from output.engine.traces.webhooks import AskedQuestion
from output.models.waits import MEMO_KEY
from output.tracing.values import capture, capture_json, error_json

APPROVAL = "request_approval"
TOKEN = "make_wait_token"  # noqa: S105 — a step's name; what it makes is not for traces
_ENDS = {
    "expired": error_json("ApprovalTimeoutError", "Nobody answered in time."),
    "withdrawn": error_json("ApprovalWithdrawnError", "The question was withdrawn."),
}


def ask(builder: RunTraceBuilder, event: HistoryEvent, marker: QuickMarker) -> None:
    """A question has been asked."""
    record = marker.record
    digest = None if marker.result is None else load_json(payload_json(marker.result))
    if record is None or not isinstance(digest, str):
        return
    node = builder.begin(
        event, marker.activity_id, "approval", marker.activity_type, given=Payloads(), at=record.started_at
    )
    node.input = None if record.input is None else capture_json(record.input, whole=builder.whole(event))
    builder.questions[digest] = AskedQuestion(event.event_id)


def take_answer(builder: RunTraceBuilder, token: object, payload: object) -> bool:
    """Whether feedback is an answer to a question; it counts once the run says so."""
    question = builder.questions.get(token) if isinstance(token, str) else None
    if question is None:
        return False
    question.answer = capture(payload)
    return True


def take_memo(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    """Close the questions that the run's memo says are closed; who answered goes with it."""
    fields = event.workflow_properties_modified_event_attributes.upserted_memo.fields
    value = memo_value(fields, MEMO_KEY) if MEMO_KEY in fields else None
    if not isinstance(value, Mapping):
        return
    for digest, record in cast("Mapping[str, Mapping[str, object]]", value).items():
        question = builder.questions.get(digest)
        state = record.get("state", "open")
        if question is None or state == "open":
            continue
        del builder.questions[digest]
        node = builder.open.get(question.event_id)
        if node is not None and isinstance(record.get("answered"), Mapping):
            audit = cast("Mapping[str, object]", record["answered"])
            node.attributes |= {f"answered{name.capitalize()}": audit[name] for name in _AUDIT if name in audit}
        output = question.answer if state == "answered" else None
        builder.close(question.event_id, at, output=output, error=_ENDS.get(str(state)))


_AUDIT = ("at", "by", "address")
