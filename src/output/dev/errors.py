"""Why `output dev` cannot go on."""

from __future__ import annotations


class DevError(Exception):
    """Ends `output dev` with exit code 1; the sentence says what to do."""
