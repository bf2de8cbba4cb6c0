"""What a token may do: `view`, `run:<workflow or *>`, `message:<workflow or *>`, `operate`, `admin`."""

from __future__ import annotations

import re
from dataclasses import dataclass

ADMIN = "admin"
KNOWN = "view, run:<workflow or *>, message:<workflow or *>, operate and admin"
_SCOPE = re.compile(r"view|operate|admin|(?:run|message):(?:\*|[^\s*:,]{1,255})")


def check_scope(text: str) -> str:
    """The scope, if it is one; raises ValueError."""
    if not _SCOPE.fullmatch(text):
        raise ValueError(f"{text[:80]!r} is no scope; there are {KNOWN}")
    return text


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a token's name and scopes.

    `key` tells this token from every other without saying anything of it: it changes when the token does.
    """

    name: str
    scopes: frozenset[str]
    key: str

    def may(self, scope: str) -> bool:
        """Whether the caller has this scope: itself, `<kind>:*` for a `<kind>:<workflow>`, or `admin`."""
        kind, colon, _ = scope.partition(":")
        return not self.scopes.isdisjoint({ADMIN, scope, f"{kind}:*" if colon else scope})

    def may_some(self, kind: str) -> bool:
        """Whether the caller has `<kind>:` of at least one workflow."""
        return ADMIN in self.scopes or any(scope.startswith(f"{kind}:") for scope in self.scopes)
