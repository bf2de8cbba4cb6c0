"""A page of the console, and what it must never do."""

from __future__ import annotations

import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.async_api import Browser, ConsoleMessage, Page, Request

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_PATIENCE = 20_000  # ms
DESK, TELEPHONE = (1280, 800), (360, 740)
# What a browser itself reports of answers that the page has read and shown.
_OWN_REPORTS = ("Failed to load resource",)


@dataclass
class Faults:
    """What went wrong in a page: exceptions, errors on the browser's console (its policy's too), requests abroad."""

    found: list[str] = field(default_factory=list[str])

    def hear(self, message: ConsoleMessage) -> None:
        """Keep what the browser complains of."""
        if message.type in {"error", "warning"} and not message.text.startswith(_OWN_REPORTS):
            self.found.append(message.text)


@asynccontextmanager
async def open_browser() -> AsyncGenerator[Browser]:
    """A real Chromium; the test is skipped where there is none."""
    playwright = pytest.importorskip("playwright.async_api", reason="the browser is driven with playwright")
    if CHROMIUM is None:
        pytest.skip("no Chromium here; Debian's package is `chromium`")
    async with playwright.async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


def _be_patient() -> None:
    """Expectations are waited for as long as actions are: machines that run tests are busy."""
    from playwright.async_api import expect

    expect.set_options(timeout=_PATIENCE)


@asynccontextmanager
async def open_page(
    browser: Browser, url: str, *, size: tuple[int, int] = DESK, scheme: str = "light"
) -> AsyncGenerator[Page]:
    """A page at an address; the test fails when the page met a fault of its own, or asked another host."""
    faults = Faults()
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        timezone_id="Europe/Berlin",
        locale="en-GB",
    )
    page = await context.new_page()
    _be_patient()
    page.set_default_timeout(_PATIENCE)
    page.on("console", faults.hear)
    page.on("pageerror", lambda error: faults.found.append(str(error)))
    host = urlsplit(url).netloc

    def notice(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and parts.netloc != host:
            faults.found.append(f"asked {request.url}")

    page.on("request", notice)
    await page.goto(url)
    try:
        yield page
    finally:
        await context.close()
    assert faults.found == []
