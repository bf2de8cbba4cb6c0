"""Who opens the server's address in a browser means the console."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class FrontDoor:
    """Leads a browser's navigation to `/` on to the console; for programs it stays a 404."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/" and scope["method"] == "GET" and _is_navigation(scope):
            await RedirectResponse("console/", status_code=307)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _is_navigation(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return headers.get("sec-fetch-mode") == "navigate" and "text/html" in headers.get("accept", "")
