"""Where a page of a listing ended, as an opaque text that only the server can write."""

from __future__ import annotations

from collections.abc import Sequence

from output.errors import InvalidPageTokenError
from output.security.signing import Signer


class ListingPositions:
    """The engine's positions as page tokens of one listing; `of` says in errors what they were handed out for."""

    def __init__(self, secrets: Sequence[str], *, purpose: str, of: str = "here") -> None:
        self._signer = Signer(secrets, purpose=purpose)
        self._of = of

    def read(self, token: str | None, *, context: bytes = b"") -> bytes:
        """The position, empty for the first page; raises InvalidPageTokenError."""
        position = b"" if token is None else self._signer.read(token, context=context)
        if position is None:
            raise InvalidPageTokenError(
                f"This page token was not handed out {self._of}; read the first page without one."
            )
        return position

    def write(self, position: bytes, *, context: bytes = b"") -> str | None:
        """The token of the next page, None where there is none."""
        return self._signer.sign(position, context=context) if position else None
