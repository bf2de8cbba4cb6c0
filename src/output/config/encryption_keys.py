"""Keys for values, as text: the first one encrypts, all of them decrypt."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from pathlib import Path

KEY_BYTES = 32
_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}\Z")
_FILE = re.compile(r"file:|\.{0,2}/")


def read_keys(text: str) -> Mapping[str, bytes]:
    """The keys in `id:base64` entries, or in the file that the text names: an entry a line, `#` begins a remark.

    Raises ValueError, which never shows a key.
    """
    if _FILE.match(text):
        path = Path(text.removeprefix("file:"))
        try:
            text = path.read_text()
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"{path} cannot be read") from error
        text = ",".join(line.partition("#")[0] for line in text.splitlines())
    keys: dict[str, bytes] = {}
    for number, entry in enumerate(filter(None, (each.strip() for each in text.split(","))), start=1):
        name, mark, encoded = entry.partition(":")
        if not mark or not _ID.match(name):
            raise ValueError(f"entry {number} is no `id:base64`; `output keys create` makes one")
        if name in keys:
            raise ValueError(f"there are two keys with the ID {name!r}")
        keys[name] = _decode(name, encoded)
    if not keys:
        raise ValueError("there is no key in it")
    return keys


def _decode(name: str, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError(f"the key {name!r} is not {KEY_BYTES} bytes in base64; `output keys create` makes one")
    return key
