"""What scopes allow, word for word."""

from __future__ import annotations

import pytest

from output.security.scopes import Caller, check_scope


def _may(*scopes: str, ask: str) -> bool:
    return Caller("x", frozenset(scopes), "key").may(ask)


@pytest.mark.parametrize("text", ["view", "operate", "admin", "run:*", "run:order", "message:über-weisung"])
def test_the_scopes_that_there_are(text: str) -> None:
    assert check_scope(text) == text


@pytest.mark.parametrize("text", ["", "views", "run", "run:", "run:a b", "run:a*", "message:a,b", "view:*", "View"])
def test_anything_else_is_refused_with_the_scopes_that_there_are(text: str) -> None:
    with pytest.raises(ValueError, match="there are view, run:"):
        check_scope(text)


def test_a_scope_allows_itself_and_no_other() -> None:
    assert _may("view", ask="view")
    assert not _may("view", "operate", "run:*", "message:*", ask="admin")
    assert not _may("operate", ask="view")
    assert not _may("run:order", ask="run:orders")
    assert not _may("run:order", ask="message:order")


def test_a_star_means_every_workflow_and_admin_everything() -> None:
    assert _may("run:*", ask="run:order")
    assert not _may("run:*", ask="message:order")
    assert all(_may("admin", ask=scope) for scope in ("view", "operate", "run:order", "message:order", "admin"))


def test_some_workflow_is_asked_for_before_its_name_is_known() -> None:
    assert Caller("x", frozenset({"run:order"}), "").may_some("run")
    assert Caller("x", frozenset({"admin"}), "").may_some("run")
    assert not Caller("x", frozenset({"run:order", "view"}), "").may_some("message")
