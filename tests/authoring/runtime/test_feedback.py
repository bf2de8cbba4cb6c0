"""Feedback finds the wait that it is for."""

from __future__ import annotations

from output.authoring.runtime.feedback import MAX_EARLY, FeedbackInbox


def test_without_a_token_the_oldest_wait_is_answered() -> None:
    inbox = FeedbackInbox()
    first, second = inbox.open("a"), inbox.open("b")

    assert inbox.deliver("one", token=None)
    assert inbox.deliver("two", token=None)
    assert (first.payload, second.payload) == ("one", "two")


def test_a_token_answers_its_wait_once() -> None:
    inbox = FeedbackInbox()
    first, second = inbox.open("a"), inbox.open("b")

    assert inbox.deliver("two", token="b")
    assert not inbox.deliver("again", token="b")
    assert (first.is_answered, second.payload) == (False, "two")


def test_early_feedback_answers_the_waits_that_follow_in_order() -> None:
    inbox = FeedbackInbox()
    assert inbox.deliver(1, token=None)
    assert inbox.deliver(None, token=None)

    assert [inbox.open("a").payload, inbox.open("b").payload] == [1, None]
    assert not inbox.open("c").is_answered


def test_a_wait_that_was_given_up_is_not_answered() -> None:
    inbox = FeedbackInbox()
    wait = inbox.open("a")
    inbox.close(wait)

    assert not inbox.deliver("late", token="a")
    assert not wait.is_answered


def test_early_feedback_is_bounded() -> None:
    inbox = FeedbackInbox()

    assert all(inbox.deliver(number, token=None) for number in range(MAX_EARLY))
    assert not inbox.deliver("one too many", token=None)
