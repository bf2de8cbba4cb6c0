"""Questions to people: reminders, escalation, the end of patience, and what does not fit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from output import (
    ApprovalNotice,
    ApprovalTimeoutError,
    ApprovalWithdrawnError,
    now,
    request_approval,
    step,
    workflow,
)
from output.testing import start_environment

TOLD: list[ApprovalNotice] = []


@step
async def tell(notice: ApprovalNotice) -> None:
    TOLD.append(notice)


@workflow
async def patient(number: int) -> str:
    approval = await request_approval(
        f"Number {number}?",
        to="Ann",
        notify=tell,
        deadline=timedelta(hours=5),
        remind_every=timedelta(hours=2),
        escalate_to="Bob",
    )
    begun = now()
    try:
        await approval
    except ApprovalTimeoutError:
        return f"nobody in {(now() - begun).total_seconds() / 3600:.0f} h"
    return "somebody"


@workflow
async def mind_changed() -> str:
    approval = await request_approval("Shall we?")
    approval.withdraw()
    try:
        await approval
    except ApprovalWithdrawnError as error:
        return str(error)
    return "answered"


async def test_it_reminds_then_asks_somebody_else_then_gives_up() -> None:
    TOLD.clear()
    async with start_environment(workflows=[patient], time_skipping=True) as environment:
        assert await environment.run(patient, 7) == "nobody in 10 h"

    assert [(notice.kind, notice.to, notice.number) for notice in TOLD] == [
        ("request", "Ann", 1),
        ("reminder", "Ann", 2),
        ("reminder", "Ann", 3),
        ("escalation", "Bob", 4),
        ("reminder", "Bob", 5),
        ("reminder", "Bob", 6),
    ]
    assert len({notice.link for notice in TOLD}) == 1
    assert TOLD[0].question == "Number 7?"


async def test_a_withdrawn_question_raises(engine_address: str) -> None:
    async with start_environment(workflows=[mind_changed], address=engine_address) as environment:
        assert await environment.run(mind_changed) == "The question was withdrawn: Shall we?"


async def ask(**options: Any) -> None:
    @workflow
    async def asking() -> None:
        await request_approval(options.pop("question", "Well?"), **options)

    await asking()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"question": ""}, "The question has 0 characters"),
        ({"deadline": timedelta()}, "deadline is 0:00:00"),
        ({"remind_every": timedelta(hours=1)}, "give a step that sends the reminders"),
        ({"escalate_to": "Bob"}, "give a `deadline=`"),
    ],
)
async def test_what_does_not_fit_is_a_value_error(options: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        await ask(**options)
