"""Feedback to a run: waits by their tokens, and what came before anybody waited."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from pydantic import JsonValue

MAX_EARLY = 1_000


@dataclass(slots=True)
class Wait:
    """One wait for feedback; `payload` counts once it is answered."""

    token: str
    is_answered: bool = False
    payload: JsonValue = None


class FeedbackInbox:
    """Open waits of a run, oldest first, and feedback that came early."""

    def __init__(self) -> None:
        self._waits: dict[str, Wait] = {}
        self._early: deque[JsonValue] = deque()

    def open(self, token: str) -> Wait:
        """Begin to wait; feedback that came without a token before is its answer."""
        wait = Wait(token)
        if self._early:
            wait.is_answered, wait.payload = True, self._early.popleft()
        else:
            self._waits[token] = wait
        return wait

    def close(self, wait: Wait) -> None:
        """Wait no longer."""
        self._waits.pop(wait.token, None)

    def deliver(self, payload: JsonValue, *, token: str | None) -> bool:
        """Answer the wait of a token, without one the oldest; False when it is dropped.

        It is when nobody waits for its token, or when 1,000 without one came before anybody waited.
        """
        if token is None:
            if not self._waits:
                if len(self._early) == MAX_EARLY:
                    return False
                self._early.append(payload)
                return True
            token = next(iter(self._waits))
        wait = self._waits.pop(token, None)
        if wait is None:
            return False
        wait.is_answered, wait.payload = True, payload
        return True
