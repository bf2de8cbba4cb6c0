"""Where a page of history ended, as an opaque text that only the server can write."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from output.errors import InvalidPageTokenError
from output.models.references import RunRef
from output.security.signing import Signer

_NUMBERS = struct.Struct(">QQ")


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a run's history.

    `engine_token` opens the engine's page that holds the next event; events up to `delivered` were handed
    out; events up to `known` are there for sure.
    """

    engine_token: bytes = b""
    delivered: int = 0
    known: int = 0


class PageTokens:
    """Writes cursors as tokens and reads them back."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._signer = Signer(secrets, purpose="history page")

    def write(self, cursor: Cursor, run: RunRef) -> str:
        """A token that is good for this run only."""
        data = _NUMBERS.pack(cursor.delivered, cursor.known) + cursor.engine_token
        return self._signer.sign(data, context=_context(run))

    def read(self, token: str, run: RunRef) -> Cursor:
        """The cursor in a token; raises InvalidPageTokenError for one that was not handed out for this run."""
        data = self._signer.read(token, context=_context(run))
        if data is None:
            raise InvalidPageTokenError(
                "This page token was not handed out for this run; read the first page without one.", run=run
            )
        delivered, known = _NUMBERS.unpack_from(data)
        return Cursor(data[_NUMBERS.size :], delivered, known)


def _context(run: RunRef) -> bytes:
    return f"{run.run_id}/{run.workflow_id}".encode()
