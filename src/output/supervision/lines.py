"""Bytes of a pipe, cut into lines of text."""

from __future__ import annotations

import codecs

_LONGEST = 16 * 1024  # characters; a longer line is passed on in parts


class LineSplitter:
    """Keeps the begun line until its end comes."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""

    def feed(self, data: bytes) -> list[str]:
        """The lines that are complete now; empty `data` is the end and completes the last one."""
        text = self._rest + self._decoder.decode(data, final=not data)
        *lines, self._rest = text.replace("\r\n", "\n").split("\n")
        while len(self._rest) > _LONGEST or (not data and self._rest):
            lines.append(self._rest[:_LONGEST])
            self._rest = self._rest[_LONGEST:]
        # A progress bar redraws its line with carriage returns: what it came to is enough.
        return [line.rpartition("\r")[2] for line in lines]
