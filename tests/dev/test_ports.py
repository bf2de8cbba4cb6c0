"""Free ports are found, and who has those that are not."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from output.dev.ports import choose_port, find_holder, is_free


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def _number(server: socket.socket) -> int:
    return int(server.getsockname()[1])


def test_a_free_port_is_taken_as_wanted() -> None:
    wanted = choose_port(0).number

    assert choose_port(wanted).is_wanted


def test_a_taken_port_gives_way_to_a_free_one_and_names_its_holder(listener: socket.socket) -> None:
    port = choose_port(_number(listener))

    assert port.number > port.wanted == _number(listener)
    if Path("/proc/net/tcp").exists():
        assert port.holder is not None
        assert f"(process {os.getpid()}: " in port.holder


def test_a_port_that_is_promised_to_another_child_is_avoided() -> None:
    wanted = choose_port(0).number

    port = choose_port(wanted, avoid=frozenset({wanted}))

    assert port.number > wanted
    assert port.holder is None


def test_a_port_that_is_taken_on_ipv6_alone_is_not_free() -> None:
    try:
        server = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no IPv6")
    with server:
        assert not is_free(_number(server))


def test_nobody_holds_a_free_port() -> None:
    assert find_holder(choose_port(0).number) is None
