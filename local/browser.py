"""A browser of this machine, driven by Playwright: for the tests of the page, and for the README's pictures."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from local.errors import Failure

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = (
    "--no-sandbox",  # of a container, root has no other
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",  # it looks for updates and for Google's hosts
    "--disable-component-update",
    "--disable-sync",
)


def found() -> str | None:
    """The path of a browser of Chromium's kind."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


@contextmanager
def launched(playwright: "Playwright") -> Iterator["Browser"]:
    """Raises Failure where there is no browser."""
    path = found()
    if path is None:
        raise Failure(f"there is no browser on this machine: install one of {', '.join(_NAMES)}")
    browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
    try:
        yield browser
    finally:
        browser.close()
