"""An expense that waits for its decision."""

import asyncio
from datetime import timedelta

from output import query, signal, update, workflow

from .models import Comment, Decision, Expense, Outcome, Standing
from .steps import ask_for_approval, pay_back


@workflow(name="approve_expense")
class ApproveExpense:
    """Wait for a decision on an expense, and pay it back if it is approved."""

    def __init__(self) -> None:
        self.employee: str | None = None
        self.comments: list[Comment] = []
        self.decision: Decision | None = None
        self.decided = asyncio.Event()

    async def run(self, expense: Expense) -> Outcome:
        self.employee = expense.employee
        await ask_for_approval(expense)
        try:
            async with asyncio.timeout(timedelta(days=expense.days_to_decide).total_seconds()):
                await self.decided.wait()
        except TimeoutError:
            return Outcome(approved=False, approver=None, payment=None, comments=self.comments)
        assert self.decision is not None
        payment = await pay_back(expense.employee, expense.amount) if self.decision.approved else None
        return Outcome(
            approved=self.decision.approved, approver=self.decision.approver, payment=payment, comments=self.comments
        )

    @signal
    def comment(self, comment: Comment) -> None:
        """Say something about it."""
        self.comments.append(comment)

    @query
    def standing(self) -> Standing:
        """Where it stands."""
        return Standing(state="decided" if self.decision else "waiting", comments=self.comments)

    @update
    async def decide(self, decision: Decision) -> Standing:
        """Approve or decline it."""
        self.decision = decision
        self.decided.set()
        return self.standing()

    @decide.validator
    def check_decision(self, decision: Decision) -> None:
        if self.decision is not None:
            raise ValueError(f"{self.decision.approver} has decided already.")
        if decision.approver == self.employee:
            raise ValueError("Somebody else has to decide on an own expense.")
