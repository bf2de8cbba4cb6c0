"""What does the work: each call in a workflow is durable."""

from decimal import Decimal
from hashlib import sha256

from output import step

from .models import Expense


@step
def ask_for_approval(expense: Expense) -> str:
    """Tell the approvers that there is something to decide; returns what they read."""
    # Send a mail or a chat message here.
    return f"{expense.employee} asks for {expense.amount:.2f}: {expense.purpose}"


@step
def pay_back(employee: str, amount: Decimal) -> str:
    """Transfer the money; returns the number of the transfer."""
    # A payment provider takes such a number as a key, so that a retry does not pay twice.
    return sha256(f"{employee} {amount}".encode()).hexdigest()[:12]
