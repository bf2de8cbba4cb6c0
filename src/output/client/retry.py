"""When a request is sent again, and what an answer means: one policy for every way of sending."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from output.backoff import Backoff
from output.client.request import NoResponse, Outcome, Request, Response, Server
from output.errors import OutputError, ServerNotReachableError, UnexpectedResponseError

# These say that nothing was begun: the engine turned the request away, or there was no catalog to look the name up in.
_UNDONE = frozenset({"EngineBusyError", "CatalogNotAvailableError"})
_PASSING = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """How often a request is sent in all, and how long between: doubling pauses, half of each left to chance.

    A `Retry-After` is kept up to `longest_pause`; a server that asks for more is not asked again.

    Example:
        patient = Retries(attempts=10, longest_pause=timedelta(seconds=30))
        assert patient.pause(1) <= timedelta(milliseconds=200)
    """

    attempts: int = 5
    first_pause: timedelta = timedelta(milliseconds=200)
    longest_pause: timedelta = timedelta(seconds=5)

    def pause(self, attempt: int) -> timedelta:
        """How long to wait after this attempt, counted from 1."""
        return Backoff(first=self.first_pause, longest=self.longest_pause, spread=0.5).pause(attempt)


def next_pause(request: Request, outcome: Outcome, *, attempt: int, retries: Retries) -> timedelta | None:
    """How long to wait before the request is sent again, or None when this outcome stands."""
    if attempt >= retries.attempts or not _may_repeat(request, outcome):
        return None
    asked = _retry_after(outcome) if isinstance(outcome, Response) else None
    if asked is None:
        return retries.pause(attempt)
    return asked if asked <= retries.longest_pause else None


def accept(outcome: Outcome, *, server: Server) -> Response:
    """The answer, if it is a good one; raises the error that the server raised, or ServerNotReachableError."""
    if isinstance(outcome, NoResponse):
        proxy = server.proxy
        reason = outcome.reason if proxy is None else f"{outcome.reason}, through the proxy {proxy}"
        raise ServerNotReachableError(server.url, reason=reason)
    if outcome.status < 300 and (not outcome.body or is_of_type(outcome, "application/json")):
        return outcome
    body = _error_body(outcome) if outcome.status >= 400 else None
    if body is None:
        raise UnexpectedResponseError(server.url, response_status=outcome.status)
    raise OutputError.from_body(body, retry_after=_retry_after(outcome))


def is_of_type(response: Response, content_type: str) -> bool:
    """Whether an answer's body is of this type, whatever its parameters."""
    return response.headers.get("content-type", "").split(";")[0].strip().lower() == content_type


def _may_repeat(request: Request, outcome: Outcome) -> bool:
    if isinstance(outcome, NoResponse):
        return request.repeat == "always" or not outcome.sent
    if outcome.status not in _PASSING:
        return False
    if request.repeat == "always":
        return True
    body = _error_body(outcome)
    return body is not None and body["error"] in _UNDONE


def _retry_after(response: Response) -> timedelta | None:
    seconds = response.headers.get("retry-after", "")
    return timedelta(seconds=int(seconds)) if seconds.isdecimal() else None


def _error_body(response: Response) -> Mapping[str, object] | None:
    try:
        body: object = json.loads(response.body)
    except ValueError:
        return None
    if not isinstance(body, dict) or "error" not in body:
        return None
    return cast("Mapping[str, object]", body)
