"""Takes a picture of every screen in two sizes and both colour schemes, for people to look at.

Run as ``make screens``, for some scenes with ``ARGS="NAME NAME"``. A picture under build/screens/ shows one
screen in its four looks beside each other. A scene that fails does not keep the others from being taken.
"""

from __future__ import annotations

import base64
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect, sync_playwright

from tests.acceptance.stack import Stack, serving
from tests.browser import chromium
from tests.browser.screens import apply, canvas, dialogs, failures, panel, run, running, space
from tests.browser.screens.visit import LOOKS, PATIENCE, Look, Scene, Visit

FOLDER = Path(__file__).parents[3] / "build" / "screens"
SCENES: dict[str, Scene] = {
    scene.__name__: scene
    for part in (canvas, dialogs, panel, space, run, running, apply, failures)
    for scene in part.SCENES
}
STYLE = "margin:0; background:#888; display:grid; gap:8px; grid-template-columns:auto auto; width:max-content"


def main(names: list[str]) -> int:
    """Take the screens of the scenes with these names, or of all; return how many scenes failed."""
    unknown = set(names) - set(SCENES)
    if unknown:
        raise SystemExit(f"There is no scene {', '.join(sorted(unknown))}. There are: {', '.join(SCENES)}.")
    expect.set_options(timeout=PATIENCE)
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = chromium.find() or chromium.install()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder), {"HPT_CONCURRENCY": "2"}) as stack,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=list(chromium.FLAGS))
        made: dict[str, Any] = {}
        failed = [name for name in names or SCENES if not _taken(browser, stack, name, Path(folder), made)]
        browser.close()
    print(f"The pictures are in {FOLDER}." + (f" Failed: {', '.join(failed)}." if failed else ""))
    return len(failed)


def _taken(browser: Browser, stack: Stack, name: str, folder: Path, made: dict[str, Any]) -> bool:
    began = time.monotonic()
    screens: list[str] = []
    for look in LOOKS:
        try:
            screens = _visited(browser, stack, look, name, folder, made)
        except Exception:
            print(f"{name} ({look.name}) failed: {traceback.format_exc(limit=-3)}", flush=True)
            return False
    for screen in screens:
        _compose(browser, folder, screen)
    print(f"{name}: {', '.join(screens)} ({time.monotonic() - began:.0f} s)", flush=True)
    return True


def _visited(
    browser: Browser, stack: Stack, look: Look, name: str, folder: Path, made: dict[str, Any]
) -> list[str]:
    visit = Visit(browser, stack, look, folder, made)
    try:
        SCENES[name](visit)
    finally:
        visit.close()
    return visit.taken


def _compose(browser: Browser, folder: Path, screen: str) -> None:
    """Put the four looks of a screen into one picture: schemes below each other, sizes beside each other."""
    ordered = sorted(LOOKS, key=lambda look: (look.scheme != "light", -look.width))
    pictures = [base64.b64encode((folder / f"{screen}-{look.name}.png").read_bytes()) for look in ordered]
    page = browser.new_page()
    page.set_content(
        f"<body style='{STYLE}'>"
        + "".join(f"<img src='data:image/png;base64,{each.decode()}'>" for each in pictures)
    )
    page.locator("body").screenshot(path=FOLDER / f"{screen}.png")
    page.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
