"""Who may ask: the API's tokens in production, everybody in development."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

from pydantic import SecretStr
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from output.api.http.errors import error_response
from output.api.sse.tokens import StreamTokens
from output.errors import UnauthorizedError

_WRONG = "The credentials are not valid; send one of the API's tokens, as `Authorization: Bearer <token>`."
_OPEN_PATHS = frozenset({"/health", "/ready"})


class Credentials:
    """The tokens that are valid at the same time; each comparison takes the same time, right or wrong."""

    def __init__(self, tokens: Sequence[SecretStr]) -> None:
        self._digests = [_digest(token.get_secret_value().encode()) for token in tokens]

    def accept(self, authorization: str | None) -> bool:
        """Whether an `Authorization` header carries a token: `Bearer <token>`, or `Basic` with the bare token or
        with base64 of `user:token`, whoever the user."""
        scheme, _, given = (authorization or "").strip().partition(" ")
        given = given.strip()
        match scheme.lower():
            case "bearer":
                return self._is_token(given.encode("latin-1", "replace"))
            case "basic":
                password = _password(given)
                bare = self._is_token(given.encode("latin-1", "replace"))
                return (password is not None and self._is_token(password)) or bare
            case _:
                return False

    def _is_token(self, given: bytes) -> bool:
        digest = _digest(given)
        # Digests have one length, and the sum looks at all of them: time tells nothing about a token.
        return sum(hmac.compare_digest(digest, known) for known in self._digests) > 0


class Auth:
    """Answers 401 before a body is read; `/health` and `/ready` are open, and streams to those with a stream token."""

    def __init__(self, app: ASGIApp, *, credentials: Credentials, stream_tokens: StreamTokens) -> None:
        self._app = app
        self._credentials = credentials
        self._stream_tokens = stream_tokens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._admits(scope):
            await self._app(scope, receive, send)
        else:
            given = Headers(scope=scope).get("authorization")
            error = UnauthorizedError() if not given else UnauthorizedError(_WRONG)
            await error_response(error)(scope, receive, send)

    def _admits(self, scope: Scope) -> bool:
        return (
            scope["path"] in _OPEN_PATHS
            or self._credentials.accept(Headers(scope=scope).get("authorization"))
            or self._stream_tokens.admits(scope)
        )


def _password(encoded: str) -> bytes | None:
    try:
        user_and_password = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
    user, colon, password = user_and_password.partition(b":")
    del user
    return password if colon else None


def _digest(token: bytes) -> bytes:
    return hashlib.sha256(token).digest()
