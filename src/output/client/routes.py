"""Every route of the API once: where it is, what goes in, and whether it may be asked twice."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

from output.client.request import Repeat, Request, whole_milliseconds
from output.models.references import RunRef

if TYPE_CHECKING:
    from output.models.messages import FeedbackRequest, MessageRequest, ResetRequest, TerminateRequest
    from output.models.problems import ProblemKind
    from output.models.references import RunState
    from output.models.runs import RunRequest, StartRequest, ValidateRequest
    from output.models.schedules import BackfillRequest, NoteRequest, ScheduleRequest, TriggerRequest
    from output.models.wire_model import WireModel

_NO_BODY = b"{}"
# Room for the server's own wait, on top of what it was asked to wait.
_SLACK = timedelta(seconds=5)
# `run` waits as long as the server's configuration lets it; a silent connection is given up some day.
_RUN_EXTRA_WAIT = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFilter:
    """Which runs a listing shows; None leaves a field open. Times without a zone are UTC.

    `status` may be several, any of them; `tags` are all to be there; `root` leaves out children, `parent` shows those
    of one workflow ID. `problem` keeps, of each page, the runs that have it.

    Example:
        async with Client(url) as client:
            page = await client.runs.list(RunFilter(status="failed", workflow_type="price_order"), limit=10)
            assert len(page.runs) <= 10
    """

    workflow_type: str | None = None
    catalog: str | None = None
    status: RunState | Sequence[RunState] | None = None
    workflow_id: str | None = None
    started_after: datetime | None = None
    started_before: datetime | None = None
    root: bool = False
    parent: str | None = None
    tags: Sequence[str] = ()
    problem: ProblemKind | None = None


def health() -> Request:
    return Request(path="/health")


def ready() -> Request:
    return Request(path="/ready")


def catalog(catalog_id: str | None = None) -> Request:
    return Request(path="/workflow/catalog" if catalog_id is None else f"/workflow/catalog/{_quoted(catalog_id)}")


def run(body: RunRequest, *, key: str | None = None) -> Request:
    extra_wait = _RUN_EXTRA_WAIT if body.timeout is None else timedelta(milliseconds=body.timeout) + _SLACK
    return replace(_starting("run", body, key), extra_wait=extra_wait)


def start(body: StartRequest, *, key: str | None = None) -> Request:
    return _starting("start", body, key)


def validate(body: ValidateRequest) -> Request:
    return Request(method="POST", path="/workflow/validate", body=_json(body), repeat="always")


def _starting(what: str, body: StartRequest, key: str | None) -> Request:
    # With a key a second request finds what the first has started.
    repeat: Repeat = "if_undone" if key is None else "always"
    headers = {} if key is None else {"Idempotency-Key": key}
    return Request(method="POST", path=f"/workflow/{what}", body=_json(body), headers=headers, repeat=repeat)


def list_runs(
    runs: RunFilter, *, limit: int | None = None, page_token: str | None = None, problems: bool = False
) -> Request:
    problem = _given({"problem": runs.problem, "problems": "true" if problems else None})
    query = (*_filter(runs), *problem, *_given({"limit": limit, "pageToken": page_token}))
    return Request(path="/workflow/runs", query=query)


def count_runs(runs: RunFilter, *, by_status: bool = False) -> Request:
    group = (("groupBy", "status"),) if by_status else ()
    return Request(path="/workflow/runs/count", query=(*_filter(runs), *group))


def _filter(runs: RunFilter) -> tuple[tuple[str, str], ...]:
    states: Sequence[str] = (runs.status,) if isinstance(runs.status, str) else runs.status or ()
    single = _given(
        {
            "workflowType": runs.workflow_type,
            "catalog": runs.catalog,
            "workflowId": runs.workflow_id,
            "startedAfter": _iso(runs.started_after),
            "startedBefore": _iso(runs.started_before),
            "root": "true" if runs.root else None,
            "parent": runs.parent,
        }
    )
    return (*single, *(("status", state) for state in states), *(("tag", tag) for tag in runs.tags))


def status(ref: RunRef) -> Request:
    return Request(path=_at(ref, "status"))


def result(ref: RunRef, *, wait: timedelta | None = None) -> Request:
    if wait is None:
        return Request(path=_at(ref, "result"))
    seconds = max(1, min(60, round(wait.total_seconds())))
    return Request(
        path=_at(ref, "result"), query=_given({"wait": seconds}), extra_wait=timedelta(seconds=seconds) + _SLACK
    )


def input_of(ref: RunRef) -> Request:
    return Request(path=_at(ref, "input"))


def pending_steps(ref: RunRef) -> Request:
    return Request(path=_at(ref, "pending-steps"))


def signal(workflow_id: str, name: str, body: MessageRequest) -> Request:
    return _message("signal", workflow_id, name, body, repeat="if_undone")


def query(workflow_id: str, name: str, body: MessageRequest) -> Request:
    return _message("query", workflow_id, name, body, repeat="always")


def update(workflow_id: str, name: str, body: MessageRequest) -> Request:
    return _message("update", workflow_id, name, body, repeat="if_undone", extra_wait=_RUN_EXTRA_WAIT)


def feedback(workflow_id: str, body: FeedbackRequest) -> Request:
    path = _at(RunRef(workflow_id), "feedback")
    return Request(method="POST", path=path, body=_json(body), repeat="if_undone")


def stop(ref: RunRef) -> Request:
    # Asking twice is harmless for one run; unpinned, the second could hit the next run of that ID.
    repeat: Repeat = "if_undone" if ref.run_id is None else "always"
    return Request(method="PATCH", path=_at(ref, "stop"), body=_NO_BODY, repeat=repeat)


def terminate(ref: RunRef, body: TerminateRequest) -> Request:
    return Request(method="POST", path=_at(ref, "terminate"), body=_json(body), repeat="if_undone")


def reset(ref: RunRef, body: ResetRequest) -> Request:
    return Request(method="POST", path=_at(ref, "reset"), body=_json(body), repeat="if_undone")


def rerun(ref: RunRef, fields: Mapping[str, object]) -> Request:
    # Not a model: an input of null is another thing than none.
    body = json.dumps({name: value for name, value in fields.items() if value is not None or name == "input"}).encode()
    return Request(method="POST", path=_at(ref, "rerun"), body=body, repeat="if_undone")


def history(
    ref: RunRef,
    *,
    page_size: int | None = None,
    page_token: str | None = None,
    include_payloads: bool = False,
    long_poll: timedelta | None = None,
) -> Request:
    wait = None if long_poll is None else whole_milliseconds(long_poll)
    query = {
        "pageSize": page_size,
        "pageToken": page_token,
        "includePayloads": "true" if include_payloads else None,
        "longPollTimeoutMs": wait,
    }
    return Request(path=_at(ref, "history"), query=_given(query), extra_wait=long_poll or timedelta())


def event(ref: RunRef, event_id: int) -> Request:
    return Request(path=_at(ref, f"history/events/{event_id}"))


def stream(ref: RunRef, *, include_payloads: bool = False, last_event_id: int | None = None) -> Request:
    headers = {"accept": "text/event-stream"}
    if last_event_id is not None:
        headers["last-event-id"] = str(last_event_id)
    query = {"includePayloads": "true" if include_payloads else None}
    return Request(path=_at(ref, "history/stream"), query=_given(query), headers=headers)


def stream_token(ref: RunRef) -> Request:
    return Request(method="POST", path=_at(ref, "history/stream-token"), body=_NO_BODY)


def trace_log(ref: RunRef, *, partial: bool = False, outline: bool = False, node: str | None = None) -> Request:
    query = {"partial": "true" if partial else None, "values": "none" if outline else None, "node": node}
    return Request(path=_at(ref, "trace-log"), query=_given(query))


def webhooks(ref: RunRef) -> Request:
    return Request(path=_at(ref, "webhooks"))


def redeliver(ref: RunRef) -> Request:
    return Request(method="POST", path=_at(ref, "webhooks/redeliver"), body=_NO_BODY, repeat="if_undone")


def run_waits(ref: RunRef) -> Request:
    return Request(path=_at(ref, "waits"))


def all_waits(*, limit: int | None = None, page_token: str | None = None) -> Request:
    return Request(path="/workflow/waits", query=_given({"limit": limit, "pageToken": page_token}))


def list_schedules(*, limit: int | None = None, page_token: str | None = None) -> Request:
    return Request(path="/schedules", query=_given({"limit": limit, "pageToken": page_token}))


def create_schedule(body: ScheduleRequest) -> Request:
    # With an ID a second one is refused, and says so; without one it would be another schedule.
    return Request(method="POST", path="/schedules", body=_json(body), repeat="if_undone")


def schedule(schedule_id: str) -> Request:
    return Request(path=_schedule(schedule_id))


def replace_schedule(schedule_id: str, body: ScheduleRequest) -> Request:
    return Request(method="PUT", path=_schedule(schedule_id), body=_json(body))


def delete_schedule(schedule_id: str, *, force: bool = False) -> Request:
    query = (("force", "true"),) if force else ()
    return Request(method="DELETE", path=_schedule(schedule_id), query=query, repeat="if_undone")


def pause_schedule(schedule_id: str, body: NoteRequest) -> Request:
    return Request(method="POST", path=f"{_schedule(schedule_id)}/pause", body=_json(body))


def resume_schedule(schedule_id: str, body: NoteRequest) -> Request:
    return Request(method="POST", path=f"{_schedule(schedule_id)}/resume", body=_json(body))


def trigger_schedule(schedule_id: str, body: TriggerRequest) -> Request:
    return Request(method="POST", path=f"{_schedule(schedule_id)}/trigger", body=_json(body), repeat="if_undone")


def backfill_schedule(schedule_id: str, body: BackfillRequest) -> Request:
    return Request(method="POST", path=f"{_schedule(schedule_id)}/backfill", body=_json(body), repeat="if_undone")


def _schedule(schedule_id: str) -> str:
    return f"/schedules/{_quoted(schedule_id)}"


def _message(
    kind: str,
    workflow_id: str,
    name: str,
    body: MessageRequest,
    *,
    repeat: Repeat,
    extra_wait: timedelta = timedelta(),
) -> Request:
    path = f"{_at(RunRef(workflow_id), kind)}/{_quoted(name)}"
    return Request(method="POST", path=path, body=_json(body), repeat=repeat, extra_wait=extra_wait)


def _at(ref: RunRef, what: str) -> str:
    pinned = "" if ref.run_id is None else f"/runs/{_quoted(ref.run_id)}"
    return f"/workflow/{_quoted(ref.workflow_id)}{pinned}/{what}"


def _quoted(part: str) -> str:
    return quote(part, safe="")


def _given(query: Mapping[str, str | int | None]) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(value)) for name, value in query.items() if value is not None)


def _iso(time: datetime | None) -> str | None:
    if time is None:
        return None
    zoned = time if time.tzinfo is not None else time.replace(tzinfo=UTC)
    return zoned.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _json(body: WireModel) -> bytes:
    """What differs from the defaults; raises ValueError for NaN and infinities, which are no JSON."""
    values = body.model_dump(by_alias=True, exclude_defaults=True)
    values |= {name: _iso(value) for name, value in values.items() if isinstance(value, datetime)}
    return json.dumps(values, allow_nan=False, ensure_ascii=False).encode()
