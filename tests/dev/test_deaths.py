"""How long a child that dies is believed in."""

from datetime import timedelta

from output.dev.deaths import Deaths


def test_pauses_double_and_the_fifth_death_in_thirty_seconds_is_the_last() -> None:
    deaths = Deaths()

    pauses = [deaths.record(now) for now in (0.0, 1.0, 2.0, 3.0, 4.0)]

    assert pauses == [*(timedelta(milliseconds=ms) for ms in (200, 400, 800, 1600)), None]
    assert deaths.count == 5


def test_deaths_of_long_ago_are_forgotten() -> None:
    deaths = Deaths()

    pauses = [deaths.record(now) for now in (0.0, 31.0, 62.0, 93.0, 124.0, 155.0)]

    assert pauses == [timedelta(milliseconds=200)] * 6
