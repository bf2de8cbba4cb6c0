"""A client that leaves before its response."""

from __future__ import annotations


class ClientGoneError(Exception):
    """The client has left; nobody reads an answer."""
