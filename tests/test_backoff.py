"""Pauses grow to a bound, and are spread."""

from __future__ import annotations

from datetime import timedelta

import pytest

from output.backoff import Backoff
from output.engine.history.absence import Absence
from output.errors import EngineBusyError, EngineNotAvailableError, HandlerNotFoundError

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("factor", "pauses"), [(2.0, [1, 2, 4, 5, 5]), (1.5, [1, 1.5, 2.25, 3.375, 5]), (1.0, [1, 1, 1, 1, 1])]
)
def test_pauses_grow_by_their_factor_up_to_the_longest(factor: float, pauses: list[float]) -> None:
    backoff = Backoff(first=SECOND, longest=SECOND * 5, factor=factor)

    assert [backoff.pause(attempt).total_seconds() for attempt in range(1, 6)] == pauses


def test_a_thousandth_attempt_waits_no_longer_than_the_longest() -> None:
    assert Backoff(first=SECOND, longest=SECOND * 5).pause(1_000) == SECOND * 5


def test_a_spread_pause_is_never_longer_and_differs() -> None:
    backoff = Backoff(first=SECOND, longest=SECOND, spread=0.5)
    pauses = {backoff.pause(1) for _ in range(100)}

    assert len(pauses) > 50
    assert all(SECOND / 2 <= pause <= SECOND for pause in pauses)


def test_an_engine_that_is_away_is_waited_for_until_it_was_away_too_long() -> None:
    absence, error = Absence(longest=SECOND * 0), EngineNotAvailableError()
    with pytest.raises(EngineNotAvailableError):
        absence.pause(error)
    patient = Absence()

    assert [patient.pause(each) for each in (error, EngineBusyError(), error)] == [0.1, 0.2, 0.4]
    patient.reset()
    assert patient.pause(error) == 0.1


def test_what_waiting_does_not_mend_is_raised_at_once() -> None:
    with pytest.raises(HandlerNotFoundError):
        Absence().pause(HandlerNotFoundError("query", "x", known=()))
