"""Asking a person, by a link that answers this one question, and waiting for the typed answer."""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Literal, TypeVar, cast, overload

from pydantic import BaseModel, Field, JsonValue
from pydantic_core import to_json, to_jsonable_python

from output.authoring.local_runtime import PlainRuntime
from output.authoring.options import ActivityOptions
from output.authoring.runtime.awaiting import must_be_awaited
from output.authoring.runtime.protocol import WorkflowRuntime, current_runtime
from output.authoring.runtime.waits import Parse
from output.authoring.schema.value_type import ValueType
from output.authoring.step import AnyStep, Step
from output.authoring.wait_token import wait_token_step
from output.errors import ApprovalTimeoutError, ApprovalWithdrawnError, FatalError
from output.models.waits import Audit, WaitRecord

T = TypeVar("T")
_LARGEST_SCHEMA = 16 * 1024  # bytes in the run's memo, which comes with every listing of runs
_LONGEST_QUESTION = 4_000


class ApprovalAnswer(BaseModel):
    """The answer to a question that names no other schema: yes or no, and why."""

    approved: bool = Field(title="Approved")
    comment: str = Field("", title="Comment")


class ApprovalNotice(BaseModel):
    """What the step that tells people gets: the question and its link, at first, as a reminder, or for escalation.

    `number` counts from 1; `to` is the name of whom is asked, where one was given.
    """

    kind: Literal["request", "reminder", "escalation"]
    question: str
    link: str
    to: str | None = None
    deadline: datetime | None = None
    number: int = 1


class ApprovalCall(BaseModel):
    """The question as the history has it, without its secret."""

    question: str
    digest: str
    to: str | None = None
    deadline: datetime | None = None


async def ask(call: ApprovalCall) -> str:
    """What the run knows the question by."""
    return call.digest


approval_step = Step(
    ask,
    name="request_approval",
    description="Asks a person a question.",
    options=ActivityOptions(),
    quick=True,
    kind="webhook",
)


@dataclass(slots=True)
class _Plan:
    """Who is asked and told, until when; escalation and reminders move it on."""

    nonce: str
    digest: str
    to: str | None
    escalate_to: str | None
    notify: AnyStep | None
    patience: timedelta | None
    remind_every: timedelta | None
    next_reminder: datetime | None
    expires_at: datetime | None  # with escalation, of the link
    notices: int = 0

    def remind_again(self, now: datetime) -> None:
        self.next_reminder = now + self.remind_every if self.remind_every is not None else None

    def escalate(self, now: datetime) -> None:
        self.to, self.escalate_to = self.escalate_to, None
        self.remind_again(now)


class Approval(Generic[T]):
    """A question that is open: `link` answers it, `await approval` (or `answer()`) gives the typed answer.

    `answered` says who answered, as far as known, when, and from which address.
    """

    def __init__(self, runtime: WorkflowRuntime, record: WaitRecord, *, plan: _Plan, parse: Parse) -> None:
        self._runtime, self._plan = runtime, plan
        self._question = runtime.waits.ask(plan.digest, record, parse)
        self.question: str = record.question or ""

    @property
    def link(self) -> str:
        """The address of the question's page: whoever has it may answer, once.

        Raises FatalError where the key that it was made with is gone.
        """
        link = self._runtime.links.link(
            self._plan.nonce, self._plan.digest, self._runtime.run.workflow_id, expires_at=self._plan.expires_at
        )
        if link is None:
            raise FatalError("The key that this link was made with is no longer in OUTPUT_LINK_SECRET.")
        return link

    @property
    def deadline(self) -> datetime | None:
        """Until when it can be answered, as things stand."""
        return self._question.record.deadline

    @property
    def answered(self) -> Audit | None:
        """Who answered, when, and from which address; None before."""
        return self._question.record.answered

    def __await__(self) -> Generator[object, None, T]:
        return self.answer().__await__()

    @must_be_awaited
    async def answer(self) -> T:
        """Wait for the answer, with reminders and escalation; who stops waiting withdraws the question.

        Raises ApprovalTimeoutError at the deadline, ApprovalWithdrawnError where it was withdrawn.
        """
        try:
            while self._question.state == "open":
                await self._wait()
        finally:
            if self._question.state == "open":
                self._runtime.waits.close(self._plan.digest, "withdrawn")
        if self._question.state == "expired":
            raise ApprovalTimeoutError(self.question)
        if self._question.state == "withdrawn":
            raise ApprovalWithdrawnError(self.question)
        return cast("T", self._question.answer)

    def respond(self, answer: T, *, by: str | None = None) -> None:
        """Answer it from here: for an answer that came another way, such as by a signal, and for plain tests.

        Raises ApprovalWithdrawnError where it is closed already.
        """
        audit = Audit(id=self._runtime.uuid4().hex, at=self._runtime.now(), by=by)
        if not self._runtime.waits.answer(self._plan.digest, to_jsonable_python(answer, by_alias=True), audit):
            raise ApprovalWithdrawnError(self.question)

    def withdraw(self) -> None:
        """Take the question back; its link says so."""
        if self._question.state == "open":
            self._runtime.waits.close(self._plan.digest, "withdrawn")

    async def tell(self, kind: Literal["request", "reminder", "escalation"]) -> None:
        """Have the step that tells people tell them."""
        step = self._plan.notify
        if step is None:
            return
        self._plan.notices += 1
        notice = ApprovalNotice(
            kind=kind,
            question=self.question,
            link=self.link,
            to=self._plan.to,
            deadline=self.deadline,
            number=self._plan.notices,
        )
        await step(notice)

    async def _wait(self) -> None:
        """Until it is answered, or something is due."""
        plan, now = self._plan, self._runtime.now()
        due = [moment for moment in (self.deadline, plan.next_reminder) if moment is not None]
        pause = max(min(due) - now, timedelta()) if due else None
        try:
            await self._runtime.wait_for(lambda: self._question.state != "open", pause)
        except TimeoutError:
            await self._act(self._runtime.now())

    async def _act(self, now: datetime) -> None:
        plan = self._plan
        if self.deadline is not None and now >= self.deadline:
            if plan.escalate_to is None:
                self._runtime.waits.close(plan.digest, "expired")
                return
            plan.escalate(now)
            self._runtime.waits.change(plan.digest, to=plan.to, deadline=plan.expires_at)
            await self.tell("escalation")
        elif plan.next_reminder is not None and now >= plan.next_reminder:
            plan.remind_again(now)
            await self.tell("reminder")


