"""Tokens of links: signed, and worth nothing but their one question."""

from __future__ import annotations

from datetime import UTC, datetime

from output.security.links import ApprovalLinks, WaitReferences

NONCE = "00112233445566778899aabbccddeeff"
LATER = datetime(2030, 1, 1, tzinfo=UTC)


def token(links: ApprovalLinks, workflow_id: str = "run-1") -> str:
    link = links.link(NONCE, links.digest(NONCE), workflow_id, expires_at=LATER)
    assert link is not None
    return link.rpartition("/")[2]


def test_a_link_is_read_where_it_was_made() -> None:
    links = ApprovalLinks("https://x.example/", ["key"])
    target = links.read(token(links, "bestellung/ä 1"))

    assert target is not None
    assert (target.workflow_id, target.digest, target.expires_at) == ("bestellung/ä 1", links.digest(NONCE), LATER)
    made = links.link(NONCE, links.digest(NONCE), "w", expires_at=None)
    assert made is not None
    assert made.startswith("https://x.example/approve/")


def test_the_history_s_nonce_makes_no_link_without_the_key() -> None:
    links, guesser = ApprovalLinks(keys=["key"]), ApprovalLinks(keys=["another"])

    assert links.read(token(guesser)) is None
    assert guesser.digest(NONCE) != links.digest(NONCE)
    assert guesser.link(NONCE, links.digest(NONCE), "run-1", expires_at=None) is None


def test_keys_are_rotated_without_a_break() -> None:
    old, both = ApprovalLinks(keys=["old"]), ApprovalLinks(keys=["new", "old"])

    target = both.read(token(old))
    assert target is not None
    assert target.digest == old.digest(NONCE)
    # The run's link is still the one that its mail holds, but signed anew.
    link = both.link(NONCE, old.digest(NONCE), "run-1", expires_at=LATER)
    assert link is not None
    assert both.read(link.rpartition("/")[2]) == target


def test_a_changed_token_is_none() -> None:
    links = ApprovalLinks(keys=["key"])
    good = token(links)

    for place in range(0, len(good) - 1, 7):
        other = "A" if good[place] != "A" else "B"
        assert links.read(good[:place] + other + good[place + 1 :]) is None
    for wrong in ("", "x", "ä", good[:-4], "A" * 200):
        assert links.read(wrong) is None


def test_a_reference_names_a_question_and_is_no_link() -> None:
    references, links = WaitReferences(["secret"]), ApprovalLinks(keys=["key"])
    made = references.make("run-1", links.digest(NONCE))
    target = references.read(made)

    assert target is not None
    assert (target.workflow_id, target.digest) == ("run-1", links.digest(NONCE))
    assert links.read(made) is None
    assert references.read(token(links)) is None
    assert WaitReferences(["other"]).read(made) is None
