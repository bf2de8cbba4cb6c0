"""The API's own description, and a page to read and try it, which needs no other server."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import FileResponse, HTMLResponse, Response

from output.api.http.responses import json_response

router = APIRouter(include_in_schema=False)
Asset = Literal["swagger-ui-bundle.js", "swagger-ui.css", "favicon.png"]


@router.get("/openapi.json")
async def get_description(request: Request) -> Response:
    """The OpenAPI 3.1 description of every route."""
    app: FastAPI = request.app
    return json_response(app.openapi())


@router.get("/docs")
async def read_description() -> HTMLResponse:
    """The description for people."""
    return get_swagger_ui_html(
        openapi_url="openapi.json",
        title="Output API",
        swagger_js_url="docs/swagger-ui-bundle.js",
        swagger_css_url="docs/swagger-ui.css",
        swagger_favicon_url="docs/favicon.png",
    )


@router.get("/docs/{asset}")
async def get_asset(asset: Asset) -> FileResponse:
    """What the page loads."""
    return FileResponse(_assets() / asset, headers={"Cache-Control": "max-age=86400"})


@cache
def _assets() -> Path:
    # Found, not imported: only the files of that package are wanted.
    package = find_spec("fastapi_offline")
    assert package is not None, "it is a dependency"
    assert package.origin is not None, "it has files"
    return Path(package.origin).parent / "static"