@overload
async def request_approval(
    question: str,
    *,
    schema: type[T],
    to: str | None = None,
    deadline: timedelta | None = None,
    notify: AnyStep | None = None,
    remind_every: timedelta | None = None,
    escalate_to: str | None = None,
) -> Approval[T]: ...
@overload
async def request_approval(
    question: str,
    *,
    to: str | None = None,
    deadline: timedelta | None = None,
    notify: AnyStep | None = None,
    remind_every: timedelta | None = None,
    escalate_to: str | None = None,
) -> Approval[ApprovalAnswer]: ...
@must_be_awaited
async def request_approval(
    question: str,
    *,
    schema: type[object] = ApprovalAnswer,
    to: str | None = None,
    deadline: timedelta | None = None,
    notify: AnyStep | None = None,
    remind_every: timedelta | None = None,
    escalate_to: str | None = None,
) -> Approval[object]:
    """Ask a person; gives the open question, whose `link` answers it, and which is awaited for the typed answer.

    `schema` is what the answer is parsed as, and what the page's form is made of; without it an ApprovalAnswer. `to`
    names who is asked. The step `notify` is called with an ApprovalNotice at once, again every `remind_every`, and once
    more for `escalate_to`, who is asked when the `deadline` has passed, for as long again. Without an answer by then:
    ApprovalTimeoutError.

    Example:
        @workflow
        async def publish(title: str) -> str:
            approval = await request_approval(f"Publish {title!r}?", deadline=timedelta(days=2))
            logger.info("Answer at %s", approval.link)
            decision = await approval
            return "published" if decision.approved else "kept back"
    """
    # A workflow that talks is a plain class in a test: there the question is asked of nobody.
    runtime = current_runtime() or PlainRuntime("plain", lambda args, kwargs: b"null")
    _check(question, deadline=deadline, notify=notify, remind_every=remind_every, escalate_to=escalate_to)
    value_type = ValueType[object](schema, label="The answer", path="answer")
    now = runtime.now()
    until = None if deadline is None else now + deadline
    runtime.shows_waits()  # the mark by which listings find the run
    nonce = await wait_token_step()
    digest = await approval_step(
        ApprovalCall(question=question, digest=runtime.links.digest(nonce), to=to, deadline=until)
    )
    plan = _Plan(
        nonce=nonce,
        digest=digest,
        to=to,
        escalate_to=escalate_to,
        notify=notify,
        patience=deadline,
        remind_every=remind_every,
        next_reminder=None if remind_every is None else now + remind_every,
        expires_at=None if until is None or deadline is None else until + deadline * (escalate_to is not None),
    )
    record = WaitRecord(
        kind="approval",
        since=now,
        deadline=until,
        question=question,
        to=to,
        answer_schema=_small(value_type.schema("validation")),
    )
    approval = Approval[object](runtime, record, plan=plan, parse=lambda value: value_type.parse_json(to_json(value)))
    await approval.tell("request")
    return approval


def _check(
    question: str,
    *,
    deadline: timedelta | None,
    notify: AnyStep | None,
    remind_every: timedelta | None,
    escalate_to: str | None,
) -> None:
    if not 1 <= len(question) <= _LONGEST_QUESTION:
        raise ValueError(f"The question has {len(question)} characters; give 1 to {_LONGEST_QUESTION}.")
    for name, span in (("deadline", deadline), ("remind_every", remind_every)):
        if span is not None and span <= timedelta():
            raise ValueError(f"{name} is {span}; give a positive timedelta.")
    if remind_every is not None and notify is None:
        raise ValueError("remind_every needs somebody to tell: give a step that sends the reminders as `notify=`.")
    if escalate_to is not None and deadline is None:
        raise ValueError("escalate_to is asked when the deadline has passed: give a `deadline=`.")


def _small(schema: dict[str, JsonValue] | None) -> dict[str, JsonValue] | None:
    return schema if len(json.dumps(schema)) <= _LARGEST_SCHEMA else None
