"""A real browser that opens a file from disk and takes note of what it complains about and asks for."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SETTINGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
PHONE = {"viewport": {"width": 360, "height": 780}, "is_mobile": True, "has_touch": True}


@dataclass
class Opened:
    """An open page, with what went to the console as a warning or an error, and what it asked for beside itself."""

    page: Any
    troubles: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """One browser for the tests of a module: the loop it runs in may not outlive them."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if program is None:
        pytest.skip(f"no browser is installed ({', '.join(BROWSERS)})")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=list(SETTINGS))
        yield browser
        browser.close()


@pytest.fixture
def browser_page(chromium: Any) -> Iterator[Callable[..., Opened]]:
    """Opens a file: ``browser_page(file, color_scheme="dark", **PHONE)``; keywords are those of a browser context.

    Whatever the file asks for beside itself is noted in ``requests`` and refused.
    """
    contexts = []

    def opened(file: Path, *, fragment: str = "", **settings: Any) -> Opened:
        context = chromium.new_context(**settings)
        contexts.append(context)
        shown, address = Opened(context.new_page()), file.resolve().as_uri()
        shown.page.on("console", lambda m: m.type in ("warning", "error") and shown.troubles.append(m.text))
        shown.page.on("pageerror", lambda error: shown.troubles.append(str(error)))
        shown.page.route("**/*", lambda route: _only(address, route, shown))
        shown.page.goto(address + fragment)
        return shown

    yield opened
    for context in contexts:
        context.close()


def _only(address: str, route: Any, shown: Opened) -> None:
    if route.request.url.split("#")[0] == address:
        route.continue_()
    else:
        shown.requests.append(route.request.url)
        route.abort()
