"""A stream token opens the stream of its run, for its time, and nothing else."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from starlette.types import Scope

from output.api.sse.tokens import StreamTokens
from output.models.references import RunRef

RUN = RunRef("order 7", "run-1")
TOKENS = StreamTokens(["secret"], ttl=timedelta(minutes=5))


def request(path: str, query: str, method: str = "GET") -> Scope:
    return {"type": "http", "method": method, "path": path, "query_string": query.encode()}


def test_it_says_when_it_ends() -> None:
    left = TOKENS.issue(RUN).expires_at - datetime.now(UTC)

    assert timedelta(minutes=4) < left <= timedelta(minutes=5)


@pytest.mark.parametrize(
    ("asked", "opened"),
    [
        (RUN, RUN),
        (RunRef("order 7"), RUN),
        (RunRef("order 7", "run-2"), None),
        (RunRef("order 8"), None),
    ],
)
def test_it_opens_its_run_by_id_or_as_the_latest(asked: RunRef, opened: RunRef | None) -> None:
    assert TOKENS.opens(TOKENS.issue(RUN).token, asked) == opened


def test_it_ends_with_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    token = TOKENS.issue(RUN).token
    later = time.time() + 301
    monkeypatch.setattr(time, "time", lambda: later)

    assert TOKENS.opens(token, RUN) is None


@pytest.mark.parametrize(
    ("path", "method", "passes"),
    [
        ("/workflow/order 7/history/stream", "GET", True),
        ("/workflow/order 7/runs/run-1/history/stream", "GET", True),
        ("/workflow/order 7/runs/run-2/history/stream", "GET", False),
        ("/workflow/order 8/history/stream", "GET", False),
        ("/workflow/order 7/history/stream", "POST", False),
        ("/workflow/order 7/history", "GET", False),
        ("/workflow/order 7/history/stream/more", "GET", False),
    ],
)
def test_it_admits_to_one_route(path: str, method: str, passes: bool) -> None:
    token = TOKENS.issue(RUN).token

    assert (TOKENS.recognize(request(path, f"token={token}", method)) is not None) is passes


def test_two_tokens_or_none_admit_nobody() -> None:
    token, path = TOKENS.issue(RUN).token, "/workflow/order 7/history/stream"

    assert not TOKENS.recognize(request(path, ""))
    assert not TOKENS.recognize(request(path, f"token={token}&token={token}"))


def test_a_servers_new_secret_still_takes_tokens_of_the_old_one() -> None:
    token = TOKENS.issue(RUN).token

    assert StreamTokens(["new", "secret"], ttl=timedelta(minutes=1)).opens(token, RUN) == RUN
    assert StreamTokens(["new"], ttl=timedelta(minutes=1)).opens(token, RUN) is None
