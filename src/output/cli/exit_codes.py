"""Exit codes, which scripts rely on."""

from __future__ import annotations

from enum import IntEnum

from output.errors import OutputError, ServerNotReachableError, UnexpectedResponseError


class ExitCode(IntEnum):
    """What a command's exit code means; the docstring of each member is what the reference says."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    NO_SERVER = 3
    INTERRUPTED = 130


MEANINGS: dict[ExitCode, str] = {
    ExitCode.DONE: "done; of a run that was waited for: it completed",
    ExitCode.FAILED: "the run ended otherwise, or the server refused what was asked",
    ExitCode.USAGE: "wrong usage: an option, an input, a variable or a file that does not fit",
    ExitCode.NO_SERVER: "no server, engine or worker to answer, now or any more: try again later",
    ExitCode.INTERRUPTED: "Ctrl-C: nothing more is shown; a run that was followed goes on",
}


class CommandError(Exception):
    """What a command was given does not fit; the sentence says what to do next."""

    def __init__(self, message: str, *, code: ExitCode = ExitCode.USAGE) -> None:
        super().__init__(message)
        self.code = code


def exit_code(error: OutputError) -> ExitCode:
    """The exit code for a fault that a server raised, or that kept one from answering."""
    if isinstance(error, ServerNotReachableError | UnexpectedResponseError) or error.status in {429, 503}:
        return ExitCode.NO_SERVER
    return ExitCode.FAILED
