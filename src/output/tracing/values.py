"""Values as a trace holds them: JSON, without secrets, and cut when they are large."""

from __future__ import annotations

import re
import traceback
from typing import cast

import pydantic_core

from output.errors import text_of
from output.security.redaction import redact, redact_text

MAX_VALUE_BYTES = 32 * 1024
_PREVIEW_CHARACTERS = 1_000
_MAX_CAUSES = 5
_MAX_STACK = 8_000
_FRAME = re.compile(r'^ *File "([^"]+)", line', re.MULTILINE)
# What leads to the author's code says nothing of the fault.
_MACHINERY = re.compile(
    r"[/\\](?:temporalio[/\\]worker|output[/\\](?:worker|authoring|tracing))[/\\]|[/\\]contextlib\.py"
)


def capture(value: object) -> bytes:
    """JSON of any value as it is now; what has no JSON form becomes its text. Never raises for a value."""
    return capture_json(_dump(value), whole=None)


def capture_json(data: bytes, *, whole: str | None) -> bytes:
    """JSON without secrets; over 32 KB a marker with size, start, and where the `whole` is (None: nowhere)."""
    try:
        value: object = pydantic_core.from_json(data)
    except ValueError:
        value = {"_raw": True, "bytes": len(data)}
        data = b""
    clean = redact(value)
    if clean is not value or not data or b"\n" in data:
        data = _dump(clean)
    if len(data) <= MAX_VALUE_BYTES:
        return data
    preview = data[: _PREVIEW_CHARACTERS * 4].decode("utf-8", "ignore")[:_PREVIEW_CHARACTERS]
    return _dump({"_truncated": True, "bytes": len(data), "preview": preview, "whole": whole})


def capture_start(start: str, *, size: int, whole: str | None) -> bytes:
    """The marker for JSON of `size` bytes of which only the start is at hand, without secrets."""
    try:
        value: object = pydantic_core.from_json(start, allow_partial="trailing-strings")
    except ValueError:
        return _dump({"_truncated": True, "bytes": size, "preview": None, "whole": whole})
    preview = _dump(redact(value)).decode()[:_PREVIEW_CHARACTERS]
    return _dump({"_truncated": True, "bytes": size, "preview": preview, "whole": whole})


def capture_error(error: BaseException) -> bytes:
    """An exception as `{name, message, stack, cause?}`."""
    return _dump(_describe(error, _MAX_CAUSES))


def error_json(name: str, message: str, *, stack: str | None = None, cause: bytes | None = None) -> bytes:
    """`{name, message, stack, cause?}`, redacted; `cause` is such JSON itself."""
    described: dict[str, object] = {"name": name, "message": _text(message), "stack": _stack(stack)}
    data = _dump(described)
    return data if cause is None else data[:-1] + b',"cause":' + cause + b"}"


def _describe(error: BaseException, causes: int) -> dict[str, object]:
    stack = "".join(traceback.format_tb(error.__traceback__))
    described: dict[str, object] = {
        "name": type(error).__name__,
        "message": _text(text_of(error)),
        "stack": _stack(stack),
    }
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and causes > 0:
        described["cause"] = _describe(cause, causes - 1)
    return described


def _text(message: str) -> str:
    message = redact_text(message, queries="all")
    return message if len(message) <= _MAX_STACK else f"{message[:_MAX_STACK]}… ({len(message)} characters)"


def _stack(stack: str | None) -> str | None:
    if not stack:
        return None
    found = list(_FRAME.finditer(stack))
    own = next((frame.start() for frame in found if not _MACHINERY.search(frame[1])), None)
    if own is not None:
        stack = stack[own:]
    # The last frames are where it happened.
    return redact_text(stack if len(stack) <= _MAX_STACK else f"…{stack[-_MAX_STACK:]}", queries="all")


def _dump(value: object) -> bytes:
    try:
        return pydantic_core.to_json(value, by_alias=True, bytes_mode="base64", inf_nan_mode="strings", fallback=_name)
    except (ValueError, RecursionError, AttributeError, TypeError):  # a lone surrogate, a circle, a broken model
        return pydantic_core.to_json({"_raw": True, "text": _safe_text(value)})


def _name(value: object) -> str:
    # The representation of an unknown object may hold anything: its type says enough.
    return f"<{type(value).__module__}.{type(value).__qualname__}>"


def _safe_text(value: object) -> str:
    if not isinstance(value, str):
        return _name(value)
    return cast("str", redact(value.encode("utf-8", "replace").decode()))[:_PREVIEW_CHARACTERS]
