"""Where tokens are looked at: quickly when they are right, slower and slower for who guesses."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from output.errors import TooManyAttemptsError
from output.security.attempts import Attempts
from output.security.authenticator import Authenticator
from output.security.scopes import Caller


class TokenDoor:
    """One for a server, so that guesses count whatever way they come in."""

    def __init__(self, authenticator: Authenticator) -> None:
        self.authenticator = authenticator
        self._attempts = Attempts()

    async def identify(self, given: Sequence[bytes], *, address: str) -> Caller | None:
        """Who has one of these tokens; wrong ones wait, and cost the server little. Raises TooManyAttemptsError."""
        known = next(filter(None, map(self.authenticator.identify_known, given)), None)
        return known or await self._verify(given, address)

    async def _verify(self, given: Sequence[bytes], address: str) -> Caller | None:
        if not given:
            return None
        turn = self._attempts.begin(address)
        if not turn.admitted:
            raise TooManyAttemptsError(retry_after=turn.wait)
        if turn.wait:
            await asyncio.sleep(turn.wait.total_seconds())
        for token in given:
            caller = await self.authenticator.identify(token)
            if caller is not None:
                self._attempts.forgive(address)
                return caller
        return None
