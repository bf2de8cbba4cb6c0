"""The file of tokens: two forms, faults with their place, and what happens when it changes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from output.security.token_file import (
    StoredToken,
    TokenFile,
    TokenFileError,
    add_token,
    read_tokens,
    remove_token,
)
from output.security.token_hashes import hash_token

HASH = hash_token("right")
VIEW = {"name": "a", "hash": HASH, "scopes": ["view"]}


def _token(name: str) -> StoredToken:
    return StoredToken(name=name, hash=HASH, scopes=["view"])


def test_lines_with_remarks_and_one_array_mean_the_same(tmp_path: Path) -> None:
    ops = {"name": "b", "hash": HASH, "scopes": ["operate", "run:*"], "expires": "2030-01-01T00:00:00Z"}
    lines, array = tmp_path / "lines", tmp_path / "array"
    lines.write_text(f"# who: the shop\n{json.dumps(VIEW)}\n\n{json.dumps(ops)}\n")
    array.write_text(json.dumps([VIEW, ops], indent=2))

    assert read_tokens(lines) == read_tokens(array)
    assert [token.name for token in read_tokens(lines)] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"name": "a"', "line 1"),
        (f"\n{json.dumps({**VIEW, 'scopes': ['vew']})}", r"line 2: scopes\.0: 'vew' is no scope"),
        (json.dumps({**VIEW, "expire": "2030-01-01"}), "line 1: expire: Extra"),
        (json.dumps({**VIEW, "scopes": []}), "line 1: scopes"),
        (json.dumps({**VIEW, "hash": "plain-token"}), "line 1: hash: the hash is neither"),
        (json.dumps([VIEW, {**VIEW, "name": "a b"}]), "token 2: name"),
        (json.dumps([VIEW, VIEW]), "'a' is given twice"),
        ("[1", "no JSON"),
    ],
)
def test_a_fault_is_told_with_its_place_and_without_the_hash(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "tokens"
    file.write_text(text)
    with pytest.raises(TokenFileError, match=why) as raised:
        read_tokens(file)
    assert not [secret for secret in (HASH, "plain-token") if secret in str(raised.value)]


def test_a_missing_file_is_told_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(TokenFileError, match="nowhere' cannot be read: No such file"):
        read_tokens(tmp_path / "nowhere")


def test_tokens_are_added_and_removed_while_remarks_and_permissions_stay(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    add_token(file, _token("a"))
    assert file.stat().st_mode & 0o777 == 0o600

    file.write_text(f"# the shop's\n{file.read_text()}")
    file.chmod(0o640)
    add_token(file, _token("b"))
    remove_token(file, "a")

    assert file.read_text() == f"# the shop's\n{_token('b').line()}\n"
    assert file.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in tmp_path.iterdir()] == ["tokens"]


def test_a_link_to_the_file_stays_one(tmp_path: Path) -> None:
    link, target = tmp_path / "link", tmp_path / "tokens"
    link.symlink_to(target)
    add_token(link, _token("a"))

    assert link.is_symlink()
    assert [token.name for token in read_tokens(target)] == ["a"]


def test_a_file_that_changes_is_read_again_and_a_broken_one_keeps_what_was_read(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    add_token(file, _token("a"))
    watched = TokenFile(file)
    assert not watched.refresh()

    add_token(file, _token("b"))
    assert watched.refresh()
    with structlog.testing.capture_logs() as log:
        file.write_text("{")
        assert not watched.refresh()
        assert not watched.refresh()  # told once
        file.unlink()
        assert not watched.refresh()
    assert [token.name for token in watched.tokens] == ["a", "b"]
    assert [(line["log_level"], "stay valid" in line["event"]) for line in log] == [("error", True)] * 2

    add_token(file, _token("c"))
    assert watched.refresh()
    assert [token.name for token in watched.tokens] == ["c"]


def test_a_token_is_expired_from_its_moment_on_and_a_moment_without_zone_is_utc() -> None:
    past = datetime.now(UTC).replace(tzinfo=None) - timedelta(seconds=1)
    text = StoredToken(name="a", hash=HASH, scopes=["view"], expires=past).line()

    assert StoredToken.model_validate_json(text).is_expired()
    assert not StoredToken(name="a", hash=HASH, scopes=["view"], expires=past + timedelta(hours=1)).is_expired()
