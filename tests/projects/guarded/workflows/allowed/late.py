"""Imported by a workflow while it runs."""

import time

LOADED_AT = time.time()


def size_of(number: int) -> int:
    return number
