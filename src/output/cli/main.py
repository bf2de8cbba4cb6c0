"""The way in and out of `output`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from output.cli.exit_codes import CommandError, ExitCode, exit_code
from output.config.light import EnvFileError, load_env_file
from output.errors import OutputError
from output.process.exit import leave


def main() -> None:
    """Run the command that the process was started with, and end the process with its exit code."""
    arguments, debug = _take_debug(sys.argv[1:])
    leave(run(arguments, debug=debug))


def run(arguments: Sequence[str], *, debug: bool = False) -> int:
    """Run a command; returns its exit code, having said on stderr what went wrong."""
    try:
        load_env_file()
        return _invoke(arguments)
    except (CommandError, FileNotFoundError, EnvFileError) as error:
        return _refuse(
            error, str(error), error.code if isinstance(error, CommandError) else ExitCode.USAGE, debug=debug
        )
    except OutputError as error:
        return _refuse(error, _explain(error), exit_code(error), debug=debug)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        return ExitCode.DONE
    except Exception as error:  # noqa: BLE001 — the edge: a fault of ours is told in one line, with --debug in full
        message = f"A fault of the command line itself: {type(error).__name__}: {error}. `--debug` shows where."
        return _refuse(error, message, ExitCode.FAILED, debug=debug)


def _invoke(arguments: Sequence[str]) -> int:
    from output.cli.app import build_command

    try:
        build_command().main(args=list(arguments), prog_name="output")
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else ExitCode.DONE
    return ExitCode.DONE


def _take_debug(arguments: Sequence[str]) -> tuple[list[str], bool]:
    """`--debug` may stand after any command; what follows `--` is left alone."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    kept = [argument for argument in arguments[:end] if argument != "--debug"]
    return [*kept, *arguments[end:]], len(kept) < end


def _explain(error: OutputError) -> str:
    from output.cli.error_hints import explain

    return explain(error)


def _refuse(error: Exception, message: str, code: ExitCode, *, debug: bool) -> ExitCode:
    from output.cli.render.output import note, paint

    if debug:
        import traceback

        note("".join(traceback.format_exception(error)).rstrip())
    note(f"{paint('Error:', 'red', stream=sys.stderr)} {message}")
    return code
