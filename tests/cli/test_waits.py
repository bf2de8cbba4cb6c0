"""`output workflow waits` and `answer` against a real server."""

from __future__ import annotations

import json
from typing import Any

from tests.support.command import Command
from tests.support.waiting import wait_until

KIM = '{"approver": "Kim", "approved": true}'


def test_a_question_is_listed_and_answered(output: Command) -> None:
    output("workflow", "start", "approve_expense", "train_ticket", "--workflow-id", "asked-1")

    def waits(*words: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(output("workflow", "waits", *words, "--format", "json").out)
        return [each for each in found if each.get("workflowId", "asked-1") == "asked-1"]

    wait_until(lambda: waits("asked-1"), "the question")
    wait_until(waits, "the question among all")
    shown = output("workflow", "waits", "asked-1")
    answered = output("workflow", "answer", "asked-1", KIM)
    result = output("workflow", "result", "asked-1", "--wait", "20")
    nothing = output("workflow", "answer", "asked-1", KIM)

    assert "Robin asks for 128.40: Train to the customer. Approve?" in shown.out
    assert (answered.code, answered.out) == (0, "asked-1 has the answer\n")
    assert json.loads(result.out)["approver"] == "Kim"
    assert (nothing.code, "waits for nothing" in nothing.err) == (2, True)
    assert waits("asked-1") == []
