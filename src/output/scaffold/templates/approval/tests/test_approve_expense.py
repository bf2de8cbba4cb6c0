"""A workflow that talks is a plain class in a test: no engine, no server."""

import asyncio
from decimal import Decimal

import pytest

from workflows.approve_expense.models import Comment, Decision, Expense
from workflows.approve_expense.workflow import ApproveExpense

EXPENSE = Expense(employee="Robin", purpose="Train to the customer", amount=Decimal("128.40"))


async def test_an_approved_expense_is_paid_back() -> None:
    expense = ApproveExpense.implementation()
    running = asyncio.create_task(expense.run(EXPENSE))
    expense.comment(Comment(author="Kim", text="Is there a cheaper one?"))
    assert expense.standing().state == "waiting"

    await expense.decide(Decision(approver="Kim", approved=True))
    outcome = await asyncio.wait_for(running, timeout=5)

    assert (outcome.approved, outcome.approver) == (True, "Kim")
    assert outcome.payment is not None
    assert [comment.author for comment in outcome.comments] == ["Kim"]


async def test_a_declined_expense_is_not_paid() -> None:
    expense = ApproveExpense.implementation()
    running = asyncio.create_task(expense.run(EXPENSE))

    await expense.decide(Decision(approver="Kim", approved=False, reason="Take the bus."))

    assert (await asyncio.wait_for(running, timeout=5)).payment is None


async def test_the_answer_of_the_link_counts_too() -> None:
    expense = ApproveExpense.implementation()
    running = asyncio.create_task(expense.run(EXPENSE))
    while expense.approval is None:
        await asyncio.sleep(0)

    expense.approval.respond(Decision(approver="Robin", approved=True))
    outcome = await asyncio.wait_for(running, timeout=5)

    assert (outcome.approved, outcome.approver) == (False, "Robin")  # nobody approves an own expense


async def test_nobody_decides_on_an_own_expense() -> None:
    expense = ApproveExpense.implementation()
    expense.employee = "Robin"

    with pytest.raises(ValueError, match="Somebody else"):
        expense.check_decision(Decision(approver="Robin", approved=True))


async def test_an_expense_that_nobody_decides_is_declined() -> None:
    expense = ApproveExpense.implementation()

    outcome = await expense.run(EXPENSE.model_copy(update={"days_to_decide": 1e-7}))

    assert (outcome.approved, outcome.approver) == (False, None)
