"""The tokens that answer a question: those of links, and those that this server gives to who may answer anyway."""

from __future__ import annotations

from dataclasses import dataclass

from output.security.links import ApprovalLinks, LinkTarget, WaitReferences


@dataclass(frozen=True)
class ApprovalTokens:
    """Reads both kinds, and makes the second."""

    links: ApprovalLinks
    references: WaitReferences

    def find(self, token: str) -> LinkTarget | None:
        """What a token answers; None for one that nobody made. Says nothing about whether it is still open."""
        return self.links.read(token) or self.references.read(token)
