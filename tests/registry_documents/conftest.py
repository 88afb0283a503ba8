"""The TypeScript compiler, from the packages of tests/ajv."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.node_packages import node_tool


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
