"""Stand-ins for engine, worker and API that start in a moment: `dev_children.py ROLE FOLDER`.

`FOLDER/ROLE` says how it behaves: `ready` (the default), `refuse`, `die`, `die later`, `stubborn` or `spawn`.
What happens is told in `FOLDER/events`, one line each.
"""

from __future__ import annotations

import http.server
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path


class Api(http.server.BaseHTTPRequestHandler):
    """Answers what `output dev` asks."""

    def do_GET(self) -> None:
        body = json.dumps({"workflows": [{"name": "waiter", "path": "workflows/w.py", "inputSchema": None}]}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — the base class's name
        return


def main(role: str, folder: Path) -> None:
    """Play a role until SIGTERM."""
    events = folder / "events"
    behaviour = (folder / role).read_text().strip() if (folder / role).exists() else "ready"
    stopping = threading.Event()

    def stop(*_: object) -> None:
        if behaviour != "stubborn":
            stopping.set()

    signal.signal(signal.SIGTERM, stop)
    _report(events, f"{role} {behaviour} {os.getpid()}")
    print(f"hello from {role}: {behaviour}", flush=True)  # noqa: T201 — what is looked for
    if behaviour in {"refuse", "die"}:
        sys.exit(1 if behaviour == "refuse" else 3)
    if behaviour == "spawn":
        grandchild = subprocess.Popen(["sleep", "600"])
        _report(events, f"grandchild spawned {grandchild.pid}")
    if role == "api":
        server = http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["OUTPUT_API_PORT"])), Api)
        threading.Thread(target=server.serve_forever, daemon=True).start()
    descriptor = os.environ.get("OUTPUT_READY_FD")
    if descriptor is not None:
        with os.fdopen(int(descriptor), "w") as pipe:
            pipe.write('{"ready": true}\n')
    if behaviour == "die later":
        os._exit(4)
    stopping.wait(600)
    _report(events, f"{role} stopped {os.getpid()}")
    os._exit(0)


def _report(events: Path, line: str) -> None:
    with events.open("a") as file:
        file.write(f"{line}\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
