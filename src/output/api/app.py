"""The application: settings and an engine in, an ASGI app out."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import cast

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route, Router

from output.api.http.errors import install_error_handlers
from output.api.middleware.auth import Auth
from output.api.middleware.compression import Compression
from output.api.middleware.cors import Cors
from output.api.middleware.foreign_pages import ForeignPages, HostCheck
from output.api.middleware.front_door import FrontDoor
from output.api.middleware.head import HeadAsGet
from output.api.middleware.metrics import RequestMetrics
from output.api.middleware.origins import AllowedOrigins
from output.api.middleware.permission import Permission
from output.api.middleware.request_context import RequestContext, ServerErrorMiddleware
from output.api.openapi import describe, operation_id
from output.api.routes import (
    approvals,
    catalog,
    codec,
    console,
    console_session,
    control,
    docs,
    health,
    history,
    messages,
    metrics,
    pending,
    results,
    runs,
    schedules,
    start,
    stream,
    traces,
    waits,
    webhooks,
)
from output.api.scraping import Scraper
from output.api.state import AppState, open_door, open_histories, open_sessions, signing_secrets
from output.api.waiting_room import WaitingRoom
from output.config.settings import ApiSettings
from output.engine.catalog import CatalogReader
from output.engine.connection import Engine
from output.engine.listing import RunLister
from output.engine.schedules.listing import ScheduleLister
from output.engine.traces.reader import TraceReader
from output.engine.waits import WaitingLister
from output.engine.workers import WorkerWatch
from output.operations.approval_tokens import ApprovalTokens
from output.operations.schema_check import InputChecker
from output.operations.services import Services
from output.security.links import WaitReferences
from output.telemetry.metrics import open_registry
from output.tracing.locations import trace_target
from output.tracing.stores.factory import open_stores
from output.version import VERSION

RESOURCES = (
    health,
    start,
    catalog,
    runs,
    results,
    pending,
    messages,
    control,
    history,
    stream,
    traces,
    waits,
    webhooks,
    approvals,
    schedules,
    metrics,
    codec,
    docs,
    console_session,
    console,
)
DESCRIPTION = "Durable workflows as HTTP endpoints: run and wait, start and poll, message, stop, follow, look into."


def build_app(settings: ApiSettings, engine: Engine) -> FastAPI:
    """The API over one engine; it never loads author code."""
    app = FastAPI(
        title="Output",
        version=VERSION,
        description=DESCRIPTION,
        openapi_url=None,  # served by our own routes, with a page that needs no other server
        redirect_slashes=False,
        strict_content_type=False,
        generate_unique_id_function=operation_id,
        lifespan=_close_state,
    )
    state = app.state.output = _open_state(settings, engine)
    for resource in RESOURCES:
        app.include_router(resource.router)
    routes = [route for resource in RESOURCES for route in resource.router.routes]
    install_error_handlers(app, routes)
    app.openapi = cache(lambda: describe(app, needs_token=settings.is_production))
    for layer in _layers(state, routes, app.router):
        app.add_middleware(layer.cls, *layer.args, **layer.kwargs)
    return app


def _open_state(settings: ApiSettings, engine: Engine) -> AppState:
    project = Path.cwd()
    registry = open_registry()
    histories = open_histories(settings, engine)
    door = open_door(settings)
    return AppState(
        settings=settings,
        services=Services(
            engine=engine,
            catalogs=CatalogReader(engine),
            inputs=InputChecker(),
            workers=WorkerWatch(engine),
            trace_target=trace_target(settings, project),
            webhooks_are_signed=bool(settings.webhook_secrets) if settings.is_production else None,
            approvals=ApprovalTokens(settings.approval_links, WaitReferences(signing_secrets(settings))),
            catalog_id=settings.catalog_id,
            execution_timeout=settings.execution_timeout,
            max_waiting=settings.max_waiting,
        ),
        histories=histories,
        traces=TraceReader(engine, open_stores(settings, project)),
        runs=RunLister(engine, secrets=signing_secrets(settings)),
        scraper=Scraper(registry, engine, histories.hub),
        registry=registry,
        door=door,
        sessions=open_sessions(settings, door),
        schedules=ScheduleLister(engine, secrets=signing_secrets(settings)),
        waits=WaitingRoom(settings.max_waits),
        waiting=WaitingLister(engine, secrets=signing_secrets(settings)),
    )


def _layers(state: AppState, routes: Sequence[BaseRoute], router: Router) -> list[Middleware]:
    """What surrounds the routes, from the innermost outwards: preflights and faults need no credentials."""
    settings = state.settings
    origins = AllowedOrigins(frozenset(settings.cors_origins or ()), loopback=settings.allows_loopback_origins)
    layers = [Middleware(HeadAsGet)]
    if state.door is not None:
        layers.insert(0, Middleware(Permission, routes=routes, router=router))
        recognizers = [state.histories.stream_tokens.recognize]
        if state.sessions is not None:
            recognizers.append(state.sessions.recognize)
        layers.append(Middleware(Auth, door=state.door, recognizers=recognizers))
    methods = sorted({method for route in routes if isinstance(route, Route) for method in route.methods or ()})
    return [
        *layers,
        Middleware(ServerErrorMiddleware),
        *([Middleware(ForeignPages, origins=origins)] if state.door is None else []),
        *([Middleware(FrontDoor)] if settings.console != "off" else []),
        Middleware(Compression),
        Middleware(Cors, origins=origins, methods=methods),
        *([Middleware(HostCheck, hosts=settings.served_hosts)] if "*" not in settings.served_hosts else []),
        Middleware(RequestContext),
        Middleware(RequestMetrics, registry=state.registry),
    ]


@asynccontextmanager
async def _close_state(app: FastAPI) -> AsyncGenerator[None]:
    yield
    state = cast("AppState", app.state.output)
    await state.histories.close()
    await state.traces.close()
