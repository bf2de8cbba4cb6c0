"""Slots and starts as the limit workflow gives them out; times are made up."""

from __future__ import annotations

from output.worker.execution.limit_workflow import LEASE, Demand, Grant, LimitState, SyncRequest


def _ask(
    state: LimitState,
    holder: str,
    now: float,
    *,
    running: int = 0,
    waiting: int = 0,
    starts: int = 0,
    concurrency: int | None = 5,
    interval: float | None = None,
) -> Grant:
    demand = Demand(running=running, waiting=waiting, starts=starts)
    request = SyncRequest(holder=holder, concurrency=concurrency, interval=interval, demands={"": demand})
    return state.sync(request, now)[""]


def test_slots_of_all_together_are_the_limit() -> None:
    state = LimitState()
    assert [_ask(state, holder, 0, waiting=3).slots for holder in "abc"] == [3, 2, 0]


def test_what_runs_is_never_taken_away() -> None:
    state = LimitState()
    assert _ask(state, "a", 0, waiting=9).slots == 5
    assert _ask(state, "b", 1, waiting=9).slots == 0
    assert _ask(state, "a", 9, running=5, waiting=9).slots == 5


def test_who_has_nothing_gets_its_share_when_attempts_end() -> None:
    state = LimitState()
    _ask(state, "a", 0, waiting=9)
    _ask(state, "b", 1, waiting=9)
    assert _ask(state, "a", 1.5, running=2, waiting=9).slots == 3
    assert _ask(state, "b", 2, waiting=9).slots == 2


def test_slots_of_who_is_silent_are_free_after_the_lease_and_not_before() -> None:
    state = LimitState()
    _ask(state, "dead", 0, waiting=5)
    assert _ask(state, "b", LEASE - 1, waiting=5).slots == 0
    assert _ask(state, "b", LEASE + 1, waiting=5).slots == 5


def test_one_slot_goes_round_among_many() -> None:
    state = LimitState()
    assert _ask(state, "a", 0, waiting=9, concurrency=1).slots == 1
    assert _ask(state, "b", 1, waiting=9, concurrency=1).slots == 0
    assert _ask(state, "a", 3, waiting=8, concurrency=1).slots == 0
    assert _ask(state, "b", 3.5, waiting=9, concurrency=1).slots == 1


def test_starts_are_spread_evenly_whoever_asks() -> None:
    state = LimitState()
    first = _ask(state, "a", 0, starts=3, waiting=3, concurrency=None, interval=0.25).starts
    second = _ask(state, "b", 0, starts=9, waiting=9, concurrency=None, interval=0.25).starts
    assert (first, second) == ([0.0, 0.25, 0.5], [0.75, 1.0])
    assert _ask(state, "a", 0.5, starts=1, waiting=1, concurrency=None, interval=0.25).starts == [0.75]


def test_what_one_run_knows_the_next_one_knows() -> None:
    state = LimitState()
    _ask(state, "a", 0, waiting=4)
    assert _ask(LimitState.load(state.dump()), "b", 1, waiting=4).slots == 1
