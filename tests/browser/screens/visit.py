"""One visit to the canvas in one look: what a scene is given to walk through and to take pictures with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.acceptance.stack import Stack
from tests.browser.canvas import until_still

LATE = 400
"""Milliseconds until what is drawn after its data came is drawn."""
PATIENCE = 30_000


@dataclass(frozen=True)
class Look:
    """A size of the window, in pixels, and a colour scheme."""

    width: int
    height: int
    scheme: str

    @property
    def name(self) -> str:
        """Return what its pictures end with."""
        return f"{self.width}_{self.scheme}"


LOOKS = tuple(Look(*size, scheme) for size in ((1400, 900), (1024, 700)) for scheme in ("light", "dark"))


@dataclass
class Visit:
    """Pages in one look, the installation behind them, and what earlier looks have made there."""

    browser: Browser
    stack: Stack
    look: Look
    folder: Path
    made: dict[str, Any]
    taken: list[str] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)

    def open(self, place: str = "", url: str | None = None) -> Page:
        """Open the canvas as a new visitor does, at a place such as ``#/runs/ID``."""
        page = self.blank()
        page.goto(f"{url or self.stack.url}/{place}")
        return page

    def blank(self) -> Page:
        """Return a page of a new visitor that has not opened anything, for routes to be laid before."""
        context = self.browser.new_context(
            viewport={"width": self.look.width, "height": self.look.height},
            color_scheme="dark" if self.look.scheme == "dark" else "light",
            reduced_motion="reduce",
            permissions=["clipboard-read", "clipboard-write"],
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        self.pages.append(page)
        return page

    def take(self, page: Page, name: str) -> None:
        """Take the picture *name* of the page once nothing on it moves."""
        page.wait_for_timeout(LATE)
        until_still(page)
        page.screenshot(path=self.folder / f"{name}-{self.look.name}.png")
        self.taken.append(name)

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """Return what *make* returned the first time: searches need not be run again for every look."""
        if name not in self.made:
            self.made[name] = make()
        return self.made[name]

    def close(self) -> None:
        """Close what was opened."""
        for page in self.pages:
            page.context.close()


Scene = Callable[[Visit], None]
