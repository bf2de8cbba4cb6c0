"""Facts of errors as they cross the wire: the `details` of an error's body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import cast


@dataclass(frozen=True, slots=True)
class Detail:
    """An attribute of an error and its name in the JSON; times are whole milliseconds.

    `absent` is what the attribute is when the server did not send it.
    """

    attribute: str
    key: str
    absent: object = None

    def write(self, value: object) -> object:
        """As JSON has it."""
        if isinstance(value, timedelta):
            return round(value / timedelta(milliseconds=1))
        return list(cast("Sequence[object]", value)) if isinstance(value, tuple) else value

    def read(self, details: Mapping[str, object]) -> object:
        """As the attribute has it."""
        value = details.get(self.key)
        if value is None:
            return self.absent
        if isinstance(value, list):
            return tuple(cast("list[object]", value))
        return timedelta(milliseconds=value) if self.key.endswith("Ms") and isinstance(value, int | float) else value
