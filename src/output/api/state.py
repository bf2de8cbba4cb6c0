"""What the server keeps while it runs, and how routes get at it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Annotated, cast

from fastapi import Depends
from starlette.requests import HTTPConnection

from output.api.histories import Histories
from output.config.settings import ApiSettings
from output.engine.catalog import CatalogReader
from output.engine.connection import Engine
from output.engine.listing import RunLister
from output.engine.traces.reader import TraceReader
from output.engine.workers import WorkerWatch
from output.operations.schema_check import InputChecker
from output.tracing.locations import TraceTarget


@dataclass(frozen=True)
class AppState:
    """One server's state; `closing` is set when it stops and requests in flight have had their grace."""

    settings: ApiSettings
    engine: Engine
    catalogs: CatalogReader
    inputs: InputChecker
    histories: Histories
    traces: TraceReader
    trace_target: TraceTarget
    workers: WorkerWatch
    runs: RunLister
    closing: asyncio.Event = field(default_factory=asyncio.Event)


def app_state(connection: HTTPConnection) -> AppState:
    """The state of the server that serves this request."""
    return cast("AppState", connection.app.state.output)


# Dependencies are coroutines: FastAPI sends plain functions through a thread, which costs more than they do.
async def _state(connection: HTTPConnection) -> AppState:
    return app_state(connection)


async def _engine(connection: HTTPConnection) -> Engine:
    return app_state(connection).engine


async def _settings(connection: HTTPConnection) -> ApiSettings:
    return app_state(connection).settings


async def _traces(connection: HTTPConnection) -> TraceReader:
    return app_state(connection).traces


StateDep = Annotated[AppState, Depends(_state)]
EngineDep = Annotated[Engine, Depends(_engine)]
TracesDep = Annotated[TraceReader, Depends(_traces)]
SettingsDep = Annotated[ApiSettings, Depends(_settings)]
