"""Node with the packages of tests/ajv, installed once into the test run's cache."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.node_packages import installed_packages, node_tool

AJV = Path(__file__).parents[1] / "ajv"


@pytest.fixture(scope="session")
def node_folder(request: pytest.FixtureRequest) -> Path:
    """A folder with node_modules, made anew when the lock changes."""
    return installed_packages(AJV, request.config)


@pytest.fixture(scope="session")
def run_node(node_folder: Path) -> Callable[[str, Any], Any]:
    """Run a program of tests/ajv with JSON in and JSON out."""

    def run(program: str, document: Any) -> Any:
        done = subprocess.run(
            [node_tool("node"), str(AJV / program)],
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
        command = [
            node_tool("node"),
            str(compiler),
            "--noEmit",
            "--strict",
            "--skipLibCheck",
            "false",
            *files,
        ]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)

    return run
