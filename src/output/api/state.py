"""What the server keeps while it runs, and how routes get at it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Annotated, cast

from fastapi import Depends
from prometheus_client import CollectorRegistry
from starlette.requests import HTTPConnection

from output.api.scraping import Scraper
from output.api.sessions import ConsoleSessions
from output.api.sse.frames import write_events
from output.api.sse.tokens import StreamTokens
from output.api.token_door import TokenDoor
from output.api.waiting_room import WaitingRoom
from output.config.settings import ApiSettings
from output.engine.connection import Engine
from output.engine.history.hub import HubLimits, LiveHub
from output.engine.history.pages import PageReader
from output.engine.history.reader import HistoryReader
from output.engine.listing import RunLister
from output.engine.schedules.listing import ScheduleLister
from output.engine.traces.reader import TraceReader
from output.engine.waits import WaitingLister
from output.operations.services import Services
from output.security.attempts import Attempts
from output.security.authenticator import Authenticator
from output.security.token_file import TokenFile, read_tokens


@dataclass(frozen=True)
class Histories:
    """Readers of every run's history; one set for each server."""

    reader: HistoryReader
    pages: PageReader
    hub: LiveHub
    stream_tokens: StreamTokens

    async def close(self) -> None:
        """End all streams and everything that is asked of the engine for them."""
        await self.hub.close()
        await self.reader.close()


def signing_secrets(settings: ApiSettings) -> list[str]:
    """What page and stream tokens are signed with: the first, and all are accepted.

    Where only a file of tokens is given, they are its hashes, as random as the tokens, and the same on all servers.
    """
    tokens = [token.get_secret_value() for token in settings.auth_tokens]
    if tokens or settings.tokens_file is None or not settings.is_production:
        return tokens
    return [token.hash for token in read_tokens(settings.tokens_file)]


def open_door(settings: ApiSettings) -> TokenDoor | None:
    """Who may ask in production; in development everybody may."""
    if not settings.is_production:
        return None
    file = TokenFile(settings.tokens_file) if settings.tokens_file is not None else None
    return TokenDoor(Authenticator([token.get_secret_value() for token in settings.auth_tokens], file))


def open_sessions(settings: ApiSettings, door: TokenDoor | None) -> ConsoleSessions | None:
    """Sessions of the console, where somebody has to log in and there is one."""
    if door is None or settings.console == "off":
        return None
    read_only = settings.console == "read-only"
    return ConsoleSessions(door.authenticator, signing_secrets(settings), read_only=read_only)


def open_histories(settings: ApiSettings, engine: Engine) -> Histories:
    """Readers over one engine; nothing is asked of it yet."""
    secrets = signing_secrets(settings)
    reader = HistoryReader(engine)
    return Histories(
        reader=reader,
        pages=PageReader(reader, secrets=secrets),
        hub=LiveHub(reader, frame=write_events, limits=HubLimits(max_runs=settings.max_streamed_runs)),
        stream_tokens=StreamTokens(secrets, ttl=settings.stream_token_ttl),
    )


@dataclass(frozen=True)
class AppState:
    """One server's state; `closing` is set when it stops and requests in flight have had their grace."""

    settings: ApiSettings
    services: Services
    histories: Histories
    traces: TraceReader
    runs: RunLister
    scraper: Scraper
    registry: CollectorRegistry
    schedules: ScheduleLister
    waiting: WaitingLister
    door: TokenDoor | None = None
    sessions: ConsoleSessions | None = None
    waits: WaitingRoom = field(default_factory=lambda: WaitingRoom(500))
    approval_guesses: Attempts = field(default_factory=Attempts)
    closing: asyncio.Event = field(default_factory=asyncio.Event)


def app_state(connection: HTTPConnection) -> AppState:
    """The state of the server that serves this request."""
    return cast("AppState", connection.app.state.output)


# Dependencies are coroutines: FastAPI sends plain functions through a thread, which costs more than they do.
async def _state(connection: HTTPConnection) -> AppState:
    return app_state(connection)


async def _engine(connection: HTTPConnection) -> Engine:
    return app_state(connection).services.engine


async def _services(connection: HTTPConnection) -> Services:
    return app_state(connection).services


async def _schedules(connection: HTTPConnection) -> ScheduleLister:
    return app_state(connection).schedules


async def _settings(connection: HTTPConnection) -> ApiSettings:
    return app_state(connection).settings


async def _traces(connection: HTTPConnection) -> TraceReader:
    return app_state(connection).traces


StateDep = Annotated[AppState, Depends(_state)]
EngineDep = Annotated[Engine, Depends(_engine)]
ServicesDep = Annotated[Services, Depends(_services)]
SchedulesDep = Annotated[ScheduleLister, Depends(_schedules)]
TracesDep = Annotated[TraceReader, Depends(_traces)]
SettingsDep = Annotated[ApiSettings, Depends(_settings)]
