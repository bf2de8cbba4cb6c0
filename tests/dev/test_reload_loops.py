"""A file that every start of the worker writes anew."""

from __future__ import annotations

from output.dev.reload_loops import ReloadLoops


def test_the_fourth_change_within_moments_is_a_loop_and_told_once() -> None:
    loops = ReloadLoops()
    found = [loops.find(["made.py", "other.py"] if turn == 3 else ["made.py"], float(turn)) for turn in range(6)]

    assert [sorted(each.names) for each in found] == [[], [], [], ["made.py"], ["made.py"], ["made.py"]]
    assert [each.is_news for each in found] == [False, False, False, True, False, False]


def test_a_file_that_a_person_saves_now_and_then_is_none() -> None:
    loops = ReloadLoops()

    assert not any(loops.find(["steps.py"], turn * 6.0) for turn in range(20))
