"""Whose pages may ask this server."""

from __future__ import annotations

from dataclasses import dataclass

from output.security.loopback import is_loopback_origin


@dataclass(frozen=True)
class AllowedOrigins:
    """The origins that a deployment names, and in development those of this machine."""

    named: frozenset[str]
    loopback: bool

    @property
    def is_any(self) -> bool:
        return "*" in self.named

    def __contains__(self, origin: str) -> bool:
        return self.is_any or origin in self.named or (self.loopback and is_loopback_origin(origin))
