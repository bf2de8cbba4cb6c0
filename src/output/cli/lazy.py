"""Commands that are imported when they are named: start-up pays for one, not for all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar

import typer
import typer.main
from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from typer import Context

Home = str


class _Commands(Mapping[str, TyperCommand | TyperGroup]):
    """Commands by name, each built when it is asked for."""

    def __init__(self, homes: Mapping[str, Home]) -> None:
        self._homes = homes
        self._built: dict[str, TyperCommand | TyperGroup] = {}

    def __getitem__(self, name: str) -> TyperCommand | TyperGroup:
        if name not in self._built:
            self._built[name] = _build(name, self._homes[name])
        return self._built[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._homes)

    def __len__(self) -> int:
        return len(self._homes)


class LazyGroup(TyperGroup):
    """A group that knows where its commands are: name to `module:function`, or `module:typer` for a group."""

    homes: ClassVar[Mapping[str, Home]] = {}

    def __init__(self, **attributes: object) -> None:
        super().__init__(**attributes)  # type: ignore[arg-type]  # typer's own keywords, passed on
        self.commands = _Commands(self.homes)

    # Typer keeps its own context class private and shows a subclass of it.
    def list_commands(self, ctx: Context) -> list[str]:  # type: ignore[reportIncompatibleMethodOverride]
        return list(self.homes)


def _build(name: str, home: Home) -> TyperCommand | TyperGroup:
    module, _, attribute = home.partition(":")
    found: object = getattr(import_module(module), attribute)
    if not isinstance(found, typer.Typer):
        assert callable(found)
        alone = typer.Typer(add_completion=False, rich_markup_mode=None)
        alone.command(name)(found)
        found = alone
    command = typer.main.get_command(found)
    command.name = name
    assert isinstance(command, TyperCommand | TyperGroup)
    return command
