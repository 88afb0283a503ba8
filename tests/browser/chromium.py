"""The Chromium that the browser tests drive: one that is there, or one that is installed here, and said so.

Run as ``python -m tests.browser.chromium`` before the tests, so that nobody waits without knowing why.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""What it is called on the path, by distribution."""

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""As root there is no sandbox; without the rest it would look for services outside this machine."""


def find() -> str | None:
    """Return the path of a Chromium: of ``HPT_TEST_CHROMIUM``, of the system, or Playwright's own."""
    told = os.environ.get("HPT_TEST_CHROMIUM")
    if told:
        return told
    of_system = next(filter(None, map(shutil.which, NAMES)), None)
    return of_system or _of_playwright()


def install() -> str:
    """Install one: the system's package where that is allowed, else Playwright's.

    Raises:
        SystemExit: neither could be installed; the sentence says what to do.
    """
    for name, commands in _ways():
        print(f"The browser tests need Chromium: installing {name} ...", flush=True)
        if all(_succeeds(command) for command in commands):
            found = find()
            if found is not None:
                return found
    raise SystemExit(
        "No Chromium could be installed for the browser tests. Install one, or name its path in "
        "HPT_TEST_CHROMIUM."
    )


def _ways() -> list[tuple[str, Sequence[Sequence[str]]]]:
    ways: list[tuple[str, Sequence[Sequence[str]]]] = []
    if shutil.which("apt-get") and os.geteuid() == 0:
        packages = ("chromium", "fonts-dejavu-core")
        ways.append(
            (
                "the system's package",
                (
                    ("apt-get", "update", "-qq"),
                    ("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages),
                ),
            )
        )
    ways.append(("Playwright's own", ((sys.executable, "-m", "playwright", "install", "chromium"),)))
    return ways


def _succeeds(command: Sequence[str]) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=environment, stdout=subprocess.DEVNULL).returncode == 0


def _of_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


if __name__ == "__main__":
    print(f"The browser tests use {find() or install()}.")
