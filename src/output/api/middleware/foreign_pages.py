"""Where nobody needs a token: only this machine's names are served, and no page of another site gets anything done."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from output.api.http.errors import error_response
from output.api.middleware.origins import AllowedOrigins
from output.errors import HostNotAllowedError, OriginNotAllowedError, OutputError, UnsupportedMediaTypeError
from output.security.loopback import host_name, is_loopback

# What a page may send to another site without asking first (https://fetch.spec.whatwg.org/#cors-safelisted-request-header).
_WITHOUT_PREFLIGHT = frozenset({"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"})
_SAME = frozenset({"same-origin", "same-site", "none"})
_BY_LINK = "/approve/"  # whoever has a question's address may answer it, with a plain form


class HostCheck:
    """Answers 403 for a `Host` that is none of ours: a name of somebody else's that resolves to this machine."""

    def __init__(self, app: ASGIApp, *, hosts: Sequence[str]) -> None:
        self._app = app
        self._hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = Headers(scope=scope).get("host", "") if scope["type"] == "http" else ""
        name = host_name(host)
        if scope["type"] != "http" or "*" in self._hosts or name in self._hosts or is_loopback(name):
            await self._app(scope, receive, send)
        else:
            await error_response(HostNotAllowedError(host))(scope, receive, send)


class ForeignPages:
    """Answers 403 or 415 to what a page of another site can send without a preflight.

    A program sends neither `Origin` nor `Sec-Fetch-Site`, and names the type of a body; nothing changes for it.
    """

    def __init__(self, app: ASGIApp, *, origins: AllowedOrigins) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = self._fault(scope) if scope["type"] == "http" else None
        if fault is None:
            await self._app(scope, receive, send)
        else:
            await error_response(fault)(scope, receive, send)

    def _fault(self, scope: Scope) -> OutputError | None:
        headers = Headers(scope=scope)
        changes = scope["method"] == "POST" and not scope["path"].startswith(_BY_LINK)
        media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        is_simple = changes and media_type in _WITHOUT_PREFLIGHT
        if is_simple and (media_type or _has_body(headers)):
            return UnsupportedMediaTypeError("Send the body as `Content-Type: application/json`.")
        origin = headers.get("origin")
        if origin is not None and (origin in self._origins or _is_own(origin, headers)):
            return None
        if headers.get("sec-fetch-site", "none").lower() not in _SAME and not _is_link(scope, headers):
            return OriginNotAllowedError(origin)
        return OriginNotAllowedError(origin) if is_simple and origin is not None else None


def _has_body(headers: Headers) -> bool:
    return "transfer-encoding" in headers or headers.get("content-length", "0").strip() != "0"


def _is_own(origin: str, headers: Headers) -> bool:
    return origin.partition("://")[2].lower() == headers.get("host", "").lower()


def _is_link(scope: Scope, headers: Headers) -> bool:
    """Whether somebody follows a link or sends the form of a question: the answer is a page of ours."""
    if headers.get("sec-fetch-mode") != "navigate" or headers.get("sec-fetch-dest", "document") != "document":
        return False
    return scope["method"] in {"GET", "HEAD"} or scope["path"].startswith(_BY_LINK)
