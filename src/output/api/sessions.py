"""Sessions of the web console: a cookie that its pages cannot read and other pages cannot use."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from output.security.authenticator import Authenticator
from output.security.scopes import Caller
from output.security.signing import Signer

HEADER = "x-output-console"  # another site cannot set it without asking first
IDLE, LONGEST = timedelta(hours=12), timedelta(days=7)
_RENEWED_AFTER = timedelta(minutes=10)
_PLAIN, _SECURE = "output_console", "__Host-output_console"
_READING = frozenset({"GET", "HEAD"})


class _Grant(BaseModel):
    """What the cookie says: whose token it came from, and when the session began and was used (seconds)."""

    model_config = ConfigDict(frozen=True)

    key: str
    began: float
    used: float


class ConsoleSessions:
    """Opens and knows sessions; one ends with its token, after 12 h without use, and after a week.

    Nothing is kept: the cookie is signed, and so holds on every server with the same tokens.
    """

    def __init__(self, authenticator: Authenticator, secrets: Sequence[str], *, read_only: bool = False) -> None:
        self._authenticator = authenticator
        self._signer = Signer(secrets, purpose="console session")
        self._read_only = read_only

    def open(self, caller: Caller, response: Response, scope: Scope) -> None:
        """Give the browser that gets this response a session."""
        now = time.time()
        self._write(_Grant(key=caller.key, began=now, used=now), response, scope)

    def renew(self, response: Response, scope: Scope) -> None:
        """Let the session of a request, which is known to be good, go on from now."""
        grant = self._grant(scope)
        if grant is not None and time.time() - grant.used > _RENEWED_AFTER.total_seconds():
            self._write(grant.model_copy(update={"used": time.time()}), response, scope)

    def close(self, response: Response, scope: Scope) -> None:
        """Take the browser's session away."""
        self._set(response, "", scope, max_age=0)

    def recognize(self, scope: Scope) -> Caller | None:
        """Whose session a request of the console's own pages has."""
        if not _is_own(scope):
            return None
        grant = self._grant(scope)
        caller = self._authenticator.recall(grant.key) if grant is not None else None
        if caller is None or not self._read_only:
            return caller
        return Caller(caller.name, frozenset({"view"}), caller.key)

    def _grant(self, scope: Scope) -> _Grant | None:
        cookies = SimpleCookie(Headers(scope=scope).get("cookie", ""))
        cookie = cookies.get(_name(scope))
        grant = self._signer.read_model(cookie.value, _Grant) if cookie is not None else None
        if grant is None:
            return None
        now = time.time()
        is_over = now - grant.used > IDLE.total_seconds() or now - grant.began > LONGEST.total_seconds()
        return None if is_over else grant

    def _write(self, grant: _Grant, response: Response, scope: Scope) -> None:
        self._set(response, self._signer.sign_model(grant), scope, max_age=int(LONGEST.total_seconds()))

    def _set(self, response: Response, value: str, scope: Scope, *, max_age: int) -> None:
        response.set_cookie(
            _name(scope), value, max_age=max_age, path="/", httponly=True, samesite="strict", secure=_is_secure(scope)
        )


def _name(scope: Scope) -> str:
    return _SECURE if _is_secure(scope) else _PLAIN


def _is_secure(scope: Scope) -> bool:
    # A proxy ends TLS. Who lies about it only makes a cookie that his own browser does not send.
    return scope["scheme"] == "https" or Headers(scope=scope).get("x-forwarded-proto") == "https"


def _is_own(scope: Scope) -> bool:
    """Whether a page of this very origin asks; a cookie alone says nothing of that: it goes to all ports of a host."""
    headers = Headers(scope=scope)
    if scope["method"] not in _READING and headers.get(HEADER) != "1":
        return False
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    source = headers.get("origin") or headers.get("referer")
    return source is not None and urlsplit(source).netloc == headers.get("host")
