"""How a server is."""

from __future__ import annotations

from typing import Literal

from output.models.wire_model import WireModel


class Health(WireModel):
    """The server is well."""

    status: Literal["ok"]
