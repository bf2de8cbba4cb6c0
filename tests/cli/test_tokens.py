"""`output token`: what it writes, and what it prints where."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from output.security.token_file import read_tokens
from output.security.token_hashes import is_hash_of
from tests.support.command import run_command


def test_a_token_is_printed_once_and_its_hash_kept(tmp_path: Path) -> None:
    made = run_command(
        *("token", "create", "shop", "--scope", "run:order", "--scope", "view", "--expires", "90d"),
        folder=tmp_path,
        OUTPUT_API_TOKENS_FILE="tokens",
    )
    (stored,) = read_tokens(tmp_path / "tokens")
    assert stored.expires is not None

    assert (made.code, stored.name, stored.scopes) == (0, "shop", ["run:order", "view"])
    assert is_hash_of(stored.hash, made.out.strip().encode())
    assert made.out.strip() not in (tmp_path / "tokens").read_text()
    assert timedelta(days=89, hours=23) < stored.expires - datetime.now(UTC) <= timedelta(days=90)


def test_without_a_file_the_line_for_one_is_printed_beside_the_token(tmp_path: Path) -> None:
    made = run_command("token", "create", "shop", "--scope", "view", folder=tmp_path)
    line = json.loads(made.err.strip().splitlines()[-1])

    assert is_hash_of(line["hash"], made.out.strip().encode())
    assert not list(tmp_path.iterdir())


def test_tokens_are_listed_without_hashes_and_revoked_by_name(tmp_path: Path) -> None:
    for name, *more in (("shop",), ("ops", "--expires", "2099-01-01")):
        run_command("token", "create", name, "--scope", "view", "--file", "tokens", *more, folder=tmp_path)
    listed = run_command("token", "list", "--file", "tokens", folder=tmp_path)
    as_json = run_command("token", "list", "--file", "tokens", "--format", "json", folder=tmp_path)
    revoked = run_command("token", "revoke", "shop", "--file", "tokens", folder=tmp_path)
    again = run_command("token", "revoke", "shop", "--file", "tokens", folder=tmp_path)

    assert "2099-01-01 00:00 UTC" in listed.out
    assert "argon2" not in listed.out + as_json.out
    assert json.loads(as_json.out)[0] == {"name": "shop", "scopes": ["view"], "expires": None}
    assert (revoked.code, [token.name for token in read_tokens(tmp_path / "tokens")]) == (0, ["ops"])
    assert (again.code, "it has ops" in again.err) == (2, True)


def test_what_does_not_fit_is_said_before_anything_is_written(tmp_path: Path) -> None:
    run_command("token", "create", "shop", "--scope", "view", "--file", "tokens", folder=tmp_path)
    before = (tmp_path / "tokens").read_text()
    for words, why in (
        (("shop", "--scope", "view"), "has a token 'shop' already"),
        (("a b", "--scope", "view"), "name"),
        (("other", "--scope", "see"), "'see' is no scope; there are view"),
        (("other", "--scope", "view", "--expires", "soon"), "is no time"),
        (("other", "--scope", "view", "--expires", "2020-01-01"), "in the past"),
    ):
        ended = run_command("token", "create", *words, "--file", "tokens", folder=tmp_path)
        assert (ended.code, why in ended.err) == (2, True), ended.err
    assert (tmp_path / "tokens").read_text() == before
    assert run_command("token", "list", folder=tmp_path).code == 2
