"""How long a child that dies is believed in."""

from datetime import timedelta

from output.supervision.restart_policy import RestartPolicy


def test_pauses_double_and_the_fifth_death_in_thirty_seconds_is_the_last() -> None:
    restarts = RestartPolicy()

    pauses = [restarts.record(now, was_ready=True) for now in (0.0, 1.0, 2.0, 3.0, 4.0)]

    assert pauses == [*(timedelta(milliseconds=ms) for ms in (200, 400, 800, 1600)), None]
    assert restarts.count == 5


def test_deaths_of_long_ago_are_forgotten() -> None:
    restarts = RestartPolicy()

    pauses = [restarts.record(now, was_ready=True) for now in (0.0, 31.0, 62.0, 93.0, 124.0, 155.0)]

    assert pauses == [timedelta(milliseconds=200)] * 6


def test_a_child_that_never_gets_ready_is_given_up_after_three_slow_deaths() -> None:
    restarts = RestartPolicy()

    pauses = [restarts.record(now, was_ready=False) for now in (0.0, 40.0, 80.0)]

    assert pauses == [timedelta(milliseconds=200), timedelta(milliseconds=200), None]
    assert restarts.count == 3


def test_getting_ready_once_is_enough_to_be_believed_in_again() -> None:
    restarts = RestartPolicy()

    for now in (0.0, 40.0):
        restarts.record(now, was_ready=False)

    assert restarts.record(80.0, was_ready=True) is not None
    assert restarts.record(120.0, was_ready=False) is not None
