"""One stream, each line marked with its source."""

import io

from output.supervision.log_stream import Console


def test_every_line_carries_its_source() -> None:
    stream = io.StringIO()
    console = Console(stream, colour=False)

    console.line("api", "up")
    console.say("two\nlines")

    assert stream.getvalue() == "api    │ up\ndev    │ two\ndev    │ lines\n"


def test_without_colour_the_escapes_of_children_are_taken_out() -> None:
    stream = io.StringIO()

    Console(stream, colour=False).line("worker", "\x1b[31mred\x1b[0m \x1b]0;title\x07bell\x07")

    assert stream.getvalue() == "worker │ red bell\n"


def test_with_colour_a_child_cannot_colour_the_lines_after_it() -> None:
    stream = io.StringIO()

    Console(stream, colour=True).line("worker", "\x1b[31mred")

    assert stream.getvalue() == "\x1b[36mworker │\x1b[0m \x1b[31mred\x1b[0m\n"


def test_when_nobody_reads_any_more_it_tells_once_and_is_silent() -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError(text)

    closed: list[bool] = []
    console = Console(Gone(), colour=False)
    console.on_closed = lambda: closed.append(True)

    console.say("one\ntwo")

    assert closed == [True]
