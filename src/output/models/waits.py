"""What runs wait for from people: as listings show it, and as a run's memo keeps it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AliasChoices, Field, JsonValue

from output.models.wire_model import Instant, WireModel

WaitState = Literal["open", "answered", "expired", "withdrawn"]
AnswerSchema = Annotated[
    dict[str, JsonValue] | None,
    Field(validation_alias=AliasChoices("schema", "answer_schema"), serialization_alias="schema"),
]
MEMO_KEY = "waits"  # of a run: its waits by what it knows them by


class Audit(WireModel):
    """Who answered, as far as known, when, and from which address; `id` tells one answer from another."""

    id: str
    at: Instant
    by: str | None = None
    address: str | None = None


class Refusal(WireModel):
    """Why the workflow took an answer back: it did not fit."""

    id: str
    message: str


class WaitRecord(WireModel):
    """A wait in the memo of its run; `answer_schema` is there while it is open, unless it is very large."""

    kind: Literal["approval", "webhook"]
    state: WaitState = "open"
    since: Instant
    deadline: Instant | None = None
    question: str | None = None
    to: str | None = None
    answer_schema: AnswerSchema = None
    answered: Audit | None = None
    refused: Refusal | None = None


class Wait(WireModel):
    """What a run waits for: `token` answers it by feedback, and for a question also as its link does."""

    token: str
    question: str | None = None
    since: Instant
    deadline: Instant | None = None
    answer_schema: AnswerSchema = None
    to: str | None = None


class RunWait(Wait):
    """The same, and whose wait it is."""

    workflow_id: str
    run_id: str
    workflow_type: str


class FeedbackSignal(WireModel):
    """Feedback on its way to the workflow."""

    payload: JsonValue = None
    token: str | None = None
    audit: Audit | None = None


class Question(WireModel):
    """A question as its link shows it, and where it stands."""

    state: WaitState
    question: str | None = None
    since: Instant
    deadline: Instant | None = None
    answer_schema: AnswerSchema = None
    to: str | None = None
