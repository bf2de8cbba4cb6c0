"""The web console: a page for every address below `/console/`, and the files that it loads."""

from __future__ import annotations

from typing import cast

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from output.api.console_files import AssetName, digest, read_assets, refuse_when_off, render_page
from output.api.state import SettingsDep
from output.errors import NotFoundError

router = APIRouter(include_in_schema=False)
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@router.get("/console/assets/{build}/{name}")
async def get_console_asset(request: Request, settings: SettingsDep, build: str, name: str) -> Response:
    """A file of this build; of another build, or another name, there is none: never the page."""
    refuse_when_off(settings)
    asset = read_assets().get(cast("AssetName", name))
    if asset is None or build != digest():
        raise NotFoundError("The console has no such file; load the page again.")
    headers = {**_HEADERS, "Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.packed, media_type=asset.media_type, headers={**headers, "Content-Encoding": "gzip"})
    return Response(asset.plain, media_type=asset.media_type, headers=headers)


@router.get("/console")
@router.get("/console/{rest:path}")
async def get_console_page(request: Request, settings: SettingsDep) -> Response:
    """The page; its script finds out from the address what to show."""
    refuse_when_off(settings)
    raw_path = cast("bytes", request.scope.get("raw_path") or b"").partition(b"?")[0]
    if raw_path.endswith(b"/console"):
        return RedirectResponse("console/", status_code=308)
    page = render_page(raw_path, is_production=settings.is_production)
    headers = {**_HEADERS, "Cache-Control": "no-cache"}
    return Response(page, media_type="text/html; charset=utf-8", headers=headers)
