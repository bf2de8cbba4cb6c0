"""The environment that children are started with: `.env` may change while they run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from output.config.light import EnvFileError, project_environment


class ProjectEnvironment:
    """Reads `.env` again each time; while it cannot be read, what it last held stays in force. Raises: EnvFileError."""

    def __init__(self, project: Path, say: Callable[[str], None]) -> None:
        self._project, self._say = project, say
        self.current = project_environment(project)

    def read(self) -> dict[str, str]:
        """The environment as it is now."""
        self.refresh()
        return self.current

    def refresh(self) -> bool:
        """Whether it is another than before."""
        try:
            latest = project_environment(self._project)
        except EnvFileError as error:
            self._say(f"{error} Until then its variables stay as they were.")
            return False
        before, self.current = self.current, latest
        return before != latest
