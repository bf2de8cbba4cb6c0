"""`python -m output.api`: read settings, serve until told to stop."""

from __future__ import annotations

import argparse
import asyncio
import resource
import signal
import socket
import sys
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

import structlog
import uvicorn
import uvloop
from starlette.types import ASGIApp

from output.api.app import build_app
from output.api.http.protocol import DoorLimits, JsonHttpProtocol
from output.api.state import AppState
from output.config.settings import ApiSettings, SettingsError, load
from output.engine.connection import connect
from output.engine.profile import resolve_target
from output.process.exit import leave
from output.process.logs import configure_logs
from output.process.readiness import announce
from output.security.loopback import is_loopback
from output.telemetry.metrics_server import MetricsPortError, metrics_facts, serve_metrics
from output.telemetry.provider import Telemetry, open_telemetry

log = structlog.get_logger("output.api")
GRACE = 5.0  # seconds that requests in flight may take after SIGTERM
KEEP_ALIVE = 75  # seconds; longer than proxies keep theirs (60), which would else send into a closing connection
_OPEN = (
    "whoever reaches this machine's port can start and steer runs without a token, if the name that they ask for is in "
    "OUTPUT_API_ALLOWED_HOSTS; OUTPUT_ENV=production asks for tokens"
)
_OTHER_FILES = 256  # of the engine's connection, logs and traces
_GRACE = 1  # seconds to write the answers of those that took longer


def main(arguments: list[str] | None = None) -> NoReturn:
    """Serve the API; exit code 0 after a clean stop, 1 for settings or a port that do not fit, 2 for wrong usage."""
    overrides = _parse(arguments)
    try:
        settings = load(ApiSettings, **overrides)
        resolve_target(settings)
    except SettingsError as error:
        print("\n".join(error.errors), file=sys.stderr)  # noqa: T201 — the reason why there is no log yet
        leave(1)
    configure_logs(settings, service=settings.service_name)
    try:
        code = uvloop.run(serve(settings))
    except Exception:
        log.exception("the server met a fault of its own")
        code = 1
    leave(code)


async def serve(settings: ApiSettings) -> int:
    """Serve until SIGTERM or SIGINT; the exit code."""
    try:
        listener = _listen(settings)
    except OSError as error:
        print(f"Cannot listen on {settings.listen_host}:{settings.port}: {error.strerror}.", file=sys.stderr)  # noqa: T201
        return 1
    telemetry = open_telemetry(settings, service=settings.service_name)
    engine = await connect(settings, lazy=True, telemetry=telemetry, counts=True)
    port: int = listener.getsockname()[1]
    app = build_app(settings, engine)
    config = uvicorn.Config(
        _observed(app, telemetry),
        http=_protocol(settings),
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=int(GRACE) + _GRACE,
        timeout_keep_alive=KEEP_ALIVE,
        lifespan="on",
        proxy_headers=False,
    )

    metrics_port: int | None = None

    def report_ready() -> None:
        log.info("api ready", url=f"http://{settings.listen_host}:{port}", engine=resolve_target(settings).address)
        if not settings.is_production and not is_loopback(settings.listen_host):
            log.warning(_OPEN, host=settings.listen_host)
        announce(settings.ready_descriptor, {"port": port, **metrics_facts(metrics_port)})

    state: AppState = app.state.output
    try:
        async with serve_metrics(settings.metrics_listen_host, settings.metrics_port, state.scraper.scrape) as found:
            metrics_port = found
            await _Server(config, state, report_ready).serve(sockets=[listener])
    except MetricsPortError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    if telemetry is not None:
        telemetry.close()
    log.info("api stopped")
    return 0


def _protocol(settings: ApiSettings) -> type[JsonHttpProtocol]:
    """The protocol with this deployment's limit; as many files may be open as its connections need, if we may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = settings.max_connections + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < needed:
        most = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    limits = DoorLimits(connections=settings.max_connections)
    return type("LimitedHttpProtocol", (JsonHttpProtocol,), {"limits": limits})


def _observed(app: ASGIApp, telemetry: Telemetry | None) -> ASGIApp:
    if telemetry is None:
        return app
    from output.telemetry.asgi import ServerSpans

    return ServerSpans(app, telemetry.tracer)


class _Server(uvicorn.Server):
    """Ends streams when it begins to stop, and waits when grace is over: uvicorn would wait for every open answer."""

    def __init__(self, config: uvicorn.Config, state: AppState, report_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._state = state
        self._report_ready = report_ready
        self._loop = asyncio.get_running_loop()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._report_ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        del frame
        if not self.should_exit:
            self._loop.call_later(GRACE, self._state.closing.set)
        self._state.histories.hub.stop()
        # uvicorn's own would raise the signal again after a clean stop, and the exit code would say killed.
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


def _listen(settings: ApiSettings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.listen_host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((settings.listen_host, settings.port))
    listener.listen(2048)
    return listener


def _parse(arguments: list[str] | None) -> dict[str, str | int]:
    parser = argparse.ArgumentParser(prog="output api", description="Serve the HTTP API.")
    parser.add_argument("--host", help="address to listen on (default: OUTPUT_API_HOST)")
    parser.add_argument("--port", type=int, help="port to listen on, 0 for a free one (default: OUTPUT_API_PORT)")
    try:
        options = parser.parse_args(arguments)
    except SystemExit as stop:
        leave(int(stop.code or 0))
    given = {"host": options.host, "port": options.port}
    return {name: value for name, value in given.items() if value is not None}
