"""Exceptions in log lines: their text without secrets, the author's frames, no locals, everything else folded."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from output.errors import text_of
from output.security.redaction import redact_text

_OURS = str(Path(__file__).parents[1])
_MAX_TEXT = 2_000
_MAX_FRAMES = 20
_MAX_CAUSES = 5


@dataclass(frozen=True, slots=True)
class Told:
    """One exception of a chain; `folded` counts the frames of frameworks that were left out."""

    type: str
    message: str
    frames: tuple[str, ...]
    folded: int

    def as_json(self) -> dict[str, object]:
        return {"type": self.type, "message": self.message, "frames": list(self.frames), "folded": self.folded}

    def lines(self, *, most_frames: int) -> list[str]:
        """The last of its own frames, and how many of others there were."""
        shown = self.frames[-most_frames:]
        rest = len(self.frames) - len(shown) + self.folded
        more = [f"    ({rest} more frames)"] if rest and not shown else []
        return [f"  {self.type}: {self.message}".rstrip(": "), *(f"    at {frame}" for frame in shown), *more]


def chain_of(error: BaseException) -> Iterator[Told]:
    """The exception and its causes, the outermost first; each once."""
    met: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in met and len(met) < _MAX_CAUSES:
        met.add(id(current))
        # What carries an author's exception to the engine says the same once more.
        original = getattr(current, "original", None)
        if isinstance(original, BaseException):
            met.add(id(original))
            current = original
        yield _tell(current)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)


def _tell(error: BaseException) -> Told:
    own: list[str] = []
    folded = 0
    for file, line, function in _frames(error.__traceback__):
        if is_authored(file):
            own.append(f"{file}:{line} in {function}")
        else:
            folded += 1
    return Told(type(error).__name__, _text(error), tuple(own[-_MAX_FRAMES:]), folded + max(0, len(own) - _MAX_FRAMES))


def _frames(trace: TracebackType | None) -> Iterator[tuple[str, int, str]]:
    for frame, line in traceback.walk_tb(trace):
        yield frame.f_code.co_filename, line, frame.f_code.co_name


def is_authored(file: str) -> bool:
    """Whether a file is an author's: not ours, no library, not Python's own."""
    return not (file.startswith((_OURS, "<")) or "site-packages" in file or "/lib/python3" in file)


def _text(error: BaseException) -> str:
    said = [text_of(error), *(str(note) for note in getattr(error, "__notes__", ()) if isinstance(note, str))]
    text = " | ".join(part for part in said if part)
    cut = text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}… ({len(text)} characters)"
    return redact_text(cut, queries="all")
