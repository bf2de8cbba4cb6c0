"""Calls that wait to be awaited: one that never is ends the run, and names the line where it was made."""

from __future__ import annotations

import os
import sys
from collections.abc import Coroutine
from dataclasses import dataclass
from inspect import CORO_CREATED, getcoroutinestate
from types import CoroutineType
from typing import Any, TypeVar, cast

from output.errors import NotAwaitedError

R = TypeVar("R")
# No run can make as many: its history would be over the engine's limit of 51,200 events, at three events a call.
MOST_WAITING = 20_000
_FEWEST_TO_SORT_OUT = 64
# What stands between the author's line and this module.
_OURS = ("output.authoring.", "output.worker.", "contextlib", "functools")


@dataclass(frozen=True, slots=True)
class _Call:
    work: CoroutineType[Any, Any, Any]
    what: str
    file: str
    line: int

    @property
    def where(self) -> str:
        """Where it was made, below the folder that the process works in."""
        return f"{self.file.removeprefix(os.path.join(os.getcwd(), ''))}:{self.line}"  # noqa: PTH109, PTH118 — texts

    @property
    def has_not_begun(self) -> bool:
        return getcoroutinestate(self.work) == CORO_CREATED

    @property
    def holders(self) -> int:
        """How many references there are to it; as many as to a fresh one means that nobody else has one."""
        return sys.getrefcount(self.work)


class Calls:
    """The calls of one run that have not begun."""

    def __init__(self) -> None:
        self._waiting: list[_Call] = []
        self._forgotten: NotAwaitedError | None = None
        self._sort_out_at = _FEWEST_TO_SORT_OUT

    def expect(self, work: Coroutine[Any, Any, R], what: str) -> Coroutine[Any, Any, R]:
        """The same call, kept in mind until it begins.

        Raises NotAwaitedError where the call before this one was dropped, or where none of very many is awaited.
        """
        try:
            self.check_last()
            if len(self._waiting) >= self._sort_out_at:
                self._sort_out()
        except NotAwaitedError:
            work.close()
            raise
        self._waiting.append(_Call(cast("CoroutineType[Any, Any, R]", work), what, *_authors_line()))
        return work

    def check_last(self) -> None:
        """Raise NotAwaitedError where the last call was dropped: before the next one, and as a handler ends well."""
        if not self._waiting:
            return
        if not self._waiting[-1].has_not_begun:
            self._waiting.pop()
        elif self._waiting[-1].holders == _UNHELD:
            raise self._forget(self._waiting.pop())

    def check(self) -> None:
        """Raise NotAwaitedError for the first call that never began, as the run is about to end well."""
        never_begun = [call for call in self._waiting if call.has_not_begun]
        self._waiting = []
        for call in never_begun:
            self._forget(call)
        if self._forgotten is not None:
            raise self._forgotten

    def _sort_out(self) -> None:
        self._waiting = [call for call in self._waiting if call.has_not_begun]
        self._sort_out_at = max(_FEWEST_TO_SORT_OUT, 2 * len(self._waiting))
        if len(self._waiting) >= MOST_WAITING:
            raise self._forget(self._waiting[0])

    def _forget(self, call: _Call) -> NotAwaitedError:
        call.work.close()  # Python's own warning would not know the line
        error = NotAwaitedError(call.what, where=call.where)
        self._forgotten = self._forgotten or error
        return error


def _authors_line() -> tuple[str, int]:
    frame = sys._getframe(2)  # pyright: ignore[reportPrivateUsage]  # noqa: SLF001 — a traceback would cost tenfold
    while frame.f_back is not None and str(frame.f_globals.get("__name__", "")).startswith(_OURS):
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


def _count_unheld() -> int:
    async def nothing() -> None: ...

    def make() -> _Call:
        return _Call(nothing(), "", "", 0)

    call = make()
    try:
        return call.holders
    finally:
        call.work.close()


_UNHELD = _count_unheld()
