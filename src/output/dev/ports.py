"""Ports: which are free, and who has those that are not."""

from __future__ import annotations

import contextlib
import errno
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from output.dev.errors import DevError

_LISTENING = "0A"
_TRIES = 100
_TAKEN = frozenset({errno.EADDRINUSE, errno.EACCES})


@dataclass(frozen=True)
class Port:
    """A free port; `wanted` was asked for, and `holder` has that one if it is another."""

    number: int
    wanted: int
    holder: str | None = None

    @property
    def is_wanted(self) -> bool:
        return self.number == self.wanted


def choose_port(wanted: int, *, avoid: frozenset[int] = frozenset()) -> Port:
    """The wanted port of this machine, or the next free one above it; for 0 any free one.

    Raises DevError when a hundred in a row are taken.
    """
    if wanted == 0:
        with socket.socket(socket.AF_INET) as probe:
            probe.bind(("127.0.0.1", 0))
            number: int = probe.getsockname()[1]
        return Port(number, number)
    holder = None
    for number in range(wanted, min(wanted + _TRIES, 65536)):
        if number not in avoid and is_free(number):
            return Port(number, wanted, holder)
        if number == wanted and number not in avoid:
            holder = find_holder(number)
    raise DevError(f"Port {wanted} is taken, and so are those above it; name another.")


def is_free(number: int) -> bool:
    """Whether nobody listens there, be it only on IPv6: `localhost` may mean either."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            probe = socket.socket(family)
        except OSError:  # a machine without IPv6
            continue
        with probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, number))
            except OSError as error:
                if family == socket.AF_INET or error.errno in _TAKEN:
                    return False
    return True


def find_holder(number: int) -> str | None:
    """Who listens on a port, as `python3 (process 4711: python3 -m http.server)`; None where it can't be seen."""
    process = _find_process(number)
    if process is None:
        return None
    with contextlib.suppress(OSError):
        folder = Path("/proc") / str(process)
        words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
        name = (folder / "comm").read_text().strip()
        command = " ".join(word for word in words if word)
        return f"{name} (process {process}: {command[:100]})"
    return f"process {process}"


def _find_process(number: int) -> int | None:
    if not Path("/proc/net/tcp").exists():
        return _ask_lsof(number)
    sockets = {f"socket:[{inode}]" for table in ("tcp", "tcp6") for inode in _listening(table, number)}
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # another user's, or gone meanwhile
            for descriptor in (process / "fd").iterdir():
                with contextlib.suppress(OSError):
                    if str(descriptor.readlink()) in sockets:
                        return int(process.name)
    return None


def _listening(table: str, number: int) -> list[str]:
    try:
        lines = (Path("/proc/net") / table).read_text().splitlines()[1:]
    except OSError:
        return []
    rows = [line.split() for line in lines]
    return [row[9] for row in rows if row[3] == _LISTENING and int(row[1].rpartition(":")[2], 16) == number]


def _ask_lsof(number: int) -> int | None:
    try:
        found = subprocess.run(
            [
                "lsof",
                "-nP",
                f"-iTCP:{number}",
                "-sTCP:LISTEN",
                "-t",
            ],
            capture_output=True,
            text=True,
            timeout=2,
            check=False,
        )
        return int(found.stdout.split()[0])
    except (OSError, subprocess.TimeoutExpired, ValueError, IndexError):
        return None
