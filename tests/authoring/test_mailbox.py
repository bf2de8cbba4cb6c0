"""Feedback finds the wait that it is for."""

from __future__ import annotations

from output.authoring.runtime.feedback import MAX_EARLY, Mailbox


def test_without_a_token_the_oldest_wait_is_answered() -> None:
    mailbox = Mailbox()
    first, second = mailbox.open("a"), mailbox.open("b")

    assert mailbox.deliver("one", token=None)
    assert mailbox.deliver("two", token=None)
    assert (first.payload, second.payload) == ("one", "two")


def test_a_token_answers_its_wait_once() -> None:
    mailbox = Mailbox()
    first, second = mailbox.open("a"), mailbox.open("b")

    assert mailbox.deliver("two", token="b")
    assert not mailbox.deliver("again", token="b")
    assert (first.is_answered, second.payload) == (False, "two")


def test_early_feedback_answers_the_waits_that_follow_in_order() -> None:
    mailbox = Mailbox()
    assert mailbox.deliver(1, token=None)
    assert mailbox.deliver(None, token=None)

    assert [mailbox.open("a").payload, mailbox.open("b").payload] == [1, None]
    assert not mailbox.open("c").is_answered


def test_a_wait_that_was_given_up_is_not_answered() -> None:
    mailbox = Mailbox()
    wait = mailbox.open("a")
    mailbox.close(wait)

    assert not mailbox.deliver("late", token="a")
    assert not wait.is_answered


def test_early_feedback_is_bounded() -> None:
    mailbox = Mailbox()

    assert all(mailbox.deliver(number, token=None) for number in range(MAX_EARLY))
    assert not mailbox.deliver("one too many", token=None)
