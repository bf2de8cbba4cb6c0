"""How children are kept, replaced and stopped, with stand-ins that start in a moment."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Generator
from pathlib import Path

import psutil
import pytest

from output.supervision.log_stream import TITLES, Source
from tests.support.dev_terminal import LightDev, wait_until_gone


@pytest.fixture
def start(tmp_path: Path) -> Generator[Callable[..., LightDev]]:
    """Starts a light `output dev`, which ends with the test."""
    running: list[LightDev] = []

    def start_light(**behaviours: str) -> LightDev:
        running.append(LightDev(tmp_path, **behaviours))
        return running[-1]

    yield start_light
    for dev in running:
        dev.close()


def _everybody(dev: LightDev) -> set[int]:
    return {child.pid for child in psutil.Process(dev.process.pid).children(recursive=True)}


def test_lines_of_all_children_come_in_one_stream_with_their_source(start: Callable[..., LightDev]) -> None:
    dev = start()
    dev.wait_ready()

    for role in ("engine", "worker", "api"):
        dev.wait_for(rf"^{role:<6} │ hello from {role}: ready$")


def test_ctrl_c_stops_in_order(start: Callable[..., LightDev]) -> None:
    dev = start()
    dev.wait_ready()
    children = _everybody(dev)

    dev.press_ctrl_c()

    assert dev.wait() == 0
    assert [who for who, what, _ in dev.events if what == "stopped"] == ["worker", "api", "engine"]
    assert wait_until_gone(children) == set()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_it_stops_in_order_when_it_is_told_to_or_its_terminal_is_closed(
    start: Callable[..., LightDev], number: signal.Signals
) -> None:
    dev = start()
    dev.wait_ready()

    dev.process.send_signal(number)

    assert dev.wait() == 0
    assert [who for who, what, _ in dev.events if what == "stopped"] == ["worker", "api", "engine"]


def test_a_second_ctrl_c_kills_what_does_not_stop(start: Callable[..., LightDev]) -> None:
    dev = start(worker="stubborn")
    dev.wait_ready()
    children = _everybody(dev)

    dev.press_ctrl_c()
    assert wait_until_gone(children, seconds=0.5) != set()
    dev.press_ctrl_c()

    assert dev.wait() == 130
    assert wait_until_gone(children) == set()


def test_kill_9_leaves_nobody_behind_not_even_what_children_started(start: Callable[..., LightDev]) -> None:
    dev = start(worker="spawn")
    dev.wait_ready()
    everybody = _everybody(dev)
    assert set(dev.pids("grandchild")) < everybody

    dev.process.kill()

    assert wait_until_gone(everybody) == set()


def test_kill_9_of_it_and_of_its_watchdog_leaves_no_child_behind_on_linux(start: Callable[..., LightDev]) -> None:
    if not Path("/proc").exists():
        pytest.skip("only Linux's kernel does this part")
    dev = start()
    dev.wait_ready()
    everybody = _everybody(dev)
    watchdog = next(child for child in psutil.Process(dev.process.pid).children() if "-I" in child.cmdline())

    dev.process.send_signal(signal.SIGSTOP)
    watchdog.kill()
    dev.process.kill()

    assert wait_until_gone(everybody) == set()


def test_a_stopped_worker_takes_along_what_it_started(start: Callable[..., LightDev]) -> None:
    dev = start(worker="spawn")
    dev.wait_ready()

    dev.press_ctrl_c()

    assert dev.wait() == 0
    assert wait_until_gone(set(dev.pids("grandchild"))) == set()


def test_saving_a_file_brings_a_new_worker_before_the_old_one_stops(start: Callable[..., LightDev]) -> None:
    dev = start()
    dev.wait_ready()
    (dev.folder / "steps.py").write_text("")

    dev.wait_for(r"^dev    │ Changed: steps\.py\.$")
    dev.wait_for(r"^dev    │ Reloaded in \d+\.\d s\.$")

    first, second = dev.pids("worker")
    assert wait_until_gone({first}) == set()
    assert dev.events.index(("worker", "ready", second)) < dev.events.index(("worker", "stopped", first))


def test_a_file_with_a_fault_keeps_the_worker_from_before(start: Callable[..., LightDev]) -> None:
    dev = start()
    dev.wait_ready()
    (dev.folder / "worker").write_text("refuse")
    (dev.folder / "steps.py").write_text("broken(")

    dev.wait_for(r"^worker │ hello from worker: refuse$")
    dev.wait_for(r"^dev    │ The project has faults, see above; the worker from before goes on\.")

    first, _ = dev.pids("worker")
    assert psutil.pid_exists(first)
    (dev.folder / "worker").write_text("ready")
    (dev.folder / "steps.py").write_text("")
    dev.wait_for("Reloaded in")
    assert wait_until_gone({first}) == set()


def test_a_project_with_faults_is_waited_for(start: Callable[..., LightDev]) -> None:
    dev = start(worker="refuse")
    dev.wait_for("The API is up; the worker starts as soon as the project allows")
    (dev.folder / "worker").write_text("ready")
    (dev.folder / "steps.py").write_text("")

    dev.wait_ready()

    dev.wait_for(r"Ready in \d")


@pytest.mark.parametrize("role", ["engine", "worker", "api"])
def test_a_child_that_dies_is_started_again(start: Callable[..., LightDev], role: Source) -> None:
    dev = start()
    dev.wait_ready()

    os.kill(dev.pids(role)[0], signal.SIGKILL)

    dev.wait_for(rf"^dev    │ The {TITLES[role]} was ended by signal 9; it is started again\.$")
    dev.wait_for(rf"(?s)started again.*hello from {role}")


@pytest.mark.parametrize("role", ["engine", "worker", "api"])
def test_a_child_that_keeps_dying_ends_it_with_the_last_lines(start: Callable[..., LightDev], role: Source) -> None:
    dev = start(**{role: "die"})

    assert dev.wait() == 1

    assert f"The {TITLES[role]} keeps dying: " in dev.screen
    assert f"('hello from {role}: die',)" in dev.screen
    others = {pid for who, what, pid in dev.events if who != role and what == "ready"}
    assert wait_until_gone(others) == set()


def test_a_worker_that_dies_after_it_was_ready_again_and_again_ends_it_too(start: Callable[..., LightDev]) -> None:
    dev = start(worker="die later")

    assert dev.wait() == 1

    assert "The worker keeps dying: 5 times, the last time with exit code 4." in dev.screen
