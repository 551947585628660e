"""A real browser in front of the deployed stack: the page as `make run` serves it, with real data."""

import socket
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from local import page as built
from local.browser import launched
from local.page_server import PageServer
from tests.deployed import Deployed

type Open = Callable[..., Page]

WIDE = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=390, height=844)


@pytest.fixture(scope="session")
def site(deployed: Deployed, page_socket: socket.socket) -> Iterator[str]:
    """The page's address, which the stack was told beforehand: the archive takes uploads from there."""
    built.build()
    page_socket.close()
    with PageServer(deployed.said, port=urlsplit(deployed.said["PageUrl"]).port or 0) as server:
        yield server.url


expect.set_options(timeout=60_000)  # milliseconds; a loaded machine takes its time


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright, launched(playwright) as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Open]:
    """`visit("/files")`: a new visitor's page there, or `of` another server.

    What the browser complains of fails the test, unless it is `expected`.
    """
    complaints: list[str] = []
    contexts = []

    def open_page(
        path: str,
        *,
        phone: bool = False,
        dark: bool = False,
        expected: str | None = None,
        of: str = site,
        before: Callable[[Page], None] | None = None,
    ) -> Page:
        context = browser.new_context(
            viewport=PHONE if phone else WIDE,
            color_scheme="dark" if dark else "light",
            has_touch=phone,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                complaints.append(message.text)
                if message.type in ("error", "warning") and not (expected and expected in message.text)
                else None
            ),
        )
        if before:
            before(page)
        page.goto(of + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
