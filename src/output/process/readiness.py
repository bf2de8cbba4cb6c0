"""What a child process says when it is ready, on the file descriptor that `OUTPUT_READY_FD` names."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence


def announce(descriptor: int | None, facts: Mapping[str, str | int | Sequence[str]]) -> None:
    """Write one JSON line `{"ready": true, …}` and close; nothing without a descriptor."""
    if descriptor is None:
        return
    line = json.dumps({"ready": True, **facts}) + "\n"
    with os.fdopen(descriptor, "wb") as pipe:
        pipe.write(line.encode())
