"""From a token to who asks: tokens of the environment, and those of a file of hashes."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Sequence

from cachetools import LRUCache

from output.security.scopes import ADMIN, Caller
from output.security.token_file import StoredToken, TokenFile
from output.security.token_hashes import is_hash_of

SHORTEST = 16  # characters of a token in production
ENVIRONMENT = "OUTPUT_API_AUTH_TOKEN"  # the name of tokens that have none of their own
_REMEMBERED = 4096


class Authenticator:
    """Knows the tokens that are valid now; the file is looked at on every question."""

    def __init__(self, tokens: Sequence[str], file: TokenFile | None = None) -> None:
        self._digests = [_digest(token.encode()) for token in tokens]
        self._file = file
        # SHA-256 of tokens that were verified, so that a hash is paid for once; None for those that are wrong.
        self._verified: LRUCache[bytes, StoredToken | None] = LRUCache(_REMEMBERED)
        self._verifying = asyncio.Lock()  # one at a time: a flood of guesses takes one core, and no more memory

    async def identify(self, token: bytes) -> Caller | None:
        """Who has this token, None if nobody; the first time it may take as long as all hashes of the file."""
        caller = self.identify_known(token)
        if caller is not None or self._file is None or len(token) < SHORTEST:
            return caller
        async with self._verifying:
            digest = _digest(token)
            if digest not in self._verified:
                tokens = self._file.tokens
                found = await asyncio.to_thread(_find, tokens, token)
                if tokens is not self._file.tokens:  # changed meanwhile
                    found = await asyncio.to_thread(_find, self._file.tokens, token)
                self._verified[digest] = found
        return self.identify_known(token)

    def identify_known(self, token: bytes) -> Caller | None:
        """Who has this token, as far as no hash is needed to know; takes microseconds."""
        digest = _digest(token)
        # Digests have one length, and the sum looks at all of them: time tells nothing about a token.
        if sum(hmac.compare_digest(digest, known) for known in self._digests) > 0:
            return _of_environment(digest)
        self._refresh()
        found = self._verified.get(digest)
        return _of_file(found) if found is not None and not found.is_expired() else None

    def recall(self, key: str) -> Caller | None:
        """The caller with this key, with its scopes of now; None when its token was revoked, changed or has expired.

        For who has identified a caller before and keeps the key, such as a signed session.
        """
        self._refresh()
        callers = [_of_environment(digest) for digest in self._digests]
        if self._file is not None:
            callers += [_of_file(token) for token in self._file.tokens if not token.is_expired()]
        return next((caller for caller in callers if hmac.compare_digest(caller.key, key)), None)

    def _refresh(self) -> None:
        if self._file is not None and self._file.refresh():
            self._verified.clear()


def _find(tokens: Sequence[StoredToken], token: bytes) -> StoredToken | None:
    return next((stored for stored in tokens if is_hash_of(stored.hash, token)), None)


def _of_environment(digest: bytes) -> Caller:
    return Caller(ENVIRONMENT, frozenset({ADMIN}), _key(digest))


def _of_file(token: StoredToken) -> Caller:
    return Caller(token.name, frozenset(token.scopes), _key(token.hash.encode()))


def _digest(token: bytes) -> bytes:
    return hashlib.sha256(token).digest()


def _key(data: bytes) -> str:
    return hashlib.sha256(b"output caller" + data).hexdigest()[:32]
