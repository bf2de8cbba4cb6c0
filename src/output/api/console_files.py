"""The web console's files: built by `make console`, committed, and served as they are."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from output.config.settings import ApiSettings
from output.errors import NotFoundError

FOLDER = Path(__file__).parent / "console"
AssetName = Literal["app.js", "style.css", "licences.md"]
_MEDIA_TYPES: dict[AssetName, str] = {
    "app.js": "text/javascript",
    "style.css": "text/css",
    "licences.md": "text/markdown",
}
_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Crect width='16' height='16' rx='3' fill='%231b5cb8'/%3E"
    "%3Ccircle cx='8' cy='8' r='3.5' fill='none' stroke='white' stroke-width='2'/%3E%3C/svg%3E"
)
_PAGE = """<!doctype html>
<html lang="en" data-mode="{mode}">
<head>
<meta charset="utf-8">
<title>Output</title>
<base href="{base}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="{icon}">
<link rel="stylesheet" href="assets/{digest}/style.css">
<script type="module" src="assets/{digest}/app.js"></script>
</head>
<body>
<div id="app"></div>
<noscript>The console needs JavaScript.</noscript>
</body>
</html>
"""


@dataclass(frozen=True)
class Asset:
    """A file, plain and packed."""

    media_type: str
    plain: bytes
    packed: bytes


@cache
def read_assets() -> dict[AssetName, Asset]:
    """All files, read and packed once, when somebody opens the console."""
    return {name: _read(name, media_type) for name, media_type in _MEDIA_TYPES.items()}


@cache
def digest() -> str:
    """Names this build in the addresses of its files, so that browsers may keep them for ever."""
    whole = hashlib.sha256(b"\0".join(asset.plain for asset in read_assets().values()))
    return whole.hexdigest()[:16]


def render_page(raw_path: bytes, *, is_production: bool) -> str:
    """The page, whose base is the console's own address however deep the path and whatever a proxy puts before it."""
    below = raw_path.partition(b"/console/")[2]
    base = "../" * below.count(b"/") or "./"
    mode = "production" if is_production else "development"
    return _PAGE.format(base=base, digest=digest(), icon=_ICON, mode=mode)


def refuse_when_off(settings: ApiSettings) -> None:
    """Raises NotFoundError where the console is switched off."""
    if settings.console == "off":
        raise NotFoundError("There is no console here; it is switched off by `OUTPUT_CONSOLE`.")


def _read(name: AssetName, media_type: str) -> Asset:
    plain = (FOLDER / name).read_bytes()
    return Asset(f"{media_type}; charset=utf-8", plain, gzip.compress(plain, mtime=0))
