"""Ends the children when their parent is gone: `python watchdog.py`, told by lines on stdin.

`+PID` and `-PID` say which process groups are up. When stdin ends, the parent has left or was killed:
all that are still listed are killed. Run on its own, so that it works on every POSIX system and also for
what the children started; imports nothing of the package.
"""

import contextlib
import os
import signal
import sys


def main() -> None:
    """Listen until the parent is gone."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        change = groups.add if line.startswith("+") else groups.discard
        change(int(line[1:]))
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
