"""Takes the pictures of the documentation from the running product.

Run as ``make screenshots``, which builds the canvas before. Nothing is drawn or touched up: the penguins
example is opened, run and applied as the tests do.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.acceptance.stack import Stack, serving
from tests.browser import chromium
from tests.browser.canvas import open_example, panel, run, select, wait_for_end

FOLDER = Path(__file__).parents[2] / "docs" / "canvas"
SIZE = (1400, 900)
DARK = ("run",)
"""What README shows in dark, too."""


def main() -> None:
    """Take all pictures anew."""
    FOLDER.mkdir(exist_ok=True)
    path = chromium.find() or chromium.install()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder), {}) as stack,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=list(chromium.FLAGS))
        for scheme in ("light", "dark"):
            _story(browser, stack, scheme)
        browser.close()


def _story(browser: Browser, stack: Stack, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": SIZE[0], "height": SIZE[1]}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(stack.url)
    expect(page.get_by_role("button", name="Penguins")).to_be_visible()
    _take(page, "start", scheme)
    open_example(page, "Penguins")
    select(page, "Tune hyperparameters")
    expect(panel(page).get_by_role("group", name="Search space")).to_be_visible()
    page.get_by_role("button", name="Show everything").click()
    _take(page, "configure", scheme)
    run(page)
    wait_for_end(page)
    _take(page, "run", scheme)
    panel(page).get_by_role("button", name="Apply best settings…").click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Apply", exact=True)).to_be_enabled()
    _take(page, "apply", scheme)
    page.keyboard.press("Escape")
    job = stack.get("/hyperparameter-tuning-jobs")["items"][0]["id"]
    page.goto(f"{stack.url}/#/runs/{job}")
    page.get_by_role("tab", name="Parameters", exact=True).click()
    expect(page.locator("canvas, svg").first).to_be_visible()
    _take(page, "page", scheme)
    context.close()


def _take(page: Page, name: str, scheme: str) -> None:
    if scheme == "dark" and name not in DARK:
        return
    page.wait_for_timeout(1000)  # until everything that is drawn late is drawn
    page.screenshot(path=FOLDER / f"{name}_{scheme}.png")


if __name__ == "__main__":
    main()
