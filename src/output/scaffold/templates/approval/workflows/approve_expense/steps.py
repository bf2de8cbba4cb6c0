"""What does the work: each call in a workflow is durable."""

from decimal import Decimal
from hashlib import sha256

from output import logger, step

from .models import Expense


@step
def ask_for_approval(expense: Expense, link: str) -> None:
    """Tell the approvers that there is something to decide, and where."""
    # Send a mail or a chat message with the link here: whoever has it may decide, once, without an account.
    logger.info("%s asks for %.2f: %s", expense.employee, expense.amount, expense.purpose)
    logger.info("Decide at %s", link)


@step
def pay_back(employee: str, amount: Decimal) -> str:
    """Transfer the money; returns the number of the transfer."""
    # A payment provider takes such a number as a key, so that a retry does not pay twice.
    return sha256(f"{employee} {amount}".encode()).hexdigest()[:12]
