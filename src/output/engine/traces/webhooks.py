"""Waits for feedback: a step that posts the question, then silence until the answer or the end of patience."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from temporalio.api.common.v1 import Payloads

from output.engine.payloads.converter import load_json, payload_json

WEBHOOK = "webhook"


@dataclass(slots=True)
class WebhookWait:
    """One wait, by the event that scheduled its post; `timer` is the event of the timer that bounds it."""

    scheduled_id: int
    is_posted: bool = False
    is_answered: bool = False
    task: int | None = None
    timer: int | None = None


@dataclass(slots=True)
class AskedQuestion:
    """A question to a person that is open, by the event that asked it, and the latest answer to it."""

    event_id: int
    answer: bytes | None = None


class Webhooks:
    """The waits of one run, oldest first, as the workflow's own mailbox keeps them."""

    def __init__(self) -> None:
        self._waits: dict[str, WebhookWait] = {}
        self._early = 0

    def begin(self, scheduled_id: int, given: Payloads) -> None:
        """A question is about to be posted; feedback that came before anybody asked is its answer."""
        token = _facts(given).get("token")
        wait = WebhookWait(scheduled_id)
        if self._early:
            self._early -= 1
            wait.is_answered = True
        self._waits[str(token)] = wait

    def posted(self, scheduled_id: int) -> bool:
        """The question was posted; whether it was answered already."""
        for token, wait in self._waits.items():
            if wait.scheduled_id == scheduled_id:
                wait.is_posted = True
                if wait.is_answered:
                    del self._waits[token]
                return wait.is_answered
        return True

    def answered(self, given: Payloads) -> WebhookWait | None:
        """Whose answer a feedback is; None for one that nobody waits for yet."""
        token = _facts(given).get("token")
        waiting = [known for known, wait in self._waits.items() if not wait.is_answered]
        found = str(token) if token is not None else next(iter(waiting), None)
        if found is None or found not in waiting:
            self._early += token is None
            return None
        wait = self._waits[found]
        wait.is_answered = True
        if wait.is_posted:
            del self._waits[found]
        return wait

    def task_completed(self, event_id: int) -> None:
        """The workflow has run: what it does in this task follows from what it then knew."""
        for wait in self._waits.values():
            if wait.is_posted and wait.task is None:
                wait.task = event_id

    def bounded(self, timer: int, task: int) -> bool:
        """Whether a timer is the patience of a wait: the one started in the task that learned of the post."""
        for wait in self._waits.values():
            if wait.task == task and wait.timer is None:
                wait.timer = timer
                return True
        return False

    def ran_out(self, timer: int) -> WebhookWait | None:
        """The wait that a fired timer ends."""
        for token, wait in self._waits.items():
            if wait.timer == timer:
                return self._waits.pop(token)
        return None


def feedback_payload(given: Payloads) -> object:
    """What was answered."""
    return _facts(given).get("payload")


def feedback_token(given: Payloads) -> object:
    """Which wait was answered."""
    return _facts(given).get("token")


def _facts(given: Payloads) -> Mapping[str, object]:
    try:
        value = load_json(payload_json(given.payloads[0])) if given.payloads else None
    except ValueError:
        return {}
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}
