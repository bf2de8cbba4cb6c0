"""Questions that runs have for people: which are open, where one stands, and its answer."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import JsonValue

from output.engine import messages
from output.engine.messages import HandlerCall, find_recipient
from output.engine.payloads.converter import dump_json
from output.engine.waits import WaitingRun, read_waits
from output.errors import ApprovalNotFoundError, ValidationError, WorkflowAlreadyClosedError, WorkflowNotFoundError
from output.models.messages import FEEDBACK_SIGNAL
from output.models.references import Issue, RunRef, describe_issues
from output.models.waits import Audit, FeedbackSignal, RunWait, Wait, WaitRecord, WaitState
from output.operations.services import Services
from output.operations.value_size import check_value_size

_PATIENCE = 5.0  # seconds for the workflow's word; without a worker the answer waits in the engine
_LOOK_AGAIN = 0.05


@dataclass(frozen=True)
class Question:
    """A question as a link finds it, and where it stands now."""

    run: RunRef
    workflow: str
    digest: str
    record: WaitRecord
    state: WaitState


def waits_of(services: Services, waiting: WaitingRun, *, may_answer: bool) -> list[Wait]:
    """What a run waits for; who may answer gets tokens that open the question's page too."""
    return [
        Wait(
            token=_token(services, waiting, known, record) if may_answer else known,
            question=record.question,
            since=record.since,
            deadline=record.deadline,
            answer_schema=record.answer_schema,
            to=record.to,
        )
        for known, record in waiting.open_records().items()
    ]


def run_waits_of(services: Services, waiting: WaitingRun, *, may_answer: bool) -> list[RunWait]:
    """The same, each with whose it is."""
    return [
        RunWait(
            **{name: getattr(wait, name) for name in Wait.model_fields},
            workflow_id=waiting.run.workflow_id,
            run_id=waiting.run.run_id or "",
            workflow_type=waiting.workflow,
        )
        for wait in waits_of(services, waiting, may_answer=may_answer)
    ]


async def find_question(services: Services, token: str) -> Question:
    """The question of a link, open or not. Raises ApprovalNotFoundError for a link that is none."""
    target = services.approvals.find(token)
    if target is None:
        raise ApprovalNotFoundError
    try:
        waiting = await read_waits(services.engine, RunRef(target.workflow_id))
    except WorkflowNotFoundError:
        raise ApprovalNotFoundError from None
    record = waiting.records.get(target.digest)
    if record is None:
        # The run of this ID is another one by now, or has forgotten how this ended.
        record = WaitRecord(kind="approval", since=datetime.now(UTC))
        return Question(waiting.run, waiting.workflow, target.digest, record, "withdrawn")
    return Question(waiting.run, waiting.workflow, target.digest, record, _state(record, waiting))


async def answer(
    services: Services, question: Question, value: JsonValue, *, by: str | None, address: str | None
) -> Question:
    """Answer an open question; gives it as it stands then: still open where no worker has taken the answer yet.

    Raises ValidationError for an answer that does not fit.
    """
    check_answer(services, question, value)
    audit = Audit(id=uuid.uuid4().hex, at=datetime.now(UTC), by=by, address=address)
    signal = FeedbackSignal(token=question.digest, payload=value, audit=audit)
    payload = dump_json(signal.model_dump(mode="json", by_alias=True, exclude_none=True))
    check_value_size(payload, "answer", limits=services.engine.limits, run=question.run)
    recipient = await find_recipient(services.engine, RunRef(question.run.workflow_id))
    try:
        await messages.send_signal(services.engine, HandlerCall(recipient, FEEDBACK_SIGNAL, payload))
    except WorkflowAlreadyClosedError:
        return await _look(services, question)
    return await _wait_for_word(services, question, audit)


def check_answer(services: Services, question: Question, value: JsonValue) -> None:
    """Raise ValidationError with every misfit; the worker checks again."""
    schema = question.record.answer_schema
    issues = services.inputs.find_issues(
        value, schema, version=question.run.run_id or "", name=f"question {question.digest}", field="answer"
    )
    if issues:
        raise ValidationError(describe_issues("The answer", issues), issues=issues, run=question.run)


async def _wait_for_word(services: Services, question: Question, audit: Audit) -> Question:
    """Until the workflow has taken the answer, this one or another's, or refused it."""
    deadline = asyncio.get_running_loop().time() + _PATIENCE
    while True:
        now = await _look(services, question)
        refused = now.record.refused
        if refused is not None and refused.id == audit.id:
            raise ValidationError(refused.message, issues=[Issue("answer", refused.message, "refused", "")])
        if now.state != "open" or asyncio.get_running_loop().time() > deadline:
            return now
        await asyncio.sleep(_LOOK_AGAIN)


async def _look(services: Services, question: Question) -> Question:
    waiting = await read_waits(services.engine, RunRef(question.run.workflow_id))
    records: Mapping[str, WaitRecord] = waiting.records
    record = records.get(question.digest, question.record)
    state = _state(record, waiting) if question.digest in records else "withdrawn"
    return Question(waiting.run, waiting.workflow, question.digest, record, state)


def _state(record: WaitRecord, waiting: WaitingRun) -> WaitState:
    if record.state == "open" and not waiting.is_open:
        return "withdrawn"  # the run ended without an answer
    if record.state == "open" and record.deadline is not None and record.deadline < datetime.now(UTC):
        return "expired"
    return record.state


def _token(services: Services, waiting: WaitingRun, known: str, record: WaitRecord) -> str:
    if record.kind == "webhook":
        return known
    return services.approvals.references.make(waiting.run.workflow_id, known)
