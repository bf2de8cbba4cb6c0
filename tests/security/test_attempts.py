"""Guesses are slowed down by address, and by nothing else."""

from __future__ import annotations

from output.security.attempts import Attempts


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def _waits(attempts: Attempts, address: str, count: int) -> list[float]:
    return [round(attempts.begin(address).wait.total_seconds(), 3) for _ in range(count)]


def test_twenty_guesses_are_free_and_then_each_waits_longer_up_to_a_second() -> None:
    clock = Clock()
    attempts = Attempts(clock)
    assert _waits(attempts, "10.0.0.1", 20) == [0.0] * 20

    waits: list[float] = []
    for _ in range(7):
        waits += _waits(attempts, "10.0.0.1", 1)
        clock.now += waits[-1]
    assert waits == [0.1, 0.2, 0.4, 0.8, 1.0, 1.0, 1.0]


def test_guesses_at_once_queue_up_and_those_that_would_wait_over_five_seconds_are_sent_away() -> None:
    attempts = Attempts(Clock())
    turns = [attempts.begin("10.0.0.1") for _ in range(1000)]
    admitted = [turn for turn in turns if turn.admitted]

    assert 20 < len(admitted) < 32
    assert max(turn.wait.total_seconds() for turn in admitted) <= 5
    assert min(turn.wait.total_seconds() for turn in turns if not turn.admitted) > 5


def test_ten_thousand_guesses_one_after_the_other_take_hours() -> None:
    clock = Clock()
    attempts = Attempts(clock)
    started = clock.now
    for _ in range(10_000):
        clock.now += attempts.begin("10.0.0.1").wait.total_seconds()
    assert clock.now - started > 9_900


def test_other_addresses_do_not_wait_and_a_network_of_ipv6_is_one_address() -> None:
    attempts = Attempts(Clock())
    _waits(attempts, "10.0.0.1", 25)
    _waits(attempts, "2001:db8:1:2::1", 25)

    assert _waits(attempts, "10.0.0.2", 1) == [0.0]
    assert _waits(attempts, "2001:db8:1:3::1", 1) == [0.0]
    assert _waits(attempts, "2001:db8:1:2:ffff::9", 1) > [0.0]
    assert _waits(attempts, "::ffff:10.0.0.1", 1) > [0.0]


def test_what_was_right_does_not_count_and_a_minute_without_guesses_is_forgotten() -> None:
    clock = Clock()
    attempts = Attempts(clock)
    for _ in range(100):
        assert attempts.begin("10.0.0.1").wait.total_seconds() == 0
        attempts.forgive("10.0.0.1")

    _waits(attempts, "10.0.0.1", 25)
    clock.now += 61
    assert _waits(attempts, "10.0.0.1", 1) == [0.0]
