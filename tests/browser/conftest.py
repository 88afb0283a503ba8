"""A running installation and a browser before it; a page that logs an error fails its test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.acceptance.stack import Stack, serving
from tests.browser import chromium

WIDE = (1400, 900)
PATIENCE = 20_000
"""Milliseconds: whether something comes is asked here, not how soon."""

expect.set_options(timeout=PATIENCE)
OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """What `make serve` starts."""
    with serving(Path(tmp_path_factory.mktemp("canvas")), {"HPT_CONCURRENCY": "2"}) as running:
        yield running


# Of a module, not of the session: while it lives, no test of asyncio can run in this process.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    path = chromium.find() or chromium.install()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(chromium.FLAGS))
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser, stack: Stack) -> Iterator[OpenPage]:
    """Return a function that opens the canvas as a new visitor would, and looks at the console afterwards.

    A page that *fails* on purpose may log what it likes.
    """
    opened: list[tuple[Page, list[str]]] = []

    def open_page(
        place: str = "",
        *,
        size: tuple[int, int] = WIDE,
        scheme: str = "light",
        url: str | None = None,
        fails: bool = False,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, reduced_motion="reduce"
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        errors: list[str] = []
        page.on("console", lambda message: errors.extend(_error(message)))
        page.on("pageerror", lambda error: errors.append(str(error)))
        opened.append((page, [] if fails else errors))
        page.goto(f"{url or stack.url}/{place}")
        return page

    yield open_page
    said = [error for _, errors in opened for error in errors]
    for page, _ in opened:
        page.context.close()
    assert not said, said


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """The canvas, opened for the first time."""
    return open_page()


def _error(message: ConsoleMessage) -> list[str]:
    # Whether an answer such as 409 was meant is for the test to say: the browser logs each of them.
    expected = message.text.startswith("Failed to load resource")
    return [message.text] if message.type in ("error", "warning") and not expected else []
