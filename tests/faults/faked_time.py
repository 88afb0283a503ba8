"""libfaketime, with which one process has another time than the rest: found, or fetched for the tests.

Nothing is installed: the package of the distribution is unpacked into a cache.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import pytest

_NAME = "libfaketimeMT.so.1"
_PLACES = ("/usr/lib", "/usr/local/lib")


def library(cache: pytest.Cache) -> Path:
    """Return the library's path."""
    for place in (*map(Path, _PLACES), cache.mkdir("faketime")):
        found = next(place.rglob(_NAME), None)
        if found is not None:
            return found
    target = cache.mkdir("faketime")
    with tempfile.TemporaryDirectory() as folder:
        told = _fetched(folder)
        if not list(Path(folder).glob("*.deb")):
            # A machine that is new has no list of packages yet.
            subprocess.run(["apt-get", "update", "-qq"], capture_output=True)
            told = _fetched(folder)
        packages = list(Path(folder).glob("*.deb"))
        assert packages, f"libfaketime is neither here nor can it be fetched: {told}"
        subprocess.run(["dpkg", "-x", str(packages[0]), str(target)], check=True)
    return next(target.rglob(_NAME))


def _fetched(folder: str) -> str:
    command = ["apt-get", "download", "-q", "libfaketime"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True).stderr


def shifted(path: Path, seconds: int) -> dict[str, str]:
    """Return variables of a process whose clock is off by so many seconds; durations are as everywhere."""
    return {
        "LD_PRELOAD": str(path),
        "FAKETIME": f"{seconds:+d}s",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_NO_CACHE": "0",
    }
