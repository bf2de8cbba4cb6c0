"""An expense that waits for its decision."""

from datetime import timedelta

from output import Approval, ApprovalTimeoutError, query, request_approval, signal, update, workflow

from .models import Comment, Decision, Expense, Outcome, Standing
from .steps import ask_for_approval, pay_back


@workflow(name="approve_expense")
class ApproveExpense:
    """Wait for a decision on an expense, by link or by update, and pay it back if it is approved."""

    def __init__(self) -> None:
        self.employee: str | None = None
        self.comments: list[Comment] = []
        self.decision: Decision | None = None
        self.approval: Approval[Decision] | None = None

    async def run(self, expense: Expense) -> Outcome:
        self.employee = expense.employee
        self.approval = approval = await request_approval(
            f"{expense.employee} asks for {expense.amount:.2f}: {expense.purpose}. Approve?",
            schema=Decision,
            deadline=timedelta(days=expense.days_to_decide),
        )
        await ask_for_approval(expense, approval.link)
        self.decision = await self.wait_for_decision(approval)
        if self.decision is None:
            return Outcome(approved=False, approver=None, payment=None, comments=self.comments)
        payment = await pay_back(expense.employee, expense.amount) if self.decision.approved else None
        return Outcome(
            approved=self.decision.approved, approver=self.decision.approver, payment=payment, comments=self.comments
        )

    async def wait_for_decision(self, approval: Approval[Decision]) -> Decision | None:
        """What was decided by whoever was first; None when nobody did in time."""
        if self.decision is not None:
            return self.decision
        try:
            decision = await approval
        except ApprovalTimeoutError:
            return None
        if decision.approver == self.employee:
            return Decision(approver=decision.approver, approved=False, reason="Nobody approves an own expense.")
        return decision

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
        if self.approval is not None:
            self.approval.respond(decision)  # its link says so from now on
        return self.standing()

    @decide.validator
    def check_decision(self, decision: Decision) -> None:
        if self.decision is not None:
            raise ValueError(f"{self.decision.approver} has decided already.")
        if decision.approver == self.employee:
            raise ValueError("Somebody else has to decide on an own expense.")
