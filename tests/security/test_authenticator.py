"""From a token to its caller: hashes are paid for once, and what changes in the file is true at once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from output.security import authenticator as module
from output.security.authenticator import ENVIRONMENT, Authenticator
from output.security.token_file import StoredToken, TokenFile, add_token, remove_token
from output.security.token_hashes import hash_token, is_hash_of

TOKEN = b"a-token-of-the-shop"
VERIFIED: list[str] = []


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with one token that runs `order`; verifications are written down."""
    VERIFIED.clear()

    def counted(hashed: str, token: bytes) -> bool:
        VERIFIED.append(hashed)
        return is_hash_of(hashed, token)

    monkeypatch.setattr(module, "is_hash_of", counted)
    path = tmp_path / "tokens"
    add_token(path, StoredToken(name="shop", hash=hash_token(TOKEN.decode()), scopes=["run:order"]))
    return path


async def test_a_hash_is_verified_once_however_often_and_from_however_many_its_token_comes(file: Path) -> None:
    known = Authenticator([], TokenFile(file))
    assert known.identify_known(TOKEN) is None  # not yet

    callers = await asyncio.gather(*(known.identify(TOKEN) for _ in range(50)))

    assert {caller.name for caller in callers if caller is not None} == {"shop"}
    assert known.identify_known(TOKEN) == callers[0]
    assert len(VERIFIED) == 1


async def test_a_wrong_token_is_verified_once_and_a_short_one_never(file: Path) -> None:
    known = Authenticator([], TokenFile(file))
    for _ in range(3):
        assert await known.identify(b"a-token-of-nobody") is None
        assert await known.identify(b"short") is None
    assert len(VERIFIED) == 1


async def test_a_revoked_token_is_wrong_at_once_and_a_new_one_right(file: Path) -> None:
    known = Authenticator([], TokenFile(file))
    caller = await known.identify(TOKEN)
    assert caller is not None
    assert known.recall(caller.key) == caller

    remove_token(file, "shop")
    assert await known.identify(TOKEN) is None
    assert known.recall(caller.key) is None

    add_token(file, StoredToken(name="shop", hash=hash_token(TOKEN.decode()), scopes=["view"]))
    again = await known.identify(TOKEN)
    assert again is not None
    assert again.scopes == {"view"}
    assert again.key != caller.key


async def test_a_token_ends_with_its_time_although_it_was_verified_before(file: Path) -> None:
    other = b"a-token-that-ends-soon"
    moment = datetime.now(UTC) + timedelta(seconds=0.5)
    add_token(file, StoredToken(name="soon", hash=hash_token(other.decode()), scopes=["view"], expires=moment))
    known = Authenticator([], TokenFile(file))
    caller = await known.identify(other)
    assert caller is not None

    while datetime.now(UTC) < moment:
        await asyncio.sleep(0.05)
    assert await known.identify(other) is None
    assert known.recall(caller.key) is None


async def test_tokens_of_the_environment_may_do_everything_and_need_no_hash(file: Path) -> None:
    known = Authenticator(["first-token-of-16", "second-token-of-16"], TokenFile(file))
    caller = await known.identify(b"second-token-of-16")
    assert caller is not None
    assert (caller.name, caller.may("admin")) == (ENVIRONMENT, True)
    assert known.recall(caller.key) == caller
    assert not VERIFIED
