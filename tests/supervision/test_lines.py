"""Bytes become lines, whatever the pieces they come in."""

from output.supervision.lines import LineSplitter


def test_a_line_is_passed_on_when_it_is_complete() -> None:
    splitter = LineSplitter()

    assert splitter.feed(b"one\ntw") == ["one"]
    assert splitter.feed(b"o\n") == ["two"]


def test_the_end_completes_the_last_line() -> None:
    splitter = LineSplitter()

    assert splitter.feed(b"no newline") == []
    assert splitter.feed(b"") == ["no newline"]
    assert splitter.feed(b"") == []


def test_a_character_that_is_cut_in_two_stays_whole() -> None:
    splitter = LineSplitter()
    first, second = "é\n".encode()[:1], "é\n".encode()[1:]

    assert [*splitter.feed(first), *splitter.feed(second)] == ["é"]


def test_what_is_no_utf8_is_shown_as_such() -> None:
    assert LineSplitter().feed(b"\xff!\n") == ["\ufffd!"]


def test_an_endless_line_is_passed_on_in_parts() -> None:
    splitter = LineSplitter()

    parts = splitter.feed(b"x" * 40_000)

    assert [len(part) for part in parts] == [16 * 1024] * 2
    assert splitter.feed(b"\n") == ["x" * (40_000 - 2 * 16 * 1024)]


def test_of_a_redrawn_line_the_last_state_is_kept() -> None:
    assert LineSplitter().feed(b"10 %\r50 %\r100 %\r\n") == ["100 %"]
