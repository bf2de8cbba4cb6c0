"""The application: settings and an engine in, an ASGI app out."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import cast

from fastapi import FastAPI
from starlette.middleware import Middleware

from output.api.errors import install_error_handlers
from output.api.histories import open_histories
from output.api.inputs import InputChecker
from output.api.middleware import RequestContext
from output.api.routes import catalog, health, history, results, start, stream
from output.api.state import AppState
from output.engine.catalog import CatalogReader
from output.engine.connect import Engine
from output.settings import ApiSettings

DESCRIPTION = "Durable workflows as HTTP endpoints: run and wait, start and poll, message, stop, follow, look into."


def build_app(settings: ApiSettings, engine: Engine) -> FastAPI:
    """The API over one engine; it never loads author code."""
    app = FastAPI(
        title="Output",
        version="0.1.0",
        description=DESCRIPTION,
        redoc_url=None,
        middleware=[Middleware(RequestContext)],
        redirect_slashes=False,
        lifespan=_serving,
    )
    app.state.output = AppState(
        settings, engine, CatalogReader(engine), InputChecker(), open_histories(settings, engine)
    )
    install_error_handlers(app)
    for resource in (health, start, catalog, results, history, stream):
        app.include_router(resource.router)
    return app


@asynccontextmanager
async def _serving(app: FastAPI) -> AsyncGenerator[None]:
    yield
    await cast("AppState", app.state.output).histories.close()
